//! Nodes of a document, and finding them again by the names that pods use.

use super::{
    super::{form, walk::Field},
    Doc,
};
use podfit::{
    device::HostId,
    model::{Card, Effect, Labels, NodeSpec, NodeTerm, ResourceId, Resources, Shape, Sym, Taint},
};
use podfit_kube::{convert, fault::quote, tree::Node, wire};
use std::collections::HashMap;

/// Pod slots of a node that states none: kubelet's default.
pub(super) const POD_SLOTS: i64 = 110;
/// GPU cards of one node at most.
const CARDS_MAX: i64 = 1024;
const HOSTNAME: &str = "kubernetes.io/hostname";

/// What is kept of the nodes while pods are read.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    list: Vec<Known>,
    by_name: HashMap<String, usize>,
    /// Nodes with default [`POD_SLOTS`].
    pub without_pods: u64,
    /// Whether any node has GPU cards.
    pub any_cards: bool,
    /// Whether host names (`A`, `B`) stand for workers.
    pub on_device: bool,
    /// Names of those that are left out.
    left_out: Vec<String>,
}

#[derive(Debug)]
struct Known {
    sym: Sym,
    name: String,
    labels: Labels,
    taints: Vec<Taint>,
}

impl Nodes {
    fn keep(&mut self, sym: Sym, spec: &NodeSpec) {
        self.any_cards |= !spec.cards.is_empty();
        self.by_name.insert(spec.name.clone(), self.list.len());
        let (labels, taints) = (spec.labels.clone(), spec.taints.clone());
        self.list.push(Known { sym, name: spec.name.clone(), labels, taints });
    }

    /// The node that `name` means: its own name, or a host of the device.
    pub fn find<'n>(&'n self, name: &str) -> Option<&'n str> {
        let found = |name: &str| self.by_name.get(name).map(|&i| self.list[i].name.as_str());
        let worker = || found(HostId::parse(name).filter(|_| self.on_device)?.worker_name());
        found(name).or_else(worker)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|n| n.name.as_str())
    }

    /// The nodes on which a DaemonSet has its pods. A cordon does not keep them off.
    pub fn admitting(&self, shape: &Shape, names: &podfit::model::Names) -> Vec<String> {
        let tolerated = |taint: &Taint| {
            taint.effect == Effect::PreferNoSchedule
                || shape.tolerations.iter().any(|t| t.tolerates(taint))
        };
        let admits = |n: &&Known| {
            shape.node_name.is_none_or(|name| name == n.sym)
                && shape.node_selector.matches(n.sym, &n.labels, names)
                && shape.volumes.iter().all(|v| v.nodes.matches(n.sym, &n.labels, names))
                && n.taints.iter().all(tolerated)
        };
        self.list.iter().filter(admits).map(|n| n.name.clone()).collect()
    }
}

/// A requirement that only the node of this name meets.
pub(super) fn only(node: Sym) -> NodeTerm {
    NodeTerm { labels: Vec::new(), names: vec![(node, true)] }
}

/// Adds nodes that are made already (a device's).
pub(super) fn add(specs: Vec<NodeSpec>, doc: &mut Doc<'_>) {
    for spec in specs {
        let sym = doc.builder.intern(&spec.name);
        doc.nodes.keep(sym, &spec);
        doc.builder.add_node(spec, 0);
    }
}

/// Reads `nodes`.
pub(super) fn read(list: &Field<'_, '_>, doc: &mut Doc<'_>) {
    let (left_out, items): (Vec<_>, Vec<_>) =
        doc.report.list(Some(list)).partition(|item| doc.is_left_out(item));
    doc.nodes.left_out.extend(left_out.iter().filter_map(name_of));
    if items.is_empty() {
        let fix = "list at least one, or describe a device";
        doc.report.fault(list, "no-nodes", "the list of nodes is empty", fix);
    }
    for item in items {
        doc.entry(&item, |doc| node(&item, doc));
    }
}

/// The name that an entry states.
fn name_of(item: &Field<'_, '_>) -> Option<String> {
    let Node::Map(entries) = &item.tree.node else { return None };
    let name = entries.iter().find(|e| e.key == "name")?;
    name.value.as_str().map(str::to_owned)
}

