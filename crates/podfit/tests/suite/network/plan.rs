use super::{address, port, subnet};
use crate::oracle::Random;
use podfit::device::{Device, Model};
use podfit::model::{Cluster, ClusterBuilder, Family, NodeSpec, Service, ServiceKind};
use podfit::network::{AddressPlan, Conflict, Growth, Holder, Network, OtherHost, Range, plan};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Conflicts, as code and field, and who gets which address.
type Expected = (BTreeSet<(String, String)>, BTreeMap<String, BTreeSet<u32>>);

/// A small network in numbers: addresses are 0 to 63, of which the subnet has 0 to 31.
struct Small {
    v6: bool,
    nodes: u32,
    node_range: (u32, u32),
    service_range: (u32, u32),
    gateway: Option<u32>,
    own: Option<u32>,
    host: (u32, u32),
    /// What each service asks for.
    services: Vec<Vec<u32>>,
    growth: Growth,
}

impl Small {
    fn random(r: &mut Random) -> Self {
        let range = |r: &mut Random| {
            let first = r.range(0, 36) as u32;
            (first, first + r.range(0, 9) as u32)
        };
        let maybe = |r: &mut Random| r.percent(50).then(|| r.range(0, 31) as u32);
        let service = |r: &mut Random| match r.percent(30) {
            true => (0..r.range(1, 2)).map(|_| r.range(8, 30) as u32).collect(),
            false => Vec::new(),
        };
        let host = r.range(20, 40) as u32;
        Self {
            v6: r.percent(50),
            nodes: r.range(1, 5) as u32,
            node_range: range(r),
            service_range: range(r),
            gateway: maybe(r),
            own: maybe(r),
            host: (host, host + r.range(0, 2) as u32),
            services: (0..r.range(0, 6)).map(|_| service(r)).collect(),
            growth: Growth { services: r.range(0, 1), nodes: r.range(0, 1) },
        }
    }

    fn network(&self) -> Network {
        let at = |n: &u32| address(self.v6, *n);
        let range =
            |(first, last): (u32, u32)| Range::new(at(&first), at(&last)).expect("in order");
        let mut eth = port("eth0", vec![subnet(self.v6, 0, 5)]);
        eth.gateways = self.gateway.iter().map(at).collect();
        eth.addresses = self.own.iter().map(at).collect();
        Network {
            ports: vec![eth],
            node_ranges: vec![range(self.node_range)],
            service_ranges: vec![range(self.service_range)],
            hosts: vec![OtherHost { name: "printer".into(), addresses: vec![range(self.host)] }],
            ..Network::default()
        }
    }

    fn cluster(&self) -> Cluster {
        let mut b = ClusterBuilder::new();
        for n in 0..self.nodes {
            b.add_node(NodeSpec { name: format!("n{n}"), ..NodeSpec::default() }, 0);
        }
        for (i, asked) in self.services.iter().enumerate() {
            let (namespace, name) = (b.intern("d"), b.intern(&format!("s{i}")));
            let mut service = Service::new(namespace, name, ServiceKind::LoadBalancer, None);
            service.load_balancer_ips = asked.iter().map(|&n| address(self.v6, n)).collect();
            service.families = vec![if self.v6 { Family::V6 } else { Family::V4 }];
            b.add_service(service);
        }
        b.build().expect("valid")
    }

    fn is_special(&self, n: u32) -> Option<&'static str> {
        match n {
            0 => Some("network-address"),
            31 if !self.v6 => Some("broadcast-address"),
            _ => None,
        }
    }

    fn is_in_use(&self, n: u32) -> bool {
        let host = (self.host.0..=self.host.1).contains(&n);
        host || self.gateway == Some(n) || self.own == Some(n)
    }

    fn is_busy(&self, n: u32) -> bool {
        self.is_in_use(n) || self.is_special(n).is_some()
    }

    /// Every conflict, as code and field, and who gets which address, address by address.
    fn expected(&self) -> Expected {
        let mut conflicts = BTreeSet::new();
        let mut add = |code: &str, field: &str| {
            conflicts.insert((code.to_string(), field.to_string()));
        };
        let (nodes, services) = ("network.nodeRange", "network.serviceRange");
        for (field, (first, last)) in [(nodes, self.node_range), (services, self.service_range)] {
            for n in first..=last {
                if n > 31 {
                    add("outside-subnet", field);
                }
                if let Some(code) = self.is_special(n) {
                    add(code, field);
                }
                if self.is_in_use(n) {
                    add("address-in-use", field);
                }
            }
        }
        if (0..64).any(|n| inside(n, self.node_range) && inside(n, self.service_range)) {
            add("overlap", nodes);
        }
        let usable =
            |range| (0..64).filter(|&n| inside(n, range) && !self.is_busy(n)).count() as i64;
        if usable(self.node_range) < i64::from(self.nodes) + self.growth.nodes {
            add("too-small", nodes);
        }
        let needed: usize = self.services.iter().map(|asked| asked.len().max(1)).sum();
        if usable(self.service_range) < needed as i64 + self.growth.services {
            add("too-small", services);
        }
        let mut given: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (i, asked) in self.services.iter().enumerate() {
            for &n in asked {
                if !seen.insert(n) {
                    add("address-twice", &format!("services d/s{i}"));
                }
                if !inside(n, self.service_range) {
                    add("outside-range", &format!("services d/s{i}"));
                }
                given.entry(format!("s{i}")).or_default().insert(n);
            }
        }
        let mut free = (0..64).filter(|&n| inside(n, self.service_range) && !self.is_busy(n));
        let mut free = free.by_ref().filter(|n| !seen.contains(n));
        for (i, _) in self.services.iter().enumerate().filter(|(_, asked)| asked.is_empty()) {
            match free.next() {
                Some(n) => {
                    given.entry(format!("s{i}")).or_default().insert(n);
                }
                None => add("service-without-address", &format!("services d/s{i}")),
            }
        }
        let mut free = (0..64).filter(|&n| inside(n, self.node_range) && !self.is_busy(n));
        for i in 0..self.nodes {
            given.entry(format!("n{i}")).or_default().extend(free.next());
        }
        (conflicts, given)
    }
}

