//! Services and EndpointSlices.

use super::{
    Out,
    bounds::{ENTRIES_MAX, within},
    labels, selector_of,
};
use crate::{
    fault::Path,
    wire::{EndpointSlice, Ip, Leaf, Service as Wire, ServicePort as WirePort},
};
use podfit::model::{
    Family, ListedEndpoint, Protocol, Service, ServiceKind, ServicePort, TargetPort,
};
use std::net::{IpAddr, Ipv4Addr};

/// Whose slice it is.
const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// A service that the input has, with an address that is none: bundles that were made anonymous have such.
const NO_ADDRESS: &str = "addresses that are no IP addresses: what has them counts as without";

/// An address. Kubernetes took octets with leading zeros as decimal (`ParseIPSloppy`), and old objects have such.
pub(crate) fn address(leaf: &Leaf, out: &mut Out<'_>) -> Option<IpAddr> {
    if leaf.is_empty() {
        return None;
    }
    let text = leaf.as_str().unwrap_or("");
    let read = text.parse().ok().or_else(|| sloppy(text));
    if read.is_none() {
        out.skipped.count(NO_ADDRESS);
    }
    read
}

fn sloppy(text: &str) -> Option<IpAddr> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        *octet = parts.next().filter(|p| p.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets).into())
}

/// The addresses of a list, or the single one where there is no list; none twice.
pub(crate) fn addresses(list: Option<&[Ip]>, single: &Leaf, out: &mut Out<'_>) -> Vec<IpAddr> {
    let mut all: Vec<IpAddr> = Vec::new();
    for leaf in list.unwrap_or_default().iter().map(|i| &i.ip).chain([single]).take(ENTRIES_MAX) {
        if let Some(address) = address(leaf, out).filter(|a| !all.contains(a)) {
            all.push(address);
        }
    }
    all
}

/// A service. Its selector is `None` where it has none, or one that is empty: its endpoints are listed then.
pub(crate) fn service(
    wire: &Wire,
    namespace: &str,
    name: &str,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Service {
    let (at, spec) = (root.field("spec"), &wire.spec);
    let selector = spec.selector.as_ref().filter(|m| !m.0.is_empty());
    let selector = selector.map(|map| {
        let labels = labels(Some(map), &at.field("selector"), out);
        selector_of(labels.iter())
    });
    let headless = spec.cluster_ip.as_str() == Some("None");
    let kind = match spec.kind.as_str() {
        Some("ExternalName") => ServiceKind::ExternalName,
        Some("LoadBalancer") => ServiceKind::LoadBalancer,
        Some("NodePort") => ServiceKind::NodePort,
        _ if headless => ServiceKind::Headless,
        _ => ServiceKind::ClusterIp,
    };
    let ports_at = at.field("ports");
    let ports = within(spec.ports.as_deref(), ENTRIES_MAX, &ports_at, out);
    let ports = ports.iter().enumerate().filter_map(|(i, p)| port(p, &ports_at.index(i), out));
    let ports = ports.collect();
    let list = |list: Option<&[Leaf]>, out: &mut Out<'_>| -> Vec<IpAddr> {
        list.unwrap_or_default().iter().take(ENTRIES_MAX).filter_map(|l| address(l, out)).collect()
    };
    let mut cluster_ips = match headless {
        true => Vec::new(),
        false => list(spec.cluster_ips.as_deref(), out),
    };
    if cluster_ips.is_empty() && !headless {
        cluster_ips.extend(address(&spec.cluster_ip, out));
    }
    let ingress = wire.status.load_balancer.ingress.as_deref().unwrap_or_default();
    let mut load_balancer_ips: Vec<IpAddr> =
        ingress.iter().take(ENTRIES_MAX).filter_map(|i| address(&i.ip, out)).collect();
    if load_balancer_ips.is_empty() {
        load_balancer_ips.extend(address(&spec.load_balancer_ip, out));
    }
    let names = ingress.iter().take(ENTRIES_MAX).filter_map(|i| i.hostname.as_str());
    let load_balancer_names =
        names.filter(|n| !n.is_empty()).map(|n| out.builder.intern(n)).collect();
    let families = spec.ip_families.iter().flatten().filter_map(|f| match f.as_str() {
        Some("IPv4") => Some(Family::V4),
        Some("IPv6") => Some(Family::V6),
        _ => None,
    });
    let families = families.collect();
    let external = spec.external_name.as_str().filter(|n| !n.is_empty());
    let unready_at = at.field("publishNotReadyAddresses");
    Service {
        namespace: out.builder.intern(namespace),
        name: out.builder.intern(name),
        kind,
        selector,
        ports,
        cluster_ips,
        load_balancer_ips,
        load_balancer_names,
        external_ips: list(spec.external_ips.as_deref(), out),
        external_name: external.map(|n| out.builder.intern(n)),
        families,
        local_only: spec.external_traffic_policy.as_str() == Some("Local"),
        unready_too: spec.publish_not_ready_addresses.flag(&unready_at, out.faults),
    }
}

