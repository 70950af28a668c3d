//! Fewer or cheaper bins: a few are closed, and what they held goes into gaps or into other bins that are opened for it.

use super::walk::Walk;

/// Bins closed at once.
const CLOSED: (i64, i64) = (2, 6);
/// Bins in use that are looked at for gaps, and empty ones that may be opened, in one round.
const GAPS: usize = 60;
const OPENED: usize = 60;

/// Items are taken by size times 1 ± noise, in thousandths; what a bin takes for its cost is worth 1 ± noise.
const NOISE: i64 = 120;
const WORTH_NOISE: i64 = 50;

impl Walk<'_, '_, '_> {
    /// One round that looks for cheaper bins; what costs more is kept by chance, by about `heat` at most. Whether the level
    /// got better.
    pub(super) fn reopen(&mut self, level: usize, heat: i64) -> bool {
        self.begin();
        self.close_some();
        if self.bins.is_empty() {
            return false;
        }
        self.empty_by(NOISE);
        self.pool.sort_unstable();
        let pool = std::mem::take(&mut self.pool);
        let mut rest: Vec<u32> = pool.iter().map(|&(.., class)| class).collect();
        self.pool = pool;
        self.fill_gaps(&mut rest);
        while !rest.is_empty() && self.open_one(level, &mut rest) {}
        self.end_warm(level, heat)
    }

    /// Chooses the bins of the round.
    fn close_some(&mut self) {
        self.bins.clear();
        let wanted = self.random.between(CLOSED.0, CLOSED.1);
        for _ in 0..wanted {
            let used = self.state.used();
            let Some(&bin) = used.get(self.random.below(used.len())) else { break };
            if !self.bins.contains(&bin) && self.state.can_empty(bin) {
                self.bins.push(bin);
            }
        }
    }

    /// Puts what fits into bins that are in use. The others stay in `rest`.
    fn fill_gaps(&mut self, rest: &mut Vec<u32>) {
        self.bins.clear();
        let used = self.state.used();
        if used.len() <= GAPS {
            self.bins.extend(used);
        } else {
            for _ in 0..GAPS {
                self.bins.push(self.state.used()[self.random.below(self.state.used().len())]);
            }
        }
        rest.retain(|&class| match self.best_bin(class) {
            Some(bin) => {
                self.state.put(class, bin);
                false
            }
            None => true,
        });
    }

    /// Opens the empty bin that takes most of `rest` for its cost. Whether there was one.
    fn open_one(&mut self, level: usize, rest: &mut Vec<u32>) -> bool {
        let mut best: Option<(i128, u32)> = None;
        for _ in 0..OPENED {
            let bins = self.state.model.bins_of(rest[0]);
            let Some(&bin) = bins.get(self.random.below(bins.len())) else { return false };
            if !self.state.room.is_empty(bin as usize) {
                continue;
            }
            let taken = self.would_take(bin, rest);
            let cost = self.state.model.cost_of(level, bin).max(1);
            let worth = i128::from(taken)
                * i128::from(1000 + self.random.between(-WORTH_NOISE, WORTH_NOISE));
            let worth = worth * 1024 / i128::from(cost);
            if taken > 0 && best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, bin));
            }
        }
        let Some((_, bin)) = best else { return false };
        let before = rest.len();
        rest.retain(|&class| {
            let fits = self.state.fits(class, bin);
            if fits {
                self.state.put(class, bin);
            }
            !fits
        });
        rest.len() < before
    }

    /// The weight of what an empty bin takes of `rest` in this order, by amounts.
    fn would_take(&mut self, bin: u32, rest: &[u32]) -> i64 {
        let model = self.state.model;
        self.control.spend(rest.len());
        self.free.clear();
        self.free.extend_from_slice(self.state.room.free_of(bin as usize));
        let mut taken = 0i64;
        for &class in rest {
            let demand = &model.problem.classes[class as usize].demand;
            let fits = demand.iter().zip(&self.free).all(|(&d, &f)| d == 0 || d <= f);
            if fits
                && (model.by_amounts[class as usize]
                    || model.problem.may_enter(class as usize, bin as usize))
            {
                self.free.iter_mut().zip(demand).for_each(|(f, d)| *f -= d);
                taken = taken.saturating_add(model.scale.size[class as usize]);
            }
        }
        taken
    }

    /// Keeps the round if nothing is left out for it, and by chance what costs more. Whether `level` got better.
    fn end_warm(&mut self, level: usize, heat: i64) -> bool {
        let state = &self.state;
        let allowed = state.homeless == 0
            && state.out_size <= state.out_size_kept
            && state.moved <= state.model.problem.moves_max
            && state.value[..level] <= self.before[..level];
        let by = state.value[level] - self.before[level];
        let kept = allowed && (by <= 0 || by <= self.random.exponential(heat));
        let is_best = self.best.is_none() && self.before == self.best_value;
        if kept && by > 0 && is_best {
            // What is best is remembered when it is about to be left.
            self.state.undo();
            self.best = Some(self.state.on.clone());
            return false;
        }
        if kept && state.value < self.best_value {
            self.best_value.clone_from(&self.state.value);
            self.best = None;
            return by < 0;
        }
        if !kept {
            self.state.undo();
        }
        kept && by < 0
    }

    /// Goes back to the best of the cycle, and begins another.
    pub(super) fn settle(&mut self) {
        if let Some(best) = self.best.take() {
            self.state.restore(&best);
        }
        self.best_value.clone_from(&self.state.value);
    }
}
