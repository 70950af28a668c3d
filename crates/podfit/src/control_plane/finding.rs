//! What is weak about a topology, whatever fails.

use super::lease::may_overlap;
use super::state::{Known, majority, tolerated};
use super::topology::{Basis, Topology};
use crate::model::Component;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// One loss stops the control plane, or a member does not work now.
    Error,
    /// It is weaker than it looks.
    Warning,
    /// Something that decides is not known.
    Open,
}

/// Something weak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Members that do not work now, by position.
    Unhealthy {
        /// Which.
        members: Vec<usize>,
    },
    /// Etcd loses its majority with any one member.
    NoLossTolerated {
        /// How many members there are.
        members: u32,
    },
    /// An even number of members tolerates no more than one fewer.
    EvenMembers {
        /// How many.
        members: u32,
    },
    /// One API server.
    OneServer,
    /// No balancer: a client names one server, and is cut off with it.
    NoBalancer {
        /// How many servers there are.
        servers: u32,
    },
    /// One balancer: all that use its address are cut off with it.
    OneBalancer,
    /// The input does not say whether there is a balancer.
    BalancerNotShown {
        /// How many servers there are.
        servers: u32,
    },
    /// API servers that name one member of etcd each, on another machine, by position: each stops with that machine too,
    /// though other members live. (That of its own machine is named alone in kubeadm's stacked layout.)
    OneMemberNamed {
        /// Which API servers.
        servers: Vec<usize>,
    },
    /// Nothing, or not whether they work, is known of etcd's members.
    EtcdNotShown {
        /// Members that API servers name.
        named: u32,
    },
    /// A leader that is cut off may still act when the next begins.
    LeasesOverlap,
}

impl Finding {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unhealthy { .. } => "members-unhealthy",
            Self::NoLossTolerated { .. } => "etcd-no-loss-tolerated",
            Self::EvenMembers { .. } => "etcd-even-members",
            Self::OneServer => "api-server-single",
            Self::NoBalancer { .. } => "balancer-none",
            Self::OneBalancer => "balancer-single",
            Self::BalancerNotShown { .. } => "balancer-not-shown",
            Self::OneMemberNamed { .. } => "one-etcd-member-named",
            Self::EtcdNotShown { .. } => "etcd-not-shown",
            Self::LeasesOverlap => "leases-overlap",
        }
    }

    /// How much it matters.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Unhealthy { .. } | Self::NoLossTolerated { .. } | Self::OneServer => {
                Weight::Error
            }
            Self::EvenMembers { .. }
            | Self::NoBalancer { .. }
            | Self::OneBalancer
            | Self::OneMemberNamed { .. }
            | Self::LeasesOverlap => Weight::Warning,
            Self::BalancerNotShown { .. } | Self::EtcdNotShown { .. } => Weight::Open,
        }
    }

    /// What it is, with the numbers.
    pub fn cause(&self, topology: &Topology) -> String {
        let names = |all: &[usize]| {
            all.iter().map(|&m| topology.member_name(m)).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Unhealthy { members } => match members.as_slice() {
                    [one] => format!("{} is down now: it does not count", topology.member_name(*one)),
                    all => format!("{} are down now: they do not count", names(all)),
                },
            Self::NoLossTolerated { members: 1 } => "etcd has one member, and tolerates no loss".into(),
            Self::NoLossTolerated { members } => {
                format!("etcd has {members} members and needs {}: {} tolerate no loss", majority(*members), word(*members))
            }
            Self::EvenMembers { members } => format!(
                "etcd has {members} members and needs {}: it tolerates the loss of {}, as {} do",
                majority(*members),
                tolerated(*members),
                members - 1
            ),
            Self::OneServer => "there is one API server, one scheduler and one controller-manager".into(),
            Self::NoBalancer { servers } => format!(
                "no balancer is before the {servers} API servers: a kubelet or a client names one of them, and is cut off with it"
            ),
            Self::OneBalancer => {
                "there is one balancer: kubelets and clients that use its address are cut off with it".into()
            }
            Self::BalancerNotShown { servers } => {
                format!("the input does not say what is before the {servers} API servers")
            }
            Self::OneMemberNamed { servers } => format!(
                "each names one member of etcd, on another machine, and stops with it, though others live: {}",
                names(servers)
            ),
            Self::EtcdNotShown { named: 0 } => "the input shows no member of etcd".into(),
            Self::EtcdNotShown { named } => format!(
                "the API servers name {named} members of etcd that the input does not show: whether they work is not known"
            ),
            Self::LeasesOverlap => {
                "the lease is up before a leader that is cut off gives up: two may act at once for a while".into()
            }
        }
    }

    /// What to do.
    pub fn fix(&self) -> &'static str {
        match self {
            Self::Unhealthy { .. } => "repair them before anything else fails",
            Self::NoLossTolerated { .. } => "run three members of etcd, on three machines",
            Self::EvenMembers { .. } => "add one member, or take one away: an odd number",
            Self::OneServer => "run the control plane on three machines",
            Self::NoBalancer { .. } => {
                "put a balancer before the API servers (nginx, HAProxy, a virtual address), port 6443, and give its address to all"
            }
            Self::OneBalancer => "run two with one address (keepalived, a virtual address)",
            Self::BalancerNotShown { .. } => {
                "describe it: controlPlane.balancers in a podfit/v1 document, [] where there is none"
            }
            Self::OneMemberNamed { .. } => {
                "name all members in --etcd-servers, or have a balancer take the server out when its /readyz fails"
            }
            Self::EtcdNotShown { .. } => {
                "describe them: controlPlane.etcd in a podfit/v1 document; check them with etcdctl endpoint health"
            }
            Self::LeasesOverlap => {
                "make the lease duration greater than the renew deadline and the retry period together"
            }
        }
    }
}

