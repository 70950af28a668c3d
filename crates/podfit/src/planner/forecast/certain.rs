//! Proofs that the default scheduler finds room whatever it chooses: in whatever order pods arrive, on
//! whichever of the allowed nodes each lands.

use crate::planner::plan::Certainty;
use crate::problem::{Class, Counter, NO_DOMAIN, Need, Problem, SpreadRow};

/// Whether every order and every choice of nodes places all items. `all_fit`: some placement of all is known.
///
/// No choice: what limits a set of pods (amounts, clashes) limits no part of it more, so if all fit on the only
/// nodes that they may enter, each fits when its turn comes. Needs and spread look at the order, and of cards
/// some may be chosen badly, so they are left out.
///
/// Room to spare, for one item: what can others do that keeps it out of a bin that it might enter?
///
/// * Of a resource of which it asks *d* and *f* is free, they can put more than *f − d* there. Of *T* that they
///   bring in all, that takes a share of at least *(f − d + 1) / T*, and the shares of one resource add up to 1 at
///   most.
/// * One item counted by a counter that forbids shuts a domain: of *n* such others it takes 1, a share of *1 / n*.
/// * A domain is too full for a spread once others bring *skew + least − count* more of those counted (one more if
///   the item does not count itself); the least only rises as items come. Of *n* others that takes its share.
///
/// Shutting a domain shuts its bins at once, so each of its bins is charged its part of the share. What needs
/// others near is taken to be kept out where they are not there already; who is there stays.
///
/// So each resource, forbidding counter and spread pays out 1 at most: if the cheapest shares of all bins add up
/// to more than there are of those, or one bin cannot be shut even by all, the item finds room in any case. The
/// cheapest share of several is at most their sum, so a bin that is shut by a bit of each is counted too low, never
/// too high: whoever shuts a bin pays one of them in full.
pub(in crate::planner) fn certain(problem: &Problem, all_fit: bool) -> Option<Certainty> {
    if problem.items() == 0 {
        return Some(Certainty::NothingToPlace);
    }
    let mut placed = problem.classes.iter().enumerate().filter(|(_, c)| c.origin.is_none());
    let no_choice = |(i, c): (usize, &Class)| c.cards.count == 0 && bins(problem, i) == 1;
    if all_fit && !problem.order_matters() && placed.clone().all(no_choice) {
        return Some(Certainty::OneNodeEach);
    }
    let others = Others::of(problem);
    placed
        .all(|(i, class)| class.cards.count == 0 && others.leave_room(i))
        .then_some(Certainty::RoomToSpare)
}

/// How many bins the class may enter, more than one counted as two.
fn bins(problem: &Problem, class: usize) -> usize {
    (0..problem.bins()).filter(|&b| problem.may_enter(class, b)).take(2).count()
}

/// Shares are counted in these, rounded down, so that rounding never proves too much.
const WHOLE: i128 = 1 << 40;

/// What the items to be placed bring, all together.
struct Others<'p> {
    problem: &'p Problem,
    /// By resource.
    amounts: Vec<i128>,
    /// By counter: items that it counts.
    counted: Vec<i64>,
}

/// A way to shut bins of which there is a limited supply.
struct Blocker<'p> {
    counter: &'p Counter,
    /// Items that are counted, without the one that looks for room.
    others: i64,
    /// With so many counted in a domain it is shut.
    full: i64,
    /// By domain: bins that the class may enter.
    bins: Vec<u32>,
    /// Whether bins outside every domain are shut (a spread asks for the label).
    asks: bool,
}

impl<'p> Others<'p> {
    fn of(problem: &'p Problem) -> Self {
        let mut others = Self {
            problem,
            amounts: vec![0; problem.dims],
            counted: vec![0; problem.counters.len()],
        };
        for class in problem.classes.iter().filter(|c| c.origin.is_none()) {
            for (sum, &demand) in others.amounts.iter_mut().zip(&class.demand) {
                *sum += i128::from(class.count) * i128::from(demand);
            }
            for &counter in &class.counts_in {
                others.counted[counter as usize] += i64::from(class.count);
            }
        }
        others
    }

