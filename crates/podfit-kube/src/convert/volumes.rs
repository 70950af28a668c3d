//! Volumes, claims and storage classes as they are read: what each says on its own.

use super::{
    Out,
    bounds::{ENTRIES_MAX, within},
    constraints::node_terms,
    label_selector, labels,
};
use crate::{
    fault::Path,
    quantity::Quantity,
    wire::{
        CSIStorageCapacity, Leaf, Map, Metadata, PersistentVolume, PersistentVolumeClaim,
        PersistentVolumeClaimSpec, PersistentVolumeSpec, StorageClass, Volume,
    },
};
use podfit::model::{ClaimKind, Labels, NodeSelector, NodeTerm, Requirement, Selector, Sym};

/// A claim, as far as placement depends on it.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub state: ClaimState,
    /// Only one node at a time may attach it.
    pub one_node: bool,
    /// Only one pod at a time may use it.
    pub one_pod: bool,
}

/// How a claim stands by itself; what its class says comes later.
#[derive(Clone, Debug)]
pub(crate) enum ClaimState {
    /// To this volume.
    Bound(Sym),
    /// Not yet.
    Unbound { wish: Box<Wish>, uid: Option<Sym> },
    /// It names a volume, and the binding is not complete: the scheduler takes it for one that binds without
    /// waiting.
    Prebound,
    /// Its volume is gone.
    Lost,
    /// It goes as soon as no pod uses it.
    Deleting,
}

/// What an unbound claim asks of a volume.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wish {
    pub class: Option<Sym>,
    size: Quantity,
    modes: Modes,
    block: bool,
    selector: Option<Selector>,
    /// A volume is being made for this node.
    pub selected_node: Option<Sym>,
}

impl Wish {
    /// Whether a volume of these properties may be bound, whatever its class and labels.
    fn suits(&self, offer: &Offer) -> bool {
        offer.size >= self.size && offer.block == self.block
    }

    /// Whether a volume that is set aside for nobody may be bound (`FindMatchingVolume` in
    /// `component-helpers/storage/volume/pv_helpers.go`).
    pub fn takes(&self, offer: &Offer, out: &Out<'_>) -> bool {
        let labels = self.selector.as_ref();
        self.suits(offer)
            && offer.claim.is_none()
            && offer.modes.contain(self.modes)
            && labels.is_none_or(|s| s.matches(&offer.labels, out.builder.names()))
    }

    /// Whether a volume that is set aside for this claim may be bound.
    pub fn takes_own(&self, offer: &Offer, uid: Option<Sym>) -> bool {
        let is = |c: &ClaimReference| c.uid.is_none() || uid.is_none() || c.uid == uid;
        let own = offer.claim.as_ref().is_some_and(is);
        own && self.suits(offer)
    }
}

/// Access modes as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Modes(u8);

impl Modes {
    const NAMES: [&str; 4] = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
    const ONE_NODE: Self = Self(1);
    const MANY: Self = Self(2 | 4);
    const ONE_POD: Self = Self(8);

    fn of(list: Option<&[Leaf]>) -> Self {
        let bit = |m: &Leaf| Self::NAMES.iter().position(|&n| m.as_str() == Some(n));
        Self(list.iter().copied().flatten().filter_map(bit).fold(0, |set, i| set | 1 << i))
    }

    fn contain(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }
}

/// A volume, as far as placement depends on it.
#[derive(Clone, Debug)]
pub(crate) struct PvDraft {
    pub class: Option<Sym>,
    /// Node selectors, all of which must hold.
    pub reach: Vec<(ClaimKind, NodeSelector)>,
    /// The CSI driver that attaches it.
    pub driver: Option<Sym>,
    /// It is a folder of the node on which its pod runs: it goes nowhere, and is empty elsewhere.
    pub is_host_path: bool,
    /// What it offers to claims, where it is free.
    pub offer: Option<Box<Offer>>,
}

/// A free volume's properties.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    size: Quantity,
    modes: Modes,
    block: bool,
    labels: Labels,
    /// The claim for which it is set aside.
    pub claim: Option<ClaimReference>,
}

