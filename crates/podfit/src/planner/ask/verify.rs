//! Is what runs now where it runs now legal? The referee alone.

use crate::check::Violation;
use crate::model::{Change, PodId, Removal, Step};
use crate::planner::Planner;

/// Takes each running pod out and puts it back where it is, with all others in place: what the referee then
/// finds would keep the scheduler from admitting the pod there today. (Kubernetes itself does not evict for
/// most of these.) DaemonSet and static pods do not pass through these rules and are left out, as are pods being
/// deleted.
pub fn standing(planner: &Planner) -> Vec<Violation> {
    planner.cluster().pod_ids().flat_map(|pod| standing_of(planner, pod)).collect()
}

/// The same for one pod.
///
/// # Panics
/// If `id` is not of the planner's cluster.
pub fn standing_of(planner: &Planner, id: PodId) -> Vec<Violation> {
    let pod = planner.cluster().pod(id);
    let Some(node) = pod.node else { return Vec::new() };
    if pod.terminating || pod.owner.kind.stays_with_node() {
        return Vec::new();
    }
    let change = Change {
        removed: vec![Removal { pod: id, lingers: false }],
        steps: vec![Step { pod: id, node, cards: pod.cards.clone() }],
        ..Change::default()
    };
    planner.referee().check(&change)
}
