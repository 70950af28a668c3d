use super::{
    DEPTH_MAX, Found, Head, List, OBJECT_BYTES_MAX, Piece, Rest, Sink, Start, Stop, Syntax, Text,
    between,
};
use std::io::{BufRead, BufReader, Read};

/// Cuts YAML by its lines: documents at `---`, and the elements of a block list at the left margin or under
/// a top-level `items:`. Both cuts are safe: a `---` at the margin always ends a document, and nothing inside
/// an element may start as far left as its dash. A list in any other style is one piece.
///
/// A document is seen to end by `---` or `...`, or because it stands in brackets.
pub(crate) fn yaml(input: &mut dyn Read, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut input = BufReader::with_capacity(256 << 10, input);
    let mut doc = Document::default();
    let mut line = Vec::new();
    let (mut number, mut documents) = (0u64, 0u64);
    loop {
        line.clear();
        number += 1;
        let got =
            (&mut input).take(OBJECT_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line).map_err(
                |e| stop("unreadable", number, format!("reading failed: {e}"), "check the file"),
            )?;
        let text = content(&line);
        let marker = text.starts_with(b"---") && matches!(text.get(3), None | Some(b' ' | b'\t'));
        if let Some((code, cause, fix)) = between(text) {
            return Err(stop(code, number, cause.into(), fix));
        }
        if got == 0 || marker || text == b"..." {
            if !doc.finish(sink, got == 0) || got == 0 {
                return Ok(());
            }
            doc = Document::default();
            documents += 1;
            if documents > DOCUMENTS_MAX {
                let cause = format!("more than {DOCUMENTS_MAX} documents");
                return Err(stop(
                    "too-many-objects",
                    number,
                    cause,
                    "check the command that wrote it",
                ));
            }
            // What follows on the marker's line belongs to the document; the marker becomes blanks.
            if marker {
                line[..3].fill(b' ');
                if content(&line).iter().all(|b| b.is_ascii_whitespace()) {
                    continue;
                }
            } else {
                continue;
            }
        }
        if !doc.line(&line, number, sink)? {
            return Ok(());
        }
    }
}

/// Most documents of one input; each holds an object, or nothing.
const DOCUMENTS_MAX: u64 = 5_000_000;

fn stop(code: &'static str, line: u64, cause: String, fix: &'static str) -> Stop {
    Stop { code, line, column: 1, cause, fix }
}

