use super::{
    claims::{self, Claim, Holder},
    conflict::{Conflict, ConflictCode, field},
    describe::{CONFIGURE_PAGE, Network},
    extents, inside,
    pool::{self, Pool, PoolKind},
    range::Range,
    taken::{Taken, first_gap, holder, taken},
};
use crate::device::{self, Note};
use crate::model::{Cluster, Family};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What is to be added, for which the ranges should be large enough too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// More services with an address from outside, of each family that the range has.
    pub services: i64,
    /// More nodes.
    pub nodes: i64,
}

/// Who gets which address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Who.
    pub holder: Holder,
    /// The address.
    pub address: IpAddr,
    /// It was given, or asked for; else it is the first that was free.
    pub given: bool,
}

/// The plan of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressPlan {
    /// Who gets which address: by first fit, in the order of the input, after those that are given. Empty where there is any
    /// conflict.
    pub assigned: Vec<Assigned>,
    /// All that cannot be so.
    pub conflicts: Vec<Conflict>,
    /// The ranges and subnets, and how much of each is left.
    pub pools: Vec<Pool>,
    /// What the vendor of the device advises and is not so.
    pub notes: Vec<Note>,
}

/// Plans the addresses of a cluster: nodes, services from outside, pods and services inside.
///
/// The rules of the device (of which `device` is given) are the vendor's: a contiguous range of at least a machine more
/// than it has hosts, contiguous addresses for services, one more than services advised
/// [azure-stack-edge-gpu-deploy-configure-network-compute-web-proxy].
pub fn plan(
    network: &Network,
    cluster: &Cluster,
    device: Option<&device::Plan>,
    growth: Growth,
) -> AddressPlan {
    let on_device = device.is_some();
    let mut planner = Planner { network, on_device, taken: taken(network), suggested: Vec::new() };
    let mut plan = AddressPlan::default();
    let nodes = claims::nodes(network, cluster, device);
    let services = claims::services(network, cluster);
    let kinds =
        [(PoolKind::Nodes, &nodes, growth.nodes), (PoolKind::Services, &services, growth.services)];
    for (kind, claims, more) in kinds {
        planner.ranges(kind, claims, more, &mut plan);
    }
    for (kind, claims, more) in kinds {
        planner.pool(kind, claims, more, &mut plan);
    }
    inside::pods(network, cluster, &planner.taken, &mut plan);
    inside::cluster_ips(network, cluster, &mut plan);
    extents::overlaps(network, &mut plan.conflicts);
    if on_device && network.node_ranges.is_empty() {
        plan.conflicts.push(Conflict::new(
            ConflictCode::RangeMissing,
            "network.nodeRange",
            format!("{} machines need an address each, and there is no range", nodes.len()),
            planner.suggestion(nodes.len() as i64, Family::V4, None),
        ));
    }
    if !plan.conflicts.is_empty() {
        plan.assigned.clear();
    }
    plan
}

struct Planner<'a> {
    network: &'a Network,
    on_device: bool,
    taken: Vec<Taken>,
    /// What was told to take instead of something else: not to be told twice.
    suggested: Vec<Range>,
}

