//! What if these nodes are lost?

use crate::control_plane::ControlPlane;
use crate::model::{Change, Cluster, Loss, NodeId, PodId, Removal, Step, Sym};
use crate::planner::advice::Cause;
use crate::planner::forecast::{Backlog, Hint, Prediction};
use crate::planner::loss::{Displaced, Fate, may_move};
use crate::planner::plan::{Open, Plan, Proof, Refused, Scope, Stall, Verdict};
use crate::planner::reasons::{Reasons, Why};
use crate::planner::{Options, Planner};
use crate::problem::{MOVES, Query};
use crate::schedule::budgets_left;
use crate::solve::{Certificate, LevelOutcome};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// With more movable pods than this, only those on the roomiest nodes are considered, and nothing is proved
/// about the rest.
const MOVABLE_MAX: usize = 1_000;

/// How often what waits for pods without a place is held back and the rest placed anew.
const ROUNDS_MAX: usize = 16;

/// The question.
#[derive(Clone, Debug, Default)]
pub struct WhatIfQuestion {
    /// Nodes lost, each once.
    pub lost: Vec<NodeId>,
    /// How.
    pub loss: Loss,
    /// Labels, as key and value, by which lost nodes were named: a node that is added to such a failure domain is lost
    /// with it.
    pub domains: Vec<(Sym, Sym)>,
    /// Pods of silent nodes that are not evicted, as their nodes are back before: in order, each once (`sequence/outage.rs`
    /// says which).
    pub stay: Vec<PodId>,
    /// How many pods on surviving nodes may be moved to make room.
    pub moves_max: u64,
    /// Whether pending pods get a full explanation, node by node, and others the places that the scheduler gives them
    /// where it finds room for all in any case; else those of the solver's placement.
    pub explain: bool,
    /// Whether to look for a hint where the default scheduler may miss a placement.
    pub hint: bool,
}

/// What becomes of one pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PodVerdict {
    /// Recreated (or moved) on another node.
    Moves,
    /// Was pending before, and has a place.
    Placed,
    /// Runs on where it is.
    Stays,
    /// Finds no place.
    Pending,
    /// Would be recreated, but the control plane is down, or a gate, its turn or a long toleration holds it back.
    Waiting,
    /// Nothing recreates it.
    Lost,
    /// Went with its node, as it should, or is wanted no more.
    Gone,
    /// Not recreated until an operator acts or the node returns.
    Stuck,
    /// Has a place by all that is known, but something about it could not be evaluated.
    NotEvaluated,
}

/// One pod's verdict. Pods that are not listed stay.
#[derive(Clone, Debug)]
pub struct PodOutcome {
    /// The pod.
    pub pod: PodId,
    /// What becomes of it.
    pub verdict: PodVerdict,
    /// Where it goes; for waiting pods, once the control plane is back.
    pub to: Option<NodeId>,
    /// Its fate, if it goes or is refused; else it was moved to make room, or was pending before.
    pub fate: Option<Fate>,
    /// Why no node takes it, if it is pending and explanations were asked for.
    pub why: Option<Arc<Why>>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The verdict on the whole.
    pub verdict: Verdict,
    /// The verdict if there is a control plane and a node.
    pub recovered: Verdict,
    /// What the claim rests on.
    pub proof: Option<Proof>,
    /// What may be moved.
    pub scope: Scope,
    /// Fit alone, control plane, losses and gaps left aside: whether the displaced and the pending pods have a place.
    pub fits: Option<bool>,
    /// The control plane.
    pub control_plane: ControlPlane,
    /// Pods that are touched, in the order of the input.
    pub pods: Vec<PodOutcome>,
    /// What the loss does to pods, and why.
    pub displaced: Displaced,
    /// Where not all fit and the scheduler evicts somebody: what happens in the first seed, rather than what the plan has.
    pub happens: Option<Happens>,
    /// What becomes of stuck pods once an operator has acted; `None` where none is stuck, or not all others fit.
    pub aftermath: Option<Aftermath>,
    /// What the default scheduler would do; `None` where it was not asked.
    pub prediction: Option<Prediction>,
    /// What to do beforehand so that it misses nothing.
    pub hint: Option<Hint>,
    /// The plan behind it.
    pub plan: Plan,
}

