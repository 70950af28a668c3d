//! Would the default scheduler find the placement? Its simulation, asked with many seeds.

use crate::check::{Replay, Violation};
use crate::model::{Change, OwnerKind, PodId, Removal, Step};
use crate::planner::plan::{Certainty, Open, Plan, Refused, Scope};
use crate::planner::{Options, Planner};
use crate::rules;
use crate::schedule::{self, Arrival, Event, Run};
use crate::solve::{Stage, Stop};
use std::collections::{BTreeMap, BTreeSet};

/// Pods judged on nodes, all seeds together, up to which the default number of seeds is not lowered: a tenth of a
/// second of one core. A pod of 20 that come back is judged on a tenth of 5,000 nodes, so 50 seeds are asked there,
/// and 200 up to 1,250 nodes.
const WORK_MAX: u64 = 5_000_000;

/// In how many seeds the default scheduler places everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Seeds asked; 0 where it is certain.
    pub seeds: u32,
    /// In how many of them every displaced pod found room and nobody who was evicted for it stayed without.
    pub complete: u32,
    /// Proved, whatever the scheduler chooses.
    pub certain: Option<Certainty>,
    /// Where a limit or a cancel ended the simulation: the seeds wanted, and why.
    pub cut: Option<(u32, Stop)>,
}

impl Share {
    /// Whether the scheduler places everything: certainly, or in every seed that was asked.
    pub fn is_always(&self) -> bool {
        let all = self.seeds > 0 && self.complete == self.seeds && self.cut.is_none();
        self.certain.is_some() || all
    }

    /// In how many seeds the scheduler misses a place for something.
    pub fn missed(&self) -> u32 {
        self.seeds - self.complete
    }

    /// Why it is open whether the scheduler places everything, if the simulation was cut short and no run missed.
    pub(in crate::planner) fn open(&self) -> Option<Open> {
        let (wanted, stop) = self.cut.filter(|_| self.missed() == 0)?;
        Some(Open::Prediction { runs: self.seeds, wanted, stop })
    }
}

/// What the default scheduler would do, over many seeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prediction {
    /// How often it places everything.
    pub share: Share,
    /// In how many seeds each displaced pod found room, by pod; empty where it is certain.
    pub found: Vec<(PodId, u32)>,
    /// Pods that preemption evicts, with the number of seeds, by pod.
    pub evicted: Vec<(PodId, u32)>,
    /// What happens in the first seed that places everything, as one change: evicted pods leave at once, the
    /// last place of each pod counts. Where none does but some evict, in the first that would, were evicted pods gone at
    /// once: a placement that the scheduler misses.
    pub success: Option<Change>,
    /// The first seed that does not, with the pods that it leaves without a place.
    pub miss: Option<(u64, Vec<PodId>)>,
    /// What happens in that seed, if somebody is evicted.
    pub missed: Option<Change>,
}

impl Prediction {
    pub(super) fn certainly(certain: Certainty) -> Self {
        Self { share: Share { certain: Some(certain), ..Share::default() }, ..Self::default() }
    }
}

/// Pods that the scheduler is to place, and the cluster as it is when the first of them arrives.
#[derive(Clone, Debug, Default)]
pub(in crate::planner) struct Backlog {
    /// Losses, removals, and steps that were made beforehand (moves).
    pub before: Change,
    pub arrivals: Vec<Arrival>,
    pub options: schedule::Options,
}

impl Planner {
    /// What the scheduler would do where `plan` places what it can: certain by the plan's own proof, else by as
    /// many seeds as the options ask for; none if the moves beforehand depend on what comes after. `None`: not asked;
    /// or nothing to ask, as it is proved that something finds no place and nobody could be evicted for it.
    ///
    /// # Errors
    /// As [`predict`](Self::predict).
    pub(in crate::planner) fn prediction(
        &self,
        plan: &Plan,
        backlog: &Backlog,
        options: &Options,
    ) -> Result<Option<Prediction>, Refused> {
        let seeds = self.seeds(backlog.arrivals.len(), options);
        let hopeless = plan.unplaced_bound.0 >= 1 && !self.may_evict(backlog);
        match plan.certain {
            Some(certain) => Ok(Some(Prediction::certainly(certain))),
            _ if seeds == 0 || hopeless => Ok(None),
            _ if !self.referee().check(&backlog.before).is_empty() => {
                Ok(Some(Prediction::default()))
            }
            _ => {
                let mut prediction = self.predict(backlog, seeds, options)?;
                if prediction.success.is_none() && !prediction.evicted.is_empty() {
                    let at_once = schedule::Options { at_once: true, ..backlog.options };
                    let at_once = Backlog { options: at_once, ..backlog.clone() };
                    prediction.success = self.predict(&at_once, seeds, options)?.success;
                }
                Ok(Some(prediction))
            }
        }
    }

