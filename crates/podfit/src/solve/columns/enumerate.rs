//! All patterns that a better placement could use: where these are few, the program over them closes the level.
//!
//! With duals that prove a bound, a placement costs at least that and what each of its bins holds less than the best bin of
//! its kind. So a bin that lacks more than the gap is in no better placement (Baldacci and others' route enumeration, for
//! bins).

use super::super::control::Control;
use super::duals::{Duals, price, setup_steps};
use super::knapsack::{Asked, Knapsack};
use super::relaxation::{Pattern, Relaxation};

/// Candidates that the search for the best of each kind may look at.
const STEPS: u64 = 2_000_000;

/// All maximal patterns of placements that reach `wanted` or less; `None` where there are more than `patterns_max` or the
/// search would go over `steps_max` candidates.
pub(super) fn all_below(
    relaxation: &Relaxation,
    duals: &Duals,
    wanted: i64,
    patterns_max: usize,
    steps_max: u64,
    control: &Control,
) -> Option<Vec<Pattern>> {
    let priced = price(relaxation, duals, 1.0, STEPS, control);
    let duals = &priced.duals;
    let gap = i128::from(wanted) * i128::from(duals.scale) - priced.exact;
    let counts: Vec<u32> = relaxation.items.iter().map(|i| i.count).collect();
    let mut patterns = Vec::new();
    let mut steps_left = steps_max;
    for kind in 0..relaxation.kinds.len() {
        if control.should_stop().is_some() {
            return None;
        }
        // `most` is at least the cost: what a bin holds beyond it is part of the bound.
        let least = i128::from(priced.most[kind]) - gap;
        let beat = (least - 1).clamp(-1, i128::from(i64::MAX)) as i64;
        let asked = Asked { relaxation, kind, profit: &duals.item, most: &counts, beat };
        let room = patterns_max - patterns.len();
        let (found, steps) = Knapsack::new(&asked).all(room, steps_left);
        control.spend(setup_steps(relaxation) + steps as usize);
        steps_left = steps_left.saturating_sub(steps).max(1);
        patterns.extend(found?.into_iter().filter(|p| !p.items.is_empty()));
    }
    Some(patterns)
}
