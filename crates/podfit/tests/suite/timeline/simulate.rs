//! A simulation of the controllers, event by event, written from their sources and sharing nothing with the timeline: what
//! happens in it lies in the intervals.

use super::world::World;
use crate::oracle::Random;
use podfit::model::{Component, Interval, Loss, Manner, OwnerKind};
use podfit::planner::{Away, Return, Times};
use std::collections::BTreeMap;

/// A pod of a case, its node one of the lost.
struct Pod {
    name: String,
    node: usize,
    tolerates: i64,
    has_volume: bool,
    grace: i64,
    number: Option<i64>,
}

struct Case {
    loss: Loss,
    grace: i64,
    zone_of: Vec<usize>,
    lost: usize,
    pods: Vec<Pod>,
    /// The API is back after so long; none: it is not away.
    back: Option<Interval>,
    /// Whether node 0, which is lost, has one of several controller-managers.
    rivals: bool,
    start: Interval,
    schedule: Interval,
    attach: Interval,
}

fn below(random: &mut Random, n: usize) -> usize {
    (random.next() % n as u64) as usize
}

fn within(random: &mut Random, interval: Interval) -> i64 {
    let (min, max) = (interval.min_ms(), interval.max_ms().expect("both ends are given"));
    pick(random, min, max)
}

/// One of the two ends in one case of three each: faults are found there.
fn pick(random: &mut Random, min: i64, max: i64) -> i64 {
    match below(random, 3) {
        0 => min,
        1 => max,
        _ => min + below(random, (max - min + 1) as usize) as i64,
    }
}

fn case(random: &mut Random) -> Case {
    let some = |random: &mut Random, max: i64| {
        let a = pick_from(random, max);
        Interval::between(a, a + pick_from(random, max))
    };
    let zones = 1 + below(random, 2);
    let lost = 1 + below(random, 3);
    // Of each zone at least two nodes in three stay: evictions go on.
    let nodes = lost * 4 + 2;
    let loss = [Loss::NotReady, Loss::NotReady, Loss::Deleted, Loss::Drained][below(random, 4)];
    let mut pods = Vec::new();
    for i in 0..1 + below(random, 6) {
        let numbered = loss != Loss::NotReady && below(random, 3) == 0;
        let name = if numbered { format!("db-{i}") } else { format!("web-{i}") };
        let tolerates = [0, 5, 30, 300, 4_000][below(random, 5)];
        let has_volume = loss != Loss::NotReady && below(random, 3) == 0;
        let number = numbered.then_some(i as i64);
        let node = below(random, lost);
        pods.push(Pod {
            name,
            node,
            tolerates,
            has_volume,
            grace: 10 * below(random, 5) as i64,
            number,
        });
    }
    let plane = if loss == Loss::Drained { 2 } else { below(random, 4) };
    Case {
        loss,
        grace: [40, 50, 17, 120][below(random, 4)],
        zone_of: (0..nodes).map(|i| i % zones).collect(),
        lost,
        pods,
        back: (plane == 0).then(|| some(random, 300_000)),
        rivals: plane == 1,
        start: some(random, 60_000),
        schedule: some(random, 5_000),
        attach: some(random, 30_000),
    }
}

/// When a rival tries to lead, from `from` on for ten minutes.
fn tries(random: &mut Random, from: i64) -> Vec<i64> {
    let mut list = vec![from];
    while list[list.len() - 1] < from + 600_000 {
        list.push(list[list.len() - 1] + pick(random, 2_000, 4_400));
    }
    list
}

fn first(tries: &[i64], from: i64) -> i64 {
    *tries.iter().find(|t| **t >= from).expect("tries go on")
}

/// When a controller-manager acts: from when on, and whether it is a new one.
fn leader(case: &Case, random: &mut Random) -> (i64, bool) {
    if let Some(back) = case.back {
        return (within(random, back) + first(&tries(random, 0), 15_000), true);
    }
    if !case.rivals || below(random, 2) == 0 {
        return (0, false);
    }
    let from = -8_800 - pick_from(random, 4_400);
    let rival = tries(random, from);
    let seen = first(&rival, -pick_from(random, 2_000));
    (first(&rival, seen + 15_000), true)
}

fn pick_from(random: &mut Random, max: i64) -> i64 {
    pick(random, 0, max)
}

/// The first of the times `phase + k × period` at or after `at`.
fn next(phase: i64, period: i64, at: i64) -> i64 {
    at + (phase - at).rem_euclid(period)
}

/// When the lost nodes get their taints.
fn taints(case: &Case, random: &mut Random) -> Vec<i64> {
    let (led, anew) = leader(case, random);
    let phase = if anew { led } else { pick_from(random, 4_999) };
    // A look that comes exactly when the grace period ends may be a little late, or not.
    let drift = below(random, 2) as i64;
    let mut queued: Vec<(i64, u64, usize)> = Vec::new();
    for node in 0..case.lost {
        let seen = if anew { led } else { next(phase, 5_000, -pick_from(random, 10_400)) };
        let not_ready = next(phase, 5_000, seen + case.grace * 1000 + 1 - drift);
        queued.push((not_ready + 5_000, random.next(), node));
    }
    queued.sort_unstable();
    let pass = pick_from(random, 99);
    let mut free: BTreeMap<usize, i64> = BTreeMap::new();
    let mut tainted = vec![0; case.lost];
    for (at, _, node) in queued {
        let zone = case.zone_of[node];
        let ready = free.get(&zone).copied().unwrap_or(i64::MIN).max(at);
        tainted[node] = next(pass, 100, ready);
        free.insert(zone, tainted[node] + 10_000);
    }
    tainted
}

