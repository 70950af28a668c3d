//! `network` → the network around the cluster. What cannot be read is a fault; what cannot work (ranges that overlap, routes
//! that lead nowhere) is told by the question about the network, so that other questions can be asked of such a document.

use super::{
    super::walk::{Field, Fields},
    Doc,
};
use podfit::model::Family;
use podfit::network::{
    Assignment, DNS_DOMAIN, Network, OtherHost, POD_SUBNET, Port, Range, Route, SERVICE_SUBNET,
    subnet,
};
use podfit_kube::fault::quote;
use podfit_kube::tree::Node;
use std::net::IpAddr;

/// Entries of a list at most; what is planned is compared pair by pair.
const ENTRIES_MAX: usize = 1_000;
/// The largest metric that a route may have, as Windows has it.
const METRIC_MAX: i64 = 9_999;

/// Reads `network`; on a device, its pod and service subnets are the vendor's unless stated.
pub(super) fn read(field: &Field<'_, '_>, on_device: bool, doc: &mut Doc<'_>) -> Option<Network> {
    const KNOWN: [&str; 9] = [
        "ports",
        "nodeRange",
        "serviceRange",
        "podSubnet",
        "serviceSubnet",
        "hosts",
        "routes",
        "computeConfigured",
        "dnsDomain",
    ];
    const RENAMED: [(&str, &str); 6] = [
        ("interfaces", "ports"),
        ("nodeIPs", "nodeRange"),
        ("serviceIPs", "serviceRange"),
        ("podCIDR", "podSubnet"),
        ("serviceCIDR", "serviceSubnet"),
        ("reserved", "hosts"),
    ];
    let fields = doc.report.fields(field, &KNOWN, &RENAMED)?;
    let mut subnets = |name, default: &str| {
        let stated = many(fields.get(name), doc, read_subnet);
        let default = default.parse().ok().filter(|_| on_device && fields.get(name).is_none());
        if stated.is_empty() { default.into_iter().collect() } else { stated }
    };
    let pod_subnets = subnets("podSubnet", POD_SUBNET);
    let service_subnets = subnets("serviceSubnet", SERVICE_SUBNET);
    let mut network = Network {
        ports: list(fields.get("ports"), doc, port),
        node_ranges: many(fields.get("nodeRange"), doc, range),
        service_ranges: many(fields.get("serviceRange"), doc, range),
        pod_subnets,
        service_subnets,
        hosts: list(fields.get("hosts"), doc, host),
        routes: Vec::new(),
        compute_configured: doc.report.flag(fields.get("computeConfigured")).unwrap_or(false),
        dns_domain: doc.report.text(fields.get("dnsDomain")).unwrap_or(DNS_DOMAIN).into(),
    };
    let routes = list(fields.get("routes"), doc, |item, doc| route(item, &network, doc));
    network.routes = routes;
    names_once(fields.get("ports"), &network, doc);
    Some(network)
}