fn inside(n: u32, (first, last): (u32, u32)) -> bool {
    (first..=last).contains(&n)
}

fn names(conflicts: &[Conflict]) -> BTreeSet<(String, String)> {
    conflicts.iter().map(|c| (c.code.name().to_string(), c.field.clone())).collect()
}

#[test]
fn a_plan_is_what_brute_force_over_all_addresses_finds() {
    let (mut clean, mut in_conflict) = (0, 0);
    for seed in podfit_soak::seeds(2_000, 1_000_000) {
        let small = Small::random(&mut Random::new(seed));
        let (network, cluster) = (small.network(), small.cluster());
        let found = plan(&network, &cluster, None, small.growth);
        let (conflicts, given) = small.expected();
        assert_eq!(names(&found.conflicts), conflicts, "seed {seed}: {found:?}");
        for conflict in &found.conflicts {
            assert!(!conflict.fix.is_empty() && !conflict.cause.is_empty(), "seed {seed}");
        }
        if !conflicts.is_empty() {
            assert!(found.assigned.is_empty(), "seed {seed}");
            in_conflict += 1;
            continue;
        }
        clean += 1;
        let mut assigned: BTreeMap<String, BTreeSet<IpAddr>> = BTreeMap::new();
        for a in &found.assigned {
            let name = match &a.holder {
                Holder::Node(name) => name.clone(),
                Holder::Service(i) => format!("s{i}"),
            };
            assigned.entry(name).or_default().insert(a.address);
        }
        let at = |set: BTreeSet<u32>| set.into_iter().map(|n| address(small.v6, n)).collect();
        let given: BTreeMap<_, BTreeSet<IpAddr>> =
            given.into_iter().map(|(name, set)| (name, at(set))).collect();
        assert_eq!(assigned, given, "seed {seed}");
    }
    assert!(clean > 20 && in_conflict > 200, "{clean} clean, {in_conflict} in conflict");
}

/// What a conflict tells to do does it: the range that is too small is large enough with the end that is named.
#[test]
fn the_end_that_a_small_range_should_have_is_the_least() {
    let mut told = 0;
    for seed in podfit_soak::seeds(500, 200_000) {
        let mut small = Small::random(&mut Random::new(seed));
        let field = "network.nodeRange";
        let is_short = |plan: &AddressPlan| {
            names(&plan.conflicts).contains(&("too-small".into(), field.into()))
        };
        let found = plan(&small.network(), &small.cluster(), None, small.growth);
        let pool = found.pools.first().expect("of nodes");
        let Some(last) = pool.required_last.filter(|_| is_short(&found)) else { continue };
        told += 1;
        let number = (0..4096).find(|&n| address(small.v6, n) == last).expect("near");
        small.node_range.1 = number;
        assert!(
            !is_short(&plan(&small.network(), &small.cluster(), None, small.growth)),
            "seed {seed}"
        );
        small.node_range.1 = number - 1;
        if small.node_range.0 < number {
            assert!(
                is_short(&plan(&small.network(), &small.cluster(), None, small.growth)),
                "seed {seed}"
            );
        }
    }
    assert!(told > 20, "{told}");
}

