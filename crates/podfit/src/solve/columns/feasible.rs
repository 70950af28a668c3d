//! First duals without a linear program: dual feasible functions of the shares that items take, and cliques of items of
//! which no two share a bin.
//!
//! A dual feasible function maps shares to numbers such that what sums to at most a whole bin still does. Here they are
//! only guesses: the knapsack says what a bin really holds of them, so that sums over resources and bins of different sizes
//! need no theory. Sources: Fekete and Schepers 2001 (u, U); Caprara and Toth 2001 (sums over resources).

use super::super::control::Control;
use super::duals::{Duals, Priced, price};
use super::relaxation::{Relaxation, WHOLE};

/// Candidates that all knapsacks of a guess may look at, and each at most and at least.
const STEPS_ALL: u64 = 1_000_000;
const STEPS: u64 = 20_000;
const STEPS_LEAST: u64 = 200;
/// Parameters that are tried of each family.
const PARAMETERS: usize = 4;
/// Above so many kinds only the pooled bins are tried.
const KINDS_MAX: usize = 64;
/// How often all prices of the pool are looked at, and steps of the search for one.
const SWEEPS: usize = 3;
const THIRDS: usize = 60;

/// What the first guess proves (pooled bins), and the best of all; `None` where they prove nothing.
pub(super) fn first_duals(relaxation: &Relaxation, control: &Control) -> Option<(Priced, Priced)> {
    let mut found: Option<(Priced, Priced)> = None;
    let above = vec![0.0; relaxation.above.len()];
    let kinds = relaxation.kinds.len().max(1) as u64;
    let steps = (STEPS_ALL / kinds).clamp(STEPS_LEAST, STEPS);
    for worth in guesses(relaxation) {
        if control.should_stop().is_some() {
            break;
        }
        let Some(duals) = Duals::round(relaxation, &worth, &above) else { continue };
        let priced = price(relaxation, &duals, 1.0, steps, control);
        match &mut found {
            None if priced.value > 0.0 => found = Some((priced.clone(), priced)),
            Some((_, best)) if priced.value > best.value => *best = priced,
            _ => {}
        }
    }
    found
}

fn guesses(relaxation: &Relaxation) -> Vec<Vec<f64>> {
    let dims = relaxation.dims;
    let shares = shares(relaxation);
    let column = |d: usize, f: &dyn Fn(f64) -> f64| -> Vec<f64> {
        shares.chunks(dims).map(|row| f(row[d])).collect()
    };
    let sum = |columns: &[Vec<f64>]| -> Vec<f64> {
        (0..relaxation.items.len()).map(|i| columns.iter().map(|c| c[i]).sum()).collect()
    };
    let plain: Vec<Vec<f64>> = (0..dims).map(|d| column(d, &|x| x)).collect();
    // Functions come without a unit: at twice the largest cost, what they are worth is scaled down to fit.
    let unit = 2.0 * largest_cost(relaxation).max(1.0);
    let mut guesses = pooled(relaxation);
    if relaxation.kinds.len() > KINDS_MAX {
        return guesses;
    }
    let first = guesses.len();
    guesses.push(clique(relaxation));
    guesses.push(sum(&plain));
    guesses.extend(plain);
    for k in 1..=PARAMETERS {
        let columns: Vec<Vec<f64>> = (0..dims).map(|d| column(d, &|x| u(k as f64, x))).collect();
        guesses.push(sum(&columns));
        guesses.extend(columns);
    }
    for k in 1..=PARAMETERS {
        let least = k as f64 / (2 * PARAMETERS + 1) as f64;
        guesses.extend((0..dims).map(|d| column(d, &|x| threshold(least, x))));
    }
    guesses[first..].iter_mut().flatten().for_each(|worth| *worth *= unit);
    guesses
}

fn largest_cost(relaxation: &Relaxation) -> f64 {
    let own = relaxation.kinds.iter().filter_map(|k| k.cost.last());
    own.max().map_or(0.0, |&c| c as f64)
}

/// Items by the worth of the resources that they take, where the bins are pooled: the dual of the linear program over
/// classes, in which a bin may be used in part; by one resource alone, and by all.
fn pooled(relaxation: &Relaxation) -> Vec<Vec<f64>> {
    let pool = Pool::new(relaxation);
    let dims = relaxation.dims;
    let mut best = vec![0.0; dims];
    for d in 0..dims {
        let mut alone = vec![0.0; dims];
        pool.climb(&mut alone, d);
        if pool.value(&alone) > pool.value(&best) {
            best = alone;
        }
    }
    let alone = best.clone();
    for d in (0..dims).cycle().take(if dims > 1 { SWEEPS * dims } else { 0 }) {
        pool.climb(&mut best, d);
    }
    let mut duals = vec![pool.worth(&alone)];
    if best != alone {
        duals.push(pool.worth(&best));
    }
    duals
}

