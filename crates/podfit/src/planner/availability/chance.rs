//! Exponential times by seed, in whole numbers: the same on every machine.

/// The generator splitmix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The chance of one run of a question.
    pub fn new(seed: u64, run: u64) -> Self {
        let mut chance = Self(seed);
        // Runs begin far from each other, also where seeds are near.
        chance.0 = chance.next() ^ run.wrapping_mul(0xd134_2543_de82_ef95);
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `min` to `max`, each as likely.
    pub fn between(&mut self, min: i64, max: i64) -> i64 {
        let width = (max - min).max(0) as u128 + 1;
        min + ((u128::from(self.next()) * width) >> 64) as i64
    }

    /// True in `part` of `of` cases.
    pub fn holds(&mut self, part: i64, of: i64) -> bool {
        self.between(0, of.max(1) - 1) < part
    }

    /// An exponential time of this mean, in milliseconds; at least 1.
    ///
    /// By von Neumann's method (1951), which only compares: of uniform numbers u1 > u2 > … > uk, the first run of odd length
    /// has u1 as the part below one mean, and each run of even length before it adds one mean.
    pub fn exponential(&mut self, mean_ms: i64) -> i64 {
        let mut whole: i64 = 0;
        loop {
            let first = self.next();
            let (mut last, mut odd) = (first, true);
            loop {
                let next = self.next();
                if next >= last {
                    break;
                }
                (last, odd) = (next, !odd);
            }
            if odd {
                let part = (u128::from(first) * mean_ms.max(0) as u128) >> 64;
                return whole.saturating_mul(mean_ms).saturating_add(part as i64).max(1);
            }
            whole += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean, deviation and the share beyond a mean, over many draws.
    #[test]
    fn times_are_exponential() {
        let mut chance = Chance::new(7, 0);
        let (n, mean) = (200_000, 1_000_000);
        let draws: Vec<f64> =
            (0..n).map(|_| chance.exponential(mean) as f64 / mean as f64).collect();
        let average = draws.iter().sum::<f64>() / f64::from(n);
        let square = draws.iter().map(|x| x * x).sum::<f64>() / f64::from(n);
        let beyond = draws.iter().filter(|x| **x > 1.0).count() as f64 / f64::from(n);
        let far = draws.iter().filter(|x| **x > 3.0).count() as f64 / f64::from(n);
        assert!((average - 1.0).abs() < 0.01, "{average}");
        assert!((square - 2.0).abs() < 0.05, "{square}");
        assert!((beyond - (-1.0f64).exp()).abs() < 0.005, "{beyond}");
        assert!((far - (-3.0f64).exp()).abs() < 0.003, "{far}");
    }

    #[test]
    fn runs_differ_and_repeat() {
        let draw = |seed, run| Chance::new(seed, run).exponential(1 << 40);
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
        let mut chance = Chance::new(0, 0);
        assert!((0..1000).all(|_| (3..=5).contains(&chance.between(3, 5))));
        assert!((0..1000).all(|_| !chance.holds(0, 5)) && chance.holds(5, 5));
    }
}
