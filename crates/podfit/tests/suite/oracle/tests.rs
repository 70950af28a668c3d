use super::brute::candidates;
use super::{Case, brute_force, brute_force_ignoring, case};
use podfit::check::{Referee, ViolationKind, ViolationKind as K, check};
use podfit::model::{Change, PodId, ResourceId};
use std::time::Instant;

type Rule = (&'static str, fn(&ViolationKind) -> bool);

const RULES: [Rule; 21] = [
    ("resources", |k| matches!(k, K::Resource { resource, .. } if *resource != ResourceId::PODS)),
    (
        "extended resource",
        |k| matches!(k, K::Resource { resource, .. } if *resource > ResourceId::PODS),
    ),
    ("pod slots", |k| matches!(k, K::Resource { resource: ResourceId::PODS, .. })),
    ("card space", |k| matches!(k, K::CardFull { .. })),
    ("card model", |k| matches!(k, K::CardModel { .. })),
    ("card not shared", |k| matches!(k, K::CardNotShared { .. })),
    ("cordon", |k| matches!(k, K::Unschedulable)),
    ("taints", |k| matches!(k, K::Taint(_))),
    ("node name", |k| matches!(k, K::NodeName { .. })),
    ("node selector", |k| matches!(k, K::NodeSelector)),
    ("volumes", |k| matches!(k, K::Volume { .. })),
    ("volume zone", |k| matches!(k, K::VolumeZone { .. })),
    ("claims nowhere", |k| matches!(k, K::ClaimUnbound { .. } | K::ClaimMissing { .. })),
    ("one-pod claims", |k| matches!(k, K::ClaimInUse { .. })),
    ("node", |k| matches!(k, K::NodeDown | K::NodeEnding | K::Os { .. })),
    ("shared volumes", |k| matches!(k, K::VolumeElsewhere { .. })),
    ("volume limits", |k| matches!(k, K::VolumeLimit { .. })),
    ("host ports", |k| matches!(k, K::HostPort { .. })),
    ("affinity", |k| matches!(k, K::Affinity { .. } | K::AffinityKey { .. })),
    ("anti-affinity", |k| matches!(k, K::AntiAffinity { .. } | K::OthersAntiAffinity { .. })),
    ("spread", |k| matches!(k, K::Spread { .. } | K::SpreadKey { .. })),
];

#[test]
fn brute_force_pleases_the_referee() {
    for seed in podfit_soak::seeds(300, 50_000) {
        let case = case(seed);
        let best = brute_force(&case);
        assert_eq!(check(&case.cluster, &best.change), [], "seed {seed}");
        assert_eq!(
            best.change.steps.len() + best.unplaced() as usize,
            case.displaced.len(),
            "seed {seed}"
        );
    }
}

/// Collapsing, remembering and pruning must change nothing.
#[test]
fn brute_force_agrees_with_trying_everything() {
    let mut tried = 0;
    for seed in podfit_soak::seeds(1500, 50_000) {
        let case = case(seed);
        if case.displaced.len() <= 4 {
            tried += 1;
            let mut best = vec![u32::MAX];
            try_everything(&case, &mut case.change(), &mut best);
            let found = brute_force(&case).unplaced_by_priority;
            assert_eq!(found.iter().map(|f| f.1).collect::<Vec<_>>(), best, "seed {seed}");
        }
    }
    assert!(tried > 500, "{tried}");
}

fn try_everything(case: &Case, change: &mut Change, best: &mut Vec<u32>) {
    let priority = |pod: &PodId| case.cluster.incoming_of(*pod).priority;
    let mut priorities: Vec<i32> = case.displaced.iter().map(priority).collect();
    priorities.sort_by_key(|p| std::cmp::Reverse(*p));
    priorities.dedup();
    let placed = |pod: &PodId| change.steps.iter().any(|s| s.pod == *pod);
    let left: Vec<PodId> = case.displaced.iter().copied().filter(|p| !placed(p)).collect();
    let count = |p: &i32| left.iter().filter(|pod| priority(pod) == *p).count() as u32;
    let unplaced: Vec<u32> = priorities.iter().map(count).collect();
    if unplaced < *best {
        *best = unplaced;
    }
    for step in left.iter().flat_map(|pod| candidates(case, *pod)) {
        change.steps.push(step);
        if check(&case.cluster, change).is_empty() {
            try_everything(case, change, best);
        }
        change.steps.pop();
    }
}

/// `cargo test -p podfit --test suite oracle_figures -- --ignored --nocapture`
#[test]
#[ignore = "measures and prints; asserts nothing about time: run with --ignored --nocapture"]
fn oracle_figures() {
    const CASES: u64 = 2000;
    let start = Instant::now();
    let mut best = Vec::new();
    let mut slowest = (0.0, 0);
    for seed in 0..CASES {
        let begun = Instant::now();
        best.push(brute_force(&case(seed)));
        let took = begun.elapsed().as_secs_f64();
        if took > slowest.0 {
            slowest = (took, seed);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{:.0} cases/s, slowest {:.3} s (seed {})",
        CASES as f64 / seconds,
        slowest.0,
        slowest.1
    );
    let misfits = best.iter().filter(|b| b.unplaced() > 0).count() as f64;
    println!("do not fit: {:.1} %", 100.0 * misfits / CASES as f64);
    println!(
        "rule: a reason of the first refusals in % of cases; without it the answer changes in % of cases"
    );
    for (name, rule) in RULES {
        let is_reason = |seed: &u64| {
            let case = case(*seed);
            let referee = Referee::new(&case.cluster);
            let (replay, _) = referee.start(&case.change());
            let mut steps = case.displaced.iter().flat_map(|pod| candidates(&case, *pod));
            steps.any(|step| replay.judge(&step).iter().any(rule))
        };
        let differs = |seed: &u64| {
            let other = brute_force_ignoring(&case(*seed), &rule);
            other.unplaced_by_priority != best[*seed as usize].unplaced_by_priority
        };
        let percent = |count: usize| 100.0 * count as f64 / CASES as f64;
        let reason = percent((0..CASES).filter(is_reason).count());
        println!("{name:20}{reason:6.1}{:6.1}", percent((0..CASES).filter(differs).count()));
    }
}
