//! When pods of a lost node are evicted, if ever.
//!
//! As Kubernetes 1.34 does it, with the defaults of kube-controller-manager. Sources, all in
//! kubernetes/kubernetes `pkg/`: `controller/nodelifecycle/node_lifecycle_controller.go` (when a node is tainted),
//! `controller/tainteviction/taint_eviction.go` (when its pods go then), `controller/podgc/gc_controller.go`
//! (pods of a deleted node), `registry/core/pod/storage/eviction.go` (the eviction API, which a drain uses).

#[cfg(test)]
mod tests;

use crate::model::{Cluster, Effect, Loss, Node, NodeId, PodId, Sym, Taint, Unready};
use crate::rules::{UNREACHABLE, tolerates};
use rustc_hash::FxHashMap;

const NOT_READY: &str = "node.kubernetes.io/not-ready";
/// Nodes with this label count in no zone's health.
const EXCLUDED: &str = "node.kubernetes.io/exclude-disruption";
/// The first of each pair that a node has is read (`GetZoneKey` of component-helpers/node/topology).
const REGION: [&str; 2] =
    ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"];
const ZONE: [&str; 2] = ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"];

/// Silence until a node is not ready: `--node-monitor-grace-period`, 50 s since 1.32. The controller looks each 5 s
/// and taints a look later, so it may take 10 s more.
pub const GRACE_SECONDS: i64 = 50;
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
pub const QUARANTINE_SECONDS: i64 = 40;

/// How a pod leaves its lost node, and after what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The node gets a NoExecute taint, which the pod tolerates for so many seconds.
    Taint(Turn, i64),
    /// The garbage collector misses the node, and deletes the pod.
    Collected,
    /// The eviction API takes it.
    Drained,
    /// It was terminating before.
    WasEnding,
    /// It stays bound to its node.
    Never,
    /// It would go, but for this reason it does not until someone acts.
    Halted(String),
}

/// The turn of a node in the queue of its zone, in which nodes are tainted one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It has the taint already; since when is not known.
    Before,
    /// It is tainted after some others.
    At {
        /// So many are before it in the order of the cluster; the controller's own order is that of a map.
        ahead: i64,
        /// So many of its zone are tainted in all.
        all: i64,
        /// Seconds between two of them.
        interval_seconds: i64,
    },
}

impl Departure {
    /// When, the grace period of Kubernetes 1.32 taken, loops of the controllers left aside, and nodes tainted in the
    /// order of the cluster.
    fn eviction(self) -> Eviction {
        match self {
            Self::Taint(Turn::Before, seconds) => Eviction::At(seconds),
            Self::Taint(Turn::At { ahead, interval_seconds, .. }, seconds) => {
                Eviction::At((GRACE_SECONDS + ahead * interval_seconds).saturating_add(seconds))
            }
            Self::Collected => Eviction::At(QUARANTINE_SECONDS),
            Self::Drained | Self::WasEnding => Eviction::At(0),
            Self::Never => Eviction::Never,
            Self::Halted(why) => Eviction::Halted(why),
        }
    }
}

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
///   wait is not modelled.
///
/// A pod that is terminating already has `At(0)`. A DaemonSet's or static pod tolerates every NoExecute
/// taint of a lost node for ever (its controller, or the kubelet, sees to that).
///
/// # Panics
/// If a node is not of `cluster`.
pub fn evictions(cluster: &Cluster, lost: &[NodeId], loss: Loss) -> Vec<(PodId, Eviction)> {
    Zones::of(cluster).evictions(cluster, lost, loss)
}

/// How every pod on the lost nodes goes, made of it what `with` makes: lints ask it for each node.
fn departures<T>(
    cluster: &Cluster,
    zones: &Zones,
    (lost, loss): (&[NodeId], Loss),
    with: impl Fn(Departure) -> T,
) -> Vec<(PodId, T)> {
    let turns = match loss {
        Loss::NotReady => turns(cluster, zones, lost),
        Loss::Deleted | Loss::Drained => vec![Ok(Turn::Before); lost.len()],
    };
    let mut all = Vec::with_capacity(lost.iter().map(|&n| cluster.pods_on(n).len()).sum());
    for (&node, turn) in lost.iter().zip(&turns) {
        for &pod in cluster.pods_on(node) {
            let departure = match loss {
                Loss::NotReady => by_taint(cluster, pod, node, turn),
                Loss::Deleted if cluster.pod(pod).terminating => Departure::WasEnding,
                Loss::Deleted => Departure::Collected,
                Loss::Drained => by_drain(cluster, pod),
            };
            all.push((pod, with(departure)));
        }
    }
    all
}

