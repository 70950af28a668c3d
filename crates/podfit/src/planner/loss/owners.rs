//! What owners make of their losses: how many pods they want, which numbers, whether a Job fails over it.
//!
//! In: the pods that go, with their fates by kind. Out: the same with what their owners decide.
//!
//! Sources, in kubernetes/kubernetes `pkg/controller/`: `replicaset/replica_set.go` (pods that are being deleted do not
//! count), `statefulset/stateful_set_control.go` (numbers, and who waits for whom), `job/job_controller.go` (failures,
//! and when a pod is replaced).

use super::displaced::Going;
use super::fate::Fate;
use crate::model::{Cluster, Disrupted, Manner, PodId, Workload, WorkloadId};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

/// Lets the owners decide about their pods among `going`, which are in the order in which they go.
pub(super) fn decide(cluster: &Cluster, going: &mut [Going]) {
    let mut of_workload: FxHashMap<WorkloadId, Vec<usize>> = FxHashMap::default();
    let mut workloads: Vec<WorkloadId> = Vec::new();
    for (i, g) in going.iter().enumerate() {
        let replaced = g.fate.is_displaced() || g.fate.comes_later();
        let Some(id) = cluster.pod(g.pod).workload.filter(|_| replaced) else { continue };
        let list = of_workload.entry(id).or_default();
        if list.is_empty() {
            workloads.push(id);
        }
        list.push(i);
    }
    if workloads.is_empty() {
        return;
    }
    let remaining = remaining(cluster, going);
    for id in workloads {
        let workload = cluster.workload(id);
        let left = remaining.get(&id).copied().unwrap_or(0).saturating_add(workload.unseen);
        one(cluster, workload, &of_workload[&id], left, going);
    }
}

/// How many pods of each workload neither go nor are being deleted. One that tolerates the loss for ever, or that is not
/// evicted, counts as there.
fn remaining(cluster: &Cluster, going: &[Going]) -> FxHashMap<WorkloadId, u32> {
    let mut goes = FixedBitSet::with_capacity(cluster.pods().len());
    for g in going.iter().filter(|g| g.fate != Fate::Halted && g.fate != Fate::StuckNeverEvicted) {
        goes.insert(g.pod.index());
    }
    let mut remaining: FxHashMap<WorkloadId, u32> = FxHashMap::default();
    for (i, pod) in cluster.pods().iter().enumerate() {
        if let Some(workload) = pod.workload.filter(|_| !pod.terminating && !goes.contains(i)) {
            *remaining.entry(workload).or_default() += 1;
        }
    }
    remaining
}

/// One workload, its pods at `at` of `going`.
fn one(cluster: &Cluster, workload: &Workload, at: &[usize], left: u32, going: &mut [Going]) {
    let all = |going: &mut [Going], fate| at.iter().for_each(|&i| going[i].fate = fate);
    if workload.deleting {
        return all(going, Fate::NotWanted);
    }
    match workload.manner {
        Manner::AtOnce => not_more_than(workload.replicas.saturating_sub(left), at, going),
        Manner::Numbered { start, .. } => {
            let wanted = start..start.saturating_add(workload.replicas);
            for &i in at {
                let number = number_of(cluster, going[i].pod);
                if number.is_some_and(|n| !wanted.contains(&n)) {
                    going[i].fate = Fate::NotWanted;
                }
            }
        }
        Manner::Job { failures_left, on_disruption, deadline, .. } => {
            // It began before the loss, so it is over by then.
            let is_over = deadline.is_some_and(|end| at.iter().any(|&i| going[i].at >= end.max(1)));
            let fails = match on_disruption {
                _ if is_over => true,
                Disrupted::Ignored => false,
                Disrupted::FailsJob => true,
                Disrupted::Counts => failures_left.is_some_and(|n| at.len() as u64 > u64::from(n)),
            };
            if fails && workload.replicas > 0 {
                return all(going, Fate::JobFails);
            }
            not_more_than(workload.replicas.saturating_sub(left), at, going);
        }
    }
    if workload.gated {
        let comes = |i: &&usize| going[**i].fate.is_displaced();
        let gated: Vec<usize> = at.iter().filter(comes).copied().collect();
        gated.into_iter().for_each(|i| going[i].fate = Fate::Gated);
    }
}

/// The first `wanted` of them are replaced; one that is never evicted is there all the same.
fn not_more_than(wanted: u32, at: &[usize], going: &mut [Going]) {
    let mut wanted = wanted;
    for &i in at {
        match going[i].fate {
            Fate::StuckNeverEvicted => {}
            _ if wanted > 0 => wanted -= 1,
            _ => going[i].fate = Fate::NotWanted,
        }
    }
}

/// The number of a StatefulSet's pod: what follows the last hyphen of its name.
pub(in crate::planner) fn number_of(cluster: &Cluster, pod: PodId) -> Option<u32> {
    cluster.str(cluster.pod(pod).name).rsplit_once('-')?.1.parse().ok()
}

/// The StatefulSet of a pod that makes its pods one after the other.
pub(in crate::planner) fn ordered(cluster: &Cluster, pod: PodId) -> Option<WorkloadId> {
    let id = cluster.pod(pod).workload?;
    matches!(cluster.workload(id).manner, Manner::Numbered { in_order: true, .. }).then_some(id)
}
