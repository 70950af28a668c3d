use super::{
    labels::{Labels, NodeSelector, NodeTerm, Selector},
    names::Sym,
    node::{Card, Toleration},
    resources::Resources,
};

/// A shape, by its position in [`Cluster::shapes`](super::Cluster::shapes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(pub u32);

impl ShapeId {
    /// Position in the list of shapes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Everything about a pod that decides where it may run. Pods that are equal in all of it share
/// one shape, so a cluster of 100,000 pods has some hundred.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Namespace: selectors of other pods look at it.
    pub namespace: Sym,
    /// Labels: selectors of other pods look at them.
    pub labels: Labels,
    /// Effective requests, one pod slot included.
    pub requests: Resources,
    /// GPU cards.
    pub gpu: GpuRequest,
    /// `spec.priority`.
    pub priority: i32,
    /// Whether it may evict pods of lower priority: `spec.preemptionPolicy` is not Never.
    pub preempts: bool,
    /// `spec.nodeName` that a *new* pod of this kind would carry (its template names a node).
    pub node_name: Option<Sym>,
    /// nodeSelector and required node affinity.
    pub node_selector: NodeSelector,
    /// Tolerations.
    pub tolerations: Vec<Toleration>,
    /// Host ports.
    pub host_ports: Vec<HostPort>,
    /// Required pod affinity.
    pub affinity: Vec<PodTerm>,
    /// Required pod anti-affinity.
    pub anti_affinity: Vec<PodTerm>,
    /// Hard topology spread (`DoNotSchedule`).
    pub spread: Vec<Spread>,
    /// Volumes that restrict the nodes.
    pub volumes: Vec<VolumeClaim>,
    /// Claims with access mode ReadWriteOncePod, sorted: no other pod of the namespace may use them.
    pub one_pod_claims: Vec<Sym>,
    /// Claims whose volume is attached to one node at a time and that other pods use too, sorted: pods that use one
    /// run on one node together, or not at all.
    pub one_node_claims: Vec<Sym>,
    /// `spec.os.name`: the kubelet of a node with another system refuses the pod.
    pub os: Option<Sym>,
    /// What quotas look at.
    pub charges: Charges,
    /// What only scores.
    pub soft: Soft,
}

/// A pod template with one rule less hard, or one less.
impl Shape {
    /// Hard spread constraints over `key` honour taints: nodes whose taints the pod does not tolerate are no domains.
    pub fn honor_taints(&mut self, key: Sym) {
        let over_key = self.spread.iter_mut().filter(|s| s.topology_key == key);
        over_key.for_each(|s| s.node_taints_policy = NodePolicy::Honor);
    }

    /// Hard spread constraints over `key` allow at least this skew.
    pub fn raise_skew(&mut self, key: Sym, max_skew: i64) {
        let over_key = self.spread.iter_mut().filter(|s| s.topology_key == key);
        over_key.for_each(|s| s.max_skew = s.max_skew.max(max_skew));
    }

    /// Hard spread constraints over `key` become `ScheduleAnyway`.
    pub fn spread_anyway(&mut self, key: Sym) {
        self.soft.spread.extend(self.spread.extract_if(.., |s| s.topology_key == key));
    }

    /// Required terms of pod affinity over `key` become preferred ones of the largest weight.
    pub fn prefer_affinity(&mut self, key: Sym) {
        let required = self.affinity.extract_if(.., |t| t.topology_key == key);
        self.soft.pods.extend(required.map(|t| (PREFERRED_WEIGHT_MAX, t)));
    }

    /// Required terms of pod anti-affinity over `key` become preferred ones of the largest weight.
    pub fn prefer_anti_affinity(&mut self, key: Sym) {
        let required = self.anti_affinity.extract_if(.., |t| t.topology_key == key);
        self.soft.pods.extend(required.map(|t| (-PREFERRED_WEIGHT_MAX, t)));
    }

    /// The nodeSelector asks one label less.
    pub fn drop_selector(&mut self, key: Sym, value: Sym) {
        self.node_selector.labels.retain(|&l| l != (key, value));
    }

    /// The required node affinity, if there is one, accepts this node too.
    pub fn accept_node(&mut self, name: Sym) {
        if let Some(terms) = &mut self.node_selector.terms {
            terms.push(NodeTerm { labels: vec![], names: vec![(name, true)] });
        }
    }

    /// It takes this host port no more.
    pub fn drop_port(&mut self, port: HostPort) {
        self.host_ports.retain(|p| *p != port);
    }
}

/// The largest weight of a preferred term.
const PREFERRED_WEIGHT_MAX: i64 = 100;

/// What the default scheduler weighs and never refuses a node for. It decides where a pod lands, not
/// where it may.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Soft {
    /// Preferred node affinity: weight 1 to 100 and the term.
    pub nodes: Vec<(i64, NodeTerm)>,
    /// Preferred pod affinity with its weight 1 to 100, anti-affinity with its weight negated.
    pub pods: Vec<(i64, PodTerm)>,
    /// Soft topology spread (`ScheduleAnyway`).
    pub spread: Vec<Spread>,
    /// Whether `spread` are the scheduler's default constraints, not the pod's: then nodes that lack a
    /// topology key are scored all the same.
    pub spread_is_default: bool,
    /// Images of the containers, init containers included, by full name with tag, one each container.
    pub images: Vec<Sym>,
    /// CPU (milli) and memory (bytes) as the score LeastAllocated counts them: a container without a request
    /// counts 100m and 200 MiB. `None`: the effective requests, so nothing was defaulted.
    pub scored: Option<[i64; 2]>,
    /// The same while the pod is the one to be placed, where that differs: kube-scheduler 1.34 sums up the containers
    /// then, whatever the pod as a whole requests, because `NewFit` does not tell the scorer of
    /// `pkg/scheduler/framework/plugins/noderesources/least_allocated.go` about pod-level requests.
    pub arriving: Option<[i64; 2]>,
}

