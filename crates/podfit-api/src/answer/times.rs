//! What times rest on: versions, spans, and the workloads that spans are for.

use crate::names::{self, RequestError, at, pods};
use crate::request::Timing;
use crate::time::Span;
use podfit::model::{Cluster, Interval};
use podfit::planner::{Times, grace_period};

/// The times of a request; what becomes of the control plane is the caller's.
pub(super) fn times(cluster: &Cluster, timing: &Timing) -> Result<Times, Vec<RequestError>> {
    let mut errors = Vec::new();
    let mut times = Times::default();
    match timing.kubernetes.as_deref().map(minor) {
        None => {}
        Some(Ok(minor)) => times.grace = grace_period(Some(minor)),
        Some(Err(fault)) => errors.push(at("timing.kubernetes", fault)),
    }
    let mut span = |field: &str, span: Option<Span>| {
        let found = interval(format!("timing.{field}"), span);
        found.unwrap_or_else(|error| {
            errors.push(error);
            None
        })
    };
    let given = [
        span("graceSeconds", timing.grace_seconds),
        span("scheduleSeconds", timing.schedule_seconds),
        span("attachSeconds", timing.attach_seconds),
        span("startSeconds", timing.start_seconds),
    ];
    span("controlPlaneSeconds", timing.control_plane_seconds);
    span("hostSeconds", timing.host_seconds);
    for (i, start) in timing.starts.iter().enumerate() {
        span(&format!("starts[{i}].seconds"), Some(start.seconds));
    }
    let [grace, schedule, attach, start] = given;
    times.grace = grace.unwrap_or(times.grace);
    let fields =
        [(&mut times.schedule, schedule), (&mut times.attach, attach), (&mut times.start, start)];
    for (field, given) in fields {
        *field = given.map_or(*field, |given| (given, false));
    }
    for (i, start) in timing.starts.iter().enumerate() {
        match pods(cluster, std::slice::from_ref(&start.workload)) {
            Ok(found) => {
                let controllers = found.into_iter().filter_map(|pod| cluster.controller(pod));
                times.starts.extend(controllers.map(|c| (c, Interval::from(start.seconds))));
            }
            Err(faults) => errors.extend(faults.into_iter().map(|fault| RequestError {
                place: format!("timing.starts[{i}].workload"),
                ..fault
            })),
        }
    }
    if errors.is_empty() { Ok(times) } else { Err(errors) }
}

/// A time that a request may give.
pub(super) fn interval(
    place: impl Into<String>,
    span: Option<Span>,
) -> Result<Option<Interval>, RequestError> {
    match span {
        Some(Span { min, max: Some(max) }) if max < min => {
            let fix = "give min and max in this order";
            let fault = ("empty-span", "it ends before it begins".to_string(), fix.to_string());
            Err(at(place, fault))
        }
        span => Ok(span.map(Interval::from)),
    }
}

/// The minor version of `1.31`, `v1.31.4` or `1.31+k3s1`.
fn minor(version: &str) -> Result<u32, names::Fault> {
    let mut parts = version.strip_prefix('v').unwrap_or(version).split('.');
    let major = parts.next();
    let digits = |part: &str| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..end].parse().ok()
    };
    match (major, parts.next().and_then(digits)) {
        (Some("1"), Some(minor)) => Ok(minor),
        _ => {
            let cause = format!("{version:?} is no version of Kubernetes");
            Err(("bad-version", cause, "write it as 1.31".into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn versions() {
        for (text, number) in [("1.31", 31), ("v1.32.4", 32), ("1.30+k3s1", 30), ("v1.9-gke.2", 9)]
        {
            assert_eq!(minor(text).ok(), Some(number), "{text}");
        }
        for bad in ["", "31", "2.1", "1.", "1.x", "1.99999999999"] {
            assert!(minor(bad).is_err(), "{bad}");
        }
    }
}
