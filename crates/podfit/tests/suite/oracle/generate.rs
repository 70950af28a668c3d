use super::random::Random;
use super::shapes::{DISKS, random_shape};
use podfit::model::{
    Card, Change, Cluster, ClusterBuilder, Effect, Labels, Loss, NodeId, NodeSpec, Owner,
    OwnerKind, PodId, PodSpec, Removal, ResourceId, Resources, Shape, Sym, Taint,
    VOLUMES_UNLIMITED,
};

/// A cluster that loses a node.
#[derive(Clone, Debug)]
pub struct Case {
    pub cluster: Cluster,
    pub lost: Vec<NodeId>,
    pub loss: Loss,
    pub removed: Vec<Removal>,
    /// Pods that want a place: of the lost node, or pending. At most [`DISPLACED_MAX`].
    pub displaced: Vec<PodId>,
}

impl Case {
    /// The change without steps.
    pub fn change(&self) -> Change {
        Change {
            lost: self.lost.clone(),
            loss: self.loss,
            removed: self.removed.clone(),
            steps: Vec::new(),
        }
    }
}

pub const DISPLACED_MAX: i64 = 8;

/// How large and how full.
struct Size {
    on_lost: (i64, i64),
    on_survivor: (i64, i64),
    cpu_milli: (i64, i64),
    memory: (i64, i64),
    pod_slots: (i64, i64),
}

/// Small enough for brute force, full enough that rules bind.
const SMALL: Size = Size {
    on_lost: (1, 6),
    on_survivor: (0, 4),
    cpu_milli: (11, 26),
    memory: (11, 26),
    pod_slots: (3, 9),
};
/// Larger, and mostly with room left.
const ROOMY: Size = Size {
    on_lost: (1, 10),
    on_survivor: (0, 6),
    cpu_milli: (12, 34),
    memory: (12, 34),
    pod_slots: (4, 16),
};

// Chances are in percent.
const SHAPE_COUNT: (i64, i64) = (2, 4);
const PENDING: (i64, i64) = (0, 2);
const DEVICES: (i64, i64) = (2, 6);
const NODE_HAS_DEVICES: u64 = 80;
const CARDS: (i64, i64) = (1, 3);
/// One node in so many has cards that are not shared.
const NODES_WITHOUT_SHARES: i64 = 11;
/// A pod on a survivor that is put there though it does not fit.
const OVERCOMMITS: u64 = 8;
const NODE_TAINTED: u64 = 18;
const NODE_CORDONED: u64 = 7;
const NODE_DOWN: u64 = 6;
const NODE_ENDING: u64 = 5;
const NODE_LACKS_OS: u64 = 10;
const NODE_LACKS_HOST: u64 = 7;
const NODE_LACKS_ZONE: u64 = 12;
const NODE_LACKS_LABEL: u64 = 20;
/// Of the pods on the lost node: they stay (as a DaemonSet's), they go and do not come back.
const STAYS: u64 = 12;
const LEAVES_FOR_GOOD: u64 = 10;
const TERMINATING: u64 = 8;
/// Of all running pods: in the middle of a resize, so that a newcomer asks something else.
const RESIZING: u64 = 8;
const NODE_LIMITS_VOLUMES: u64 = 65;
const VOLUMES: (i64, i64) = (1, 3);
/// Of the pods evicted from a node that is not ready.
const LINGERS: u64 = 75;

/// The case of a seed: always the same.
pub fn case(seed: u64) -> Case {
    // Four nodes as often as less.
    case_of(seed, &SMALL, |r| r.pick(&[2, 3, 3, 4, 4, 4]))
}

/// A larger case, with room left, beyond brute force.
pub fn roomy_case(seed: u64) -> Case {
    case_of(seed, &ROOMY, |r| r.range(3, 9))
}

