//! Several changes that together make everything fit.
//!
//! In: a snapshot and a question that leaves pods without a place. Out: a [`RepairReport`]. First, in a cluster whose
//! nodes are made so large that amounts do not matter, the rules: of the nearest fixes of each kind of pod the one is
//! carried out that leaves the fewest pods without a place, then the next. Who has no place even there is left out. Then
//! the amounts, in the cluster as it is: nearest fixes in the same way, or one node made larger, what costs less; else
//! more nodes. In the end what is not needed is taken back.
//!
//! Every try is an edited snapshot that is asked the whole question, so that what is told is what comes of it. The fast
//! solver alone is asked: the plan is the same wherever podfit runs, and a shorter one may exist.

use crate::edit::Edit;
use crate::report::{self, CauseReport, RepairReport, RepairStep};
use crate::request::{PlaceRequest, WhatIfRequest};
use crate::resolve;
use crate::snapshot::{Snapshot, question};
use podfit::model::{Change, Cluster, PodId};
use podfit::planner::{Addition, Options, Plan, PodVerdict, Refused, node_kinds};
use podfit::rules::State;
use podfit::solve::Method;

/// Longer plans are no help to anyone.
const STEPS_MAX: usize = 12;
/// Kinds of pods whose fixes are tried at each step.
const KINDS_MAX: usize = 8;
/// Edited snapshots asked, times their pods.
const WORK_MAX: usize = 400_000;
/// Edited snapshots asked, at most.
const TRIALS_MAX: usize = 160;
/// Pods are not evicted for others here: whom to leave out is told apart.
const PREEMPTION: &str = "preempt";
/// More nodes of one kind are tried up to so many, and so many kinds.
const NODES_MAX: u32 = 64;
const NODE_KINDS_MAX: usize = 3;
/// Where a larger node ranks among fixes, see `FixKind::cost`.
const ADDITION_COST: u32 = 32;

/// What leaves pods without a place.
pub(crate) enum Question<'a> {
    WhatIf(&'a WhatIfRequest),
    Place(&'a PlaceRequest),
}

/// What was found.
pub(crate) struct Repair {
    pub found: Option<RepairReport>,
    /// Whether a limit ended the search.
    pub cut: bool,
}

/// Changes that together make everything fit, unless one node that is larger, or one more, is `known` to do.
pub(crate) fn repair(
    start: &Snapshot,
    question: &Question<'_>,
    known: &CauseReport,
    options: &Options,
) -> Result<Repair, Refused> {
    let mut options = options.clone();
    options.solve.method = Method::Greedy;
    let pods = start.cluster().pods().len().max(1);
    let trials = (WORK_MAX / pods).min(TRIALS_MAX);
    let mut search = Search { start, question, known, options, trials, losses: None, cut: false };
    let found = search.plan()?;
    // What was not tried may have been better, and those left out may have had a place.
    let found = found.filter(|_| !search.cut);
    Ok(Repair { found, cut: search.cut })
}

struct Search<'a> {
    start: &'a Snapshot,
    question: &'a Question<'a>,
    known: &'a CauseReport,
    options: Options,
    trials: usize,
    /// Pods that are lost or stuck whatever is done.
    losses: Option<usize>,
    cut: bool,
}

#[derive(Clone)]
struct Step {
    told: RepairStep,
    cost: u32,
}

/// What is different beside the steps.
struct World {
    /// Amounts do not matter.
    roomy: bool,
    /// These pods are not there.
    without: Vec<String>,
}

impl World {
    fn edit(&self) -> Option<Edit> {
        let pods = self.without.clone();
        (!pods.is_empty()).then_some(Edit::DeletePods { pods })
    }
}

/// A snapshot after some steps, and what the question leaves of it.
struct After {
    snapshot: Snapshot,
    change: Change,
    unplaced: Vec<PodId>,
}

impl After {
    /// The pods without a place.
    fn names(&self) -> Vec<String> {
        names(self.snapshot.cluster(), &self.unplaced)
    }
}

