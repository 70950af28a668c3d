//! `network` and `services` of a document.

use super::*;
use podfit::model::{Family, ServiceKind, TargetPort};
use podfit::network::Assignment;

/// Every fault of a document, as code and the end of its place.
fn faults(body: &str) -> Vec<(&'static str, String)> {
    let errors = open(&document(&format!("{TWO_NODES}{body}"))).expect_err("faulty");
    assert!(errors.iter().all(|e| !e.fix.is_empty() && !e.cause.is_empty()), "{}", lines(&errors));
    let end = |place: &str| place.rsplit(": ").next().unwrap_or_default().to_string();
    errors.iter().map(|e| (e.code, end(&e.place))).collect()
}

#[test]
fn every_field_is_read() {
    let opened = good(&format!(
        "{TWO_NODES}
network:
  ports:
    - {{name: Port 2, subnet: [10.0.0.0/24, 'fd00::/64'], addresses: [10.0.0.5, 'fd00::5'], gateway: 10.0.0.1, assignment: dhcp, teamed: true}}
    - {{name: port3, subnet: 192.168.20.0/24, compute: true}}
  nodeRange: 192.168.20.10-192.168.20.12
  serviceRange: [192.168.20.64/28, 'fd00::20']
  podSubnet: 10.96.0.1/16
  hosts: [{{name: camera, address: [192.168.20.50, 192.168.20.60-192.168.20.61]}}]
  routes:
    - {{destination: 192.168.21.7, nextHop: 192.168.20.1, interface: PORT3, metric: 100}}
    - {{destination: default, nextHop: 192.168.20.1, interface: port 3}}
  computeConfigured: true
  dnsDomain: edge.local
services:
  - {{name: web, namespace: shop, type: LoadBalancer, selector: {{app: web}}, ports: [80, {{name: https, port: 443, targetPort: tls, nodePort: 30443, protocol: SCTP}}], loadBalancerIP: 192.168.20.65, ipFamilies: [IPv6, IPv4], externalTrafficPolicy: Local, publishNotReadyAddresses: true, externalIPs: [10.0.0.9], clusterIP: 10.97.0.20}}
  - {{name: pods, clusterIP: None, selector: {{app: web}}}}
  - {{name: other, type: ExternalName, externalName: db.example.com}}
  - {{name: hand, ports: [5432], endpoints: [10.0.0.7, 10.0.0.8]}}
"
    ));
    let network = opened.network.expect("described");
    let port = &network.ports[0];
    assert_eq!((port.subnets.len(), port.addresses.len(), port.gateways.len()), (2, 2, 1));
    assert!(port.assignment == Assignment::Dhcp && port.teamed && !port.compute);
    let ranges: Vec<String> = network.service_ranges.iter().map(ToString::to_string).collect();
    assert_eq!(ranges, ["192.168.20.64-192.168.20.79", "fd00::20"]);
    // Bits behind the prefix do not matter, as the device takes it.
    assert_eq!(network.pod_subnets[0].to_string(), "10.96.0.0/16");
    assert!(network.service_subnets.is_empty(), "only a device has its own");
    assert_eq!(network.hosts[0].addresses[1].size(), 2);
    assert_eq!(network.routes[0].destination.to_string(), "192.168.21.7/32");
    let default = &network.routes[1];
    assert_eq!((default.destination.to_string().as_str(), default.metric), ("0.0.0.0/0", 256));
    assert_eq!(network.port(&default.interface).map(|p| p.name.as_str()), Some("port3"));
    assert!(network.compute_configured && network.dns_domain == "edge.local");
    let cluster = &opened.cluster;
    let services = cluster.services();
    let kinds: Vec<ServiceKind> = services.iter().map(|s| s.kind).collect();
    use ServiceKind::{ClusterIp, ExternalName, Headless, LoadBalancer};
    assert_eq!(kinds, [LoadBalancer, Headless, ExternalName, ClusterIp]);
    let web = &services[0];
    assert_eq!((web.families.as_slice(), web.ports.len()), (&[Family::V6, Family::V4][..], 2));
    assert!(matches!(web.ports[1].target, TargetPort::Name(name) if cluster.str(name) == "tls"));
    assert!(web.local_only && web.unready_too && web.ports[1].node_port == Some(30443));
    assert_eq!(cluster.listed_endpoints().len(), 2);
}

