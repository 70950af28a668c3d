//! A case for each rule of the node controller, the taint controller and the eviction API.

use super::Eviction::{At, Halted, Never};
use super::*;
use crate::model::*;

struct World(ClusterBuilder);

impl World {
    fn new() -> Self {
        Self(ClusterBuilder::new())
    }

    fn node(&mut self, name: &str, labels: &[(&str, &str)], taints: &[(&str, Effect)]) {
        let labels = labels.iter().map(|(k, v)| (self.0.intern(k), self.0.intern(v)));
        let labels = Labels::new(labels.collect::<Vec<_>>());
        let value = self.0.intern("");
        let taint =
            |&(key, effect): &(&str, Effect)| Taint { key: self.0.intern(key), value, effect };
        let taints = taints.iter().map(taint).collect();
        self.0.add_node(NodeSpec { name: name.into(), labels, taints, ..NodeSpec::default() }, 0);
    }

    fn toleration(&mut self, key: &str, seconds: Option<i64>) -> Toleration {
        let key = (!key.is_empty()).then(|| self.0.intern(key));
        Toleration { key, value: None, effect: Some(Effect::NoExecute), seconds }
    }

    fn pod(&mut self, node: &str, change: impl FnOnce(&mut Self, &mut PodSpec)) {
        let mut shape = self.0.shape("default", Resources::new());
        shape.labels = Labels::new([(self.0.intern("app"), self.0.intern("web"))]);
        let name = format!("pod-{node}-{}", self.0.names().len());
        self.0.intern(&name);
        let mut spec = PodSpec { node: Some(node.into()), ..PodSpec::new(name, shape) };
        spec.owner = Owner { kind: OwnerKind::ReplicaSet, name: None };
        change(self, &mut spec);
        self.0.add_pod(spec, 0);
    }

    fn budget(&mut self, name: &str, allowed: i64) {
        let (namespace, name) = (self.0.intern("default"), self.0.intern(name));
        self.0.add_budget(Budget::new(namespace, name, Selector::default(), allowed));
    }

    fn build(self) -> Cluster {
        self.0.build().expect("a valid cluster")
    }
}

/// Evictions of all pods after losing the nodes of these names.
fn lose(cluster: &Cluster, lost: &[&str], loss: Loss) -> Vec<Eviction> {
    let node = |name: &&str| cluster.find_node(name).expect("a node of the case");
    let lost: Vec<NodeId> = lost.iter().map(node).collect();
    evictions(cluster, &lost, loss).into_iter().map(|(_, e)| e).collect()
}

/// One pod on a lost node, another node ready.
fn alone(tolerations: &[(&str, Option<i64>)], taints: &[(&str, Effect)]) -> Eviction {
    let mut w = World::new();
    w.node("a", &[], taints);
    w.node("b", &[], &[]);
    w.pod("a", |w, spec| {
        let list = tolerations.iter().map(|&(key, seconds)| w.toleration(key, seconds));
        spec.shape.tolerations = list.collect();
    });
    lose(&w.build(), &["a"], Loss::NotReady).remove(0)
}

#[test]
fn tolerations_decide_when() {
    assert_eq!(alone(&[], &[]), At(50), "at once");
    assert_eq!(alone(&[(NOT_READY, None)], &[]), At(50), "not the taint");
    assert_eq!(alone(&[(UNREACHABLE, Some(300))], &[]), At(350));
    assert_eq!(alone(&[(UNREACHABLE, None)], &[]), Never);
    assert_eq!(alone(&[("", None)], &[]), Never);
    assert_eq!(alone(&[(UNREACHABLE, Some(0))], &[]), At(50));
    assert_eq!(alone(&[(UNREACHABLE, Some(-5))], &[]), At(50));
    assert_eq!(alone(&[(UNREACHABLE, Some(i64::MAX))], &[]), At(i64::MAX));
}

#[test]
fn who_bears_silence_for_ever() {
    let mut w = World::new();
    w.node("a", &[], &[]);
    w.pod("a", |w, spec| spec.shape.tolerations = vec![w.toleration(UNREACHABLE, None)]);
    w.pod("a", |w, spec| spec.shape.tolerations = vec![w.toleration(UNREACHABLE, Some(300))]);
    w.pod("a", |w, spec| {
        spec.shape.tolerations = vec![w.toleration(UNREACHABLE, None)];
        spec.node = None;
    });
    let c = w.build();
    let bears: Vec<bool> = c.pod_ids().map(|pod| tolerates_loss_for_ever(&c, pod)).collect();
    assert_eq!(bears, [true, false, false], "the last is pending");
}

