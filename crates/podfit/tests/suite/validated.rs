//! Numbers that make no problem are told, all at once, and what passes makes no solver panic.

use crate::judged::random_problem;
use crate::oracle::Random;
use fixedbitset::FixedBitSet;
use podfit::problem::{
    Balance, CardDemand, Class, Companion, Counter, FlawCode, Level, MostMoves, MovesBetween, Need,
    Origin, Problem, Reserve, Span, SpreadRow, Term, judge,
};
use podfit::solve::{Method, Options, try_solve};
use std::sync::Arc;

fn sound() -> Problem {
    let mut p = Problem::new(2, vec![vec![10, 10]; 3]);
    p.add_class(Class::new(2, vec![3, 3]));
    p.add_class(Class {
        origin: Some(Origin { bin: 1, cards: vec![] }),
        ..Class::new(1, vec![1, 1])
    });
    p.counters = vec![Counter { domain_of: Arc::new(vec![0, 0, 1]), base: vec![Some(0), Some(0)] }];
    p.minimise_unplaced();
    p
}

/// Classes 0 and 1 that keep away from each other, the first in the domains of counter 0, the second in these.
fn apart(p: &mut Problem, domain_of: Vec<u32>) {
    let base = vec![Some(0); domain_of.len()];
    p.counters.push(Counter { domain_of: Arc::new(domain_of), base });
    (p.classes[0].forbids, p.classes[0].counts_in) = (vec![0], vec![1]);
    (p.classes[1].forbids, p.classes[1].counts_in) = (vec![1], vec![0]);
}

/// Mutual is what both forbid where they meet: in the same domains; and one may be more careful than the other only as long
/// as the other is as careful as it.
#[test]
fn classes_may_keep_away_from_each_other() {
    let mut same = sound();
    apart(&mut same, vec![0, 0, 1]);
    assert_eq!(same.validate(), Ok(()));
    let mut own = sound();
    (own.classes[0].forbids, own.classes[0].counts_in) = (vec![0], vec![0]);
    assert_eq!(own.validate(), Ok(()));
    let mut wider = sound();
    apart(&mut wider, vec![0, 0, 0]);
    let places: Vec<String> =
        wider.validate().expect_err("one way alone").into_iter().map(|f| f.place).collect();
    assert_eq!(places, ["classes[1].forbids: 1"]);
}

fn with_term(term: Term) -> impl Fn(&mut Problem) {
    move |p| p.levels.push(Level { name: "x".into(), terms: vec![term.clone()] })
}

