//! Where do pending pods go?

use super::cause::{brief, cause_report};
use super::{Asked, Fault, Question};
use crate::report::{self, PlaceReport};
use crate::request::PlaceRequest;
use podfit::planner::{RepairQuestion, Verdict};

impl Question for PlaceRequest {
    type Report = PlaceReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<PlaceReport, Fault> {
        let planner = asked.snapshot.planner();
        let options = asked.with_seeds(self.predict);
        let placed = planner.place(self.fewest_nodes, &options)?;
        let list = &asked.options.list;
        let absent = asked.snapshot.planner().taken_as_absent_in(&placed);
        let report = report::place(&asked.context(), self.fewest_nodes, &placed, &absent, list);
        if placed.verdict != Verdict::DoesNotFit || asked.options.verdict_only {
            return Ok(report.with_cut(asked.cut()));
        }
        let options = brief(&options);
        let cause = planner.cause_of_place(&placed, &options)?;
        let may_add_nodes = asked.snapshot.device().is_none();
        let repair = RepairQuestion::Place { fewest_nodes: self.fewest_nodes, may_add_nodes };
        let cause = cause_report(asked, &cause, &placed.plan.change, &repair)?;
        Ok(report.with_cause(cause).with_cut(asked.cut()))
    }
}
