//! Which items are in which bin, without an order; every change can be taken back.

use super::model::Model;
use crate::problem::Put;
use crate::solve::{
    control::Control,
    incumbent::Incumbent,
    packing::Packing,
    room::Room,
    sequence::{Sequence, sequence},
};

/// An item in a bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) class: u32,
    pub(super) cards: Vec<u16>,
}

/// A change, with what it takes to undo it.
enum Op {
    Put { bin: u32 },
    Took { bin: u32, at: u32, held: Held },
}

/// A placement on its way.
pub(super) struct State<'m, 'p> {
    pub(super) model: &'m Model<'p>,
    pub(super) room: Room<'p>,
    /// Items of each bin that may go elsewhere.
    pub(super) on: Vec<Vec<Held>>,
    /// Items of each class that are in no bin.
    pub(super) out: Vec<u32>,
    /// Classes that have such items, by rank.
    outs: Vec<Vec<u32>>,
    outs_at: Places,
    /// Of each class with an origin: the bins of the items that are elsewhere.
    elsewhere: Vec<Vec<u32>>,
    /// Classes that have such items.
    away: Vec<u32>,
    away_at: Places,
    /// Bins that hold items which may go elsewhere.
    used: Vec<u32>,
    used_at: Places,
    /// Items in no bin that must be in one.
    pub(super) homeless: u64,
    /// Items that are not at their origin, homeless ones included.
    pub(super) moved: u64,
    /// Weight of the items in no bin, whatever level counts them.
    pub(super) out_size: i64,
    /// The same when changes were kept last.
    pub(super) out_size_kept: i64,
    /// Of each bin: the weight of what is free.
    pub(super) free: Vec<i64>,
    /// The objectives.
    pub(super) value: Vec<i64>,
    /// Puts of frozen classes, in their order.
    frozen: Vec<Put>,
    ops: Vec<Op>,
}

/// Where things stand in lists that have some of all: what comes and goes is found at once.
struct Places(Vec<u32>);

const NOWHERE: u32 = u32::MAX;

impl Places {
    fn new(all: usize) -> Self {
        Self(vec![NOWHERE; all])
    }

    /// Puts `id` into the list, or takes it out.
    fn list(&mut self, list: &mut Vec<u32>, id: u32, listed: bool) {
        let at = self.0[id as usize];
        if listed && at == NOWHERE {
            self.0[id as usize] = list.len() as u32;
            list.push(id);
        } else if !listed && at != NOWHERE {
            list.swap_remove(at as usize);
            if let Some(&other) = list.get(at as usize) {
                self.0[other as usize] = at;
            }
            self.0[id as usize] = NOWHERE;
        }
    }
}

impl<'m, 'p> State<'m, 'p> {
    /// The placement of `start`.
    pub(super) fn new(model: &'m Model<'p>, start: &Incumbent) -> Self {
        let problem = model.problem;
        let classes = problem.classes.len();
        let mut state = Self {
            model,
            room: Room::new(problem),
            on: vec![Vec::new(); problem.bins()],
            out: vec![0; classes],
            outs: vec![Vec::new(); problem.levels.len() + 1],
            outs_at: Places::new(classes),
            elsewhere: vec![Vec::new(); classes],
            away: Vec::new(),
            away_at: Places::new(classes),
            used: Vec::new(),
            used_at: Places::new(problem.bins()),
            homeless: 0,
            moved: 0,
            out_size: 0,
            out_size_kept: 0,
            free: model.free.clone(),
            value: vec![0; problem.levels.len()],
            frozen: Vec::new(),
            ops: Vec::new(),
        };
        for (class, c) in problem.classes.iter().enumerate() {
            for _ in 0..c.count {
                state.wait(class as u32, 1);
            }
        }
        let mut at_home: Vec<u32> = problem.classes.iter().map(|c| c.count).collect();
        for put in &start.puts {
            at_home[put.class as usize] -= 1;
            state.place(put.class, put.bin, put.cards.clone());
            if model.frozen[put.class as usize] {
                state.frozen.push(put.clone());
            }
        }
        for (class, c) in problem.classes.iter().enumerate() {
            let Some(origin) = &c.origin else { continue };
            for _ in 0..at_home[class] {
                state.place(class as u32, origin.bin, origin.cards.clone());
            }
        }
        state.ops.clear();
        state
    }

    /// Classes of a rank with items in no bin.
    pub(super) fn outs(&self, rank: usize) -> &[u32] {
        &self.outs[rank]
    }

    /// Classes with items that are in a bin but not at their origin.
    pub(super) fn away(&self) -> &[u32] {
        &self.away
    }

