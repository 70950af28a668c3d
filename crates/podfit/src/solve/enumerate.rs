//! Every reachable state of a small problem: the proof for problems in which order matters, and the fastest
//! one for most small ones.
//!
//! A state is how many items of each class are in each bin (and on which cards), with the set of movable items
//! that left. States are reached item by item, each put judged as it is made, so what is found can be replayed.
//! Items that no order-dependent rule looks at come last and in a fixed order: that loses no state worth having.

use super::control::Control;
use super::packing::Packing;
use crate::problem::{Problem, Put};
use rustc_hash::FxHashSet;

/// Pairs of a class and a bin looked at in all states together: where each state takes long, few are many.
const STEPS_MAX: usize = 100_000_000;

/// What the enumeration says.
#[derive(Debug)]
pub(super) enum Enumerated {
    /// The best of all states; nothing better exists.
    Best(Vec<i64>, Vec<Put>),
    /// Too many states.
    GaveUp,
}

/// Looks at all states, unless there are more than `states_max`. `incumbent` is the value of a known
/// placement; `floor` is a value that nothing beats, to stop early.
pub(super) fn enumerate(
    problem: &Problem,
    incumbent: (Vec<i64>, Vec<Put>),
    floor: &[i64],
    states_max: usize,
    control: &Control,
) -> Enumerated {
    // With more items the number of states is past any limit; asking costs time only.
    let items: u64 = problem.classes.iter().map(|c| u64::from(c.count)).sum();
    if states_max == 0 || items > 64 {
        return Enumerated::GaveUp;
    }
    let mut search = Search {
        packing: Packing::new(problem),
        coupled: problem.order_coupled(),
        visited: FxHashSet::default(),
        states_left: states_max,
        // What is left is for the integer program.
        steps_left: control.steps_left().map_or(STEPS_MAX, |left| STEPS_MAX.min(left as usize / 2)),
        best: incumbent,
        floor,
        control,
        stopped: false,
    };
    search.choose_leavers(0);
    if search.stopped { Enumerated::GaveUp } else { Enumerated::Best(search.best.0, search.best.1) }
}

struct Search<'s, 'p> {
    packing: Packing<'p>,
    coupled: Vec<bool>,
    visited: FxHashSet<Vec<u16>>,
    states_left: usize,
    steps_left: usize,
    best: (Vec<i64>, Vec<Put>),
    floor: &'s [i64],
    control: &'s Control,
    stopped: bool,
}

impl Search<'_, '_> {
    fn is_over(&self) -> bool {
        self.stopped || self.best.0.as_slice() == self.floor
    }

    /// All sets of movable items that may leave, class by class.
    fn choose_leavers(&mut self, class: usize) {
        let problem = self.packing.problem;
        if self.is_over() {
            return;
        }
        let Some(c) = problem.classes.get(class) else {
            self.visited.clear();
            return self.visit(Place { class: 0, bin: 0 });
        };
        self.choose_leavers(class + 1);
        if c.origin.is_none() {
            return;
        }
        let mut gone = 0;
        while gone < c.count && self.packing.moved() < problem.moves_max {
            self.packing.leave(class);
            gone += 1;
            self.choose_leavers(class + 1);
        }
        (0..gone).for_each(|_| self.packing.unleave(class));
    }

    /// One state: keep it if it is the best, go on to all that follow. `from` is the first place an
    /// uncoupled item may still be put at.
    fn visit(&mut self, from: Place) {
        let steps = self.packing.problem.classes.len() * self.packing.problem.bins();
        let cut = self.states_left.is_multiple_of(64) && self.control.should_stop().is_some();
        if self.states_left == 0 || self.steps_left < steps || cut {
            self.stopped = true;
            return;
        }
        self.states_left -= 1;
        self.steps_left -= steps;
        self.control.spend(steps);
        if self.packing.is_complete() {
            let value = self.packing.levels();
            if value < self.best.0 {
                self.best = (value, self.packing.puts.clone());
            }
        }
        if self.is_over() || !self.can_improve() {
            return;
        }
        let coupled_may_follow = from == Place::START;
        let problem = self.packing.problem;
        for class in 0..problem.classes.len() {
            let coupled = self.coupled[class];
            if self.packing.waiting(class) == 0 || (coupled && !coupled_may_follow) {
                continue;
            }
            for bin in 0..problem.bins() {
                let place = Place { class: class + 1, bin };
                if (!coupled && place < from) || !self.packing.may_put(class, bin) {
                    continue;
                }
                let next = if coupled { Place::START } else { place };
                for cards in self.packing.card_options(class, bin) {
                    self.packing.put_on(class, bin, cards);
                    if !coupled || self.visited.insert(self.key()) {
                        self.visit(next);
                    }
                    self.packing.unput();
                    if self.is_over() {
                        return;
                    }
                }
            }
        }
    }

    /// Whether placing everything that could still fit somewhere would beat the best so far. What does not
    /// fit now for lack of room or for a clash never will, as items are only added.
    fn can_improve(&self) -> bool {
        let problem = self.packing.problem;
        let mut placed = self.packing.placed.clone();
        for (class, count) in placed.iter_mut().enumerate() {
            let waiting = self.packing.waiting(class);
            if waiting > 0 && (0..problem.bins()).any(|b| self.packing.fits_for_good(class, b)) {
                *count += waiting;
            } else if waiting > 0 && problem.classes[class].origin.is_some() {
                return false; // it left and can go nowhere
            }
        }
        self.packing.levels_if_placed(&placed) < self.best.0
    }

    /// The state as a key: the puts as a sorted multiset (leavers are the same for all states compared).
    fn key(&self) -> Vec<u16> {
        let mut puts: Vec<&Put> = self.packing.puts.iter().collect();
        puts.sort_unstable_by(|a, b| (a.class, a.bin, &a.cards).cmp(&(b.class, b.bin, &b.cards)));
        let mut key = Vec::with_capacity(puts.len() * 3);
        for put in puts {
            // Bins beyond 65,535 do not occur in a problem of few states; if they did, keys of different
            // states could only coincide if bins differ by multiples of 65,536 — so both halves go in.
            key.extend([put.class as u16, put.bin as u16, (put.bin >> 16) as u16]);
            key.extend(&put.cards);
        }
        key
    }
}

/// Where uncoupled items may still go: they are put in non-decreasing order of (class, bin). Class 0 is
/// "coupled ones may still come", so real classes count from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    class: usize,
    bin: usize,
}

impl Place {
    const START: Self = Self { class: 0, bin: 0 };
}