fn case_of(seed: u64, size: &Size, nodes: impl Fn(&mut Random) -> i64) -> Case {
    let mut r = Random::new(seed);
    let mut b = ClusterBuilder::new();
    let nodes = nodes(&mut r);
    let specs: Vec<NodeSpec> = (0..nodes).map(|i| random_node(&mut r, &mut b, i, size)).collect();
    let shape_count = r.range(SHAPE_COUNT.0, SHAPE_COUNT.1);
    let shapes: Vec<Shape> =
        (0..shape_count).map(|i| random_shape(&mut r, &mut b, nodes, i)).collect();
    let lost = r.range(0, nodes - 1);
    let loss = r.pick(&[Loss::NotReady, Loss::Deleted, Loss::Drained]);

    let mut plan = Plan { pods: 0, removed: Vec::new(), displaced: Vec::new() };
    for node in 0..nodes {
        let mut room = Room::of(&specs[node as usize]);
        let (low, high) = if node == lost { size.on_lost } else { size.on_survivor };
        for _ in 0..r.range(low, high) {
            let shape = shapes[r.range(0, shape_count - 1) as usize].clone();
            // What runs must have had its cards; the rest fits by and large.
            let Some(cards) = room.take(&shape, node == lost || r.percent(OVERCOMMITS)) else {
                continue;
            };
            let pod = plan.next_pod(shape, Some(node), r.percent(TERMINATING));
            let incoming = r.percent(RESIZING).then(|| resized(&mut r, &pod.shape));
            let pod = PodSpec { cards, incoming, ..pod };
            let pod = if node == lost { plan.evict(&mut r, pod, loss) } else { pod };
            b.add_pod(pod, plan.pods);
        }
    }
    for _ in 0..r.range(PENDING.0, PENDING.1) {
        let pod = plan.next_pod(shapes[r.range(0, shape_count - 1) as usize].clone(), None, false);
        if (plan.displaced.len() as i64) < DISPLACED_MAX {
            plan.displaced.push(PodId(plan.pods - 1));
        }
        b.add_pod(pod, plan.pods);
    }
    specs.into_iter().enumerate().for_each(|(i, spec)| b.add_node(spec, i as u32));
    let cluster = b.build().expect("the generator makes valid clusters");
    let Plan { removed, displaced, .. } = plan;
    Case { cluster, lost: vec![NodeId(lost as u32)], loss, removed, displaced }
}

fn random_node(r: &mut Random, b: &mut ClusterBuilder, index: i64, size: &Size) -> NodeSpec {
    let name = format!("node-{index}");
    let mut labels = Vec::new();
    let mut label = |b: &mut ClusterBuilder, key: &str, value: &str| {
        labels.push((b.intern(key), b.intern(value)));
    };
    if !r.percent(NODE_LACKS_HOST) {
        label(b, "host", &name);
    }
    if !r.percent(NODE_LACKS_ZONE) {
        label(b, "zone", r.pick(&["z1", "z2", "z2", "z3"]));
    }
    if !r.percent(NODE_LACKS_LABEL) {
        label(b, "disk", r.pick(&["ssd", "hdd"]));
    }
    if !r.percent(NODE_LACKS_LABEL) {
        label(b, "gen", r.pick(&["1", "2", "3", "new"]));
    }
    if !r.percent(NODE_LACKS_OS) {
        label(b, "kubernetes.io/os", r.pick(&["linux", "linux", "linux", "windows"]));
    }
    let mut allocatable = Resources::new()
        .with(ResourceId::CPU, r.range(size.cpu_milli.0, size.cpu_milli.1))
        .with(ResourceId::MEMORY, r.range(size.memory.0, size.memory.1))
        .with(ResourceId::PODS, r.range(size.pod_slots.0, size.pod_slots.1));
    if r.percent(NODE_HAS_DEVICES) {
        allocatable.set(b.resource("example.com/device"), r.range(DEVICES.0, DEVICES.1));
    }
    let limit = if r.percent(NODE_LIMITS_VOLUMES) {
        r.range(VOLUMES.0, VOLUMES.1)
    } else {
        VOLUMES_UNLIMITED
    };
    allocatable.set(b.resource(DISKS), limit);
    // Of some nodes cards are not shared.
    let whole = allocatable.get(ResourceId::CPU) % NODES_WITHOUT_SHARES == 0;
    let cards = (0..r.range(CARDS.0, CARDS.1))
        .map(|_| Card { whole, ..Card::of(b.intern(r.pick(&["m1", "m2"]))) });
    let cards = cards.collect();
    let mut taints = Vec::new();
    if r.percent(NODE_TAINTED) {
        let effects = [Effect::NoSchedule, Effect::NoExecute, Effect::PreferNoSchedule];
        taints.push(taint(b, r.pick(&["red", "blue"]), r.pick(&effects)));
    }
    let unschedulable = r.percent(NODE_CORDONED);
    NodeSpec {
        name,
        labels: Labels::new(labels),
        taints,
        unschedulable,
        allocatable,
        cards,
        down: r.percent(NODE_DOWN),
        ending: r.percent(NODE_ENDING),
        ..NodeSpec::default()
    }
}

