//! Many scenarios of one cluster, a JSON line for each as it is done; on stderr, how many a second.
//!
//! `cargo run --release -p podfit-api --example sweep -- CLUSTER SCENARIOS.json [THREADS]`, where the second file is a
//! list as `[{"id": "a lost, 20 % more", "fail": ["a"], "edits": [{"op": "scale-requests", "percent": 120}]}]`.
#![allow(clippy::print_stdout)]

use podfit_api::{AnswerOptions, Input, OpenOptions, Row, Scenario, open, sweep};
use std::error::Error;
use std::fs::{File, read_to_string};
use std::sync::Mutex;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [cluster, scenarios, threads @ ..] = &args[..] else {
        return Err("give a cluster and a file of scenarios".into());
    };
    let input = Input::new(cluster, File::open(cluster)?);
    let snapshot = open(vec![input], &OpenOptions::default())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let text = read_to_string(scenarios)?;
    let threads = threads.first().map(|n| n.parse()).transpose()?;
    let options = AnswerOptions { threads, ..AnswerOptions::default() };

    let start = Instant::now();
    let scenarios: Vec<Scenario> = serde_json::from_str(&text)?;
    let rows: Mutex<Vec<Row>> = Mutex::default();
    let keep = |row| rows.lock().expect("no thread panics with it").push(row);
    sweep(&snapshot, &scenarios, &options, keep);
    let seconds = start.elapsed().as_secs_f64();
    let rows = rows.into_inner()?;
    for row in &rows {
        println!("{}", serde_json::to_string(row)?);
    }
    let (n, good) = (rows.len(), rows.iter().filter(|r| r.good).count());
    eprintln!("{n} scenarios, {good} good, in {seconds:.3} s: {:.0}/s", n as f64 / seconds);
    Ok(())
}
