//! What the device does when a part of it fails: the vendor's failure table as data.

use super::{
    catalogue::{CLUSTERING_PAGE, KUBERNETES_PAGE, Model},
    plan::{HostId, Plan},
};
use std::collections::BTreeSet;

/// The vendor's table (page of 2022-02-15, for Pro GPU).
pub(super) const FAILURE_PAGE: &str = "azure-stack-edge-gpu-cluster-failover-scenarios";
/// Ports of Pro GPU: 1 and 2 have 1 Gbit/s, 3 to 6 have 25.
const PORTS: u8 = 6;

/// What fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A data disk, or several.
    Disk(HostId),
    /// One power supply of two, 1 or 2.
    Supply(HostId, u8),
    /// A network port, from 1 on.
    Port(HostId, u8),
    /// Mainboard, memory module or system disk.
    Core(HostId),
    /// The whole node.
    Node(HostId),
    /// The node restarts, or is updated.
    Restart(HostId),
    /// The witness of the infrastructure cluster, which has the third vote.
    Witness,
}

impl Part {
    /// The parts of this name: `witness`, or after `A:` or `B:` one of `disk`, `psu1`, `psu2`, `psus`, `port1` to `port6`,
    /// `core`, `reboot`, `update`. `None` for any other name.
    pub fn parse(name: &str) -> Option<Vec<Self>> {
        if name.eq_ignore_ascii_case("witness") {
            return Some(vec![Self::Witness]);
        }
        let (host, part) = name.split_once(':')?;
        let host = HostId::parse(host)?;
        let port = |n: &str| n.parse::<u8>().ok().filter(|n| (1..=PORTS).contains(n));
        Some(match part {
            "disk" => vec![Self::Disk(host)],
            "psu1" => vec![Self::Supply(host, 1)],
            "psu2" => vec![Self::Supply(host, 2)],
            "psus" => vec![Self::Supply(host, 1), Self::Supply(host, 2)],
            "core" => vec![Self::Core(host)],
            "reboot" | "update" => vec![Self::Restart(host)],
            port_name => vec![Self::Port(host, port(port_name.strip_prefix("port")?)?)],
        })
    }

    /// What may follow `A:`.
    pub const NAMES: &str = "disk, psu1, psu2, psus, port1 to port6, core, reboot, update";

    /// The host that it is of.
    pub fn host(self) -> Option<HostId> {
        match self {
            Self::Disk(host)
            | Self::Supply(host, _)
            | Self::Port(host, _)
            | Self::Core(host)
            | Self::Node(host)
            | Self::Restart(host) => Some(host),
            Self::Witness => None,
        }
    }
}

/// What the infrastructure cluster does about one host, or about all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Response {
    /// Everything runs on where it is.
    RunsOn,
    /// The same, but a further failure of the kind is not borne.
    Degraded,
    /// Pages differ, or say nothing: it is asked as if the host were lost.
    Ambiguous,
    /// The host is lost: its highly available machines restart on the other.
    FailsOver,
    /// The device is offline: everything is down.
    Offline,
}

/// One line of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The host, or the whole device.
    pub host: Option<HostId>,
    /// What is done.
    pub response: Response,
    /// In words.
    pub text: String,
    /// End of the page's address.
    pub page: &'static str,
}

/// What the device does when all of this fails at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// Hosts that are lost, in order.
    pub lost: Vec<HostId>,
    /// Line by line: hosts first, then the whole.
    pub rulings: Vec<Ruling>,
}

/// Judges parts that fail together. Parts of hosts that the device has not are left out.
///
/// ```
/// use podfit::device::{Device, HostId, Model, Part, Response, fail};
/// let plan = Device::new(Model::ProGpu, 2).validate().expect("valid");
/// let fails = |names: &[&str]| {
///     let parts: Vec<Part> = names.iter().filter_map(|n| Part::parse(n)).flatten().collect();
///     fail(&plan, &parts)
/// };
/// assert!(fails(&["A:psu1", "B:psu2"]).lost.is_empty(), "one supply of each node");
/// assert_eq!(fails(&["A:psus"]).lost, [HostId::A]);
/// assert_eq!(fails(&["A:disk", "B:disk"]).lost, [HostId::A, HostId::B], "no mirror is left");
/// ```
pub fn fail(plan: &Plan, parts: &[Part]) -> Failures {
    let has = |part: &&Part| part.host().is_none_or(|h| plan.host(h).is_some());
    let parts: BTreeSet<Part> = parts.iter().filter(has).copied().collect();
    let mut rulings: Vec<Ruling> = Vec::new();
    for host in &plan.hosts {
        let of_host = parts.iter().copied().filter(|p| p.host() == Some(host.id));
        let (supplies, others): (Vec<Part>, Vec<Part>) =
            of_host.partition(|p| matches!(p, Part::Supply(..)));
        if supplies.len() > 1 && plan.model.supplies() == 2 {
            let text = format!("both power supplies of node {} fail", host.id.name());
            rulings.push(lost(plan, host.id, text, FAILURE_PAGE));
        } else {
            rulings.extend(supplies.first().map(|&part| ruling(plan, part)));
        }
        rulings.extend(others.into_iter().map(|part| ruling(plan, part)));
    }
    let is_lost = |host: HostId| {
        let worst = rulings.iter().filter(|r| r.host == Some(host)).map(|r| r.response).max();
        worst.is_some_and(|r| r >= Response::Ambiguous)
    };
    let mut lost: Vec<HostId> = plan.hosts.iter().map(|h| h.id).filter(|&h| is_lost(h)).collect();
    if let Some(ruling) = whole(plan, &parts, &lost) {
        if ruling.response == Response::Offline {
            lost = plan.hosts.iter().map(|h| h.id).collect();
        }
        rulings.push(ruling);
    }
    Failures { lost, rulings }
}

