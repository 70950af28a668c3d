//! The referee against [`naive`], on random changes, sensible ones and others.

use crate::naive::{self, Fault};
use crate::oracle::{Case, Random, case};
use podfit::check::{Referee, check};
use podfit::model::{Change, Cluster, NodeId, PodId, Removal, Step};

const STEPS: (i64, i64) = (1, 14);
// Chances in percent.
const STEP_OF_DISPLACED: u64 = 85;
const ID_UNKNOWN: u64 = 2;
const SECOND_NODE_LOST: u64 = 25;
const REMOVED_ELSEWHERE: u64 = 20;
const REMOVAL_FORGOTTEN: u64 = 4;
const CARDS_AS_ASKED: u64 = 80;

#[test]
fn agrees_with_the_naive_replay() {
    for seed in podfit_soak::seeds(4000, 1_000_000) {
        let case = case(seed);
        let change = random_change(&case, seed);
        let found = check(&case.cluster, &change);
        let found = found.into_iter().map(|v| (v.step, v.pod, v.node, v.kind)).collect();
        let expected = naive::replay(&case.cluster, &change);
        assert_eq!(sorted(found), sorted(expected), "seed {seed}: {change:#?}");
    }
}

#[test]
fn many_changes_one_referee() {
    let case = case(1);
    let referee = Referee::new(&case.cluster);
    for seed in podfit_soak::seeds(300, 50_000) {
        let change = random_change(&case, seed);
        assert_eq!(referee.check(&change), check(&case.cluster, &change), "seed {seed}");
    }
}

#[test]
fn may_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Referee::new(&case(1).cluster));
}

#[test]
fn every_violation_makes_a_sentence() {
    for seed in 0..300 {
        let case = case(seed);
        for violation in check(&case.cluster, &random_change(&case, seed)) {
            let sentence = violation.display(&case.cluster).to_string();
            assert!(sentence.contains(": ") && !sentence.contains("Sym("), "{sentence}");
        }
    }
}

/// The order of rules within a step is no matter.
fn sorted(faults: Vec<Fault>) -> Vec<String> {
    let mut faults: Vec<String> = faults.iter().map(|f| format!("{f:?}")).collect();
    faults.sort();
    faults
}

fn random_change(case: &Case, seed: u64) -> Change {
    let cluster = &case.cluster;
    let mut r = Random::new(!seed);
    let mut change = case.change();
    if r.percent(SECOND_NODE_LOST) {
        change.lost.push(random_node(&mut r, cluster));
    }
    change.removed.retain(|_| !r.percent(REMOVAL_FORGOTTEN));
    for _ in 0..2 {
        if r.percent(REMOVED_ELSEWHERE) {
            let pod = random_pod(&mut r, cluster);
            change.removed.push(Removal { pod, lingers: r.percent(50) });
        }
    }
    for _ in 0..r.range(STEPS.0, STEPS.1) {
        let displaced = !case.displaced.is_empty() && r.percent(STEP_OF_DISPLACED);
        let pod = if displaced { r.pick(&case.displaced) } else { random_pod(&mut r, cluster) };
        let node = random_node(&mut r, cluster);
        let asked =
            cluster.pods().get(pod.index()).map_or(0, |p| cluster.shape(p.incoming).gpu.cards);
        let count = if r.percent(CARDS_AS_ASKED) { i64::from(asked) } else { r.range(0, 3) };
        let first = r.range(0, 2);
        let cards =
            (0..count).map(|i| if r.percent(90) { first + i } else { first } as u16).collect();
        change.steps.push(Step { pod, node, cards });
    }
    change
}

fn random_node(r: &mut Random, cluster: &Cluster) -> NodeId {
    let count = cluster.nodes().len() as i64;
    NodeId(if r.percent(ID_UNKNOWN) { 1 << 20 } else { r.range(0, count - 1) as u32 })
}

fn random_pod(r: &mut Random, cluster: &Cluster) -> PodId {
    let count = cluster.pods().len() as i64;
    PodId(if count == 0 || r.percent(ID_UNKNOWN) { 1 << 20 } else { r.range(0, count - 1) as u32 })
}
