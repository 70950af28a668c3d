//! Answers at once: classes in several orders, each item into the bin it fits best, then room is made for what is left
//! over (`exchange`).

use super::control::Control;
use super::exchange::exchange;
use super::packing::Packing;
use super::sizes::{Choice, Order, Sizes};
use crate::problem::Problem;
use std::collections::BTreeSet;

/// With fewer items of a class, ordering the bins costs more than looking at them for each item.
const ORDERED_ITEMS_MIN: u32 = 4;
/// With so many items a bin, balance between resources decides more than tightness does.
const ITEMS_A_BIN_MANY: u64 = 16;

/// The best of several greedy passes. Stops at the first that nothing beats as `is_least` says (asked of the objectives of
/// each that is better than those before it), and where `control` says so: then some items may wait that would have a place.
pub(super) fn greedy<'p>(
    problem: &'p Problem,
    seed: u64,
    control: &Control,
    mut is_least: impl FnMut(&[i64]) -> bool,
) -> Packing<'p> {
    let sizes = Sizes::new(problem);
    let mut best: Option<(Vec<i64>, Packing<'p>)> = None;
    for pass in passes(problem) {
        let mut packing = Packing::new(problem);
        fill(&mut packing, &sizes, pass, seed, control);
        if !all_zero(&packing) {
            exchange(&mut packing, &sizes, control);
        }
        let value = packing.levels();
        let mut done = control.should_stop().is_some();
        if best.as_ref().is_none_or(|(b, _)| value < *b) {
            done |= is_least(&value);
            best = Some((value, packing));
        }
        if done {
            break;
        }
    }
    // There is always a first pass.
    best.map_or_else(|| Packing::new(problem), |(_, packing)| packing)
}

/// Puts what waits and still fits, most important first.
pub(super) fn complete(packing: &mut Packing<'_>, control: &Control) {
    let sizes = Sizes::new(packing.problem);
    fill(packing, &sizes, (Order::LargestFirst, Choice::Tightest), 0, control);
}

fn passes(problem: &Problem) -> Vec<(Order, Choice)> {
    let mut passes = vec![
        (Order::ConstrainedFirst, Choice::Tightest),
        (Order::LargestFirst, Choice::Tightest),
        (Order::SmallestFirst, Choice::Tightest),
        (Order::LargestFirst, Choice::Roomiest),
        (Order::ConstrainedFirst, Choice::Roomiest),
        (Order::AsGiven, Choice::Tightest),
    ];
    // Ids 0 and 1 are CPU and memory in a cluster; in other problems simply the first two.
    passes.extend((0..problem.dims.min(2)).map(|r| (Order::LargestOf(r), Choice::Tightest)));
    if problem.items() > ITEMS_A_BIN_MANY * problem.bins() as u64 {
        passes.sort_by_key(|(_, choice)| *choice == Choice::Tightest);
    }
    passes
}

fn all_zero(packing: &Packing<'_>) -> bool {
    (0..packing.problem.classes.len()).all(|c| packing.waiting(c) == 0)
}

/// Puts what fits, class by class; classes that needed company get another turn after it arrived.
fn fill(
    packing: &mut Packing<'_>,
    sizes: &Sizes,
    (order, choice): (Order, Choice),
    seed: u64,
    control: &Control,
) {
    let classes = sizes.order(packing.problem, order, seed);
    let mut start = 0;
    while start < classes.len() {
        let rank = sizes.rank[classes[start]];
        let end = start + classes[start..].iter().take_while(|&&c| sizes.rank[c] == rank).count();
        // A lower rank may bring the company that a higher one needs: every turn starts from the top.
        while fill_once(packing, sizes, &classes[..end], choice, control)
            && packing.problem.order_matters()
        {}
        start = end;
    }
}

/// One turn; whether it put anything.
fn fill_once(
    packing: &mut Packing<'_>,
    sizes: &Sizes,
    classes: &[usize],
    choice: Choice,
    control: &Control,
) -> bool {
    let before = packing.puts.len();
    for &class in classes {
        if control.spent(1) {
            break;
        }
        if packing.waiting(class) < ORDERED_ITEMS_MIN {
            fill_by_scan(packing, sizes, class, choice, control);
        } else {
            fill_in_order(packing, sizes, class, choice, control);
        }
    }
    packing.puts.len() > before
}

/// Looks at every bin for every item.
fn fill_by_scan(
    packing: &mut Packing<'_>,
    sizes: &Sizes,
    class: usize,
    choice: Choice,
    control: &Control,
) {
    while packing.waiting(class) > 0 {
        let Some(bin) = sizes.best_bin(packing, class, choice, control) else { break };
        packing.put(class, bin);
    }
}

/// Keeps the bins in order of their score: a put changes the score of its own bin only. What refuses an item for
/// good leaves the order; what refuses it for now is passed over.
fn fill_in_order(
    packing: &mut Packing<'_>,
    sizes: &Sizes,
    class: usize,
    choice: Choice,
    control: &Control,
) {
    control.spend(packing.problem.bins());
    let scored = |packing: &Packing<'_>, bin: usize| {
        packing.has_room(class, bin).then(|| (sizes.score(packing, class, bin, choice), bin))
    };
    let mut ordered: BTreeSet<((i64, i64), usize)> =
        (0..packing.problem.bins()).filter_map(|bin| scored(packing, bin)).collect();
    let mut refused = Vec::new();
    while packing.waiting(class) > 0 {
        let (mut found, mut looked) = (None, 0);
        for &entry in &ordered {
            looked += 1;
            if !packing.fits_for_good(class, entry.1) {
                refused.push(entry);
            } else if packing.order_allows(class, entry.1) {
                found = Some(entry);
                break;
            }
        }
        refused.drain(..).for_each(|entry| {
            ordered.remove(&entry);
        });
        if control.spent(looked) {
            break;
        }
        let Some(entry) = found else { break };
        let bin = entry.1;
        let run = if choice == Choice::Tightest { packing.run_length(class, bin) } else { 1 };
        (0..run).for_each(|_| packing.put(class, bin));
        ordered.remove(&entry);
        ordered.extend(scored(packing, bin));
    }
}
