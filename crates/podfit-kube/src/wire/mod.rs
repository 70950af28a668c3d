//! Kubernetes objects as they are printed, only the fields that placement depends on.
//!
//! In: JSON or YAML, through serde. Out: plain structs for [`convert`](crate::convert). Unknown fields are
//! skipped without being built. Whatever may hold a wrong value is a [`Leaf`], so that one wrong value costs one
//! error and not the whole object; `null` and absent are the same, as in Kubernetes.

mod annotations;
mod constraint;
mod content;
mod flags;
mod leaf;
mod object;
mod storage;

pub(crate) use annotations::Annotations;
pub use constraint::{
    Affinity, ContainerPort, LabelSelector, NodeAffinity, NodeSelector, NodeSelectorTerm,
    PodAffinity, PodAffinityTerm, PreferredSchedulingTerm, SelectorRequirement, Taint, Toleration,
    TopologySpreadConstraint, WeightedPodAffinityTerm,
};
pub(crate) use content::{Content, hash_of};
pub(crate) use flags::Flags;
pub(crate) use leaf::{Fields, null_is_absent, or_default};
pub use leaf::{Leaf, Map};
pub(crate) use object::*;
pub(crate) use storage::*;
