use super::{
    conflict::{Conflict, ConflictCode},
    describe::{Assignment, NETWORKING_PAGE, Network, Port, Route},
    taken::special,
};
use crate::device::Note;
use crate::model::Family;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::cmp::Reverse;
use std::net::IpAddr;

/// Where an entry of the table comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteKind {
    /// The subnet of an interface: reached without a next hop.
    Connected,
    /// A custom route, by its position in [`Network::routes`].
    Custom(usize),
    /// All that no other entry is for.
    Default,
}

/// The virtual switch of the device that packets go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Switch {
    /// That of a port enabled for compute.
    External,
    /// That of the factory: it translates addresses (NAT), and goes on by the port with a default gateway.
    Internal,
}

/// An entry of the routing table of the nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What for.
    pub destination: IpNet,
    /// Where packets go next; `None`: they are there.
    pub next_hop: Option<IpAddr>,
    /// Name of the interface.
    pub interface: String,
    /// `None`: not known.
    pub metric: Option<u32>,
    /// Where it comes from.
    pub kind: RouteKind,
    /// The switch of the device.
    pub switch: Option<Switch>,
}

/// The routing table of the nodes; on the device of the master and worker machines, not of its hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// In the order: connected, custom, default.
    pub entries: Vec<Entry>,
}

/// Which entry a destination takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Positions of all entries that are for it, the best first: the longest prefix, then the least metric.
    pub matching: Vec<usize>,
    /// What is taken.
    pub outcome: Outcome,
}

/// What a destination takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This entry.
    Takes(usize),
    /// One of these: they are equally good, or a metric is not known.
    Open(Vec<usize>),
    /// None.
    NoRoute,
}

impl Table {
    /// The table that a description gives.
    ///
    /// On the device a machine has two interfaces: one at the external switch of the port that is enabled for compute,
    /// one at the internal switch, which has the default route and goes on by the port with a default gateway
    /// [azure-stack-edge-gpu-kubernetes-networking].
    pub fn of(network: &Network, on_device: bool) -> Self {
        let external = on_device.then_some(Switch::External);
        let mut entries = Vec::new();
        for (port, subnet) in network.node_subnets(on_device) {
            entries.push(Entry {
                destination: subnet,
                next_hop: None,
                interface: port.name.clone(),
                metric: Some(0),
                kind: RouteKind::Connected,
                switch: external,
            });
        }
        for (i, route) in network.routes.iter().enumerate() {
            // One by an interface that is not there is a conflict, and no way.
            let port = network.port(&route.interface);
            let Some(port) = port.filter(|p| p.compute || !on_device) else { continue };
            entries.push(Entry {
                destination: route.destination,
                next_hop: Some(route.next_hop),
                interface: port.name.clone(),
                metric: Some(route.metric),
                kind: RouteKind::Custom(i),
                switch: external,
            });
        }
        for port in &network.ports {
            entries.extend(port.gateways.iter().map(|&gateway| Entry {
                destination: everything(Family::of(gateway)),
                next_hop: Some(gateway),
                interface: port.name.clone(),
                metric: None,
                kind: RouteKind::Default,
                switch: on_device.then_some(Switch::Internal),
            }));
        }
        Self { entries }
    }

    /// Which entry packets to an address take: that of the longest prefix, of these that of the least metric.
    pub fn lookup(&self, address: IpAddr) -> Lookup {
        let key = |&i: &usize| {
            let entry = &self.entries[i];
            (Reverse(entry.destination.prefix_len()), entry.metric.unwrap_or(u32::MAX), i)
        };
        let is_for = |i: &usize| self.entries[*i].destination.contains(&address);
        let mut matching: Vec<usize> = (0..self.entries.len()).filter(is_for).collect();
        matching.sort_by_key(key);
        let outcome = match matching.first().map(|&best| (best, &self.entries[best])) {
            None => Outcome::NoRoute,
            Some((best, entry)) => {
                let rivals: Vec<usize> = matching
                    .iter()
                    .copied()
                    .filter(|&i| i == best || self.rivals(i, entry))
                    .collect();
                match rivals.len() {
                    0 | 1 => Outcome::Takes(best),
                    _ => Outcome::Open(rivals),
                }
            }
        };
        Lookup { matching, outcome }
    }

