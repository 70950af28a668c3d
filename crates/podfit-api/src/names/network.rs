//! Who sends and where to, and addresses, in a request about the network.

use super::{Fault, PodNames, RequestError, at, did_you_mean};
use podfit::model::{Cluster, PodId};
use podfit::network::Place;
use std::net::IpAddr;

/// Both ends of a way.
#[derive(Debug)]
pub(crate) struct Ends {
    pub from: From,
    /// As `pod default/web-0`.
    pub from_title: String,
    pub to: To,
}

/// Who sends.
#[derive(Debug)]
pub(crate) enum From {
    /// Somebody outside the cluster.
    Outside,
    /// A pod somewhere in it.
    Anyone,
    Pod(PodId),
    /// The pods of a service.
    Service(usize),
    Node(String),
}

/// Where it goes.
#[derive(Debug)]
pub(crate) enum To {
    Service(usize),
    Pod(PodId),
    Address(IpAddr),
}

const OUTSIDE: &str = "outside";
/// Words before a name that say what it is of.
const SERVICE: [&str; 4] = ["service/", "services/", "svc/", "Service/"];
const NODE: [&str; 3] = ["node/", "nodes/", "Node/"];

/// The ends that a request names; `None` where it names no destination.
pub(crate) fn ends(
    place: &Place<'_>,
    (sender, goal): (Option<&str>, Option<&str>),
) -> Result<Option<Ends>, Vec<RequestError>> {
    let from = from(place, sender);
    let to = goal.map(|name| to(place, name)).transpose();
    let mut errors = Vec::new();
    let mut keep = |place: &str, fault: Fault| errors.push(at(place, fault));
    let from = from.map_err(|f| keep("from", f)).ok();
    let to = to.map_err(|f| keep("to", f)).ok().flatten();
    if sender.is_some() && goal.is_none() {
        let fix = "name a service, a pod or an address: to".into();
        keep("from", ("to-missing", "it is not said where it goes".into(), fix));
    }
    if let (Some(To::Address(address)), Some((From::Anyone | From::Outside, _))) = (&to, &from) {
        let cause = format!(
            "{address} is of no service and no pod: it depends on the sender how it is reached"
        );
        let fix = "name a pod, a service or a node of the cluster: from".into();
        keep("from", ("from-missing", cause, fix));
    }
    if matches!(to, Some(To::Address(_))) && place.network.is_none() {
        let cause = "the input does not describe a network".into();
        let fix = "describe its ports in a podfit/v1 document: network: {ports: …}".into();
        keep("input", ("no-network", cause, fix));
    }
    match (from, to) {
        _ if !errors.is_empty() => Err(errors),
        (Some((from, from_title)), Some(to)) => Ok(Some(Ends { from, from_title, to })),
        _ => Ok(None),
    }
}

fn from(place: &Place<'_>, name: Option<&str>) -> Result<(From, String), Fault> {
    let cluster = place.cluster;
    let node = |name: &str| {
        let title = format!("node {name}");
        cluster.find_node(name).map(|_| (From::Node(name.into()), title))
    };
    match name {
        None => Ok((From::Anyone, "a pod".into())),
        Some(OUTSIDE) => Ok((From::Outside, OUTSIDE.into())),
        Some(name) => {
            if let Some(rest) = without(name, &NODE) {
                return node(rest).ok_or_else(|| super::unknown_node(cluster, None, rest));
            }
            match object(place, name) {
                Ok(To::Service(i)) => {
                    let title = format!("service {}", place.service_name(&cluster.services()[i]));
                    Ok((From::Service(i), title))
                }
                Ok(To::Pod(pod)) => Ok((From::Pod(pod), format!("pod {}", cluster.pod_name(pod)))),
                Ok(To::Address(_)) => Err((
                    "unknown-sender",
                    format!("{name:?} is an address outside of the cluster"),
                    "write outside, a pod, a service or a node".into(),
                )),
                Err(fault) => node(name).ok_or(fault),
            }
        }
    }
}

fn to(place: &Place<'_>, name: &str) -> Result<To, Fault> {
    if name == OUTSIDE {
        let fix = "name an address outside, as 192.0.2.1".into();
        return Err(("address-missing", "outside is many addresses".into(), fix));
    }
    object(place, name)
}

fn without<'n>(name: &'n str, words: &[&str]) -> Option<&'n str> {
    words.iter().find_map(|word| name.strip_prefix(word))
}

/// A service, a pod or an address. A service comes before a pod of its name.
fn object(place: &Place<'_>, name: &str) -> Result<To, Fault> {
    let cluster = place.cluster;
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(holder(place, address).unwrap_or(To::Address(address)));
    }
    let is_service = without(name, &SERVICE);
    let services = named(cluster, is_service.unwrap_or(name));
    match (services.as_slice(), is_service) {
        ([one], _) => return Ok(To::Service(*one)),
        ([], Some(name)) => {
            let known = cluster.services().iter().map(|s| cluster.str(s.name));
            let fix = format!("{}name a service, or namespace/service", did_you_mean(name, known));
            return Err(("unknown-service", format!("there is no service {name:?}"), fix));
        }
        ([], None) => {}
        (several, _) => {
            let names: Vec<String> =
                several.iter().map(|&i| place.service_name(&cluster.services()[i])).collect();
            let cause = format!("{name:?} means {} services: {}", names.len(), names.join(", "));
            return Err(("ambiguous-name", cause, "write one of these".into()));
        }
    }
    let pods = PodNames::of(cluster).one(cluster, &|_| true, name);
    let pods = pods.map_err(|(code, cause, fix)| {
        let known = cluster.services().iter().map(|s| cluster.str(s.name));
        let meant = did_you_mean(name, known);
        (code, format!("{cause}, no service and no address"), format!("{meant}{fix}"))
    })?;
    // Of a controller's pods each is reached alike; the first stands for them.
    let first = pods
        .first()
        .copied()
        .ok_or_else(|| ("unknown-pod", format!("{name:?} has no pod"), "name a pod".to_string()))?;
    Ok(To::Pod(first))
}

/// Services of this name, or of this `namespace/name`.
fn named(cluster: &Cluster, name: &str) -> Vec<usize> {
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, name),
    };
    let is_it = |i: &usize| {
        let service = &cluster.services()[*i];
        cluster.str(service.name) == name
            && namespace.is_none_or(|n| n == cluster.str(service.namespace))
    };
    (0..cluster.services().len()).filter(is_it).collect()
}

/// Whose address it is.
fn holder(place: &Place<'_>, address: IpAddr) -> Option<To> {
    let cluster = place.cluster;
    let has = |i: &usize| {
        let service = &cluster.services()[*i];
        service.cluster_ips.contains(&address)
            || service.external_ips.contains(&address)
            || place.outer_addresses(*i).contains(&address)
    };
    let service = (0..cluster.services().len()).find(has).map(To::Service);
    let has = |p: &PodId| cluster.pod(*p).addresses.contains(&address);
    service.or_else(|| cluster.pod_ids().find(has).map(To::Pod))
}

/// An address.
pub(crate) fn address(place: &str, text: &str) -> Result<IpAddr, RequestError> {
    text.trim().parse().map_err(|_| {
        let cause = format!("{text:?} is no address");
        at(place, ("address-invalid", cause, "write it as 10.0.0.8 or fd00::8".into()))
    })
}
