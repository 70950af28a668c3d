//! Inputs → objects → a cluster.
//!
//! In: any number of sources, one after another; an object is in memory only while it is converted. Out:
//! [`Loaded`], or every fault of every source.

mod kindless;
mod list;
mod notes;
mod objects;
mod parse;
mod session;

use crate::{
    convert::{
        Out, Skipped, amount,
        finish::{Asked, finish},
        inventory::Inventory,
    },
    detect::{DETECT_BYTES, Format, detect},
    fault::{Faults, InputError, LeftOut, Path},
    messages, split,
    wire::Leaf,
};
use notes::Notes;
use podfit::model::{Cluster, ClusterBuilder, ModelError, ResourceId, Sym};
use rustc_hash::{FxHashMap, FxHashSet};
use session::Session;
use std::{io::Read, mem::take};

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Requests to assume for pods that state none, as `("cpu", "100m")`; `cpu` and `memory` only.
    pub assume_request: Vec<(String, String)>,
    /// Workloads with a HorizontalPodAutoscaler have as many replicas as it gives them at most.
    pub autoscaled: bool,
    /// Each CronJob has a Job, as when its time comes.
    pub cron_jobs: bool,
    /// Objects with faults are left out, and those that cannot be read without them: pods on a node that was left
    /// out. Of several objects with one name the first is kept. Faults that are not about single objects refuse the
    /// input as ever.
    pub leave_out_faulty: bool,
}

/// What was read.
#[derive(Debug)]
pub struct Loaded {
    /// The cluster.
    pub cluster: Cluster,
    /// What was left out and what the input uses and podfit does not evaluate, a sentence each.
    pub not_evaluated: Vec<String>,
    /// Every fault of the objects that were left out.
    pub left_out: Vec<InputError>,
    /// What was taken for granted, a sentence each.
    pub assumptions: Vec<String>,
    /// How much was read.
    pub counts: Counts,
}

/// How much was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Objects of any kind.
    pub objects: u64,
    /// Nodes.
    pub nodes: u64,
    /// Pods that hold or want a place.
    pub pods: u64,
    /// Pods left out: Succeeded, Failed, or deleted before they were placed.
    pub pods_ended: u64,
    /// Live pods whose cpu or memory request is not stated.
    pub pods_unrequested: u64,
    /// Objects of kinds that no placement depends on.
    pub ignored: u64,
    /// Persistent volume claims.
    pub claims: u64,
    /// Namespaces.
    pub namespaces: u64,
    /// ReplicaSets, ReplicationControllers, Deployments, StatefulSets, DaemonSets and Jobs.
    pub controllers: u64,
}

/// Most objects that are read; more are an error.
const OBJECTS_MAX: u64 = 5_000_000;

/// Reads sources and makes a cluster of them.
#[derive(Debug)]
pub struct Reader {
    builder: ClusterBuilder,
    faults: Faults,
    inventory: Inventory,
    skipped: Skipped,
    counts: Counts,
    assumed: Vec<(ResourceId, i64)>,
    assumed_text: Vec<String>,
    sources: Vec<String>,
    /// Source and position of each node and pod, by the number given to the builder. A position of
    /// `u32::MAX` is an object that stands alone.
    origins: Vec<(u32, u32)>,
    /// A node or the rest of a source could not be read, so that pods on unknown nodes are no news.
    incomplete: bool,
    autoscaled: bool,
    cron_jobs: bool,
    notes: Notes,
    seen: FxHashMap<objects::Id, objects::Said>,
    leave_out_faulty: bool,
    left_out: LeftOut,
    /// Names of nodes that were left out.
    nodes_left_out: FxHashSet<String>,
}

impl Reader {
    /// A reader that has read nothing. A wrong assumed request is reported by [`finish`](Self::finish).
    pub fn new(options: Options) -> Self {
        let mut reader = Self {
            builder: ClusterBuilder::new(),
            faults: Faults::default(),
            inventory: Inventory::default(),
            skipped: Skipped::default(),
            counts: Counts::default(),
            assumed: Vec::new(),
            assumed_text: Vec::new(),
            sources: Vec::new(),
            origins: Vec::new(),
            incomplete: false,
            autoscaled: options.autoscaled,
            cron_jobs: options.cron_jobs,
            notes: Notes::default(),
            seen: FxHashMap::default(),
            leave_out_faulty: options.leave_out_faulty,
            left_out: LeftOut::default(),
            nodes_left_out: FxHashSet::default(),
        };
        for (name, value) in options.assume_request {
            reader.assume(&name, value);
        }
        reader
    }

