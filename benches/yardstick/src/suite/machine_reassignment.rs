//! `machine-reassignment` (ROADEF/EURO challenge 2012): processes move between machines so that the weighted cost of load
//! above safety capacities, balance and moves is least.
//!
//! | the challenge | here |
//! |---|---|
//! | process | a class of one item with an origin |
//! | conflict: a service's processes on distinct machines | `forbids`: a counter of the service by machine |
//! | spread over locations | a [`Span`] of a counter of the service by location |
//! | dependency in a neighbourhood | a [`Companion`]: counters of both services by neighbourhood |
//! | transient resources | `held_by_moved` |
//! | load cost, balance cost | [`Term::Reserve`], [`Term::Balance`] |
//! | process, service and machine move cost | [`Term::Moves`], [`Term::MostMoves`], [`Term::MovesBetween`] |

use super::{Format, ITEMS_MAX};
use crate::fault::Faults;
use crate::task::{Goal, Place, Task};
use crate::text::{self, Integers};
use fixedbitset::FixedBitSet;
use podfit::problem::{
    Balance, Class, Companion, Counter, Level, MostMoves, MovesBetween, Origin, Problem, Reserve,
    Span, Term,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Numbers of the challenge are 32-bit unsigned.
const NUMBER_MAX: i64 = u32::MAX as i64;
const RESOURCES_MAX: i64 = 1_000;
const MACHINES_MAX: i64 = 20_000;

struct Instance {
    transient: Vec<bool>,
    load_weight: Vec<i64>,
    machines: Vec<Machine>,
    services: Vec<Service>,
    processes: Vec<Process>,
    /// (first, second, target, weight).
    balances: Vec<[i64; 4]>,
    process_weight: i64,
    service_weight: i64,
    machine_weight: i64,
}

struct Machine {
    neighbourhood: i64,
    location: i64,
    capacity: Vec<i64>,
    safety: Vec<i64>,
    moves: Vec<i64>,
}

struct Service {
    spread_min: u32,
    depends: Vec<usize>,
}

struct Process {
    service: usize,
    need: Vec<i64>,
    move_cost: i64,
}

pub(super) fn read(model_file: &Path, initial_file: &Path) -> Result<Task, Faults> {
    let (model_text, initial_text) = (text::read(model_file)?, text::read(initial_file)?);
    let instance = Instance::read(&mut Integers::new(model_file, &model_text))?;
    let mut numbers = Integers::new(initial_file, &initial_text);
    let last = instance.machines.len() as i64 - 1;
    let initial = numbers.row("a machine", instance.processes.len(), 0, last)?;
    numbers.end()?;
    let task = instance.task(&initial);
    // Where something stays the solvers judge nothing but the rules of the end: what is wrong at the start is told here.
    let mut faults = Faults::default();
    instance.look_at_the_start(&initial, |cause| faults.add(initial_file, None, cause));
    let flaws = task.problem.validate().err().unwrap_or_default();
    flaws.iter().for_each(|f| faults.add(initial_file, None, format!("as a problem, {f}")));
    faults.or(task)
}

impl Instance {
    fn read(n: &mut Integers<'_>) -> Result<Self, Faults> {
        let resources = n.next("the number of resources", 1, RESOURCES_MAX)? as usize;
        let (mut transient, mut load_weight) = (Vec::new(), Vec::new());
        for _ in 0..resources {
            transient.push(n.next("whether a resource is transient", 0, 1)? == 1);
            load_weight.push(n.next("the weight of a load cost", 0, NUMBER_MAX)?);
        }
        let count = n.next("the number of machines", 1, MACHINES_MAX)? as usize;
        let mut machines = Vec::new();
        for _ in 0..count {
            machines.push(Machine {
                neighbourhood: n.next("a neighbourhood", 0, NUMBER_MAX)?,
                location: n.next("a location", 0, NUMBER_MAX)?,
                capacity: n.row("a capacity", resources, 0, NUMBER_MAX)?,
                safety: n.row("a safety capacity", resources, 0, NUMBER_MAX)?,
                moves: n.row("a cost of moves between machines", count, 0, NUMBER_MAX)?,
            });
        }
        let services = Self::services(n)?;
        let processes = n.next("the number of processes", 0, ITEMS_MAX)?;
        let last = services.len() as i64 - 1;
        let mut list = Vec::new();
        for _ in 0..processes {
            list.push(Process {
                service: n.next("the service of a process", 0, last)? as usize,
                need: n.row("a requirement", resources, 0, NUMBER_MAX)?,
                move_cost: n.next("the cost of moving a process", 0, NUMBER_MAX)?,
            });
        }
        let last = resources as i64 - 1;
        let mut balances = Vec::new();
        for _ in 0..n.next("the number of balance costs", 0, ITEMS_MAX)? {
            balances.push([
                n.next("the first resource of a balance", 0, last)?,
                n.next("the second resource of a balance", 0, last)?,
                n.next("the target of a balance", 0, NUMBER_MAX)?,
                n.next("the weight of a balance", 0, NUMBER_MAX)?,
            ]);
        }
        let weights = n.row("a weight of moves", 3, 0, NUMBER_MAX)?;
        n.end()?;
        Ok(Self {
            transient,
            load_weight,
            machines,
            services,
            processes: list,
            balances,
            process_weight: weights[0],
            service_weight: weights[1],
            machine_weight: weights[2],
        })
    }

    fn services(n: &mut Integers<'_>) -> Result<Vec<Service>, Faults> {
        let count = n.next("the number of services", 0, ITEMS_MAX)?;
        let mut services = Vec::new();
        for _ in 0..count {
            let spread_min = n.next("the least number of locations", 0, MACHINES_MAX)? as u32;
            let depends = n.next("the number of services depended on", 0, count)? as usize;
            let depends = n.row("a service depended on", depends, 0, count - 1)?;
            services.push(Service {
                spread_min,
                depends: depends.iter().map(|&s| s as usize).collect(),
            });
        }
        Ok(services)
    }

    /// Capacities and conflicts of the given assignment.
    fn look_at_the_start(&self, initial: &[i64], mut fault: impl FnMut(String)) {
        let mut load = vec![vec![0i64; self.transient.len()]; self.machines.len()];
        let mut at: Vec<(usize, i64)> = Vec::new();
        for (process, &machine) in self.processes.iter().zip(initial) {
            let amounts = load[machine as usize].iter_mut().zip(&process.need);
            amounts.for_each(|(load, need)| *load += need);
            at.push((process.service, machine));
        }
        for (m, (load, machine)) in load.iter().zip(&self.machines).enumerate() {
            let above = load.iter().zip(&machine.capacity).position(|(l, c)| l > c);
            if let Some(r) = above {
                let (load, capacity) = (load[r], machine.capacity[r]);
                fault(format!("machine {m} has {load} of {capacity} of resource {r}"));
            }
        }
        at.sort_unstable();
        for pair in at.windows(2).filter(|pair| pair[0] == pair[1]) {
            let (service, machine) = pair[0];
            fault(format!("two processes of service {service} are on machine {machine}"));
        }
    }

    fn task(&self, initial: &[i64]) -> Task {
        let free = self.machines.iter().map(|m| m.capacity.clone()).collect();
        let mut problem = Problem::new(self.transient.len(), free);
        for (process, &machine) in self.processes.iter().zip(initial) {
            let origin = Some(Origin { bin: machine as u32, cards: Vec::new() });
            problem.add_class(Class { origin, ..Class::new(1, process.need.clone()) });
        }
        problem.moves_max = self.processes.len() as u64;
        problem.held_by_moved = FixedBitSet::with_capacity(self.transient.len());
        let transient = self.transient.iter().enumerate().filter(|(_, is)| **is);
        transient.for_each(|(r, _)| problem.held_by_moved.insert(r));
        self.couple(&mut problem);
        let terms = self.terms();
        problem.levels = vec![Level { name: "cost".into(), terms }];
        let members = (0..self.processes.len() as u32).map(|p| vec![p]).collect();
        let goal = Goal { level: 0, most_of: None, places_all: true };
        Task { problem, members, goal, format: Format::Machines }
    }

    /// Conflicts, spread and dependencies.
    fn couple(&self, problem: &mut Problem) {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.services.len()];
        self.processes.iter().enumerate().for_each(|(p, x)| members[x.service].push(p));
        let each = Partition::new(0..self.machines.len() as i64);
        let locations = Partition::new(self.machines.iter().map(|m| m.location));
        let near = Partition::new(self.machines.iter().map(|m| m.neighbourhood));
        let mut near_of: BTreeMap<usize, u32> = BTreeMap::new();
        for (s, service) in self.services.iter().enumerate() {
            if members[s].len() > 1 {
                let conflict = counted(problem, &each, &members[s]);
                members[s].iter().for_each(|&p| problem.classes[p].forbids.push(conflict));
            }
            if service.spread_min > 1 {
                let counter = counted(problem, &locations, &members[s]);
                problem.spans.push(Span { counter, domains_min: service.spread_min });
            }
            for &other in &service.depends {
                let [counter, needs] = [s, other].map(|s| {
                    *near_of.entry(s).or_insert_with(|| counted(problem, &near, &members[s]))
                });
                problem.companions.push(Companion { counter, needs });
            }
        }
    }

    fn terms(&self) -> Vec<Term> {
        let mut terms = Vec::new();
        for (resource, &cost) in self.load_weight.iter().enumerate() {
            let keep = self.machines.iter().map(|m| m.capacity[resource] - m.safety[resource]);
            if cost > 0 {
                terms.push(Term::Reserve(Reserve { resource, keep: keep.collect(), cost }));
            }
        }
        for &[first, second, ratio, cost] in &self.balances {
            let (first, second) = (first as usize, second as usize);
            terms.push(Term::Balance(Balance { first, second, ratio, cost }));
        }
        let moves = self.processes.iter().map(|p| self.process_weight * p.move_cost);
        terms.push(Term::Moves(moves.collect()));
        let group_of = self.processes.iter().map(|p| p.service as u32).collect();
        terms.push(Term::MostMoves(MostMoves { group_of, cost: self.service_weight }));
        terms.push(Term::MovesBetween(self.moves_between()));
        terms
    }

    /// Machines of one location and neighbourhood together, where the costs between them allow it.
    fn moves_between(&self) -> MovesBetween {
        let place = |m: &Machine| (m.location, m.neighbourhood);
        let places = Partition::new(self.machines.iter().map(place));
        let each = Partition::new(0..self.machines.len() as i64);
        let costs = self.costs(&places).or_else(|| self.costs(&each));
        costs.expect("where each machine is a group, a pair of groups has one cost")
    }

    /// The costs between groups; none where two machines of a group differ in them. From a machine to itself nothing moves.
    fn costs(&self, groups: &Partition) -> Option<MovesBetween> {
        let mut costs: Vec<Option<i64>> = vec![None; groups.count * groups.count];
        for (from, machine) in self.machines.iter().enumerate() {
            for (to, &cost) in machine.moves.iter().enumerate().filter(|(to, _)| *to != from) {
                let pair = groups.of[from] as usize * groups.count + groups.of[to] as usize;
                let cost = self.machine_weight * cost;
                if *costs[pair].get_or_insert(cost) != cost {
                    return None;
                }
            }
        }
        let costs = Arc::new(costs.into_iter().map(|c| c.unwrap_or(0)).collect());
        Some(MovesBetween { group_of: Arc::clone(&groups.of), costs, groups: groups.count })
    }
}

/// Machines by something that they have in common.
struct Partition {
    of: Arc<Vec<u32>>,
    count: usize,
}

impl Partition {
    fn new<K: Ord>(keys: impl Iterator<Item = K>) -> Self {
        let mut known: BTreeMap<K, u32> = BTreeMap::new();
        let of = keys.map(|key| {
            let next = known.len() as u32;
            *known.entry(key).or_insert(next)
        });
        let of = Arc::new(of.collect());
        Self { of, count: known.len() }
    }
}

/// A new counter of these processes.
fn counted(problem: &mut Problem, domains: &Partition, processes: &[usize]) -> u32 {
    let number = problem.counters.len() as u32;
    let base = vec![Some(0); domains.count];
    problem.counters.push(Counter { domain_of: Arc::clone(&domains.of), base });
    processes.iter().for_each(|&p| problem.classes[p].counts_in.push(number));
    number
}

pub(super) fn solution(places: &[Option<Place>]) -> String {
    let machines = places.iter().map(|p| p.as_ref().map_or(-1, |p| i64::from(p.bin)).to_string());
    machines.collect::<Vec<_>>().join(" ")
}
