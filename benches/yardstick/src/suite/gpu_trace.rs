//! `gpu-trace`: the pods of a GPU cluster, all at once, onto its nodes: most thousandths of cards placed, then most pods.
//!
//! A pod asks for processor, memory and cards: a share (less than 1000 thousandths) of one card, or whole cards. `gpu_spec`
//! restricts the models of the node (`V100M16|V100M32`). Pods may be left out.

use super::{AMOUNT_MAX, Format, ITEMS_MAX};
use crate::fault::Faults;
use crate::task::{Classes, Goal, Place, Task};
use crate::text::{self, Csv};
use fixedbitset::FixedBitSet;
use podfit::problem::{CardDemand, Class, Level, Problem, Term};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Thousandths of a whole card.
const WHOLE: i64 = 1_000;
const CARDS_MAX: i64 = 1_024;

/// Names by position.
#[derive(Debug)]
pub struct Names {
    pods: Vec<String>,
    nodes: Vec<String>,
}

struct Node<'t> {
    name: &'t str,
    free: Vec<i64>,
    cards: i64,
    model: &'t str,
}

/// What makes pods alike.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Wants<'t> {
    amounts: [i64; 2],
    cards: i64,
    milli: i64,
    models: Vec<&'t str>,
}

pub(super) fn read(node_file: &Path, pod_file: &Path) -> Result<Task, Faults> {
    let (node_text, pod_text) = (text::read(node_file)?, text::read(pod_file)?);
    let wanted = ["sn", "cpu_milli", "memory_mib", "gpu", "model"];
    let node_rows = Csv::new(node_file, &node_text, &wanted)?;
    let wanted = ["name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "gpu_spec"];
    let pod_rows = Csv::new(pod_file, &pod_text, &wanted)?;
    let mut faults = Faults::default();
    let nodes = nodes(&node_rows, &mut faults);
    let pods = pods(&pod_rows, &mut faults);
    faults.or(()).map(|()| task(&nodes, pods))
}

fn nodes<'t>(csv: &Csv<'t>, faults: &mut Faults) -> Vec<Node<'t>> {
    let mut names = BTreeSet::new();
    let mut nodes = Vec::new();
    for row in csv.rows() {
        let name = unique(csv, row.line, row.text("sn"), &mut names, faults);
        let free = ["cpu_milli", "memory_mib"].map(|c| row.integer(c, AMOUNT_MAX, faults)).to_vec();
        let cards = row.integer("gpu", CARDS_MAX, faults);
        nodes.push(Node { name, free, cards, model: row.text("model") });
    }
    nodes
}

fn pods<'t>(csv: &Csv<'t>, faults: &mut Faults) -> Vec<(&'t str, Wants<'t>)> {
    let mut names = BTreeSet::new();
    let mut pods = Vec::new();
    for row in csv.rows() {
        let name = unique(csv, row.line, row.text("name"), &mut names, faults);
        let amounts = ["cpu_milli", "memory_mib"].map(|c| row.integer(c, AMOUNT_MAX, faults));
        let cards = row.integer("num_gpu", CARDS_MAX, faults);
        let milli = row.integer("gpu_milli", WHOLE, faults);
        if cards > 1 && milli < WHOLE {
            let cause = format!("{milli} thousandths of {cards} cards: a share is of one card");
            faults.add(csv.file(), Some(row.line), cause);
        }
        if cards > 0 && milli == 0 {
            faults.add(csv.file(), Some(row.line), "0 thousandths of a card");
        }
        let mut models: Vec<&str> =
            row.text("gpu_spec").split('|').filter(|m| !m.is_empty()).collect();
        models.sort_unstable();
        models.dedup();
        let milli = if cards > 0 { milli } else { 0 };
        pods.push((name, Wants { amounts, cards, milli, models }));
    }
    if pods.len() as i64 > ITEMS_MAX {
        faults.add(csv.file(), None, format!("has more than {ITEMS_MAX} pods"));
    }
    pods
}

fn unique<'t>(
    csv: &Csv<'t>,
    line: usize,
    name: &'t str,
    names: &mut BTreeSet<&'t str>,
    faults: &mut Faults,
) -> &'t str {
    if name.is_empty() || !names.insert(name) {
        let cause =
            if name.is_empty() { "has no name".into() } else { format!("{name} comes twice") };
        faults.add(csv.file(), Some(line), cause);
    }
    name
}

fn task(nodes: &[Node<'_>], pods: Vec<(&str, Wants<'_>)>) -> Task {
    let models: BTreeSet<&str> = nodes.iter().map(|n| n.model).collect();
    let models: Vec<&str> = models.into_iter().collect();
    let number = |model: &str| models.binary_search(&model).map_or(models.len(), |i| i) as u32;
    let mut problem = Problem::new(2, nodes.iter().map(|n| n.free.clone()).collect());
    problem.card_start.clear();
    problem.card_start.push(0);
    for node in nodes {
        for _ in 0..node.cards {
            problem.card_free.push(WHOLE);
            problem.card_model.push(number(node.model));
        }
        problem.card_start.push(problem.card_free.len() as u32);
    }
    let mut classes = Classes::default();
    let names: Vec<String> = pods.iter().map(|(name, _)| (*name).to_string()).collect();
    for (_, wants) in pods {
        classes.add(wants, |w| class(w, nodes, &number));
    }
    let members = classes.finish(&mut problem);
    let milli = |c: &Class| i64::from(c.cards.count) * c.cards.milli_each;
    let by_milli: Vec<i64> = problem.classes.iter().map(milli).collect();
    let all = problem.classes.iter().map(|c| milli(c) * i64::from(c.count)).sum();
    let by_count = vec![1; by_milli.len()];
    problem.levels = vec![
        Level { name: "gpu milli".into(), terms: vec![Term::Unplaced(by_milli)] },
        Level { name: "pods".into(), terms: vec![Term::Unplaced(by_count)] },
    ];
    let names = Names { pods: names, nodes: nodes.iter().map(|n| n.name.to_string()).collect() };
    let goal = Goal { level: 0, most_of: Some(all), places_all: false };
    Task { problem, members, goal, format: Format::Pods(names) }
}

fn class(wants: &Wants<'_>, nodes: &[Node<'_>], number: &impl Fn(&str) -> u32) -> Class {
    let mut class = Class::new(0, wants.amounts.to_vec());
    if !wants.models.is_empty() {
        let mut eligible = FixedBitSet::with_capacity(nodes.len());
        let fits = |n: &&Node<'_>| wants.models.contains(&n.model);
        nodes.iter().enumerate().filter(|(_, n)| fits(n)).for_each(|(i, _)| eligible.insert(i));
        class.eligible = Some(Arc::new(eligible));
    }
    let mut models: Vec<u32> = match wants.cards {
        0 => Vec::new(),
        _ => wants.models.iter().map(|m| number(m)).collect(),
    };
    models.sort_unstable();
    models.dedup();
    class.cards = CardDemand { count: wants.cards as u16, milli_each: wants.milli, models };
    class
}

impl Names {
    pub(super) fn solution(&self, places: &[Option<Place>]) -> serde_json::Value {
        let mut assignment = serde_json::Map::new();
        for (pod, place) in self.pods.iter().zip(places) {
            let Some(place) = place else { continue };
            let node = &self.nodes[place.bin as usize];
            assignment
                .insert(pod.clone(), serde_json::json!({ "node": node, "gpus": place.cards }));
        }
        serde_json::json!({ "assignment": assignment })
    }
}