    fn assume(&mut self, name: &str, value: String) {
        let root = Path::Root(&"assumed request");
        let path = root.field(name);
        if name != "cpu" && name != "memory" {
            let fix = "assume cpu and memory only";
            self.faults.push(&path, "assumption-invalid", format!("{name} cannot be assumed"), fix);
            return;
        }
        self.assumed_text.push(format!("{name}={value}"));
        if let Some(q) = amount(name, &Leaf::Text(value), &path, &mut self.faults) {
            let id = self.builder.resource(name);
            self.assumed.push((id, q.in_unit_of(id)));
        }
    }

    /// Reads one source (a file, stdin) to its end. What is wrong is kept for [`finish`](Self::finish).
    /// Memory: 64 MiB at most for the object at hand, and what is kept of each (some hundred bytes a pod).
    pub fn read(&mut self, source_name: &str, input: impl Read) {
        self.read_source(source_name, input, false);
    }

    /// Reads one source that was found in a folder: documents in it that are no objects are passed over and counted.
    pub fn read_of_folder(&mut self, source_name: &str, input: impl Read) {
        self.read_source(source_name, input, true);
    }

    fn read_source(&mut self, source_name: &str, mut input: impl Read, of_folder: bool) {
        let mut start = Vec::with_capacity(DETECT_BYTES);
        let first = (&mut input).take(DETECT_BYTES as u64).read_to_end(&mut start);
        if let Err(e) = first {
            let cause = format!("reading failed: {e}");
            self.faults.push(&source_name, "unreadable", cause, "check the file");
            return;
        }
        let format = detect(&start);
        if of_folder && format == Format::Empty {
            self.notes.skipped.add(&source_name);
            return;
        }
        if let Some((code, cause, fix)) = format.refusal() {
            self.faults.push(&source_name, code, cause, fix);
            return;
        }
        let skip = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        self.leave_messages(source_name, &mut start[skip..]);
        let of_objects = [&b"apiVersion"[..], b"\"kind\"", b"kind: "];
        let of_objects = of_objects.iter().any(|key| memchr::memmem::find(&start, key).is_some());
        let mut input = start[skip..].chain(input);
        self.sources.push(source_name.into());
        let mut session = Session::new(self, source_name, of_folder);
        let end = match format {
            Format::KubernetesYaml => split::yaml(&mut input, &mut |found| session.found(found)),
            _ => split::json(&mut input, &mut |found| session.found(found)),
        };
        session.end(end.err(), of_objects);
    }

    /// Makes blanks of messages before the first object, so that the lines behind them keep their numbers.
    fn leave_messages(&mut self, source_name: &str, start: &mut [u8]) {
        let Some((bytes, first)) = messages::before_objects(start) else { return };
        if self.notes.messages.count() == 0 {
            self.notes.first_message = String::from_utf8_lossy(first).into_owned();
        }
        self.notes.messages.add(&source_name);
        start[..bytes].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
    }

    /// Reads one source that is in memory.
    pub fn read_slice(&mut self, source_name: &str, input: &[u8]) {
        self.read(source_name, input);
    }

    /// Links everything and makes the cluster.
    ///
    /// # Errors
    /// Every fault of every source at once, after 1,000 only their number.
    pub fn finish(mut self) -> Result<Loaded, Vec<InputError>> {
        loop {
            self.miss_nodes();
            let (built, assumptions, skipped) = self.link();
            let clean =
                self.faults.is_empty() || (self.leave_out_faulty && self.faults.all_of_objects());
            match built {
                Ok(cluster) if clean => {
                    let mut not_evaluated = skipped.sentences();
                    self.left_out.sentence().into_iter().for_each(|s| not_evaluated.insert(0, s));
                    not_evaluated.extend(self.notes.skipped());
                    let (left_out, counts) = (self.faults.into_list(), self.counts);
                    return Ok(Loaded { cluster, not_evaluated, left_out, assumptions, counts });
                }
                // What is at fault only beside others goes too, and the rest is linked again.
                Err(errors) if clean && self.may_leave_out(&errors) => self.leave_out(errors),
                built => {
                    let mut errors = built.err().unwrap_or_default();
                    errors.retain(|e| !(self.incomplete && e.code == "unknown-node"));
                    errors.into_iter().for_each(|e| self.model_fault(e));
                    return Err(self.faults.into_list());
                }
            }
        }
    }

    fn may_leave_out(&self, errors: &[ModelError]) -> bool {
        self.leave_out_faulty && errors.iter().all(|e| e.origin.is_some())
    }

