//! One source: from pieces of text to objects, whatever is between them.

use super::{OBJECTS_MAX, Reader, objects::Place};
use crate::{
    convert::inventory::Kind,
    fault::{Mark, quote},
    peek::{peek_json, peek_yaml},
    split::{self, Found, Head, Piece, Start, Syntax},
    tree,
    wire::{self, Leaf},
};
use serde::de::DeserializeOwned;

/// Lists inside lists that are followed.
const LISTS_DEEP_MAX: u32 = 4;
/// Items without a kind that may wait for their list to name it, in bytes.
const HELD_BYTES_MAX: usize = 64 << 20;

/// A YAML text is one object, or a list that cannot be cut; aliases count as what they stand for. Its tree is walked
/// by recursion, for which a thread's stack must be large enough.
const YAML_LIMITS: tree::Limits =
    tree::Limits { bytes: split::OBJECT_BYTES_MAX, nodes: 400_000, depth: 256 };

/// What stands for the kind of an object where it could not be read.
pub(super) const OBJECT: &str = "object";

/// What an object is called, whatever else is in it.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Headed {
    metadata: Called,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Called {
    name: Leaf,
    namespace: Leaf,
}

/// Reading of one source.
pub(super) struct Session<'r> {
    pub(super) reader: &'r mut Reader,
    pub(super) source: &'r str,
    held: Vec<Held>,
    held_bytes: usize,
    lists_deep: u32,
    /// Syntax errors leave nothing to trust behind them.
    broken: bool,
}

/// An item that waits for its list's kind.
struct Held {
    text: Vec<u8>,
    syntax: Syntax,
    line: u64,
    column: u64,
    index: u64,
}

impl<'r> Session<'r> {
    pub fn new(reader: &'r mut Reader, source: &'r str) -> Self {
        Self { reader, source, held: Vec::new(), held_bytes: 0, lists_deep: 0, broken: false }
    }

    /// Takes what the splitter found; false to stop.
    pub fn found(&mut self, found: Found<'_>) -> bool {
        match found {
            Found::Object(piece) => self.object(&piece),
            Found::ListEnd(head) => self.list_end(head),
        }
        !self.broken
    }

    /// The source is at its end: items still held never learnt their kind. (In a source that breaks off
    /// it might have come yet.)
    pub fn end(&mut self, complete: bool) {
        if complete && !self.broken {
            self.list_end(&Head::default());
        }
        self.reader.incomplete |= self.broken;
    }

    fn list_end(&mut self, head: &Head) {
        self.held_bytes = 0;
        for held in std::mem::take(&mut self.held) {
            let start = Start { lines: held.line - 1, column: held.column - 1, before: b"" };
            let piece = Piece {
                text: &held.text,
                syntax: held.syntax,
                start,
                index: Some(held.index),
                head,
            };
            match item_kind(head) {
                Some(_) if !self.broken => self.object(&piece),
                _ => self.no_kind(&piece),
            }
        }
    }

    fn object(&mut self, piece: &Piece<'_>) {
        if self.reader.counts.objects >= OBJECTS_MAX {
            self.broken = true;
            let cause = format!("more than {OBJECTS_MAX} objects");
            self.fault(piece, "too-many-objects", cause, "read fewer namespaces at a time");
            return;
        }
        let Ok(text) = std::str::from_utf8(piece.text) else {
            self.reader.counts.objects += 1;
            let mark = self.reader.faults.mark();
            self.fault(piece, "encoding", "the text is not UTF-8".into(), "write it as UTF-8");
            self.unread(mark, piece, None, &Called::default());
            return;
        };
        let mut head = match piece.syntax {
            Syntax::Json => peek_json(piece.text),
            Syntax::Yaml => peek_yaml(text, YAML_LIMITS),
        };
        if head.kind.is_none() {
            head.kind = item_kind(piece.head).map(str::to_owned);
            head.api_version = head.api_version.or_else(|| piece.head.api_version.clone());
        }
        if head.is_podfit() {
            let fix = "give it as an input of its own";
            let cause = "it is a podfit/v1 document, not a Kubernetes object".into();
            self.fault(piece, "podfit-document", cause, fix);
            return;
        }
        let Some(kind) = head.kind else {
            self.kindless(piece);
            return;
        };
        self.reader.counts.objects += 1;
        self.dispatch(&kind, head.api_version.as_deref().unwrap_or(""), piece, text);
    }

