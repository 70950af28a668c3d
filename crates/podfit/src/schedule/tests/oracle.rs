//! Random small clusters with soft terms of every kind; pods come and leave. After each the kept scores must equal
//! scores computed from the plain list of who is where, straight from the definitions.

use super::*;
use crate::random::Random;
use std::collections::BTreeMap;

const APPS: [&str; 3] = ["x", "y", "z"];
const KEYS: [&str; 2] = [ZONE, HOST];

impl Random {
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

fn random_term(r: &mut Random, w: &mut World) -> PodTerm {
    let mut term = w.term(r.of(&APPS), r.of(&KEYS));
    match r.below(5) {
        0 => term.namespaces = NamespaceSet::All,
        1 => term.selector = Selector::default(),
        _ => {}
    }
    term
}

fn random_shape(r: &mut Random, w: &mut World) -> Shape {
    let (cpu, memory) = (r.of(&[0, 100, 700, 2500]), r.of(&[0, GIB / 4, GIB]));
    let mut shape = w.shape(r.of(&APPS), cpu, memory);
    shape.namespace = w.sym(r.of(&["default", "default", "other"]));
    if cpu == 0 || memory == 0 {
        shape.soft.scored = Some([cpu.max(100), memory.max(200 * MIB)]);
    }
    if r.chance(10) {
        shape.soft.arriving = Some([r.of(&[100, 900]), r.of(&[200 * MIB, GIB])]);
    }
    for _ in 0..r.of(&[0, 0, 1, 2]) {
        let weight = r.of(&[-100, -7, 3, 50]);
        shape.soft.pods.push((weight, random_term(r, w)));
    }
    if r.chance(15) {
        shape.anti_affinity.push(random_term(r, w));
    }
    if r.chance(15) {
        shape.spread.push(w.spread(r.of(&APPS), ZONE, 1));
    }
    if r.chance(15) {
        shape.host_ports.push(HostPort { protocol: Protocol::Tcp, port: 80, ip: None });
    }
    if r.chance(10) {
        shape.one_pod_claims.push(w.sym("claim"));
    }
    shape.priority = r.of(&[0, 0, 10]);
    if r.chance(25) {
        shape.affinity.push(random_term(r, w));
    }
    for _ in 0..r.of(&[0, 1, 2]) {
        let mut spread = w.spread(r.of(&APPS), r.of(&KEYS), 1 + r.below(3) as i64);
        spread.node_affinity_policy = r.of(&[NodePolicy::Honor, NodePolicy::Ignore]);
        spread.node_taints_policy = r.of(&[NodePolicy::Honor, NodePolicy::Ignore]);
        if r.chance(10) {
            spread.selector = Selector::default();
        }
        shape.soft.spread.push(spread);
    }
    shape.soft.spread_is_default = r.chance(40);
    for _ in 0..r.of(&[0, 0, 1, 2]) {
        let zone = Requirement::In(w.sym(ZONE), vec![w.sym(r.of(&["a", "b"]))]);
        shape
            .soft
            .nodes
            .push((1 + r.below(99) as i64, NodeTerm { labels: vec![zone], names: vec![] }));
    }
    for _ in 0..1 + r.below(3) {
        shape.soft.images.push(w.sym(r.of(&["i", "j", "k"])));
    }
    if r.chance(30) {
        shape.node_selector.labels.push((w.sym(ZONE), w.sym(r.of(&["a", "b"]))));
    }
    if r.chance(40) {
        let key = Some(w.sym("t"));
        let effect = r.of(&[None, Some(Effect::PreferNoSchedule), Some(Effect::NoSchedule)]);
        shape.tolerations.push(Toleration { key, value: None, effect, seconds: None });
    }
    shape
}

pub(super) fn random_cluster(r: &mut Random) -> Cluster {
    let mut w = World::new();
    let nodes = 2 + r.below(5);
    for i in 0..nodes {
        let mut node = w.node(&format!("n{i}"), r.of(&["a", "b", "c", ""]));
        if r.chance(15) {
            node.labels = w.labels(&[(ZONE, "a")]);
        }
        for key in ["t", "u"] {
            if r.chance(30) {
                let effect = r.of(&[Effect::PreferNoSchedule, Effect::NoSchedule]);
                node.taints.push(Taint { key: w.sym(key), value: w.sym(""), effect });
            }
        }
        for (image, size) in [("i", 40), ("j", 400), ("k", 4000)] {
            if r.chance(40) {
                node.images.push((w.sym(image), size * MIB));
            }
        }
        w.0.add_node(node, 0);
    }
    for i in 0..4 + r.below(6) {
        let shape = random_shape(r, &mut w);
        for copy in 0..1 + r.below(3) {
            let node = r.chance(60).then(|| format!("n{}", r.below(nodes)));
            let terminating = node.is_some() && r.chance(15);
            let spec = PodSpec::new(format!("p{i}-{copy}"), shape.clone());
            w.0.add_pod(PodSpec { node, terminating, ..spec }, 0);
        }
    }
    w.build()
}

/// A pod object that is somewhere.
#[derive(Clone, Copy)]
struct Present {
    pod: PodId,
    node: NodeId,
    live: bool,
    lingers: bool,
}

struct Plain<'a> {
    cluster: &'a Cluster,
    present: Vec<Present>,
    /// Nodes that there are.
    nodes: Vec<NodeId>,
    loss: Vec<(NodeId, Loss)>,
}

