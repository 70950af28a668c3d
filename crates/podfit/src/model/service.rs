//! Services, and the endpoints that the input lists for them.

use super::{labels::Selector, names::Sym, node::NodeId, shape::Protocol};
use std::net::IpAddr;

/// Family of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// The family of an address.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }

    /// As Kubernetes writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }
}

/// How a service is reached. Each kind up to [`LoadBalancer`](Self::LoadBalancer) has all ways of those before it, but for
/// a headless one, which has no cluster address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceKind {
    /// By no address of its own: its name stands for the addresses of its pods (`clusterIP: None`).
    Headless,
    /// By an address inside the cluster.
    ClusterIp,
    /// By a port of every node too.
    NodePort,
    /// By an address outside the cluster too.
    LoadBalancer,
    /// Its name stands for another name.
    ExternalName,
}

impl ServiceKind {
    /// As Kubernetes names the type; a headless service is a `ClusterIP` without address.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headless => "Headless",
            Self::ClusterIp => "ClusterIP",
            Self::NodePort => "NodePort",
            Self::LoadBalancer => "LoadBalancer",
            Self::ExternalName => "ExternalName",
        }
    }

    /// Whether it has an address inside the cluster.
    pub const fn has_cluster_ip(self) -> bool {
        matches!(self, Self::ClusterIp | Self::NodePort | Self::LoadBalancer)
    }

    /// Whether nodes take its traffic at a port of theirs.
    pub const fn has_node_port(self) -> bool {
        matches!(self, Self::NodePort | Self::LoadBalancer)
    }
}

/// The port of a pod that traffic goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetPort {
    /// By its number.
    Number(u16),
    /// By the name that the containers give it: each pod may have another number.
    Name(Sym),
}

/// A port of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ServicePort {
    /// Name, where it has one.
    pub name: Option<Sym>,
    /// The port at the service's addresses.
    pub port: u16,
    /// Protocol.
    pub protocol: Protocol,
    /// The port of its pods.
    pub target: TargetPort,
    /// The port at every node, where it is known.
    pub node_port: Option<u16>,
}

/// A Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Namespace: its pods are there.
    pub namespace: Sym,
    /// Name.
    pub name: Sym,
    /// Kind.
    pub kind: ServiceKind,
    /// Which pods it stands for; `None`: its endpoints are listed by hand.
    pub selector: Option<Selector>,
    /// Ports.
    pub ports: Vec<ServicePort>,
    /// Its addresses inside the cluster, as far as they are known: at most one a family.
    pub cluster_ips: Vec<IpAddr>,
    /// Addresses that a load balancer gave it, or that are asked for.
    pub load_balancer_ips: Vec<IpAddr>,
    /// Names that a load balancer gave it instead.
    pub load_balancer_names: Vec<Sym>,
    /// `spec.externalIPs`: nodes take traffic for them, if somebody sends it there.
    pub external_ips: Vec<IpAddr>,
    /// What the name of an ExternalName stands for.
    pub external_name: Option<Sym>,
    /// Families it has addresses of, the first first; empty: that of the cluster.
    pub families: Vec<Family>,
    /// Traffic from outside goes to pods of the node that it arrives at alone (`externalTrafficPolicy: Local`).
    pub local_only: bool,
    /// Pods that are not ready count as ready (`publishNotReadyAddresses`).
    pub unready_too: bool,
}

impl Service {
    /// A service of this name without ports or addresses.
    pub fn new(namespace: Sym, name: Sym, kind: ServiceKind, selector: Option<Selector>) -> Self {
        Self {
            namespace,
            name,
            kind,
            selector,
            ports: Vec::new(),
            cluster_ips: Vec::new(),
            load_balancer_ips: Vec::new(),
            load_balancer_names: Vec::new(),
            external_ips: Vec::new(),
            external_name: None,
            families: Vec::new(),
            local_only: false,
            unready_too: false,
        }
    }
}

/// An endpoint that the input lists for a service, in an EndpointSlice or by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedEndpoint {
    /// Namespace of the service.
    pub namespace: Sym,
    /// Name of the service.
    pub service: Sym,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// Whether it gets traffic.
    pub ready: bool,
    /// Namespace and name of the pod that it is.
    pub pod: Option<(Sym, Sym)>,
    /// The node that it is on, by name.
    pub node: Option<Sym>,
}

impl ListedEndpoint {
    /// The node that it is on, of those in the cluster.
    pub fn node_in(&self, cluster: &super::Cluster) -> Option<NodeId> {
        cluster.find_node(cluster.str(self.node?))
    }
}
