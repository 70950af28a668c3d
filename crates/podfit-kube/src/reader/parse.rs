//! The text of one object → a wire struct, or a fault with its place.

use super::{
    objects::Place,
    session::{OBJECT, SYNTAX, Session},
};
use crate::{
    fault::Mark,
    split::{self, Piece, Syntax},
    tree::{self, Tree},
    wire::{Content, Leaf, hash_of},
};
use serde::de::DeserializeOwned;

/// A YAML text is one object, or a list that cannot be cut; aliases count as what they stand for. Its tree is walked
/// by recursion, for which a thread's stack must be large enough.
pub(super) const YAML_LIMITS: tree::Limits =
    tree::Limits { bytes: split::OBJECT_BYTES_MAX, nodes: 400_000, depth: 256 };

/// What an object is called, whatever else is in it.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Headed {
    metadata: Called,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Called {
    pub name: Leaf,
    pub namespace: Leaf,
}

/// Why a piece is not what it should be.
struct Unread {
    code: &'static str,
    line: u64,
    column: u64,
    cause: String,
    fix: &'static str,
}

/// Of a text that ends before it is over.
pub(super) const TRUNCATED: (&str, &str) = ("truncated", "the file is cut off: print it again");
const WRONG_TYPE: (&str, &str) = ("wrong-type", "correct the field");

impl Session<'_> {
    /// An object of a kind that is read; what it says is noted, so that one that comes again is known.
    pub(super) fn parse<T: DeserializeOwned + Content>(
        &mut self,
        piece: &Piece<'_>,
        text: &str,
        kind: &str,
    ) -> Option<T> {
        let object = self.structure(piece, text, kind)?;
        self.content = hash_of(&object);
        Some(object)
    }

    /// Any text, as what it should be.
    pub(super) fn structure<T: DeserializeOwned>(
        &mut self,
        piece: &Piece<'_>,
        text: &str,
        kind: &str,
    ) -> Option<T> {
        let read = match piece.syntax {
            Syntax::Json => json(text).map(|value| (value, End::Shown)),
            Syntax::Yaml => yaml(text, piece.unended.then_some(kind)),
        };
        let Unread { code, line, column, cause, fix } = match read {
            Ok((value, end)) => {
                self.shows_end |= piece.unended && end == End::Shown;
                return Some(value);
            }
            Err(unread) => unread,
        };
        let (first_line, first_column) = piece.start.line_column();
        let column = column + if line <= 1 { first_column - 1 } else { 0 };
        let line = first_line + line.saturating_sub(1);
        let item = piece.index.map(|i| format!(": items[{i}]")).unwrap_or_default();
        let place = format!("{}:{line}:{column}{item} ({kind})", self.source);
        let mark = self.reader.faults.mark();
        self.reader.faults.push(&place, code, cause, fix);
        // Nothing behind broken JSON can be trusted; YAML is cut by its lines.
        if piece.syntax == Syntax::Json && code == SYNTAX {
            self.broken = true;
            return None;
        }
        // More may be missing than the end of this object.
        if code == TRUNCATED.0 {
            self.reader.incomplete = true;
            return None;
        }
        let named = match piece.syntax {
            Syntax::Json => json::<Headed>(text),
            Syntax::Yaml => yaml::<Headed>(text, None).map(|(headed, _)| headed),
        };
        let called = named.map(|headed| headed.metadata).unwrap_or_default();
        self.unread(mark, piece, (kind != OBJECT).then_some(kind), &called);
        None
    }

    /// Whether a text of any kind names its object, as every object does; one without is reported as broken off.
    pub(super) fn is_named(&mut self, piece: &Piece<'_>, text: &str) -> bool {
        let Some(headed) = self.structure::<Headed>(piece, text, OBJECT) else { return false };
        let named = !headed.metadata.name.is_empty();
        if !named {
            self.reader.incomplete = true;
            let cause = "it breaks off: it has no metadata.name, which every object has";
            self.fault(piece, TRUNCATED.0, cause.into(), TRUNCATED.1);
        }
        named
    }

    /// The faults since `mark` are of an object that could not be read. (Of a list, or of a text that may be one, they
    /// are not: with it everything in it would go.)
    pub(super) fn unread(
        &mut self,
        mark: Mark,
        piece: &Piece<'_>,
        kind: Option<&str>,
        called: &Called,
    ) {
        let may_be_list = match kind {
            Some(kind) => kind.ends_with("List") || kind == "Status",
            None => piece.index.is_none(),
        };
        if may_be_list {
            return;
        }
        let name = called.name.as_str().unwrap_or("");
        let (line, column) = piece.start.line_column();
        let line_column = format!("{}:{line}:{column}", self.source);
        let place = Place {
            // Without a name, the line distinguishes it from others.
            source: if name.is_empty() { &line_column } else { self.source },
            index: piece.index,
            kind: kind.unwrap_or(OBJECT),
            namespace: called.namespace.as_str().filter(|n| !n.is_empty()),
            name,
        };
        self.reader.faulty(mark, &place);
    }
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    serde_json::from_str(text).map_err(|e| {
        let (code, fix) =
            if e.is_data() { WRONG_TYPE } else { (SYNTAX, "mend the JSON, or print it again") };
        let (line, column) = (e.line() as u64, e.column() as u64);
        Unread { code, line, column, cause: json_cause(&e), fix }
    })
}

