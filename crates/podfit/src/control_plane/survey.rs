//! Each set of failures, up to so many at once: what still works.

use super::state::{Failures, Known, State};
use super::topology::Topology;

/// What fails as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A machine with all parts on it.
    Machine(usize),
    /// One member.
    Member(usize),
    /// A balancer.
    Balancer(usize),
}

impl Unit {
    /// Adds it to what fails.
    pub fn fail(self, topology: &Topology, failures: &mut Failures) {
        match self {
            Self::Machine(machine) => failures.machine(topology, machine),
            Self::Member(member) => failures.members[member] = true,
            Self::Balancer(balancer) => failures.balancers[balancer] = true,
        }
    }

    /// As `m1`, `m1:etcd` or `lb`.
    pub fn name(self, topology: &Topology) -> String {
        match self {
            Self::Machine(machine) => topology.machines[machine].name.clone(),
            Self::Member(member) => topology.member_name(member),
            Self::Balancer(i) => {
                topology.balancers.as_ref().map_or_else(String::new, |b| b[i].clone())
            }
        }
    }
}

/// A set of failures and what works then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What fails.
    pub units: Vec<Unit>,
    /// What works.
    pub state: State,
}

/// All cases that were asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// By size, then in the order of the machines.
    pub cases: Vec<Case>,
    /// Sets that were not asked.
    pub left_out: u64,
    /// All sets of up to so many machines and balancers were asked.
    pub complete_to: usize,
}

impl Survey {
    /// The greatest number of machines and balancers, of the sizes that were asked, of which any set may fail and everything
    /// works for sure; `None` where not even without a failure.
    pub fn survives(&self) -> Option<usize> {
        let works = |n: usize| {
            let mut cases =
                self.cases.iter().filter(|c| c.units.len() == n && !c.units.iter().any(is_member));
            cases.all(|c| c.state.all() == Known::Yes)
        };
        (0..=self.complete_to).take_while(|&n| works(n)).last()
    }
}

fn is_member(unit: &Unit) -> bool {
    matches!(unit, Unit::Member(_))
}

/// Nothing, each single part, and each set of up to `k` machines and balancers; at most `cases_max` sets.
pub fn survey(topology: &Topology, k: usize, cases_max: usize) -> Survey {
    let balancers = topology.balancers.as_ref().map_or(0, Vec::len);
    let units: Vec<Unit> = (0..topology.machines.len())
        .map(Unit::Machine)
        .chain((0..balancers).map(Unit::Balancer))
        .collect();
    let single = (0..topology.members.len()).map(|m| vec![Unit::Member(m)]);
    let mut sets: Vec<Vec<Unit>> = vec![Vec::new()];
    let (mut left_out, mut complete_to) = (0u64, 0);
    for set in single {
        if sets.len() < cases_max { sets.push(set) } else { left_out += 1 }
    }
    for size in 1..=k.min(units.len()) {
        let mut chosen: Vec<usize> = (0..size).collect();
        let all = combinations(units.len(), size);
        let mut taken = 0;
        while sets.len() < cases_max {
            sets.push(chosen.iter().map(|&i| units[i]).collect());
            taken += 1;
            if !next(&mut chosen, units.len()) {
                break;
            }
        }
        let missed = all.saturating_sub(taken);
        if left_out == 0 && missed == 0 {
            complete_to = size;
        }
        left_out = left_out.saturating_add(missed);
    }
    let case = |units: Vec<Unit>| {
        let mut failures = Failures::none(topology);
        units.iter().for_each(|u| u.fail(topology, &mut failures));
        Case { state: topology.state(&failures), units }
    };
    Survey { cases: sets.into_iter().map(case).collect(), left_out, complete_to }
}

/// The next set of as many of `n`; false after the last.
pub(super) fn next(chosen: &mut [usize], n: usize) -> bool {
    let k = chosen.len();
    let Some(i) = (0..k).rev().find(|&i| chosen[i] < n - k + i) else { return false };
    chosen[i] += 1;
    for j in i + 1..k {
        chosen[j] = chosen[j - 1] + 1;
    }
    true
}

/// How many sets of `k` there are of `n`; it saturates.
fn combinations(n: usize, k: usize) -> u64 {
    (0..k as u64).fold(1u64, |all, i| all.saturating_mul(n as u64 - i) / (i + 1))
}
