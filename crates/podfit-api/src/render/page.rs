//! A page of text: styles, symbols, wrapping, columns.

use super::RenderOptions;
use anstyle::{AnsiColor, Effects, Style};
use unicode_width::UnicodeWidthStr;

/// Least and greatest columns a page is laid out for.
const WIDTH_RANGE: (usize, usize) = (40, 200);

/// Indent of a last cell that goes on a line of its own.
const INDENT: usize = 4;

/// How a piece of text is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tone {
    #[default]
    Plain,
    Head,
    Good,
    Warn,
    Bad,
    Dim,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Head => Style::new().effects(Effects::BOLD),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Self::Dim => Style::new().effects(Effects::DIMMED),
        }
    }
}

/// Characters to draw with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyphs {
    pub good: &'static str,
    pub bad: &'static str,
    pub warn: &'static str,
    pub open: &'static str,
    pub arrow: &'static str,
    pub times: &'static str,
    pub dot: &'static str,
    pub more: &'static str,
    pub ascii: bool,
}

const UNICODE: Glyphs = Glyphs {
    good: "✓",
    bad: "✗",
    warn: "!",
    open: "?",
    arrow: "→",
    times: "×",
    dot: " · ",
    more: "…",
    ascii: false,
};

const ASCII: Glyphs = Glyphs {
    good: "+",
    bad: "x",
    warn: "!",
    open: "?",
    arrow: "->",
    times: "x",
    dot: ", ",
    more: "...",
    ascii: true,
};

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub text: String,
    pub tone: Tone,
}

impl Cell {
    pub fn new(text: impl AsRef<str>, tone: Tone) -> Self {
        Self { text: clean(text.as_ref()), tone }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Tone::Plain)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text, Tone::Plain)
    }
}

pub(super) struct Page {
    out: String,
    color: bool,
    pub width: usize,
    pub glyphs: Glyphs,
}

impl Page {
    pub fn new(options: &RenderOptions) -> Self {
        Self {
            out: String::new(),
            color: options.color,
            width: options.width.clamp(WIDTH_RANGE.0, WIDTH_RANGE.1),
            glyphs: if options.ascii { ASCII } else { UNICODE },
        }
    }

    pub fn finish(self) -> String {
        if !self.glyphs.ascii {
            return self.out;
        }
        // Sentences of the core bring their own.
        let pairs = [("✓", ASCII.good), ("✗", ASCII.bad), ("→", ASCII.arrow), ("…", ASCII.more)];
        pairs.into_iter().fold(self.out, |text, (from, to)| text.replace(from, to))
    }

    /// Adds clean text in a tone, without a line end.
    pub fn put(&mut self, text: &str, tone: Tone) {
        let text = clean(text);
        if self.color && tone != Tone::Plain {
            let style = tone.style();
            self.out += &format!("{style}{text}{style:#}");
        } else {
            self.out += &text;
        }
    }

    pub fn end(&mut self) {
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        self.out.push('\n');
    }

    pub fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    pub fn line(&mut self, text: &str, tone: Tone) {
        self.put(text, tone);
        self.end();
    }

    /// A line, wrapped; lines after the first are indented.
    pub fn wrapped(&mut self, text: &str, tone: Tone, indent: usize) {
        for (i, line) in wrap(&clean(text), self.width, self.width - indent).iter().enumerate() {
            if i > 0 {
                self.out += &" ".repeat(indent);
            }
            self.line(line, tone);
        }
    }