impl Search<'_> {
    fn plan(&mut self) -> Result<Option<RepairReport>, Refused> {
        let roomy = World { roomy: true, without: Vec::new() };
        let Some((rules, hopeless)) = self.descend(Vec::new(), &roomy)? else { return Ok(None) };
        let mut world = World { roomy: false, without: hopeless.names() };
        let Some(mut steps) = self.amounts(rules, &mut world)? else { return Ok(None) };
        self.take_back_unneeded(&mut steps, &world)?;
        let steps: Vec<RepairStep> = steps.into_iter().map(|s| s.told).collect();
        let edits = steps.iter().flat_map(|s| s.edits.clone()).chain(world.edit()).collect();
        let found = RepairReport { steps, without: world.without, edits };
        Ok(Some(found).filter(|r| !r.steps.is_empty()))
    }

    /// `rules`, and what the amounts need after them. Who has no place even so goes out of the `world`.
    fn amounts(
        &mut self,
        rules: Vec<Step>,
        world: &mut World,
    ) -> Result<Option<Vec<Step>>, Refused> {
        let Some((steps, after)) = self.descend(rules.clone(), world)? else { return Ok(None) };
        let is_complete = after.unplaced.is_empty();
        let are_alone = rules.is_empty() && world.without.is_empty();
        let cost: u32 = steps[rules.len()..].iter().map(|s| s.cost).sum();
        let is_told = are_alone && !self.known.additions.is_empty();
        if is_complete && (cost < ADDITION_COST || cost == ADDITION_COST && !is_told) {
            return Ok(Some(steps));
        }
        if are_alone && !self.known.new_nodes.is_empty() {
            return Ok(None);
        }
        let mut larger = if are_alone { None } else { self.addition(&rules, world)? };
        if larger.is_none() {
            larger = self.more_nodes(&rules, world)?;
        }
        if let Some(larger) = larger.filter(|l| !is_complete || l.cost < cost) {
            return Ok(Some([rules, vec![larger]].concat()));
        }
        if is_told {
            return Ok(None);
        }
        world.without.extend(after.names());
        Ok(Some(steps))
    }

    /// Goes on from `steps` while a step leaves fewer pods without a place; `None` at a limit.
    fn descend(
        &mut self,
        mut steps: Vec<Step>,
        world: &World,
    ) -> Result<Option<(Vec<Step>, After)>, Refused> {
        let Some(mut at) = self.after(&steps, world)? else { return Ok(None) };
        while !at.unplaced.is_empty() {
            let Some((step, after)) = self.best(&steps, world, &at)? else { break };
            if steps.len() == STEPS_MAX {
                self.cut = true;
                return Ok(None);
            }
            steps.push(step);
            at = after;
        }
        Ok(Some((steps, at)))
    }

    /// The step after which the fewest pods have no place; `None` if none helps. Of equals the cheapest.
    fn best(
        &mut self,
        steps: &[Step],
        world: &World,
        at: &After,
    ) -> Result<Option<(Step, After)>, Refused> {
        let mut best: Option<(Step, After)> = None;
        let mut fewest = at.unplaced.len();
        let is_new = |s: &Step| !s.told.edits.iter().any(|edit| is_altered(steps, edit));
        for step in self.candidates(at).into_iter().filter(is_new) {
            let Some(after) = self.after(&[steps, std::slice::from_ref(&step)].concat(), world)?
            else {
                continue;
            };
            if after.unplaced.len() < fewest {
                fewest = after.unplaced.len();
                best = Some((step, after));
            }
            if fewest == 0 {
                break;
            }
        }
        Ok(best)
    }

    /// The nearest fixes of each kind of pod without a place, the cheapest first.
    fn candidates(&self, at: &After) -> Vec<Step> {
        let cluster = at.snapshot.cluster();
        let state = State::with_change(cluster, &at.change);
        let mut found: Vec<Step> = Vec::new();
        for pods in kinds(cluster, &at.unplaced) {
            let planner = at.snapshot.planner();
            let fixes = planner.nearest_fix(&state, &at.change, pods[0], &self.options);
            let told = fixes.fixes.iter().map(|f| report::fix(cluster, f, &pods));
            found.extend(told.filter(|f| f.code != PREEMPTION && !f.edits.is_empty()).map(|f| {
                let pods = names(cluster, &pods);
                Step { told: RepairStep { pods, text: f.text, edits: f.edits }, cost: f.cost }
            }));
        }
        found.sort_by_key(|step| step.cost);
        found
    }

    /// The smallest addition to one node with which all fit after `steps`.
    fn addition(&mut self, steps: &[Step], world: &World) -> Result<Option<Step>, Refused> {
        let Some(after) = self.after(steps, world)? else { return Ok(None) };
        let cluster = after.snapshot.cluster();
        let additions = self.question.additions(&after.snapshot, &self.options)?;
        Ok(additions.first().map(|addition| {
            let pods = after.names();
            let edits = report::edits::of_addition(cluster, addition);
            let told = RepairStep { pods, text: addition.sentence(cluster), edits };
            Step { told, cost: ADDITION_COST }
        }))
    }

    /// The fewest more nodes of one kind with which all fit after `steps`. A device has the nodes it has.
    fn more_nodes(&mut self, steps: &[Step], world: &World) -> Result<Option<Step>, Refused> {
        let cluster = self.start.cluster();
        let mut best: Option<Step> = None;
        let mut fewest = NODES_MAX + 1;
        for like in node_kinds(cluster).into_iter().take(NODE_KINDS_MAX) {
            if self.start.device().is_some() {
                break;
            }
            let name = cluster.node_name(like);
            let found = smallest(fewest, |count| {
                let all = [steps, &[copies(name, count)]].concat();
                Ok(self.after(&all, world)?.is_some_and(|a| a.unplaced.is_empty()))
            })?;
            if let Some(count) = found {
                (best, fewest) = (Some(copies(name, count)), count);
            }
        }
        Ok(best)
    }

    /// Later steps may do what earlier ones were for.
    fn take_back_unneeded(&mut self, steps: &mut Vec<Step>, world: &World) -> Result<(), Refused> {
        for i in (0..steps.len()).rev() {
            let mut fewer = steps.clone();
            fewer.remove(i);
            if self.after(&fewer, world)?.is_some_and(|a| a.unplaced.is_empty()) {
                *steps = fewer;
            }
        }
        Ok(())
    }

    /// The snapshot after `steps` and what `world` is; `None` where they cannot be carried out, where pods are lost or
    /// stuck by them, or at a limit.
    fn after(&mut self, steps: &[Step], world: &World) -> Result<Option<After>, Refused> {
        if self.trials == 0 || self.options.solve.control.should_stop().is_some() {
            self.cut = true;
            return Ok(None);
        }
        self.trials -= 1;
        let of_steps = steps.iter().flat_map(|s| &s.told.edits);
        let edits: Vec<Edit> = of_steps.cloned().chain(world.edit()).collect();
        let Ok(mut snapshot) = self.start.edited(&edits) else { return Ok(None) };
        if world.roomy {
            snapshot = snapshot.with_cluster(snapshot.cluster().with_room_for_all());
        }
        let Some((plan, losses)) = self.question.ask(&snapshot, &self.options)? else {
            return Ok(None);
        };
        if losses > *self.losses.get_or_insert(losses) {
            return Ok(None);
        }
        Ok(Some(After { snapshot, change: plan.change, unplaced: plan.unplaced }))
    }
}

