//! `cloud-balancing`: processes onto computers, with capacities of processor, memory and network, so that the computers
//! used cost least. Every process must run.

use super::{AMOUNT_MAX, Format, ITEMS_MAX};
use crate::fault::Faults;
use crate::task::{Classes, Goal, Place, Task};
use crate::text;
use podfit::problem::{Class, Level, Problem, Term};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instance {
    computer_list: Vec<Computer>,
    process_list: Vec<Process>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Computer {
    id: i64,
    cpu_power: i64,
    memory: i64,
    network_bandwidth: i64,
    cost: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process {
    id: i64,
    required_cpu_power: i64,
    required_memory: i64,
    required_network_bandwidth: i64,
}

/// Ids by position.
#[derive(Debug)]
pub struct Ids {
    processes: Vec<i64>,
    computers: Vec<i64>,
}

pub(super) fn read(file: &Path) -> Result<Task, Faults> {
    let text = text::read(file)?;
    let Instance { computer_list: computers, process_list: processes } =
        serde_json::from_str(&text).map_err(|e| {
            let line = Some(e.line()).filter(|&l| l > 0);
            Faults::one(file, line, format!("is no instance of cloud-balancing: {e}"))
        })?;
    let mut faults = Faults::default();
    for (what, most) in [("computers", computers.len()), ("processes", processes.len())] {
        if most as i64 > ITEMS_MAX {
            faults.add(file, None, format!("has {most} {what}; {ITEMS_MAX} are the most"));
        }
    }
    let mut check = |what: &str, id: i64, amounts: &[i64], is_new: bool| {
        if !is_new {
            faults.add(file, None, format!("there are two {what} with the id {id}"));
        }
        for a in amounts.iter().filter(|a| !(0..=AMOUNT_MAX).contains(*a)) {
            let cause = format!("{what} {id}: an amount of {a}; it may be 0 to {AMOUNT_MAX}");
            faults.add(file, None, cause);
        }
    };
    let mut ids = BTreeSet::new();
    for c in &computers {
        let amounts = [c.cpu_power, c.memory, c.network_bandwidth, c.cost];
        check("computers", c.id, &amounts, ids.insert(c.id));
    }
    ids.clear();
    for p in &processes {
        check("processes", p.id, &p.demand(), ids.insert(p.id));
    }
    faults.or(task(&computers, &processes))
}

impl Process {
    fn demand(&self) -> [i64; 3] {
        [self.required_cpu_power, self.required_memory, self.required_network_bandwidth]
    }
}

fn task(computers: &[Computer], processes: &[Process]) -> Task {
    let free = |c: &Computer| vec![c.cpu_power, c.memory, c.network_bandwidth];
    let mut problem = Problem::new(3, computers.iter().map(free).collect());
    let mut classes = Classes::default();
    for p in processes {
        classes.add(p.demand(), |demand| Class::new(0, demand.to_vec()));
    }
    let members = classes.finish(&mut problem);
    problem.minimise_unplaced();
    let cost = computers.iter().map(|c| c.cost).collect();
    problem.levels.push(Level { name: "cost".into(), terms: vec![Term::BinsUsed(cost)] });
    let ids = Ids {
        processes: processes.iter().map(|p| p.id).collect(),
        computers: computers.iter().map(|c| c.id).collect(),
    };
    let goal = Goal { level: 1, most_of: None, places_all: true };
    Task { problem, members, goal, format: Format::Computers(ids) }
}

impl Ids {
    pub(super) fn solution(&self, places: &[Option<Place>]) -> serde_json::Value {
        let mut assignment = serde_json::Map::new();
        for (id, place) in self.processes.iter().zip(places) {
            let Some(place) = place else { continue };
            assignment.insert(id.to_string(), self.computers[place.bin as usize].into());
        }
        serde_json::json!({ "assignment": assignment })
    }
}
