//! The search: steps are added while they leave fewer pods without a place.

use super::question::RepairQuestion;
use super::step::{RepairStep, Step, is_altered, with};
use super::{Repair, RepairSearch, deletion};
use crate::model::{Change, Cluster, Edit, PodId};
use crate::planner::advice::{Cause, Fix, FixKind, node_kinds};
use crate::planner::ask::standing_of;
use crate::planner::plan::Refused;
use crate::planner::{Options, Planner};
use crate::rules::State;
use crate::solve::{Method, Stage, Stop};
use std::sync::Arc;

/// Longer repairs are no help to anyone.
const STEPS_MAX: usize = 12;
/// Kinds of pods whose fixes are tried at each step, and kinds that are looked at for one.
const KINDS_MAX: usize = 8;
const KINDS_SEEN_MAX: usize = 32;
/// Edited clusters asked, times their pods.
const WORK_MAX: usize = 600_000;
/// Steps of copying a pod of an edited cluster.
const STEPS_A_POD: usize = 100;
/// Edited clusters asked, at most.
const TRIALS_MAX: usize = 160;
/// Searches for the fixes of one pod, for each edited cluster that may be asked.
const LOOKS_EACH: usize = 4;
/// More nodes of one kind are tried up to so many, and so many kinds.
const NODES_MAX: u32 = 64;
const NODE_KINDS_MAX: usize = 3;

pub(super) struct Search<'a> {
    start: &'a Planner,
    question: &'a RepairQuestion<'a>,
    options: Options,
    /// Edited clusters that may still be asked.
    trials: usize,
    /// Pods whose fixes may still be looked for.
    looks: usize,
    /// Pods that are lost or stuck whatever is done.
    losses: Option<usize>,
    /// Kinds of pods were left aside when fixes were last looked for.
    unseen: bool,
    /// A limit ended the search.
    cut: bool,
}

/// Under which conditions steps are tried.
#[derive(Clone, Copy, Default)]
struct Setting<'a> {
    /// Pods that are not there.
    without: &'a [PodId],
    /// Amounts do not matter.
    roomy: bool,
    /// How many steps may buy something. With a limit, it is all or nothing: whether all fit in the end.
    purchases: Option<usize>,
}

/// The cluster after some steps, and what the question leaves of it.
struct After {
    planner: Planner,
    /// Of each of its pods the id at the start.
    start_ids: Vec<PodId>,
    change: Change,
    unplaced: Vec<PodId>,
}

impl After {
    /// The pods without a place, by their ids at the start.
    fn left(&self) -> Vec<PodId> {
        self.unplaced.iter().map(|p| self.start_ids[p.index()]).collect()
    }
}

/// Where a search by nearest fixes ended.
struct Descent {
    steps: Vec<Step>,
    after: After,
    /// A further step may have helped, but there are enough, or not all was looked at.
    limited: bool,
}

impl Descent {
    fn is_complete(&self) -> bool {
        self.after.unplaced.is_empty()
    }
}

impl<'a> Search<'a> {
    pub fn new(start: &'a Planner, question: &'a RepairQuestion<'a>, options: &Options) -> Self {
        let mut options = options.at(Stage::Repair);
        options.solve.method = Method::Greedy;
        let pods = start.cluster().pods().len().max(1);
        let trials = (WORK_MAX / pods).min(TRIALS_MAX);
        let looks = trials * LOOKS_EACH;
        Self { start, question, options, trials, looks, losses: None, unseen: false, cut: false }
    }

    pub fn run(mut self, cause: &Cause) -> Result<RepairSearch, Refused> {
        let repair = self.search(cause)?;
        if self.cut {
            let control = self.options.control();
            control.note(control.should_stop().unwrap_or(Stop::WorkLimit));
        }
        Ok(RepairSearch { repair, cut: self.cut })
    }

