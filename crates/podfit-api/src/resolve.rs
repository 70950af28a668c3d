//! Names in a request → nodes and pods, or every wrong name at once with what was likely meant.

use crate::request::{AuditRequest, CheckPlan, WhatIfRequest};
use podfit::device::{HostId, Plan as Device};
use podfit::model::{Change, Cluster, NodeId, PodId, Removal, Step};
use podfit::planner::Displaced;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Names listed in a message before the rest is counted.
const NAMES_TOLD: usize = 20;

/// A fault of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RequestError {
    /// Stable code, as `nothing-fails`, `unknown-node`, `unknown-label`, `unknown-pod` or `too-few`.
    pub code: &'static str,
    /// Where in the request, as `fail[0]`.
    pub place: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl std::fmt::Display for RequestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} ({}) [{}]", self.place, self.cause, self.fix, self.code)
    }
}

/// What a what-if loses.
#[derive(Debug, Default)]
pub(crate) struct Failed {
    /// Nodes, in the order of the cluster, each once.
    pub nodes: Vec<NodeId>,
    /// Hosts of the edge device, in order, each once.
    pub hosts: Vec<HostId>,
}

/// The nodes and hosts that `request` names.
pub(crate) fn failed(
    cluster: &Cluster,
    device: Option<&Device>,
    request: &WhatIfRequest,
) -> Result<Failed, Vec<RequestError>> {
    if request.fail.is_empty() {
        return Err(vec![RequestError {
            code: "nothing-fails",
            place: "fail".into(),
            cause: "no node is named".into(),
            fix: format!("name what fails: {}", choices(cluster, device)),
        }]);
    }
    lost(cluster, device, &request.fail)
}

/// The nodes and hosts of these names; none is fine.
pub(crate) fn lost(
    cluster: &Cluster,
    device: Option<&Device>,
    names: &[String],
) -> Result<Failed, Vec<RequestError>> {
    let (mut failed, mut errors) = (Failed::default(), Vec::new());
    for (i, name) in names.iter().enumerate() {
        match one(cluster, device, name) {
            Ok(Lost::Nodes(nodes)) => failed.nodes.extend(nodes),
            Ok(Lost::Host(host, nodes)) => {
                failed.hosts.push(host);
                failed.nodes.extend(nodes);
            }
            Err((code, cause, fix)) => {
                errors.push(RequestError { code, place: format!("fail[{i}]"), cause, fix });
            }
        }
    }
    failed.hosts.sort_unstable();
    failed.hosts.dedup();
    if let Some(device) =
        device.filter(|d| d.hosts.len() == failed.hosts.len() && !names.is_empty())
    {
        // No host is left for a highly available machine to restart on.
        failed.nodes.extend(device.vms.iter().filter_map(|vm| cluster.find_node(&vm.name)));
    }
    failed.nodes.sort_unstable();
    failed.nodes.dedup();
    if errors.is_empty() { Ok(failed) } else { Err(errors) }
}

/// The node of this name.
pub(crate) fn node(
    cluster: &Cluster,
    place: &str,
    name: &str,
) -> Result<NodeId, Vec<RequestError>> {
    cluster.find_node(name).ok_or_else(|| {
        let (code, cause, fix) = unknown_node(cluster, None, name);
        vec![RequestError { code, place: place.into(), cause, fix }]
    })
}

enum Lost {
    Nodes(Vec<NodeId>),
    Host(HostId, Vec<NodeId>),
}

type Fault = (&'static str, String, String);

fn one(cluster: &Cluster, device: Option<&Device>, name: &str) -> Result<Lost, Fault> {
    if let Some(node) = cluster.find_node(name) {
        return Ok(Lost::Nodes(vec![node]));
    }
    if let Some(device) = device
        && let Some(host) = HostId::parse(name)
        && device.host(host).is_some()
    {
        let nodes = device.kube_nodes_lost(host);
        return Ok(Lost::Host(host, nodes.iter().filter_map(|n| cluster.find_node(n)).collect()));
    }
    match name.split_once('=') {
        Some((key, value)) => domain(cluster, key, value).map(Lost::Nodes),
        None => Err(unknown_node(cluster, device, name)),
    }
}

fn domain(cluster: &Cluster, key: &str, value: &str) -> Result<Vec<NodeId>, Fault> {
    let values = label_values(cluster, key);
    if let Some(nodes) = values.get(value) {
        return Ok(nodes.clone());
    }
    if values.is_empty() {
        return Err((
            "unknown-label",
            format!("no node has the label {key:?}"),
            format!("labels of the nodes: {}", told(label_keys(cluster).into_iter())),
        ));
    }
    let known = told(values.keys().map(|v| (*v).to_string()));
    Err((
        "unknown-label",
        format!("no node has {key}={value}"),
        format!("values of {key}: {known}"),
    ))
}

fn label_values<'c>(cluster: &'c Cluster, key: &str) -> BTreeMap<&'c str, Vec<NodeId>> {
    let mut values: BTreeMap<&str, Vec<NodeId>> = BTreeMap::new();
    let Some(key) = cluster.names().get(key) else { return values };
    for node in cluster.node_ids() {
        if let Some(value) = cluster.domain(node, key) {
            values.entry(cluster.str(value)).or_default().push(node);
        }
    }
    values
}

