//! Edits on the wire → edits of the core: names → ids.

use super::Edit;
use crate::names::{self, PodNames, RequestError};
use podfit::model::{
    Card, Cluster, Controller, DOWN_TAINTS, Draft, Edit as CoreEdit, Effect, ModelError,
    NodeChange, NodeId, OwnerKind, PodId, Protocol, RESOURCES_MAX, ResourceId, TemplateChange,
    Toleration,
};
use podfit::planner::{Options, Planner};
use podfit::solve::{self, Method};
use podfit_kube::Quantity;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Pods that one edit may add, and nodes.
const COPIES_MAX: u32 = 100_000;
/// Edits of one list.
const EDITS_MAX: usize = 10_000;
/// Growth in one step, in percent.
const PERCENT_MAX: u32 = 100_000;

type Faults = Vec<RequestError>;

/// The cluster after `edits`, which are one batch: it is checked and indexed once.
///
/// # Errors
/// Every fault of every edit; one whose names or amounts cannot be read is left out of what the next ones see.
pub(crate) fn edited(cluster: &Cluster, edits: &[Edit]) -> Result<Cluster, Faults> {
    if edits.len() > EDITS_MAX {
        let cause = format!("{} edits are more than {EDITS_MAX}", edits.len());
        let fix = "describe the other cluster as an input";
        return Err(vec![fault("too-many", "edits", cause, fix)]);
    }
    let (mut editor, mut faults) = (Editor::of(cluster, 0), Vec::new());
    for (edit, position) in edits.iter().zip(0..) {
        if *edit == (Edit::PlacePending {}) {
            let placed = editor.build().and_then(|cluster| with_pending_placed(cluster, position));
            editor = match placed {
                Ok(editor) => editor,
                Err(found) => return Err(in_order(faults, found)),
            };
            continue;
        }
        match editor.read(edit) {
            Ok(edits) => editor.apply(&edits, position),
            Err(found) => faults.extend(found.into_iter().map(|fault| (position, fault))),
        }
    }
    match editor.build() {
        Ok(cluster) if faults.is_empty() => Ok(cluster),
        Ok(_) => Err(in_order(faults, Vec::new())),
        Err(found) => Err(in_order(faults, found)),
    }
}

/// A fault with the position of its edit.
type Placed = (u32, RequestError);

/// All faults in the order of the edits.
fn in_order(faults: Vec<Placed>, more: Vec<Placed>) -> Faults {
    let mut all = [faults, more].concat();
    all.sort_by_key(|(position, _)| *position);
    let at = |(position, fault): Placed| {
        let place = match fault.place.as_str() {
            "" => format!("edits[{position}]"),
            place => format!("edits[{position}].{place}"),
        };
        RequestError { place, ..fault }
    };
    all.into_iter().map(at).collect()
}

fn fault(code: &'static str, place: &str, cause: String, fix: &str) -> RequestError {
    RequestError { code, place: place.into(), cause, fix: fix.into() }
}

/// A draft and the names in it.
struct Editor {
    draft: Draft,
    pods: PodNames,
    /// Position of the first edit of the draft.
    start: u32,
}

impl Editor {
    fn of(cluster: &Cluster, start: u32) -> Self {
        Self { draft: Draft::of(cluster), pods: PodNames::of(cluster), start }
    }

    fn apply(&mut self, edits: &[CoreEdit], position: u32) {
        edits.iter().for_each(|edit| self.draft.apply(edit, position));
        self.pods.follow(self.draft.cluster());
    }

    /// The draft as a cluster.
    fn build(self) -> Result<Cluster, Vec<Placed>> {
        let start = self.start;
        let fault = |e: ModelError| {
            let cause = format!("{}: {}", e.subject, e.cause);
            (e.origin.unwrap_or(start), fault(e.code, "", cause, &e.fix))
        };
        let built = self.draft.build();
        built.map(|b| b.cluster).map_err(|errors| errors.into_iter().map(fault).collect())
    }

    fn cluster(&self) -> &Cluster {
        self.draft.cluster()
    }

    /// Pods of one name, which means one pod or one controller.
    fn pods_named(&self, place: &str, name: &str) -> Result<Vec<PodId>, Faults> {
        let is_there = |pod| !self.draft.is_deleted(pod);
        let found = self.pods.one(self.cluster(), &is_there, name);
        found.map_err(|fault| vec![names::at(place, fault)])
    }

