//! What life leaves open, and who decides it.

use crate::model::{NodeId, PodId};
use crate::random::Random;
use crate::rules::State;

/// Decides where life leaves several ways open. A seed does ([`Scheduler::run`](super::Scheduler::run)); a record of
/// what happened can, so that the simulation may be held against it.
pub trait Chance {
    /// One of `0..n`, each as likely as the others; 0 where `n` is 0.
    fn below(&mut self, n: usize) -> usize;

    /// Brings pods that come at one time into the order in which they enter the queue.
    fn order(&mut self, pods: &mut [PodId]) {
        for i in (1..pods.len()).rev() {
            pods.swap(i, self.below(i + 1));
        }
    }

    /// Which of equally good nodes (at least one) is for `pod`: to be bound there, or to have room made there.
    fn node(&mut self, pod: PodId, among: &[NodeId]) -> usize {
        let _ = pod;
        if among.len() > 1 { self.below(among.len()) } else { 0 }
    }

    /// The scheduler is about to try `pod` in this state.
    fn tried(&mut self, state: &State, pod: PodId) {
        let _ = (state, pod);
    }
}

impl Chance for Random {
    fn below(&mut self, n: usize) -> usize {
        Random::below(self, n)
    }
}

/// A function that draws one of `0..n`.
pub(super) struct Draw<F>(pub F);

impl<F: FnMut(usize) -> usize> Chance for Draw<F> {
    fn below(&mut self, n: usize) -> usize {
        (self.0)(n)
    }
}
