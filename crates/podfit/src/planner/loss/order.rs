//! Who waits for whom: StatefulSets that make their pods one after the other, and drains that budgets slow down.

use super::displaced::Going;
use super::fate::Fate;
use super::owners::{number_of, ordered};
use crate::model::{Cluster, Loss, PodId, Unready, WorkloadId};
use rustc_hash::FxHashMap;

/// Positions in `going` of pods whose turn does not come, each with the pod that it waits for: the first of a lower
/// number that is not ready and does not become so. `has_place` says which of those that go do.
pub(super) fn waiting(
    cluster: &Cluster,
    going: &[Going],
    has_place: impl Fn(&Going) -> bool,
) -> Vec<(usize, PodId)> {
    let comes = |g: &Going| g.fate.is_displaced() && g.loss != Loss::NotReady;
    let mut sets: Vec<WorkloadId> =
        going.iter().filter(|g| comes(g)).filter_map(|g| ordered(cluster, g.pod)).collect();
    sets.sort_unstable();
    sets.dedup();
    if sets.is_empty() {
        return Vec::new();
    }
    let fate_of: FxHashMap<PodId, &Going> = going.iter().map(|g| (g.pod, g)).collect();
    let mut first_away: FxHashMap<WorkloadId, (u32, PodId)> = FxHashMap::default();
    for id in cluster.pod_ids() {
        let Some(set) = ordered(cluster, id).filter(|s| sets.binary_search(s).is_ok()) else {
            continue;
        };
        let Some(number) = number_of(cluster, id) else { continue };
        let pod = cluster.pod(id);
        let is_there = match fate_of.get(&id) {
            Some(g) if g.fate == Fate::NotWanted => true,
            Some(g) => has_place(g) || g.fate == Fate::Halted,
            None => {
                pod.node.is_none() || (pod.ready && !pod.node.is_some_and(|n| cluster.node(n).down))
            }
        };
        if !is_there {
            let first = first_away.entry(set).or_insert((number, id));
            *first = (*first).min((number, id));
        }
    }
    let waits = |(i, g): (usize, &Going)| {
        let &(number, behind) = first_away.get(&ordered(cluster, g.pod)?)?;
        (comes(g) && number_of(cluster, g.pod)? > number).then_some((i, behind))
    };
    going.iter().enumerate().filter_map(waits).collect()
}

/// Positions in `going` of pods that a drain does not evict, with the reason: earlier ones of their budget found no
/// place, so that it allows no more.
pub(super) fn kept_by_budgets(
    cluster: &Cluster,
    going: &[Going],
    unplaced: &[PodId],
) -> Vec<(usize, String)> {
    let mut left: Vec<i64> = cluster.budgets().iter().map(|b| b.allowed).collect();
    let mut kept = Vec::new();
    for (i, g) in going.iter().enumerate() {
        let pod = cluster.pod(g.pod);
        let leaves = g.fate.leaves(Loss::Drained) && g.fate != Fate::WasTerminating;
        if g.loss != Loss::Drained || !leaves || pod.terminating || pod.node.is_none() {
            continue;
        }
        let Some(budget) = cluster.budgets_of(cluster.shape_of(g.pod)).next() else { continue };
        let object = &cluster.budgets()[budget];
        if !pod.ready && object.unready == Unready::MayGo {
            continue;
        }
        if left[budget] <= 0 {
            let name = cluster.str(object.name);
            let why = format!("budget {name} allows no more until its pods are ready elsewhere");
            kept.push((i, why));
        } else if !is_ready_again(g, unplaced) {
            left[budget] -= 1;
        }
    }
    kept
}

/// Whether the budget has the pod back: its replacement is made and has a place.
fn is_ready_again(g: &Going, unplaced: &[PodId]) -> bool {
    g.fate.is_displaced() && unplaced.binary_search(&g.pod).is_err()
}
