//! Volumes: which nodes can reach them, and what a move costs.

use super::{Out, constraints::node_terms};
use crate::{
    fault::Path,
    wire::{PersistentVolume, PersistentVolumeClaim, Volume},
};
use podfit::model::{ClaimKind, NodeSelector, NodeTerm, Requirement, Sym, VolumeClaim};

/// A claim as far as it bears on placement.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// The bound volume.
    pub volume: Option<Sym>,
    pub storage_class: Option<Sym>,
    /// Only one node at a time may attach it.
    pub one_node: bool,
    /// Only one pod at a time may use it.
    pub one_pod: bool,
}

/// What a pod's volumes say.
#[derive(Default)]
pub(super) struct Used {
    /// Claims by name.
    pub claims: Vec<Sym>,
    /// What a move loses or leaves behind.
    pub notes: Vec<Sym>,
}

/// Reads a pod's volumes. `stays` pods (DaemonSet, static) never move, so they get no notes.
pub(super) fn used(
    volumes: Option<&[Volume]>,
    pod_name: &str,
    stays: bool,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Used {
    let mut used = Used::default();
    let (mut scratch, mut host) = (Vec::new(), Vec::new());
    for (i, v) in volumes.iter().copied().flatten().enumerate() {
        let name = v.name.as_str().unwrap_or("");
        if let Some(source) = &v.persistent_volume_claim {
            let at = path.index(i);
            match source.claim_name.text(&at.field("claimName"), out.faults) {
                Some(claim) => used.claims.push(out.builder.intern(claim)),
                None => out.faults.push(&at, "claim-invalid", "no claimName", "name the claim"),
            }
        } else if v.ephemeral.is_some() {
            used.claims.push(out.builder.intern(&format!("{pod_name}-{name}")));
        } else if v.empty_dir.is_some() {
            scratch.push(name);
        } else if v.host_path.is_some() {
            host.push(name);
        } else if v.gce_persistent_disk.is_some()
            || v.aws_elastic_block_store.is_some()
            || v.azure_disk.is_some()
            || v.iscsi.is_some()
            || v.rbd.is_some()
        {
            out.gap("inline-disk", name);
        }
    }
    if !stays {
        if !scratch.is_empty() {
            let note = format!("loses emptyDir data ({})", scratch.join(", "));
            used.notes.push(out.builder.intern(&note));
        }
        if !host.is_empty() {
            let note = format!("leaves hostPath data behind ({})", host.join(", "));
            used.notes.push(out.builder.intern(&note));
        }
    }
    used
}

pub(super) fn claim(pvc: &PersistentVolumeClaim, root: &Path<'_>, out: &mut Out<'_>) -> Claim {
    let at = root.field("spec");
    let spec = &pvc.spec;
    let has = |mode| spec.access_modes.iter().flatten().any(|m| m.as_str() == Some(mode));
    let many = has("ReadWriteMany") || has("ReadOnlyMany");
    let lost = pvc.status.phase.as_str() == Some("Lost");
    let volume = spec.volume_name.text(&at.field("volumeName"), out.faults);
    let class = spec.storage_class_name.text(&at.field("storageClassName"), out.faults);
    Claim {
        volume: volume.filter(|v| !v.is_empty() && !lost).map(|v| out.builder.intern(v)),
        storage_class: class.filter(|c| !c.is_empty()).map(|c| out.builder.intern(c)),
        one_node: (has("ReadWriteOnce") || has("ReadWriteOncePod")) && !many,
        one_pod: has("ReadWriteOncePod"),
    }
}

const ZONE_KEYS: [(&str, &str); 4] = [
    ("topology.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("topology.kubernetes.io/region", "topology.kubernetes.io/region"),
    ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
];

/// The node selectors of a volume, all of which must hold: its node affinity, and its zone labels as the
/// scheduler's plugin VolumeZone reads them (a node without any zone label passes).
pub(super) fn reach(
    pv: &PersistentVolume,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Vec<NodeSelector> {
    let mut all = Vec::new();
    let at = root.field("spec");
    let at = at.field("nodeAffinity");
    let affinity = pv.spec.node_affinity.as_ref().and_then(|a| a.required.as_ref());
    if let Some(required) = affinity {
        let terms = node_terms(required, &at.field("required"), out);
        all.push(NodeSelector { labels: Vec::new(), terms: Some(terms) });
    }
    let Some(labels) = &pv.metadata.labels else { return all };
    for (key, stable) in ZONE_KEYS {
        let Some(value) = labels.get(key).and_then(|v| v.as_str()) else { continue };
        let mut values: Vec<Sym> = value.split("__").map(|v| out.builder.intern(v)).collect();
        values.sort_unstable();
        let mut keys: Vec<Sym> = vec![out.builder.intern(key)];
        if stable != key {
            keys.push(out.builder.intern(stable));
        }
        let mut terms = vec![NodeTerm {
            labels: vec![Requirement::In(keys[0], values.clone())],
            names: Vec::new(),
        }];
        if let [old, new] = keys[..] {
            let labels = vec![Requirement::DoesNotExist(old), Requirement::In(new, values)];
            terms.push(NodeTerm { labels, names: Vec::new() });
        }
        let no_zone = ZONE_KEYS.map(|(k, _)| Requirement::DoesNotExist(out.builder.intern(k)));
        terms.push(NodeTerm { labels: no_zone.to_vec(), names: Vec::new() });
        all.push(NodeSelector { labels: Vec::new(), terms: Some(terms) });
    }
    all
}

/// A pod's claims resolved: where its volumes can be reached, what is unknown, what a move waits for.
pub(super) fn resolve(
    claims: &[Sym],
    namespace: Sym,
    inventory: &super::inventory::Inventory,
    out: &mut Out<'_>,
) -> (Vec<VolumeClaim>, Vec<Sym>) {
    let (mut volumes, mut notes) = (Vec::new(), Vec::new());
    for &name in claims {
        let text = out.builder.names().str(name).to_owned();
        out.skipped.count("volume attach limits (CSINode)");
        let Some(claim) = inventory.claims.get(&(namespace, name)) else {
            out.gap("claim-not-in-input", &text);
            continue;
        };
        if claim.one_pod {
            out.gap("read-write-once-pod", &text);
        }
        if claim.one_node {
            let note =
                format!("volume {text} detaches first: up to 6 min when the node is not ready");
            notes.push(out.builder.intern(&note));
        }
        let Some(volume) = claim.volume else {
            let waits = claim.storage_class.and_then(|c| inventory.class_waits.get(&c));
            let code = if waits == Some(&true) { "claim-waits-for-pod" } else { "claim-unbound" };
            out.gap(code, &text);
            continue;
        };
        match inventory.volumes.get(&volume) {
            None => out.gap("claim-not-in-input", &text),
            Some(reach) => volumes.extend(reach.iter().map(|nodes| VolumeClaim {
                claim: name,
                kind: ClaimKind::Bound,
                nodes: nodes.clone(),
            })),
        }
    }
    (volumes, notes)
}
