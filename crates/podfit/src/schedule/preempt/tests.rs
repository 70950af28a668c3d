//! A case for each rule of the victim choice, of the node choice and of the message, worked out by hand.

use super::*;
use crate::model::*;
use crate::rules::Explanation;

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
        self.builder.add_budget(Budget { namespace, name, selector, allowed });
    }

    fn build(self) -> Cluster {
        self.builder.build().expect("a valid cluster")
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
    assert_eq!(declined.line(&c), "preemption: not eligible due to preemptionPolicy=Never.");
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
    w.builder.add_budget(Budget { namespace, name, selector: Selector::default(), allowed: 0 });
    let key = w.builder.intern("absent");
    let selector = Selector::new(vec![Requirement::DoesNotExist(key)]);
    w.builder.add_budget(Budget { namespace, name, selector, allowed: 5 });
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

#[test]
fn first_the_node_with_fewest_violations() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 0, 10);
    let mut free = w.shape(5, 10);
    free.labels = w.labels("free");
    w.add(Some("b"), &free, |_| {});
    w.budget("web", 0);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b", "though its victim has the higher priority");
}

#[test]
fn second_the_lowest_highest_priority() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 5, 10);
    w.runs("b", 4, 5);
    w.runs("b", 4, 5);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b");
}

/// 4 and -100 sum up to less than 4 alone, but more victims are no cheaper for being negative.
#[test]
fn third_the_smallest_sum_counted_from_the_bottom() {
    let mut w = World::new();
    w.nodes(&["a", "b", "c"]);
    w.runs("a", 4, 5);
    w.runs("a", -100, 5);
    w.runs("b", 4, 5);
    w.runs("b", 3, 5);
    w.runs("c", 4, 10);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "c");

    let mut w = World::new();
    w.nodes(&["a", "b"]);
    for (node, second) in [("a", 3), ("b", -100)] {
        w.runs(node, 4, 5);
        w.runs(node, second, 5);
    }
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b");
}

/// A pod of the lowest priority there is adds nothing to the sum.
#[test]
fn fourth_the_fewest_victims() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 4, 5);
    w.runs("a", i32::MIN, 5);
    w.runs("b", 4, 10);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b");
}

/// Of the victims of highest priority the earliest start counts: 100 on a, 150 on b (whose 50 is of a lower one).
#[test]
fn fifth_the_latest_start() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs_since("a", 4, 4, 100);
    w.runs_since("a", 4, 3, 900);
    w.runs_since("a", 1, 3, 900);
    w.runs_since("b", 4, 4, 150);
    w.runs_since("b", 4, 3, 160);
    w.runs_since("b", 1, 3, 50);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b");
}

#[test]
fn ties_are_drawn() {
    let mut w = World::new();
    w.nodes(&["a", "b", "c"]);
    for node in ["a", "b", "c"] {
        w.runs(node, 0, 10);
    }
    let pod = w.waits(9, 10);
    let c = w.build();
    let state = State::new(&c);
    for (offset, tie, node) in [(0, 0, "a"), (0, 2, "c"), (1, 0, "b"), (2, 1, "a")] {
        let mut draws = [(3, offset), (3, tie)].into_iter();
        let mut draw = |n| {
            let (of, drawn) = draws.next().expect("two draws");
            assert_eq!(n, of);
            drawn
        };
        let answer = preempt(&state, pod, &mut [], &mut draw).expect("any node will do");
        assert_eq!(c.node_name(answer.node), node);
    }
}