    /// Whether an item of the class finds room whatever the others do.
    fn leave_room(&self, class: usize) -> bool {
        let problem = self.problem;
        // Every field by name: whoever adds a way in which items keep each other off has to say here what it does to the
        // argument. Cards are left to the caller; bins are filtered by `eligible`; who has an origin is there already.
        let Class {
            demand,
            forbids,
            needs,
            spread,
            counts_in,
            count: _,
            cards: _,
            eligible: _,
            origin: _,
        } = &problem.classes[class];
        let asked: Vec<usize> = (0..problem.dims).filter(|&r| demand[r] > 0).collect();
        let blockers = self.blockers(class, forbids, spread, counts_in);
        // Only what shuts some of the bins counts: the argument holds for the bins looked at so far alone.
        let mut pays = vec![false; asked.len() + blockers.len()];
        let (mut most, mut sum) = (0i128, 0i128);
        for bin in (0..problem.bins()).filter(|&b| problem.may_enter(class, b)) {
            if !self.is_near(needs, bin) {
                continue;
            }
            let free = problem.free_of(bin);
            let amounts = asked.iter().map(|&r| {
                let others = self.amounts[r] - i128::from(demand[r]);
                share(i128::from(free[r]) - i128::from(demand[r]) + 1, others, 1)
            });
            let mut cheapest: Option<i128> = None;
            for (i, share) in amounts.chain(blockers.iter().map(|s| s.share(bin))).enumerate() {
                let Some(share) = share else { continue };
                most += if std::mem::replace(&mut pays[i], true) { 0 } else { WHOLE };
                cheapest = Some(cheapest.map_or(share, |c| c.min(share)));
            }
            match cheapest {
                None => return true, // it cannot be shut
                Some(share) => sum += share,
            }
            if sum > most {
                return true;
            }
        }
        false
    }

    /// Whether all that the class needs near the bin is there, whoever else comes.
    fn is_near(&self, needs: &[Need], bin: usize) -> bool {
        // That an item matches its own term helps only where nobody else does.
        let counters = needs.iter().flat_map(|Need { counters, self_match: _ }| counters);
        counters.map(|&c| &self.problem.counters[c as usize]).all(|counter| {
            let domain = counter.domain_of[bin];
            domain != NO_DOMAIN && counter.base[domain as usize].is_some_and(|n| n > 0)
        })
    }

    /// What others can shut bins of the class `id` with, beside amounts.
    fn blockers(
        &self,
        id: usize,
        forbids: &[u32],
        spread: &[SpreadRow],
        counts_in: &[u32],
    ) -> Vec<Blocker<'p>> {
        let forbids = forbids.iter().map(|&counter| (counter, 1, false));
        let spread = spread.iter().map(|row| {
            let &SpreadRow { counter, max_skew, self_match, least_is_zero } = row;
            let base = &self.problem.counters[counter as usize].base;
            let least = match least_is_zero {
                true => 0,
                false => base.iter().flatten().copied().min().unwrap_or(0),
            };
            (counter, least + max_skew + 1 - i64::from(self_match), true)
        });
        let blocker = |(id, full, asks): (u32, i64, bool)| {
            let counter = &self.problem.counters[id as usize];
            let own = counts_in.iter().filter(|&&c| c == id).count() as i64;
            Blocker {
                counter,
                others: self.counted[id as usize] - own,
                full,
                bins: Vec::new(),
                asks,
            }
        };
        let mut blockers: Vec<Blocker<'p>> = forbids.chain(spread).map(blocker).collect();
        for blocker in &mut blockers {
            blocker.bins = vec![0; blocker.counter.base.len()];
            for bin in (0..self.problem.bins()).filter(|&b| self.problem.may_enter(id, b)) {
                let domain = blocker.counter.domain_of[bin];
                if domain != NO_DOMAIN {
                    blocker.bins[domain as usize] += 1;
                }
            }
        }
        blockers
    }
}

impl Blocker<'_> {
    /// What it takes to shut the bin, its part of what it takes to shut its domain; `None`: it cannot be done.
    fn share(&self, bin: usize) -> Option<i128> {
        let domain = self.counter.domain_of[bin];
        if domain == NO_DOMAIN {
            return self.asks.then_some(0);
        }
        let Some(count) = self.counter.base[domain as usize] else { return Some(0) };
        let blocks = i128::from(self.full - count);
        share(blocks, i128::from(self.others), self.bins[domain as usize])
    }
}

