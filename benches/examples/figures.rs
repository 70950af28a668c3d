//! One line a figure, once each: the sizes of the README's table, and peak memory. For statistics use the benches.
//!
//! `cargo run --release -p podfit-benches --example figures`
#![allow(clippy::print_stdout)]

use podfit::model::{Loss, NodeId};
use podfit::planner::{AuditQuestion, Options, Planner, Verdict, WhatIfQuestion};
use podfit::rules::State;
use podfit::schedule::Scheduler;
use podfit_api::{
    AnswerOptions, ExplainRequest, LintRequest, Opened, Request, Snapshot, WhatIfRequest,
};
use podfit_benches::{Size, cluster, half_displaced, prediction};
use std::sync::Arc;
use std::time::Instant;

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    if only.is_empty() || only == "schedule" {
        schedule();
    }
    if only.is_empty() || only == "moves" {
        moves();
    }
    if only.is_empty() || only == "report" {
        for (name, size) in [
            ("40 %", Size::quiet(5_000, 100_000)),
            ("92 %", Size::full(5_000, 100_000)),
            ("100 %", Size { load_percent: 100, ..Size::full(5_000, 100_000) }),
        ] {
            reports(name, size);
        }
    }
    for (name, size) in [
        ("2 nodes, 100 pods, 40 %", Size::quiet(2, 100)),
        ("2 nodes, 100 pods, 92 %", Size::full(2, 100)),
        ("100 nodes, 1,000 pods, 92 %", Size::full(100, 1_000)),
        ("500 nodes, 10,000 pods, 92 %", Size::full(500, 10_000)),
        ("5,000 nodes, 100,000 pods, 40 %", Size::quiet(5_000, 100_000)),
        ("5,000 nodes, 100,000 pods, 92 %", Size::full(5_000, 100_000)),
        ("50 nodes, 1,500 pods, 92 %, soft", soft(Size::full(50, 1_500))),
        (
            "5,000 nodes, 100,000 pods, 100 %, soft",
            soft(Size { load_percent: 100, ..Size::full(5_000, 100_000) }),
        ),
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

fn soft(size: Size) -> Size {
    Size { soft: true, ..size }
}

/// What the default scheduler would do: from the cluster to the answer, and seeds alone.
fn schedule() {
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

/// Through the public door, JSON included: a lost node, lint, and why a pod of the lost node is where it is.
fn reports(name: &str, size: Size) {
    let snapshot = Snapshot::from_opened(Opened {
        cluster: cluster(size),
        device: None,
        network: None,
        assumptions: Vec::new(),
        not_evaluated: Vec::new(),
        left_out: Vec::new(),
    });
    let lost: WhatIfRequest = serde_json::from_str(r#"{"fail": ["node-00000"]}"#).expect("valid");
    let explain: ExplainRequest =
        serde_json::from_str(r#"{"pods": ["pod-000000"], "fail": ["node-00000"]}"#).expect("valid");
    for (what, request) in [
        ("what-if", Request::WhatIf(lost)),
        ("explain", Request::Explain(explain)),
        ("lint", Request::Lint(LintRequest::default())),
    ] {
        let mut best = [f64::MAX; 2];
        let mut size = 0;
        for _ in 0..5 {
            let start = Instant::now();
            let answer = snapshot.answer(&request, &AnswerOptions::default()).expect("answered");
            let answered = start.elapsed().as_secs_f64() * 1e3;
            let start = Instant::now();
            size = serde_json::to_string(&answer.report).expect("strings as keys").len();
            let written = start.elapsed().as_secs_f64() * 1e3;
            best = [best[0].min(answered), best[1].min(written)];
        }
        println!(
            "5,000 nodes, 100,000 pods, {name}, report of {what}: {:.1} ms, JSON of {size} bytes {:.1} ms",
            best[0], best[1]
        );
    }
}

/// Losses that do not fit, moves allowed, two seconds each: how far beyond its limit does the exact solver go?
fn moves() {
    for (nodes, pods) in [(10, 200), (20, 400), (40, 800), (60, 1_200), (100, 2_000), (200, 4_000)]
    {
        let size = Size { load_percent: 99, ..Size::full(nodes, pods) };
        let planner = Planner::new(Arc::new(cluster(size)));
        for moves_max in [0, 5] {
            let lost = vec![NodeId(0)];
            let question = WhatIfQuestion { lost, moves_max, ..WhatIfQuestion::default() };
            let options = Options {
                time_limit: Some(std::time::Duration::from_secs(2)),
                seeds: Some(0),
                ..Options::default()
            };
            let start = Instant::now();
            let answer = planner.what_if(&question, &options).expect("refereed");
            println!(
                "{nodes} nodes, {pods} pods, 99 %, {moves_max} moves: {:.1?}, {} without room, stop {:?}",
                start.elapsed(),
                answer.plan.unplaced.len(),
                answer.plan.stop
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
        explain: true,
        hint: true,
        ..WhatIfQuestion::default()
    };
    let mut best = std::time::Duration::MAX;
    let (mut verdict, mut share) = (None, None);
    for _ in 0..5 {
        let start = Instant::now();
        let answer = planner.what_if(&question, &options).expect("refereed");
        best = best.min(start.elapsed());
        verdict = Some(answer.verdict);
        share = answer.prediction.map(|p| p.share);
    }
    let start = Instant::now();
    let audit = planner.audit(&AuditQuestion::default(), &options).expect("refereed");
    let audited = start.elapsed();
    let survives = audit.cases.iter().filter(|c| c.verdict == Verdict::Survives).count();
    let unknown = audit.cases.iter().filter(|c| matches!(c.verdict, Verdict::Unknown(_))).count();
    let asked = audit.cases.iter().filter(|c| c.prediction.is_some_and(|p| p.seeds > 0)).count();
    println!(
        "{name}: index {indexed:.1?}, what-if {best:.1?} ({verdict:?}, {share:?}), audit of {} losses {audited:.1?}: {survives} survive, {unknown} unknown, {asked} simulated",
        audit.cases.len()
    );
}
