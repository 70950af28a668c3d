//! Whose leaders go with a failure, and how long it takes until others lead.

use super::lease::{Goes, HandOver, hand_over};
use super::state::{Failures, Known, State};
use super::topology::Topology;
use crate::model::Component;

/// A part that hands over, if its leader is among those that fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leader {
    /// kube-scheduler or kube-controller-manager.
    pub part: Component,
    /// Members that worked and work no longer, by position: the leader may be one of them. If it is known, that one alone.
    pub among: Vec<usize>,
    /// Whether it must be: none of those left worked before.
    pub is_certain: bool,
    /// The hand-over, by how its leader goes: each way once.
    pub ways: Vec<HandOver>,
}

/// The hand-overs of a failure. None of a part that no member of works afterwards, or that did not work before.
pub fn hand_overs(topology: &Topology, failures: &Failures, goes: Goes) -> Vec<Leader> {
    let before = topology.state(&Failures::none(topology));
    let after = topology.state(failures);
    [Component::Scheduler, Component::ControllerManager]
        .into_iter()
        .filter_map(|part| leader(topology, part, (&before, &after), goes))
        .collect()
}

fn leader(
    topology: &Topology,
    part: Component,
    (before, after): (&State, &State),
    goes: Goes,
) -> Option<Leader> {
    let mut left = topology.of_part(part).map(|m| after.members[m]);
    if left.all(|works| works == Known::No) {
        return None;
    }
    let known = topology.leader(part);
    let among: Vec<usize> = topology
        .of_part(part)
        .filter(|&m| before.members[m] != Known::No && after.members[m] == Known::No)
        .filter(|m| known.is_none_or(|leader| leader == *m))
        .collect();
    if among.is_empty() {
        return None;
    }
    let mut ways: Vec<HandOver> = Vec::new();
    for &m in &among {
        // Of one that lives, the API server is gone.
        let goes = if after.alive[m] != Known::No { Goes::CutOff } else { released(part, goes) };
        if !ways.iter().any(|w| w.goes == goes) {
            ways.push(hand_over(&topology.lease, goes));
        }
    }
    let is_certain = known.is_some()
        || topology.of_part(part).all(|m| among.contains(&m) || before.members[m] == Known::No);
    Some(Leader { part, among, is_certain, ways })
}

/// kube-controller-manager does not give its lease back.
fn released(part: Component, goes: Goes) -> Goes {
    match (part, goes) {
        (Component::ControllerManager, Goes::Release) => Goes::Crash,
        _ => goes,
    }
}
