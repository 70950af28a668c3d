/// What can keep a pod off a node. The order is kube-scheduler's filter order, so the first rule that
/// refuses is the reason that the scheduler would give
/// (`pkg/scheduler/apis/config/v1/default_plugins.go`). What its PreFilter stage refuses comes before all
/// filters: see [`refusals`](super::refusals).
#[non_exhaustive]
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Rule {
    /// The node is lost: it takes nothing, whatever the pod tolerates (ours; before the scheduler's own).
    Lost,
    /// `spec.unschedulable`: filter NodeUnschedulable.
    Cordon,
    /// The pod's template names another node: filter NodeName.
    NodeName,
    /// A NoSchedule or NoExecute taint that is not tolerated: filter TaintToleration.
    Taints,
    /// nodeSelector and required node affinity: filter NodeAffinity.
    NodeAffinity,
    /// A host port is taken: filter NodePorts.
    HostPorts,
    /// Requests beyond what is free, pod slots included: filter NodeResourcesFit.
    Resources,
    /// GPU cards as bins (ours; beside the resources, as a device plugin's resource would be).
    Cards,
    /// A claim that one pod alone may use is in use (ReadWriteOncePod): filter VolumeRestrictions.
    VolumeRestrictions,
    /// More volumes than may be attached to the node: filter NodeVolumeLimits.
    VolumeLimits,
    /// A claim that cannot be met on the node, or on none: filter VolumeBinding.
    Volumes,
    /// A bound volume in another zone or region, by its labels: filter VolumeZone.
    VolumeZone,
    /// Hard topology spread: filter PodTopologySpread.
    Spread,
    /// Required pod affinity: filter InterPodAffinity, first part.
    InterPodAffinity,
    /// The pod's own required anti-affinity: filter InterPodAffinity, second part.
    InterPodAntiAffinity,
    /// Required anti-affinity of pods already there: filter InterPodAffinity, last part.
    ExistingAntiAffinity,
    /// The node is not ready, is being deleted, or runs another operating system: the scheduler may put the pod there, and
    /// it does not run.
    Kubelet,
    /// A volume that one node at a time may have is attached to another (ReadWriteOnce): as above.
    SharedVolume,
}

impl Rule {
    /// Every rule, in filter order.
    pub const ALL: [Self; 18] = [
        Self::Lost,
        Self::Cordon,
        Self::NodeName,
        Self::Taints,
        Self::NodeAffinity,
        Self::HostPorts,
        Self::Resources,
        Self::Cards,
        Self::VolumeRestrictions,
        Self::VolumeLimits,
        Self::Volumes,
        Self::VolumeZone,
        Self::Spread,
        Self::InterPodAffinity,
        Self::InterPodAntiAffinity,
        Self::ExistingAntiAffinity,
        Self::Kubelet,
        Self::SharedVolume,
    ];

    /// Stable name for reports and options.
    pub fn code(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Cordon => "cordon",
            Self::NodeName => "node-name",
            Self::Taints => "taints",
            Self::NodeAffinity => "node-affinity",
            Self::HostPorts => "host-ports",
            Self::Resources => "resources",
            Self::Cards => "cards",
            Self::VolumeRestrictions => "volume-restrictions",
            Self::VolumeLimits => "volume-limits",
            Self::Volumes => "volumes",
            Self::VolumeZone => "volume-zone",
            Self::Spread => "spread",
            Self::InterPodAffinity => "pod-affinity",
            Self::InterPodAntiAffinity => "pod-anti-affinity",
            Self::ExistingAntiAffinity => "existing-anti-affinity",
            Self::Kubelet => "kubelet",
            Self::SharedVolume => "shared-volume",
        }
    }

    /// Whether the answer depends on the pod and the node alone, not on which pods are where or on
    /// what is lost.
    pub fn is_static(self) -> bool {
        match self {
            Self::Cordon
            | Self::NodeName
            | Self::Taints
            | Self::NodeAffinity
            | Self::Volumes
            | Self::VolumeZone
            | Self::Kubelet => true,
            Self::Lost
            | Self::HostPorts
            | Self::Resources
            | Self::Cards
            | Self::VolumeRestrictions
            | Self::VolumeLimits
            | Self::Spread
            | Self::InterPodAffinity
            | Self::InterPodAntiAffinity
            | Self::ExistingAntiAffinity
            | Self::SharedVolume => false,
        }
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Which rules hold: all by default; switch one off to ask "what if we relaxed this".
///
/// Which nodes are domains of a spread constraint (`nodeAffinityPolicy`, `nodeTaintsPolicy`) is part of
/// [`Rule::Spread`] and stays the same when [`Rule::NodeAffinity`] or [`Rule::Taints`] is off. Without
/// [`Rule::Volumes`] claims that are unbound or missing are no obstacle; without [`Rule::VolumeLimits`]
/// resources that count attached volumes are not looked at, whatever [`Rule::Resources`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleSet(u32);

impl RuleSet {
    /// Every rule.
    pub const ALL: Self = Self((1 << Rule::ALL.len()) - 1);
    /// What the scheduler looks at: not what happens on the node afterwards.
    pub const SCHEDULER: Self = Self::ALL.without(Rule::Kubelet).without(Rule::SharedVolume);
    /// No rule: every pod may go everywhere.
    pub const NONE: Self = Self(0);

    /// The same with `rule` on.
    #[must_use]
    pub const fn with(self, rule: Rule) -> Self {
        Self(self.0 | rule.bit())
    }

    /// The same with `rule` off.
    #[must_use]
    pub const fn without(self, rule: Rule) -> Self {
        Self(self.0 & !rule.bit())
    }

    /// Whether `rule` is on.
    pub const fn contains(self, rule: Rule) -> bool {
        self.0 & rule.bit() != 0
    }

    /// Whether one of these is on.
    pub(crate) fn contains_any(self, rules: &[Rule]) -> bool {
        rules.iter().any(|&rule| self.contains(rule))
    }
}

impl Default for RuleSet {
    fn default() -> Self {
        Self::ALL
    }
}
