//! Preemption against a second writing of it, straight from the rules and without any undoing: for each set of
//! pods that might go, a state of its own.

use crate::oracle::{Random, random_shape};
use podfit::model::*;
use podfit::rules::{Explanation, Refusal, RuleSet, State, explain, refusals};
use podfit::schedule::{Declined, Preemption, Spared, budgets_left, preempt};
use std::time::Instant;

/// A cluster after some loss, some evictions that are not over and some placements, and pods that may preempt.
struct Case {
    cluster: Cluster,
    change: Change,
    waiting: Vec<PodId>,
    /// Room is being made for these pods.
    nominated: Vec<(PodId, NodeId)>,
}

fn case(r: &mut Random) -> Case {
    let mut b = ClusterBuilder::new();
    let nodes = r.range(1, 4);
    let mut shapes: Vec<Shape> =
        (0..r.range(3, 5)).map(|i| random_shape(r, &mut b, nodes, i)).collect();
    for shape in &mut shapes {
        // Cards would have to be there already.
        shape.gpu = GpuRequest::default();
        shape.priority = r.pick(&[-5, 0, 0, 3, i32::MIN]);
        if r.percent(5) {
            shape.labels = Labels::default();
        }
    }
    (0..nodes).for_each(|i| add_node(r, &mut b, i));
    let mut pods = 0;
    for node in 0..nodes {
        for _ in 0..r.range(0, 5) {
            add_running(r, &mut b, &shapes, node, pods);
            pods += 1;
        }
    }
    let first_waiting = pods;
    for _ in 0..4 {
        let mut shape = shapes[r.range(0, shapes.len() as i64 - 1) as usize].clone();
        if r.percent(70) {
            shape.priority = 5;
            // Pods of other applications than its own are there to be evicted.
            shape.affinity.clear();
        }
        shape.requests.set(ResourceId::CPU, r.range(1, 12));
        shape.preempts = !r.percent(5);
        b.add_pod(PodSpec::new(format!("pod-{pods}"), shape), 0);
        pods += 1;
    }
    for _ in 0..r.range(0, 3) {
        add_budget(r, &mut b);
    }
    let cluster = b.build().expect("a valid cluster");
    let mut waiting: Vec<PodId> = (first_waiting..pods).map(PodId).collect();
    let mut change = change(r, &cluster, &mut waiting);
    // A node on which the scheduler evicts, and pods for which it does so, there or elsewhere.
    for &pod in cluster.pods_on(NodeId(r.range(0, nodes - 1) as u32)) {
        let stays = !cluster.pod(pod).terminating && !change.removed.iter().any(|c| c.pod == pod);
        if stays && r.percent(25) {
            change.removed.push(Removal { pod, lingers: true });
        }
    }
    let nominated = (waiting.iter().filter(|_| r.percent(30)).copied().collect::<Vec<_>>())
        .into_iter()
        .map(|pod| (pod, NodeId(r.range(0, nodes - 1) as u32)))
        .collect();
    Case { cluster, change, waiting, nominated }
}

fn add_node(r: &mut Random, b: &mut ClusterBuilder, index: i64) {
    let name = format!("node-{index}");
    let mut labels = vec![(b.intern("disk"), b.intern("ssd")), (b.intern("gen"), b.intern("2"))];
    if !r.percent(7) {
        labels.push((b.intern("host"), b.intern(&name)));
    }
    labels.push((b.intern("zone"), b.intern(r.pick(&["z1", "z2"]))));
    let allocatable = Resources::new()
        .with(ResourceId::CPU, r.range(8, 14))
        .with(ResourceId::MEMORY, r.range(8, 20))
        .with(ResourceId::PODS, r.range(3, 7))
        .with(b.resource("example.com/device"), 3);
    let (labels, unschedulable) = (Labels::new(labels), r.percent(5));
    b.add_node(NodeSpec { name, labels, allocatable, unschedulable, ..NodeSpec::default() }, 0);
}

