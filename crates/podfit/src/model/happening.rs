//! What happens to a cluster rather than what somebody edits: nodes fail or go, pods lose their place.

use super::{
    cluster::Cluster,
    draft::Draft,
    edit::Edit,
    node::{DOWN_TAINTS, Effect, NodeId, Taint},
    pod::PodId,
};

impl Draft {
    /// The pod is made anew and has no place: it waits for one, or until somebody lifts its gate. One that is not made
    /// has to pass admission first.
    pub(crate) fn unplace(&mut self, pod: PodId, gated: bool, made: bool) {
        self.leave(pod);
        let object = &mut self.cluster.pods[pod.index()];
        object.shape = object.incoming;
        object.cards.clear();
        (object.node, object.nominated) = (None, None);
        (object.terminating, object.preempted) = (false, false);
        (object.made, object.gated) = (made, gated);
    }

    /// The pod is made anew and runs there, with these cards.
    pub(crate) fn place(&mut self, pod: PodId, node: NodeId, cards: &[u16]) {
        self.apply(&Edit::Put { pod, node }, 0);
        self.cluster.pods[pod.index()].cards = cards.to_vec();
    }

    /// The pods are gone for good.
    pub(crate) fn lose(&mut self, pods: &[PodId]) {
        self.delete(pods);
    }

    /// The kubelet of the node is silent: it has the taints that the node controller gives it then.
    pub(crate) fn fail(&mut self, node: NodeId) {
        let [_, unreachable] = DOWN_TAINTS;
        let (key, value) = (self.intern(unreachable), self.intern(""));
        let object = &mut self.cluster.nodes[node.index()];
        object.down = true;
        for effect in [Effect::NoSchedule, Effect::NoExecute] {
            let taint = Taint { key, value, effect };
            if !object.taints.contains(&taint) {
                object.taints.push(taint);
            }
        }
    }

    /// The Node object is deleted. Pods that are on it still are deleted with it.
    pub(crate) fn remove_node(&mut self, node: NodeId) {
        let pods = std::mem::take(&mut self.cluster.pods_on[node.index()]);
        self.delete(&pods);
        self.gone_nodes.push(node);
    }
}

impl Cluster {
    /// The same cluster where the budgets, in their order, allow so many disruptions.
    pub(crate) fn with_allowed(mut self, allowed: impl Iterator<Item = i64>) -> Self {
        self.budgets.iter_mut().zip(allowed).for_each(|(budget, n)| budget.allowed = n);
        self
    }
}

/// Takes nodes out of the list; those that stay are numbered anew. No pod may be on one that goes.
pub(super) fn without_nodes(cluster: &mut Cluster, gone: &[NodeId]) {
    let mut next = 0u32;
    let mut new = Vec::with_capacity(cluster.nodes.len());
    for node in cluster.node_ids() {
        let stays = !gone.contains(&node);
        new.push(stays.then_some(NodeId(next)));
        next += u32::from(stays);
    }
    let mut at = new.iter();
    cluster.nodes.retain(|_| at.next().is_some_and(Option::is_some));
    for pod in &mut cluster.pods {
        pod.node = pod.node.and_then(|node| new[node.index()]);
        pod.nominated = pod.nominated.and_then(|node| new[node.index()]);
    }
    let names = cluster.nodes.iter().map(|n| n.name);
    cluster.node_index = names.zip((0..).map(NodeId)).collect();
}
