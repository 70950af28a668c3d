//! One source: from pieces of text to objects, whatever is between them.

use super::{
    OBJECTS_MAX, Reader,
    list::{Held, item_kind},
    parse::{Called, YAML_LIMITS},
};
use crate::{
    convert::inventory::Kind,
    fault::{SNAKE_CASE, quote},
    peek::{peek_json, peek_yaml},
    split::{Found, Piece, Stop, Syntax},
    wire,
};

/// What stands for the kind of an object where it could not be read.
pub(super) const OBJECT: &str = "object";
/// Code of a text that is not of its format.
pub(super) const SYNTAX: &str = "syntax";

/// Reading of one source.
pub(super) struct Session<'r> {
    pub(super) reader: &'r mut Reader,
    pub(super) source: &'r str,
    /// It was found in a folder, where files of all kinds lie: documents that are no objects are passed over.
    pub(super) of_folder: bool,
    pub(super) held: Vec<Held>,
    pub(super) held_bytes: usize,
    pub(super) lists_deep: u32,
    /// Objects of this source so far, and of these the items of the list at hand.
    pub(super) objects: u64,
    pub(super) listed: u64,
    /// Documents that were passed over.
    pub(super) passed_over: u64,
    /// What the object at hand says, as a number.
    pub(super) content: u64,
    /// The object at hand shows that it is whole.
    pub(super) shows_end: bool,
    /// Syntax errors leave nothing to trust behind them.
    pub(super) broken: bool,
}

impl<'r> Session<'r> {
    pub fn new(reader: &'r mut Reader, source: &'r str, of_folder: bool) -> Self {
        Self {
            reader,
            source,
            of_folder,
            held: Vec::new(),
            held_bytes: 0,
            lists_deep: 0,
            objects: 0,
            listed: 0,
            passed_over: 0,
            content: 0,
            shows_end: false,
            broken: false,
        }
    }

    /// Takes what the splitter found; false to stop.
    pub fn found(&mut self, found: Found<'_>) -> bool {
        match found {
            Found::Object(piece) => {
                self.shows_end = false;
                self.object(&piece);
                if piece.unended && !self.shows_end && self.objects > 0 {
                    self.reader.notes.unended.add(&self.source);
                }
            }
            Found::ListEnd(list) => self.list_end(&list),
        }
        !self.broken
    }

    /// The source is at its end, or cannot be read on. `of_objects`: it begins as objects do.
    pub fn end(mut self, stop: Option<Stop>, of_objects: bool) {
        let no_objects = self.objects == 0 && !of_objects && self.of_folder;
        match stop {
            // Other files may be in forms that look like JSON, as with comments.
            Some(stop) if stop.code == SYNTAX && no_objects => self.passed_over += 1,
            Some(stop) => {
                self.reader.incomplete = true;
                let place = format!("{}:{}:{}", self.source, stop.line, stop.column);
                self.reader.faults.push(&place, stop.code, stop.cause, stop.fix);
            }
            None => self.reader.incomplete |= self.broken,
        }
        let notes = &mut self.reader.notes;
        match (self.passed_over, self.objects) {
            (0, _) => {}
            (_, 0) => notes.skipped.add(&self.source),
            (n, _) => notes.skipped_documents += n,
        }
    }

    pub(super) fn object(&mut self, piece: &Piece<'_>) {
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
        if head.is_snake_case() || piece.head.is_snake_case() {
            self.snake_case(piece);
            return;
        }
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
        self.dispatch(&kind, head.api_version.as_deref().unwrap_or(""), piece, text);
    }

    /// Fields of one source are all written alike, so this is told once.
    fn snake_case(&mut self, piece: &Piece<'_>) {
        self.broken = true;
        let (cause, fix) = SNAKE_CASE;
        self.fault(piece, "snake-case", cause.into(), fix);
    }

    pub(super) fn dispatch(
        &mut self,
        kind: &str,
        api_version: &str,
        piece: &Piece<'_>,
        text: &str,
    ) {
        self.reader.counts.objects += 1;
        self.objects += 1;
        self.listed += u64::from(piece.index.is_some());
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
            "EndpointSlice" if unsaid || group == "discovery.k8s.io" => {
                self.endpoint_slice(piece, text);
            }
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
            "Lease" if unsaid || group == "coordination.k8s.io" => self.lease(piece, text),
            "StorageClass" => self.storage_class(piece, text),
            "PriorityClass" => self.priority_class(piece, text),
            "Table" => {
                let (code, cause) = ("table", "it is a table for people (kind Table)");
                self.fault(piece, code, cause.into(), "print with -o json");
            }
            "Status" if group.is_empty() => self.status(piece, text),
            _ if kind.ends_with("List") => self.list(kind, api_version, piece, text),
            _ if piece.unended && !self.is_named(piece, text) => {}
            _ => self.reader.counts.ignored += 1,
        }
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

    pub(super) fn fault(
        &mut self,
        piece: &Piece<'_>,
        code: &'static str,
        cause: String,
        fix: &str,
    ) {
        let (line, column) = piece.start.line_column();
        let item = piece.index.map(|i| format!(": items[{i}]")).unwrap_or_default();
        let place = format!("{}:{line}:{column}{item}", self.source);
        self.reader.faults.push(&place, code, cause, fix);
    }
}
