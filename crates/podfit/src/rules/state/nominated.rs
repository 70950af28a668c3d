//! Pending pods for which preemption makes room, and where: `status.nominatedNodeName`.

use super::State;
use crate::model::{NodeId, PodId};
use crate::rules::cards;

impl State<'_> {
    /// Room is being made for a pending pod on this node, or (`None`) no more. From then on pods of no higher priority
    /// are judged there as if it had come already, and as if it had not: they need both
    /// (`RunFilterPluginsWithNominatedPods` in `pkg/scheduler/framework/runtime/framework.go`). It counts for nothing
    /// else.
    ///
    /// # Panics
    /// When it is judged, if `pod` or `node` is not of the cluster.
    pub fn nominate(&mut self, pod: PodId, node: Option<NodeId>) {
        self.nominated.retain(|&(other, _)| other != pod);
        self.nominated.extend(node.map(|node| (pod, node)));
    }

    /// Where room is being made for `pod`.
    pub fn nomination(&self, pod: PodId) -> Option<NodeId> {
        self.nominated.iter().find(|&&(other, _)| other == pod).map(|&(_, node)| node)
    }

    /// Pods for which room is being made on this node.
    pub(crate) fn nominated_on(&self, node: NodeId) -> impl Iterator<Item = PodId> + '_ {
        self.nominated.iter().filter(move |(_, there)| *there == node).map(|&(pod, _)| pod)
    }

    /// Nodes where room is being made for pods to which `pod` must yield, ascending.
    pub(in crate::rules) fn reserved_before(&self, pod: PodId) -> Vec<NodeId> {
        let before = self.nominated.iter().filter(|&&(other, _)| self.yields(pod, other));
        let mut nodes: Vec<NodeId> = before.map(|&(_, node)| node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    fn yields(&self, pod: PodId, nominated: PodId) -> bool {
        let priority = |pod| self.cluster().incoming_of(pod).priority;
        nominated != pod && priority(nominated) >= priority(pod)
    }

    /// What `judge` says where those have come to the node already for whom room is being made there and to whom
    /// `pod` must yield; they are gone again afterwards.
    pub(in crate::rules) fn as_if_there<T>(
        &mut self,
        pod: PodId,
        node: NodeId,
        judge: impl FnOnce(&Self) -> T,
    ) -> T {
        let others: Vec<PodId> =
            self.nominated_on(node).filter(|&other| self.yields(pod, other)).collect();
        for &other in &others {
            let cards = cards::first_free(self, other, node);
            self.place(other, node, &cards);
        }
        let judged = judge(self);
        others.into_iter().for_each(|other| self.remove(other, false));
        judged
    }
}
