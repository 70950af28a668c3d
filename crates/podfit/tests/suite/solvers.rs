//! The solvers against brute force over sequences, on small clusters with all rules mixed.

use crate::oracle::{Case, brute_force, case};
use podfit::model::{
    ClaimKind, ClusterBuilder, NodeSelector, NodeSpec, PodId, PodSpec, ResourceId, Resources,
    VolumeClaim,
};
use podfit::planner::{Options, Plan, Planner};
use podfit::problem::Query;
use podfit::rules::{Rule, RuleSet};
use podfit::solve::{self, Backend, Method, Status};
use std::sync::Arc;

pub fn query(case: &Case) -> Query<'_> {
    Query {
        lost: &case.lost,
        loss: case.loss,
        removed: &case.removed,
        place: &case.displaced,
        ..Query::default()
    }
}

fn options(method: Method) -> Options {
    Options { solve: solve::Options { method, ..solve::Options::default() }, ..Options::default() }
}

fn objectives(plan: &Plan) -> Vec<i64> {
    plan.levels.iter().map(|l| l.objective).collect()
}

/// Best unplaced counts by priority, from high to low.
fn expected(case: &Case) -> Vec<i64> {
    brute_force(case).unplaced_by_priority.iter().map(|&(_, n)| i64::from(n)).collect()
}

#[test]
fn exact_equals_brute_force_and_greedy_never_beats_it() {
    let (mut fits, mut short, mut enumerated, mut all) = (0, 0, 0, 0);
    for seed in podfit_soak::seeds(3000, 100_000) {
        all += 1;
        let case = case(seed);
        let planner = Planner::new(Arc::new(case.cluster.clone()));
        let best = expected(&case);
        // `solve` asks the referee: a refusal is an error here.
        let exact = planner.solve(&query(&case), &options(Method::Auto)).expect("refereed");
        let mut cold = options(Method::Auto);
        cold.solve.cold_start = true;
        let cold = planner.solve(&query(&case), &cold).expect("refereed");
        assert_eq!(
            (objectives(&cold), cold.status),
            (best.clone(), Status::Optimal),
            "seed {seed}: cold"
        );
        let greedy = planner.solve(&query(&case), &options(Method::Greedy)).expect("refereed");
        assert_eq!(objectives(&exact), best, "seed {seed}: exact");
        assert_eq!(exact.status, Status::Optimal, "seed {seed}");
        assert!(objectives(&greedy) >= best, "seed {seed}: greedy {greedy:?}");
        for level in exact.levels.iter().chain(&greedy.levels) {
            assert!(level.gap().is_none_or(|g| g >= 0), "seed {seed}: {level:?}");
        }
        assert!(greedy.unplaced_bound.0 <= best.iter().sum(), "seed {seed}: bound {greedy:?}");
        let unplaced: i64 = best.iter().sum();
        assert_eq!(exact.unplaced.len() as i64, unplaced, "seed {seed}");
        let bound = exact.unplaced_bound.0;
        assert!(bound <= unplaced && (unplaced == 0 || bound >= 1), "seed {seed}: {exact:?}");
        fits += u64::from(unplaced == 0);
        short += u64::from(objectives(&greedy) > best);
        enumerated += u64::from(cold.provenance == "enumeration");
    }
    println!(
        "{all} cases: {fits} fit, greedy missed the best in {short}, enumeration alone found it in {enumerated}"
    );
    assert!(fits * 10 <= all * 7, "at least 30 % must not fit, else the cases prove little");
    assert!(fits * 10 >= all, "some must fit");
}

/// The integer program alone, enumeration left out: every answer is refereed, every claim holds.
#[cfg(any(feature = "highs", feature = "microlp"))]
fn ilp_agrees(backend: &Backend, few: u64) {
    let (mut optimal, mut all) = (0, 0);
    for seed in podfit_soak::seeds(few, 50_000) {
        all += 1;
        let case = case(seed);
        let planner = Planner::new(Arc::new(case.cluster.clone()));
        let best = expected(&case);
        let mut options = options(Method::Exact);
        options.solve.enumeration_states_max = Some(0);
        options.solve.cold_start = seed % 2 == 1;
        options.solve.backend = backend.clone();
        let plan = planner.solve(&query(&case), &options).expect("refereed");
        let objectives = objectives(&plan);
        assert!(objectives >= best, "seed {seed}: better than the best");
        let mut above_closed = true;
        for (level, best) in plan.levels.iter().zip(&best) {
            if let (Some(bound), true) = (level.bound, above_closed) {
                assert!(bound <= *best, "seed {seed}: bound above the best: {:?}", plan.levels);
            }
            above_closed &= level.is_closed();
        }
        if plan.status == Status::Optimal {
            assert_eq!(objectives, best, "seed {seed}: said to be optimal");
            optimal += 1;
        }
    }
    println!("{backend:?}: {optimal} of {all} closed");
    assert!(optimal * 100 >= all * 99, "the program closes nearly all: {optimal} of {all}");
}

