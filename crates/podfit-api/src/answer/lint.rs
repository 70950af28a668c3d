//! What is less available than it looks?

use super::{Asked, Fault, Question};
use crate::report::{self, LintsReport};
use crate::request::LintRequest;
use podfit::lint::{About, LintQuestion};

impl Question for LintRequest {
    type Report = LintsReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<LintsReport, Fault> {
        let mut lints = asked.snapshot.planner().lint(&LintQuestion { loss: self.mode.into() });
        if asked.snapshot.device().is_some_and(|d| d.hosts.len() > 1) {
            // The device restarts its master machine on the other host.
            lints.retain(|l| l.about != About::ControlPlane);
        }
        Ok(report::lints(&asked.context(), self.mode, &lints))
    }
}