/// Of 1,200 nodes 120 candidates are enough: the best node is not among the first of them.
#[test]
fn the_search_ends_with_a_tenth_of_the_nodes() {
    let mut w = World::new();
    let names: Vec<String> = (0..1200).map(|i| format!("n{i}")).collect();
    w.nodes(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for (i, name) in names.iter().enumerate() {
        w.runs(name, if i == 120 { 0 } else { 1 }, 10);
    }
    let pod = w.waits(9, 10);
    let c = w.build();
    let state = State::new(&c);
    let from = |offset| {
        let mut draw = |n: usize| if n == 1200 { offset } else { 0 };
        c.node_name(preempt(&state, pod, &mut [], &mut draw).expect("any").node)
    };
    assert_eq!(from(0), "n0", "119 is the last that is looked at");
    assert_eq!(from(1), "n120");
}

/// With every candidate violating a budget the search goes on to the end.
#[test]
fn the_search_goes_on_until_one_keeps_the_budgets() {
    let mut w = World::new();
    let names: Vec<String> = (0..150).map(|i| format!("n{i}")).collect();
    w.nodes(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for name in &names[..149] {
        w.runs(name, 0, 10);
    }
    let mut free = w.shape(5, 10);
    free.labels = w.labels("free");
    w.add(Some("n149"), &free, |_| {});
    w.budget("web", 0);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "n149");
}

/// Pods that we placed are victims too: by their incoming shape, and as the youngest.
#[test]
fn placed_pods_are_victims() {
    let mut w = World::new();
    w.nodes(&["a"]);
    w.runs_since("a", 0, 5, 100);
    let shape = w.shape(0, 5);
    let arrives = w.add(None, &shape, |spec| spec.started = 1);
    let pod = w.waits(9, 5);
    let c = w.build();
    let mut state = State::new(&c);
    state.place(arrives, NodeId(0), &[]);
    assert_eq!(ask_in(&state, pod).expect("one goes").victims, [arrives]);
}

/// For each refusal: whether evicting the pod of lower priority, which fills the node, is tried.
fn tried(change: impl FnOnce(&mut World, &mut NodeSpec, &mut Shape, &mut Shape)) -> bool {
    let mut w = World::new();
    let mut node = w.node("a");
    let (mut low, mut high) = (w.shape(0, 1), w.shape(9, 1));
    change(&mut w, &mut node, &mut low, &mut high);
    w.builder.add_node(node, 0);
    w.add(Some("a"), &low, |_| {});
    let pod = w.add(None, &high, |_| {});
    let c = w.build();
    let state = State::new(&c);
    assert!(!refusals(&state, pod, NodeId(0), RuleSet::ALL).is_empty(), "refused to begin with");
    match ask(&c, pod) {
        Ok(_) => true,
        Err(declined) => {
            assert_eq!(declined, Declined::Nodes(vec![(NodeId(0), Spared::NotHelpful)]));
            false
        }
    }
}

#[test]
fn what_eviction_can_change() {
    assert!(tried(|_, _, low, _| low.requests.set(ResourceId::CPU, 10)));
    assert!(tried(|_, node, _, _| node.allocatable.set(ResourceId::PODS, 1)));
    assert!(tried(|_, _, low, high| {
        let port = HostPort { protocol: Protocol::Tcp, port: 80, ip: None };
        (low.host_ports, high.host_ports) = (vec![port], vec![port]);
    }));
    let term = |w: &mut World| PodTerm {
        namespaces: NamespaceSet::All,
        selector: w.selector("web"),
        topology_key: w.builder.intern("host"),
    };
    assert!(tried(|w, _, _, high| high.anti_affinity = vec![term(w)]));
    assert!(tried(|w, _, low, _| low.anti_affinity = vec![term(w)]));
    assert!(tried(|w, node, low, high| {
        let card = Card { model: w.builder.intern("m1") };
        node.cards = vec![card];
        low.gpu = GpuRequest { cards: 1, milli_each: 500, models: vec![] };
        high.gpu = GpuRequest { cards: 1, milli_each: 1000, models: vec![card.model] };
    }));
}

#[test]
fn what_eviction_cannot_change() {
    // More than the node has in all.
    assert!(!tried(|_, _, _, high| high.requests.set(ResourceId::CPU, 11)));
    assert!(!tried(|_, node, _, _| node.unschedulable = true));
    assert!(!tried(|w, node, _, _| {
        let (key, value) = (w.builder.intern("t"), w.builder.intern(""));
        node.taints = vec![Taint { key, value, effect: Effect::NoSchedule }];
    }));
    assert!(!tried(|w, _, _, high| high.node_name = Some(w.builder.intern("b"))));
    let elsewhere = |w: &mut World| {
        let pair = (w.builder.intern("host"), w.builder.intern("b"));
        NodeSelector { labels: vec![pair], terms: None }
    };
    assert!(!tried(|w, _, _, high| high.node_selector = elsewhere(w)));
    assert!(!tried(|w, _, _, high| {
        let (claim, nodes) = (w.builder.intern("data"), elsewhere(w));
        high.volumes = vec![VolumeClaim { claim, kind: ClaimKind::Bound, nodes }];
    }));
    // A pod that must be with another which is nowhere.
    assert!(!tried(|w, _, _, high| {
        let selector = w.selector("nobody");
        let topology_key = w.builder.intern("host");
        high.affinity = vec![PodTerm { namespaces: NamespaceSet::All, selector, topology_key }];
    }));
    assert!(!tried(|w, _, _, high| high.spread = vec![spread(w, "absent")]));
    assert!(!tried(|w, node, _, high| {
        node.cards = vec![Card { model: w.builder.intern("m1") }];
        high.gpu = GpuRequest { cards: 2, milli_each: 1000, models: vec![] };
    }));
    assert!(!tried(|w, node, _, high| {
        node.cards = vec![Card { model: w.builder.intern("m1") }];
        high.gpu = GpuRequest { cards: 1, milli_each: 500, models: vec![w.builder.intern("m2")] };
    }));
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

/// Skew: node b is empty but cordoned, so only evicting on a helps.
#[test]
fn too_full_a_domain_can_be_emptied() {
    let mut w = World::new();
    w.nodes(&["a"]);
    let cordoned = NodeSpec { unschedulable: true, ..w.node("b") };
    w.builder.add_node(cordoned, 0);
    let low = w.runs("a", 0, 1);
    let mut shape = w.shape(9, 1);
    shape.spread = vec![spread(&mut w, "host")];
    let pod = w.add(None, &shape, |_| {});
    assert_eq!(victims(&w.build(), pod), [low]);
}

/// More volumes than the node takes in all is thought resolvable all the same.
#[test]
fn a_volume_limit_is_always_tried() {
    let mut w = World::new();
    let limit = w.builder.resource("attachable-volumes-csi-disk.example.com");
    let mut node = w.node("a");
    node.allocatable.set(limit, 2);
    w.builder.add_node(node, 0);
    w.runs("a", 0, 1);
    let mut shape = w.shape(9, 1);
    shape.requests.set(limit, 3);
    let pod = w.add(None, &shape, |_| {});
    let c = w.build();
    let Err(Declined::Nodes(nodes)) = ask(&c, pod) else { panic!("it never fits") };
    assert!(matches!(nodes.as_slice(), [(_, Spared::Refused(_))]), "{nodes:?}");
}

#[test]
fn a_lost_node_is_no_candidate() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 0, 10);
    w.runs("b", 1, 10);
    let pod = w.waits(9, 10);
    let c = w.build();
    for loss in [Loss::NotReady, Loss::Drained, Loss::Deleted] {
        let change = Change { lost: vec![NodeId(0)], loss, ..Change::default() };
        let answer = ask_in(&State::with_change(&c, &change), pod).expect("b is left");
        assert_eq!(c.node_name(answer.node), "b");
    }
}