#[test]
fn a_device_has_the_subnets_of_its_vendor() {
    let opened = good("device: {model: pro-gpu}\nnetwork: {podSubnet: 10.96.0.0/16}\n");
    let network = opened.network.expect("described");
    let subnets = |list: &[ipnet::IpNet]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(subnets(&network.pod_subnets), ["10.96.0.0/16"]);
    assert_eq!(subnets(&network.service_subnets), ["172.28.0.0/16"]);
}

#[test]
fn every_fault_of_a_network_comes_at_once() {
    let found = faults(
        "
network:
  ports:
    - {name: port3, subnet: 192.168.20.5/24, gateway: 192.168.20.300}
    - {name: port4, subnet: 10.0.0.0/24, addresses: [10.0.1.5], assignment: maybe}
    - {subnet: 10.0.2.0/24}
    - {name: Port 4}
  nodeRange: 192.168.20.12-192.168.20.10
  serviceRange: [10.0.0.1-fd00::1, a-b]
  podSubnet: 10.0.0.0/33
  hosts: [{name: camera}]
  routes:
    - {destination: 192.168.21.1/24, nextHop: x, interface: port9, metric: 10000}
    - {}
  speed: 10G
",
    );
    let found: Vec<(&str, &str)> =
        found.iter().map(|(code, place)| (*code, place.as_str())).collect();
    assert_eq!(
        found,
        [
            ("unknown-field", "network.speed"),
            ("subnet-invalid", "network.podSubnet"),
            ("subnet-invalid", "network.ports[0].subnet"),
            ("address-invalid", "network.ports[0].gateway"),
            ("value-unknown", "network.ports[1].assignment"),
            ("outside-subnet", "network.ports[1].addresses"),
            ("value-missing", "network.ports[2]"),
            ("range-invalid", "network.nodeRange"),
            ("range-invalid", "network.serviceRange[0]"),
            ("range-invalid", "network.serviceRange[1]"),
            ("value-missing", "network.hosts[0]"),
            ("subnet-invalid", "network.routes[0].destination"),
            ("address-invalid", "network.routes[0].nextHop"),
            ("out-of-range", "network.routes[0].metric"),
            ("unknown-port", "network.routes[0].interface"),
            ("value-missing", "network.routes[1]"),
            ("value-missing", "network.routes[1]"),
            ("value-missing", "network.routes[1]"),
            ("duplicate-name", "network.ports"),
        ]
    );
}

#[test]
fn every_fault_of_services_comes_at_once() {
    let found = faults(
        "
services:
  - {name: a, selector: {app: a}, ports: [0, http, {targetPort: 80}, {port: 80, protocol: ICMP}]}
  - {name: a, selector: {app: a}, ports: [80]}
  - {name: b, type: Headless}
  - {name: c, type: ExternalName}
  - {name: d, type: NodePort, clusterIP: None, selector: {app: d}, endpoints: [10.0.0.1], ports: [80]}
  - {name: e, selector: {app: e}, clusterIP: x, ipFamilies: [IPv5], loadBalancerIP: 10.0.0}
",
    );
    let found: Vec<(&str, &str)> =
        found.iter().map(|(code, place)| (*code, place.as_str())).collect();
    assert_eq!(
        found,
        [
            ("out-of-range", "services[0].ports[0]"),
            ("wrong-type", "services[0].ports[1]"),
            ("value-missing", "services[0].ports[2]"),
            ("value-unknown", "services[0].ports[3].protocol"),
            ("duplicate-name", "services[1]"),
            ("value-unknown", "services[2].type"),
            ("value-missing", "services[2]"),
            ("value-missing", "services[3]"),
            ("service-invalid", "services[4]"),
            ("service-invalid", "services[4]"),
            ("value-missing", "services[5]"),
            ("value-unknown", "services[5].ipFamilies[0]"),
            ("address-invalid", "services[5].clusterIP"),
            ("address-invalid", "services[5].loadBalancerIP"),
        ]
    );
}