/// What one part alone does to its host.
fn ruling(plan: &Plan, part: Part) -> Ruling {
    let one_node = plan.hosts.len() == 1;
    let host = part.host();
    let name = host.map_or("", HostId::name);
    let keeps = |response, text: String, page| Ruling { host, response, text, page };
    match part {
        Part::Disk(_) if one_node => keeps(
            Response::Ambiguous,
            format!("a disk of node {name} fails: no page says what one node does then"),
            FAILURE_PAGE,
        ),
        Part::Disk(_) => keeps(
            Response::Degraded,
            format!(
                "a disk of node {name} fails: degraded until it is replaced; the other node has the mirror"
            ),
            FAILURE_PAGE,
        ),
        Part::Supply(..) if plan.model.supplies() == 2 => keeps(
            Response::Degraded,
            format!("one power supply of node {name} fails: the other one feeds it"),
            FAILURE_PAGE,
        ),
        Part::Supply(host, _) => {
            let text = format!(
                "the power supply of node {name} fails, the only one of {}",
                plan.model.name()
            );
            lost(plan, host, text, plan.model.spec().page)
        }
        Part::Port(host, port) => port_ruling(plan, host, port),
        Part::Core(host) => {
            let text = format!(
                "a core component of node {name} fails (board, memory module, system disk)"
            );
            lost(plan, host, text, FAILURE_PAGE)
        }
        Part::Node(host) => lost(plan, host, format!("node {name} fails"), FAILURE_PAGE),
        Part::Restart(host) => lost(plan, host, format!("node {name} restarts"), FAILURE_PAGE),
        Part::Witness => keeps(Response::Degraded, "the witness is lost".into(), CLUSTERING_PAGE),
    }
}

/// Ports 3 and 4 of Pro GPU carry the traffic between the nodes; other models have other ports.
fn port_ruling(plan: &Plan, host: HostId, port: u8) -> Ruling {
    let name = host.name();
    if plan.model != Model::ProGpu {
        let text = format!(
            "port {port} of node {name} fails: the table is of pro-gpu, and the ports of {} have other roles ({})",
            plan.model.name(),
            plan.model.spec().page
        );
        return Ruling {
            host: Some(host),
            response: Response::Ambiguous,
            text,
            page: FAILURE_PAGE,
        };
    }
    match port {
        3 | 4 if plan.hosts.len() > 1 => {
            let text = format!(
                "port {port} of node {name} fails: it links the nodes (with teamed ports behind switches one of the two may do)"
            );
            lost(plan, host, text, FAILURE_PAGE)
        }
        _ => Ruling {
            host: Some(host),
            response: Response::RunsOn,
            text: format!(
                "port {port} of node {name} fails: applications that listen there are not reached by it"
            ),
            page: FAILURE_PAGE,
        },
    }
}

fn lost(plan: &Plan, host: HostId, what: String, page: &'static str) -> Ruling {
    let (response, then, page) = match plan.host(host.other()) {
        Some(other) => {
            let then = format!("what is highly available restarts on node {}", other.id.name());
            (Response::FailsOver, then, page)
        }
        None => (Response::Offline, "there is no other node".into(), KUBERNETES_PAGE),
    };
    Ruling { host: Some(host), response, text: format!("{what}: {then}"), page }
}

/// What all of it does to the device: votes of the infrastructure cluster, and the mirror.
fn whole(plan: &Plan, parts: &BTreeSet<Part>, lost: &[HostId]) -> Option<Ruling> {
    let ruling = |response, text: String, page| Some(Ruling { host: None, response, text, page });
    if plan.hosts.len() == 1 {
        return None;
    }
    let disks = parts.iter().filter(|p| matches!(p, Part::Disk(_))).count();
    if disks == plan.hosts.len() {
        let text = "disks of both nodes fail: the mirrored storage is gone, the device is offline";
        return ruling(Response::Offline, text.into(), FAILURE_PAGE);
    }
    if lost.len() == plan.hosts.len() {
        let text = "both nodes are lost: the device is offline";
        return ruling(Response::Offline, text.into(), FAILURE_PAGE);
    }
    let witness = !parts.contains(&Part::Witness);
    let votes = plan.hosts.len() - lost.len() + usize::from(witness);
    let held = if witness { "with the witness" } else { "without the witness" };
    match votes {
        _ if lost.is_empty() && witness => None,
        2.. => ruling(
            Response::Degraded,
            format!("the infrastructure cluster has {votes} of 3 votes, {held}: it stays online"),
            CLUSTERING_PAGE,
        ),
        _ => ruling(
            Response::Offline,
            format!("the infrastructure cluster has {votes} of 3 votes, {held}: it is offline"),
            CLUSTERING_PAGE,
        ),
    }
}
