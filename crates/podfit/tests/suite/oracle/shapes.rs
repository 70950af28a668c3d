use super::random::Random;
use podfit::model::{
    ClaimKind, ClusterBuilder, Effect, GpuRequest, HostPort, Labels, NamespaceSet, NodePolicy,
    NodeSelector, NodeTerm, NumericOp, PodTerm, Protocol, Requirement, ResourceId, Resources,
    Selector, Shape, Spread, Toleration, VolumeClaim,
};

// Chances are in percent, per shape unless said otherwise.
const PRIORITIES: [i32; 4] = [0, 0, 10, 1000];
const ASKS_NO_CPU: u64 = 15;
const ASKS_NO_MEMORY: u64 = 15;
const CPU_MILLI: (i64, i64) = (1, 5);
const MEMORY: (i64, i64) = (1, 5);
const WANTS_DEVICES: u64 = 10;
const WANTS_CARDS: u64 = 17;
const WANTS_MODEL: u64 = 60;
const NAMES_NODE: u64 = 4;
const HAS_NODE_SELECTOR: u64 = 5;
const HAS_NODE_AFFINITY: u64 = 9;
const TOLERATES_TAINT: u64 = 35;
const TOLERATES_CORDON: u64 = 15;
const TOLERATES_UNREACHABLE: u64 = 15;
const TOLERATES_ALL: u64 = 5;
const HAS_HOST_PORTS: u64 = 11;
const HAS_AFFINITY: u64 = 13;
const HAS_ANTI_AFFINITY: u64 = 18;
/// Chance of a further term, once there is one.
const SECOND_TERM: u64 = 30;
const HAS_SPREAD: u64 = 30;
const SECOND_SPREAD: u64 = 30;
const SPREAD_SELECTS_ITSELF: u64 = 85;
const SPREAD_SELECTS_NOTHING: u64 = 3;
const SPREAD_SELECTS_EMPTILY: u64 = 3;
const WIDE_SKEW: u64 = 25;
const HAS_MIN_DOMAINS: u64 = 25;
const HAS_VOLUME: u64 = 18;
const SECOND_VOLUME: u64 = 20;
const CLAIM_NOWHERE: u64 = 4;
const HAS_ONE_POD_CLAIM: u64 = 6;
const SHARES_VOLUME: u64 = 12;
const WANTS_OS: u64 = 20;
const ATTACHES_DISKS: u64 = 16;
const OTHER_NAMESPACE: u64 = 15;

/// Counts volumes attached.
pub const DISKS: &str = "attachable-volumes-csi-disk.example.com";
const APPS: [&str; 3] = ["web", "db", "job"];

/// A shape with its own mix of rules. `nodes` is how many nodes the cluster has, `index` the shape's own.
pub fn random_shape(r: &mut Random, b: &mut ClusterBuilder, nodes: i64, index: i64) -> Shape {
    let namespace = if r.percent(OTHER_NAMESPACE) { "other" } else { "default" };
    let mut requests = Resources::new();
    if !r.percent(ASKS_NO_CPU) {
        requests.set(ResourceId::CPU, r.range(CPU_MILLI.0, CPU_MILLI.1));
    }
    if !r.percent(ASKS_NO_MEMORY) {
        requests.set(ResourceId::MEMORY, r.range(MEMORY.0, MEMORY.1));
    }
    if r.percent(WANTS_DEVICES) {
        requests.set(b.resource("example.com/device"), r.range(1, 2));
    }
    if r.percent(ATTACHES_DISKS) {
        requests.set(b.resource(DISKS), r.range(1, 2));
    }
    let mut shape = b.shape(namespace, requests);
    // The first shapes differ in their app, so that selectors find one and miss another.
    let app = APPS[(index as usize) % APPS.len()];
    let tier = r.pick(&["front", "back"]);
    shape.labels =
        Labels::new([(b.intern("app"), b.intern(app)), (b.intern("tier"), b.intern(tier))]);
    shape.priority = r.pick(&PRIORITIES);
    if r.percent(WANTS_CARDS) {
        shape.gpu = gpu(r, b);
    }
    if r.percent(NAMES_NODE) {
        shape.node_name = Some(b.intern(&format!("node-{}", r.range(0, nodes - 1))));
    }
    shape.node_selector = node_selector(r, b);
    shape.tolerations = tolerations(r, b);
    if r.percent(HAS_HOST_PORTS) {
        shape.host_ports = host_ports(r, b);
    }
    shape.affinity = terms(r, b, app, HAS_AFFINITY);
    shape.anti_affinity = terms(r, b, app, HAS_ANTI_AFFINITY);
    if r.percent(HAS_SPREAD) {
        shape.spread.push(spread(r, b, app));
        if r.percent(SECOND_SPREAD) {
            shape.spread.push(spread(r, b, app));
        }
    }
    if r.percent(HAS_VOLUME) {
        shape.volumes.push(volume(r, b, "data"));
        if r.percent(SECOND_VOLUME) {
            shape.volumes.push(volume(r, b, "more"));
        }
    }
    if r.percent(HAS_ONE_POD_CLAIM) {
        shape.one_pod_claims.push(b.intern(r.pick(&["alone-1", "alone-1", "alone-2"])));
    }
    if r.percent(SHARES_VOLUME) {
        shape.one_node_claims.push(b.intern(r.pick(&["shared-1", "shared-1", "shared-2"])));
    }
    if r.percent(WANTS_OS) {
        shape.os = Some(b.intern(r.pick(&["linux", "linux", "windows"])));
    }
    shape
}

