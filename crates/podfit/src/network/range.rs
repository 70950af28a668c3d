use crate::model::{AMOUNT_MAX, Family};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses of one family, from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    first: IpAddr,
    last: IpAddr,
}

impl Range {
    /// The addresses from `first` to `last`.
    ///
    /// # Errors
    /// A sentence, where they are of two families or the last is below the first.
    pub fn new(first: IpAddr, last: IpAddr) -> Result<Self, String> {
        if Family::of(first) != Family::of(last) {
            return Err(format!("{first} is {}, {last} is {}", family(first), family(last)));
        }
        if last < first {
            return Err(format!("the range ends at {last}, before its begin {first}"));
        }
        Ok(Self { first, last })
    }

    /// Reads `FIRST-LAST`, `ADDRESS/PREFIX LENGTH` or a single address.
    ///
    /// # Errors
    /// A sentence.
    ///
    /// ```
    /// use podfit::network::Range;
    /// assert_eq!(Range::parse("10.0.0.8-10.0.0.10").unwrap().size(), 3);
    /// assert_eq!(Range::parse("fd00::/126").unwrap().to_string(), "fd00::-fd00::3");
    /// assert!(Range::parse("10.0.0.9-10.0.0.8").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, String> {
        let address = |text: &str| {
            text.trim().parse().map_err(|_| format!("{:?} is no address", shortened(text.trim())))
        };
        match text.split_once('-') {
            Some((first, last)) => Self::new(address(first)?, address(last)?),
            None if text.contains('/') => Ok(Self::of_subnet(subnet(text)?)),
            None => address(text).map(Self::one),
        }
    }

    /// A single address.
    pub const fn one(address: IpAddr) -> Self {
        Self { first: address, last: address }
    }

    /// All addresses of a subnet.
    pub fn of_subnet(subnet: IpNet) -> Self {
        // Of IPv6 there is no broadcast address; ipnet means the last one.
        Self { first: subnet.network(), last: subnet.broadcast() }
    }

    /// The first address.
    pub const fn first(self) -> IpAddr {
        self.first
    }

    /// The last address.
    pub const fn last(self) -> IpAddr {
        self.last
    }

    /// Their family.
    pub const fn family(self) -> Family {
        Family::of(self.first)
    }

    /// How many addresses there are; [`AMOUNT_MAX`] (2^53) where there are more.
    pub fn size(self) -> i64 {
        size(number(self.first), number(self.last))
    }

    /// Whether the address is one of them.
    pub fn contains(self, address: IpAddr) -> bool {
        Family::of(address) == self.family() && self.first <= address && address <= self.last
    }

    /// Whether all of `other` are among them.
    pub fn holds(self, other: Self) -> bool {
        self.contains(other.first) && self.contains(other.last)
    }

    /// The addresses that both have.
    pub fn common(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (self.family() == other.family() && first <= last).then_some(Self { first, last })
    }

    /// The addresses of these that none of `taken` has, in order; of `taken` those of the other family do not matter.
    pub fn without(self, taken: &[Self]) -> Vec<Self> {
        let mut inside: Vec<Self> = taken.iter().filter_map(|t| self.common(*t)).collect();
        inside.sort_unstable();
        let (mut free, mut next) = (Vec::new(), Some(number(self.first)));
        for t in inside {
            let Some(from) = next else { break };
            let (begin, end) = (number(t.first), number(t.last));
            if begin > from {
                free.push(self.between(from, begin - 1));
            }
            next = end.checked_add(1).map(|after| after.max(from));
        }
        if let Some(from) = next.filter(|&from| from <= number(self.last)) {
            free.push(self.between(from, number(self.last)));
        }
        free
    }

    /// The first `count` of them; `None` where they are fewer.
    pub fn start(self, count: i64) -> Option<Self> {
        let last = number(self.first).checked_add(u128::try_from(count).ok()?.checked_sub(1)?)?;
        (last <= number(self.last)).then(|| self.between(number(self.first), last))
    }

    /// All addresses of the family from the first on.
    #[must_use]
    pub fn open_ended(self) -> Self {
        let last = match self.family() {
            Family::V4 => Ipv4Addr::BROADCAST.into(),
            Family::V6 => Ipv6Addr::from(u128::MAX).into(),
        };
        Self { first: self.first, last }
    }

    /// Each of them, in order: as many as 2^128.
    pub fn addresses(self) -> impl Iterator<Item = IpAddr> {
        let family = self.family();
        (number(self.first)..=number(self.last)).map(move |n| address(family, n))
    }

    fn between(self, first: u128, last: u128) -> Self {
        let family = self.family();
        Self { first: address(family, first), last: address(family, last) }
    }
}

/// `FIRST-LAST`, or the address where there is one.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.last > self.first { write!(f, "-{}", self.last) } else { Ok(()) }
    }
}

/// How many addresses these ranges have, none counted twice where they do not overlap; at most [`AMOUNT_MAX`].
pub(super) fn total(ranges: &[Range]) -> i64 {
    ranges.iter().fold(0, |sum, r| (sum + r.size()).min(AMOUNT_MAX))
}

/// Reads a subnet as `10.0.0.0/24`; bits behind the prefix are cleared.
///
/// # Errors
/// A sentence.
pub fn subnet(text: &str) -> Result<IpNet, String> {
    match text.trim().parse::<IpNet>() {
        Ok(net) => Ok(net.trunc()),
        Err(_) => Err(format!("{:?} is no subnet", shortened(text.trim()))),
    }
}

/// The subnet of one address.
pub(super) fn host_route(address: IpAddr) -> IpNet {
    match address {
        IpAddr::V4(a) => IpNet::V4(Ipv4Net::from(a)),
        IpAddr::V6(a) => IpNet::V6(Ipv6Net::from(a)),
    }
}

/// Text from outside may be of any length; a message must not be.
fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

fn family(address: IpAddr) -> &'static str {
    Family::of(address).name()
}

fn size(first: u128, last: u128) -> i64 {
    let more = i64::try_from(last - first).unwrap_or(AMOUNT_MAX);
    more.saturating_add(1).min(AMOUNT_MAX)
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(a) => u128::from(u32::from(a)),
        IpAddr::V6(a) => u128::from(a),
    }
}

fn address(family: Family, number: u128) -> IpAddr {
    match family {
        // Numbers come from addresses of the same family, and stay between two of them.
        Family::V4 => Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)).into(),
        Family::V6 => Ipv6Addr::from(number).into(),
    }
}
