//! What if these nodes are lost?

use crate::control_plane::ControlPlane;
use crate::model::{Change, Cluster, Loss, NodeId, PodId, Step, Sym};
use crate::planner::advice::Cause;
use crate::planner::forecast::{Backlog, Hint, Prediction};
use crate::planner::loss::{Displaced, Fate, may_move};
use crate::planner::plan::{Open, Plan, Proof, Refused, Scope, Verdict};
use crate::planner::reasons::{Reasons, Why};
use crate::planner::{Options, Planner};
use crate::problem::{MOVES, Query};
use crate::solve::{Certificate, LevelOutcome};
use fixedbitset::FixedBitSet;
use std::sync::Arc;

/// With more movable pods than this, only those on the roomiest nodes are considered, and nothing is proved
/// about the rest.
const MOVABLE_MAX: usize = 1_000;

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
    /// Runs on where it is.
    Stays,
    /// Finds no place.
    Pending,
    /// Would be recreated, but the control plane is down.
    Waiting,
    /// Bare: not recreated.
    Lost,
    /// Went with its node, as it should.
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
    /// Its fate by kind, if its node was lost; else it was moved to make room, or was pending before.
    pub fate: Option<Fate>,
    /// Why no node takes it, if it is pending and explanations were asked for.
    pub why: Option<Arc<Why>>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The verdict on the whole.
    pub verdict: Verdict,
    /// What the claim rests on.
    pub proof: Option<Proof>,
    /// What may be moved.
    pub scope: Scope,
    /// Fit alone, control plane, losses and gaps left aside: whether the displaced pods have a place.
    pub fits: Option<bool>,
    /// The control plane.
    pub control_plane: ControlPlane,
    /// Pods that are touched, in the order of the input.
    pub pods: Vec<PodOutcome>,
    /// Why pods of fate [`Fate::Halted`] are not evicted, by pod.
    pub halted: Vec<(PodId, String)>,
    /// What the default scheduler would do; `None` where it was not asked.
    pub prediction: Option<Prediction>,
    /// What to do beforehand so that it misses nothing.
    pub hint: Option<Hint>,
    /// The plan behind it.
    pub plan: Plan,
}

impl WhatIf {
    /// How many of the touched pods have this verdict.
    pub fn count(&self, verdict: PodVerdict) -> usize {
        self.pods.iter().filter(|p| p.verdict == verdict).count()
    }
}

impl Planner {
    /// Answers "what if these nodes are lost?".
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with the solver's placement.
    pub fn what_if(&self, question: &WhatIfQuestion, options: &Options) -> Result<WhatIf, Refused> {
        let options = &options.started();
        let displaced = self.displaced(&question.lost, question.loss);
        let plan = self.best_plan(question, &displaced, options)?;
        let scope = match question.moves_max {
            0 => Scope::SurvivorsFixed,
            n => Scope::MovesAllowed(n),
        };
        let backlog = Backlog {
            before: beforehand(&plan, &displaced),
            arrivals: displaced.arrivals,
            ..Backlog::default()
        };
        let prediction = self.prediction(&plan, &backlog, options)?;
        let (mut plan, scope) = self.learn(plan, scope, &backlog, prediction.as_ref());
        if question.explain {
            plan = self.as_scheduled(plan, &backlog, prediction.as_ref(), options)?;
        }
        let mut answer = self.conclude(question, &displaced.fates, plan, scope, prediction);
        answer.halted = displaced.halted;
        let open = answer.prediction.as_ref().and_then(|p| p.share.open());
        answer.verdict = answer.verdict.unless_cut(open);
        if question.hint
            && answer.verdict == Verdict::SurvivesIfPlacedWell
            && answer.prediction.as_ref().is_some_and(|p| p.share.seeds > 0)
        {
            let seeds = self.seeds(backlog.arrivals.len(), options);
            answer.hint = self.hint(&backlog, &answer.plan.change, seeds, options);
        }
        Ok(answer)
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
        let displaced = self.displaced(&question.lost, question.loss);
        let query = Query {
            lost: &question.lost,
            loss: question.loss,
            removed: &displaced.removed,
            place: &displaced.place,
            ..Query::default()
        };
        if question.moves_max == 0 {
            return self.cause_of(&query, &answer.plan, options);
        }
        let fixed = self.solve(&query, options)?;
        self.cause_of(&query, &fixed, options)
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
            cluster.node_ids().filter(|n| !question.lost.contains(n)).collect();
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
        let all = pods.filter(|&p| may_move(cluster, p));
        let movable: Vec<PodId> = all.clone().take(MOVABLE_MAX).collect();
        let complete = all.count() == movable.len();
        (movable, complete)
    }

