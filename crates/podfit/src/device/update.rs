//! What the vendor's pages say of updates: times, and where they contradict each other or Kubernetes.

use super::notes::Note;
use crate::model::Interval;

/// Page on how the device is updated (2022-08-04; the same figures in 2024-04-17).
const INSTALL_PAGE: &str = "azure-stack-edge-gpu-install-update";
/// Page on what becomes of Kubernetes when nodes fail or are updated (2022-02-15).
const SCENARIOS_PAGE: &str = "azure-stack-edge-gpu-kubernetes-failover-scenarios";
/// Page with the command that switches GPU sharing on.
const SHARING_PAGE: &str = super::catalogue::POWERSHELL_PAGE;

/// How long a node is updated and restarts [azure-stack-edge-gpu-install-update].
pub const HOST_UPDATE: Interval = Interval::between(60 * 60_000, 75 * 60_000);
/// How long an update of Kubernetes takes, all machines together
/// [azure-stack-edge-gpu-kubernetes-failover-scenarios].
pub const KUBERNETES_UPDATE: Interval = Interval::at_least(30 * 60_000);

/// What a sequence on a device rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// Host after host is updated and restarts.
    Device,
    /// Kubernetes is updated.
    Kubernetes,
}

/// What the pages say of an update, the times first: claims of the vendor, each with its page.
pub fn update_notes(update: Update, hosts: usize, shares_gpus: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut say = |code, text: &str, page| notes.push(Note::new(code, text, page));
    match update {
        Update::Device => {
            say(
                "update-time",
                "the vendor claims 60 to 75 minutes a node; a time that is given wins",
                INSTALL_PAGE,
            );
            if hosts == 1 {
                say(
                    "update-one-node",
                    "one node is down for as long as the update takes",
                    INSTALL_PAGE,
                );
            }
            say(
                "update-drains",
                "that a host is drained first is said of updates of Kubernetes; where it is not, pods go once they \
                 no longer tolerate the loss (lose=HOST@60m..75m instead)",
                SCENARIOS_PAGE,
            );
        }
        Update::Kubernetes => {
            say(
                "update-time",
                "the vendor claims 30 minutes or more for all of it, and some seconds without its workload for each",
                SCENARIOS_PAGE,
            );
            say(
                "update-order",
                "the steps are taken in the order of this page, which adds that it may be another",
                SCENARIOS_PAGE,
            );
        }
    }
    say(
        "deployments-accepted",
        "pages differ on deployments meanwhile: this one says that the cluster takes them throughout",
        SCENARIOS_PAGE,
    );
    say(
        "deployments-advised-against",
        "this one advises against any operation on a node while it is updated, and makes neither shares nor machines; \
         and without an API server, until the master machine is up, Kubernetes takes nothing",
        INSTALL_PAGE,
    );
    if shares_gpus {
        say(
            "sharing-reset",
            "an update of the device switches GPU sharing (MPS) off; it has to be switched on again on each node",
            SHARING_PAGE,
        );
    }
    notes
}

/// What is said of pods when their host is back.
pub fn failback_note() -> Note {
    Note::new(
        "failback",
        "the vendor claims that the master moves pods back once a host has restarted; Kubernetes moves no running pod by \
         itself, and no page names what would: they stay where they are",
        SCENARIOS_PAGE,
    )
}
