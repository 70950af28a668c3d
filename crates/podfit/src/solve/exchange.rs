//! Room for what is left over: one thing goes elsewhere.

use super::control::Control;
use super::packing::Packing;
use super::sizes::{Choice, Order, Sizes};
use std::cmp::Reverse;

/// How many (item, bin) pairs may be looked at before it is given up, and how many puts may be made again in all (to see
/// whether an order still holds makes some of them again).
const PAIRS_MAX: usize = 20_000;
const PUTS_MAX: usize = 2_000_000;
/// Movable items that leave one bin at once.
const LEAVERS_MAX: u64 = 4;

/// For each item left over: takes one put item out of a bin, or lets movable ones leave it, if the item then fits and
/// those find another place.
pub(super) fn exchange(packing: &mut Packing<'_>, sizes: &Sizes, control: &Control) {
    let mut exchange = Exchange {
        movers: movers(packing, sizes),
        sizes,
        control,
        order_matters: packing.problem.order_matters(),
        pairs_left: PAIRS_MAX.min(PUTS_MAX / (packing.puts.len() + 1)),
    };
    for class in sizes.order(packing.problem, Order::LargestFirst, 0) {
        while packing.waiting(class) > 0 {
            let placed = exchange.swap(packing, class) || exchange.make_room(packing, class);
            if !placed {
                break;
            }
        }
        if exchange.is_over() {
            break;
        }
    }
}

/// Classes with an origin, by bin, the largest first.
fn movers(packing: &Packing<'_>, sizes: &Sizes) -> Vec<(usize, usize)> {
    let classes = packing.problem.classes.iter().enumerate();
    let mut movers: Vec<(usize, usize)> =
        classes.filter_map(|(i, c)| Some((c.origin.as_ref()?.bin as usize, i))).collect();
    movers.sort_by_key(|&(bin, class)| (bin, Reverse(sizes.size[class])));
    movers
}

struct Exchange<'a> {
    /// See [`movers`].
    movers: Vec<(usize, usize)>,
    sizes: &'a Sizes,
    control: &'a Control,
    order_matters: bool,
    pairs_left: usize,
}

impl Exchange<'_> {
    fn is_over(&self) -> bool {
        self.pairs_left == 0 || self.control.should_stop().is_some()
    }

    /// Counts a pair; false where no more may be looked at.
    fn look(&mut self) -> bool {
        let more = self.pairs_left > 0 && !self.control.spent(1);
        self.pairs_left -= usize::from(more);
        more
    }

    /// Puts `class` where another put item is, and that one elsewhere.
    fn swap(&mut self, packing: &mut Packing<'_>, class: usize) -> bool {
        let mut at = packing.puts.len();
        self.control.spend(at);
        while at > 0 {
            at -= 1;
            let other = packing.puts[at].class as usize;
            let bin = packing.puts[at].bin as usize;
            if other == class || !packing.problem.may_enter(class, bin) {
                continue;
            }
            if !self.look() {
                return false;
            }
            let put = packing.lift(at);
            let mark = packing.puts.len();
            if packing.may_put(class, bin) {
                packing.put(class, bin);
                let elsewhere = self.best_bin(packing, other);
                if let Some(elsewhere) = elsewhere {
                    packing.put(other, elsewhere);
                    // Later puts may have counted on the company of the one that left.
                    if self.holds(packing) {
                        return true;
                    }
                }
                packing.cut(mark);
            }
            packing.put_back(at, put);
        }
        false
    }

    /// Lets movable items leave a bin, smallest set first found, so that `class` fits there.
    fn make_room(&mut self, packing: &mut Packing<'_>, class: usize) -> bool {
        let problem = packing.problem;
        for most in 1..=problem.moves_max.saturating_sub(packing.moved()).min(LEAVERS_MAX) {
            for bin in (0..problem.bins()).filter(|&bin| problem.may_enter(class, bin)) {
                if !self.look() {
                    return false;
                }
                let mark = packing.puts.len();
                let left = self.leave(packing, class, bin, most);
                let done = packing.may_put(class, bin) && {
                    packing.put(class, bin);
                    left.iter().all(|&mover| match self.best_bin(packing, mover) {
                        Some(elsewhere) => {
                            packing.put(mover, elsewhere);
                            true
                        }
                        None => false,
                    })
                };
                // Who leaves does so before anything is placed: earlier puts may have counted on their company.
                if done && self.holds(packing) {
                    return true;
                }
                packing.cut(mark);
                left.into_iter().rev().for_each(|mover| packing.unleave(mover));
            }
        }
        false
    }

    /// Movable items leave the bin until `class` may enter it or `most` have left: a class each time.
    fn leave(&self, packing: &mut Packing<'_>, class: usize, bin: usize, most: u64) -> Vec<usize> {
        let mut left: Vec<usize> = Vec::new();
        let first = self.movers.partition_point(|&(b, _)| b < bin);
        for &(_, mover) in self.movers[first..].iter().take_while(|&&(b, _)| b == bin) {
            while (left.len() as u64) < most
                && packing.staying(mover) > 0
                && !packing.may_put(class, bin)
            {
                packing.leave(mover);
                left.push(mover);
            }
        }
        left
    }

    fn best_bin(&self, packing: &Packing<'_>, class: usize) -> Option<usize> {
        self.sizes.best_bin(packing, class, Choice::Tightest, self.control)
    }

    /// Whether the order of the puts is still allowed.
    fn holds(&self, packing: &Packing<'_>) -> bool {
        if !self.order_matters {
            return true;
        }
        self.control.spend(packing.puts.len());
        packing.is_legal_anew()
    }
}