fn word(n: u32) -> String {
    if n == 2 { "two".into() } else { n.to_string() }
}

/// Everything weak, what matters most first. Nothing of a control plane of which nothing is known.
pub fn findings(topology: &Topology) -> Vec<Finding> {
    if !topology.is_known() {
        return Vec::new();
    }
    let count = |part| topology.of_part(part).count() as u32;
    let (servers, members) = (count(Component::ApiServer), count(Component::Etcd));
    let mut found = Vec::new();
    let unhealthy: Vec<usize> =
        (0..topology.members.len()).filter(|&m| topology.members[m].works == Known::No).collect();
    if !unhealthy.is_empty() {
        found.push(Finding::Unhealthy { members: unhealthy });
    }
    if topology.etcd_is_counted && members > 0 && tolerated(members) == 0 {
        found.push(Finding::NoLossTolerated { members });
    }
    if topology.etcd_is_counted && members > 0 && members.is_multiple_of(2) && members > 2 {
        found.push(Finding::EvenMembers { members });
    }
    if servers == 1 {
        found.push(Finding::OneServer);
    }
    match topology.balancers.as_deref() {
        None if servers > 1 => found.push(Finding::BalancerNotShown { servers }),
        Some([]) if servers > 1 => found.push(Finding::NoBalancer { servers }),
        Some([_]) => found.push(Finding::OneBalancer),
        _ => {}
    }
    let machine = |m: usize| topology.members[m].machine;
    let is_other = |m: usize| matches!(topology.etcd_of(m), [only] if machine(*only) != machine(m));
    let one_named: Vec<usize> =
        topology.of_part(Component::ApiServer).filter(|&m| is_other(m)).collect();
    if members > 1 && !one_named.is_empty() {
        found.push(Finding::OneMemberNamed { servers: one_named });
    }
    let named =
        topology.of_part(Component::Etcd).filter(|&m| topology.members[m].basis == Basis::Named);
    let named = named.count() as u32;
    if servers > 0 && (members == 0 || named > 0) {
        found.push(Finding::EtcdNotShown { named });
    }
    if may_overlap(&topology.lease) {
        found.push(Finding::LeasesOverlap);
    }
    found.sort_by_key(Finding::weight);
    found
}