fn port(wire: &WirePort, at: &Path<'_>, out: &mut Out<'_>) -> Option<ServicePort> {
    let mut number = |leaf: &Leaf, field| {
        let path = at.field(field);
        let n = leaf.int(&path, out.faults)?;
        let port = u16::try_from(n).ok();
        if port.is_none() {
            let cause = format!("{n} is no port");
            out.faults.push(&path, "out-of-range", cause, "write a number from 1 to 65535");
        }
        port
    };
    let port = number(&wire.port, "port");
    let node_port = number(&wire.node_port, "nodePort").filter(|&p| p > 0);
    let target = match &wire.target_port {
        Leaf::Text(name) if !name.is_empty() => TargetPort::Name(out.builder.intern(name)),
        Leaf::Text(_) | Leaf::Absent => TargetPort::Number(port?),
        leaf => TargetPort::Number(number(leaf, "targetPort").filter(|&p| p > 0).or(port)?),
    };
    let name = wire.name.as_str().filter(|n| !n.is_empty()).map(|n| out.builder.intern(n));
    let protocol = match wire.protocol.as_str() {
        Some("UDP") => Protocol::Udp,
        Some("SCTP") => Protocol::Sctp,
        _ => Protocol::Tcp,
    };
    Some(ServicePort { name, port: port?, protocol, target, node_port })
}

/// The endpoints of a slice; none of one that names no service.
pub(crate) fn slice(
    wire: &EndpointSlice,
    namespace: &str,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Vec<ListedEndpoint> {
    let service = wire.metadata.labels.as_ref().and_then(|l| l.get(SERVICE_NAME)?.as_str());
    let Some(service) = service.filter(|s| !s.is_empty()) else { return Vec::new() };
    let (namespace, service) = (out.builder.intern(namespace), out.builder.intern(service));
    let at = root.field("endpoints");
    // The endpoint slice controller puts 1,000 at most into one.
    let endpoints = within(wire.endpoints.as_deref(), ENTRIES_MAX, &at, out);
    let mut all = Vec::with_capacity(endpoints.len());
    for (i, endpoint) in endpoints.iter().enumerate() {
        let at = at.index(i);
        let ready_at = at.field("conditions");
        // What is not said counts as ready.
        let ready = match &endpoint.conditions.ready {
            Leaf::Absent => true,
            leaf => leaf.flag(&ready_at.field("ready"), out.faults),
        };
        let listed = endpoint.addresses.iter().flatten().take(ENTRIES_MAX);
        let addresses = listed.filter_map(|a| address(a, out)).collect();
        let target = &endpoint.target_ref;
        let pod = target.name.as_str().filter(|_| target.kind.as_str() == Some("Pod"));
        let pod = pod.map(|name| {
            let own = target.namespace.as_str().map(|n| out.builder.intern(n));
            (own.unwrap_or(namespace), out.builder.intern(name))
        });
        let node = endpoint.node_name.as_str().map(|n| out.builder.intern(n));
        all.push(ListedEndpoint { namespace, service, addresses, ready, pod, node });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_with_leading_zeros_are_decimal() {
        assert_eq!(sloppy("010.000.0.09"), Some(Ipv4Addr::new(10, 0, 0, 9).into()));
        for bad in ["10.0.0", "10.0.0.0.1", "10.0.0.256", "10.0.0.+1", "a.b.c.d", ""] {
            assert_eq!(sloppy(bad), None, "{bad}");
        }
    }
}
