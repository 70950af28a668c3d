//! Ruin and recreate (Schrimpf et al. 2000): a few bins are emptied and filled anew in another order; what is not worse
//! is kept.

use super::state::{Held, State};
use crate::random::Random;
use crate::solve::control::Control;
use std::cmp::{Ordering, Reverse};

/// Bins emptied at once.
const BINS: (i64, i64) = (2, 6);
/// Items from outside that are tried with what the bins held.
const GUESTS: (i64, i64) = (1, 6);
/// Items are taken by size times 1 ± noise, in thousandths.
const NOISE: (i64, i64) = (20, 600);
/// One bin in so many is passed over although it fits best.
const BLINK: i64 = 48;
/// Of so many items that could stay at their origin, one is taken elsewhere.
const LEAVERS: i64 = 8;
/// Of so many rounds that change nothing for the better or the worse, one is kept although the items left out are larger.
const SIDEWAYS: i64 = 6;

/// One search through placements.
pub(super) struct Walk<'s, 'm, 'p> {
    pub(super) state: State<'m, 'p>,
    pub(super) random: Random,
    pub(super) control: &'s Control,
    /// Bins of the round.
    pub(super) bins: Vec<u32>,
    /// Items of the round with what they are sorted by.
    pub(super) pool: Vec<(usize, Reverse<i64>, u32)>,
    /// A bin that takes nothing, and bins that are empty do not either.
    pub(super) shut: Option<u32>,
    /// Free amounts while something is tried.
    pub(super) free: Vec<i64>,
    /// How far what is free was gathered before the round.
    gathered: i128,
    /// The objectives before the round.
    pub(super) before: Vec<i64>,
    /// What bins held at the best of the turn, once it has been left.
    pub(super) best: Option<Vec<Vec<Held>>>,
    pub(super) best_value: Vec<i64>,
}

impl<'s, 'm, 'p> Walk<'s, 'm, 'p> {
    pub(super) fn new(state: State<'m, 'p>, random: Random, control: &'s Control) -> Self {
        let before = state.value.clone();
        Self {
            state,
            random,
            control,
            bins: Vec::new(),
            pool: Vec::new(),
            shut: None,
            free: Vec::new(),
            gathered: 0,
            before: before.clone(),
            best: None,
            best_value: before,
        }
    }

    /// One round that looks for fewer items left out, of those that count up to `level`. Whether the level got better.
    pub(super) fn bring_in(&mut self, level: usize) -> bool {
        self.rebuild(level) && self.end(level)
    }

    /// Fills a few bins anew, with items that were left out among those that they held. False where none is left out.
    pub(super) fn rebuild(&mut self, level: usize) -> bool {
        let Some(guest) = self.pick_out(level) else { return false };
        self.begin();
        self.choose_bins(guest);
        self.empty();
        self.invite(guest, level);
        self.refill();
        true
    }

    /// One round that looks for fewer items away from their origin. Whether the level got better.
    pub(super) fn send_home(&mut self, level: usize) -> bool {
        let Some((class, bin)) = self.pick_away() else { return false };
        self.begin();
        self.choose_bins(class);
        let origin = &self.state.model.problem.classes[class as usize].origin;
        for bin in origin.iter().map(|o| o.bin).chain([bin]) {
            if !self.bins.contains(&bin) {
                self.bins.push(bin);
            }
        }
        self.empty();
        self.refill();
        self.end(level)
    }

    /// Whether there is time for another round before so many steps are done.
    pub(super) fn goes_on(&self, end: u64) -> bool {
        self.control.spend(1);
        self.control.steps_done() < end && self.control.should_stop().is_none()
    }

    pub(super) fn begin(&mut self) {
        self.state.keep();
        self.before.clone_from(&self.state.value);
    }

    /// A class with items left out that count up to `level`: mostly those that count on it.
    fn pick_out(&mut self, level: usize) -> Option<u32> {
        let own = self.state.outs(level);
        let above = (0..level).filter(|&l| !self.state.outs(l).is_empty()).count();
        let of_above = above > 0 && (own.is_empty() || self.random.holds(1, 4));
        let outs = match of_above {
            true => {
                let nth = self.random.below(above);
                let ranks = (0..level).filter(|&l| !self.state.outs(l).is_empty());
                self.state.outs(ranks.take(nth + 1).last()?)
            }
            false => own,
        };
        outs.get(self.random.below(outs.len())).copied()
    }

    /// A class with an item that is not at its origin, and where that item is.
    fn pick_away(&mut self) -> Option<(u32, u32)> {
        let away = self.state.away();
        let class = *away.get(self.random.below(away.len()))?;
        let bins = self.state.elsewhere(class);
        Some((class, *bins.get(self.random.below(bins.len()))?))
    }

