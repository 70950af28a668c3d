//! Proofs that the default scheduler finds room whatever it chooses: in whatever order pods arrive, on
//! whichever of the allowed nodes each lands.

use crate::problem::{Class, Problem};

/// Why no choice of the scheduler can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing needs a place.
    NothingToPlace,
    /// There is no choice: each pod has one node that it may enter at all, and all fit there together.
    OneNodeEach,
    /// For each pod all the others together cannot fill every node that it may enter.
    RoomToSpare,
}

/// Whether every order and every choice of nodes places all items. `all_fit`: some placement of all is known.
///
/// No choice: what limits a set of pods (amounts, clashes) limits no part of it more, so if all fit on the only
/// nodes that they may enter, each fits when its turn comes. Needs and spread look at the order, and of cards
/// some may be chosen badly, so they are left out.
///
/// Room to spare, for an item of demand *d* that nothing couples to others: it finds a bin of free amounts *f*
/// blocked only if others put more than *f − d* of some resource there. With *T* of it in all others together,
/// blocking the bin takes a share of at least *(f − d + 1) / T* of some resource. The shares of one resource
/// add up to 1 at most, so if the cheapest shares of all its bins add up to more than the number of resources,
/// or one bin cannot be blocked even by all of them, the item is placed in any case.
pub(super) fn certain(problem: &Problem, all_fit: bool) -> Option<Certainty> {
    if problem.items() == 0 {
        return Some(Certainty::NothingToPlace);
    }
    let mut placed = problem.classes.iter().enumerate().filter(|(_, c)| c.origin.is_none());
    let no_choice = |(i, c): (usize, &Class)| c.cards.count == 0 && bins(problem, i) == 1;
    if all_fit && !problem.order_matters() && placed.clone().all(no_choice) {
        return Some(Certainty::OneNodeEach);
    }
    let total = totals(problem);
    placed
        .all(|(i, class)| is_free(class) && has_room(problem, i, &total))
        .then_some(Certainty::RoomToSpare)
}

/// How many bins the class may enter, more than one counted as two.
fn bins(problem: &Problem, class: usize) -> usize {
    (0..problem.bins()).filter(|&b| problem.may_enter(class, b)).take(2).count()
}

/// Whether amounts alone decide.
fn is_free(class: &Class) -> bool {
    class.cards.count == 0
        && class.forbids.is_empty()
        && class.needs.is_none()
        && class.spread.is_empty()
}

/// What all items to be placed ask together.
fn totals(problem: &Problem) -> Vec<i128> {
    let mut total = vec![0i128; problem.dims];
    for class in problem.classes.iter().filter(|c| c.origin.is_none()) {
        for (sum, &demand) in total.iter_mut().zip(&class.demand) {
            *sum += i128::from(class.count) * i128::from(demand);
        }
    }
    total
}

fn has_room(problem: &Problem, class: usize, total: &[i128]) -> bool {
    /// Shares are counted in these, rounded down, so that rounding never proves too much.
    const WHOLE: i128 = 1 << 40;
    let demand = &problem.classes[class].demand;
    let asked: Vec<usize> = (0..problem.dims).filter(|&r| demand[r] > 0).collect();
    let mut sum = 0i128;
    for bin in (0..problem.bins()).filter(|&b| problem.may_enter(class, b)) {
        let free = problem.free_of(bin);
        // The cheapest way to block the bin; `None`: it cannot be blocked.
        let mut cheapest: Option<i128> = None;
        for &r in &asked {
            let others = total[r] - i128::from(demand[r]);
            let blocks = i128::from(free[r]) - i128::from(demand[r]) + 1;
            if blocks <= others {
                let share = if blocks <= 0 { 0 } else { blocks * WHOLE / others };
                cheapest = Some(cheapest.map_or(share, |c| c.min(share)));
            }
        }
        match cheapest {
            None => return true,
            Some(share) => sum += share,
        }
    }
    sum > WHOLE * asked.len() as i128
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
