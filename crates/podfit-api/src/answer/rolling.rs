//! The steps of a sequence: those that are asked for, or those of an update, with how long they take.

use super::times::interval;
use crate::names::{self, RequestError, at};
use crate::report::{Context, shares_gpus};
use crate::request::{Rolling, SequenceRequest, SequenceStep};
use podfit::device::{HOST_UPDATE, Plan as Device, Update, VmKind};
use podfit::model::{Cluster, Interval};
use podfit::planner::{Term, TermCode};

/// Steps of one sequence.
const STEPS_MAX: usize = 10_000;

/// A step, and what is known of its time.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub step: SequenceStep,
    /// How long it lasts, whatever it sets off.
    pub takes: Option<Term>,
    /// What comes after what it sets off has settled.
    pub adds: Option<Term>,
}

impl From<SequenceStep> for Planned {
    fn from(step: SequenceStep) -> Self {
        Self { step, takes: None, adds: None }
    }
}

/// The steps, and what is updated in them.
pub(super) struct Steps {
    pub list: Vec<Planned>,
    /// On an edge device.
    pub update: Option<Update>,
}

/// The steps that are asked for, their names looked up as far as they are there from the beginning.
pub(super) fn steps(
    context: &Context<'_>,
    request: &SequenceRequest,
) -> Result<Steps, Vec<RequestError>> {
    let (cluster, device) = (context.cluster, context.device);
    let mut update = None;
    let mut steps: Vec<Planned> = match (&request.rolling, request.steps.is_empty()) {
        (Some(_), false) => {
            let cause = "steps are given, and rolling as well".into();
            return Err(vec![at("rolling", ("both-given", cause, "give one of them".into()))]);
        }
        (Some(rolling), true) => {
            update =
                device.filter(|_| rolling.domain.is_none()).map(|_| match rolling.kubernetes {
                    true => Update::Kubernetes,
                    false => Update::Device,
                });
            rolled(cluster, device, rolling)?
        }
        (None, true) => {
            let fix = "name some, as drain=NODE, or ask for rolling".into();
            return Err(vec![at("steps", ("no-steps", "no step is named".into(), fix))]);
        }
        (None, false) => request.steps.iter().cloned().map(Planned::from).collect(),
    };
    if steps.len() > STEPS_MAX {
        let cause = format!("{} steps are more than {STEPS_MAX}", steps.len());
        let fix = "ask for several sequences, or larger batches".into();
        return Err(vec![at("steps", ("too-many", cause, fix))]);
    }
    let mut errors = Vec::new();
    for (i, planned) in steps.iter_mut().enumerate() {
        match interval(format!("steps[{i}].forSeconds"), planned.step.for_seconds()) {
            Ok(Some(time)) => {
                planned.takes = Some(Term::given(TermCode::StepTime, (time, false)));
            }
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    // Nodes that an edit adds are named later only.
    for (i, planned) in steps.iter().enumerate() {
        let Some(names) = planned.step.nodes() else { break };
        let found = names::lost_some(cluster, device, names);
        errors.extend(placed(found.err().unwrap_or_default(), i));
    }
    if errors.is_empty() { Ok(Steps { list: steps, update }) } else { Err(errors) }
}

/// Each node, host or failure domain in turn: drained, away while it is updated, back. The only host of a device is not
/// drained, as there is nowhere to go.
fn rolled(
    cluster: &Cluster,
    device: Option<&Device>,
    rolling: &Rolling,
) -> Result<Vec<Planned>, Vec<RequestError>> {
    if rolling.batch == 0 {
        let fault = ("too-few", "0 nodes at a time never end".into(), "give 1 or more".into());
        return Err(vec![at("rolling.batch", fault)]);
    }
    let given = interval("rolling.updateSeconds", rolling.update_seconds).map_err(|e| vec![e])?;
    let given = given.map(|time| Term::given(TermCode::StepTime, (time, false)));
    let batches: Vec<Vec<String>> = match (&rolling.domain, device) {
        (Some(key), _) => {
            let values = names::label_choices(cluster, key);
            let values = values.map_err(|fault| vec![at("rolling.domain", fault)])?;
            values.keys().map(|value| vec![format!("{key}={value}")]).collect()
        }
        (None, Some(device)) if rolling.kubernetes => return Ok(kubernetes_update(device, given)),
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
    let hosts = device.filter(|_| rolling.domain.is_none()).map(|d| d.hosts.len());
    let claimed = hosts.map(|_| Term::given(TermCode::HostUpdate, (HOST_UPDATE, true)));
    let takes = given.or(claimed);
    let mut planned: Vec<Planned> = Vec::new();
    for nodes in batches {
        let for_seconds = None;
        if hosts != Some(1) {
            planned.push(SequenceStep::Drain { nodes: nodes.clone(), for_seconds }.into());
        }
        let lose = SequenceStep::Lose { nodes: nodes.clone(), for_seconds };
        planned.push(Planned { takes, ..lose.into() });
        planned.push(SequenceStep::Return { nodes: nodes.clone(), for_seconds }.into());
        if hosts.is_some() && shares_gpus(cluster) {
            planned.push(SequenceStep::Unshare { nodes: nodes.clone(), for_seconds }.into());
            if rolling.share_again {
                planned.push(SequenceStep::Share { nodes, for_seconds }.into());
            }
        }
    }
    Ok(planned)
}

/// The master machine restarts on the other host and is updated; then the workers, one by one. `each` is how long one takes.
fn kubernetes_update(device: &Device, each: Option<Term>) -> Vec<Planned> {
    let not_known = Term::given(TermCode::MachineUpdate, (Interval::at_least(0), true));
    let adds = Some(each.unwrap_or(not_known));
    let for_seconds = None;
    let master = device.vms.iter().find(|vm| vm.kind == VmKind::Master && vm.highly_available);
    let over = master.map(|vm| {
        let nodes = vec![vm.host.name().to_string()];
        Planned { adds, ..SequenceStep::FailOver { nodes, for_seconds }.into() }
    });
    let workers = device.vms.iter().filter(|vm| vm.kind == VmKind::Worker);
    let steps = workers.flat_map(|vm| {
        let nodes = vec![vm.name.clone()];
        let drain = SequenceStep::Drain { nodes: nodes.clone(), for_seconds };
        let back = SequenceStep::Return { nodes, for_seconds };
        [Planned { adds, ..drain.into() }, back.into()]
    });
    over.into_iter().chain(steps).collect()
}

/// Errors of the step at `i`, in its own words.
pub(super) fn placed(errors: Vec<RequestError>, i: usize) -> Vec<RequestError> {
    let at_step = |e: RequestError| {
        let place = match e.place.strip_prefix("fail") {
            Some(rest) => format!("steps[{i}].nodes{rest}"),
            None => format!("steps[{i}].{}", e.place),
        };
        RequestError { place, ..e }
    };
    errors.into_iter().map(at_step).collect()
}