    /// The bins of those items of a class.
    pub(super) fn elsewhere(&self, class: u32) -> &[u32] {
        &self.elsewhere[class as usize]
    }

    /// Bins that hold items which may go elsewhere.
    pub(super) fn used(&self) -> &[u32] {
        &self.used
    }

    /// Whether all that a bin holds may go elsewhere.
    pub(super) fn can_empty(&self, bin: u32) -> bool {
        self.on[bin as usize].len() == self.room.items_in(bin as usize)
    }

    /// An item of the class goes into no bin (`by` 1) or leaves it (-1).
    fn wait(&mut self, class: u32, by: i64) {
        let c = class as usize;
        self.out[c] = self.out[c].wrapping_add_signed(by as i32);
        self.out_size += by * self.model.scale.size[c];
        for &(level, weight) in &self.model.unplaced[c] {
            self.value[level] += by * weight;
        }
        if self.model.must_stay(class) {
            self.homeless = self.homeless.wrapping_add_signed(by);
            self.roam(class, by);
        }
        let waits = self.out[c] > 0;
        self.outs_at.list(&mut self.outs[self.model.rank(class)], class, waits);
    }

    /// An item of the class is away from its origin (`by` 1) or back (-1).
    fn roam(&mut self, class: u32, by: i64) {
        self.moved = self.moved.wrapping_add_signed(by);
        for &(level, cost) in &self.model.away[class as usize] {
            self.value[level] += by * cost;
        }
    }

    fn is_home(&self, class: u32, bin: u32, cards: &[u16]) -> bool {
        let origin = &self.model.problem.classes[class as usize].origin;
        origin.as_ref().is_some_and(|o| o.bin == bin && o.cards == cards)
    }

    /// Books an item of a bin, whether it may go elsewhere or not.
    fn book(&mut self, class: u32, bin: u32, cards: &[u16], by: i64) {
        let empty = |s: &Self| s.room.is_empty(bin as usize);
        let before = empty(self);
        self.room.book(class as usize, bin as usize, cards, by);
        self.free[bin as usize] -= by * self.model.scale.size[class as usize];
        let after = empty(self);
        if before != after {
            for &(level, cost) in &self.model.opening {
                self.value[level] += by * cost[bin as usize];
            }
        }
        self.wait(class, -by);
        // An item that waits counts as away; where it has a bin, that decides.
        if self.model.must_stay(class) && !self.is_home(class, bin, cards) {
            self.roam(class, by);
            let elsewhere = &mut self.elsewhere[class as usize];
            match by {
                1 => elsewhere.push(bin),
                _ => {
                    let at = elsewhere.iter().position(|&b| b == bin);
                    at.map(|at| elsewhere.swap_remove(at));
                }
            }
            let roams = !elsewhere.is_empty();
            self.away_at.list(&mut self.away, class, roams);
        }
    }

    fn place(&mut self, class: u32, bin: u32, cards: Vec<u16>) {
        self.book(class, bin, &cards, 1);
        if !self.model.frozen[class as usize] {
            self.on[bin as usize].push(Held { class, cards });
            self.list_used(bin);
        }
    }

    fn list_used(&mut self, bin: u32) {
        let used = !self.on[bin as usize].is_empty();
        self.used_at.list(&mut self.used, bin, used);
    }

    /// Whether an item may go into a bin as things stand.
    pub(super) fn fits(&self, class: u32, bin: u32) -> bool {
        let (c, b) = (class as usize, bin as usize);
        match self.model.by_amounts[c] {
            true => self.room.has_room(c, b),
            false => self.room.fits_for_good(c, b),
        }
    }

    /// Puts an item that is in no bin on these cards.
    pub(super) fn put_on(&mut self, class: u32, bin: u32, cards: Vec<u16>) {
        self.place(class, bin, cards);
        self.ops.push(Op::Put { bin });
    }

    /// Puts an item that is in no bin into one that may hold it.
    pub(super) fn put(&mut self, class: u32, bin: u32) {
        let cards = match self.model.problem.classes[class as usize].cards.count {
            0 => Vec::new(),
            _ => self.room.choose_cards(class as usize, bin as usize).unwrap_or_default(),
        };
        self.put_on(class, bin, cards);
    }

    /// Puts an item back where it comes from, if its bin still has room for it there. Whether it did.
    pub(super) fn put_home(&mut self, class: u32) -> bool {
        let problem = self.model.problem;
        let Some(origin) = &problem.classes[class as usize].origin else { return false };
        let bin = origin.bin as usize;
        let fits = self.room.has_room(class as usize, bin)
            && self.room.is_apart(class as usize, bin)
            && self.room.cards_fit(class as usize, bin, &origin.cards);
        if fits {
            self.put_on(class, origin.bin, origin.cards.clone());
        }
        fits
    }

