//! The worked numbers, and a case for each way to go.

use super::world::{World, bare};
use podfit::model::{Budget, Component, Interval, Loss, Manner, OwnerKind, Selector};
use podfit::planner::{Action, Away, PodTimeline, Return, Term, TermCode, Times, grace_period};

fn ms(min: i64, max: i64) -> Interval {
    Interval::between(min, max)
}

/// One pod on a, b is left.
fn alone(loss: Loss, times: &Times, kind: OwnerKind, seconds: Option<i64>) -> PodTimeline {
    let mut w = World::new(&["a", "b"]);
    w.pod("p", "a", kind, seconds, |_, _| {});
    w.lose(&["a"], loss, times).1.pods.remove(0)
}

fn by_settings(pod: &PodTimeline) -> Interval {
    pod.evicted.as_ref().expect("evicted").by_settings()
}

fn total(pod: &PodTimeline) -> Interval {
    pod.back.as_ref().expect("it comes back").total()
}

#[test]
fn a_silent_node_by_version_and_toleration() {
    for (minor, tolerated, seconds) in
        [(31, 300, 340), (32, 300, 350), (31, 30, 70), (36, 30, 80), (20, 0, 40)]
    {
        let times = Times { grace: grace_period(Some(minor)), ..bare(0) };
        let pod = alone(Loss::NotReady, &times, OwnerKind::Deployment, Some(tolerated));
        assert_eq!(by_settings(&pod), Interval::seconds(seconds), "1.{minor}, {tolerated} s");
        // A heartbeat up to 10.4 s before; looks of 5 s, one more until the taint.
        assert_eq!(total(&pod), ms(seconds * 1000 - 10_400 + 5_000, seconds * 1000 + 15_100));
    }
    let any = Times { grace: grace_period(None), ..bare(0) };
    let pod = alone(Loss::NotReady, &any, OwnerKind::Deployment, Some(300));
    assert_eq!(by_settings(&pod), ms(340_000, 350_000));
}

/// The master is back 180 s after the device has noticed its loss.
#[test]
fn a_master_that_fails_over() {
    for (grace, [min, max]) in [(40, [545_000, 549_400]), (50, [555_000, 559_400])] {
        let silent = Term::setting(TermCode::HostSilent, Interval::seconds(10));
        let away = Away::returns([silent], (Interval::seconds(180), false));
        let times = Times { away, ..bare(grace) };
        let pod = alone(Loss::NotReady, &times, OwnerKind::Deployment, Some(300));
        assert_eq!(by_settings(&pod), ms(min, max));
        // The new controller sees every node as just alive; its looks come on top.
        assert_eq!(total(&pod), ms(min + 5_000, max + 10_100));
    }
}

#[test]
fn other_ways_to_go() {
    let times = bare(50);
    let deleted = alone(Loss::Deleted, &times, OwnerKind::Deployment, Some(300));
    assert_eq!(total(&deleted), ms(40_000, 80_000));
    let drained = alone(Loss::Drained, &times, OwnerKind::Deployment, Some(300));
    assert_eq!((total(&drained), drained.down), (Interval::ZERO, Some(Interval::ZERO)));
    let numbered = alone(Loss::Drained, &times, OwnerKind::StatefulSet, Some(300));
    assert_eq!(total(&numbered), ms(0, 30_000), "the old pod ends first");
    let returns = |kind, seconds| alone(Loss::NotReady, &times, kind, seconds).returns;
    assert_eq!(returns(OwnerKind::Deployment, Some(300)), Return::Back);
    assert_eq!(returns(OwnerKind::Deployment, None), Return::Acts);
    assert_eq!(returns(OwnerKind::StatefulSet, Some(300)), Return::Acts);
    assert_eq!(returns(OwnerKind::Bare, Some(300)), Return::Never);
    assert_eq!(returns(OwnerKind::DaemonSet, None), Return::WithNode);
    assert_eq!(alone(Loss::Drained, &times, OwnerKind::DaemonSet, None).returns, Return::RunsOn);
}

#[test]
fn what_an_operator_does_for_a_stateful_set() {
    let mut w = World::new(&["a", "b"]);
    w.pod("db-0", "a", OwnerKind::StatefulSet, Some(300), |w, spec| {
        spec.attached = vec![w.0.intern("data")];
    });
    let pod = w.lose(&["a"], Loss::NotReady, &bare(50)).1.pods.remove(0);
    let acted: Vec<_> = pod.acted.iter().map(|a| (a.action, a.path.total())).collect();
    let expected = [
        (Action::OutOfService, ms(0, 20_100)),
        (Action::ForceDelete, ms(360_000, 360_100)),
        (Action::DeleteNode, ms(400_000, 440_100)),
    ];
    assert_eq!(acted, expected);
    assert_eq!(by_settings(&pod), Interval::seconds(350), "Terminating from then on");
    let forever = alone(Loss::NotReady, &bare(50), OwnerKind::Deployment, None);
    assert!(
        forever.acted.iter().all(|a| a.action != Action::OutOfService),
        "it tolerates that too"
    );
}

