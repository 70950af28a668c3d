//! What owners and budgets decide, against the same worked out pod by pod.

use crate::oracle::Random;
use podfit::model::{
    Budget, ClusterBuilder, Disrupted, Effect, Labels, Loss, Manner, NodeId, NodeSpec, Owner,
    OwnerKind, PodSpec, ResourceId, Resources, Selector, Toleration, Workload,
};
use podfit::planner::{Fate, Options, Planner, PodVerdict, WhatIf, WhatIfQuestion};
use std::sync::Arc;

fn nodes(b: &mut ClusterBuilder, rooms: &[i64]) {
    for (i, &room) in rooms.iter().enumerate() {
        let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, room);
        b.add_node(NodeSpec { name: format!("n{i}"), allocatable, ..NodeSpec::default() }, 0);
    }
}

fn ask(b: ClusterBuilder, loss: Loss) -> WhatIf {
    let planner = Planner::new(Arc::new(b.build().expect("valid")));
    let question = WhatIfQuestion { lost: vec![NodeId(0)], loss, ..WhatIfQuestion::default() };
    planner.what_if(&question, &Options::default()).expect("refereed")
}

fn fated(answer: &WhatIf, fate: Fate) -> usize {
    answer.displaced.fates.iter().filter(|f| f.1 == fate).count()
}

/// A ReplicaSet makes as many pods anew as it lacks: those that are being deleted do not count, those that wait do.
#[test]
fn owners_make_what_they_lack() {
    let mut not_wanted = 0;
    for seed in podfit_soak::seeds(1_000, 100_000) {
        let mut r = Random::new(seed);
        let mut b = ClusterBuilder::new();
        nodes(&mut b, &[100, 100, 100]);
        let wants = r.range(0, 6) as u32;
        let (namespace, name) = (b.intern("d"), b.intern("web"));
        let web = b.add_workload(Workload::new(namespace, OwnerKind::ReplicaSet, name, wants));
        let (mut displaced, mut left) = (0u32, 0u32);
        for i in 0..r.range(1, 8) {
            let node = r.range(0, 3);
            let terminating = node < 3 && r.percent(20);
            let shape = b.shape("d", Resources::new().with(ResourceId::CPU, 1));
            let owner = Owner { kind: OwnerKind::ReplicaSet, name: Some(name) };
            let node_name = (node < 3).then(|| format!("n{node}"));
            let plain = PodSpec::new(format!("web-{i}"), shape);
            let workload = Some(web);
            b.add_pod(PodSpec { node: node_name, owner, workload, terminating, ..plain }, 0);
            displaced += u32::from(node == 0 && !terminating);
            left += u32::from(node != 0 && !terminating);
        }
        let loss = r.pick(&[Loss::NotReady, Loss::Deleted, Loss::Drained]);
        let answer = ask(b, loss);
        let made = wants.saturating_sub(left).min(displaced) as usize;
        assert_eq!(answer.displaced_count(), made, "seed {seed}: {wants} wanted, {left} left");
        assert_eq!(fated(&answer, Fate::NotWanted), displaced as usize - made, "seed {seed}");
        not_wanted += displaced as usize - made;
    }
    assert!(not_wanted > 100, "{not_wanted}");
}

/// A Job that is over before its pods are evicted makes none anew: some 5 min after a silence, at once in a drain.
#[test]
fn a_job_may_be_over_before_its_pods_are_evicted() {
    let fate = |deadline: Option<i64>, loss: Loss| {
        let mut b = ClusterBuilder::new();
        nodes(&mut b, &[10, 10, 10]);
        let (namespace, name) = (b.intern("d"), b.intern("job"));
        let manner = Manner::Job {
            failures_left: Some(6),
            after_failure: false,
            on_disruption: Disrupted::Counts,
            deadline,
        };
        let job = Workload::new(namespace, OwnerKind::Job, name, 1);
        let workload = Some(b.add_workload(Workload { manner, ..job }));
        let mut shape = b.shape("d", Resources::new().with(ResourceId::CPU, 1));
        let effect = Some(Effect::NoExecute);
        shape.tolerations = vec![Toleration { key: None, value: None, effect, seconds: Some(300) }];
        let owner = Owner { kind: OwnerKind::Job, name: Some(name) };
        let plain = PodSpec::new("job-0", shape);
        b.add_pod(PodSpec { node: Some("n0".into()), owner, workload, ..plain }, 0);
        ask(b, loss).displaced.fates[0].1
    };
    for (deadline, loss, expected) in [
        (None, Loss::NotReady, Fate::Recreated),
        (Some(60), Loss::NotReady, Fate::JobFails),
        (Some(3_600), Loss::NotReady, Fate::Recreated),
        (Some(60), Loss::Drained, Fate::Recreated),
        (Some(60), Loss::Deleted, Fate::Recreated),
    ] {
        assert_eq!(fate(deadline, loss), expected, "{deadline:?} {loss:?}");
    }
}

/// A drain under a budget, one pod after the other: an eviction takes one of what the budget allows, and gives it back when
/// the replacement has a place.
#[test]
fn a_drain_goes_on_while_its_budget_allows() {
    let mut hung = 0;
    for seed in podfit_soak::seeds(1_000, 100_000) {
        let mut r = Random::new(seed);
        let mut b = ClusterBuilder::new();
        let (pods, room, allowed) = (r.range(1, 6), r.range(0, 6), r.range(0, 3));
        nodes(&mut b, &[100, room]);
        let (namespace, name, app) = (b.intern("d"), b.intern("web"), b.intern("app"));
        let wanted = pods as u32;
        let web = b.add_workload(Workload::new(namespace, OwnerKind::ReplicaSet, name, wanted));
        b.add_budget(Budget::new(namespace, name, Selector::default(), allowed));
        for i in 0..pods {
            let mut shape = b.shape("d", Resources::new().with(ResourceId::CPU, 1));
            shape.labels = Labels::new([(app, name)]);
            let owner = Owner { kind: OwnerKind::ReplicaSet, name: Some(name) };
            let (node, workload) = (Some("n0".to_string()), Some(web));
            let plain = PodSpec::new(format!("web-{i}"), shape);
            b.add_pod(PodSpec { node, owner, workload, ..plain }, 0);
        }
        let (mut left, mut placed, mut pending, mut kept) = (allowed, 0, 0, 0);
        for _ in 0..pods {
            if left == 0 {
                kept += 1;
            } else if placed < room {
                placed += 1;
            } else {
                (left, pending) = (left - 1, pending + 1);
            }
        }
        let answer = ask(b, Loss::Drained);
        let found = [PodVerdict::Moves, PodVerdict::Pending, PodVerdict::Stuck];
        let found = found.map(|verdict| answer.count(verdict) as i64);
        assert_eq!(found, [placed, pending, kept], "seed {seed}: {pods} {room} {allowed}");
        hung += kept;
    }
    assert!(hung > 100, "{hung}");
}