fn volume(r: &mut Random, b: &mut ClusterBuilder, claim: &str) -> VolumeClaim {
    use ClaimKind::{Bound, Missing, Unbound, Waits, Zone};
    let kind = r.pick(&[Bound, Waits, Zone, Zone, Zone]);
    let kind = if r.percent(CLAIM_NOWHERE) { r.pick(&[Unbound, Missing]) } else { kind };
    let nodes = NodeSelector { labels: vec![], terms: Some(vec![node_term(r, b)]) };
    VolumeClaim { claim: b.intern(claim), kind, nodes }
}

fn gpu(r: &mut Random, b: &mut ClusterBuilder) -> GpuRequest {
    let (cards, milli_each) = r.pick(&[(1, 400), (1, 700), (1, 1000), (2, 1000)]);
    let models =
        if r.percent(WANTS_MODEL) { vec![b.intern(r.pick(&["m1", "m2"]))] } else { vec![] };
    GpuRequest { cards, milli_each, models }
}

fn node_selector(r: &mut Random, b: &mut ClusterBuilder) -> NodeSelector {
    let mut selector = NodeSelector::default();
    if r.percent(HAS_NODE_SELECTOR) {
        selector.labels.push((b.intern("disk"), b.intern(r.pick(&["ssd", "hdd"]))));
    }
    if r.percent(HAS_NODE_AFFINITY) {
        let count = if r.percent(SECOND_TERM) { 2 } else { 1 };
        selector.terms = Some((0..count).map(|_| node_term(r, b)).collect());
    }
    selector
}

/// A term of every operator there is, names of nodes included; now and then an empty one (matches nothing).
fn node_term(r: &mut Random, b: &mut ClusterBuilder) -> NodeTerm {
    let mut term = NodeTerm::default();
    let (disk, zone, gen_) = (b.intern("disk"), b.intern("zone"), b.intern("gen"));
    let values = |b: &mut ClusterBuilder, list: &[&str]| list.iter().map(|v| b.intern(v)).collect();
    term.labels.extend(match r.range(0, 10) {
        0 => Some(Requirement::In(zone, values(b, &["z1", "z2"]))),
        1 => Some(Requirement::In(disk, values(b, &["ssd"]))),
        2 => Some(Requirement::NotIn(zone, values(b, &["z1"]))),
        3 => Some(Requirement::NotIn(disk, values(b, &["hdd", "tape"]))),
        4 => Some(Requirement::Exists(disk)),
        5 => Some(Requirement::DoesNotExist(gen_)),
        6 => Some(Requirement::Number(gen_, NumericOp::Gt, 1)),
        7 => Some(Requirement::Number(gen_, NumericOp::Lt, 3)),
        _ => None,
    });
    if term.labels.is_empty() && !r.percent(5) {
        let name = b.intern(&format!("node-{}", r.range(0, 3)));
        term.names.push((name, r.percent(30)));
    }
    term
}

