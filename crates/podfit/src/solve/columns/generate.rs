//! Column generation: the program says what items are worth, the knapsacks say which patterns it lacks, until none is
//! lacking. Every round has a bound of its own, so that it may end after any.
//!
//! Duals of the program alone jump about; patterns are looked for at a mean of them and of the duals with the best bound so
//! far (smoothing after Wentges 1997, weights after Pessoa, Sadykov, Uchoa and Vanderbeck 2018).

use super::super::control::Control;
use super::duals::{Duals, Priced, price, setup_steps};
use super::knapsack::{Asked, Knapsack};
use super::master::{Master, Optimum};
use super::relaxation::{Pattern, Relaxation};

/// Candidates that a knapsack may look at: at first, at least, over all kinds at first, over all kinds at most.
const STEPS_FIRST: u64 = 20_000;
const STEPS_LEAST: u64 = 500;
const STEPS_ALL_FIRST: u64 = 1_000_000;
const STEPS_ALL_MOST: u64 = 100_000_000;
/// Weight of the best duals in the mean, at first: more after each round that finds better ones, less after the others.
const SMOOTHING: f64 = 0.7;
/// Patterns of the cheap search in a round, over all kinds.
const CHEAP: usize = 200;
/// A gain that is noise of the program.
const NOISE: f64 = 1e-7;
/// Rounds at most.
const ROUNDS_MAX: usize = 5_000;

/// The best duals so far and what they prove.
#[derive(Clone, Debug)]
pub(super) struct Proved {
    pub(super) bound: i64,
    pub(super) value: f64,
    pub(super) item: Vec<f64>,
    pub(super) above: Vec<f64>,
}

/// How far a generation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// Until more patterns would take long searches.
    Cheap,
    /// Until nothing more would change the bound.
    Bound,
    /// Until no pattern is lacking, so that the duals prove the most that they can.
    Optimum,
}

/// Adds patterns to `master` until none is lacking, `proved` reaches `goal`, or the limits end it. `centre`: where the means
/// begin, and where they end. `None` where the program has no optimum.
pub(super) fn generate(
    relaxation: &Relaxation,
    master: &mut Master<'_>,
    proved: &mut Proved,
    centre: &mut Proved,
    goal: i64,
    until: Until,
    control: &Control,
) -> Option<()> {
    let mut optimum = master.solve(control)?;
    let kinds = relaxation.kinds.len().max(1) as u64;
    let mut steps = (STEPS_ALL_FIRST / kinds).clamp(STEPS_LEAST, STEPS_FIRST);
    let (mut misses, mut weight) = (0, SMOOTHING);
    for _ in 0..ROUNDS_MAX {
        let reached =
            until != Until::Optimum && reaches(relaxation, proved.bound, optimum.objective);
        if proved.bound >= goal || reached {
            return Some(());
        }
        if control.should_stop().is_some() {
            break;
        }
        // After each miss nearer to the program's own duals.
        let alpha = match centre.value > 0.0 {
            true => (1.0 - f64::from(misses + 1) * (1.0 - weight)).max(0.0),
            false => 0.0,
        };
        let duals = Duals::round(
            relaxation,
            &mean(alpha, &centre.item, &optimum.item),
            &mean(alpha, &centre.above, &optimum.above),
        )?;
        let mut added = cheap(relaxation, master, &optimum, &duals, control);
        let ease = match until {
            Until::Cheap | Until::Bound => ease(relaxation, &optimum),
            Until::Optimum => 1.0,
        };
        let priced = price(relaxation, &duals, ease, steps, control);
        added += add(relaxation, master, &optimum, priced.patterns.iter().cloned());
        proved.take(&priced);
        let better = centre.take(&priced);
        if added > 0 {
            weight = if better { weight + 0.1 } else { weight - 0.1 }.clamp(0.2, 0.9);
            misses = 0;
            match master.solve(control) {
                Some(next) => optimum = next,
                None => break,
            }
        } else if alpha > 0.0 {
            misses += 1;
        } else if !priced.cut || proved.value >= optimum.objective - NOISE {
            return Some(());
        } else if steps < STEPS_ALL_MOST / kinds && until != Until::Cheap {
            (misses, steps) = (0, steps * 8);
        } else {
            break;
        }
    }
    Some(())
}

/// How much more than its bin costs a pattern may be worth, so that the bound still comes out at the next whole step above
/// the program's objective.
fn ease(relaxation: &Relaxation, optimum: &Optimum) -> f64 {
    let step = relaxation.step as f64;
    let noise = 1e-6 * optimum.objective.abs().max(1.0);
    let below = ((optimum.objective - noise) / step).ceil() * step - step;
    if below > 0.0 { (optimum.objective - noise) / (below + 1e-3 * step) } else { 1.0 }
}

/// Whether no objective of the program is above `bound` by a whole step.
fn reaches(relaxation: &Relaxation, bound: i64, objective: f64) -> bool {
    let noise = 1e-6 * objective.abs().max(1.0);
    bound as f64 + relaxation.step as f64 * 1e-9 >= objective - noise
}

fn mean(alpha: f64, a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| alpha * a + (1.0 - alpha) * b).collect()
}

impl Proved {
    /// Nothing is known.
    pub(super) fn nothing(relaxation: &Relaxation) -> Self {
        Self {
            bound: 0,
            value: 0.0,
            item: vec![0.0; relaxation.items.len()],
            above: vec![0.0; relaxation.above.len()],
        }
    }

    /// Keeps what `priced` proves, where that is more; whether it is.
    pub(super) fn take(&mut self, priced: &Priced) -> bool {
        self.bound = self.bound.max(priced.bound);
        let better = priced.value > self.value;
        if better {
            let duals = &priced.duals;
            let float = |x: &i64| *x as f64 / duals.scale as f64;
            self.value = priced.value;
            self.item = duals.item.iter().map(float).collect();
            self.above = duals.above.iter().map(float).collect();
        }
        better
    }
}

/// Patterns of the cheap search that the program lacks.
fn cheap(
    relaxation: &Relaxation,
    master: &mut Master<'_>,
    optimum: &Optimum,
    duals: &Duals,
    control: &Control,
) -> usize {
    let counts: Vec<u32> = relaxation.items.iter().map(|i| i.count).collect();
    let tries = CHEAP / relaxation.kinds.len().max(1) + 1;
    let mut added = 0;
    for kind in 0..relaxation.kinds.len() {
        let asked = Asked {
            relaxation,
            kind,
            profit: &duals.item,
            most: &counts,
            beat: duals.cost(relaxation, kind),
        };
        let (found, steps) = Knapsack::new(&asked).greedy(tries);
        control.spend(setup_steps(relaxation) + steps as usize);
        added += add(relaxation, master, optimum, found.into_iter().map(|(_, p)| p));
    }
    added
}

/// Adds those that would help; how many.
fn add(
    relaxation: &Relaxation,
    master: &mut Master<'_>,
    optimum: &Optimum,
    patterns: impl Iterator<Item = Pattern>,
) -> usize {
    let helps = |p: &Pattern| optimum.gain(relaxation, p) > NOISE;
    let mut added = 0;
    for pattern in patterns.filter(helps) {
        added += usize::from(master.add(pattern));
    }
    added
}
