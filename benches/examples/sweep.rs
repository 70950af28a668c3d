//! A sweep as a program in Rust would do it: what Python's is measured against (`python/tools/measure.py`).
//!
//! `cargo run --release -p podfit-benches --example sweep -- CLUSTER SCENARIOS`, the second a JSON list.
#![allow(clippy::print_stdout)]

use podfit_api::{AnswerOptions, Input, OpenOptions, Row, Scenario, open, sweep};
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn main() {
    let mut paths = std::env::args().skip(1);
    let (Some(cluster), Some(scenarios)) = (paths.next(), paths.next()) else {
        eprintln!("give a cluster and a list of scenarios");
        std::process::exit(2);
    };
    let data = std::fs::read(&cluster).expect("the cluster is a file");
    let input = Input { name: cluster, data: Box::new(data.as_slice()) };
    let snapshot = open(vec![input], &OpenOptions::default()).expect("the cluster can be read");
    let text = std::fs::read_to_string(scenarios).expect("the scenarios are a file");

    let start = Instant::now();
    let scenarios: Vec<Scenario> = serde_json::from_str(&text).expect("the scenarios can be read");
    let options =
        AnswerOptions { time_limit: Some(Duration::from_secs(10)), ..AnswerOptions::default() };
    let rows: Mutex<Vec<Row>> = Mutex::default();
    sweep(&snapshot, &scenarios, &options, |row| rows.lock().expect("no panic").push(row));
    let seconds = start.elapsed().as_secs_f64();
    let rows = rows.into_inner().expect("no panic");
    let good = rows.iter().filter(|r| r.good).count();
    println!(r#"{{"rows": {}, "good": {good}, "seconds": {seconds:.4}}}"#, rows.len());
}