/// A run of the scheduler that evicts somebody, and leaves somebody without a place.
#[derive(Clone, Debug)]
pub struct Happens {
    /// All of it; evicted pods leave at once.
    pub change: Change,
    /// Who is left without a place, by pod.
    pub left: Vec<PodId>,
}

/// What becomes of stuck pods once their nodes are deleted: replacements are made then, and need a place.
#[derive(Clone, Debug)]
pub struct Aftermath {
    /// Whether all find one.
    pub fits: Option<bool>,
    /// The placement of all, stuck or not.
    pub plan: Plan,
    /// The stuck pods, by pod, with the node that takes each, or why none does.
    pub pods: Vec<(PodId, Result<NodeId, Arc<Why>>)>,
}

impl WhatIf {
    /// What is shown: what the scheduler does where it evicts somebody, else the plan.
    pub fn change(&self) -> &Change {
        self.happens.as_ref().map_or(&self.plan.change, |h| &h.change)
    }

    /// The plan that falls short, if one does: of what comes by itself, or of what comes once an operator has acted.
    pub fn shortest(&self) -> &Plan {
        match &self.aftermath {
            Some(later) if later.fits == Some(false) => &later.plan,
            _ => &self.plan,
        }
    }

    /// How many of the touched pods have this verdict.
    pub fn count(&self, verdict: PodVerdict) -> usize {
        self.pods.iter().filter(|p| p.verdict == verdict).count()
    }

    /// The same of those that the loss touches: neither pending before nor held back then.
    pub fn count_of_loss(&self, verdict: PodVerdict) -> usize {
        let touched = |p: &&PodOutcome| p.fate.is_some() || verdict == PodVerdict::Moves;
        self.pods.iter().filter(|p| p.verdict == verdict).filter(touched).count()
    }

    /// Pods that were pending before and find no place; those that a gate holds back are not among them.
    pub fn still_pending(&self) -> usize {
        let is = |p: &&PodOutcome| p.verdict == PodVerdict::Pending && p.fate.is_none();
        self.pods.iter().filter(is).count()
    }

    /// Pods that were pending before and need a place.
    pub fn was_pending(&self) -> usize {
        self.displaced.pending_count()
    }

    /// Pods whose replacements need a place.
    pub fn displaced_count(&self) -> usize {
        self.displaced.fates.iter().filter(|f| f.1.is_displaced()).count()
    }
}

impl Planner {
    /// Answers "what if these nodes are lost?".
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with the solver's placement.
    pub fn what_if(&self, question: &WhatIfQuestion, options: &Options) -> Result<WhatIf, Refused> {
        let options = &options.started();
        let (displaced, plan) = self.settled(question, options)?;
        let scope = match question.moves_max {
            0 => Scope::SurvivorsFixed,
            n => Scope::MovesAllowed(n),
        };
        let backlog = Backlog {
            before: beforehand(&plan, &displaced),
            arrivals: displaced.arrivals.clone(),
            ..Backlog::default()
        };
        let prediction = self.prediction(&plan, &backlog, options)?;
        let (mut plan, scope) = self.learn(plan, scope, &backlog, prediction.as_ref());
        if question.explain {
            plan = self.as_scheduled(plan, &backlog, prediction.as_ref(), options)?;
        }
        let aftermath = self.aftermath(question, &displaced, &plan, options)?;
        let mut answer = self.conclude(question, displaced, plan, scope, prediction, aftermath);
        if question.hint
            && answer.verdict == Verdict::SurvivesIfPlacedWell
            && answer.prediction.as_ref().is_some_and(|p| p.share.seeds > 0)
        {
            let seeds = self.seeds(backlog.arrivals.len(), options);
            answer.hint = self.hint(&backlog, &answer.plan.change, seeds, options);
        }
        Ok(answer)
    }

