//! Cases worked out by hand: here who goes on a node, in `nodes` which node it is, in `helped` where evicting
//! is no help, and the message, in `leaving` what terminating pods and nominated ones change.

mod helped;
mod leaving;
mod nodes;

use super::*;
use crate::model::*;

/// A builder with shorter words: nodes of 10 CPU units and 10 pod slots.
struct World {
    builder: ClusterBuilder,
    pods: u32,
}

impl World {
    fn new() -> Self {
        Self { builder: ClusterBuilder::new(), pods: 0 }
    }

    fn node(&mut self, name: &str) -> NodeSpec {
        let allocatable = Resources::new()
            .with(ResourceId::CPU, 10)
            .with(ResourceId::MEMORY, 10)
            .with(ResourceId::PODS, 10);
        let labels = [("host", name), ("zone", "z")];
        let labels = labels.map(|(k, v)| (self.builder.intern(k), self.builder.intern(v)));
        NodeSpec {
            name: name.into(),
            labels: Labels::new(labels),
            allocatable,
            ..NodeSpec::default()
        }
    }

    fn nodes(&mut self, names: &[&str]) {
        for name in names {
            let spec = self.node(name);
            self.builder.add_node(spec, 0);
        }
    }

    /// A shape of label `app=web` that asks for this much CPU.
    fn shape(&mut self, priority: i32, cpu: i64) -> Shape {
        let mut shape = self.builder.shape("default", Resources::new().with(ResourceId::CPU, cpu));
        shape.labels = self.labels("web");
        shape.priority = priority;
        shape
    }

    fn labels(&mut self, app: &str) -> Labels {
        Labels::new([(self.builder.intern("app"), self.builder.intern(app))])
    }

    fn selector(&mut self, app: &str) -> Selector {
        let (key, value) = (self.builder.intern("app"), self.builder.intern(app));
        Selector::new(vec![Requirement::In(key, vec![value])])
    }

    fn add(
        &mut self,
        node: Option<&str>,
        shape: &Shape,
        change: impl FnOnce(&mut PodSpec),
    ) -> PodId {
        let id = PodId(self.pods);
        self.pods += 1;
        let mut spec = PodSpec::new(format!("pod-{}", id.0), shape.clone());
        spec.node = node.map(Into::into);
        change(&mut spec);
        self.builder.add_pod(spec, 0);
        id
    }

    fn runs(&mut self, node: &str, priority: i32, cpu: i64) -> PodId {
        self.runs_since(node, priority, cpu, 0)
    }

    fn runs_since(&mut self, node: &str, priority: i32, cpu: i64, started: i64) -> PodId {
        let shape = self.shape(priority, cpu);
        self.add(Some(node), &shape, |spec| spec.started = started)
    }

    fn waits(&mut self, priority: i32, cpu: i64) -> PodId {
        let shape = self.shape(priority, cpu);
        self.add(None, &shape, |_| {})
    }

    fn budget(&mut self, app: &str, allowed: i64) {
        let namespace = self.builder.intern("default");
        let (name, selector) = (self.builder.intern(app), self.selector(app));
        self.builder.add_budget(Budget::new(namespace, name, selector, allowed));
    }

    fn build(self) -> Cluster {
        self.builder.build().expect("a valid cluster")
    }
}

fn spread(w: &mut World, key: &str) -> Spread {
    Spread {
        max_skew: 1,
        topology_key: w.builder.intern(key),
        selector: w.selector("web"),
        min_domains: 1,
        node_affinity_policy: NodePolicy::Honor,
        node_taints_policy: NodePolicy::Ignore,
    }
}

/// Asks with the cluster's own budgets, always drawing 0.
fn ask(cluster: &Cluster, pod: PodId) -> Result<Preemption, Declined> {
    ask_in(&State::new(cluster), pod)
}

fn ask_in(state: &State, pod: PodId) -> Result<Preemption, Declined> {
    let mut budgets = budgets_left(state.cluster(), []);
    preempt(state, pod, &mut budgets, &mut |_| 0)
}

/// The victims on the only node that can be.
fn victims(cluster: &Cluster, pod: PodId) -> Vec<PodId> {
    ask(cluster, pod).expect("there is room to make").victims
}

/// The node chosen.
fn chosen(cluster: &Cluster, pod: PodId) -> &str {
    cluster.node_name(ask(cluster, pod).expect("there is room to make").node)
}

