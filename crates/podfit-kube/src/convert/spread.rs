//! Topology spread: what pods state, and the scheduler's defaults for those that state nothing.

use super::{
    Out,
    bounds::{TERMS_MAX, within},
    constraints::{label_selector, merge_keys, topology_key},
};
use crate::{
    fault::Path,
    wire::{self, Leaf},
};
use podfit::model::{ClusterBuilder, Labels, NodePolicy, Requirement, Selector, Spread, Sym};

/// The topology spread constraints of a pod.
#[derive(Debug, Default)]
pub struct Spreads {
    /// `DoNotSchedule`.
    pub hard: Vec<Spread>,
    /// `ScheduleAnyway`: they only score.
    pub soft: Vec<Spread>,
}

/// Topology spread constraints, hard and soft.
pub fn spread(
    list: Option<&[wire::TopologySpreadConstraint]>,
    own: &Labels,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Spreads {
    let mut spreads = Spreads::default();
    for (i, c) in within(list, TERMS_MAX, path, out).iter().enumerate() {
        let at = path.index(i);
        match c.when_unsatisfiable.as_str() {
            Some("DoNotSchedule") => spreads.hard.extend(constraint(c, own, &at, out)),
            Some("ScheduleAnyway") => spreads.soft.extend(constraint(c, own, &at, out)),
            _ => {
                let cause = format!("whenUnsatisfiable is {}", c.when_unsatisfiable);
                let fix = "use DoNotSchedule or ScheduleAnyway";
                out.faults.push(&at.field("whenUnsatisfiable"), "value-unknown", cause, fix);
            }
        }
    }
    spreads
}

fn constraint(
    c: &wire::TopologySpreadConstraint,
    own: &Labels,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Option<Spread> {
    let at_least_one = |leaf: &Leaf, name: &str, absent: Option<i64>, out: &mut Out<'_>| {
        let at = path.field(name);
        match leaf.int(&at, out.faults).or(absent) {
            Some(n) if n >= 1 => Some(n),
            _ => {
                let cause = format!("{name} is {leaf}");
                out.faults.push(&at, "out-of-range", cause, "write a whole number from 1");
                None
            }
        }
    };
    let max_skew = at_least_one(&c.max_skew, "maxSkew", None, out);
    let min_domains = at_least_one(&c.min_domains, "minDomains", Some(1), out);
    let mut policy = |leaf: &Leaf, name: &str, absent| match leaf {
        Leaf::Absent => Some(absent),
        Leaf::Text(s) if s == "Honor" => Some(NodePolicy::Honor),
        Leaf::Text(s) if s == "Ignore" => Some(NodePolicy::Ignore),
        _ => {
            let cause = format!("{name} is {leaf}");
            out.faults.push(&path.field(name), "value-unknown", cause, "use Honor or Ignore");
            None
        }
    };
    let affinity = policy(&c.node_affinity_policy, "nodeAffinityPolicy", NodePolicy::Honor);
    let taints = policy(&c.node_taints_policy, "nodeTaintsPolicy", NodePolicy::Ignore);
    let mut selector = label_selector(c.label_selector.as_ref(), &path.field("labelSelector"), out);
    merge_keys(&mut selector, c.match_label_keys.as_deref(), own, true, path, out);
    let topology_key = topology_key(&c.topology_key, path, out);
    Some(Spread {
        max_skew: max_skew?,
        topology_key: topology_key?,
        selector,
        min_domains: min_domains?,
        node_affinity_policy: affinity?,
        node_taints_policy: taints?,
    })
}

/// The constraints that kube-scheduler applies softly to a pod that states none: at most 3 more on one node, at
/// most 5 more in one zone (`systemDefaultConstraints` in `podtopologyspread/plugin.go`). Without a selector
/// there are none (`buildDefaultConstraints` in `podtopologyspread/common.go`).
pub fn default_spread(selector: &Selector, builder: &mut ClusterBuilder) -> Vec<Spread> {
    const DEFAULTS: [(&str, i64); 2] =
        [("kubernetes.io/hostname", 3), ("topology.kubernetes.io/zone", 5)];
    if selector.is_empty() || selector.never {
        return Vec::new();
    }
    let spread = |(key, max_skew): (&str, i64)| Spread {
        max_skew,
        topology_key: builder.intern(key),
        selector: selector.clone(),
        min_domains: 1,
        node_affinity_policy: NodePolicy::Honor,
        node_taints_policy: NodePolicy::Ignore,
    };
    DEFAULTS.map(spread).to_vec()
}

/// The selector that asks for exactly these labels.
pub fn selector_of(labels: impl IntoIterator<Item = (Sym, Sym)>) -> Selector {
    let equal = Labels::new(labels);
    Selector::new(equal.iter().map(|(k, v)| Requirement::In(k, vec![v])).collect())
}
