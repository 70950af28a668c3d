/// Something in the description of a network that cannot work. All of them come at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What kind.
    pub code: ConflictCode,
    /// The field of the description, as `network.nodeRange` or `services default/web`.
    pub field: String,
    /// What is wrong, with the addresses.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// Makes [`ConflictCode`] with the name of each on the wire.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $name:literal,)*) => {
        /// What kind of conflict.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ConflictCode {$(
            $(#[doc = $doc])+
            $code,
        )*}

        impl ConflictCode {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self {$(Self::$code => $name,)*}
            }
        }
    };
}

codes! {
    /// Two ranges, or a range and a subnet, share addresses.
    Overlap = "overlap",
    /// A range has fewer usable addresses than are needed.
    TooSmall = "too-small",
    /// A range is not inside the subnet of its interface.
    OutsideSubnet = "outside-subnet",
    /// The network's own address is in the range.
    NetworkAddress = "network-address",
    /// The broadcast address is in the range.
    BroadcastAddress = "broadcast-address",
    /// An address that the cluster keeps for itself.
    ReservedAddress = "reserved-address",
    /// An address is in use: by a gateway, an interface or another host.
    AddressInUse = "address-in-use",
    /// Two want one address.
    AddressTwice = "address-twice",
    /// An address is not of the range that it should come from.
    OutsideRange = "outside-range",
    /// The device takes one contiguous range.
    NotContiguous = "not-contiguous",
    /// There is no range that addresses could come from.
    RangeMissing = "range-missing",
    /// A service gets no address.
    ServiceWithoutAddress = "service-without-address",
    /// A route leaves by an interface that gets its addresses by DHCP.
    RouteOnDhcp = "route-on-dhcp",
    /// A route leaves by an interface of a team.
    RouteOnTeam = "route-on-team",
    /// A route leaves by an interface that the machines are not connected to.
    RouteNotCompute = "route-not-compute",
    /// The next hop cannot be reached: it is not in a subnet of the route's interface.
    NextHopOutsideSubnet = "next-hop-outside-subnet",
    /// The next hop is no router: the network's own address, broadcast, or an address of the interface itself.
    NextHopUnusable = "next-hop-unusable",
    /// Destination and next hop are of two families.
    RouteFamilies = "route-families",
    /// A route is there twice.
    RouteTwice = "route-twice",
    /// Two routes are equally good, with different ways.
    RouteTie = "route-tie",
    /// A route is for addresses inside the cluster.
    RouteIntoCluster = "route-into-cluster",
}

impl Conflict {
    pub(super) fn new(
        code: ConflictCode,
        field: impl Into<String>,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { code, field: field.into(), cause: cause.into(), fix: fix.into() }
    }
}

/// The field of a list of which most have one entry: `network.nodeRange`, or `network.nodeRange[1]` where there are more.
pub(super) fn field(name: &str, i: usize, all: usize) -> String {
    if all > 1 { format!("network.{name}[{i}]") } else { format!("network.{name}") }
}
