//! Why does no node take these pods, and what is the nearest fix?

use super::{Asked, Fault, Question};
use crate::names;
use crate::report::{self, ExplainReport};
use crate::request::ExplainRequest;
use podfit::planner::{ExplainQuestion, WhatIfQuestion};

impl Question for ExplainRequest {
    type Report = ExplainReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<ExplainReport, Fault> {
        let snapshot = asked.snapshot;
        let (cluster, planner) = (snapshot.cluster(), snapshot.planner());
        let failed = names::lost(cluster, snapshot.device(), &self.fail);
        let (failed, named) = names::both(failed, names::pods(cluster, &self.pods))?;
        let options = asked.with_seeds(Some(0));
        let (plan, pending) = match failed.nodes.as_slice() {
            [] => (None, planner.pending()),
            lost => {
                let (lost, loss) = (lost.to_vec(), self.mode.into());
                let question = WhatIfQuestion { lost, loss, ..WhatIfQuestion::default() };
                let plan = planner.what_if(&question, &options)?.plan;
                (Some(plan.change), plan.unplaced)
            }
        };
        let question = ExplainQuestion {
            pods: if self.pods.is_empty() { &pending } else { &named },
            lost: &failed.nodes,
            loss: self.mode.into(),
            plan: plan.as_ref(),
        };
        let explained = planner.explain(&question, &options)?;
        Ok(report::explain(&asked.context(), self, &failed, &explained))
    }
}
