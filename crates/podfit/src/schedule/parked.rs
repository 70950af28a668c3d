//! Pods that found no node, and what makes the scheduler try them again.
//!
//! It notes which plugins refused a pod. When a pod comes or goes it asks those plugins whether that may help
//! (`EventsToRegister` and the `QueueingHint`s of each, in `pkg/scheduler/framework/plugins/`), and who may be helped
//! goes back to the queue, behind its backoff if that is not over. Whoever is never helped is tried again after five
//! minutes (`flushUnschedulablePodsLeftover` in `pkg/scheduler/backend/queue/scheduling_queue.go`).

use super::queue::{Queue, Waiting};
use crate::model::{Cluster, Shape, ShapeId};
use crate::rules::{Rule, RuleSet};
use std::collections::BTreeMap;

/// Seconds after which a pod is tried again, whatever happened (`DefaultPodMaxInUnschedulablePodsDuration`).
const LEFTOVER_SECONDS: i64 = 300;
/// The longest backoff (`DefaultPodMaxBackoffDuration`); the first is a second, each the double of the one before.
const BACKOFF_MAX_SECONDS: i64 = 10;

/// The plugins that look at other pods than those that take room.
const SOCIAL: [Rule; 4] =
    [Rule::Spread, Rule::InterPodAffinity, Rule::InterPodAntiAffinity, Rule::ExistingAntiAffinity];

