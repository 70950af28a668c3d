//! What a loss does to all pods that it touches.

use super::fate::{Fate, by_kind, is_out_of_service};
use super::{order, owners};
use crate::admission;
use crate::model::{Cluster, Loss, NodeId, PodId, Removal};
use crate::schedule::{Arrival, Eviction, Zones};

/// A replacement that comes after more than so many seconds does not count as recovery by itself.
const LATE_SECONDS: i64 = 3_600;

/// A pod that goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Going {
    pub pod: PodId,
    pub fate: Fate,
    /// How its node is lost: of nodes that are down already not ready, whatever is asked.
    pub loss: Loss,
    /// Seconds after the loss.
    pub at: i64,
}

/// What a loss does to pods: those on the lost nodes, those on nodes that are down already, those that are ending, and
/// those that were pending before.
#[derive(Clone, Debug, Default)]
pub struct Displaced {
    /// Pods with their fates, by pod: those on lost nodes and on nodes that are down already, pods that are being
    /// deleted, and pods that are not made yet because admission refuses them.
    pub fates: Vec<(PodId, Fate)>,
    /// Why a pod is halted, refused or waits, by pod.
    pub because: Vec<(PodId, String)>,
    /// Pods that leave.
    pub removed: Vec<Removal>,
    /// Pods that need a place, by pod: replacements, and pods that were pending before.
    pub place: Vec<PodId>,
    /// The same with the time at which they enter the scheduler's queue; those that were pending before come first.
    pub arrivals: Vec<Arrival>,
    /// Pods that were pending before and that no node could hold: no part of the question.
    pub aside: Vec<PodId>,
    /// Whether pods are held back because others found no place.
    pub(in crate::planner) is_settled: bool,
    going: Vec<Going>,
    /// Pods that were pending before and that no gate holds back, in the order of the input.
    pending: Vec<PodId>,
}

impl Displaced {
    /// What the loss of these nodes does.
    ///
    /// # Panics
    /// If a node is not of `cluster`.
    pub fn by(cluster: &Cluster, lost: &[NodeId], loss: Loss) -> Self {
        Self::among(cluster, &Zones::of(cluster), (lost, loss), &[])
    }

    /// The same where the zones were counted before. Pods that `stay`, in order, are not evicted, as their nodes are back
    /// before.
    pub(in crate::planner) fn among(
        cluster: &Cluster,
        zones: &Zones,
        lost: (&[NodeId], Loss),
        stay: &[PodId],
    ) -> Self {
        let mut displaced = Self { pending: queue(cluster), ..Self::default() };
        displaced.collect(cluster, zones, lost, stay);
        displaced.going.sort_by_key(|g| (g.at, g.pod));
        owners::decide(cluster, &mut displaced.going);
        displaced.hold_back(cluster);
        displaced.refuse(cluster);
        displaced.list(cluster);
        displaced
    }

    /// Every pod that goes, with its fate by kind and by when it is evicted.
    fn collect(
        &mut self,
        cluster: &Cluster,
        zones: &Zones,
        (lost, loss): (&[NodeId], Loss),
        stay: &[PodId],
    ) {
        let down: Vec<NodeId> =
            cluster.node_ids().filter(|n| cluster.node(*n).down && !lost.contains(n)).collect();
        let all: Vec<NodeId> = lost.iter().chain(&down).copied().collect();
        // With no node left nothing is evicted, but not for want of somebody to act: there is no place.
        let none_left = loss != Loss::Drained && all.len() == cluster.nodes().len();
        let evictions = match loss {
            Loss::NotReady => vec![(loss, zones.evictions(cluster, &all, loss))],
            _ => vec![
                (loss, zones.evictions(cluster, lost, loss)),
                (Loss::NotReady, zones.evictions(cluster, &down, Loss::NotReady)),
            ],
        };
        for (loss, evictions) in evictions {
            for (pod, eviction) in evictions {
                let at = if let Eviction::At(at) = eviction { at } else { 0 };
                let fate = match (by_kind(cluster, pod, loss), eviction) {
                    (fate @ (Fate::Gone | Fate::RunsOn | Fate::WasTerminating), _) => fate,
                    _ if stay.binary_search(&pod).is_ok() => Fate::StaysPut,
                    (_, Eviction::Never) => Fate::StuckNeverEvicted,
                    (_, Eviction::Halted(why)) if !none_left => {
                        self.because.push((pod, why));
                        Fate::Halted
                    }
                    (Fate::Recreated, _) if at > LATE_SECONDS => Fate::RecreatedLate,
                    (fate, _) => fate,
                };
                self.going.push(Going { pod, fate, loss, at });
            }
        }
        self.collect_ending(cluster, &all);
    }

