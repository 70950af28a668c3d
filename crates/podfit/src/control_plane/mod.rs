//! Whether anybody is left to recreate pods: API server, scheduler, controller-manager, etcd majority; what any failure does
//! to them, for how long, and what would help.
//!
//! In: a cluster, and what fails. Out: a [`State`] of every capability, where what the input does not show is *not known*.
//! Members are those of the description, else the static pods, else the nodes with labels that installers give (kubeadm, k3s,
//! RKE, RKE2, MicroK8s). A member that is not ready, or whose node is down, does not work. A cluster without any of these has
//! its control plane elsewhere: of that nothing is known.
//!
//! | file | what it is for |
//! |---|---|
//! | `topology.rs` | members, machines, who names which member of etcd |
//! | `state.rs` | failures → what works, three-valued |
//! | `lease.rs` | leader election: how long nobody leads |
//! | `hand_over.rs` | whose leaders go with a failure |
//! | `survey.rs` | each set of failures |
//! | `plan.rs` | the fewest machines that survive what is asked |
//! | `finding.rs` | what is weak about a topology |
//! | `remedy.rs` | what fails, what then does not work, what helps |
//! | `installer.rs` | who set it up, by labels |
//!
//! How the parts depend on each other: etcd needs a majority of its members for writes and current reads. An API server needs
//! the majority and one of the members that it names: of kubeadm's stacked layout the one beside it, else all. A scheduler or
//! controller-manager needs an API server: the one of its own machine, as kubeadm has it since 1.20 (kubernetes#94398), or
//! the balancer where the description says so. Kubelets need the address that they share.

mod finding;
mod hand_over;
mod installer;
mod lease;
mod plan;
mod remedy;
mod state;
mod survey;
mod topology;

#[cfg(test)]
mod tests;

pub use finding::{Finding, Weight, findings};
pub use hand_over::{Leader, hand_overs};
pub use installer::{Installer, Place};
pub use lease::{Goes, HandOver, Term, after_restart, faults, gives_up, hand_over, may_overlap};
pub use plan::{MEMBERS_MAX, Plan, SURVIVE_MAX, plans, with_members};
pub use remedy::{Effect, EffectKind, Remedy, effects, remedies};
pub use state::{Failures, Known, State, majority, tolerated};
pub use survey::{Case, Survey, Unit, survey};
pub use topology::{Basis, Layout, MACHINES_MAX, Machine, Member, Topology};

use crate::model::{Cluster, Component, Loss, NodeId};

/// Where API servers listen unless told otherwise (`--secure-port`), and a balancer before them.
pub const API_PORT: u16 = 6443;

/// The parts, in the order in which reports name them.
pub const PARTS: [Component; 4] =
    [Component::ApiServer, Component::Scheduler, Component::ControllerManager, Component::Etcd];

/// What the loss does to the control plane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlPlane {
    /// Parts that are down; empty: it works, as far as is known.
    pub down: Vec<Outage>,
    /// Whether the input shows where it runs; if not, nothing is known of it.
    pub is_known: bool,
    /// Parts that are down whatever is lost.
    pub was_down: bool,
}

/// A part of the control plane that is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Which.
    pub part: Component,
    /// How many members work.
    pub left: u32,
    /// How many there are.
    pub all: u32,
    /// Told by labels of nodes: the input has no pod of it.
    pub assumed: bool,
    /// Members are left, and none reaches what it needs: API servers no member of etcd that they name, the others no API
    /// server.
    pub cut_off: bool,
}

impl Outage {
    /// As `etcd has 1 of 3 members, and needs 2` or `kube-apiserver is down`.
    pub fn words(&self) -> String {
        let Self { part, left, all, assumed, cut_off } = *self;
        let by = if assumed { " (by node labels)" } else { "" };
        match part {
            Component::Etcd if left > 0 => {
                format!("etcd has {left} of {all} members{by}, and needs {}", majority(all))
            }
            Component::ApiServer if cut_off => {
                format!("no kube-apiserver that is left reaches a member of etcd that it names{by}")
            }
            _ if cut_off => format!("no {} that is left reaches its API server{by}", name(part)),
            _ => format!("{} is down{by}", name(part)),
        }
    }
}

/// The name of a part, as its pods have it.
pub fn name(part: Component) -> &'static str {
    match part {
        Component::ApiServer => "kube-apiserver",
        Component::Scheduler => "kube-scheduler",
        Component::ControllerManager => "kube-controller-manager",
        Component::Etcd => "etcd",
    }
}

/// The part of this name, also without `kube-`.
pub fn part(word: &str) -> Option<Component> {
    let is_meant = |part: &Component| {
        let name = name(*part);
        word == name || name.strip_prefix("kube-") == Some(word)
    };
    PARTS.into_iter().find(is_meant)
}

/// Who set the cluster up, by the labels of its nodes; `None` where no label that is known says it.
pub fn installer(cluster: &Cluster) -> Option<Installer> {
    installer::installer(cluster)
}

impl ControlPlane {
    /// Whether nothing is recreated until it is back.
    pub fn is_down(&self) -> bool {
        !self.down.is_empty()
    }

    /// Why, as `etcd has 1 of 3 members, and needs 2; kube-scheduler is down`; `None` where it works.
    pub fn words(&self) -> Option<String> {
        if self.down.is_empty() {
            return None;
        }
        if self.down.iter().all(|o| o.assumed && o.left == 0) {
            return Some("no node labelled as control plane is left".into());
        }
        Some(self.down.iter().map(Outage::words).collect::<Vec<_>>().join("; "))
    }
}

/// The control plane after `lost` are gone. Draining stops no static pod, so it stops no control plane.
///
/// etcd needs a majority of its members (n/2 + 1), the others one instance each.
pub fn control_plane_after(cluster: &Cluster, lost: &[NodeId], loss: Loss) -> ControlPlane {
    Topology::of(cluster).after(lost, loss)
}

impl Topology {
    /// See [`control_plane_after`].
    pub fn after(&self, lost: &[NodeId], loss: Loss) -> ControlPlane {
        let lost = if loss == Loss::Drained { &[] } else { lost };
        let mut failures = Failures::none(self);
        let was_down = !self.outages(&failures).is_empty();
        failures.nodes(self, lost);
        ControlPlane { down: self.outages(&failures), is_known: self.is_known(), was_down }
    }

    /// Parts that are down for sure, each with its own cause: what is down only because another part is, is not listed.
    pub fn outages(&self, failures: &Failures) -> Vec<Outage> {
        let state = self.state(failures);
        let causes = |part| match part {
            Component::Etcd => (state.etcd_writes, Known::Yes),
            Component::ApiServer => (state.api, state.etcd_writes),
            Component::Scheduler => (state.scheduling, state.api),
            Component::ControllerManager => (state.controllers, state.api),
        };
        let outage = |part| {
            let all = self.of_part(part).count() as u32;
            let left = self.of_part(part).filter(|&m| state.alive[m] != Known::No).count() as u32;
            let (works, needs) = causes(part);
            let is_short = match part {
                Component::Etcd => works == Known::No,
                _ => left == 0,
            };
            let cut_off = !is_short && works == Known::No && needs != Known::No;
            let assumed = self.of_part(part).any(|m| self.members[m].basis == Basis::Label);
            let is_down = all > 0 && (is_short || cut_off);
            is_down.then_some(Outage { part, left, all, assumed, cut_off })
        };
        PARTS.into_iter().filter_map(outage).collect()
    }
}
