use super::codes::{AddressFateCode, OpenCode, OutageCode, ViaCode};
use super::routes::{EgressReport, egress};
use super::{AskedWay, NetworkVerdict};
use crate::report::common::plural;
use crate::report::paths::TermReport;
use crate::time::Span;
use podfit::model::{Cluster, Protocol, Service, ServiceKind, TargetPort};
use podfit::network::{
    AddressChange, Endpoint, Endpoints, KnownBy, NetworkLoss, Outage, Owner, Path, Place,
    ServiceLoss,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// What reaches what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReachReport {
    /// Every service, in the order of the input; none where a way was asked for.
    pub services: Vec<ServiceReport>,
    /// Who sends, where a way was asked for.
    pub from: Option<String>,
    /// Where it goes.
    pub to: Option<String>,
    /// The ways to a service or a pod.
    pub paths: Vec<WayReport>,
    /// The endpoints of the service that it goes to: kube-proxy on every node spreads the traffic over the ready ones.
    pub endpoints: Vec<EndpointReport>,
    /// How packets to an address leave, by sender.
    pub egress: Vec<EgressReport>,
    /// What a loss changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<NetworkLossReport>,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceReport {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// `ClusterIP`, `Headless`, `NodePort`, `LoadBalancer` or `ExternalName`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name in the cluster's DNS.
    pub dns_name: String,
    /// What that stands for, of an ExternalName.
    pub external_name: Option<String>,
    /// Families of its addresses.
    pub families: Vec<String>,
    /// Addresses inside the cluster; empty: it has none, or they are not known yet.
    pub cluster_ips: Vec<String>,
    /// Addresses from outside: given, or by the plan.
    pub outer_addresses: Vec<String>,
    /// Ports.
    pub ports: Vec<PortReport>,
    /// How its endpoints are known: `listed`, `selector`, `not-known`, `none`.
    pub endpoints_by: String,
    /// How many endpoints it has.
    pub endpoints: usize,
    /// How many of them get traffic.
    pub ready: usize,
}

/// A port of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PortReport {
    /// At the service's addresses.
    pub port: u16,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// The port of the pods: its number or its name.
    pub target: String,
    /// The port of every node.
    pub node_port: Option<u16>,
}

/// A way to a service or a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WayReport {
    /// By what.
    pub via: ViaCode,
    /// The name to ask DNS for.
    pub name: Option<String>,
    /// Addresses; empty where they are not known.
    pub addresses: Vec<String>,
    /// The port.
    pub port: Option<u16>,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Option<String>,
    /// The port of the endpoints: its number or its name.
    pub target: Option<String>,
    /// Whether it is open.
    pub open: OpenCode,
}

/// An endpoint of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndpointReport {
    /// The pod, as `namespace/name`; null: it is none of the cluster.
    pub pod: Option<String>,
    /// The node that it is on.
    pub node: Option<String>,
    /// Its addresses; empty: not known.
    pub addresses: Vec<String>,
    /// Whether it gets traffic.
    pub ready: bool,
}

/// What a loss changes in the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkLossReport {
    /// Names of the nodes lost.
    pub failed: Vec<String>,
    /// Every service.
    pub services: Vec<ServiceLossReport>,
    /// Addresses that it touches: of nodes, services and pods.
    pub addresses: Vec<AddressChangeReport>,
    /// How long endpoints on lost nodes still get traffic.
    pub stale_seconds: Span,
}

/// What becomes of the endpoints of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceLossReport {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Ready endpoints before.
    pub before: usize,
    /// Of these, those that are left.
    pub left: usize,
    /// Replacements that find a place by themselves.
    pub back: usize,
    /// Whether it has none for a while.
    pub outage: OutageCode,
    /// How long it has none; null unless `outage` is `until`.
    pub outage_seconds: Option<Span>,
    /// The parts of that time, of the replacement that may be ready first.
    pub terms: Vec<TermReport>,
}

/// What becomes of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddressChangeReport {
    /// `node`, `service` or `pod`.
    pub kind: String,
    /// Who has it; `namespace/name` of services and pods.
    pub name: String,
    /// The addresses; empty: not known.
    pub addresses: Vec<String>,
    /// What becomes of them.
    pub fate: AddressFateCode,
    /// The node or host where it was.
    pub from: Option<String>,
    /// Where it is then.
    pub to: Option<String>,
}

fn texts(addresses: &[IpAddr]) -> Vec<String> {
    addresses.iter().map(ToString::to_string).collect()
}

fn protocol(protocol: Protocol) -> String {
    match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    }
    .into()
}

