//! Where do pending pods go?

use crate::model::PodId;
use crate::planner::advice::Cause;
use crate::planner::forecast::{Backlog, Hint, Prediction};
use crate::planner::plan::{Open, Plan, Proof, Refused, Scope, Verdict};
use crate::planner::reasons::{Reasons, Why};
use crate::planner::{Options, Planner};
use crate::problem::Query;
use crate::schedule::Arrival;
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
    /// Pending pods asked for, in the order of the input.
    pub pods: Vec<PodId>,
    /// Pending pods that a scheduling gate holds back: no part of the question.
    pub gated: Vec<PodId>,
    /// Why each pod that found no place did not.
    pub explanations: Vec<(PodId, Arc<Why>)>,
}

impl Planner {
    /// Finds places for all pending pods that no gate holds back, most important first; with `fewest_nodes`, on as
    /// few so far empty nodes as can be.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with the solver's placement.
    pub fn place(&self, fewest_nodes: bool, options: &Options) -> Result<Placed, Refused> {
        let options = &options.started();
        let cluster = &self.cluster;
        let (gated, pods): (Vec<PodId>, Vec<PodId>) =
            self.pending().into_iter().partition(|&p| cluster.pod(p).gated);
        let query = Query { place: &pods, fewest_nodes, ..Query::default() };
        let plan = self.solve(&query, options)?;
        let arrivals = pods.iter().map(|&pod| Arrival { pod, at: 0 }).collect();
        let backlog = Backlog { arrivals, ..Backlog::default() };
        let prediction = self.prediction(&plan, &backlog, options)?;
        let (plan, scope) = self.learn(plan, Scope::SurvivorsFixed, &backlog, prediction.as_ref());
        let plan = match fewest_nodes {
            true => plan,
            false => self.as_scheduled(plan, &backlog, prediction.as_ref(), options)?,
        };
        let (verdict, proof) = self.verdict_on_place(&plan, prediction.as_ref());
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
        Ok(Placed { verdict, proof, scope, prediction, hint, plan, pods, gated, explanations })
    }

    /// Why the pending pods of `placed` do not all fit.
    ///
    /// # Errors
    /// As [`cause`](Self::cause).
    pub fn cause_of_place(&self, placed: &Placed, options: &Options) -> Result<Cause, Refused> {
        let query = Query { place: &placed.pods, ..Query::default() };
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
            Some(false) => Verdict::DoesNotFit,
            None => Verdict::Unknown(plan.open()),
            Some(true) if gaps > 0 => Verdict::Unknown(Open::NotEvaluated { pods: gaps }),
            Some(true) if prediction.is_some_and(|p| p.share.is_always()) => Verdict::Survives,
            Some(true) => Verdict::SurvivesIfPlacedWell,
        };
        (verdict.unless_cut(prediction.and_then(|p| p.share.open())), proof)
    }
}
