//! Lists: the kind that they give to their items, and whether they are whole.

use super::{
    kindless::{Told, tell},
    parse::{Called, TRUNCATED, YAML_LIMITS},
    session::{OBJECT, Session},
};
use crate::{
    fault::quote,
    split::{self, Found, Head, List, Piece, Rest, Start, Syntax, Text},
    tree::{self, Tree},
};
use serde::{Deserialize, de::IgnoredAny};

/// Lists inside lists that are followed.
const LISTS_DEEP_MAX: u32 = 4;
/// Items without a kind that may wait for their list to name it, in bytes.
const HELD_BYTES_MAX: usize = 64 << 20;

/// An item that waits for its list's kind.
pub(super) struct Held {
    text: Vec<u8>,
    syntax: Syntax,
    line: u64,
    column: u64,
    index: u64,
}

/// A list in one piece.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Outline {
    items: Items,
    #[serde(rename = "Items", alias = "ITEMS")]
    capital: Option<IgnoredAny>,
    metadata: Option<Called>,
}

/// What stands where the items of a list should.
#[derive(Default)]
enum Items {
    #[default]
    Absent,
    /// `null`, as Go writes a list that was never made.
    Null,
    List(Vec<serde_json::Value>),
    /// Anything else, by its type.
    Other(&'static str),
}

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde_json::Value;
        Ok(match Value::deserialize(d)? {
            Value::Null => Self::Null,
            Value::Array(items) => Self::List(items),
            Value::Object(_) => Self::Other("a map"),
            Value::String(_) => Self::Other("text"),
            Value::Number(_) | Value::Bool(_) => Self::Other("a single value"),
        })
    }
}

/// What is wrong with what is not items, and where: line, column, code, cause and fix.
type Fault = (u64, u64, &'static str, String, String);

impl Session<'_> {
    /// An item without a kind waits for the end of its list, if that may still name one.
    pub(super) fn kindless(&mut self, piece: &Piece<'_>) {
        let fits = self.held_bytes + piece.text.len() <= HELD_BYTES_MAX;
        match piece.index {
            Some(index) if piece.head.kind.is_none() && fits => {
                let (line, column) = piece.start.line_column();
                self.held_bytes += piece.text.len();
                let text = piece.text.to_vec();
                self.held.push(Held { text, syntax: piece.syntax, line, column, index });
            }
            _ => self.no_kind(piece),
        }
    }

    /// Items that wait get the kind that the list has given, or are told otherwise.
    pub(super) fn release(&mut self, head: &Head) {
        self.held_bytes = 0;
        for held in std::mem::take(&mut self.held) {
            let Held { ref text, syntax, line, column, index } = held;
            let start = Start { lines: line - 1, column: column - 1, before: b"" };
            let index = Some(index);
            let piece = Piece { text, syntax, start, index, head, unended: false };
            match item_kind(head) {
                Some(_) if !self.broken => self.object(&piece),
                _ => self.no_kind(&piece),
            }
        }
    }

    /// The items of a list have been handed out: what else it says is judged, and those that wait get its kind.
    pub(super) fn list_end(&mut self, list: &List<'_>) {
        let listed = std::mem::take(&mut self.listed);
        let mut head = list.head.clone();
        let judged = match list.rest {
            Rest::Closed => Ok(()),
            Rest::Lines { before, behind, last } => judge(before, behind, last, &mut head),
        };
        match judged {
            Ok(()) => self.release(&head),
            // Without any object in it, it may be a list of anything.
            Err(_) if self.of_folder && listed == 0 && head == Head::default() => {
                self.held.clear();
                self.passed_over += 1;
            }
            Err((line, column, code, cause, fix)) => {
                self.held.clear();
                self.held_bytes = 0;
                self.reader.incomplete = true;
                let place = format!("{}:{line}:{column}", self.source);
                self.reader.faults.push(&place, code, cause, fix);
            }
        }
    }

    /// A list that was not cut: nested in another, without items, or YAML in a style that the cutter does not know.
    pub(super) fn list(&mut self, kind: &str, api_version: &str, piece: &Piece<'_>, text: &str) {
        if self.lists_deep >= LISTS_DEEP_MAX {
            let fix = "give the objects in one list";
            self.fault(piece, "too-deep", "lists inside lists inside lists".into(), fix);
            return;
        }
        self.lists_deep += 1;
        if piece.syntax == Syntax::Json && piece.index.is_some() {
            self.nested(kind, piece, text);
        } else if let Some(list) = self.structure::<Outline>(piece, text, kind)
            && let Some(items) = self.items_of(list, kind, piece)
        {
            let head = Head {
                kind: Some(kind.into()),
                api_version: Some(api_version.into()),
                snake_case: false,
            };
            for (i, item) in items.into_iter().enumerate() {
                let item = item.to_string();
                let (text, start, index) = (item.as_bytes(), piece.start, Some(i as u64));
                let syntax = Syntax::Json;
                self.object(&Piece { text, syntax, start, index, head: &head, unended: false });
            }
        }
        self.lists_deep -= 1;
    }

    /// A list of JSON inside another.
    fn nested(&mut self, kind: &str, piece: &Piece<'_>, text: &str) {
        let mut whole = false;
        let mut item = |found: Found<'_>| match found {
            // The list itself comes back where it has no items.
            Found::Object(Piece { index: None, .. }) => {
                whole = true;
                true
            }
            found => self.found(found),
        };
        if let Err(stop) = split::json(&mut { piece.text }, &mut item) {
            self.fault(piece, stop.code, stop.cause, stop.fix);
        } else if whole && let Some(list) = self.structure::<Outline>(piece, text, kind) {
            self.items_of(list, kind, piece);
        }
    }

    /// The items of a list in one piece; `None` where it has none, which is reported unless it is no list at all.
    fn items_of(
        &mut self,
        list: Outline,
        kind: &str,
        piece: &Piece<'_>,
    ) -> Option<Vec<serde_json::Value>> {
        let (code, cause) = match list.items {
            Items::List(items) => return Some(items),
            // (YAML may be cut off behind `items:`.)
            Items::Null if !piece.unended => return Some(Vec::new()),
            Items::Null => (TRUNCATED.0, "it breaks off: nothing stands behind items:".into()),
            Items::Other(what) => ("list-items", format!("items of {kind} is {what}, not a list")),
            Items::Absent if list.capital.is_some() => (
                "list-items",
                format!("{kind} has no items, but Items: names of fields begin small"),
            ),
            // Custom kinds may end in List too; their objects have names, lists have none.
            Items::Absent if list.metadata.is_some_and(|m| !m.name.is_empty()) => return None,
            Items::Absent => ("list-items", format!("{kind} has no items")),
        };
        let fix = match code == TRUNCATED.0 {
            true => TRUNCATED.1,
            false => "give the list as kubectl prints it: items: [ … ]",
        };
        self.reader.incomplete = true;
        self.fault(piece, code, cause, fix);
        None
    }

    /// A text without a kind, and no list to name one: it is told otherwise, passed over in a folder, or a fault.
    fn no_kind(&mut self, piece: &Piece<'_>) {
        let Ok(text) = std::str::from_utf8(piece.text) else { return };
        let like_object = match tell(piece.syntax, text, self.source) {
            Told::Object(kind, api_version) => {
                *self.reader.notes.told.entry(kind.into()).or_default() += 1;
                self.dispatch(kind, api_version, piece, text);
                return;
            }
            Told::Unknown(resource) => {
                self.dispatch(&resource, UNKNOWN, piece, text);
                return;
            }
            Told::List if piece.syntax == Syntax::Yaml => {
                self.reader.incomplete = true;
                let cause = "it breaks off: a list without its kind";
                self.fault(piece, TRUNCATED.0, cause.into(), TRUNCATED.1);
                return;
            }
            Told::List => {
                let cause = "items of a list without kind is no list";
                self.fault(piece, "list-items", cause.into(), "give the list as kubectl prints it");
                return;
            }
            Told::Other { like_object } | Told::Unread { like_object } => like_object,
        };
        if self.of_folder && !like_object {
            self.passed_over += 1;
            return;
        }
        self.reader.counts.objects += 1;
        self.objects += 1;
        // A text that does not even parse is better reported as that.
        if self.structure::<IgnoredAny>(piece, text, OBJECT).is_some() {
            let fix = "give objects as kubectl prints them, with kind and apiVersion";
            let mark = self.reader.faults.mark();
            self.fault(piece, "kind-missing", "an object without kind".into(), fix);
            self.unread(mark, piece, None, &Called::default());
        }
    }
}

