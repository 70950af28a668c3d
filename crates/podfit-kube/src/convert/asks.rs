//! What a pod asks for: the effective request of component-helpers' `resource/helpers.go`.
//!
//! Per resource: the larger of (containers + sidecars) and, for each init container in order, (sidecars before
//! it + itself); pod-level requests replace cpu, memory and huge pages; then the overhead. Sums are exact and
//! rounded up once.
//!
//! A replacement is made from its owner's template: [`Asks::of_replacement`].

use super::{
    Out,
    amounts::{Amounts, read, read_if},
    bounds::{ENTRIES_MAX, within},
    limits::Limits,
};
use crate::{
    fault::Path,
    quantity::Quantity,
    wire::{self, PodSpec},
};
use podfit::model::{ResourceId, Resources, Sym, Unstated};

/// CPU in thousandths that the score LeastAllocated counts for a container that requests none
/// (`DefaultMilliCPURequest` in `pkg/scheduler/util/pod_resources.go`).
pub const SCORED_CPU_MILLI: i64 = 100;
/// Memory in bytes that it counts for a container that requests none (`DefaultMemoryRequest`).
pub const SCORED_MEMORY_BYTES: i64 = 200 << 20;

/// What a pod or a template states, container by container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Asks {
    pub(super) containers: Vec<Container>,
    pub(super) overhead: Amounts,
    /// For the pod as a whole.
    pub(super) level: Stated,
}

/// One container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Container {
    pub name: Option<Sym>,
    pub kind: Kind,
    pub stated: Stated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Container,
    Init,
    Sidecar,
}

/// Requests and limits as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Stated {
    pub requests: Amounts,
    pub limits: Amounts,
}

impl Stated {
    fn read(
        stated: &wire::Resources,
        counts: fn(&str) -> bool,
        at: &Path<'_>,
        out: &mut Out<'_>,
    ) -> Self {
        Self {
            requests: read_if(counts, stated.requests.as_ref(), &at.field("requests"), out),
            limits: read_if(counts, stated.limits.as_ref(), &at.field("limits"), out),
        }
    }

    /// Requests, with what only the limits state, as the API server fills it in.
    pub fn effective(&self) -> Amounts {
        let mut requests = self.requests.clone();
        requests.fill_from(&self.limits);
        requests
    }

    /// What is stated here; else what a limit range gives; else what `other` has.
    fn filled(&self, limits: &Limits, other: Option<&Self>) -> Self {
        let mut filled = Self { requests: self.effective(), limits: self.limits.clone() };
        filled.requests.fill_from(&limits.default_requests);
        filled.limits.fill_from(&limits.default_limits);
        if let Some(other) = other {
            filled.requests.fill_from(&other.effective());
            filled.limits.fill_from(&other.limits);
        }
        filled
    }
}

/// Amounts of a pod, rounded to the units of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Effective requests, one pod slot included.
    pub amounts: Resources,
    /// As the score LeastAllocated counts them; `None` where nothing was defaulted.
    pub scored: Option<[i64; 2]>,
    /// The same while the pod is the one to be placed, see [`Soft::arriving`](podfit::model::Soft::arriving).
    pub arriving: Option<[i64; 2]>,
}

impl Asks {
    /// What `spec` states. `at` is its path.
    pub fn of(spec: &PodSpec, at: &Path<'_>, out: &mut Out<'_>) -> Self {
        let mut containers = Vec::new();
        let lists = [("containers", &spec.containers), ("initContainers", &spec.init_containers)];
        for (field, list) in lists {
            let at = at.field(field);
            for (i, c) in within(list.as_deref(), ENTRIES_MAX, &at, out).iter().enumerate() {
                let kind = match field {
                    "containers" => Kind::Container,
                    _ if is_sidecar(c) => Kind::Sidecar,
                    _ => Kind::Init,
                };
                let at = at.index(i);
                let stated = c.resources.as_ref();
                let stated = stated.map(|s| Stated::read(s, |_| true, &at.field("resources"), out));
                let name = c.name.as_str().filter(|n| !n.is_empty());
                let name = name.map(|n| out.builder.intern(n));
                containers.push(Container { name, kind, stated: stated.unwrap_or_default() });
            }
        }
        let level = spec.resources.as_ref();
        let level = level.map(|s| Stated::read(s, counts_for_pods, &at.field("resources"), out));
        Self {
            containers,
            overhead: read(spec.overhead.as_ref(), &at.field("overhead"), out),
            level: level.unwrap_or_default(),
        }
    }