fn add_running(r: &mut Random, b: &mut ClusterBuilder, shapes: &[Shape], node: i64, index: u32) {
    let shape = shapes[r.range(0, shapes.len() as i64 - 1) as usize].clone();
    let mut spec = PodSpec::new(format!("pod-{index}"), shape.clone());
    spec.node = Some(format!("node-{node}"));
    spec.terminating = r.percent(10);
    spec.preempted = r.percent(50);
    spec.started = r.pick(&[0, 100, 100, 200, 300]);
    if r.percent(20) {
        // A resize under way.
        let requests = shape.requests.clone().with(ResourceId::CPU, r.range(1, 5));
        spec.incoming = Some(Shape { requests, ..shape });
    }
    b.add_pod(spec, 0);
}

fn add_budget(r: &mut Random, b: &mut ClusterBuilder) {
    let namespace = b.intern(r.pick(&["default", "default", "other"]));
    let (app, web) = (b.intern("app"), b.intern(r.pick(&["web", "db", "job"])));
    let all = match r.range(0, 5) {
        0 => vec![],
        1 => vec![Requirement::NotIn(app, vec![web])],
        2 => vec![Requirement::Exists(app)],
        _ => vec![Requirement::In(app, vec![web])],
    };
    let name = b.intern("budget");
    let selector = Selector::new(all);
    b.add_budget(Budget::new(namespace, name, selector, r.range(0, 2)));
}

/// Now and then a node is lost, and some that wait find room first.
fn change(r: &mut Random, cluster: &Cluster, waiting: &mut Vec<PodId>) -> Change {
    let mut change = Change::default();
    if r.percent(25) && cluster.nodes().len() > 1 {
        change.lost = vec![NodeId(0)];
        change.loss = r.pick(&[Loss::NotReady, Loss::Deleted, Loss::Drained]);
        let lingers = change.loss == Loss::NotReady;
        let gone = cluster.pods_on(NodeId(0)).iter();
        change.removed = gone.map(|&pod| Removal { pod, lingers }).collect();
        waiting.extend(cluster.pods_on(NodeId(0)));
    }
    let mut state = State::with_change(cluster, &change);
    let mut left = Vec::new();
    for &pod in waiting.iter() {
        let takes = |node: &NodeId| refusals(&state, pod, *node, RuleSet::SCHEDULER).is_empty();
        match cluster.node_ids().find(takes) {
            Some(node) => {
                state.place(pod, node, &[]);
                change.steps.push(Step { pod, node, cards: vec![] });
            }
            None => left.push(pod),
        }
    }
    *waiting = left;
    change
}