    fn conclude(
        &self,
        question: &WhatIfQuestion,
        fates: &[(PodId, Fate)],
        plan: Plan,
        scope: Scope,
        prediction: Option<Prediction>,
    ) -> WhatIf {
        let control_plane = self.parts.after(&question.lost, question.loss);
        let pods = self.outcomes(question, fates, &plan, control_plane.is_down());
        let (fits, proof) = plan.claim();
        let any =
            |v: PodVerdict| pods.iter().filter(|p| p.verdict == v && p.fate.is_some()).count();
        // Also of pods that wait for the control plane, or are evicted and placed anew.
        let has_gaps = |s: &&Step| !self.cluster.pod(s.pod).gaps.is_empty();
        let not_evaluated = plan.change.steps.iter().filter(has_gaps).count();
        let losses = any(PodVerdict::Lost) + any(PodVerdict::Stuck) + any(PodVerdict::Waiting);
        let verdict = match fits {
            Some(false) => Verdict::DoesNotFit,
            None => Verdict::Unknown(plan.open()),
            Some(true) if not_evaluated > 0 => {
                Verdict::Unknown(Open::NotEvaluated { pods: not_evaluated })
            }
            Some(true) if !prediction.as_ref().is_some_and(|p| p.share.is_always()) => {
                Verdict::SurvivesIfPlacedWell
            }
            Some(true) if losses > 0 || control_plane.is_down() => Verdict::SurvivesWithLosses,
            Some(true) => Verdict::Survives,
        };
        WhatIf {
            verdict,
            proof,
            scope,
            fits,
            control_plane,
            pods,
            prediction,
            halted: Vec::new(),
            hint: None,
            plan,
        }
    }

    fn outcomes(
        &self,
        question: &WhatIfQuestion,
        fates: &[(PodId, Fate)],
        plan: &Plan,
        down: bool,
    ) -> Vec<PodOutcome> {
        let cluster = self.cluster.as_ref();
        let mut reasons = (question.explain && !plan.unplaced.is_empty())
            .then(|| Reasons::new(cluster, &plan.change));
        let mut why = |pod: PodId| reasons.as_mut().map(|r| r.of(pod));
        let mut steps: Vec<&Step> = plan.change.steps.iter().collect();
        steps.sort_by_key(|s| s.pod);
        let target =
            |pod: PodId| steps.binary_search_by_key(&pod, |s| s.pod).ok().map(|i| steps[i].node);
        let mut pods: Vec<PodOutcome> = fates
            .iter()
            .map(|&(pod, fate)| {
                let to = target(pod);
                let verdict = verdict_of(cluster, pod, fate, to, down);
                let why = if verdict == PodVerdict::Pending { why(pod) } else { None };
                PodOutcome { pod, verdict, to, fate: Some(fate), why }
            })
            .collect();
        let mut touched = FixedBitSet::with_capacity(cluster.pods().len());
        pods.iter().for_each(|p| touched.insert(p.pod.index()));
        let moved = plan.change.steps.iter().filter(|s| !touched.contains(s.pod.index()));
        pods.extend(moved.map(|s| PodOutcome {
            pod: s.pod,
            verdict: found_place(cluster, s.pod),
            to: Some(s.node),
            fate: None,
            why: None,
        }));
        pods.extend(self.pending.iter().map(|&pod| PodOutcome {
            pod,
            verdict: PodVerdict::Pending,
            to: None,
            fate: None,
            why: None,
        }));
        pods.sort_by_key(|p| p.pod);
        pods
    }
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
        Fate::Lost => PodVerdict::Lost,
        Fate::Gone | Fate::WasTerminating => PodVerdict::Gone,
        Fate::StuckStatefulSet | Fate::StuckNeverEvicted | Fate::Halted => PodVerdict::Stuck,
        Fate::RunsOn => PodVerdict::Stays,
        Fate::Recreated | Fate::RecreatedAssumed => match to {
            _ if control_plane_down => PodVerdict::Waiting,
            None => PodVerdict::Pending,
            Some(_) => found_place(cluster, pod),
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
