//! Addresses inside the cluster: of pods, and of services.

use super::{
    claims::{families, service_name},
    conflict::{Conflict, ConflictCode, field},
    describe::{Network, POD_SUBNET, POWERSHELL_PAGE, SERVICE_SUBNET},
    plan::AddressPlan,
    pool::{Pool, PoolKind},
    range::Range,
    taken::{Taken, special},
};
use crate::device::Note;
use crate::model::{Cluster, Family, Service};
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Pods that the cluster has or wants: each has an address.
pub(super) fn pods(network: &Network, cluster: &Cluster, taken: &[Taken], plan: &mut AddressPlan) {
    let pods = cluster.pods().len() as i64;
    for (i, &subnet) in network.pod_subnets.iter().enumerate() {
        let field = field("podSubnet", i, network.pod_subnets.len());
        let range = Range::of_subnet(subnet);
        let fix = other_subnet(network, subnet);
        let conflict = |t: &Taken| t.conflict(range, &field, &fix);
        plan.conflicts.extend(taken.iter().filter(|t| t.is_host()).filter_map(conflict));
        let kind = (PoolKind::Pods, range.family());
        let pool = Pool::new(kind, vec![range], &[], pods, 0, 0);
        plan.conflicts.extend(pool.shortage(&field));
        plan.pools.push(pool);
    }
    note_other_subnets(network, plan);
}

/// The subnets of the device are fixed once compute is configured.
fn note_other_subnets(network: &Network, plan: &mut AddressPlan) {
    let defaults = [
        ("podSubnet", POD_SUBNET, &network.pod_subnets),
        ("serviceSubnet", SERVICE_SUBNET, &network.service_subnets),
    ];
    for (name, default, subnets) in defaults {
        let is_default = |s: &&IpNet| s.to_string() == default;
        let other = subnets.iter().find(|s| !is_default(s));
        if let Some(other) = other.filter(|_| !network.ports.iter().all(|p| !p.compute)) {
            let text = match network.compute_configured {
                true => format!(
                    "network.{name} is {other} only if it was changed before compute was configured; else it is {default}"
                ),
                false => format!(
                    "network.{name} is {other}: change it with Set-HcsKubeClusterNetworkInfo before compute is configured, not after"
                ),
            };
            plan.notes.push(Note { code: "subnet-changed-before", text, page: POWERSHELL_PAGE });
        }
    }
}