impl Planner<'_> {
    fn ranges_of(&self, kind: PoolKind) -> (&'static str, &[Range]) {
        match kind {
            PoolKind::Nodes => ("nodeRange", &self.network.node_ranges),
            _ => ("serviceRange", &self.network.service_ranges),
        }
    }

    /// How many addresses of a family these need, and how many more are advised.
    fn needed(&self, kind: PoolKind, claims: &[Claim], family: Family) -> (i64, i64) {
        let wanting = claims.iter().filter(|c| c.families.contains(&family));
        let needed: usize = wanting.map(|c| c.asked_of(family).count().max(1)).sum();
        (needed as i64, i64::from(self.on_device && kind == PoolKind::Services))
    }

    /// Ranges by themselves: in their subnet, and free of what others have.
    fn ranges(&mut self, kind: PoolKind, claims: &[Claim], more: i64, plan: &mut AddressPlan) {
        let (name, ranges) = self.ranges_of(kind);
        let ranges = ranges.to_vec();
        for (i, &range) in ranges.iter().enumerate() {
            let field = field(name, i, ranges.len());
            let (needed, spare) = self.needed(kind, claims, range.family());
            let count = range.size().max(needed.saturating_add(spare).saturating_add(more));
            let fix = self.suggestion(count, range.family(), Some(range));
            let before = plan.conflicts.len();
            plan.conflicts.extend(self.outside(range, &field, &fix));
            let conflict = |t: &Taken| t.conflict(range, &field, &fix);
            plan.conflicts.extend(self.taken.iter().filter_map(conflict));
            if plan.conflicts.len() > before {
                let gap = self.first_gap(count, range.family(), Some(range));
                self.suggested.extend(gap.map(|(_, gap)| gap));
            }
            if self.on_device && ranges[..i].iter().any(|r| r.family() == range.family()) {
                plan.conflicts.push(Conflict::new(
                    ConflictCode::NotContiguous,
                    &field,
                    format!("{range} is a second range of {}", range.family().name()),
                    "give one contiguous range, as the device takes it",
                ));
            }
        }
    }

    /// What is wrong with a range that no subnet holds. Where no subnet of the family is known, nothing is said.
    fn outside(&self, range: Range, field: &str, fix: &str) -> Option<Conflict> {
        let subnets = self.network.node_subnets(self.on_device);
        let of_family: Vec<_> =
            subnets.filter(|(_, s)| Family::of(s.addr()) == range.family()).collect();
        let is_inside = of_family.iter().any(|(_, s)| Range::of_subnet(*s).holds(range));
        if is_inside || of_family.is_empty() {
            return None;
        }
        let names: Vec<String> =
            of_family.iter().map(|(port, s)| format!("{s} of {}", port.name)).collect();
        let cause = format!("{range} is not inside {}", names.join(" or "));
        Some(Conflict::new(ConflictCode::OutsideSubnet, field, cause, fix))
    }

    /// The first free addresses in a row, and at which port; `instead` is the range that they are for.
    fn first_gap(
        &self,
        count: i64,
        family: Family,
        instead: Option<Range>,
    ) -> Option<(&str, Range)> {
        let mut busy: Vec<Range> = self.taken.iter().map(|t| t.range).collect();
        let ranges = self.network.node_ranges.iter().chain(&self.network.service_ranges);
        busy.extend(ranges.filter(|r| Some(**r) != instead));
        busy.extend(&self.suggested);
        let mut subnets = self.network.node_subnets(self.on_device);
        subnets.find_map(|(port, subnet)| {
            let fits = Family::of(subnet.addr()) == family;
            let gap = fits.then(|| first_gap(subnet, count, &busy)).flatten()?;
            Some((port.name.as_str(), gap))
        })
    }

    /// The same as what to do.
    fn suggestion(&self, count: i64, family: Family, instead: Option<Range>) -> String {
        match self.first_gap(count, family, instead) {
            Some((port, gap)) if count <= 1 => {
                format!("take {gap}, the first that is free at {port}")
            }
            Some((port, gap)) => format!("take {gap}, the first {count} free in a row at {port}"),
            None => format!("give {count} free addresses in a row in the subnet of the nodes"),
        }
    }

    /// One kind of range: addresses given out, what is short, what is left.
    fn pool(&self, kind: PoolKind, claims: &[Claim], more: i64, plan: &mut AddressPlan) {
        let (name, ranges) = self.ranges_of(kind);
        let busy: Vec<Range> = self.taken.iter().map(|t| t.range).collect();
        let mut used: BTreeMap<IpAddr, &Claim> = BTreeMap::new();
        for claim in claims {
            for address in claim.asked.iter().copied() {
                self.asked(claim, address, ranges, &mut used, &mut plan.conflicts);
                plan.assigned.push(Assigned { holder: claim.holder.clone(), address, given: true });
            }
        }
        for family in Family::ALL {
            let of_family: Vec<Range> =
                ranges.iter().copied().filter(|r| r.family() == family).collect();
            let wants = |c: &&Claim| c.families.contains(&family);
            let (needed, spare) = self.needed(kind, claims, family);
            let mut free = pool::free(&of_family, &busy, &used);
            let without =
                claims.iter().filter(wants).filter(|c| c.asked_of(family).next().is_none());
            for claim in without {
                match free.next() {
                    Some(address) => plan.assigned.push(Assigned {
                        holder: claim.holder.clone(),
                        address,
                        given: false,
                    }),
                    None => plan.conflicts.extend(self.left_without(claim, family, &of_family)),
                }
            }
            if of_family.is_empty() {
                continue;
            }
            let pool = Pool::new((kind, family), of_family, &busy, needed, spare, more);
            let field = format!("network.{name}");
            plan.conflicts.extend(pool.shortage(&field));
            if pool.free >= 0 && pool.free < spare {
                plan.notes.push(Note {
                    code: "no-spare-address",
                    text: format!(
                        "{} needs all its addresses; one more than there are services is advised",
                        field
                    ),
                    page: CONFIGURE_PAGE,
                });
            }
            plan.pools.push(pool);
        }
    }

    /// An address that somebody asks for, or has.
    fn asked<'c>(
        &self,
        claim: &'c Claim,
        address: IpAddr,
        ranges: &[Range],
        used: &mut BTreeMap<IpAddr, &'c Claim>,
        conflicts: &mut Vec<Conflict>,
    ) {
        let mut add = |code, cause: String, fix: &str| {
            conflicts.push(Conflict::new(code, &claim.field, cause, fix));
        };
        if let Some(first) = used.insert(address, claim) {
            let other = first.field.split_once(' ').map_or(first.field.as_str(), |(_, name)| name);
            let cause = format!("{address} is asked for by {other} too");
            add(ConflictCode::AddressTwice, cause, "ask for another, or for none");
        }
        let mut of_family = ranges.iter().filter(|r| r.family() == Family::of(address)).peekable();
        if of_family.peek().is_some() && !of_family.any(|r| r.contains(address)) {
            let cause = format!("{address} is not of the range");
            add(ConflictCode::OutsideRange, cause, "ask for an address of the range, or for none");
        } else if let Some(who) = holder(&self.taken, address)
            && !ranges.iter().any(|r| r.contains(address))
        {
            // In a range, the range is at fault already.
            let cause = format!("{address} is {}", who.who);
            add(ConflictCode::AddressInUse, cause, "ask for another, or for none");
        }
    }

    /// A claim that gets nothing. That the nodes' range is too small is told of the range.
    fn left_without(&self, claim: &Claim, family: Family, ranges: &[Range]) -> Option<Conflict> {
        let Holder::Service(_) = claim.holder else { return None };
        let (cause, fix) = match ranges.first() {
            Some(range) => (
                format!("no address of {range} is left for it"),
                "make the range larger, or make it a ClusterIP service".into(),
            ),
            None => (
                format!("it wants an address of {}, and there is no range of these", family.name()),
                format!("network.serviceRange: {}", self.suggestion(1, family, None)),
            ),
        };
        Some(Conflict::new(ConflictCode::ServiceWithoutAddress, &claim.field, cause, fix))
    }
}
