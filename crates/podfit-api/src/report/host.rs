//! The edge device under the cluster: its hosts, the virtual machines on them, and the 50 % rule.

use podfit::device::{
    self, CapacityField, CapacityUse, Denominator, HostFit, HostId, HostOutcome, HostResource,
    LintVerdict, Plan, Response, Ruling, Size, VmKind,
};
use podfit::model::Cluster;
use podfit::rules::format_amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// CPU and memory of a machine or host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Amounts {
    /// Thousandths of a virtual CPU.
    pub vcpu_milli: i64,
    /// Bytes.
    pub memory_bytes: i64,
}

impl From<Size> for Amounts {
    fn from(size: Size) -> Self {
        Self { vcpu_milli: size.vcpu_milli, memory_bytes: size.memory_bytes }
    }
}

/// A virtual machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// Name; of a Kubernetes machine, that of its node.
    pub name: String,
    /// `master`, `worker` or `other`.
    pub kind: String,
    /// Whether it restarts on the other host when its own is lost.
    pub highly_available: bool,
    /// Size.
    pub size: Amounts,
}

/// A host of the device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostNode {
    /// `A` or `B`.
    pub name: String,
    /// Whether it is lost.
    pub lost: bool,
    /// What machines may use.
    pub usable: Amounts,
    /// All it has.
    pub raw: Amounts,
    /// GPU cards, all with the worker.
    pub gpus: u16,
    /// Machines that run there now.
    pub before: Vec<Machine>,
    /// Names of the machines that run there after the loss.
    pub after: Vec<String>,
}

/// Whether the machines fit the surviving host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostFitReport {
    /// The survivor.
    pub host: String,
    /// What its machines and those that restart there need.
    pub needed: Amounts,
    /// What is left, negative where short.
    pub slack: Amounts,
    /// The resource of which the largest part is needed: `vcpu` or `memory`.
    pub binding: String,
    /// Whether they fit.
    pub fits: bool,
    /// Machines that restart there.
    pub restarted: Vec<String>,
    /// Machines that are down.
    pub down: Vec<String>,
}

/// One line of the 50 % rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LintReport {
    /// Host.
    pub host: String,
    /// `vcpu` or `memory`.
    pub resource: String,
    /// Half of what: `worker` (the pods' requests against the worker machine), `usable-host` or `raw-host`
    /// (the machines against the host).
    pub denominator: String,
    /// In use now; null where the input does not say.
    pub used: Option<i64>,
    /// The whole.
    pub of: i64,
    /// `pass`, `fail` or `not-evaluated`.
    pub verdict: String,
}

/// A warning, with the page of the vendor's documentation it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoteReport {
    /// Stable code.
    pub code: String,
    /// The sentence.
    pub text: String,
    /// End of the page's address.
    pub page: String,
}

/// The edge device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HostReport {
    /// Its hosts.
    pub hosts: Vec<HostNode>,
    /// Whether no host is left: everything is down.
    pub all_down: bool,
    /// The fit on the survivor; null where no host is lost or none is left.
    pub fit: Option<HostFitReport>,
    /// Whether the master machine restarts on the survivor: until it has, there is no API and nothing is
    /// scheduled.
    pub master_restarts: bool,
    /// The vendor's rule that at most half (or `usagePercent`) is used in normal operation: a lint beside the fit, never
    /// instead of it.
    pub lint: Vec<LintReport>,
    /// The percentage.
    pub usage_percent: u8,
    /// What the device states of its capacity, for all nodes together, where the input has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacity: Vec<CapacityReport>,
    /// What the device does about each part that fails, and about all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<ResponseReport>,
    /// Doubts about the description.
    pub warnings: Vec<NoteReport>,
}

/// A figure that the device states of its capacity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CapacityReport {
    /// The vendor's name of it.
    pub name: String,
    /// Bytes of memory; null where it counts cards.
    pub bytes: Option<i64>,
    /// GPU cards; null where it is memory.
    pub cards: Option<i64>,
    /// How it is read: `has`, `withheld` from machines, `checked` against the total, or only `shown`.
    pub read: String,
}

/// What the device does when parts of it fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResponseReport {
    /// The host; null: the whole device.
    pub host: Option<String>,
    /// What is done.
    pub response: ResponseCode,
    /// The sentence.
    pub text: String,
    /// End of the page's address.
    pub page: String,
}

/// What the device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResponseCode {
    /// Everything runs on where it is.
    RunsOn,
    /// The same, but a further failure of the kind is not borne.
    Degraded,
    /// Pages differ, or say nothing: it is asked as if the host were lost.
    Ambiguous,
    /// The host is lost: what is highly available restarts on the other.
    FailsOver,
    /// Everything is down.
    Offline,
}

impl From<Response> for ResponseCode {
    fn from(response: Response) -> Self {
        match response {
            Response::RunsOn => Self::RunsOn,
            Response::Degraded => Self::Degraded,
            Response::Ambiguous => Self::Ambiguous,
            Response::FailsOver => Self::FailsOver,
            Response::Offline => Self::Offline,
        }
    }
}

