//! Ranges and subnets that must not share addresses.

use super::{
    conflict::{Conflict, ConflictCode, field},
    describe::Network,
    inside::other_subnet,
    range::Range,
};
use ipnet::IpNet;

/// Addresses of a field of the description.
struct Extent {
    field: String,
    range: Range,
    subnet: Option<IpNet>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Range,
    /// Of pods and services, inside the cluster.
    Inside,
    /// Of an interface: ranges belong into it.
    Port,
}

impl Kind {
    fn may_share(self, other: Self) -> bool {
        match (self, other) {
            // Ports may be in one network.
            (Self::Port, Self::Port) | (Self::Port, Self::Range) | (Self::Range, Self::Port) => {
                true
            }
            _ => false,
        }
    }
}

/// Every pair that shares addresses.
pub(super) fn overlaps(network: &Network, conflicts: &mut Vec<Conflict>) {
    let extents = extents(network);
    for (i, a) in extents.iter().enumerate() {
        for b in &extents[i + 1..] {
            let Some(common) = a.range.common(b.range).filter(|_| !a.kind.may_share(b.kind)) else {
                continue;
            };
            // What is inside the cluster is easier to change than a network.
            let inside = [a, b].into_iter().find(|e| e.kind == Kind::Inside);
            let fix = match inside.and_then(|e| e.subnet) {
                Some(subnet) => other_subnet(network, subnet),
                None => "move one of them".into(),
            };
            let cause = format!("it shares {common} with {}", b.field);
            conflicts.push(Conflict::new(ConflictCode::Overlap, &a.field, cause, fix));
        }
    }
}

fn extents(network: &Network) -> Vec<Extent> {
    let mut all = Vec::new();
    let ranges = [("nodeRange", &network.node_ranges), ("serviceRange", &network.service_ranges)];
    for (name, ranges) in ranges {
        all.extend(ranges.iter().enumerate().map(|(i, &range)| Extent {
            field: field(name, i, ranges.len()),
            range,
            subnet: None,
            kind: Kind::Range,
        }));
    }
    let inside = [("podSubnet", &network.pod_subnets), ("serviceSubnet", &network.service_subnets)];
    for (name, subnets) in inside {
        all.extend(subnets.iter().enumerate().map(|(i, &subnet)| Extent {
            field: field(name, i, subnets.len()),
            range: Range::of_subnet(subnet),
            subnet: Some(subnet),
            kind: Kind::Inside,
        }));
    }
    let ports = network.ports.iter().flat_map(|port| port.subnets.iter().map(move |s| (port, s)));
    all.extend(ports.map(|(port, &subnet)| Extent {
        field: format!("the subnet {subnet} of {}", port.name),
        range: Range::of_subnet(subnet),
        subnet: Some(subnet),
        kind: Kind::Port,
    }));
    all
}
