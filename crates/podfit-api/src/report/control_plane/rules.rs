//! What holds for any control plane, and plans of one.

use super::*;
use crate::report::common::plural;
use crate::time::Seconds;
use podfit::control_plane::{Goes, HandOver, Plan, Topology, hand_over, majority, name, tolerated};
use podfit::model::{Component, Interval};

/// Members in the table of majorities.
const QUORUM_MAX: u32 = 7;

pub(super) fn leader_election(topology: &Topology) -> LeaderElection {
    let times = &topology.lease;
    let lock = |part| format!("Lease kube-system/{}", name(part));
    LeaderElection {
        locks: [Component::Scheduler, Component::ControllerManager].map(lock).into(),
        lease_seconds: Seconds::from_ms(times.lease_ms),
        renew_deadline_seconds: Seconds::from_ms(times.renew_ms),
        retry_period_seconds: Seconds::from_ms(times.retry_ms),
        ways: [Goes::Crash, Goes::Release, Goes::CutOff].map(|g| way(&hand_over(times, g))).into(),
    }
}

fn way(hand_over: &HandOver) -> HandOverWay {
    let term = |t: &podfit::control_plane::Term| LeaseTerm {
        text: t.name.into(),
        is_subtracted: t.min_ms < 0,
        seconds: Interval::between(t.min_ms.abs(), t.max_ms.abs()).into(),
        source: t.source.into(),
    };
    HandOverWay {
        goes: hand_over.goes.into(),
        seconds: hand_over.time.into(),
        gives_up_seconds: hand_over.old_stops.map(Into::into),
        terms: hand_over.terms.iter().map(term).collect(),
    }
}

pub(super) fn quorum(topology: &Topology) -> Vec<QuorumRow> {
    let here = topology.of_part(Component::Etcd).count() as u32;
    let row = |members| QuorumRow {
        members,
        quorum: majority(members),
        tolerated: tolerated(members),
        here: topology.etcd_is_counted && members == here,
    };
    (1..=QUORUM_MAX.max(here)).map(row).collect()
}

pub(super) fn plan(topology: &Topology, plan: &Plan) -> PlanReport {
    let missing = topology.is_known().then(|| {
        let count = |part| topology.of_part(part).count() as u32;
        // Members of the other layout would have to move.
        let is_beside = |m: usize| {
            let machine = topology.members[m].machine;
            topology.on(machine).any(|o| topology.members[o].part == Component::ApiServer)
        };
        let is_meant = |m: &usize| is_beside(*m) == (plan.layout == Layout::Stacked);
        let members = topology.of_part(Component::Etcd).filter(is_meant).count() as u32;
        let balancers = topology.balancers.as_ref().map_or(0, |b| b.len() as u32);
        let wanted = [
            (plan.servers, count(Component::ApiServer), "server"),
            (plan.members, members, "member of etcd"),
            (plan.balancers, balancers, "balancer"),
        ];
        let lack = |(wanted, here, what): (u32, u32, &str)| {
            let n = wanted.saturating_sub(here);
            (n > 0).then(|| {
                if what == "member of etcd" && n > 1 {
                    format!("{n} members of etcd")
                } else {
                    plural(n as usize, what)
                }
            })
        };
        wanted.into_iter().filter_map(lack).collect()
    });
    let note = match (plan.layout, plan.documented) {
        (Layout::Stacked, _) => "a member of etcd on each server: a machine lost takes both",
        (_, true) => {
            "as the documentation has it: twice the machines, and a server lost takes no member of etcd"
        }
        (_, false) => {
            "the least that does: API servers take no vote, so that fewer of them are enough"
        }
    };
    PlanReport {
        layout: plan.layout.into(),
        servers: plan.servers,
        members: plan.members,
        machines: plan.machines,
        balancers: plan.balancers,
        survives: plan.survives,
        documented: plan.documented,
        missing,
        text: note.into(),
    }
}
