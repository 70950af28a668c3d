use super::brute::candidates;
use super::{brute_force, brute_force_ignoring, case};
use podfit::check::{Referee, check};
use std::collections::BTreeMap;
use std::time::Instant;

const RULES: [&str; 16] = [
    "resource", "card-model", "card-full", "unschedulable", "taint", "node-name", "node-selector", "volume",
    "host-port", "affinity-key", "affinity", "anti-affinity", "others-anti-affinity", "spread-key", "spread",
    "card-count",
];

#[test]
fn brute_force_pleases_the_referee() {
    for seed in 0..300 {
        let case = case(seed);
        let best = brute_force(&case);
        assert_eq!(check(&case.cluster, &best.change), [], "seed {seed}");
        assert_eq!(best.change.steps.len() + best.unplaced() as usize, case.displaced.len(), "seed {seed}");
    }
}

/// `cargo test -p podfit --test suite oracle_figures -- --ignored --nocapture`
#[test]
#[ignore = "prints figures"]
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
    println!("{:.0} cases/s, slowest {:.3} s (seed {})", CASES as f64 / seconds, slowest.0, slowest.1);
    let misfits = best.iter().filter(|b| b.unplaced() > 0).count() as f64;
    println!("do not fit: {:.1} %", 100.0 * misfits / CASES as f64);
    let mut refused: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in 0..CASES {
        let case = case(seed);
        let referee = Referee::new(&case.cluster);
        let (replay, _) = referee.start(&case.change());
        let mut codes: Vec<&str> = Vec::new();
        for pod in &case.displaced {
            for step in candidates(&case, *pod) {
                codes.extend(replay.judge(&step).iter().map(|k| k.code()));
            }
        }
        codes.sort();
        codes.dedup();
        codes.into_iter().for_each(|code| *refused.entry(code).or_default() += 1);
    }
    println!("rule: a reason in % of cases; without it the answer changes in % of cases");
    for rule in RULES {
        let differs = |seed: &u64| {
            let other = brute_force_ignoring(&case(*seed), &[rule]);
            other.unplaced_by_priority != best[*seed as usize].unplaced_by_priority
        };
        let changed = (0..CASES / 2).filter(differs).count() as f64;
        let reason = refused.get(rule).copied().unwrap_or(0) as f64;
        println!("{rule:22}{:6.1}{:6.1}", 100.0 * reason / CASES as f64, 200.0 * changed / CASES as f64);
    }
}
