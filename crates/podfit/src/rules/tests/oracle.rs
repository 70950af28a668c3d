//! Random small clusters, changes, placements and removals: the kept counters against a recount from the
//! plain list of who is where, written from Kubernetes' documentation alone.

use super::*;
use crate::rules::{Rule, filter};

/// xorshift: tests need no better.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

const KEYS: [&str; 2] = ["zone", "host"];
const APPS: [&str; 3] = ["x", "y", "z"];
const KNOWN_TAINTS: [&str; 3] =
    ["t", "node.kubernetes.io/unreachable", "node.kubernetes.io/unschedulable"];

fn random_term(r: &mut Random, w: &mut World) -> PodTerm {
    let mut term = w.term(&[("app", r.of(&APPS))], r.of(&KEYS));
    match r.below(4) {
        0 => term.namespaces = NamespaceSet::All,
        1 => term.selector = Selector::default(),
        _ => {}
    }
    term
}

fn random_shape(r: &mut Random, w: &mut World) -> Shape {
    let mut shape = w.shape(&[("app", r.of(&APPS))]);
    shape.requests.set(ResourceId::CPU, 1 + r.below(9) as i64);
    shape.namespace = w.sym(r.of(&["default", "default", "other"]));
    for _ in 0..[0, 0, 0, 1, 2][r.below(5) as usize] {
        shape.affinity.push(random_term(r, w));
    }
    for _ in 0..[0, 0, 1, 2][r.below(4) as usize] {
        shape.anti_affinity.push(random_term(r, w));
    }
    for _ in 0..[0, 1, 2][r.below(3) as usize] {
        let mut spread = w.spread(&[("app", r.of(&APPS))], r.of(&KEYS), 1 + r.below(2) as i64);
        spread.min_domains = 1 + r.below(3) as i64;
        spread.node_affinity_policy = r.of(&[NodePolicy::Honor, NodePolicy::Ignore]);
        spread.node_taints_policy = r.of(&[NodePolicy::Honor, NodePolicy::Ignore]);
        if r.chance(10) {
            spread.selector = Selector::default();
        }
        shape.spread.push(spread);
    }
    if r.chance(30) {
        shape.node_selector.labels.push((w.sym("zone"), w.sym(r.of(&["a", "b"]))));
    }
    if r.chance(20) {
        shape.one_pod_claims.push(w.sym(r.of(&["data", "more"])));
    }
    if r.chance(20) {
        shape.one_node_claims.push(w.sym(r.of(&["shared", "common"])));
    }
    for key in KNOWN_TAINTS {
        if r.chance(30) {
            shape.tolerations.push(w.toleration(key, "*", None));
        }
    }
    shape
}

fn random_cluster(r: &mut Random) -> Cluster {
    let mut w = World::new();
    for i in 0..2 + r.below(4) {
        let name = format!("n{i}");
        let mut labels = vec![];
        if r.chance(85) {
            labels.push(("zone", r.of(&["a", "b", "c"])));
        }
        if r.chance(90) {
            labels.push(("host", name.as_str()));
        }
        let mut node = w.node_spec(&name, &labels);
        node.unschedulable = r.chance(10);
        if r.chance(20) {
            node.taints.push(w.taint("t", "", r.of(&[Effect::NoSchedule, Effect::NoExecute])));
        }
        w.0.add_node(node, 0);
    }
    let nodes = 2; // the first two exist in every cluster
    for i in 0..3 + r.below(7) {
        let shape = random_shape(r, &mut w);
        for copy in 0..1 + r.below(2) {
            let node = r.chance(60).then(|| format!("n{}", r.below(nodes)));
            let terminating = node.is_some() && r.chance(15);
            let name = format!("p{i}-{copy}");
            // In the middle of a resize; that it changes all else too is for the counters to follow.
            let incoming = (node.is_some() && r.chance(15))
                .then(|| Shape { namespace: shape.namespace, ..random_shape(r, &mut w) });
            let plain = PodSpec::new(name, shape.clone());
            w.0.add_pod(PodSpec { node, terminating, incoming, ..plain }, 0);
        }
    }
    w.build()
}

/// One pod object that is somewhere.
#[derive(Clone, Copy)]
struct Present {
    pod: PodId,
    node: NodeId,
    shape: ShapeId,
    live: bool,
    lingers: bool,
}

/// The plain list.
struct Plain<'a> {
    cluster: &'a Cluster,
    present: Vec<Present>,
    lost: Vec<NodeId>,
    loss: Loss,
}