#[cfg(feature = "highs")]
#[test]
fn the_integer_program_agrees_with_brute_force() {
    ilp_agrees(&Backend::Highs, 600);
}

#[cfg(feature = "microlp")]
#[test]
fn microlp_agrees_with_brute_force() {
    ilp_agrees(&Backend::Microlp, 300);
}

#[test]
fn claims_that_differ_in_kind_alone_are_told_apart() {
    let mut b = ClusterBuilder::new();
    let allocatable = Resources::new().with(ResourceId::PODS, 9);
    b.add_node(NodeSpec { name: "a".into(), allocatable, ..NodeSpec::default() }, 0);
    for (i, kind) in [ClaimKind::Waits, ClaimKind::Unbound, ClaimKind::Missing].iter().enumerate() {
        let mut shape = b.shape("default", Resources::new());
        let (claim, nodes) = (b.intern("data"), NodeSelector::default());
        shape.volumes.push(VolumeClaim { claim, kind: *kind, nodes });
        b.add_pod(PodSpec::new(format!("p{i}"), shape), 0);
    }
    let cluster = Arc::new(b.build().expect("valid"));
    let place: Vec<PodId> = cluster.pod_ids().collect();
    let query = Query { place: &place, ..Query::default() };
    let plan = Planner::new(cluster).solve(&query, &options(Method::Auto)).expect("refereed");
    assert_eq!(plan.unplaced, [PodId(1), PodId(2)]);
}

#[test]
fn every_rule_changes_answers_somewhere() {
    let mut all = 0;
    let rules = Rule::ALL.into_iter().filter(|r| *r != Rule::Lost);
    let mut changed: Vec<(Rule, u64)> = rules.map(|r| (r, 0)).collect();
    for seed in podfit_soak::seeds(1500, 50_000) {
        all += 1;
        let case = case(seed);
        let cluster = Arc::new(case.cluster.clone());
        let answer = |rules| {
            let planner = Planner::with_rules(cluster.clone(), rules);
            objectives(&planner.solve(&query(&case), &options(Method::Auto)).expect("refereed"))
        };
        let with_all = answer(RuleSet::ALL);
        for (rule, n) in &mut changed {
            *n += u64::from(answer(RuleSet::ALL.without(*rule)) != with_all);
        }
    }
    for (rule, n) in &changed {
        println!(
            "without {:28} {:5.1} % of answers change",
            rule.code(),
            *n as f64 * 100.0 / all as f64
        );
    }
    for (rule, n) in changed {
        assert!(n * 50 >= all, "{}: {n} of {all} answers", rule.code());
    }
}

/// HiGHS as a solver of the caller: it sees nothing but the numbers of the program.
#[cfg(feature = "highs")]
fn highs_outside(program: &solve::IntegerProgram) -> solve::IntegerAnswer {
    let mut model = highs::RowProblem::default();
    let columns: Vec<highs::Col> = program
        .cost
        .iter()
        .zip(&program.most)
        .map(|(&cost, &most)| model.add_integer_column(cost, 0.0..=most))
        .collect();
    for (row, ends) in program.row_starts.windows(2).enumerate() {
        let entries = ends[0] as usize..ends[1] as usize;
        let factors = entries.map(|i| (columns[program.columns[i] as usize], program.values[i]));
        model.add_row(program.row_least[row]..=program.row_most[row], factors.collect::<Vec<_>>());
    }
    let mut model = model.optimise(highs::Sense::Minimise);
    model.make_quiet();
    model.set_option("threads", 1);
    model.set_option("mip_rel_gap", 0.0);
    model.set_option("mip_abs_gap", 0.0);
    model.set_option("presolve_rule_off", 1 << 12 | 1 << 13);
    let solved = model.solve();
    let status = solved.status();
    assert!(matches!(
        status,
        highs::HighsModelStatus::Optimal | highs::HighsModelStatus::ModelEmpty
    ));
    let bound = solved.objective_value() + program.offset;
    let columns = solved.get_solution().columns().to_vec();
    solve::IntegerAnswer { stop: solve::Stop::Proved, bound, columns }
}

#[cfg(feature = "highs")]
#[test]
fn a_solver_outside_agrees_with_brute_force() {
    ilp_agrees(&Backend::Outside(solve::Outside::new(highs_outside)), 300);
}

