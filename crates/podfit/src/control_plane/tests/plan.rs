use crate::control_plane::{Failures, Known};
use crate::control_plane::{
    Finding, Goes, Layout, SURVIVE_MAX, Topology, findings, hand_overs, majority, plans, survey,
    tolerated, with_members,
};
use crate::model::Component;

#[test]
fn the_table_of_majorities() {
    let table: Vec<(u32, u32)> = (1..=7).map(|n| (majority(n), tolerated(n))).collect();
    assert_eq!(table, [(1, 0), (2, 0), (2, 1), (3, 1), (3, 2), (4, 2), (4, 3)]);
    assert_eq!(tolerated(0), 0);
}

/// The search finds what can be counted by hand: 2n + 1 stacked; as many again beside, where the servers take no vote n + 1.
#[test]
fn the_fewest_machines_that_survive() {
    for survive in 0..=SURVIVE_MAX {
        let plans = plans(survive).unwrap();
        let sizes: Vec<_> =
            plans.iter().map(|p| (p.layout, p.servers, p.members, p.machines)).collect();
        let n = 2 * survive + 1;
        let expected = [
            (Layout::Stacked, n, n, n),
            (Layout::External, n, n, 2 * n),
            (Layout::External, survive + 1, n, survive + 1 + n),
        ];
        assert_eq!(sizes, expected);
        assert!(plans.iter().all(|p| p.balancers == survive + 1 && p.survives == survive));
        assert_eq!(with_members(n), Some(plans));
    }
    assert_eq!(plans(SURVIVE_MAX + 1), None);
    for wrong in [0, 2, 4, 6, 8, 9, u32::MAX] {
        assert_eq!(with_members(wrong), None, "{wrong}");
    }
}

#[test]
fn the_survey_asks_every_set_and_counts_those_left_out() {
    let topology = Topology::new(3, None, 2);
    let all = survey(&topology, 2, 10_000);
    // Nothing, 12 members, 5 machines and balancers, 10 pairs.
    assert_eq!((all.cases.len(), all.left_out, all.complete_to), (1 + 12 + 5 + 10, 0, 2));
    assert_eq!(all.survives(), Some(1));
    let some = survey(&topology, 2, 20);
    assert_eq!((some.cases.len(), some.left_out, some.complete_to), (20, 8, 1));
    assert_eq!(some.survives(), Some(1));
    let few = survey(&topology, 5, 5);
    assert_eq!((few.cases.len(), few.left_out, few.complete_to), (5, 8 + 5 + 10 + 10 + 5 + 1, 0));
    assert_eq!(survey(&Topology::new(2, None, 1), 1, 100).survives(), Some(0));
    assert_eq!(survey(&Topology::default(), 3, 100).survives(), None);
}

#[test]
fn what_is_weak() {
    let codes = |t: &Topology| findings(t).iter().map(Finding::code).collect::<Vec<_>>();
    assert_eq!(
        codes(&Topology::new(1, None, 1)),
        ["etcd-no-loss-tolerated", "api-server-single", "balancer-single"]
    );
    assert_eq!(codes(&Topology::new(2, None, 1)), ["etcd-no-loss-tolerated", "balancer-single"]);
    assert_eq!(codes(&Topology::new(3, None, 2)), Vec::<&str>::new());
    assert_eq!(codes(&Topology::new(4, None, 0)), ["etcd-even-members", "balancer-none"]);
    assert_eq!(codes(&Topology::new(2, Some(3), 2)), Vec::<&str>::new());
    assert_eq!(codes(&Topology::default()), Vec::<&str>::new());
    let two = &findings(&Topology::new(2, None, 2))[0];
    assert_eq!(
        two.cause(&Topology::new(2, None, 2)),
        "etcd has 2 members and needs 2: two tolerate no loss"
    );
}

/// Which leaders go, and how: those on the machine crash; those whose API server is gone are cut off.
#[test]
fn leaders_that_go() {
    let topology = Topology::new(3, None, 1);
    let fail = |names: &[&str]| {
        let mut failures = Failures::none(&topology);
        for m in 0..topology.members.len() {
            failures.members[m] = names.contains(&topology.member_name(m).as_str());
        }
        failures
    };
    let ways = |names: &[&str], goes| {
        hand_overs(&topology, &fail(names), goes)
            .iter()
            .map(|l| (l.part, l.is_certain, l.ways.iter().map(|w| w.goes).collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    let (s, c) = (Component::Scheduler, Component::ControllerManager);
    assert_eq!(ways(&["m1:kube-scheduler"], Goes::Crash), [(s, false, vec![Goes::Crash])]);
    let both = |way| [(s, false, vec![way]), (c, false, vec![way])];
    assert_eq!(ways(&["m1:kube-apiserver"], Goes::Crash), both(Goes::CutOff));
    assert_eq!(ways(&["m1:etcd"], Goes::Release), both(Goes::CutOff));
    let machine =
        ["m1:etcd", "m1:kube-apiserver", "m1:kube-scheduler", "m1:kube-controller-manager"];
    assert_eq!(ways(&machine, Goes::Crash), both(Goes::Crash));
    assert_eq!(
        ways(&machine, Goes::Release),
        [(s, false, vec![Goes::Release]), (c, false, vec![Goes::Crash])],
        "the controller-manager keeps its lease"
    );
    // One scheduler crashes, another is cut off: either may lead.
    assert_eq!(
        ways(&["m1:kube-scheduler", "m2:kube-apiserver"], Goes::Crash),
        [(s, false, vec![Goes::Crash, Goes::CutOff]), (c, false, vec![Goes::CutOff])]
    );
    // None is left: nobody takes over.
    assert_eq!(ways(&["m1:etcd", "m2:etcd"], Goes::Crash), []);
    assert_eq!(topology.state(&fail(&["m1:etcd", "m2:etcd"])).etcd_reads, Known::Yes);
}
