use super::{address, port, subnet};
use crate::oracle::Random;
use podfit::device::{Device, Model};
use podfit::model::ClusterBuilder;
use podfit::network::{
    Assignment, At, Growth, Network, Outcome, Range, Route, Sender, Table, Way, check_routes,
    egress, plan,
};
use std::net::IpAddr;

/// A table of numbers: destination (first address, bits), metric, way.
type Row = (u32, u8, Option<u32>, String);

fn random(r: &mut Random, v6: bool) -> (Network, Vec<Row>) {
    let mut network = Network::default();
    let mut rows = Vec::new();
    for (name, first) in [("p0", 0u32), ("p1", 8)] {
        let mut port = port(name, vec![subnet(v6, first, 3)]);
        rows.push((first, 3, Some(0), format!("{name} direct")));
        if r.percent(30) {
            port.gateways = vec![address(v6, first + 1)];
        }
        network.ports.push(port);
    }
    for _ in 0..r.range(0, 6) {
        let bits = r.range(0, 5) as u8;
        let first = (r.range(0, 31) as u32 >> bits) << bits;
        let interface = r.pick(&["p0", "p1"]);
        let (hop, metric) = (r.range(0, 15) as u32, r.range(0, 2) as u32);
        network.routes.push(Route {
            destination: subnet(v6, first, bits),
            next_hop: address(v6, hop),
            interface: interface.into(),
            metric,
        });
        rows.push((first, bits, Some(metric), format!("{interface} {hop}")));
    }
    for (port, first) in network.ports.iter().zip([0u32, 8]) {
        if !port.gateways.is_empty() {
            // A default route is for all addresses there are.
            rows.push((0, if v6 { 128 } else { 32 }, None, format!("{} {}", port.name, first + 1)));
        }
    }
    (network, rows)
}

/// The ways that may be taken, by trying all rows.
fn ways(rows: &[Row], n: u32) -> Vec<String> {
    let is_for = |r: &&Row| r.1 >= 32 || n >> r.1 == r.0 >> r.1;
    let Some(bits) = rows.iter().filter(is_for).map(|r| r.1).min() else { return Vec::new() };
    let best: Vec<&Row> = rows.iter().filter(is_for).filter(|r| r.1 == bits).collect();
    let least = best.iter().filter_map(|r| r.2).min();
    let may_win = best.iter().filter(|r| r.2.is_none() || r.2 == least);
    let mut ways: Vec<String> = may_win.map(|r| r.3.clone()).collect();
    ways.sort();
    ways.dedup();
    ways
}

#[test]
fn a_destination_takes_the_longest_prefix_and_of_these_the_least_metric() {
    let (mut taken, mut open, mut none) = (0, 0, 0);
    for seed in podfit_soak::seeds(2_000, 1_000_000) {
        let mut r = Random::new(seed);
        let v6 = r.percent(50);
        let (network, rows) = random(&mut r, v6);
        let table = Table::of(&network, false);
        let way = |i: usize| {
            let entry = &table.entries[i];
            let number = |a: IpAddr| (0..64).find(|&n| address(v6, n) == a).expect("small");
            match entry.next_hop {
                None => format!("{} direct", entry.interface),
                Some(hop) => format!("{} {}", entry.interface, number(hop)),
            }
        };
        for n in 0..40 {
            let expected = ways(&rows, n);
            let found = table.lookup(address(v6, n));
            match found.outcome {
                Outcome::NoRoute => {
                    none += 1;
                    assert!(expected.is_empty(), "seed {seed}, {n}: {expected:?}");
                }
                Outcome::Takes(i) => {
                    taken += 1;
                    assert_eq!(expected, [way(i)], "seed {seed}, {n}");
                }
                Outcome::Open(several) => {
                    open += 1;
                    let mut found: Vec<String> = several.into_iter().map(way).collect();
                    found.sort();
                    found.dedup();
                    assert_eq!(found, expected, "seed {seed}, {n}");
                }
            }
        }
    }
    assert!(taken > 1000 && open > 100 && none > 100, "{taken} {open} {none}");
}

/// A device whose port 2 has the gateway, and whose port 3 is enabled for compute.
fn device_network() -> Network {
    let mut port2 = port("port2", vec!["10.0.0.0/24".parse().expect("a subnet")]);
    port2.gateways = vec!["10.0.0.1".parse().expect("an address")];
    port2.addresses = ["10.0.0.5", "10.0.0.6"].map(|a| a.parse().expect("an address")).into();
    port2.assignment = Assignment::Dhcp;
    let mut port3 = port("port3", vec!["192.168.20.0/24".parse().expect("a subnet")]);
    port3.compute = true;
    Network {
        ports: vec![port2, port3],
        node_ranges: vec![Range::parse("192.168.20.10-192.168.20.12").expect("a range")],
        pod_subnets: vec!["172.27.0.0/16".parse().expect("a subnet")],
        service_subnets: vec!["172.28.0.0/16".parse().expect("a subnet")],
        routes: vec![route("192.168.21.0/24", "192.168.20.1", "Port 3", 100)],
        ..Network::default()
    }
}

fn route(destination: &str, next_hop: &str, interface: &str, metric: u32) -> Route {
    Route {
        destination: destination.parse().expect("a subnet"),
        next_hop: next_hop.parse().expect("an address"),
        interface: interface.into(),
        metric,
    }
}