fn tolerations(r: &mut Random, b: &mut ClusterBuilder) -> Vec<Toleration> {
    let mut list = Vec::new();
    let mut add = |key, value, effect| list.push(Toleration { key, value, effect, seconds: None });
    if r.percent(TOLERATES_TAINT) {
        let value = r.percent(70).then(|| b.intern(r.pick(&["red", "blue"])));
        let effects = [None, None, Some(Effect::NoSchedule), Some(Effect::NoExecute)];
        add(Some(b.intern("team")), value, r.pick(&effects));
    }
    if r.percent(TOLERATES_CORDON) {
        add(Some(b.intern("node.kubernetes.io/unschedulable")), None, Some(Effect::NoSchedule));
    }
    if r.percent(TOLERATES_UNREACHABLE) {
        let effects = [None, None, Some(Effect::NoExecute)];
        add(Some(b.intern("node.kubernetes.io/unreachable")), None, r.pick(&effects));
    }
    if r.percent(TOLERATES_ALL) {
        add(None, None, None);
    }
    list
}

fn host_ports(r: &mut Random, b: &mut ClusterBuilder) -> Vec<HostPort> {
    let ips = [None, None, Some("10.0.0.1"), Some("10.0.0.2")];
    let ip = r.pick(&ips).map(|ip| b.intern(ip));
    let protocol = r.pick(&[Protocol::Tcp, Protocol::Tcp, Protocol::Udp]);
    vec![HostPort { protocol, port: r.pick(&[80, 80, 443]), ip }]
}

fn terms(r: &mut Random, b: &mut ClusterBuilder, app: &str, chance: u64) -> Vec<PodTerm> {
    let mut list = Vec::new();
    if r.percent(chance) {
        list.push(pod_term(r, b, app));
        if r.percent(SECOND_TERM) {
            list.push(pod_term(r, b, app));
        }
    }
    list
}

fn pod_term(r: &mut Random, b: &mut ClusterBuilder, app: &str) -> PodTerm {
    let (default, other) = (b.intern("default"), b.intern("other"));
    let mut of = vec![default, other];
    of.sort();
    let namespaces = match r.range(0, 9) {
        0 => NamespaceSet::All,
        1 => NamespaceSet::Of(of),
        2 => NamespaceSet::Of(vec![other]),
        _ => NamespaceSet::Of(vec![default]),
    };
    let (app_key, tier) = (b.intern("app"), b.intern("tier"));
    let any = r.pick(&APPS);
    let requirement = match r.range(0, 9) {
        0..=3 => Requirement::In(app_key, vec![b.intern(app)]),
        4 | 5 => Requirement::In(app_key, vec![b.intern(any)]),
        6 => Requirement::In(tier, vec![b.intern("front")]),
        7 => Requirement::In(app_key, vec![b.intern(any), b.intern("web")]),
        8 => Requirement::NotIn(app_key, vec![b.intern(any)]),
        _ => Requirement::Exists(app_key),
    };
    let topology_key = b.intern(r.pick(&["host", "host", "zone"]));
    PodTerm { namespaces, selector: Selector::new(vec![requirement]), topology_key }
}

fn spread(r: &mut Random, b: &mut ClusterBuilder, app: &str) -> Spread {
    let app = if r.percent(SPREAD_SELECTS_ITSELF) { app } else { r.pick(&APPS) };
    let mut selector = Selector::new(vec![Requirement::In(b.intern("app"), vec![b.intern(app)])]);
    if r.percent(SPREAD_SELECTS_NOTHING) {
        selector = Selector::nothing();
    } else if r.percent(SPREAD_SELECTS_EMPTILY) {
        selector = Selector::new(vec![]);
    }
    let policies = [NodePolicy::Honor, NodePolicy::Ignore];
    Spread {
        max_skew: if r.percent(WIDE_SKEW) { 2 } else { 1 },
        topology_key: b.intern(r.pick(&["host", "host", "zone"])),
        selector,
        min_domains: if r.percent(HAS_MIN_DOMAINS) { r.range(2, 4) } else { 1 },
        node_affinity_policy: r.pick(&policies),
        node_taints_policy: r.pick(&policies),
    }
}