    /// Whether some arrival may evict some running pod.
    fn may_evict(&self, backlog: &Backlog) -> bool {
        backlog.arrivals.iter().any(|a| {
            let shape = self.cluster.incoming_of(a.pod);
            shape.preempts && shape.priority > self.least_priority
        })
    }

    /// How many seeds to ask: as the options say, or 200, fewer where pods times nodes are many.
    pub(in crate::planner) fn seeds(&self, pods: usize, options: &Options) -> u32 {
        let each = (pods as u64).saturating_mul(self.cluster.nodes().len() as u64).max(1);
        options.seeds.unwrap_or((WORK_MAX / each).clamp(1, 200) as u32)
    }

    /// A run of the scheduler that places everything is a placement, whatever the solvers found; the scope widens
    /// if it evicts.
    pub(in crate::planner) fn learn(
        &self,
        plan: Plan,
        scope: Scope,
        backlog: &Backlog,
        prediction: Option<&Prediction>,
    ) -> (Plan, Scope) {
        match prediction.and_then(|p| p.success.as_ref()) {
            Some(change)
                if !plan.unplaced.is_empty() && self.referee().check(change).is_empty() =>
            {
                let evicts = change.removed.len() > backlog.before.removed.len();
                let scope = if evicts { Scope::Preemption } else { scope };
                (plan.completed(change.clone()), scope)
            }
            _ => (plan, scope),
        }
    }

    /// The plan with the places that the scheduler gives in the first seed, where it places everything in any case
    /// and evicts nobody: what will happen, rather than what could.
    ///
    /// # Errors
    /// As [`predict`](Self::predict).
    pub(in crate::planner) fn as_scheduled(
        &self,
        plan: Plan,
        backlog: &Backlog,
        prediction: Option<&Prediction>,
        options: &Options,
    ) -> Result<Plan, Refused> {
        let is_sure = prediction.is_some_and(|p| p.share.is_always());
        if !is_sure || options.seeds == Some(0) || backlog.arrivals.is_empty() {
            return Ok(plan);
        }
        let success = match prediction.and_then(|p| p.success.clone()) {
            None => self.predict(backlog, 1, options)?.success,
            known => known,
        };
        let places = |change: &Change| {
            change.removed.len() == plan.change.removed.len()
                && self.referee().check(change).is_empty()
        };
        Ok(match success.filter(places) {
            Some(change) => Plan { change, provenance: "simulated scheduler", ..plan },
            None => plan,
        })
    }

    /// Runs `seeds` seeds from 0 on, in parallel with the feature `rayon`.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with a run: a bug of ours.
    pub(super) fn predict(
        &self,
        backlog: &Backlog,
        seeds: u32,
        options: &Options,
    ) -> Result<Prediction, Refused> {
        let options = &options.at(Stage::Prediction);
        let control = options.control().clone();
        let scheduler = self
            .scheduler(self.state(&backlog.before))
            .until(move || control.should_stop().is_some());
        let referee = self.referee();
        let (mut replay, mut violations) = referee.start(&backlog.before);
        backlog.before.steps.iter().for_each(|step| violations.extend(replay.place(step)));
        let started = (replay, violations);
        let run = |seed: u64| -> Result<Option<Run>, Refused> {
            if options.control().should_stop().is_some() {
                return Ok(None);
            }
            let run = scheduler.run(&backlog.arrivals, seed, &backlog.options);
            if options.control().should_stop().is_some() {
                return Ok(None); // it may be the beginning of a run
            }
            self.confirm_run(backlog, &started, &run)?;
            Ok(Some(run))
        };
        let all = 0..u64::from(seeds);
        #[cfg(feature = "rayon")]
        let runs: Result<Vec<Option<Run>>, Refused> = {
            use rayon::prelude::*;
            all.into_par_iter().map(run).collect()
        };
        #[cfg(not(feature = "rayon"))]
        let runs: Result<Vec<Option<Run>>, Refused> = all.map(run).collect();
        let mut prediction = self.count(backlog, runs?);
        if prediction.share.seeds < seeds {
            let stop = options.control().should_stop().unwrap_or(Stop::TimeLimit);
            options.control().note(stop);
            prediction.share.cut = Some((seeds, stop));
        }
        Ok(prediction)
    }

    /// Whether everything has a place at the end, pods that were evicted for others included.
    pub(super) fn is_complete(&self, backlog: &Backlog, run: &Run) -> bool {
        self.left(backlog, run).is_empty()
    }

    /// Who is without a place at the end.
    fn left(&self, backlog: &Backlog, run: &Run) -> BTreeSet<PodId> {
        let left = self.gone(run).chain(run.pending.iter().copied());
        left.chain(self.idle(backlog, run)).collect()
    }

