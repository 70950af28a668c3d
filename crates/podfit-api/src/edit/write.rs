//! Edits of the core → edits on the wire: ids → names that mean just what the ids mean.

use super::Edit;
use crate::names::controller_name;
use podfit::model::{
    Cluster, Controller, Draft, Edit as CoreEdit, Effect, NodeChange, NodeId, PodId, Protocol,
    ResourceId, TemplateChange,
};
use std::collections::{BTreeMap, BTreeSet};

/// The edits as they are written for `cluster`, each for the state that those before it leave.
///
/// # Panics
/// If an edit is not of `cluster`.
pub(crate) fn written(cluster: &Cluster, edits: &[CoreEdit]) -> Vec<Edit> {
    if let [edit] = edits {
        return vec![State::Cluster(cluster).written(edit)];
    }
    let mut draft = Draft::of(cluster);
    let mut written = Vec::new();
    for edit in edits {
        written.push(State::Draft(&draft).written(edit));
        draft.apply(edit, 0);
    }
    written
}

/// What an edit is written for.
#[derive(Clone, Copy)]
enum State<'a> {
    Cluster(&'a Cluster),
    Draft(&'a Draft),
}

impl<'a> State<'a> {
    fn cluster(self) -> &'a Cluster {
        match self {
            Self::Cluster(cluster) => cluster,
            Self::Draft(draft) => draft.cluster(),
        }
    }

    /// The pods of a controller that are there.
    fn pods_of(self, controller: Controller) -> Vec<PodId> {
        match self {
            Self::Cluster(cluster) => cluster.pods_of(controller).to_vec(),
            Self::Draft(draft) => {
                let cluster = draft.cluster();
                let is_of =
                    |&p: &PodId| !draft.is_deleted(p) && cluster.controller(p) == Some(controller);
                cluster.pod_ids().filter(is_of).collect()
            }
        }
    }

    /// Names that mean these pods: those of controllers of which they are all, and of other pods their own.
    fn pods(self, pods: &[PodId]) -> Vec<String> {
        let cluster = self.cluster();
        let meant: BTreeSet<PodId> = pods.iter().copied().collect();
        let controllers: BTreeSet<Controller> =
            pods.iter().filter_map(|&p| cluster.controller(p)).collect();
        let whole: BTreeSet<Controller> = controllers
            .into_iter()
            .filter(|&c| self.pods_of(c).iter().all(|p| meant.contains(p)))
            .collect();
        let mut names: Vec<String> = whole.iter().map(|&c| controller_name(cluster, c)).collect();
        names.sort_unstable();
        let is_alone = |p: &&PodId| cluster.controller(**p).is_none_or(|c| !whole.contains(&c));
        names.extend(meant.iter().filter(is_alone).map(|&p| cluster.pod_name(p)));
        names
    }

    fn node(self, node: NodeId) -> String {
        self.cluster().node_name(node).into()
    }

    fn written(self, edit: &CoreEdit) -> Edit {
        let cluster = self.cluster();
        match edit {
            CoreEdit::Put { pod, node } => {
                Edit::MovePod { pod: cluster.pod_name(*pod), to: self.node(*node) }
            }
            // Each by its own name: others of its controller are not meant, whoever they are by then.
            CoreEdit::Delete { pods } => {
                Edit::DeletePods { pods: pods.iter().map(|&p| cluster.pod_name(p)).collect() }
            }
            CoreEdit::Replicas { pods, count } => {
                let workload = self.pods(pods).into_iter().next().unwrap_or_default();
                Edit::Replicas { workload, count: *count }
            }
            CoreEdit::Template { pods, change } => self.template(self.pods(pods), change),
            CoreEdit::Node { node, change } => self.node_change(self.node(*node), change),
            CoreEdit::CopyNode { node, count } => {
                Edit::CopyNode { node: self.node(*node), count: *count }
            }
        }
    }

    fn template(self, pods: Vec<String>, change: &TemplateChange) -> Edit {
        let s = |sym| self.cluster().str(sym).to_string();
        match change {
            TemplateChange::Requests(requests) => {
                Edit::SetRequests { pods, requests: self.amounts(requests) }
            }
            TemplateChange::ScaleRequests(percent) => {
                Edit::ScaleRequests { percent: *percent, pods }
            }
            TemplateChange::Priority { priority, preempts } => {
                Edit::SetPriority { pods, priority: *priority, preempts: *preempts }
            }
            TemplateChange::Tolerate(t) => Edit::Tolerate {
                pods,
                key: t.key.map(s).unwrap_or_default(),
                value: t.value.map(s).unwrap_or_default(),
                effect: effect(t.effect.unwrap_or(Effect::NoSchedule)).into(),
            },
            TemplateChange::RaiseSkew { key, max_skew } => {
                let max_skew = u32::try_from(*max_skew).unwrap_or(u32::MAX);
                Edit::RaiseSkew { pods, topology_key: s(*key), max_skew }
            }
            TemplateChange::HonorTaints(key) => Edit::HonorTaints { pods, topology_key: s(*key) },
            TemplateChange::SpreadAnyway(key) => Edit::SpreadAnyway { pods, topology_key: s(*key) },
            TemplateChange::PreferAffinity(key) => {
                Edit::PreferAffinity { pods, topology_key: s(*key) }
            }
            TemplateChange::PreferAntiAffinity(key) => {
                Edit::PreferAntiAffinity { pods, topology_key: s(*key) }
            }
            TemplateChange::DropSelector { key, value } => {
                Edit::DropSelector { pods, key: s(*key), value: s(*value) }
            }
            TemplateChange::AcceptNode(name) => Edit::AcceptNode { pods, node: s(*name) },
            TemplateChange::DropPort { port, protocol } => {
                Edit::DropHostPort { pods, port: *port, protocol: protocol_name(*protocol).into() }
            }
        }
    }

    fn node_change(self, node: String, change: &NodeChange) -> Edit {
        let s = |sym| self.cluster().str(sym).to_string();
        match change {
            NodeChange::Cordon => Edit::Cordon { node },
            NodeChange::Uncordon { .. } => Edit::Uncordon { node },
            NodeChange::Return { .. } => Edit::ReturnNode { node },
            NodeChange::Label { key, value } => {
                Edit::LabelNode { node, key: s(*key), value: s(*value) }
            }
            NodeChange::Enlarge { add, cards } => {
                let mut models: BTreeMap<String, u16> = BTreeMap::new();
                cards.iter().for_each(|card| *models.entry(s(card.model)).or_default() += 1);
                Edit::EnlargeNode { node, add: self.amounts(add), cards: models }
            }
            NodeChange::ShareCards(shared) => Edit::ShareGpus { node, shared: *shared },
            NodeChange::Resize(amounts) => {
                Edit::ResizeNode { node, allocatable: self.amounts(amounts) }
            }
        }
    }

    /// Quantities that read back as the same amounts.
    fn amounts(self, amounts: &[(ResourceId, i64)]) -> BTreeMap<String, String> {
        let quantity = |&(resource, amount): &(ResourceId, i64)| {
            let unit = if resource == ResourceId::CPU { "m" } else { "" };
            (self.cluster().resource_name(resource).to_string(), format!("{amount}{unit}"))
        };
        amounts.iter().map(quantity).collect()
    }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::NoSchedule => "NoSchedule",
        Effect::NoExecute => "NoExecute",
        Effect::PreferNoSchedule => "PreferNoSchedule",
    }
}

fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    }
}