    /// Left-aligned columns, two spaces apart; the last one wraps, on a line of its own where it has little
    /// room. A cell wider than `cell_max` sends the rest of its row to the next line. Columns without any
    /// text at the end are left out.
    pub fn table(&mut self, head: &[&str], rows: &[Vec<Cell>]) {
        let filled =
            |row: &Vec<Cell>| row.iter().rposition(|c| !c.text.is_empty()).map_or(0, |i| i + 1);
        let columns = rows.iter().map(filled).max().unwrap_or(0);
        if columns == 0 {
            return;
        }
        let head = &head[..head.len().min(columns)];
        let cell_max = (self.width / 2).max(12);
        let head: Vec<Cell> = head.iter().map(|h| Cell::new(h, Tone::Dim)).collect();
        let mut widths = vec![0; columns];
        for row in rows.iter().chain((!head.is_empty()).then_some(&head)) {
            for (width, cell) in widths.iter_mut().zip(row) {
                let cell = cell.text.width();
                *width = (*width).max(if cell > cell_max { 0 } else { cell });
            }
        }
        if !head.is_empty() {
            self.row(&head, &widths);
        }
        rows.iter().for_each(|row| self.row(&row[..row.len().min(columns)], &widths));
    }

    fn row(&mut self, row: &[Cell], widths: &[usize]) {
        let Some((last, cells)) = row.split_last() else { return };
        let (mut column, mut start) = (0, 0);
        for (cell, width) in cells.iter().zip(widths) {
            self.go_to(&mut column, start);
            self.put(&cell.text, cell.tone);
            column += cell.text.width();
            start += width + 2;
        }
        let room = self.width.saturating_sub(start);
        let narrow = room < self.width * 3 / 5 && last.text.width() > room;
        if cells.len() > 1 && !last.text.is_empty() && (column >= start || narrow) {
            self.end();
            (column, start) = (0, INDENT);
        }
        let room = self.width.saturating_sub(start).max(20);
        for line in wrap(&last.text, room, room) {
            if column > start {
                self.end();
                column = 0;
            }
            self.go_to(&mut column, start);
            self.put(&line, last.tone);
            column += line.width() + 1;
        }
        self.end();
    }

    /// Pads to a column, on the next line if it is passed already.
    fn go_to(&mut self, column: &mut usize, start: usize) {
        if *column > 0 && *column >= start {
            self.end();
            *column = 0;
        }
        self.out += &" ".repeat(start - *column);
        *column = start;
    }
}

/// Text without anything that steers a terminal: control and formatting characters are shown escaped.
pub(super) fn clean(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if !text.chars().any(steers) {
        return text.into();
    }
    let escape = |c: char| if steers(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}

/// Breaks at spaces into lines of at most `first`, then `rest` columns; a longer word stays whole.
fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let room = if lines.len() == 1 { first } else { rest };
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.into());
        }
    }
    lines
}

/// Columns that text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// The text with a capital at its beginning.
pub(super) fn sentence_case(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_steers_the_terminal() {
        let bad = "a\u{1b}[31mred\u{7}\r\n\u{9b}2J\u{202e}";
        let text = clean(bad);
        assert!(text.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{text:?}");
        assert!(text.contains("\\u{1b}[31mred"));
        assert_eq!(clean("döner-1"), "döner-1");
    }

    #[test]
    fn wraps_and_aligns_by_columns_not_bytes() {
        let mut page = Page::new(&RenderOptions { width: 40, ..RenderOptions::default() });
        let row = |a: &str, b: &str| vec![Cell::from(a), Cell::from(b)];
        let long = "one two three four five six seven eight nine ten";
        page.table(&["A", "B"], &[row("日本", "x"), row("abc", long)]);
        let text = page.finish();
        assert_eq!(
            text,
            "A     B\n日本  x\nabc   one two three four five six seven\n      eight nine ten\n"
        );
        assert!(text.lines().all(|l| l.width() <= 40));
    }

    #[test]
    fn a_cell_that_is_too_wide_takes_its_own_line() {
        let mut page = Page::new(&RenderOptions { width: 40, ..RenderOptions::default() });
        let wide = "a-name-that-is-very-long-indeed";
        let row = |a: &str, b: &str, c: &str| vec![Cell::from(a), Cell::from(b), Cell::from(c)];
        page.table(&[], &[row("ab", "x", "1"), row(wide, "y", "2"), row("c", wide, "3")]);
        let text = format!("ab  x  1\n{wide}\n    y  2\nc   {wide}\n    3\n");
        assert_eq!(page.finish(), text);
    }
}
