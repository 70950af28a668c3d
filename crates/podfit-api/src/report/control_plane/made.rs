//! The report, made of the core's answer.

use super::capabilities::{capabilities, effects, etcd_words, reads};
use super::rules::{leader_election, plan, quorum};
use super::*;
use crate::names::PlaneFailed;
use crate::report::common::plural;
use crate::report::reason::WhyCode;
use crate::report::{API_VERSION, Context};
use crate::request::ControlPlaneRequest;
use podfit::control_plane::{
    self, API_PORT, Basis, Place, Plan, Survey, Topology, Unit, findings, name,
};
use podfit::model::{Component, Interval};
use podfit::planner::{ControlPlaneAnswer, Crashed, PodVerdict};

/// A question with its answer.
pub(crate) struct Asked<'a> {
    pub request: &'a ControlPlaneRequest,
    pub failed: &'a PlaneFailed,
    pub topology: &'a Topology,
    pub answer: &'a ControlPlaneAnswer,
    pub plans: &'a [Plan],
    /// How many losses it should survive.
    pub wanted: u32,
}

pub(crate) fn control_plane(context: &Context<'_>, asked: &Asked<'_>) -> ControlPlaneReport {
    let Asked { topology, answer, .. } = *asked;
    let (verdict, mut why) = verdict(context, asked);
    let restarts = context.device.is_some_and(|d| d.hosts.len() > 1);
    if restarts && matches!(verdict, PlaneVerdict::Down | PlaneVerdict::Fragile) {
        why.text += "; the device restarts its master machine on the other host";
    }
    let mut not_evaluated = context.not_evaluated.to_vec();
    let led = |part| topology.leader(part).is_some();
    if topology.is_known() && !(led(Component::Scheduler) && led(Component::ControllerManager)) {
        not_evaluated.push("which member leads: the input has no lease that says so".into());
    }
    ControlPlaneReport {
        api_version: API_VERSION.into(),
        kind: "ControlPlaneReport".into(),
        verdict,
        why,
        failed: asked.request.fail.clone(),
        topology: topology_report(context, asked),
        members: members(topology, answer),
        capabilities: capabilities(asked),
        effects: effects(&answer.after),
        pods: answer.crashed.iter().map(|c| crashed(context, c)).collect(),
        lost: lost(context, asked),
        leader_election: leader_election(topology),
        cases: answer.survey.iter().flat_map(|s| cases(topology, s)).collect(),
        cases_left_out: answer.survey.as_ref().map_or(0, |s| s.left_out),
        quorum: quorum(topology),
        findings: findings(topology)
            .iter()
            .map(|f| PlaneFinding {
                severity: f.weight().into(),
                code: f.code().into(),
                cause: f.cause(topology),
                fix: f.fix().into(),
            })
            .collect(),
        remedies: control_plane::remedies(&answer.after)
            .into_iter()
            .map(|r| RemedyReport {
                component: r.component.into(),
                state: r.works.filter(|_| topology.is_known()).map(Into::into),
                issue: r.issue.into(),
                mitigation: r.mitigation.into(),
            })
            .collect(),
        plans: asked.plans.iter().map(|p| plan(topology, p)).collect(),
        assumptions: assumptions(context, topology),
        not_evaluated,
    }
}

fn verdict(context: &Context<'_>, asked: &Asked<'_>) -> (PlaneVerdict, Why) {
    let Asked { topology, answer, .. } = *asked;
    if !topology.is_known() {
        return unknown(context, asked);
    }
    let state = &answer.after;
    match (state.all(), &answer.survey) {
        (Known::No, _) => {
            let missing = state.missing(topology).unwrap_or_default();
            let text = format!(
                "{missing}: what runs goes on, but {}",
                if state.api == Known::No {
                    "nothing can be changed or repaired"
                } else {
                    "not everything can be repaired"
                }
            );
            (PlaneVerdict::Down, Why::new(WhyCode::ControlPlane, text))
        }
        (Known::Unknown, _) => {
            let open = state.open().unwrap_or_default();
            (PlaneVerdict::Unknown, Why::new(WhyCode::ControlPlaneNotKnown, open))
        }
        (Known::Yes, None) => {
            let text = format!("{}{}", etcd_words(topology, state), hand_over_words(answer));
            (
                PlaneVerdict::Works,
                Why::new(WhyCode::ControlPlaneWorks, format!("the control plane works: {text}")),
            )
        }
        (Known::Yes, Some(survey)) => surveyed(asked, survey),
    }
}

/// Of a control plane that the input does not show.
fn unknown(context: &Context<'_>, asked: &Asked<'_>) -> (PlaneVerdict, Why) {
    let installer = control_plane::installer(context.cluster);
    let text = match installer {
        Some(i) if i.place == Place::Provider => {
            format!("the input shows no control plane: {} runs it", i.name)
        }
        Some(i) => format!("the input shows no control plane; by labels this is {} ({})", i.name, i.datastore),
        None => "the input shows no control plane: neither static pods nor labels of nodes nor a description".into(),
    };
    match asked.plans.first() {
        Some(plan) => {
            let machines = plural(plan.machines as usize, "machine");
            let text = format!("{machines} with stacked etcd: {}", survives_words(plan.survives));
            (PlaneVerdict::Planned, Why::new(WhyCode::Planned, text))
        }
        None => (PlaneVerdict::Unknown, Why::new(WhyCode::ControlPlaneNotKnown, text)),
    }
}

