//! Better placements by search, at any size: an answer that is there is changed in small parts again and again.
//!
//! In: a [`Problem`] and a placement. Out: one that is no worse. Works on final states, without an order: items that an
//! order-dependent rule looks at stay where they are, all others may come after them in any order.
//!
//! Levels are worked on one after the other, from the first that is open: what is above a level never gets worse. Each has
//! its own walk, which is taken up again with twice the work when all have had their turn. Chance is by seed and work is
//! counted, so that the same problem, seed and work give the same placement on every machine.
//!
//! | file | what it is for; each may use those above it |
//! |---|---|
//! | `scale.rs` | how large items and bins are, over all resources |
//! | `model.rs` | what is looked up again and again |
//! | `state.rs` | which items are in which bin; changes that can be taken back |
//! | `walk.rs` | rounds: empty a few bins, fill them anew |
//! | `open.rs` | rounds that close and open bins |
//! | `spare.rs` | one bin less |

mod model;
mod open;
mod scale;
mod spare;
mod state;
#[cfg(test)]
mod tests;
mod walk;

use super::control::{Control, Progress};
use super::incumbent::Incumbent;
use crate::problem::{Problem, Term};
use crate::random::Random;
use model::Model;
use state::State;
use std::cmp::Reverse;
use walk::Walk;

/// Levels that have a walk at a time: the first that are open.
const LEVELS_MAX: usize = 8;
/// Steps in which what was set aside is put back although time is up: a tenth of a second.
const GRACE_STEPS: u64 = 10_000_000;
/// Steps of the first turn of a level.
const TURN: u64 = 4_000_000;
/// Costs of bins are given up by about this part of the mean at the beginning of a turn, in thousandths.
const HEAT: i64 = 40;
/// Parts of a turn in which the heat goes down.
const COOLING: u64 = 64;

/// Makes `incumbent` better within `control`, as long as `floor` (what nothing goes below, level by level) is not reached.
pub(super) fn improve(
    problem: &Problem,
    incumbent: &mut Incumbent,
    floor: impl Fn(&[i64]) -> Vec<i64>,
    seed: u64,
    control: &Control,
) {
    let model = Model::new(problem);
    if model.frozen.iter().all(|&frozen| frozen) {
        return;
    }
    let mut walks: Vec<Option<Walk<'_, '_, '_>>> = problem.levels.iter().map(|_| None).collect();
    // With little to do, every kind of round has its turn all the same.
    let mut turn = control.steps_left().map_or(TURN, |left| TURN.min(left / 8 + 1));
    while control.should_stop().is_none() {
        let least = floor(&incumbent.value);
        let open: Vec<usize> =
            (0..least.len()).filter(|&l| incumbent.value[l] > least[l]).collect();
        let Some(&first) = open.first() else { return };
        walks[..first].fill_with(|| None);
        for &level in open.iter().take(LEVELS_MAX) {
            control.report(Progress::Solving { solver: "search", level });
            let stale = |w: &Walk<'_, '_, '_>| w.state.value[..level] > incumbent.value[..level];
            let walk = &mut walks[level];
            if walk.as_ref().is_none_or(stale) {
                let random = Random::stream(seed, turn ^ level as u64);
                *walk = Some(begin(&model, incumbent, level, random, control));
            }
            let Some(at_work) = walk else { continue };
            let steps = if level == first { turn } else { turn / 4 };
            at_work.work(level, least[level], steps);
            if !adopt(at_work, incumbent, level) {
                // It went where no order leads. The turn is over, and the next begins elsewhere.
                *walk = None;
                control.spend(usize::try_from(steps).unwrap_or(usize::MAX));
            }
        }
        turn = turn.saturating_mul(2);
    }
}

/// A walk on a level: what counts on lower ones only is set aside, if the level is about what is left out.
fn begin<'s, 'm, 'p>(
    model: &'m Model<'p>,
    incumbent: &Incumbent,
    level: usize,
    random: Random,
    control: &'s Control,
) -> Walk<'s, 'm, 'p> {
    let mut state = State::new(model, incumbent);
    if model.kinds(level).unplaced {
        for bin in 0..model.problem.bins() {
            for at in (0..state.on[bin].len()).rev() {
                let class = state.on[bin][at].class;
                if !model.must_stay(class) && model.rank(class) > level {
                    state.take(bin as u32, at);
                }
            }
        }
        state.keep();
    }
    Walk::new(state, random, control)
}

