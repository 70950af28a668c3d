//! What if these things happen, one after the other?

use super::timeline::timeline;
use super::{Asked, Fault, Question};
use crate::edit;
use crate::names::{self, Failed, RequestError, at};
use crate::report::{self, Context, SequenceReport, SequenceState, StopCode};
use crate::request::{Rolling, SequenceRequest, SequenceStep, WhatIfRequest};
use crate::select::Selection;
use crate::vocabulary::Mode;
use podfit::device::{self, HostId, Plan as Device, VmKind};
use podfit::model::{Cluster, ModelError, NodeId};
use podfit::planner::{Options, Sequence, Times, WhatIf, WhatIfQuestion};
use std::collections::BTreeSet;

/// Steps of one sequence.
const STEPS_MAX: usize = 10_000;

impl Question for SequenceRequest {
    type Report = SequenceReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<SequenceReport, Fault> {
        asked.must_have_pods()?;
        let context = asked.context();
        let steps = steps(&context, self)?;
        // Each state has the time of a question.
        let options = Options { seeds: self.predict, ..asked.options.for_planner() };
        let mut run = Run {
            sequence: Sequence::of(asked.snapshot.planner()),
            device: context.device.cloned(),
            away: BTreeSet::new(),
            list: asked.options.list.clone().changed(true),
            assumed: BTreeSet::new(),
        };
        let mut states: Vec<SequenceState> = Vec::new();
        for (i, step) in steps.iter().enumerate() {
            let state = run.step(&context, step, self.predict, &options.for_question());
            let state = state.map_err(|fault| match fault {
                Fault::Request(errors) => Fault::Request(placed(errors, i)),
                fault => fault,
            })?;
            let is_cancelled = state.stop == StopCode::Cancelled;
            states.push(state);
            if is_cancelled {
                break;
            }
        }
        let assumed = run.assumed.into_iter().collect();
        Ok(report::sequence(&context, states, steps.len(), assumed))
    }
}

/// A sequence that goes on, with what the core does not know of it.
struct Run<'p> {
    sequence: Sequence<'p>,
    /// The device as it is now.
    device: Option<Device>,
    /// Hosts that are away.
    away: BTreeSet<HostId>,
    list: Selection,
    assumed: BTreeSet<String>,
}

