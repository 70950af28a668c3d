//! Who is on a node, alive or terminating, and what it takes to try it without some of them.

use super::{Lingering, State, UNPOISONED};
use crate::model::{Cluster, NodeId, PodId, ShapeId};
use std::sync::Arc;

/// A pod that is on a node: alive, or terminating.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resident {
    pub pod: PodId,
    /// What it holds.
    pub shape: ShapeId,
    /// It was placed here, so that it was not there in the input.
    pub placed: bool,
    /// It left and is terminating; another pod may have its id, the replacement.
    lingers: bool,
}

impl Resident {
    /// Whether it is not being deleted.
    pub fn is_live(self, cluster: &Cluster) -> bool {
        !self.lingers && (self.placed || !cluster.pod(self.pod).terminating)
    }

    /// Whether the scheduler is deleting it to make room.
    pub fn is_preempted(self, cluster: &Cluster) -> bool {
        self.lingers || !self.placed && cluster.pod(self.pod).preempted
    }
}

/// A pod taken out of a state by [`State::lift`].
#[derive(Debug)]
pub(crate) enum Lifted {
    /// It ran there in the input.
    Stayed(PodId, NodeId),
    /// We had placed it, with these cards.
    Placed(PodId, NodeId, Box<[u16]>),
    Lingering(Lingering),
}

impl State<'_> {
    /// Everything on the node now: those of the input, those placed since, those that left and linger.
    pub(crate) fn residents(&self, node: NodeId) -> impl Iterator<Item = Resident> + '_ {
        let shape = |pod| self.standing.shape_of(pod);
        let stayed = self.stayed(node).map(move |pod| (pod, shape(pod), false, false));
        let arrived =
            self.arrived_on(node).iter().map(move |&(pod, _)| (pod, shape(pod), true, false));
        let lingering = self.standing.lingering_on(node).iter();
        let lingering = lingering.map(|l| (l.pod, l.shape, l.placed, true));
        let resident = |(pod, shape, placed, lingers)| Resident { pod, shape, placed, lingers };
        stayed.chain(arrived).chain(lingering).map(resident)
    }

    /// A pod that lingers on a node is gone from it; of several of this id the one that left first. Gives what it held,
    /// `None` where there is none. A terminating pod of the input does not linger: [`remove`](Self::remove) it.
    ///
    /// # Panics
    /// If `pod` is not of the cluster.
    pub fn depart(&mut self, pod: PodId, node: NodeId) -> Option<ShapeId> {
        self.take_lingering(pod, node).map(|gone| gone.shape)
    }

    fn take_lingering(&mut self, pod: PodId, node: NodeId) -> Option<Lingering> {
        let at = self.standing.lingering_on(node).iter().position(|l| l.pod == pod)?;
        let lingering = Arc::make_mut(&mut self.standing.lingering);
        let gone = lingering.get_mut(&node)?.remove(at);
        self.add_free(gone.shape, node, 1);
        self.leave_claims(gone.shape, pod, node);
        self.counters.get_mut().expect(UNPOISONED).lingering_left(gone.shape, pod, node);
        Some(gone)
    }

    /// Takes a pod from the node that it is on so that [`put_back`](Self::put_back) can restore it; `None` if it is
    /// not there.
    pub(crate) fn lift(&mut self, resident: Resident, node: NodeId) -> Option<Lifted> {
        let pod = resident.pod;
        if resident.lingers {
            return self.take_lingering(pod, node).map(Lifted::Lingering);
        }
        let placed = self.arrived_on(node).iter().find(|&&(other, _)| other == pod);
        let lifted = match placed {
            Some((_, cards)) => Lifted::Placed(pod, node, cards.clone()),
            None => Lifted::Stayed(pod, node),
        };
        self.remove(pod, false);
        Some(lifted)
    }

    /// Undoes a [`lift`](Self::lift): unlike [`place`](Self::place) it leaves a pod of the input one of the
    /// input (terminating if it was, holding what it held).
    pub(crate) fn put_back(&mut self, lifted: Lifted) {
        match lifted {
            Lifted::Placed(pod, node, cards) => self.place(pod, node, &cards),
            Lifted::Stayed(pod, node) => {
                self.standing.put(pod, node.0);
                let shape = self.standing.shape_of(pod);
                self.add_free(shape, node, -1);
                self.take_claims(shape, pod, node);
                self.counters.get_mut().expect(UNPOISONED).pod_came(&self.standing, pod, node);
            }
            Lifted::Lingering(lingering) => {
                let Lingering { pod, node, shape, .. } = lingering;
                self.add_free(shape, node, -1);
                self.take_claims(shape, pod, node);
                self.counters.get_mut().expect(UNPOISONED).lingering_came(shape, pod, node);
                Arc::make_mut(&mut self.standing.lingering)
                    .entry(node)
                    .or_default()
                    .push(lingering);
            }
        }
    }
}
