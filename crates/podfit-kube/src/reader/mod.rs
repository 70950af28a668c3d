//! Inputs → objects → a cluster.
//!
//! In: any number of sources, one after another; an object is in memory only while it is converted. Out:
//! [`Loaded`], or every fault of every source.

mod objects;
mod session;

use crate::{
    convert::{Out, Skipped, amount, finish::finish, inventory::Inventory},
    detect::{DETECT_BYTES, Format, detect},
    fault::{Faults, InputError, Path},
    split,
    wire::Leaf,
};
use podfit::model::{Cluster, ClusterBuilder, ModelError, ResourceId};
use session::Session;
use std::io::Read;

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Requests to assume for pods that state none, as `("cpu", "100m")`; `cpu` and `memory` only.
    pub assume_request: Vec<(String, String)>,
}

/// What was read.
#[derive(Debug)]
pub struct Loaded {
    /// The cluster.
    pub cluster: Cluster,
    /// What the input uses and podfit does not evaluate, a sentence each.
    pub not_evaluated: Vec<String>,
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
    /// Objects of kinds that bear on no placement.
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
    pub fn read(&mut self, source_name: &str, mut input: impl Read) {
        let mut start = Vec::with_capacity(DETECT_BYTES);
        let first = (&mut input).take(DETECT_BYTES as u64).read_to_end(&mut start);
        if let Err(e) = first {
            let cause = format!("reading failed: {e}");
            self.faults.push(&source_name, "unreadable", cause, "check the file");
            return;
        }
        let format = detect(&start);
        if let Some((code, cause, fix)) = format.refusal() {
            self.faults.push(&source_name, code, cause, fix);
            return;
        }
        let skip = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut input = start[skip..].chain(input);
        self.sources.push(source_name.into());
        let mut session = Session::new(self, source_name);
        let end = match format {
            Format::KubernetesYaml => split::yaml(&mut input, &mut |found| session.found(found)),
            _ => split::json(&mut input, &mut |found| session.found(found)),
        };
        session.end(end.is_ok());
        if let Err(stop) = end {
            self.incomplete = true;
            let place = format!("{source_name}:{}:{}", stop.line, stop.column);
            self.faults.push(&place, stop.code, stop.cause, stop.fix);
        }
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
        if self.counts.nodes == 0 {
            self.incomplete = true;
            if self.faults.is_empty() {
                let fix =
                    "kubectl get nodes,pods,pv,pvc,sc,pdb,ns,rs,sts,deploy,ds,jobs,svc -A -o json";
                self.faults.push(&"input", "no-nodes", "there is no node in the input", fix);
            }
        }
        let mut out = Out {
            builder: &mut self.builder,
            faults: &mut self.faults,
            gaps: Vec::new(),
            skipped: &mut self.skipped,
        };
        let found = finish(self.inventory, &mut out);
        let mut assumptions = assumptions(&self.counts, &self.assumed_text);
        assumptions.extend(found);
        let not_evaluated = self.skipped.sentences();
        match self.builder.build() {
            Ok(cluster) if self.faults.is_empty() => {
                Ok(Loaded { cluster, not_evaluated, assumptions, counts: self.counts })
            }
            built => {
                let errors = built.err().unwrap_or_default().into_iter();
                for e in errors.filter(|e| !(self.incomplete && e.code == "unknown-node")) {
                    let place = place_of(&self.origins, &self.sources, &e);
                    self.faults.push(&place, e.code, e.cause, e.fix);
                }
                Err(self.faults.into_list())
            }
        }
    }
}

/// Where the object of a model error was read.
fn place_of(origins: &[(u32, u32)], sources: &[String], e: &ModelError) -> String {
    let Some(&(source, index)) = origins.get(e.origin as usize) else {
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
    if counts.pods > 0 {
        list.push("a replacement asks what the running pod asks (its template may differ)".into());
    }
    list
}