/// What a list in YAML says beside its items: its kind, or nothing, as one at the margin.
fn judge(before: Text<'_>, behind: Text<'_>, last: u64, head: &mut Head) -> Result<(), Fault> {
    let text = [before.text, behind.text].concat();
    let says = |line: &[u8]| !matches!(line.trim_ascii_start().first(), None | Some(b'#' | b'%'));
    if !text.split(|&b| b == b'\n').any(says) {
        return Ok(());
    }
    let lines_before = memchr::memchr_iter(b'\n', before.text).count() as u64;
    let line_of = |line: u64| match line > lines_before && !behind.text.is_empty() {
        true => behind.line + line - lines_before - 1,
        false => before.line + line.max(1) - 1,
    };
    let Ok(text) = std::str::from_utf8(&text) else {
        let cause = "the text is not UTF-8".into();
        return Err((last, 1, "encoding", cause, "write it as UTF-8".into()));
    };
    let rest = tree::yaml(text, YAML_LIMITS)
        .map_err(|e| (line_of(e.spot.line), e.spot.column.max(1), e.code, e.cause, e.fix.into()))?;
    head.kind = rest.get("kind").and_then(Tree::as_str).map(str::to_owned);
    let cause = match &head.kind {
        Some(kind) if kind.ends_with("List") => return Ok(()),
        Some(kind) => {
            let kind = quote(kind);
            format!("it has items and its kind is {kind}, which is no list: it may break off there")
        }
        None => {
            "it breaks off: a list without its kind, which kubectl prints behind the items".into()
        }
    };
    Err((last, 1, TRUNCATED.0, cause, TRUNCATED.1.into()))
}

/// A group of no kind that is read.
const UNKNOWN: &str = "unknown/v1";

/// The kind that a list gives to items without one: `Pod` for `PodList`.
pub(super) fn item_kind(head: &Head) -> Option<&str> {
    head.kind.as_deref()?.strip_suffix("List").filter(|kind| !kind.is_empty())
}
