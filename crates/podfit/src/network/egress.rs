//! By which interface and port a packet leaves.

use super::{
    claims::Holder,
    describe::{Assignment, Network},
    plan::Assigned,
    routes::{Entry, Outcome, Switch, Table},
};
use crate::device;
use std::net::IpAddr;

/// Who sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// As `pod default/web-0`.
    pub name: String,
    /// Its addresses, where they are known.
    pub addresses: Vec<IpAddr>,
    /// The node that it is on; `None`: it has none yet.
    pub node: Option<String>,
    /// It is a pod: its address is one of the cluster alone.
    pub is_pod: bool,
}

/// A place that a packet passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// The sender.
    Sender,
    /// The node it is on.
    Node,
    /// kube-proxy on that node, which puts the address of an endpoint for that of the service.
    ServiceProxy,
    /// The network of pods.
    PodNetwork,
    /// The external virtual switch of the device.
    ExternalSwitch,
    /// The internal virtual switch of the device, which translates addresses.
    InternalSwitch,
    /// An interface, or a port of the device.
    Port,
    /// The next router.
    NextHop,
    /// Where it goes.
    Destination,
}

/// A step of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Where.
    pub at: At,
    /// Its name: of a node, a port; an address.
    pub name: String,
}

/// How a packet leaves, or why it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Egress {
    /// What became of it.
    pub way: Way,
    /// The steps, as far as they are known.
    pub hops: Vec<Hop>,
    /// Addresses that the other side may see as the sender's; empty: not known.
    pub seen_as: Vec<IpAddr>,
    /// Why these, or why they are not known.
    pub seen_because: &'static str,
}

/// What becomes of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It stays inside the cluster.
    Inside,
    /// It leaves by this entry of the table.
    Leaves(usize),
    /// It leaves by one of these: which, is open.
    Open(Vec<usize>),
    /// No entry is for it.
    NoRoute,
    /// The sender is on no node.
    NoNode,
}

/// How packets of `sender` to `to` leave; `table` is that of the network, `assigned` the plan of addresses.
pub fn egress(
    network: &Network,
    device: Option<&device::Plan>,
    table: &Table,
    assigned: &[Assigned],
    sender: &Sender,
    to: IpAddr,
) -> Egress {
    let hop = |at, name: &str| Hop { at, name: name.into() };
    let mut hops = vec![hop(At::Sender, &sender.name)];
    let Some(node) = &sender.node else {
        return Egress {
            way: Way::NoNode,
            hops,
            seen_as: Vec::new(),
            seen_because: "it runs nowhere",
        };
    };
    let destination = to.to_string();
    if network.service_subnets.iter().any(|s| s.contains(&to)) {
        hops.push(hop(At::ServiceProxy, node));
        hops.push(hop(At::Destination, &destination));
        return inside(hops, sender);
    }
    if network.pod_subnets.iter().any(|s| s.contains(&to)) {
        hops.push(hop(At::PodNetwork, node));
        hops.push(hop(At::Destination, &destination));
        return inside(hops, sender);
    }
    hops.push(hop(At::Node, node));
    let outcome = table.lookup(to).outcome;
    let (way, best) = match &outcome {
        Outcome::NoRoute => (Way::NoRoute, None),
        Outcome::Takes(i) => (Way::Leaves(*i), Some(&table.entries[*i])),
        Outcome::Open(several) => (Way::Open(several.clone()), None),
    };
    let Some(entry) = best else {
        let seen_because = match way {
            Way::NoRoute => "it leaves by no interface",
            _ => "which interface it leaves by is open",
        };
        return Egress { way, hops, seen_as: Vec::new(), seen_because };
    };
    match entry.switch {
        Some(Switch::External) => hops.push(hop(At::ExternalSwitch, "external")),
        Some(Switch::Internal) => hops.push(hop(At::InternalSwitch, "internal")),
        None => {}
    }
    hops.push(hop(At::Port, &entry.interface));
    if let Some(next) = entry.next_hop {
        hops.push(hop(At::NextHop, &next.to_string()));
    }
    hops.push(hop(At::Destination, &destination));
    let (seen_as, seen_because) = seen_as(network, device, entry, assigned, (sender, node), to);
    Egress { way, hops, seen_as, seen_because }
}

fn inside(hops: Vec<Hop>, sender: &Sender) -> Egress {
    Egress {
        way: Way::Inside,
        hops,
        seen_as: sender.addresses.clone(),
        seen_because: "inside the cluster nothing is translated",
    }
}

/// Whose address the other side sees. Outside of the cluster nobody knows the addresses of pods: the node puts its own for
/// them (Calico's `natOutgoing`, kube-proxy's masquerade), the internal switch that of its host.
fn seen_as(
    network: &Network,
    device: Option<&device::Plan>,
    entry: &Entry,
    assigned: &[Assigned],
    (sender, node): (&Sender, &str),
    to: IpAddr,
) -> (Vec<IpAddr>, &'static str) {
    let of_family = |a: &IpAddr| a.is_ipv4() == to.is_ipv4();
    if entry.switch != Some(Switch::Internal) {
        let of_node = |a: &&Assigned| matches!(&a.holder, Holder::Node(name) if name == node);
        let own = assigned.iter().filter(of_node).map(|a| a.address).filter(of_family).collect();
        return match sender.is_pod {
            true => (own, "the node puts its own address for that of the pod"),
            false => (own, "the node's own address"),
        };
    }
    let Some(port) = network.port(&entry.interface) else {
        return (Vec::new(), "the port is not described");
    };
    if port.assignment == Assignment::Dhcp && port.addresses.is_empty() {
        return (Vec::new(), "the host's address at the port comes by DHCP");
    }
    let mut own: Vec<IpAddr> = port.addresses.iter().copied().filter(of_family).collect();
    // One a host, in their order, where the description has so many.
    let host = device.and_then(|d| {
        let vm = d.vms.iter().find(|vm| vm.name == node)?;
        d.hosts.iter().position(|h| h.id == vm.host).filter(|_| own.len() == d.hosts.len())
    });
    if let Some(host) = host {
        own = vec![own[host]];
    }
    (own, "the internal switch puts its host's address for that of the machine")
}
