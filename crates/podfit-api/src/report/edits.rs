//! What a report suggests, as edits that carry it out.

use crate::edit::Edit;
use podfit::model::{Cluster, Effect, PodId, Protocol, ResourceId};
use podfit::planner::{Addition, Fix, FixKind, Hint, HintKind, What};

/// A fix for `pods`, which are of one kind. What alters a pod alters its controller's template, so all of its pods.
pub(crate) fn of_fix(cluster: &Cluster, fix: &Fix, pods: &[PodId]) -> Vec<Edit> {
    let s = |sym| cluster.str(sym).to_string();
    let node = || cluster.node_name(fix.node).to_string();
    let pods = || templates(cluster, pods);
    vec![match &fix.kind {
        FixKind::Move { pod, to } => move_pod(cluster, *pod, *to),
        FixKind::Moves { moves } => {
            return moves.iter().map(|&(pod, to)| move_pod(cluster, pod, to)).collect();
        }
        FixKind::Uncordon => Edit::Uncordon { node: node() },
        FixKind::LabelNode { key, value } => {
            Edit::LabelNode { node: node(), key: s(*key), value: s(*value) }
        }
        FixKind::LowerRequest { resource, to, .. } => {
            let requests = [amount(cluster, *resource, *to)].into();
            Edit::SetRequests { pods: pods(), requests }
        }
        FixKind::EnlargeNode { resource, add } => {
            let add = [amount(cluster, *resource, *add)].into();
            Edit::EnlargeNode { node: node(), add, cards: Default::default() }
        }
        FixKind::AddCards { model, add } => {
            let cards = [(s(*model), *add)].into();
            Edit::EnlargeNode { node: node(), add: Default::default(), cards }
        }
        FixKind::RaiseSkew { key, to, .. } => {
            let max_skew = u32::try_from(*to).unwrap_or(u32::MAX);
            Edit::RaiseSkew { pods: pods(), topology_key: s(*key), max_skew }
        }
        FixKind::SpreadAnyway { key } => Edit::SpreadAnyway { pods: pods(), topology_key: s(*key) },
        FixKind::Tolerate { taint } => Edit::Tolerate {
            pods: pods(),
            key: s(taint.key),
            value: s(taint.value),
            effect: match taint.effect {
                Effect::NoSchedule => "NoSchedule",
                Effect::NoExecute => "NoExecute",
                Effect::PreferNoSchedule => "PreferNoSchedule",
            }
            .into(),
        },
        FixKind::OtherPort { port } => Edit::DropHostPort {
            pods: pods(),
            port: port.port,
            protocol: match port.protocol {
                Protocol::Tcp => "TCP",
                Protocol::Udp => "UDP",
                Protocol::Sctp => "SCTP",
            }
            .into(),
        },
        FixKind::PreferAffinity { key } => {
            Edit::PreferAffinity { pods: pods(), topology_key: s(*key) }
        }
        FixKind::PreferAntiAffinity { key } => {
            Edit::PreferAntiAffinity { pods: pods(), topology_key: s(*key) }
        }
        FixKind::DropSelector { key, value } => {
            Edit::DropSelector { pods: pods(), key: s(*key), value: s(*value) }
        }
        FixKind::ExtendAffinity | FixKind::DropNodeName { .. } => {
            Edit::AcceptNode { pods: pods(), node: node() }
        }
        FixKind::Preempt { victim, .. } => {
            Edit::DeletePods { pods: vec![cluster.pod_name(*victim)] }
        }
        // A kind that is new here has no edit yet: its sentence stands alone.
        _ => return Vec::new(),
    }]
}

pub(crate) fn of_addition(cluster: &Cluster, addition: &Addition) -> Vec<Edit> {
    let node = cluster.node_name(addition.node).to_string();
    let (mut add, mut cards) = (Default::default(), Default::default());
    for more in &addition.amounts {
        match more.what {
            What::Resource(r) => {
                std::collections::BTreeMap::extend(&mut add, [amount(cluster, r, more.amount)])
            }
            What::Cards(model) => {
                let count = u16::try_from(more.amount).unwrap_or(u16::MAX);
                std::collections::BTreeMap::extend(
                    &mut cards,
                    [(cluster.str(model).to_string(), count)],
                );
            }
        }
    }
    vec![Edit::EnlargeNode { node, add, cards }]
}

/// None where an order of arrival is all that helps: a cluster has none.
pub(crate) fn of_hint(cluster: &Cluster, hint: &Hint) -> Vec<Edit> {
    match &hint.kind {
        HintKind::First(pods) => {
            let highest = cluster.shapes().iter().map(|s| s.priority).max().unwrap_or(0);
            let priority = highest.saturating_add(1);
            vec![Edit::SetPriority { pods: names(cluster, pods), priority, preempts: false }]
        }
        HintKind::Cordon(node) => vec![Edit::Cordon { node: cluster.node_name(*node).into() }],
        HintKind::Move { pod, to } => vec![move_pod(cluster, *pod, *to)],
        HintKind::Order(_) => Vec::new(),
    }
}

fn move_pod(cluster: &Cluster, pod: PodId, to: podfit::model::NodeId) -> Edit {
    Edit::MovePod { pod: cluster.pod_name(pod), to: cluster.node_name(to).into() }
}

fn names(cluster: &Cluster, pods: &[PodId]) -> Vec<String> {
    pods.iter().map(|&p| cluster.pod_name(p)).collect()
}

/// The controllers of the pods; bare pods themselves.
fn templates(cluster: &Cluster, pods: &[PodId]) -> Vec<String> {
    let template = |&pod: &PodId| match cluster.pod(pod).owner.name {
        Some(owner) => {
            let namespace = cluster.str(cluster.shape_of(pod).namespace);
            format!("{namespace}/{}", cluster.str(owner))
        }
        None => cluster.pod_name(pod),
    };
    let mut names: Vec<String> = pods.iter().map(template).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A quantity that reads back as the same amount.
fn amount(cluster: &Cluster, resource: ResourceId, amount: i64) -> (String, String) {
    let unit = if resource == ResourceId::CPU { "m" } else { "" };
    (cluster.resource_name(resource).into(), format!("{amount}{unit}"))
}