/// `spec.claimRef` of a volume.
#[derive(Clone, Debug)]
pub(crate) struct ClaimReference {
    pub namespace: Sym,
    pub name: Sym,
    uid: Option<Sym>,
}

/// A storage class.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// Volumes are bound or made only when a pod needs them.
    pub waits: bool,
    /// Volumes can be made.
    pub provisions: bool,
    /// The CSI driver that makes and attaches them.
    pub driver: Option<Sym>,
    /// Where they can be made; `None` is anywhere.
    pub topologies: Option<Vec<NodeTerm>>,
}

/// Free storage of a class, on the nodes of some topology (CSIStorageCapacity).
#[derive(Clone, Debug)]
pub(crate) struct Capacity {
    /// Of one volume at most.
    size: Quantity,
    /// Labels of the nodes; `None`: no node.
    nodes: Option<Vec<Requirement>>,
}

impl Capacity {
    /// The nodes on which a volume can be made that a claim asks for; `None`: it is too small, or on no node.
    pub fn nodes_for(&self, wish: &Wish) -> Option<&[Requirement]> {
        self.nodes.as_deref().filter(|_| self.size >= wish.size)
    }
}

/// Reads free storage. The largest volume counts where it is stated, else all that is free (`capacitySufficient` in
/// `volumebinding/binder.go`).
pub(super) fn capacity(
    capacity: &CSIStorageCapacity,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Capacity {
    let most =
        [(&capacity.maximum_volume_size, "maximumVolumeSize"), (&capacity.capacity, "capacity")];
    let stated = most.into_iter().find(|(leaf, _)| !matches!(leaf, Leaf::Absent));
    let size = stated.and_then(|(leaf, field)| leaf.quantity(&root.field(field), out.faults));
    let topology = capacity.node_topology.as_ref();
    let nodes = topology.map(|t| label_selector(Some(t), &root.field("nodeTopology"), out));
    Capacity { size: size.unwrap_or_default(), nodes: nodes.filter(|s| !s.never).map(|s| s.all) }
}

/// What a pod's volumes say.
#[derive(Default)]
pub(super) struct Used {
    /// Claims by name, with the template where it is a generic ephemeral volume.
    pub claims: Vec<(Sym, Option<Box<Wish>>)>,
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
    let (mut scratch, mut ephemeral, mut host) = (Vec::new(), Vec::new(), Vec::new());
    for (i, v) in within(volumes, ENTRIES_MAX, path, out).iter().enumerate() {
        let name = v.name.as_str().unwrap_or("");
        let at = path.index(i);
        if let Some(source) = &v.persistent_volume_claim {
            match source.claim_name.text(&at.field("claimName"), out.faults) {
                Some(claim) => used.claims.push((out.builder.intern(claim), None)),
                None => out.faults.push(&at, "claim-invalid", "no claimName", "name the claim"),
            }
        } else if let Some(source) = &v.ephemeral {
            let template = &source.volume_claim_template;
            let at = at.field("ephemeral");
            let wish = wish(&template.metadata, &template.spec, &at, out);
            let claim = out.builder.intern(&format!("{pod_name}-{name}"));
            used.claims.push((claim, Some(Box::new(wish))));
            ephemeral.push(name);
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
    let notes = [
        ("loses emptyDir data", scratch),
        ("loses the data of ephemeral volumes", ephemeral),
        ("leaves hostPath data behind", host),
    ];
    for (text, names) in notes.iter().filter(|(_, names)| !stays && !names.is_empty()) {
        used.notes.push(out.builder.intern(&format!("{text} ({})", names.join(", "))));
    }
    used
}

/// A name that may be absent or empty.
fn optional(leaf: &Leaf, path: &Path<'_>, out: &mut Out<'_>) -> Option<Sym> {
    let text = leaf.text(path, out.faults).filter(|t| !t.is_empty())?;
    Some(out.builder.intern(text))
}

/// The storage class: the old annotation goes before the field, as for the scheduler.
fn class_name(
    metadata: &Metadata,
    field: &Leaf,
    spec: &Path<'_>,
    out: &mut Out<'_>,
) -> Option<Sym> {
    let old = metadata.annotations.as_ref().map(|a| &a.storage_class);
    let leaf = old.filter(|a| !matches!(a, Leaf::Absent)).unwrap_or(field);
    optional(leaf, &spec.field("storageClassName"), out)
}

fn storage(map: Option<&Map>, path: &Path<'_>, out: &mut Out<'_>) -> Quantity {
    let stated = map.and_then(|m| m.get("storage"));
    stated.and_then(|leaf| leaf.quantity(&path.field("storage"), out.faults)).unwrap_or_default()
}

/// `root` is the path of what holds `spec`.
pub(super) fn wish(
    metadata: &Metadata,
    spec: &PersistentVolumeClaimSpec,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Wish {
    let at = root.field("spec");
    let resources = at.field("resources");
    let requests = spec.resources.as_ref().and_then(|r| r.requests.as_ref());
    let selector = spec.selector.as_ref();
    let none = Leaf::Absent;
    let selected = metadata.annotations.as_ref().map_or(&none, |a| &a.selected_node);
    Wish {
        class: class_name(metadata, &spec.storage_class_name, &at, out),
        size: storage(requests, &resources.field("requests"), out),
        modes: Modes::of(spec.access_modes.as_deref()),
        block: spec.volume_mode.as_str() == Some("Block"),
        selector: selector.map(|s| label_selector(Some(s), &at.field("selector"), out)),
        selected_node: optional(selected, &root.field("metadata").field("annotations"), out),
    }
}

pub(super) fn claim(pvc: &PersistentVolumeClaim, root: &Path<'_>, out: &mut Out<'_>) -> Claim {
    let (metadata, spec) = (&pvc.metadata, &pvc.spec);
    let modes = Modes::of(spec.access_modes.as_deref());
    let volume = optional(&spec.volume_name, &root.field("spec").field("volumeName"), out);
    let phase = pvc.status.phase.as_str();
    let complete = metadata.annotations.as_ref().is_some_and(|a| a.bind_completed);
    let state = match volume {
        _ if !metadata.deletion_timestamp.is_empty() => ClaimState::Deleting,
        _ if phase == Some("Lost") => ClaimState::Lost,
        Some(volume) if complete || phase != Some("Pending") => ClaimState::Bound(volume),
        Some(_) => ClaimState::Prebound,
        None => {
            let wish = Box::new(wish(metadata, spec, root, out));
            let uid = optional(&metadata.uid, &root.field("metadata").field("uid"), out);
            ClaimState::Unbound { wish, uid }
        }
    };
    Claim {
        state,
        one_node: modes.any(Modes(Modes::ONE_NODE.0 | Modes::ONE_POD.0)) && !modes.any(Modes::MANY),
        one_pod: modes.any(Modes::ONE_POD),
    }
}

pub(super) fn class(class: &StorageClass, root: &Path<'_>, out: &mut Out<'_>) -> Class {
    const NONE: &str = "kubernetes.io/no-provisioner";
    let provisioner = class.provisioner.text(&root.field("provisioner"), out.faults);
    let provisioner = provisioner.filter(|p| !p.is_empty() && *p != NONE);
    let driver = provisioner.map(|p| {
        let in_tree = p.strip_prefix("kubernetes.io/");
        let migrated = in_tree.and_then(|name| MIGRATED.iter().find(|(n, _)| *n == name));
        out.builder.intern(migrated.map_or(p, |&(_, driver)| driver))
    });
    let at = root.field("allowedTopologies");
    let terms = within(class.allowed_topologies.as_deref(), ENTRIES_MAX, &at, out);
    let terms = terms.iter().enumerate().map(|(i, term)| {
        let at = at.index(i);
        let at = at.field("matchLabelExpressions");
        let list = within(term.match_label_expressions.as_deref(), ENTRIES_MAX, &at, out);
        let labels = list.iter().enumerate().filter_map(|(j, r)| {
            let at = at.index(j);
            let key = optional(&r.key, &at.field("key"), out)?;
            let values = r.values.iter().flatten();
            let values = values.filter_map(|v| optional(v, &at.field("values"), out)).collect();
            Some(Requirement::In(key, values))
        });
        NodeTerm { labels: labels.collect(), names: Vec::new() }
    });
    let terms: Vec<_> = terms.collect();
    Class {
        waits: class.volume_binding_mode.as_str() == Some("WaitForFirstConsumer"),
        provisions: provisioner.is_some(),
        driver,
        topologies: (!terms.is_empty()).then_some(terms),
    }
}

/// Volumes that Kubernetes once handled itself, by their names there, and the CSI drivers that do it now
/// (`csi-translation-lib/plugins`).
const MIGRATED: [(&str, &str); 7] = [
    ("aws-ebs", "ebs.csi.aws.com"),
    ("azure-disk", "disk.csi.azure.com"),
    ("azure-file", "file.csi.azure.com"),
    ("cinder", "cinder.csi.openstack.org"),
    ("gce-pd", "pd.csi.storage.gke.io"),
    ("portworx-volume", "pxd.portworx.com"),
    ("vsphere-volume", "csi.vsphere.vmware.com"),
];

fn driver(spec: &PersistentVolumeSpec, at: &Path<'_>, out: &mut Out<'_>) -> Option<Sym> {
    if let Some(csi) = &spec.csi {
        return optional(&csi.driver, &at.field("csi").field("driver"), out);
    }
    let in_tree = [
        spec.aws_elastic_block_store.is_some(),
        spec.azure_disk.is_some(),
        spec.azure_file.is_some(),
        spec.cinder.is_some(),
        spec.gce_persistent_disk.is_some(),
        spec.portworx_volume.is_some(),
        spec.vsphere_volume.is_some(),
    ];
    let i = in_tree.iter().position(|&is| is)?;
    Some(out.builder.intern(MIGRATED[i].1))
}

pub(super) fn volume(pv: &PersistentVolume, root: &Path<'_>, out: &mut Out<'_>) -> PvDraft {
    let (at, spec) = (root.field("spec"), &pv.spec);
    let free = matches!(pv.status.phase.as_str(), None | Some("" | "Available" | "Pending"))
        && pv.metadata.deletion_timestamp.is_empty();
    let claim = spec.claim_ref.as_ref().and_then(|c| {
        let at = at.field("claimRef");
        Some(ClaimReference {
            namespace: optional(&c.namespace, &at.field("namespace"), out)?,
            name: optional(&c.name, &at.field("name"), out)?,
            uid: if free { optional(&c.uid, &at.field("uid"), out) } else { None },
        })
    });
    // What is Pending is taken only by the claim for which it is set aside.
    let free = free && (claim.is_some() || pv.status.phase.as_str() != Some("Pending"));
    let offer = free.then(|| {
        let metadata = root.field("metadata");
        Box::new(Offer {
            size: storage(spec.capacity.as_ref(), &at.field("capacity"), out),
            modes: Modes::of(spec.access_modes.as_deref()),
            block: spec.volume_mode.as_str() == Some("Block"),
            labels: labels(pv.metadata.labels.as_ref(), &metadata.field("labels"), out),
            claim,
        })
    });
    PvDraft {
        class: class_name(&pv.metadata, &spec.storage_class_name, &at, out),
        reach: reach(pv, root, out),
        driver: driver(spec, &at, out),
        is_host_path: spec.host_path.is_some(),
        offer,
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
fn reach(
    pv: &PersistentVolume,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Vec<(ClaimKind, NodeSelector)> {
    let mut all = Vec::new();
    let at = root.field("spec");
    let at = at.field("nodeAffinity");
    let affinity = pv.spec.node_affinity.as_ref().and_then(|a| a.required.as_ref());
    if let Some(required) = affinity {
        let terms = node_terms(required, &at.field("required"), out);
        let nodes = NodeSelector { labels: Vec::new(), terms: Some(terms) };
        all.push((ClaimKind::Bound, nodes));
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
        let nodes = NodeSelector { labels: Vec::new(), terms: Some(terms) };
        all.push((ClaimKind::Zone, nodes));
    }
    all
}