fn device_network() -> Network {
    let range = |text| vec![Range::parse(text).expect("a range")];
    let mut port3 = port("port3", vec!["192.168.20.0/24".parse().expect("a subnet")]);
    port3.compute = true;
    Network {
        ports: vec![port3],
        node_ranges: range("192.168.20.10-192.168.20.12"),
        service_ranges: range("192.168.20.20-192.168.20.21"),
        pod_subnets: vec!["172.27.0.0/16".parse().expect("a subnet")],
        service_subnets: vec!["172.28.0.0/16".parse().expect("a subnet")],
        ..Network::default()
    }
}

fn on_device(network: &Network, nodes: u32, services: &[(&str, Option<&str>)]) -> AddressPlan {
    let device = Device::new(Model::ProGpu, nodes).validate().expect("valid");
    let mut b = ClusterBuilder::new();
    for spec in device.kube_nodes(&mut b) {
        b.add_node(spec, 0);
    }
    for (name, cluster_ip) in services {
        let (namespace, name) = (b.intern("default"), b.intern(name));
        let mut service = Service::new(namespace, name, ServiceKind::LoadBalancer, None);
        service.cluster_ips = cluster_ip.iter().map(|a| a.parse().expect("an address")).collect();
        b.add_service(service);
    }
    plan(network, &b.build().expect("valid"), Some(&device), Growth::default())
}

#[test]
fn a_device_needs_an_address_more_than_it_has_hosts() {
    let mut network = device_network();
    let holders = |plan: &AddressPlan| -> Vec<String> {
        plan.assigned.iter().map(|a| format!("{:?} {}", a.holder, a.address)).collect()
    };
    let plan = on_device(&network, 2, &[("web", None)]);
    assert_eq!(
        holders(&plan),
        [
            "Node(\"master\") 192.168.20.10",
            "Node(\"worker-a\") 192.168.20.11",
            "Node(\"worker-b\") 192.168.20.12",
            "Service(0) 192.168.20.20",
        ]
    );
    assert!(plan.notes.is_empty(), "{:?}", plan.notes);
    network.node_ranges = vec![Range::parse("192.168.20.10-192.168.20.11").expect("a range")];
    let short = on_device(&network, 2, &[("web", None)]);
    assert_eq!(short.conflicts[0].fix, "let it go from 192.168.20.10 to 192.168.20.12 at least");
    assert!(on_device(&network, 1, &[]).conflicts.is_empty(), "two are enough for one host");
}

#[test]
fn one_address_more_than_there_are_services_is_advised() {
    let two = [("a", None), ("b", None)];
    let plan = on_device(&device_network(), 2, &two);
    assert!(plan.conflicts.is_empty());
    assert_eq!(plan.notes[0].code, "no-spare-address");
    let three = on_device(&device_network(), 2, &[("a", None), ("b", None), ("c", None)]);
    let codes: Vec<_> = three.conflicts.iter().map(|c| (c.code.name(), c.field.as_str())).collect();
    assert_eq!(
        codes,
        [("service-without-address", "services default/c"), ("too-small", "network.serviceRange")]
    );
}

#[test]
fn reserved_and_foreign_cluster_addresses_are_refused() {
    for (address, code) in [
        ("172.28.0.1", "reserved-address"),
        ("172.28.0.10", "reserved-address"),
        ("172.28.0.0", "network-address"),
        ("172.28.255.255", "broadcast-address"),
        ("172.29.0.5", "outside-subnet"),
    ] {
        let plan = on_device(&device_network(), 2, &[("web", Some(address))]);
        assert_eq!(plan.conflicts[0].code.name(), code, "{address}");
    }
    assert!(on_device(&device_network(), 2, &[("web", Some("172.28.0.11"))]).conflicts.is_empty());
    let twice = [("a", Some("172.28.0.11")), ("b", Some("172.28.0.11"))];
    let codes = names(&on_device(&device_network(), 2, &twice).conflicts);
    assert!(codes.contains(&("address-twice".into(), "services default/b".into())), "{codes:?}");
}

#[test]
fn subnets_inside_the_cluster_are_free_of_networks_and_hosts() {
    let mut network = device_network();
    network.hosts = vec![OtherHost {
        name: "old".into(),
        addresses: vec![Range::parse("172.27.3.4").unwrap()],
    }];
    network.service_subnets = vec!["172.27.128.0/17".parse().unwrap()];
    network.ports.push(port("port4", vec!["172.27.0.0/24".parse().unwrap()]));
    let plan = on_device(&network, 2, &[]);
    let found: Vec<_> = plan.conflicts.iter().map(|c| (c.code.name(), c.cause.as_str())).collect();
    assert_eq!(
        found,
        [
            ("address-in-use", "172.27.3.4 is host old"),
            ("overlap", "it shares 172.27.128.0-172.27.255.255 with network.serviceSubnet"),
            ("overlap", "it shares 172.27.0.0-172.27.0.255 with the subnet 172.27.0.0/24 of port4"),
        ]
    );
    assert_eq!(plan.conflicts[0].fix, "take another subnet, as 10.0.0.0/16");
}