/// A single value, or a list of them.
fn many<T>(
    field: Option<Field<'_, '_>>,
    doc: &mut Doc<'_>,
    mut read: impl FnMut(Field<'_, '_>, &mut Doc<'_>) -> Option<T>,
) -> Vec<T> {
    match field {
        None => Vec::new(),
        Some(f) if !matches!(f.tree.node, Node::List(_)) => read(f, doc).into_iter().collect(),
        Some(_) => list(field, doc, read),
    }
}

/// The entries of a list that can be read.
fn list<T>(
    field: Option<Field<'_, '_>>,
    doc: &mut Doc<'_>,
    mut read: impl FnMut(Field<'_, '_>, &mut Doc<'_>) -> Option<T>,
) -> Vec<T> {
    let items = doc.report.list(field.as_ref());
    if let Some(field) = field.filter(|_| items.len() > ENTRIES_MAX) {
        let cause = format!("{} entries, at most {ENTRIES_MAX} are read", items.len());
        doc.report.fault(&field, "too-many", cause, "describe a part of the network");
        return Vec::new();
    }
    items.filter_map(|item| read(item, doc)).collect()
}

/// A value that a function of the network's reads, which says what is wrong.
fn parsed<T>(
    field: Field<'_, '_>,
    doc: &mut Doc<'_>,
    (code, fix): (&'static str, &str),
    read: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    let text = doc.report.text(Some(field))?;
    read(text).map_err(|cause| doc.report.fault(&field, code, cause, fix)).ok()
}

fn range(field: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<Range> {
    let fix = "write the first and the last address, as 10.0.0.8-10.0.0.10";
    parsed(field, doc, ("range-invalid", fix), Range::parse)
}

/// A subnet; bits behind the prefix do not matter, as the device takes it.
fn read_subnet(field: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<ipnet::IpNet> {
    parsed(field, doc, ("subnet-invalid", "write it as 10.0.0.0/24"), subnet)
}

/// A subnet without bits behind the prefix: with them, an address may be meant.
fn exact_subnet(field: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<ipnet::IpNet> {
    let text = doc.report.text(Some(field))?;
    let net = read_subnet(field, doc)?;
    let stated = text.trim().parse::<ipnet::IpNet>().ok()?;
    if stated != net {
        let cause = format!("{} has bits behind its prefix", quote(text));
        doc.report.fault(&field, "subnet-invalid", cause, format!("did you mean {net}?"));
        return None;
    }
    Some(net)
}

/// What a route is for: a subnet, or a single address.
fn destination(field: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<ipnet::IpNet> {
    let text = doc.report.text(Some(field))?;
    match text.trim().parse::<IpAddr>() {
        Ok(address) => Some(address.into()),
        Err(_) if text.trim() == "default" => Some(ipnet::IpNet::V4(Default::default())),
        Err(_) => exact_subnet(field, doc),
    }
}

/// An address.
pub(super) fn address(field: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<IpAddr> {
    let text = doc.report.text(Some(field))?;
    text.trim()
        .parse()
        .map_err(|_| {
            let cause = format!("{} is no address", quote(text));
            doc.report.fault(&field, "address-invalid", cause, "write it as 10.0.0.8 or fd00::8");
        })
        .ok()
}

/// Addresses, of a field that may be a single one.
pub(super) fn addresses(field: Option<Field<'_, '_>>, doc: &mut Doc<'_>) -> Vec<IpAddr> {
    many(field, doc, address)
}

fn required(
    item: &Field<'_, '_>,
    fields: &Fields<'_, '_>,
    names: &[(&str, &str)],
    doc: &mut Doc<'_>,
) {
    for (name, example) in names {
        if fields.get(name).is_none() {
            let cause = format!("it has no {name}");
            doc.report.fault(item, "value-missing", cause, format!("write {name}: {example}"));
        }
    }
}

/// A text that names something in the network: blanks are fine, as in `Port 3`.
fn title<'t>(field: Option<Field<'t, '_>>, doc: &mut Doc<'_>) -> Option<&'t str> {
    const BYTES_MAX: usize = 253;
    let field = field?;
    let text = doc.report.text(Some(field))?;
    if text.len() > BYTES_MAX || text.contains(|c: char| c.is_control()) {
        let cause = format!("{} is no name", quote(text));
        doc.report.fault(&field, "name-invalid", cause, "use at most 253 bytes, on one line");
        return None;
    }
    Some(text)
}

fn port(item: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<Port> {
    const KNOWN: [&str; 7] =
        ["name", "subnet", "addresses", "gateway", "assignment", "compute", "teamed"];
    const RENAMED: [(&str, &str); 4] = [
        ("address", "addresses"),
        ("defaultGateway", "gateway"),
        ("mode", "assignment"),
        ("team", "teamed"),
    ];
    const ASSIGNMENTS: [(&str, Assignment); 2] =
        [("static", Assignment::Static), ("dhcp", Assignment::Dhcp)];
    let fields = doc.report.fields(&item, &KNOWN, &RENAMED)?;
    required(&item, &fields, &[("name", "port3")], doc);
    let name = title(fields.get("name"), doc);
    let port = Port {
        name: name.unwrap_or("").into(),
        subnets: many(fields.get("subnet"), doc, exact_subnet),
        addresses: addresses(fields.get("addresses"), doc),
        gateways: addresses(fields.get("gateway"), doc),
        assignment: doc
            .report
            .choice(fields.get("assignment"), &ASSIGNMENTS)
            .unwrap_or(Assignment::Static),
        compute: doc.report.flag(fields.get("compute")).unwrap_or(false),
        teamed: doc.report.flag(fields.get("teamed")).unwrap_or(false),
    };
    for (what, list) in [("addresses", &port.addresses), ("gateway", &port.gateways)] {
        for (i, &address) in list.iter().enumerate() {
            let mut of_family =
                port.subnets.iter().filter(|s| Family::of(s.addr()) == Family::of(address));
            let first = of_family.next();
            if let Some(first) = first.filter(|s| !s.contains(&address))
                && !of_family.any(|s| s.contains(&address))
            {
                let at = fields.get(what).unwrap_or(item);
                let cause = format!("{address} (number {i}) is not inside {first}");
                let fix = "correct the address, or the port's subnet";
                doc.report.fault(&at, "outside-subnet", cause, fix);
            }
        }
    }
    name.map(|_| port)
}

/// Names of ports are said once: routes go by them.
fn names_once(field: Option<Field<'_, '_>>, network: &Network, doc: &mut Doc<'_>) {
    let Some(field) = field else { return };
    for (i, port) in network.ports.iter().enumerate() {
        let first = network
            .ports
            .iter()
            .position(|p| std::ptr::eq(network.port(&port.name).unwrap_or(p), p));
        if first.is_some_and(|first| first < i) {
            let cause = format!("another port is called {}", port.name);
            doc.report.fault(&field, "duplicate-name", cause, "give each its own name");
        }
    }
}

fn host(item: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<OtherHost> {
    let fields = doc.report.fields(&item, &["name", "address"], &[("addresses", "address")])?;
    required(&item, &fields, &[("name", "printer"), ("address", "10.0.0.7")], doc);
    let name = title(fields.get("name"), doc);
    let addresses = many(fields.get("address"), doc, range);
    Some(OtherHost { name: name?.into(), addresses })
}

fn route(item: Field<'_, '_>, network: &Network, doc: &mut Doc<'_>) -> Option<Route> {
    const KNOWN: [&str; 4] = ["destination", "nextHop", "interface", "metric"];
    const RENAMED: [(&str, &str); 5] = [
        ("destinationPrefix", "destination"),
        ("via", "nextHop"),
        ("dev", "interface"),
        ("interfaceAlias", "interface"),
        ("routeMetric", "metric"),
    ];
    let fields = doc.report.fields(&item, &KNOWN, &RENAMED)?;
    let examples =
        [("destination", "192.168.21.0/24"), ("nextHop", "192.168.20.1"), ("interface", "port3")];
    required(&item, &fields, &examples, doc);
    let destination = fields.get("destination").and_then(|f| destination(f, doc));
    let next_hop = fields.get("nextHop").and_then(|f| address(f, doc));
    let metric =
        doc.report.int(fields.get("metric"), 0, METRIC_MAX).unwrap_or(i64::from(Route::METRIC));
    let interface = title(fields.get("interface"), doc);
    if let (Some(name), Some(at)) = (interface, fields.get("interface"))
        && network.port(name).is_none()
    {
        let near = doc.report.nearest(name, network.ports.iter().map(|p| p.name.as_str()));
        let fix = match near {
            Some(near) => format!("did you mean {near}?"),
            None => "name a port of network.ports".into(),
        };
        doc.report.fault(&at, "unknown-port", format!("there is no port {}", quote(name)), fix);
        return None;
    }
    Some(Route {
        destination: destination?,
        next_hop: next_hop?,
        interface: interface?.into(),
        metric: u32::try_from(metric).ok()?,
    })
}