impl Run<'_> {
    fn step(
        &mut self,
        context: &Context<'_>,
        step: &SequenceStep,
        predict: Option<u32>,
        options: &Options,
    ) -> Result<SequenceState, Fault> {
        let mut failed = match named(step) {
            Some(names) => self.found(step, names)?,
            None => Failed::default(),
        };
        let cluster = self.sequence.cluster().clone();
        let nodes = failed.nodes.iter().map(|&n| cluster.node_name(n).to_string()).collect();
        let hosts = std::mem::take(&mut failed.hosts);
        let mode = match step {
            SequenceStep::Lose { .. } => Mode::NotReady,
            SequenceStep::Delete { .. } => Mode::Deleted,
            _ => Mode::Drained,
        };
        self.happen(step, &failed.nodes, &hosts)?;
        if !loses(step) {
            failed = Failed::default();
        }
        // The master machine restarts with a host that is lost in this step.
        let lost_hosts = if loses(step) { hosts.clone() } else { Vec::new() };
        failed.hosts = self.away.iter().copied().collect();
        let question = WhatIfQuestion {
            lost: failed.nodes.clone(),
            loss: mode.into(),
            explain: true,
            ..WhatIfQuestion::default()
        };
        let planner = self.sequence.planner();
        let answer = planner.what_if(&question, options)?;
        let absent = planner.taken_as_absent(&question, &answer);
        let cluster = planner.cluster().clone();
        let context = Context { cluster: &cluster, device: self.device.as_ref(), ..*context };
        let request = WhatIfRequest { mode, predict, ..WhatIfRequest::default() };
        let timing = (&request.timing, Times::default());
        let timeline = timeline((planner, context.device), &lost_hosts, &question, &answer, timing);
        let both = (&answer, &timeline);
        let mut report = report::what_if(&context, &request, &failed, both, &absent, &self.list)
            .with_cut(options.control().cut());
        self.assumed.extend(report.assumed.iter().cloned());
        self.go_on(&question, &answer, report.control_plane.why.is_some())?;
        if loses(step) {
            self.fail_over(&hosts);
        }
        if matches!(step, SequenceStep::FailOver { .. }) {
            report.why.text +=
                "; until the master machine is up there is no API, and what is deployed waits";
        }
        let after = self.sequence.cluster();
        let hosts = hosts.iter().map(|h| h.name().to_string()).collect();
        Ok(SequenceState::new(step.clone(), (hosts, nodes), report, after))
    }

    /// What a step does before anybody is asked for a place.
    fn happen(
        &mut self,
        step: &SequenceStep,
        nodes: &[NodeId],
        hosts: &[HostId],
    ) -> Result<(), Fault> {
        match step {
            SequenceStep::Cordon { .. } => self.sequence.cordon(nodes).map_err(cannot_be)?,
            SequenceStep::Return { .. } => {
                self.sequence.bring_back(nodes).map_err(cannot_be)?;
                self.away.retain(|host| !hosts.contains(host));
                let elsewhere: Vec<HostId> = self.away.iter().copied().collect();
                self.fail_over(&elsewhere);
            }
            SequenceStep::FailOver { .. } => self.fail_over(hosts),
            SequenceStep::Edit { edits } => {
                self.sequence.become_of(edit::edited(self.sequence.cluster(), edits)?);
            }
            SequenceStep::Lose { .. }
            | SequenceStep::Drain { .. }
            | SequenceStep::Delete { .. } => self.away.extend(hosts.iter().copied()),
        }
        Ok(())
    }

    fn go_on(
        &mut self,
        question: &WhatIfQuestion,
        answer: &WhatIf,
        is_down: bool,
    ) -> Result<(), Fault> {
        let next = match is_down {
            true => self.sequence.fall_silent(question),
            false => self.sequence.follow(question, answer),
        };
        next.map_err(cannot_be)
    }

    /// Machines that are highly available restart on the other host, while there is one.
    fn fail_over(&mut self, hosts: &[HostId]) {
        let Some(device) = &mut self.device else { return };
        for &host in hosts {
            if !self.away.contains(&host.other()) {
                *device = device::failed_over(device, host);
            }
        }
    }

    /// What a step names, as the cluster is now. With the last host of a device all machines go, and with the first that
    /// returns those that may restart anywhere come back.
    fn found(&self, step: &SequenceStep, names: &[String]) -> Result<Failed, Vec<RequestError>> {
        let (cluster, device) = (self.sequence.cluster(), self.device.as_ref());
        let mut found = names::lost_some(cluster, device, names)?;
        if matches!(step, SequenceStep::FailOver { .. })
            && (found.hosts.is_empty() || !found.domains.is_empty())
        {
            let cause = "only hosts of an edge device fail over".into();
            return Err(vec![at("fail", ("not-a-host", cause, "name A or B".into()))]);
        }
        if matches!(step, SequenceStep::Drain { .. }) {
            let mut errors = Vec::new();
            for &node in found.nodes.iter().filter(|&&n| cluster.node(n).down) {
                let cause = format!(
                    "{} is down: a drain waits for its kubelet for ever",
                    cluster.node_name(node)
                );
                let fix = "return it before, or delete it".into();
                errors.push(at("fail", ("node-down", cause, fix)));
            }
            if !errors.is_empty() {
                return Err(errors);
            }
        }
        let hosts = found.hosts.iter().chain(&self.away).copied().collect::<BTreeSet<HostId>>();
        let device = device.filter(|_| !found.hosts.is_empty());
        let machines = device.iter().flat_map(|d| &d.vms);
        let machines = machines.filter_map(|vm| cluster.find_node(&vm.name));
        match step {
            SequenceStep::Lose { .. } if device.is_some_and(|d| d.hosts.len() == hosts.len()) => {
                found.nodes.extend(machines);
            }
            SequenceStep::Return { .. } => {
                let restart = machines.filter(|&n| {
                    let vm = device
                        .and_then(|d| d.vms.iter().find(|vm| vm.name == cluster.node_name(n)));
                    cluster.node(n).down && vm.is_some_and(|vm| vm.highly_available)
                });
                found.nodes.extend(restart);
            }
            _ => {}
        }
        found.nodes.sort_unstable();
        found.nodes.dedup();
        Ok(found)
    }
}

fn loses(step: &SequenceStep) -> bool {
    use SequenceStep::{Delete, Drain, Lose};
    matches!(step, Lose { .. } | Drain { .. } | Delete { .. })
}

fn named(step: &SequenceStep) -> Option<&[String]> {
    match step {
        SequenceStep::Cordon { nodes }
        | SequenceStep::Drain { nodes }
        | SequenceStep::Lose { nodes }
        | SequenceStep::Delete { nodes }
        | SequenceStep::Return { nodes }
        | SequenceStep::FailOver { nodes } => Some(nodes),
        SequenceStep::Edit { .. } => None,
    }
}