    /// Reports that there is no node, unless there are faults that say why.
    fn miss_nodes(&mut self) {
        let left_out = self.leave_out_faulty && self.faults.all_of_objects();
        if left_out {
            self.counts.nodes = self.inventory.nodes.len() as u64;
        }
        if self.counts.nodes == 0 {
            self.incomplete = true;
            if left_out || self.faults.is_empty() {
                let fix = crate::kubectl_line();
                let skipped = self.notes.skipped_files().map(|s| format!(" ({s})"));
                let cause = format!("there is no node in the input{}", skipped.unwrap_or_default());
                self.faults.push(&"input", "no-nodes", cause, fix);
            }
        }
    }

    /// Everything as one cluster, with what was taken for granted and what was skipped. Where faulty objects are left
    /// out, what was read is kept: some of it may have to go yet.
    fn link(&mut self) -> (Result<Cluster, Vec<ModelError>>, Vec<String>, Skipped) {
        let (mut builder, inventory, mut skipped) = match self.leave_out_faulty {
            true => (self.builder.clone(), self.inventory.clone(), self.skipped.clone()),
            false => (take(&mut self.builder), take(&mut self.inventory), take(&mut self.skipped)),
        };
        let mut out = Out {
            builder: &mut builder,
            faults: &mut self.faults,
            gaps: Vec::new(),
            skipped: &mut skipped,
        };
        let asked = Asked { assumed: &self.assumed, autoscaled: self.autoscaled };
        let found = finish(inventory, &asked, &mut out);
        let mut assumptions = assumptions(&self.counts, &self.assumed_text);
        assumptions.extend(found);
        assumptions.extend(self.notes.assumptions());
        (builder.build(), assumptions, skipped)
    }

    /// Notes a fault that the model found, and of what object it is.
    fn model_fault(&mut self, e: ModelError) {
        let place = place_of(&self.origins, &self.sources, &e);
        let mark = self.faults.mark();
        self.faults.push(&place, e.code, e.cause, e.fix);
        if e.origin.is_some() {
            self.faults.of_object(mark, &place);
        }
    }

    /// Leaves out the nodes and pods of these faults.
    fn leave_out(&mut self, errors: Vec<ModelError>) {
        let pods = self.inventory.pods.iter();
        let node_of: FxHashMap<u32, Sym> =
            pods.filter_map(|pod| Some((pod.origin, pod.node?))).collect();
        let mut origins = FxHashSet::default();
        for mut e in errors {
            let Some(origin) = e.origin else { continue };
            // `node a` or `pod default/web-1`.
            let (kind, name) = e.subject.split_once(' ').unwrap_or(("", &e.subject));
            let kind = if kind == "node" { "Node" } else { "Pod" };
            if origins.insert(origin) {
                self.left_out.add(&format_args!("{kind} {name}"));
            }
            if kind == "Node" {
                self.nodes_left_out.insert(name.into());
            }
            let node = node_of.get(&origin).map(|&node| self.builder.names().str(node));
            if let Some(node) = node.filter(|node| self.nodes_left_out.contains(*node))
                && e.code == "unknown-node"
            {
                e.code = "node-left-out";
                e.cause = format!("it runs on node {node:?}, which is left out");
                e.fix = "mend the node".into();
            }
            self.model_fault(e);
        }
        self.inventory.leave_out(&origins);
        self.counts.pods = self.inventory.pods.len() as u64;
        let unrequested = self.inventory.pods.iter().filter(|pod| pod.unrequested);
        self.counts.pods_unrequested = unrequested.count() as u64;
    }
}

/// Where the object of a model error was read.
fn place_of(origins: &[(u32, u32)], sources: &[String], e: &ModelError) -> String {
    let Some(&(source, index)) = e.origin.and_then(|origin| origins.get(origin as usize)) else {
        return e.subject.clone();
    };
    let source = &sources[source as usize];
    match index {
        u32::MAX => format!("{source} ({})", e.subject),
        _ => format!("{source}: items[{index}] ({})", e.subject),
    }
}

fn assumptions(counts: &Counts, assumed: &[String]) -> Vec<String> {
    let mut list = Vec::new();
    if counts.pods_unrequested > 0 {
        let (n, all) = (counts.pods_unrequested, counts.pods);
        list.push(match assumed {
            [] => format!("{n} of {all} pods state no cpu or no memory request: they count as 0"),
            _ => format!("{n} of {all} pods lack a request: {} assumed", assumed.join(", ")),
        });
    }
    list
}
