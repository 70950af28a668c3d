//! PodDisruptionBudgets: whom they speak of and how many may be evicted.

use super::{
    Out,
    inventory::Inventory,
    label_selector,
    owners::{Owners, root_replicas},
    pod::PodDraft,
};
use crate::{
    fault::Path,
    wire::{Leaf, PodDisruptionBudget},
};
use podfit::model::{Budget, Unready};
use rustc_hash::FxHashSet;

/// A budget as read.
#[derive(Clone, Debug)]
pub(crate) struct BudgetDraft {
    budget: Budget,
    /// What allows disruptions, where the status does not give their number.
    rule: Option<Rule>,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    MinAvailable(Amount),
    MaxUnavailable(Amount),
}

#[derive(Clone, Copy, Debug)]
enum Amount {
    Count(i64),
    Percent(i64),
}

impl Amount {
    /// The number of pods, percentages rounded up (`GetScaledValueFromIntOrPercent` with `roundUp`).
    fn of(self, expected: i64) -> i64 {
        match self {
            Self::Count(n) => n,
            Self::Percent(n) => {
                let all = i128::from(n) * i128::from(expected);
                i64::try_from((all + 99) / 100).unwrap_or(i64::MAX)
            }
        }
    }
}

/// Reads a budget. The empty selector means all pods of the namespace; in `policy/v1beta1` it meant none.
pub(crate) fn budget(
    pdb: &PodDisruptionBudget,
    namespace: &str,
    name: &str,
    beta: bool,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> BudgetDraft {
    let (at, status) = (root.field("spec"), root.field("status"));
    let mut selector = label_selector(pdb.spec.selector.as_ref(), &at.field("selector"), out);
    selector.never |= beta && selector.is_empty();
    let min = amount(&pdb.spec.min_available, &at.field("minAvailable"), out);
    let max = amount(&pdb.spec.max_unavailable, &at.field("maxUnavailable"), out);
    let allowed_at = status.field("disruptionsAllowed");
    let allowed = pdb.status.disruptions_allowed.int(&allowed_at, out.faults);
    let healthy = pdb.status.current_healthy.int(&status.field("currentHealthy"), out.faults);
    let desired = pdb.status.desired_healthy.int(&status.field("desiredHealthy"), out.faults);
    // The controller allows nothing where neither is stated.
    let rule = max.map(Rule::MaxUnavailable).or(min.map(Rule::MinAvailable));
    let budget = Budget {
        namespace: out.builder.intern(namespace),
        name: out.builder.intern(name),
        selector,
        allowed: allowed.unwrap_or(0).max(0),
        unready: match pdb.spec.unhealthy_pod_eviction_policy.as_str() {
            Some("AlwaysAllow") => Unready::MayGo,
            _ => if_healthy(healthy.unwrap_or(0), desired.unwrap_or(0)),
        },
    };
    BudgetDraft { budget, rule: rule.filter(|_| allowed.is_none()) }
}

/// Pods that are not ready may go if enough others are (`pkg/registry/core/pod/storage/eviction.go`).
fn if_healthy(healthy: i64, desired: i64) -> Unready {
    if healthy >= desired && desired > 0 { Unready::MayGo } else { Unready::Kept }
}

/// `3` or `"50%"`.
fn amount(leaf: &Leaf, path: &Path<'_>, out: &mut Out<'_>) -> Option<Amount> {
    let percent = |s: &str| s.strip_suffix('%')?.parse().ok().map(Amount::Percent);
    let read = match leaf {
        Leaf::Absent => return None,
        Leaf::Int(n) => Some(Amount::Count(*n)),
        Leaf::Text(s) => percent(s),
        _ => None,
    };
    let positive = |a: &Amount| matches!(a, Amount::Count(n) | Amount::Percent(n) if *n >= 0);
    let read = read.filter(positive);
    if read.is_none() {
        let fix = "write a number of pods, as 1, or a percentage, as 50%";
        out.faults.push(path, "value-unknown", format!("{leaf} is no number of pods"), fix);
    }
    read
}

/// Gives the budgets to the builder. Returns how many had to be computed as the disruption controller does
/// (`pkg/controller/disruption/disruption.go`).
pub(super) fn add(
    drafts: Vec<BudgetDraft>,
    pods: &[PodDraft],
    owners: &Owners<'_>,
    inventory: &Inventory,
    out: &mut Out<'_>,
) -> u64 {
    let mut computed = 0;
    for mut draft in drafts {
        if let Some(rule) = draft.rule {
            computed += 1;
            let (healthy, desired) = health(&draft.budget, rule, pods, owners, inventory, out);
            draft.budget.allowed = (healthy - desired).max(0);
            if draft.budget.unready == Unready::Kept {
                draft.budget.unready = if_healthy(healthy, desired);
            }
        }
        out.builder.add_budget(draft.budget);
    }
    computed
}

/// How many of its pods are healthy, and how many have to be.
fn health(
    budget: &Budget,
    rule: Rule,
    pods: &[PodDraft],
    owners: &Owners<'_>,
    inventory: &Inventory,
    out: &Out<'_>,
) -> (i64, i64) {
    let names = out.builder.names();
    let meant: Vec<bool> = inventory
        .shapes
        .iter()
        .map(|d| {
            let shape = &d.shape;
            shape.namespace == budget.namespace && budget.selector.matches(&shape.labels, names)
        })
        .collect();
    let (mut healthy, mut count, mut wanted) = (0, 0, 0);
    let mut seen = FxHashSet::default();
    let owned = pods.iter().zip(&owners.of_pod);
    for (pod, controller) in owned.filter(|(p, _)| meant[p.shape as usize]) {
        count += 1;
        healthy += i64::from(pod.ready && !pod.terminating);
        match controller {
            Some(controller) => {
                let (root, replicas) = root_replicas(inventory, *controller);
                if seen.insert(root) {
                    wanted += i64::from(replicas);
                }
            }
            // A controller that is not in the input wants as many as there are; bare pods are nobody's.
            None => wanted += i64::from(pod.owner.name.is_some()),
        }
    }
    let (expected, desired) = match rule {
        Rule::MinAvailable(Amount::Count(n)) => (count, n),
        Rule::MinAvailable(amount) => (wanted, amount.of(wanted)),
        Rule::MaxUnavailable(amount) => (wanted, (wanted - amount.of(wanted)).max(0)),
    };
    if expected <= 0 { (0, 0) } else { (healthy, desired) }
}
