//! No bound is above the best placement, whatever the duals.

use super::super::super::control::Control;
use super::super::duals::{Duals, price};
use super::super::feasible::first_duals;
use super::super::relaxation::Relaxation;
use super::{Random, oracle::best, random_problem};

#[test]
fn any_duals_bound_the_best_from_below() {
    let (mut all, mut tight) = (0, 0);
    for seed in podfit_soak::seeds(600, 100_000) {
        let r = &mut Random::new(seed);
        let problem = random_problem(r);
        let best = best(&problem);
        for level in 0..best.len() {
            let known = best[level] + r.between(0, 2);
            let Some(relaxation) = Relaxation::new(&problem, level, &best[..level], known) else {
                continue;
            };
            let control = Control::default();
            let mut bounds = Vec::new();
            for _ in 0..4 {
                let item: Vec<f64> =
                    relaxation.items.iter().map(|_| r.below(500) as f64 / 97.0).collect();
                let above: Vec<f64> =
                    relaxation.above.iter().map(|_| r.below(300) as f64 / 97.0).collect();
                let duals = Duals::round(&relaxation, &item, &above).expect("small numbers");
                let ease = 1.0 + r.below(3) as f64 / 4.0;
                bounds.push(price(&relaxation, &duals, ease, 1 + r.below(1000), &control).bound);
            }
            bounds.extend(first_duals(&relaxation, &control).map(|(_, best)| best.bound));
            for bound in bounds {
                assert!(bound <= best[level], "seed {seed}: {bound} above {best:?} at {level}");
                all += 1;
                tight += u64::from(bound == best[level] && bound > 0);
            }
        }
    }
    println!("{tight} of {all} bounds are the best and above 0");
    assert!(tight * 50 > all, "some bounds say something: {tight} of {all}");
}

/// With enumeration and search left out, levels are closed by columns before the program is asked.
#[cfg(feature = "highs")]
#[test]
fn what_columns_say_agrees_with_brute_force() {
    use crate::solve::{Certificate, Options, solve};
    let (mut all, mut closed, mut by_columns) = (0, 0, 0);
    for seed in podfit_soak::seeds(800, 100_000) {
        all += 1;
        let problem = random_problem(&mut Random::new(seed));
        let best = best(&problem);
        let options = Options {
            enumeration_states_max: Some(0),
            search_steps_max: Some(0),
            cold_start: seed % 2 == 1,
            ..Options::default()
        };
        let outcome = solve(&problem, &options);
        let reached: Vec<i64> = outcome.levels.iter().map(|l| l.objective).collect();
        assert!(reached >= best, "seed {seed}: better than the best");
        let mut above_closed = true;
        for (level, best) in outcome.levels.iter().zip(&best) {
            if let (Some(bound), true) = (level.bound, above_closed) {
                assert!(bound <= *best, "seed {seed}: {bound} above {best}: {:?}", outcome.levels);
            }
            above_closed &= level.is_closed();
            by_columns += u64::from(level.certificate == Some(Certificate::IntegerDual));
        }
        if above_closed {
            assert_eq!(reached, best, "seed {seed}: said to be the best");
            closed += 1;
        }
        let again = solve(&problem, &options);
        assert_eq!((again.puts, again.work), (outcome.puts, outcome.work), "seed {seed}: twice");
    }
    println!("{closed} of {all} closed; {by_columns} levels by an integer dual");
    assert!(closed * 100 >= all * 95, "{closed} of {all} closed");
    assert!(by_columns * 20 >= all, "columns prove some of it: {by_columns} of {all}");
}