/// Not the least of all that match: the taint controller reads the first and stops.
#[test]
fn the_first_toleration_that_matches_decides() {
    assert_eq!(alone(&[(UNREACHABLE, Some(300)), ("", None)], &[]), At(350));
    assert_eq!(alone(&[("", None), (UNREACHABLE, Some(300))], &[]), Never);
    assert_eq!(alone(&[(UNREACHABLE, Some(300)), ("", Some(10))], &[]), At(350));
}

#[test]
fn other_noexecute_taints_of_the_node_count_too() {
    let taints = [("gpu", Effect::NoExecute), ("x", Effect::NoSchedule)];
    assert_eq!(alone(&[(UNREACHABLE, None)], &taints), At(50));
    assert_eq!(alone(&[(UNREACHABLE, None), ("gpu", None)], &taints), Never);
    assert_eq!(alone(&[(UNREACHABLE, None), ("gpu", Some(20))], &taints), At(70));
    assert_eq!(alone(&[(UNREACHABLE, Some(10)), ("gpu", Some(20))], &taints), At(60));
}

#[test]
fn a_node_that_was_tainted_before_waits_for_nothing() {
    let taints = [(UNREACHABLE, Effect::NoSchedule), (UNREACHABLE, Effect::NoExecute)];
    assert_eq!(alone(&[(UNREACHABLE, Some(300))], &taints), At(300));
    let taints = [(NOT_READY, Effect::NoExecute)];
    assert_eq!(alone(&[(UNREACHABLE, Some(300))], &taints), At(300), "the two are swapped");
    let taints = [(UNREACHABLE, Effect::NoSchedule)];
    assert_eq!(alone(&[(UNREACHABLE, Some(300))], &taints), At(350), "not yet tainted");
}

#[test]
fn some_pods_stay_with_their_node_and_some_go_already() {
    let mut w = World::new();
    w.node("a", &[], &[]);
    w.node("b", &[], &[]);
    for kind in [OwnerKind::DaemonSet, OwnerKind::Static, OwnerKind::StatefulSet] {
        w.pod("a", |_, spec| spec.owner.kind = kind);
    }
    w.pod("a", |w, spec| {
        spec.terminating = true;
        spec.shape.tolerations = vec![w.toleration("", None)];
    });
    w.pod("b", |_, _| {});
    w.budget("all", 0);
    let c = w.build();
    assert_eq!(lose(&c, &["a"], Loss::NotReady), [Never, Never, At(50), At(0)]);
    assert_eq!(lose(&c, &["a"], Loss::Deleted), [At(40), At(40), At(40), At(0)]);
    let halted = Halted("budget all allows no disruption".into());
    assert_eq!(lose(&c, &["a"], Loss::Drained), [Never, Never, halted, At(0)]);
}

#[test]
fn a_drain_asks_the_budgets() {
    let drain = |budgets: &[(&str, i64)]| {
        let mut w = World::new();
        w.node("a", &[], &[]);
        w.pod("a", |_, _| {});
        budgets.iter().for_each(|&(name, allowed)| w.budget(name, allowed));
        lose(&w.build(), &["a"], Loss::Drained).remove(0)
    };
    assert_eq!(drain(&[]), At(0));
    assert_eq!(drain(&[("x", 1)]), At(0));
    assert_eq!(drain(&[("x", 0)]), Halted("budget x allows no disruption".into()));
    let both = "budgets x and y both select it, and the eviction API takes no pod of more than one";
    assert_eq!(drain(&[("x", 1), ("y", 1)]), Halted(both.into()));
}

/// `size` nodes, a pod on each.
fn zone_of_nodes(w: &mut World, zone: &str, size: usize) {
    for i in 0..size {
        let name = format!("{zone}{i}");
        w.node(&name, &[(ZONE[1], zone)], &[]);
        w.pod(&name, |_, _| {});
    }
}

