//! Quotas: how much the pods of a namespace may ask for together.

use super::{
    names::Sym,
    resources::ResourceId,
    shape::{Shape, Unstated},
};

/// A ResourceQuota, as far as it counts pods.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Namespace.
    pub namespace: Sym,
    /// Name.
    pub name: Sym,
    /// What it counts, and how much of it there may be.
    pub hard: Vec<(Charge, i64)>,
    /// Only pods that all of these mean are counted.
    pub scopes: Vec<Scope>,
}

/// Something that a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charge {
    /// Pods.
    Pods,
    /// The sum of effective requests, in the unit of the resource.
    Requests(ResourceId),
    /// The sum of effective limits.
    Limits(ResourceId),
}

impl Charge {
    /// What a pod of this shape adds.
    pub fn of(self, shape: &Shape) -> i64 {
        match self {
            Self::Pods => 1,
            Self::Requests(id) => shape.requests.get(id),
            Self::Limits(id) => shape.charges.limits.get(id),
        }
    }

    /// Whether the quota refuses a pod of this shape because it does not state what is counted: every container has to
    /// (`Constraints` in kubernetes/kubernetes `pkg/quota/v1/evaluator/core/pods.go`).
    pub fn is_unstated(self, shape: &Shape) -> bool {
        let Unstated { requests, limits } = shape.charges.unstated;
        match self {
            Self::Requests(ResourceId::CPU) => requests[0],
            Self::Requests(ResourceId::MEMORY) => requests[1],
            Self::Limits(ResourceId::CPU) => limits[0],
            Self::Limits(ResourceId::MEMORY) => limits[1],
            _ => false,
        }
    }
}

/// Which pods a quota means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Those that state neither requests nor limits; or the others.
    BestEffort(bool),
    /// Those with a deadline; or the others.
    Ends(bool),
    /// Those whose priority class is among these; or is not.
    Class {
        /// The classes.
        among: Vec<Sym>,
        /// Those of other classes, or of none.
        others: bool,
    },
    /// Those that have a priority class; or have none.
    HasClass(bool),
    /// Those whose pod (anti-)affinity looks into other namespaces.
    CrossNamespaceAffinity,
}

impl Scope {
    /// Whether it means pods of this shape.
    pub fn means(&self, shape: &Shape) -> bool {
        let charges = &shape.charges;
        match self {
            Self::BestEffort(best) => {
                let cpu_or_memory = |id| id == ResourceId::CPU || id == ResourceId::MEMORY;
                let asks = shape.requests.iter().chain(charges.limits.iter());
                asks.into_iter().any(|(id, _)| cpu_or_memory(id)) != *best
            }
            Self::Ends(ends) => charges.ends == *ends,
            Self::Class { among, others } => {
                charges.class.is_some_and(|class| among.contains(&class)) != *others
            }
            Self::HasClass(has) => charges.class.is_some() == *has,
            Self::CrossNamespaceAffinity => {
                let preferred = shape.soft.pods.iter().map(|(_, term)| term);
                let terms = shape.affinity.iter().chain(&shape.anti_affinity).chain(preferred);
                let own = super::NamespaceSet::Of(vec![shape.namespace]);
                terms.into_iter().any(|term| term.namespaces != own)
            }
        }
    }
}

impl Quota {
    /// Whether pods of this shape are counted.
    pub fn means(&self, shape: &Shape) -> bool {
        self.namespace == shape.namespace && self.scopes.iter().all(|scope| scope.means(shape))
    }
}