/// What is done to a sound problem, and the place and the kind of the only flaw.
#[test]
fn every_flaw_is_told_with_its_place() {
    type Change = Box<dyn Fn(&mut Problem)>;
    let between = |groups, costs, group_of| {
        Term::MovesBetween(MovesBetween {
            groups,
            costs: Arc::new(costs),
            group_of: Arc::new(group_of),
        })
    };
    let reserve = |resource, keep, cost| Term::Reserve(Reserve { resource, keep, cost });
    let cases: Vec<(&str, FlawCode, Change)> = vec![
        ("free", FlawCode::Length, Box::new(|p| p.free.truncate(5))),
        ("card_start", FlawCode::Length, Box::new(|p| p.card_start.clear())),
        (
            "card_start[2]",
            FlawCode::Length,
            Box::new(|p| {
                p.card_start = vec![0, 1, 0, 1];
                (p.card_free, p.card_model) = (vec![1], vec![1]);
            }),
        ),
        ("card_model", FlawCode::Length, Box::new(|p| p.card_model.push(1))),
        (
            "closed",
            FlawCode::Unknown,
            Box::new(|p| {
                p.closed.grow(9);
                p.closed.insert(8);
            }),
        ),
        (
            "held_by_moved",
            FlawCode::Unknown,
            Box::new(|p| {
                p.held_by_moved = FixedBitSet::with_capacity(3);
                p.held_by_moved.insert(2);
            }),
        ),
        ("classes[0].demand", FlawCode::Length, Box::new(|p| p.classes[0].demand.truncate(1))),
        ("classes[0].demand[1]", FlawCode::Negative, Box::new(|p| p.classes[0].demand[1] = -1)),
        (
            "classes[0].eligible",
            FlawCode::Length,
            Box::new(|p| {
                p.classes[0].eligible = Some(Arc::new(FixedBitSet::with_capacity(2)));
            }),
        ),
        (
            "classes[0].cards",
            FlawCode::Cards,
            Box::new(|p| {
                p.classes[0].cards = CardDemand { count: 2, milli_each: 500, models: vec![] };
            }),
        ),
        (
            "classes[0].cards.models",
            FlawCode::Cards,
            Box::new(|p| {
                p.classes[0].cards = CardDemand { count: 1, milli_each: 500, models: vec![2, 1] };
            }),
        ),
        (
            "classes[1].origin.bin",
            FlawCode::Unknown,
            Box::new(|p| {
                p.classes[1].origin = Some(Origin { bin: 3, cards: vec![] });
            }),
        ),
        (
            "classes[1].origin.cards",
            FlawCode::Length,
            Box::new(|p| {
                p.classes[1].cards = CardDemand { count: 1, milli_each: 500, models: vec![] };
            }),
        ),
        ("classes[0].forbids", FlawCode::Unknown, Box::new(|p| p.classes[0].forbids = vec![1])),
        (
            "classes[0].forbids: 0",
            FlawCode::OneSided,
            Box::new(|p| {
                p.classes[0].forbids = vec![0];
                p.classes[1].counts_in = vec![0];
            }),
        ),
        (
            // The other keeps away on one bin alone, this one on two.
            "classes[0].forbids: 0",
            FlawCode::OneSided,
            Box::new(|p| {
                apart(p, vec![0, 1, 2]);
            }),
        ),
        ("classes[0].counts_in", FlawCode::Unknown, Box::new(|p| p.classes[0].counts_in = vec![7])),
        (
            "classes[0].needs",
            FlawCode::Unknown,
            Box::new(|p| {
                p.classes[0].needs = vec![Need { counters: vec![0, 4], self_match: false }];
            }),
        ),
        (
            "classes[0].spread",
            FlawCode::Unknown,
            Box::new(|p| {
                let row =
                    SpreadRow { counter: 2, max_skew: 1, self_match: true, least_is_zero: false };
                p.classes[0].spread = vec![row];
            }),
        ),
        (
            "counters[0].domain_of",
            FlawCode::Length,
            Box::new(|p| {
                p.counters[0].domain_of = Arc::new(vec![0]);
            }),
        ),
        (
            "counters[0].domain_of[2]",
            FlawCode::Unknown,
            Box::new(|p| p.counters[0].base.truncate(1)),
        ),
        ("counters[0].domain_of[0]", FlawCode::Unknown, Box::new(|p| p.counters[0].base[0] = None)),
        ("counters[0].base", FlawCode::Negative, Box::new(|p| p.counters[0].base[1] = Some(-1))),
        (
            "spans[0]",
            FlawCode::Unknown,
            Box::new(|p| {
                p.spans = vec![Span { counter: 1, domains_min: 1 }];
            }),
        ),
        (
            "spans[0]",
            FlawCode::Start,
            Box::new(|p| {
                p.counters[0].base[0] = Some(1);
                p.spans = vec![Span { counter: 0, domains_min: 2 }];
            }),
        ),
        (
            "companions[0]",
            FlawCode::Unknown,
            Box::new(|p| {
                p.companions = vec![Companion { counter: 0, needs: 1 }];
            }),
        ),
        (
            "companions[0]",
            FlawCode::Length,
            Box::new(|p| {
                let other =
                    Counter { domain_of: Arc::new(vec![1, 0, 1]), base: vec![Some(0), Some(0)] };
                p.counters.push(other);
                p.companions = vec![Companion { counter: 0, needs: 1 }];
            }),
        ),
        (
            "levels[0].terms[0]",
            FlawCode::Length,
            Box::new(|p| {
                p.add_class(Class::new(1, vec![1, 1]));
            }),
        ),
        ("levels[1].terms[0]", FlawCode::Length, Box::new(with_term(Term::BinsUsed(vec![1])))),
        (
            "levels[1].terms[0][1]",
            FlawCode::Negative,
            Box::new(with_term(Term::Moves(vec![1, -5]))),
        ),
        ("levels[1].terms[0]", FlawCode::Unknown, Box::new(with_term(reserve(2, vec![0; 3], 1)))),
        (
            "levels[1].terms[0].keep",
            FlawCode::Length,
            Box::new(with_term(reserve(0, vec![0; 2], 1))),
        ),
        (
            "levels[1].terms[0].cost[0]",
            FlawCode::Negative,
            Box::new(with_term(reserve(0, vec![0; 3], -1))),
        ),
        (
            "levels[1].terms[0]",
            FlawCode::Unknown,
            Box::new(with_term(Term::Balance(Balance { first: 0, second: 2, ratio: 1, cost: 1 }))),
        ),
        (
            "levels[1].terms[0].ratio[0]",
            FlawCode::Negative,
            Box::new(with_term(Term::Balance(Balance { first: 0, second: 1, ratio: -1, cost: 1 }))),
        ),
        (
            "levels[1].terms[0].costs",
            FlawCode::Length,
            Box::new(with_term(between(2, vec![0; 3], vec![0, 0, 1]))),
        ),
        (
            "levels[1].terms[0].group_of",
            FlawCode::Unknown,
            Box::new(with_term(between(1, vec![0], vec![0, 0, 1]))),
        ),
        (
            "levels[1].terms[0].group_of",
            FlawCode::Length,
            Box::new(with_term(Term::MostMoves(MostMoves { group_of: vec![0], cost: 1 }))),
        ),
        (
            "levels[1].terms[0].group_of",
            FlawCode::Unknown,
            Box::new(with_term(Term::MostMoves(MostMoves {
                group_of: vec![0, 4_000_000_000],
                cost: 1,
            }))),
        ),
        // Sums: each of these panicked or wrapped around before.
        (
            "levels[0]",
            FlawCode::Overflow,
            Box::new(|p| {
                p.levels[0].terms = vec![Term::Unplaced(vec![i64::MAX / 2, 1])];
            }),
        ),
        ("resource 0", FlawCode::Overflow, Box::new(|p| p.classes[0].demand[0] = i64::MAX)),
        ("resource 1", FlawCode::Overflow, Box::new(|p| p.free[1] = i64::MIN)),
        (
            "card_free[0]",
            FlawCode::Overflow,
            Box::new(|p| {
                p.card_start = vec![0, 1, 1, 1];
                (p.card_free, p.card_model) = (vec![i64::MAX], vec![1]);
            }),
        ),
    ];
    assert_eq!(sound().validate(), Ok(()));
    for (place, code, change) in cases {
        let mut p = sound();
        change(&mut p);
        let flaws = p.validate().expect_err(place);
        let told: Vec<_> = flaws.iter().map(|f| (f.place.as_str(), f.code)).collect();
        assert_eq!(told, [(place, code)], "{flaws:?}");
        assert!(try_solve(&p, &Options::default()).is_err(), "{place}");
        let text = flaws[0].to_string();
        assert!(text.contains(place) && text.contains(code.fix()), "{text}");
    }
}

