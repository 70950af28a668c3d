//! The control plane of a document.

use super::{
    super::walk::{Field, Fields},
    Doc,
};
use podfit::control_plane::{self, MACHINES_MAX, PARTS};
use podfit::model::{Component, EtcdPlace, LeaseTimes, PlaneSpec};
use podfit_kube::{fault::quote, tree::Node, wire::Leaf};

/// What `etcd` says.
enum Etcd<'t> {
    Stacked,
    On(Vec<&'t str>),
    Elsewhere,
}

impl<'t> Etcd<'t> {
    fn machines<'s>(&'s self, servers: &'s [&'t str]) -> &'s [&'t str] {
        match self {
            Self::Stacked => servers,
            Self::On(machines) => machines,
            Self::Elsewhere => &[],
        }
    }
}

/// Reads `controlPlane`.
#[inline(never)] // A page that asks of no such input does not load it.
pub(super) fn read(field: &Field<'_, '_>, has_device: bool, doc: &mut Doc<'_>) {
    const KNOWN: [&str; 7] =
        ["servers", "etcd", "etcdServers", "balancers", "down", "leadersAsk", "lease"];
    const RENAMED: [(&str, &str); 4] = [
        ("members", "servers"),
        ("masters", "servers"),
        ("balancer", "balancers"),
        ("loadBalancers", "balancers"),
    ];
    if has_device {
        let cause = "the device makes its own master";
        doc.report.fault(field, "device-and-control-plane", cause, "leave controlPlane out");
    }
    let Some(fields) = doc.report.fields(field, &KNOWN, &RENAMED) else { return };
    let servers = machines(fields.get("servers"), doc);
    if servers.is_empty() {
        let fix = "write servers: [m1, m2, m3], the machines that run API servers";
        let at = fields.get("servers");
        doc.report.fault(at.as_ref().unwrap_or(field), "no-members", "no server is named", fix);
    }
    let etcd = etcd(fields.get("etcd"), doc);
    let balancers = fields.get("balancers").map(|f| machines(Some(f), doc));
    let all: Vec<&str> = servers.iter().chain(etcd.machines(&servers)).copied().collect();
    for name in balancers.iter().flatten().filter(|b| all.contains(b)) {
        let cause = format!("{} is a machine of the control plane and a balancer", quote(name));
        let at = fields.get("balancers");
        doc.report.fault(
            at.as_ref().unwrap_or(field),
            "duplicate-name",
            cause,
            "give the balancer a name of its own",
        );
    }
    let etcd_of = etcd_servers(&fields, &servers, etcd.machines(&servers), doc);
    let down = down(&fields, &servers, etcd.machines(&servers), doc);
    const ASK: [(&str, bool); 2] = [("own-server", false), ("balancer", true)];
    let leaders_use_balancer = doc.report.choice(fields.get("leadersAsk"), &ASK).unwrap_or(false);
    let lease = fields.get("lease").map(|f| lease(&f, doc)).unwrap_or_default();
    for name in all {
        if doc.nodes.find(name).is_none() && !doc.machines.iter().any(|m| m == name) {
            doc.machines.push(name.into());
        }
    }
    let mut syms = |names: &[&str]| names.iter().map(|n| doc.builder.intern(n)).collect::<Vec<_>>();
    let plane = PlaneSpec {
        servers: syms(&servers),
        etcd: match &etcd {
            Etcd::Stacked => EtcdPlace::Stacked,
            Etcd::On(machines) => EtcdPlace::On(syms(machines)),
            Etcd::Elsewhere => EtcdPlace::NotShown,
        },
        nodes: Vec::new(),
        etcd_of: etcd_of.iter().map(|(s, named)| (syms(&[s])[0], syms(named))).collect(),
        balancers: balancers.map(|names| syms(&names)),
        down: down.iter().map(|(machine, part)| (syms(&[machine])[0], *part)).collect(),
        leaders_use_balancer,
        lease,
    };
    doc.builder.describe_plane(plane);
}

/// Names of machines, each once; one alone needs no list.
fn machines<'t>(field: Option<Field<'t, '_>>, doc: &mut Doc<'_>) -> Vec<&'t str> {
    let mut names: Vec<&str> = Vec::new();
    if let Some(field) = &field
        && matches!(field.tree.node, Node::Leaf(Leaf::Text(_)))
    {
        return doc.report.text(Some(*field)).into_iter().collect();
    }
    let items = doc.report.list(field.as_ref());
    if items.len() > MACHINES_MAX {
        let cause = format!("there are {}, and {MACHINES_MAX} may be", items.len());
        if let Some(field) = &field {
            doc.report.fault(field, "too-many", cause, "etcd works with seven members at most");
        }
        return names;
    }
    for item in items {
        let Some(name) = doc.report.text(Some(item)) else { continue };
        if names.contains(&name) {
            let cause = format!("{} is named twice", quote(name));
            doc.report.fault(&item, "duplicate-name", cause, "name it once");
        } else if name.contains(['/', '=', ',']) || name.chars().any(char::is_whitespace) {
            let cause = format!("{} is no name of a machine", quote(name));
            doc.report.fault(&item, "name-invalid", cause, "use a host name or an address");
        } else {
            names.push(name);
        }
    }
    names
}