    /// Pods that are being deleted on nodes that live: their room is free once they have ended.
    fn collect_ending(&mut self, cluster: &Cluster, lost: &[NodeId]) {
        for pod in cluster.pod_ids() {
            let object = cluster.pod(pod);
            let lives = object.node.is_some_and(|node| !lost.contains(&node));
            if object.terminating && lives && !object.owner.kind.stays_with_node() {
                let fate = by_kind(cluster, pod, Loss::Drained);
                self.going.push(Going { pod, fate, loss: Loss::Drained, at: 0 });
            }
        }
    }

    /// Pods of StatefulSets whose turn does not come, and pods that budgets keep from being drained.
    fn hold_back(&mut self, cluster: &Cluster) {
        let waits = order::waiting(cluster, &self.going, |g| g.fate.is_displaced());
        self.wait(cluster, waits);
        self.halt(order::kept_by_budgets(cluster, &self.going, &[]));
    }

    fn halt(&mut self, kept: Vec<(usize, String)>) {
        for (i, why) in kept {
            self.going[i].fate = Fate::Halted;
            self.because.push((self.going[i].pod, why));
        }
    }

    fn wait(&mut self, cluster: &Cluster, waits: Vec<(usize, PodId)>) {
        for (i, behind) in waits {
            self.going[i].fate = Fate::InOrder;
            let name = cluster.str(cluster.pod(behind).name);
            self.because.push((self.going[i].pod, format!("made once {name} is ready")));
        }
    }

    /// What admission refuses: of the replacements, and of the pods that are wanted and not made yet.
    fn refuse(&mut self, cluster: &Cluster) {
        let all = self.going.iter().map(|g| g.pod);
        let Some(mut ledger) = admission::Ledger::new(cluster, all) else { return };
        // Those on silent nodes are charged for until their grace period is over and the quota is counted anew.
        let quick = self.going.iter().filter(|g| g.loss != Loss::NotReady).map(|g| g.pod);
        let mut at_first = admission::Ledger::new(cluster, quick);
        let mut kept = Vec::with_capacity(self.pending.len());
        let mut pending = std::mem::take(&mut self.pending);
        pending.sort_by_key(|&pod| std::cmp::Reverse(cluster.incoming_of(pod).priority));
        for pod in pending {
            let refused = match cluster.pod(pod).made {
                true => None,
                false => ledger.admit(pod).err(),
            };
            match refused {
                None => kept.push(pod),
                Some(why) => {
                    self.because.push((pod, why));
                    self.going.push(Going { pod, fate: Fate::Refused, loss: Loss::Drained, at: 0 });
                }
            }
        }
        kept.sort_unstable();
        self.pending = kept;
        for g in self.going.iter_mut().filter(|g| g.fate.is_displaced()) {
            let first = at_first.as_mut().and_then(|ledger| ledger.admit(g.pod).err());
            if let Err(why) = ledger.admit(g.pod) {
                g.fate = Fate::Refused;
                self.because.push((g.pod, why));
            } else if let Some(why) = first {
                g.fate = Fate::RefusedAtFirst;
                self.because.push((g.pod, why));
            }
        }
    }