/// The steps that are asked for, their names looked up as far as they are there from the beginning.
fn steps(
    context: &Context<'_>,
    request: &SequenceRequest,
) -> Result<Vec<SequenceStep>, Vec<RequestError>> {
    let (cluster, device) = (context.cluster, context.device);
    let steps = match (&request.rolling, request.steps.is_empty()) {
        (Some(_), false) => {
            let cause = "steps are given, and rolling as well".into();
            return Err(vec![at("rolling", ("both-given", cause, "give one of them".into()))]);
        }
        (Some(rolling), true) => rolled(cluster, device, rolling)?,
        (None, true) => {
            let fix = "name some, as drain=NODE, or ask for rolling".into();
            return Err(vec![at("steps", ("no-steps", "no step is named".into(), fix))]);
        }
        (None, false) => request.steps.clone(),
    };
    if steps.len() > STEPS_MAX {
        let cause = format!("{} steps are more than {STEPS_MAX}", steps.len());
        let fix = "ask for several sequences, or larger batches".into();
        return Err(vec![at("steps", ("too-many", cause, fix))]);
    }
    let mut errors = Vec::new();
    // Nodes that an edit adds are named later only.
    for (i, step) in steps.iter().enumerate() {
        match named(step) {
            Some(names) => {
                let found = names::lost_some(cluster, device, names);
                errors.extend(placed(found.err().unwrap_or_default(), i));
            }
            None => break,
        }
    }
    if errors.is_empty() { Ok(steps) } else { Err(errors) }
}

/// Each node, host or failure domain in turn: drained, away while it restarts, back.
fn rolled(
    cluster: &Cluster,
    device: Option<&Device>,
    rolling: &Rolling,
) -> Result<Vec<SequenceStep>, Vec<RequestError>> {
    if rolling.batch == 0 {
        let fault = ("too-few", "0 nodes at a time never end".into(), "give 1 or more".into());
        return Err(vec![at("rolling.batch", fault)]);
    }
    let batches: Vec<Vec<String>> = match (&rolling.domain, device) {
        (Some(key), _) => {
            let values = names::label_choices(cluster, key);
            let values = values.map_err(|fault| vec![at("rolling.domain", fault)])?;
            values.keys().map(|value| vec![format!("{key}={value}")]).collect()
        }
        (None, Some(device)) if rolling.kubernetes => return Ok(kubernetes_update(device)),
        (None, _) if rolling.kubernetes => {
            let cause =
                "the machines that the update goes through are those of an edge device".into();
            let fix = "describe the device, or give the steps".into();
            return Err(vec![at("rolling.kubernetes", ("no-device", cause, fix))]);
        }
        (None, Some(device)) => {
            device.hosts.iter().map(|h| vec![h.id.name().to_string()]).collect()
        }
        (None, None) => {
            let names: Vec<String> =
                cluster.node_ids().map(|n| cluster.node_name(n).to_string()).collect();
            names.chunks(rolling.batch as usize).map(<[String]>::to_vec).collect()
        }
    };
    let all = batches.into_iter().flat_map(|nodes| {
        [
            SequenceStep::Drain { nodes: nodes.clone() },
            SequenceStep::Lose { nodes: nodes.clone() },
            SequenceStep::Return { nodes },
        ]
    });
    Ok(all.collect())
}

/// The master machine restarts on the other host and is updated; then the workers, one by one.
fn kubernetes_update(device: &Device) -> Vec<SequenceStep> {
    let master = device.vms.iter().find(|vm| vm.kind == VmKind::Master && vm.highly_available);
    let over = master.map(|vm| SequenceStep::FailOver { nodes: vec![vm.host.name().into()] });
    let workers = device.vms.iter().filter(|vm| vm.kind == VmKind::Worker);
    let each = workers.flat_map(|vm| {
        let nodes = vec![vm.name.clone()];
        [SequenceStep::Drain { nodes: nodes.clone() }, SequenceStep::Return { nodes }]
    });
    over.into_iter().chain(each).collect()
}

/// Errors of the step at `i`, in its own words.
fn placed(errors: Vec<RequestError>, i: usize) -> Vec<RequestError> {
    let at_step = |e: RequestError| {
        let place = match e.place.strip_prefix("fail") {
            Some(rest) => format!("steps[{i}].nodes{rest}"),
            None => format!("steps[{i}].{}", e.place),
        };
        RequestError { place, ..e }
    };
    errors.into_iter().map(at_step).collect()
}

fn cannot_be(errors: Vec<ModelError>) -> Fault {
    let error =
        |e: ModelError| at("cluster", (e.code, format!("{}: {}", e.subject, e.cause), e.fix));
    Fault::Request(errors.into_iter().map(error).collect())
}
