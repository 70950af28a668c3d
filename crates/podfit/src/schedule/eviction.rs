//! When pods of a lost node are evicted, if ever.
//!
//! As Kubernetes 1.34 does it, with the defaults of kube-controller-manager. Sources, all in
//! kubernetes/kubernetes `pkg/`: `controller/nodelifecycle/node_lifecycle_controller.go` (when a node is tainted),
//! `controller/tainteviction/taint_eviction.go` (when its pods go then), `controller/podgc/gc_controller.go`
//! (pods of a deleted node), `registry/core/pod/storage/eviction.go` (the eviction API, which a drain uses).

#[cfg(test)]
mod tests;

use crate::model::{Cluster, Effect, Loss, Node, NodeId, PodId, Taint};
use crate::rules::{UNREACHABLE, tolerates};
use std::collections::BTreeMap;

const NOT_READY: &str = "node.kubernetes.io/not-ready";
/// Nodes with this label count in no zone's health.
const EXCLUDED: &str = "node.kubernetes.io/exclude-disruption";
/// The first of each pair that a node has is read (`GetZoneKey` of component-helpers/node/topology).
const REGION: [&str; 2] =
    ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"];
const ZONE: [&str; 2] = ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"];

/// Silence until a node is not ready: `--node-monitor-grace-period`, 50 s since 1.32. The controller looks each 5 s
/// and taints a look later, so it may take 10 s more.
const GRACE_SECONDS: i64 = 50;
/// `--node-eviction-rate` 0.1: in a zone a node is tainted each so many seconds, the first at once.
const INTERVAL_SECONDS: i64 = 10;
/// `--secondary-node-eviction-rate` 0.01: the same in a large zone that is partly down.
const SLOW_INTERVAL_SECONDS: i64 = 100;
/// `--unhealthy-zone-threshold` 0.55, in percent.
const UNHEALTHY_PERCENT: usize = 55;
/// With up to so many nodes not ready no zone is partly down, whatever their share.
const UNHEALTHY_MIN: usize = 2;
/// `--large-cluster-size-threshold`: a zone of up to so many nodes that is partly down evicts nothing.
const LARGE_ZONE: usize = 50;
/// How long the garbage collector waits for a missing node to come back; it looks each 20 s, so it may take 20 s
/// more.
const QUARANTINE_SECONDS: i64 = 40;

/// What becomes of a pod on a lost node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Eviction {
    /// It is evicted (deleted, drained) so many seconds after the loss. Where the kubelet is silent it lingers
    /// as Terminating from then on.
    At(i64),
    /// It stays bound to its node.
    Never,
    /// It would be evicted, but for this reason it is not until someone acts.
    Halted(String),
}

/// The eviction of every pod on the lost nodes: node after node, pods in the order of the input.
///
/// * [`Loss::NotReady`]: a NoExecute taint after the grace period, then what the pod tolerates. Zones are
///   judged by all their nodes; a node with a not-ready or unreachable taint in the input is down too.
/// * [`Loss::Deleted`]: the garbage collector takes all pods.
/// * [`Loss::Drained`]: the eviction API takes all but pods of DaemonSets and static pods, unless a disruption
///   budget allows nothing now. Where it allows fewer than the node has, the rest waits for replacements; that
///   wait is not told.
///
/// A pod that is terminating already is told as `At(0)`. A DaemonSet's or static pod tolerates every NoExecute
/// taint of a lost node for ever (its controller, or the kubelet, sees to that).
///
/// # Panics
/// If a node is not of `cluster`.
pub fn evictions(cluster: &Cluster, lost: &[NodeId], loss: Loss) -> Vec<(PodId, Eviction)> {
    let taints = match loss {
        Loss::NotReady => taint_times(cluster, lost),
        Loss::Deleted | Loss::Drained => vec![Eviction::At(0); lost.len()],
    };
    let mut all = Vec::new();
    for (&node, tainted) in lost.iter().zip(&taints) {
        for &pod in cluster.pods_on(node) {
            let eviction = match loss {
                Loss::NotReady => by_taint(cluster, pod, node, tainted),
                Loss::Deleted if cluster.pod(pod).terminating => Eviction::At(0),
                Loss::Deleted => Eviction::At(QUARANTINE_SECONDS),
                Loss::Drained => by_drain(cluster, pod),
            };
            all.push((pod, eviction));
        }
    }
    all
}

fn by_taint(cluster: &Cluster, pod: PodId, node: NodeId, tainted: &Eviction) -> Eviction {
    if cluster.pod(pod).owner.kind.stays_with_node() {
        return Eviction::Never;
    }
    if cluster.pod(pod).terminating {
        return Eviction::At(0);
    }
    match (toleration_seconds(cluster, pod, node), tainted) {
        (None, _) => Eviction::Never,
        (Some(seconds), Eviction::At(tainted)) => Eviction::At(tainted.saturating_add(seconds)),
        (Some(_), other) => other.clone(),
    }
}

/// Whether the pod bears its node's silence without limit, so that it is never evicted from it. `false` for pods that
/// are pending.
///
/// # Panics
/// If `pod` is not of `cluster`.
pub fn bears_loss_for_ever(cluster: &Cluster, pod: PodId) -> bool {
    cluster.pod(pod).node.is_some_and(|node| toleration_seconds(cluster, pod, node).is_none())
}

