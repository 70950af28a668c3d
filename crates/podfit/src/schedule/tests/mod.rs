//! `tables`: each plugin's scores worked out by hand. `oracle`: the kept counters against scores straight from
//! their definition. `runs`: what whole runs must keep to. `again`: retries, and what an eviction leaves behind.
//! `grace`: what happens until the victims are gone.

mod again;
mod grace;
mod oracle;
mod runs;
mod tables;

use super::{index::Index, score::Plugin, tally::Tally};
use crate::model::*;
use crate::rules::State;

const GIB: i64 = 1 << 30;
const MIB: i64 = 1 << 20;
const ZONE: &str = "topology.kubernetes.io/zone";
const HOST: &str = "kubernetes.io/hostname";

/// A builder with shorter words.
struct World(ClusterBuilder);

impl World {
    fn new() -> Self {
        Self(ClusterBuilder::new())
    }

    fn sym(&mut self, s: &str) -> Sym {
        self.0.intern(s)
    }

    fn labels(&mut self, pairs: &[(&str, &str)]) -> Labels {
        Labels::new(pairs.iter().map(|(k, v)| (self.sym(k), self.sym(v))).collect::<Vec<_>>())
    }

    /// A node of 4 cores, 8 GiB, 110 pods; its name is its hostname; no zone where that is empty.
    fn node(&mut self, name: &str, zone: &str) -> NodeSpec {
        let allocatable = Resources::new()
            .with(ResourceId::CPU, 4000)
            .with(ResourceId::MEMORY, 8 * GIB)
            .with(ResourceId::PODS, 110);
        let labels = match zone {
            "" => self.labels(&[(HOST, name)]),
            zone => self.labels(&[(HOST, name), (ZONE, zone)]),
        };
        NodeSpec { name: name.into(), labels, allocatable, ..NodeSpec::default() }
    }

    fn nodes(&mut self, list: &[(&str, &str)]) {
        for (name, zone) in list {
            let node = self.node(name, zone);
            self.0.add_node(node, 0);
        }
    }

    fn shape(&mut self, app: &str, cpu: i64, memory: i64) -> Shape {
        let requests = Resources::new().with(ResourceId::CPU, cpu).with(ResourceId::MEMORY, memory);
        let mut shape = self.0.shape("default", requests);
        shape.labels = self.labels(&[("app", app)]);
        shape
    }

    fn pod(&mut self, name: &str, node: &str, shape: &Shape) {
        let node = (!node.is_empty()).then(|| node.to_string());
        self.0.add_pod(PodSpec { node, ..PodSpec::new(name, shape.clone()) }, 0);
    }

    fn selects(&mut self, app: &str) -> Selector {
        Selector::new(vec![Requirement::In(self.sym("app"), vec![self.sym(app)])])
    }

    fn term(&mut self, app: &str, key: &str) -> PodTerm {
        PodTerm {
            namespaces: NamespaceSet::Of(vec![self.sym("default")]),
            selector: self.selects(app),
            topology_key: self.sym(key),
        }
    }

    fn spread(&mut self, app: &str, key: &str, max_skew: i64) -> Spread {
        Spread {
            max_skew,
            topology_key: self.sym(key),
            selector: self.selects(app),
            min_domains: 1,
            node_affinity_policy: NodePolicy::Honor,
            node_taints_policy: NodePolicy::Ignore,
        }
    }

    fn build(self) -> Cluster {
        self.0.build().expect("a valid cluster")
    }
}

fn pod_named(cluster: &Cluster, name: &str) -> PodId {
    let named = |&id: &PodId| cluster.str(cluster.pod(id).name) == name;
    cluster.pod_ids().find(named).expect("the pod is in the cluster")
}

/// One plugin's scores of the pod `new` for all nodes, in the order of the input; empty where it is skipped.
fn column(cluster: &Cluster, plugin: Plugin) -> Vec<i64> {
    let state = State::new(cluster);
    let index =
        Index::new(&state, std::sync::Arc::new(crate::schedule::Shared::of(state.cluster())));
    let mut tally = Tally::new(&index, cluster.shapes().len());
    let nodes: Vec<NodeId> = cluster.node_ids().collect();
    let shape = cluster.pod(pod_named(cluster, "new")).incoming;
    let at = Plugin::ALL.iter().position(|&p| p == plugin).expect("listed");
    tally.table(&state, shape, &nodes)[at].clone()
}
