//! Several changes that together make everything fit.
//!
//! In: a snapshot and a question that leaves pods without a place. Out: a [`RepairReport`]. Tried in this order:
//!
//! 1. Nearest fixes: of those of each kind of pod the one is carried out that leaves the fewest pods without a place, then
//!    the next. Done, if that needs nothing bought.
//! 2. The rules: the same in a cluster whose nodes are so large that amounts do not matter. Who has no place even there is
//!    left out, unless more nodes give all a place.
//! 3. The amounts, after the rules: nearest fixes again; where these buy more than once, or do not do, one larger node, or
//!    more nodes of a kind.
//!
//! In the end what is not needed is taken back. Every try is an edited snapshot that is asked the whole question, so that
//! what is told is what comes of it. The fast solver alone is asked: the plan is the same wherever podfit runs, and a
//! shorter one may exist.

mod question;
mod step;

pub(crate) use question::Question;

use crate::edit::{self, Edit};
use crate::report::{self, CauseReport, RepairReport, RepairStep};
use crate::resolve;
use crate::snapshot::Snapshot;
use podfit::model::{Change, Cluster, PodId};
use podfit::planner::{self, Fix, FixKind, Options, Refused};
use podfit::rules::State;
use podfit::solve::Method;
use step::{Step, bought, copies, is_altered, with};

/// Longer plans are no help to anyone.
const STEPS_MAX: usize = 12;
/// Kinds of pods whose fixes are tried at each step, and kinds that are looked at for one.
const KINDS_MAX: usize = 8;
const KINDS_SEEN_MAX: usize = 32;
/// Edited snapshots asked, times their pods.
const WORK_MAX: usize = 600_000;
/// Edited snapshots asked, at most.
const TRIALS_MAX: usize = 160;
/// Searches for the fixes of one pod, for each edited snapshot that may be asked.
const LOOKS_EACH: usize = 4;
/// More nodes of one kind are tried up to so many, and so many kinds.
const NODES_MAX: u32 = 64;
const NODE_KINDS_MAX: usize = 3;

/// What was found.
pub(crate) struct Repair {
    pub found: Option<RepairReport>,
    /// Whether a limit ended the search.
    pub cut: bool,
}

/// Changes that together make everything fit, unless one node that is larger, or one more, is `known` to do and nothing
/// cheaper does. A device has the nodes it has.
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
    let looks = trials * LOOKS_EACH;
    let mut search =
        Search { question, options, trials, looks, losses: None, unseen: false, cut: false };
    let found = search.plan(start, known)?;
    Ok(Repair { found, cut: search.cut })
}

struct Search<'a> {
    question: &'a Question<'a>,
    options: Options,
    /// Edited snapshots that may still be asked.
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

/// Where steps are tried.
#[derive(Clone, Copy)]
struct World<'a> {
    snapshot: &'a Snapshot,
    /// Amounts do not matter.
    roomy: bool,
    /// How many steps may buy something. With a limit, it is all or nothing: whether all fit in the end.
    purchases: Option<usize>,
}

/// A snapshot after some steps, and what the question leaves of it.
struct After {
    snapshot: Snapshot,
    change: Change,
    unplaced: Vec<PodId>,
}

/// Where a search by nearest fixes ended.
struct Found {
    steps: Vec<Step>,
    after: After,
    /// A further step may have helped, but there are enough, or not all was looked at.
    limited: bool,
}

impl Found {
    fn is_complete(&self) -> bool {
        self.after.unplaced.is_empty()
    }

    /// The pods without a place.
    fn left(&self) -> Vec<String> {
        names(self.after.snapshot.cluster(), &self.after.unplaced)
    }
}