    /// Pods of several names, each once; at least one must be named.
    fn named(&self, names: &[String]) -> Result<Vec<PodId>, Faults> {
        if names.is_empty() {
            let cause = "no pod is named".into();
            return Err(vec![fault("no-pods", "pods", cause, "name pods, or a controller")]);
        }
        let (mut pods, mut faults) = (Vec::new(), Vec::new());
        for (i, name) in names.iter().enumerate() {
            match self.pods_named(&format!("pods[{i}]"), name) {
                Ok(found) => pods.extend(found),
                Err(found) => faults.extend(found),
            }
        }
        pods.sort_unstable();
        pods.dedup();
        if faults.is_empty() { Ok(pods) } else { Err(faults) }
    }

    /// Pods by name; none named: all that controllers bring back.
    fn meant(&self, names: &[String]) -> Result<Vec<PodId>, Faults> {
        if !names.is_empty() {
            return self.named(names);
        }
        let pods = self.cluster().pod_ids();
        Ok(pods.filter(|&p| !self.draft.is_deleted(p) && self.is_scalable(p)).collect())
    }

    fn is_scalable(&self, pod: PodId) -> bool {
        let pod = self.cluster().pod(pod);
        let kind = pod.owner.kind;
        !kind.stays_with_node() && kind != OwnerKind::Bare && pod.component.is_none()
    }

    fn node(&self, place: &str, name: &str) -> Result<NodeId, Faults> {
        names::node(self.cluster(), place, name)
    }

    /// The edits by id that `edit` means.
    fn read(&mut self, edit: &Edit) -> Result<Vec<CoreEdit>, Faults> {
        Ok(vec![match edit {
            Edit::MovePod { pod, to } => self.read_move(pod, to)?,
            Edit::DeletePods { pods } => CoreEdit::Delete { pods: self.named(pods)? },
            Edit::Replicas { workload, count } => self.read_replicas(workload, *count)?,
            Edit::ScaleReplicas { percent, pods } => {
                return self.read_scale_replicas(*percent, pods);
            }
            Edit::CopyNode { node, count } => {
                let node = self.node("node", node)?;
                within("count", *count, COPIES_MAX)?;
                CoreEdit::CopyNode { node, count: *count }
            }
            Edit::ScaleRequests { percent, pods } => {
                within("percent", *percent, PERCENT_MAX)?;
                let change = TemplateChange::ScaleRequests(*percent);
                CoreEdit::Template { pods: self.meant(pods)?, change }
            }
            Edit::Cordon { node } => self.read_node(node, |_| Ok(NodeChange::Cordon))?,
            Edit::Uncordon { node } => {
                let taint = self.cluster().names().get(podfit::rules::UNSCHEDULABLE);
                self.read_node(node, |_| Ok(NodeChange::Uncordon { taint }))?
            }
            Edit::ReturnNode { node } => {
                let names = self.cluster().names();
                let taints = DOWN_TAINTS.iter().filter_map(|key| names.get(key)).collect();
                self.read_node(node, |_| Ok(NodeChange::Return { taints }))?
            }
            Edit::LabelNode { node, key, value } => self.read_node(node, |draft| {
                Ok(NodeChange::Label { key: draft.intern(key), value: draft.intern(value) })
            })?,
            Edit::EnlargeNode { node, add, cards } => self.read_node(node, |draft| {
                let mut more = Vec::new();
                for (model, &n) in cards {
                    let model = draft.intern(model);
                    more.extend(std::iter::repeat_n(Card::of(model), n.into()));
                }
                Ok(NodeChange::Enlarge { add: amounts(draft, "add", add)?, cards: more })
            })?,
            Edit::ShareGpus { node, shared } => {
                self.read_node(node, |_| Ok(NodeChange::ShareCards(*shared)))?
            }
            Edit::ResizeNode { node, allocatable } => self.read_node(node, |draft| {
                Ok(NodeChange::Resize(amounts(draft, "allocatable", allocatable)?))
            })?,
            Edit::SetRequests { pods, .. }
            | Edit::SetPriority { pods, .. }
            | Edit::Tolerate { pods, .. }
            | Edit::RaiseSkew { pods, .. }
            | Edit::HonorTaints { pods, .. }
            | Edit::SpreadAnyway { pods, .. }
            | Edit::PreferAffinity { pods, .. }
            | Edit::PreferAntiAffinity { pods, .. }
            | Edit::DropSelector { pods, .. }
            | Edit::AcceptNode { pods, .. }
            | Edit::DropHostPort { pods, .. } => {
                let (pods, change) = names::both(self.named(pods), self.template_change(edit))?;
                CoreEdit::Template { pods, change }
            }
            // The caller's: it needs the cluster as it is by then.
            Edit::PlacePending {} => return Ok(Vec::new()),
        }])
    }