    /// An item without a kind waits for the end of its list, if that may still name one.
    fn kindless(&mut self, piece: &Piece<'_>) {
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

    fn no_kind(&mut self, piece: &Piece<'_>) {
        self.reader.counts.objects += 1;
        // A text that does not even parse is better reported as that.
        if let Ok(text) = std::str::from_utf8(piece.text)
            && self.parse::<serde::de::IgnoredAny>(piece, text, OBJECT).is_some()
        {
            let fix = "give objects as kubectl prints them, with kind and apiVersion";
            let mark = self.reader.faults.mark();
            self.fault(piece, "kind-missing", "an object without kind".into(), fix);
            self.unread(mark, piece, None, &Called::default());
        }
    }

    fn dispatch(&mut self, kind: &str, api_version: &str, piece: &Piece<'_>, text: &str) {
        // Others have kinds of these names too (longhorn.io has Node), so the group decides.
        let group = match api_version.split_once('/') {
            Some((group, _)) => group,
            None => "",
        };
        let unsaid = api_version.is_empty();
        let storage = unsaid || group == "storage.k8s.io";
        let apps = unsaid || group == "apps" || group == "extensions";
        if let Some(known) = crate::collect::kind_of(kind, group) {
            self.reader.inventory.known.insert(known);
        }
        match kind {
            "Pod" if group.is_empty() => self.pod(piece, text),
            "Node" if group.is_empty() => self.node(piece, text),
            "PersistentVolume" if group.is_empty() => self.volume(piece, text),
            "PersistentVolumeClaim" if group.is_empty() => self.claim(piece, text),
            "Namespace" if group.is_empty() => self.namespace(piece, text),
            "ReplicaSet" if apps => self.controller(Kind::ReplicaSet, piece, text),
            "Deployment" if apps => self.controller(Kind::Deployment, piece, text),
            "StatefulSet" if apps => self.controller(Kind::StatefulSet, piece, text),
            "DaemonSet" if apps => self.controller(Kind::DaemonSet, piece, text),
            "Job" if unsaid || group == "batch" => self.controller(Kind::Job, piece, text),
            "ReplicationController" if group.is_empty() => {
                self.replication_controller(piece, text);
            }
            "Service" if group.is_empty() => self.service(piece, text),
            "PodDisruptionBudget" if unsaid || group == "policy" => {
                self.budget(api_version == "policy/v1beta1", piece, text);
            }
            "CronJob" if self.reader.cron_jobs && (unsaid || group == "batch") => {
                self.cron_job(piece, text);
            }
            "HorizontalPodAutoscaler" if unsaid || group == "autoscaling" => {
                self.autoscaler(piece, text);
            }
            "ResourceQuota" if group.is_empty() => self.quota(piece, text),
            "LimitRange" if group.is_empty() => self.limit_range(piece, text),
            "CSIDriver" if storage => self.csi_driver(piece, text),
            "CSIStorageCapacity" if storage => self.storage_capacity(piece, text),
            "DeviceClass" if unsaid || group == "resource.k8s.io" => {
                self.device_class(piece, text);
            }
            "CSINode" if storage => self.csi_node(piece, text),
            "VolumeAttachment" if storage => self.attachment(piece, text),
            "StorageClass" => self.storage_class(piece, text),
            "PriorityClass" => self.priority_class(piece, text),
            "Table" => {
                let (code, cause) = ("table", "it is a table for people (kind Table)");
                self.fault(piece, code, cause.into(), "print with -o json");
            }
            "Status" if group.is_empty() => self.status(piece, text),
            _ if kind.ends_with("List") => self.list(kind, api_version, piece, text),
            _ => self.reader.counts.ignored += 1,
        }
    }

    /// A list that was not cut: nested in another, or YAML in a style that the cutter does not know.
    fn list(&mut self, kind: &str, api_version: &str, piece: &Piece<'_>, text: &str) {
        #[derive(Default, serde::Deserialize)]
        struct Inline {
            items: Option<Vec<serde_json::Value>>,
        }
        if self.lists_deep >= LISTS_DEEP_MAX {
            let fix = "give the objects in one list";
            self.fault(piece, "too-deep", "lists inside lists inside lists".into(), fix);
            return;
        }
        self.lists_deep += 1;
        if piece.syntax == Syntax::Json {
            let text = piece.text;
            let mut item = |found: Found<'_>| match found {
                // The list itself comes back where it has no items (`"items": null`).
                Found::Object(Piece { index: None, .. }) => true,
                found => self.found(found),
            };
            if let Err(stop) = split::json(&mut { text }, &mut item) {
                self.fault(piece, stop.code, stop.cause, stop.fix);
            }
        } else if let Some(list) = self.parse::<Inline>(piece, text, kind) {
            let head = Head { kind: Some(kind.into()), api_version: Some(api_version.into()) };
            for (i, item) in list.items.into_iter().flatten().enumerate() {
                let item = item.to_string();
                let index = Some(i as u64);
                let (text, start) = (item.as_bytes(), piece.start);
                let piece = Piece { text, syntax: Syntax::Json, start, index, head: &head };
                self.object(&piece);
            }
        }
        self.lists_deep -= 1;
    }

