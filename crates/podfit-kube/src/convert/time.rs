//! Points in time, as `metav1.Time` prints them (RFC 3339).

use crate::{
    fault::{Path, quote},
    wire::Leaf,
};

use super::Out;

/// Seconds since 1970 of a time that may be absent, which is 0. A malformed one is reported.
pub(super) fn seconds(leaf: &Leaf, path: &Path<'_>, out: &mut Out<'_>) -> i64 {
    let Some(text) = leaf.text(path, out.faults).filter(|t| !t.is_empty()) else { return 0 };
    parse(text).unwrap_or_else(|| {
        let cause = format!("{} is no time", quote(text));
        out.faults.push(path, "time-invalid", cause, "write it as 2026-01-31T12:00:00Z");
        0
    })
}

/// Seconds since 1970 of `2026-01-31T12:00:00Z`, with an offset instead of `Z` and with a fraction, which is
/// cut off, as well.
fn parse(text: &str) -> Option<i64> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?.strip_prefix('T')?);
    let (clock, rest) = (rest.get(..8)?, rest.get(8..)?);
    let (year, month, day) = three(date, b'-', 4)?;
    let (hour, minute, second) = three(clock, b':', 2)?;
    let in_range = (1..=12).contains(&month)
        && (1..=days_of(month, year)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let offset = offset(fraction(rest)?)?;
    in_range.then(|| days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset)
}

/// Three numbers with a byte between them, the first of `first` digits, the others of two.
fn three(text: &str, between: u8, first: usize) -> Option<(i64, i64, i64)> {
    let bytes = text.as_bytes();
    let parted = bytes.get(first) == Some(&between) && bytes.get(first + 3) == Some(&between);
    let number = |from: usize, to: usize| digits(text.get(from..to)?);
    let found = (number(0, first)?, number(first + 1, first + 3)?, number(first + 4, first + 6)?);
    parted.then_some(found)
}

fn digits(text: &str) -> Option<i64> {
    let all = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

/// What follows a fraction of a second, if there is one.
fn fraction(text: &str) -> Option<&str> {
    let Some(rest) = text.strip_prefix('.') else { return Some(text) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).filter(|&end| end > 0)?;
    Some(&rest[end..])
}

/// Seconds ahead of UTC: `Z`, `+01:00`.
fn offset(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('+') { 1 } else { -1 };
    let text = text.strip_prefix(['+', '-'])?;
    let (hours, minutes) = text.split_once(':')?;
    let (h, m) = (digits(hours)?, digits(minutes)?);
    let right = hours.len() == 2 && minutes.len() == 2 && h < 24 && m < 60;
    right.then_some(sign * (h * 3_600 + m * 60))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(month: i64, year: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the years 0 to 9999.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Whole years before this one, counted from the year 0, which is a leap year.
    let leaps = match year {
        0 => 0,
        _ => (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1,
    };
    let months: i64 = (1..month).map(|m| days_of(m, year)).sum();
    const TO_1970: i64 = 719_528;
    year * 365 + leaps + months + day - 1 - TO_1970
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2000-03-01T00:00:00Z", 951_868_800),
            ("2022-04-11T22:50:00Z", 1_649_717_400),
            ("2026-01-31T12:00:00Z", 1_769_860_800),
            ("2026-01-31T12:00:00.999999Z", 1_769_860_800),
            ("2026-01-31T13:30:00+01:30", 1_769_860_800),
            ("2026-01-31T07:00:00.5-05:00", 1_769_860_800),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("0000-01-01T00:00:00Z", -62_167_219_200),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_day_before() {
        let mut last = days(0, 1, 1) - 1;
        for year in 0..=2400 {
            for month in 1..=12 {
                for day in 1..=days_of(month, year) {
                    assert_eq!(days(year, month, day), last + 1, "{year}-{month}-{day}");
                    last += 1;
                }
            }
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "now",
            "2026-01-31",
            "2026-01-31 12:00:00Z",
            "2026-01-31T12:00:00",
            "2026-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-00-01T12:00:00Z",
            "2026-01-00T12:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T12:60:00Z",
            "2026-01-31T12:00:60Z",
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00:00+1:00",
            "2026-01-31T12:00:00+25:00",
            "2026-01-31T12:00:00Zulu",
            "+026-01-31T12:00:00Z",
            "2026-1-031T12:00:00Z",
            "２026-01-31T12:00:00Z",
            "2026-01-31T１2:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