    fn read_move(&self, pod: &str, to: &str) -> Result<CoreEdit, Faults> {
        let (pods, node) = names::both(self.pods_named("pod", pod), self.node("to", to))?;
        match pods[..] {
            [pod] => Ok(CoreEdit::Put { pod, node }),
            _ => {
                let cause = format!("{pod} means {} pods", pods.len());
                Err(vec![fault("too-many", "pod", cause, "name one, as namespace/name")])
            }
        }
    }

    fn read_node(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Draft) -> Result<NodeChange, Faults>,
    ) -> Result<CoreEdit, Faults> {
        let (node, change) = names::both(self.node("node", name), change(&mut self.draft))?;
        Ok(CoreEdit::Node { node, change })
    }

    fn read_replicas(&self, workload: &str, count: u32) -> Result<CoreEdit, Faults> {
        let pods = self.pods_named("workload", workload)?;
        within("count", count, COPIES_MAX)?;
        let mut groups = self.by_controller(&pods);
        match groups.len() {
            1 => Ok(CoreEdit::Replicas { pods: groups.remove(0), count }),
            _ => {
                let cause = format!("{workload} is no single controller of pods that come back");
                Err(vec![fault("not-a-workload", "workload", cause, "name a controller")])
            }
        }
    }

    fn read_scale_replicas(&self, percent: u32, pods: &[String]) -> Result<Vec<CoreEdit>, Faults> {
        within("percent", percent, PERCENT_MAX)?;
        let groups = self.by_controller(&self.meant(pods)?);
        let wanted = |n: usize| (n as u64 * u64::from(percent)).div_ceil(100);
        let all: u64 = groups.iter().map(|g| wanted(g.len())).sum();
        within("percent", u32::try_from(all).unwrap_or(u32::MAX), COPIES_MAX * 10)?;
        let edit = |pods: Vec<PodId>| CoreEdit::Replicas { count: wanted(pods.len()) as u32, pods };
        Ok(groups.into_iter().map(edit).collect())
    }

    /// The scalable pods among `pods`, by their controller, in the order of the input. Pods whose controller has no name
    /// are one group a namespace and kind.
    fn by_controller(&self, pods: &[PodId]) -> Vec<Vec<PodId>> {
        type Key = (Option<Controller>, podfit::model::Sym, OwnerKind);
        let mut at: BTreeMap<Key, usize> = BTreeMap::new();
        let mut groups: Vec<Vec<PodId>> = Vec::new();
        for &pod in pods.iter().filter(|&&p| self.is_scalable(p)) {
            let cluster = self.cluster();
            let controller = cluster.controller(pod);
            let kind = controller.map_or(cluster.pod(pod).owner.kind, |c| c.kind);
            let key = (controller, cluster.shape_of(pod).namespace, kind);
            let group = *at.entry(key).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(pod);
        }
        groups
    }

    fn template_change(&mut self, edit: &Edit) -> Result<TemplateChange, Faults> {
        let draft = &mut self.draft;
        Ok(match edit {
            Edit::SetRequests { requests, .. } => {
                TemplateChange::Requests(amounts(draft, "requests", requests)?)
            }
            Edit::SetPriority { priority, preempts, .. } => {
                TemplateChange::Priority { priority: *priority, preempts: *preempts }
            }
            Edit::Tolerate { key, value, effect, .. } => {
                let effect = Some(self::effect(effect)?);
                let (key, value) = (Some(draft.intern(key)), Some(draft.intern(value)));
                TemplateChange::Tolerate(Toleration { key, value, effect, seconds: None })
            }
            Edit::RaiseSkew { topology_key, max_skew, .. } => {
                let (key, max_skew) = (draft.intern(topology_key), i64::from(*max_skew));
                TemplateChange::RaiseSkew { key, max_skew }
            }
            Edit::HonorTaints { topology_key, .. } => {
                TemplateChange::HonorTaints(draft.intern(topology_key))
            }
            Edit::SpreadAnyway { topology_key, .. } => {
                TemplateChange::SpreadAnyway(draft.intern(topology_key))
            }
            Edit::PreferAffinity { topology_key, .. } => {
                TemplateChange::PreferAffinity(draft.intern(topology_key))
            }
            Edit::PreferAntiAffinity { topology_key, .. } => {
                TemplateChange::PreferAntiAffinity(draft.intern(topology_key))
            }
            Edit::DropSelector { key, value, .. } => {
                TemplateChange::DropSelector { key: draft.intern(key), value: draft.intern(value) }
            }
            Edit::AcceptNode { node, .. } => {
                let node = self.node("node", node)?;
                TemplateChange::AcceptNode(self.cluster().node(node).name)
            }
            Edit::DropHostPort { port, protocol, .. } => {
                TemplateChange::DropPort { port: *port, protocol: self::protocol(protocol)? }
            }
            _ => unreachable!("the other edits change no template"),
        })
    }
}

