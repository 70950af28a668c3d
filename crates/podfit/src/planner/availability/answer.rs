//! All runs, and sums over them.

use super::failures::FailureCause;
use super::places::Places;
use super::run::{self, Setting, Subject, Tally, Watched};
use crate::model::{Cluster, NodeId, PodId};
use crate::planner::ask::WhatIf;
use crate::planner::plan::Refused;
use crate::planner::timeline::{Away, Times};
use crate::planner::{Options, Planner};
use std::collections::BTreeMap;
use std::ops::Range;

/// Sets of nodes that are told apart while it is decided which are asked about.
const SETS_SEEN_MAX: usize = 200_000;
/// A what-if of a set may take so many steps of work: the same on every machine, where a limit of time is not.
const STEPS_OF_SET: u64 = 20_000_000;
const WARM_UP_MS: i64 = 7 * 86_400_000;

/// How long are workloads down?
#[derive(Clone, Debug)]
pub struct AvailabilityQuestion {
    /// What takes nodes down.
    pub causes: Vec<FailureCause>,
    /// Time of a run, in milliseconds, above 0.
    pub horizon_ms: i64,
    /// All runs: which sets of nodes are asked about is decided by them.
    pub runs: u32,
    /// Those that are made.
    pub part: Range<u32>,
    /// Decides what chance leaves open.
    pub seed: u64,
    /// Sets of nodes that are asked about at most: those that are down longest.
    pub sets_max: usize,
    /// Times that pods take; what becomes of the control plane is asked apart.
    pub times: Times,
}

/// Sums over runs, of one quantity in milliseconds a run: parts of the same question add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Over all runs.
    pub sum_ms: i128,
    /// Of the squares.
    pub squares: u128,
}

impl Sums {
    fn add(&mut self, ms: i64) {
        self.sum_ms += i128::from(ms);
        self.squares += u128::from(ms.unsigned_abs()).pow(2);
    }
}

/// What is known of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Which.
    pub subject: Subject,
    /// How many pods it has.
    pub pods: u32,
    /// Time without a ready pod.
    pub down: Sums,
    /// Time with fewer than all.
    pub degraded: Sums,
    /// How often it went down, in all runs.
    pub outages: u64,
}

/// The answer: sums over the runs of `part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// How many runs were made.
    pub runs: u32,
    /// Workloads, and pods without one, in the order of their first pods.
    pub estimates: Vec<Estimate>,
    /// Sets of nodes that were down in some run.
    pub sets_seen: usize,
    /// Sets that were asked about.
    pub sets_asked: usize,
    /// Time, in all runs, while sets were down that were not asked about: their pods count as down.
    pub not_asked_ms: i128,
    /// Time, in all runs, while some node was down.
    pub some_down_ms: i128,
    /// Pods of DaemonSets, static ones, and those that do not run now: they are not watched.
    pub not_watched: usize,
    /// The most pods of a set that have a place by all that is known, though something about them could not be evaluated.
    pub not_evaluated: usize,
}

impl Planner {
    /// What is watched, in the order of the estimates, and how many pods each has.
    pub fn watched(&self) -> Vec<(Subject, u32)> {
        let (subjects, watched) = watched(self.cluster(), &Times::default());
        let mut all: Vec<(Subject, u32)> = subjects.into_iter().map(|s| (s, 0)).collect();
        watched.iter().for_each(|one| all[one.subject].1 += 1);
        all
    }

    /// How long workloads are down while nodes fail and are repaired by chance. `away` says what becomes of the control
    /// plane while a set of nodes is down.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with a solver's placement.
    pub fn availability(
        &self,
        question: &AvailabilityQuestion,
        away: impl Fn(&[NodeId], &WhatIf) -> Away + Send + Sync,
        options: &Options,
    ) -> Result<Availability, Refused> {
        let cluster = self.cluster();
        let (subjects, watched) = watched(cluster, &question.times);
        let mut setting = Setting {
            causes: &question.causes,
            nodes: cluster.nodes().len(),
            watched_on: vec![Vec::new(); cluster.nodes().len()],
            sizes: vec![0; subjects.len()],
            places: BTreeMap::new(),
            warm_up_ms: WARM_UP_MS,
            horizon_ms: question.horizon_ms,
            seed: question.seed,
        };
        let not_watched = cluster.pods().len() - watched.len();
        for one in watched {
            setting.sizes[one.subject] += 1;
            setting.watched_on[one.home.index()].push(one);
        }
        let seen = seen(&setting, question.runs);
        let sets_seen = seen.len();
        setting.places = self.asked(seen, question, away, options)?;
        let tallies = each(question.part.clone(), |number| run::run(&setting, number.into()));
        let mut answer = Availability {
            runs: question.part.len() as u32,
            estimates: Vec::with_capacity(subjects.len()),
            sets_seen,
            sets_asked: setting.places.len(),
            not_asked_ms: tallies.iter().map(|t| i128::from(t.not_asked_ms)).sum(),
            some_down_ms: tallies.iter().map(|t| i128::from(t.some_down_ms)).sum(),
            not_watched,
            not_evaluated: setting.places.values().map(|p| p.not_evaluated).max().unwrap_or(0),
        };
        for (i, subject) in subjects.into_iter().enumerate() {
            answer.estimates.push(estimate(subject, setting.sizes[i], i, &tallies));
        }
        Ok(answer)
    }

