//! Any set of failures → what still works. Three-valued: what the input does not show is not known, never fine.

use super::topology::Topology;
use crate::model::{Component, NodeId};

/// Whether something holds, as far as is known. *And* is the least of several, *or* the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Known {
    /// No.
    No,
    /// That depends on what the input does not show.
    Unknown,
    /// Yes.
    Yes,
}

impl From<bool> for Known {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl Known {
    /// Whether any holds; `No` of none.
    pub fn any(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().max().unwrap_or(Self::No)
    }
}

/// What fails, beside what does not work anyway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures {
    /// By member.
    pub members: Vec<bool>,
    /// By balancer.
    pub balancers: Vec<bool>,
}

impl Failures {
    /// Nothing.
    pub fn none(topology: &Topology) -> Self {
        Self {
            members: vec![false; topology.members.len()],
            balancers: vec![false; topology.balancers.as_ref().map_or(0, Vec::len)],
        }
    }

    /// All parts on a machine.
    pub fn machine(&mut self, topology: &Topology, machine: usize) {
        topology.on(machine).for_each(|m| self.members[m] = true);
    }

    /// All parts on these nodes.
    pub fn nodes(&mut self, topology: &Topology, lost: &[NodeId]) {
        for (i, machine) in topology.machines.iter().enumerate() {
            if machine.node.is_some_and(|n| lost.contains(&n)) {
                self.machine(topology, i);
            }
        }
    }
}

/// What works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// By member, whether its process runs.
    pub alive: Vec<Known>,
    /// By member, whether it does its work: what it depends on works too.
    pub members: Vec<Known>,
    /// Etcd has its majority: it takes writes, and gives reads that are current.
    pub etcd_writes: Known,
    /// Some member of etcd answers reads that may be old.
    pub etcd_reads: Known,
    /// Some API server serves, asked at its own address.
    pub api: Known,
    /// Some balancer works; `None`: there is none, or the input does not say.
    pub balancer: Option<Known>,
    /// The API is served at the address that kubelets and clients share: a balancer's, or of one server. `None`: the input
    /// does not say what they use.
    pub shared_api: Option<Known>,
    /// Some scheduler places pods.
    pub scheduling: Known,
    /// Some controller-manager makes pods anew, evicts, and keeps endpoints.
    pub controllers: Known,
}

impl State {
    /// The least of all that is known to be asked for: `Yes` where everything works.
    pub fn all(&self) -> Known {
        let all = [self.etcd_writes, self.api, self.scheduling, self.controllers];
        all.into_iter().chain(self.shared_api).min().unwrap_or(Known::Unknown)
    }

    /// Whether pods are made anew and start: controllers and a scheduler act, and the kubelets hear of it.
    pub fn replaces_pods(&self) -> Known {
        let shared = self.shared_api.unwrap_or(self.api);
        shared.min(self.scheduling).min(self.controllers)
    }
}

/// Members that etcd needs of so many.
pub fn majority(all: u32) -> u32 {
    all / 2 + 1
}

/// Members of so many that etcd may lose.
pub fn tolerated(all: u32) -> u32 {
    all.saturating_sub(majority(all))
}

impl Topology {
    /// What works while these fail.
    pub fn state(&self, failures: &Failures) -> State {
        let failed = |m: usize| failures.members.get(m).copied().unwrap_or(false);
        let alive: Vec<Known> = (self.members.iter().enumerate())
            .map(|(i, m)| if failed(i) { Known::No } else { m.works })
            .collect();
        let etcd_writes = self.quorum(&alive);
        let etcd_reads = self.any_of(Component::Etcd, |m| alive[m]);
        let mut members = alive.clone();
        for m in self.of_part(Component::Etcd) {
            members[m] = alive[m].min(etcd_writes);
        }
        for m in self.of_part(Component::ApiServer) {
            members[m] = alive[m].min(self.reached(m, &alive)).min(etcd_writes);
        }
        let api = self.any_of(Component::ApiServer, |m| members[m]);
        let balancer = self.balancer(failures);
        let shared_api = self.shared_api(balancer, &members, api);
        for part in [Component::Scheduler, Component::ControllerManager] {
            for m in self.of_part(part) {
                members[m] = alive[m].min(self.api_of(m, &members, api, shared_api));
            }
        }
        let works = |part| self.any_of(part, |m| members[m]);
        State {
            etcd_writes,
            etcd_reads,
            api,
            balancer,
            shared_api,
            scheduling: works(Component::Scheduler),
            controllers: works(Component::ControllerManager),
            members,
            alive,
        }
    }

    /// What holds for any member of a part; of a part without members that is not known.
    fn any_of(&self, part: Component, of: impl Fn(usize) -> Known) -> Known {
        self.of_part(part).map(of).max().unwrap_or(Known::Unknown)
    }

    fn quorum(&self, alive: &[Known]) -> Known {
        if !self.etcd_is_counted {
            return Known::Unknown;
        }
        let members: Vec<Known> = self.of_part(Component::Etcd).map(|m| alive[m]).collect();
        let needed = majority(members.len() as u32) as usize;
        let count = |least| members.iter().filter(|k| **k >= least).count();
        if members.is_empty() {
            Known::Unknown
        } else if count(Known::Yes) >= needed {
            Known::Yes
        } else if count(Known::Unknown) < needed {
            Known::No
        } else {
            Known::Unknown
        }
    }

    /// Whether an API server reaches a member of etcd that it names.
    fn reached(&self, server: usize, alive: &[Known]) -> Known {
        let named = self.etcd_of(server);
        if named.is_empty() { Known::Unknown } else { Known::any(named.iter().map(|&m| alive[m])) }
    }

    fn balancer(&self, failures: &Failures) -> Option<Known> {
        let balancers = self.balancers.as_ref().filter(|all| !all.is_empty())?;
        let up = |i: usize| Known::from(!failures.balancers.get(i).copied().unwrap_or(false));
        Some(Known::any((0..balancers.len()).map(up)))
    }

    fn shared_api(&self, balancer: Option<Known>, members: &[Known], api: Known) -> Option<Known> {
        self.balancers.as_ref()?;
        if let Some(balancer) = balancer {
            return Some(api.min(balancer));
        }
        // Each client names one server, and it is not known which.
        let worst = self.of_part(Component::ApiServer).map(|m| members[m]).min();
        let worst = worst.unwrap_or(Known::Unknown);
        Some(if worst == Known::Yes { worst } else { api.min(Known::Unknown) })
    }

    /// The API as a scheduler or a controller-manager has it.
    fn api_of(&self, member: usize, members: &[Known], api: Known, shared: Option<Known>) -> Known {
        if self.leaders_use_balancer {
            return shared.unwrap_or(api);
        }
        let machine = self.members[member].machine;
        let own = self.of_part(Component::ApiServer).find(|&m| self.members[m].machine == machine);
        own.map_or(api, |m| members[m])
    }
}