/// An editor of the cluster where pending pods run where they find room.
fn with_pending_placed(cluster: Cluster, position: u32) -> Result<Editor, Vec<Placed>> {
    let solve = solve::Options { method: Method::Greedy, ..solve::Options::default() };
    let options = Options { solve, seeds: Some(1), time_limit: None };
    let placed = Planner::new(Arc::new(cluster.clone())).place(false, &options);
    let change = placed.map(|p| p.plan.change).map_err(|refused| {
        let fix = "ask a place request: that saves a report of the bug";
        vec![(position, fault("internal", "", refused.to_string(), fix))]
    })?;
    let put = |s: &podfit::model::Step| CoreEdit::Put { pod: s.pod, node: s.node };
    let mut edits: Vec<CoreEdit> = change.steps.iter().map(put).collect();
    // What makes room and gets no new place is being deleted as it is.
    let mut gone: Vec<PodId> = change.removed.iter().map(|r| r.pod).collect();
    gone.retain(|&pod| change.steps.iter().all(|s| s.pod != pod));
    edits.push(CoreEdit::Delete { pods: gone });
    let mut editor = Editor::of(&cluster, position);
    editor.apply(&edits, position);
    Ok(editor)
}

fn within(place: &str, value: u32, most: u32) -> Result<(), Faults> {
    if value <= most {
        return Ok(());
    }
    let cause = format!("it is more than {most}");
    Err(vec![fault("too-many", place, cause, "give less")])
}

fn amounts(
    draft: &mut Draft,
    place: &str,
    quantities: &BTreeMap<String, String>,
) -> Result<Vec<(ResourceId, i64)>, Faults> {
    let (mut amounts, mut faults) = (Vec::new(), Vec::new());
    for (name, text) in quantities {
        let place = format!("{place}.{name}");
        let Some(id) = draft.resource(name) else {
            let cause = format!("more than {RESOURCES_MAX} distinct resource names");
            let fix = "check the names of the extended resources";
            faults.push(fault("too-many-resources", &place, cause, fix));
            continue;
        };
        match Quantity::parse(text) {
            Ok(quantity) => amounts.push((id, quantity.in_unit_of(id))),
            Err(e) => {
                let cause = format!("{text:?}: {e}");
                faults.push(fault("quantity", &place, cause, "write it as 500m, 2 or 1.5Gi"));
            }
        }
    }
    if faults.is_empty() { Ok(amounts) } else { Err(faults) }
}

fn effect(text: &str) -> Result<Effect, Faults> {
    match text {
        "NoSchedule" => Ok(Effect::NoSchedule),
        "NoExecute" => Ok(Effect::NoExecute),
        "PreferNoSchedule" => Ok(Effect::PreferNoSchedule),
        _ => {
            let fix = "write NoSchedule, NoExecute or PreferNoSchedule";
            Err(vec![fault("unknown-effect", "effect", format!("{text:?} is no effect"), fix)])
        }
    }
}

fn protocol(text: &str) -> Result<Protocol, Faults> {
    match text {
        "TCP" => Ok(Protocol::Tcp),
        "UDP" => Ok(Protocol::Udp),
        "SCTP" => Ok(Protocol::Sctp),
        _ => {
            let cause = format!("{text:?} is no protocol");
            Err(vec![fault("unknown-protocol", "protocol", cause, "write TCP, UDP or SCTP")])
        }
    }
}
