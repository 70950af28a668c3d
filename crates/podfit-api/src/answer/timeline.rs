//! When is everything back after these nodes are lost?

use super::{Asked, Fault, Question};
use crate::names;
use crate::report::{self, TimelineReport};
use crate::request::{TimelineRequest, Timing};
use podfit::device::{self, HostId};
use podfit::model::{Cluster, Interval, Loss};
use podfit::planner::{Away, Planner, Term, TermCode, Timeline, Times, WhatIf, WhatIfQuestion};

/// Until the device notices that a host is silent; assumed.
const HOST_SILENT: Interval = Interval::seconds(10);
/// What it waits for a host that is isolated at most, `ResiliencyDefaultPeriod`; remembered, not on the device's pages.
const HOST_ISOLATED: Interval = Interval::between(0, 240_000);
/// "A few minutes" until the master machine is up on the other host [azure-stack-edge-gpu-clustering-overview].
const MASTER_UP: Interval = Interval::between(120_000, 300_000);

impl Question for TimelineRequest {
    type Report = TimelineReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<TimelineReport, Fault> {
        asked.must_have_pods()?;
        let snapshot = asked.snapshot;
        let (cluster, planner) = (snapshot.cluster(), snapshot.planner());
        let failed = names::lost_some(cluster, snapshot.device(), &self.fail);
        let (failed, times) = names::both(failed, super::times::times(cluster, &self.timing))?;
        let (lost, loss) = (failed.nodes.clone(), self.mode.into());
        let question = WhatIfQuestion { lost, loss, explain: true, ..WhatIfQuestion::default() };
        let answer = planner.what_if(&question, &asked.with_seeds(self.predict))?;
        let timeline =
            timeline(snapshot.timed(), &failed.hosts, &question, &answer, (&self.timing, times));
        let list = &asked.options.list;
        let both = (&answer, &timeline);
        Ok(report::timeline(&asked.context(), self, &failed, both, asked.cut(), list))
    }
}

/// The timeline of an answer; `hosts` of the device are lost in it, and `times` are those of `timing`.
pub(super) fn timeline(
    (planner, device): (&Planner, Option<&device::Plan>),
    hosts: &[HostId],
    question: &WhatIfQuestion,
    answer: &WhatIf,
    (timing, times): (&Timing, Times),
) -> Timeline {
    let isolated = timing.isolated && question.loss == Loss::NotReady;
    let hosts = if question.loss == Loss::Drained { &[] } else { hosts };
    let is_down = answer.control_plane.is_down();
    let away = away((planner.cluster(), device), hosts, is_down, isolated, timing);
    planner.timeline(question, answer, isolated, &Times { away, ..times })
}

/// How long the master machine of a device takes to come up on the other host.
pub(super) fn master_up(timing: &Timing) -> (Interval, bool) {
    timing.control_plane_seconds.map_or((MASTER_UP, true), |span| (Interval::from(span), false))
}

/// How the control plane goes away: with hosts of the device, or because the members that the cluster shows are down.
pub(super) fn away(
    (cluster, device): (&Cluster, Option<&device::Plan>),
    hosts: &[HostId],
    is_down: bool,
    isolated: bool,
    timing: &Timing,
) -> Away {
    let host = device.map(|d| report::host(d, cluster, hosts, &[]));
    let given = timing.control_plane_seconds.map(|span| (Interval::from(span), false));
    match host.filter(|h| h.master_restarts) {
        Some(host) if host.master_cannot_start() => Away::Unknown,
        Some(_) => {
            let silent = timing.host_seconds.map(|span| (Interval::from(span), false));
            let silent = Term::given(TermCode::HostSilent, silent.unwrap_or((HOST_SILENT, true)));
            let waits = Term::given(TermCode::HostIsolated, (HOST_ISOLATED, true));
            let before = [silent].into_iter().chain(isolated.then_some(waits));
            Away::returns(before, master_up(timing))
        }
        None => match given {
            Some(given) if is_down => Away::returns([], given),
            None if is_down => Away::Unknown,
            _ => Away::No,
        },
    }
}
