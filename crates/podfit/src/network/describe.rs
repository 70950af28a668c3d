use super::range::Range;
use ipnet::IpNet;
use std::net::IpAddr;

/// Kubernetes networking of the device: switches, routes, add-ons. 27 September 2021.
pub(super) const NETWORKING_PAGE: &str = "azure-stack-edge-gpu-kubernetes-networking";
/// Ranges of addresses. 28 September 2023.
pub(super) const CONFIGURE_PAGE: &str =
    "azure-stack-edge-gpu-deploy-configure-network-compute-web-proxy";
/// Changes of the pod and service subnets.
pub(super) const POWERSHELL_PAGE: &str = "azure-stack-edge-gpu-connect-powershell-interface";

/// The network around and under a cluster, as the user describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// Interfaces: ports of the edge device, or interfaces that all nodes have.
    pub ports: Vec<Port>,
    /// Addresses for the nodes; on the device for the master and the workers.
    pub node_ranges: Vec<Range>,
    /// Addresses for services of type LoadBalancer.
    pub service_ranges: Vec<Range>,
    /// Where pods get their addresses; empty: not known (of the device: [`POD_SUBNET`]).
    pub pod_subnets: Vec<IpNet>,
    /// Where services get their cluster addresses; empty: not known (of the device: [`SERVICE_SUBNET`]).
    pub service_subnets: Vec<IpNet>,
    /// Others in the same networks, whose addresses are taken.
    pub hosts: Vec<OtherHost>,
    /// Custom routes of the nodes.
    pub routes: Vec<Route>,
    /// Of the device: compute is configured, so that the pod and service subnets stay as they are.
    pub compute_configured: bool,
    /// The cluster's DNS domain.
    pub dns_domain: String,
}

/// Where the device's pods get their addresses, unless that was changed.
pub const POD_SUBNET: &str = "172.27.0.0/16";
/// Where the device's services get their cluster addresses, unless that was changed.
pub const SERVICE_SUBNET: &str = "172.28.0.0/16";
/// The DNS domain of a cluster that states none.
pub const DNS_DOMAIN: &str = "cluster.local";

/// An interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Name.
    pub name: String,
    /// Networks that it is in: at most one a family is usual.
    pub subnets: Vec<IpNet>,
    /// Addresses of the hosts at it.
    pub addresses: Vec<IpAddr>,
    /// Default gateways behind it.
    pub gateways: Vec<IpAddr>,
    /// How it gets its addresses.
    pub assignment: Assignment,
    /// Of the device: it is enabled for compute, so that it has an external virtual switch.
    pub compute: bool,
    /// It is one of a team of ports.
    pub teamed: bool,
}

/// How an interface gets its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assignment {
    /// They are given.
    Static,
    /// By a DHCP server.
    Dhcp,
}

/// Somebody else in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherHost {
    /// Name.
    pub name: String,
    /// Addresses, each a single one or a range.
    pub addresses: Vec<Range>,
}

/// A custom route of the nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The addresses that it is for.
    pub destination: IpNet,
    /// Where packets go next.
    pub next_hop: IpAddr,
    /// Name of the interface that they leave by.
    pub interface: String,
    /// Of routes to one destination the least wins.
    pub metric: u32,
}

impl Network {
    /// The interface of this name; upper and lower case are the same, and blanks do not matter: `Port 3` is `port3`.
    pub fn port(&self, name: &str) -> Option<&Port> {
        let plain = |name: &str| {
            let letters = name.chars().filter(|c| !c.is_whitespace());
            letters.map(|c| c.to_ascii_lowercase()).collect::<String>()
        };
        let wanted = plain(name);
        self.ports.iter().find(|p| plain(&p.name) == wanted)
    }

    /// Subnets that nodes and external services have their addresses in: of the device those of the ports that are enabled
    /// for compute, else of all interfaces.
    pub(super) fn node_subnets(&self, on_device: bool) -> impl Iterator<Item = (&Port, IpNet)> {
        let ports = self.ports.iter().filter(move |p| p.compute || !on_device);
        ports.flat_map(|p| p.subnets.iter().map(move |&s| (p, s)))
    }
}
