//! Metrics in Prometheus' text format (version 0.0.4), for a textfile collector.
//!
//! In: families of gauges. Out: for each a HELP and a TYPE line, then its samples; no timestamps, which the collector does
//! not take.

use crate::time::Seconds;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A whole number.
    Number(i64),
    /// Thousandths.
    Milli(i64),
    /// It is not known.
    Unknown,
    /// Without an upper end.
    Unbounded,
}

impl From<Seconds> for Value {
    fn from(seconds: Seconds) -> Self {
        Self::Milli(seconds.ms())
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Milli(n) if n % 1000 == 0 => write!(f, "{}", n / 1000),
            Self::Milli(n) => {
                let sign = if n < 0 { "-" } else { "" };
                let decimals = format!("{:03}", (n % 1000).abs());
                write!(f, "{sign}{}.{}", (n / 1000).abs(), decimals.trim_end_matches('0'))
            }
            Self::Unknown => f.write_str("NaN"),
            Self::Unbounded => f.write_str("+Inf"),
        }
    }
}

/// Samples of one name: each with its labels, name and value.
pub(super) struct Family {
    pub name: &'static str,
    pub help: &'static str,
    pub samples: Vec<(Vec<(&'static str, String)>, Value)>,
}

impl Family {
    pub fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, samples: Vec::new() }
    }

    pub fn with(mut self, labels: Vec<(&'static str, String)>, value: Value) -> Self {
        self.samples.push((labels, value));
        self
    }
}

/// The text of all families that have a sample.
pub(super) fn text(families: &[Family]) -> String {
    let mut out = String::new();
    for family in families.iter().filter(|f| !f.samples.is_empty()) {
        let Family { name, help, samples } = family;
        out += &format!("# HELP {name} {}\n# TYPE {name} gauge\n", escaped(help, false));
        for (labels, value) in samples {
            let label =
                |(key, value): &(&str, String)| format!("{key}=\"{}\"", escaped(value, true));
            let labels = labels.iter().map(label).collect::<Vec<_>>().join(",");
            let labels = if labels.is_empty() { labels } else { format!("{{{labels}}}") };
            out += &format!("{name}{labels} {value}\n");
        }
    }
    out
}

/// Backslashes and line feeds escaped, in the values of labels quotes too.
fn escaped(text: &str, is_value: bool) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    if is_value { text.replace('"', "\\\"") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_values_are_escaped_and_exact() {
        let family = Family::new("podfit_x", "what\\it\nis \"quoted\"")
            .with(vec![("lost", "a\"b\\c\nd".into()), ("of", "höst".into())], Value::Milli(-1_500))
            .with(vec![], Value::Number(3))
            .with(vec![("of", String::new())], Value::Milli(2_000))
            .with(vec![], Value::Unbounded)
            .with(vec![], Value::Unknown);
        let empty = Family::new("podfit_y", "nothing");
        let expected = "# HELP podfit_x what\\\\it\\nis \"quoted\"\n# TYPE podfit_x gauge\n\
             podfit_x{lost=\"a\\\"b\\\\c\\nd\",of=\"höst\"} -1.5\npodfit_x 3\npodfit_x{of=\"\"} 2\n\
             podfit_x +Inf\npodfit_x NaN\n";
        assert_eq!(text(&[family, empty]), expected);
        assert_eq!(Value::Milli(-500).to_string(), "-0.5");
        assert_eq!(Value::Milli(335_600).to_string(), "335.6");
    }
}