/// The same after a resize: other CPU and memory.
fn resized(r: &mut Random, shape: &Shape) -> Shape {
    let mut incoming = shape.clone();
    for resource in [ResourceId::CPU, ResourceId::MEMORY] {
        incoming.requests.set(resource, r.range(0, 6));
    }
    incoming
}

fn taint(b: &mut ClusterBuilder, value: &str, effect: Effect) -> Taint {
    Taint { key: b.intern("team"), value: b.intern(value), effect }
}

/// What a node has left while it is filled.
struct Room {
    free: Resources,
    cards: Vec<(Sym, i64)>,
}

impl Room {
    fn of(node: &NodeSpec) -> Self {
        let cards = node.cards.iter().map(|c| (c.model, Card::WHOLE_MILLI)).collect();
        Self { free: node.allocatable.clone(), cards }
    }

    /// Takes what the shape asks if it is there, and says which cards; with `overcommit` only the cards
    /// must be there.
    fn take(&mut self, shape: &Shape, overcommit: bool) -> Option<Vec<u16>> {
        let gpu = &shape.gpu;
        let fits = |&i: &u16| {
            let (model, free) = self.cards[usize::from(i)];
            free >= gpu.milli_each && (gpu.models.is_empty() || gpu.models.contains(&model))
        };
        let have = 0..self.cards.len() as u16;
        let cards: Vec<u16> = have.filter(fits).take(usize::from(gpu.cards)).collect();
        let room = shape.requests.iter().all(|(id, need)| need <= self.free.get(id));
        if cards.len() < usize::from(gpu.cards) || !(room || overcommit) {
            return None;
        }
        cards.iter().for_each(|&i| self.cards[usize::from(i)].1 -= gpu.milli_each);
        shape.requests.iter().for_each(|(id, need)| self.free.set(id, self.free.get(id) - need));
        Some(cards)
    }
}

/// Who goes and who wants to come back.
struct Plan {
    pods: u32,
    removed: Vec<Removal>,
    displaced: Vec<PodId>,
}

impl Plan {
    fn next_pod(&mut self, shape: Shape, node: Option<i64>, terminating: bool) -> PodSpec {
        let name = format!("pod-{}", self.pods);
        self.pods += 1;
        PodSpec {
            node: node.map(|n| format!("node-{n}")),
            terminating,
            owner: Owner { kind: OwnerKind::ReplicaSet, name: None },
            ..PodSpec::new(name, shape)
        }
    }

    fn evict(&mut self, r: &mut Random, pod: PodSpec, loss: Loss) -> PodSpec {
        let id = PodId(self.pods - 1);
        let stays = r.percent(STAYS);
        if !stays || loss == Loss::Deleted {
            let lingers = loss == Loss::NotReady && (pod.terminating || r.percent(LINGERS));
            self.removed.push(Removal { pod: id, lingers });
        }
        let full = self.displaced.len() as i64 >= DISPLACED_MAX;
        let kind = if stays {
            OwnerKind::DaemonSet
        } else if pod.terminating || full || r.percent(LEAVES_FOR_GOOD) {
            OwnerKind::Bare
        } else {
            self.displaced.push(id);
            OwnerKind::ReplicaSet
        };
        PodSpec { owner: Owner { kind, name: None }, ..pod }
    }
}
