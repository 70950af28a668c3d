use super::{
    claims::{Holder, families, service_name},
    describe::{DNS_DOMAIN, Network},
    endpoints::{Endpoints, KnownBy},
    plan::Assigned,
};
use crate::model::{Cluster, Family, PodId, Protocol, Service, ServiceKind, TargetPort};
use std::net::IpAddr;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum From {
    /// A pod of this namespace, or a node.
    Inside(Option<crate::model::Sym>),
    /// Somebody outside the cluster.
    Outside,
}

/// By what traffic gets to a service or a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// The service's address inside the cluster; kube-proxy on the sender's node spreads the traffic over the endpoints.
    ClusterIp,
    /// The name alone: it stands for the addresses of the endpoints.
    Headless,
    /// The name of another host.
    ExternalName,
    /// The service's address outside the cluster.
    LoadBalancer,
    /// An address of `externalIPs`.
    ExternalIp,
    /// A port of any node.
    NodePort,
    /// The pod's own address.
    Pod,
}

/// Whether a way is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Open {
    /// Yes.
    Yes,
    /// No.
    No(Closed),
    /// The input does not tell.
    NotKnown,
}

/// Why a way is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closed {
    /// No endpoint is ready.
    NoEndpoint,
    /// The address is one of the cluster alone.
    InsideOnly,
    /// It has no address for that.
    NoAddress,
    /// The pod does not run.
    NotRunning,
}

/// A way to a service or a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// By what.
    pub via: Via,
    /// The name to ask DNS for, in full.
    pub name: Option<String>,
    /// Addresses; empty where they are not known yet.
    pub addresses: Vec<IpAddr>,
    /// The port; `None`: any that a pod listens at.
    pub port: Option<u16>,
    /// Protocol of the port.
    pub protocol: Option<Protocol>,
    /// The port of the endpoints.
    pub target: Option<TargetPort>,
    /// Whether it is open.
    pub open: Open,
}

/// What the cluster says of a service.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// The network, where it is described.
    pub network: Option<&'a Network>,
    /// Who got which address.
    pub assigned: Vec<Assigned>,
}

