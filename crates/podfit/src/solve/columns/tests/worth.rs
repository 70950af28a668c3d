//! What resources are worth, against prices at random.

use super::super::worth::resource_worth;
use super::Random;

type Column = (f64, f64, Vec<f64>);

/// What `prices` say the items are worth at most, whole or in part.
fn most(columns: &[Column], left: &[f64], prices: &[f64]) -> f64 {
    let dot = |amounts: &[f64]| prices.iter().zip(amounts).map(|(p, a)| p * a).sum::<f64>();
    let gains = columns.iter().map(|(profit, n, amounts)| n * (profit - dot(amounts)).max(0.0));
    dot(left) + gains.sum::<f64>()
}

#[test]
fn no_prices_cut_better() {
    for seed in podfit_soak::seeds(400, 100_000) {
        let r = &mut Random::new(seed);
        let dims = 1 + r.below(4) as usize;
        let left: Vec<f64> = (0..dims).map(|_| r.below(100) as f64 / 100.0).collect();
        let columns: Vec<Column> = (0..1 + r.below(20))
            .map(|_| {
                let amounts = (0..dims).map(|_| r.below(60) as f64 / 100.0).collect();
                (1.0 + r.below(1000) as f64, 1.0 + r.below(3) as f64, amounts)
            })
            .collect();
        let worth = resource_worth(columns.clone(), left.clone());
        // Prices come for profits of at most 1.
        let largest = columns.iter().map(|c| c.0).fold(0.0, f64::max);
        let found: Vec<f64> = worth.iter().map(|w| w * largest).collect();
        let least = most(&columns, &left, &found);
        for _ in 0..200 {
            let other: Vec<f64> = match r.below(2) {
                0 => found.iter().map(|w| w * (0.5 + r.below(1000) as f64 / 1000.0)).collect(),
                _ => (0..dims).map(|_| r.below(3000) as f64).collect(),
            };
            let said = most(&columns, &left, &other);
            assert!(least <= said + 1e-6 * said.max(1.0), "seed {seed}: {least} above {said}");
        }
    }
}