impl Plain<'_> {
    fn on(&self, node: NodeId) -> impl Iterator<Item = (&Present, &Shape)> {
        self.present
            .iter()
            .filter(move |p| p.node == node)
            .map(|p| (p, self.cluster.shape_of(p.pod)))
    }

    fn value(&self, node: NodeId, key: Sym) -> Option<Sym> {
        self.cluster.domain(node, key)
    }

    fn taints(&self, shape: &Shape, among: &[NodeId]) -> Vec<i64> {
        let raw: Vec<i64> = (among.iter())
            .map(|&n| {
                let soft = self.cluster.node(n).taints.iter();
                let soft = soft.filter(|t| t.effect == Effect::PreferNoSchedule);
                soft.filter(|t| !shape.tolerations.iter().any(|o| o.tolerates(t))).count() as i64
            })
            .collect();
        let most = *raw.iter().max().expect("nodes");
        raw.iter().map(|s| if most == 0 { 100 } else { 100 - 100 * s / most }).collect()
    }

    fn affinity(&self, shape: &Shape, among: &[NodeId]) -> Vec<i64> {
        let raw: Vec<i64> = (among.iter())
            .map(|&n| {
                let labels = self.cluster.node_labels(n);
                let matching = shape.soft.nodes.iter().filter(|(_, term)| {
                    term.labels.iter().all(|r| r.matches(labels, self.cluster.names()))
                });
                matching.map(|(w, _)| w).sum()
            })
            .collect();
        let most = *raw.iter().max().expect("nodes");
        raw.iter().map(|s| if most == 0 { 0 } else { 100 * s / most }).collect()
    }

    fn matching(&self, node: NodeId, shape: &Shape, spread: &Spread) -> i64 {
        let counts = |p: &Present, s: &Shape| {
            p.live
                && !spread.selector.is_empty()
                && s.namespace == shape.namespace
                && spread.selector.matches(&s.labels, self.cluster.names())
        };
        self.on(node).filter(|(p, s)| counts(p, s)).count() as i64
    }

    fn eligible(&self, node: NodeId, shape: &Shape, spread: &Spread) -> bool {
        let object = self.cluster.node(node);
        let selected =
            shape.node_selector.labels.iter().all(|&(k, v)| object.labels.get(k) == Some(v));
        let hard = |t: &&Taint| t.effect != Effect::PreferNoSchedule;
        let borne = |t: &Taint| shape.tolerations.iter().any(|o| o.tolerates(t));
        // The taints that a loss brings are borne by nobody here: tolerations are of one other key.
        let lost = self.loss.iter().any(|&(n, _)| n == node);
        let tolerated = object.taints.iter().filter(hard).all(borne) && !lost;
        (spread.node_affinity_policy == NodePolicy::Ignore || selected)
            && (spread.node_taints_policy == NodePolicy::Ignore || tolerated)
    }

    fn spread(&self, shape: &Shape, among: &[NodeId]) -> Vec<i64> {
        let soft = &shape.soft;
        let has = |n: NodeId| {
            soft.spread_is_default
                || soft.spread.iter().all(|s| self.value(n, s.topology_key).is_some())
        };
        let scored: Vec<NodeId> = among.iter().copied().filter(|&n| has(n)).collect();
        let raw = |n: NodeId| {
            let mut sum = 0.0;
            for s in &soft.spread {
                let Some(value) = self.value(n, s.topology_key) else { continue };
                let host = self.cluster.str(s.topology_key) == HOST;
                let mut values: Vec<_> =
                    scored.iter().map(|&o| self.value(o, s.topology_key)).collect();
                values.sort();
                values.dedup();
                let size = if host { scored.len() } else { values.len() };
                let count = if host {
                    self.matching(n, shape, s)
                } else {
                    let domain = self.nodes.iter().filter(|&&o| {
                        self.value(o, s.topology_key) == Some(value)
                            && has(o)
                            && self.eligible(o, shape, s)
                    });
                    domain.map(|&o| self.matching(o, shape, s)).sum()
                };
                sum += count as f64 * ((size + 2) as f64).ln() + (s.max_skew - 1) as f64;
            }
            sum.round() as i64
        };
        let all: Vec<i64> = scored.iter().map(|&n| raw(n)).collect();
        let (least, most) = (all.iter().min().copied(), all.iter().max().copied());
        let normal = |&n: &NodeId| match (least, most) {
            _ if !has(n) => 0,
            (_, Some(0)) => 100,
            (Some(least), Some(most)) => 100 * (most + least - raw(n)) / most,
            _ => 0,
        };
        among.iter().map(normal).collect()
    }

    fn inter_pod(&self, shape: &Shape, among: &[NodeId]) -> Vec<i64> {
        let names = self.cluster.names();
        let mut by_pair: BTreeMap<(Sym, Sym), i64> = BTreeMap::new();
        let mut add = |key: Sym, node: NodeId, weight: i64| {
            if let Some(value) = self.value(node, key) {
                *by_pair.entry((key, value)).or_default() += weight;
            }
        };
        for p in &self.present {
            let other = self.cluster.shape_of(p.pod);
            for (weight, term) in &shape.soft.pods {
                if term.matches(other, names) {
                    add(term.topology_key, p.node, *weight);
                }
            }
            for (weight, term) in &other.soft.pods {
                if term.matches(shape, names) {
                    add(term.topology_key, p.node, *weight);
                }
            }
            for term in other.affinity.iter().filter(|t| t.matches(shape, names)) {
                add(term.topology_key, p.node, 1);
            }
        }
        let raw = |&n: &NodeId| {
            let pairs = by_pair.iter().filter(|((key, v), _)| self.value(n, *key) == Some(*v));
            pairs.map(|(_, w)| w).sum::<i64>()
        };
        let raw: Vec<i64> = among.iter().map(raw).collect();
        let (least, most) = (*raw.iter().min().expect("nodes"), *raw.iter().max().expect("nodes"));
        let part = |s: i64| 100.0 * ((s - least) as f64 / (most - least) as f64);
        raw.iter().map(|&s| if most > least { part(s) as i64 } else { 0 }).collect()
    }

    fn resources(&self, shape: &Shape, n: NodeId) -> (i64, i64) {
        let of = |s: &Shape, r| s.requests.get(r);
        let scored = |s: &Shape, i: usize, r| s.soft.scored.map_or(of(s, r), |a| a[i]);
        let arriving = |i: usize, r| shape.soft.arriving.map_or(scored(shape, i, r), |a| a[i]);
        let (mut least, mut fractions) = (0, Vec::new());
        for (i, r) in [ResourceId::CPU, ResourceId::MEMORY].into_iter().enumerate() {
            let all = self.cluster.node(n).allocatable.get(r);
            let sum = self.on(n).map(|(_, s)| scored(s, i, r)).sum::<i64>() + arriving(i, r);
            least += if sum > all { 0 } else { (all - sum) * 100 / all };
            let sum = self.on(n).map(|(_, s)| of(s, r)).sum::<i64>() + of(shape, r);
            fractions.push((sum as f64 / all as f64).min(1.0));
        }
        let deviation = (fractions[0] - fractions[1]).abs() / 2.0;
        (least / 2, ((1.0 - deviation) * 100.0) as i64)
    }

    fn image(&self, shape: &Shape, n: NodeId) -> i64 {
        let mut sum = 0;
        for image in &shape.soft.images {
            let has = |n: NodeId| self.cluster.node(n).images.iter().find(|(i, _)| i == image);
            if let Some(&(_, size)) = has(n) {
                let with = self.nodes.iter().filter(|&&o| has(o).is_some()).count();
                sum += (size as f64 * (with as f64 / self.nodes.len() as f64)) as i64;
            }
        }
        let (least, most) = (23 * MIB, 1000 * MIB * shape.soft.images.len() as i64);
        100 * (sum.clamp(least, most) - least) / (most - least)
    }

    /// A column that is skipped counts as zeros; so does one whose values are all the same.
    fn table(&self, shape: &Shape, among: &[NodeId]) -> [Vec<i64>; 7] {
        let best_effort =
            [ResourceId::CPU, ResourceId::MEMORY].map(|r| shape.requests.get(r)) == [0, 0];
        let resources = among.iter().map(|&n| self.resources(shape, n));
        let (least, mut balanced): (Vec<_>, Vec<_>) = resources.unzip();
        if best_effort {
            balanced.fill(0);
        }
        let spread = match shape.soft.spread.is_empty() {
            true => vec![0; among.len()],
            false => self.spread(shape, among),
        };
        [
            self.taints(shape, among),
            self.affinity(shape, among),
            spread,
            self.inter_pod(shape, among),
            least,
            balanced,
            among.iter().map(|&n| self.image(shape, n)).collect(),
        ]
    }
}

