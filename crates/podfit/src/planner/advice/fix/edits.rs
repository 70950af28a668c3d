//! A fix as edits that carry it out.

use super::{Fix, FixKind};
use crate::model::{
    Card, Cluster, DOWN_TAINTS, Edit, NodeChange, NodeId, PodId, TemplateChange, Toleration,
};
use crate::rules::UNSCHEDULABLE;

/// What a fix alters, if it moves nobody.
pub(super) enum Alteration {
    Template(TemplateChange),
    Node(NodeChange),
}

impl FixKind {
    /// What it alters, of the pod's template or of `node`; `None` for moves, preemptions and what
    /// no edit does.
    pub(super) fn alteration(&self, cluster: &Cluster, node: NodeId) -> Option<Alteration> {
        use Alteration::{Node, Template};
        Some(match self {
            Self::BringBack => {
                let taints = DOWN_TAINTS.iter().filter_map(|key| cluster.names().get(key));
                Node(NodeChange::Return { taints: taints.collect() })
            }
            // Nobody makes a node start by editing what is there.
            Self::Wait { .. } => return None,
            // The question that names a lost node could not be asked without it.
            Self::DeleteNode { .. } => return None,
            Self::Move { .. }
            | Self::Moves { .. }
            | Self::Preempt { .. }
            | Self::Replace { .. } => {
                return None;
            }
            Self::RaisePriority { to, .. } => {
                Template(TemplateChange::Priority { priority: *to, preempts: true })
            }
            Self::HonorTaints { key } => Template(TemplateChange::HonorTaints(*key)),
            Self::Uncordon => {
                Node(NodeChange::Uncordon { taint: cluster.names().get(UNSCHEDULABLE) })
            }
            Self::LabelNode { key, value } => Node(NodeChange::Label { key: *key, value: *value }),
            Self::EnlargeNode { resource, add } => {
                Node(NodeChange::Enlarge { add: vec![(*resource, *add)], cards: Vec::new() })
            }
            Self::AddCards { model, add } => {
                let cards = vec![Card::of(*model); usize::from(*add)];
                Node(NodeChange::Enlarge { add: Vec::new(), cards })
            }
            Self::LowerRequest { resource, to, .. } | Self::CheckUnit { resource, to, .. } => {
                Template(TemplateChange::Requests(vec![(*resource, *to)]))
            }
            Self::RaiseSkew { key, to, .. } => {
                Template(TemplateChange::RaiseSkew { key: *key, max_skew: *to })
            }
            Self::SpreadAnyway { key } => Template(TemplateChange::SpreadAnyway(*key)),
            Self::Tolerate { taint } => Template(TemplateChange::Tolerate(Toleration {
                key: Some(taint.key),
                value: Some(taint.value),
                effect: Some(taint.effect),
                seconds: None,
            })),
            Self::OtherPort { port } => {
                Template(TemplateChange::DropPort { port: port.port, protocol: port.protocol })
            }
            Self::PreferAffinity { key } => Template(TemplateChange::PreferAffinity(*key)),
            Self::PreferAntiAffinity { key } => Template(TemplateChange::PreferAntiAffinity(*key)),
            Self::DropSelector { key, value } => {
                Template(TemplateChange::DropSelector { key: *key, value: *value })
            }
            Self::ExtendAffinity | Self::DropNodeName { .. } => {
                Template(TemplateChange::AcceptNode(cluster.node(node).name))
            }
        })
    }
}

impl Fix {
    /// The edits that carry it out for `pods`, which are of one kind. What alters a pod alters its template, so all
    /// pods of its controller.
    ///
    /// # Panics
    /// If the fix or a pod is not of `cluster`.
    pub fn edits(&self, cluster: &Cluster, pods: &[PodId]) -> Vec<Edit> {
        let put = |&(pod, node): &(PodId, NodeId)| Edit::Put { pod, node };
        match (&self.kind, self.kind.alteration(cluster, self.node)) {
            (_, Some(Alteration::Template(change))) => {
                vec![Edit::Template { pods: cluster.with_siblings(pods), change }]
            }
            (_, Some(Alteration::Node(change))) => vec![Edit::Node { node: self.node, change }],
            (FixKind::Move { pod, to }, None) => vec![put(&(*pod, *to))],
            (FixKind::Moves { moves }, None) => moves.iter().map(put).collect(),
            (FixKind::Preempt { victim: pod, .. } | FixKind::Replace { old: pod }, None) => {
                vec![Edit::Delete { pods: vec![*pod] }]
            }
            (_, None) => Vec::new(),
        }
    }
}
