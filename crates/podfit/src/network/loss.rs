//! What a loss changes: endpoints that go and come back, addresses that move.

use super::{
    endpoints::{Endpoint, KnownBy, endpoints},
    reach::Place,
};
use crate::device::{self, HostId, VmKind};
use crate::model::{Interval, Loss, NodeId, PodId, ServiceKind};
use crate::planner::{self, PodOutcome, PodVerdict, Timeline, WhatIf};
use rustc_hash::FxHashMap;
use std::net::IpAddr;

/// How long a service that had a ready endpoint has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outage {
    /// It always has one.
    None,
    /// So long: until the first replacement is ready. The path is that of the one which may come first.
    For(Interval, planner::Path),
    /// It gets none again by itself.
    Lasting,
    /// It had none before.
    HadNone,
    /// Its endpoints are not known.
    NotKnown,
}

/// What becomes of the endpoints of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceLoss {
    /// Position of the service in the cluster.
    pub service: usize,
    /// Ready endpoints before.
    pub before: usize,
    /// Of these, those on nodes that are left.
    pub left: usize,
    /// Replacements that find a place by themselves.
    pub back: usize,
    /// How long it has none.
    pub outage: Outage,
}

/// What becomes of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressFate {
    /// Its machine restarts elsewhere, and keeps it.
    Moves,
    /// Its node is lost, and nobody else answers for it.
    Gone,
    /// The pod's replacement gets another one.
    Replaced,
    /// It stays; the node that answers for it may be another.
    Stays,
}

/// Who has the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A node.
    Node(String),
    /// A pod.
    Pod(PodId),
    /// A service, at its outer address.
    Service(usize),
}

/// An address that a loss touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressChange {
    /// Who has it.
    pub owner: Owner,
    /// The addresses; empty: not known.
    pub addresses: Vec<IpAddr>,
    /// What becomes of them.
    pub fate: AddressFate,
    /// Where it was: a node or host.
    pub from: Option<String>,
    /// Where it is then.
    pub to: Option<String>,
}

/// What a loss changes in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkLoss {
    /// The nodes lost.
    pub failed: Vec<NodeId>,
    /// Every service, in the order of the cluster.
    pub services: Vec<ServiceLoss>,
    /// Addresses that it touches: nodes, services, pods.
    pub addresses: Vec<AddressChange>,
    /// How long endpoints of lost nodes still get traffic: until they are found not to be ready.
    pub stale: Interval,
}

/// What is lost, and what was answered about it.
#[derive(Clone, Copy, Debug)]
pub struct Lost<'a> {
    /// The nodes.
    pub nodes: &'a [NodeId],
    /// How.
    pub loss: Loss,
    /// Hosts of the device among them.
    pub hosts: &'a [HostId],
    /// The device.
    pub device: Option<&'a device::Plan>,
    /// What becomes of the pods.
    pub answer: &'a WhatIf,
    /// When they are back.
    pub timeline: &'a Timeline,
}

/// What a loss changes for services and addresses.
pub fn network_loss(place: &Place<'_>, lost: &Lost<'_>) -> NetworkLoss {
    let outcomes: FxHashMap<PodId, &PodOutcome> =
        lost.answer.pods.iter().map(|o| (o.pod, o)).collect();
    let paths = lost.timeline.pods.iter().filter_map(|p| Some((p.pod, p.back.as_ref()?)));
    let paths: FxHashMap<PodId, &planner::Path> = paths.collect();
    let list = endpoints(place.cluster);
    let services = list.iter().enumerate().map(|(i, endpoints)| {
        let is_known = endpoints.known_by != KnownBy::NotKnown;
        let ready: Vec<&Endpoint> = endpoints.list.iter().filter(|e| e.ready).collect();
        of_service(i, is_known, &ready, lost, (&outcomes, &paths))
    });
    NetworkLoss {
        failed: lost.nodes.to_vec(),
        services: services.collect(),
        addresses: addresses(place, lost),
        stale: lost.timeline.noticed.unwrap_or(Interval::at_least(0)),
    }
}