/// The line without its end.
fn content(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// One document as far as it was read.
#[derive(Default)]
struct Document {
    /// Everything before the items, or the whole.
    before: Vec<u8>,
    before_line: u64,
    /// Everything behind the items.
    behind: Vec<u8>,
    behind_line: u64,
    /// It stands in brackets.
    in_brackets: bool,
    /// The element being read, its dash made a blank, and the line it starts on.
    item: Vec<u8>,
    item_line: u64,
    index: u64,
    state: State,
    head: Head,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// Nothing but blanks and comments yet.
    #[default]
    Empty,
    /// In the outermost map.
    Outside,
    /// After a bare `items:`.
    ItemsNext,
    /// In a list whose dashes are in this column.
    Items(usize),
}

impl Document {
    fn line(&mut self, line: &[u8], number: u64, sink: &mut Sink<'_>) -> Result<bool, Stop> {
        let text = content(line);
        let indent = text.iter().take_while(|&&b| b == b' ').count();
        let rest = &text[indent..];
        let blank = rest.is_empty() || rest[0] == b'#' || (indent == 0 && rest[0] == b'%');
        let dash = rest.first() == Some(&b'-') && matches!(rest.get(1), None | Some(b' '));
        if indent > DEPTH_MAX * 2 && !blank {
            let cause = format!("indented more than {} columns", DEPTH_MAX * 2);
            let fix = "Kubernetes objects are not: check the input";
            return Err(stop("too-deep", number, cause, fix));
        }
        match self.state {
            State::Empty | State::ItemsNext
                if dash && (indent == 0 || self.state != State::Empty) =>
            {
                self.state = State::Items(indent);
                self.begin_item(line, indent, number);
                return Ok(true);
            }
            State::Empty if !blank => {
                self.state = State::Outside;
                self.in_brackets = matches!(rest[0], b'{' | b'[');
            }
            State::ItemsNext if !blank => self.state = State::Outside,
            State::Items(column) if !blank && indent <= column => {
                if !self.end_item(sink, false) {
                    return Ok(false);
                }
                if dash && indent == column {
                    self.begin_item(line, indent, number);
                    return Ok(true);
                }
                self.state = State::Outside;
            }
            State::Items(_) => {
                self.item.extend_from_slice(line);
                return self.check_size(number);
            }
            _ => {}
        }
        if self.state == State::Outside && indent == 0 {
            if let Some(value) = text.strip_prefix(b"items:") {
                let value = value.trim_ascii();
                if value.is_empty() || value[0] == b'#' {
                    self.state = State::ItemsNext;
                }
            }
            note_head(&mut self.head, text);
        }
        let (part, first) = match self.index {
            0 => (&mut self.before, &mut self.before_line),
            _ => (&mut self.behind, &mut self.behind_line),
        };
        if part.is_empty() {
            *first = number;
        }
        part.extend_from_slice(line);
        self.check_size(number)
    }

    fn check_size(&self, number: u64) -> Result<bool, Stop> {
        let largest = self.before.len().max(self.behind.len()).max(self.item.len());
        if largest > OBJECT_BYTES_MAX {
            let cause = "one object is larger than 64 MiB".into();
            return Err(stop(
                "object-too-large",
                number,
                cause,
                "print JSON: it is read in pieces",
            ));
        }
        Ok(true)
    }

    fn begin_item(&mut self, line: &[u8], dash: usize, number: u64) {
        self.item.clear();
        self.item.extend_from_slice(line);
        self.item[dash] = b' ';
        self.item_line = number;
    }

    fn end_item(&mut self, sink: &mut Sink<'_>, unended: bool) -> bool {
        let index = Some(self.index);
        self.index += 1;
        let start = Start { lines: self.item_line - 1, column: 0, before: b"" };
        let (text, head) = (&self.item, &self.head);
        sink(Found::Object(Piece { text, syntax: Syntax::Yaml, start, index, head, unended }))
    }

    /// `at_end`: the input is over, and no marker ended the document.
    fn finish(&mut self, sink: &mut Sink<'_>, at_end: bool) -> bool {
        match self.state {
            State::Empty => true,
            State::Items(_) => self.end_item(sink, at_end) && self.end_list(sink),
            State::Outside | State::ItemsNext if self.index > 0 => self.end_list(sink),
            State::Outside | State::ItemsNext => {
                let start = Start { lines: self.before_line - 1, column: 0, before: b"" };
                let head = Head::default();
                sink(Found::Object(Piece {
                    text: &self.before,
                    syntax: Syntax::Yaml,
                    start,
                    index: None,
                    head: &head,
                    unended: at_end && !self.in_brackets,
                }))
            }
        }
    }

    fn end_list(&self, sink: &mut Sink<'_>) -> bool {
        let before = Text { text: &self.before, line: self.before_line.max(1) };
        let behind = Text { text: &self.behind, line: self.behind_line };
        let (end, line) = match behind.text.is_empty() {
            true => (self.item.as_slice(), self.item_line),
            false => (behind.text, behind.line),
        };
        let last = line + memchr::memchr_iter(b'\n', end.trim_ascii_end()).count() as u64;
        sink(Found::ListEnd(List { head: &self.head, rest: Rest::Lines { before, behind, last } }))
    }
}

/// Takes `kind` and `apiVersion` from a line at the margin.
fn note_head(head: &mut Head, text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let value = |rest: &str| Some(rest.trim().trim_matches(['"', '\'']).to_string());
    if let Some(rest) = text.strip_prefix("kind:") {
        head.kind = value(rest);
    } else if let Some(rest) = text.strip_prefix("apiVersion:") {
        head.api_version = value(rest);
    }
}