impl Plain<'_> {
    fn exists(&self, node: NodeId) -> bool {
        self.loss != Loss::Deleted || !self.lost.contains(&node)
    }

    fn domain(&self, node: NodeId, key: Sym) -> Option<Sym> {
        self.cluster.domain(node, key).filter(|_| self.exists(node))
    }

    fn count(&self, node: NodeId, key: Sym, wanted: impl Fn(&Shape) -> bool) -> usize {
        let here = |p: &&Present| {
            self.domain(p.node, key).is_some_and(|d| Some(d) == self.domain(node, key))
        };
        self.present.iter().filter(here).filter(|p| wanted(self.cluster.shape(p.shape))).count()
    }

    fn refuses(&self, rule: Rule, shape: &Shape, node: NodeId) -> bool {
        let names = self.cluster.names();
        let missing = |key| self.domain(node, key).is_none();
        match rule {
            Rule::InterPodAffinity => {
                let all = |s: &Shape| shape.affinity.iter().all(|t| t.matches(s, names));
                let anywhere = shape.affinity.iter().any(|t| {
                    self.cluster.node_ids().any(|n| self.count(n, t.topology_key, all) > 0)
                });
                shape.affinity.iter().any(|t| missing(t.topology_key))
                    || (shape.affinity.iter().any(|t| self.count(node, t.topology_key, all) == 0)
                        && (anywhere || !all(shape)))
            }
            Rule::InterPodAntiAffinity => shape
                .anti_affinity
                .iter()
                .any(|t| self.count(node, t.topology_key, |s| t.matches(s, names)) > 0),
            Rule::ExistingAntiAffinity => self.present.iter().any(|p| {
                self.cluster.shape(p.shape).anti_affinity.iter().any(|t| {
                    let key = t.topology_key;
                    let (theirs, mine) = (self.domain(p.node, key), self.domain(node, key));
                    t.matches(shape, names) && theirs.is_some() && theirs == mine
                })
            }),
            Rule::VolumeRestrictions => self.present.iter().any(|p| {
                let other = self.cluster.shape(p.shape);
                let shared = |claim| other.one_pod_claims.contains(claim);
                self.exists(p.node)
                    && other.namespace == shape.namespace
                    && shape.one_pod_claims.iter().any(shared)
            }),
            Rule::SharedVolume => {
                let shares = |p: &&Present| {
                    let other = self.cluster.shape(p.shape);
                    let shared = |claim| other.one_node_claims.contains(claim);
                    other.namespace == shape.namespace && shape.one_node_claims.iter().any(shared)
                };
                let lives = |p: &Present| !self.lost.contains(&p.node);
                let one = |claim: &Sym| {
                    let uses = |p: &&Present| {
                        shares(p) && self.cluster.shape(p.shape).one_node_claims.contains(claim)
                    };
                    let mut users = self.present.iter().filter(uses);
                    users.clone().all(|p| p.node != node) && users.any(lives)
                };
                shape.one_node_claims.iter().any(one)
            }
            Rule::Spread => shape.spread.iter().any(|c| self.too_skewed(shape, c, node)),
            _ => unreachable!("not a coupled rule"),
        }
    }

    fn too_skewed(&self, shape: &Shape, c: &Spread, node: NodeId) -> bool {
        let names = self.cluster.names();
        let Some(own) = self.domain(node, c.topology_key) else { return true };
        let mut domains: Vec<(Sym, i64)> = Vec::new();
        for n in self.cluster.node_ids().filter(|&n| self.is_eligible(shape, c, n)) {
            let domain = self.domain(n, c.topology_key).expect("eligible nodes have the keys");
            let counts = |p: &&Present| {
                let other = self.cluster.shape(p.shape);
                p.node == n
                    && p.live
                    && !c.selector.all.is_empty()
                    && other.namespace == shape.namespace
                    && c.selector.matches(&other.labels, names)
            };
            let count = self.present.iter().filter(counts).count() as i64;
            match domains.iter_mut().find(|(d, _)| *d == domain) {
                Some((_, sum)) => *sum += count,
                None => domains.push((domain, count)),
            }
        }
        let mut least = domains.iter().map(|&(_, c)| c).min().unwrap_or(0);
        if (domains.len() as i64) < c.min_domains {
            least = 0;
        }
        let here = domains.iter().find(|(d, _)| *d == own).map_or(0, |&(_, c)| c);
        here + i64::from(c.selector.matches(&shape.labels, names)) - least > c.max_skew
    }

    fn is_eligible(&self, shape: &Shape, c: &Spread, n: NodeId) -> bool {
        let object = self.cluster.node(n);
        let bears = |key: &str| {
            let known = |t: &Toleration| t.key.is_some_and(|k| self.cluster.str(k) == key);
            shape.tolerations.iter().any(known)
        };
        let lost = self.lost.contains(&n);
        let cordoned = object.unschedulable || (lost && self.loss == Loss::Drained);
        let unreachable = lost && self.loss == Loss::NotReady;
        let [own_taint, unreachable_key, cordon_key] = KNOWN_TAINTS;
        shape.spread.iter().all(|s| self.domain(n, s.topology_key).is_some())
            && (c.node_affinity_policy == NodePolicy::Ignore
                || shape.node_selector.labels.iter().all(|&(k, v)| object.labels.get(k) == Some(v)))
            && (c.node_taints_policy == NodePolicy::Ignore
                || ((object.taints.is_empty() || bears(own_taint))
                    && (!cordoned || bears(cordon_key))
                    && (!unreachable || bears(unreachable_key))))
    }
}

