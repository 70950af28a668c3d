//! What works, in words.

use super::made::Asked;
use super::*;
use podfit::control_plane::{self, API_PORT, State, Topology, majority, name};
use podfit::model::{Component, Interval};

pub(super) fn etcd_words(topology: &Topology, state: &State) -> String {
    let all = topology.of_part(Component::Etcd).count() as u32;
    let count =
        |is: Known| topology.of_part(Component::Etcd).filter(|&m| state.alive[m] == is).count();
    let (left, open) = (count(Known::Yes), count(Known::Unknown));
    match all {
        0 => "of etcd nothing is shown".into(),
        _ if !topology.etcd_is_counted => format!(
            "whether {open} of the {all} members that API servers name work is not known, nor whether there are others"
        ),
        _ if open > 0 => {
            format!(
                "of {all} members {left} work and {open} are not known to; {} are needed",
                majority(all)
            )
        }
        _ => format!("etcd has {left} of {all} members, and needs {}", majority(all)),
    }
}

pub(super) fn capabilities(asked: &Asked<'_>) -> Vec<CapabilityReport> {
    use CapabilityCode as C;
    let Asked { topology, answer, .. } = *asked;
    let state = &answer.after;
    let shared = state.shared_api.map_or(StateCode::Unknown, Into::into);
    let reads = reads(state.etcd_writes, state.etcd_reads);
    let all = [
        (C::Api, state.api.into(), working(topology, state, Component::ApiServer)),
        (C::SharedApi, shared, shared_words(topology, state)),
        (C::EtcdWrites, state.etcd_writes.into(), etcd_words(topology, state)),
        (C::EtcdReads, reads, reads_words(reads).into()),
        (C::Scheduling, state.scheduling.into(), working(topology, state, Component::Scheduler)),
        (
            C::Controllers,
            state.controllers.into(),
            working(topology, state, Component::ControllerManager),
        ),
    ];
    let part = |code| match code {
        C::Scheduling => Some(Component::Scheduler),
        C::Controllers => Some(Component::ControllerManager),
        _ => None,
    };
    let hand_over = |code| {
        let leader = answer.leaders.iter().find(|l| Some(l.part) == part(code))?;
        let seconds = leader.ways.iter().map(|w| w.time).reduce(Interval::hull)?;
        Some(HandOverReport {
            among: leader.among.iter().map(|&m| topology.member_name(m)).collect(),
            is_certain: leader.is_certain,
            goes: leader.ways.iter().map(|w| w.goes.into()).collect(),
            seconds: seconds.into(),
        })
    };
    let report =
        |(code, state, text)| CapabilityReport { hand_over: hand_over(code), code, state, text };
    all.map(report).into()
}

/// Which members of a part work.
fn working(topology: &Topology, state: &State, part: Component) -> String {
    let of = |wanted| -> Vec<&str> {
        let all = topology.of_part(part).filter(|&m| state.members[m] == wanted);
        all.map(|m| topology.machines[topology.members[m].machine].name.as_str()).collect()
    };
    let (works, open) = (of(Known::Yes), of(Known::Unknown));
    let leader = topology.leader(part).filter(|&m| state.members[m] == Known::Yes);
    let leader = leader.map(|m| &topology.machines[topology.members[m].machine].name);
    let is_shown = topology.of_part(part).next().is_some();
    let (one, many) = match part {
        Component::ApiServer => ("serves", "serve, all at once"),
        _ => ("works", "can: one leads, the others wait"),
    };
    let part = name(part);
    match (works.as_slice(), open.as_slice()) {
        ([], []) if is_shown => format!("no {part} works"),
        ([], []) => format!("the input shows no {part}"),
        ([], open) => format!("{part} on {}: not known", open.join(", ")),
        ([only], _) => format!("{part} on {only} {one}"),
        (works, _) if let Some(leader) = leader => {
            format!("{part} on {} can: {leader} leads, the others wait", works.join(", "))
        }
        (works, _) => format!("{part} on {} {many}", works.join(", ")),
    }
}

fn shared_words(topology: &Topology, state: &State) -> String {
    let servers: Vec<&str> = topology
        .of_part(Component::ApiServer)
        .filter(|&m| state.members[m] == Known::Yes)
        .map(|m| topology.machines[topology.members[m].machine].name.as_str())
        .collect();
    match (topology.balancers.as_deref(), state.balancer, state.shared_api) {
        (None, ..) => {
            "the input does not say what kubelets and clients ask: a balancer or one server".into()
        }
        (Some([]), _, Some(Known::Yes)) => {
            "no balancer: each client names one server, and all of them serve".into()
        }
        (Some([]), _, Some(Known::Unknown)) => {
            format!("no balancer: who names a server other than {} is cut off", servers.join(", "))
        }
        (Some([]), ..) => "no balancer, and no server serves".into(),
        (Some(_), Some(Known::No), _) => match servers.first() {
            Some(server) => format!(
                "no balancer is left: kubelets and clients that use its address are cut off, and their nodes become not ready; \
                 kubectl can name {server}:{API_PORT} itself"
            ),
            None => "no balancer is left, and no server serves".into(),
        },
        (Some(all), _, Some(Known::No)) => {
            format!("{} passes to no server: none serves", all.join(", "))
        }
        (Some(all), ..) => {
            format!(
                "{} (port {API_PORT}) passes to {}",
                all.join(", "),
                if servers.is_empty() {
                    "servers of which it is not known whether they work".into()
                } else {
                    servers.join(", ")
                }
            )
        }
    }
}

/// Reads of etcd: without a majority they may be old.
pub(super) fn reads(writes: Known, reads: Known) -> StateCode {
    match (writes, reads) {
        (Known::No, Known::Yes) => StateCode::Stale,
        (Known::Unknown, _) => StateCode::Unknown,
        (_, reads) => reads.into(),
    }
}

fn reads_words(reads: StateCode) -> &'static str {
    match reads {
        StateCode::Works => "any member answers",
        StateCode::Stale => {
            "members that are left answer serializable reads alone, which may be old"
        }
        StateCode::Down => "no member is left",
        StateCode::Unknown => "not known",
    }
}

pub(super) fn effects(state: &State) -> Vec<EffectReport> {
    let report = |e: podfit::control_plane::Effect| EffectReport {
        code: e.kind.into(),
        state: e.goes_on.into(),
        text: e.text.into(),
    };
    control_plane::effects(state).into_iter().map(report).collect()
}
