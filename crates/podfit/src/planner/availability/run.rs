//! Workloads in one run.

use super::failures::{FailureCause, Failures};
use super::places::Places;
use crate::model::{Controller, NodeId, PodId};
use crate::random::Random;
use std::collections::BTreeMap;

/// What is watched: a workload, or a pod without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The pods of a controller.
    Workload(Controller),
    /// A pod without one.
    Pod(PodId),
}

/// A pod that is watched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watched {
    pub pod: PodId,
    pub home: NodeId,
    /// Position of its subject.
    pub subject: usize,
    /// How long it takes to be scheduled and start, at least and at most.
    pub start: (i64, i64),
}

/// What is the same in all runs.
pub(super) struct Setting<'a> {
    pub causes: &'a [FailureCause],
    pub nodes: usize,
    /// By node.
    pub watched_on: Vec<Vec<Watched>>,
    /// How many pods each subject has.
    pub sizes: Vec<u32>,
    /// By set of nodes; those that were not asked about are not there.
    pub places: BTreeMap<Vec<NodeId>, Places>,
    /// Before the time that counts, so that it begins in the middle of things.
    pub warm_up_ms: i64,
    pub horizon_ms: i64,
    pub seed: u64,
}

/// What a run comes to, by subject.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub subjects: Vec<Outage>,
    /// Time while sets of nodes were down that were not asked about.
    pub not_asked_ms: i64,
    /// Time while some node was down.
    pub some_down_ms: i64,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outage {
    /// None of its pods was ready.
    pub down_ms: i64,
    /// Some was not.
    pub degraded_ms: i64,
    /// How often it went down.
    pub times: u64,
}

/// A pod that is not where it belongs, or not ready.
#[derive(Clone, Copy, Debug)]
struct Astray {
    watched: Watched,
    /// Where it is, if it is ready.
    at: Option<NodeId>,
    /// When it is ready, unless it has no place.
    due: Option<i64>,
    /// Where it goes; none: it has no place now.
    to: Option<NodeId>,
}

struct Run<'a> {
    setting: &'a Setting<'a>,
    chance: Random,
    astray: BTreeMap<PodId, Astray>,
    ready: Vec<u32>,
    since: Vec<i64>,
    tally: Tally,
}

/// One run.
pub(super) fn run(setting: &Setting<'_>, number: u64) -> Tally {
    let failures = stretches(setting, number);
    let none = Places::default();
    let mut run = Run {
        setting,
        // Not the chance of the failures, which are the same whatever becomes of pods.
        chance: Random::stream(setting.seed ^ 0x5bd1_e995, number),
        astray: BTreeMap::new(),
        ready: setting.sizes.clone(),
        since: vec![-setting.warm_up_ms; setting.sizes.len()],
        tally: Tally { subjects: vec![Outage::default(); setting.sizes.len()], ..Tally::default() },
    };
    let (mut now, mut before): (i64, Vec<NodeId>) = (-setting.warm_up_ms, Vec::new());
    for stretch in failures {
        let asked = setting.places.get(&stretch.down);
        let counted = stretch.until.max(0) - now.max(0);
        run.tally.not_asked_ms += if asked.is_none() { counted } else { 0 };
        run.tally.some_down_ms += if stretch.down.is_empty() { 0 } else { counted };
        run.change(now, &before, &stretch.down, asked.unwrap_or(&none));
        run.pass(stretch.until);
        (now, before) = (stretch.until, stretch.down);
    }
    for subject in 0..run.ready.len() {
        run.account(subject, setting.horizon_ms);
    }
    run.tally
}

/// Which nodes are down when, in a run.
pub(super) fn stretches<'a>(setting: &Setting<'a>, number: u64) -> Failures<'a> {
    let chance = Random::stream(setting.seed, number);
    let (begin, end) = (-setting.warm_up_ms, setting.horizon_ms);
    Failures::new(setting.causes, setting.nodes, chance, begin, end)
}

impl Run<'_> {
    /// Other nodes are down from now on.
    fn change(&mut self, now: i64, before: &[NodeId], down: &[NodeId], places: &Places) {
        let setting = self.setting;
        let lost = down.iter().filter(|n| before.binary_search(n).is_err());
        for watched in lost.flat_map(|n| &setting.watched_on[n.index()]) {
            let astray = Astray { watched: *watched, at: Some(watched.home), due: None, to: None };
            self.astray.entry(watched.pod).or_insert(astray);
        }
        let mut astray = std::mem::take(&mut self.astray);
        astray.retain(|pod, a| self.settle(now, *pod, a, down, places));
        self.astray = astray;
    }

    /// What the change means for a pod. Whether it is still astray.
    fn settle(
        &mut self,
        now: i64,
        pod: PodId,
        a: &mut Astray,
        down: &[NodeId],
        places: &Places,
    ) -> bool {
        let is_down = |node: NodeId| down.binary_search(&node).is_ok();
        let place = places.of.get(&pod);
        let start = a.watched.start;
        if !is_down(a.watched.home) {
            if a.at.is_some() {
                return false; // It is back home, or was never away.
            }
            // It starts again where it was, unless it is ready elsewhere before.
            let due = now + self.chance.between(start.0, start.1);
            a.due = Some(a.due.filter(|_| a.to.is_some()).map_or(due, |d| d.min(due)));
            a.to = Some(a.watched.home);
            return true;
        }
        match a.at {
            Some(at) if !is_down(at) => return true,
            Some(_) => {
                self.turn(a.watched.subject, now, false);
                a.at = None;
                a.due = place.map(|p| now + self.chance.between(p.after.0, p.after.1));
            }
            // It was evicted long ago, and is scheduled once it has a place.
            None if a.due.is_none_or(|due| due < now) => {
                a.due = place.map(|_| now + self.chance.between(start.0, start.1));
            }
            None => {}
        }
        a.to = place.map(|p| p.node);
        true
    }

    /// Pods become ready until then.
    fn pass(&mut self, until: i64) {
        let due = |a: &Astray| a.due.filter(|due| a.at.is_none() && a.to.is_some() && *due < until);
        let mut ready: Vec<(i64, PodId)> =
            self.astray.iter().filter_map(|(pod, a)| Some((due(a)?, *pod))).collect();
        ready.sort_unstable();
        for (at, pod) in ready {
            let Some(a) = self.astray.get_mut(&pod) else { continue };
            (a.at, a.due) = (a.to, None);
            let (subject, is_home) = (a.watched.subject, a.at == Some(a.watched.home));
            self.turn(subject, at, true);
            if is_home {
                self.astray.remove(&pod);
            }
        }
    }

    /// A pod of the subject becomes ready, or is no more.
    fn turn(&mut self, subject: usize, at: i64, ready: bool) {
        self.account(subject, at);
        let count = &mut self.ready[subject];
        if ready {
            *count += 1;
        } else {
            *count -= 1;
            let went_down = *count == 0 && at >= 0;
            self.tally.subjects[subject].times += u64::from(went_down);
        }
    }

    /// Counts the time until then.
    fn account(&mut self, subject: usize, until: i64) {
        let time = until.max(0) - self.since[subject].max(0);
        self.since[subject] = until;
        let outage = &mut self.tally.subjects[subject];
        if self.ready[subject] == 0 {
            outage.down_ms += time;
        }
        if self.ready[subject] < self.setting.sizes[subject] {
            outage.degraded_ms += time;
        }
    }
}
