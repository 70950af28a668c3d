//! Time that is known between two ends.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// A duration in whole milliseconds of which the two ends are known: at least `min_ms`, at most `max_ms`. Sums
/// saturate.
///
/// ```
/// use podfit::model::Interval;
/// let wait = Interval::seconds(340) + Interval::between(0, 30_000);
/// assert_eq!(wait.to_string(), "5 min 40 s to 6 min 10 s");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interval {
    min_ms: i64,
    max_ms: Option<i64>,
}

impl Interval {
    /// No time at all.
    pub const ZERO: Self = Self { min_ms: 0, max_ms: Some(0) };

    /// So many milliseconds; none where that is negative.
    pub const fn exactly(ms: i64) -> Self {
        Self::between(ms, ms)
    }

    /// So many whole seconds; none where that is negative.
    pub const fn seconds(seconds: i64) -> Self {
        Self::exactly(seconds.saturating_mul(1000))
    }

    /// At least the lesser and at most the greater of two numbers of milliseconds; negative ones count as 0.
    pub const fn between(a_ms: i64, b_ms: i64) -> Self {
        let (min, max) = if a_ms <= b_ms { (a_ms, b_ms) } else { (b_ms, a_ms) };
        Self { min_ms: clamped(min), max_ms: Some(clamped(max)) }
    }

    /// So many milliseconds or more, without an upper end that is known.
    pub const fn at_least(ms: i64) -> Self {
        Self { min_ms: clamped(ms), max_ms: None }
    }

    /// The lower end, in milliseconds.
    pub const fn min_ms(self) -> i64 {
        self.min_ms
    }

    /// The upper end, in milliseconds, if there is one.
    pub const fn max_ms(self) -> Option<i64> {
        self.max_ms
    }

    /// When both have happened that take so long and begin together: the greater of the two at each end.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self {
            min_ms: self.min_ms.max(other.min_ms),
            max_ms: self.max_ms.zip(other.max_ms).map(|(a, b)| a.max(b)),
        }
    }

    /// When the first of two has happened that begin together: the lesser of the two at each end.
    #[must_use]
    pub fn either(self, other: Self) -> Self {
        let max_ms = match (self.max_ms, other.max_ms) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { min_ms: self.min_ms.min(other.min_ms), max_ms }
    }

    /// The least interval that holds both: one of the two, and it is not known which.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self {
            min_ms: self.min_ms.min(other.min_ms),
            max_ms: self.max_ms.zip(other.max_ms).map(|(a, b)| a.max(b)),
        }
    }

    /// Whether so many milliseconds lie within, the ends included.
    pub fn contains(self, ms: i64) -> bool {
        self.min_ms <= ms && self.max_ms.is_none_or(|max| ms <= max)
    }
}

const fn clamped(ms: i64) -> i64 {
    if ms < 0 { 0 } else { ms }
}

/// One after the other.
impl Add for Interval {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let ends = self.max_ms.zip(other.max_ms);
        Self {
            min_ms: self.min_ms.saturating_add(other.min_ms),
            max_ms: ends.map(|(a, b)| a.saturating_add(b)),
        }
    }
}

impl Sum for Interval {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

/// In words: `5 min 40 s`, `15 s to 19.4 s`, `6 min or more`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_ms(f, self.min_ms)?;
        match self.max_ms {
            None => f.write_str(" or more"),
            Some(max) if max == self.min_ms => Ok(()),
            Some(max) => {
                f.write_str(" to ")?;
                write_ms(f, max)
            }
        }
    }
}

/// All units that are not 0, the greatest first; `0 s` where none is.
fn write_ms(f: &mut fmt::Formatter<'_>, ms: i64) -> fmt::Result {
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min")];
    let (mut rest, mut between) = (ms, "");
    for (size, name) in units {
        if rest >= size {
            write!(f, "{between}{} {name}", rest / size)?;
            (rest, between) = (rest % size, " ");
        }
    }
    if rest == 0 && ms > 0 {
        return Ok(());
    }
    write!(f, "{between}{}", rest / 1000)?;
    if rest % 1000 > 0 {
        let decimals = format!("{:03}", rest % 1000);
        write!(f, ".{}", decimals.trim_end_matches('0'))?;
    }
    f.write_str(" s")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(interval: Interval) -> String {
        interval.to_string()
    }

    #[test]
    fn sums_add_each_end_and_lose_an_end_that_is_not_known() {
        let (a, b) = (Interval::between(1000, 2000), Interval::between(10, 400));
        assert_eq!(a + b, Interval::between(1010, 2400));
        assert_eq!(a + Interval::at_least(5), Interval::at_least(1005));
        assert_eq!([a, b, Interval::seconds(1)].into_iter().sum::<Interval>().min_ms(), 2010);
        assert_eq!(Interval::exactly(i64::MAX) + a, Interval::exactly(i64::MAX));
    }

    #[test]
    fn both_first_and_hull_differ_where_intervals_cross() {
        let (a, b) = (Interval::between(1, 10), Interval::between(3, 5));
        assert_eq!(a.both(b), Interval::between(3, 10));
        assert_eq!(a.either(b), Interval::between(1, 5));
        assert_eq!(a.hull(b), Interval::between(1, 10));
        let open = Interval::at_least(4);
        assert_eq!(a.both(open), Interval::at_least(4));
        assert_eq!(a.either(open), Interval::between(1, 10));
        assert_eq!(a.hull(open), Interval::at_least(1));
    }

    #[test]
    fn ends_are_put_in_order_and_are_never_negative() {
        assert_eq!(Interval::between(9, 2), Interval::between(2, 9));
        assert_eq!(Interval::between(-4, 2).min_ms(), 0);
        assert_eq!(Interval::seconds(i64::MIN), Interval::ZERO);
        assert_eq!(Interval::at_least(-1).min_ms(), 0);
        let both_ends = Interval::between(2, 9);
        assert!(both_ends.contains(2) && both_ends.contains(9));
        assert!(!both_ends.contains(1) && !both_ends.contains(10));
        assert!(Interval::at_least(2).contains(i64::MAX));
    }

    #[test]
    fn words_name_every_unit_that_is_not_zero() {
        assert_eq!(words(Interval::between(340_000, 370_000)), "5 min 40 s to 6 min 10 s");
        assert_eq!(words(Interval::between(15_000, 19_400)), "15 s to 19.4 s");
        assert_eq!(words(Interval::seconds(300)), "5 min");
        assert_eq!(words(Interval::ZERO), "0 s");
        assert_eq!(words(Interval::exactly(50)), "0.05 s");
        assert_eq!(words(Interval::seconds(3 * 86_400 + 7261)), "3 d 2 h 1 min 1 s");
        assert_eq!(words(Interval::at_least(360_000)), "6 min or more");
    }
}
