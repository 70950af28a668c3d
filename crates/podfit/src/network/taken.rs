//! Addresses that nobody may be given: those of networks themselves, of gateways, interfaces and other hosts.

use super::{
    conflict::{Conflict, ConflictCode},
    describe::Network,
    range::{Range, host_route},
};
use crate::model::Family;
use ipnet::IpNet;
use std::net::IpAddr;

/// Addresses that are taken, and by whom.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub range: Range,
    code: ConflictCode,
    /// As `the gateway of port3`.
    pub who: String,
}

/// All that is taken in a network, services and nodes aside.
pub(super) fn taken(network: &Network) -> Vec<Taken> {
    let mut all = Vec::new();
    for port in &network.ports {
        let name = &port.name;
        for &subnet in &port.subnets {
            let (own, broadcast) = special(subnet);
            let what = match Family::of(subnet.addr()) {
                Family::V4 => "the network address",
                Family::V6 => "the routers' address",
            };
            all.extend(own.map(|a| Taken {
                range: Range::one(a),
                code: ConflictCode::NetworkAddress,
                who: format!("{what} of {subnet}"),
            }));
            all.extend(broadcast.map(|a| Taken {
                range: Range::one(a),
                code: ConflictCode::BroadcastAddress,
                who: format!("the broadcast address of {subnet}"),
            }));
        }
        let in_use = |a: &IpAddr, who: String| Taken {
            range: Range::one(*a),
            code: ConflictCode::AddressInUse,
            who,
        };
        all.extend(port.gateways.iter().map(|a| in_use(a, format!("the gateway of {name}"))));
        all.extend(port.addresses.iter().map(|a| in_use(a, format!("an address of {name}"))));
    }
    for host in &network.hosts {
        all.extend(host.addresses.iter().map(|&range| Taken {
            range,
            code: ConflictCode::AddressInUse,
            who: format!("host {}", host.name),
        }));
    }
    all
}

/// The addresses of a subnet that no host may have: its own, and of IPv4 the broadcast address. Two addresses and single
/// ones are all for hosts (RFC 3021, RFC 6164); the own address of an IPv6 subnet is that of its routers (RFC 4291, 2.6.1).
pub(super) fn special(subnet: IpNet) -> (Option<IpAddr>, Option<IpAddr>) {
    if subnet.max_prefix_len() - subnet.prefix_len() < 2 {
        return (None, None);
    }
    let is_v4 = Family::of(subnet.addr()) == Family::V4;
    (Some(subnet.network()), is_v4.then(|| subnet.broadcast()))
}

/// Who has the address, if anybody.
pub(super) fn holder(taken: &[Taken], address: IpAddr) -> Option<&Taken> {
    taken.iter().find(|t| t.range.contains(address))
}

impl Taken {
    /// Whether somebody has it, rather than a network.
    pub fn is_host(&self) -> bool {
        self.code == ConflictCode::AddressInUse
    }

    /// What is wrong with `range`, which should be free; `fix` says what to do.
    pub fn conflict(&self, range: Range, field: &str, fix: &str) -> Option<Conflict> {
        let common = self.range.common(range)?;
        let are = if common.first() == common.last() { "is" } else { "are" };
        let cause = format!("{common} {are} {}", self.who);
        Some(Conflict::new(self.code, field, cause, fix))
    }
}

/// The first `count` addresses in a row that are free in a subnet, whatever is taken or planned.
pub(super) fn first_gap(subnet: IpNet, count: i64, taken: &[Range]) -> Option<Range> {
    let mut busy = taken.to_vec();
    let (own, broadcast) = special(subnet);
    busy.extend(own.iter().chain(&broadcast).map(|&a| Range::of_subnet(host_route(a))));
    let free = Range::of_subnet(subnet).without(&busy);
    free.into_iter().find_map(|gap| gap.start(count.max(1)))
}
