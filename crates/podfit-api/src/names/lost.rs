//! What a question loses: nodes, hosts of an edge device, failure domains.

use super::{Fault, RequestError, at, did_you_mean, listed};
use podfit::device::{HostId, Plan as Device};
use podfit::model::{Cluster, NodeId, Sym};
use std::collections::BTreeMap;

/// What a what-if loses.
#[derive(Debug, Default)]
pub(crate) struct Failed {
    /// Nodes, in the order of the cluster, each once.
    pub nodes: Vec<NodeId>,
    /// Hosts of the edge device, in order, each once.
    pub hosts: Vec<HostId>,
    /// Labels that nodes were named by, key and value.
    pub domains: Vec<(Sym, Sym)>,
}

/// The nodes and hosts of these names; there must be some.
pub(crate) fn lost_some(
    cluster: &Cluster,
    device: Option<&Device>,
    names: &[String],
) -> Result<Failed, Vec<RequestError>> {
    if names.is_empty() {
        return Err(vec![RequestError {
            code: "nothing-fails",
            place: "fail".into(),
            cause: "no node is named".into(),
            fix: format!("name what fails: {}", choices(cluster, device)),
        }]);
    }
    lost(cluster, device, names)
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
            Ok(Lost::Node(node)) => failed.nodes.push(node),
            Ok(Lost::Domain(label, nodes)) => {
                failed.domains.push(label);
                failed.nodes.extend(nodes);
            }
            Ok(Lost::Host(host, nodes)) => {
                failed.hosts.push(host);
                failed.nodes.extend(nodes);
            }
            Err(fault) => errors.push(at(format!("fail[{i}]"), fault)),
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
    cluster.find_node(name).ok_or_else(|| vec![at(place, unknown_node(cluster, None, name))])
}

enum Lost {
    Node(NodeId),
    Domain((Sym, Sym), Vec<NodeId>),
    Host(HostId, Vec<NodeId>),
}

fn one(cluster: &Cluster, device: Option<&Device>, name: &str) -> Result<Lost, Fault> {
    if let Some(node) = cluster.find_node(name) {
        return Ok(Lost::Node(node));
    }
    if let Some(device) = device
        && let Some(host) = HostId::parse(name)
        && device.host(host).is_some()
    {
        let nodes = device.kube_nodes_lost(host);
        return Ok(Lost::Host(host, nodes.iter().filter_map(|n| cluster.find_node(n)).collect()));
    }
    match name.split_once('=') {
        Some((key, value)) => domain(cluster, key, value),
        None => Err(unknown_node(cluster, device, name)),
    }
}

fn domain(cluster: &Cluster, key: &str, value: &str) -> Result<Lost, Fault> {
    let values = label_choices(cluster, key)?;
    let symbols = cluster.names().get(key).zip(cluster.names().get(value));
    if let Some((label, nodes)) = symbols.zip(values.get(value)) {
        return Ok(Lost::Domain(label, nodes.clone()));
    }
    let known = listed(values.keys().map(|v| (*v).to_string()));
    Err((
        "unknown-label",
        format!("no node has {key}={value}"),
        format!("values of {key}: {known}"),
    ))
}

/// Nodes by the value of a label that some node has.
pub(crate) fn label_choices<'c>(
    cluster: &'c Cluster,
    key: &str,
) -> Result<BTreeMap<&'c str, Vec<NodeId>>, Fault> {
    let mut values: BTreeMap<&str, Vec<NodeId>> = BTreeMap::new();
    let label = cluster.names().get(key);
    for node in cluster.node_ids() {
        if let Some(value) = label.and_then(|label| cluster.domain(node, label)) {
            values.entry(cluster.str(value)).or_default().push(node);
        }
    }
    if values.is_empty() {
        let known = listed(label_keys(cluster).into_iter());
        let cause = format!("no node has the label {key:?}");
        return Err(("unknown-label", cause, format!("labels of the nodes: {known}")));
    }
    Ok(values)
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

pub(crate) fn unknown_node(cluster: &Cluster, device: Option<&Device>, name: &str) -> Fault {
    let hosts = device.iter().flat_map(|d| d.hosts.iter().map(|h| h.id.name()));
    let known = hosts.chain(cluster.node_ids().map(|n| cluster.node_name(n)));
    let fix = format!("{}known: {}", did_you_mean(name, known), choices(cluster, device));
    ("unknown-node", format!("there is no node {name:?}"), fix)
}

/// What may be named: hosts of the device, then nodes.
fn choices(cluster: &Cluster, device: Option<&Device>) -> String {
    let hosts =
        device.iter().flat_map(|d| d.hosts.iter().map(|h| format!("{} (host)", h.id.name())));
    listed(hosts.chain(cluster.node_ids().map(|n| cluster.node_name(n).to_string())))
}
