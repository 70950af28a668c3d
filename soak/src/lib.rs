//! How many cases a property test looks at: few in an ordinary run, as many as there is time for in a soak.
//!
//! Tests that go through seeds:
//!
//! ```text
//! for seed in podfit_soak::seeds(300, 100_000) { … }
//! ```
//!
//! Tests of proptest:
//!
//! ```text
//! for config in podfit_soak::rounds(300, 100_000) {
//!     proptest!(config, |(text in ".*")| { … });
//! }
//! ```
//!
//! The first number is looked at in every run, the same cases each time; a test that asserts how often something was seen counts its cases, since
//! a soak may end anywhere between the two numbers. `make soak` sets:
//!
//! * `PODFIT_SOAK`: seconds, from the first of these tests of a program on, until the second number is reached. The
//!   tests of a program run all at once then (`RUST_TEST_THREADS`).
//! * `PODFIT_SEED`: the first seed, 0 if not given. Other seeds at each soak find more; with the seed of a failure an
//!   ordinary run begins there.
//! * `PODFIT_SOAK_LOG`: the file that gets a line a test, with the number of cases reached.

use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text}: a whole number is wanted")))
}

/// When the soak of this program ends; none in ordinary runs.
fn end() -> Option<Instant> {
    static END: OnceLock<Option<Instant>> = OnceLock::new();
    *END.get_or_init(|| number("PODFIT_SOAK").map(|s| Instant::now() + Duration::from_secs(s)))
}

/// Seeds of the cases to look at: `few`, in a soak until the time is up or there were `full`.
pub fn seeds(few: u64, full: u64) -> impl Iterator<Item = u64> {
    Run::new(1, few, full)
}

/// Settings of the rounds to run: one of `few` cases, in a soak more until the time is up or there were `full`.
pub fn rounds(few: u32, full: u64) -> impl Iterator<Item = ProptestConfig> {
    Run::new(few.into(), few.into(), full).map(move |seed| ProptestConfig {
        cases: few,
        rng_seed: RngSeed::Fixed(seed),
        // A failure tells its values; with its seed it comes again.
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

/// Seeds, `step` apart, and how many cases they stand for; tells that when it is dropped.
struct Run {
    first: u64,
    step: u64,
    few: u64,
    full: u64,
    done: u64,
}

impl Run {
    fn new(step: u64, few: u64, full: u64) -> Self {
        end();
        Self { first: number("PODFIT_SEED").unwrap_or(0), step, few, full, done: 0 }
    }
}

impl Iterator for Run {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let more = || self.done < self.full && end().is_some_and(|end| Instant::now() < end);
        if self.done >= self.few && !more() {
            return None;
        }
        let seed = self.first + self.done;
        self.done += self.step;
        Some(seed)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if end().is_none() {
            return;
        }
        let Self { first, step, full, done, .. } = *self;
        let mut line = format!(
            "{}: {done} of {full} cases",
            std::thread::current().name().unwrap_or("a test without a name")
        );
        if std::thread::panicking() {
            line += &format!(", FAILED with PODFIT_SEED={}", first + done - step);
        }
        line.push('\n');
        // Past the capture of the test harness. A count that cannot be told is no reason to fail.
        let _ = match std::env::var_os("PODFIT_SOAK_LOG") {
            Some(log) => OpenOptions::new()
                .append(true)
                .create(true)
                .open(log)
                .and_then(|mut log| log.write_all(line.as_bytes())),
            None => std::io::stderr().write_all(line.as_bytes()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_run_looks_at_few() {
        if end().is_none() && number("PODFIT_SEED").is_none() {
            assert_eq!(seeds(3, 10).collect::<Vec<_>>(), [0, 1, 2]);
            assert_eq!(rounds(30, 100).map(|round| round.cases).collect::<Vec<_>>(), [30]);
        }
    }
}