    /// What goes and the best placement, with everything held back that waits for a pod without a place.
    fn settled(
        &self,
        question: &WhatIfQuestion,
        options: &Options,
    ) -> Result<(Displaced, Plan), Refused> {
        let mut displaced = self.displaced_but((&question.lost, question.loss), &question.stay);
        let mut plan = self.best_plan(question, &displaced, options)?;
        // Each round holds back a pod more.
        for _ in 0..ROUNDS_MAX {
            if !displaced.settle(&self.cluster, &plan.unplaced) {
                break;
            }
            plan = self.best_plan(question, &displaced, options)?;
        }
        Ok((displaced, plan))
    }

    /// Where stuck pods go once their nodes are deleted, with all others where `plan` has them.
    fn aftermath(
        &self,
        question: &WhatIfQuestion,
        displaced: &Displaced,
        plan: &Plan,
        options: &Options,
    ) -> Result<Option<Aftermath>, Refused> {
        let comes = |&&(_, fate): &&(PodId, Fate)| fate.comes_later();
        let stuck: Vec<PodId> = displaced.fates.iter().filter(comes).map(|f| f.0).collect();
        if stuck.is_empty() || !plan.unplaced.is_empty() {
            return Ok(None);
        }
        let (removed, place) = once_acted(displaced);
        let query = Query {
            lost: &question.lost,
            loss: question.loss,
            removed: &removed,
            place: &place,
            ..Query::default()
        };
        let later = self.solve(&query, options)?;
        let mut reasons = Reasons::new(&self.cluster, &later.change);
        let node_of: FxHashMap<PodId, NodeId> =
            later.change.steps.iter().map(|s| (s.pod, s.node)).collect();
        let place = |&pod: &PodId| (pod, node_of.get(&pod).copied().ok_or_else(|| reasons.of(pod)));
        let pods = stuck.iter().map(place).collect();
        Ok(Some(Aftermath { fits: later.claim().0, pods, plan: later }))
    }

    /// Why `answer`, the answer to `question`, does not fit. Told for the scope survivors-fixed, whatever the
    /// question allows to be moved.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with a solver's placement.
    pub fn cause(
        &self,
        question: &WhatIfQuestion,
        answer: &WhatIf,
        options: &Options,
    ) -> Result<Cause, Refused> {
        // With room for all, nothing waits for pods without a place; and stuck pods come in the end.
        let displaced = self.displaced_but((&question.lost, question.loss), &question.stay);
        let (removed, place) = once_acted(&displaced);
        let query = Query {
            lost: &question.lost,
            loss: question.loss,
            removed: &removed,
            place: &place,
            ..Query::default()
        };
        let is_answered = question.moves_max == 0
            && !answer.displaced.is_settled
            && place.len() == displaced.place.len();
        match is_answered {
            true => self.cause_of(&query, &answer.plan, options),
            false => self.cause_of(&query, &self.solve(&query, options)?, options),
        }
    }

    /// The best placement of what is displaced, with moves where it does not fit without.
    fn best_plan(
        &self,
        question: &WhatIfQuestion,
        displaced: &Displaced,
        options: &Options,
    ) -> Result<Plan, Refused> {
        let mut query = Query {
            lost: &question.lost,
            loss: question.loss,
            removed: &displaced.removed,
            place: &displaced.place,
            ..Query::default()
        };
        let mut plan = self.solve(&query, options)?;
        if question.moves_max == 0 {
            return Ok(plan);
        }
        if plan.unplaced.is_empty() {
            plan.levels.push(no_moves());
            return Ok(plan);
        }
        let (movable, complete) = self.movable(question);
        query.movable = &movable;
        query.moves_max = question.moves_max;
        let moved = self.solve(&query, options)?;
        plan = if moved.unplaced_levels() <= plan.unplaced_levels() {
            moved
        } else {
            // Time ran out on the larger problem; what was proved without moves does not hold with them.
            plan.levels.push(no_moves());
            plan.unproved()
        };
        // Bounds spoke of the pods considered only.
        Ok(if complete { plan } else { plan.unproved() })
    }

