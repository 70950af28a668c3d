//! Kubernetes quantities, exactly: `250m`, `1.5Gi`, `1E3`, `.5`.
//!
//! The grammar and the rounding are those of apimachinery's `quantity.go` and `suffix.go`; a number without
//! any digit (`.`, `m`), which Kubernetes reads as 0, is refused here because it is a slip of the pen.

use podfit::model::ResourceId;
use std::fmt;

/// An exact amount in billionths, the smallest step that Kubernetes knows. Sums stay exact; rounding up
/// to the unit of a resource happens once, at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i128);

/// Why a text is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// No number, or a suffix that does not exist.
    Format,
    /// More than 2^63 - 1 whole units, or a text too long to be meant.
    OutOfRange,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "it is not a quantity",
            Self::OutOfRange => "it is larger than 2^63",
        })
    }
}

/// Billionths in a whole.
const NANO: i128 = 1_000_000_000;
const NANO_MAX: i128 = (i64::MAX as i128) * NANO;
/// Longer texts are refused before they cost anything.
const TEXT_BYTES_MAX: usize = 128;
/// Significant digits kept: a remainder below 10^37 can still be doubled in an `i128`.
const DIGITS_MAX: u32 = 37;

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// That many wholes.
    pub fn whole(n: i64) -> Self {
        Self(i128::from(n) * NANO)
    }

    /// The amount in billionths.
    pub fn nano(self) -> i128 {
        self.0
    }

    /// Reads a quantity. What lies below a billionth is rounded away from zero, as Kubernetes does.
    ///
    /// # Errors
    /// [`QuantityError::Format`] and [`QuantityError::OutOfRange`].
    ///
    /// ```
    /// use podfit_kube::Quantity;
    /// assert_eq!(Quantity::parse("1E3"), Ok(Quantity::whole(1000)));
    /// assert_eq!(Quantity::parse("1Ki"), Ok(Quantity::whole(1024)));
    /// assert!(Quantity::parse("1e").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(QuantityError::OutOfRange);
        }
        let (negative, rest) = match text.as_bytes() {
            [b'-', ..] => (true, &text[1..]),
            [b'+', ..] => (false, &text[1..]),
            _ => (false, text),
        };
        let (number, suffix) = digits(rest)?;
        let nano = match scale(suffix).ok_or(QuantityError::Format)? {
            Scale::Decimal(exponent) => number.times_ten_to(exponent.saturating_add(9)),
            Scale::Binary(bits) => number.times_ten_to_and_two_to(9, bits),
        };
        let nano = nano.filter(|&n| n <= NANO_MAX).ok_or(QuantityError::OutOfRange)?;
        Ok(Self(if negative { -nano } else { nano }))
    }

    /// The sum; it cannot overflow below 10^10 terms, and saturates there.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// `n` thousandths.
    pub fn milli(n: i64) -> Self {
        Self(i128::from(n) * (NANO / 1000))
    }

    /// What is left of it without `other`, at least 0.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }

    /// The amount in the integer unit of a resource (CPU in thousandths, all else whole), rounded up.
    pub fn in_unit_of(self, resource: ResourceId) -> i64 {
        let unit = if resource == ResourceId::CPU { NANO / 1000 } else { NANO };
        let up = self.0.div_euclid(unit) + i128::from(self.0.rem_euclid(unit) != 0);
        // A saturated amount is far above what `ClusterBuilder` accepts, so it is reported there.
        i64::try_from(up).unwrap_or(if up < 0 { i64::MIN } else { i64::MAX })
    }

    /// Whether the amount is a whole number, as extended resources must be.
    pub fn is_whole(self) -> bool {
        self.0 % NANO == 0
    }
}

/// `mantissa` × 10^`exponent`, a little more if `rest` is set (digits that were cut off).
struct Number {
    mantissa: i128,
    exponent: i32,
    rest: bool,
}

enum Scale {
    Decimal(i32),
    Binary(u32),
}

