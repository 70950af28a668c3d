//! What each item is worth, in integers on a common scale, and the bound that follows: nobody has to believe it, as anyone
//! can price it anew.
//!
//! Let an item be worth π (no more than leaving it out costs), an objective above σ. A placement that leaves nothing out
//! that counts and is as good above costs at least Σ count·π − Σ σ·reached − Σ over bins of max(0, the most that a bin can
//! hold, in π, less what the bin costs). That is true of all π, σ ≥ 0, wherever they come from.

use super::super::control::Control;
use super::knapsack::{Asked, Knapsack, PROFIT_MAX};
use super::relaxation::{Pattern, Relaxation};

/// Finer scales than this change no bound.
const SCALE_MAX: i64 = 1 << 30;

/// A dual solution in integers.
#[derive(Clone, Debug)]
pub(super) struct Duals {
    /// What 1 of the objective is.
    pub(super) scale: i64,
    /// By item.
    pub(super) item: Vec<i64>,
    /// By level above.
    pub(super) above: Vec<i64>,
}

impl Duals {
    /// Rounds down. `None` where numbers are too large to tell apart.
    pub(super) fn round(relaxation: &Relaxation, item: &[f64], above: &[f64]) -> Option<Self> {
        let largest = item.iter().chain(above).fold(0.0f64, |a, &b| a.max(b));
        if !largest.is_finite() || largest > PROFIT_MAX as f64 {
            return None;
        }
        let mut scale = SCALE_MAX;
        while scale > 1 && largest * scale as f64 > PROFIT_MAX as f64 {
            scale /= 2;
        }
        let whole = |x: &f64| ((x * scale as f64).floor() as i64).clamp(0, PROFIT_MAX);
        let mut duals = Self {
            scale,
            item: item.iter().map(whole).collect(),
            above: above.iter().map(whole).collect(),
        };
        duals.clamp(relaxation);
        Some(duals)
    }

    /// No item is worth more than leaving it out costs.
    pub(super) fn clamp(&mut self, relaxation: &Relaxation) {
        for (i, item) in relaxation.items.iter().enumerate() {
            if let Some(weight) = &item.weight {
                let most = self.weighted(weight).min(i128::from(PROFIT_MAX)) as i64;
                self.item[i] = self.item[i].clamp(0, most);
            }
        }
    }

    /// By level to one number: those above by what they are worth, the last as it is.
    fn weighted(&self, by_level: &[i64]) -> i128 {
        let worth = self.above.iter().chain([&self.scale]);
        by_level.iter().zip(worth).map(|(&x, &w)| i128::from(x) * i128::from(w)).sum()
    }

    /// What using a bin of the kind costs, on the scale.
    pub(super) fn cost(&self, relaxation: &Relaxation, kind: usize) -> i64 {
        self.weighted(&relaxation.kinds[kind].cost).clamp(0, i128::from(i64::MAX / 4)) as i64
    }

    /// The bound, before it is rounded up, on the scale: `most[kind]` is the most that a bin of the kind holds.
    fn value(&self, relaxation: &Relaxation, most: &[i64]) -> i128 {
        let items = relaxation.items.iter().zip(&self.item);
        let worth: i128 = items.map(|(i, &p)| i128::from(i.count) * i128::from(p)).sum();
        let above = relaxation.above.iter().zip(&self.above);
        let reached: i128 = above.map(|(&v, &s)| i128::from(v) * i128::from(s)).sum();
        let kinds = relaxation.kinds.iter().zip(most).enumerate();
        let gain = |(k, (kind, &most)): (usize, (&super::relaxation::Kind, &i64))| {
            let over = i128::from(most) - i128::from(self.cost(relaxation, k));
            over.max(0) * i128::from(kind.used_max)
        };
        worth - reached - kinds.map(gain).sum::<i128>()
    }

