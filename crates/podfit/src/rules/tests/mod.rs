//! Each rule between its neighbours: a case that is just allowed beside one that is just refused, with the
//! exact words. `oracle` holds the counters against a recount by hand.

mod coupled;
mod fixed;
mod local;
mod messages;
mod oracle;
mod scheduler;

use super::{Refusal, RuleSet, State, refusals, sentence};
use crate::model::*;

/// A builder with shorter words for tests.
pub struct World(pub ClusterBuilder);

impl World {
    pub fn new() -> Self {
        Self(ClusterBuilder::new())
    }

    pub fn sym(&mut self, s: &str) -> Sym {
        self.0.intern(s)
    }

    pub fn labels(&mut self, pairs: &[(&str, &str)]) -> Labels {
        Labels::new(pairs.iter().map(|(k, v)| (self.sym(k), self.sym(v))).collect::<Vec<_>>())
    }

    /// A node of 4 cores, 8Gi and 10 pod slots.
    pub fn node_spec(&mut self, name: &str, labels: &[(&str, &str)]) -> NodeSpec {
        let allocatable = Resources::new()
            .with(ResourceId::CPU, 4000)
            .with(ResourceId::MEMORY, 8 << 30)
            .with(ResourceId::PODS, 10);
        let labels = self.labels(labels);
        NodeSpec { name: name.into(), labels, allocatable, ..NodeSpec::default() }
    }

    pub fn node(&mut self, name: &str, labels: &[(&str, &str)]) {
        let spec = self.node_spec(name, labels);
        self.0.add_node(spec, 0);
    }

    /// A pod that asks for 100m, of namespace `default`.
    pub fn shape(&mut self, labels: &[(&str, &str)]) -> Shape {
        let mut shape = self.0.shape("default", Resources::new().with(ResourceId::CPU, 100));
        shape.labels = self.labels(labels);
        shape
    }

    pub fn pod(&mut self, name: &str, node: Option<&str>, shape: &Shape) {
        self.0.add_pod(
            PodSpec { node: node.map(Into::into), ..PodSpec::new(name, shape.clone()) },
            0,
        );
    }

    pub fn taint(&mut self, key: &str, value: &str, effect: Effect) -> Taint {
        Taint { key: self.sym(key), value: self.sym(value), effect }
    }

    /// Key or value "*" is any.
    pub fn toleration(&mut self, key: &str, value: &str, effect: Option<Effect>) -> Toleration {
        let mut part = |s: &str| (s != "*").then(|| self.sym(s));
        Toleration { key: part(key), value: part(value), effect, seconds: None }
    }

    pub fn selector(&mut self, labels: &[(&str, &str)]) -> Selector {
        let is = |(k, v): &(&str, &str)| Requirement::In(self.sym(k), vec![self.sym(v)]);
        Selector::new(labels.iter().map(is).collect())
    }

    /// A pod term over the namespace `default`.
    pub fn term(&mut self, labels: &[(&str, &str)], key: &str) -> PodTerm {
        PodTerm {
            namespaces: NamespaceSet::Of(vec![self.sym("default")]),
            selector: self.selector(labels),
            topology_key: self.sym(key),
        }
    }

    pub fn spread(&mut self, labels: &[(&str, &str)], key: &str, max_skew: i64) -> Spread {
        Spread {
            max_skew,
            topology_key: self.sym(key),
            selector: self.selector(labels),
            min_domains: 1,
            node_affinity_policy: NodePolicy::Honor,
            node_taints_policy: NodePolicy::Ignore,
        }
    }

    pub fn build(self) -> Cluster {
        self.0.build().expect("a valid cluster")
    }
}

/// Required node affinity of one term that names these nodes, each of them at once.
pub fn named(world: &mut World, shape: &mut Shape, names: &[&str]) {
    let names = names.iter().map(|name| (world.sym(name), true)).collect();
    let terms = shape.node_selector.terms.get_or_insert_default();
    terms.push(NodeTerm { labels: Vec::new(), names });
}

/// A claim `data` that no node satisfies.
pub fn claim(world: &mut World, shape: &mut Shape, kind: ClaimKind) {
    let nodes = NodeSelector { labels: Vec::new(), terms: Some(Vec::new()) };
    shape.volumes.push(VolumeClaim { claim: world.sym("data"), kind, nodes });
}

pub fn pod_named(cluster: &Cluster, name: &str) -> PodId {
    let named = |&id: &PodId| cluster.str(cluster.pod(id).name) == name;
    cluster.pod_ids().find(named).expect("the pod is in the cluster")
}

pub fn node_named(cluster: &Cluster, name: &str) -> NodeId {
    cluster.find_node(name).expect("the node is in the cluster")
}

/// Code and sentence of each refusal, joined; empty is allowed.
pub fn words(cluster: &Cluster, refusals: &[Refusal]) -> String {
    let word = |r: &Refusal| format!("{}: {}", r.code, sentence(cluster, r));
    refusals.iter().map(word).collect::<Vec<_>>().join("; ")
}

pub fn why(state: &State, pod: &str, node: &str) -> String {
    why_under(state, pod, node, RuleSet::ALL)
}

pub fn why_under(state: &State, pod: &str, node: &str, rules: RuleSet) -> String {
    let cluster = state.cluster();
    words(cluster, &refusals(state, pod_named(cluster, pod), node_named(cluster, node), rules))
}