    fn search(&mut self, cause: &Cause) -> Result<Option<Repair>, Refused> {
        let as_is = Setting::default();
        let free = Setting { purchases: Some(0), ..as_is };
        let Some(fixes) = self.descend(Vec::new(), free)? else { return Ok(None) };
        if fixes.is_complete() {
            return self.shortened(fixes.steps, as_is);
        }
        if !cause.new_nodes.is_empty() && self.question.may_add_nodes() {
            return Ok(None);
        }
        if !cause.additions.is_empty() {
            let nodes = self.more_nodes(&[], as_is)?;
            return self.shortened(Vec::from_iter(nodes), as_is);
        }
        let roomy = Setting { roomy: true, ..as_is };
        let Some(rules) = self.descend(Vec::new(), roomy)? else { return Ok(None) };
        if rules.limited {
            self.cut = true;
            return Ok(None);
        }
        let without = rules.after.left();
        if !without.is_empty()
            && let Some(nodes) = self.more_nodes(&rules.steps, as_is)?
        {
            return self.shortened([rules.steps, vec![nodes]].concat(), as_is);
        }
        self.amounts(rules.steps, &without)
    }

    /// The repair by the steps for the `rules` and by what the amounts need after them.
    fn amounts(&mut self, rules: Vec<Step>, without: &[PodId]) -> Result<Option<Repair>, Refused> {
        let setting = Setting { without, ..Setting::default() };
        let once = Setting { purchases: Some(purchases(&rules) + 1), ..setting };
        let Some(mut found) = self.descend(rules.clone(), once)? else { return Ok(None) };
        if !found.is_complete() {
            let mut larger = self.addition(&rules, setting)?;
            if larger.is_none() {
                larger = self.more_nodes(&rules, setting)?;
            }
            if let Some(larger) = larger {
                return self.shortened([rules, vec![larger]].concat(), setting);
            }
            let Some(further) = self.descend(found.steps, setting)? else { return Ok(None) };
            found = further;
        }
        if found.is_complete() {
            return self.shortened(found.steps, setting);
        }
        if found.limited {
            self.cut = true;
            return Ok(None);
        }
        let mut without = [without, &found.after.left()].concat();
        without.sort_unstable();
        self.shortened(found.steps, Setting { without: &without, ..setting })
    }

    /// The repair of these steps, if all fit after them, less those that are not needed: later steps may do what
    /// earlier ones were for.
    fn shortened(
        &mut self,
        mut steps: Vec<Step>,
        setting: Setting<'_>,
    ) -> Result<Option<Repair>, Refused> {
        // At a limit there is no repair: what was not tried may be better, and those left out may have a place.
        if steps.is_empty() || !self.all_fit(&steps, setting)? {
            return Ok(None);
        }
        for i in (0..steps.len()).rev() {
            let mut fewer = steps.clone();
            fewer.remove(i);
            if self.all_fit(&fewer, setting)? {
                steps = fewer;
            }
        }
        let steps: Vec<RepairStep> = steps.into_iter().map(|s| s.inner).collect();
        let without = setting.without.to_vec();
        Ok(Some(Repair { steps, without }).filter(|r| !r.steps.is_empty()))
    }

    /// Goes on from `steps` while a step leaves fewer pods without a place; `None` where nothing can be asked after
    /// `steps`.
    fn descend(
        &mut self,
        mut steps: Vec<Step>,
        setting: Setting<'_>,
    ) -> Result<Option<Descent>, Refused> {
        let Some(mut after) = self.after(&steps, setting)? else { return Ok(None) };
        let mut limited = false;
        while !after.unplaced.is_empty() {
            let Some((more, next)) = self.best(&steps, setting, &after)? else {
                limited = self.unseen;
                break;
            };
            let (gain, left) = (after.unplaced.len() - next.unplaced.len(), next.unplaced.len());
            // Steps after the best one seldom do more.
            let is_vain = left > gain * STEPS_MAX.saturating_sub(more.len());
            limited = more.len() > STEPS_MAX || setting.purchases.is_some() && is_vain;
            if limited {
                break;
            }
            (steps, after) = (more, next);
        }
        Ok(Some(Descent { steps, after, limited }))
    }

