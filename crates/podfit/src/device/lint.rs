use super::{
    host_fit::{HostResource, load_now},
    plan::{HostId, Plan},
    sizing::Size,
};

/// What the 50 % rule is 50 % of. The vendor does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Denominator {
    /// The pods' requests against the host's worker machine.
    Worker,
    /// The virtual machines against what the host lets them use.
    UsableHost,
    /// The virtual machines against all the host has.
    RawHost,
}

/// Verdict of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LintVerdict {
    /// At most the percentage is used.
    Pass,
    /// More is used.
    Fail,
    /// The input does not say what is used.
    NotEvaluated,
}

/// The rule for one host and one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintLine {
    /// Host.
    pub host: HostId,
    /// Resource; it gives the unit of the amounts.
    pub resource: HostResource,
    /// In use; `None` where the input does not say.
    pub used: Option<i64>,
    /// The whole of which the percentage is taken.
    pub of: i64,
    /// Verdict.
    pub verdict: LintVerdict,
}

/// The vendor's rule of thumb that at most half (`percent` = 50) of each node is used in normal
/// operation, so that the other half can take over. A lint beside the real fit, never instead of it: the
/// rule is neither sufficient (the reserve of kubelet) nor necessary (an uneven load may still fit).
///
/// `pods` are the requests of the pods on each host's worker, needed for [`Denominator::Worker`] only
/// (see [`Plan::pod_requests`]); hosts that are missing there are not evaluated. GPU cards are left out:
/// a whole card cannot be half used. Lines come by host, then by resource.
pub fn half_rule(
    plan: &Plan,
    denominator: Denominator,
    percent: u8,
    pods: &[(HostId, Size)],
) -> Vec<LintLine> {
    let mut lines = Vec::new();
    for host in &plan.hosts {
        let machines = load_now(plan, host.id).map(|fit| fit.needed);
        let (used, of) = match denominator {
            Denominator::Worker => (
                pods.iter().find(|(id, _)| *id == host.id).map(|&(_, size)| size),
                plan.worker(host.id).map_or(Size::default(), |vm| vm.size),
            ),
            Denominator::UsableHost => (machines, host.usable),
            Denominator::RawHost => (machines, host.raw),
        };
        for resource in HostResource::ALL {
            lines.push(line(
                host.id,
                resource,
                used.map(|u| resource.of(u)),
                resource.of(of),
                percent,
            ));
        }
    }
    lines
}

fn line(host: HostId, resource: HostResource, used: Option<i64>, of: i64, percent: u8) -> LintLine {
    let verdict = match used {
        None => LintVerdict::NotEvaluated,
        Some(used) if i128::from(used) * 100 <= i128::from(of) * i128::from(percent) => {
            LintVerdict::Pass
        }
        Some(_) => LintVerdict::Fail,
    };
    LintLine { host, resource, used, of, verdict }
}
