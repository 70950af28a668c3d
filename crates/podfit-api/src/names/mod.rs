//! Names in a request → nodes, pods, services, addresses and routes, or every wrong one at once with what was likely meant.
//!
//! In: names as people and reports write them, and a cluster. Out: ids, or a [`RequestError`] for each name that means
//! nothing, or more than one thing where one is asked for.

mod control_plane;
mod lost;
mod network;
mod pods;

pub(crate) use control_plane::{PlaneFailed, plane_failed};
pub(crate) use lost::{Failed, label_choices, lost, lost_some, node, unknown_node};
pub(crate) use network::{Ends, From, To, address, ends};
pub(crate) use pods::{PodNames, controller_name, pods};

use schemars::JsonSchema;
use serde::Serialize;

/// Names listed in a message before the rest is counted.
const NAMES_MAX: usize = 20;

/// A fault of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RequestError {
    /// Stable code, as `nothing-fails`, `unknown-node`, `unknown-label`, `unknown-pod`, `ambiguous-name` or `too-few`.
    pub code: &'static str,
    /// Where in the request, as `fail[0]`.
    pub place: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl std::fmt::Display for RequestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} ({}) [{}]", self.place, self.cause, self.fix, self.code)
    }
}

/// A code, a cause and a fix; the place is the caller's.
pub(crate) type Fault = (&'static str, String, String);

/// A [`Fault`] at a place.
pub(crate) fn at(place: impl Into<String>, (code, cause, fix): Fault) -> RequestError {
    RequestError { code, place: place.into(), cause, fix }
}

/// The first names, and how many more there are.
fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let mut text = names[..names.len().min(NAMES_MAX)].join(", ");
    if names.len() > NAMES_MAX {
        text += &format!(" and {} more", names.len() - NAMES_MAX);
    }
    if text.is_empty() { "none".into() } else { text }
}

/// The known name most like a wrong one, if any is like it at all.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let score = |k: &str| strsim::jaro_winkler(&name.to_lowercase(), &k.to_lowercase());
    let mut best: Option<(f64, &str)> = None;
    for k in known {
        let s = score(k);
        if s > 0.75 && best.is_none_or(|(b, _)| s > b) {
            best = Some((s, k));
        }
    }
    best.map(|(_, k)| k)
}

/// `did you mean NAME? `, if some known name is like it.
pub(crate) fn did_you_mean<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    nearest(name, known).map_or(String::new(), |n| format!("did you mean {n}? "))
}

/// Both, or the faults of both.
pub(crate) fn both<A, B>(
    a: Result<A, Vec<RequestError>>,
    b: Result<B, Vec<RequestError>>,
) -> Result<(A, B), Vec<RequestError>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(a.err().into_iter().chain(b.err()).flatten().collect()),
    }
}
