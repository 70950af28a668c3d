//! Arguments about time.

use clap::{ArgAction, Args};
use podfit_api::{FailureRate, Seconds, Span, StartTime, Timing as Wire};

/// What times rest on. A time is written as 30s, 1m30s or 2m..5m, between two ends.
#[derive(Debug, Default, Args)]
pub struct Timing {
    /// Version of Kubernetes, as 1.31: since 1.32 a node has 50 s to be heard of, before it 40 s. If not given: either.
    #[arg(long, value_name = "VERSION", help_heading = "Times")]
    pub kubernetes: Option<String>,
    /// Silent nodes are cut off rather than dead: their pods run on, and an edge device waits before it acts.
    #[arg(long, help_heading = "Times")]
    pub isolated: bool,
    /// The kube-controller-manager's --node-monitor-grace-period, where it is not the default.
    #[arg(long, value_name = "TIME", value_parser = span, help_heading = "Times")]
    pub grace_period: Option<Span>,
    /// Until the control plane is back where it is lost; on an edge device, until its master machine is up on the other
    /// host (assumed there: 2m..5m).
    #[arg(long, value_name = "TIME", value_parser = span, help_heading = "Times")]
    pub control_plane_back: Option<Span>,
    /// Until an edge device notices that a host is silent (assumed: 10s).
    #[arg(long, value_name = "TIME", value_parser = span, help_heading = "Times")]
    pub host_silent: Option<Span>,
    /// To make and schedule a replacement (assumed: 0s..1s).
    #[arg(long, value_name = "TIME", value_parser = span, help_heading = "Times")]
    pub schedule_time: Option<Span>,
    /// To attach a volume (assumed: 0s..20s).
    #[arg(long, value_name = "TIME", value_parser = span, help_heading = "Times")]
    pub attach_time: Option<Span>,
    /// To pull the image, start and become ready (assumed: 1s..30s); for one workload as db=1m..2m.
    #[arg(long, value_name = "[WORKLOAD=]TIME", value_parser = start, action = ArgAction::Append, help_heading = "Times")]
    pub start_time: Vec<Start>,
}

/// How long pods take to start: all, or those of a workload.
#[derive(Clone, Debug)]
pub struct Start {
    workload: Option<String>,
    seconds: Span,
}

impl From<Timing> for Wire {
    fn from(timing: Timing) -> Self {
        let (mut start_seconds, mut starts) = (None, Vec::new());
        for Start { workload, seconds } in timing.start_time {
            match workload {
                None => start_seconds = Some(seconds),
                Some(workload) => starts.push(StartTime { workload, seconds }),
            }
        }
        Self {
            kubernetes: timing.kubernetes,
            isolated: timing.isolated,
            grace_seconds: timing.grace_period,
            control_plane_seconds: timing.control_plane_back,
            host_seconds: timing.host_silent,
            schedule_seconds: timing.schedule_time,
            attach_seconds: timing.attach_time,
            start_seconds,
            starts,
        }
    }
}

/// What fails, and the mean times between failures and to repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures {
    /// Nodes by commas, or a label.
    pub what: String,
    between: Seconds,
    repair: Seconds,
}

impl Failures {
    /// As the request has it: nodes that fail each for itself or together.
    pub fn nodes(self, together: bool) -> FailureRate {
        let nodes = self.what.split(',').map(|name| name.trim().to_string()).collect();
        FailureRate {
            nodes,
            domain: None,
            together,
            between_failures_seconds: self.between,
            repair_seconds: self.repair,
        }
    }

    /// The same of the values of a label.
    pub fn domain(self) -> FailureRate {
        let domain = Some(self.what.clone());
        FailureRate { nodes: Vec::new(), domain, ..self.nodes(true) }
    }
}

/// `NODES=UP/REPAIR`.
pub fn failures(text: &str) -> Result<Failures, String> {
    let wrong = || "write NODES=UP/REPAIR, as *=1y/4h".to_string();
    let (what, times) =
        text.rsplit_once('=').filter(|(what, _)| !what.is_empty()).ok_or_else(wrong)?;
    let (between, repair) = times.split_once('/').ok_or_else(wrong)?;
    let (between, repair) = (milliseconds(between)?, milliseconds(repair)?);
    Ok(Failures {
        what: what.into(),
        between: Seconds::from_ms(between),
        repair: Seconds::from_ms(repair),
    })
}

fn start(text: &str) -> Result<Start, String> {
    match text.rsplit_once('=') {
        Some((workload, time)) => {
            Ok(Start { workload: Some(workload.into()), seconds: span(time)? })
        }
        None => Ok(Start { workload: None, seconds: span(text)? }),
    }
}

/// `30s`, or `2m..5m`.
pub fn span(text: &str) -> Result<Span, String> {
    let (min, max) = text.split_once("..").unwrap_or((text, text));
    let (min, max) = (milliseconds(min)?, milliseconds(max)?);
    if max < min {
        return Err("it ends before it begins: write the shorter time first".into());
    }
    Ok(Span { min: Seconds::from_ms(min), max: Some(Seconds::from_ms(max)) })
}

/// Milliseconds of `1h30m`, `10s` or `500ms`.
pub fn milliseconds(text: &str) -> Result<i64, String> {
    const UNITS: [(&str, i64); 6] = [
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
        ("y", 31_557_600_000),
    ];
    /// A hundred years.
    const MAX: i64 = 100 * 31_557_600_000;
    let wrong = || format!("{text:?} is no time: write numbers with ms, s, m, h, d or y, as 1m30s");
    let (mut rest, mut sum) = (text, 0i64);
    if text.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let letters = rest[digits..].find(|c: char| c.is_ascii_digit());
        let end = letters.map_or(rest.len(), |n| digits + n);
        let unit = UNITS.iter().find(|u| u.0 == &rest[digits..end]).ok_or_else(wrong)?;
        let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
        sum = number
            .checked_mul(unit.1)
            .and_then(|ms| ms.checked_add(sum))
            .filter(|sum| *sum <= MAX)
            .ok_or("a hundred years are the most")?;
        rest = &rest[end..];
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, ms) in
            [("30s", 30_000), ("1m30s", 90_000), ("500ms", 500), ("0s", 0), ("1y", 31_557_600_000)]
        {
            assert_eq!(milliseconds(text), Ok(ms), "{text}");
        }
        for bad in ["", "30", "s", "-1s", "1.5s", "99999999999999999999s", "101y", "1s2"] {
            assert!(milliseconds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn failures_name_nodes_and_two_times() {
        let rate = failures("zone=a,b=1y/4h").unwrap().nodes(false);
        assert_eq!(rate.nodes, ["zone=a", "b"]);
        assert_eq!(rate.between_failures_seconds.ms(), 31_557_600_000);
        assert_eq!(rate.repair_seconds.ms(), 14_400_000);
        for bad in ["", "*", "*=1y", "=1y/4h", "*=1y/", "*=4/5"] {
            assert!(failures(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spans() {
        let (min, max) = (Seconds::from_ms(120_000), Some(Seconds::from_ms(300_000)));
        assert_eq!(span("2m..5m"), Ok(Span { min, max }));
        assert_eq!(span("2m"), Ok(Span { min, max: Some(min) }));
        assert!(span("5m..2m").is_err());
    }
}