/// `blocks` of `others`, in parts of [`WHOLE`], divided among `bins`; `None`: there are not so many others.
fn share(blocks: i128, others: i128, bins: u32) -> Option<i128> {
    match blocks {
        ..=0 => Some(0),
        _ if blocks > others => None,
        _ => Some(blocks * WHOLE / others / i128::from(bins.max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn items(bins: &[[i64; 2]], classes: &[(u32, [i64; 2])]) -> Problem {
        let mut p = Problem::new(2, bins.iter().map(|b| b.to_vec()).collect());
        for &(count, demand) in classes {
            p.add_class(Class::new(count, demand.to_vec()));
        }
        p
    }

    #[test]
    fn nothing_to_place() {
        assert_eq!(certain(&items(&[], &[]), true), Some(Certainty::NothingToPlace));
    }

    #[test]
    fn one_node_that_holds_all() {
        let fits = items(&[[10, 10]], &[(2, [5, 5])]);
        assert_eq!(certain(&fits, true), Some(Certainty::OneNodeEach));
        let short = items(&[[9, 10]], &[(2, [5, 5])]);
        assert_eq!(certain(&short, false), None);
    }

    #[test]
    fn a_node_that_the_others_cannot_fill() {
        // Beside an item of 4, the others bring 6: of 10 free, 4 are always left.
        let p = items(&[[10, 10], [4, 4]], &[(1, [4, 4]), (1, [6, 6])]);
        assert_eq!(certain(&p, true), Some(Certainty::RoomToSpare));
        // With one unit less the other item can leave it without room.
        let p = items(&[[9, 9], [4, 4]], &[(1, [4, 4]), (1, [6, 6])]);
        assert_eq!(certain(&p, true), None);
    }

    #[test]
    fn nodes_that_the_others_cannot_all_fill() {
        // An item of 4 is blocked by 7 of 10 free; the others bring 3 * 4 = 12: one bin, never both.
        // But each of the two resources may block one bin, so two bins do not prove it and three do.
        let p = |n: usize| items(&vec![[10, 10]; n], &[(4, [4, 4])]);
        assert_eq!(certain(&p(2), true), None);
        assert_eq!(certain(&p(4), true), Some(Certainty::RoomToSpare));
    }

    /// `bins` bins with room for all, each a domain or two to a domain, and one class that a counter looks at.
    fn coupled(bins: u32, to_a_domain: u32, class: Class, base: &[i64]) -> Problem {
        let mut p = Problem::new(1, vec![vec![1000]; bins as usize]);
        p.counters.push(Counter {
            domain_of: Arc::new((0..bins).map(|b| b / to_a_domain).collect()),
            base: base.iter().map(|&n| Some(n)).collect(),
        });
        p.add_class(class);
        p
    }

    #[test]
    fn others_that_keep_it_off_by_a_clash() {
        // Three that tolerate no other of them in their domain: two others shut two of the domains.
        let three = || Class { forbids: vec![0], counts_in: vec![0], ..Class::new(3, vec![1]) };
        let p = |base: &[i64]| coupled(3, 1, three(), base);
        assert_eq!(certain(&p(&[0, 0, 0]), true), Some(Certainty::RoomToSpare));
        assert_eq!(certain(&p(&[0, 1, 0]), true), None);
        // Two bins to a domain are shut at once: two domains are not enough, whatever the bins.
        assert_eq!(certain(&coupled(4, 2, three(), &[0, 0]), true), None);
        assert_eq!(
            certain(&coupled(6, 2, three(), &[0, 0, 0]), true),
            Some(Certainty::RoomToSpare)
        );
    }

    #[test]
    fn others_that_fill_a_domain_of_a_spread() {
        let row = |max_skew| crate::problem::SpreadRow {
            counter: 0,
            max_skew,
            self_match: true,
            least_is_zero: false,
        };
        let four = |max_skew| Class {
            spread: vec![row(max_skew)],
            counts_in: vec![0],
            ..Class::new(4, vec![1])
        };
        // Skew 1 over two domains of equal count: each domain takes one more, so of three others one shuts a
        // domain by these bounds (that the least rises then is not seen), and three shut both.
        assert_eq!(certain(&coupled(2, 1, four(1), &[5, 5]), true), None);
        // Skew 2: two shut a domain, three others one of the two.
        assert_eq!(certain(&coupled(2, 1, four(2), &[5, 5]), true), Some(Certainty::RoomToSpare));
        // A domain that is ahead is shut from the start.
        assert_eq!(certain(&coupled(2, 1, four(2), &[5, 7]), true), None);
    }

    #[test]
    fn what_it_needs_is_there_already() {
        let need = || crate::problem::Need { counters: vec![0], self_match: true };
        let near = || Class { needs: vec![need()], ..Class::new(2, vec![1]) };
        assert_eq!(certain(&coupled(2, 1, near(), &[0, 1]), true), Some(Certainty::RoomToSpare));
        assert_eq!(certain(&coupled(2, 1, near(), &[0, 0]), true), None);
    }
}
