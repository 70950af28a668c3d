//! Who waits for whom: pods of StatefulSets for those of lower numbers, pods that are drained for their budgets.

use super::path::Roads;
use super::term::{Path, Term, TermCode};
use super::times::DRAIN_RETRY;
use crate::model::{Interval, PodId, WorkloadId};
use crate::planner::loss::{number_of, ordered};
use std::collections::BTreeMap;

/// Lets each pod of a StatefulSet that makes its pods in order wait for those of lower numbers: `made` are the paths until
/// each is made, `ready` goes on from there until it is ready.
pub(super) fn in_order(
    roads: &Roads<'_>,
    made: &mut BTreeMap<PodId, Path>,
    ready: impl Fn(Path, PodId) -> Path,
) {
    let mut sets: BTreeMap<WorkloadId, Vec<(u32, PodId)>> = BTreeMap::new();
    for &pod in made.keys() {
        if let (Some(set), Some(n)) = (ordered(roads.cluster, pod), number_of(roads.cluster, pod)) {
            sets.entry(set).or_default().push((n, pod));
        }
    }
    for pods in sets.values_mut() {
        pods.sort_unstable();
        let mut before = Interval::ZERO;
        for (_, pod) in pods {
            let Some(path) = made.get_mut(pod) else { continue };
            let wait = path.until(before);
            *path = std::mem::take(path).then(Term::looped(TermCode::Order, wait));
            before = ready(path.clone(), *pod).total();
        }
    }
}

/// Lets pods that are drained wait for their budget: it allows so many at a time, and again once replacements are ready.
/// Who goes first is not known.
pub(super) fn by_budget(
    roads: &Roads<'_>,
    evicted: &mut BTreeMap<PodId, Path>,
    onward: impl Fn(PodId) -> Path,
) {
    let cluster = roads.cluster;
    let mut of_budget: BTreeMap<usize, Vec<PodId>> = BTreeMap::new();
    for &pod in evicted.keys() {
        if let Some(budget) = cluster.budgets_of(cluster.shape_of(pod)).next() {
            of_budget.entry(budget).or_default().push(pod);
        }
    }
    for (budget, pods) in of_budget {
        let allowed = usize::try_from(cluster.budgets()[budget].allowed).unwrap_or(0).max(1);
        let rounds = pods.len().div_ceil(allowed).saturating_sub(1);
        let longest = pods.iter().map(|&pod| onward(pod).total());
        let each = longest.fold(Interval::ZERO, Interval::both) + DRAIN_RETRY;
        let wait = match each.max_ms() {
            Some(max) => Interval::between(0, max.saturating_mul(rounds as i64)),
            None => Interval::at_least(0),
        };
        for pod in pods {
            if let Some(path) = evicted.get_mut(&pod) {
                *path = std::mem::take(path).then(Term::looped(TermCode::Budget, wait));
            }
        }
    }
}
