use super::super::Context;
use super::codes::{HopCode, RouteKindCode};
use podfit::device::VmKind;
use podfit::network::{Egress, Entry, Lookup, Network, Outcome, RouteKind, Switch, Table, Way};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// The routing table of the nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoutesReport {
    /// The nodes that have it; of the device its master and worker machines, not its hosts.
    pub nodes: Vec<String>,
    /// All entries: connected, custom, default.
    pub routes: Vec<RouteReport>,
    /// The address that was asked about.
    pub to: Option<String>,
    /// Positions of the entries that are for it, the best first: the longest prefix, then the least metric.
    pub matching: Vec<usize>,
    /// Positions of those that it takes: one; several where they are equally good or a metric is not known.
    pub taken: Vec<usize>,
}

/// An entry of a routing table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteReport {
    /// Where it comes from.
    pub kind: RouteKindCode,
    /// The addresses that it is for, as `192.168.21.0/24`.
    pub destination: String,
    /// Length of the prefix.
    pub prefix_length: u8,
    /// Where packets go next; null: they are there.
    pub next_hop: Option<String>,
    /// The interface that they leave by.
    pub interface: String,
    /// Of entries to one destination the least wins; null: not known.
    pub metric: Option<u32>,
    /// The virtual switch of the device that they go through: `external`, or `internal`, which translates addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<String>,
    /// The command that adds it to the device; of custom routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_command: Option<String>,
}

impl RouteReport {
    /// As `192.168.21.0/24 via 192.168.20.1 dev port3 metric 100`.
    pub fn words(&self) -> String {
        let mut text = self.destination.clone();
        if let Some(next) = &self.next_hop {
            text += &format!(" via {next}");
        }
        text += &format!(" dev {}", self.interface);
        match self.metric {
            Some(metric) if self.kind == RouteKindCode::Custom => {
                text + &format!(" metric {metric}")
            }
            _ => text,
        }
    }
}

/// How packets leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EgressReport {
    /// `inside` the cluster, `leaves`, `open` which way, `no-route`, `no-node` that the sender is on.
    pub way: String,
    /// The places that a packet passes, as far as they are known.
    pub hops: Vec<HopReport>,
    /// The interface or port that it leaves by.
    pub interface: Option<String>,
    /// Entries of the routing table that it may take, in words, where that is open.
    pub open: Vec<String>,
    /// Addresses that the other side may see as the sender's; empty: not known.
    pub seen_as: Vec<String>,
    /// Why these, or why none.
    pub seen_because: String,
}

/// A place that a packet passes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HopReport {
    /// What it is.
    pub at: HopCode,
    /// Its name, or its address.
    pub name: String,
}

fn entry(network: Option<&Network>, on_device: bool, entry: &Entry) -> RouteReport {
    let custom = match entry.kind {
        RouteKind::Custom(i) => network.and_then(|n| n.routes.get(i)),
        _ => None,
    };
    let command = custom.filter(|_| on_device).map(|r| r.device_command(&entry.interface));
    RouteReport {
        kind: RouteKindCode::of(&entry.kind),
        destination: entry.destination.to_string(),
        prefix_length: entry.destination.prefix_len(),
        next_hop: entry.next_hop.map(|a| a.to_string()),
        interface: entry.interface.clone(),
        metric: entry.metric,
        switch: entry.switch.map(|s| switch(s).into()),
        device_command: command,
    }
}

fn switch(switch: Switch) -> &'static str {
    match switch {
        Switch::External => "external",
        Switch::Internal => "internal",
    }
}

pub(super) fn routes(
    context: &Context<'_>,
    network: &Network,
    table: &Table,
    to: Option<&(IpAddr, Lookup)>,
) -> RoutesReport {
    let on_device = context.device.is_some();
    let nodes: Vec<String> = match context.device {
        Some(plan) => {
            let machines = plan.vms.iter().filter(|vm| vm.kind != VmKind::Other);
            machines.map(|vm| vm.name.clone()).collect()
        }
        None => context.cluster.node_ids().map(|n| context.cluster.node_name(n).into()).collect(),
    };
    let taken = match to.map(|(_, lookup)| &lookup.outcome) {
        Some(Outcome::Takes(i)) => vec![*i],
        Some(Outcome::Open(several)) => several.clone(),
        _ => Vec::new(),
    };
    RoutesReport {
        nodes,
        routes: table.entries.iter().map(|e| entry(Some(network), on_device, e)).collect(),
        to: to.map(|(address, _)| address.to_string()),
        matching: to.map(|(_, lookup)| lookup.matching.clone()).unwrap_or_default(),
        taken,
    }
}

pub(super) fn egress(egress: &Egress, table: Option<&Table>) -> EgressReport {
    let entry_of = |i: usize| table.and_then(|t| t.entries.get(i));
    let (way, interface) = match &egress.way {
        Way::Inside => ("inside", None),
        Way::Leaves(i) => ("leaves", entry_of(*i).map(|e| e.interface.clone())),
        Way::Open(_) => ("open", None),
        Way::NoRoute => ("no-route", None),
        Way::NoNode => ("no-node", None),
    };
    let open = match &egress.way {
        Way::Open(several) => several.clone(),
        _ => Vec::new(),
    };
    let words = |i: usize| entry_of(i).map(|e| entry(None, false, e).words());
    EgressReport {
        way: way.into(),
        hops: egress
            .hops
            .iter()
            .map(|h| HopReport { at: HopCode::of(&h.at), name: h.name.clone() })
            .collect(),
        interface,
        open: open.into_iter().filter_map(words).collect(),
        seen_as: egress.seen_as.iter().map(ToString::to_string).collect(),
        seen_because: egress.seen_because.into(),
    }
}
