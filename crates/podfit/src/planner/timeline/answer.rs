//! The timeline of all pods.

use super::order::{by_budget, in_order};
use super::path::Roads;
use super::term::{Path, Term, TermCode};
use super::times::{Action, Away, Times, leader_lost};
use crate::model::{Component, Interval, Loss, NodeId, PodId};
use crate::planner::Planner;
use crate::planner::ask::{PodOutcome, WhatIf, WhatIfQuestion};
use crate::planner::loss::Fate;
use crate::planner::plan::Scope;
use crate::schedule::Departure;
use std::collections::BTreeMap;

/// Whether a pod comes back, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Return {
    /// By itself.
    Back,
    /// It is never away: it runs on where it is.
    RunsOn,
    /// Once an operator acts, or its node is back.
    Acts,
    /// Once the control plane is back, and when that is is not known.
    ControlPlane,
    /// Once there is room, a gate is lifted, a quota allows it or its turn comes.
    NoPlace,
    /// With its node: DaemonSet and static pods.
    WithNode,
    /// Nothing makes it again.
    Never,
}

/// Once an operator acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    /// What is done.
    pub action: Action,
    /// From then on until the pod is ready.
    pub path: Path,
}

/// One pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodTimeline {
    /// The pod.
    pub pod: PodId,
    /// Where it goes.
    pub to: Option<NodeId>,
    /// Whether it comes back.
    pub returns: Return,
    /// From the failure until it is evicted; `None` where it is not, or when is not known.
    pub evicted: Option<Path>,
    /// From the failure until it is ready again; `None` where it does not come back by itself, or when is not known.
    pub back: Option<Path>,
    /// How long it does not run, where that is known: of a drain from its eviction on.
    pub down: Option<Interval>,
    /// What an operator may do, if it waits for one.
    pub acted: Vec<Acted>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Until the lost nodes have their taints, the first at least; `None` where nothing is detected or when is not known.
    pub tainted: Option<Path>,
    /// Until pods on lost nodes are no endpoints of services any more; `None` where when is not known.
    pub noticed: Option<Interval>,
    /// Until the last pod that comes back by itself is ready; `None` where none does.
    pub recovered: Option<Interval>,
    /// Pods that the loss touches, in the order of the input.
    pub pods: Vec<PodTimeline>,
}

