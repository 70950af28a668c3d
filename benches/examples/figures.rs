//! One line a figure, once each: the sizes of the README's table, and peak memory. For statistics use the benches.
//!
//! `cargo run --release -p podfit-benches --example figures`
#![allow(clippy::print_stdout)]

use podfit::model::{Loss, NodeId};
use podfit::planner::{AuditQuestion, Options, Planner, Verdict, WhatIfQuestion};
use podfit::rules::State;
use podfit::schedule::Scheduler;
use podfit_benches::{Size, cluster, half_displaced, prediction};
use std::sync::Arc;
use std::time::Instant;

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    if only.is_empty() || only == "schedule" {
        schedule();
    }
    for (name, size) in [
        ("2 nodes, 100 pods, 40 %", Size::quiet(2, 100)),
        ("2 nodes, 100 pods, 92 %", Size::full(2, 100)),
        ("100 nodes, 1,000 pods, 92 %", Size::full(100, 1_000)),
        ("500 nodes, 10,000 pods, 92 %", Size::full(500, 10_000)),
        ("5,000 nodes, 100,000 pods, 40 %", Size::quiet(5_000, 100_000)),
        ("5,000 nodes, 100,000 pods, 92 %", Size::full(5_000, 100_000)),
    ] {
        if name.contains(&only) {
            question(name, size);
        }
    }
    if !only.is_empty() && only != "greedy" {
        return;
    }
    let pending =
        |shapes| Size { shapes, running: false, load_percent: 80, ..Size::full(1_000, 100_000) };
    for (name, size) in [("200 shapes", pending(200)), ("all distinct", pending(100_000))] {
        let planner = Planner::new(Arc::new(cluster(size)));
        let mut options = Options::default();
        options.solve.method = podfit::solve::Method::Greedy;
        let start = Instant::now();
        let placed = planner.place(false, &options).expect("refereed");
        let seconds = start.elapsed().as_secs_f64();
        let n = placed.plan.change.steps.len();
        println!(
            "greedy, 1,000 nodes, {name}: {n} of 100000 placed in {seconds:.3} s, refereed: {:.0} pods/s",
            n as f64 / seconds
        );
        let pods: Vec<_> = planner.cluster().pod_ids().collect();
        let query = podfit::problem::Query { place: &pods, ..Default::default() };
        let (problem, _) = planner.problem(&query);
        let start = Instant::now();
        let outcome = podfit::solve::solve(&problem, &options.solve);
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "  the solver alone: {seconds:.3} s, {:.0} pods/s",
            outcome.puts.len() as f64 / seconds
        );
    }
}

/// What the default scheduler would do: from the cluster to the answer, and seeds alone.
fn schedule() {
    let soft = |size| Size { soft: true, ..size };
    for (name, size, seeds) in [
        ("5,000 nodes, 100,000 pods, 40 %", Size::quiet(5_000, 100_000), 1),
        ("5,000 nodes, 100,000 pods, 92 %", soft(Size::full(5_000, 100_000)), 1),
        ("5,000 nodes, 100,000 pods, 92 %", soft(Size::full(5_000, 100_000)), 100),
        ("50 nodes, 1,500 pods, 40 %", Size::quiet(50, 1_500), 100),
        ("50 nodes, 1,500 pods, 92 %", soft(Size::full(50, 1_500)), 100),
    ] {
        let cluster = cluster(size);
        for (what, asked) in [
            ("one node lost", prediction(&cluster, 1)),
            ("half displaced", half_displaced(&cluster)),
        ] {
            if seeds as usize * asked.arrivals.len() > 100_000 {
                continue;
            }
            let start = Instant::now();
            let scheduler = Scheduler::new(State::with_change(&cluster, &asked.change));
            let indexed = start.elapsed();
            let runs = scheduler.run_many(&asked.arrivals, 0..seeds, &Default::default());
            let all = start.elapsed();
            let pending: usize = runs.iter().map(|r| r.pending.len()).sum();
            println!(
                "schedule, {name}, {what}: {seeds} seed(s) in {all:.1?} (state and index {indexed:.1?}), {pending} of {} without room",
                asked.arrivals.len() * runs.len()
            );
        }
    }
}

fn question(name: &str, size: Size) {
    let cluster = Arc::new(cluster(size));
    let start = Instant::now();
    let planner = Planner::new(cluster);
    let indexed = start.elapsed();
    let options =
        Options { time_limit: Some(std::time::Duration::from_secs(10)), ..Options::default() };
    let question = WhatIfQuestion {
        lost: vec![NodeId(0)],
        loss: Loss::NotReady,
        moves_max: 0,
        explain: true,
        hint: true,
    };
    let mut best = std::time::Duration::MAX;
    let mut verdict = None;
    for _ in 0..5 {
        let start = Instant::now();
        let answer = planner.what_if(&question, &options).expect("refereed");
        best = best.min(start.elapsed());
        verdict = Some(answer.verdict);
    }
    let start = Instant::now();
    let audit = planner.audit(&AuditQuestion::default(), &options).expect("refereed");
    let audited = start.elapsed();
    let survives = audit.cases.iter().filter(|c| c.verdict == Verdict::Survives).count();
    let unknown = audit.cases.iter().filter(|c| matches!(c.verdict, Verdict::Unknown(_))).count();
    println!(
        "{name}: index {indexed:.1?}, what-if {best:.1?} ({verdict:?}), audit of {} losses {audited:.1?}: {survives} survive, {unknown} unknown",
        audit.cases.len()
    );
}