fn node(item: &Field<'_, '_>, doc: &mut Doc<'_>) {
    const KNOWN: [&str; 6] = ["name", "labels", "taints", "unschedulable", "allocatable", "gpus"];
    let fields = doc.report.fields(item, &KNOWN, &[("capacity", "allocatable")]);
    let Some(fields) = fields else { return };
    let name = super::template::name(fields.get("name"), item, doc);
    let (labels, taints) = (fields.get("labels"), fields.get("taints"));
    let labels: Option<wire::Map> = form::read(labels, &form::LABELS, &mut doc.report);
    let taints: Option<Vec<wire::Taint>> = form::read(taints, &form::TAINTS, &mut doc.report);
    let unschedulable = doc.report.flag(fields.get("unschedulable")).unwrap_or(false);
    let allocatable = allocatable(fields.get("allocatable"), item, doc);
    let cards = cards(fields.get("gpus"), doc);
    let ((labels, taints), _) = doc.convert(item.tree, |out| {
        let path = item.path;
        (
            convert::labels(labels.as_ref(), &path.field("labels"), out),
            convert::taints(taints.as_deref(), &path.field("taints"), out),
        )
    });
    // A node without a name is reported; nothing can refer to it.
    let Some(name) = name else { return };
    let (key, sym) = (doc.builder.intern(HOSTNAME), doc.builder.intern(name));
    // The kubelet puts it on every node.
    let labels = Labels::new([(key, sym)].into_iter().chain(labels.iter()));
    let spec = NodeSpec {
        name: name.into(),
        labels,
        taints,
        unschedulable,
        allocatable,
        cards,
        ..NodeSpec::default()
    };
    let origin = doc.origin(item);
    doc.nodes.keep(sym, &spec);
    doc.builder.add_node(spec, origin);
}

fn allocatable(field: Option<Field<'_, '_>>, item: &Field<'_, '_>, doc: &mut Doc<'_>) -> Resources {
    let amounts = field.map(|f| super::template::amounts(&f, doc)).unwrap_or_default();
    let mut allocatable = Resources::new();
    for &(id, amount) in &amounts {
        allocatable.set(id, amount.unwrap_or(0));
    }
    let stated = |id| amounts.iter().any(|&(i, _)| i == id);
    for id in [ResourceId::CPU, ResourceId::MEMORY] {
        if !stated(id) {
            let name = ResourceId::FIXED[id.index()];
            let cause = format!("the node states no allocatable {name}");
            let fix = "write allocatable: {cpu: 8, memory: 32Gi}";
            doc.report.fault(field.as_ref().unwrap_or(item), "allocatable-missing", cause, fix);
        }
    }
    if !stated(ResourceId::PODS) {
        allocatable.set(ResourceId::PODS, POD_SLOTS);
        doc.nodes.without_pods += 1;
    }
    allocatable
}

fn cards(field: Option<Field<'_, '_>>, doc: &mut Doc<'_>) -> Vec<Card> {
    let Some(field) = field else { return Vec::new() };
    let fields = doc.report.fields(&field, &["count", "model"], &[]);
    let Some(fields) = fields else { return Vec::new() };
    let Some(count) = fields.get("count") else {
        let fix = "write gpus: {count: 1, model: T4}";
        doc.report.fault(&field, "value-missing", "gpus has no count", fix);
        return Vec::new();
    };
    let count = doc.report.int(Some(count), 0, CARDS_MAX);
    // A count that could not be read is reported; that pods find no cards then is no news.
    doc.nodes.any_cards |= count.is_none();
    let model = doc.report.text(fields.get("model")).unwrap_or("gpu");
    let model = doc.builder.intern(model);
    vec![Card::of(model); count.unwrap_or(0) as usize]
}

/// The node that a field names, in the field's own words if it is unknown: that is reported.
pub(super) fn reference(field: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<String> {
    let text = doc.report.text(Some(field))?;
    if let Some(found) = doc.nodes.find(text) {
        return Some(found.into());
    }
    if doc.nodes.left_out.iter().any(|name| name == text) {
        let cause = format!("node {} is left out", quote(text));
        doc.report.fault(&field, "node-left-out", cause, "mend the node");
        return None;
    }
    if doc.nodes.list.is_empty() {
        return None; // That there is no node at all is reported once.
    }
    let near = doc.report.nearest(text, doc.nodes.names()).map(str::to_owned);
    let fix = match near {
        Some(near) => format!("did you mean {near}?"),
        None => "name a node of the input".into(),
    };
    let cause = format!("there is no node {}", quote(text));
    doc.report.fault(&field, "unknown-node", cause, fix);
    None
}
