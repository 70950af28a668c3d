//! Is what runs now where it runs now legal? The referee alone.

use super::Planner;
use crate::check::Violation;
use crate::model::{Change, Removal, Step};

/// Takes each running pod out and puts it back where it is, with all others in place: what the referee then
/// finds would keep the scheduler from admitting the pod there today. (Kubernetes itself does not evict for
/// most of these.) DaemonSet and static pods do not pass through these rules and are left out, as are pods being
/// deleted.
pub fn standing(planner: &Planner) -> Vec<Violation> {
    let cluster = planner.cluster();
    let mut found = Vec::new();
    for id in cluster.pod_ids() {
        let pod = cluster.pod(id);
        let Some(node) = pod.node else { continue };
        if pod.terminating || pod.owner.kind.stays_with_node() {
            continue;
        }
        let change = Change {
            removed: vec![Removal { pod: id, lingers: false }],
            steps: vec![Step { pod: id, node, cards: pod.cards.clone() }],
            ..Change::default()
        };
        found.extend(planner.referee().check(&change));
    }
    found
}
