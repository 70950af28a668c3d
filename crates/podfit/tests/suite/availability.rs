//! Availability against closed forms: each estimate lies within five standard errors of what can be computed.

use crate::timeline::world::{World, bare};
use podfit::model::{Interval, Loss, NodeId, OwnerKind};
use podfit::planner::{
    Availability, AvailabilityQuestion, Away, Estimate, FailureCause, Options, Planner, Times,
};
use std::sync::Arc;

const HOUR: i64 = 3_600_000;
const YEAR: i64 = 365 * 24 * HOUR;
const RUNS: u32 = 400;

fn cause(nodes: &[u32], up_ms: i64, repair_ms: i64) -> FailureCause {
    FailureCause { nodes: nodes.iter().map(|&n| NodeId(n)).collect(), up_ms, repair_ms }
}

fn question(causes: Vec<FailureCause>, times: Times) -> AvailabilityQuestion {
    let (runs, part) = (RUNS, 0..RUNS);
    AvailabilityQuestion { causes, horizon_ms: YEAR, runs, part, seed: 3, sets_max: 1000, times }
}

fn ask(w: World, question: &AvailabilityQuestion) -> Availability {
    let cluster = Arc::new(w.0.build().expect("valid"));
    Planner::new(cluster)
        .availability(question, |_, _| Away::No, &Options::default())
        .expect("refereed")
}

/// Mean and standard error of the time down in a year, in milliseconds.
fn down(estimate: &Estimate) -> (f64, f64) {
    let n = f64::from(RUNS);
    let mean = estimate.down.sum_ms as f64 / n;
    let variance = (estimate.down.squares as f64 / n - mean * mean) * n / (n - 1.0);
    (mean, (variance / n).sqrt())
}

fn agrees(answer: &Availability, expected: f64) {
    let (mean, error) = down(&answer.estimates[0]);
    let hours = |ms: f64| ms / HOUR as f64;
    assert!(
        (mean - expected).abs() <= 5.0 * error && error < expected * 0.2,
        "{} h, not {} h (standard error {} h)",
        hours(mean),
        hours(expected),
        hours(error)
    );
}

/// Pods of a StatefulSet, which wait for their node, on these nodes.
fn stuck(nodes: &[&str]) -> World {
    let mut w = World::new(&["a", "b", "c"]);
    let set = w.workload("db", OwnerKind::StatefulSet, Default::default());
    for (i, node) in nodes.iter().enumerate() {
        w.pod(&format!("db-{i}"), node, OwnerKind::StatefulSet, Some(300), |w, spec| {
            spec.workload = Some(set);
            spec.owner.name = Some(w.0.intern("db"));
        });
    }
    w
}

/// Share of the time in which a cause is there.
fn share(up: i64, repair: i64) -> f64 {
    repair as f64 / (up + repair) as f64
}

#[test]
fn one_node() {
    let (up, repair, start) = (500 * HOUR, 4 * HOUR, HOUR);
    let times = Times { start: (Interval::exactly(start), false), ..bare(50) };
    let answer = ask(stuck(&["a"]), &question(vec![cause(&[0], up, repair)], times));
    // Each failure costs its repair and a start, but for the node failing again meanwhile.
    let (up, repair, start) = (up as f64, repair as f64, start as f64);
    let again = up * (1.0 - (-start / up).exp());
    agrees(&answer, YEAR as f64 * (repair + again) / (up + repair));
    assert_eq!(answer.sets_seen, 2);
    let outages = answer.estimates[0].outages as f64 / f64::from(RUNS);
    let expected = YEAR as f64 / (up + repair);
    assert!((outages / expected - 1.0).abs() < 0.05, "{outages} a year, not {expected}");
}

#[test]
fn two_independent_nodes() {
    let causes = vec![cause(&[0], 100 * HOUR, 10 * HOUR), cause(&[1], 200 * HOUR, 30 * HOUR)];
    let both = share(100, 10) * share(200, 30);
    let answer = ask(stuck(&["a", "b"]), &question(causes, bare(50)));
    agrees(&answer, YEAR as f64 * both);
    // Fewer than all are ready while either is down.
    let degraded = answer.estimates[0].degraded.sum_ms as f64 / f64::from(RUNS) / YEAR as f64;
    let either = share(100, 10) + share(200, 30) - both;
    assert!((degraded / either - 1.0).abs() < 0.02, "{degraded}, not {either}");
}

