//! What the input says of the control plane, beside the labels of nodes and the static pods.

use super::{names::Sym, pod::Component};

/// A control plane as it is described, machine by machine. A machine with the name of a node is that node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaneSpec {
    /// Machines with an API server, a scheduler and a controller-manager.
    pub servers: Vec<Sym>,
    /// Where etcd runs.
    pub etcd: EtcdPlace,
    /// Of these machines, those that are nodes of the input (found when the cluster is built): one that is no node any more is
    /// gone, and what runs on it with it.
    pub nodes: Vec<Sym>,
    /// Of API servers that do not name the members of etcd as [`EtcdPlace`] says: the server and those it names.
    pub etcd_of: Vec<(Sym, Vec<Sym>)>,
    /// Balancers in front of the API servers; `None`: not said.
    pub balancers: Option<Vec<Sym>>,
    /// Parts that do not work now, by machine.
    pub down: Vec<(Sym, Component)>,
    /// Scheduler and controller-manager ask for the API at the balancer, not at the server of their own machine.
    pub leaders_use_balancer: bool,
    /// Times of leader election in milliseconds, where they are not the defaults.
    pub lease: LeaseTimes,
}

/// Where the members of etcd run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EtcdPlace {
    /// One beside each API server, which names that one alone.
    #[default]
    Stacked,
    /// On these machines; every API server names all of them.
    On(Vec<Sym>),
    /// On machines that nothing is said of.
    NotShown,
}

/// The times of leader election, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTimes {
    /// A lease that nobody renewed for so long may be taken (`--leader-elect-lease-duration`).
    pub lease_ms: i64,
    /// A leader that cannot renew for so long gives up (`--leader-elect-renew-deadline`).
    pub renew_ms: i64,
    /// Time between two tries (`--leader-elect-retry-period`).
    pub retry_ms: i64,
}

impl Default for LeaseTimes {
    /// Those of kube-scheduler and kube-controller-manager: 15 s, 10 s and 2 s.
    fn default() -> Self {
        Self { lease_ms: 15_000, renew_ms: 10_000, retry_ms: 2_000 }
    }
}

/// Who leads a part of the control plane: the holder of its Lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leadership {
    /// kube-scheduler or kube-controller-manager.
    pub part: Component,
    /// The host of the holder.
    pub host: Sym,
    /// How long the lease stands, in milliseconds, where the Lease says.
    pub lease_ms: Option<i64>,
}

/// Where a static pod of the control plane is found, and which members of etcd it names: hosts, without scheme and port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Names and addresses of its own: those of its host, and of a member of etcd those at which it serves.
    pub own: Vec<Sym>,
    /// Of an API server, the hosts of `--etcd-servers`; empty: not said.
    pub etcd: Vec<Sym>,
}
