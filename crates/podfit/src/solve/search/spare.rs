//! One bin less: a bin is closed, and rounds go on until all that it held has a place in the others, or it is given up.

use super::walk::Walk;

/// Of so many rounds that leave more out, one is kept.
const WORSE: i64 = 200;

impl Walk<'_, '_, '_> {
    /// Closes the bin in use that holds least, of a few, and looks for places within `steps`. Whether `level` got better; if
    /// not, everything is as it was.
    pub(super) fn spare(&mut self, level: usize, steps: u64) -> bool {
        let Some(bin) = self.pick_light(level) else { return false };
        let start = self.state.on.clone();
        let goal = self.state.value.clone();
        let end = self.control.steps_done().saturating_add(steps);
        self.state.keep();
        while let Some(last) = self.state.on[bin as usize].len().checked_sub(1) {
            self.state.take(bin, last);
        }
        self.state.keep();
        self.shut = Some(bin);
        while self.state.value[..level] > goal[..level] && self.goes_on(end) && self.squeeze(level)
        {
        }
        self.shut = None;
        let state = &self.state;
        // Who goes home may open a bin that costs more.
        let done = state.value[..=level] < goal[..=level]
            && state.homeless == 0
            && state.moved <= state.model.problem.moves_max;
        if !done {
            self.state.restore(&start);
        }
        done
    }

    /// The lightest of a few bins in use that cost something.
    fn pick_light(&mut self, level: usize) -> Option<u32> {
        let mut best: Option<(i64, u32)> = None;
        for _ in 0..4 {
            let used = self.state.used();
            let bin = *used.get(self.random.below(used.len()))?;
            if !self.state.can_empty(bin) || self.state.model.cost_of(level, bin) == 0 {
                continue;
            }
            let held = self.state.on[bin as usize].iter();
            let size = held.map(|h| self.state.model.scale.size[h.class as usize]).sum();
            if best.is_none_or(|(least, _)| size < least) {
                best = Some((size, bin));
            }
        }
        best.map(|(_, bin)| bin)
    }

    /// One round that looks for places for what is left out, in bins that are in use. Whether anything is left out.
    fn squeeze(&mut self, level: usize) -> bool {
        if !self.rebuild(level) {
            return false;
        }
        let state = &self.state;
        if state.out_size > state.out_size_kept && !self.random.holds(1, WORSE) {
            self.state.undo();
        }
        true
    }
}
