//! Which node is taken: a case for each level of the comparison, and for the end of the search.

use super::*;

#[test]
fn first_the_node_with_fewest_violations() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 0, 10);
    let mut free = w.shape(5, 10);
    free.labels = w.labels("free");
    w.add(Some("b"), &free, |_| {});
    w.budget("web", 0);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b", "though its victim has the higher priority");
}

#[test]
fn second_the_lowest_highest_priority() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 5, 10);
    w.runs("b", 4, 5);
    w.runs("b", 4, 5);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b");
}

/// 4 and -100 sum up to less than 4 alone, but more victims are no cheaper for being negative.
#[test]
fn third_the_smallest_sum_counted_from_the_bottom() {
    let mut w = World::new();
    w.nodes(&["a", "b", "c"]);
    w.runs("a", 4, 5);
    w.runs("a", -100, 5);
    w.runs("b", 4, 5);
    w.runs("b", 3, 5);
    w.runs("c", 4, 10);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "c");

    let mut w = World::new();
    w.nodes(&["a", "b"]);
    for (node, second) in [("a", 3), ("b", -100)] {
        w.runs(node, 4, 5);
        w.runs(node, second, 5);
    }
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b");
}

/// A pod of the lowest priority there is adds nothing to the sum.
#[test]
fn fourth_the_fewest_victims() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs("a", 4, 5);
    w.runs("a", i32::MIN, 5);
    w.runs("b", 4, 10);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b");
}

/// Of the victims of highest priority the earliest start counts: 100 on a, 150 on b (whose 50 is of a lower one).
#[test]
fn fifth_the_latest_start() {
    let mut w = World::new();
    w.nodes(&["a", "b"]);
    w.runs_since("a", 4, 4, 100);
    w.runs_since("a", 4, 3, 900);
    w.runs_since("a", 1, 3, 900);
    w.runs_since("b", 4, 4, 150);
    w.runs_since("b", 4, 3, 160);
    w.runs_since("b", 1, 3, 50);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "b");
}

#[test]
fn ties_are_drawn() {
    let mut w = World::new();
    w.nodes(&["a", "b", "c"]);
    for node in ["a", "b", "c"] {
        w.runs(node, 0, 10);
    }
    let pod = w.waits(9, 10);
    let c = w.build();
    let state = State::new(&c);
    for (offset, tie, node) in [(0, 0, "a"), (0, 2, "c"), (1, 0, "b"), (2, 1, "a")] {
        let mut draws = [(3, offset), (3, tie)].into_iter();
        let mut draw = |n| {
            let (of, drawn) = draws.next().expect("two draws");
            assert_eq!(n, of);
            drawn
        };
        let answer = preempt(&state, pod, &mut [], &mut draw).expect("any node will do");
        assert_eq!(c.node_name(answer.node), node);
    }
}

/// Of 1,200 nodes 120 candidates are enough: the best node is not among the first of them.
#[test]
fn the_search_ends_with_a_tenth_of_the_nodes() {
    let mut w = World::new();
    let names: Vec<String> = (0..1200).map(|i| format!("n{i}")).collect();
    w.nodes(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for (i, name) in names.iter().enumerate() {
        w.runs(name, if i == 120 { 0 } else { 1 }, 10);
    }
    let pod = w.waits(9, 10);
    let c = w.build();
    let state = State::new(&c);
    let from = |offset| {
        let mut draw = |n: usize| if n == 1200 { offset } else { 0 };
        c.node_name(preempt(&state, pod, &mut [], &mut draw).expect("any").node)
    };
    assert_eq!(from(0), "n0", "119 is the last that is looked at");
    assert_eq!(from(1), "n120");
}

/// With every candidate violating a budget the search goes on to the end.
#[test]
fn the_search_goes_on_until_one_keeps_the_budgets() {
    let mut w = World::new();
    let names: Vec<String> = (0..150).map(|i| format!("n{i}")).collect();
    w.nodes(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for name in &names[..149] {
        w.runs(name, 0, 10);
    }
    let mut free = w.shape(5, 10);
    free.labels = w.labels("free");
    w.add(Some("n149"), &free, |_| {});
    w.budget("web", 0);
    let pod = w.waits(9, 10);
    assert_eq!(chosen(&w.build(), pod), "n149");
}

/// Of those that violate budgets no more than enough, here 100, are kept: the best is one too far, and from one node
/// on it is the last of them.
#[test]
fn no_more_violating_candidates_than_enough_are_kept() {
    let mut w = World::new();
    let names: Vec<String> = (0..102).map(|i| format!("n{i}")).collect();
    w.nodes(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for (i, name) in names.iter().enumerate() {
        w.runs(name, if i == 100 { 0 } else { 1 }, 10);
    }
    w.budget("web", 0);
    let pod = w.waits(9, 10);
    let c = w.build();
    let state = State::new(&c);
    let from = |offset| {
        let mut draw = |n: usize| if n == 102 { offset } else { 0 };
        let budgets = &mut [0];
        c.node_name(preempt(&state, pod, budgets, &mut draw).expect("any").node)
    };
    assert_eq!(from(0), "n0");
    assert_eq!(from(1), "n100");
}