    fn status(&mut self, piece: &Piece<'_>, text: &str) {
        if let Some(status) = self.parse::<wire::Status>(piece, text, "Status") {
            let said = status.message.as_str().or(status.reason.as_str()).unwrap_or("");
            let cause = format!("the API server answered with an error: {}", quote(said));
            self.fault(piece, "api-status", cause, "check access rights and ask again");
        }
    }

    /// The number by which the builder knows this object.
    pub(super) fn origin(&mut self, piece: &Piece<'_>) -> u32 {
        let origins = &mut self.reader.origins;
        let index = piece.index.and_then(|i| u32::try_from(i).ok()).unwrap_or(u32::MAX);
        origins.push((self.reader.sources.len() as u32 - 1, index));
        // At most OBJECTS_MAX are counted in.
        origins.len() as u32 - 1
    }

    pub(super) fn parse<T: DeserializeOwned>(
        &mut self,
        piece: &Piece<'_>,
        text: &str,
        kind: &str,
    ) -> Option<T> {
        let read = match piece.syntax {
            Syntax::Json => json(text),
            Syntax::Yaml => yaml(text),
        };
        let Unread { code, line, column, cause, fix } = match read {
            Ok(value) => return Some(value),
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
        let named = match piece.syntax {
            Syntax::Json => json::<Headed>(text),
            Syntax::Yaml => yaml::<Headed>(text),
        };
        let called = named.map(|headed| headed.metadata).unwrap_or_default();
        self.unread(mark, piece, (kind != OBJECT).then_some(kind), &called);
        None
    }

    /// The faults since `mark` are of an object that could not be read. (Of a list, or of a text that may be one, they
    /// are not: with it everything in it would go.)
    fn unread(&mut self, mark: Mark, piece: &Piece<'_>, kind: Option<&str>, called: &Called) {
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

    fn fault(&mut self, piece: &Piece<'_>, code: &'static str, cause: String, fix: &str) {
        let (line, column) = piece.start.line_column();
        let item = piece.index.map(|i| format!(": items[{i}]")).unwrap_or_default();
        let place = format!("{}:{line}:{column}{item}", self.source);
        self.reader.faults.push(&place, code, cause, fix);
    }
}

/// Why a piece is not what it should be.
struct Unread {
    code: &'static str,
    line: u64,
    column: u64,
    cause: String,
    fix: &'static str,
}

const SYNTAX: &str = "syntax";
const WRONG_TYPE: (&str, &str) = ("wrong-type", "correct the field");

fn json<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    serde_json::from_str(text).map_err(|e| {
        let (code, fix) =
            if e.is_data() { WRONG_TYPE } else { (SYNTAX, "mend the JSON, or print it again") };
        let (line, column) = (e.line() as u64, e.column() as u64);
        Unread { code, line, column, cause: json_cause(&e), fix }
    })
}

fn yaml<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
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
    let json = tree.to_json();
    serde_json::from_str(&json.text).map_err(|e| {
        // The lines of the JSON begin with an empty one.
        let spot = json.spots.get(e.line().saturating_sub(2)).copied().unwrap_or_default();
        unread(spot, json_cause(&e), WRONG_TYPE)
    })
}

/// serde_json's message without the position, which is that in the piece.
fn json_cause(e: &serde_json::Error) -> String {
    let text = e.to_string();
    match text.rfind(" at line ") {
        Some(i) => text[..i].into(),
        None => text,
    }
}

/// The kind that a list gives to items without one: `Pod` for `PodList`.
fn item_kind(head: &Head) -> Option<&str> {
    head.kind.as_deref()?.strip_suffix("List").filter(|kind| !kind.is_empty())
}