/// What happened, and to a pod of which shape.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happened<'c> {
    /// It was bound.
    Bound(&'c Shape),
    /// It is gone from its node.
    Left(&'c Shape),
    /// The room that was being made for it is not kept any more: it was bound, or it has to look elsewhere. That
    /// matters to those that had to yield to it.
    Released(&'c Shape),
}

/// A pod that found no node.
#[derive(Debug)]
pub(super) struct Parked {
    pub waiting: Waiting,
    /// When it was tried: the number of what had happened by then, and seconds.
    pub since: usize,
    pub at: i64,
}

impl Parked {
    /// As it goes back to the queue at this time.
    fn back(mut self, now: i64) -> Waiting {
        let doublings = self.waiting.tries.saturating_sub(1).min(8);
        let over = self.at.saturating_add((1 << doublings).min(BACKOFF_MAX_SECONDS));
        // Of a second that has begun the backoff is not over.
        self.waiting.backoff = (over >= now).then_some(over);
        self.waiting
    }
}

/// Who shares this is helped by the same: the shape, and the rules that refused it.
type Group = (ShapeId, RuleSet);

#[derive(Debug, Default)]
pub(super) struct Lot {
    /// Those that a pod that comes may help, and the others.
    social: BTreeMap<Group, Vec<Parked>>,
    others: BTreeMap<Group, Vec<Parked>>,
}

impl Lot {
    /// `refused`: the rules that keep the pod off some node and may say otherwise once other pods come or go.
    pub fn park(&mut self, shape: ShapeId, refused: RuleSet, parked: Parked) {
        let groups = match refused.contains_any(&SOCIAL) {
            true => &mut self.social,
            false => &mut self.others,
        };
        groups.entry((shape, refused)).or_default().push(parked);
    }

    /// Brings those back to the queue that this may help.
    pub fn wake(&mut self, cluster: &Cluster, happened: Happened, now: i64, queue: &mut Queue) {
        let mut wake_in = |groups: &mut BTreeMap<Group, Vec<Parked>>| {
            let helped = |&&(shape, refused): &&Group| {
                helps(cluster, happened, cluster.shape(shape), refused)
            };
            let helped: Vec<Group> = groups.keys().filter(helped).copied().collect();
            for parked in helped.iter().filter_map(|group| groups.remove(group)).flatten() {
                queue.back(parked.back(now));
            }
        };
        wake_in(&mut self.social);
        if !matches!(happened, Happened::Bound(_)) {
            wake_in(&mut self.others);
        }
    }

    /// When the next pod has waited long enough that it is tried whatever happened, of those for which anything
    /// changed; `changed` gives for a shape the number of what changed last for it.
    pub fn next_leftover(&self, changed: impl Fn(ShapeId) -> usize) -> Option<i64> {
        let due = |(&(shape, refused), parked): (&Group, &Vec<Parked>)| {
            let changed = if refused == RuleSet::NONE { 0 } else { changed(shape) };
            let due = parked.iter().filter(|p| p.since < changed);
            due.map(|p| p.at.saturating_add(LEFTOVER_SECONDS)).min()
        };
        self.groups().filter_map(due).min()
    }

    /// Takes those out, as they go back to the queue.
    pub fn take_leftover(&mut self, changed: impl Fn(ShapeId) -> usize, now: i64) -> Vec<Waiting> {
        let mut back = Vec::new();
        for (&(shape, refused), parked) in self.social.iter_mut().chain(&mut self.others) {
            let changed = if refused == RuleSet::NONE { 0 } else { changed(shape) };
            let due =
                |p: &mut Parked| p.since < changed && p.at.saturating_add(LEFTOVER_SECONDS) <= now;
            back.extend(parked.extract_if(.., due).map(|parked| parked.back(now)));
        }
        back
    }

    /// Everybody.
    pub fn iter(&self) -> impl Iterator<Item = &Parked> {
        self.groups().flat_map(|(_, parked)| parked)
    }

    fn groups(&self) -> impl Iterator<Item = (&Group, &Vec<Parked>)> {
        self.social.iter().chain(&self.others)
    }
}

/// Whether what happened may help a pod of `shape` that these rules refused.
fn helps(cluster: &Cluster, happened: Happened, shape: &Shape, refused: RuleSet) -> bool {
    let by = |rules: &[Rule]| refused.contains_any(rules);
    let inter_pod = by(&SOCIAL[1..]);
    match happened {
        Happened::Bound(other) => {
            inter_pod && matches_all(cluster, &shape.affinity, other)
                || by(&[Rule::Spread]) && is_spread(cluster, shape, other)
        }
        Happened::Left(other) => {
            takes_room(cluster, shape, other, refused)
                || by(&[Rule::VolumeRestrictions]) && shares_claim(shape, other)
                // Only its own anti-affinity: that another's kept it off is not looked at.
                || inter_pod && matches_all(cluster, &shape.anti_affinity, other)
                || by(&[Rule::Spread]) && is_spread(cluster, shape, other)
        }
        Happened::Released(other) => {
            shape.priority <= other.priority && takes_room(cluster, shape, other, refused)
        }
    }
}

/// Whether the rules that refused may say otherwise for the room that `other` had.
fn takes_room(cluster: &Cluster, shape: &Shape, other: &Shape, refused: RuleSet) -> bool {
    // What a GPU card is for us is an amount of a device plugin for the scheduler.
    refused.contains_any(&[Rule::Resources, Rule::Cards])
        || refused.contains(Rule::HostPorts)
            && shape.host_ports.iter().any(|port| other.host_ports.iter().any(|h| h.clashes(port)))
        || refused.contains(Rule::VolumeLimits)
            && (!other.volumes.is_empty()
                || other.requests.iter().any(|(id, _)| cluster.is_volume_limit(id)))
}

fn shares_claim(shape: &Shape, other: &Shape) -> bool {
    shape.namespace == other.namespace
        && shape.one_pod_claims.iter().any(|claim| other.one_pod_claims.contains(claim))
}

fn matches_all(cluster: &Cluster, terms: &[crate::model::PodTerm], other: &Shape) -> bool {
    !terms.is_empty() && terms.iter().all(|term| term.matches(other, cluster.names()))
}

fn is_spread(cluster: &Cluster, shape: &Shape, other: &Shape) -> bool {
    shape.namespace == other.namespace
        && shape.spread.iter().any(|s| s.selector.matches(&other.labels, cluster.names()))
}