    /// Whether an entry may be taken as well as the best, and leads another way.
    fn rivals(&self, i: usize, best: &Entry) -> bool {
        let entry = &self.entries[i];
        let same_way = entry.next_hop == best.next_hop && entry.interface == best.interface;
        entry.destination.prefix_len() == best.destination.prefix_len()
            && !same_way
            && match (entry.metric, best.metric) {
                (Some(own), Some(least)) => own == least,
                _ => true,
            }
    }
}

/// The destination of a default route.
pub(super) fn everything(family: Family) -> IpNet {
    match family {
        Family::V4 => IpNet::V4(Ipv4Net::default()),
        Family::V6 => IpNet::V6(Ipv6Net::default()),
    }
}

impl Route {
    /// The metric of a route that states none, as Windows and so the device has it.
    pub const METRIC: u32 = 256;

    /// The command of the device that adds it.
    pub fn device_command(&self, port: &str) -> String {
        format!(
            "Add-HcsNetRoute -InterfaceAlias \"{port}\" -DestinationPrefix \"{}\" -NextHop \"{}\" -RouteMetric {}",
            self.destination, self.next_hop, self.metric
        )
    }

    /// As Linux writes it, without the metric.
    fn title(&self) -> String {
        format!("{} via {} dev {}", self.destination, self.next_hop, self.interface)
    }
}

/// What is wrong with the custom routes, and what the vendor of the device would say of them.
pub fn check_routes(network: &Network, on_device: bool) -> (Vec<Conflict>, Vec<Note>) {
    let (mut conflicts, mut notes) = (Vec::new(), Vec::new());
    for (i, route) in network.routes.iter().enumerate() {
        let field = format!("network.routes[{i}]");
        let mut add = |code, cause: String, fix: String| {
            conflicts.push(Conflict::new(code, &field, cause, fix));
        };
        into_cluster(network, route, &mut add);
        if Family::of(route.destination.addr()) != Family::of(route.next_hop) {
            let cause = format!("{} cannot go by {}", route.destination, route.next_hop);
            add(ConflictCode::RouteFamilies, cause, "name a next hop of the same family".into());
        }
        if let Some(port) = network.port(&route.interface) {
            at_port(route, port, on_device, &mut add);
            if port.subnets.iter().any(|s| s.contains(&route.destination)) {
                notes.push(Note {
                    code: "route-not-needed",
                    text: format!(
                        "network.routes[{i}]: {} is in the subnet of {} itself: on a flat subnet no route is needed",
                        route.destination, port.name
                    ),
                    page: NETWORKING_PAGE,
                });
            }
        }
        against_earlier(&network.routes[..i], route, &mut add);
    }
    if on_device {
        notes.extend(device_notes(network));
    }
    (conflicts, notes)
}

type Add<'a> = dyn FnMut(ConflictCode, String, String) + 'a;

fn into_cluster(network: &Network, route: &Route, add: &mut Add<'_>) {
    let inside = [("pods", &network.pod_subnets), ("services", &network.service_subnets)];
    for (who, subnets) in inside {
        for subnet in subnets.iter().filter(|s| s.contains(&route.destination)) {
            let cause =
                format!("{} is inside {subnet}, the {who} of the cluster", route.destination);
            let fix = "the cluster finds these by itself: leave the route out";
            add(ConflictCode::RouteIntoCluster, cause, fix.into());
        }
    }
}

