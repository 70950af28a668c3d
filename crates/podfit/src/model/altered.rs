//! Trial clusters for searches: not checked anew, and ids of what was there stay as they are. What people ask for is a
//! [`Draft`](super::Draft)'s.

use super::{
    cluster::Cluster,
    node::{Node, NodeId},
    pod::{Pod, PodId},
    resources::AMOUNT_MAX,
    shape::{Shape, ShapeId},
};

impl Cluster {
    /// The same cluster with further pending pods like `like`, one of each shape, in this order after all
    /// others: to ask "what if its shape were this".
    pub(crate) fn with_pending(&self, like: PodId, shapes: &[Shape]) -> Self {
        let mut cluster = self.clone();
        for shape in shapes {
            let id = ShapeId(cluster.shapes.len() as u32);
            cluster.shapes.push(shape.clone());
            let like = cluster.pod(like).clone();
            let pod = Pod {
                shape: id,
                incoming: id,
                node: None,
                cards: Vec::new(),
                nominated: None,
                ..like
            };
            cluster.pods.push(pod);
        }
        cluster
    }

    /// The same cluster with another object for one node, of the same name: to ask "what if it were this".
    pub(crate) fn with_node(&self, id: NodeId, node: Node) -> Self {
        let mut cluster = self.clone();
        cluster.nodes[id.index()] = node;
        cluster
    }

    /// The same cluster where every pod of one shape asks this instead: to ask "what if its template were this".
    pub(crate) fn with_shape(&self, id: ShapeId, shape: Shape) -> Self {
        let mut cluster = self.clone();
        cluster.shapes[id.index()] = shape;
        cluster
    }

    /// The same cluster where every node has so much more of each resource it has that all pods together find it there:
    /// what has no place then is kept out by a rule. Cards and volume limits stay as they are.
    pub(crate) fn with_room_for_all(&self) -> Self {
        let mut sums = vec![0i64; self.resource_names.len()];
        for pod in &self.pods {
            for (id, amount) in self.shape(pod.incoming).requests.iter() {
                sums[id.index()] = sums[id.index()].saturating_add(amount);
            }
        }
        // What all nodes have together must stay a sum.
        let most = AMOUNT_MAX.min((1 << 61) / self.nodes.len().max(1) as i64);
        let mut grown = self.clone();
        for node in &mut grown.nodes {
            let has: Vec<_> = node.allocatable.iter().filter(|&(_, amount)| amount > 0).collect();
            for (id, amount) in has {
                if !self.is_volume_limit(id) {
                    let sum = amount.saturating_add(sums[id.index()]).min(most.max(amount));
                    node.allocatable.set(id, sum);
                }
            }
        }
        grown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClusterBuilder, NodeSpec, PodSpec, ResourceId, Resources};

    #[test]
    fn room_for_all_is_more_of_what_is_there() {
        let mut b = ClusterBuilder::new();
        let lens = b.resource("example.com/lens");
        let rooms =
            [(ResourceId::CPU, 100), (ResourceId::MEMORY, AMOUNT_MAX), (ResourceId::PODS, 3)];
        let allocatable = rooms.iter().fold(Resources::new(), |r, &(id, n)| r.with(id, n));
        b.add_node(NodeSpec { name: "a".into(), allocatable, ..NodeSpec::default() }, 0);
        for name in ["one", "two"] {
            let asks = [(ResourceId::CPU, 400), (ResourceId::MEMORY, 7), (lens, 5)];
            let asks = asks.iter().fold(Resources::new(), |r, &(id, n)| r.with(id, n));
            let shape = b.shape("d", asks);
            b.add_pod(PodSpec::new(name, shape), 0);
        }
        let grown = b.build().expect("valid").with_room_for_all();
        let has = |id| grown.nodes()[0].allocatable.get(id);
        assert_eq!((has(ResourceId::CPU), has(ResourceId::PODS)), (900, 5));
        assert_eq!(has(ResourceId::MEMORY), AMOUNT_MAX, "amounts end there");
        assert_eq!(has(lens), 0, "no node has one");
    }
}