impl Case {
    /// The case without these pods.
    fn without(&self, gone: &[PodId]) -> State<'_> {
        let mut change = self.change.clone();
        change.steps.retain(|step| !gone.contains(&step.pod));
        for &pod in gone.iter().filter(|&&pod| !self.is_placed(pod)) {
            change.removed.retain(|removal| removal.pod != pod);
            change.removed.push(Removal { pod, lingers: false });
        }
        State::with_change(&self.cluster, &change)
    }

    /// What keeps the pod off the node without these: beside those for whom room is being made, else as it is.
    fn refused(&self, pod: PodId, node: NodeId, gone: &[PodId]) -> Vec<Refusal> {
        let mut state = self.without(gone);
        let why = refusals(&state, pod, node, RuleSet::SCHEDULER);
        let priority = |pod| self.cluster.incoming_of(pod).priority;
        let yields = |&&(other, there): &&(PodId, NodeId)| {
            there == node && other != pod && priority(other) >= priority(pod)
        };
        for &(other, _) in self.nominated.iter().filter(yields) {
            state.place(other, node, &[]);
        }
        let beside = refusals(&state, pod, node, RuleSet::SCHEDULER);
        if beside.is_empty() { why } else { beside }
    }

    /// Pods that are terminating where they were, of the input or evicted since.
    fn is_leaving(&self, pod: PodId) -> bool {
        self.is_evicted(pod) || (!self.is_placed(pod) && self.cluster.pod(pod).terminating)
    }

    fn is_evicted(&self, pod: PodId) -> bool {
        let lost = |node| self.change.lost.contains(&node);
        let removed = self.change.removed.iter().any(|r| r.pod == pod && r.lingers);
        removed && !self.cluster.pod(pod).node.is_some_and(lost) && !self.is_placed(pod)
    }

    /// Everything on a node.
    fn on(&self, node: NodeId) -> Vec<PodId> {
        let here = self.without(&[]);
        let evicted = self.cluster.pods_on(node).iter().filter(|&&pod| self.is_evicted(pod));
        here.pods_on(node).chain(evicted.copied()).collect()
    }

    /// The state as it is.
    fn now(&self) -> State<'_> {
        let mut state = self.without(&[]);
        self.nominated.iter().for_each(|&(pod, node)| state.nominate(pod, Some(node)));
        state
    }

    fn waits(&self, pod: PodId, why: &[(NodeId, Vec<Refusal>)]) -> Option<NodeId> {
        let &(_, node) = self.nominated.iter().find(|(other, _)| *other == pod)?;
        let (_, refused) = why.iter().find(|(there, _)| *there == node)?;
        let lower =
            |other: PodId| self.priority(other) < i64::from(self.cluster.incoming_of(pod).priority);
        let preempted = |other| {
            self.is_evicted(other) || self.is_leaving(other) && self.cluster.pod(other).preempted
        };
        let waits = self.on(node).into_iter().any(|other| lower(other) && preempted(other));
        (waits && (refused.is_empty() || self.is_helped(refused))).then_some(node)
    }

    fn is_placed(&self, pod: PodId) -> bool {
        self.change.steps.iter().any(|step| step.pod == pod)
    }

    fn priority(&self, pod: PodId) -> i64 {
        let pods = &self.cluster;
        let shape = if self.is_placed(pod) { pods.incoming_of(pod) } else { pods.shape_of(pod) };
        i64::from(shape.priority)
    }

    fn start(&self, pod: PodId) -> i64 {
        let started = self.cluster.pod(pod).started;
        if self.is_placed(pod) || started == 0 { 1 << 40 } else { started }
    }

    fn is_helped(&self, why: &[Refusal]) -> bool {
        let helped = |r: &Refusal| match r.code {
            "host-port-taken"
            | "too-many-pods"
            | "topology-spread"
            | "pod-anti-affinity"
            | "existing-anti-affinity"
            | "claim-in-use"
            | "too-many-volumes" => true,
            "insufficient-resource" => {
                let resource = r.resource.expect("a resource is short");
                r.need.expect("so much") <= self.cluster.node(r.node).allocatable.get(resource)
            }
            _ => false,
        };
        !why.is_empty() && why.iter().all(helped)
    }

    /// Of `pods`, in this order, which would break a budget.
    fn violating(&self, pods: &[PodId], budgets: &[i64]) -> Vec<PodId> {
        let mut left = budgets.to_vec();
        let mut violating = Vec::new();
        for &pod in pods {
            let shape = self.cluster.shape_of(pod);
            for (budget, left) in self.cluster.budgets().iter().zip(&mut left) {
                let meant = budget.namespace == shape.namespace
                    && !budget.selector.all.is_empty()
                    && shape.labels.iter().count() > 0
                    && budget.selector.matches(&shape.labels, self.cluster.names());
                *left -= i64::from(meant);
                if meant && *left < 0 && !violating.contains(&pod) {
                    violating.push(pod);
                }
            }
        }
        violating
    }

    /// Who goes on a node, and how many of them break a budget.
    fn victims(
        &self,
        pod: PodId,
        node: NodeId,
        budgets: &[i64],
    ) -> Result<(Vec<PodId>, usize), Spared> {
        let highest = i64::from(self.cluster.incoming_of(pod).priority);
        let mut lower = self.on(node);
        lower.retain(|&p| self.priority(p) < highest);
        if lower.is_empty() {
            return Err(Spared::NoVictims);
        }
        let refused = |gone: &[PodId]| self.refused(pod, node, gone);
        if !refused(&lower).is_empty() {
            return Err(Spared::Refused(refused(&lower)));
        }
        lower.sort_by_key(|&p| (-self.priority(p), self.start(p)));
        let violating = self.violating(&lower, budgets);
        let clean = lower.iter().filter(|p| !violating.contains(p));
        let mut gone = lower.clone();
        for &candidate in violating.iter().chain(clean) {
            let rest: Vec<PodId> = gone.iter().copied().filter(|&p| p != candidate).collect();
            if refused(&rest).is_empty() {
                gone = rest;
            }
        }
        let violations = gone.iter().filter(|p| violating.contains(p)).count();
        Ok((gone, violations))
    }

    fn preempt(
        &self,
        pod: PodId,
        budgets: &[i64],
        draw: &mut impl FnMut(usize) -> usize,
    ) -> Result<Preemption, Declined> {
        let Explanation { per_node: mut why, lost, .. } =
            explain(&self.without(&[]), pod, RuleSet::SCHEDULER);
        let stays = why.iter().filter(|(_, why)| why.iter().all(|r| r.code != "node-lost"));
        let is_for_all = |r: &Refusal| {
            ["node-affinity-conflict", "claim-unbound", "claim-missing"].contains(&r.code)
        };
        if stays.chain(&lost).flat_map(|(_, why)| why).any(is_for_all) {
            return Err(Declined::EveryNode);
        }
        if !self.cluster.incoming_of(pod).preempts {
            return Err(Declined::Policy);
        }
        why.iter_mut().for_each(|(node, why)| *why = self.refused(pod, *node, &[]));
        if let Some(node) = self.waits(pod, &why) {
            return Err(Declined::Waits(node));
        }
        let mut nodes: Vec<NodeId> =
            why.iter().filter(|(_, why)| self.is_helped(why)).map(|n| n.0).collect();
        if !nodes.is_empty() {
            let offset = draw(nodes.len());
            nodes.rotate_left(offset);
        }
        let mut spared = Vec::new();
        let mut found = Vec::new();
        for &node in &nodes {
            match self.victims(pod, node, budgets) {
                Ok((all, violations)) => found.push((node, all, violations)),
                Err(why) => spared.push((node, why)),
            }
        }
        if found.is_empty() {
            let told = |node| spared.iter().find(|(n, _)| *n == node).map(|(_, why)| why.clone());
            let answer =
                |&(node, _): &(NodeId, _)| (node, told(node).unwrap_or(Spared::NotHelpful));
            return Err(Declined::Nodes(why.iter().map(answer).collect()));
        }
        type Found = (NodeId, Vec<PodId>, usize);
        let top = |(_, gone, _): &Found| gone.iter().map(|&v| self.priority(v)).max();
        let scores: [&dyn Fn(&Found) -> i64; 5] = [
            &|&(_, _, violations)| violations as i64,
            &|found| top(found).expect("a victim"),
            &|(_, gone, _)| gone.iter().map(|&v| self.priority(v) + i64::from(i32::MAX) + 1).sum(),
            &|(_, gone, _)| gone.len() as i64,
            &|found| {
                let highest = found.1.iter().filter(|&&v| Some(self.priority(v)) == top(found));
                -highest.map(|&v| self.start(v)).min().expect("a victim")
            },
        ];
        for score in scores {
            let least = found.iter().map(score).min().expect("a candidate");
            found.retain(|p| score(p) == least);
        }
        let tie = if found.len() > 1 { draw(found.len()) } else { 0 };
        let (node, gone, violations) = found.swap_remove(tie);
        let (leaving, victims) = gone.into_iter().partition(|&pod| self.is_leaving(pod));
        Ok(Preemption { node, victims, leaving, violations })
    }
}