#[test]
fn the_least_important_go_and_as_few_as_need_be() {
    let mut w = World::new();
    w.nodes(&["a"]);
    let low = w.runs("a", 1, 3);
    w.runs("a", 3, 3);
    let middle = w.runs("a", 2, 3);
    let (one, two) = (w.waits(9, 4), w.waits(9, 7));
    let c = w.build();
    assert_eq!(victims(&c, one), [low]);
    assert_eq!(victims(&c, two), [middle, low], "the most important first");
}

/// Reprieve goes from the top: a big pod that does not fit back goes though smaller ones below it stay.
#[test]
fn reprieve_starts_with_the_most_important() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs("a", 1, 2);
    let big = w.runs("a", 3, 6);
    w.runs("a", 2, 2);
    let pod = w.waits(9, 6);
    let c = w.build();
    assert_eq!(victims(&c, pod), [big]);
}

#[test]
fn of_equals_the_younger_goes_and_without_a_start_it_is_the_youngest() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs_since("a", 0, 5, 100);
    let young = w.runs_since("a", 0, 5, 200);
    let pod = w.waits(9, 5);
    let c = w.build();
    assert_eq!(victims(&c, pod), [young]);

    let mut w = World::new();
    w.nodes(&["a"]);
    let unknown = w.runs_since("a", 0, 5, 0);
    w.runs_since("a", 0, 5, 200);
    let pod = w.waits(9, 5);
    let c = w.build();
    assert_eq!(victims(&c, pod), [unknown]);
}

#[test]
fn equal_priority_is_no_victim_and_a_daemon_is_one() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 9, 10);
    let shape = w.shape(8, 10);
    let kind = OwnerKind::DaemonSet;
    let daemon = w.add(Some("b"), &shape, |spec| spec.owner = Owner { kind, name: None });
    let pod = w.waits(9, 1);
    let c = w.build();
    let answer = ask(&c, pod).expect("the daemon has to go");
    assert_eq!((c.node_name(answer.node), answer.victims), ("b", vec![daemon]));
}

#[test]
fn who_may_not_preempt_does_not() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs("a", 0, 10);
    let mut shape = w.shape(9, 1);
    shape.preempts = false;
    let pod = w.add(None, &shape, |_| {});
    let c = w.build();
    let declined = ask(&c, pod).expect_err("the policy is Never");
    assert_eq!(declined, Declined::Policy);
    let why =
        "no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.";
    assert_eq!(declined.line(&c), why);
}

/// A replacement's priority is that of its incoming shape, which here may preempt what the old one may not.
#[test]
fn the_incoming_shape_decides() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs("a", 5, 10);
    let (old, new) = (w.shape(0, 1), w.shape(9, 1));
    let pod = w.add(None, &old, |spec| spec.incoming = Some(new));
    let c = w.build();
    assert!(ask(&c, pod).is_ok());
}

#[test]
fn a_violated_budget_is_spared_first_on_the_node() {
    let mut w = World::new();
    w.nodes(&["a"]);
    let guarded = w.runs("a", 0, 5);
    let mut free = w.shape(5, 5);
    free.labels = w.labels("free");
    let free = w.add(Some("a"), &free, |_| {});
    w.budget("web", 0);
    let pod = w.waits(9, 5);
    let c = w.build();
    assert_eq!(victims(&c, pod), [free], "though {guarded:?} is less important");
}

/// Three pods under a budget of two: the least important of them violates it, and is tried for reprieve first.
#[test]
fn a_budget_counts_down_by_importance() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs("a", 3, 3);
    let middle = w.runs("a", 2, 3);
    w.runs("a", 1, 3);
    w.budget("web", 2);
    let pod = w.waits(9, 4);
    let c = w.build();
    let answer = ask(&c, pod).expect("one has to go");
    assert_eq!((answer.victims, answer.violations), (vec![middle], 0));
}

#[test]
fn violations_are_told_and_victims_taken_off_the_budget() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs("a", 1, 5);
    w.runs("a", 0, 5);
    w.budget("web", 1);
    w.budget("other", 7);
    let pod = w.waits(9, 10);
    let c = w.build();
    let mut budgets = budgets_left(&c, []);
    let answer = preempt(&State::new(&c), pod, &mut budgets, &mut |_| 0).expect("both go");
    assert_eq!((answer.victims.len(), answer.violations), (2, 1));
    assert_eq!(budgets, [-1, 7]);
}

