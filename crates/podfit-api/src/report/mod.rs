//! Reports: the wire types of `podfit/v1` and how the core's answers become them.
//!
//! In: an answer of the planner (ids, integers) and its cluster. Out: a [`Report`] of names, integers and
//! sentences, the same bytes for the same answer: no times (they are in the [`Envelope`]), no hash order.
//! Amounts are whole numbers: CPU in thousandths of a core, bytes, everything else by the piece.
//! A question is a file here (`what_if`, `audit`, `place`, `check`); what they share is beside them. What a report
//! suggests comes with the [`Edit`](crate::Edit)s that carry it out.

mod audit;
mod availability;
mod cause;
mod check;
mod cluster;
mod common;
mod control_plane;
mod device;
mod explain;
mod host;
mod lint;
mod network;
mod nodes;
mod paths;
mod place;
mod pods;
mod predict;
mod proof;
mod reason;
mod sequence;
mod timeline;
mod what_if;

pub use crate::select::Listed;
pub use audit::{AuditCase, AuditReport, CaseCounts, VerdictCounts};
pub use availability::{
    AvailabilityReport, AvailabilityVerdict, Estimate, FailureReport, WorkloadAvailability,
};
pub use cause::{
    AdditionReport, CauseReport, DropReport, HindranceReport, RepairReport, RepairStep,
    ShortageReport,
};
pub use check::{CheckReport, CheckVerdict, ViolationReport};
pub use cluster::{ClusterNode, ClusterPod, ClusterReport, PodKind};
pub use common::{Certificate, Level, Scope, StageCode, Status, StopCode, Unrequested, Verdict};
pub use control_plane::{
    CapabilityCode, CapabilityReport, CaseReport, ControlPlaneReport, CrashReport, EffectCode,
    EffectReport, HandOverReport, HandOverWay, LayoutCode, LeaderElection, LeaseTerm, LostReport,
    MemberReport, PlanReport, PlaneFinding, PlaneVerdict, QuorumRow, RemedyReport, RenewalCode,
    SeverityCode, StateCode, TopologyReport,
};
pub use device::{DeviceReport, DeviceVerdict, PartFailure};
pub use explain::{ExplainReport, ExplainVerdict, ExplainedPod, FixReport, NodeAnswer, Reason};
pub use host::{
    Amounts, CapacityReport, HostFitReport, HostNode, HostReport, LintReport, Machine, NoteReport,
    ResponseCode, ResponseReport,
};
pub use lint::{Finding, LintSeverity, LintVerdict, LintsReport};
pub use network::{
    AddressChangeReport, AddressFateCode, AddressPlanReport, AssignedAddress, EgressReport,
    EndpointReport, HopCode, HopReport, NetworkConflict, NetworkLossReport, NetworkReport,
    NetworkVerdict, OpenCode, OutageCode, PoolReport, PortReport, ReachReport, RouteKindCode,
    RouteReport, RoutesReport, ServiceLossReport, ServiceReport, ViaCode, WayReport,
};
pub use nodes::{Amount, GPU_RESOURCE, NodeReport};
pub use paths::{PartCode, PathReport, TermCode, TermReport};
pub use place::{PlacePod, PlacePodVerdict, PlaceReport, PlaceVerdict};
pub use pods::{NearestFix, PodReport, PodVerdict};
pub use predict::{CertaintyCode, Evicted, HintCode, HintReport, PredictionReport};
pub use reason::{
    FateCode, GapReport, NodesReason, ObjectRef, PodReason, PodReasonCode, Why, WhyCode,
};
pub use sequence::{AcceptedCode, DeploymentsReport, SequenceReport, SequenceState};
pub use timeline::{
    ActionCode, ActionReport, ReturnCode, TimelinePod, TimelineReport, TimelineVerdict,
};
pub use what_if::{AfterRecovery, ControlPlaneLoss, PodCounts, WhatIfReport};

pub(crate) use audit::{audit, case};
pub(crate) use availability::availability;
pub(crate) use cause::cause;
pub(crate) use check::check;
pub(crate) use cluster::cluster;
pub(crate) use common::{cut_words, plural};
pub(crate) use control_plane::{Asked as PlaneAsked, control_plane};
pub(crate) use device::device;
pub(crate) use explain::{explain, fix};
pub(crate) use host::host;
pub(crate) use lint::lints;
pub(crate) use network::{Asked as AskedNetwork, AskedWay, network};
pub(crate) use place::place;
pub(crate) use predict::brief;
pub(crate) use proof::cards;
pub(crate) use sequence::{Happened, sequence, shares_gpus};
pub(crate) use timeline::timeline;
pub(crate) use what_if::what_if;

use crate::questions::questions;
use podfit::device::Plan;
use podfit::model::Cluster;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `podfit/v1`: the version of every wire type. It changes when a field changes its meaning or goes.
pub const API_VERSION: &str = "podfit/v1";

/// What every report can say of itself.
pub(crate) trait Outcome {
    /// See [`Report::is_good`].
    fn is_good(&self, accept_losses: bool) -> bool;

    /// See [`Report::exit_code`], where the answer is not the good one.
    fn bad_code(&self) -> u8 {
        1
    }
}

macro_rules! report {
    ($($(#[$doc:meta])* $kind:ident, $request:ident, $report:ident;)*) => {
        /// An answer.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(untagged)]
        #[allow(clippy::large_enum_variant)] // one of them at a time
        pub enum Report {
            $($(#[$doc])* $kind($report),)*
        }

        impl Report {
            /// Whether the answer is the good one: survives, fits, no violation. With `accept_losses`, pods that are
            /// lost or stuck by their kind do not spoil it. Where the scheduler was not asked (`predict: 0`), that it
            /// could be placed well is all that was asked, and losses spoil it as ever.
            pub fn is_good(&self, accept_losses: bool) -> bool {
                match self {
                    $(Self::$kind(report) => report.is_good(accept_losses),)*
                }
            }

            /// A number for each kind of answer: 0 the good one, 10 does not fit, 11 survives with losses, 12 if placed
            /// well, 13 unknown, 14 stalls, 15 down; 1 where a report has no such verdict and is not good.
            pub fn exit_code(&self, accept_losses: bool) -> u8 {
                if self.is_good(accept_losses) {
                    return 0;
                }
                match self {
                    $(Self::$kind(report) => report.bad_code(),)*
                }
            }
        }
    };
}
questions!(report);

/// What all reports are made from: the cluster asked about, and what was supposed of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub cluster: &'a Cluster,
    /// The edge device that the cluster was described as.
    pub device: Option<&'a Plan>,
    pub assumptions: &'a [String],
    pub not_evaluated: &'a [String],
}

/// A report with what differs from run to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// The answer.
    pub report: Report,
    /// Time it took to answer, reading left out.
    pub seconds: f64,
    /// Version of podfit.
    pub version: String,
}
