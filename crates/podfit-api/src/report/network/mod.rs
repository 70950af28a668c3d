//! The answer to "who gets which address, what reaches what, which way do packets take?".
//!
//! | file | what it is for; each may use those above it |
//! |---|---|
//! | `codes.rs` | the words of the wire for the core's enums |
//! | `plan.rs` | addresses and ranges |
//! | `routes.rs` | routes, and ways out |
//! | `reach.rs` | services and pods, and what a loss changes |

mod codes;
mod plan;
mod reach;
mod routes;

pub use codes::{AddressFateCode, HopCode, OpenCode, OutageCode, RouteKindCode, ViaCode};
pub use plan::{AddressPlanReport, AssignedAddress, NetworkConflict, PoolReport};
pub(crate) use reach::without_endpoint;
pub use reach::{
    AddressChangeReport, EndpointReport, NetworkLossReport, PortReport, ReachReport,
    ServiceLossReport, ServiceReport, WayReport,
};
pub use routes::{EgressReport, HopReport, RouteReport, RoutesReport};

use super::common::plural;
use super::reason::{Why, WhyCode};
use super::{API_VERSION, Context, NoteReport, Outcome};
use crate::vocabulary::NetworkPart;
use podfit::device::Note;
use podfit::network::{
    AddressPlan, Conflict, Egress, Endpoints, Lookup, Network, NetworkLoss, Path, Place, Table,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The verdict on a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkVerdict {
    /// All addresses fit, all that was asked for is reached, all routes are right.
    Good,
    /// Something in the description cannot be.
    Conflicts,
    /// There is no way to what was asked for.
    Unreachable,
    /// A service has no ready endpoint, or loses its last.
    NoEndpoint,
    /// The input does not tell.
    NotKnown,
}

/// The answer to a question about the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `NetworkReport`.
    pub kind: String,
    /// What was asked.
    pub about: NetworkPart,
    /// The verdict.
    pub verdict: NetworkVerdict,
    /// Why.
    pub why: Why,
    /// All that cannot be as it is described: of the plan, or of the routes.
    pub conflicts: Vec<NetworkConflict>,
    /// Addresses, where the plan was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<AddressPlanReport>,
    /// Services and ways, where reach was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<ReachReport>,
    /// Routes, where these were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routes: Option<RoutesReport>,
    /// What the vendor of the device says of it.
    pub notes: Vec<NoteReport>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What was not evaluated.
    pub not_evaluated: Vec<String>,
}

impl Outcome for NetworkReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        self.verdict == NetworkVerdict::Good
    }

    fn bad_code(&self) -> u8 {
        if self.verdict == NetworkVerdict::NotKnown { 13 } else { 1 }
    }
}

/// What was asked, and what the core answered.
pub(crate) enum Asked<'a> {
    Plan(AddressPlan),
    Routes {
        network: &'a Network,
        table: Table,
        found: (Vec<Conflict>, Vec<Note>),
        to: Option<(std::net::IpAddr, Lookup)>,
    },
    Reach {
        place: Place<'a>,
        endpoints: Vec<Endpoints>,
        /// All services, or a way from somebody to somebody.
        way: Option<AskedWay<'a>>,
        loss: Option<NetworkLoss>,
    },
}

/// A way that was asked for.
pub(crate) struct AskedWay<'a> {
    pub from: String,
    pub to: String,
    pub paths: Vec<Path>,
    /// Position of the service that it goes to.
    pub service: Option<usize>,
    /// How packets leave, by sender.
    pub egress: Vec<Egress>,
    pub table: Option<&'a Table>,
}

pub(crate) fn network(context: &Context<'_>, asked: Asked<'_>) -> NetworkReport {
    let mut report = NetworkReport {
        api_version: API_VERSION.into(),
        kind: "NetworkReport".into(),
        about: NetworkPart::Plan,
        verdict: NetworkVerdict::Good,
        why: Why::new(WhyCode::Counted, ""),
        conflicts: Vec::new(),
        plan: None,
        reach: None,
        routes: None,
        notes: Vec::new(),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    };
    match asked {
        Asked::Plan(plan) => {
            report.notes = plan.notes.iter().map(note).collect();
            report.conflicts = plan.conflicts.iter().map(NetworkConflict::of).collect();
            let told = plan::plan(context, &plan);
            (report.verdict, report.why.text) = plan_verdict(&report.conflicts, &told);
            report.plan = Some(told);
        }
        Asked::Routes { network, table, found: (conflicts, notes), to } => {
            report.about = NetworkPart::Routes;
            report.notes = notes.iter().map(note).collect();
            report.conflicts = conflicts.iter().map(NetworkConflict::of).collect();
            let told = routes::routes(context, network, &table, to.as_ref());
            (report.verdict, report.why.text) = routes_verdict(&report.conflicts, &told);
            report.routes = Some(told);
        }
        Asked::Reach { place, endpoints, way, loss } => {
            report.about = NetworkPart::Reach;
            report.not_evaluated.push("network policies and firewalls".into());
            let told = reach::reach(&place, &endpoints, way, loss.as_ref());
            (report.verdict, report.why.text) = told.verdict();
            if told.egress.iter().any(|e| e.way == "leaves") {
                report.assumptions.push(MASQUERADE.into());
            }
            report.reach = Some(told);
        }
    }
    if report.verdict == NetworkVerdict::NotKnown {
        report.why.code = WhyCode::NotEvaluated;
    }
    report
}

/// Calico's default IP pool has `natOutgoing`; what the device's has, no page says.
const MASQUERADE: &str =
    "nodes put their own address for that of pods where packets leave the cluster";

fn note(note: &Note) -> NoteReport {
    NoteReport { code: note.code.into(), text: note.text.clone(), page: note.page.into() }
}

fn conflicts_of(conflicts: &[NetworkConflict]) -> Option<(NetworkVerdict, String)> {
    let n = conflicts.len();
    (n > 0).then(|| (NetworkVerdict::Conflicts, plural(n, "conflict")))
}

fn plan_verdict(
    conflicts: &[NetworkConflict],
    plan: &AddressPlanReport,
) -> (NetworkVerdict, String) {
    conflicts_of(conflicts).unwrap_or_else(|| {
        let has = |kind: &str| plan.assigned.iter().filter(|a| a.kind == kind).count();
        let mut text = format!(
            "{} and {} have an address",
            plural(has("node"), "node"),
            plural(has("service"), "service")
        );
        for pool in plan.pools.iter().filter(|p| p.kind == "nodes" || p.kind == "services") {
            text += &format!("; {} more {} fit ({})", pool.free, pool.kind, pool.family);
        }
        (NetworkVerdict::Good, text)
    })
}

fn routes_verdict(
    conflicts: &[NetworkConflict],
    routes: &RoutesReport,
) -> (NetworkVerdict, String) {
    if let Some(conflicts) = conflicts_of(conflicts) {
        return conflicts;
    }
    let custom = routes.routes.iter().filter(|r| r.kind == RouteKindCode::Custom).count();
    let Some(to) = &routes.to else {
        return (NetworkVerdict::Good, plural(custom, "custom route"));
    };
    let taken: Vec<String> = routes.taken.iter().map(|&i| routes.routes[i].words()).collect();
    match taken.as_slice() {
        [] => (NetworkVerdict::Unreachable, format!("no route is for {to}")),
        [one] => (NetworkVerdict::Good, format!("{to} takes {one}")),
        several => {
            let text = format!("{to} takes one of {}: which, is open", several.join(" and "));
            (NetworkVerdict::NotKnown, text)
        }
    }
}
