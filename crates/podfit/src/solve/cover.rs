//! The cheapest whole bins that hold a need of one resource: a knapsack turned over, by dynamic programming on amounts.

/// Amounts are told in at most so many units: sizes are rounded up to them, so that the answer stays a lower bound.
const UNITS_MAX: i128 = 10_000;
/// Units times bins looked at.
const STEPS_MAX: usize = 40_000_000;

/// What bins of (cost, size) that hold `need` together cost at least, and the steps that it took; where all of them do not
/// hold it, what all cost.
pub(super) fn cheapest_cover(mut bins: Vec<(i64, i64)>, mut need: i128) -> (i64, usize) {
    bins.retain(|&(_, size)| size > 0);
    need -= bins.iter().filter(|(cost, _)| *cost <= 0).map(|&(_, s)| i128::from(s)).sum::<i128>();
    bins.retain(|&(cost, _)| cost > 0);
    if need <= 0 {
        return (0, 0);
    }
    if bins.iter().map(|&(_, s)| i128::from(s)).sum::<i128>() < need {
        return (bins.iter().fold(0, |sum, &(cost, _)| sum.saturating_add(cost)), 0);
    }
    bins.sort_unstable();
    let units_max = UNITS_MAX.min((STEPS_MAX / (bins.len() + 1)) as i128).max(1);
    let unit = (need + units_max - 1) / units_max;
    let units = |amount: i128| ((amount + unit - 1) / unit) as usize;
    let target = units(need);
    // By units held: what these cost at least.
    let mut least = vec![i64::MAX; target + 1];
    least[0] = 0;
    let mut steps = 0;
    for run in bins.chunk_by(|a, b| a == b) {
        let (cost, size) = run[0];
        let size = units(i128::from(size)).min(target);
        let mut left = run.len();
        let mut together = 1;
        // 1, 2, 4, … of equal bins make up any number of them.
        while left > 0 {
            let n = together.min(left);
            (left, together) = (left - n, together * 2);
            let (cost, size) = (cost.saturating_mul(n as i64), size.saturating_mul(n));
            for held in (1..=target).rev() {
                let with = least[held.saturating_sub(size)].saturating_add(cost);
                least[held] = least[held].min(with);
            }
            steps += target;
        }
    }
    (least[target], steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cheapest_cover_is_below_every_set_that_covers() {
        let mut state = 7u64;
        let mut below = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let mut exact = 0;
        for round in 0..500 {
            let large = round % 2 == 1;
            let scale = if large { 1 << 40 } else { 1 };
            let bins: Vec<(i64, i64)> = (0..1 + below(8))
                .map(|_| (below(5) as i64, below(9) as i64 * scale + i64::from(large)))
                .collect();
            let need = i128::from(below(30)) * i128::from(scale);
            let sets = 0..1u32 << bins.len();
            let sum = |set: u32, f: &dyn Fn(&(i64, i64)) -> i128| -> i128 {
                (0..bins.len()).filter(|i| set & (1 << i) != 0).map(|i| f(&bins[i])).sum()
            };
            let best = sets
                .filter(|&set| sum(set, &|b| i128::from(b.1)) >= need)
                .map(|set| sum(set, &|b| i128::from(b.0)))
                .min();
            let (said, _) = cheapest_cover(bins.clone(), need);
            match best {
                Some(best) if large => assert!(i128::from(said) <= best, "{bins:?} {need}"),
                Some(best) => assert_eq!(i128::from(said), best, "{bins:?} {need}"),
                None => {
                    assert!(i128::from(said) <= sum(u32::MAX, &|b| i128::from(b.0)), "{bins:?}")
                }
            }
            exact += u32::from(best.is_some_and(|b| b > 0 && b == i128::from(said)));
        }
        assert!(exact > 100, "{exact} of 500 say something");
    }
}