/// The eviction API heeds a budget that selects everything; preemption passes over it.
#[test]
fn an_empty_selector_and_a_pod_without_labels_are_not_heeded() {
    let mut w = World::new();
    w.nodes(&["a"]);
    let mut bare = w.shape(0, 5);
    bare.labels = Labels::default();
    w.add(Some("a"), &bare, |_| {});
    w.runs("a", 0, 5);
    let (namespace, name) = (w.builder.intern("default"), w.builder.intern("all"));
    w.builder.add_budget(Budget::new(namespace, name, Selector::default(), 0));
    let key = w.builder.intern("absent");
    let selector = Selector::new(vec![Requirement::DoesNotExist(key)]);
    w.builder.add_budget(Budget::new(namespace, name, selector, 5));
    let pod = w.waits(9, 10);
    let c = w.build();
    assert_eq!(ask(&c, pod).expect("both go").violations, 0);
    assert_eq!(c.budgets_of(c.shape_of(PodId(0))).count(), 2);
}

#[test]
fn pods_that_are_down_use_up_a_budget() {
    let mut w = World::new();
    w.nodes(&["a"]);
    let one = w.runs("a", 0, 1);
    let shape = w.shape(0, 1);
    let terminating = w.add(Some("a"), &shape, |spec| spec.terminating = true);
    w.budget("web", 1);
    let c = w.build();
    assert_eq!(budgets_left(&c, [one, terminating]), [0]);
}

/// Pods that we placed are victims too: by their incoming shape, and as the youngest.
#[test]
fn placed_pods_are_victims() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs_since("a", 0, 5, 100);
    let (old, new) = (w.shape(9, 5), w.shape(0, 5));
    let arrives = w.add(None, &old, |spec| (spec.started, spec.incoming) = (1, Some(new)));
    let pod = w.waits(9, 5);
    let c = w.build();
    let mut state = State::new(&c);
    state.place(arrives, NodeId(0), &[]);
    assert_eq!(ask_in(&state, pod).expect("one goes").victims, [arrives]);
}

fn lift(state: &mut State, pod: PodId) -> Lifted {
    let node = state.node_of(pod).expect("it is somewhere");
    let resident = state.residents(node).find(|r| r.pod == pod).expect("it is there");
    state.lift(resident, node).expect("it is there")
}

/// Once put back, a pod holds its claim again.
#[test]
fn put_back_takes_the_claim() {
    let mut w = World::new();
    w.nodes(&["a"]);
    let mut shape = w.shape(0, 1);
    shape.one_pod_claims = vec![w.builder.intern("data")];
    let holder = w.add(Some("a"), &shape, |_| {});
    let pod = w.add(None, &shape, |_| {});
    let c = w.build();
    let mut state = State::new(&c);
    let before = explain(&state, pod, RuleSet::ALL);
    let lifted = lift(&mut state, holder);
    assert_ne!(explain(&state, pod, RuleSet::ALL), before);
    state.put_back(lifted);
    assert_eq!(explain(&state, pod, RuleSet::ALL), before);
}

/// A terminating pod of the input is still one after it was lifted and put back: spread does not count it.
#[test]
fn put_back_is_as_before() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    let mut shape = w.shape(0, 1);
    shape.spread = vec![spread(&mut w, "host")];
    let dying = w.add(Some("a"), &shape, |spec| spec.terminating = true);
    let lives = w.add(Some("a"), &shape, |_| {});
    let placed = w.add(None, &shape, |_| {});
    let pod = w.add(None, &shape, |_| {});
    let c = w.build();
    let mut state = State::new(&c);
    state.place(placed, NodeId(1), &[]);
    let free = |s: &State| [0, 1].map(|n| s.free(NodeId(n), ResourceId::CPU));
    let before = (explain(&state, pod, RuleSet::ALL), free(&state));
    for victim in [dying, lives, placed] {
        let lifted = lift(&mut state, victim);
        assert_eq!(state.node_of(victim), None);
        state.put_back(lifted);
        assert_eq!((explain(&state, pod, RuleSet::ALL), free(&state)), before, "{victim:?}");
        assert_eq!(state.is_placed(victim), victim == placed);
    }
}