/// What quotas look at beside requests and priority.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Charges {
    /// Effective limits.
    pub limits: Resources,
    /// Whether it has a deadline (`activeDeadlineSeconds`).
    pub ends: bool,
    /// Priority class.
    pub class: Option<Sym>,
    /// Resources of which some container states no request, or no limit: a quota that counts these refuses the pod.
    pub unstated: Unstated,
}

/// CPU and memory that some container does not state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Unstated {
    /// Request of CPU, of memory.
    pub requests: [bool; 2],
    /// Limit of CPU, of memory.
    pub limits: [bool; 2],
}

/// What a pod wants of GPU cards (podfit's own input; Kubernetes' extended resources are in
/// [`Shape::requests`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct GpuRequest {
    /// Number of cards: 0 none, 1 with `milli_each < 1000` a share of one card.
    pub cards: u16,
    /// Thousandths of each card: 1000 whole; less only with `cards == 1`.
    pub milli_each: i64,
    /// Models accepted; empty accepts any.
    pub models: Vec<Sym>,
}

impl GpuRequest {
    /// Whether a card like this will do, as far as it is free.
    pub fn accepts(&self, card: &Card) -> bool {
        let is_share = self.milli_each < Card::WHOLE_MILLI;
        (self.models.is_empty() || self.models.contains(&card.model)) && !(card.whole && is_share)
    }
}

/// Transport protocol of a host port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP, the default.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

/// A port of the node that the pod takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostPort {
    /// Protocol.
    pub protocol: Protocol,
    /// Port number, 1 to 65535.
    pub port: u16,
    /// `hostIP`; `None` is all addresses (`0.0.0.0`, `::` or absent) and clashes with every one.
    pub ip: Option<Sym>,
}

impl HostPort {
    /// Whether two pods with these cannot share a node.
    pub fn clashes(&self, other: &Self) -> bool {
        self.protocol == other.protocol
            && self.port == other.port
            && (self.ip.is_none() || other.ip.is_none() || self.ip == other.ip)
    }
}

/// Namespaces in which a pod term looks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NamespaceSet {
    /// Every namespace (`namespaceSelector: {}`).
    All,
    /// These, sorted.
    Of(Vec<Sym>),
}

impl NamespaceSet {
    /// Whether the namespace is among them.
    pub fn contains(&self, namespace: Sym) -> bool {
        match self {
            Self::All => true,
            Self::Of(list) => list.binary_search(&namespace).is_ok(),
        }
    }
}

/// One term of required pod (anti-)affinity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PodTerm {
    /// Where it looks.
    pub namespaces: NamespaceSet,
    /// Which pods it means (matchLabelKeys already merged in).
    pub selector: Selector,
    /// Node label that makes the domains.
    pub topology_key: Sym,
}

impl PodTerm {
    /// Whether a pod of `shape` is meant.
    pub fn matches(&self, shape: &Shape, names: &super::Names) -> bool {
        self.namespaces.contains(shape.namespace) && self.selector.matches(&shape.labels, names)
    }
}

/// Whether nodes that the pod could not use count as spread domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodePolicy {
    /// Only nodes that pass count.
    Honor,
    /// All nodes count.
    Ignore,
}

/// A hard topology spread constraint (`whenUnsatisfiable: DoNotSchedule`), over pods of the same namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spread {
    /// Largest allowed surplus over the emptiest domain, at least 1.
    pub max_skew: i64,
    /// Node label that makes the domains.
    pub topology_key: Sym,
    /// Which pods count (matchLabelKeys already merged in).
    pub selector: Selector,
    /// With fewer domains than this the emptiest counts as 0; 1 if unset.
    pub min_domains: i64,
    /// `nodeAffinityPolicy`, default Honor: nodes outside the pod's nodeSelector or affinity are no domain.
    pub node_affinity_policy: NodePolicy,
    /// `nodeTaintsPolicy`, default Ignore: tainted nodes are domains all the same.
    pub node_taints_policy: NodePolicy,
}

/// What a pod's persistent volume claim asks of the node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VolumeClaim {
    /// Claim name, for the report.
    pub claim: Sym,
    /// Why `nodes` are what they are.
    pub kind: ClaimKind,
    /// Nodes that are accepted; not looked at where the claim can be had nowhere.
    pub nodes: NodeSelector,
}

/// How a claim stands; it decides the reason that is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimKind {
    /// Bound; `nodes` is the volume's node affinity (`PersistentVolume.spec.nodeAffinity.required`).
    Bound,
    /// Bound; `nodes` are those in the zone or region that the volume's labels name (plugin VolumeZone).
    Zone,
    /// Not bound, its class waits for the pod (`WaitForFirstConsumer`); `nodes` are those where a volume is
    /// free or can be made.
    Waits,
    /// The same, and its driver says how much storage is free where: `nodes` are those that have enough.
    Space,
    /// Not bound, and its class binds without waiting: no node until that is done.
    Unbound,
    /// The claim is not in the cluster: no node.
    Missing,
}

impl ClaimKind {
    /// Whether no node will do, whatever the selector says.
    pub fn is_nowhere(self) -> bool {
        matches!(self, Self::Unbound | Self::Missing)
    }
}