/// Takes over what a walk has found, with what was set aside for it. False where that is legal in no order.
fn adopt(walk: &mut Walk<'_, '_, '_>, incumbent: &mut Incumbent, level: usize) -> bool {
    if walk.state.value[..=level] >= incumbent.value[..=level] {
        return true;
    }
    walk.state.keep();
    walk.complete(level);
    let found = walk.state.incumbent("search", walk.control);
    walk.state.undo();
    let better = found.filter(|f| f.value < incumbent.value);
    let legal = better.is_some();
    if let Some(better) = better {
        *incumbent = better;
        incumbent.report(walk.control);
    }
    legal
}

impl Walk<'_, '_, '_> {
    /// Rounds of all kinds that the level asks for, for so many steps or until it is at `floor`.
    fn work(&mut self, level: usize, floor: i64, steps: u64) {
        let kinds = self.state.model.kinds(level);
        let count = [kinds.unplaced, kinds.moves, kinds.bins].iter().filter(|k| **k).count();
        let part = steps / count.max(1) as u64;
        if kinds.unplaced {
            self.repeat(level, floor, part, Self::bring_in);
        }
        if kinds.moves {
            self.repeat(level, floor, part, Self::send_home);
        }
        if kinds.bins {
            self.save_bins(level, floor, part);
        }
    }

    fn repeat(
        &mut self,
        level: usize,
        floor: i64,
        steps: u64,
        round: impl Fn(&mut Self, usize) -> bool,
    ) {
        let end = self.control.steps_done().saturating_add(steps);
        while self.state.value[level] > floor && self.goes_on(end) {
            round(self, level);
        }
    }

    /// Half of the steps on other bins, cooling down; half on fewer.
    fn save_bins(&mut self, level: usize, floor: i64, steps: u64) {
        let part = steps / 2 / COOLING;
        let used = self.state.used().len().max(1) as i64;
        let hot = (self.state.value[level] / used).saturating_mul(HEAT) / 1000;
        self.settle();
        for left in (0..COOLING).rev() {
            let heat = i128::from(hot) * i128::from(left) / i128::from(COOLING);
            let heat = heat as i64;
            self.repeat(level, floor, part, |walk, level| walk.reopen(level, heat));
        }
        self.settle();
        let end = self.control.steps_done().saturating_add(steps / 2);
        while self.state.value[level] > floor && self.goes_on(end) {
            self.spare(level, steps / 8);
        }
        self.settle();
    }

    /// Puts what counts on levels below `level` where it fits best, in any of its bins, if no level down to `level` gets worse.
    fn complete(&mut self, level: usize) {
        let grace = self.control.grace(GRACE_STEPS);
        for rank in level + 1..=self.state.model.problem.levels.len() {
            let mut classes = self.state.outs(rank).to_vec();
            classes.sort_by_key(|&c| (Reverse(self.state.model.scale.size[c as usize]), c));
            for class in classes {
                while self.state.out[class as usize] > 0 && self.add_one(class, level) {}
                let late = self.control.should_stop().is_some();
                if late && grace.spent(self.state.model.bins_of(class).len()) {
                    return;
                }
            }
        }
    }

    /// Whether an item found a bin that makes nothing worse down to `level`.
    fn add_one(&mut self, class: u32, level: usize) -> bool {
        self.bins.clear();
        self.bins.extend(self.state.model.bins_of(class));
        let Some(bin) = self.best_bin(class) else { return false };
        let before = self.state.value[..=level].to_vec();
        self.state.put(class, bin);
        let worse = self.state.value[..=level] > before[..];
        if worse {
            self.state.take(bin, self.state.on[bin as usize].len() - 1);
        }
        !worse
    }
}

/// What a level is about.
#[derive(Clone, Copy, Default)]
struct Kinds {
    unplaced: bool,
    moves: bool,
    bins: bool,
}

impl Model<'_> {
    fn kinds(&self, level: usize) -> Kinds {
        let mut kinds = Kinds::default();
        for term in &self.problem.levels[level].terms {
            match term {
                Term::Unplaced(_) => kinds.unplaced = true,
                Term::Moves(_) => kinds.moves = true,
                Term::BinsUsed(_) => kinds.bins = true,
                // Nobody searches such a problem: see `Problem::beyond_counts`.
                Term::Reserve(_)
                | Term::Balance(_)
                | Term::MovesBetween(_)
                | Term::MostMoves(_) => {}
            }
        }
        kinds
    }
}