    /// Holds back what waits for a pod without a place, as far as drains and StatefulSets do: `unplaced` found none. A
    /// drain goes on while budgets allow it, and they do again once replacements are ready. Whether anything changed.
    pub(in crate::planner) fn settle(&mut self, cluster: &Cluster, unplaced: &[PodId]) -> bool {
        if unplaced.is_empty() {
            return false;
        }
        let has_place = |g: &Going| g.fate.is_displaced() && !unplaced.contains(&g.pod);
        let waits = order::waiting(cluster, &self.going, has_place);
        let mut unplaced = unplaced.to_vec();
        unplaced.sort_unstable();
        let kept = order::kept_by_budgets(cluster, &self.going, &unplaced);
        if waits.is_empty() && kept.is_empty() {
            return false;
        }
        self.wait(cluster, waits);
        self.halt(kept);
        self.is_settled = true;
        self.list(cluster);
        true
    }

    /// Leaves pods that were pending before, listed by id, out of the question.
    pub(in crate::planner) fn set_aside(&mut self, cluster: &Cluster, nowhere: &[PodId]) {
        if nowhere.is_empty() {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        let is_nowhere = |pod: &PodId| nowhere.binary_search(pod).is_ok();
        (self.aside, self.pending) = pending.into_iter().partition(is_nowhere);
        self.aside.sort_unstable();
        self.list(cluster);
    }

    /// How many pods were pending before and need a place.
    pub fn pending_count(&self) -> usize {
        self.pending.len()
    }

    /// Makes the lists from what goes.
    fn list(&mut self, cluster: &Cluster) {
        self.because.sort_by_key(|b| b.0);
        self.because.dedup_by_key(|b| b.0);
        self.fates = self.going.iter().map(|g| (g.pod, g.fate)).collect();
        self.fates.sort_unstable();
        self.removed.clear();
        for g in &self.going {
            let forced = is_out_of_service(cluster, g.pod);
            if cluster.pod(g.pod).node.is_some()
                && (g.fate.leaves(g.loss) || g.fate == Fate::WasTerminating && forced)
            {
                let lingers = g.loss == Loss::NotReady && !forced;
                self.removed.push(Removal { pod: g.pod, lingers });
            }
        }
        self.removed.sort_by_key(|r| r.pod);
        self.arrivals = self.pending.iter().map(|&pod| Arrival { pod, at: PENDING_AT }).collect();
        let displaced = self.going.iter().filter(|g| g.fate.is_displaced());
        self.arrivals.extend(displaced.map(|g| Arrival { pod: g.pod, at: g.at }));
        self.place = self.arrivals.iter().map(|a| a.pod).collect();
        self.place.sort_unstable();
    }

    /// The fate of a pod, if it has one.
    pub fn fate_of(&self, pod: PodId) -> Option<Fate> {
        self.fates.binary_search_by_key(&pod, |f| f.0).ok().map(|i| self.fates[i].1)
    }

    /// When it goes, in seconds after the loss.
    pub fn at(&self, pod: PodId) -> Option<i64> {
        self.going.iter().find(|g| g.pod == pod).map(|g| g.at)
    }

    /// Why it is halted, refused or waits.
    pub fn why(&self, pod: PodId) -> Option<&str> {
        let at = self.because.binary_search_by_key(&pod, |b| b.0).ok()?;
        Some(&self.because[at].1)
    }
}

/// Pending pods that no gate holds back, in the order of the input.
fn queue(cluster: &Cluster) -> Vec<PodId> {
    let is_pending = |p: &PodId| cluster.pod(*p).node.is_none() && !cluster.pod(*p).gated;
    cluster.pod_ids().filter(is_pending).collect()
}

/// When pending pods enter the queue: before all others. Among themselves in any order, which the seed decides: the queue
/// goes by when a pod was last put there, not by when it was made, and a scheduler that starts finds them in no order.
const PENDING_AT: i64 = -1;
