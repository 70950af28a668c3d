//! Given what should end up where, an order in which each put is allowed when it is made.

use super::control::Control;
use super::packing::Packing;
use crate::problem::{Problem, Put};
use rustc_hash::FxHashSet;

/// States looked at before the search for an order is given up.
const STATES_MAX: usize = 20_000;
/// With more puts than this only the likeliest order is tried: the search goes one call deeper with each.
const PUTS_MAX: usize = 1_000;

/// What the search for an order says.
#[derive(Debug)]
pub(super) enum Sequence {
    /// Every put, in a legal order.
    Found(Vec<Put>),
    /// No order is legal; the longest legal beginning found, and whether the items that depend on order
    /// are to blame by themselves (else amounts are, which the program had rounded).
    Impossible(Vec<Put>, bool),
    /// Too many states; the longest legal beginning found.
    GaveUp(Vec<Put>),
}

/// Puts `target` (any order) into a packing from which `leavers` (a class each time) have left.
pub(super) fn sequence(
    problem: &Problem,
    leavers: &[usize],
    target: Vec<Put>,
    control: &Control,
) -> Sequence {
    let mut packing = Packing::new(problem);
    leavers.iter().for_each(|&c| packing.leave(c));
    // What no order-dependent rule looks at can come last, in any order.
    let coupled = problem.order_coupled();
    let (first, last): (Vec<Put>, Vec<Put>) =
        target.into_iter().partition(|put| coupled[put.class as usize]);
    // With amounts that suffice, a failure is one of order.
    let by_order = amounts_suffice(&packing, &first);
    let mut search = Search {
        groups: group(first),
        packing,
        visited: FxHashSet::default(),
        states_left: STATES_MAX,
        control,
        cut: false,
        best: Vec::new(),
    };
    let complete = search.straight() || (search.is_small() && search.visit());
    let gave_up = search.states_left == 0 || search.cut || !search.is_small();
    let mut packing = Packing::new(problem);
    leavers.iter().for_each(|&c| packing.leave(c));
    packing.replay(&search.best);
    let mut all = true;
    for put in last {
        all &= packing.put_if_allowed(&put);
    }
    match (complete && all, gave_up && !complete) {
        (true, _) => Sequence::Found(packing.puts),
        (false, true) => Sequence::GaveUp(packing.puts),
        (false, false) => Sequence::Impossible(packing.puts, !complete && by_order),
    }
}

/// Whether the free amounts of every bin hold all of `puts`.
fn amounts_suffice(packing: &Packing<'_>, puts: &[Put]) -> bool {
    let mut by_bin: Vec<(u32, u32)> = puts.iter().map(|p| (p.bin, p.class)).collect();
    by_bin.sort_unstable();
    by_bin.chunk_by(|a, b| a.0 == b.0).all(|run| {
        packing.free_of(run[0].0 as usize).iter().enumerate().all(|(r, &free)| {
            let demand = |&(_, c): &(u32, u32)| packing.problem.classes[c as usize].demand[r];
            let need: i128 = run.iter().map(|p| i128::from(demand(p))).sum();
            need == 0 || need <= i128::from(free)
        })
    })
}

/// Equal puts together, with how many there are.
fn group(mut puts: Vec<Put>) -> Vec<(Put, u16)> {
    puts.sort_unstable_by(|a, b| (a.class, a.bin, &a.cards).cmp(&(b.class, b.bin, &b.cards)));
    let mut groups: Vec<(Put, u16)> = Vec::new();
    for put in puts {
        match groups.last_mut() {
            Some((same, n)) if *same == put && *n < u16::MAX => *n += 1,
            _ => groups.push((put, 1)),
        }
    }
    groups
}

struct Search<'a, 'p> {
    packing: Packing<'p>,
    /// What is still to be put.
    groups: Vec<(Put, u16)>,
    visited: FxHashSet<Vec<u16>>,
    states_left: usize,
    control: &'a Control,
    /// The control ended it.
    cut: bool,
    best: Vec<Put>,
}

impl Search<'_, '_> {
    /// Few enough puts to search by recursion.
    fn is_small(&self) -> bool {
        let left: usize = self.groups.iter().map(|(_, n)| usize::from(*n)).sum();
        left + self.packing.puts.len() <= PUTS_MAX
    }

    /// Follows the likeliest order to its end without looking back; on failure puts everything back.
    fn straight(&mut self) -> bool {
        let mut followed: Vec<usize> = Vec::new();
        while let Some(g) = self.next().first().copied() {
            let put = self.groups[g].0.clone();
            self.groups[g].1 -= 1;
            self.packing.put_on(put.class as usize, put.bin as usize, put.cards);
            followed.push(g);
        }
        self.best.clone_from(&self.packing.puts);
        let complete = self.groups.iter().all(|(_, n)| *n == 0);
        if !complete {
            for g in followed.into_iter().rev() {
                self.groups[g].1 += 1;
                self.packing.unput();
            }
        }
        complete
    }

    /// Groups of which one may be put now, the emptiest domains first: what keeps a spread even is rarely wrong. None where
    /// the control ends the search.
    fn next(&mut self) -> Vec<usize> {
        self.cut |= self.control.spent(self.groups.len());
        if self.cut {
            return Vec::new();
        }
        let mut next: Vec<usize> = (0..self.groups.len())
            .filter(|&g| {
                let (put, n) = &self.groups[g];
                let (class, bin) = (put.class as usize, put.bin as usize);
                *n > 0
                    && self.packing.may_put(class, bin)
                    && self.packing.cards_fit(class, bin, &put.cards)
            })
            .collect();
        next.sort_by_key(|&g| {
            let put = &self.groups[g].0;
            self.packing.surplus(put.class as usize, put.bin as usize)
        });
        next
    }

    fn visit(&mut self) -> bool {
        if self.packing.puts.len() > self.best.len() || self.groups.is_empty() {
            self.best.clone_from(&self.packing.puts);
        }
        if self.groups.iter().all(|(_, n)| *n == 0) {
            return true;
        }
        if self.states_left == 0 || self.cut {
            return false;
        }
        self.states_left -= 1;
        let next = self.next();
        for g in next {
            let put = self.groups[g].0.clone();
            self.groups[g].1 -= 1;
            if self.visited.insert(self.groups.iter().map(|(_, n)| *n).collect()) {
                self.packing.put_on(put.class as usize, put.bin as usize, put.cards);
                if self.visit() {
                    return true;
                }
                self.packing.unput();
            }
            self.groups[g].1 += 1;
        }
        false
    }
}