impl HostReport {
    /// Why the machines do not all run, where they do not fit: `memory short by 4Gi on host B …`.
    pub(crate) fn shortage(&self) -> Option<String> {
        let fit = self.fit.as_ref().filter(|f| !f.fits)?;
        let short = |name: &str, slack: i64, unit: &str| {
            (slack < 0).then(|| format!("{name} short by {}", format_amount(unit, -slack)))
        };
        let slack = fit.slack;
        let parts =
            [short("vCPU", slack.vcpu_milli, "cpu"), short("memory", slack.memory_bytes, "memory")];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let restarts = match fit.restarted.as_slice() {
            [] => "for its own machines".into(),
            [one] => format!("once {one} restarts there"),
            all => format!("once {} restart there", all.join(", ")),
        };
        Some(format!("{} on host {} {restarts}", parts.join(" and "), fit.host))
    }

    /// Whether the master machine ought to restart and cannot.
    pub(crate) fn master_cannot_start(&self) -> bool {
        self.master_restarts && self.fit.as_ref().is_some_and(|f| !f.fits)
    }
}

/// The device before and after the loss of `lost`.
pub(crate) fn host(
    plan: &Plan,
    cluster: &Cluster,
    lost: &[HostId],
    rulings: &[Ruling],
) -> HostReport {
    let outcome = match lost {
        [host] => Some(device::after_loss(plan, *host)),
        _ => None,
    };
    let all_down = matches!(outcome, Some(HostOutcome::AllDown)) || lost.len() > 1;
    let fit = match &outcome {
        Some(HostOutcome::Survives(fit)) => Some(fit),
        _ => None,
    };
    let is_master =
        |name: &String| plan.vms.iter().any(|vm| vm.kind == VmKind::Master && vm.name == *name);
    HostReport {
        hosts: plan.hosts.iter().map(|h| host_node(plan, h, lost, fit)).collect(),
        all_down,
        master_restarts: fit.is_some_and(|f| f.restarted.iter().any(is_master)),
        fit: fit.map(fit_report),
        lint: lint(plan, cluster),
        usage_percent: plan.usage_percent,
        capacity: plan.capacity.fields().iter().map(capacity).collect(),
        responses: rulings
            .iter()
            .map(|r| ResponseReport {
                host: r.host.map(|h| h.name().into()),
                response: r.response.into(),
                text: r.text.clone(),
                page: r.page.into(),
            })
            .collect(),
        warnings: plan
            .warnings
            .iter()
            .map(|n| NoteReport { code: n.code.into(), text: n.text.clone(), page: n.page.into() })
            .collect(),
    }
}

fn capacity(field: &CapacityField) -> CapacityReport {
    CapacityReport {
        name: field.name.into(),
        bytes: (!field.cards).then_some(field.amount),
        cards: field.cards.then_some(field.amount),
        read: match field.read {
            CapacityUse::Has => "has",
            CapacityUse::Withheld => "withheld",
            CapacityUse::Checked => "checked",
            CapacityUse::Shown => "shown",
        }
        .into(),
    }
}

fn host_node(plan: &Plan, host: &device::Host, lost: &[HostId], fit: Option<&HostFit>) -> HostNode {
    let is_lost = lost.contains(&host.id);
    let machine = |vm: &device::Vm| Machine {
        name: vm.name.clone(),
        kind: match vm.kind {
            VmKind::Master => "master",
            VmKind::Worker => "worker",
            VmKind::Other => "other",
        }
        .into(),
        highly_available: vm.highly_available,
        size: vm.size.into(),
    };
    let before: Vec<Machine> = plan.vms_on(host.id).map(machine).collect();
    let mut after: Vec<String> = Vec::new();
    if !is_lost {
        after.extend(before.iter().map(|m| m.name.clone()));
        let here = fit.filter(|f| f.host == host.id && f.fits());
        after.extend(here.into_iter().flat_map(|f| f.restarted.clone()));
    }
    HostNode {
        name: host.id.name().into(),
        lost: is_lost,
        usable: host.usable.into(),
        raw: host.raw.into(),
        gpus: host.gpus,
        before,
        after,
    }
}

pub(super) fn fit_report(fit: &HostFit) -> HostFitReport {
    HostFitReport {
        host: fit.host.name().into(),
        needed: fit.needed.into(),
        slack: fit.slack().into(),
        binding: resource(fit.binding()).into(),
        fits: fit.fits(),
        restarted: fit.restarted.clone(),
        down: fit.down.clone(),
    }
}

fn resource(resource: HostResource) -> &'static str {
    match resource {
        HostResource::Vcpu => "vcpu",
        HostResource::Memory => "memory",
    }
}

fn lint(plan: &Plan, cluster: &Cluster) -> Vec<LintReport> {
    let pods = plan.pod_requests(cluster);
    let denominators = [
        (Denominator::Worker, "worker"),
        (Denominator::UsableHost, "usable-host"),
        (Denominator::RawHost, "raw-host"),
    ];
    let mut lines = Vec::new();
    for (denominator, name) in denominators {
        lines.extend(
            device::half_rule(plan, denominator, plan.usage_percent, &pods).into_iter().map(|l| {
                LintReport {
                    host: l.host.name().into(),
                    resource: resource(l.resource).into(),
                    denominator: name.into(),
                    used: l.used,
                    of: l.of,
                    verdict: match l.verdict {
                        LintVerdict::Pass => "pass",
                        LintVerdict::Fail => "fail",
                        LintVerdict::NotEvaluated => "not-evaluated",
                    }
                    .into(),
                }
            }),
        );
    }
    lines
}