    /// Bins for a round around a class: one that it may enter, others that it or what is there may enter.
    fn choose_bins(&mut self, class: u32) {
        self.bins.clear();
        let wanted = self.random.between(BINS.0, BINS.1) as usize;
        let mut around = class;
        for _ in 0..2 * wanted {
            let bins = self.state.model.bins_of(around);
            let Some(&bin) = bins.get(self.random.below(bins.len())) else { break };
            if !self.bins.contains(&bin) && self.is_open(bin) {
                self.bins.push(bin);
            }
            if self.bins.len() == wanted {
                break;
            }
            let on = &self.state.on[bin as usize];
            let other = on.get(self.random.below(on.len())).map_or(class, |held| held.class);
            around = if self.random.holds(1, 2) { class } else { other };
        }
    }

    fn is_open(&self, bin: u32) -> bool {
        self.shut.is_none_or(|shut| shut != bin && !self.state.room.is_empty(bin as usize))
    }

    /// Takes everything out of the bins of the round that may go elsewhere.
    fn empty(&mut self) {
        let noise = self.random.between(NOISE.0, NOISE.1);
        self.gathered = self.gathered_now();
        self.empty_by(noise);
    }

    /// How far what is free in the bins of the round is gathered in few of them: the sum of its squares.
    fn gathered_now(&self) -> i128 {
        let free = |&bin: &u32| {
            let free = i128::from(self.state.free[bin as usize]);
            free * free
        };
        self.bins.iter().map(free).sum()
    }

    /// The same with this much noise in the order.
    pub(super) fn empty_by(&mut self, noise: i64) {
        self.pool.clear();
        for i in 0..self.bins.len() {
            let bin = self.bins[i];
            self.control.spend(self.state.on[bin as usize].len());
            while let Some(last) = self.state.on[bin as usize].len().checked_sub(1) {
                let class = self.state.take(bin, last);
                self.line_up(class, noise);
            }
        }
    }

    /// Adds items that were left out to the round.
    fn invite(&mut self, guest: u32, level: usize) {
        let noise = self.random.between(NOISE.0, NOISE.1);
        self.line_up(guest, noise);
        for _ in 1..self.random.between(GUESTS.0, GUESTS.1) {
            if let Some(class) = self.pick_out(level) {
                let invited = self.pool.iter().filter(|&&(.., c)| c == class).count();
                // The pool holds items that are all in no bin now: no more than there are.
                if invited < self.state.out[class as usize] as usize {
                    self.line_up(class, noise);
                }
            }
        }
    }

    fn line_up(&mut self, class: u32, noise: i64) {
        let size = self.state.model.scale.size[class as usize];
        let by = 1000 + self.random.between(-noise, noise);
        let rank = self.state.model.rank(class);
        self.pool.push((rank, Reverse((size >> 10).saturating_mul(by)), class));
    }

    /// Puts the items of the round into its bins: those with an origin mostly back there, the others each where
    /// they fit best.
    fn refill(&mut self) {
        self.pool.sort_unstable();
        let mut pool = std::mem::take(&mut self.pool);
        pool.retain(|&(.., class)| {
            let stays = self.state.model.must_stay(class) && !self.random.holds(1, LEAVERS);
            !(stays && self.state.put_home(class))
        });
        for &(.., class) in &pool {
            if let Some(bin) = self.best_bin(class) {
                self.state.put(class, bin);
            }
        }
        self.pool = pool;
    }

    /// The bin of the round that an item fits best.
    pub(super) fn best_bin(&mut self, class: u32) -> Option<u32> {
        self.control.spend(self.bins.len());
        let mut best: Option<(i64, u32)> = None;
        for i in 0..self.bins.len() {
            let bin = self.bins[i];
            let free = self.state.free[bin as usize];
            if best.is_none_or(|(least, _)| free < least)
                && self.state.fits(class, bin)
                && !self.random.holds(1, BLINK)
            {
                best = Some((free, bin));
            }
        }
        best.map(|(_, bin)| bin)
    }

    /// Keeps the round or takes it back. Whether `level` got better.
    fn end(&mut self, level: usize) -> bool {
        let state = &self.state;
        let allowed = state.homeless == 0 && state.moved <= state.model.problem.moves_max;
        let change = state.value[..=level].cmp(&self.before[..=level]);
        let kept = allowed
            && match change {
                Ordering::Less => true,
                Ordering::Equal => self.is_no_larger() || self.random.holds(1, SIDEWAYS),
                Ordering::Greater => false,
            };
        if !kept {
            self.state.undo();
        }
        kept && change == Ordering::Less
    }

    fn is_no_larger(&self) -> bool {
        let (now, before) = (self.state.out_size, self.state.out_size_kept);
        now < before || now == before && self.gathered_now() >= self.gathered
    }
}
