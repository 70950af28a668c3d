//! Addresses, routes and ways out, against brute force over all addresses of small networks; services and losses by example.

mod plan;
mod routes;
mod services;

use podfit::network::{Assignment, Port};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Address number `n` of the test's network, of either family: 10.0.0.0 or fd00::, and up.
fn address(v6: bool, n: u32) -> IpAddr {
    match v6 {
        false => Ipv4Addr::from(0x0a00_0000 + n).into(),
        true => Ipv6Addr::from((0xfd00_u128 << 112) + u128::from(n)).into(),
    }
}

/// The subnet of `2^bits` addresses that begins at number `n`.
fn subnet(v6: bool, n: u32, bits: u8) -> ipnet::IpNet {
    let all = if v6 { 128 } else { 32 };
    ipnet::IpNet::new(address(v6, n), all - bits).expect("a short prefix").trunc()
}

fn port(name: &str, subnets: Vec<ipnet::IpNet>) -> Port {
    Port {
        name: name.into(),
        subnets,
        addresses: Vec::new(),
        gateways: Vec::new(),
        assignment: Assignment::Static,
        compute: false,
        teamed: false,
    }
}