impl Search<'_> {
    fn plan(
        &mut self,
        start: &Snapshot,
        known: &CauseReport,
    ) -> Result<Option<RepairReport>, Refused> {
        let as_is = World { snapshot: start, roomy: false, purchases: None };
        let free = World { purchases: Some(0), ..as_is };
        let Some(fixes) = self.descend(Vec::new(), free)? else { return Ok(None) };
        if fixes.is_complete() {
            return self.told(fixes.steps, Vec::new(), as_is);
        }
        if !known.new_nodes.is_empty() && start.device().is_none() {
            return Ok(None);
        }
        if !known.additions.is_empty() {
            let nodes = self.more_nodes(&[], as_is)?;
            return self.told(Vec::from_iter(nodes), Vec::new(), as_is);
        }
        let roomy = World { roomy: true, ..as_is };
        let Some(rules) = self.descend(Vec::new(), roomy)? else { return Ok(None) };
        if rules.limited {
            self.cut = true;
            return Ok(None);
        }
        let without = rules.left();
        if without.is_empty() {
            return self.amounts(rules.steps, without, as_is);
        }
        if let Some(nodes) = self.more_nodes(&rules.steps, as_is)? {
            return self.told([rules.steps, vec![nodes]].concat(), Vec::new(), as_is);
        }
        let Some(others) = left_out(start, &without) else { return Ok(None) };
        let world = World { snapshot: &others, ..as_is };
        self.amounts(rules.steps, without, world)
    }

    /// The plan of `rules` and of what the amounts need after them.
    fn amounts(
        &mut self,
        rules: Vec<Step>,
        mut without: Vec<String>,
        world: World<'_>,
    ) -> Result<Option<RepairReport>, Refused> {
        let once = World { purchases: Some(bought_in(&rules) + 1), ..world };
        let Some(mut found) = self.descend(rules.clone(), once)? else { return Ok(None) };
        if !found.is_complete() {
            let mut larger = self.addition(&rules, world)?;
            if larger.is_none() {
                larger = self.more_nodes(&rules, world)?;
            }
            if let Some(larger) = larger {
                return self.told([rules, vec![larger]].concat(), without, world);
            }
            let Some(further) = self.descend(found.steps, world)? else { return Ok(None) };
            found = further;
        }
        if found.is_complete() {
            return self.told(found.steps, without, world);
        }
        if found.limited {
            self.cut = true;
            return Ok(None);
        }
        let left = found.left();
        let Some(others) = left_out(world.snapshot, &left) else { return Ok(None) };
        without.extend(left);
        self.told(found.steps, without, World { snapshot: &others, ..world })
    }

    /// The report of a plan that does, without what is not needed; `world` has those left out no more.
    fn told(
        &mut self,
        mut steps: Vec<Step>,
        without: Vec<String>,
        world: World<'_>,
    ) -> Result<Option<RepairReport>, Refused> {
        // At a limit nothing does: what was not tried may have been better, and those left out may have a place.
        if steps.is_empty() || !self.does(&steps, world)? {
            return Ok(None);
        }
        // Later steps may do what earlier ones were for.
        for i in (0..steps.len()).rev() {
            let mut fewer = steps.clone();
            fewer.remove(i);
            if self.does(&fewer, world)? {
                steps = fewer;
            }
        }
        let steps: Vec<RepairStep> = steps.into_iter().map(|s| s.told).collect();
        let edits = deletion(&without).into_iter();
        let edits = edits.chain(steps.iter().flat_map(|s| s.edits.clone())).collect();
        Ok(Some(RepairReport { steps, without, edits }).filter(|r| !r.steps.is_empty()))
    }

    /// Goes on from `steps` while a step leaves fewer pods without a place; `None` where `steps` cannot be asked about.
    fn descend(
        &mut self,
        mut steps: Vec<Step>,
        world: World<'_>,
    ) -> Result<Option<Found>, Refused> {
        let Some(mut after) = self.after(&steps, world)? else { return Ok(None) };
        let mut limited = false;
        while !after.unplaced.is_empty() {
            let Some((more, next)) = self.best(&steps, world, &after)? else {
                limited = self.unseen;
                break;
            };
            let (gain, left) = (after.unplaced.len() - next.unplaced.len(), next.unplaced.len());
            // Steps after the best one seldom do more.
            let is_vain = left > gain * STEPS_MAX.saturating_sub(more.len());
            limited = more.len() > STEPS_MAX || world.purchases.is_some() && is_vain;
            if limited {
                break;
            }
            (steps, after) = (more, next);
        }
        Ok(Some(Found { steps, after, limited }))
    }

    /// The steps with the one more after which the fewest pods have no place; `None` if none helps. Of equals the
    /// cheapest.
    fn best(
        &mut self,
        steps: &[Step],
        world: World<'_>,
        at: &After,
    ) -> Result<Option<(Vec<Step>, After)>, Refused> {
        let mut best: Option<(Vec<Step>, After)> = None;
        let mut fewest = at.unplaced.len();
        // Some trials are for the steps after this.
        let enough = (self.trials / 4).max(4);
        let candidates = self.candidates(at, world.roomy);
        let may_buy = world.purchases.is_none_or(|most| bought_in(steps) < most);
        let is_new = |s: &Step| {
            (may_buy || !s.buys()) && !s.told.edits.iter().any(|edit| is_altered(steps, edit))
        };
        for (tried, step) in candidates.into_iter().filter(is_new).enumerate() {
            if fewest == 0 || best.is_some() && tried >= enough {
                break;
            }
            let all = with(steps, step, world.snapshot.cluster());
            let Some(after) = self.after(&all, world)? else { continue };
            if after.unplaced.len() < fewest {
                fewest = after.unplaced.len();
                best = Some((all, after));
            }
        }
        Ok(best)
    }

    /// The nearest fixes of kinds of pods without a place, the cheapest first. Pods are not evicted for others: whom to
    /// leave out is told apart. Nor are they moved where amounts do not matter.
    fn candidates(&mut self, at: &After, roomy: bool) -> Vec<Step> {
        let cluster = at.snapshot.cluster();
        let state = State::with_change(cluster, &at.change);
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
            let planner = at.snapshot.planner();
            let mut fixes = planner.nearest_fix(&state, &at.change, pods[0], &self.options).fixes;
            fixes.retain(|fix| match fix.kind {
                FixKind::Preempt { .. } => false,
                FixKind::Move { .. } | FixKind::Moves { .. } => !roomy,
                _ => true,
            });
            let before = found.len();
            for fix in fixes {
                let edits = report::edits::of_fix(cluster, &fix, &pods);
                if !edits.is_empty() {
                    let (pods, text) = (names(cluster, &pods), fix.words(cluster));
                    let told = RepairStep { pods, text, edits };
                    found.push(Step { told, fix: Some(fix) });
                }
            }
            with_fix += usize::from(found.len() > before);
        }
        found.sort_by_key(|step| step.fix.as_ref().map(Fix::cost));
        found
    }

    /// The smallest addition to one node with which all fit after `steps`.
    fn addition(&mut self, steps: &[Step], world: World<'_>) -> Result<Option<Step>, Refused> {
        let Some(after) = self.after(steps, world)? else { return Ok(None) };
        let cluster = after.snapshot.cluster();
        let additions = self.question.additions(&after.snapshot, &self.options)?;
        Ok(additions.first().map(|addition| {
            let pods = names(cluster, &after.unplaced);
            let edits = report::edits::of_addition(cluster, addition);
            bought(RepairStep { pods, text: addition.sentence(cluster), edits })
        }))
    }

    /// The fewest more nodes of one kind with which all fit after `steps`.
    fn more_nodes(&mut self, steps: &[Step], world: World<'_>) -> Result<Option<Step>, Refused> {
        if world.snapshot.device().is_some() {
            return Ok(None);
        }
        let cluster = world.snapshot.cluster();
        let mut best: Option<Step> = None;
        let mut fewest = NODES_MAX + 1;
        for like in planner::node_kinds(cluster).into_iter().take(NODE_KINDS_MAX) {
            let name = cluster.node_name(like);
            let mut do_all = |count| self.does(&[steps, &[copies(name, count)]].concat(), world);
            if best.is_some() && (fewest == 1 || !do_all(fewest - 1)?) {
                continue;
            }
            if let Some(count) = smallest(fewest, do_all)? {
                (best, fewest) = (Some(copies(name, count)), count);
            }
        }
        Ok(best)
    }

    /// Whether all have a place after `steps`.
    fn does(&mut self, steps: &[Step], world: World<'_>) -> Result<bool, Refused> {
        Ok(self.after(steps, world)?.is_some_and(|a| a.unplaced.is_empty()))
    }

    /// What the question leaves after `steps`; `None` where they cannot be carried out, where pods are lost or stuck by
    /// them, where a pod is moved to where the rules refuse it, or at a limit.
    fn after(&mut self, steps: &[Step], world: World<'_>) -> Result<Option<After>, Refused> {
        if self.trials == 0 || self.options.solve.control.should_stop().is_some() {
            self.cut = true;
            return Ok(None);
        }
        self.trials -= 1;
        let edits: Vec<Edit> = steps.iter().flat_map(|s| s.told.edits.clone()).collect();
        let Ok(mut cluster) = edit::edited(world.snapshot.cluster(), &edits) else {
            return Ok(None);
        };
        if world.roomy {
            cluster = cluster.with_room_for_all();
        }
        let snapshot = world.snapshot.with_cluster(cluster);
        if !world.roomy && !moved_pods_may_stay(&snapshot, &edits) {
            return Ok(None);
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

/// Whether the rules let each pod that `edits` move run where it is now.
fn moved_pods_may_stay(snapshot: &Snapshot, edits: &[Edit]) -> bool {
    let moved = |edit: &Edit| match edit {
        Edit::MovePod { pod, .. } => resolve::pods(snapshot.cluster(), std::slice::from_ref(pod)),
        _ => Ok(Vec::new()),
    };
    let mut pods = edits.iter().flat_map(|edit| moved(edit).unwrap_or_default());
    pods.all(|pod| planner::standing_of(snapshot.planner(), pod).is_empty())
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

fn bought_in(steps: &[Step]) -> usize {
    steps.iter().filter(|s| s.buys()).count()
}

fn deletion(pods: &[String]) -> Option<Edit> {
    (!pods.is_empty()).then(|| Edit::DeletePods { pods: pods.to_vec() })
}

/// The snapshot without these pods.
fn left_out(snapshot: &Snapshot, pods: &[String]) -> Option<Snapshot> {
    let cluster = edit::edited(snapshot.cluster(), deletion(pods).as_slice()).ok()?;
    Some(snapshot.with_cluster(cluster))
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

fn names(cluster: &Cluster, pods: &[PodId]) -> Vec<String> {
    pods.iter().map(|&p| cluster.pod_name(p)).collect()
}
