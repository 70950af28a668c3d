//! The routes that a request about the network leaves out and adds.

use crate::names::{Fault, RequestError, at, did_you_mean};
use crate::request::{NetworkRequest, RouteChange};
use podfit::network::{Network, Route, subnet};
use std::net::IpAddr;

/// Leaves out and adds the routes of a request.
pub(super) fn change_routes(
    network: Option<&mut Network>,
    ask: &NetworkRequest,
) -> Result<(), Vec<RequestError>> {
    if ask.remove_routes.is_empty() && ask.add_routes.is_empty() {
        return Ok(());
    }
    let Some(network) = network else {
        let cause =
            "the input does not describe a network, which has the interfaces of routes".into();
        let fix = "describe it in a podfit/v1 document: network: {ports: …}".into();
        return Err(vec![at("input", ("no-network", cause, fix))]);
    };
    let mut errors = Vec::new();
    for (i, change) in ask.remove_routes.iter().enumerate() {
        if let Err(fault) = remove(network, change) {
            errors.push(at(format!("removeRoutes[{i}]"), fault));
        }
    }
    for (i, change) in ask.add_routes.iter().enumerate() {
        match route(network, change) {
            Ok(route) => network.routes.push(route),
            Err(faults) => {
                errors.extend(faults.into_iter().map(|f| at(format!("addRoutes[{i}]"), f)));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn destination(text: &str) -> Result<ipnet::IpNet, Fault> {
    let single = || text.trim().parse::<IpAddr>().ok().map(Into::into);
    let default = || (text.trim() == "default").then(|| ipnet::IpNet::V4(Default::default()));
    single().or_else(default).map_or_else(|| subnet(text), Ok).map_err(|cause| {
        ("subnet-invalid", cause, "write it as 192.168.21.0/24, or a single address".into())
    })
}

fn hop(text: &str) -> Result<IpAddr, Fault> {
    let fix = "write it as 192.168.20.1";
    let wrong = |_| ("address-invalid", format!("{text:?} is no address"), fix.to_string());
    text.trim().parse().map_err(wrong)
}

fn unknown_port(network: &Network, name: &str) -> Fault {
    let known = network.ports.iter().map(|p| p.name.as_str());
    let fix = format!("{}name a port of the network", did_you_mean(name, known));
    ("unknown-port", format!("there is no port {name:?}"), fix)
}

fn remove(network: &mut Network, change: &RouteChange) -> Result<(), Fault> {
    let destination = destination(&change.destination)?;
    let next_hop = change.next_hop.as_deref().map(hop).transpose()?;
    let interface = match &change.interface {
        None => None,
        Some(name) => {
            let port = network.port(name).ok_or_else(|| unknown_port(network, name))?;
            Some(port.name.clone())
        }
    };
    let name_of = |r: &Route| network.port(&r.interface).map(|p| p.name.clone());
    let keep: Vec<bool> = network
        .routes
        .iter()
        .map(|r| {
            r.destination != destination
                || next_hop.is_some_and(|hop| hop != r.next_hop)
                || change.metric.is_some_and(|metric| metric != r.metric)
                || interface.is_some() && interface != name_of(r)
        })
        .collect();
    if keep.iter().all(|&k| k) {
        let cause = format!("there is no such custom route to {destination}");
        return Err(("unknown-route", cause, "network routes lists them".into()));
    }
    let mut keep = keep.into_iter();
    network.routes.retain(|_| keep.next().unwrap_or(true));
    Ok(())
}

fn route(network: &Network, change: &RouteChange) -> Result<Route, Vec<Fault>> {
    let mut faults = Vec::new();
    let destination = destination(&change.destination).map_err(|f| faults.push(f)).ok();
    let missing = |name: &str, example: &str| -> Fault {
        ("value-missing", format!("the route has no {name}"), format!("give one, as {example}"))
    };
    let next_hop = match &change.next_hop {
        Some(text) => hop(text).map_err(|f| faults.push(f)).ok(),
        None => {
            faults.push(missing("next hop", "192.168.20.1"));
            None
        }
    };
    let interface = match &change.interface {
        Some(name) if network.port(name).is_some() => Some(name.clone()),
        Some(name) => {
            faults.push(unknown_port(network, name));
            None
        }
        None => {
            faults.push(missing("interface", "port3"));
            None
        }
    };
    match (destination, next_hop, interface) {
        (Some(destination), Some(next_hop), Some(interface)) if faults.is_empty() => Ok(Route {
            destination,
            next_hop,
            interface,
            metric: change.metric.unwrap_or(Route::METRIC),
        }),
        _ => Err(faults),
    }
}
