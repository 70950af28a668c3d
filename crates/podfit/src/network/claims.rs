//! Who wants addresses of which range.

use super::describe::Network;
use crate::device::{self, VmKind};
use crate::model::{Cluster, Family, Service, ServiceKind};
use std::net::IpAddr;

/// Who has an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A node, by name; on the device a master or worker machine.
    Node(String),
    /// A service, by its position in [`Cluster::services`].
    Service(usize),
}

/// Somebody who wants an address of each of some families.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub holder: Holder,
    pub families: Vec<Family>,
    /// Addresses that it has already, or asks for.
    pub asked: Vec<IpAddr>,
    /// As `services default/web`.
    pub field: String,
}

impl Claim {
    /// The addresses of a family that it asks for.
    pub fn asked_of(&self, family: Family) -> impl Iterator<Item = IpAddr> {
        self.asked.iter().copied().filter(move |&a| Family::of(a) == family)
    }
}

/// The nodes: each wants an address of every family that there is a range of.
pub(super) fn nodes(
    network: &Network,
    cluster: &Cluster,
    device: Option<&device::Plan>,
) -> Vec<Claim> {
    let has = |f: &Family| network.node_ranges.iter().any(|r| r.family() == *f);
    let families: Vec<Family> = Family::ALL.into_iter().filter(has).collect();
    let claim = |name: &str, asked: &[IpAddr]| Claim {
        holder: Holder::Node(name.into()),
        families: families.clone(),
        asked: asked.to_vec(),
        field: format!("nodes {name}"),
    };
    match device {
        Some(plan) => {
            let machines = plan.vms.iter().filter(|vm| vm.kind != VmKind::Other);
            machines.map(|vm| claim(&vm.name, &[])).collect()
        }
        None => cluster.nodes().iter().map(|n| claim(cluster.str(n.name), &n.addresses)).collect(),
    }
}

/// The family that a service has which states none: the first of the cluster.
pub(super) fn first_family(network: Option<&Network>) -> Family {
    let subnets = network.and_then(|n| n.service_subnets.first()).map(|s| Family::of(s.addr()));
    let ranges = || network.and_then(|n| n.service_ranges.first()).map(|r| r.family());
    subnets.or_else(ranges).unwrap_or(Family::V4)
}

/// Families that a service has addresses of.
pub(super) fn families(service: &Service, network: Option<&Network>) -> Vec<Family> {
    if !service.families.is_empty() {
        return service.families.clone();
    }
    let mut families: Vec<Family> = service.cluster_ips.iter().map(|&a| Family::of(a)).collect();
    if families.is_empty() {
        families.push(first_family(network));
    }
    families.dedup();
    families
}

/// `namespace/name` of a service.
pub fn service_name(cluster: &Cluster, service: &Service) -> String {
    format!("{}/{}", cluster.str(service.namespace), cluster.str(service.name))
}

/// Services that want an address from outside.
pub(super) fn services(network: &Network, cluster: &Cluster) -> Vec<Claim> {
    let services = cluster.services().iter().enumerate();
    let wanting = services.filter(|(_, s)| {
        // One that was given a name has what it wants.
        s.kind == ServiceKind::LoadBalancer && s.load_balancer_names.is_empty()
    });
    let claim = |(i, service): (usize, &Service)| Claim {
        holder: Holder::Service(i),
        families: families(service, Some(network)),
        asked: service.load_balancer_ips.clone(),
        field: format!("services {}", service_name(cluster, service)),
    };
    wanting.map(claim).collect()
}
