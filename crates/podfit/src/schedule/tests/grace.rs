//! Victims hold their room until they are gone; meanwhile others are tried, and keep off what is nominated.

use super::runs::words;
use super::*;
use crate::schedule::{Arrival, Options, Scheduler};
use std::collections::BTreeSet;

/// All pending pods at time 0, or at the time given for one: what happens in the seeds 0 to 49, each once.
fn runs(cluster: &Cluster, late: &[(&str, i64)]) -> Vec<String> {
    let named = |pod: PodId| cluster.str(cluster.pod(pod).name);
    let pending = cluster.pod_ids().filter(|&p| cluster.pod(p).node.is_none());
    let at = |pod| late.iter().find(|(name, _)| *name == named(pod)).map_or(0, |late| late.1);
    let arrivals: Vec<Arrival> = pending.map(|pod| Arrival { pod, at: at(pod) }).collect();
    let scheduler = Scheduler::new(State::new(cluster));
    let runs = scheduler.run_many(&arrivals, 0..50, &Options::default());
    let seen: BTreeSet<String> = runs.iter().map(|run| words(cluster, run)).collect();
    seen.into_iter().collect()
}

/// Nodes a, b, … of 4 cores, each with a pod of a ReplicaSet of this many cores that may go to `spare`, where only those
/// may go, with room for `spare` of them.
struct Scene(World);

impl Scene {
    fn new(nodes: &[&str], cores: i64, spare: i64) -> Self {
        let mut w = World::new();
        for name in nodes {
            let node = w.node(name, "");
            w.0.add_node(node, 0);
        }
        let (key, value) = (w.sym("only"), w.sym("v"));
        let mut node = w.node("spare", "");
        node.allocatable.set(ResourceId::CPU, 1000 * cores * spare);
        node.taints = vec![Taint { key, value, effect: Effect::NoSchedule }];
        w.0.add_node(node, 0);
        let mut scene = Self(w);
        for name in nodes {
            let shape = scene.shape("v", 0, cores);
            scene.runs(&format!("v-{name}"), name, shape, |_| {});
        }
        scene
    }

    fn shape(&mut self, app: &str, priority: i32, cores: i64) -> Shape {
        let mut shape = self.0.shape(app, 1000 * cores, 0);
        shape.priority = priority;
        if app == "v" {
            let key = Some(self.0.sym("only"));
            shape.tolerations = vec![Toleration { key, value: None, effect: None, seconds: None }];
        }
        shape
    }

    fn runs(&mut self, name: &str, node: &str, shape: Shape, change: impl FnOnce(&mut PodSpec)) {
        let owner = Owner { kind: OwnerKind::ReplicaSet, name: None };
        let mut spec = PodSpec { owner, node: Some(node.into()), ..PodSpec::new(name, shape) };
        change(&mut spec);
        self.0.0.add_pod(spec, 0);
    }

    fn waits(&mut self, name: &str, priority: i32, cores: i64) {
        let shape = self.shape("p", priority, cores);
        self.0.pod(name, "", &shape);
    }

    fn build(self) -> Cluster {
        self.0.build()
    }
}

/// The second finds the room that the first makes on its way to a full node taken, and b's pod no dearer: where it
/// evicts that, one victim has no place. Where they are gone at once it does not.
#[test]
fn another_may_evict_elsewhere_meanwhile() {
    for (grace, want) in [
        (
            30,
            vec![
                "v-a!p-1 v-a>spare v-a<a p-1>a p-2>a",
                "v-a!p-1 v-b!p-2 v-a>spare v-a<a v-b<b p-1>a p-2>b | v-b",
            ],
        ),
        (0, vec!["v-a!p-1 v-a<a p-2>a v-a>spare p-1>a"]),
    ] {
        let mut scene = Scene::new(&[], 4, 1);
        for name in ["a", "b"] {
            let node = scene.0.node(name, "");
            scene.0.0.add_node(node, 0);
            let shape = scene.shape("v", 0, 4);
            scene.runs(&format!("v-{name}"), name, shape, |spec| spec.grace = grace);
        }
        scene.waits("p-1", 10, 2);
        scene.waits("p-2", 10, 2);
        let seen = runs(&scene.build(), &[]);
        // Which pod and which node is first is chance: in the names of one of the ways.
        let seen: BTreeSet<String> = seen.into_iter().map(|run| as_first(&run)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), want, "{grace} s");
    }
}

/// Exchanges a and b, p-1 and p-2 such that p-1 evicts v-a first.
fn as_first(run: &str) -> String {
    let swap =
        |run: &str, one: &str, two: &str| run.replace(one, "#").replace(two, one).replace('#', two);
    let mut run = run.to_string();
    if run.starts_with("v-b") {
        run = swap(&swap(&run, "v-a", "v-b"), ">a", ">b");
        run = swap(&run, "<a", "<b");
    }
    if run.contains("v-a!p-2") {
        run = swap(&run, "p-1", "p-2");
    }
    run
}