    /// The places of pods in the sets that are down longest.
    fn asked(
        &self,
        seen: BTreeMap<Vec<NodeId>, i64>,
        question: &AvailabilityQuestion,
        away: impl Fn(&[NodeId], &WhatIf) -> Away + Send + Sync,
        options: &Options,
    ) -> Result<BTreeMap<Vec<NodeId>, Places>, Refused> {
        let mut sets: Vec<(Vec<NodeId>, i64)> = seen.into_iter().collect();
        sets.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sets.truncate(question.sets_max);
        let options = Options { time_limit: None, ..options.clone() };
        let ask = |number: u32| {
            let options = options.limited(STEPS_OF_SET, STEPS_OF_SET);
            self.places(&sets[number as usize].0, &question.times, &away, &options)
        };
        let answers: Result<Vec<Places>, Refused> =
            each(0..sets.len() as u32, ask).into_iter().collect();
        Ok(sets.into_iter().map(|s| s.0).zip(answers?).collect())
    }
}

/// The sets of nodes that are down in some run, and for how long in all.
fn seen(setting: &Setting<'_>, runs: u32) -> BTreeMap<Vec<NodeId>, i64> {
    let of_run = |number: u32| {
        let (mut sets, mut now): (BTreeMap<Vec<NodeId>, i64>, i64) = (BTreeMap::new(), 0);
        for stretch in run::stretches(setting, number.into()) {
            let until = stretch.until.max(0);
            *sets.entry(stretch.down).or_default() += until - now;
            now = until;
        }
        sets
    };
    let mut all: BTreeMap<Vec<NodeId>, i64> = BTreeMap::new();
    // In parts, so that what is held at a time is bounded; in order, so that the same sets are kept.
    const AT_A_TIME: u32 = 256;
    let mut from = 0;
    while from < runs {
        let to = runs.min(from.saturating_add(AT_A_TIME));
        for sets in each(from..to, of_run) {
            for (set, time) in sets {
                let is_full = all.len() >= SETS_SEEN_MAX;
                match all.get_mut(&set) {
                    Some(sum) => *sum = sum.saturating_add(time),
                    None if is_full => {}
                    None => drop(all.insert(set, time)),
                }
            }
        }
        from = to;
    }
    all
}

/// What is watched, and the pods of each: those that run and do not stay with their nodes.
fn watched(cluster: &Cluster, times: &Times) -> (Vec<Subject>, Vec<Watched>) {
    let mut positions: BTreeMap<Subject, usize> = BTreeMap::new();
    let (mut subjects, mut all) = (Vec::new(), Vec::new());
    for pod in cluster.pod_ids() {
        let object = cluster.pod(pod);
        let Some(home) = object.node.filter(|&n| !cluster.node(n).down) else { continue };
        if object.owner.kind.stays_with_node() || object.terminating {
            continue;
        }
        let subject = cluster.controller(pod).map_or(Subject::Pod(pod), Subject::Workload);
        let position = *positions.entry(subject).or_insert_with(|| {
            subjects.push(subject);
            subjects.len() - 1
        });
        all.push(Watched { pod, home, subject: position, start: start(cluster, times, pod) });
    }
    (subjects, all)
}

/// How long a pod takes to start where it is placed, or once its node is back.
fn start(cluster: &Cluster, times: &Times, pod: PodId) -> (i64, i64) {
    let own = cluster.controller(pod).and_then(|c| times.starts.get(&c).copied());
    let all = times.schedule.0 + own.unwrap_or(times.start.0);
    // Without an upper end the lower one is all that is known.
    (all.min_ms(), all.max_ms().unwrap_or(all.min_ms()))
}

fn estimate(subject: Subject, pods: u32, at: usize, tallies: &[Tally]) -> Estimate {
    let (mut down, mut degraded, mut outages) = (Sums::default(), Sums::default(), 0);
    for tally in tallies {
        let outage = tally.subjects[at];
        down.add(outage.down_ms);
        degraded.add(outage.degraded_ms);
        outages += outage.times;
    }
    Estimate { subject, pods, down, degraded, outages }
}

/// All of them, in order; on all threads of rayon's pool where the feature `rayon` is on.
fn each<T: Send>(numbers: Range<u32>, work: impl Fn(u32) -> T + Send + Sync) -> Vec<T> {
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        numbers.into_par_iter().map(work).collect()
    }
    #[cfg(not(feature = "rayon"))]
    numbers.map(work).collect()
}
