//! The questions: fates by owner and kind of loss, the control plane, moves, audits.

use podfit::model::{
    Cluster, ClusterBuilder, Component, Effect, Gap, Labels, Loss, NodeSpec, Owner, OwnerKind,
    PodSpec, ResourceId, Resources, Taint, Toleration,
};
use podfit::planner::{
    AuditQuestion, Options, Planner, PodVerdict, Proof, Scope, Stall, Verdict, WhatIf,
    WhatIfQuestion, standing,
};
use podfit::solve::Certificate;
use std::sync::Arc;

/// Nodes a, b, c … with room for `room` pods each.
fn nodes(b: &mut ClusterBuilder, count: usize, room: i64) {
    for name in ["a", "b", "c", "d"].iter().take(count) {
        let label = (b.intern("zone"), b.intern(if *name == "a" { "one" } else { "two" }));
        let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, room);
        let labels = Labels::new([label]);
        b.add_node(
            NodeSpec { name: (*name).into(), labels, allocatable, ..NodeSpec::default() },
            0,
        );
    }
}

/// A pod of one unit of CPU.
fn pod(b: &mut ClusterBuilder, name: &str, kind: OwnerKind, node: Option<&str>) -> PodSpec {
    let shape = b.shape("default", Resources::new().with(ResourceId::CPU, 1));
    PodSpec {
        node: node.map(str::to_string),
        owner: Owner { kind, name: None },
        ..PodSpec::new(name, shape)
    }
}

fn ask(cluster: Cluster, lost: &[&str], loss: Loss, moves_max: u64) -> WhatIf {
    let lost = lost.iter().map(|n| cluster.find_node(n).expect("a node")).collect();
    let question =
        WhatIfQuestion { lost, loss, moves_max, explain: true, hint: true, ..Default::default() };
    Planner::new(Arc::new(cluster)).what_if(&question, &Options::default()).expect("refereed")
}

/// One pod of `kind` on a, room for it on b: its verdict and that of the whole.
fn fate_of(
    kind: OwnerKind,
    loss: Loss,
    change: impl Fn(&mut ClusterBuilder, &mut PodSpec),
) -> (PodVerdict, Verdict) {
    let mut b = ClusterBuilder::new();
    nodes(&mut b, 2, 10);
    let mut pod = pod(&mut b, "p", kind, Some("a"));
    change(&mut b, &mut pod);
    b.add_pod(pod, 0);
    let answer = ask(b.build().expect("valid"), &["a"], loss, 0);
    (answer.pods[0].verdict, answer.verdict)
}

#[test]
fn a_node_out_of_service_lets_a_stateful_set_go() {
    let mut b = ClusterBuilder::new();
    nodes(&mut b, 1, 10);
    let taint = Taint {
        key: b.intern("node.kubernetes.io/out-of-service"),
        value: b.intern("nodeshutdown"),
        effect: Effect::NoExecute,
    };
    let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, 10);
    let lost =
        NodeSpec { name: "z".into(), taints: vec![taint], allocatable, ..NodeSpec::default() };
    b.add_node(lost, 0);
    let pod = pod(&mut b, "p", OwnerKind::StatefulSet, Some("z"));
    b.add_pod(pod, 0);
    let answer = ask(b.build().expect("valid"), &["z"], Loss::NotReady, 0);
    assert_eq!((answer.pods[0].verdict, answer.verdict), (PodVerdict::Moves, Verdict::Survives));
}

#[test]
fn owner_and_loss_decide_the_fate() {
    use Loss::{Deleted, Drained, NotReady};
    use PodVerdict::{Gone, Lost, Moves, Stays, Stuck};
    let rows = [
        (OwnerKind::ReplicaSet, [Moves, Moves, Moves]),
        (OwnerKind::Job, [Moves, Moves, Moves]),
        (OwnerKind::StatefulSet, [Stuck, Moves, Moves]),
        (OwnerKind::DaemonSet, [Gone, Gone, Stays]),
        (OwnerKind::Static, [Gone, Gone, Stays]),
        (OwnerKind::Bare, [Lost, Lost, Lost]),
    ];
    for (kind, expected) in rows {
        for (loss, expected) in [NotReady, Deleted, Drained].into_iter().zip(expected) {
            let (pod, whole) = fate_of(kind, loss, |_, _| ());
            assert_eq!(pod, expected, "{kind:?} {loss:?}");
            let losses = matches!(expected, Lost | Stuck);
            let verdict = if losses { Verdict::SurvivesWithLosses } else { Verdict::Survives };
            assert_eq!(whole, verdict, "{kind:?} {loss:?}");
        }
    }
}