/// What the cases had in them, to be sure that they test what they should.
#[derive(Debug, Default)]
struct Seen {
    preempted: usize,
    several_victims: usize,
    violations: usize,
    placed_victims: usize,
    terminating_victims: usize,
    evicted_before: usize,
    beside_others: usize,
    waits: usize,
    every_node: usize,
    ties: usize,
    refused: usize,
    not_helpful: usize,
    policy: usize,
}

#[test]
fn preemption_is_as_written_twice() {
    let mut seen = Seen::default();
    for seed in podfit_soak::seeds(4000, 1_000_000) {
        let mut r = Random::new(seed);
        let case = case(&mut r);
        for &pod in &case.waiting {
            compare(&case, pod, r.next(), seed, &mut seen);
        }
    }
    println!("{seen:?}");
    let Seen { preempted, several_victims, violations, placed_victims, .. } = seen;
    assert!(preempted > 1000 && several_victims > 200 && violations > 50, "{seen:?}");
    assert!(placed_victims > 20 && seen.terminating_victims > 50 && seen.ties > 20, "{seen:?}");
    assert!(
        seen.evicted_before > 100
            && seen.beside_others > 100
            && seen.waits > 20
            && seen.every_node > 20,
        "{seen:?}"
    );
    assert!(seen.refused > 100 && seen.not_helpful > 100 && seen.policy > 20, "{seen:?}");
}

