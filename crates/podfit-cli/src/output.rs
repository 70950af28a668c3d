//! The terminal: answers to standard output, everything else to standard error.

use crate::args::{Color, Output};
use podfit_api::Envelope;
use podfit_api::render::{self, RenderOptions};
use std::io::{IsTerminal, Write};

/// Columns where the output is no terminal.
const WIDTH_DEFAULT: usize = 120;

/// The text of an answer.
///
/// # Errors
/// If there is no such column to sort by.
pub fn render(envelope: &Envelope, out: &Output) -> Result<String, String> {
    let options = RenderOptions {
        format: out.output,
        width: width(),
        color: match out.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
            }
        },
        ascii: !is_utf8(),
        sort_by: out.sort_by.clone(),
    };
    render::render(envelope, &options).map_err(|e| e.to_string())
}

/// COLUMNS if set, else the terminal's own word.
fn width() -> usize {
    let given = std::env::var("COLUMNS").ok().and_then(|c| c.trim().parse().ok());
    let asked =
        || terminal_size::terminal_size_of(std::io::stdout()).map(|(w, _)| usize::from(w.0));
    given.or_else(asked).unwrap_or(WIDTH_DEFAULT)
}

/// Whether the locale says that characters beyond ASCII can be shown. Without a locale they can, as on
/// Windows; `C` and `POSIX` say no.
fn is_utf8() -> bool {
    let set = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
    let Some(locale) = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")) else {
        return true;
    };
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// Writes an answer; whether that worked. That the reader went away (`| head`) is no error.
pub fn print(text: &str) -> bool {
    let mut out = std::io::stdout().lock();
    if let Err(e) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && e.kind() != std::io::ErrorKind::BrokenPipe
    {
        complain(&[format!("standard output: {e}")]);
        return false;
    }
    true
}

/// Prints what is wrong, a line each.
pub fn complain(lines: &[String]) {
    remark("error", lines);
}

/// Prints what goes beside the answer, a line each, after a word that says what it is.
pub fn remark(what: &str, lines: &[impl AsRef<str>]) {
    let mut err = anstream::stderr().lock();
    for line in lines {
        // There is nowhere else to say that this failed.
        let _ = writeln!(err, "{what}: {}", plain(line.as_ref()));
    }
    let _ = err.flush();
}

/// Whether standard error is a terminal, so that progress may be drawn.
pub fn may_draw() -> bool {
    std::io::stderr().is_terminal()
}

/// Names from the input must not steer the terminal.
fn plain(text: &str) -> String {
    let keep = |c: char| c == '\n' || !c.is_control();
    text.chars()
        .map(|c| if keep(c) { c.to_string() } else { c.escape_unicode().to_string() })
        .collect()
}