#[test]
fn a_common_cause() {
    let causes = vec![
        cause(&[0], 100 * HOUR, 10 * HOUR),
        cause(&[1], 200 * HOUR, 30 * HOUR),
        cause(&[0, 1], 1000 * HOUR, 20 * HOUR),
    ];
    let both = share(100, 10) * share(200, 30);
    let expected = 1.0 - (1.0 - share(1000, 20)) * (1.0 - both);
    agrees(&ask(stuck(&["a", "b"]), &question(causes, bare(50))), YEAR as f64 * expected);
}

/// A Deployment's pod is away until it is ready elsewhere, or its node is back if that is sooner.
#[test]
fn a_pod_that_moves() {
    let (up, repair) = (50 * HOUR, HOUR / 2);
    let mut w = World::new(&["a", "b", "c"]);
    w.web("web", "a", 300);
    let (_, timeline) = {
        let mut w = World::new(&["a", "b", "c"]);
        w.web("web", "a", 300);
        w.lose(&["a"], Loss::NotReady, &bare(50))
    };
    let after = timeline.recovered.expect("it comes back");
    let (low, high) = (after.min_ms() as f64, after.max_ms().expect("known") as f64);
    let answer = ask(w, &question(vec![cause(&[0], up, repair)], bare(50)));
    // The mean of the lesser of an exponential time and one that is uniform between the two ends.
    let mean = repair as f64;
    let each = mean - mean * ((-low / mean).exp() - (-high / mean).exp()) * mean / (high - low);
    agrees(&answer, YEAR as f64 / (up + repair) as f64 * each);
}

#[test]
fn parts_add_up_whatever_the_threads() {
    let causes = vec![cause(&[0], 100 * HOUR, 10 * HOUR), cause(&[1], 200 * HOUR, 30 * HOUR)];
    let mut w = World::new(&["a", "b", "c"]);
    w.web("web", "a", 30);
    w.web("web-2", "b", 300);
    let planner = Planner::new(Arc::new(w.0.build().expect("valid")));
    let times = Times { start: (Interval::between(0, 60_000), true), ..bare(50) };
    let whole = question(causes, times);
    let ask = |question: &AvailabilityQuestion| {
        planner.availability(question, |_, _| Away::No, &Options::default()).expect("refereed")
    };
    let all = ask(&whole);
    let mut sums = (0, 0, 0);
    for part in [0..7, 7..150, 150..RUNS] {
        let part = ask(&AvailabilityQuestion { part, ..whole.clone() });
        let estimate = &part.estimates[0];
        sums.0 += estimate.down.sum_ms;
        sums.1 += estimate.down.squares;
        sums.2 += estimate.outages;
    }
    let estimate = &all.estimates[0];
    assert_eq!(sums, (estimate.down.sum_ms, estimate.down.squares, estimate.outages));
    // On one thread of its own, as in a pool of one.
    let alone = std::thread::scope(|scope| scope.spawn(|| ask(&whole)).join().expect("it ends"));
    assert_eq!(alone, all);
}

#[test]
fn sets_that_are_not_asked_about_count_as_down() {
    let causes = vec![cause(&[0], 100 * HOUR, 10 * HOUR), cause(&[1], 200 * HOUR, 30 * HOUR)];
    let mut w = World::new(&["a", "b", "c"]);
    w.web("web", "a", 30);
    let one = AvailabilityQuestion { sets_max: 1, ..question(causes, bare(50)) };
    let answer = ask(w, &one);
    assert_eq!((answer.sets_seen, answer.sets_asked), (4, 1));
    assert!(answer.not_asked_ms > 0);
    // It waits for its node then.
    agrees(&answer, YEAR as f64 * share(100, 10));
}