fn by_taint(cluster: &Cluster, pod: PodId, node: NodeId, turn: &Result<Turn, String>) -> Departure {
    if cluster.pod(pod).owner.kind.stays_with_node() {
        return Departure::Never;
    }
    if cluster.pod(pod).terminating {
        return Departure::WasEnding;
    }
    match (toleration_seconds(cluster, pod, node), turn) {
        (None, _) => Departure::Never,
        (Some(seconds), Ok(turn)) => Departure::Taint(*turn, seconds),
        (Some(_), Err(why)) => Departure::Halted(why.clone()),
    }
}

/// Whether the pod tolerates its node's silence without limit, so that it is never evicted from it. `false` for pods that
/// are pending.
///
/// # Panics
/// If `pod` is not of `cluster`.
pub fn tolerates_loss_for_ever(cluster: &Cluster, pod: PodId) -> bool {
    cluster.pod(pod).node.is_some_and(|node| toleration_seconds(cluster, pod, node).is_none())
}

/// How long the pod tolerates its node's NoExecute taints once it is unreachable; `None` is for ever. Of each taint
/// the *first* toleration that matches decides (`GetMatchingTolerations`), then the least of those that have a
/// limit; a taint that is not tolerated leaves no time.
fn toleration_seconds(cluster: &Cluster, pod: PodId, node: NodeId) -> Option<i64> {
    let tolerations = &cluster.shape_of(pod).tolerations;
    let is_for_unreachable =
        |t: &&_| tolerates(cluster, std::slice::from_ref(*t), UNREACHABLE, Effect::NoExecute);
    let mut first = vec![tolerations.iter().find(is_for_unreachable)];
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

fn by_drain(cluster: &Cluster, id: PodId) -> Departure {
    let pod = cluster.pod(id);
    if pod.owner.kind.stays_with_node() {
        return Departure::Never;
    }
    if pod.terminating {
        return Departure::WasEnding;
    }
    let budgets: Vec<usize> = cluster.budgets_of(cluster.shape_of(id)).collect();
    let name = |&i: &usize| cluster.str(cluster.budgets()[i].name);
    match budgets.as_slice() {
        [only] if cluster.budgets()[*only].allowed <= 0 && !may_go_unready(cluster, id, *only) => {
            Departure::Halted(format!("budget {} allows no disruption", name(only)))
        }
        [] | [_] => Departure::Drained,
        several => {
            let names: Vec<&str> = several.iter().map(name).collect();
            let names = names.join(" and ");
            Departure::Halted(format!(
                "budgets {names} both select it, and the eviction API takes no pod of more than one"
            ))
        }
    }
}

/// Whether the budget lets the pod go although it allows nothing, because the pod is not ready.
fn may_go_unready(cluster: &Cluster, id: PodId, budget: usize) -> bool {
    !cluster.pod(id).ready && cluster.budgets()[budget].unready == Unready::MayGo
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

/// The zones of a cluster as they are before any loss: counted once, for many questions.
#[derive(Clone, Debug)]
pub struct Zones {
    /// Region and zone, and their nodes that count.
    zones: Vec<((String, String), Health)>,
    /// By node: position in `zones`, and whether the node counts there as ready.
    of_node: Vec<(u32, bool)>,
}

impl Zones {
    /// Counts the nodes of `cluster`.
    pub fn of(cluster: &Cluster) -> Self {
        let key = |keys: [&str; 2]| keys.map(|key| cluster.names().get(key));
        let (regions, zones, excluded) = (key(REGION), key(ZONE), cluster.names().get(EXCLUDED));
        let mut known: FxHashMap<[Option<Sym>; 2], u32> = FxHashMap::default();
        let mut made = Self { zones: Vec::new(), of_node: Vec::new() };
        for node in cluster.nodes() {
            let first = |keys: [Option<Sym>; 2]| {
                keys.into_iter().flatten().find_map(|key| node.labels.get(key))
            };
            let zone = [first(regions), first(zones)];
            let zone = *known.entry(zone).or_insert_with(|| {
                let names = zone.map(|name| name.map_or("", |name| cluster.str(name)).to_owned());
                made.zones.push((names.into(), Health::default()));
                made.zones.len() as u32 - 1
            });
            let counts = excluded.is_none_or(|key| node.labels.get(key).is_none());
            let ready = counts && !node.down;
            let health = &mut made.zones[zone as usize].1;
            health.ready += usize::from(ready);
            health.down += usize::from(counts && !ready);
            made.of_node.push((zone, ready));
        }
        made
    }

    /// As [`evictions`] says, for the cluster of these zones.
    ///
    /// # Panics
    /// If a node is not of `cluster`, or the zones are of another.
    pub fn evictions(
        &self,
        cluster: &Cluster,
        lost: &[NodeId],
        loss: Loss,
    ) -> Vec<(PodId, Eviction)> {
        departures(cluster, self, (lost, loss), Departure::eviction)
    }

    /// How the same pods go, and after what.
    ///
    /// # Panics
    /// As [`evictions`](Self::evictions).
    pub fn departures(
        &self,
        cluster: &Cluster,
        lost: &[NodeId],
        loss: Loss,
    ) -> Vec<(PodId, Departure)> {
        departures(cluster, self, (lost, loss), |departure| departure)
    }

    /// The health of every zone once `lost` (each once) are down too.
    fn after(&self, lost: &[NodeId]) -> Vec<Health> {
        let mut healths: Vec<Health> = self.zones.iter().map(|z| z.1).collect();
        for node in lost {
            let (zone, ready) = self.of_node[node.index()];
            if ready {
                healths[zone as usize].ready -= 1;
                healths[zone as usize].down += 1;
            }
        }
        healths
    }
}

/// For each lost node, its turn to get its NoExecute taint, or why it gets none (`handleDisruption`). The queue of each
/// zone is taken in the order of the cluster; the controller's own is that of a map.
fn turns(cluster: &Cluster, zones: &Zones, lost: &[NodeId]) -> Vec<Result<Turn, String>> {
    let mut order: Vec<usize> = (0..lost.len()).collect();
    order.sort_by_key(|&i| lost[i]);
    let mut each = lost.to_vec();
    each.sort_unstable();
    each.dedup();
    let healths = zones.after(&each);
    let mut counted = healths.iter().filter(|h| h.size() > 0).peekable();
    if counted.peek().is_some() && counted.all(|h| h.is_fully_down()) {
        let why = "no node is ready: the node controller evicts nothing";
        return vec![Err(why.into()); lost.len()];
    }
    let is_tainted = |node| has_down_taint(cluster, cluster.node(node), Some(Effect::NoExecute));
    let zone_of = |node: NodeId| zones.of_node[node.index()].0 as usize;
    let mut all: Vec<i64> = vec![0; healths.len()];
    for node in order.iter().map(|&i| lost[i]).filter(|&node| !is_tainted(node)) {
        all[zone_of(node)] += 1;
    }
    let mut ahead: Vec<i64> = vec![0; healths.len()];
    let mut turns = vec![Ok(Turn::Before); lost.len()];
    for i in order {
        if is_tainted(lost[i]) {
            continue;
        }
        let zone = zone_of(lost[i]);
        let (region, name) = &zones.zones[zone].0;
        turns[i] = pace((region, name), healths[zone]).map(|interval_seconds| {
            ahead[zone] += 1;
            Turn::At { ahead: ahead[zone] - 1, all: all[zone], interval_seconds }
        });
    }
    turns
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

fn has_down_taint(cluster: &Cluster, node: &Node, effect: Option<Effect>) -> bool {
    let meant = |t: &&Taint| effect.is_none_or(|e| e == t.effect) && is_down_taint(cluster, t);
    node.taints.iter().any(|t| meant(&t))
}

fn is_down_taint(cluster: &Cluster, taint: &Taint) -> bool {
    matches!(cluster.str(taint.key), NOT_READY | UNREACHABLE)
}