fn surveyed(asked: &Asked<'_>, survey: &Survey) -> (PlaneVerdict, Why) {
    let tolerates = survey.survives().unwrap_or(0) as u32;
    let etcd = etcd_words(asked.topology, &asked.answer.after);
    if tolerates >= asked.wanted {
        let text = format!("{}: {etcd}", survives_words(tolerates));
        return (PlaneVerdict::Works, Why::new(WhyCode::ControlPlaneWorks, text));
    }
    let of_size = |c: &&podfit::control_plane::Case| {
        c.units.len() == tolerates as usize + 1
            && !c.units.iter().any(|u| matches!(u, Unit::Member(_)))
    };
    let words = |wanted: Known| -> Vec<String> {
        let cases = survey.cases.iter().filter(of_size).filter(|c| c.state.all() == wanted);
        cases.map(|c| names(asked.topology, &c.units).join(" and ")).collect()
    };
    let (stops, open) = (words(Known::No), words(Known::Unknown));
    if stops.is_empty() {
        let what = if open.is_empty() {
            "not all sets were asked".into()
        } else {
            format!("whether it survives the loss of {} is not known", some(&open))
        };
        return (
            PlaneVerdict::Unknown,
            Why::new(WhyCode::ControlPlaneNotKnown, format!("it works now; {what}")),
        );
    }
    let text = format!("it works now, but the loss of {} stops some of it: {etcd}", some(&stops));
    (PlaneVerdict::Fragile, Why::new(WhyCode::SingleLossStops, text))
}

