//! The network around and under a cluster: who gets which address, what reaches what, which way packets take.
//!
//! In: a [`Network`] as the user describes it (interfaces, ranges, subnets, routes), the services and pods of a
//! [`Cluster`](crate::model::Cluster), and the [`device::Plan`](crate::device::Plan) where it is an edge device. Out:
//!
//! * [`plan()`]: an assignment of addresses by first fit, or every [`Conflict`]; how much of each range is left;
//! * [`endpoints()`] and [`Place`]: by which names, addresses and ports pods and services are reached, from inside and outside;
//! * [`network_loss`]: what a loss changes: endpoints left, how long a service has none, addresses that move;
//! * [`check_routes`] and [`Table`]: what is wrong with routes, and which one a destination takes (longest prefix, then
//!   least metric);
//! * [`egress()`]: by which interface and port a packet leaves.
//!
//! IPv4 and IPv6 alike. Facts about the device name the end of the address of the vendor's page. Network policies,
//! firewalls and what other routers do are no matter of this folder.
//!
//! ```
//! use podfit::model::{ClusterBuilder, NodeSpec};
//! use podfit::network::{Growth, Network, Range, plan};
//! let mut b = ClusterBuilder::new();
//! for name in ["a", "b", "c"] {
//!     b.add_node(NodeSpec { name: name.into(), ..NodeSpec::default() }, 0);
//! }
//! let cluster = b.build().expect("valid");
//! let two = vec![Range::parse("10.0.0.8-10.0.0.9").unwrap()];
//! let network = Network { node_ranges: two, ..Network::default() };
//! let plan = plan(&network, &cluster, None, Growth::default());
//! assert_eq!(plan.conflicts[0].code.name(), "too-small");
//! assert_eq!(plan.conflicts[0].fix, "let it go from 10.0.0.8 to 10.0.0.10 at least");
//! ```

mod claims;
mod conflict;
mod describe;
mod egress;
mod endpoints;
mod extents;
mod inside;
mod loss;
mod plan;
mod pool;
mod range;
mod reach;
mod routes;
mod taken;

pub use claims::{Holder, service_name};
pub use conflict::{Conflict, ConflictCode};
pub use describe::{
    Assignment, DNS_DOMAIN, Network, OtherHost, POD_SUBNET, Port, Route, SERVICE_SUBNET,
};
pub use egress::{At, Egress, Hop, Sender, Way, egress};
pub use endpoints::{Endpoint, Endpoints, KnownBy, endpoints};
pub use loss::{
    AddressChange, AddressFate, Lost, NetworkLoss, Outage, Owner, ServiceLoss, network_loss,
};
pub use plan::{AddressPlan, Assigned, Growth, plan};
pub use pool::{Pool, PoolKind};
pub use range::{Range, subnet};
pub use reach::{Closed, From, Open, Path, Place, Via};
pub use routes::{Entry, Lookup, Outcome, RouteKind, Switch, Table, check_routes};
