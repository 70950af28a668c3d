//! Words that several answers share: names, lists of names, rules with their numbers.

use crate::model::{Cluster, NodeId, PodId};
use crate::rules::Rule;

/// Names shown of a list; the rest is counted.
const NAMES_MAX: usize = 4;

/// The first names, and how many more there are.
pub(crate) fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let rest = names.len().saturating_sub(NAMES_MAX);
    let shown = names.take(NAMES_MAX).collect::<Vec<_>>().join(", ");
    if rest == 0 { shown } else { format!("{shown} and {rest} more") }
}

pub(crate) fn node_names(cluster: &Cluster, nodes: &[NodeId]) -> String {
    listed(nodes.iter().map(|&n| cluster.node_name(n)))
}

/// As `taints on 2 nodes, node-affinity on 1 node`.
pub(crate) fn by_rule(rules: &[(Rule, usize)]) -> String {
    let on =
        |(rule, n): &(Rule, usize)| format!("{} on {n} {}", rule.code(), plural(*n as i64, "node"));
    rules.iter().map(on).collect::<Vec<_>>().join(", ")
}

/// The word for one, or with an s for any other number.
pub(crate) fn plural(n: i64, word: &str) -> String {
    if n == 1 { word.into() } else { format!("{word}s") }
}

/// The pod's name, with its namespace unless that is `default`.
pub(crate) fn short_name(cluster: &Cluster, pod: PodId) -> String {
    match cluster.str(cluster.shape_of(pod).namespace) {
        "default" => cluster.str(cluster.pod(pod).name).into(),
        _ => cluster.pod_name(pod),
    }
}

/// `amount` so that it is not shown as less than it is: bytes up to the next tenth of their largest unit.
pub(crate) fn rounded_up(resource_name: &str, amount: i64) -> i64 {
    let bytes = matches!(resource_name, "memory" | "ephemeral-storage")
        || resource_name.starts_with("hugepages-");
    if !bytes || amount < 1024 {
        return amount;
    }
    let unit = 1i128 << (amount.ilog2() / 10 * 10);
    let tenths = (i128::from(amount) * 10 + unit - 1) / unit;
    ((tenths * unit + 9) / 10) as i64
}