fn compare(case: &Case, pod: PodId, draws: u64, seed: u64, seen: &mut Seen) {
    let state = case.now();
    let before = explain(&state, pod, RuleSet::SCHEDULER);
    let allowed = budgets_left(&case.cluster, case.change.removed.iter().map(|r| r.pod));
    let mut budgets = allowed.clone();
    let mut drawn = 0;
    let draw = |n: usize| draws as usize % n;
    let counted = &mut |n: usize| {
        drawn += 1;
        draw(n)
    };
    let answer = preempt(&state, pod, &mut budgets, counted);
    assert_eq!(answer, case.preempt(pod, &allowed, &mut { draw }), "seed {seed} {pod:?}");
    assert_eq!(
        explain(&state, pod, RuleSet::SCHEDULER),
        before,
        "nothing moved, seed {seed} {pod:?}"
    );
    match answer {
        Ok(answer) => {
            seen.ties += usize::from(drawn == 2);
            judge(case, pod, &answer, seen);
            let mut after = allowed;
            for victim in &answer.victims {
                let shape = case.cluster.shape_of(*victim);
                case.cluster.budgets_of(shape).for_each(|b| after[b] -= 1);
            }
            assert_eq!(budgets, after, "seed {seed} {pod:?}");
        }
        Err(declined) => {
            assert_eq!(budgets, allowed, "seed {seed} {pod:?}");
            match declined {
                Declined::Policy => seen.policy += 1,
                Declined::Waits(_) => seen.waits += 1,
                Declined::EveryNode => seen.every_node += 1,
                Declined::Nodes(nodes) => {
                    let is = |wanted: fn(&Spared) -> bool| nodes.iter().any(|(_, s)| wanted(s));
                    seen.refused += usize::from(is(|s| matches!(s, Spared::Refused(_))));
                    seen.not_helpful += usize::from(is(|s| matches!(s, Spared::NotHelpful)));
                }
            }
        }
    }
}