fn digits(text: &str) -> Result<(Number, &str), QuantityError> {
    let mut n = Number { mantissa: 0, exponent: 0, rest: false };
    let (mut significant, mut any, mut fraction) = (0, false, false);
    let mut end = text.len();
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                any = true;
                let digit = i128::from(byte - b'0');
                if significant < DIGITS_MAX {
                    n.mantissa = n.mantissa * 10 + digit;
                    significant += u32::from(n.mantissa != 0);
                    n.exponent -= i32::from(fraction);
                } else {
                    n.rest |= digit != 0;
                    n.exponent += i32::from(!fraction);
                }
            }
            b'.' if !fraction => fraction = true,
            _ => {
                end = i;
                break;
            }
        }
    }
    if any { Ok((n, &text[end..])) } else { Err(QuantityError::Format) }
}

fn scale(suffix: &str) -> Option<Scale> {
    Some(match suffix {
        "n" => Scale::Decimal(-9),
        "u" => Scale::Decimal(-6),
        "m" => Scale::Decimal(-3),
        "" => Scale::Decimal(0),
        "k" => Scale::Decimal(3),
        "M" => Scale::Decimal(6),
        "G" => Scale::Decimal(9),
        "T" => Scale::Decimal(12),
        "P" => Scale::Decimal(15),
        "E" => Scale::Decimal(18),
        "Ki" => Scale::Binary(10),
        "Mi" => Scale::Binary(20),
        "Gi" => Scale::Binary(30),
        "Ti" => Scale::Binary(40),
        "Pi" => Scale::Binary(50),
        "Ei" => Scale::Binary(60),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            // Beyond a million the sign alone decides the result: zero's neighbour or out of range.
            let size = unsigned.parse::<i32>().map_or(1_000_000, |n| n.min(1_000_000));
            Scale::Decimal(if exponent.starts_with('-') { -size } else { size })
        }
    })
}

impl Number {
    /// The value × 10^`ten`, rounded up; `None` on overflow.
    fn times_ten_to(self, ten: i32) -> Option<i128> {
        self.times_ten_to_and_two_to(ten, 0)
    }

    /// The value × 10^`ten` × 2^`two`, rounded up once; `None` on overflow.
    fn times_ten_to_and_two_to(self, ten: i32, two: u32) -> Option<i128> {
        let exponent = self.exponent.saturating_add(ten);
        if self.mantissa == 0 {
            return Some(0);
        }
        if exponent >= 0 {
            // Cut digits mean a mantissa of 37 digits, which overflows the range with any power.
            let power = 10i128.checked_pow(exponent.unsigned_abs())?;
            return self.mantissa.checked_mul(power)?.checked_mul(1 << two);
        }
        let places = exponent.unsigned_abs();
        if places > DIGITS_MAX {
            // Below a billionth even after the largest suffix (2^60 < 10^19) when very small; divide in
            // two steps, keeping the fact that something was cut.
            let cut = places - DIGITS_MAX;
            let power = 10i128.checked_pow(cut.min(38))?;
            let shorter = Self {
                mantissa: self.mantissa / power,
                exponent: -(DIGITS_MAX as i32),
                rest: self.rest || self.mantissa % power != 0,
            };
            return shorter.divided(DIGITS_MAX, two);
        }
        self.divided(places, two)
    }