fn etcd<'t>(field: Option<Field<'t, '_>>, doc: &mut Doc<'_>) -> Etcd<'t> {
    let Some(field) = field else { return Etcd::Stacked };
    if let Node::Leaf(Leaf::Text(text)) = &field.tree.node {
        match text.as_str() {
            "stacked" => return Etcd::Stacked,
            "elsewhere" => return Etcd::Elsewhere,
            _ => {
                let cause = format!("{} is not known here", quote(text));
                let fix = "write stacked, elsewhere, or the machines: [e1, e2, e3]";
                doc.report.fault(&field, "value-unknown", cause, fix);
                return Etcd::Elsewhere;
            }
        }
    }
    let machines = machines(Some(field), doc);
    if machines.is_empty() {
        let fix = "write stacked, elsewhere, or the machines: [e1, e2, e3]";
        doc.report.fault(&field, "no-members", "no machine is named", fix);
    }
    Etcd::On(machines)
}

/// `etcdServers`: of each server the members that it names.
fn etcd_servers<'t>(
    fields: &Fields<'t, 't>,
    servers: &[&str],
    etcd: &[&str],
    doc: &mut Doc<'_>,
) -> Vec<(&'t str, Vec<&'t str>)> {
    let Some(field) = fields.get("etcdServers") else { return Vec::new() };
    let mut of = Vec::new();
    for entry in doc.report.map(&field).unwrap_or_default() {
        let at = Field { tree: &entry.value, path: field.path.field(&entry.key) };
        if !servers.contains(&entry.key.as_str()) {
            unknown(&at, &entry.key, "server", servers, doc);
        }
        let named = machines(Some(at), doc);
        for name in named.iter().filter(|n| !etcd.contains(n)) {
            unknown(&at, name, "member of etcd", etcd, doc);
        }
        if named.is_empty() {
            let fix = "name the members that it asks, or leave the server out";
            doc.report.fault(&at, "no-members", "no member of etcd is named", fix);
        }
        of.push((entry.key.as_str(), named));
    }
    of
}

fn unknown(at: &Field<'_, '_>, name: &str, what: &str, known: &[&str], doc: &mut Doc<'_>) {
    let cause = format!("{} is no {what}", quote(name));
    let known = if known.is_empty() { "none".into() } else { known.join(", ") };
    doc.report.fault(at, "unknown-machine", cause, format!("known: {known}"));
}

/// `down`: parts as `m1:etcd`.
fn down<'t>(
    fields: &Fields<'t, 't>,
    servers: &[&str],
    etcd: &[&str],
    doc: &mut Doc<'_>,
) -> Vec<(&'t str, Component)> {
    let field = fields.get("down");
    let mut down = Vec::new();
    for item in doc.report.list(field.as_ref()) {
        let Some(text) = doc.report.text(Some(item)) else { continue };
        let parts = PARTS.map(control_plane::name).join(", ");
        let Some((machine, part)) = text.rsplit_once(':') else {
            let cause = format!("{} names no part", quote(text));
            doc.report.fault(
                &item,
                "value-unknown",
                cause,
                format!("write MACHINE:PART, as m1:etcd; parts: {parts}"),
            );
            continue;
        };
        let Some(part) = control_plane::part(part) else {
            let cause = format!("{} is no part of a control plane", quote(part));
            doc.report.fault(&item, "unknown-component", cause, format!("parts: {parts}"));
            continue;
        };
        let on = if part == Component::Etcd { etcd } else { servers };
        if on.contains(&machine) {
            down.push((machine, part));
        } else {
            unknown(
                &item,
                machine,
                &format!("machine with {}", control_plane::name(part)),
                on,
                doc,
            );
        }
    }
    down
}

fn lease(field: &Field<'_, '_>, doc: &mut Doc<'_>) -> LeaseTimes {
    const KNOWN: [&str; 3] = ["durationSeconds", "renewDeadlineSeconds", "retryPeriodSeconds"];
    const SECONDS_MAX: i64 = 86_400;
    let plain = LeaseTimes::default();
    let Some(fields) = doc.report.fields(field, &KNOWN, &[]) else { return plain };
    let mut seconds = |name, plain: i64| {
        let n = doc.report.int(fields.get(name), 1, SECONDS_MAX);
        n.map_or(plain, |n| n * 1000)
    };
    let times = LeaseTimes {
        lease_ms: seconds(KNOWN[0], plain.lease_ms),
        renew_ms: seconds(KNOWN[1], plain.renew_ms),
        retry_ms: seconds(KNOWN[2], plain.retry_ms),
    };
    for cause in control_plane::faults(&times) {
        let fix = "the defaults are 15, 10 and 2";
        doc.report.fault(field, "lease-invalid", cause, fix);
    }
    times
}