fn target(cluster: &Cluster, target: TargetPort) -> String {
    match target {
        TargetPort::Number(number) => number.to_string(),
        TargetPort::Name(name) => cluster.str(name).into(),
    }
}

fn service(place: &Place<'_>, index: usize, endpoints: &Endpoints) -> ServiceReport {
    let cluster = place.cluster;
    let object = &cluster.services()[index];
    let port = |p: &podfit::model::ServicePort| PortReport {
        port: p.port,
        protocol: protocol(p.protocol),
        target: target(cluster, p.target),
        node_port: p.node_port.filter(|_| object.kind.has_node_port()),
    };
    let by = match endpoints.known_by {
        KnownBy::Listed => "listed",
        KnownBy::Selector => "selector",
        KnownBy::NotKnown => "not-known",
        KnownBy::None => "none",
    };
    ServiceReport {
        namespace: cluster.str(object.namespace).into(),
        name: cluster.str(object.name).into(),
        kind: object.kind.name().into(),
        dns_name: place.dns_name(object),
        external_name: object.external_name.map(|n| cluster.str(n).into()),
        families: families(place, object),
        cluster_ips: texts(&object.cluster_ips),
        outer_addresses: texts(&place.outer_addresses(index)),
        ports: object.ports.iter().map(port).collect(),
        endpoints_by: by.into(),
        endpoints: endpoints.list.len(),
        ready: endpoints.ready(),
    }
}

fn families(place: &Place<'_>, service: &Service) -> Vec<String> {
    match service.kind {
        ServiceKind::ExternalName => Vec::new(),
        _ => place.families(service).into_iter().map(|f| f.name().into()).collect(),
    }
}

fn path(cluster: &Cluster, path: &Path) -> WayReport {
    WayReport {
        via: ViaCode::of(&path.via),
        name: path.name.clone(),
        addresses: texts(&path.addresses),
        port: path.port,
        protocol: path.protocol.map(protocol),
        target: path.target.map(|t| target(cluster, t)),
        open: OpenCode::of(&path.open),
    }
}

fn endpoint_list(cluster: &Cluster, endpoints: &Endpoints) -> Vec<EndpointReport> {
    let endpoint = |e: &Endpoint| EndpointReport {
        pod: e.pod.map(|p| cluster.pod_name(p)),
        node: e.node.map(|n| cluster.node_name(n).into()),
        addresses: texts(&e.addresses),
        ready: e.ready,
    };
    endpoints.list.iter().map(endpoint).collect()
}

fn service_loss(cluster: &Cluster, loss: &ServiceLoss) -> ServiceLossReport {
    let object = &cluster.services()[loss.service];
    let (seconds, terms) = match &loss.outage {
        Outage::For(time, path) => {
            (Some((*time).into()), path.terms().iter().map(TermReport::from).collect())
        }
        _ => (None, Vec::new()),
    };
    ServiceLossReport {
        namespace: cluster.str(object.namespace).into(),
        name: cluster.str(object.name).into(),
        before: loss.before,
        left: loss.left,
        back: loss.back,
        outage: OutageCode::of(&loss.outage),
        outage_seconds: seconds,
        terms,
    }
}

/// The services that lose their last ready endpoint, for a while or for good.
pub(crate) fn without_endpoint(cluster: &Cluster, loss: &NetworkLoss) -> Vec<ServiceLossReport> {
    let is = |s: &&ServiceLoss| matches!(s.outage, Outage::For(..) | Outage::Lasting);
    loss.services.iter().filter(is).map(|s| service_loss(cluster, s)).collect()
}

fn address_change(place: &Place<'_>, change: &AddressChange) -> AddressChangeReport {
    let cluster = place.cluster;
    let (kind, name) = match &change.owner {
        Owner::Node(name) => ("node", name.clone()),
        Owner::Pod(pod) => ("pod", cluster.pod_name(*pod)),
        Owner::Service(i) => ("service", place.service_name(&cluster.services()[*i])),
    };
    AddressChangeReport {
        kind: kind.into(),
        name,
        addresses: texts(&change.addresses),
        fate: AddressFateCode::of(&change.fate),
        from: change.from.clone(),
        to: change.to.clone(),
    }
}

