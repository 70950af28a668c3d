//! The lists of a network's report: addresses, conflicts, services, routes.

use super::super::list::{Item, Key};
use crate::report::{
    AssignedAddress, NetworkConflict, PortReport, RouteKindCode, RouteReport, ServiceReport,
};

pub(super) fn or_dash(list: &[String]) -> String {
    if list.is_empty() { "-".into() } else { list.join(", ") }
}

pub(super) fn ports(service: &ServiceReport) -> String {
    let port = |p: &PortReport| {
        let node = p.node_port.map(|n| format!(":{n}")).unwrap_or_default();
        let target =
            if p.target == p.port.to_string() { String::new() } else { format!(">{}", p.target) };
        format!("{}{target}{node}/{}", p.port, p.protocol)
    };
    or_dash(&service.ports.iter().map(port).collect::<Vec<_>>())
}

impl Item for AssignedAddress {
    const COLUMNS: &'static [&'static str] = &["address", "kind", "name", "given"];

    fn key(&self, column: &str) -> Key {
        match column {
            "address" => self.address.as_str().into(),
            "kind" => self.kind.as_str().into(),
            "name" => self.name.as_str().into(),
            _ => if self.given { "true" } else { "false" }.into(),
        }
    }
}

impl Item for NetworkConflict {
    const COLUMNS: &'static [&'static str] = &["code", "field", "cause", "fix"];

    fn key(&self, column: &str) -> Key {
        match column {
            "code" => self.code.as_str().into(),
            "field" => self.field.as_str().into(),
            "cause" => self.cause.as_str().into(),
            _ => self.fix.as_str().into(),
        }
    }
}

impl Item for ServiceReport {
    const COLUMNS: &'static [&'static str] = &[
        "namespace",
        "name",
        "type",
        "dnsName",
        "clusterIPs",
        "outerAddresses",
        "ports",
        "endpoints",
        "ready",
    ];

    fn key(&self, column: &str) -> Key {
        match column {
            "namespace" => self.namespace.as_str().into(),
            "name" => self.name.as_str().into(),
            "type" => self.kind.as_str().into(),
            "dnsName" => self.dns_name.as_str().into(),
            "clusterIPs" => self.cluster_ips.join("+").as_str().into(),
            "outerAddresses" => self.outer_addresses.join("+").as_str().into(),
            "ports" => ports(self).as_str().into(),
            "endpoints" => self.endpoints.into(),
            _ => self.ready.into(),
        }
    }
}

impl Item for RouteReport {
    const COLUMNS: &'static [&'static str] =
        &["kind", "destination", "nextHop", "interface", "metric", "switch"];

    fn key(&self, column: &str) -> Key {
        match column {
            "kind" => kind(self).into(),
            "destination" => self.destination.as_str().into(),
            "nextHop" => self.next_hop.as_deref().into(),
            "interface" => self.interface.as_str().into(),
            "metric" => self.metric.map_or(Key::None, |m| i64::from(m).into()),
            _ => self.switch.as_deref().into(),
        }
    }
}

pub(super) fn kind(route: &RouteReport) -> &'static str {
    match route.kind {
        RouteKindCode::Connected => "connected",
        RouteKindCode::Custom => "custom",
        RouteKindCode::Default => "default",
    }
}