/// Loses the first `down` of the `size` nodes of zone z; zone y is well.
fn lose_of(size: usize, down: usize) -> Vec<Eviction> {
    let mut w = World::new();
    zone_of_nodes(&mut w, "z", size);
    zone_of_nodes(&mut w, "y", 1);
    let names: Vec<String> = (0..down).map(|i| format!("z{i}")).collect();
    lose(&w.build(), &names.iter().map(String::as_str).collect::<Vec<_>>(), Loss::NotReady)
}

#[test]
fn a_zone_taints_a_node_each_ten_seconds() {
    assert_eq!(lose_of(6, 3), [At(50), At(60), At(70)]);
    assert_eq!(lose_of(3, 2), [At(50), At(60)], "two down are never too many");
    assert_eq!(lose_of(3, 3), [At(50), At(60), At(70)], "a zone that is down in full goes on");
}

#[test]
fn a_zone_that_is_partly_down_halts_or_slows() {
    let halted = |n: usize, of: usize| {
        let why = format!(
            "{n} of {of} nodes of zone z are not ready: the node controller evicts nothing there"
        );
        vec![Halted(why); n]
    };
    assert_eq!(lose_of(5, 3), halted(3, 5), "60 %");
    assert_eq!(lose_of(20, 11), halted(11, 20), "55 % to the point");
    assert_eq!(lose_of(20, 10)[9], At(140), "50 %");
    assert_eq!(lose_of(50, 28), halted(28, 50));
    assert_eq!(lose_of(51, 29)[..3], [At(50), At(150), At(250)]);
}

#[test]
fn zones_are_told_apart_and_queue_apart() {
    let mut w = World::new();
    zone_of_nodes(&mut w, "y", 3);
    zone_of_nodes(&mut w, "z", 3);
    // The old label goes before the new one, and the region is a part of the zone.
    w.node("old", &[(ZONE[0], "z"), (ZONE[1], "y")], &[]);
    w.node("far", &[(ZONE[1], "z"), (REGION[1], "r")], &[]);
    w.node("spare", &[(ZONE[1], "z"), (REGION[1], "r")], &[]);
    w.pod("old", |_, _| {});
    w.pod("far", |_, _| {});
    let c = w.build();
    let times = lose(&c, &["y1", "y0", "z0", "old", "far"], Loss::NotReady);
    assert_eq!(times, [At(60), At(50), At(50), At(60), At(50)]);
}

#[test]
fn nodes_that_were_down_count_and_excluded_ones_do_not() {
    let mut w = World::new();
    zone_of_nodes(&mut w, "z", 4);
    for key in [NOT_READY, UNREACHABLE] {
        w.node(key, &[(ZONE[1], "z")], &[(key, Effect::NoSchedule)]);
    }
    let c = w.build();
    assert!(matches!(lose(&c, &["z0", "z1"], Loss::NotReady)[0], Halted(_)), "4 of 6");
    assert_eq!(lose(&c, &["z0"], Loss::NotReady), [At(50)], "3 of 6");

    let mut w = World::new();
    zone_of_nodes(&mut w, "z", 6);
    w.node("x", &[(ZONE[1], "z"), (EXCLUDED, "")], &[]);
    w.pod("x", |_, _| {});
    let c = w.build();
    assert_eq!(lose(&c, &["z0", "z1", "z2", "x"], Loss::NotReady)[3], At(80), "3 of 6");
}

#[test]
fn with_no_node_ready_nothing_is_evicted() {
    let why = Halted("no node is ready: the node controller evicts nothing".into());
    let mut w = World::new();
    w.node("a", &[(ZONE[1], "z")], &[]);
    w.node("b", &[(ZONE[1], "y")], &[(UNREACHABLE, Effect::NoExecute)]);
    w.pod("a", |_, _| {});
    w.pod("a", |w, spec| spec.shape.tolerations = vec![w.toleration("", None)]);
    let c = w.build();
    assert_eq!(lose(&c, &["a"], Loss::NotReady), [why, Never]);
    assert_eq!(lose(&c, &["a"], Loss::Drained), [At(0), At(0)]);

    // All nodes excluded: no zone to judge, so nothing is held back.
    let mut w = World::new();
    w.node("a", &[(EXCLUDED, "")], &[]);
    w.pod("a", |_, _| {});
    assert_eq!(lose(&w.build(), &["a"], Loss::NotReady), [At(50)]);
}
