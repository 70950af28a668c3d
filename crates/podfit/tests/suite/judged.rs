//! The referee of numbers: wrong answers are told apart, and the solvers agree with the best of all placements that it allows,
//! with movable items, costs of moves, reserves, balance, and rules of the end.

use crate::oracle::Random;
use fixedbitset::FixedBitSet;
use podfit::problem::{
    Balance, Broken, CardDemand, Class, Companion, Counter, Level, MostMoves, MovesBetween,
    NO_DOMAIN, NO_GROUP, Need, Origin, Problem, Put, Reserve, Span, SpreadRow, Term, judge,
};
use podfit::solve::{Certificate, Method, Options, Status, Stop, try_solve};
use std::sync::Arc;

fn put(class: u32, bin: u32) -> Put {
    Put { class, bin, cards: Vec::new() }
}

fn level(name: &str, terms: Vec<Term>) -> Level {
    Level { name: name.into(), terms }
}

fn counter(domain_of: Vec<u32>, base: Vec<i64>) -> Counter {
    Counter { domain_of: Arc::new(domain_of), base: base.into_iter().map(Some).collect() }
}

/// Two or three bins in two zones, new and movable items of two resources, coupled by a clash, a span and a companion.
pub fn random_problem(seed: u64) -> Problem {
    let mut r = Random::new(seed);
    let bins = r.range(2, 3) as usize;
    let mut p = Problem::new(2, vec![vec![0, 0]; bins]);
    p.moves_max = r.range(0, 4) as u64;
    if r.percent(60) {
        p.held_by_moved = FixedBitSet::with_capacity(2);
        p.held_by_moved.insert(r.range(0, 1) as usize);
    }
    let zone: Vec<u32> = (0..bins).map(|b| b as u32 % 2).collect();
    let each: Vec<u32> = (0..bins as u32).collect();
    let zone_base = |r: &mut Random| vec![r.range(0, 1), 0];
    p.counters = vec![
        counter(each, vec![0; bins]),
        counter(zone.clone(), zone_base(&mut r)),
        counter(zone.clone(), vec![0, 0]),
    ];
    let mut used = vec![[0i64; 2]; bins];
    for _ in 0..r.range(1, 3) {
        let demand = [r.range(0, 4), r.range(0, 4)];
        let mut class = Class::new(r.range(1, 2) as u32, demand.to_vec());
        if r.percent(70) {
            let bin = r.range(0, bins as i64 - 1) as usize;
            class.origin = Some(Origin { bin: bin as u32, cards: Vec::new() });
            let all = i64::from(class.count);
            (0..2).for_each(|i| used[bin][i] += demand[i] * all);
        }
        if class.count == 1 && r.percent(40) {
            class.forbids = vec![0];
            class.counts_in.push(0);
        }
        (1..3).filter(|_| r.percent(50)).for_each(|k| class.counts_in.push(k));
        if r.percent(20) {
            let mut eligible = FixedBitSet::with_capacity(bins);
            eligible.insert(r.range(0, bins as i64 - 1) as usize);
            class.eligible = Some(Arc::new(eligible));
        }
        p.add_class(class);
    }
    for (bin, used) in used.iter().enumerate() {
        // Sometimes less than what is there, sometimes much more: then to move pays.
        let most = if r.percent(40) { 9 } else { 2 };
        (0..2).for_each(|i| p.free[bin * 2 + i] = used[i] + r.range(-1, most));
    }
    if r.percent(40) {
        p.spans.push(Span { counter: 1, domains_min: 2 });
    }
    if r.percent(40) {
        p.companions.push(Companion { counter: 2, needs: 1 });
    }
    p.levels = levels(&mut r, &p, zone);
    p
}