    /// The same duals with items worth less, so that no bin holds more than it costs (Farley 1990); `None` where that leaves
    /// nothing. What a bin holds of them is known without a search: it falls as they do.
    fn scaled_down(&self, relaxation: &Relaxation, most: &[i64]) -> Option<Self> {
        let (mut by, mut of) = (1i128, 1i128);
        for (kind, &most) in most.iter().enumerate() {
            let cost = i128::from(self.cost(relaxation, kind));
            if cost * of < by * i128::from(most) {
                (by, of) = (cost, i128::from(most));
            }
        }
        let less = |&p: &i64| (i128::from(p) * by / of) as i64;
        (by > 0).then(|| Self { item: self.item.iter().map(less).collect(), ..self.clone() })
    }
}

/// What pricing at some duals says.
#[derive(Clone)]
pub(super) struct Priced {
    /// The bound in whole steps of the objective.
    pub(super) bound: i64,
    /// The same before it is rounded up, and that on the scale of the duals.
    pub(super) value: f64,
    pub(super) exact: i128,
    /// The duals that prove it: those asked for, or scaled down.
    pub(super) duals: Duals,
    /// The most that a bin of each kind holds, at most, or what it costs where that is more.
    pub(super) most: Vec<i64>,
    /// Patterns worth more than their bin costs.
    pub(super) patterns: Vec<Pattern>,
    /// Whether some search was cut: a better pattern may be there.
    pub(super) cut: bool,
}

/// The bound that `duals` prove: every kind of bin is searched, with at most `steps_max` candidates each (what is not
/// looked at is taken at its bound). What is worth less than `ease` times the cost of its bin is not looked for: more than
/// 1 is faster, and proves less.
pub(super) fn price(
    relaxation: &Relaxation,
    duals: &Duals,
    ease: f64,
    steps_max: u64,
    control: &Control,
) -> Priced {
    let counts: Vec<u32> = relaxation.items.iter().map(|i| i.count).collect();
    let mut most = Vec::with_capacity(relaxation.kinds.len());
    let (mut patterns, mut cut) = (Vec::new(), false);
    for kind in 0..relaxation.kinds.len() {
        let cost = duals.cost(relaxation, kind);
        let beat = ((cost as f64 * ease.max(1.0)).min(i64::MAX as f64 / 4.0) as i64).max(cost);
        let asked = Asked { relaxation, kind, profit: &duals.item, most: &counts, beat };
        // Once it is to stop, the first bound of each kind is all that is asked.
        let steps = if control.should_stop().is_some() { 1 } else { steps_max };
        let filled = Knapsack::new(&asked).solve(steps);
        control.spend(setup_steps(relaxation) + filled.steps as usize);
        most.push(filled.upper);
        patterns.extend(filled.found.into_iter().map(|(_, pattern)| pattern));
        cut |= filled.cut;
    }
    let mut duals = duals.clone();
    let mut exact = duals.value(relaxation, &most);
    if let Some(less) = duals.scaled_down(relaxation, &most) {
        let costs: Vec<i64> = (0..most.len()).map(|k| duals.cost(relaxation, k)).collect();
        let value = less.value(relaxation, &costs);
        if value > exact {
            (exact, duals, most) = (value, less, costs);
        }
    }
    Priced {
        bound: whole_steps(exact, duals.scale, relaxation.step),
        value: exact as f64 / duals.scale as f64,
        exact,
        duals,
        most,
        patterns,
        cut,
    }
}

/// Steps of work of making one knapsack ready.
pub(super) fn setup_steps(relaxation: &Relaxation) -> usize {
    10 * relaxation.items.len() * (relaxation.dims + 1)
}

/// `value`/`scale` rounded up to a multiple of `step`; not below 0.
pub(super) fn whole_steps(value: i128, scale: i64, step: i64) -> i64 {
    let unit = i128::from(scale) * i128::from(step);
    let steps = (value.max(0) + unit - 1) / unit;
    (steps * i128::from(step)).min(i128::from(i64::MAX)) as i64
}