    /// The steps with the one more after which the fewest pods have no place; `None` if none helps. Of equals the
    /// cheapest.
    fn best(
        &mut self,
        steps: &[Step],
        setting: Setting<'_>,
        at: &After,
    ) -> Result<Option<(Vec<Step>, After)>, Refused> {
        let mut best: Option<(Vec<Step>, After)> = None;
        let mut fewest = at.unplaced.len();
        // Some trials are for the steps after this.
        let enough = (self.trials / 4).max(4);
        let candidates = self.candidates(at, setting.roomy);
        let may_buy = setting.purchases.is_none_or(|most| purchases(steps) < most);
        let is_new = |s: &Step| {
            (may_buy || !s.buys()) && !s.inner.edits.iter().any(|edit| is_altered(steps, edit))
        };
        for (tried, step) in candidates.into_iter().filter(is_new).enumerate() {
            if fewest == 0 || best.is_some() && tried >= enough {
                break;
            }
            let all = with(steps, step, self.start.cluster());
            let Some(after) = self.after(&all, setting)? else { continue };
            if after.unplaced.len() < fewest {
                fewest = after.unplaced.len();
                best = Some((all, after));
            }
        }
        Ok(best)
    }

    /// The nearest fixes of kinds of pods without a place, the cheapest first. Pods are not evicted for others: whom
    /// to leave out is another question. Nor are they moved where amounts do not matter.
    fn candidates(&mut self, at: &After, roomy: bool) -> Vec<Step> {
        let cluster = at.planner.cluster();
        let state = State::with_change(cluster, &at.change);
        let start_id = |p: PodId| at.start_ids[p.index()];
        let (kinds, are_all) = kinds(cluster, &at.unplaced);
        self.unseen = !are_all;
        let (mut found, mut with_fix): (Vec<Step>, usize) = (Vec::new(), 0);
        for pods in kinds {
            if with_fix == KINDS_MAX
                || self.looks == 0
                || self.options.solve.control.should_stop().is_some()
            {
                self.unseen = true;
                break;
            }
            self.looks -= 1;
            let mut fixes =
                at.planner.nearest_fix(&state, &at.change, pods[0], &self.options).fixes;
            fixes.retain(|fix| match fix.kind {
                // What no edit does is tried by none.
                FixKind::Wait { .. } => false,
                FixKind::Preempt { .. } | FixKind::RaisePriority { .. } => false,
                FixKind::Replace { .. } | FixKind::DeleteNode { .. } => false,
                FixKind::Move { .. } | FixKind::Moves { .. } => !roomy,
                _ => true,
            });
            with_fix += usize::from(!fixes.is_empty());
            for fix in fixes {
                let edits = fix.edits(cluster, &pods).into_iter();
                let inner = RepairStep {
                    pods: pods.iter().copied().map(start_id).collect(),
                    text: fix.words(cluster),
                    edits: edits.map(|e| e.with_pods(start_id)).collect(),
                };
                found.push(Step { inner, fix: Some(fix) });
            }
        }
        found.sort_by_key(|step| step.fix.as_ref().map(Fix::cost));
        found
    }

    /// The smallest addition to one node with which all fit after `steps`.
    fn addition(&mut self, steps: &[Step], setting: Setting<'_>) -> Result<Option<Step>, Refused> {
        let Some(after) = self.after(steps, setting)? else { return Ok(None) };
        let additions = self.question.additions(&after.planner, &self.options)?;
        Ok(additions.first().map(|addition| {
            let text = addition.sentence(after.planner.cluster());
            let edits = vec![addition.edit()];
            Step::purchase(RepairStep { pods: after.left(), text, edits })
        }))
    }

    /// The fewest more nodes of one kind with which all fit after `steps`.
    fn more_nodes(
        &mut self,
        steps: &[Step],
        setting: Setting<'_>,
    ) -> Result<Option<Step>, Refused> {
        if !self.question.may_add_nodes() {
            return Ok(None);
        }
        let cluster = self.start.cluster();
        let mut best: Option<Step> = None;
        let mut fewest = NODES_MAX + 1;
        for like in node_kinds(cluster).into_iter().take(NODE_KINDS_MAX) {
            let copies = |count| Step::more_nodes(cluster, like, count);
            let mut are_enough = |count| self.all_fit(&[steps, &[copies(count)]].concat(), setting);
            if best.is_some() && (fewest == 1 || !are_enough(fewest - 1)?) {
                continue;
            }
            if let Some(count) = smallest(fewest, are_enough)? {
                (best, fewest) = (Some(copies(count)), count);
            }
        }
        Ok(best)
    }

