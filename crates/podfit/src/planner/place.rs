//! Where do pending pods go?

use super::{Options, Plan, Planner, Proof, Reasons, Refused, Verdict, Why};
use crate::model::PodId;
use crate::problem::Query;
use std::sync::Arc;

/// The answer to [`place`].
#[derive(Clone, Debug)]
pub struct Placed {
    /// [`Verdict::Survives`] reads "all fit" here.
    pub verdict: Verdict,
    /// What the claim rests on.
    pub proof: Option<Proof>,
    /// The plan.
    pub plan: Plan,
    /// Pending pods asked for, in the order of the input.
    pub pods: Vec<PodId>,
    /// Why each pod that found no place did not.
    pub explanations: Vec<(PodId, Arc<Why>)>,
}

/// Finds places for all pending pods of the planner's cluster, most important first; with `fewest_nodes`, on as
/// few so far empty nodes as can be.
///
/// # Errors
/// [`Refused`], if the referee finds fault with the solver's placement.
pub fn place(planner: &Planner, fewest_nodes: bool, options: &Options) -> Result<Placed, Refused> {
    let cluster = planner.cluster();
    let pods: Vec<PodId> = cluster.pod_ids().filter(|&p| cluster.pod(p).node.is_none()).collect();
    let query = Query { place: &pods, fewest_nodes, ..Query::default() };
    let plan = planner.solve(&query, options)?;
    let (fits, proof) = plan.claim();
    let placed_gaps =
        plan.change.steps.iter().filter(|s| !cluster.pod(s.pod).gaps.is_empty()).count();
    let verdict = match fits {
        Some(false) => Verdict::DoesNotFit,
        None => Verdict::Unknown(plan.why_open()),
        Some(true) if placed_gaps > 0 => Verdict::Unknown(format!(
            "{placed_gaps} pod(s) could not be evaluated: the input lacks data, or podfit a rule"
        )),
        Some(true) => Verdict::Survives,
    };
    let explanations = if plan.unplaced.is_empty() {
        Vec::new()
    } else {
        let mut reasons = Reasons::new(cluster, &plan.change);
        plan.unplaced.iter().map(|&p| (p, reasons.of(p))).collect()
    };
    Ok(Placed { verdict, proof, plan, pods, explanations })
}