/// How long the pod bears its node's NoExecute taints once it is unreachable; `None` is for ever. Of each taint
/// the *first* toleration that matches decides (`GetMatchingTolerations`), then the least of those that have a
/// limit; a taint that is not tolerated leaves no time.
fn toleration_seconds(cluster: &Cluster, pod: PodId, node: NodeId) -> Option<i64> {
    let tolerations = &cluster.shape_of(pod).tolerations;
    let bears_unreachable =
        |t: &&_| tolerates(cluster, std::slice::from_ref(*t), UNREACHABLE, Effect::NoExecute);
    let mut first = vec![tolerations.iter().find(bears_unreachable)];
    let others = cluster
        .node(node)
        .taints
        .iter()
        .filter(|t| t.effect == Effect::NoExecute && !is_down_taint(cluster, t));
    first.extend(others.map(|taint| tolerations.iter().find(|t| t.tolerates(taint))));
    let mut least = None;
    for toleration in first {
        let Some(toleration) = toleration else { return Some(0) };
        if let Some(seconds) = toleration.seconds.map(|s| s.max(0)) {
            least = Some(least.map_or(seconds, |l: i64| l.min(seconds)));
        }
    }
    least
}

fn by_drain(cluster: &Cluster, id: PodId) -> Eviction {
    let pod = cluster.pod(id);
    if pod.owner.kind.stays_with_node() {
        return Eviction::Never;
    }
    if pod.terminating {
        return Eviction::At(0);
    }
    let budgets: Vec<usize> = cluster.budgets_of(cluster.shape_of(id)).collect();
    let name = |&i: &usize| cluster.str(cluster.budgets()[i].name);
    match budgets.as_slice() {
        [only] if cluster.budgets()[*only].allowed <= 0 => {
            Eviction::Halted(format!("budget {} allows no disruption", name(only)))
        }
        [] | [_] => Eviction::At(0),
        several => {
            let names: Vec<&str> = several.iter().map(name).collect();
            let names = names.join(" and ");
            Eviction::Halted(format!(
                "budgets {names} both select it, and the eviction API takes no pod of more than one"
            ))
        }
    }
}

/// Ready and not ready nodes of a zone, which has at least one.
#[derive(Clone, Copy, Debug, Default)]
struct Health {
    ready: usize,
    down: usize,
}

impl Health {
    fn size(self) -> usize {
        self.ready + self.down
    }

    fn is_fully_down(self) -> bool {
        self.ready == 0
    }

    fn is_partly_down(self) -> bool {
        self.ready > 0
            && self.down > UNHEALTHY_MIN
            && self.down * 100 >= self.size() * UNHEALTHY_PERCENT
    }
}

/// For each lost node, when it gets its NoExecute taint, or why not (`handleDisruption`). The queue of each zone
/// is in the order of the cluster; the controller's own is that of a map.
fn taint_times(cluster: &Cluster, lost: &[NodeId]) -> Vec<Eviction> {
    let mut zones: BTreeMap<(&str, &str), Health> = BTreeMap::new();
    for (id, node) in cluster.node_ids().zip(cluster.nodes()) {
        if label(cluster, node, EXCLUDED).is_none() {
            let health = zones.entry(zone_of(cluster, node)).or_default();
            let down = lost.contains(&id) || is_down(cluster, node);
            if down { health.down += 1 } else { health.ready += 1 }
        }
    }
    if !zones.is_empty() && zones.values().all(|z| z.is_fully_down()) {
        let why = "no node is ready: the node controller evicts nothing";
        return vec![Eviction::Halted(why.into()); lost.len()];
    }
    let mut order: Vec<usize> = (0..lost.len()).collect();
    order.sort_by_key(|&i| lost[i]);
    let mut tainted: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let mut times = vec![Eviction::At(0); lost.len()];
    for i in order {
        let node = cluster.node(lost[i]);
        if has_down_taint(cluster, node, Some(Effect::NoExecute)) {
            continue; // It has the taint already; since when is not known.
        }
        let zone = zone_of(cluster, node);
        times[i] = match pace(zone, zones.get(&zone).copied().unwrap_or_default()) {
            Ok(interval) => {
                let before = tainted.entry(zone).or_default();
                *before += 1;
                Eviction::At(GRACE_SECONDS + (*before - 1) * interval)
            }
            Err(why) => Eviction::Halted(why),
        };
    }
    times
}

/// Seconds between two nodes of a zone, or why none is tainted.
fn pace(zone: (&str, &str), health: Health) -> Result<i64, String> {
    if !health.is_partly_down() {
        return Ok(INTERVAL_SECONDS);
    }
    if health.size() > LARGE_ZONE {
        return Ok(SLOW_INTERVAL_SECONDS);
    }
    let place = match zone {
        ("", "") => String::new(),
        (region, "") => format!(" of region {region}"),
        (_, zone) => format!(" of zone {zone}"),
    };
    Err(format!(
        "{} of {} nodes{place} are not ready: the node controller evicts nothing there",
        health.down,
        health.size()
    ))
}

fn is_down(cluster: &Cluster, node: &Node) -> bool {
    has_down_taint(cluster, node, None)
}

fn has_down_taint(cluster: &Cluster, node: &Node, effect: Option<Effect>) -> bool {
    let meant = |t: &&Taint| effect.is_none_or(|e| e == t.effect) && is_down_taint(cluster, t);
    node.taints.iter().any(|t| meant(&t))
}

fn is_down_taint(cluster: &Cluster, taint: &Taint) -> bool {
    matches!(cluster.str(taint.key), NOT_READY | UNREACHABLE)
}

/// Region and zone of a node; empty where it has none.
fn zone_of<'c>(cluster: &'c Cluster, node: &'c Node) -> (&'c str, &'c str) {
    let first = |keys: [&str; 2]| keys.into_iter().find_map(|key| label(cluster, node, key));
    (first(REGION).unwrap_or_default(), first(ZONE).unwrap_or_default())
}

fn label<'c>(cluster: &'c Cluster, node: &'c Node, key: &str) -> Option<&'c str> {
    let value = node.labels.get(cluster.names().get(key)?)?;
    Some(cluster.str(value))
}