/// Whether anything shows that a text is whole.
#[derive(PartialEq, Eq)]
enum End {
    Shown,
    Hidden,
}

/// `unended`: the kind of a text behind which the input ends without a mark.
fn yaml<T: DeserializeOwned>(text: &str, unended: Option<&str>) -> Result<(T, End), Unread> {
    let unread = |spot: tree::Spot, cause, (code, fix)| {
        let (line, column) = (spot.line.max(1), spot.column.max(1));
        Unread { code, line, column, cause, fix }
    };
    let tree = tree::yaml(text, YAML_LIMITS).map_err(|e| {
        let fix = match e.code {
            "too-large" => "print JSON: it is read in pieces",
            "several-documents" => "put each --- on a line of its own",
            _ => e.fix,
        };
        unread(e.spot, e.cause, (e.code, fix))
    })?;
    let end = match unended.map_or(Ok(End::Shown), |kind| end_of(&tree, kind)) {
        Ok(end) => end,
        Err(cause) => {
            let line = text.trim_end().lines().count() as u64;
            return Err(unread(tree::Spot { line, column: 1 }, cause.into(), TRUNCATED));
        }
    };
    let json = tree.to_json();
    serde_json::from_str(&json.text).map(|value| (value, end)).map_err(|e| {
        // The lines of the JSON begin with an empty one.
        let spot = json.spots.get(e.line().saturating_sub(2)).copied().unwrap_or_default();
        unread(spot, json_cause(&e), WRONG_TYPE)
    })
}

/// Kinds that the API server prints with a status always, last.
const WITH_STATUS: [&str; 13] = [
    "Pod",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Namespace",
    "ReplicaSet",
    "ReplicationController",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "Service",
    "PodDisruptionBudget",
];

/// Phases of a pod.
const PHASES: [&str; 5] = ["Pending", "Running", "Succeeded", "Failed", "Unknown"];

/// Whether an object shows that it is whole, or why it was cut off for sure: the API server printed it (only it gives a
/// uid), and what it prints last is there or not.
fn end_of(tree: &Tree, kind: &str) -> Result<End, &'static str> {
    let stated = |path: &[&str]| {
        let found = path.iter().try_fold(tree, |tree, key| tree.get(key));
        found.is_some_and(|tree| !tree.is_absent())
    };
    if !WITH_STATUS.contains(&kind) || !stated(&["metadata", "uid"]) {
        return Ok(End::Hidden);
    }
    let phase = tree.get("status").and_then(|status| status.get("phase"));
    let phase = phase.and_then(Tree::as_str).unwrap_or("");
    match kind {
        _ if !stated(&["status"]) => Err("it breaks off: it has a uid and no status"),
        "Pod" if !PHASES.contains(&phase) => {
            Err("it breaks off: its status has no phase, which every pod has")
        }
        "Node" if !stated(&["status", "nodeInfo", "architecture"]) => {
            Err("it breaks off: its status has no nodeInfo, which every node has")
        }
        _ => Ok(End::Shown),
    }
}

/// serde_json's message without the position, which is that in the piece.
fn json_cause(e: &serde_json::Error) -> String {
    let text = e.to_string();
    match text.rfind(" at line ") {
        Some(i) => text[..i].into(),
        None => text,
    }
}