/// A pod of lower priority does not take the room, one of higher priority does; who was nominated then looks on.
#[test]
fn the_room_is_kept_from_the_less_important_alone() {
    for (priority, want) in [
        (9, "v-a!p v-a>spare v-a<a p>a | other"),
        (10, "v-a!p v-a>spare v-a<a p>a | other"),
        (11, "v-a!p v-a>spare v-a<a other>a | p"),
    ] {
        let mut scene = Scene::new(&["a"], 4, 1);
        scene.waits("p", 10, 4);
        let mut other = scene.shape("p", priority, 4);
        // It evicts nobody itself.
        other.preempts = false;
        scene.0.pod("other", "", &other);
        assert_eq!(runs(&scene.build(), &[("other", 5)]), [want], "{priority}");
    }
}

/// A more important pod takes the room: the one that is nominated there looks elsewhere. That is once the other has come,
/// where nobody but those that are terminating has to go; at once, where it evicts more.
#[test]
fn a_nomination_may_be_lost() {
    for (cores, want) in [
        (3, "v-a!first v-a>spare v-a<a second>a dear!first dear>spare dear<b first>b"),
        (
            4,
            "v-a!first v-a>spare more!second dear!first dear>spare more>spare v-a<a more<a dear<b \
             second>a first>b",
        ),
    ] {
        let mut scene = Scene::new(&[], 3, 3);
        for name in ["a", "b"] {
            let node = scene.0.node(name, "");
            scene.0.0.add_node(node, 0);
        }
        for (name, node, priority, cores) in
            [("v-a", "a", 0, 3), ("more", "a", 1, 1), ("dear", "b", 2, 3)]
        {
            let shape = scene.shape("v", priority, cores);
            scene.runs(name, node, shape, |_| {});
        }
        scene.waits("first", 10, 3);
        let mut second = scene.shape("p", 20, cores);
        second.node_selector.labels = vec![(scene.0.sym(HOST), scene.0.sym("a"))];
        scene.0.pod("second", "", &second);
        assert_eq!(runs(&scene.build(), &[("second", 5)]), [want]);
    }
}

/// Each takes the time that its pod states.
#[test]
fn who_states_less_is_gone_first() {
    let mut scene = Scene::new(&[], 4, 2);
    for (name, grace) in [("a", 60), ("b", 5)] {
        let node = scene.0.node(name, "");
        scene.0.0.add_node(node, 0);
        let shape = scene.shape("v", 0, 4);
        scene.runs(&format!("v-{name}"), name, shape, |spec| spec.grace = grace);
    }
    scene.waits("p-1", 10, 4);
    scene.waits("p-2", 10, 4);
    scene.waits("late", 0, 0);
    let cluster = scene.build();
    for run in runs(&cluster, &[("late", 20)]) {
        let at = |word: &str| run.find(word).unwrap_or_else(|| panic!("{word} in {run}"));
        assert!(at("v-b<b") < at("late>") && at("late>") < at("v-a<a"), "{run}");
    }
}

/// The input may have been taken while room was being made.
#[test]
fn what_was_begun_goes_on() {
    for (preempted, want) in [
        // It waits for its node, although b is cheaper.
        (true, "v-a<a p>a"),
        // Somebody deletes that pod for another reason: it looks around, and b is cheaper.
        (false, "cheap!p cheap<b p>b"),
    ] {
        let mut scene = Scene::new(&["b"], 0, 9);
        let node = scene.0.node("a", "");
        scene.0.0.add_node(node, 0);
        let shape = scene.shape("v", 5, 4);
        scene.runs("v-a", "a", shape, |s| (s.terminating, s.preempted) = (true, preempted));
        let mut cheap = PodSpec::new("cheap", scene.shape("p", 0, 4));
        cheap.node = Some("b".into());
        scene.0.0.add_pod(cheap, 0);
        let p = PodSpec::new("p", scene.shape("p", 10, 4));
        scene.0.0.add_pod(PodSpec { nominated: Some("a".into()), ..p }, 0);
        assert_eq!(runs(&scene.build(), &[]), [want], "{preempted}");
    }
}

/// The scheduler does not ask whether a pod that goes kept others off by its own anti-affinity: those are tried again
/// after five minutes.
#[test]
fn who_is_overlooked_is_tried_again_later() {
    let mut scene = Scene::new(&[], 0, 1);
    let node = scene.0.node("a", "");
    scene.0.0.add_node(node, 0);
    let mut shy = scene.shape("v", 0, 4);
    shy.anti_affinity = vec![scene.0.term("p", HOST)];
    scene.runs("shy", "a", shy, |_| {});
    let mut high = scene.shape("high", 10, 4);
    high.labels = scene.0.labels(&[("app", "high")]);
    scene.0.pod("high", "", &high);
    scene.waits("small", 0, 0);
    scene.waits("late", 0, 0);
    scene.waits("later", 0, 0);
    let cluster = scene.build();
    let want = "shy!high shy<a high>a late>a small>a later>a | shy";
    assert_eq!(runs(&cluster, &[("late", 299), ("later", 301)]), [want]);
}
