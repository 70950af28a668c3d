//! `vector-packing`: items with a size in each of d dimensions into the fewest equal bins.
//!
//! The file: d, the capacity of a bin in each dimension, the number of rows, and a row for each kind of item: d sizes and
//! how many there are. Items are numbered from 0 in this order.

use super::{AMOUNT_MAX, Format, ITEMS_MAX};
use crate::fault::Faults;
use crate::task::{Classes, Goal, Place, Task};
use crate::text::{self, Integers};
use podfit::problem::{Class, Level, Problem, Term};
use std::collections::BTreeMap;
use std::path::Path;

const DIMENSIONS_MAX: i64 = 1_000;

pub(super) fn read(file: &Path) -> Result<Task, Faults> {
    let text = text::read(file)?;
    let mut numbers = Integers::new(file, &text);
    let dims = numbers.next("the number of dimensions", 1, DIMENSIONS_MAX)? as usize;
    let capacity = numbers.row("a capacity", dims, 0, AMOUNT_MAX)?;
    let rows = numbers.next("the number of rows", 0, ITEMS_MAX)?;
    let mut classes = Classes::default();
    let mut items = 0;
    for _ in 0..rows {
        let size = numbers.row("a size", dims, 0, AMOUNT_MAX)?;
        if let Some(d) = (0..dims).find(|&d| size[d] > capacity[d]) {
            let cause = format!("a size of {} does not fit into {}", size[d], capacity[d]);
            return Err(numbers.fault(cause));
        }
        let demand = numbers.next("the number of such items", 0, ITEMS_MAX - items)?;
        items += demand;
        (0..demand).for_each(|_| classes.add(size.clone(), |s| Class::new(0, s.clone())));
    }
    numbers.end()?;
    // As many bins as items are enough.
    let bins = items as usize;
    let mut problem = Problem::new(dims, vec![capacity; bins]);
    let members = classes.finish(&mut problem);
    problem.minimise_unplaced();
    problem.levels.push(Level { name: "bins".into(), terms: vec![Term::BinsUsed(vec![1; bins])] });
    let goal = Goal { level: 1, most_of: None, places_all: true };
    Ok(Task { problem, members, goal, format: Format::Bins })
}

pub(super) fn solution(places: &[Option<Place>]) -> serde_json::Value {
    let mut bins: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (item, place) in places.iter().enumerate() {
        place.iter().for_each(|p| bins.entry(p.bin).or_default().push(item));
    }
    serde_json::json!({ "bins": bins.into_values().collect::<Vec<_>>() })
}