fn of_service(
    service: usize,
    is_known: bool,
    ready: &[&Endpoint],
    lost: &Lost<'_>,
    (outcomes, paths): (&FxHashMap<PodId, &PodOutcome>, &FxHashMap<PodId, &planner::Path>),
) -> ServiceLoss {
    // A pod that leaves a node that lives (evicted for another) is no endpoint any more either.
    let goes = |e: &Endpoint| match e.pod.and_then(|p| outcomes.get(&p)) {
        Some(outcome) => outcome.verdict != PodVerdict::Stays,
        None => e.node.is_some_and(|n| lost.nodes.contains(&n)),
    };
    let comes_back = |e: &&&Endpoint| {
        let outcome = e.pod.and_then(|p| outcomes.get(&p));
        goes(e) && outcome.is_some_and(|o| o.verdict == PodVerdict::Moves)
    };
    let left = ready.iter().filter(|e| !goes(e)).count();
    let back: Vec<PodId> = ready.iter().filter(comes_back).filter_map(|e| e.pod).collect();
    let outage = match (is_known, ready.len(), left, back.as_slice()) {
        (false, ..) => Outage::NotKnown,
        (_, 0, ..) => Outage::HadNone,
        (_, _, 1.., _) => Outage::None,
        (.., []) => Outage::Lasting,
        _ => first_back(&back.iter().filter_map(|p| paths.get(p).copied()).collect::<Vec<_>>()),
    };
    ServiceLoss { service, before: ready.len(), left, back: back.len(), outage }
}

/// Until the first of these is ready.
fn first_back(paths: &[&planner::Path]) -> Outage {
    let earliest = paths.iter().map(|p| p.total()).reduce(Interval::either);
    let path = paths.iter().min_by_key(|p| {
        let total = p.total();
        (total.min_ms(), total.max_ms().unwrap_or(i64::MAX))
    });
    match (earliest, path) {
        (Some(earliest), Some(&path)) => Outage::For(earliest, path.clone()),
        // When the control plane is back is not known.
        _ => Outage::For(Interval::at_least(0), planner::Path::default()),
    }
}

fn addresses(place: &Place<'_>, lost: &Lost<'_>) -> Vec<AddressChange> {
    let cluster = place.cluster;
    let mut changes = Vec::new();
    for &node in lost.nodes {
        changes.push(AddressChange {
            owner: Owner::Node(cluster.node_name(node).into()),
            addresses: place.addresses_of_node(cluster.node_name(node)),
            // A drained node is still there.
            fate: if lost.loss == Loss::Drained { AddressFate::Stays } else { AddressFate::Gone },
            from: None,
            to: None,
        });
    }
    let restarting = lost.device.iter().flat_map(|d| &d.vms).filter(|vm| {
        vm.kind != VmKind::Other && vm.highly_available && lost.hosts.contains(&vm.host)
    });
    for vm in restarting.filter(|_| lost.hosts.len() == 1) {
        changes.push(AddressChange {
            owner: Owner::Node(vm.name.clone()),
            addresses: place.addresses_of_node(&vm.name),
            fate: AddressFate::Moves,
            from: Some(format!("host {}", vm.host.name())),
            to: Some(format!("host {}", vm.host.other().name())),
        });
    }
    for (i, service) in cluster.services().iter().enumerate() {
        let addresses = place.outer_addresses(i);
        if service.kind == ServiceKind::LoadBalancer && !addresses.is_empty() {
            let fate = AddressFate::Stays;
            let owner = Owner::Service(i);
            changes.push(AddressChange { owner, addresses, fate, from: None, to: None });
        }
    }
    for outcome in &lost.answer.pods {
        let pod = cluster.pod(outcome.pod);
        if outcome.verdict != PodVerdict::Moves || pod.node.is_none() {
            continue;
        }
        let name = |n: NodeId| cluster.node_name(n).to_owned();
        changes.push(AddressChange {
            owner: Owner::Pod(outcome.pod),
            addresses: pod.addresses.clone(),
            fate: AddressFate::Replaced,
            from: pod.node.map(name),
            to: outcome.to.map(name),
        });
    }
    changes
}