/// The event of a pod that fits nowhere and helps itself nowhere is the message and the line.
#[test]
fn message_and_line_are_the_event() {
    let mut w = World::new();
    w.nodes(&["a", "b", "c"]);
    let cordoned = NodeSpec { unschedulable: true, ..w.node("d") };
    w.builder.add_node(cordoned, 0);
    w.runs("a", 9, 10);
    w.runs("b", 9, 10);
    w.runs("c", 9, 5);
    w.runs("c", 0, 5);
    let pod = w.waits(9, 6);
    let c = w.build();
    let state = State::new(&c);
    let explanation: Explanation = explain(&state, pod, RuleSet::ALL);
    let declined = ask(&c, pod).expect_err("only c has a victim, and it is too small");
    assert_eq!(
        format!("{} {}", explanation.scheduler_message(&c), declined.line(&c)),
        "0/4 nodes are available: 1 node(s) were unschedulable, 3 Insufficient cpu. \
         preemption: 0/4 nodes are available: 1 Insufficient cpu, 1 Preemption is not helpful for \
         scheduling, 2 No preemption victims found for incoming pod."
    );
}

#[test]
fn counts_are_sorted_as_text_and_no_node_says_nothing() {
    let mut w = World::new();
    let names: Vec<String> = (0..12).map(|i| format!("n{i}")).collect();
    w.nodes(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let tired = NodeSpec { unschedulable: true, ..w.node("tired") };
    let also = NodeSpec { unschedulable: true, ..w.node("also") };
    w.builder.add_node(tired, 0);
    w.builder.add_node(also, 0);
    for name in &names {
        w.runs(name, 0, 10);
    }
    let pod = w.waits(0, 1);
    let c = w.build();
    let declined = ask(&c, pod).expect_err("nobody is below 0");
    assert_eq!(
        declined.line(&c),
        "preemption: 0/14 nodes are available: 12 No preemption victims found for incoming pod, \
         2 Preemption is not helpful for scheduling."
    );
    let mut w = World::new();
    let pod = w.waits(0, 1);
    let c = w.build();
    assert_eq!(ask(&c, pod).expect_err("no node").line(&c), "");
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
        let lifted = state.lift(victim).expect("it is somewhere");
        assert_eq!(state.node_of(victim), None);
        state.put_back(lifted);
        assert_eq!((explain(&state, pod, RuleSet::ALL), free(&state)), before, "{victim:?}");
        assert_eq!(state.is_placed(victim), victim == placed);
    }
    assert!(state.lift(pod).is_none());
}
