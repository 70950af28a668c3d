//! In which order the scheduler looks at nodes, and at how many.

use crate::model::{Cluster, Loss, NodeId};
use crate::rules::State;
use rustc_hash::FxHashMap;

/// Fewer feasible nodes than this are never called enough
/// (`minFeasibleNodesToFind` in `pkg/scheduler/schedule_one.go`).
const FEASIBLE_MIN: usize = 100;
/// The adaptive percentage never falls below this (`minFeasibleNodesPercentageToFind`, same file).
const PERCENTAGE_MIN: usize = 5;

/// Region and zone labels, each the current name and the one before it
/// (`staging/src/k8s.io/component-helpers/node/topology/helpers.go`).
const REGION: [&str; 2] =
    ["topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"];
const ZONE: [&str; 2] = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];

/// Nodes by zone. A zone is a pair of region and zone label; zones and the nodes in them come in the order in
/// which the scheduler met them, for which we take the order of the input.
pub(super) fn by_zone(cluster: &Cluster) -> Vec<Vec<NodeId>> {
    let mut zones: Vec<Vec<NodeId>> = Vec::new();
    let mut index = FxHashMap::default();
    for node in cluster.node_ids() {
        let zone = index.entry([label(cluster, node, REGION), label(cluster, node, ZONE)]);
        let zone = *zone.or_insert_with(|| {
            zones.push(Vec::new());
            zones.len() - 1
        });
        zones[zone].push(node);
    }
    zones
}

/// The nodes that there are, round robin over zones: the first node of each zone, the second of each, and so
/// on (`pkg/scheduler/backend/cache/node_tree.go`). Nodes lost as [`Loss::Deleted`] are not there; other lost
/// nodes are, and refuse.
pub(super) fn in_order(zones: &[Vec<NodeId>], state: &State) -> Vec<NodeId> {
    let there = |n: &NodeId| state.loss_of(*n) != Some(Loss::Deleted);
    let mut zones: Vec<Vec<NodeId>> =
        zones.iter().map(|zone| zone.iter().copied().filter(there).collect()).collect();
    zones.sort_by_key(|zone: &Vec<NodeId>| zone.first().copied());
    let longest = zones.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest).flat_map(|i| zones.iter().filter_map(move |zone| zone.get(i).copied())).collect()
}

fn label<'c>(cluster: &'c Cluster, node: NodeId, keys: [&str; 2]) -> &'c str {
    let value = |key| cluster.domain(node, cluster.names().get(key)?);
    keys.into_iter().find_map(value).map_or("", |value| cluster.str(value))
}

/// How many feasible nodes are enough (`numFeasibleNodesToFind` in `pkg/scheduler/schedule_one.go`): all up to
/// 100 nodes, then a percentage, at least 100. Unset (or 0) the percentage is 50 less one for each 125 nodes,
/// at least 5.
pub(super) fn enough(nodes: usize, percentage: Option<u32>) -> usize {
    let percentage = match percentage {
        None | Some(0) => 50_usize.saturating_sub(nodes / 125).max(PERCENTAGE_MIN),
        Some(p) => p.min(100) as usize,
    };
    (nodes * percentage / 100).max(FEASIBLE_MIN).min(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, ClusterBuilder, Labels, NodeSpec};

    #[test]
    fn enough_nodes_by_the_adaptive_percentage() {
        // Below 100 nodes all. 100: 50 - 0 = 50 % is 50, at least 100. 1,000: 50 - 8 = 42 %.
        // 5,000: 50 - 40 = 10 %. 6,000: 50 - 48 = 2, at least 5 %.
        for (nodes, want) in
            [(0, 0), (99, 99), (100, 100), (1_000, 420), (5_000, 500), (6_000, 300)]
        {
            assert_eq!(enough(nodes, None), want, "{nodes} nodes");
            assert_eq!(enough(nodes, Some(0)), want, "{nodes} nodes, 0 is unset");
        }
        assert_eq!(enough(1_000, Some(30)), 300);
        assert_eq!(enough(1_000, Some(5)), 100);
        assert_eq!(enough(1_000, Some(100)), 1_000);
        assert_eq!(enough(1_000, Some(250)), 1_000);
        assert_eq!(enough(1_000_000, None), 50_000);
    }

    #[test]
    fn nodes_come_round_robin_over_zones() {
        let mut b = ClusterBuilder::new();
        let old = "failure-domain.beta.kubernetes.io/zone";
        let (zone, old, region) = (b.intern(ZONE[0]), b.intern(old), b.intern(REGION[0]));
        for (name, labels) in [
            ("a1", vec![(zone, "a")]),
            ("a2", vec![(zone, "a")]),
            ("b1", vec![(zone, "b")]),
            ("a3", vec![(old, "a")]),
            ("none", vec![]),
            ("b2", vec![(zone, "b")]),
            ("far", vec![(zone, "a"), (region, "r")]),
        ] {
            let labels = labels.into_iter().map(|(k, v)| (k, b.intern(v))).collect::<Vec<_>>();
            let labels = Labels::new(labels);
            b.add_node(NodeSpec { name: name.into(), labels, ..NodeSpec::default() }, 0);
        }
        let cluster = b.build().expect("valid");
        let names = |state: &State| {
            let nodes = in_order(&by_zone(&cluster), state).into_iter();
            nodes.map(|n| cluster.node_name(n)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(&State::new(&cluster)), "a1 b1 none far a2 b2 a3");
        let lose = |loss| Change { lost: vec![NodeId(0)], loss, ..Change::default() };
        let deleted = State::with_change(&cluster, &lose(Loss::Deleted));
        assert_eq!(names(&deleted), "a2 b1 none far a3 b2");
        let silent = State::with_change(&cluster, &lose(Loss::NotReady));
        assert_eq!(names(&silent), "a1 b1 none far a2 b2 a3");
    }
}