impl Question<'_> {
    /// The plan, and how many pods are lost or stuck; `None` where it names what is not there.
    fn ask(
        &self,
        snapshot: &Snapshot,
        options: &Options,
    ) -> Result<Option<(Plan, usize)>, Refused> {
        let planner = snapshot.planner();
        match self {
            Self::Place(ask) => Ok(Some((planner.place(ask.fewest_nodes, options)?.plan, 0))),
            Self::WhatIf(ask) => {
                let failed = resolve::failed(snapshot.cluster(), snapshot.device(), ask);
                let Ok(failed) = failed else { return Ok(None) };
                let answer = planner.what_if(&question(ask, &failed, false), options)?;
                let losses = answer.count(PodVerdict::Lost) + answer.count(PodVerdict::Stuck);
                Ok(Some((answer.plan, losses)))
            }
        }
    }

    fn additions(&self, snapshot: &Snapshot, options: &Options) -> Result<Vec<Addition>, Refused> {
        let planner = snapshot.planner();
        let cause = match self {
            Self::Place(ask) => {
                planner.cause_of_place(&planner.place(ask.fewest_nodes, options)?, options)?
            }
            Self::WhatIf(ask) => {
                let failed = resolve::failed(snapshot.cluster(), snapshot.device(), ask);
                let Ok(failed) = failed else { return Ok(Vec::new()) };
                let question = question(ask, &failed, false);
                planner.cause(&question, &planner.what_if(&question, options)?, options)?
            }
        };
        Ok(cause.additions)
    }
}

