//! `yardstick`: one instance of a public packing suite through podfit's core.
//!
//! In: a suite's files as published, a time limit, threads, a seed. Out: one JSON line on standard output
//! ([`record::Record`]), and with `--out` the placement in the suite's own format. Every instance enters at
//! `podfit::problem`; nothing here solves.
//!
//! Exit codes: 0 an answer, 2 input or usage, 3 our fault.
//!
//! | file | what it is for; each may use those above it |
//! |---|---|
//! | `fault.rs` | what is wrong with a file: file, line, cause |
//! | `text.rs` | integers of a text, and rows of a CSV file, with their lines |
//! | `task.rs` | a problem, which item is which, what the suite calls its objective |
//! | `suite/` | the suites, a file each: files to task, placement to the suite's format |
//! | `usage.rs` | memory and processor time of this process |
//! | `record.rs` | the JSON line |

mod fault;
mod record;
mod suite;
mod task;
mod text;
mod usage;

use clap::Parser;
use podfit::problem::judge;
use podfit::solve::{Control, Method, Options, Outcome, Progress, try_solve};
use record::Record;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use suite::Suite;
use task::Task;

/// Longest limit of time: a year.
const SECONDS_MAX: f64 = 366.0 * 86_400.0;
/// Steps of the search for each second of the limit: about three quarters of it; the rest is for the exact solvers. By the
/// limit and not by the clock, so that the search is the same under every load.
const SEARCH_STEPS_A_SECOND: f64 = 75e6;
const USAGE: u8 = 2;
const INTERNAL: u8 = 3;

/// One instance of a public packing suite through podfit: one JSON line on standard output.
#[derive(Parser, Debug)]
#[command(name = "yardstick", version)]
struct Cli {
    /// The suite
    #[arg(value_enum)]
    suite: Suite,
    /// Its files, in the order that the suite's description gives
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Seconds from the start of the program, reading included
    #[arg(long, value_name = "S", default_value = "10", value_parser = seconds)]
    time_limit: f64,
    /// Threads that the solvers may use
    #[arg(long, value_name = "T", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// What decides ties
    #[arg(long, value_name = "N", default_value = "0")]
    seed: u64,
    /// Where the placement goes, in the suite's format
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Which solvers may be asked
    #[arg(long, value_enum, default_value = "auto")]
    method: MethodName,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum MethodName {
    Auto,
    Greedy,
    Exact,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| format!("{text:?} is no number"))?;
    let allowed = (0.0..=SECONDS_MAX).contains(&seconds);
    allowed.then_some(seconds).ok_or_else(|| format!("a limit is 0 to {SECONDS_MAX} seconds"))
}

fn main() -> ExitCode {
    let started = Instant::now();
    let cli = Cli::parse();
    let task = match cli.suite.read(&cli.files) {
        Ok(task) => task,
        Err(faults) => {
            eprintln!("{faults}");
            return ExitCode::from(USAGE);
        }
    };
    match answer(&cli, &task, started) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(INTERNAL)
        }
    }
}

/// The referee of numbers passes the placement and says the same of its worth, or nothing is told of it.
fn referee(task: &Task, outcome: &Outcome) -> Result<(), String> {
    let judged = judge(&task.problem, &outcome.puts);
    if let Some(broken) = judged.broken.first() {
        return Err(format!("the solver's placement is not allowed: {broken:?}"));
    }
    let told: Vec<i128> = outcome.levels.iter().map(|l| i128::from(l.objective)).collect();
    match told == judged.levels {
        true => Ok(()),
        false => Err(format!("the solver says {told:?} of a placement of {:?}", judged.levels)),
    }
}

/// Solves, writes the placement, and prints the line.
fn answer(cli: &Cli, task: &Task, started: Instant) -> Result<(), String> {
    let read = started.elapsed();
    let limit = Duration::from_secs_f64(cli.time_limit);
    let best_at: Arc<Mutex<Option<Duration>>> = Arc::default();
    let improved = Arc::clone(&best_at);
    let control =
        Control::default().with_time_limit(limit.saturating_sub(read)).with_progress(move |p| {
            if let (Progress::Improved { .. }, Ok(mut at)) = (p, improved.lock()) {
                *at = Some(started.elapsed());
            }
        });
    let method = match cli.method {
        MethodName::Auto => Method::Auto,
        MethodName::Greedy => Method::Greedy,
        MethodName::Exact => Method::Exact,
    };
    let search_steps_max = Some((cli.time_limit * SEARCH_STEPS_A_SECOND) as u64);
    let seed = cli.seed;
    let options = Options { method, seed, control, search_steps_max, ..Options::default() };
    let threads = rayon::ThreadPoolBuilder::new().num_threads(usize::from(cli.threads)).build();
    let threads = threads.map_err(|e| format!("threads cannot be started: {e}"))?;
    let outcome = threads.install(|| try_solve(&task.problem, &options)).map_err(|flaws| {
        let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        format!("the instance makes no problem: {}", flaws.join("; "))
    })?;
    let seconds = started.elapsed();
    referee(task, &outcome)?;
    let places = task.places(&outcome)?;
    if let Some(file) = &cli.out {
        std::fs::write(file, task.solution(&places))
            .map_err(|e| format!("{} cannot be written: {e}", file.display()))?;
    }
    let times = record::Times {
        read,
        seconds,
        seconds_to_best: best_at.lock().ok().and_then(|at| *at),
        limit: cli.time_limit,
    };
    let record = Record::new(cli.suite, &cli.files, task, &outcome, &times)
        .with_options(cli.threads, cli.seed);
    let line = serde_json::to_string(&record).map_err(|e| format!("the line: {e}"))?;
    writeln!(std::io::stdout(), "{line}").map_err(|e| format!("standard output: {e}"))
}
