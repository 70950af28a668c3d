//! Questions answered: a file each, from the request to the report.
//!
//! In: a [`Snapshot`] and a [`Request`]. Out: an [`Envelope`]. A file resolves the names of its request, asks the
//! planner, and has `report/` put the answer into wire types; `sweep` does it for many scenarios.

mod audit;
mod availability;
mod cause;
mod check;
mod control_plane;
mod device;
mod explain;
mod lint;
mod network;
mod options;
mod place;
mod rolling;
mod routes;
mod sequence;
mod show;
mod sweep;
mod timeline;
mod times;
mod what_if;

pub use options::{AnswerError, AnswerOptions};
pub use sweep::{Row, Scenario, sweep};

use crate::names::at;
use crate::questions::questions;
use crate::report::{Context, Envelope, Report};
use crate::request::{
    AuditRequest, AvailabilityRequest, CheckRequest, ControlPlaneRequest, DeviceRequest,
    ExplainRequest, LintRequest, NetworkRequest, PlaceRequest, Request, SequenceRequest,
    ShowRequest, TimelineRequest, WhatIfRequest,
};
use crate::snapshot::Snapshot;
use podfit::control_plane::control_plane_after;
use podfit::model::Loss;
use podfit::planner::{Options, Refused};
use podfit::solve::Cut;

/// What an answer is made from.
struct Asked<'a> {
    snapshot: &'a Snapshot,
    options: &'a AnswerOptions,
    /// The same for the planner, the clock running.
    solve: Options,
}

impl<'a> Asked<'a> {
    fn new(snapshot: &'a Snapshot, options: &'a AnswerOptions) -> Self {
        Self { snapshot, options, solve: options.for_planner().started() }
    }

    fn context(&self) -> Context<'a> {
        self.snapshot.context()
    }

    /// What was cut short so far.
    fn cut(&self) -> Option<Cut> {
        self.solve.control().cut()
    }

    /// Nodes alone survive everything, so questions about losses want a pod, or a control plane that may go.
    fn must_have_pods(&self) -> Result<(), Fault> {
        let snapshot = self.snapshot;
        let cluster = snapshot.cluster();
        let plane = || control_plane_after(cluster, &[], Loss::NotReady).is_known;
        if snapshot.had_pods() || snapshot.device().is_some() || plane() {
            return Ok(());
        }
        let cause =
            "there is no pod in the input, ended ones left aside: nothing can be lost".into();
        let fix = format!("gather them too: {}", podfit_kube::kubectl_line());
        Err(Fault::Request(vec![at("input", ("no-pods", cause, fix))]))
    }

    /// The planner's options with so many seeds of the scheduler.
    fn with_seeds(&self, seeds: Option<u32>) -> Options {
        Options { seeds, ..self.solve.clone() }
    }
}

/// Why there is no report.
enum Fault {
    Request(Vec<crate::names::RequestError>),
    Refused(Refused),
}

impl From<Vec<crate::names::RequestError>> for Fault {
    fn from(errors: Vec<crate::names::RequestError>) -> Self {
        Self::Request(errors)
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// A question that can be answered.
trait Question {
    type Report;

    fn answer(&self, asked: &Asked<'_>) -> Result<Self::Report, Fault>;
}

macro_rules! answer {
    ($($(#[$doc:meta])* $kind:ident, $request:ident, $report:ident;)*) => {
        fn report(request: &Request, asked: &Asked<'_>) -> Result<Report, Fault> {
            match request {
                $(Request::$kind(ask) => <$request>::answer(ask, asked).map(Report::$kind),)*
            }
        }
    };
}
questions!(answer);

impl Snapshot {
    /// Answers a request.
    ///
    /// # Errors
    /// [`AnswerError::Request`] with every wrong name; [`AnswerError::Internal`] for a bug of ours.
    pub fn answer(
        &self,
        request: &Request,
        options: &AnswerOptions,
    ) -> Result<Envelope, AnswerError> {
        let start = web_time::Instant::now();
        let report = options
            .in_pool(|| report(request, &Asked::new(self, options)))
            .map_err(|fault| AnswerError::of(request, fault))?;
        Ok(Envelope {
            report,
            seconds: start.elapsed().as_secs_f64(),
            version: env!("CARGO_PKG_VERSION").into(),
        })
    }
}