    /// Pods on surviving nodes that a controller would recreate elsewhere; whether these are all.
    fn movable(&self, question: &WhatIfQuestion) -> (Vec<PodId>, bool) {
        let cluster = &self.cluster;
        let mut nodes: Vec<NodeId> =
            cluster.node_ids().filter(|n| !self.is_away(question, *n)).collect();
        let cpu = |n: &NodeId| {
            let used: i64 = cluster
                .pods_on(*n)
                .iter()
                .map(|&p| cluster.shape_of(p).requests.get(crate::model::ResourceId::CPU))
                .sum();
            cluster.node(*n).allocatable.get(crate::model::ResourceId::CPU) - used
        };
        nodes.sort_by_cached_key(|n| (std::cmp::Reverse(cpu(n)), *n));
        let pods = nodes.iter().flat_map(|&n| cluster.pods_on(n)).copied();
        // Pods of the lost nodes are not ready any more, so that their budgets allow less.
        let lost = question.lost.iter().flat_map(|&n| cluster.pods_on(n)).copied();
        let left = budgets_left(cluster, lost);
        let is_spared = |&p: &PodId| {
            let gone = |i: usize| left[i] < cluster.budgets()[i].allowed && left[i] <= 0;
            cluster.budgets_of(cluster.shape_of(p)).any(gone)
        };
        let all = pods.filter(|p| may_move(cluster, *p) && !is_spared(p));
        let movable: Vec<PodId> = all.clone().take(MOVABLE_MAX).collect();
        let complete = all.count() == movable.len();
        (movable, complete)
    }

    fn conclude(
        &self,
        question: &WhatIfQuestion,
        displaced: Displaced,
        plan: Plan,
        scope: Scope,
        prediction: Option<Prediction>,
        aftermath: Option<Aftermath>,
    ) -> WhatIf {
        let control_plane = self.parts.after(&question.lost, question.loss);
        let happens = happens(&plan, prediction.as_ref());
        let shown = match &happens {
            Some(h) => (&h.change, &h.left),
            None => (&plan.change, &plan.unplaced),
        };
        let pods = self.outcomes(question, &displaced, shown, control_plane.is_down());
        let (fits, proof) = plan.claim();
        let mut answer = WhatIf {
            verdict: Verdict::Survives,
            recovered: Verdict::Survives,
            proof,
            scope,
            fits,
            control_plane,
            pods,
            prediction,
            displaced,
            happens,
            aftermath,
            hint: None,
            plan,
        };
        // Cut short, the simulation leaves open whether the scheduler finds the placement.
        let open = answer.prediction.as_ref().and_then(|p| p.share.open());
        answer.recovered = self.recovered(question, &answer).unless_cut(open);
        answer.verdict = if self.is_all_down(question) {
            Verdict::Down
        } else if answer.control_plane.is_down() {
            Verdict::Stalls(Stall::ControlPlane)
        } else {
            answer.recovered.clone()
        };
        answer
    }

