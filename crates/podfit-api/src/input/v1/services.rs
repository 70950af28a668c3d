//! `services` → services of the model.

use super::{
    super::{
        form,
        walk::{Field, Fields},
    },
    Doc, network, template,
};
use podfit::model::{
    Family, ListedEndpoint, Protocol, Selector, Service, ServiceKind, ServicePort, TargetPort,
};
use podfit_kube::tree::Node;
use podfit_kube::{convert, wire};
use std::collections::HashSet;

const FIELDS: [&str; 13] = [
    "name",
    "namespace",
    "type",
    "selector",
    "ports",
    "clusterIP",
    "loadBalancerIP",
    "externalIPs",
    "externalName",
    "externalTrafficPolicy",
    "ipFamilies",
    "publishNotReadyAddresses",
    "endpoints",
];
/// What people write instead.
const RENAMED: [(&str, &str); 4] = [
    ("kind", "type"),
    ("port", "ports"),
    ("clusterIPs", "clusterIP"),
    ("address", "loadBalancerIP"),
];
const TYPES: [(&str, ServiceKind); 4] = [
    ("ClusterIP", ServiceKind::ClusterIp),
    ("NodePort", ServiceKind::NodePort),
    ("LoadBalancer", ServiceKind::LoadBalancer),
    ("ExternalName", ServiceKind::ExternalName),
];
const FAMILIES: [(&str, Family); 2] = [("IPv4", Family::V4), ("IPv6", Family::V6)];
const PROTOCOLS: [(&str, Protocol); 3] =
    [("TCP", Protocol::Tcp), ("UDP", Protocol::Udp), ("SCTP", Protocol::Sctp)];
const POLICIES: [(&str, bool); 2] = [("Cluster", false), ("Local", true)];
const PORT_MAX: i64 = 65_535;
/// What a headless service has for an address.
const NONE: &str = "None";

/// Reads the list.
pub(super) fn read(list: Option<&Field<'_, '_>>, doc: &mut Doc<'_>) {
    let mut seen = HashSet::new();
    for item in doc.report.list(list) {
        if !doc.is_left_out(&item) {
            doc.entry(&item, |doc| service(&item, &mut seen, doc));
        }
    }
}

fn service<'t>(item: &Field<'t, '_>, seen: &mut HashSet<(&'t str, &'t str)>, doc: &mut Doc<'_>) {
    let Some(fields) = doc.report.fields(item, &FIELDS, &RENAMED) else { return };
    let name = template::name(fields.get("name"), item, doc);
    let namespace = template::namespace(&fields, doc);
    let stated = doc.report.choice(fields.get("type"), &TYPES);
    let headless = fields.get("clusterIP").is_some_and(|f| f.tree.as_str() == Some(NONE));
    let kind = match stated.unwrap_or(ServiceKind::ClusterIp) {
        ServiceKind::ClusterIp if headless => ServiceKind::Headless,
        kind => kind,
    };
    if headless && kind != ServiceKind::Headless {
        let cause = format!("a {} service has a cluster address", kind.name());
        let fix = "leave clusterIP out, or the type";
        doc.report.fault(item, "service-invalid", cause, fix);
    }
    let selector = selector(&fields, doc);
    let ports = ports(fields.get("ports"), doc);
    must_have(item, &fields, kind, doc);
    let cluster_ip = fields.get("clusterIP").filter(|_| !headless);
    let families = fields.get("ipFamilies");
    let families: Vec<Field<'_, '_>> = doc.report.list(families.as_ref()).collect();
    let families =
        families.into_iter().filter_map(|f| doc.report.choice(Some(f), &FAMILIES)).collect();
    let external_name = doc.report.text(fields.get("externalName"));
    let (namespace_sym, name_sym) =
        (doc.builder.intern(namespace), doc.builder.intern(name.unwrap_or("")));
    let service = Service {
        ports,
        cluster_ips: network::addresses(cluster_ip, doc),
        load_balancer_ips: network::addresses(fields.get("loadBalancerIP"), doc),
        external_ips: network::addresses(fields.get("externalIPs"), doc),
        external_name: external_name.map(|n| doc.builder.intern(n)),
        families,
        local_only: doc
            .report
            .choice(fields.get("externalTrafficPolicy"), &POLICIES)
            .unwrap_or(false),
        unready_too: doc.report.flag(fields.get("publishNotReadyAddresses")).unwrap_or(false),
        ..Service::new(namespace_sym, name_sym, kind, selector)
    };
    let endpoints = network::addresses(fields.get("endpoints"), doc);
    let Some(name) = name else { return };
    if !seen.insert((namespace, name)) {
        let cause = format!("another service of this namespace is called {name}");
        doc.report.fault(item, "duplicate-name", cause, "give each its own name");
        return;
    }
    doc.builder.add_service(service);
    for address in endpoints {
        doc.builder.add_endpoint(ListedEndpoint {
            namespace: namespace_sym,
            service: name_sym,
            addresses: vec![address],
            ready: true,
            pod: None,
            node: None,
        });
    }
}