    /// mantissa × 2^`two` / 10^`places`, rounded up. Doubling quotient and remainder keeps it exact
    /// where the product would not fit.
    fn divided(self, places: u32, two: u32) -> Option<i128> {
        let power = 10i128.pow(places);
        let (mut quotient, mut remainder) = (self.mantissa / power, self.mantissa % power);
        for _ in 0..two {
            remainder *= 2;
            let carry = i128::from(remainder >= power);
            remainder -= carry * power;
            quotient = quotient.checked_mul(2)?.checked_add(carry)?;
        }
        quotient.checked_add(i128::from(remainder != 0 || self.rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nano(text: &str) -> i128 {
        Quantity::parse(text).unwrap().nano()
    }

    #[test]
    fn suffixes_and_signs_are_those_of_kubernetes() {
        for (text, value) in [
            ("0", 0),
            ("1", NANO),
            ("+1", NANO),
            ("-1", -NANO),
            (".5", NANO / 2),
            ("5.", 5 * NANO),
            ("100m", NANO / 10),
            ("1n", 1),
            ("1u", 1000),
            ("0.1n", 1),
            ("-0.1n", -1),
            ("1e-400", 1),
            ("1k", 1000 * NANO),
            ("1Ki", 1024 * NANO),
            ("1.5Ki", 1536 * NANO),
            ("1E", 1_000_000_000_000_000_000 * NANO),
            ("1E3", 1000 * NANO),
            ("1e3", 1000 * NANO),
            ("1e+3", 1000 * NANO),
            ("1e-3", NANO / 1000),
            ("1.5Gi", 1_610_612_736 * NANO),
            ("0.000000000000000001Ei", 1_152_921_505),
            ("1234567890123456789.123456789", 1_234_567_890_123_456_789_123_456_789),
            ("100000000000000000000000000000000000000000e-40", 10 * NANO),
            ("000000000000000000000000000000000000000001", NANO),
        ] {
            assert_eq!(nano(text), value, "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in [
            "", "+", "-", ".", "m", "1e", "1i", "1 ", " 1", "1mi", "1.1.1", "1+1", "0x1", "1Kii",
            "1KI", "1K", "--1", "1e1.5", "1Ee3", "1m5", "١", "1e--1", "NaN", "inf",
        ] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::Format), "{text:?}");
        }
        for text in ["1e19", "9223372036854775808", "8Ei", "1e999999999999", &"9".repeat(200)] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::OutOfRange), "{text:?}");
        }
    }

    #[test]
    fn rounding_up_happens_in_the_unit_of_the_resource() {
        let q = Quantity::parse("0.0001").unwrap();
        assert_eq!((q.in_unit_of(ResourceId::CPU), q.in_unit_of(ResourceId::MEMORY)), (1, 1));
        let third = Quantity::parse("0.0005").unwrap();
        assert_eq!(third.plus(third).in_unit_of(ResourceId::CPU), 1, "sum first, then round");
        assert_eq!(Quantity::parse("-0.5").unwrap().in_unit_of(ResourceId::MEMORY), 0);
        assert!(!q.is_whole());
    }

    /// Against plain rational arithmetic: mantissa × 2^b × 10^e / 10^places, in parts that fit.
    #[test]
    fn decimals_are_exact() {
        const SUFFIXES: [(&str, i128, i128); 9] = [
            ("", 1, 1),
            ("m", 1, 1000),
            ("u", 1, 1_000_000),
            ("k", 1000, 1),
            ("M", 1_000_000, 1),
            ("Ki", 1 << 10, 1),
            ("Mi", 1 << 20, 1),
            ("e2", 100, 1),
            ("E-2", 1, 100),
        ];
        for config in podfit_soak::rounds(256, 1_000_000) {
            let parts = (0u64..1 << 40, 0u64..1_000_000_000_000);
            proptest!(config, |((whole, fraction) in parts, suffix in 0usize..9)| {
                let (name, num, den) = SUFFIXES[suffix];
                let text = format!("{whole}.{fraction:012}{name}");
                // Parts of 10^12, then of 10^12 × den / num; nano is 10^9 of a whole.
                let parts = i128::from(whole) * 1_000_000_000_000 + i128::from(fraction);
                let (n, d) = (parts * num, 1000 * den);
                prop_assert_eq!(nano(&text), n / d + i128::from(n % d != 0));
            });
        }
    }

    #[test]
    fn any_text_is_answered() {
        for config in podfit_soak::rounds(256, 1_000_000) {
            proptest!(config, |(text in "[-+.0-9eEinumkKMGTP]{0,60}")| {
                if let Ok(q) = Quantity::parse(&text) {
                    prop_assert!(q.nano().abs() <= NANO_MAX);
                }
            });
        }
    }

    #[test]
    fn leading_and_trailing_zeros_change_nothing() {
        for config in podfit_soak::rounds(256, 1_000_000) {
            proptest!(config, |(n in 0u32..1_000_000, zeros in 0usize..30)| {
                let z = "0".repeat(zeros);
                prop_assert_eq!(nano(&format!("{z}{n}.{z}Mi")), nano(&format!("{n}Mi")));
            });
        }
    }
}