/// Addresses of a service subnet that Kubernetes keeps: the first for the API server's own service (kube-apiserver), the
/// tenth for DNS (kubeadm's convention, and that of the device).
pub(super) fn reserved(subnet: IpNet) -> [(Option<IpAddr>, &'static str); 2] {
    let range = Range::of_subnet(subnet);
    let nth = |n: i64| range.start(n + 1).map(Range::last);
    [(nth(1), "default/kubernetes, the API server's service"), (nth(10), "the cluster's DNS")]
}

/// Cluster addresses of services: those that are given are checked, the others counted.
pub(super) fn cluster_ips(network: &Network, cluster: &Cluster, plan: &mut AddressPlan) {
    let mut used: BTreeMap<IpAddr, &Service> = BTreeMap::new();
    for service in cluster.services() {
        for &address in &service.cluster_ips {
            let name = service_name(cluster, service);
            let field = format!("services {name}");
            if let Some(other) = used.insert(address, service) {
                let cause =
                    format!("{address} is asked for by {} too", service_name(cluster, other));
                let fix = "ask for another cluster address, or for none";
                plan.conflicts.push(Conflict::new(ConflictCode::AddressTwice, &field, cause, fix));
            }
            plan.conflicts.extend(wrong(network, address, &name, &field));
        }
    }
    let all = network.service_subnets.len();
    for (i, &subnet) in network.service_subnets.iter().enumerate() {
        let field = field("serviceSubnet", i, all);
        let range = Range::of_subnet(subnet);
        let family = range.family();
        let kept: Vec<IpAddr> = reserved(subnet).into_iter().filter_map(|(a, _)| a).collect();
        let is_kept = |s: &&Service| s.cluster_ips.iter().any(|a| kept.contains(a));
        let wants =
            |s: &&Service| s.kind.has_cluster_ip() && families(s, Some(network)).contains(&family);
        let needed = cluster.services().iter().filter(wants).filter(|s| !is_kept(s)).count();
        let (own, broadcast) = special(subnet);
        let busy = own.into_iter().chain(broadcast).chain(kept).map(Range::one);
        let busy: Vec<Range> = busy.collect();
        let kind = (PoolKind::ClusterIps, family);
        let pool = Pool::new(kind, vec![range], &busy, needed as i64, 0, 0);
        if reserved(subnet)[1].0.is_none() {
            let cause = format!("{subnet} has {} addresses: DNS has the tenth", range.size());
            let fix = "give a larger one, as a /16 or /108";
            plan.conflicts.push(Conflict::new(ConflictCode::TooSmall, &field, cause, fix));
        } else {
            plan.conflicts.extend(pool.shortage(&field));
        }
        plan.pools.push(pool);
    }
}

/// What is wrong with the cluster address of a service.
fn wrong(network: &Network, address: IpAddr, name: &str, field: &str) -> Option<Conflict> {
    let family = Family::of(address);
    let mut subnets =
        network.service_subnets.iter().filter(|s| Family::of(s.addr()) == family).peekable();
    let first = *subnets.peek()?;
    let Some(subnet) = subnets.find(|s| s.contains(&address)) else {
        let cause = format!("{address} is not inside {first}");
        let fix = "ask for an address of the service subnet, or for none";
        return Some(Conflict::new(ConflictCode::OutsideSubnet, field, cause, fix));
    };
    let fix = "ask for another cluster address, or for none";
    let (own, broadcast) = special(*subnet);
    if own == Some(address) || broadcast == Some(address) {
        let (code, what) = match own == Some(address) {
            true => (ConflictCode::NetworkAddress, "network"),
            false => (ConflictCode::BroadcastAddress, "broadcast"),
        };
        let cause = format!("{address} is the {what} address of {subnet}");
        return Some(Conflict::new(code, field, cause, fix));
    }
    let (_, who) = reserved(*subnet).into_iter().find(|(a, _)| *a == Some(address))?;
    // DNS is some service of kube-system, by whatever name.
    if name == "default/kubernetes" || (name.starts_with("kube-system/") && !who.contains("API")) {
        return None;
    }
    let cause = format!("{address} is reserved for {who}");
    Some(Conflict::new(ConflictCode::ReservedAddress, field, cause, fix))
}

/// A subnet of the same size that nobody has, as what to do.
pub(super) fn other_subnet(network: &Network, subnet: IpNet) -> String {
    /// Candidates that are looked at: each /16 of 10.0.0.0/8, and more.
    const CANDIDATES_MAX: usize = 1024;
    let space = match Family::of(subnet.addr()) {
        Family::V4 => "10.0.0.0/8",
        Family::V6 => "fd00::/8",
    };
    let ports = network.ports.iter().flat_map(|p| &p.subnets);
    let all = ports.chain(&network.pod_subnets).chain(&network.service_subnets);
    let mut busy: Vec<Range> = all.map(|&s| Range::of_subnet(s)).collect();
    busy.extend(network.hosts.iter().flat_map(|h| &h.addresses));
    busy.extend(network.node_ranges.iter().chain(&network.service_ranges));
    busy.extend(
        network
            .routes
            .iter()
            .filter(|r| r.destination.prefix_len() > 0)
            .map(|r| Range::of_subnet(r.destination)),
    );
    let free = |s: &IpNet| busy.iter().all(|b| Range::of_subnet(*s).common(*b).is_none());
    let candidates = space.parse::<IpNet>().ok().and_then(|s| s.subnets(subnet.prefix_len()).ok());
    match candidates.and_then(|mut c| c.by_ref().take(CANDIDATES_MAX).find(free)) {
        Some(other) => format!("take another subnet, as {other}"),
        None => "take another subnet".into(),
    }
}