/// What a service of this kind cannot be without.
fn must_have(item: &Field<'_, '_>, fields: &Fields<'_, '_>, kind: ServiceKind, doc: &mut Doc<'_>) {
    let has = |name| fields.get(name).is_some();
    let mut missing = |cause: String, fix: &str| {
        doc.report.fault(item, "value-missing", cause, fix);
    };
    if kind == ServiceKind::ExternalName {
        if !has("externalName") {
            let cause = "an ExternalName service has no externalName".into();
            missing(cause, "write externalName: db.example.com");
        }
    } else if !has("selector") && !has("endpoints") {
        missing(
            "the service has neither a selector nor endpoints".into(),
            "write selector: {app: web}, or list addresses: endpoints: [10.0.0.7]",
        );
    } else if kind != ServiceKind::Headless && !has("ports") {
        missing("the service has no ports".into(), "write ports: [80]");
    }
    if has("selector") && has("endpoints") {
        let cause = "the service has a selector and endpoints";
        let fix = "leave one of them out: a selector finds its endpoints";
        doc.report.fault(item, "service-invalid", cause, fix);
    }
}

/// Labels that pods must have, all of them.
fn selector(fields: &Fields<'_, '_>, doc: &mut Doc<'_>) -> Option<Selector> {
    let field = fields.get("selector")?;
    let map: Option<wire::Map> = form::read(Some(field), &form::LABELS, &mut doc.report);
    let (labels, _) =
        doc.convert(field.tree, |out| convert::labels(map.as_ref(), &field.path, out));
    Some(convert::selector_of(labels.iter()))
}

fn ports(field: Option<Field<'_, '_>>, doc: &mut Doc<'_>) -> Vec<ServicePort> {
    const MANY: usize = 1_000;
    let items = doc.report.list(field.as_ref());
    if let Some(field) = field.filter(|_| items.len() > MANY) {
        let cause = format!("{} ports, at most {MANY} are read", items.len());
        doc.report.fault(&field, "too-many", cause, "list the ports that matter");
        return Vec::new();
    }
    items.filter_map(|item| port(item, doc)).collect()
}

/// `80`, or a map.
fn port(item: Field<'_, '_>, doc: &mut Doc<'_>) -> Option<ServicePort> {
    const KNOWN: [&str; 5] = ["name", "port", "targetPort", "nodePort", "protocol"];
    if !matches!(item.tree.node, Node::Map(_)) {
        let port = number(Some(item), doc)?;
        let (protocol, target) = (Protocol::Tcp, TargetPort::Number(port));
        return Some(ServicePort { name: None, port, protocol, target, node_port: None });
    }
    let fields = doc.report.fields(&item, &KNOWN, &[("containerPort", "targetPort")])?;
    if fields.get("port").is_none() {
        let fix = "write port: 80";
        doc.report.fault(&item, "value-missing", "it has no port", fix);
    }
    let name = doc.report.text(fields.get("name")).map(|n| doc.builder.intern(n));
    let port = number(fields.get("port"), doc);
    let target = match fields.get("targetPort") {
        Some(field) if field.tree.as_str().is_some() => {
            doc.report.text(Some(field)).map(|n| TargetPort::Name(doc.builder.intern(n)))
        }
        field => number(field, doc).map(TargetPort::Number),
    };
    let node_port = number(fields.get("nodePort"), doc);
    let protocol = doc.report.choice(fields.get("protocol"), &PROTOCOLS).unwrap_or(Protocol::Tcp);
    let port = port?;
    let target = target.unwrap_or(TargetPort::Number(port));
    Some(ServicePort { name, port, protocol, target, node_port })
}

fn number(field: Option<Field<'_, '_>>, doc: &mut Doc<'_>) -> Option<u16> {
    u16::try_from(doc.report.int(field, 1, PORT_MAX)?).ok()
}