impl Place<'_> {
    /// The name that DNS knows a service by.
    pub fn dns_name(&self, service: &Service) -> String {
        let (name, namespace) =
            (self.cluster.str(service.name), self.cluster.str(service.namespace));
        let domain = self.network.map_or(DNS_DOMAIN, |n| n.dns_domain.as_str());
        format!("{name}.{namespace}.svc.{domain}")
    }

    /// Addresses from outside: those that it has or gets by the plan.
    pub fn outer_addresses(&self, index: usize) -> Vec<IpAddr> {
        let service = &self.cluster.services()[index];
        let planned = self.assigned.iter().filter(|a| a.holder == Holder::Service(index));
        let mut all = service.load_balancer_ips.clone();
        all.extend(planned.map(|a| a.address));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Addresses of a node, as far as they are known.
    pub fn addresses_of_node(&self, name: &str) -> Vec<IpAddr> {
        let own = self.cluster.find_node(name).map(|n| &self.cluster.node(n).addresses);
        let mut all: Vec<IpAddr> = own.into_iter().flatten().copied().collect();
        let is_its = |a: &&Assigned| matches!(&a.holder, Holder::Node(node) if node == name);
        all.extend(self.assigned.iter().filter(is_its).map(|a| a.address));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Addresses of all nodes, as far as they are known.
    pub fn node_addresses(&self) -> Vec<IpAddr> {
        let own = self.cluster.nodes().iter().flat_map(|n| n.addresses.iter().copied());
        let planned = self.assigned.iter().filter(|a| matches!(a.holder, Holder::Node(_)));
        let mut all: Vec<IpAddr> = own.chain(planned.map(|a| a.address)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The ways to a service, those that are meant for `from` first.
    pub fn to_service(&self, index: usize, endpoints: &Endpoints, from: From) -> Vec<Path> {
        let service = &self.cluster.services()[index];
        let open = match endpoints.known_by {
            KnownBy::NotKnown => Open::NotKnown,
            _ if endpoints.ready() > 0 => Open::Yes,
            _ => Open::No(Closed::NoEndpoint),
        };
        let mut paths = Vec::new();
        match service.kind {
            ServiceKind::ExternalName => paths.push(self.external_name(service, from)),
            ServiceKind::Headless => {
                let ready = endpoints.list.iter().filter(|e| e.ready);
                let addresses: Vec<IpAddr> =
                    ready.flat_map(|e| e.addresses.iter().copied()).collect();
                let name = Some(self.dns_name(service));
                self.inner(service, Via::Headless, (name, addresses), open, from, &mut paths);
            }
            _ => {
                let inner = (Some(self.dns_name(service)), service.cluster_ips.clone());
                self.inner(service, Via::ClusterIp, inner, open, from, &mut paths);
            }
        }
        self.outer(index, open, &mut paths);
        if from == From::Outside {
            paths.sort_by_key(|p| (p.open == Open::No(Closed::InsideOnly), p.via));
        }
        paths
    }

    fn external_name(&self, service: &Service, from: From) -> Path {
        Path {
            via: Via::ExternalName,
            name: service.external_name.map(|n| self.cluster.str(n).into()),
            addresses: Vec::new(),
            port: None,
            protocol: None,
            target: None,
            // Where that is, DNS says; only the cluster's own knows the service's name.
            open: if from == From::Outside { Open::No(Closed::InsideOnly) } else { Open::NotKnown },
        }
    }

    /// The way by name inside the cluster.
    fn inner(
        &self,
        service: &Service,
        via: Via,
        (name, addresses): (Option<String>, Vec<IpAddr>),
        open: Open,
        from: From,
        paths: &mut Vec<Path>,
    ) {
        let open = if from == From::Outside { Open::No(Closed::InsideOnly) } else { open };
        let path = |port: Option<&crate::model::ServicePort>| Path {
            via,
            name: name.clone(),
            addresses: addresses.clone(),
            // A headless service translates no port.
            port: port.and_then(|p| match (via, p.target) {
                (Via::Headless, TargetPort::Number(target)) => Some(target),
                (Via::Headless, TargetPort::Name(_)) => None,
                _ => Some(p.port),
            }),
            protocol: port.map(|p| p.protocol),
            target: port.map(|p| p.target),
            open,
        };
        paths.extend(service.ports.iter().map(|p| path(Some(p))));
        if service.ports.is_empty() {
            paths.push(path(None));
        }
    }

    /// The ways by addresses of nodes and from outside.
    fn outer(&self, index: usize, open: Open, paths: &mut Vec<Path>) {
        let service = &self.cluster.services()[index];
        let name = service.load_balancer_names.first().map(|&n| self.cluster.str(n).to_owned());
        let balanced = self.outer_addresses(index);
        for port in &service.ports {
            let path = |via, name: Option<&String>, addresses: &[IpAddr], at| {
                let has_address = !addresses.is_empty() || name.is_some();
                Path {
                    via,
                    name: name.cloned(),
                    addresses: addresses.to_vec(),
                    port: Some(at),
                    protocol: Some(port.protocol),
                    target: Some(port.target),
                    open: if has_address { open } else { Open::No(Closed::NoAddress) },
                }
            };
            if service.kind == ServiceKind::LoadBalancer {
                paths.push(path(Via::LoadBalancer, name.as_ref(), &balanced, port.port));
            }
            if !service.external_ips.is_empty() {
                paths.push(path(Via::ExternalIp, None, &service.external_ips, port.port));
            }
            if let Some(at) = port.node_port.filter(|_| service.kind.has_node_port()) {
                let mut nodes = path(Via::NodePort, None, &self.node_addresses(), at);
                if nodes.addresses.is_empty() {
                    // A node has an address, which the input does not tell.
                    nodes.open = if open == Open::Yes { Open::NotKnown } else { open };
                }
                paths.push(nodes);
            }
        }
    }

    /// The way to a pod itself.
    pub fn to_pod(&self, pod: PodId, from: From) -> Path {
        let object = self.cluster.pod(pod);
        let open = match from {
            From::Outside => Open::No(Closed::InsideOnly),
            From::Inside(_) if object.node.is_none() => Open::No(Closed::NotRunning),
            From::Inside(_) => Open::Yes,
        };
        Path {
            via: Via::Pod,
            name: None,
            addresses: object.addresses.clone(),
            port: None,
            protocol: None,
            target: None,
            open,
        }
    }

    /// Families of a service's addresses.
    pub fn families(&self, service: &Service) -> Vec<Family> {
        families(service, self.network)
    }

    /// `namespace/name` of a service.
    pub fn service_name(&self, service: &Service) -> String {
        service_name(self.cluster, service)
    }
}
