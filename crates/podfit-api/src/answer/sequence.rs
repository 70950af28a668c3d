//! What if these things happen, one after the other?

use super::rolling::{Planned, Steps, placed, steps};
use super::timeline::{away, master_up, timeline};
use super::{Asked, Fault, Question};
use crate::edit;
use crate::names::{self, Failed, RequestError, at};
use crate::report::{self, Context, Happened, SequenceReport, SequenceState, StopCode};
use crate::request::{SequenceRequest, SequenceStep, Timing, WhatIfRequest};
use crate::select::Selection;
use crate::vocabulary::Mode;
use podfit::device::{self, HostId, Plan as Device};
use podfit::model::{Edit, Interval, ModelError, NodeChange, NodeId};
use podfit::planner::{
    Away, Options, Path, PodVerdict, Sequence, Term, TermCode, Timeline, Times, WhatIf,
    WhatIfQuestion,
};
use std::collections::BTreeSet;

impl Question for SequenceRequest {
    type Report = SequenceReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<SequenceReport, Fault> {
        asked.must_have_pods()?;
        let context = asked.context();
        let planned = steps(&context, self);
        let times = super::times::times(context.cluster, &self.timing);
        let (Steps { list: steps, update }, times) = names::both(planned, times)?;
        // Each state has the time of a question.
        let options = Options { seeds: self.predict, ..asked.options.for_planner() };
        let mut run = Run {
            sequence: Sequence::of(asked.snapshot.planner()),
            device: context.device.cloned(),
            away: BTreeSet::new(),
            list: asked.options.list.clone().changed(true),
            timing: (&self.timing, times),
            assumed: BTreeSet::new(),
        };
        let mut states: Vec<SequenceState> = Vec::new();
        for (i, planned) in steps.iter().enumerate() {
            let state = run.step(&context, planned, self.predict, &options.for_question());
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
        let is_given = self.rolling.as_ref().is_some_and(|r| r.update_seconds.is_some());
        Ok(report::sequence(&context, states, steps.len(), (update, is_given), assumed))
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
    timing: (&'p Timing, Times),
    assumed: BTreeSet<String>,
}

impl Run<'_> {
    fn step(
        &mut self,
        context: &Context<'_>,
        planned: &Planned,
        predict: Option<u32>,
        options: &Options,
    ) -> Result<SequenceState, Fault> {
        let step = &planned.step;
        let mut failed = match step.nodes() {
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
        if !step.loses() {
            failed = Failed::default();
        }
        // The master machine restarts with a host that is lost in this step.
        let lost_hosts = if step.loses() { hosts.clone() } else { Vec::new() };
        failed.hosts = self.away.iter().copied().collect();
        let mut question = WhatIfQuestion {
            lost: failed.nodes.clone(),
            loss: mode.into(),
            explain: true,
            ..WhatIfQuestion::default()
        };
        let away = self.away(step, &lost_hosts, &question);
        let open = self.in_time(planned, &mut question, away.clone());
        let planner = self.sequence.planner();
        let answer = planner.what_if(&question, options)?;
        let absent = planner.taken_as_absent(&question, &answer);
        let cluster = planner.cluster().clone();
        let context = Context { cluster: &cluster, device: self.device.as_ref(), ..*context };
        let timing = self.timing.0.clone();
        let request = WhatIfRequest { mode, predict, timing, ..WhatIfRequest::default() };
        let timed = (planner, context.device);
        let times = (self.timing.0, self.timing.1.clone());
        let timeline = timeline(timed, &lost_hosts, &question, &answer, times);
        let lasts = self.lasts(planned, &timeline, &answer);
        let open = open.iter().map(|&pod| cluster.pod_name(pod)).collect();
        let both = (&answer, &timeline);
        let report = report::what_if(&context, &request, &failed, both, &absent, &self.list)
            .with_cut(options.control().cut());
        self.assumed.extend(report.assumed.iter().cloned());
        self.go_on(&question, &answer, report.control_plane.why.is_some())?;
        if step.loses() {
            self.fail_over(&hosts);
        }
        let after = self.sequence.cluster();
        let hosts = hosts.iter().map(|h| h.name().to_string()).collect();
        let runs_on = self.timing.0.isolated && question.loss == podfit::model::Loss::NotReady;
        let happened = Happened { step, hosts, nodes, answer: &answer, lasts, away, open, runs_on };
        Ok(SequenceState::new(happened, report, after))
    }

    /// How the control plane goes away in a step.
    fn away(&self, step: &SequenceStep, lost_hosts: &[HostId], question: &WhatIfQuestion) -> Away {
        let timing = self.timing.0;
        let planner = self.sequence.planner();
        let timed = (planner.cluster().as_ref(), self.device.as_ref());
        let is_down = planner.is_plane_down(question);
        match step {
            SequenceStep::FailOver { .. } => Away::returns([], master_up(timing)),
            SequenceStep::Drain { .. } if !lost_hosts.is_empty() => {
                match away(timed, lost_hosts, is_down, false, timing) {
                    // It is moved, not missed.
                    Away::For(_) => Away::returns([], master_up(timing)),
                    other => other,
                }
            }
            SequenceStep::Drain { .. } => Away::No,
            _ => away(timed, lost_hosts, is_down, timing.isolated, timing),
        }
    }

    /// Which pods of silent nodes may be evicted or not while the step lasts; those that are not for sure stay.
    fn in_time(
        &mut self,
        planned: &Planned,
        question: &mut WhatIfQuestion,
        away: Away,
    ) -> Vec<podfit::model::PodId> {
        match planned.takes {
            Some(term) => {
                let times = Times { away, ..self.timing.1.clone() };
                self.sequence.within(question, term.interval, &times)
            }
            None => {
                self.sequence.without_end();
                Vec::new()
            }
        }
    }

    /// How long the state lasts: as it is given or claimed, else until what it sets off has settled.
    fn lasts(&self, planned: &Planned, timeline: &Timeline, answer: &WhatIf) -> Path {
        if let Some(term) = planned.takes {
            return Path::default().then(term);
        }
        let over = matches!(planned.step, SequenceStep::FailOver { .. });
        let up = over.then(|| Term::given(TermCode::ControlPlaneBack, master_up(self.timing.0)));
        let mut settled = timeline.recovered.unwrap_or(Interval::ZERO);
        if answer.count(PodVerdict::Placed) > 0 {
            // What was pending before gets a place, and starts.
            let times = &self.timing.1;
            settled = settled.both(times.schedule.0 + times.start.0);
        }
        let is_open =
            answer.control_plane.is_down() || matches!(planned.step, SequenceStep::Lose { .. });
        let settled = if is_open { Interval::at_least(settled.min_ms()) } else { settled };
        Path::default().and(up).then(Term::setting(TermCode::Settles, settled)).and(planned.adds)
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
            SequenceStep::Share { .. } => self.share(nodes, true)?,
            SequenceStep::Unshare { .. } => self.share(nodes, false)?,
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

    /// GPU cards of these nodes are shared, or not.
    fn share(&mut self, nodes: &[NodeId], shared: bool) -> Result<(), Fault> {
        let change = NodeChange::ShareCards(shared);
        let edits: Vec<Edit> =
            nodes.iter().map(|&node| Edit::Node { node, change: change.clone() }).collect();
        let edited = self.sequence.cluster().edited(&edits).map_err(cannot_be)?;
        self.sequence.become_of(edited.cluster);
        Ok(())
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

fn cannot_be(errors: Vec<ModelError>) -> Fault {
    let error =
        |e: ModelError| at("cluster", (e.code, format!("{}: {}", e.subject, e.cause), e.fix));
    Fault::Request(errors.into_iter().map(error).collect())
}
