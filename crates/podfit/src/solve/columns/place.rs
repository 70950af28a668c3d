//! From patterns to a placement: each pattern gets a bin of its kind, and every item is judged as it is put.

use super::super::control::Control;
use super::super::greedy::complete;
use super::super::incumbent::Incumbent;
use super::super::packing::Packing;
use super::relaxation::{Pattern, Relaxation};
use crate::problem::Problem;

/// What one bin is to hold, by item.
type Wanted<'a> = (u32, &'a [(u32, u32)]);

/// Patterns of a placement: what it holds in each bin, as far as the relaxation sees it.
pub(super) fn patterns_of(
    problem: &Problem,
    relaxation: &Relaxation,
    incumbent: &Incumbent,
) -> Vec<Pattern> {
    let mut item_of = vec![None; problem.classes.len()];
    for (i, item) in relaxation.items.iter().enumerate() {
        item_of[item.class] = Some(i as u32);
    }
    let mut kind_of = vec![None; problem.bins()];
    for (k, kind) in relaxation.kinds.iter().enumerate() {
        kind.bins.iter().for_each(|&b| kind_of[b as usize] = Some(k as u32));
    }
    let mut at: Vec<(u32, u32, u32)> = incumbent
        .puts
        .iter()
        .filter_map(|p| Some((p.bin, kind_of[p.bin as usize]?, item_of[p.class as usize]?)))
        .collect();
    at.sort_unstable();
    at.chunk_by(|a, b| a.0 == b.0)
        .map(|bin| Pattern {
            kind: bin[0].1,
            items: bin.chunk_by(|a, b| a.2 == b.2).map(|r| (r[0].2, r.len() as u32)).collect(),
        })
        .collect()
}

/// Puts what `patterns` say, each so many times, then whatever else fits, and keeps that where it is better.
pub(super) fn adopt(
    problem: &Problem,
    relaxation: &Relaxation,
    patterns: &[(&Pattern, u32)],
    incumbent: &mut Incumbent,
    control: &Control,
) -> bool {
    let wanted = spread_over_bins(relaxation, patterns);
    let mut packing = Packing::new(problem);
    let mut left: Vec<(usize, usize, u32)> = wanted
        .iter()
        .flat_map(|&(bin, items)| items.iter().map(move |&(i, n)| (i as usize, bin as usize, n)))
        .map(|(i, bin, n)| (relaxation.items[i].class, bin, n))
        .collect();
    // Items on cards first, those that want most of them before the others; and again, as some wait for others to come.
    left.sort_by_key(|&(class, bin, _)| {
        let cards = &problem.classes[class].cards;
        (bin, std::cmp::Reverse((cards.count, cards.milli_each)), class)
    });
    loop {
        control.spend(left.len());
        let before = packing.puts.len();
        for (class, bin, n) in &mut left {
            while *n > 0 && packing.waiting(*class) > 0 && packing.may_put(*class, *bin) {
                packing.put(*class, *bin);
                *n -= 1;
            }
        }
        if packing.puts.len() == before || !problem.order_matters() {
            break;
        }
    }
    let as_wanted = keep(&packing, incumbent);
    // What else fits may cost more than it is worth.
    complete(&mut packing, control);
    keep(&packing, incumbent) || as_wanted
}

/// Makes the packing the incumbent, where it is better.
fn keep(packing: &Packing<'_>, incumbent: &mut Incumbent) -> bool {
    let value = packing.levels();
    let better = packing.is_complete() && value < incumbent.value;
    if better {
        *incumbent = Incumbent { value, puts: packing.puts.clone(), provenance: "columns" };
    }
    better
}

/// Gives each use of a pattern a bin of its own, as long as there are some.
fn spread_over_bins<'a>(
    relaxation: &Relaxation,
    patterns: &[(&'a Pattern, u32)],
) -> Vec<Wanted<'a>> {
    let mut next = vec![0usize; relaxation.kinds.len()];
    let mut wanted = Vec::new();
    for &(pattern, times) in patterns {
        let kind = pattern.kind as usize;
        let bins = &relaxation.kinds[kind].bins;
        for _ in 0..times {
            let Some(&bin) = bins.get(next[kind]) else { break };
            next[kind] += 1;
            wanted.push((bin, pattern.items.as_slice()));
        }
    }
    wanted
}