/// What is wrong with a route at its interface.
fn at_port(route: &Route, port: &Port, on_device: bool, add: &mut Add<'_>) {
    let name = &port.name;
    if port.assignment == Assignment::Dhcp {
        let cause = format!("{name} gets its addresses by DHCP");
        let fix = format!("give {name} a static configuration (assignment: static)");
        add(ConflictCode::RouteOnDhcp, cause, fix);
    }
    if on_device && port.teamed {
        let cause = format!("{name} is one of a team of ports, which routing does not support");
        add(ConflictCode::RouteOnTeam, cause, "take it out of the team".into());
    }
    if on_device && !port.compute {
        let cause = format!(
            "the Kubernetes machines have no interface at {name}: it is not enabled for compute"
        );
        let fix = format!("name a port that is, or enable {name} for compute (compute: true)");
        add(ConflictCode::RouteNotCompute, cause, fix);
    }
    let family = Family::of(route.next_hop);
    let mut subnets = port.subnets.iter().filter(|s| Family::of(s.addr()) == family).peekable();
    let Some(first) = subnets.peek().copied() else { return };
    let Some(subnet) = subnets.find(|s| s.contains(&route.next_hop)) else {
        let cause = format!("the next hop {} is not inside {first} of {name}", route.next_hop);
        let fix = format!("name a router inside {first}, or the interface whose subnet has it");
        return add(ConflictCode::NextHopOutsideSubnet, cause, fix);
    };
    let (own, broadcast) = special(*subnet);
    let what = if own == Some(route.next_hop) {
        format!("the network address of {subnet}")
    } else if broadcast == Some(route.next_hop) {
        format!("the broadcast address of {subnet}")
    } else if port.addresses.contains(&route.next_hop) {
        format!("an address of {name} itself")
    } else {
        return;
    };
    let cause = format!("the next hop {} is {what}", route.next_hop);
    add(ConflictCode::NextHopUnusable, cause, format!("name a router inside {subnet}"));
}

/// A route is judged against all before it, once.
fn against_earlier(earlier: &[Route], route: &Route, add: &mut Add<'_>) {
    let same = |r: &&Route| r.destination == route.destination;
    let same_way = |r: &Route| {
        r.next_hop == route.next_hop && r.interface.eq_ignore_ascii_case(&route.interface)
    };
    if let Some(twin) = earlier.iter().filter(same).find(|r| same_way(r)) {
        let cause = format!("{} is there already, with metric {}", twin.title(), twin.metric);
        add(ConflictCode::RouteTwice, cause, "leave one of them out".into());
    } else if let Some(rival) = earlier.iter().filter(same).find(|r| r.metric == route.metric) {
        let cause = format!("{} has the same metric, {}", rival.title(), rival.metric);
        let fix = "give the one that is preferred a lower metric";
        add(ConflictCode::RouteTie, cause, fix.into());
    }
}

fn device_notes(network: &Network) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut add = |code, text: String| notes.push(Note { code, text, page: NETWORKING_PAGE });
    if !network.routes.is_empty() {
        add(
            "routes-of-machines",
            "these routes are of the master and worker machines, not of the device's hosts; they are added in the \
             PowerShell interface, not in the local UI, before or after compute is configured"
                .into(),
        );
    }
    for port in network.ports.iter().filter(|p| p.teamed) {
        add(
            "teaming",
            format!("{} is one of a team: teaming (NIC teaming, SET) is not supported", port.name),
        );
    }
    for family in Family::ALL {
        let has = |p: &&Port| p.gateways.iter().any(|&g| Family::of(g) == family);
        let ports: Vec<&str> = network.ports.iter().filter(has).map(|p| p.name.as_str()).collect();
        if ports.len() > 1 {
            add(
                "several-gateways",
                format!(
                    "{} each have a default gateway: which one the internal switch goes by, no page says",
                    ports.join(" and ")
                ),
            );
        }
    }
    if !network.ports.is_empty() && !network.ports.iter().any(|p| p.compute) {
        add(
            "no-compute-port",
            "no port is enabled for compute: there is no external switch".into(),
        );
    }
    notes
}
