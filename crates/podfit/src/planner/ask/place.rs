//! Where do pending pods go?

use crate::model::{Change, Loss, PodId, Removal};
use crate::planner::advice::Cause;
use crate::planner::forecast::{Backlog, Hint, Prediction};
use crate::planner::loss::{Displaced, Fate};
use crate::planner::plan::{Open, Plan, Proof, Refused, Scope, Verdict};
use crate::planner::reasons::{Reasons, Why};
use crate::planner::{Options, Planner};
use crate::problem::Query;
use std::sync::Arc;

/// The answer to [`Planner::place`].
#[derive(Clone, Debug)]
pub struct Placed {
    /// [`Verdict::Survives`] reads "all fit" here.
    pub verdict: Verdict,
    /// What the claim rests on.
    pub proof: Option<Proof>,
    /// What may be moved.
    pub scope: Scope,
    /// What the default scheduler would do; `None` where it was not asked.
    pub prediction: Option<Prediction>,
    /// What to do so that it misses nothing.
    pub hint: Option<Hint>,
    /// The plan.
    pub plan: Plan,
    /// Pods asked for, in the order of the input: pending ones, and replacements of those on nodes that are down.
    pub pods: Vec<PodId>,
    /// Pending pods that a scheduling gate holds back: no part of the question.
    pub gated: Vec<PodId>,
    /// Pods that are not made, as admission refuses them, with the reason, by pod.
    pub refused: Vec<(PodId, String)>,
    /// What goes without any loss: pods that are being deleted, and pods on nodes that are down.
    pub displaced: Displaced,
    /// Why each pod that found no place did not.
    pub explanations: Vec<(PodId, Arc<Why>)>,
}

impl Planner {
    /// Finds places for all pending pods that no gate holds back, and for the replacements of pods on nodes that are down,
    /// in the order of the scheduler's queue; with `fewest_nodes`, on as few so far empty nodes as can be. Pods that are
    /// being deleted are gone by then.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with the solver's placement.
    pub fn place(&self, fewest_nodes: bool, options: &Options) -> Result<Placed, Refused> {
        let options = &options.started();
        let cluster = &self.cluster;
        let is_gated = |p: &PodId| cluster.pod(*p).gated;
        let gated: Vec<PodId> = self.pending.iter().copied().filter(is_gated).collect();
        let displaced = Displaced::among(cluster, &self.zones, (&[], Loss::NotReady), &[]);
        let is_refused = |f: &&(PodId, Fate)| f.1 == Fate::Refused;
        let why = |pod| displaced.why(pod).unwrap_or("admission refuses it").to_owned();
        let refused: Vec<(PodId, String)> =
            displaced.fates.iter().filter(is_refused).map(|f| (f.0, why(f.0))).collect();
        let pods = displaced.place.clone();
        let query =
            Query { removed: &displaced.removed, place: &pods, fewest_nodes, ..Query::default() };
        let plan = self.solve(&query, options)?;
        // To the scheduler those that are being deleted are there until they have gone.
        let is_down = |r: &&Removal| cluster.pod(r.pod).node.is_some_and(|n| cluster.node(n).down);
        let removed = displaced.removed.iter().filter(is_down).copied().collect();
        let before = Change { removed, ..Change::default() };
        let arrivals = displaced.arrivals.clone();
        let backlog = Backlog { before, arrivals, ..Backlog::default() };
        let prediction = self.prediction(&plan, &backlog, options)?;
        let (plan, scope) = self.learn(plan, Scope::SurvivorsFixed, &backlog, prediction.as_ref());
        let plan = match fewest_nodes {
            true => plan,
            false => self.as_scheduled(plan, &backlog, prediction.as_ref(), options)?,
        };
        let (mut verdict, proof) = self.verdict_on_place(&plan, prediction.as_ref());
        if !refused.is_empty() {
            verdict = Verdict::DoesNotFit;
        }
        let hint = match (&verdict, &prediction) {
            (Verdict::SurvivesIfPlacedWell, Some(_)) => {
                let seeds = self.seeds(pods.len(), options);
                self.hint(&backlog, &plan.change, seeds, options)
            }
            _ => None,
        };
        let mut explanations = Vec::new();
        if !plan.unplaced.is_empty() {
            let mut reasons = Reasons::new(cluster, &plan.change);
            explanations.extend(plan.unplaced.iter().map(|&p| (p, reasons.of(p))));
        }
        Ok(Placed {
            verdict,
            proof,
            scope,
            prediction,
            hint,
            plan,
            pods,
            gated,
            refused,
            displaced,
            explanations,
        })
    }

    /// Why the pending pods of `placed` do not all fit.
    ///
    /// # Errors
    /// As [`cause`](Self::cause).
    pub fn cause_of_place(&self, placed: &Placed, options: &Options) -> Result<Cause, Refused> {
        let removed = &placed.displaced.removed;
        let query = Query { removed, place: &placed.pods, ..Query::default() };
        self.cause_of(&query, &placed.plan, options)
    }

    /// Pods without a node, in the order of the input.
    pub fn pending(&self) -> Vec<PodId> {
        self.cluster.pod_ids().filter(|&p| self.cluster.pod(p).node.is_none()).collect()
    }

    fn verdict_on_place(
        &self,
        plan: &Plan,
        prediction: Option<&Prediction>,
    ) -> (Verdict, Option<Proof>) {
        let (fits, proof) = plan.claim();
        let has_gaps = |pod: PodId| !self.cluster.pod(pod).gaps.is_empty();
        let gaps = plan.change.steps.iter().filter(|s| has_gaps(s.pod)).count();
        let verdict = match fits {
            Some(false) if self.is_open(&plan.unplaced) => {
                Verdict::Unknown(Open::NotEvaluated { pods: plan.unplaced.len() })
            }
            Some(false) => Verdict::DoesNotFit,
            None => Verdict::Unknown(plan.open()),
            Some(true) if gaps > 0 => Verdict::Unknown(Open::NotEvaluated { pods: gaps }),
            Some(true) if prediction.is_some_and(|p| p.share.is_always()) => Verdict::Survives,
            Some(true) => Verdict::SurvivesIfPlacedWell,
        };
        (verdict.unless_cut(prediction.and_then(|p| p.share.open())), proof)
    }
}