pub(super) fn reach(
    place: &Place<'_>,
    endpoints: &[Endpoints],
    way: Option<AskedWay<'_>>,
    loss: Option<&NetworkLoss>,
) -> ReachReport {
    let cluster = place.cluster;
    let all = endpoints.iter().enumerate().map(|(i, e)| service(place, i, e));
    let loss = loss.map(|loss| NetworkLossReport {
        failed: loss.failed.iter().map(|&n| cluster.node_name(n).into()).collect(),
        services: loss.services.iter().map(|s| service_loss(cluster, s)).collect(),
        addresses: loss.addresses.iter().map(|a| address_change(place, a)).collect(),
        stale_seconds: loss.stale.into(),
    });
    let Some(way) = way else {
        return ReachReport {
            services: all.collect(),
            from: None,
            to: None,
            paths: Vec::new(),
            endpoints: Vec::new(),
            egress: Vec::new(),
            loss,
        };
    };
    ReachReport {
        services: Vec::new(),
        from: Some(way.from),
        to: Some(way.to),
        paths: way.paths.iter().map(|p| path(cluster, p)).collect(),
        endpoints: way.service.map(|i| endpoint_list(cluster, &endpoints[i])).unwrap_or_default(),
        egress: way.egress.iter().map(|e| egress(e, way.table)).collect(),
        loss,
    }
}

impl ReachReport {
    pub(super) fn verdict(&self) -> (NetworkVerdict, String) {
        let (verdict, text) = match (&self.from, &self.to) {
            (Some(from), Some(to)) => self.verdict_on_way(from, to),
            _ => self.verdict_on_services(),
        };
        match self.loss.as_ref().map(NetworkLossReport::verdict) {
            None => (verdict, text),
            Some((NetworkVerdict::Good, _)) if verdict != NetworkVerdict::Good => (verdict, text),
            Some(of_loss) => of_loss,
        }
    }

    fn verdict_on_way(&self, from: &str, to: &str) -> (NetworkVerdict, String) {
        let open = |code| self.paths.iter().any(|p| p.open == code);
        let goes = |ways: &[&str]| self.egress.iter().any(|e| ways.contains(&e.way.as_str()));
        if open(OpenCode::Yes) || goes(&["inside", "leaves"]) {
            (NetworkVerdict::Good, format!("{from} reaches {to}"))
        } else if open(OpenCode::NotKnown) || goes(&["open", "no-node"]) {
            (NetworkVerdict::NotKnown, format!("whether or how {from} reaches {to}, is not known"))
        } else {
            (NetworkVerdict::Unreachable, format!("{from} does not reach {to}"))
        }
    }

    fn verdict_on_services(&self) -> (NetworkVerdict, String) {
        let without = |s: &&ServiceReport| {
            s.ready == 0 && !["none", "not-known"].contains(&s.endpoints_by.as_str())
        };
        let none: Vec<String> =
            self.services.iter().filter(without).map(ServiceReport::full_name).collect();
        let unknown = self.services.iter().filter(|s| s.endpoints_by == "not-known").count();
        let all = self.services.len();
        if !none.is_empty() {
            let text = format!("no ready endpoint of {}", none.join(", "));
            (NetworkVerdict::NoEndpoint, text)
        } else if unknown > 0 {
            let text =
                format!("the endpoints of {unknown} of {} are not known", plural(all, "service"));
            (NetworkVerdict::NotKnown, text)
        } else {
            let text = format!("each of {} has a ready endpoint", plural(all, "service"));
            (NetworkVerdict::Good, text)
        }
    }
}

impl ServiceReport {
    fn full_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

impl NetworkLossReport {
    fn verdict(&self) -> (NetworkVerdict, String) {
        let is =
            |s: &&ServiceLossReport| matches!(s.outage, OutageCode::Until | OutageCode::Lasting);
        let words: Vec<String> =
            self.services.iter().filter(is).map(ServiceLossReport::words).collect();
        if !words.is_empty() {
            return (NetworkVerdict::NoEndpoint, words.join("; "));
        }
        match self.services.iter().find(|s| s.outage == OutageCode::NotKnown) {
            Some(s) => {
                let text = format!("the endpoints of {}/{} are not known", s.namespace, s.name);
                (NetworkVerdict::NotKnown, text)
            }
            None => (NetworkVerdict::Good, "no service loses its last endpoint".into()),
        }
    }
}

impl ServiceLossReport {
    /// As `default/db has no ready endpoint for 5 min 50 s or more`.
    pub fn words(&self) -> String {
        let name = format!("{}/{}", self.namespace, self.name);
        match self.outage {
            OutageCode::None => format!("{name} keeps {} of {} endpoints", self.left, self.before),
            OutageCode::HadNone => format!("{name} had no ready endpoint before"),
            OutageCode::NotKnown => format!("the endpoints of {name} are not known"),
            OutageCode::Lasting => format!("{name} has no ready endpoint again by itself"),
            OutageCode::Until => {
                let time = self.outage_seconds.map(Span::words).unwrap_or_default();
                format!("{name} has no ready endpoint for {time}")
            }
        }
    }
}