#[test]
fn nodes_of_a_zone_wait_for_each_other() {
    let lose = |nodes: &[&str]| {
        let mut w = World::new(nodes);
        w.web("p", "a", 0);
        w.lose(&["a", "b"], Loss::NotReady, &bare(40)).1.pods.remove(0)
    };
    assert_eq!(by_settings(&lose(&["a", "b", "c", "d"])), ms(40_000, 50_100));
    assert_eq!(by_settings(&lose(&["x:a", "y:b", "x:c", "y:d"])), ms(40_000, 40_000));
}

#[test]
fn another_leader_takes_over() {
    let lose = |lost: &str| {
        let mut w = World::new(&["a", "b", "c", "d"]);
        for node in ["a", "b", "c"] {
            w.member(Component::ControllerManager, node);
            w.member(Component::Etcd, node);
        }
        w.web("p", lost, 300);
        let timeline = w.lose(&[lost], Loss::NotReady, &bare(40)).1;
        timeline.recovered.expect("one comes back")
    };
    let plain = lose("d");
    assert_eq!(lose("a"), ms(plain.min_ms(), plain.max_ms().expect("known") + 23_800));
}

#[test]
fn a_control_plane_that_is_lost_is_waited_for() {
    let world = || {
        let mut w = World::new(&["a", "b"]);
        w.member(Component::ApiServer, "a");
        w.web("p", "a", 300);
        w
    };
    let timeline = world().lose(&["a"], Loss::NotReady, &bare(40)).1;
    let web = timeline.pods.iter().find(|p| p.returns != Return::WithNode).expect("the pod");
    assert_eq!((web.returns, &web.back, timeline.recovered), (Return::ControlPlane, &None, None));
    assert_eq!(timeline.tainted, None);
    let away = Away::returns([], (Interval::seconds(100), false));
    let timeline = world().lose(&["a"], Loss::NotReady, &Times { away, ..bare(40) }).1;
    assert_eq!(timeline.recovered, Some(ms(460_000, 469_500)));
}

#[test]
fn pods_of_a_stateful_set_come_one_after_the_other() {
    let mut w = World::new(&["a", "b"]);
    let manner = Manner::Numbered { start: 0, in_order: true };
    let set = w.workload("db", OwnerKind::StatefulSet, manner);
    for name in ["db-1", "db-0"] {
        w.pod(name, "a", OwnerKind::StatefulSet, Some(300), |_, s| s.workload = Some(set));
    }
    let times = Times { start: (ms(10_000, 20_000), false), ..bare(40) };
    let (cluster, timeline) = w.lose(&["a"], Loss::Deleted, &times);
    let of = |name: &str| {
        let mut pods = timeline.pods.iter();
        total(pods.find(|p| cluster.str(cluster.pod(p.pod).name) == name).expect("the pod"))
    };
    assert_eq!(of("db-0"), ms(50_000, 100_000));
    assert_eq!(of("db-1"), ms(60_000, 120_000));
}

#[test]
fn a_drain_waits_for_its_budget() {
    let mut w = World::new(&["a", "b"]);
    for name in ["p", "q", "r"] {
        w.web(name, "a", 300);
    }
    let (namespace, name) = (w.0.intern("default"), w.0.intern("pdb"));
    w.0.add_budget(Budget::new(namespace, name, Selector::default(), 1));
    let times = Times { start: (ms(10_000, 20_000), false), ..bare(40) };
    let timeline = w.lose(&["a"], Loss::Drained, &times).1;
    for pod in &timeline.pods {
        assert_eq!(total(pod), ms(10_000, 20_000 + 2 * 25_000), "two rounds before it at most");
        assert_eq!(pod.down, Some(ms(10_000, 20_000)), "it runs until its turn comes");
    }
}

#[test]
fn a_volume_on_a_deleted_node_takes_six_minutes() {
    let mut w = World::new(&["a", "b"]);
    w.pod("p", "a", OwnerKind::Deployment, Some(300), |w, s| s.attached = vec![w.0.intern("data")]);
    let timeline = w.lose(&["a"], Loss::Deleted, &bare(40)).1;
    assert_eq!(timeline.recovered, Some(ms(400_000, 440_100)));
}
