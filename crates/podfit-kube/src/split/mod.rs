//! Cuts an input into single objects, so that a dump of any size is read an object at a time and a fault in
//! one object does not hide those in the next.
//!
//! In: bytes from a reader. Out: [`Found`] pieces, each the text of one object, and the end of each list with
//! the kind that its head states (which may come after the items). Nothing is interpreted here beyond the
//! keys `kind`, `apiVersion` and `items` of the outermost object.
//!
//! JSON shows where it ends. YAML does not: one that was cut off behind a line may read as whole, so pieces say whether
//! anything shows their end.

mod json;
mod yaml;

use crate::messages;

pub(crate) use json::json;
pub(crate) use yaml::yaml;

/// The largest object, in bytes. etcd refuses objects above 1.5 MB; this leaves room for single documents.
pub(crate) const OBJECT_BYTES_MAX: usize = 64 << 20;
/// The deepest nesting. Schemas in custom resource definitions reach some hundred.
pub(crate) const DEPTH_MAX: usize = 1000;

/// How a piece is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Yaml,
}

/// What a list says of its items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub kind: Option<String>,
    pub api_version: Option<String>,
    /// It has a key `api_version`, as clients in Python write it.
    pub snake_case: bool,
}

/// Where a piece starts: computed from the text before it when it is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Start<'a> {
    /// Newlines before `before`.
    pub lines: u64,
    /// Bytes between the last of them and `before`.
    pub column: u64,
    /// What is still in memory of the text before the piece.
    pub before: &'a [u8],
}

impl Start<'_> {
    /// Line and column of the piece's first byte, both from 1.
    pub fn line_column(&self) -> (u64, u64) {
        let lines = self.lines + memchr::memchr_iter(b'\n', self.before).count() as u64;
        let column = match memchr::memrchr(b'\n', self.before) {
            Some(i) => (self.before.len() - i - 1) as u64,
            None => self.column + self.before.len() as u64,
        };
        (lines + 1, column + 1)
    }
}

/// The text of one object.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    pub text: &'a [u8],
    pub syntax: Syntax,
    pub start: Start<'a>,
    /// Position in its list; `None` for an object that stands alone.
    pub index: Option<u64>,
    /// What the list has said so far; empty for an object that stands alone.
    pub head: &'a Head,
    /// The input ends behind it, and nothing shows that this is where the text ended.
    pub unended: bool,
}

/// A list whose items have been handed out.
#[derive(Clone, Copy)]
pub(crate) struct List<'a> {
    pub head: &'a Head,
    pub rest: Rest<'a>,
}

/// What of a list is not its items.
#[derive(Clone, Copy)]
pub(crate) enum Rest<'a> {
    /// JSON: other fields or nothing, and its brackets are closed.
    Closed,
    /// YAML: the text before the items and behind them, and the last line. Nothing has read it yet.
    Lines { before: Text<'a>, behind: Text<'a>, last: u64 },
}

/// Lines, and the number of the first of them.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub text: &'a [u8],
    pub line: u64,
}

/// What cutting yields.
pub(crate) enum Found<'a> {
    Object(Piece<'a>),
    ListEnd(List<'a>),
}

/// Takes what is found; false stops the cutting.
pub(crate) type Sink<'s> = dyn FnMut(Found<'_>) -> bool + 's;

/// Why cutting stopped before the end.
#[derive(Debug)]
pub(crate) struct Stop {
    pub code: &'static str,
    pub line: u64,
    pub column: u64,
    pub cause: String,
    pub fix: &'static str,
}

/// What a line is that stands between objects, where it is known: code, cause and fix. Nothing behind it can be told from
/// objects.
fn between(line: &[u8]) -> Option<(&'static str, &'static str, &'static str)> {
    if line.starts_with(b"==== START logs") || line.starts_with(b"==== END logs") {
        return Some((
            "cluster-info-dump",
            "it is what kubectl cluster-info dump prints: logs stand between the objects",
            "write a folder and give that: kubectl cluster-info dump -A --output-directory=dump \
             (or all that podfit reads, by the command that podfit collect prints)",
        ));
    }
    messages::is_message(line).then_some((
        "kubectl-message",
        "a message of kubectl stands between the objects",
        "keep messages out of the file: kubectl … -o json > dump.json 2> messages.txt",
    ))
}
