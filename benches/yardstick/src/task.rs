//! A problem, which item is which, and what the suite calls its objective.

use crate::suite::Format;
use podfit::problem::{Class, Problem};
use podfit::solve::{Outcome, Status};
use std::collections::BTreeMap;

/// An instance as the core takes it, and the way back.
#[derive(Debug)]
pub struct Task {
    /// The numbers.
    pub problem: Problem,
    /// The items of each class, by their position in the instance.
    pub members: Vec<Vec<u32>>,
    /// What the suite measures.
    pub goal: Goal,
    /// How a placement is written.
    pub format: Format,
}

/// What the suite measures, of the levels of the problem.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// The level that is the suite's objective.
    pub level: usize,
    /// Where the suite wants most of something and the level counts what is missing: all of it.
    pub most_of: Option<i64>,
    /// Whether an item without a place means that there is no solution.
    pub places_all: bool,
}

/// Where an item goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bin.
    pub bin: u32,
    /// Its cards, from 0 within the bin.
    pub cards: Vec<u16>,
}

/// What an answer is in the suite's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The suite's objective; none where the placement is no solution of the suite.
    pub objective: Option<i64>,
    /// What no solution goes beyond.
    pub bound: Option<i64>,
    /// `optimal`, `feasible`, `incomplete` (no solution was found) or `infeasible` (there is none).
    pub status: &'static str,
}

impl Task {
    /// Where each item of the instance goes by the outcome; `None` is nowhere.
    pub fn places(&self, outcome: &Outcome) -> Result<Vec<Option<Place>>, String> {
        let items = self.members.iter().map(Vec::len).sum();
        let mut places = vec![None; items];
        for (class, members) in self.problem.classes.iter().zip(&self.members) {
            for &item in class.origin.iter().flat_map(|_| members) {
                places[item as usize] =
                    class.origin.as_ref().map(|o| Place { bin: o.bin, cards: o.cards.clone() });
            }
        }
        let mut next = vec![0usize; self.members.len()];
        for put in &outcome.puts {
            let class = put.class as usize;
            let member = self.members.get(class).and_then(|m| m.get(next[class]));
            let item = member.ok_or("the solver put more items than there are")?;
            next[class] += 1;
            places[*item as usize] = Some(Place { bin: put.bin, cards: put.cards.clone() });
        }
        Ok(places)
    }

    /// The placement in the suite's format.
    pub fn solution(&self, places: &[Option<Place>]) -> String {
        self.format.write(places)
    }

    /// The outcome in the suite's terms.
    pub fn verdict(&self, outcome: &Outcome) -> Verdict {
        let level = &outcome.levels[self.goal.level];
        let own = |n: i64| self.goal.most_of.map_or(n, |all| all - n);
        let items = self.problem.items();
        let is_new = |class: u32| self.problem.classes[class as usize].origin.is_none();
        let placed = outcome.puts.iter().filter(|p| is_new(p.class)).count();
        if self.goal.places_all && (placed as u64) < items {
            let proved = outcome.unplaced_bound > 0;
            let status = if proved { "infeasible" } else { "incomplete" };
            return Verdict { objective: None, bound: None, status };
        }
        let status = match outcome.status {
            Status::Optimal => "optimal",
            Status::Feasible => "feasible",
        };
        Verdict { objective: Some(own(level.objective)), bound: level.bound.map(own), status }
    }
}

/// Gathers equal items into classes, in the order in which the first of each comes.
#[derive(Debug)]
pub struct Classes<K> {
    known: BTreeMap<K, usize>,
    classes: Vec<Class>,
    members: Vec<Vec<u32>>,
    next: u32,
}

impl<K: Ord> Default for Classes<K> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), classes: Vec::new(), members: Vec::new(), next: 0 }
    }
}

impl<K: Ord> Classes<K> {
    /// The next item: it is like all others with this key, which `class` describes.
    pub fn add(&mut self, key: K, class: impl FnOnce(&K) -> Class) {
        let at = match self.known.get(&key) {
            Some(&at) => at,
            None => {
                self.classes.push(Class { count: 0, ..class(&key) });
                self.members.push(Vec::new());
                self.known.insert(key, self.classes.len() - 1);
                self.classes.len() - 1
            }
        };
        self.classes[at].count += 1;
        self.members[at].push(self.next);
        self.next += 1;
    }

    /// Puts the classes into a problem; gives the items of each.
    pub fn finish(self, problem: &mut Problem) -> Vec<Vec<u32>> {
        problem.classes = self.classes;
        self.members
    }
}