/// The pod fits where the victims are gone; where it needs nobody's company, no victim could have stayed.
fn judge(case: &Case, pod: PodId, answer: &Preemption, seen: &mut Seen) {
    let Preemption { node, victims, leaving, .. } = answer;
    let gone: Vec<PodId> = victims.iter().chain(leaving).copied().collect();
    let fits = |gone: &[PodId]| case.refused(pod, *node, gone).is_empty();
    assert!(fits(&gone) && !gone.is_empty());
    if case.cluster.incoming_of(pod).affinity.is_empty() {
        for victim in &gone {
            let rest: Vec<PodId> = gone.iter().copied().filter(|v| v != victim).collect();
            assert!(!fits(&rest), "{victim:?} need not go");
        }
    }
    seen.preempted += 1;
    seen.several_victims += usize::from(gone.len() > 1);
    seen.violations += usize::from(answer.violations > 0);
    seen.placed_victims += usize::from(gone.iter().any(|&v| case.is_placed(v)));
    seen.terminating_victims += usize::from(!leaving.is_empty());
    seen.evicted_before += usize::from(leaving.iter().any(|&v| case.is_evicted(v)));
    seen.beside_others +=
        usize::from(case.nominated.iter().any(|&(other, there)| other != pod && there == *node));
}

/// `cargo test --release -p podfit --test suite preemption_figures -- --ignored --nocapture`
#[test]
#[ignore = "measures and prints; asserts nothing about time: run with --ignored --nocapture"]
fn preemption_figures() {
    let mut b = ClusterBuilder::new();
    let allocatable = Resources::new().with(ResourceId::CPU, 20_000).with(ResourceId::PODS, 110);
    let shapes: Vec<Shape> = (0..300).map(|i| service(&mut b, i)).collect();
    for n in 0..5000 {
        let name = format!("n{n}");
        let labels = Labels::new([(b.intern("host"), b.intern(&name))]);
        let allocatable = allocatable.clone();
        b.add_node(NodeSpec { name, labels, allocatable, ..NodeSpec::default() }, 0);
        for p in 0..20 {
            let shape = shapes[(n * 7 + p * 13) % shapes.len()].clone();
            let node = Some(format!("n{n}"));
            b.add_pod(PodSpec { node, ..PodSpec::new(format!("p{n}-{p}"), shape) }, 0);
        }
    }
    let mut shape = shapes[0].clone();
    for (priority, cpu) in [(1000, 3000), (-1, 3000), (1000, 20_000)] {
        (shape.priority, shape.preempts) = (priority, true);
        shape.requests.set(ResourceId::CPU, cpu);
        b.add_pod(PodSpec::new(format!("waits-{priority}-{cpu}"), shape.clone()), 0);
    }
    let cluster = b.build().expect("valid");
    let state = State::new(&cluster);
    // The counters are made once for all.
    explain(&state, PodId(100_000), RuleSet::SCHEDULER);
    for (pod, what) in [(100_000, "some go"), (100_001, "nobody is lower"), (100_002, "all go")] {
        let mut budgets = budgets_left(&cluster, []);
        let begun = Instant::now();
        let answer = preempt(&state, PodId(pod), &mut budgets, &mut |n| n / 2);
        let took = begun.elapsed();
        println!("{what}: {took:?}, victims {:?}", answer.map(|a| a.victims.len()).ok());
    }
}

/// One of 300 services with anti-affinity on the host, a third of them under a budget.
fn service(b: &mut ClusterBuilder, index: usize) -> Shape {
    let mut shape = b.shape("default", Resources::new().with(ResourceId::CPU, 1000));
    let (app, name) = (b.intern("app"), b.intern(&format!("app-{index}")));
    shape.labels = Labels::new([(app, name)]);
    shape.priority = (index % 3) as i32;
    let selector = Selector::new(vec![Requirement::In(app, vec![name])]);
    let namespace = b.intern("default");
    if index.is_multiple_of(3) {
        b.add_budget(Budget::new(namespace, name, selector.clone(), 1));
    }
    let namespaces = NamespaceSet::Of(vec![namespace]);
    shape.anti_affinity = vec![PodTerm { namespaces, selector, topology_key: b.intern("host") }];
    shape
}
