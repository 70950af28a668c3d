//! Is what runs, or an earlier plan, legal?

use super::{Asked, Fault, Question};
use crate::names::{self, RequestError};
use crate::report::{self, CheckReport};
use crate::request::{CheckPlan, CheckRequest};
use podfit::model::{Change, Cluster, NodeId, PodId, Removal, Step};
use podfit::planner::{self, Displaced};
use std::collections::BTreeMap;

impl Question for CheckRequest {
    type Report = CheckReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<CheckReport, Fault> {
        let planner = asked.snapshot.planner();
        let (steps, found) = match &self.plan {
            None => (None, planner::standing(planner)),
            Some(plan) => {
                let change = change(planner.cluster(), plan)?;
                (Some(change.steps.len()), planner.referee().check(&change))
            }
        };
        Ok(report::check(&asked.context(), steps, &found))
    }
}

fn unknown_pod(place: String, name: &str) -> RequestError {
    RequestError {
        code: "unknown-pod",
        place,
        cause: format!("there is no pod {name}"),
        fix: "check the plan against the input that it was made from".into(),
    }
}

/// The change that a plan of an earlier report describes: the pods of the failed nodes leave as their kind
/// does in this mode, and so do running pods that the plan moves or evicts.
fn change(cluster: &Cluster, plan: &CheckPlan) -> Result<Change, Vec<RequestError>> {
    let mut errors = Vec::new();
    let mut node = |place: String, name: &str| {
        let found = cluster.find_node(name);
        if found.is_none() {
            errors.push(names::at(place, names::unknown_node(cluster, None, name)));
        }
        found
    };
    let failed = plan.failed.iter().enumerate();
    let lost: Vec<NodeId> =
        failed.filter_map(|(i, n)| node(format!("plan.failed[{i}]"), n)).collect();
    let steps = plan.steps.iter().enumerate();
    let targets: Vec<Option<NodeId>> =
        steps.map(|(i, s)| node(format!("plan.steps[{i}].to"), &s.to)).collect();
    let pods = pods_by_name(cluster);
    let mut steps = Vec::new();
    for (i, (step, to)) in plan.steps.iter().zip(targets).enumerate() {
        match pods.get(&(step.namespace.as_str(), step.name.as_str())) {
            Some(&pod) => {
                steps.extend(to.map(|node| Step { pod, node, cards: step.cards.clone() }))
            }
            None => {
                let name = format!("{}/{}", step.namespace, step.name);
                errors.push(unknown_pod(format!("plan.steps[{i}]"), &name));
            }
        }
    }
    let mut evicted = Vec::new();
    for (i, name) in plan.evicted.iter().enumerate() {
        match name.split_once('/').and_then(|name| pods.get(&name)) {
            Some(&pod) => evicted.push(pod),
            None => errors.push(unknown_pod(format!("plan.evicted[{i}]"), name)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let loss = plan.mode.into();
    let mut removed = Displaced::by(cluster, &lost, loss).removed;
    let survives = |n: &NodeId| !lost.contains(n);
    let mut moved: Vec<PodId> = steps
        .iter()
        .map(|s| s.pod)
        .chain(evicted)
        .filter(|&p| cluster.pod(p).node.as_ref().is_some_and(survives))
        .collect();
    moved.sort_unstable();
    moved.dedup();
    // Those that are being deleted leave by themselves.
    moved.retain(|pod| removed.binary_search_by_key(pod, |r| r.pod).is_err());
    removed.extend(moved.into_iter().map(|pod| Removal { pod, lingers: false }));
    Ok(Change { lost, loss, removed, steps })
}

fn pods_by_name(cluster: &Cluster) -> BTreeMap<(&str, &str), PodId> {
    let name =
        |p: PodId| (cluster.str(cluster.shape_of(p).namespace), cluster.str(cluster.pod(p).name));
    cluster.pod_ids().map(|p| (name(p), p)).collect()
}