impl Planner {
    /// When pods are back after the loss that `answer` is about. Nodes that are isolated are as silent as dead ones;
    /// their pods run on meanwhile.
    pub fn timeline(
        &self,
        question: &WhatIfQuestion,
        answer: &WhatIf,
        isolated: bool,
        times: &Times,
    ) -> Timeline {
        let drained = question.loss == Loss::Drained;
        let is_down = answer.control_plane.is_down();
        let times = &away_if(is_down, times);
        let roads = self.roads(question, is_down, times);
        let departures = self.departures(question);
        let mut made: [BTreeMap<PodId, Path>; 3] = Default::default();
        let touched: Vec<&PodOutcome> = answer.pods.iter().filter(|p| p.fate.is_some()).collect();
        let path = |o: &&PodOutcome| Some((o.pod, roads.evicted(&departures.get(&o.pod)?.0)?));
        let mut evicted: BTreeMap<PodId, Path> = touched.iter().filter_map(path).collect();
        let loss_of = |pod: PodId| departures.get(&pod).map_or(question.loss, |d| d.1);
        // From its eviction on.
        let onward = |pod| {
            let loss = loss_of(pod);
            let made = roads.made(Path::default(), pod, loss);
            roads.ready(made, &Path::default(), pod, loss)
        };
        if drained {
            by_budget(&roads, &mut evicted, onward);
        }
        let preemption = self.preemption(answer);
        for outcome in touched.iter().filter(|o| comes(o)) {
            let pod = outcome.pod;
            let Some(path) = evicted.get(&pod) else { continue };
            let refused = answer.displaced.fate_of(pod) == Some(Fate::RefusedAtFirst);
            let quota = refused.then(|| Term::looped(TermCode::Quota, Interval::at_least(0)));
            let path = roads.made(path.clone(), pod, loss_of(pod)).and(quota).and(preemption);
            made[loss_of(pod) as usize].insert(pod, path);
        }
        for loss in [Loss::NotReady, Loss::Deleted, Loss::Drained] {
            in_order(&roads, &mut made[loss as usize], |path, pod| {
                roads.ready(path, &evicted[&pod], pod, loss)
            });
        }
        let back_of = |pod: PodId| {
            let loss = loss_of(pod);
            let path = made[loss as usize].get(&pod)?;
            Some(roads.ready(path.clone(), &evicted[&pod], pod, loss))
        };
        let one = |outcome: &&PodOutcome| {
            let pod = outcome.pod;
            let back = back_of(pod).filter(|_| outcome.to.is_some());
            let returns = match outcome.fate {
                // A drain that hangs leaves it alone.
                Some(Fate::Halted) if drained => Return::RunsOn,
                _ => returns(outcome, back.is_some(), &times.away),
            };
            let back = back.filter(|_| returns == Return::Back);
            let runs_meanwhile = isolated && loss_of(pod) == Loss::NotReady;
            let down = back.as_ref().filter(|_| !runs_meanwhile).map(|path| match drained {
                true => onward(pod).total(),
                false => path.total(),
            });
            let acted = match returns {
                Return::Acts if loss_of(pod) == Loss::NotReady => {
                    let act = |action| Acted { action, path: roads.acted(action, pod) };
                    // What tolerates everything tolerates that taint too.
                    let stays = outcome.fate == Some(Fate::StuckNeverEvicted);
                    let helps = |a: &Action| !(stays && *a == Action::OutOfService);
                    Action::ALL.into_iter().filter(helps).map(act).collect()
                }
                _ => Vec::new(),
            };
            let evicted = evicted.get(&pod).cloned();
            PodTimeline { pod, to: outcome.to, returns, evicted, back, down, acted }
        };
        let pods: Vec<PodTimeline> = touched.iter().map(one).collect();
        let recovered = pods.iter().filter_map(|p| p.back.as_ref()).map(Path::total);
        Timeline {
            tainted: match question.loss {
                Loss::NotReady if !self.is_halted(answer) => roads.tainted(),
                _ => None,
            },
            noticed: roads.noticed(question.loss).as_ref().map(Path::total),
            recovered: recovered.reduce(Interval::both),
            pods,
        }
    }

    /// When pods of silent nodes are evicted, counted from the loss; `None` of those that are not, or not while there is no
    /// control plane. Pods that go with their nodes and those that are ending are left out.
    pub(in crate::planner) fn evictions(
        &self,
        question: &WhatIfQuestion,
        times: &Times,
    ) -> Vec<(PodId, Option<Interval>)> {
        let is_down = self.is_plane_down(question);
        let times = &away_if(is_down, times);
        let roads = self.roads(question, is_down, times);
        let is_silent = |(departure, loss): &(Departure, Loss)| {
            *loss == Loss::NotReady && *departure != Departure::WasEnding
        };
        let departures = self.departures(question).into_iter();
        let stays = |pod: PodId| self.cluster.pod(pod).owner.kind.stays_with_node();
        departures
            .filter(|(pod, by)| is_silent(by) && !stays(*pod))
            .map(|(pod, (departure, _))| (pod, roads.evicted(&departure).map(|p| p.total())))
            .collect()
    }

