//! Who is next: priority, then time of entry (`pkg/scheduler/framework/plugins/queuesort/priority_sort.go`).

use super::{Arrival, Options, Order, chance::Chance};
use crate::model::{Cluster, NodeId, PodId};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A pod in the queue; smaller is earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waiting {
    /// The second in which its backoff is over, where it is not. Such pods come after all others
    /// (`SchedulerPopFromBackoffQ`, on since 1.33; `pkg/scheduler/backend/queue/backoff_queue.go`).
    pub backoff: Option<i64>,
    /// Priority, the highest first; the same for all where the order is given.
    rank: Reverse<i32>,
    /// Its number in the order of entry.
    entry: u32,
    pub pod: PodId,
    /// The one node that its controller made it for (DaemonSet).
    pub only: Option<NodeId>,
    /// How often it was tried.
    pub tries: u32,
}

/// The queue of the scheduler.
#[derive(Debug)]
pub(super) struct Queue<'c> {
    cluster: &'c Cluster,
    order: Order,
    heap: BinaryHeap<Reverse<Waiting>>,
    entries: u32,
}

impl<'c> Queue<'c> {
    pub fn new(cluster: &'c Cluster, order: Order) -> Self {
        Self { cluster, order, heap: BinaryHeap::new(), entries: 0 }
    }

    /// A pod enters, behind all that have its priority.
    pub fn enter(&mut self, pod: PodId, only: Option<NodeId>) {
        let rank = match self.order {
            Order::Seeded => Reverse(self.cluster.incoming_of(pod).priority),
            Order::Given => Reverse(0),
        };
        let entry = self.entries;
        self.heap.push(Reverse(Waiting { backoff: None, rank, entry, pod, only, tries: 0 }));
        self.entries += 1;
    }

    /// A pod that was tried leaves the queue. Kube-scheduler notes the time, and by it the pod's place when it is
    /// tried again (`AddUnschedulableIfNotPresent` in `pkg/scheduler/backend/queue/scheduling_queue.go`).
    pub fn leave(&mut self, waiting: &mut Waiting) {
        waiting.tries += 1;
        waiting.entry = self.entries;
        self.entries += 1;
    }

    /// A pod that left comes back.
    pub fn back(&mut self, waiting: Waiting) {
        self.heap.push(Reverse(waiting));
    }

    pub fn next(&mut self) -> Option<Waiting> {
        self.heap.pop().map(|Reverse(waiting)| waiting)
    }
}

/// The arrivals in waves with their times: each is worked off before the next comes. Within a wave pods are in order of
/// entry.
pub(super) fn waves(
    arrivals: &[Arrival],
    chance: &mut impl Chance,
    options: &Options,
) -> VecDeque<(i64, Vec<PodId>)> {
    let mut list = arrivals.to_vec();
    if options.order == Order::Given {
        return VecDeque::from([(0, list.into_iter().map(|a| a.pod).collect())]);
    }
    list.sort_by_key(|a| a.at);
    let waves = list.chunk_by(|a, b| a.at == b.at);
    let waves = waves.map(|wave| {
        let mut pods: Vec<PodId> = wave.iter().map(|a| a.pod).collect();
        chance.order(&mut pods);
        (wave[0].at, pods)
    });
    waves.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClusterBuilder, PodSpec};

    #[test]
    fn who_was_tried_last_comes_back_behind() {
        let mut b = ClusterBuilder::new();
        for name in ["a", "b"] {
            let shape = b.shape("default", Default::default());
            b.add_pod(PodSpec::new(name, shape), 0);
        }
        let cluster = b.build().expect("valid");
        let mut queue = Queue::new(&cluster, Order::Seeded);
        queue.enter(PodId(0), None);
        queue.enter(PodId(1), None);
        let mut first = queue.next().expect("two entered");
        assert_eq!(first.pod, PodId(0));
        queue.leave(&mut first);
        queue.back(first);
        let mut order: Vec<Waiting> = std::iter::from_fn(|| queue.next()).collect();
        assert_eq!(order.iter().map(|w| w.pod).collect::<Vec<_>>(), [PodId(1), PodId(0)]);
        // Both tried, the second first: each has a place of its own.
        order.iter_mut().for_each(|waiting| queue.leave(waiting));
        order.iter().for_each(|&waiting| queue.back(waiting));
        let again: Vec<PodId> = std::iter::from_fn(|| queue.next()).map(|w| w.pod).collect();
        assert_eq!(again, [PodId(1), PodId(0)]);
    }
}