    /// Whether all have a place after `steps`.
    fn all_fit(&mut self, steps: &[Step], setting: Setting<'_>) -> Result<bool, Refused> {
        Ok(self.after(steps, setting)?.is_some_and(|a| a.unplaced.is_empty()))
    }

    /// What the question leaves after `steps`; `None` where they cannot be carried out, where pods are lost or stuck
    /// by them, where a pod is moved to where the rules refuse it, or at a limit.
    fn after(&mut self, steps: &[Step], setting: Setting<'_>) -> Result<Option<After>, Refused> {
        if self.trials == 0 || self.options.solve.control.should_stop().is_some() {
            self.cut = true;
            return Ok(None);
        }
        self.trials -= 1;
        let cluster = self.start.cluster();
        // A copy of the cluster with its index, and the question.
        let size =
            cluster.pods().len() * STEPS_A_POD + cluster.shapes().len() * cluster.nodes().len();
        self.options.control().spend(size);
        let steps = steps.iter().flat_map(|s| s.inner.edits.clone());
        let edits: Vec<Edit> = deletion(setting.without).into_iter().chain(steps).collect();
        let Ok(edited) = self.start.cluster().edited(&edits) else { return Ok(None) };
        let (mut cluster, start_ids) = (edited.cluster, edited.pods);
        if setting.roomy {
            cluster = cluster.with_room_for_all();
        }
        let planner = Planner::new(Arc::new(cluster));
        if !setting.roomy && !moved_pods_may_stay(&planner, &start_ids, &edits) {
            return Ok(None);
        }
        let (plan, losses) = self.question.ask(&planner, &self.options)?;
        if losses > *self.losses.get_or_insert(losses) {
            return Ok(None);
        }
        Ok(Some(After { planner, start_ids, change: plan.change, unplaced: plan.unplaced }))
    }
}

/// Whether the rules let each pod that `edits` move run where it is now.
fn moved_pods_may_stay(planner: &Planner, start_ids: &[PodId], edits: &[Edit]) -> bool {
    let moved = edits.iter().filter_map(|edit| match edit {
        Edit::Put { pod, .. } => start_ids.binary_search(pod).ok(),
        _ => None,
    });
    moved.map(|i| PodId(i as u32)).all(|pod| standing_of(planner, pod).is_empty())
}

/// The smallest count below `limit` that is enough, where all larger ones are too: doubled until one is, then halved
/// back.
fn smallest(
    limit: u32,
    mut is_enough: impl FnMut(u32) -> Result<bool, Refused>,
) -> Result<Option<u32>, Refused> {
    let (mut too_few, mut found, mut next) = (0, None, 1);
    while too_few + 1 < found.unwrap_or(limit) {
        if is_enough(next)? {
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

/// How many of the steps buy something.
fn purchases(steps: &[Step]) -> usize {
    steps.iter().filter(|s| s.buys()).count()
}

/// Pods of one template each, the first kinds of them, and whether these are all.
fn kinds(cluster: &Cluster, pods: &[PodId]) -> (Vec<Vec<PodId>>, bool) {
    let (mut kinds, mut are_all): (Vec<Vec<PodId>>, bool) = (Vec::new(), true);
    let template = |p: PodId| (cluster.pod(p).incoming, cluster.pod(p).owner);
    for &pod in pods {
        match kinds.iter().position(|kind| template(kind[0]) == template(pod)) {
            Some(kind) => kinds[kind].push(pod),
            None if kinds.len() < KINDS_SEEN_MAX => kinds.push(vec![pod]),
            None => are_all = false,
        }
    }
    (kinds, are_all)
}