/// Whether a step alters already what `edit` does: its words would tell of a state that nobody sees.
fn is_altered(steps: &[Step], edit: &Edit) -> bool {
    let common = |a: &[String], b: &[String]| a.iter().any(|name| b.contains(name));
    let same = |old: &Edit| match (old, edit) {
        (Edit::MovePod { pod: a, .. }, Edit::MovePod { pod: b, .. }) => a == b,
        (
            Edit::SetRequests { pods: a, requests: x },
            Edit::SetRequests { pods: b, requests: y },
        ) => common(a, b) && x.keys().any(|resource| y.contains_key(resource)),
        (
            Edit::RaiseSkew { pods: a, topology_key: x, .. },
            Edit::RaiseSkew { pods: b, topology_key: y, .. },
        ) => common(a, b) && x == y,
        _ => false,
    };
    steps.iter().flat_map(|s| &s.told.edits).any(same)
}

/// More nodes like this one.
fn copies(node: &str, count: u32) -> Step {
    let text = match count {
        1 => format!("add one more node like {node}"),
        n => format!("add {n} more nodes like {node}"),
    };
    let edits = vec![Edit::CopyNode { node: node.into(), count }];
    Step { told: RepairStep { pods: Vec::new(), text, edits }, cost: ADDITION_COST * count }
}

/// The smallest count below `limit` that does, where all larger ones do too: doubled until one does, then halved back.
fn smallest(
    limit: u32,
    mut does: impl FnMut(u32) -> Result<bool, Refused>,
) -> Result<Option<u32>, Refused> {
    let (mut too_few, mut found, mut next) = (0, None, 1);
    while too_few + 1 < found.unwrap_or(limit) {
        if does(next)? {
            found = Some(next);
        } else {
            too_few = next;
        }
        next = match found {
            Some(enough) => too_few + (enough - too_few) / 2,
            None => (too_few * 2).min(limit - 1),
        };
    }
    Ok(found)
}

/// Pods of one template each, the first kinds of them.
fn kinds(cluster: &Cluster, pods: &[PodId]) -> Vec<Vec<PodId>> {
    let mut kinds: Vec<Vec<PodId>> = Vec::new();
    let template = |p: PodId| (cluster.pod(p).incoming, cluster.pod(p).owner);
    for &pod in pods {
        match kinds.iter().position(|kind| template(kind[0]) == template(pod)) {
            Some(kind) => kinds[kind].push(pod),
            None if kinds.len() < KINDS_MAX => kinds.push(vec![pod]),
            None => {}
        }
    }
    kinds
}

fn names(cluster: &Cluster, pods: &[PodId]) -> Vec<String> {
    pods.iter().map(|&p| cluster.pod_name(p)).collect()
}