const COUPLED: [Rule; 6] = [
    Rule::VolumeRestrictions,
    Rule::Spread,
    Rule::InterPodAffinity,
    Rule::InterPodAntiAffinity,
    Rule::ExistingAntiAffinity,
    Rule::SharedVolume,
];

/// Compares every pod that is nowhere, on every node. Returns refusals counted per rule.
fn compare(state: &State, plain: &Plain, seen: &mut [usize; 6]) {
    let cluster = plain.cluster;
    for node in cluster.node_ids().filter(|&n| plain.exists(n)) {
        let there = plain.present.iter().filter(|p| p.node == node);
        let asked = there.map(|p| cluster.shape(p.shape).requests.get(ResourceId::CPU));
        assert_eq!(state.free(node, ResourceId::CPU), 4000 - asked.sum::<i64>());
    }
    for pod in cluster.pod_ids().filter(|&p| state.node_of(p).is_none()) {
        for rules in [RuleSet::ALL, RuleSet::ALL.without(Rule::Lost)] {
            let passes = filter(state, pod, rules);
            let agrees = |n| passes(n) == refusals(state, pod, n, rules).is_empty();
            assert!(cluster.node_ids().all(agrees), "{pod:?} {rules:?}");
        }
        for node in cluster.node_ids().filter(|&n| plain.exists(n)) {
            for (rule, seen) in COUPLED.into_iter().zip(&mut *seen) {
                let found = refusals(state, pod, node, RuleSet::NONE.with(rule));
                let want = plain.refuses(rule, cluster.incoming_of(pod), node);
                assert_eq!(!found.is_empty(), want, "{rule:?} {pod:?} {node:?} {found:?}");
                *seen += usize::from(want);
                if let Some(conflict) = found.first().and_then(conflict) {
                    assert!(plain.present.iter().any(|p| p.pod == conflict), "{found:?}");
                }
            }
        }
    }
}

fn conflict(refusal: &Refusal) -> Option<PodId> {
    match refusal.detail {
        crate::rules::Detail::AntiAffinity { pod, .. }
        | crate::rules::Detail::ExistingAntiAffinity { pod, .. } => Some(pod),
        crate::rules::Detail::ClaimInUse { holder, .. } => Some(holder),
        _ => None,
    }
}

fn run(seed: u64, seen: &mut [usize; 6]) {
    let r = &mut Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let cluster = random_cluster(r);
    let loss = r.of(&[Loss::NotReady, Loss::Deleted, Loss::Drained]);
    let lost: Vec<NodeId> = cluster.node_ids().filter(|_| r.chance(25)).collect();
    let mut plain = Plain { cluster: &cluster, present: Vec::new(), lost: lost.clone(), loss };
    let mut change = Change { lost, loss, ..Change::default() };
    for pod in cluster.pod_ids() {
        let Some(node) = cluster.pod(pod).node else { continue };
        let (shape, terminating) = (cluster.pod(pod).shape, cluster.pod(pod).terminating);
        let present = Present { pod, node, shape, live: !terminating, lingers: false };
        let on_lost = plain.lost.contains(&node);
        if !r.chance(if on_lost { 80 } else { 20 }) {
            if plain.exists(node) {
                plain.present.push(present);
            }
            continue;
        }
        let lingers = on_lost && r.chance(60);
        change.removed.push(Removal { pod, lingers });
        if lingers && plain.exists(node) {
            plain.present.push(Present { live: false, lingers, ..present });
        }
    }
    let mut state = State::new(&cluster);
    if r.chance(50) {
        // Counters that are there already must not survive the loss.
        for pod in cluster.pod_ids() {
            refusals(&state, pod, NodeId(0), RuleSet::ALL);
        }
    }
    state.apply(&change);
    // Counters that are made late must count what happened before.
    let late = r.chance(30);
    if !late {
        compare(&state, &plain, seen);
    }
    let mut pod = PodId(0);
    for i in 0..6 {
        // Often the same again: placed, then taken away.
        if i == 0 || r.chance(60) {
            pod = PodId(r.below(cluster.pods().len() as u64) as u32);
        }
        let old = plain.present.iter().find(|p| p.pod == pod && !p.lingers).copied();
        plain.present.retain(|p| p.pod != pod || p.lingers);
        let node = NodeId(r.below(cluster.nodes().len() as u64) as u32);
        if plain.lost.contains(&node) || r.chance(30) {
            let lingers = r.chance(40);
            state.remove(pod, lingers);
            let lingering = old.filter(|_| lingers);
            plain.present.extend(lingering.map(|p| Present { live: false, lingers, ..p }));
        } else {
            state.place(pod, node, &[]);
            let shape = cluster.pod(pod).incoming;
            plain.present.push(Present { pod, node, shape, live: true, lingers: false });
        }
        if !late || i == 5 {
            compare(&state.clone(), &plain, seen);
            compare(&state, &plain, seen);
        }
    }
}

#[test]
fn kept_counts_equal_a_recount() {
    let mut seen = [0; 6];
    for seed in 1..800 {
        run(seed, &mut seen);
    }
    assert!(seen.iter().all(|&n| n > 1000), "every rule must have refused often: {seen:?}");
}