    /// The verdict, a working control plane and some node supposed: what is worse comes first.
    fn recovered(&self, question: &WhatIfQuestion, answer: &WhatIf) -> Verdict {
        let any = |v: PodVerdict| answer.pods.iter().any(|p| p.verdict == v && p.fate.is_some());
        let has = |fate: Fate| answer.displaced.fates.iter().any(|f| f.1 == fate);
        // Also of pods that wait for the control plane, or are evicted and placed anew.
        let has_gaps = |s: &&Step| !self.cluster.pod(s.pod).gaps.is_empty();
        let not_evaluated = answer.plan.change.steps.iter().filter(has_gaps).count();
        let waits = || {
            let holds = [Fate::Gated, Fate::InOrder, Fate::RecreatedLate, Fate::RefusedAtFirst];
            answer.displaced.fates.iter().any(|f| holds.contains(&f.1))
        };
        let losses = any(PodVerdict::Lost) || any(PodVerdict::Stuck) || waits();
        let fits_later = answer.aftermath.as_ref().map_or(Some(true), |a| a.fits);
        match answer.fits {
            Some(false) if self.is_open(&answer.plan.unplaced) => {
                Verdict::Unknown(Open::NotEvaluated { pods: answer.plan.unplaced.len() })
            }
            Some(false) => Verdict::DoesNotFit,
            _ if has(Fate::Refused) || fits_later == Some(false) => Verdict::DoesNotFit,
            None => Verdict::Unknown(answer.plan.open()),
            Some(true) if not_evaluated > 0 => {
                Verdict::Unknown(Open::NotEvaluated { pods: not_evaluated })
            }
            Some(true) if has(Fate::Halted) => Verdict::Stalls(match question.loss {
                Loss::Drained => Stall::DrainHangs,
                _ => Stall::EvictionHalted,
            }),
            Some(true) if !answer.prediction.as_ref().is_some_and(|p| p.share.is_always()) => {
                Verdict::SurvivesIfPlacedWell
            }
            Some(true) if losses || !answer.displaced.aside.is_empty() => {
                Verdict::SurvivesWithLosses
            }
            Some(true) => Verdict::Survives,
        }
    }

    /// Whether no node is left: all are lost, or down already.
    fn is_all_down(&self, question: &WhatIfQuestion) -> bool {
        question.loss != Loss::Drained
            && self.cluster.node_ids().all(|node| self.is_away(question, node))
    }

    /// Whether the node is lost, or down already.
    fn is_away(&self, question: &WhatIfQuestion, node: NodeId) -> bool {
        self.cluster.node(node).down || question.lost.contains(&node)
    }

    fn outcomes(
        &self,
        question: &WhatIfQuestion,
        displaced: &Displaced,
        (change, left): (&Change, &Vec<PodId>),
        down: bool,
    ) -> Vec<PodOutcome> {
        let cluster = self.cluster.as_ref();
        let waits = !left.is_empty() || !displaced.aside.is_empty();
        let mut reasons = (question.explain && waits).then(|| Reasons::new(cluster, change));
        let mut why = |pod: PodId| reasons.as_mut().map(|r| r.of(pod));
        let mut steps: Vec<&Step> = change.steps.iter().collect();
        steps.sort_by_key(|s| s.pod);
        let target =
            |pod: PodId| steps.binary_search_by_key(&pod, |s| s.pod).ok().map(|i| steps[i].node);
        let mut pods: Vec<PodOutcome> = displaced
            .fates
            .iter()
            .map(|&(pod, fate)| {
                let to = target(pod);
                let verdict = verdict_of(cluster, pod, fate, to, down);
                let unplaced = verdict == PodVerdict::Pending && fate.is_displaced();
                let why = if unplaced { why(pod) } else { None };
                PodOutcome { pod, verdict, to, fate: Some(fate), why }
            })
            .collect();
        let mut touched = FixedBitSet::with_capacity(cluster.pods().len());
        pods.iter().for_each(|p| touched.insert(p.pod.index()));
        for step in steps.iter().filter(|s| !touched.contains(s.pod.index())) {
            let verdict = match (found_place(cluster, step.pod), cluster.pod(step.pod).node) {
                (PodVerdict::Moves, None) => PodVerdict::Placed,
                (verdict, _) => verdict,
            };
            let to = Some(step.node);
            pods.push(PodOutcome { pod: step.pod, verdict, to, fate: None, why: None });
        }
        pods.iter().for_each(|p| touched.insert(p.pod.index()));
        let runs = |p: &&PodId| cluster.pod(**p).node.is_some() && !touched.contains(p.index());
        let evicted: Vec<PodId> = left.iter().filter(runs).copied().collect();
        for pod in evicted {
            let verdict = PodVerdict::Pending;
            let fate = Some(Fate::Preempted);
            pods.push(PodOutcome { pod, verdict, to: None, fate, why: why(pod) });
            touched.insert(pod.index());
        }
        for &pod in self.pending.iter().filter(|p| !touched.contains(p.index())) {
            let gated = cluster.pod(pod).gated;
            let verdict = if gated { PodVerdict::Waiting } else { PodVerdict::Pending };
            let why = if gated { None } else { why(pod) };
            pods.push(PodOutcome { pod, verdict, to: None, fate: None, why });
        }
        pods.sort_by_key(|p| p.pod);
        pods
    }
}

