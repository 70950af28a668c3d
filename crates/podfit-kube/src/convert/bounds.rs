//! How many entries of a kind one object may have: more than any cluster has, and few enough that no single object takes
//! long. Kubernetes limits none of these lists; it limits an object as a whole (etcd takes 1.5 MiB), which leaves room for
//! tens of thousands of entries.

use super::Out;
use crate::fault::Path;

/// Labels, labels of a selector, values of a requirement, terms of a node selector, namespaces of a term, images of a node.
pub(super) const NAMES_MAX: usize = 10_000;
/// Containers, volumes, resources, taints, tolerations, requirements, preferred terms, keys that are merged, CSI drivers of
/// a node.
pub(super) const ENTRIES_MAX: usize = 1_000;
/// Host ports of a container: as many as there are ports.
pub(super) const PORTS_MAX: usize = 65_535;
/// What each placement is judged by, each against all pods: topology spread constraints, required terms of pod
/// (anti-)affinity.
pub(super) const TERMS_MAX: usize = 100;

/// The entries of a list; none of one that is longer than `max`, which is reported.
pub(super) fn within<'a, T>(
    list: Option<&'a [T]>,
    max: usize,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> &'a [T] {
    let list = list.unwrap_or(&[]);
    if list.len() <= max {
        return list;
    }
    let cause = format!("{} entries, more than the {max} that are read", list.len());
    out.faults.push(path, "too-many", cause, "no cluster has so many: check what wrote the input");
    &[]
}
