//! Which nodes are down when, in one run.

use crate::model::NodeId;
use crate::random::Random;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that takes nodes down together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureCause {
    /// The nodes, each once.
    pub nodes: Vec<NodeId>,
    /// Mean time from a repair to the next failure, in milliseconds, above 0.
    pub up_ms: i64,
    /// Mean time from a failure to its repair, in milliseconds, above 0.
    pub repair_ms: i64,
}

/// The nodes that are down, until when: ascending sets.
pub(super) struct Stretch {
    pub down: Vec<NodeId>,
    pub until: i64,
}

/// One run: stretches of time one after the other, in each of which the same nodes are down.
pub(super) struct Failures<'a> {
    causes: &'a [FailureCause],
    chance: Random,
    /// When each cause comes or goes next.
    next: BinaryHeap<Reverse<(i64, usize)>>,
    is_down: Vec<bool>,
    /// By how many causes each node is down.
    by: Vec<u32>,
    down: Vec<NodeId>,
    end: i64,
    is_over: bool,
}

impl<'a> Failures<'a> {
    /// From `begin` to `end`; a cause is there at first as often as in the long run.
    pub fn new(
        causes: &'a [FailureCause],
        nodes: usize,
        mut chance: Random,
        begin: i64,
        end: i64,
    ) -> Self {
        let mut run = Self {
            causes,
            chance: chance.clone(),
            next: BinaryHeap::with_capacity(causes.len()),
            is_down: vec![false; causes.len()],
            by: vec![0; nodes],
            down: Vec::new(),
            end,
            is_over: false,
        };
        for (i, cause) in causes.iter().enumerate() {
            let all = cause.up_ms.saturating_add(cause.repair_ms);
            let down = chance.holds(cause.repair_ms, all);
            let mean = if down { cause.repair_ms } else { cause.up_ms };
            run.next.push(Reverse((begin.saturating_add(chance.exponential(mean).max(1)), i)));
            if down {
                run.turn(i);
            }
        }
        run.chance = chance;
        run
    }

    /// A cause comes or goes. Whether that changes what is down.
    fn turn(&mut self, cause: usize) -> bool {
        self.is_down[cause] = !self.is_down[cause];
        let mut changed = false;
        for &node in &self.causes[cause].nodes {
            let by = &mut self.by[node.index()];
            let at = self.down.binary_search(&node);
            if self.is_down[cause] {
                *by += 1;
            } else {
                *by -= 1;
            }
            match (*by, at) {
                (0, Ok(at)) => {
                    self.down.remove(at);
                    changed = true;
                }
                (1.., Err(at)) => {
                    self.down.insert(at, node);
                    changed = true;
                }
                _ => {}
            }
        }
        changed
    }
}

impl Iterator for Failures<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        if self.is_over {
            return None;
        }
        let down = self.down.clone();
        while let Some(&Reverse((at, cause))) = self.next.peek() {
            if at >= self.end {
                break;
            }
            self.next.pop();
            let changed = self.turn(cause);
            let FailureCause { up_ms, repair_ms, .. } = self.causes[cause];
            let mean = if self.is_down[cause] { repair_ms } else { up_ms };
            let next = at.saturating_add(self.chance.exponential(mean).max(1));
            self.next.push(Reverse((next, cause)));
            if changed {
                return Some(Stretch { down, until: at });
            }
        }
        self.is_over = true;
        Some(Stretch { down, until: self.end })
    }
}