    /// What a replacement of a pod that states `self` asks, if its owner's template states `template`: what the template
    /// states counts. What it leaves open comes from the namespace's limit ranges, and else is as in the running pod,
    /// where something at admission must have put it: so is a whole container that the template has not.
    pub fn of_replacement(&self, template: &Self, limits: &Limits) -> Self {
        let own = |c: &Container| self.containers.iter().find(|o| o.name == c.name);
        let made = template.containers.iter().map(|c| {
            let own = own(c).map(|o| &o.stated);
            Container { stated: c.stated.filled(limits, own), ..c.clone() }
        });
        let is_added = |c: &&Container| template.containers.iter().all(|t| t.name != c.name);
        let added = self
            .containers
            .iter()
            .filter(is_added)
            .map(|c| Container { stated: c.stated.filled(limits, None), ..c.clone() });
        let (level, overhead) = (&template.level, &template.overhead);
        Self {
            containers: made.chain(added).collect(),
            overhead: if overhead.0.is_empty() { &self.overhead } else { overhead }.clone(),
            level: if *level == Stated::default() { &self.level } else { level }.clone(),
        }
    }

    /// Requests of each container, as they count.
    pub(super) fn requests(&self) -> Vec<(Kind, Amounts)> {
        self.containers.iter().map(|c| (c.kind, c.stated.effective())).collect()
    }

    /// What the pod as a whole requests, which replaces what its containers do.
    pub(super) fn level_requests(&self) -> Amounts {
        let mut level = self.level.requests.clone();
        if !self.level.limits.0.is_empty() {
            let containers = total(&self.requests(), &[]);
            for &(id, q) in &self.level.limits.0 {
                // A limit stands in only where neither the pod nor a container requests anything.
                if !level.has(id) && containers.get(id) == Quantity::ZERO {
                    *level.slot(id) = q;
                }
            }
        }
        level
    }

    /// What it comes to; `assumed` fills missing cpu and memory.
    pub(super) fn asked(&self, assumed: &[(ResourceId, i64)]) -> Asked {
        asked(&self.requests(), &self.level_requests(), &self.overhead, assumed)
    }

    /// Whether cpu or memory is missing from the requests.
    pub(super) fn is_unrequested(&self) -> bool {
        let stated = sum(&self.requests(), &[], &self.level_requests(), &self.overhead);
        [ResourceId::CPU, ResourceId::MEMORY].iter().any(|&id| stated.get(id) == Quantity::ZERO)
    }

    /// The sum of limits, as quotas count it.
    pub(super) fn limits(&self) -> Resources {
        let limits: Vec<_> =
            self.containers.iter().map(|c| (c.kind, c.stated.limits.clone())).collect();
        let mut amounts = Resources::new();
        for (id, q) in sum(&limits, &[], &self.level.limits, &self.overhead).0 {
            amounts.set(id, q.in_unit_of(id));
        }
        amounts
    }

    /// Which of cpu and memory some container does not state.
    pub(super) fn unstated(&self) -> Unstated {
        let pair = [ResourceId::CPU, ResourceId::MEMORY];
        let lacks = |of: fn(&Stated) -> Amounts| {
            pair.map(|id| {
                !of(&self.level).has(id) && self.containers.iter().any(|c| !of(&c.stated).has(id))
            })
        };
        Unstated { requests: lacks(Stated::effective), limits: lacks(|s| s.limits.clone()) }
    }
}