fn levels(r: &mut Random, p: &Problem, zone: Vec<u32>) -> Vec<Level> {
    let weights = p.classes.iter().map(|_| r.range(1, 3)).collect();
    let by_class = p.classes.iter().map(|_| r.range(0, 1)).collect();
    let by_bin = |r: &mut Random| (0..p.bins()).map(|_| r.range(-2, 8)).collect();
    let groups = p.classes.iter().map(|_| if r.percent(30) { NO_GROUP } else { 0 }).collect();
    let all = vec![
        Term::Reserve(Reserve { resource: 0, keep: by_bin(r), cost: r.range(1, 4) }),
        Term::Reserve(Reserve { resource: 1, keep: by_bin(r), cost: r.range(1, 4) }),
        Term::Balance(Balance { first: 0, second: 1, ratio: r.range(0, 3), cost: r.range(0, 2) }),
        Term::Moves(by_class),
        Term::MovesBetween(MovesBetween {
            group_of: Arc::new(zone),
            costs: Arc::new((0..4).map(|_| r.range(0, 2)).collect()),
            groups: 2,
        }),
        Term::MostMoves(MostMoves { group_of: groups, cost: r.range(0, 3) }),
    ];
    let chosen = all.into_iter().filter(|_| r.percent(60)).collect();
    vec![level("unplaced", vec![Term::Unplaced(weights)]), level("cost", chosen)]
}

/// The best levels of all placements that the referee allows. Where items end is all that counts here: nothing in these
/// problems depends on the order.
fn best(p: &Problem) -> Vec<i128> {
    let classes = p.classes.iter().enumerate();
    let items: Vec<usize> =
        classes.flat_map(|(i, c)| std::iter::repeat_n(i, c.count as usize)).collect();
    let mut best: Option<Vec<i128>> = None;
    let choices = p.bins() as u32 + 1;
    for code in 0..u64::from(choices).pow(items.len() as u32) {
        let mut rest = code;
        let mut puts = Vec::new();
        for &class in &items {
            let bin = (rest % u64::from(choices)) as u32;
            rest /= u64::from(choices);
            if bin + 1 < choices {
                puts.push(put(class as u32, bin));
            }
        }
        let judged = judge(p, &puts);
        if judged.broken.is_empty() && best.as_ref().is_none_or(|b| judged.levels < *b) {
            best = Some(judged.levels);
        }
    }
    best.expect("to leave everything as it is is allowed")
}

#[test]
fn solvers_agree_with_the_best_that_the_referee_allows() {
    let (mut solved, mut moved, mut with_end, mut held) = (0, 0, 0, 0);
    for seed in podfit_soak::seeds(1_500, 100_000) {
        let p = random_problem(seed);
        if let Err(flaws) = p.validate() {
            // The start may break a rule of the end: that is what is said then.
            assert!(flaws.iter().all(|f| f.code.code() == "start"), "seed {seed}: {flaws:?}");
            continue;
        }
        let best = best(&p);
        for method in [Method::Greedy, Method::Auto, Method::Exact] {
            let states = Some(10_000_000);
            let options = Options { method, enumeration_states_max: states, ..Options::default() };
            let outcome = try_solve(&p, &options).expect("it is valid");
            let judged = judge(&p, &outcome.puts);
            assert_eq!(judged.broken, [], "seed {seed}, {method:?}");
            let values: Vec<i128> =
                outcome.levels.iter().map(|l| i128::from(l.objective)).collect();
            assert_eq!(values, judged.levels, "seed {seed}, {method:?}");
            if method == Method::Greedy {
                assert!(values >= best, "seed {seed}: {values:?} below {best:?}");
                let mut at_best = true;
                for (level, best) in outcome.levels.iter().zip(&best) {
                    if let Some(bound) = level.bound.filter(|_| at_best) {
                        assert!(i128::from(bound) <= *best, "seed {seed}: {outcome:?}");
                    }
                    at_best &= i128::from(level.objective) == *best;
                }
                continue;
            }
            assert_eq!(values, best, "seed {seed}, {method:?}");
            assert_eq!(outcome.status, Status::Optimal, "seed {seed}, {method:?}");
        }
        let exact = Options { method: Method::Exact, ..Options::default() };
        let outcome = try_solve(&p, &exact).expect("it is valid");
        solved += 1;
        moved +=
            u64::from(outcome.puts.iter().any(|q| p.classes[q.class as usize].origin.is_some()));
        with_end += u64::from(!p.spans.is_empty() || !p.companions.is_empty());
        held += u64::from(!p.held_by_moved.is_clear());
    }
    println!("{solved} solved, {moved} with moves, {with_end} with rules of the end, {held} held");
    for (count, least) in [(solved, 60), (moved, 4), (with_end, 20), (held, 20)] {
        assert!(count * 100 >= least * solved.max(1) || solved < 200, "{count} of {solved}");
    }
}