#[test]
fn a_pod_that_bears_an_unreachable_node_for_ever_is_stuck() {
    let with = |seconds: Option<i64>| {
        move |b: &mut ClusterBuilder, pod: &mut PodSpec| {
            let key = Some(b.intern("node.kubernetes.io/unreachable"));
            let effect = Some(Effect::NoExecute);
            pod.shape.tolerations = vec![Toleration { key, value: None, effect, seconds }];
        }
    };
    let verdict = |loss, seconds| fate_of(OwnerKind::ReplicaSet, loss, with(seconds)).0;
    assert_eq!(verdict(Loss::NotReady, None), PodVerdict::Stuck);
    assert_eq!(verdict(Loss::NotReady, Some(300)), PodVerdict::Moves);
    assert_eq!(verdict(Loss::Deleted, None), PodVerdict::Moves);
}

#[test]
fn what_is_not_known_makes_the_whole_unknown() {
    let (pod, whole) = fate_of(OwnerKind::ReplicaSet, Loss::NotReady, |b, pod| {
        pod.gaps = vec![Gap { code: "claim-not-in-input", what: b.intern("data") }];
    });
    assert_eq!(pod, PodVerdict::NotEvaluated);
    assert!(matches!(whole, Verdict::Unknown(_)), "{whole:?}");
}

#[test]
fn what_is_not_known_stays_so_while_pods_wait() {
    let mut b = ClusterBuilder::new();
    nodes(&mut b, 2, 10);
    let api = pod(&mut b, "api", OwnerKind::Static, Some("a"));
    b.add_pod(PodSpec { component: Some(Component::ApiServer), ..api }, 0);
    let gap = Gap { code: "claim-not-in-input", what: b.intern("data") };
    let web = pod(&mut b, "web", OwnerKind::ReplicaSet, Some("a"));
    b.add_pod(PodSpec { gaps: vec![gap], ..web }, 0);
    let answer = ask(b.build().expect("valid"), &["a"], Loss::NotReady, 0);
    assert_eq!(answer.count(PodVerdict::Waiting), 1);
    assert!(matches!(answer.recovered, Verdict::Unknown(_)), "{:?}", answer.recovered);
}

#[test]
fn with_no_node_left_nothing_fits() {
    let mut b = ClusterBuilder::new();
    nodes(&mut b, 2, 10);
    let web = pod(&mut b, "web", OwnerKind::ReplicaSet, Some("a"));
    b.add_pod(web, 0);
    let answer = ask(b.build().expect("valid"), &["a", "b"], Loss::NotReady, 0);
    assert_eq!((answer.verdict, answer.fits), (Verdict::Down, Some(false)));
    assert!(answer.displaced.because.is_empty());
}

/// Three nodes with one etcd member each, the other parts on `others`; a pod on a.
fn control_plane(others: &[&str], lost: &[&str], loss: Loss) -> WhatIf {
    let mut b = ClusterBuilder::new();
    nodes(&mut b, 3, 10);
    for node in ["a", "b", "c"] {
        let etcd = pod(&mut b, &format!("etcd-{node}"), OwnerKind::Static, Some(node));
        b.add_pod(PodSpec { component: Some(Component::Etcd), ..etcd }, 0);
    }
    let parts = [Component::ApiServer, Component::Scheduler, Component::ControllerManager];
    for node in others {
        for part in parts {
            let spec = pod(&mut b, &format!("{part:?}-{node}"), OwnerKind::Static, Some(node));
            b.add_pod(PodSpec { component: Some(part), ..spec }, 0);
        }
    }
    let web = pod(&mut b, "web", OwnerKind::ReplicaSet, Some("a"));
    b.add_pod(web, 0);
    ask(b.build().expect("valid"), lost, loss, 0)
}

#[test]
fn without_a_control_plane_pods_wait() {
    let down = |answer: &WhatIf| answer.control_plane.is_down();
    let lost = control_plane(&["a"], &["a"], Loss::NotReady);
    assert!(down(&lost));
    assert_eq!(lost.count(PodVerdict::Waiting), 1);
    assert_eq!(lost.verdict, Verdict::Stalls(Stall::ControlPlane));
    assert_eq!((lost.recovered, lost.fits), (Verdict::Survives, Some(true)));
    // A second instance, or a drain, keeps it up; one etcd member of three may go, two may not.
    assert!(!down(&control_plane(&["a", "b"], &["a"], Loss::NotReady)));
    assert!(!down(&control_plane(&["a"], &["a"], Loss::Drained)));
    let quorum_lost = control_plane(&["a", "b", "c"], &["a", "b"], Loss::NotReady);
    assert_eq!(quorum_lost.control_plane.words().unwrap(), "etcd has 1 of 3 members, and needs 2");
}

