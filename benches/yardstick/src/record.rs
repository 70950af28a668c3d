//! The JSON line: one answer, in the suite's terms.

use crate::suite::Suite;
use crate::task::Task;
use crate::usage;
use podfit::solve::{Certificate, Outcome, Stop};
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// What was asked, what came out, what it took. `null` is not known, or (an objective) no solution.
#[derive(Debug, Serialize)]
pub struct Record {
    solver: &'static str,
    version: &'static str,
    suite: &'static str,
    /// File names without folder and ending, by `+`.
    instance: String,
    /// In the suite's terms: bins, cost, thousandths of cards placed.
    objective: Option<i64>,
    /// What no solution goes beyond, in the same terms.
    bound: Option<i64>,
    /// `optimal`, `feasible`, `incomplete` or `infeasible`.
    status: &'static str,
    /// What the bound rests on.
    certificate: Option<&'static str>,
    /// From the start of the program to the answer.
    seconds: f64,
    /// Until the answer that was the best in the end was there.
    seconds_to_best: Option<f64>,
    read_seconds: f64,
    cpu_seconds: Option<f64>,
    memory_mb: Option<f64>,
    time_limit: f64,
    threads: u16,
    seed: u64,
    /// Why the search stopped.
    stop: &'static str,
    /// Whose placement it is.
    provenance: &'static str,
    /// Steps of work.
    work: u64,
    classes: usize,
    bins: usize,
    items: usize,
    unplaced: i64,
    levels: Vec<LevelRecord>,
}

/// A level of the problem, as the core counts it: everything is made least.
#[derive(Debug, Serialize)]
struct LevelRecord {
    name: String,
    objective: i64,
    bound: Option<i64>,
    certificate: Option<&'static str>,
}

/// What an answer took.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// From the start until the instance was read.
    pub read: Duration,
    /// Until the answer.
    pub seconds: Duration,
    /// Until the last improvement.
    pub seconds_to_best: Option<Duration>,
    /// What was allowed.
    pub limit: f64,
}

impl Record {
    /// The outcome of a task read from `files`.
    pub fn new(
        suite: Suite,
        files: &[PathBuf],
        task: &Task,
        outcome: &Outcome,
        times: &Times,
    ) -> Self {
        let verdict = task.verdict(outcome);
        let stems = files.iter().map(|f| f.file_stem().unwrap_or_default().to_string_lossy());
        let items: usize = task.members.iter().map(Vec::len).sum();
        let is_new = |class: u32| task.problem.classes[class as usize].origin.is_none();
        let placed = outcome.puts.iter().filter(|p| is_new(p.class)).count();
        let levels = outcome.levels.iter().map(|l| LevelRecord {
            name: l.name.clone(),
            objective: l.objective,
            bound: l.bound,
            certificate: l.certificate.map(certificate),
        });
        let goal = &outcome.levels[task.goal.level];
        Self {
            solver: "podfit",
            version: env!("CARGO_PKG_VERSION"),
            suite: suite.name(),
            instance: stems.collect::<Vec<_>>().join("+"),
            objective: verdict.objective,
            bound: verdict.bound,
            status: verdict.status,
            certificate: verdict.bound.and(goal.certificate).map(certificate),
            seconds: milliseconds(times.seconds),
            seconds_to_best: times.seconds_to_best.map(milliseconds),
            read_seconds: milliseconds(times.read),
            cpu_seconds: usage::cpu_seconds(),
            memory_mb: usage::memory_mb().map(|mb| (mb * 10.0).round() / 10.0),
            time_limit: times.limit,
            threads: 1,
            seed: 0,
            stop: stop(outcome.stop),
            provenance: outcome.provenance,
            work: outcome.work,
            classes: task.problem.classes.len(),
            bins: task.problem.bins(),
            items,
            unplaced: task.problem.items() as i64 - placed as i64,
            levels: levels.collect(),
        }
    }

    /// The same with the options that it was asked with.
    #[must_use]
    pub fn with_options(self, threads: u16, seed: u64) -> Self {
        Self { threads, seed, ..self }
    }
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e3).round() / 1e3
}

fn certificate(certificate: Certificate) -> &'static str {
    match certificate {
        Certificate::IntegerSum => "integer-sum",
        Certificate::IntegerDual => "integer-dual",
        Certificate::Enumeration => "enumeration",
        Certificate::SolverFloat => "solver-float",
    }
}

fn stop(stop: Stop) -> &'static str {
    match stop {
        Stop::Proved => "proved",
        Stop::MethodEnds => "method-ends",
        Stop::TimeLimit => "time-limit",
        Stop::Cancelled => "cancelled",
        Stop::WorkLimit => "work-limit",
        Stop::NoSolver => "no-solver",
        Stop::TooLarge => "too-large",
        Stop::Unsupported(_) => "unsupported",
        Stop::Faulty(fault) => fault.code(),
    }
}