    fn roads<'a>(
        &'a self,
        question: &WhatIfQuestion,
        is_down: bool,
        times: &'a Times,
    ) -> Roads<'a> {
        let parts = &self.parts;
        let is_lost = |node: Option<NodeId>| node.is_some_and(|n| question.lost.contains(&n));
        let leader = parts.leader(Component::ControllerManager);
        let takes = match leader {
            Some(member) => is_lost(parts.machines[parts.members[member].machine].node),
            None => parts.nodes().iter().any(|&node| is_lost(Some(node))),
        };
        let takes = takes && question.loss != Loss::Drained && !is_down;
        let leader_lost = takes.then(|| leader_lost(&parts.lease, leader.is_some()));
        Roads { cluster: &self.cluster, times, leader_lost }
    }

    /// Whether the control plane is down once these nodes are lost, as far as the cluster shows it.
    pub fn is_plane_down(&self, question: &WhatIfQuestion) -> bool {
        self.parts.after(&question.lost, question.loss).is_down()
    }

    fn is_halted(&self, answer: &WhatIf) -> bool {
        answer.displaced.fates.iter().any(|f| f.1 == Fate::Halted)
    }

    /// How each pod of a lost node goes, and how its node is lost: nodes that are down already are silent.
    fn departures(&self, question: &WhatIfQuestion) -> BTreeMap<PodId, (Departure, Loss)> {
        let cluster = &self.cluster;
        let down = cluster.node_ids().filter(|&n| cluster.node(n).down);
        let down: Vec<NodeId> = down.filter(|n| !question.lost.contains(n)).collect();
        let both: Vec<NodeId> = question.lost.iter().chain(&down).copied().collect();
        let asked = match question.loss {
            Loss::NotReady => vec![(both, Loss::NotReady)],
            loss => vec![(question.lost.clone(), loss), (down, Loss::NotReady)],
        };
        let of = |(nodes, loss): (Vec<NodeId>, Loss)| {
            let departures = self.zones.departures(cluster, &nodes, loss);
            departures.into_iter().map(move |(pod, departure)| (pod, (departure, loss)))
        };
        asked.into_iter().flat_map(of).collect()
    }

    /// What replacements wait for where others are evicted to make room.
    fn preemption(&self, answer: &WhatIf) -> Option<Term> {
        if answer.scope != Scope::Preemption && answer.happens.is_none() {
            return None;
        }
        let is_victim = |p: &&PodOutcome| p.fate.is_none() || p.fate == Some(Fate::Preempted);
        let running = answer.pods.iter().filter(is_victim).map(|p| self.cluster.pod(p.pod));
        let longest = running.filter(|p| p.node.is_some()).map(|p| p.grace).max()?;
        let ends = Interval::between(0, longest.saturating_mul(1000));
        Some(Term::setting(TermCode::Preemption, ends))
    }
}

/// The times with the control plane away, until nobody knows when, where it is down and they do not say.
fn away_if(is_down: bool, times: &Times) -> Times {
    let mut times = times.clone();
    if is_down && times.away == Away::No {
        times.away = Away::Unknown;
    }
    times
}

/// Whether a replacement is made by itself.
fn comes(outcome: &PodOutcome) -> bool {
    outcome
        .fate
        .is_some_and(|f| f.is_displaced() && !matches!(f, Fate::StuckVolume | Fate::Preempted))
}

fn returns(outcome: &PodOutcome, is_known: bool, away: &Away) -> Return {
    let Some(fate) = outcome.fate else { return Return::RunsOn };
    match fate {
        Fate::Lost | Fate::Orphaned | Fate::NamespaceEnds | Fate::JobFails | Fate::NotWanted => {
            Return::Never
        }
        Fate::WasTerminating => Return::Never,
        Fate::Gone | Fate::StaysPut => Return::WithNode,
        Fate::RunsOn => Return::RunsOn,
        Fate::StuckStatefulSet | Fate::StuckJob | Fate::StuckNeverEvicted | Fate::Halted => {
            Return::Acts
        }
        Fate::Gated | Fate::InOrder | Fate::Refused | Fate::Preempted => Return::NoPlace,
        Fate::Recreated
        | Fate::RecreatedAssumed
        | Fate::RecreatedLate
        | Fate::RefusedAtFirst
        | Fate::StuckVolume => match (outcome.to, fate) {
            (None, _) => Return::NoPlace,
            (_, Fate::StuckVolume) => Return::Acts,
            _ if is_known => Return::Back,
            _ if *away == Away::Unknown => Return::ControlPlane,
            _ => Return::Acts,
        },
    }
}
