//! What a loss changes: endpoints that go and come back, addresses that move.

use super::{
    endpoints::{Endpoint, KnownBy, endpoints},
    reach::Place,
};
use crate::device::{self, HostId, VmKind};
use crate::model::{Interval, Loss, NodeId, PodId, ServiceKind};
use crate::planner::{PodOutcome, PodVerdict, WhatIf};
use crate::schedule::{GRACE_SECONDS, QUARANTINE_SECONDS};
use rustc_hash::FxHashMap;
use std::net::IpAddr;

/// A part of a time, and where its figures come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What it is.
    pub name: &'static str,
    /// How long it takes.
    pub time: Interval,
    /// Where the figures come from.
    pub source: &'static str,
}

/// How long a service that had a ready endpoint has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outage {
    /// It always has one.
    None,
    /// So long: until the first replacement is ready.
    For(Interval, Vec<Term>),
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
    /// How long a pod takes from its place to ready, where the user says.
    pub start_up: Option<Interval>,
}

impl Lost<'_> {
    /// The machine of the control plane restarts on another host: how long it is away, no page says.
    fn master_restarts(&self) -> bool {
        self.device.is_some_and(|d| {
            d.vms.iter().any(|vm| {
                vm.kind == VmKind::Master && vm.highly_available && self.hosts.contains(&vm.host)
            })
        })
    }
}

/// What a loss changes for services and addresses.
pub fn network_loss(place: &Place<'_>, lost: &Lost<'_>) -> NetworkLoss {
    let outcomes: FxHashMap<PodId, &PodOutcome> =
        lost.answer.pods.iter().map(|o| (o.pod, o)).collect();
    let arrivals = lost.answer.displaced.arrivals.iter();
    let times: FxHashMap<PodId, i64> = arrivals.map(|a| (a.pod, a.at)).collect();
    let list = endpoints(place.cluster);
    let services = list.iter().enumerate().map(|(i, endpoints)| {
        let is_known = endpoints.known_by != KnownBy::NotKnown;
        let ready: Vec<&Endpoint> = endpoints.list.iter().filter(|e| e.ready).collect();
        of_service(i, is_known, &ready, lost, (&outcomes, &times))
    });
    NetworkLoss {
        failed: lost.nodes.to_vec(),
        services: services.collect(),
        addresses: addresses(place, lost),
        stale: stale(lost),
    }
}

fn of_service(
    service: usize,
    is_known: bool,
    ready: &[&Endpoint],
    lost: &Lost<'_>,
    (outcomes, times): (&FxHashMap<PodId, &PodOutcome>, &FxHashMap<PodId, i64>),
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
        _ => {
            let evicted = back.iter().map(|p| times.get(p).copied().unwrap_or(0)).min();
            first_back(evicted.unwrap_or(0), lost)
        }
    };
    ServiceLoss { service, before: ready.len(), left, back: back.len(), outage }
}

/// Until the first replacement is ready, whose pod is evicted `at` seconds after the loss.
fn first_back(at: i64, lost: &Lost<'_>) -> Outage {
    let (later, source) = match lost.loss {
        // The node controller looks each 5 s, and taints a look later.
        Loss::NotReady => {
            (10, "node-monitor-grace-period, tolerationSeconds and the eviction rate")
        }
        // The garbage collector of pods looks each 20 s.
        Loss::Deleted => (20, "the pod garbage collector's quarantine"),
        Loss::Drained => (0, "the eviction API"),
    };
    let eviction =
        Interval::between(at.saturating_mul(1000), at.saturating_add(later).saturating_mul(1000));
    let mut terms = vec![Term { name: "eviction", time: eviction, source }];
    if lost.master_restarts() {
        terms.push(Term {
            name: "control plane away",
            time: Interval::at_least(0),
            source: "the master machine restarts on the other host: some minutes, no figure is documented",
        });
    }
    terms.push(match lost.start_up {
        Some(time) => Term { name: "start-up", time, source: "given" },
        None => Term {
            name: "start-up",
            time: Interval::at_least(0),
            source: "not in the input (startUpSeconds)",
        },
    });
    Outage::For(terms.iter().map(|t| t.time).sum(), terms)
}

fn stale(lost: &Lost<'_>) -> Interval {
    let found = match lost.loss {
        Loss::NotReady => Interval::between(GRACE_SECONDS * 1000, (GRACE_SECONDS + 5) * 1000),
        Loss::Deleted => {
            Interval::between(QUARANTINE_SECONDS * 1000, (QUARANTINE_SECONDS + 20) * 1000)
        }
        Loss::Drained => Interval::ZERO,
    };
    // Without a control plane nobody takes them out.
    let away = lost.master_restarts() || lost.answer.control_plane.is_down();
    if away { found + Interval::at_least(0) } else { found }
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
