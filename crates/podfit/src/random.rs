//! Chance by seed: the same seed gives the same numbers on every machine.

/// The generator splitmix64 (Steele, Lea, Flood 2014): 64 bits of state, good for any seed, zero included.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The numbers of one of many streams of a seed: streams begin far from each other, also where seeds are near.
    pub fn stream(seed: u64, stream: u64) -> Self {
        let mut random = Self(seed);
        random.0 = random.next() ^ stream.wrapping_mul(0xd134_2543_de82_ef95);
        random.next();
        random
    }

    /// 64 random bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, each as likely as the others (up to n / 2^64); 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
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

    /// An exponential number of this mean, rounded down.
    ///
    /// By von Neumann's method (1951), which only compares: of uniform numbers u1 > u2 > … > uk, the first run of odd length
    /// has u1 as the part below one mean, and each run of even length before it adds one mean.
    pub fn exponential(&mut self, mean: i64) -> i64 {
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
                let part = (u128::from(first) * mean.max(0) as u128) >> 64;
                return whole.saturating_mul(mean).saturating_add(part as i64);
            }
            whole += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the generator as its authors publish it, of the seeds 0 and 1234567.
    #[test]
    fn it_is_splitmix64() {
        for (seed, want) in [
            (0, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]),
            (
                1_234_567,
                [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423],
            ),
        ] {
            let mut random = Random::new(seed);
            assert_eq!([(); 3].map(|()| random.next()), want, "seed {seed}");
        }
    }

    /// Mean, deviation and the share beyond a mean, over many draws.
    #[test]
    fn numbers_are_exponential() {
        let mut random = Random::stream(7, 0);
        let (n, mean) = (200_000, 1_000_000);
        let draws: Vec<f64> =
            (0..n).map(|_| random.exponential(mean) as f64 / mean as f64).collect();
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
    fn streams_differ_and_repeat() {
        let draw = |seed, stream| Random::stream(seed, stream).exponential(1 << 40);
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
        let mut random = Random::stream(0, 0);
        assert!((0..1000).all(|_| (3..=5).contains(&random.between(3, 5))));
        assert!((0..1000).all(|_| !random.holds(0, 5)) && random.holds(5, 5));
    }
}
