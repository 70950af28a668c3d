//! Nodes that are silent for a known time: which of their pods are not evicted.

use super::Sequence;
use super::follow::key;
use crate::model::{Interval, NodeId, PodId};
use crate::planner::ask::WhatIfQuestion;
use crate::planner::timeline::Times;

impl Sequence<'_> {
    /// The state that `question` makes `lasts` so long, and silent nodes are back or asked about again after it: its
    /// [`stay`](WhatIfQuestion::stay) becomes the pods that are not evicted in that time. Returned are those that may be or
    /// may not, which are taken as evicted. To be asked before the question is, and followed by
    /// [`follow`](Self::follow); where it is not asked, silence lasts for longer than any pod tolerates it.
    pub fn within(
        &mut self,
        question: &mut WhatIfQuestion,
        lasts: Interval,
        times: &Times,
    ) -> Vec<PodId> {
        let cluster = self.cluster().clone();
        let evictions = self.planner().evictions(question, times);
        let (mut stay, mut open, mut left) = (Vec::new(), Vec::new(), Vec::new());
        for (pod, after) in evictions {
            let key = key(&cluster, pod);
            if self.evicted.contains(&key) {
                continue;
            }
            // Of what stayed put in the state before, the rest of its time.
            let after = self.left.get(&key).copied().or(after);
            let Some(after) = after else {
                stay.push(pod);
                continue;
            };
            if lasts.max_ms().is_some_and(|max| max < after.min_ms()) {
                stay.push(pod);
                left.push((key, rest(after, lasts)));
            } else if after.max_ms().is_none_or(|max| max > lasts.min_ms()) {
                open.push(pod);
            }
        }
        self.left = left.into_iter().collect();
        stay.sort_unstable();
        open.sort_unstable();
        question.stay = stay;
        open
    }

    /// Nothing is known of how long silence lasts.
    pub fn without_end(&mut self) {
        self.left.clear();
    }

    pub(super) fn forget(&mut self, nodes: &[NodeId]) {
        let cluster = self.cluster().clone();
        for pod in nodes.iter().flat_map(|&n| cluster.pods_on(n)) {
            self.left.remove(&key(&cluster, *pod));
        }
    }
}

/// What is left of a time.
fn rest(of: Interval, over: Interval) -> Interval {
    let min = of.min_ms().saturating_sub(over.max_ms().unwrap_or(i64::MAX));
    match of.max_ms() {
        Some(max) => Interval::between(min, max.saturating_sub(over.min_ms())),
        None => Interval::at_least(min),
    }
}