/// What the scheduler does where `plan` leaves pods without a place, if it evicts somebody.
fn happens(plan: &Plan, prediction: Option<&Prediction>) -> Option<Happens> {
    let prediction = prediction.filter(|_| !plan.unplaced.is_empty())?;
    let (change, (_, left)) = (prediction.missed.clone()?, prediction.miss.as_ref()?);
    Some(Happens { change, left: left.clone() })
}

/// Who leaves and who needs a place once the nodes of stuck pods are deleted: the old pod of each is gone for good then.
fn once_acted(displaced: &Displaced) -> (Vec<Removal>, Vec<PodId>) {
    let stuck = displaced.fates.iter().filter(|f| f.1.comes_later()).map(|f| f.0);
    let mut removed = displaced.removed.clone();
    removed.extend(stuck.clone().map(|pod| Removal { pod, lingers: false }));
    removed.sort_by_key(|r| (r.pod, r.lingers));
    removed.dedup_by_key(|r| r.pod);
    let mut place = displaced.place.clone();
    place.extend(stuck);
    place.sort_unstable();
    (removed, place)
}

/// The change as far as it is made before the scheduler begins: losses, removals and moves. Moves that do not make
/// room for all are not made.
fn beforehand(plan: &Plan, displaced: &Displaced) -> Change {
    let change = plan.change.clone();
    if !plan.unplaced.is_empty() {
        return Change { removed: displaced.removed.clone(), steps: Vec::new(), ..change };
    }
    let is_move = |s: &Step| displaced.place.binary_search(&s.pod).is_err();
    Change { steps: change.steps.into_iter().filter(is_move).collect(), ..change }
}

fn verdict_of(
    cluster: &Cluster,
    pod: PodId,
    fate: Fate,
    to: Option<NodeId>,
    control_plane_down: bool,
) -> PodVerdict {
    match fate {
        Fate::Lost | Fate::Orphaned | Fate::NamespaceEnds | Fate::JobFails => PodVerdict::Lost,
        Fate::Gone | Fate::WasTerminating | Fate::NotWanted => PodVerdict::Gone,
        Fate::StuckStatefulSet | Fate::StuckJob | Fate::StuckNeverEvicted | Fate::Halted => {
            PodVerdict::Stuck
        }
        Fate::Gated | Fate::InOrder => PodVerdict::Waiting,
        Fate::RunsOn | Fate::StaysPut => PodVerdict::Stays,
        _ if control_plane_down => PodVerdict::Waiting,
        Fate::Refused => PodVerdict::Pending,
        Fate::Recreated
        | Fate::RecreatedAssumed
        | Fate::RecreatedLate
        | Fate::RefusedAtFirst
        | Fate::Preempted
        | Fate::StuckVolume => match (to, fate) {
            (None, _) => PodVerdict::Pending,
            (_, Fate::StuckVolume) => PodVerdict::Stuck,
            (_, Fate::RecreatedLate | Fate::RefusedAtFirst) => PodVerdict::Waiting,
            _ => found_place(cluster, pod),
        },
    }
}

fn found_place(cluster: &Cluster, pod: PodId) -> PodVerdict {
    match cluster.pod(pod).gaps.is_empty() {
        true => PodVerdict::Moves,
        false => PodVerdict::NotEvaluated,
    }
}

/// The level of moves where everything fits without any.
fn no_moves() -> LevelOutcome {
    LevelOutcome {
        name: MOVES.into(),
        objective: 0,
        bound: Some(0),
        certificate: Some(Certificate::IntegerSum),
    }
}