/// When each pod is made anew, by its name, and when it is ready.
fn run(case: &Case, random: &mut Random) -> BTreeMap<String, i64> {
    let gone: Vec<i64> = match case.loss {
        Loss::NotReady => {
            let tainted = taints(case, random);
            case.pods.iter().map(|p| tainted[p.node] + p.tolerates * 1000).collect()
        }
        Loss::Deleted => {
            let (led, anew) = leader(case, random);
            let phase = if anew { led } else { pick_from(random, 19_999) };
            let found = next(phase, 20_000, led);
            let deleted = next(phase, 20_000, found + 40_000);
            vec![deleted; case.pods.len()]
        }
        Loss::Drained => vec![0; case.pods.len()],
    };
    let mut ready: BTreeMap<String, i64> = BTreeMap::new();
    let mut lower = 0;
    let mut order: Vec<usize> = (0..case.pods.len()).collect();
    order.sort_by_key(|&i| case.pods[i].number);
    for i in order {
        let pod = &case.pods[i];
        let mut at = gone[i];
        let ends = at + pick_from(random, pod.grace * 1000);
        let drained = case.loss == Loss::Drained;
        if drained && pod.number.is_some() {
            at = ends;
        }
        if pod.number.is_some() {
            at = at.max(lower);
        }
        at += within(random, case.schedule);
        if pod.has_volume {
            at = match case.loss {
                Loss::Deleted => at.max(next(pick_from(random, 99), 100, gone[i] + 360_001)),
                _ => at.max(ends),
            };
            at += within(random, case.attach);
        }
        at += within(random, case.start);
        if pod.number.is_some() {
            lower = at;
        }
        ready.insert(pod.name.clone(), at);
    }
    ready
}

fn world(case: &Case) -> (World, Vec<String>) {
    let zone = |z: usize| ["", "x"][z];
    let name = |(i, z): (usize, &usize)| match zone(*z) {
        "" => format!("n{i}"),
        zone => format!("{zone}:n{i}"),
    };
    let names: Vec<String> = case.zone_of.iter().enumerate().map(name).collect();
    let mut w = World::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let manner = Manner::Numbered { start: 0, in_order: true };
    let set = w.workload("db", OwnerKind::StatefulSet, manner);
    for pod in &case.pods {
        let kind =
            if pod.number.is_some() { OwnerKind::StatefulSet } else { OwnerKind::Deployment };
        w.pod(&pod.name, &format!("n{}", pod.node), kind, Some(pod.tolerates), |w, spec| {
            spec.workload = pod.number.map(|_| set);
            spec.grace = pod.grace;
            if pod.has_volume {
                spec.attached = vec![w.0.intern("data")];
            }
        });
    }
    if case.rivals {
        for node in ["n0", &format!("n{}", case.lost), &format!("n{}", case.lost + 1)] {
            w.member(Component::ControllerManager, node);
        }
    }
    (w, (0..case.lost).map(|i| format!("n{i}")).collect())
}

#[test]
fn what_happens_lies_in_the_intervals() {
    let (mut at_ends, mut pods) = (0, 0);
    for seed in podfit_soak::seeds(300, 10_000) {
        let mut random = Random::new(seed);
        let case = case(&mut random);
        let (w, lost) = world(&case);
        let away = case.back.map_or(Away::No, |back| Away::returns([], (back, false)));
        let times = Times {
            grace: Interval::seconds(case.grace),
            away,
            start: (case.start, false),
            schedule: (case.schedule, false),
            attach: (case.attach, false),
            ..Times::default()
        };
        let lost: Vec<&str> = lost.iter().map(String::as_str).collect();
        let (cluster, timeline) = w.lose(&lost, case.loss, &times);
        for _ in 0..20 {
            let happens = run(&case, &mut random);
            let mut last = 0;
            for pod in timeline.pods.iter().filter(|p| p.returns == Return::Back) {
                let name = cluster.str(cluster.pod(pod.pod).name);
                let interval = pod.back.as_ref().expect("it comes back").total();
                let at = happens[name];
                assert!(interval.contains(at), "seed {seed}, {name}: {at} ms, {interval:?}");
                let max = interval.max_ms().expect("every time is given");
                // Within the loop of 100 ms of an end, or the seconds that a new leader's first look saves.
                at_ends += usize::from(at - interval.min_ms() <= 200 || max - at <= 200);
                pods += 1;
                last = last.max(at);
            }
            let back = timeline.pods.iter().filter(|p| p.returns == Return::Back).count();
            assert_eq!(back, case.pods.len(), "seed {seed}: all come back");
            let recovered = timeline.recovered.expect("some come back");
            assert!(recovered.contains(last), "seed {seed}: {last} ms, {recovered:?}");
        }
    }
    // The intervals are no wider than what happens: many cases reach an end.
    assert!(at_ends * 50 > pods, "{at_ends} of {pods} at an end");
}
