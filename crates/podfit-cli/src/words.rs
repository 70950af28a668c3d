//! What options take: words, times, steps, routes.

use crate::timing::span;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use podfit_api::{Format, LeaderGoes, Mode, NetworkPart, RouteChange, SequenceStep, Solver};
use std::time::Duration;

/// A word that options take.
pub trait Word: Copy + Send + Sync + 'static {
    fn value(self) -> PossibleValue;
    fn from_name(name: &str) -> Option<Self>;
}

macro_rules! words {
    ($($word:ident),*) => {$(
        impl Word for $word {
            fn value(self) -> PossibleValue {
                PossibleValue::new(self.name()).help(self.meaning().trim().trim_end_matches('.'))
            }

            fn from_name(name: &str) -> Option<Self> {
                $word::from_name(name)
            }
        }
    )*};
}
words!(Format, LeaderGoes, Mode, NetworkPart, Solver);

/// Takes one of these words.
pub fn word<W: Word>(words: &'static [W]) -> impl TypedValueParser<Value = W> {
    let names = PossibleValuesParser::new(words.iter().map(|w| w.value()));
    names.try_map(|name| W::from_name(&name).ok_or("no such word"))
}

pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, quantity)) if !name.is_empty() && !quantity.is_empty() => {
            Ok((name.trim().into(), quantity.trim().into()))
        }
        _ => Err("write NAME=QUANTITY, as cpu=100m".into()),
    }
}

pub fn step(text: &str) -> Result<SequenceStep, String> {
    let (what, names) = text.split_once('=').unwrap_or((text, ""));
    let (names, time) = names.rsplit_once('@').map_or((names, None), |(n, time)| (n, Some(time)));
    let for_seconds = time.map(span).transpose()?;
    let nodes: Vec<String> =
        names.split(',').filter(|n| !n.is_empty()).map(|n| n.trim().to_string()).collect();
    if nodes.is_empty() {
        return Err("name nodes, as drain=NODE,NODE".into());
    }
    match what {
        "cordon" => Ok(SequenceStep::Cordon { nodes, for_seconds }),
        "drain" => Ok(SequenceStep::Drain { nodes, for_seconds }),
        "lose" => Ok(SequenceStep::Lose { nodes, for_seconds }),
        "delete" => Ok(SequenceStep::Delete { nodes, for_seconds }),
        "return" => Ok(SequenceStep::Return { nodes, for_seconds }),
        "share" => Ok(SequenceStep::Share { nodes, for_seconds }),
        "unshare" => Ok(SequenceStep::Unshare { nodes, for_seconds }),
        "fail-over" => Ok(SequenceStep::FailOver { nodes, for_seconds }),
        _ => Err(format!(
            "{what:?} is none of cordon, drain, lose, delete, return, share, unshare, fail-over"
        )),
    }
}

pub fn duration(text: &str) -> Result<Duration, String> {
    let units: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
    let parsed = units
        .into_iter()
        .find_map(|(unit, ms)| text.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(ms));
    match parsed {
        Some(ms) if ms > 0 => Ok(Duration::from_millis(ms)),
        _ => Err("write a whole number above 0 with ms, s, m or h, as 10s".into()),
    }
}

/// A route as Linux writes it: `DESTINATION via NEXT-HOP dev INTERFACE metric N`, with blanks or commas between; an
/// interface may have blanks.
pub fn route(text: &str) -> Result<RouteChange, String> {
    let apart = |c: char| c.is_whitespace() || c == ',';
    let mut words = text.split(apart).filter(|w| !w.is_empty()).peekable();
    let destination = words.next().ok_or("the route is empty")?.to_owned();
    let mut change = RouteChange { destination, ..RouteChange::default() };
    while let Some(word) = words.next() {
        let mut value = Vec::new();
        while let Some(next) = words.next_if(|w| !["via", "dev", "metric"].contains(w)) {
            value.push(next);
        }
        let value = value.join(" ");
        match word {
            _ if value.is_empty() => return Err(format!("{word} has no value")),
            "via" => change.next_hop = Some(value),
            "dev" => change.interface = Some(value),
            "metric" => {
                let metric = value.parse().map_err(|_| format!("{value:?} is no metric"))?;
                change.metric = Some(metric);
            }
            _ => return Err("write DESTINATION via NEXT-HOP dev INTERFACE metric N".into()),
        }
    }
    Ok(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        let read = route("192.168.21.0/24 via 192.168.20.1 dev Port 3 metric 100").unwrap();
        assert_eq!((read.interface.as_deref(), read.metric), (Some("Port 3"), Some(100)));
        let same = route("192.168.21.0/24,via,192.168.20.1,dev,Port 3,metric,100");
        assert_eq!(same.as_ref(), Ok(&read));
        assert_eq!(route("10.0.0.0/8").unwrap().next_hop, None);
        for bad in ["", "10.0.0.0/8 via", "10.0.0.0/8 by x", "10.0.0.0/8 metric many"] {
            assert!(route(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for bad in
            ["", "10", "s", "-1s", "1.5s", "0s", "99999999999999999999h", "18446744073709551615h"]
        {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
