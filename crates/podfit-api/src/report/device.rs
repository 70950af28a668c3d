//! The edge device: its machines, what a lost host leaves, and what it does when parts fail.

use super::host::{self, Amounts, HostFitReport, HostReport, ResponseCode};
use super::reason::{Why, WhyCode};
use super::{API_VERSION, Context, Outcome};
use podfit::device::{Model, Part, Plan, Response, Ruling, fail, load_now};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the machines fit on each host alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceVerdict {
    /// Two nodes, and what is highly available fits on either.
    Fits,
    /// On one of them it does not.
    DoesNotFit,
    /// One node: nothing is highly available.
    OneNode,
}

/// The answer to a device request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `DeviceReport`.
    pub kind: String,
    /// Whether the machines fit on each host alone.
    pub verdict: DeviceVerdict,
    /// Why.
    pub why: Why,
    /// The model's name, as `pro-gpu`.
    pub model: String,
    /// What the vendor calls it.
    pub title: String,
    /// End of the address of the page with its hardware.
    pub page: String,
    /// Date of that page.
    pub page_date: String,
    /// Hosts, machines and the rule of normal use.
    pub host: HostReport,
    /// What each host holds as it stands.
    pub now: Vec<HostFitReport>,
    /// What the other host holds once one is lost; empty for one node.
    pub losses: Vec<HostFitReport>,
    /// What the device does when parts fail, a line each.
    pub failures: Vec<PartFailure>,
    /// What kubelet and system keep of each Kubernetes machine.
    pub kubelet_reserve: Amounts,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

/// What the device does when parts of it fail together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartFailure {
    /// The parts, as a what-if's `fail` names them.
    pub parts: Vec<String>,
    /// The worst that is done.
    pub response: ResponseCode,
    /// Names of the hosts that are lost.
    pub lost: Vec<String>,
    /// In words.
    pub text: String,
    /// End of the page's address.
    pub page: String,
}

impl Outcome for DeviceReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        self.verdict != DeviceVerdict::DoesNotFit
    }
}

/// Parts of one node that the table is about, and of both.
const OF_ONE: [&str; 9] = [
    "A:disk", "A:psu1", "A:psus", "A:port1", "A:port3", "A:core", "A:reboot", "A:update", "witness",
];
const OF_BOTH: [&[&str]; 5] = [
    &["A:disk", "B:disk"],
    &["A:psu1", "B:psu1"],
    &["A:psus", "B:psus"],
    &["A:core", "B:core"],
    &["A:core", "witness"],
];

pub(crate) fn device(context: &Context<'_>, plan: &Plan) -> DeviceReport {
    let spec = plan.model.spec();
    let losses: Vec<HostFitReport> = plan
        .hosts
        .iter()
        .filter_map(|h| host::host(plan, context.cluster, &[h.id], &[]).fit)
        .collect();
    let now = plan.hosts.iter().filter_map(|h| load_now(plan, h.id));
    let now = now.map(|fit| host::fit_report(&fit)).collect();
    let short: Vec<&str> =
        losses.iter().filter(|fit| !fit.fits).map(|fit| fit.host.as_str()).collect();
    let (verdict, why) = match (plan.hosts.len(), short.as_slice()) {
        (1, _) => (DeviceVerdict::OneNode, "one node: when it fails, everything is down".into()),
        (_, []) => (DeviceVerdict::Fits, "either host can hold what is highly available".into()),
        (_, [host]) => (DeviceVerdict::DoesNotFit, format!("host {host} alone is too small")),
        (_, _) => (DeviceVerdict::DoesNotFit, "each host alone is too small".into()),
    };
    DeviceReport {
        api_version: API_VERSION.into(),
        kind: "DeviceReport".into(),
        verdict,
        why: Why::new(WhyCode::Counted, why),
        model: spec.name.into(),
        title: spec.title.into(),
        page: spec.page.into(),
        page_date: spec.page_date.into(),
        host: host::host(plan, context.cluster, &[], &[]),
        now,
        losses,
        failures: failures(plan),
        kubelet_reserve: plan.kubelet_reserve.into(),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

fn failures(plan: &Plan) -> Vec<PartFailure> {
    let both = plan.hosts.len() > 1;
    let one = OF_ONE.iter().filter(|p| both || **p != "witness").map(std::slice::from_ref);
    let all = one.chain(OF_BOTH.iter().copied().filter(|_| both));
    let supplies = plan.model.supplies();
    // Without a second supply one is all, and ports of other models have other roles.
    let is_told = |parts: &&[&str]| {
        (supplies == 2 || parts.iter().all(|p| !p.ends_with("psus")))
            && (plan.model == Model::ProGpu || parts.iter().all(|p| !p.ends_with("port1")))
    };
    all.filter(is_told).map(|parts| failure(plan, parts)).collect()
}

fn failure(plan: &Plan, names: &[&str]) -> PartFailure {
    let parts: Vec<Part> = names.iter().filter_map(|n| Part::parse(n)).flatten().collect();
    let failures = fail(plan, &parts);
    let worst = failures.rulings.iter().max_by_key(|r| r.response);
    PartFailure {
        parts: names.iter().map(ToString::to_string).collect(),
        response: worst.map_or(Response::RunsOn, |r| r.response).into(),
        lost: failures.lost.iter().map(|h| h.name().into()).collect(),
        text: worst.map(|r| r.text.clone()).unwrap_or_default(),
        page: worst.map_or("", |r: &Ruling| r.page).into(),
    }
}
