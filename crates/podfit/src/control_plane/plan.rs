//! The fewest machines of which any so many may fail.
//!
//! Sizes are searched, smallest first, and each is asked of the same model that judges clusters ([`Topology::state`]): every
//! set of so many machines and balancers fails once.

use super::state::{Failures, Known, tolerated};
use super::survey::next;
use super::topology::{Layout, Topology};

/// Members of etcd at most: its FAQ advises no more than seven.
pub const MEMBERS_MAX: u32 = 7;
/// What can be asked to be survived: seven members lose three.
pub const SURVIVE_MAX: u32 = 3;

/// A control plane that survives what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Stacked or external.
    pub layout: Layout,
    /// Machines with an API server, a scheduler and a controller-manager.
    pub servers: u32,
    /// Members of etcd.
    pub members: u32,
    /// Machines in all, balancers left aside.
    pub machines: u32,
    /// Balancers before the API servers, so that as many of them may fail.
    pub balancers: u32,
    /// Any so many machines and balancers may fail at once.
    pub survives: u32,
    /// Whether the documentation asks for it rather than the least that does.
    pub documented: bool,
}

/// The fewest machines that survive the loss of any `survive` of them: stacked; external as the documentation has it (twice
/// the machines: as many servers as members of etcd); external with as few as do, since API servers take no vote. `None`
/// beyond [`SURVIVE_MAX`].
pub fn plans(survive: u32) -> Option<Vec<Plan>> {
    if survive > SURVIVE_MAX {
        return None;
    }
    let stacked = (1..=MEMBERS_MAX).find(|&n| holds(n, None, survive))?;
    let (servers, members) = (2..=2 * MEMBERS_MAX)
        .flat_map(|all| (1..all).map(move |servers| (servers, all - servers)))
        .find(|&(servers, members)| holds(servers, Some(members), survive))?;
    let plan = |layout, servers, members, documented| Plan {
        layout,
        servers,
        members,
        machines: if layout == Layout::Stacked { servers } else { servers + members },
        balancers: survive + 1,
        survives: survive,
        documented,
    };
    Some(vec![
        plan(Layout::Stacked, stacked, stacked, true),
        plan(Layout::External, stacked, stacked, true),
        plan(Layout::External, servers, members, false),
    ])
}

/// The plans for so many members of etcd; `None` of an even number, of none, and beyond [`MEMBERS_MAX`].
pub fn with_members(members: u32) -> Option<Vec<Plan>> {
    if members.is_multiple_of(2) || members > MEMBERS_MAX {
        return None;
    }
    plans(tolerated(members))
}

/// Whether any so many machines and balancers may fail and everything works.
fn holds(servers: u32, etcd: Option<u32>, survive: u32) -> bool {
    let topology = Topology::new(servers as usize, etcd.map(|n| n as usize), survive as usize + 1);
    let units = topology.machines.len() + survive as usize + 1;
    let k = survive as usize;
    if k > units {
        return false;
    }
    let mut chosen: Vec<usize> = (0..k).collect();
    loop {
        let mut failures = Failures::none(&topology);
        for &unit in &chosen {
            match unit.checked_sub(topology.machines.len()) {
                None => failures.machine(&topology, unit),
                Some(balancer) => failures.balancers[balancer] = true,
            }
        }
        if topology.state(&failures).all() != Known::Yes {
            return false;
        }
        if !next(&mut chosen, units) {
            return true;
        }
    }
}