/// Whatever a solver outside says, no placement is accepted that breaks a rule, and nothing panics.
#[test]
fn a_solver_outside_that_lies_is_not_believed() {
    let lies: [fn(&solve::IntegerProgram) -> Vec<f64>; 5] = [
        |p| p.most.clone(),
        |p| vec![0.5; p.most.len()],
        |p| vec![1e18; p.most.len()],
        |p| vec![f64::NAN; p.most.len()],
        |_| vec![1.0],
    ];
    let seeds = podfit_soak::seeds(50, 10_000);
    for (seed, lie) in seeds.flat_map(|seed| lies.map(|lie| (seed, lie))) {
        let case = case(seed);
        let planner = Planner::new(Arc::new(case.cluster.clone()));
        let mut options = options(Method::Exact);
        options.solve.enumeration_states_max = Some(0);
        options.solve.backend = Backend::Outside(solve::Outside::new(move |p| {
            solve::IntegerAnswer { stop: solve::Stop::Proved, bound: 0.0, columns: lie(p) }
        }));
        let plan = planner.solve(&query(&case), &options).expect("the referee passes it");
        assert!(objectives(&plan) >= expected(&case), "seed {seed}: better than the best");
    }
}

/// A bound above what a known point reaches proves nothing: no "does not fit", and the fault is named.
#[test]
fn a_bound_that_cannot_be_is_no_proof() {
    let lies: [fn(&solve::IntegerProgram) -> solve::IntegerAnswer; 3] = [
        |p| answer(solve::Stop::Proved, 1e9, p.start.clone()),
        |_| answer(solve::Stop::TimeLimit, 1e9, Vec::new()),
        |_| answer(solve::Stop::Proved, f64::NAN, Vec::new()),
    ];
    let mut named = 0;
    for (seed, lie) in podfit_soak::seeds(100, 10_000).flat_map(|s| lies.map(|lie| (s, lie))) {
        let case = case(seed);
        let planner = Planner::new(Arc::new(case.cluster.clone()));
        let mut options = options(Method::Auto);
        options.solve.enumeration_states_max = Some(0);
        options.solve.backend = Backend::Outside(solve::Outside::new(lie));
        options.solve.search_steps_max = Some(0);
        let plan = planner.solve(&query(&case), &options).expect("the referee passes it");
        if plan.status == Status::Optimal {
            assert_eq!(objectives(&plan), expected(&case), "seed {seed}: not the best");
        } else {
            assert!(matches!(plan.stop, solve::Stop::Faulty(_)), "seed {seed}: {:?}", plan.stop);
            named += 1;
        }
        for (level, best) in plan.levels.iter().zip(expected(&case)) {
            let open = plan.levels[0].objective > expected(&case)[0];
            assert!(open || level.bound.is_none_or(|b| b <= best), "seed {seed}: {level:?}");
        }
    }
    assert!(named > 0, "the solver was never asked");
}

fn answer(stop: solve::Stop, bound: f64, columns: Vec<f64>) -> solve::IntegerAnswer {
    solve::IntegerAnswer { stop, bound, columns }
}

/// A limit of work ends a search at the same place each time, and what it says holds.
#[test]
fn a_limit_of_work_is_no_clock() {
    let mut cut = 0;
    for seed in podfit_soak::seeds(60, 5_000) {
        let case = case(seed);
        let planner = Planner::new(Arc::new(case.cluster.clone()));
        for work_max in [0, 100, 1_000, 20_000, 1_000_000] {
            let mut options = options(Method::Exact);
            options.solve.enumeration_states_max = Some(seed as usize % 2 * 1_000);
            options.solve.work_max = Some(work_max);
            let plan = planner.solve(&query(&case), &options).expect("the referee passes it");
            let again = planner.solve(&query(&case), &options).expect("the referee passes it");
            assert_eq!(plan.change, again.change, "seed {seed}, {work_max} steps");
            assert_eq!(plan.levels, again.levels, "seed {seed}, {work_max} steps");
            assert_eq!(plan.stop, again.stop, "seed {seed}, {work_max} steps");
            cut += usize::from(plan.stop == solve::Stop::WorkLimit);
            if plan.status == Status::Optimal {
                assert_eq!(objectives(&plan), expected(&case), "seed {seed}, {work_max} steps");
            }
        }
    }
    assert!(cut > 0, "no limit was reached");
}

/// Without a backend nothing is searched beyond enumeration, and what sums prove stays proved.
#[test]
fn without_a_backend_the_rest_stays_open() {
    let (mut open, mut closed) = (0, 0);
    for seed in podfit_soak::seeds(200, 50_000) {
        let case = case(seed);
        let planner = Planner::new(Arc::new(case.cluster.clone()));
        let mut options = options(Method::Auto);
        options.solve.enumeration_states_max = Some(0);
        options.solve.backend = Backend::Absent;
        options.solve.search_steps_max = Some(5_000);
        let plan = planner.solve(&query(&case), &options).expect("the referee passes it");
        match plan.status {
            Status::Optimal => {
                assert_eq!(objectives(&plan), expected(&case), "seed {seed}");
                closed += 1;
            }
            Status::Feasible => {
                assert_eq!(plan.stop, solve::Stop::NoSolver, "seed {seed}");
                open += 1;
            }
        }
    }
    assert!(open > 0 && closed > 0, "{open} open, {closed} closed");
}