/// Whether an init container runs on beside the containers.
pub(super) fn is_sidecar(c: &wire::Container) -> bool {
    c.restart_policy.as_str() == Some("Always")
}

/// Which resources may be stated for the pod as a whole.
pub(super) fn counts_for_pods(name: &str) -> bool {
    name == "cpu" || name == "memory" || name.starts_with("hugepages-")
}

pub(super) fn asked(
    containers: &[(Kind, Amounts)],
    level: &Amounts,
    overhead: &Amounts,
    assumed: &[(ResourceId, i64)],
) -> Asked {
    let exact = sum(containers, &[], level, overhead);
    let mut amounts = Resources::new().with(ResourceId::PODS, 1);
    for &(id, q) in exact.0.iter().filter(|&&(id, _)| id != ResourceId::PODS) {
        amounts.set(id, q.in_unit_of(id));
    }
    // With pod-level requests only what the pod as a whole does not state is defaulted
    // (`getNonMissingContainerRequests` in `pkg/scheduler/framework/types.go`).
    let defaults: Vec<_> = scored_defaults()
        .into_iter()
        .filter(|&(id, _)| level.0.is_empty() || !exact.has(id))
        .collect();
    let scored = sum(containers, &defaults, level, overhead);
    let pair = [ResourceId::CPU, ResourceId::MEMORY];
    let mut scored = pair.map(|id| scored.get(id).in_unit_of(id));
    let arriving = sum(containers, &scored_defaults(), &Amounts::default(), overhead);
    let mut arriving = pair.map(|id| arriving.get(id).in_unit_of(id));
    for &(id, amount) in assumed {
        if amounts.get(id) == 0 {
            // As if the pod had stated it.
            amounts.set(id, amount);
            (scored[id.index()], arriving[id.index()]) = (amount, amount);
        }
    }
    let defaulted = scored != pair.map(|id| amounts.get(id));
    // Without pod-level requests the two differ by a resize alone, and what arrives asks its spec.
    let differs = !level.0.is_empty() && arriving != scored;
    Asked { amounts, scored: defaulted.then_some(scored), arriving: differs.then_some(arriving) }
}

fn scored_defaults() -> [(ResourceId, Quantity); 2] {
    let cpu = Quantity::milli(SCORED_CPU_MILLI);
    [(ResourceId::CPU, cpu), (ResourceId::MEMORY, Quantity::whole(SCORED_MEMORY_BYTES))]
}

/// All of a pod: containers, the pod level instead of them where it speaks, and the overhead.
fn sum(
    containers: &[(Kind, Amounts)],
    defaults: &[(ResourceId, Quantity)],
    level: &Amounts,
    overhead: &Amounts,
) -> Amounts {
    let mut total = total(containers, defaults);
    for &(id, q) in &level.0 {
        *total.slot(id) = q;
    }
    total.add(overhead);
    total
}

/// The containers of a pod; `defaults` stand in for what one of them does not state.
fn total(containers: &[(Kind, Amounts)], defaults: &[(ResourceId, Quantity)]) -> Amounts {
    let (mut running, mut peak, mut sidecars) =
        (Amounts::default(), Amounts::default(), Amounts::default());
    for (kind, amounts) in containers {
        let mut own = amounts.clone();
        for &(id, q) in defaults {
            if !own.has(id) {
                *own.slot(id) = q;
            }
        }
        match kind {
            Kind::Container => running.add(&own),
            Kind::Sidecar => {
                sidecars.add(&own);
                // While it starts it is the last of the sidecars.
                peak.raise_to(&sidecars);
            }
            Kind::Init => {
                own.add(&sidecars);
                peak.raise_to(&own);
            }
        }
    }
    running.add(&sidecars);
    running.raise_to(&peak);
    running
}