/// All bins as one, by prices of the resources.
struct Pool {
    /// Count, most that one is worth, amounts.
    items: Vec<(f64, f64, Vec<f64>)>,
    /// Count, cost, amounts.
    kinds: Vec<(f64, f64, Vec<f64>)>,
}

impl Pool {
    fn new(relaxation: &Relaxation) -> Self {
        let float = |row: &[i64]| row.iter().map(|&x| x as f64).collect();
        let last = |row: &[i64]| row.last().map_or(0.0, |&x| x as f64);
        let items = relaxation.items.iter().map(|i| {
            let most = i.weight.as_ref().map_or(f64::INFINITY, |w| last(w));
            (f64::from(i.count), most, float(&i.demand))
        });
        let kinds =
            relaxation.kinds.iter().map(|k| (f64::from(k.used_max), last(&k.cost), float(&k.free)));
        Self { items: items.collect(), kinds: kinds.collect() }
    }

    /// What the prices prove.
    fn value(&self, prices: &[f64]) -> f64 {
        let items = self.items.iter().map(|(n, most, amounts)| n * dot(prices, amounts).min(*most));
        let kinds =
            self.kinds.iter().map(|(n, cost, free)| n * (dot(prices, free) - cost).max(0.0));
        items.sum::<f64>() - kinds.sum::<f64>()
    }

    /// The best price of one resource, the others left: what they prove is concave in it.
    fn climb(&self, prices: &mut [f64], d: usize) {
        let of_kind = |(_, cost, free): &(f64, f64, Vec<f64>)| cost / free[d];
        let of_item = |(_, most, amounts): &(f64, f64, Vec<f64>)| most / amounts[d];
        let ends = self.kinds.iter().map(of_kind).chain(self.items.iter().map(of_item));
        let (mut low, mut high) = (0.0, ends.filter(|x| x.is_finite()).fold(0.0, f64::max));
        let mut at = |price: f64| {
            prices[d] = price;
            self.value(prices)
        };
        for _ in 0..THIRDS {
            let third = (high - low) / 3.0;
            if at(low + third) < at(high - third) {
                low += third;
            } else {
                high -= third;
            }
        }
        prices[d] = (low + high) / 2.0;
    }

    fn worth(&self, prices: &[f64]) -> Vec<f64> {
        self.items.iter().map(|(_, most, amounts)| dot(prices, amounts).min(*most)).collect()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The function u of order `k`: (k+1)x rounded down, in units of k; shares at which that is whole stay.
fn u(k: f64, x: f64) -> f64 {
    let times = (k + 1.0) * x;
    if (times - times.round()).abs() < 1e-9 { x } else { times.floor() / k }
}

/// The function U: what leaves less than `least` free counts whole, what is less than it not at all.
fn threshold(least: f64, x: f64) -> f64 {
    if x > 1.0 - least {
        1.0
    } else if x < least {
        0.0
    } else {
        x
    }
}

/// By item and resource: the least share that it takes of a bin that it may enter.
fn shares(relaxation: &Relaxation) -> Vec<f64> {
    let mut least = vec![1.0f64; relaxation.items.len() * relaxation.dims];
    for kind in &relaxation.kinds {
        for i in (0..relaxation.items.len()).filter(|&i| kind.most[i] > 0) {
            for (d, &share) in relaxation.shares(kind, i).iter().enumerate() {
                let at = &mut least[i * relaxation.dims + d];
                *at = at.min(f64::from(share) / WHOLE as f64);
            }
        }
    }
    least
}

/// 1 for the items of a clique, found by trying the largest first.
fn clique(relaxation: &Relaxation) -> Vec<f64> {
    let shares = shares(relaxation);
    let mut order: Vec<usize> = (0..relaxation.items.len()).collect();
    let size = |i: usize| shares[i * relaxation.dims..][..relaxation.dims].iter().sum::<f64>();
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    let mut clique: Vec<usize> = Vec::new();
    for i in order {
        if apart(relaxation, i, i) && clique.iter().all(|&j| apart(relaxation, i, j)) {
            clique.push(i);
        }
    }
    let mut worth = vec![0.0; relaxation.items.len()];
    clique.into_iter().for_each(|i| worth[i] = 1.0);
    worth
}

/// Whether no bin holds one of each (two of one, where there are two).
fn apart(relaxation: &Relaxation, i: usize, j: usize) -> bool {
    let (a, b) = (&relaxation.items[i], &relaxation.items[j]);
    (i == j && a.count < 2)
        || relaxation.kinds.iter().all(|kind| {
            let fit = |((x, y), free): ((&i64, &i64), &i64)| x.saturating_add(*y) <= *free;
            kind.most[i] == 0
                || kind.most[j] == 0
                || kind.clashes.as_ref().is_some_and(|c| c[i].contains(j))
                || !a.demand.iter().zip(&b.demand).zip(&kind.free).all(fit)
        })
}