/// The places that a packet of a pod on worker-b passes, and whose address the other side sees.
fn leaves(network: &Network, to: &str) -> (Way, Vec<String>, Vec<String>) {
    let device = Device::new(Model::ProGpu, 2).validate().expect("valid");
    let mut b = ClusterBuilder::new();
    for spec in device.kube_nodes(&mut b) {
        b.add_node(spec, 0);
    }
    let cluster = b.build().expect("valid");
    let assigned = plan(network, &cluster, Some(&device), Growth::default()).assigned;
    let table = Table::of(network, true);
    let sender = Sender {
        name: "pod default/web-0".into(),
        addresses: vec!["172.27.1.4".parse().expect("an address")],
        node: Some("worker-b".into()),
        is_pod: true,
    };
    let to = to.parse().expect("an address");
    let out = egress(network, Some(&device), &table, &assigned, &sender, to);
    let places = out.hops.iter().map(|h| format!("{:?} {}", h.at, h.name)).collect();
    (out.way, places, out.seen_as.iter().map(ToString::to_string).collect())
}

#[test]
fn the_internet_is_behind_the_internal_switch_and_the_port_with_the_gateway() {
    let (way, places, seen) = leaves(&device_network(), "8.8.8.8");
    assert!(matches!(way, Way::Leaves(_)));
    assert_eq!(
        places,
        [
            "Sender pod default/web-0",
            "Node worker-b",
            "InternalSwitch internal",
            "Port port2",
            "NextHop 10.0.0.1",
            "Destination 8.8.8.8"
        ]
    );
    assert_eq!(seen, ["10.0.0.6"], "the address of host B");
}

#[test]
fn a_private_network_is_behind_the_external_switch_and_the_port_for_compute() {
    let (_, places, seen) = leaves(&device_network(), "192.168.20.50");
    assert_eq!(places[2..], ["ExternalSwitch external", "Port port3", "Destination 192.168.20.50"]);
    assert_eq!(seen, ["192.168.20.12"], "the address of worker-b");
    let (_, places, _) = leaves(&device_network(), "192.168.21.7");
    assert_eq!(places[3..5], ["Port port3", "NextHop 192.168.20.1"]);
    let mut network = device_network();
    network.routes.clear();
    let (_, places, _) = leaves(&network, "192.168.21.7");
    assert_eq!(places[2..4], ["InternalSwitch internal", "Port port2"], "without the route");
}

#[test]
fn inside_the_cluster_nothing_leaves() {
    for to in ["172.27.9.9", "172.28.0.40"] {
        let (way, places, seen) = leaves(&device_network(), to);
        assert_eq!((way, seen), (Way::Inside, vec!["172.27.1.4".to_string()]), "{to}");
        assert!(!places.iter().any(|p| p.starts_with("Port")), "{places:?}");
    }
    assert!(
        leaves(&device_network(), "172.28.0.40").1[1]
            .starts_with(&format!("{:?}", At::ServiceProxy))
    );
}

#[test]
fn without_a_gateway_the_internet_is_not_reached_and_with_two_it_is_open_how() {
    let mut network = device_network();
    network.ports[0].gateways.clear();
    assert_eq!(leaves(&network, "8.8.8.8").0, Way::NoRoute);
    let mut network = device_network();
    network.ports[1].gateways = vec!["192.168.20.1".parse().expect("an address")];
    assert!(matches!(leaves(&network, "8.8.8.8").0, Way::Open(ways) if ways.len() == 2));
    let (_, notes) = check_routes(&network, true);
    assert!(notes.iter().any(|n| n.code == "several-gateways"), "{notes:?}");
}

#[test]
fn every_fault_of_the_routes_comes_at_once() {
    let mut network = device_network();
    network.ports[1].addresses = vec!["192.168.20.2".parse().expect("an address")];
    network.routes = vec![
        route("192.168.21.0/24", "192.168.20.1", "port3", 100),
        route("192.168.22.0/24", "10.0.0.1", "port2", 100),
        route("192.168.23.0/24", "192.168.99.1", "port3", 100),
        route("192.168.21.0/24", "192.168.20.1", "port3", 50),
        route("192.168.21.0/24", "192.168.20.9", "port3", 100),
        route("172.28.4.0/24", "192.168.20.1", "port3", 1),
        route("fd00::/64", "192.168.20.1", "port3", 1),
        route("192.168.24.0/24", "192.168.20.255", "port3", 1),
        route("192.168.25.0/24", "192.168.20.2", "port3", 1),
    ];
    let (conflicts, notes) = check_routes(&network, true);
    let found: Vec<_> = conflicts.iter().map(|c| (c.field.as_str(), c.code.name())).collect();
    assert_eq!(
        found,
        [
            ("network.routes[1]", "route-on-dhcp"),
            ("network.routes[1]", "route-not-compute"),
            ("network.routes[2]", "next-hop-outside-subnet"),
            ("network.routes[3]", "route-twice"),
            ("network.routes[4]", "route-tie"),
            ("network.routes[5]", "route-into-cluster"),
            ("network.routes[6]", "route-families"),
            ("network.routes[7]", "next-hop-unusable"),
            ("network.routes[8]", "next-hop-unusable"),
        ]
    );
    assert!(conflicts.iter().all(|c| !c.fix.is_empty()));
    assert!(notes.iter().all(|n| n.code == "routes-of-machines"), "{notes:?}");
}

#[test]
fn a_route_to_the_own_subnet_is_not_needed() {
    let mut network = device_network();
    network.routes = vec![route("192.168.20.0/24", "192.168.20.1", "port3", 100)];
    let (conflicts, notes) = check_routes(&network, true);
    assert!(conflicts.is_empty(), "{conflicts:?}");
    assert!(notes.iter().any(|n| n.code == "route-not-needed"), "{notes:?}");
}