#[test]
fn flaws_come_all_at_once() {
    let mut p = sound();
    p.classes[0].demand[0] = -1;
    p.classes[1].forbids = vec![9];
    p.levels[0].terms.push(Term::BinsUsed(vec![]));
    let places: Vec<String> =
        p.validate().expect_err("three").into_iter().map(|f| f.place).collect();
    assert_eq!(places, ["classes[0].demand[0]", "classes[1].forbids", "levels[0].terms[1]"]);
}

/// Numbers of every size and sign, lists cut short: it is refused, or solved without a panic and rightly.
#[test]
fn what_passes_is_solved() {
    let (mut passed, mut refused) = (0, 0);
    for seed in podfit_soak::seeds(3_000, 300_000) {
        let mut r = Random::new(seed);
        let mut p = random_problem(seed);
        for _ in 0..r.range(0, 2) {
            spoil(&mut p, &mut r);
        }
        if p.validate().is_err() {
            refused += 1;
            continue;
        }
        passed += 1;
        for method in [Method::Greedy, Method::Exact] {
            let options = Options {
                method,
                enumeration_states_max: Some(2_000),
                work_max: Some(1_000_000),
                ..Options::default()
            };
            let outcome = try_solve(&p, &options).expect("it is valid");
            let judged = judge(&p, &outcome.puts);
            assert_eq!(judged.broken, [], "seed {seed}");
            for (level, value) in outcome.levels.iter().zip(judged.levels) {
                assert_eq!(i128::from(level.objective), value, "seed {seed}");
                let bound = level.bound.unwrap_or(0);
                assert!(level.objective >= 0 && bound <= level.objective, "seed {seed}: {level:?}");
            }
        }
    }
    println!("{passed} passed, {refused} refused");
    assert!(passed > 500 && refused > 500);
}

fn spoil(p: &mut Problem, r: &mut Random) {
    let wild = |r: &mut Random| match r.range(0, 5) {
        0 => i64::MAX >> r.range(0, 40),
        1 => i64::MIN >> r.range(0, 40),
        2 => i64::MAX / r.range(1, 9),
        _ => r.range(-2, 1_000_000),
    };
    let class = r.range(0, p.classes.len() as i64 - 1) as usize;
    let bins = p.bins();
    match r.range(0, 8) {
        0 => p.free[0] = wild(r),
        1 => p.classes[class].demand[0] = wild(r),
        2 => p.classes[class].count = wild(r) as u32 & 0xff,
        3 => p.classes[class].counts_in.push(r.range(0, 4) as u32),
        4 => p.counters[1].base[0] = Some(wild(r)),
        5 => p.levels[0].terms = vec![Term::Unplaced(vec![wild(r); p.classes.len()])],
        6 => p.levels[1].terms.push(Term::BinsUsed(vec![wild(r); bins])),
        7 => p.levels[1].terms.push(Term::Reserve(Reserve {
            resource: 0,
            keep: vec![wild(r); bins],
            cost: wild(r),
        })),
        _ => p.classes[class].demand.truncate(1),
    }
}

/// What the rules of Kubernetes come to is a problem that the solvers can take: nobody keeps away one-sidedly, say.
#[test]
fn clusters_make_valid_problems() {
    let mut forbidding = 0;
    for seed in podfit_soak::seeds(1_000, 100_000) {
        let case = crate::oracle::case(seed);
        let planner = podfit::planner::Planner::new(Arc::new(case.cluster.clone()));
        let (problem, _) = planner.problem(&crate::solvers::query(&case));
        assert_eq!(problem.validate(), Ok(()), "seed {seed}");
        forbidding += u32::from(problem.classes.iter().any(|c| !c.forbids.is_empty()));
    }
    assert!(forbidding > 0);
}