fn label_keys(cluster: &Cluster) -> Vec<String> {
    let mut keys: Vec<String> = cluster
        .node_ids()
        .flat_map(|n| cluster.node_labels(n).iter().map(|(k, _)| cluster.str(k).to_string()))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn unknown_node(cluster: &Cluster, device: Option<&Device>, name: &str) -> Fault {
    let hosts = device.iter().flat_map(|d| d.hosts.iter().map(|h| h.id.name()));
    let known = hosts.chain(cluster.node_ids().map(|n| cluster.node_name(n)));
    let meant = nearest(name, known).map_or(String::new(), |n| format!("did you mean {n}? "));
    let fix = format!("{meant}known: {}", choices(cluster, device));
    ("unknown-node", format!("there is no node {name:?}"), fix)
}

/// What may be named: hosts of the device, then nodes.
fn choices(cluster: &Cluster, device: Option<&Device>) -> String {
    let hosts =
        device.iter().flat_map(|d| d.hosts.iter().map(|h| format!("{} (host)", h.id.name())));
    told(hosts.chain(cluster.node_ids().map(|n| cluster.node_name(n).to_string())))
}

fn told(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let mut text = names[..names.len().min(NAMES_TOLD)].join(", ");
    if names.len() > NAMES_TOLD {
        text += &format!(" and {} more", names.len() - NAMES_TOLD);
    }
    if text.is_empty() { "none".into() } else { text }
}

/// The known name most like a wrong one, if any is like it at all.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let score = |k: &str| strsim::jaro_winkler(&name.to_lowercase(), &k.to_lowercase());
    let mut best: Option<(f64, &str)> = None;
    for k in known {
        let s = score(k);
        if s > 0.75 && best.is_none_or(|(b, _)| s > b) {
            best = Some((s, k));
        }
    }
    best.map(|(_, k)| k)
}

/// The pods that are named, each once, in the order of the input: by `name`, `namespace/name`, or the name of their
/// controller.
pub(crate) fn pods(cluster: &Cluster, names: &[String]) -> Result<Vec<PodId>, Vec<RequestError>> {
    pods_at(cluster, "pods", names)
}

/// The same, for names that stand elsewhere in the request.
pub(crate) fn pods_at(
    cluster: &Cluster,
    place: &str,
    names: &[String],
) -> Result<Vec<PodId>, Vec<RequestError>> {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (i, name) in names.iter().enumerate() {
        let meant: Vec<PodId> = cluster.pod_ids().filter(|&p| is_named(cluster, p, name)).collect();
        if meant.is_empty() {
            let known = cluster.pods().iter().map(|p| cluster.str(p.name));
            let meant =
                nearest(name, known).map_or(String::new(), |n| format!("did you mean {n}? "));
            errors.push(RequestError {
                code: "unknown-pod",
                place: if place == "pods" { format!("pods[{i}]") } else { place.into() },
                cause: format!("there is no pod and no controller of pods named {name:?}"),
                fix: format!("{meant}name a pod, namespace/pod, or a controller"),
            });
        }
        found.extend(meant);
    }
    found.sort_unstable();
    found.dedup();
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

fn is_named(cluster: &Cluster, id: PodId, name: &str) -> bool {
    let pod = cluster.pod(id);
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, name),
    };
    let workload = pod.workload.map(|w| cluster.workload(w).name);
    namespace.is_none_or(|n| cluster.str(cluster.shape_of(id).namespace) == n)
        && [Some(pod.name), pod.owner.name, workload]
            .into_iter()
            .flatten()
            .any(|known| cluster.str(known) == name)
}

/// Both, or the faults of both.
pub(crate) fn both<A, B>(
    a: Result<A, Vec<RequestError>>,
    b: Result<B, Vec<RequestError>>,
) -> Result<(A, B), Vec<RequestError>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(a.err().into_iter().chain(b.err()).flatten().collect()),
    }
}

/// Faults of an audit request.
pub(crate) fn check_audit(cluster: &Cluster, request: &AuditRequest) -> Vec<RequestError> {
    let mut errors = Vec::new();
    for (place, value) in [("k", request.k), ("casesMax", request.cases_max)] {
        if value == 0 {
            errors.push(RequestError {
                code: "too-few",
                place: place.into(),
                cause: "0 asks nothing".into(),
                fix: "give 1 or more".into(),
            });
        }
    }
    if let Some(key) = &request.domain
        && label_values(cluster, key).is_empty()
    {
        errors.push(RequestError {
            code: "unknown-label",
            place: "domain".into(),
            cause: format!("no node has the label {key:?}"),
            fix: format!("labels of the nodes: {}", told(label_keys(cluster).into_iter())),
        });
    }
    errors
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
pub(crate) fn change(cluster: &Cluster, plan: &CheckPlan) -> Result<Change, Vec<RequestError>> {
    let mut errors = Vec::new();
    let mut node = |place: String, name: &str| {
        let found = cluster.find_node(name);
        if found.is_none() {
            let (code, cause, fix) = unknown_node(cluster, None, name);
            errors.push(RequestError { code, place, cause, fix });
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
    removed.extend(moved.into_iter().map(|pod| Removal { pod, lingers: false }));
    Ok(Change { lost, loss, removed, steps })
}

fn pods_by_name(cluster: &Cluster) -> BTreeMap<(&str, &str), PodId> {
    let name =
        |p: PodId| (cluster.str(cluster.shape_of(p).namespace), cluster.str(cluster.pod(p).name));
    cluster.pod_ids().map(|p| (name(p), p)).collect()
}
