use super::{
    conflict::{Conflict, ConflictCode},
    range::{Range, total},
};
use crate::model::Family;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What a range is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PoolKind {
    /// Nodes.
    Nodes,
    /// Services of type LoadBalancer, at their outer addresses.
    Services,
    /// Pods.
    Pods,
    /// Services, at their cluster addresses.
    ClusterIps,
}

impl PoolKind {
    /// What is counted: `nodes`.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Nodes => "nodes",
            Self::Services => "services from outside",
            Self::Pods => "pods",
            Self::ClusterIps => "cluster addresses of services",
        }
    }
}

/// Addresses for one purpose, and how far they go. Counts end at 2^53.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// What for.
    pub kind: PoolKind,
    /// Family.
    pub family: Family,
    /// The addresses.
    pub ranges: Vec<Range>,
    /// How many there are.
    pub size: i64,
    /// Of these, those that cannot be given out: networks' own, reserved, in use.
    pub unusable: i64,
    /// How many are needed now.
    pub needed: i64,
    /// How many more are advised.
    pub spare: i64,
    /// How many more were asked about.
    pub more: i64,
    /// What is left: so many more fit. Below 0, so many are short.
    pub free: i64,
    /// How many usable addresses it must have for all of it: needed, advised and asked about.
    pub required: i64,
    /// Where the first range must end to have so many; `None` where it cannot.
    pub required_last: Option<IpAddr>,
}

impl Pool {
    pub(super) fn new(
        (kind, family): (PoolKind, Family),
        ranges: Vec<Range>,
        busy: &[Range],
        needed: i64,
        spare: i64,
        more: i64,
    ) -> Self {
        let apart = apart(&ranges);
        let size = total(&apart);
        let usable: i64 = total(&apart.iter().flat_map(|r| r.without(busy)).collect::<Vec<_>>());
        let required = needed.saturating_add(spare).saturating_add(more);
        let required_last = ranges.first().and_then(|first| last_for(*first, required, busy));
        Self {
            kind,
            family,
            ranges,
            size,
            unusable: size - usable,
            needed,
            spare,
            more,
            free: usable - needed,
            required,
            required_last,
        }
    }

    /// What is short of what is needed and was asked about; advice does not count.
    pub(super) fn shortage(&self, field: &str) -> Option<Conflict> {
        if self.free >= self.more {
            return None;
        }
        let usable = self.size - self.unusable;
        let (size, what, needed) = (self.size, self.kind.what(), self.needed);
        let mut cause =
            format!("{usable} of its {size} addresses are usable, {what} need {needed}");
        if self.more > 0 {
            cause += &format!(", and {} more were asked about", self.more);
        }
        let fix = match (self.required_last, self.ranges.first()) {
            (Some(last), Some(range)) => {
                format!("let it go from {} to {last} at least", range.first())
            }
            _ => format!("give it {} usable addresses at least", self.required),
        };
        Some(Conflict::new(ConflictCode::TooSmall, field, cause, fix))
    }
}

/// The last address of a range that begins where this one does and has `count` usable addresses.
fn last_for(range: Range, count: i64, busy: &[Range]) -> Option<IpAddr> {
    let mut left = count.max(1);
    for free in range.open_ended().without(busy) {
        if free.size() >= left {
            return free.start(left).map(Range::last);
        }
        left -= free.size();
    }
    None
}

/// The free addresses of the ranges, in order.
pub(super) fn free<'a, T>(
    ranges: &[Range],
    busy: &[Range],
    used: &'a BTreeMap<IpAddr, T>,
) -> impl Iterator<Item = IpAddr> + use<'a, T> {
    let gaps: Vec<Range> = apart(ranges).iter().flat_map(|r| r.without(busy)).collect();
    gaps.into_iter()
        .flat_map(Range::addresses)
        // Each that is skipped is one that somebody asked for, so that this ends soon.
        .filter(move |address| !used.contains_key(address))
}

/// The same addresses, none twice: ranges may overlap, which is a conflict of its own.
fn apart(ranges: &[Range]) -> Vec<Range> {
    let mut apart: Vec<Range> = Vec::new();
    for range in ranges {
        let rest = range.without(&apart);
        apart.extend(rest);
    }
    apart
}