/// The first of a list, joined by `or`.
fn some(all: &[String]) -> String {
    const SHOWN: usize = 6;
    match all {
        [] => String::new(),
        [one] => one.clone(),
        all if all.len() > SHOWN => {
            format!("{} (or {} more)", all[..SHOWN].join(", or "), all.len() - SHOWN)
        }
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

fn survives_words(survives: u32) -> String {
    match survives {
        0 => "no machine may fail".into(),
        1 => "any one machine or balancer may fail".into(),
        n => format!("any {n} machines and balancers may fail at once"),
    }
}

fn names(topology: &Topology, units: &[Unit]) -> Vec<String> {
    units.iter().map(|u| u.name(topology)).collect()
}

fn hand_over_words(answer: &ControlPlaneAnswer) -> String {
    let times = answer.leaders.iter().flat_map(|l| &l.ways).map(|w| w.time);
    match times.reduce(Interval::hull) {
        Some(time) => format!("; where the leader is among what fails, another leads after {time}"),
        None => String::new(),
    }
}

fn topology_report(context: &Context<'_>, asked: &Asked<'_>) -> TopologyReport {
    let topology = asked.topology;
    let machines = |part| {
        let all = topology.of_part(part).map(|m| topology.members[m].machine);
        all.map(|m| topology.machines[m].name.clone()).collect()
    };
    let installer = control_plane::installer(context.cluster);
    TopologyReport {
        layout: topology.layout().into(),
        servers: machines(Component::ApiServer),
        etcd: machines(Component::Etcd),
        etcd_is_counted: topology.etcd_is_counted,
        balancers: topology.balancers.clone(),
        port: API_PORT,
        installer: installer.map(|i| i.name.into()),
        by_provider: installer.is_some_and(|i| i.place == Place::Provider),
        tolerates: asked.answer.survey.as_ref().and_then(Survey::survives).map(|n| n as u32),
    }
}

/// By machine, then in the order of the parts.
fn members(topology: &Topology, answer: &ControlPlaneAnswer) -> Vec<MemberReport> {
    let mut all: Vec<usize> = (0..topology.members.len()).collect();
    let order = |m: usize| (topology.members[m].machine, topology.members[m].part);
    all.sort_by_key(|&m| order(m));
    all.into_iter().map(|m| member(topology, answer, m)).collect()
}

fn member(topology: &Topology, answer: &ControlPlaneAnswer, m: usize) -> MemberReport {
    let member = &topology.members[m];
    let machine = &topology.machines[member.machine];
    MemberReport {
        name: topology.member_name(m),
        component: name(member.part).into(),
        machine: machine.name.clone(),
        is_node: machine.node.is_some(),
        now: answer.before.alive[m].into(),
        runs: answer.after.alive[m].into(),
        state: answer.after.members[m].into(),
        etcd: topology.etcd_of(m).iter().map(|&e| topology.member_name(e)).collect(),
        leads: topology.leaders.contains(&m),
    }
}

fn crashed(context: &Context<'_>, crashed: &Crashed) -> CrashReport {
    let cluster = context.cluster;
    let node = cluster.pod(crashed.pod).node.map(|n| cluster.node_name(n).to_string());
    let in_place = match (&node, crashed.in_place) {
        (Some(node), true) => {
            format!(
                "the kubelet of {node} starts its containers again in the same pod (restartPolicy), without the API"
            )
        }
        (Some(node), false) => format!("{node} does not start its containers again"),
        (None, _) => "it runs nowhere".into(),
    };
    let renewal = match crashed.renewal {
        Renewal::Now => "if the pod itself is gone, its controller makes it anew",
        Renewal::Waits => {
            "if the pod itself is gone, nobody makes it anew until the control plane is back"
        }
        Renewal::Never => "if the pod itself is gone, nothing makes it anew: it has no controller",
        Renewal::ByKubelet => "it is static: its kubelet runs it from a file",
        Renewal::WithNode => "it comes back with its node",
        Renewal::NotKnown => "if the pod itself is gone, whether it is made anew is not known",
    };
    CrashReport {
        pod: cluster.pod_name(crashed.pod),
        node,
        in_place: crashed.in_place,
        renewal: crashed.renewal.into(),
        text: format!("{in_place}; {renewal}"),
    }
}

fn lost(context: &Context<'_>, asked: &Asked<'_>) -> Option<LostReport> {
    let what_if = asked.answer.lost.as_ref()?;
    let state = asked.answer.after.replaces_pods();
    let count = |is: fn(PodVerdict) -> bool| asked.answer.lost_pods(is);
    let to_renew = count(|v| {
        use PodVerdict as V;
        matches!(v, V::Moves | V::Placed | V::Pending | V::Waiting | V::NotEvaluated)
    });
    let after_recovery: Verdict = (&what_if.recovered).into();
    let pods = plural(to_renew, "pod");
    let (is, waits) = if to_renew == 1 { ("is", "waits") } else { ("are", "wait") };
    let then = after_recovery.words();
    let text = match state {
        _ if to_renew == 0 => "no pod on it needs to be made anew".into(),
        Known::Yes => format!("{pods} {is} evicted and made anew: {then}"),
        Known::No => {
            format!(
                "nobody repairs that: {pods} {waits} until the control plane is back; then: {then}"
            )
        }
        Known::Unknown => format!("whether {pods} {is} made anew is not known; if so: {then}"),
    };
    let cluster = context.cluster;
    Some(LostReport {
        nodes: asked.failed.nodes.iter().map(|&n| cluster.node_name(n).into()).collect(),
        state: state.into(),
        to_renew,
        lost: count(|v| v == PodVerdict::Lost),
        stuck: count(|v| v == PodVerdict::Stuck),
        after_recovery,
        text,
    })
}

fn cases(topology: &Topology, survey: &Survey) -> Vec<CaseReport> {
    let case = |c: &podfit::control_plane::Case| {
        let s = &c.state;
        CaseReport {
            failed: names(topology, &c.units),
            state: s.all().into(),
            api: s.api.into(),
            shared_api: s.shared_api.map(Into::into),
            etcd_writes: s.etcd_writes.into(),
            etcd_reads: reads(s.etcd_writes, s.etcd_reads),
            scheduling: s.scheduling.into(),
            controllers: s.controllers.into(),
            why: s.missing(topology).or_else(|| s.open()),
        }
    };
    // Of a control plane that is not shown there is nothing to list.
    if topology.is_known() { survey.cases.iter().map(case).collect() } else { Vec::new() }
}

fn assumptions(context: &Context<'_>, topology: &Topology) -> Vec<String> {
    let mut list = context.assumptions.to_vec();
    let mut add = |text: &str| list.push(text.into());
    if !topology.is_known() {
        return list;
    }
    if topology.members.iter().any(|m| m.basis == Basis::Label) {
        add("members are told by labels of nodes: the input has no static pod of them");
    }
    let is_shown = |b: Basis| matches!(b, Basis::Pod(_) | Basis::Label);
    if topology.layout() == Layout::Stacked && topology.members.iter().any(|m| is_shown(m.basis)) {
        add(
            "an API server whose --etcd-servers the input does not show names the member of etcd beside it",
        );
    }
    add(if topology.leaders_use_balancer {
        "scheduler and controller-manager ask for the API at the balancer"
    } else {
        "scheduler and controller-manager ask the API server of their own machine, as kubeadm has it since 1.20"
    });
    if topology.balancers.as_ref().is_some_and(|b| !b.is_empty()) {
        add(
            "balancers work now, and pass over servers that do not: the input says nothing of their health",
        );
    }
    if topology.etcd_is_counted && topology.members.iter().any(|m| m.basis == Basis::Named) {
        add("the members of etcd that all API servers name are all that there are");
    }
    add("requests to the API take no time in the times of leader election");
    if context.device.is_some_and(|d| d.hosts.len() > 1) {
        add(
            "the device restarts its master machine on the other host: what is down is so until then",
        );
    }
    list
}