    /// Pods that are bound where they do not start.
    fn idle(&self, backlog: &Backlog, run: &Run) -> Vec<PodId> {
        if !self.may_not_start && !self.shares_volumes {
            return Vec::new();
        }
        let cluster = &self.cluster;
        let mut state = self.shares_volumes.then(|| self.state(&backlog.before));
        let mut idle = Vec::new();
        for Step { pod, node, cards } in run.placed() {
            let shape = cluster.incoming_of(*pod);
            let mut starts = rules::starts(cluster, shape, *node);
            if let Some(state) = state.as_mut().filter(|_| !shape.one_node_claims.is_empty()) {
                starts &= rules::gets_volumes(state, *pod, *node);
                state.place(*pod, *node, cards);
            }
            if !starts {
                idle.push(*pod);
            }
        }
        idle
    }

    /// Evicted pods that nobody makes again, and that would have stayed. The kubelet keeps a static pod, whatever
    /// the scheduler thinks to have evicted: what rests on its room does not hold.
    fn gone<'r>(&'r self, run: &'r Run) -> impl Iterator<Item = PodId> + 'r {
        evicted(run).filter(|&pod| {
            let pod = self.cluster.pod(pod);
            matches!(pod.owner.kind, OwnerKind::Bare | OwnerKind::Static) && !pod.terminating
        })
    }

    fn count(&self, backlog: &Backlog, runs: Vec<Option<Run>>) -> Prediction {
        let mut prediction = Prediction::default();
        let mut found: BTreeMap<PodId, u32> = backlog.arrivals.iter().map(|a| (a.pod, 0)).collect();
        let mut victims: BTreeMap<PodId, u32> = BTreeMap::new();
        for (seed, run) in runs.into_iter().enumerate() {
            let Some(run) = run else { continue };
            prediction.share.seeds += 1;
            let left = self.left(backlog, &run);
            for (pod, n) in &mut found {
                *n += u32::from(!left.contains(pod));
            }
            let each: BTreeSet<PodId> = evicted(&run).collect();
            each.into_iter().for_each(|pod| *victims.entry(pod).or_default() += 1);
            if left.is_empty() {
                prediction.share.complete += 1;
                if prediction.success.is_none() {
                    prediction.success = Some(as_change(backlog, &run));
                }
            } else if prediction.miss.is_none() {
                prediction.missed = evicted(&run).next().map(|_| as_change(backlog, &run));
                prediction.miss = Some((seed as u64, left.into_iter().collect()));
            }
        }
        prediction.found = found.into_iter().collect();
        prediction.evicted = victims.into_iter().collect();
        prediction
    }

    /// Replays a run, event by event, from where `started` is.
    fn confirm_run(
        &self,
        backlog: &Backlog,
        started: &(Replay<'_>, Vec<Violation>),
        run: &Run,
    ) -> Result<(), Refused> {
        let (mut replay, mut violations) = started.clone();
        for event in &run.events {
            match event {
                Event::Bind(step) => violations.extend(replay.place(step)),
                Event::Evict { pod, .. } => violations.extend(replay.evict(*pod)),
                Event::Gone { pod, node } => violations.extend(replay.gone(*pod, *node)),
            }
        }
        // Where pods do not start is no fault of the scheduler's: see `idle`.
        violations.retain(|v| !v.kind.is_after_scheduling());
        self.refuse_any(violations, "simulated scheduler", || as_change(backlog, run))
    }
}

/// Pods that are evicted, some perhaps twice.
pub(super) fn evicted(run: &Run) -> impl Iterator<Item = PodId> + '_ {
    run.events.iter().filter_map(|event| match event {
        Event::Evict { pod, .. } => Some(*pod),
        Event::Bind(_) | Event::Gone { .. } => None,
    })
}

/// A run as one change: whoever is evicted, or was waited for until it was gone, leaves at once, and of several places
/// of a pod the last counts.
fn as_change(backlog: &Backlog, run: &Run) -> Change {
    let mut change = backlog.before.clone();
    let gone = run.events.iter().filter_map(|event| match event {
        Event::Evict { pod, .. } | Event::Gone { pod, .. } => Some(*pod),
        Event::Bind(_) => None,
    });
    let mut gone: Vec<PodId> = gone.collect();
    gone.sort_unstable();
    gone.dedup();
    // Those that arrived are among the removed already, or were pending.
    gone.retain(|&pod| change.removed.iter().all(|r| r.pod != pod));
    change.removed.extend(gone.into_iter().map(|pod| Removal { pod, lingers: false }));
    change.steps.extend(run.placed().into_iter().cloned());
    change
}