fn settled(mut column: Vec<i64>, size: usize) -> Vec<i64> {
    column.resize(size, 0);
    if column.iter().all(|&s| s == column[0]) {
        column.fill(0);
    }
    column
}

fn compare(r: &mut Random, tally: &mut Tally, state: &State, plain: &Plain, seen: &mut [usize; 7]) {
    let alive = |n: &NodeId| !plain.loss.iter().any(|&(lost, _)| lost == *n);
    let among: Vec<NodeId> =
        plain.nodes.iter().copied().filter(|n| alive(n) && r.chance(80)).collect();
    if among.is_empty() {
        return;
    }
    let cluster = plain.cluster;
    let shape = ShapeId(r.below(cluster.shapes().len()) as u32);
    let table = tally.table(state, shape, &among).clone();
    let want = plain.table(cluster.shape(shape), &among);
    for (i, (got, want)) in table.into_iter().zip(want).enumerate() {
        let (got, want) = (settled(got, among.len()), settled(want, among.len()));
        assert_eq!(got, want, "{:?} for {shape:?} on {among:?}", Plugin::ALL[i]);
        seen[i] += usize::from(want.iter().any(|&s| s != 0));
    }
}

fn run(seed: u64, seen: &mut [usize; 7]) {
    let r = &mut Random::new(seed);
    let cluster = random_cluster(r);
    let kind = r.of(&[Loss::NotReady, Loss::Deleted, Loss::Drained]);
    let lost: Vec<NodeId> = cluster.node_ids().filter(|_| r.chance(20)).collect();
    let mut change = Change { lost: lost.clone(), loss: kind, ..Change::default() };
    let is_gone = |n: &NodeId| kind == Loss::Deleted && lost.contains(n);
    let nodes = cluster.node_ids().filter(|n| !is_gone(n)).collect();
    let loss = lost.iter().map(|&n| (n, kind)).collect();
    let mut plain = Plain { cluster: &cluster, present: Vec::new(), nodes, loss };
    for pod in cluster.pod_ids() {
        let Some(node) = cluster.pod(pod).node else { continue };
        let on_lost = lost.contains(&node);
        let stays = !r.chance(if on_lost { 80 } else { 10 });
        let lingers = !stays && on_lost && r.chance(60);
        if !stays {
            change.removed.push(Removal { pod, lingers });
        }
        if (stays || lingers) && !is_gone(&node) {
            let live = stays && !cluster.pod(pod).terminating;
            plain.present.push(Present { pod, node, live, lingers });
        }
    }
    let mut state = State::with_change(&cluster, &change);
    let index =
        Index::new(&state, std::sync::Arc::new(crate::schedule::Shared::of(state.cluster())));
    let mut tally = Tally::new(&index, cluster.shapes().len());
    for _ in 0..12 {
        compare(r, &mut tally, &state, &plain, seen);
        let pod = PodId(r.below(cluster.pods().len()) as u32);
        let node = NodeId(r.below(cluster.nodes().len()) as u32);
        if let Some(at) = plain.present.iter().position(|p| p.pod == pod && !p.lingers) {
            let here = plain.present.remove(at);
            state.remove(pod, false);
            let shape = cluster.pod(pod).shape;
            if here.live {
                tally.terminates(shape, here.node);
            }
            tally.gone(shape, here.node);
        } else if !lost.contains(&node) {
            state.place(pod, node, &[]);
            tally.came(cluster.pod(pod).shape, node);
            plain.present.push(Present { pod, node, live: true, lingers: false });
        }
    }
}

#[test]
fn kept_scores_equal_their_definition() {
    let mut seen = [0; 7];
    for seed in 0..1_500 {
        run(seed, &mut seen);
    }
    assert!(seen.iter().all(|&n| n > 500), "every plugin must have made a difference: {seen:?}");
}
