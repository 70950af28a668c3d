//! Times on the wire: seconds as numbers, kept in whole milliseconds.

use podfit::model::Interval;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// The longest time that a request may give: a hundred years.
const SECONDS_MAX: f64 = 100.0 * 366.0 * 86_400.0;

/// Seconds, to the millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(i64);

impl Seconds {
    /// Of so many milliseconds; 0 where that is negative.
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.max(0))
    }

    /// In milliseconds.
    pub fn ms(self) -> i64 {
        self.0
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % 1000 {
            0 => serializer.serialize_i64(self.0 / 1000),
            _ => serializer.serialize_f64(self.0 as f64 / 1000.0),
        }
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        if !(0.0..=SECONDS_MAX).contains(&seconds) {
            return Err(D::Error::custom("seconds must be between 0 and a hundred years"));
        }
        Ok(Self((seconds * 1000.0).round() as i64))
    }
}

impl JsonSchema for Seconds {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Seconds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "minimum": 0})
    }
}

/// A number to the billionth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

impl Decimal {
    /// The nearest to a number that is neither infinite nor beyond nine billion.
    pub fn near(number: f64) -> Self {
        Self((number * 1e9).round() as i64)
    }

    /// As a float.
    pub fn value(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::near)
    }
}

impl JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number"})
    }
}

/// A time between two ends, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// At least.
    pub min: Seconds,
    /// At most; null where no end is known.
    pub max: Option<Seconds>,
}

impl From<Interval> for Span {
    fn from(interval: Interval) -> Self {
        Self {
            min: Seconds::from_ms(interval.min_ms()),
            max: interval.max_ms().map(Seconds::from_ms),
        }
    }
}

impl From<Span> for Interval {
    fn from(span: Span) -> Self {
        match span.max {
            Some(max) => Self::between(span.min.ms(), max.ms()),
            None => Self::at_least(span.min.ms()),
        }
    }
}

impl Span {
    /// In words, the lower end in whole seconds that have passed, the upper one in such that will have: `5 min 34 s to
    /// 6 min 37 s`.
    pub fn words(self) -> String {
        let second = 1000;
        let min = self.min.ms() / second * second;
        match self.max {
            Some(max) => {
                Interval::between(min, max.ms().saturating_add(second - 1) / second * second)
            }
            None => Interval::at_least(min),
        }
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_go_there_and_back() {
        for (ms, text) in [(0, "0"), (340_000, "340"), (549_400, "549.4"), (1, "0.001")] {
            let seconds = Seconds::from_ms(ms);
            assert_eq!(serde_json::to_string(&seconds).unwrap(), text);
            assert_eq!(serde_json::from_str::<Seconds>(text).unwrap(), seconds);
        }
        for bad in ["-1", "1e300", "\"5\"", "null"] {
            assert!(serde_json::from_str::<Seconds>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn words_are_whole_seconds_around_it() {
        let words = |min, max| Span::from(Interval::between(min, max)).words();
        assert_eq!(words(334_600, 396_100), "5 min 34 s to 6 min 37 s");
        assert_eq!(words(0, 0), "0 s");
        assert_eq!(Span::from(Interval::at_least(1_500)).words(), "1 s or more");
    }
}
