//! A partial answer that grows and shrinks item by item: what is free, what is counted, what was put.
//! Every heuristic and every search of this folder moves on it, so legality is judged in one place.

use super::room::Room;
use crate::problem::{Problem, Put, levels_of};
use std::ops::Deref;

/// The state of a search on one problem: what bins hold, and the puts in their order.
#[derive(Clone, Debug)]
pub(super) struct Packing<'p> {
    room: Room<'p>,
    /// Items of each class that were put (for a class with an origin: that left and were put).
    pub(super) placed: Vec<u32>,
    /// Items of a class with an origin that left it, put again or not.
    left: Vec<u32>,
    /// In the order of placing.
    pub(super) puts: Vec<Put>,
}

/// What bins hold is read from the packing itself.
impl<'p> Deref for Packing<'p> {
    type Target = Room<'p>;
    fn deref(&self) -> &Room<'p> {
        &self.room
    }
}

impl<'p> Packing<'p> {
    /// Nothing put yet; items with an origin are there.
    pub(super) fn new(problem: &'p Problem) -> Self {
        let classes = problem.classes.len();
        let mut packing = Self {
            room: Room::new(problem),
            placed: vec![0; classes],
            left: vec![0; classes],
            puts: Vec::new(),
        };
        for (class, c) in problem.classes.iter().enumerate() {
            if let Some(origin) = &c.origin {
                for _ in 0..c.count {
                    packing.room.book(class, origin.bin as usize, &origin.cards, 1);
                }
            }
        }
        packing
    }

    /// Nothing put yet and every movable item gone from its origin: the most room there can be.
    pub(super) fn emptied(problem: &'p Problem) -> Self {
        let mut packing = Self::new(problem);
        for (class, c) in problem.classes.iter().enumerate() {
            if c.origin.is_some() {
                (0..c.count).for_each(|_| packing.leave(class));
            }
        }
        packing
    }

    /// Items of `class` that wait to be put: unplaced ones, or those that left their origin.
    pub(super) fn waiting(&self, class: usize) -> u32 {
        let c = &self.problem.classes[class];
        let all = if c.origin.is_some() { self.left[class] } else { c.count };
        all - self.placed[class]
    }

    /// Items that left their origin, over all classes.
    pub(super) fn moved(&self) -> u64 {
        self.left.iter().map(|&n| u64::from(n)).sum()
    }

    /// Items of a movable class still at their origin.
    pub(super) fn staying(&self, class: usize) -> u32 {
        self.problem.classes[class].count - self.left[class]
    }

    /// Puts one waiting item of `class` into `bin`, which [`may_put`](Self::may_put) allowed.
    pub(super) fn put(&mut self, class: usize, bin: usize) {
        let cards = match self.problem.classes[class].cards.count {
            0 => Vec::new(),
            _ => self.choose_cards(class, bin).unwrap_or_default(),
        };
        self.put_on(class, bin, cards);
    }

    /// As [`put`](Self::put), on these cards.
    pub(super) fn put_on(&mut self, class: usize, bin: usize, cards: Vec<u16>) {
        debug_assert!(self.waiting(class) > 0, "an item must wait to be put");
        self.room.book(class, bin, &cards, 1);
        self.placed[class] += 1;
        self.puts.push(Put { class: class as u32, bin: bin as u32, cards });
    }

    /// Takes the last put back.
    pub(super) fn unput(&mut self) {
        let put = self.puts.pop().expect("unput follows a put");
        self.placed[put.class as usize] -= 1;
        self.room.book(put.class as usize, put.bin as usize, &put.cards, -1);
    }

    /// Takes out the put at `at`, whatever the later ones rest on. [`put_back`](Self::put_back) undoes it.
    pub(super) fn lift(&mut self, at: usize) -> Put {
        let put = self.puts.remove(at);
        self.placed[put.class as usize] -= 1;
        self.room.book(put.class as usize, put.bin as usize, &put.cards, -1);
        put
    }

    /// Undoes [`lift`](Self::lift).
    pub(super) fn put_back(&mut self, at: usize, put: Put) {
        self.room.book(put.class as usize, put.bin as usize, &put.cards, 1);
        self.placed[put.class as usize] += 1;
        self.puts.insert(at, put);
    }

    /// Makes the puts be exactly `puts`, which were legal in this order before.
    pub(super) fn replay(&mut self, puts: &[Put]) {
        let same = self.puts.iter().zip(puts).take_while(|(a, b)| a == b).count();
        self.cut(same);
        for put in &puts[same..] {
            self.put_on(put.class as usize, put.bin as usize, put.cards.clone());
        }
    }

    /// Takes back all puts from position `len` on.
    pub(super) fn cut(&mut self, len: usize) {
        while self.puts.len() > len {
            self.unput();
        }
    }

    /// Makes a put if it is allowed now, on its cards; whether it is.
    pub(super) fn put_if_allowed(&mut self, put: &Put) -> bool {
        let (class, bin) = (put.class as usize, put.bin as usize);
        let allowed = self.may_put(class, bin) && self.cards_fit(class, bin, &put.cards);
        if allowed {
            self.put_on(class, bin, put.cards.clone());
        }
        allowed
    }

    /// Whether the puts are allowed in their order once all who left are gone from the start.
    pub(super) fn is_legal_anew(&self) -> bool {
        let mut anew = Self::new(self.problem);
        for (class, &left) in self.left.iter().enumerate() {
            (0..left).for_each(|_| anew.leave(class));
        }
        self.puts.iter().all(|put| anew.put_if_allowed(put))
    }

    /// One item of a movable class leaves its origin and waits.
    pub(super) fn leave(&mut self, class: usize) {
        self.book_origin(class, -1);
        self.left[class] += 1;
    }

    /// Undoes [`leave`](Self::leave).
    pub(super) fn unleave(&mut self, class: usize) {
        self.book_origin(class, 1);
        self.left[class] -= 1;
    }

    fn book_origin(&mut self, class: usize, by: i64) {
        let problem = self.problem;
        let origin =
            problem.classes[class].origin.as_ref().expect("only items with an origin leave");
        self.room.book(class, origin.bin as usize, &origin.cards, by);
    }

    /// How many items of `class` can go into `bin` one after the other without asking again: all that room
    /// and number allow where nothing couples the class and it wants no cards, else 1.
    pub(super) fn run_length(&self, class: usize, bin: usize) -> u32 {
        let c = &self.problem.classes[class];
        let coupled = !c.forbids.is_empty() || !c.needs.is_empty() || !c.spread.is_empty();
        if coupled || c.cards.count > 0 {
            return 1;
        }
        self.most(class, bin).min(self.waiting(class))
    }

    /// The objective of each level as things stand.
    pub(super) fn levels(&self) -> Vec<i64> {
        levels_of(self.problem, &self.placed, |b| !self.is_empty(b))
    }

    /// The objectives if `placed` items of each class were placed, bins and amounts left aside: no more than
    /// they would really be, term by term.
    pub(super) fn levels_if_placed(&self, placed: &[u32]) -> Vec<i64> {
        // Moves are judged by what left, which is at least what was put so far.
        let placed: Vec<u32> = placed
            .iter()
            .enumerate()
            .map(|(c, &n)| if self.problem.classes[c].origin.is_some() { self.left[c] } else { n })
            .collect();
        levels_of(self.problem, &placed, |b| !self.is_empty(b))
    }

    /// Whether every item that left its origin was put again.
    pub(super) fn is_complete(&self) -> bool {
        self.placed
            .iter()
            .zip(&self.left)
            .zip(&self.problem.classes)
            .all(|((p, l), c)| c.origin.is_none() || p == l)
    }
}