/// Each part of the problem decides some answer: without it the best would be another.
#[test]
fn every_part_changes_answers_somewhere() {
    type Change = fn(&mut Problem);
    let parts: [(&str, Change); 3] = [
        ("held", |p| p.held_by_moved.clear()),
        ("spans", |p| p.spans.clear()),
        ("companions", |p| p.companions.clear()),
    ];
    for (name, change) in parts {
        let differs = (0..2_000).find(|&seed| {
            let p = random_problem(seed);
            let mut without = p.clone();
            change(&mut without);
            p.validate().is_ok() && best(&p) != best(&without)
        });
        assert!(differs.is_some(), "{name} decides nothing in 2,000 problems");
    }
}

/// A node with cards and a tight one, movable and new items, everything that can be broken.
fn busy() -> Problem {
    let mut p = Problem::new(1, vec![vec![10], vec![4], vec![10]]);
    p.card_start = vec![0, 2, 2, 2];
    p.card_free = vec![1000, 400];
    p.card_model = vec![7, 8];
    p.closed.insert(2);
    p.moves_max = 1;
    p.held_by_moved = FixedBitSet::with_capacity(1);
    p.held_by_moved.insert(0);
    let each = vec![0, 1, NO_DOMAIN];
    p.counters = vec![counter(each.clone(), vec![0, 0]), counter(each, vec![0, 0])];
    // 0: new, wants a card of model 7. 1: new, clashes with itself. 2: two on bin 0, large. 3: wants 1 near.
    let mut cards = Class::new(1, vec![1]);
    cards.cards = CardDemand { count: 1, milli_each: 500, models: vec![7] };
    let mut clash = Class::new(2, vec![1]);
    clash.forbids = vec![0];
    clash.counts_in = vec![0];
    let mut large = Class::new(2, vec![3]);
    large.origin = Some(Origin { bin: 0, cards: Vec::new() });
    large.counts_in = vec![1];
    let mut needy = Class::new(1, vec![1]);
    needy.needs = vec![Need { counters: vec![0], self_match: false }];
    let mut bound = FixedBitSet::with_capacity(3);
    bound.insert(0);
    let mut even = Class::new(2, vec![0]);
    even.spread =
        vec![SpreadRow { counter: 0, max_skew: 1, self_match: true, least_is_zero: false }];
    even.eligible = Some(Arc::new(bound));
    (even.forbids, even.counts_in) = (vec![0], vec![0]);
    p.classes = vec![cards, clash, large, needy, even];
    p.companions = vec![Companion { counter: 0, needs: 1 }];
    p.minimise_unplaced();
    p
}