    /// Takes the item at position `at` out of a bin.
    pub(super) fn take(&mut self, bin: u32, at: usize) -> u32 {
        let held = self.on[bin as usize].swap_remove(at);
        let class = held.class;
        self.book(class, bin, &held.cards, -1);
        self.list_used(bin);
        self.ops.push(Op::Took { bin, at: at as u32, held });
        class
    }

    /// Keeps all changes made so far.
    pub(super) fn keep(&mut self) {
        self.ops.clear();
        self.out_size_kept = self.out_size;
    }

    /// Takes back all changes since the last [`keep`](Self::keep).
    pub(super) fn undo(&mut self) {
        while let Some(op) = self.ops.pop() {
            match op {
                Op::Put { bin } => {
                    if let Some(held) = self.on[bin as usize].pop() {
                        self.book(held.class, bin, &held.cards, -1);
                    }
                    self.list_used(bin);
                }
                Op::Took { bin, at, held } => {
                    self.book(held.class, bin, &held.cards, 1);
                    let on = &mut self.on[bin as usize];
                    on.push(held);
                    let last = on.len() - 1;
                    on.swap(at as usize, last);
                    self.list_used(bin);
                }
            }
        }
    }

    /// Goes back to what bins held at some time.
    pub(super) fn restore(&mut self, on: &[Vec<Held>]) {
        for (bin, held) in on.iter().enumerate() {
            if self.on[bin] != *held {
                while let Some(held) = self.on[bin].pop() {
                    self.book(held.class, bin as u32, &held.cards, -1);
                }
                self.list_used(bin as u32);
            }
        }
        for (bin, held) in on.iter().enumerate() {
            if self.on[bin] != *held {
                held.iter().for_each(|h| self.place(h.class, bin as u32, h.cards.clone()));
            }
        }
        self.ops.clear();
    }

    /// The placement as puts in an order; `None` where no order was found that is legal step by step.
    pub(super) fn incumbent(
        &self,
        provenance: &'static str,
        control: &Control,
    ) -> Option<Incumbent> {
        let problem = self.model.problem;
        let held = |bin: usize| self.on[bin].iter().map(move |h| (bin as u32, h));
        let going = (0..self.on.len()).flat_map(held);
        let going = going.filter(|(bin, h)| !self.is_home(h.class, *bin, &h.cards));
        let going = going.map(|(bin, h)| Put { class: h.class, bin, cards: h.cards.clone() });
        let puts: Vec<Put> = self.frozen.iter().cloned().chain(going).collect();
        let leavers = puts.iter().map(|put| put.class).filter(|&c| self.model.must_stay(c));
        let leavers: Vec<usize> = leavers.map(|c| c as usize).collect();
        let begin = || {
            let mut packing = Packing::new(problem);
            leavers.iter().for_each(|&class| packing.leave(class));
            packing
        };
        let mut packing = begin();
        if !puts.iter().all(|put| packing.put_if_allowed(put)) {
            let Sequence::Found(puts) = sequence(problem, &leavers, puts, control) else {
                return None;
            };
            packing = begin();
            packing.replay(&puts);
        }
        let value = packing.levels();
        packing.is_complete().then_some(Incumbent { value, puts: packing.puts, provenance })
    }

    /// What the levels add up to, from their definition: for tests.
    #[cfg(test)]
    pub(super) fn value_anew(&self) -> Vec<i64> {
        use crate::problem::Term;
        let problem = self.model.problem;
        let value = |term: &Term| match term {
            Term::Unplaced(w) => (0..w.len())
                .filter(|&c| problem.classes[c].origin.is_none())
                .map(|c| w[c] * i64::from(self.out[c]))
                .sum::<i64>(),
            Term::Moves(costs) => (0..costs.len())
                .map(|c| {
                    let on = self.on.iter().enumerate();
                    let held = on.flat_map(|(b, on)| on.iter().map(move |h| (b as u32, h)));
                    let away = held.filter(|(b, h)| {
                        h.class as usize == c
                            && self.model.must_stay(h.class)
                            && !self.is_home(h.class, *b, &h.cards)
                    });
                    costs[c] * away.count() as i64
                })
                .sum(),
            Term::BinsUsed(costs) => {
                (0..costs.len()).filter(|&b| !self.room.is_empty(b)).map(|b| costs[b]).sum()
            }
        };
        problem.levels.iter().map(|l| l.terms.iter().map(value).sum()).collect()
    }
}
