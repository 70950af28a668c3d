//! What a question loses: nodes, hosts of an edge device, failure domains.

use super::{Fault, RequestError, at, did_you_mean, listed};
use podfit::device::{self, HostId, Part, Plan as Device, Ruling};
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
    /// Parts of the device that fail, as they were named.
    pub parts: Vec<String>,
    /// What the device does about them; empty where no part is named.
    pub rulings: Vec<Ruling>,
}

impl Failed {
    /// What parts of the device take with them.
    fn add_hosts(&mut self, cluster: &Cluster, device: &Device, parts: &[Part]) {
        let failures = device::fail(device, parts);
        let nodes: Vec<&str> = match failures.lost.len() == device.hosts.len() {
            // No host is left for a highly available machine to restart on.
            true => device.vms.iter().map(|vm| vm.name.as_str()).collect(),
            false => failures.lost.iter().flat_map(|&h| device.kube_nodes_lost(h)).collect(),
        };
        self.nodes.extend(nodes.into_iter().filter_map(|name| cluster.find_node(name)));
        self.hosts = failures.lost;
        match parts.iter().all(|part| matches!(part, Part::Node(_))) {
            // Whole hosts are told by their names.
            true => self.parts.clear(),
            false => self.rulings = failures.rulings,
        }
    }
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
    let mut parts: Vec<Part> = Vec::new();
    for (i, name) in names.iter().enumerate() {
        match one(cluster, device, name) {
            Ok(Lost::Node(node)) => failed.nodes.push(node),
            Ok(Lost::Domain(label, nodes)) => {
                failed.domains.push(label);
                failed.nodes.extend(nodes);
            }
            Ok(Lost::Parts(of_device)) => {
                failed.parts.push(name.clone());
                parts.extend(of_device);
            }
            Err(fault) => errors.push(at(format!("fail[{i}]"), fault)),
        }
    }
    if let Some(device) = device.filter(|_| !parts.is_empty()) {
        failed.add_hosts(cluster, device, &parts);
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
    Parts(Vec<Part>),
}

fn one(cluster: &Cluster, device: Option<&Device>, name: &str) -> Result<Lost, Fault> {
    if let Some(node) = cluster.find_node(name) {
        return Ok(Lost::Node(node));
    }
    if let Some(device) = device
        && let Some(host) = HostId::parse(name)
        && device.host(host).is_some()
    {
        return Ok(Lost::Parts(vec![Part::Node(host)]));
    }
    if let Some(device) = device
        && let Some(parts) = Part::parse(name)
        && parts.iter().all(|p| p.host().is_none_or(|h| device.host(h).is_some()))
    {
        return Ok(Lost::Parts(parts));
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
    let mut fix = format!("{}known: {}", did_you_mean(name, known), choices(cluster, device));
    if device.is_some() && name.contains(':') {
        fix += &format!("; parts of a host, as A:psus: {}; or witness", Part::NAMES);
    }
    ("unknown-node", format!("there is no node {name:?}"), fix)
}

/// What may be named: hosts of the device, then nodes.
fn choices(cluster: &Cluster, device: Option<&Device>) -> String {
    let hosts =
        device.iter().flat_map(|d| d.hosts.iter().map(|h| format!("{} (host)", h.id.name())));
    listed(hosts.chain(cluster.node_ids().map(|n| cluster.node_name(n).to_string())))
}
