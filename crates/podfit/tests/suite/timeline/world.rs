//! Small clusters to lose nodes of.

use podfit::model::{
    Cluster, ClusterBuilder, Component, Effect, Interval, Labels, Loss, Manner, NodeSpec, Owner,
    OwnerKind, PodSpec, ResourceId, Resources, Toleration, Workload, WorkloadId,
};
use podfit::planner::{Options, Planner, Timeline, Times, WhatIfQuestion};
use std::sync::Arc;

pub struct World(pub ClusterBuilder);

impl World {
    /// Nodes of these names, each with room for all; `zone:name` has the label of that zone.
    pub fn new(nodes: &[&str]) -> Self {
        let mut b = ClusterBuilder::new();
        for node in nodes {
            let (zone, name) = node.split_once(':').unwrap_or(("", node));
            let key = b.intern("topology.kubernetes.io/zone");
            let label = (key, b.intern(zone));
            let labels = Labels::new((!zone.is_empty()).then_some(label));
            let allocatable =
                Resources::new().with(ResourceId::PODS, 1000).with(ResourceId::CPU, 1000);
            b.add_node(
                NodeSpec { name: name.into(), labels, allocatable, ..NodeSpec::default() },
                0,
            );
        }
        Self(b)
    }

    pub fn workload(&mut self, name: &str, kind: OwnerKind, manner: Manner) -> WorkloadId {
        let (namespace, name) = (self.0.intern("default"), self.0.intern(name));
        self.0.add_workload(Workload { manner, ..Workload::new(namespace, kind, name, 100) })
    }

    /// A pod of `kind` that bears silence for so many seconds; `None` is for ever.
    pub fn pod(
        &mut self,
        name: &str,
        node: &str,
        kind: OwnerKind,
        seconds: Option<i64>,
        change: impl FnOnce(&mut Self, &mut PodSpec),
    ) {
        let mut shape = self.0.shape("default", Resources::new().with(ResourceId::CPU, 1));
        let key = Some(self.0.intern("node.kubernetes.io/unreachable"));
        let effect = Some(Effect::NoExecute);
        shape.tolerations = vec![Toleration { key, value: None, effect, seconds }];
        shape.labels = Labels::new([(self.0.intern("app"), self.0.intern("x"))]);
        let mut spec = PodSpec { node: Some(node.into()), ..PodSpec::new(name, shape) };
        spec.owner = Owner { kind, name: None };
        change(self, &mut spec);
        self.0.add_pod(spec, 0);
    }

    /// A Deployment's pod.
    pub fn web(&mut self, name: &str, node: &str, seconds: i64) {
        self.pod(name, node, OwnerKind::Deployment, Some(seconds), |_, _| {});
    }

    /// A static pod of the control plane.
    pub fn member(&mut self, part: Component, node: &str) {
        let name = format!("{part:?}-{node}").to_lowercase();
        self.pod(&name, node, OwnerKind::Static, None, |_, spec| spec.component = Some(part));
    }

    pub fn lose(self, lost: &[&str], loss: Loss, times: &Times) -> (Arc<Cluster>, Timeline) {
        let cluster = Arc::new(self.0.build().expect("a valid cluster"));
        let lost = lost.iter().map(|n| cluster.find_node(n).expect("a node")).collect();
        let question = WhatIfQuestion { lost, loss, ..WhatIfQuestion::default() };
        let planner = Planner::new(cluster.clone());
        let answer = planner.what_if(&question, &Options::default()).expect("refereed");
        let timeline = planner.timeline(&question, &answer, false, times);
        (cluster, timeline)
    }
}

/// No time but what Kubernetes takes.
pub fn bare(grace_seconds: i64) -> Times {
    let none = (Interval::ZERO, false);
    Times {
        grace: Interval::seconds(grace_seconds),
        schedule: none,
        attach: none,
        start: none,
        ..Times::default()
    }
}
