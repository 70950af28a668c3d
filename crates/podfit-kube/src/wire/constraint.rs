//! The parts of a pod that say where it may run, in Kubernetes' own shape. `podfit/v1` uses them too.

use super::{Leaf, Map};
use serde::Deserialize;

macro_rules! wire {
    ($($(#[$doc:meta])* $name:ident {
        $($(#[$fdoc:meta])* $field:ident $written:literal: $ty:ty,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(default, remote = "Self")]
        pub struct $name {
            $($(#[$fdoc])* #[serde(rename = $written)] pub $field: $ty,)*
        }

        super::null_is_absent!($name);

        impl super::Content for $name {
            fn content(&self, to: &mut rustc_hash::FxHasher) {
                $(self.$field.content(to);)*
            }
        }

        impl $name {
            /// The fields as they are written, for readers that refuse unknown ones.
            pub const FIELDS: &[&str] = &[$($written),*];
        }
    )*};
}

wire! {
    /// `spec.affinity`.
    Affinity {
        /// Which nodes.
        node_affinity "nodeAffinity": Option<NodeAffinity>,
        /// Which pods nearby.
        pod_affinity "podAffinity": Option<PodAffinity>,
        /// Which pods not nearby.
        pod_anti_affinity "podAntiAffinity": Option<PodAffinity>,
    }
    /// Node affinity.
    NodeAffinity {
        /// The hard part.
        required_during_scheduling_ignored_during_execution "requiredDuringSchedulingIgnoredDuringExecution": Option<NodeSelector>,
        /// The soft part: it only scores.
        preferred_during_scheduling_ignored_during_execution "preferredDuringSchedulingIgnoredDuringExecution": Option<Vec<PreferredSchedulingTerm>>,
    }
    /// A preferred term of node affinity.
    PreferredSchedulingTerm {
        /// 1 to 100.
        weight "weight": Leaf,
        /// Which nodes.
        preference "preference": Option<NodeSelectorTerm>,
    }
    /// A node selector: terms joined by "or".
    NodeSelector {
        /// The terms.
        node_selector_terms "nodeSelectorTerms": Option<Vec<NodeSelectorTerm>>,
    }
    /// One term: requirements joined by "and".
    NodeSelectorTerm {
        /// On labels.
        match_expressions "matchExpressions": Option<Vec<SelectorRequirement>>,
        /// On `metadata.name`.
        match_fields "matchFields": Option<Vec<SelectorRequirement>>,
    }
    /// One requirement of a label or node selector.
    SelectorRequirement {
        /// Label key.
        key "key": Leaf,
        /// In, NotIn, Exists, DoesNotExist; for nodes also Gt and Lt.
        operator "operator": Leaf,
        /// Values.
        values "values": Option<Vec<Leaf>>,
    }
    /// A label selector: everything joined by "and".
    LabelSelector {
        /// Labels that must be equal.
        match_labels "matchLabels": Option<Map>,
        /// Further requirements.
        match_expressions "matchExpressions": Option<Vec<SelectorRequirement>>,
    }
    /// Pod affinity or anti-affinity.
    PodAffinity {
        /// The hard part.
        required_during_scheduling_ignored_during_execution "requiredDuringSchedulingIgnoredDuringExecution": Option<Vec<PodAffinityTerm>>,
        /// The soft part: it only scores.
        preferred_during_scheduling_ignored_during_execution "preferredDuringSchedulingIgnoredDuringExecution": Option<Vec<WeightedPodAffinityTerm>>,
    }
    /// A preferred term of pod (anti-)affinity.
    WeightedPodAffinityTerm {
        /// 1 to 100.
        weight "weight": Leaf,
        /// Which pods.
        pod_affinity_term "podAffinityTerm": Option<PodAffinityTerm>,
    }
    /// One term of pod (anti-)affinity.
    PodAffinityTerm {
        /// Which pods; absent matches none.
        label_selector "labelSelector": Option<LabelSelector>,
        /// Namespaces by name.
        namespaces "namespaces": Option<Vec<Leaf>>,
        /// Namespaces by label; `{}` is all, absent is none.
        namespace_selector "namespaceSelector": Option<LabelSelector>,
        /// Node label that makes the domains.
        topology_key "topologyKey": Leaf,
        /// Keys whose value must equal the pod's own.
        match_label_keys "matchLabelKeys": Option<Vec<Leaf>>,
        /// Keys whose value must differ from the pod's own.
        mismatch_label_keys "mismatchLabelKeys": Option<Vec<Leaf>>,
    }
    /// One topology spread constraint.
    TopologySpreadConstraint {
        /// Largest surplus over the emptiest domain.
        max_skew "maxSkew": Leaf,
        /// Node label that makes the domains.
        topology_key "topologyKey": Leaf,
        /// DoNotSchedule or ScheduleAnyway.
        when_unsatisfiable "whenUnsatisfiable": Leaf,
        /// Which pods count.
        label_selector "labelSelector": Option<LabelSelector>,
        /// Least number of domains.
        min_domains "minDomains": Leaf,
        /// Honor or Ignore.
        node_affinity_policy "nodeAffinityPolicy": Leaf,
        /// Honor or Ignore.
        node_taints_policy "nodeTaintsPolicy": Leaf,
        /// Keys whose value must equal the pod's own.
        match_label_keys "matchLabelKeys": Option<Vec<Leaf>>,
    }
    /// A toleration.
    Toleration {
        /// Taint key; absent with Exists is every key.
        key "key": Leaf,
        /// Equal (default) or Exists.
        operator "operator": Leaf,
        /// Taint value.
        value "value": Leaf,
        /// Taint effect; absent is every effect.
        effect "effect": Leaf,
        /// How long a NoExecute taint is borne.
        toleration_seconds "tolerationSeconds": Leaf,
    }
    /// A taint of a node.
    Taint {
        /// Key.
        key "key": Leaf,
        /// Value.
        value "value": Leaf,
        /// NoSchedule, PreferNoSchedule or NoExecute.
        effect "effect": Leaf,
    }
    /// A port of a container.
    ContainerPort {
        /// Port in the container.
        container_port "containerPort": Leaf,
        /// Port of the node.
        host_port "hostPort": Leaf,
        /// Address of the node.
        host_ip "hostIP": Leaf,
        /// TCP (default), UDP or SCTP.
        protocol "protocol": Leaf,
    }
}
