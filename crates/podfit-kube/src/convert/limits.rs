//! LimitRanges: what admission gives to containers that state nothing, and what it refuses
//! (`plugin/pkg/admission/limitranger/admission.go`).

use super::{
    Out,
    amounts::{Amounts, read},
    asks::{Asks, Kind},
};
use crate::{fault::Path, quantity::Quantity, wire};
use podfit::model::{ClusterBuilder, ResourceId};

/// All limit ranges of a namespace together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits {
    /// What a container requests that states none.
    pub(super) default_requests: Amounts,
    /// The limit of a container that states none.
    pub(super) default_limits: Amounts,
    bounds: Vec<Bound>,
}

/// A least or most amount.
#[derive(Clone, Debug)]
struct Bound {
    /// Of the limit range.
    name: String,
    of: Whole,
    is_max: bool,
    resource: ResourceId,
    amount: Quantity,
}

/// What a bound is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    Container,
    Pod,
}

impl Limits {
    /// Adds a limit range. Of several defaults for one resource the first counts, as one that is set is not set again.
    pub fn add(
        &mut self,
        range: &wire::LimitRange,
        name: &str,
        root: &Path<'_>,
        out: &mut Out<'_>,
    ) {
        let at = root.field("spec");
        let at = at.field("limits");
        for (i, item) in range.spec.limits.iter().flatten().enumerate() {
            let at = at.index(i);
            let of = match item.kind.as_str() {
                Some("Container") => Whole::Container,
                Some("Pod") => Whole::Pod,
                _ => continue,
            };
            let mut amounts =
                |map: &Option<wire::Map>, field| read(map.as_ref(), &at.field(field), out);
            let (max, min) = (amounts(&item.max, "max"), amounts(&item.min, "min"));
            if of == Whole::Container {
                // As the API server completes it: a limit is at most the maximum, a request as the limit, else the minimum.
                let mut limits = amounts(&item.default, "default");
                limits.fill_from(&max);
                let mut requests = amounts(&item.default_request, "defaultRequest");
                requests.fill_from(&limits);
                requests.fill_from(&min);
                self.default_requests.fill_from(&requests);
                self.default_limits.fill_from(&limits);
            }
            for (list, is_max) in [(max, true), (min, false)] {
                self.bounds.extend(list.0.into_iter().map(|(resource, amount)| Bound {
                    name: name.into(),
                    of,
                    is_max,
                    resource,
                    amount,
                }));
            }
        }
    }

    /// Why a pod that asks this is refused.
    pub fn refuse(&self, asks: &Asks, builder: &ClusterBuilder) -> Option<String> {
        self.bounds.iter().find_map(|bound| bound.refuse(asks, builder))
    }
}

impl Bound {
    fn refuse(&self, asks: &Asks, builder: &ClusterBuilder) -> Option<String> {
        let broken = match self.of {
            Whole::Container => asks.containers.iter().any(|c| {
                self.is_broken(
                    c.stated.effective().stated(self.resource),
                    c.stated.limits.stated(self.resource),
                )
            }),
            Whole::Pod => {
                let sum = |of: &dyn Fn(&super::asks::Stated) -> Amounts| {
                    let plain = asks.containers.iter().filter(|c| c.kind != Kind::Init);
                    let stated = plain.filter_map(|c| of(&c.stated).stated(self.resource));
                    stated.reduce(Quantity::plus)
                };
                self.is_broken(sum(&|s| s.effective()), sum(&|s| s.limits.clone()))
            }
        };
        let (what, bound) = match (self.of, self.is_max) {
            (Whole::Container, true) => ("a container", "maximum"),
            (Whole::Container, false) => ("a container", "minimum"),
            (Whole::Pod, true) => ("a pod", "maximum"),
            (Whole::Pod, false) => ("a pod", "minimum"),
        };
        broken.then(|| {
            let resource = builder.resource_name(self.resource);
            let amount = self.amount.in_unit_of(self.resource);
            let amount = podfit::rules::format_amount(resource, amount);
            format!("limit range {}: the {bound} of {resource} for {what} is {amount}", self.name)
        })
    }

    /// A maximum needs a limit, a minimum a request.
    fn is_broken(&self, request: Option<Quantity>, limit: Option<Quantity>) -> bool {
        if self.is_max {
            limit.is_none_or(|l| l > self.amount) || request.is_some_and(|r| r > self.amount)
        } else {
            request.is_none_or(|r| r < self.amount) || limit.is_some_and(|l| l < self.amount)
        }
    }
}