#[test]
fn labelled_nodes_stand_for_a_control_plane_that_is_not_in_the_input() {
    let mut b = ClusterBuilder::new();
    let role = (b.intern("node-role.kubernetes.io/control-plane"), b.intern(""));
    nodes(&mut b, 1, 10);
    let allocatable = Resources::new().with(ResourceId::PODS, 110);
    let labels = Labels::new([role]);
    b.add_node(NodeSpec { name: "cp".into(), labels, allocatable, ..NodeSpec::default() }, 0);
    let answer = ask(b.build().expect("valid"), &["cp"], Loss::NotReady, 0);
    assert!(answer.control_plane.down.iter().all(|o| o.assumed));
    assert_eq!(answer.verdict, Verdict::Stalls(Stall::ControlPlane));
}

/// a: one pod of 4; b: 6 of 10 used in 2 + 4 units; c: 7 of 10. The pod of 4 fits b at once; with 5 it does not,
/// unless one pod moves.
fn tight(size: i64) -> Cluster {
    let mut b = ClusterBuilder::new();
    nodes(&mut b, 3, 10);
    for (name, size, node) in [("w", size, "a"), ("x", 2, "b"), ("y", 4, "b"), ("z", 7, "c")] {
        let mut spec = pod(&mut b, name, OwnerKind::ReplicaSet, Some(node));
        spec.shape.requests.set(ResourceId::CPU, size);
        b.add_pod(spec, 0);
    }
    b.build().expect("valid")
}

#[test]
fn a_move_makes_room_and_no_more_moves_than_needed() {
    let fixed = ask(tight(5), &["a"], Loss::NotReady, 0);
    assert_eq!((fixed.verdict, fixed.scope), (Verdict::DoesNotFit, Scope::SurvivorsFixed));
    assert_eq!(fixed.proof, Some(Proof::Bound(Certificate::IntegerSum)));
    let allowing = fixed.pods[0].why.as_ref().expect("asked for").explanation.allowed().count();
    assert_eq!(allowing, 0, "no node allows a pending pod");
    let moved = ask(tight(5), &["a"], Loss::NotReady, 3);
    assert_eq!((moved.verdict.clone(), moved.scope), (Verdict::Survives, Scope::MovesAllowed(3)));
    assert_eq!(moved.plan.levels.last().map(|l| (l.objective, l.bound)), Some((1, Some(1))));
    assert_eq!(moved.count(PodVerdict::Moves), 2);
    let unneeded = ask(tight(4), &["a"], Loss::NotReady, 3);
    assert_eq!(unneeded.plan.levels.last().map(|l| (l.objective, l.bound)), Some((0, Some(0))));
}

#[test]
fn audits_ask_singles_pairs_and_domains() {
    let planner = Planner::new(Arc::new(tight(4)));
    let audit =
        |question: AuditQuestion| planner.audit(&question, &Options::default()).expect("refereed");
    let singles = audit(AuditQuestion::default());
    let verdicts: Vec<&Verdict> = singles.cases.iter().map(|c| &c.verdict).collect();
    // a: w fits b. b: x and y do not both fit. c: z fits nowhere but on a? a has 6 left: no.
    assert_eq!(verdicts, [&Verdict::Survives, &Verdict::Survives, &Verdict::DoesNotFit]);
    let pairs = audit(AuditQuestion { k: 2, ..AuditQuestion::default() });
    assert_eq!((pairs.cases.len(), pairs.cases_all), (6, 6));
    let cut = audit(AuditQuestion { k: 2, cases_max: 4, ..AuditQuestion::default() });
    assert_eq!((cut.cases.len(), cut.cases_all), (4, 6));
    let zones = audit(AuditQuestion { domain: Some("zone".into()), ..AuditQuestion::default() });
    let names: Vec<_> = zones.cases.iter().map(|c| (c.domain.as_deref(), c.lost.len())).collect();
    assert_eq!(names, [(Some("one"), 1), (Some("two"), 2)]);
}

#[test]
fn pending_pods_are_placed_on_few_nodes_if_asked() {
    let mut b = ClusterBuilder::new();
    nodes(&mut b, 3, 10);
    for i in 0..10 {
        let spec = pod(&mut b, &format!("p{i}"), OwnerKind::ReplicaSet, None);
        b.add_pod(spec, 0);
    }
    let planner = Planner::new(Arc::new(b.build().expect("valid")));
    let placed = planner.place(true, &Options::default()).expect("refereed");
    assert_eq!(placed.verdict, Verdict::Survives);
    let used = placed.plan.levels.last().expect("the level of nodes");
    assert_eq!((used.objective, used.bound), (1, Some(1)));
}

#[test]
fn what_stands_wrongly_is_found() {
    let mut b = ClusterBuilder::new();
    nodes(&mut b, 1, 1);
    for name in ["p", "q"] {
        let spec = pod(&mut b, name, OwnerKind::ReplicaSet, Some("a"));
        b.add_pod(spec, 0);
    }
    let planner = Planner::new(Arc::new(b.build().expect("valid")));
    assert_eq!(standing(&planner).len(), 2);
}
