//! The books of a search on small random problems, against their definitions.

use super::*;
use crate::problem::{CardDemand, Class, Counter, Level, Origin};
use crate::solve::packing::Packing;
use std::sync::Arc;

/// Up to 5 bins with cards, up to 5 classes; some have an origin, some keep apart; a level of each kind.
fn random_problem(random: &mut Random) -> Problem {
    let bins = random.between(2, 5) as usize;
    let free = (0..bins).map(|_| vec![random.between(4, 14), random.between(4, 14)]).collect();
    let mut p = Problem::new(2, free);
    for bin in 0..bins {
        let cards = random.between(0, 2);
        (0..cards).for_each(|_| {
            p.card_free.push(1000);
            p.card_model.push(0);
        });
        p.card_start[bin + 1] = p.card_free.len() as u32;
    }
    let of_bins = Arc::new((0..bins as u32).collect());
    p.counters = vec![Counter { domain_of: of_bins, base: vec![Some(0); bins] }];
    for _ in 0..random.between(1, 5) {
        let demand = vec![random.between(0, 5), random.between(1, 5)];
        let mut class = Class::new(random.between(1, 3) as u32, demand);
        if random.holds(1, 4) {
            (class.forbids, class.counts_in) = (vec![0], vec![0]);
        }
        let bin = random.below(bins);
        let has_cards = random.holds(1, 4);
        if has_cards {
            class.cards = CardDemand { count: 1, milli_each: 500, models: Vec::new() };
        }
        if random.holds(1, 3) && (!has_cards || !p.cards_of(bin).is_empty()) {
            let cards = if has_cards { vec![0] } else { Vec::new() };
            class.origin = Some(Origin { bin: bin as u32, cards });
            class.count = 1;
        }
        p.add_class(class);
    }
    p.moves_max = random.between(0, 4) as u64;
    let classes = p.classes.len();
    let level = |name: &str, term| Level { name: name.into(), terms: vec![term] };
    p.levels = vec![
        level("unplaced", Term::Unplaced((0..classes).map(|_| random.between(0, 3)).collect())),
        level("moves", Term::Moves((0..classes).map(|_| random.between(0, 2)).collect())),
        level("bins", Term::BinsUsed((0..bins).map(|_| random.between(0, 5)).collect())),
        level("rest", Term::Unplaced(vec![1; classes])),
    ];
    p
}

fn start(problem: &Problem) -> Incumbent {
    let packing = crate::solve::greedy::greedy(problem, 0, &Control::default(), |_| false);
    Incumbent { value: packing.levels(), puts: packing.puts, provenance: "greedy" }
}

/// Whatever rounds do, the objectives are what the definition says, what is taken back is as it was, and what comes out is
/// legal in its order and worth what is told.
#[test]
fn books_are_kept() {
    let mut better = 0;
    for seed in podfit_soak::seeds(300, 100_000) {
        let random = &mut Random::new(seed);
        let problem = random_problem(random);
        let incumbent = start(&problem);
        let model = Model::new(&problem);
        let control = Control::default().metered(Some(1_000_000));
        for level in 0..problem.levels.len() {
            let walk_random = Random::stream(seed, level as u64);
            let mut walk = begin(&model, &incumbent, level, walk_random, &control);
            for _ in 0..40 {
                let before = walk.state.on.clone();
                let worth = walk.state.value.clone();
                // What costs more is kept by chance where bins are exchanged; what is above is not given up for it.
                let held = match random.below(4) {
                    0 => (walk.bring_in(level), level + 1).1,
                    1 => (walk.send_home(level), level + 1).1,
                    2 => (walk.reopen(level, 1), level).1,
                    _ => (walk.spare(level, 200), level + 1).1,
                };
                assert!(walk.state.value[..held] <= worth[..held], "seed {seed}, level {level}");
                assert!(walk.state.homeless == 0 && walk.state.moved <= problem.moves_max);
                assert_eq!(walk.state.value, walk.state.value_anew(), "seed {seed}, level {level}");
                if random.holds(1, 4) {
                    walk.state.restore(&before);
                    assert_eq!(
                        (&walk.state.value, &walk.state.on),
                        (&worth, &before),
                        "seed {seed}"
                    );
                }
                let found = walk.state.incumbent("search", &control);
                let found = found.unwrap_or_else(|| panic!("seed {seed}: not legal"));
                let mut anew = Packing::new(&problem);
                let movers = found.puts.iter().filter(|p| model.must_stay(p.class));
                movers.for_each(|put| anew.leave(put.class as usize));
                assert!(found.puts.iter().all(|put| anew.put_if_allowed(put)), "seed {seed}");
                assert_eq!(found.value, walk.state.value, "seed {seed}");
                better += u32::from(found.value < incumbent.value);
            }
        }
    }
    assert!(better > 0, "no round made anything better");
}

/// A bin is not opened for what counts less than the bin costs.
#[test]
fn what_is_put_back_makes_nothing_worse() {
    let mut p = Problem::new(1, vec![vec![4], vec![4]]);
    p.add_class(Class::new(1, vec![2]));
    p.add_class(Class::new(3, vec![2]));
    let level = |name: &str, terms| Level { name: name.into(), terms };
    p.levels = vec![
        level("cost", vec![Term::BinsUsed(vec![10, 10]), Term::Unplaced(vec![30, 0])]),
        level("rest", vec![Term::Unplaced(vec![0, 1])]),
    ];
    let incumbent = start(&p);
    let model = Model::new(&p);
    let control = Control::default().metered(None);
    let mut walk = begin(&model, &incumbent, 0, Random::new(1), &control);
    assert_eq!((walk.state.value[0], walk.state.out[1]), (10, 3), "one bin, for the first class");
    walk.complete(0);
    assert_eq!((&walk.state.value[..], walk.state.out[1]), (&[10, 2][..], 2), "a gap is filled");
}

#[test]
fn sums_of_sizes_stay_within_64_bits() {
    let mut p = Problem::new(1, vec![vec![1], vec![i64::MAX / 4]]);
    p.closed.insert(1);
    p.add_class(Class::new(u32::MAX, vec![1 << 28]));
    p.add_class(Class::new(u32::MAX, vec![1]));
    let model = Model::new(&p);
    let classes = p.classes.iter().zip(&model.scale.size);
    let sum: i128 = classes.map(|(c, &size)| i128::from(c.count) * i128::from(size)).sum();
    assert!(sum > 0 && sum <= 1 << 61, "{sum}");
    assert!(model.free.iter().all(|free| free.abs() <= 1 << 61));
}
