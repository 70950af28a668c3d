//! Carrying edits out: names → ids, then changes to a draft of the cluster.

use super::Edit;
use crate::resolve::{self, RequestError};
use podfit::model::{
    Card, Change, Cluster, ClusterBuilder, Effect, HostPort, Labels, ModelError, OwnerKind, PodId,
    Protocol, ResourceId, Resources, Shape, Toleration,
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
type ShapeEdit = Box<dyn Fn(&mut Shape)>;

/// The cluster after `edits`.
///
/// # Errors
/// Every fault of every edit; a faulty one is left out of what the next ones see.
pub(crate) fn edited(cluster: &Cluster, edits: &[Edit]) -> Result<Cluster, Faults> {
    if edits.len() > EDITS_MAX {
        let cause = format!("{} edits are more than {EDITS_MAX}", edits.len());
        return Err(vec![fault(
            "too-many",
            "edits",
            cause,
            "describe the other cluster as an input",
        )]);
    }
    let (mut cluster, mut faults) = (cluster.clone(), Vec::new());
    for (i, edit) in edits.iter().enumerate() {
        match edit.applied(&cluster) {
            Ok(edited) => cluster = edited,
            Err(found) => faults.extend(found.into_iter().map(|mut fault| {
                fault.place = match fault.place.as_str() {
                    "" => format!("edits[{i}]"),
                    place => format!("edits[{i}].{place}"),
                };
                fault
            })),
        }
    }
    if faults.is_empty() { Ok(cluster) } else { Err(faults) }
}

fn fault(code: &'static str, place: &str, cause: String, fix: &str) -> RequestError {
    RequestError { code, place: place.into(), cause, fix: fix.into() }
}

impl Edit {
    fn applied(&self, cluster: &Cluster) -> Result<Cluster, Faults> {
        let mut draft = ClusterBuilder::copy_of(cluster);
        match self {
            Self::MovePod { pod, to } => {
                let pods = resolve::pods_at(cluster, "pod", std::slice::from_ref(pod));
                let node = resolve::node(cluster, "to", to);
                let (pods, node) = resolve::both(pods, node)?;
                let [pod] = pods[..] else {
                    let cause = format!("{pod} means {} pods", pods.len());
                    return Err(vec![fault(
                        "too-many",
                        "pod",
                        cause,
                        "name one, as namespace/name",
                    )]);
                };
                draft.put(pod, node);
            }
            Self::DeletePods { pods } => draft.delete(&deleted(cluster, pods)?),
            Self::Replicas { workload, count } => {
                let pods = resolve::pods_at(cluster, "workload", std::slice::from_ref(workload))?;
                within("count", *count, COPIES_MAX)?;
                let groups = controllers(cluster, &pods);
                let [group] = &groups[..] else {
                    let cause =
                        format!("{workload} is no single controller of pods that come back");
                    return Err(vec![fault(
                        "not-a-workload",
                        "workload",
                        cause,
                        "name a controller",
                    )]);
                };
                scale(&mut draft, cluster, &[(group, *count)]);
            }
            Self::ScaleReplicas { percent, pods } => {
                within("percent", *percent, PERCENT_MAX)?;
                let groups = controllers(cluster, &meant(cluster, pods)?);
                let wanted = |g: &Vec<PodId>| (g.len() as u64 * u64::from(*percent)).div_ceil(100);
                let wanted: Vec<(&Vec<PodId>, u64)> =
                    groups.iter().map(|g| (g, wanted(g))).collect();
                let all: u64 = wanted.iter().map(|w| w.1).sum();
                within("percent", u32::try_from(all).unwrap_or(u32::MAX), COPIES_MAX * 10)?;
                let wanted: Vec<(&Vec<PodId>, u32)> =
                    wanted.into_iter().map(|(g, n)| (g, n as u32)).collect();
                scale(&mut draft, cluster, &wanted);
            }
            Self::PlacePending {} => {
                let change = placement(cluster)?;
                change.steps.iter().for_each(|s| draft.put(s.pod, s.node));
                // What makes room and gets no new place is being deleted as it is.
                let mut gone: Vec<PodId> = change.removed.iter().map(|r| r.pod).collect();
                gone.retain(|&pod| change.steps.iter().all(|s| s.pod != pod));
                draft.delete(&gone);
            }
            Self::SetRequests { pods, requests } => {
                let pods = named(cluster, pods);
                let requests = amounts(&mut draft, "requests", requests);
                let (pods, requests) = resolve::both(pods, requests)?;
                draft.edit_shapes(&pods, |shape| {
                    requests.iter().for_each(|&(id, amount)| shape.requests.set(id, amount));
                    shape.soft.scored = None;
                });
            }
            Self::ScaleRequests { percent, pods } => {
                within("percent", *percent, PERCENT_MAX)?;
                let scaled = scaled_resources(cluster);
                draft.edit_shapes(&meant(cluster, pods)?, |shape| {
                    shape.requests = grown(&shape.requests, *percent, &scaled);
                    shape.soft.scored = None;
                });
            }
            Self::SetPriority { pods, priority, preempts } => {
                draft.edit_shapes(&named(cluster, pods)?, |shape| {
                    (shape.priority, shape.preempts) = (*priority, *preempts);
                });
            }
            Self::CopyNode { node, count } => return copies(cluster, node, *count),
            Self::Cordon { .. }
            | Self::Uncordon { .. }
            | Self::LabelNode { .. }
            | Self::EnlargeNode { .. }
            | Self::ResizeNode { .. } => self.edit_node(cluster, &mut draft)?,
            _ => self.relax(cluster, &mut draft)?,
        }
        draft.build().map_err(told)
    }

    fn edit_node(&self, cluster: &Cluster, draft: &mut ClusterBuilder) -> Result<(), Faults> {
        let (Self::Cordon { node: name }
        | Self::Uncordon { node: name }
        | Self::LabelNode { node: name, .. }
        | Self::EnlargeNode { node: name, .. }
        | Self::ResizeNode { node: name, .. }) = self
        else {
            return Ok(());
        };
        let node = resolve::node(cluster, "node", name);
        match self {
            Self::Cordon { .. } => draft.edit_node(node?, |n| n.unschedulable = true),
            Self::Uncordon { .. } => {
                let cordon = draft.intern(podfit::rules::UNSCHEDULABLE);
                draft.edit_node(node?, |n| {
                    n.unschedulable = false;
                    n.taints.retain(|t| t.key != cordon);
                });
            }
            Self::LabelNode { key, value, .. } => {
                let pair = (draft.intern(key), draft.intern(value));
                draft.edit_node(node?, |n| {
                    n.labels = Labels::new(n.labels.iter().chain([pair]).collect::<Vec<_>>());
                });
            }
            Self::EnlargeNode { add, cards, .. } => {
                let more = amounts(draft, "add", add);
                let (node, more) = resolve::both(node, more)?;
                let cards: Vec<Card> = cards
                    .iter()
                    .flat_map(|(model, &n)| {
                        std::iter::repeat_n(Card { model: draft.intern(model) }, n.into())
                    })
                    .collect();
                draft.edit_node(node, |n| {
                    for (id, amount) in more {
                        n.allocatable.set(id, n.allocatable.get(id).saturating_add(amount));
                    }
                    n.cards.extend(cards);
                });
            }
            Self::ResizeNode { allocatable, .. } => {
                let all = amounts(draft, "allocatable", allocatable);
                let (node, all) = resolve::both(node, all)?;
                draft.edit_node(node, |n| {
                    all.into_iter().for_each(|(id, amount)| n.allocatable.set(id, amount));
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// The edits of what pods ask of nodes and of each other.
    fn relax(&self, cluster: &Cluster, draft: &mut ClusterBuilder) -> Result<(), Faults> {
        let (pods, change): (&[String], ShapeEdit) = match self {
            Self::Tolerate { pods, key, value, effect } => {
                let effect = self::effect(effect)?;
                let (key, value) = (Some(draft.intern(key)), Some(draft.intern(value)));
                let toleration = Toleration { key, value, effect: Some(effect), seconds: None };
                (pods, Box::new(move |s| s.tolerations.push(toleration.clone())))
            }
            Self::RaiseSkew { pods, topology_key, max_skew } => {
                let (key, skew) = (draft.intern(topology_key), i64::from(*max_skew));
                (pods, Box::new(move |s| s.raise_skew(key, skew)))
            }
            Self::SpreadAnyway { pods, topology_key } => {
                let key = draft.intern(topology_key);
                (pods, Box::new(move |s| s.spread_anyway(key)))
            }
            Self::PreferAffinity { pods, topology_key } => {
                let key = draft.intern(topology_key);
                (pods, Box::new(move |s| s.prefer_affinity(key)))
            }
            Self::PreferAntiAffinity { pods, topology_key } => {
                let key = draft.intern(topology_key);
                (pods, Box::new(move |s| s.prefer_anti_affinity(key)))
            }
            Self::DropSelector { pods, key, value } => {
                let (key, value) = (draft.intern(key), draft.intern(value));
                (pods, Box::new(move |s| s.drop_selector(key, value)))
            }
            Self::AcceptNode { pods, node } => {
                let name = cluster.node(resolve::node(cluster, "node", node)?).name;
                let accept = move |s: &mut Shape| {
                    s.accept_node(name);
                    s.node_name = s.node_name.filter(|&n| n == name);
                };
                (pods, Box::new(accept))
            }
            Self::DropHostPort { pods, port, protocol } => {
                let (port, protocol) = (*port, self::protocol(protocol)?);
                let taken = move |p: &HostPort| p.port == port && p.protocol == protocol;
                (pods, Box::new(move |s| s.host_ports.retain(|p| !taken(p))))
            }
            _ => return Ok(()),
        };
        draft.edit_shapes(&named(cluster, pods)?, change);
        Ok(())
    }
}

fn copies(cluster: &Cluster, name: &str, count: u32) -> Result<Cluster, Faults> {
    let node = resolve::node(cluster, "node", name)?;
    within("count", count, COPIES_MAX)?;
    let mut grown = cluster.clone();
    for _ in 0..count {
        grown = grown.with_copy_of(node);
    }
    // Sums are checked as in any input.
    ClusterBuilder::copy_of(&grown).build().map_err(told)
}

fn placement(cluster: &Cluster) -> Result<Change, Faults> {
    let solve = solve::Options { method: Method::Greedy, ..solve::Options::default() };
    let options = Options { solve, seeds: Some(1), time_limit: None };
    let placed = Planner::new(Arc::new(cluster.clone())).place(false, &options);
    let refused = |e: podfit::planner::Refused| {
        vec![fault(
            "internal",
            "",
            e.to_string(),
            "ask a place request: that saves a report of the bug",
        )]
    };
    placed.map(|p| p.plan.change).map_err(refused)
}

fn told(errors: Vec<ModelError>) -> Faults {
    let fault = |e: ModelError| RequestError {
        code: e.code,
        place: String::new(),
        cause: format!("{}: {}", e.subject, e.cause),
        fix: e.fix,
    };
    errors.into_iter().map(fault).collect()
}

fn within(place: &str, value: u32, most: u32) -> Result<(), Faults> {
    if value <= most {
        return Ok(());
    }
    let cause = format!("it is more than {most}");
    Err(vec![fault("too-many", place, cause, "give less")])
}

/// Pods by name; at least one must be named.
fn named(cluster: &Cluster, names: &[String]) -> Result<Vec<PodId>, Faults> {
    if names.is_empty() {
        let cause = "no pod is named".into();
        return Err(vec![fault("no-pods", "pods", cause, "name pods, or a controller")]);
    }
    resolve::pods(cluster, names)
}

/// Pods by name, as [`named`]; but a pod's full name means that pod alone, whoever else has the name.
fn deleted(cluster: &Cluster, names: &[String]) -> Result<Vec<PodId>, Faults> {
    if names.is_empty() {
        return named(cluster, names);
    }
    let full: BTreeMap<String, PodId> =
        cluster.pod_ids().map(|p| (cluster.pod_name(p), p)).collect();
    let (exact, others): (Vec<_>, Vec<_>) =
        names.iter().enumerate().partition(|(_, name)| full.contains_key(*name));
    let mut pods: Vec<PodId> = exact.iter().map(|(_, name)| full[*name]).collect();
    let mut faults = Vec::new();
    for (i, name) in others {
        match resolve::pods_at(cluster, &format!("pods[{i}]"), std::slice::from_ref(name)) {
            Ok(found) => pods.extend(found),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(pods) } else { Err(faults) }
}

/// Pods by name; none named: all that controllers bring back.
fn meant(cluster: &Cluster, names: &[String]) -> Result<Vec<PodId>, Faults> {
    if !names.is_empty() {
        return resolve::pods(cluster, names);
    }
    Ok(cluster.pod_ids().filter(|&p| is_scalable(cluster, p)).collect())
}

fn is_scalable(cluster: &Cluster, pod: PodId) -> bool {
    let pod = cluster.pod(pod);
    let kind = pod.owner.kind;
    !kind.stays_with_node() && kind != OwnerKind::Bare && pod.component.is_none()
}

/// The scalable pods among `pods`, by their controller, in the order of the input.
fn controllers(cluster: &Cluster, pods: &[PodId]) -> Vec<Vec<PodId>> {
    let mut at: BTreeMap<_, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<PodId>> = Vec::new();
    for &pod in pods.iter().filter(|&&p| is_scalable(cluster, p)) {
        let object = cluster.pod(pod);
        let namespace = cluster.shape_of(pod).namespace;
        let key =
            (namespace, object.workload, object.workload.is_none().then_some(object.owner.name));
        let group = *at.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(pod);
    }
    groups
}

/// Adds pending pods, or takes out surplus ones: pending before running, last before first.
fn scale(draft: &mut ClusterBuilder, cluster: &Cluster, wanted: &[(&Vec<PodId>, u32)]) {
    let mut surplus = Vec::new();
    for &(group, count) in wanted {
        let count = count as usize;
        if let Some(workload) = group.first().and_then(|&p| cluster.pod(p).workload) {
            draft.set_replicas(workload, count as u32);
        }
        match group.last() {
            Some(&last) if count > group.len() => {
                draft.copy_pod(last, (count - group.len()) as u32);
            }
            _ => {
                let mut leaving = group.clone();
                leaving.sort_by_key(|&p| (cluster.pod(p).node.is_some(), std::cmp::Reverse(p)));
                leaving.truncate(group.len() - count);
                surplus.extend(leaving);
            }
        }
    }
    draft.delete(&surplus);
}

fn amounts(
    draft: &mut ClusterBuilder,
    place: &str,
    quantities: &BTreeMap<String, String>,
) -> Result<Vec<(ResourceId, i64)>, Faults> {
    let (mut amounts, mut faults) = (Vec::new(), Vec::new());
    for (name, text) in quantities {
        let id = draft.resource(name);
        match Quantity::parse(text) {
            Ok(quantity) => amounts.push((id, quantity.in_unit_of(id))),
            Err(e) => {
                let cause = format!("{text:?}: {e}");
                let place = format!("{place}.{name}");
                faults.push(fault("quantity", &place, cause, "write it as 500m, 2 or 1.5Gi"));
            }
        }
    }
    if faults.is_empty() { Ok(amounts) } else { Err(faults) }
}

/// Amounts that grow with the load: no pod slots, no devices, which are had by the piece, no volumes.
fn scaled_resources(cluster: &Cluster) -> Vec<bool> {
    let grows = |id: ResourceId| {
        let name = cluster.resource_name(id);
        matches!(name, "cpu" | "memory" | "ephemeral-storage")
    };
    (0..cluster.resource_count()).map(|i| grows(ResourceId(i as u16))).collect()
}

fn grown(requests: &Resources, percent: u32, scaled: &[bool]) -> Resources {
    let grow = |amount: i64| {
        let all = i128::from(amount) * i128::from(percent);
        // What is too much is reported when the draft is built.
        i64::try_from((all + 99).div_euclid(100)).unwrap_or(i64::MAX)
    };
    let mut grown = requests.clone();
    for (id, amount) in requests.iter().filter(|(id, _)| scaled[id.index()]) {
        grown.set(id, grow(amount));
    }
    grown
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