#[test]
fn wrong_answers_are_told_apart() {
    let p = busy();
    assert_eq!(p.validate(), Ok(()));
    let card = |card: u16| Put { class: 0, bin: 0, cards: vec![card] };
    let right = [card(0), put(1, 0), put(3, 0), put(2, 1)];
    assert_eq!(judge(&p, &right).broken, []);
    assert_eq!(judge(&p, &right).levels, [3], "1 of class 1 and 2 of class 4 have no place");
    let cases: Vec<(Vec<Put>, Broken)> = vec![
        (vec![put(9, 0)], Broken::NoSuchClass { put: 0 }),
        (vec![put(1, 3)], Broken::NoSuchBin { put: 0 }),
        (vec![put(3, 0), put(3, 0)], Broken::TooMany { class: 3, put: 2 }),
        (vec![put(2, 1), put(2, 1)], Broken::TooManyMoves { moves: 2 }),
        (vec![put(1, 2)], Broken::Closed { put: 0 }),
        (vec![put(4, 1)], Broken::NotEligible { put: 0 }),
        (
            vec![put(2, 1), put(1, 1), put(3, 1)],
            Broken::NoRoom { put: 2, resource: 0, need: 1, left: 0 },
        ),
        (vec![Put { cards: vec![0, 0], ..put(0, 0) }], Broken::WrongCards { put: 0 }),
        (vec![card(1)], Broken::WrongCards { put: 0 }),
        (vec![card(2)], Broken::WrongCards { put: 0 }),
        (vec![Put { cards: vec![0], ..put(1, 0) }], Broken::WrongCards { put: 0 }),
        (vec![put(1, 0), put(1, 0)], Broken::Forbidden { put: 1, counter: 0 }),
        (vec![put(3, 0)], Broken::Needed { put: 0, need: 0 }),
        (vec![put(3, 0), put(1, 0)], Broken::Needed { put: 0, need: 0 }),
        (vec![put(1, 0), put(4, 0)], Broken::Uneven { put: 1, row: 0 }),
        (vec![put(1, 1)], Broken::Alone { companion: 0, domain: 1 }),
    ];
    for (puts, broken) in cases {
        assert!(judge(&p, &puts).broken.contains(&broken), "{broken:?}: {:?}", judge(&p, &puts));
    }
    // Whoever moved away still holds 3 of bin 0: 10 − 3 − 3 leave 4 there, not 7.
    let mut tight = p.clone();
    tight.classes[3] = Class::new(1, vec![5]);
    let judged = judge(&tight, &[put(2, 1), put(3, 0)]);
    assert_eq!(judged.broken, [Broken::NoRoom { put: 1, resource: 0, need: 5, left: 4 }]);
    tight.held_by_moved.clear();
    assert_eq!(judge(&tight, &[put(2, 1), put(3, 0)]).broken, []);
    let mut cramped = p.clone();
    cramped.card_free[0] = 499;
    assert_eq!(judge(&cramped, &[card(0)]).broken, [Broken::NoCardRoom { put: 0, card: 0 }]);
    let mut wide = p;
    wide.companions.clear();
    wide.spans = vec![Span { counter: 0, domains_min: 2 }];
    let judged = judge(&wide, &[put(1, 0)]);
    assert_eq!(judged.broken, [Broken::TooFewDomains { span: 0, domains: 1 }]);
    assert_eq!(judge(&wide, &[put(1, 0), put(1, 1)]).broken, []);
}

/// What no exact solver knows is said, and neither a bound nor "optimal" is made up.
#[test]
fn what_the_program_does_not_know_is_said() {
    let mut p = Problem::new(1, vec![vec![200], vec![200]]);
    for i in 0..70 {
        let mut class = Class::new(1, vec![1 + i % 3]);
        class.origin = Some(Origin { bin: 0, cards: Vec::new() });
        p.add_class(class);
    }
    p.moves_max = 70;
    let keep = vec![150, 150];
    p.levels = vec![level("load", vec![Term::Reserve(Reserve { resource: 0, keep, cost: 2 })])];
    let outcome = try_solve(&p, &Options::default()).expect("it is valid");
    assert!(matches!(outcome.stop, Stop::Unsupported(f) if f.code() == "reserve"), "{outcome:?}");
    assert_eq!(outcome.status, Status::Feasible);
    assert_eq!(i128::from(outcome.levels[0].objective), judge(&p, &outcome.puts).levels[0]);
    assert_eq!(outcome.levels[0].bound, Some(0));
    assert_eq!(outcome.levels[0].certificate, Some(Certificate::IntegerSum));
}
