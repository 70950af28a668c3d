//! A pod's claims resolved: the nodes that its volumes leave it, and what about them is unknown.
//!
//! In: claims, volumes and classes of the whole input. Out: [`VolumeClaim`]s as the scheduler's plugins
//! VolumeBinding (`volumebinding/binder.go`), VolumeZone and VolumeRestrictions judge them. A claim that any node
//! suits leaves none.

use super::{
    Out,
    inventory::Inventory,
    pod::{Extra, PodDraft},
    volumes::{ClaimState, Class, Wish},
};
use podfit::model::{ClaimKind, NodeSelector, NodeTerm, Requirement, Sym, VolumeClaim};
use rustc_hash::{FxHashMap, FxHashSet};

/// How a claim stands, its class considered.
#[derive(Clone, Copy)]
pub(super) enum Standing<'i> {
    Bound(Sym),
    /// A volume is looked for when the pod is placed.
    Waits {
        wish: &'i Wish,
        class: &'i Class,
        uid: Option<Sym>,
    },
    /// It should have been bound without waiting for a pod.
    Immediate,
    /// Its class is not in the input.
    ClassUnknown,
    Deleting,
    /// Not in the input.
    Absent,
}

/// What the volumes of one pod come to.
#[derive(Default)]
pub(super) struct Resolved {
    pub volumes: Vec<VolumeClaim>,
    /// Sorted.
    pub one_pod_claims: Vec<Sym>,
    /// Those of one node at a time that other pods use too, sorted.
    pub one_node_claims: Vec<Sym>,
    /// Those whose volume is attached to one node at a time.
    pub attached: Vec<Sym>,
    /// What a move leaves behind.
    pub notes: Vec<Sym>,
}

/// Everything about claims that needs a look at all pods.
pub(super) struct Claims<'i> {
    inventory: &'i Inventory,
    /// Free volumes by class that anyone may have, in the order of the input.
    offers: FxHashMap<Option<Sym>, Vec<Sym>>,
    /// Volumes set aside, by namespace and name of the claim.
    reserved: FxHashMap<(Sym, Sym), Vec<Sym>>,
    /// Free volumes that would do, by what is asked.
    candidates: FxHashMap<Wish, Vec<Sym>>,
    /// How many claims a free volume would do for.
    wanted: FxHashMap<Sym, u32>,
    /// By namespace and name: how many pods use a claim, or will.
    users: FxHashMap<(Sym, Sym), u32>,
    /// Volumes that are attached somewhere.
    attached: FxHashSet<Sym>,
}

impl<'i> Claims<'i> {
    pub fn new(inventory: &'i Inventory, pods: &[PodDraft], out: &Out<'_>) -> Self {
        let mut claims = Self {
            inventory,
            offers: FxHashMap::default(),
            reserved: FxHashMap::default(),
            candidates: FxHashMap::default(),
            wanted: FxHashMap::default(),
            users: FxHashMap::default(),
            attached: inventory.attachments.iter().map(|&(_, _, volume)| volume).collect(),
        };
        claims.count_users(pods);
        for &name in &inventory.offers {
            let Some(volume) = inventory.volumes.get(&name) else { continue };
            let Some(offer) = &volume.offer else { continue };
            match &offer.claim {
                Some(c) => claims.reserved.entry((c.namespace, c.name)).or_default().push(name),
                None => claims.offers.entry(volume.class).or_default().push(name),
            }
        }
        claims.count_wishes(pods, out);
        claims
    }

    fn count_users(&mut self, pods: &[PodDraft]) {
        for (pod, extra) in pods.iter().filter_map(|p| Some((p, p.extra.as_deref()?))) {
            let namespace = self.inventory.namespace_of(pod);
            for (name, _) in &extra.claims {
                *self.users.entry((namespace, *name)).or_default() += 1;
            }
        }
        for c in &self.inventory.controllers {
            for (name, template) in c.template.iter().flat_map(|t| &t.extra.claims) {
                if template.is_none() {
                    let users = self.users.entry((c.namespace, *name)).or_default();
                    *users = c.replicas.max(*users);
                }
            }
        }
    }

    /// Whether a volume of this driver is attached to nodes. What no object says is taken to be so.
    fn attaches(&self, driver: Option<Sym>, volume: Option<Sym>) -> bool {
        let Some(driver) = driver else { return false };
        match self.inventory.drivers.get(&driver) {
            Some(driver) => driver.attaches,
            None => match volume {
                Some(volume) => self.attached.is_empty() || self.attached.contains(&volume),
                None => true,
            },
        }
    }

    /// Finds out which free volumes several claims could take.
    fn count_wishes(&mut self, pods: &[PodDraft], out: &Out<'_>) {
        let mut seen = FxHashSet::default();
        for (pod, extra) in pods.iter().filter_map(|p| Some((p, p.extra.as_deref()?))) {
            let namespace = self.inventory.namespace_of(pod);
            for (name, template) in &extra.claims {
                let standing = standing(self.inventory, pod, *name, template.as_deref());
                let Standing::Waits { wish, .. } = standing else { continue };
                if !seen.insert((namespace, *name)) {
                    continue;
                }
                if !self.candidates.contains_key(wish) {
                    let free = self.offers.get(&wish.class).into_iter().flatten().copied();
                    let fits = |name: &Sym| {
                        let volume = self.inventory.volumes.get(name);
                        let offer = volume.and_then(|v| v.offer.as_deref());
                        offer.is_some_and(|o| wish.takes(o, out))
                    };
                    let found = free.filter(fits).collect();
                    self.candidates.insert(wish.clone(), found);
                }
                for &volume in &self.candidates[wish] {
                    *self.wanted.entry(volume).or_default() += 1;
                }
            }
        }
    }

    /// The claims of a pod.
    pub fn resolve(&self, pod: &PodDraft, extra: &Extra, out: &mut Out<'_>) -> Resolved {
        let namespace = self.inventory.namespace_of(pod);
        let mut resolved = Resolved::default();
        for (name, template) in &extra.claims {
            let name = *name;
            let text = out.builder.names().str(name).to_owned();
            let claim = self.inventory.claims.get(&(namespace, name));
            if claim.is_some_and(|c| c.one_pod) {
                resolved.one_pod_claims.push(name);
            }
            let is_shared = self.users.get(&(namespace, name)).is_some_and(|&n| n > 1);
            let shares = |resolved: &mut Resolved, driver, volume| {
                let one_node = claim.is_some_and(|c| c.one_node && !c.one_pod);
                if one_node && is_shared && self.attaches(driver, volume) {
                    resolved.one_node_claims.push(name);
                }
            };
            let mut nowhere = |kind| {
                let nodes = NodeSelector { labels: Vec::new(), terms: Some(Vec::new()) };
                resolved.volumes.push(VolumeClaim { claim: name, kind, nodes });
            };
            match standing(self.inventory, pod, name, template.as_deref()) {
                Standing::Bound(volume) => {
                    let driver = self.inventory.volumes.get(&volume).and_then(|v| v.driver);
                    shares(&mut resolved, driver, Some(volume));
                    self.bound(namespace, name, volume, &text, &mut resolved, out)
                }
                Standing::Waits { wish, class, uid } => {
                    shares(&mut resolved, class.driver, None);
                    let found = self.waits((namespace, name), wish, class, uid);
                    if found.contested {
                        out.gap("claim-waits-for-pod", &text);
                    }
                    resolved.volumes.extend(found.nodes.map(|terms| VolumeClaim {
                        claim: name,
                        kind: found.kind,
                        nodes: NodeSelector { labels: Vec::new(), terms: Some(terms) },
                    }));
                }
                Standing::Immediate => nowhere(ClaimKind::Unbound),
                // A claim is kept while a pod uses it, so that of a running pod is there.
                Standing::Absent
                    if pod.node.is_none()
                        && !self.inventory.claims.is_empty()
                        && !self.inventory.left_out.claims =>
                {
                    nowhere(ClaimKind::Missing);
                }
                Standing::Absent => out.gap("claim-not-in-input", &text),
                Standing::ClassUnknown => out.gap("claim-unbound", &text),
                Standing::Deleting => out.gap("claim-being-deleted", &text),
            }
        }
        for list in [&mut resolved.one_pod_claims, &mut resolved.one_node_claims] {
            list.sort_unstable();
            list.dedup();
        }
        resolved
    }

    fn bound(
        &self,
        namespace: Sym,
        claim: Sym,
        volume: Sym,
        text: &str,
        resolved: &mut Resolved,
        out: &mut Out<'_>,
    ) {
        match self.inventory.volumes.get(&volume) {
            None => out.gap("claim-not-in-input", text),
            Some(found) => {
                let one_node =
                    self.inventory.claims.get(&(namespace, claim)).is_some_and(|c| c.one_node);
                if one_node && self.attaches(found.driver, Some(volume)) {
                    resolved.attached.push(claim);
                }
                if found.is_host_path && found.reach.is_empty() {
                    let note = format!(
                        "leaves the data of {text} behind (a hostPath volume is empty elsewhere)"
                    );
                    resolved.notes.push(out.builder.intern(&note));
                }
                resolved.volumes.extend(found.reach.iter().map(|(kind, nodes)| VolumeClaim {
                    claim,
                    kind: *kind,
                    nodes: nodes.clone(),
                }));
            }
        }
    }

    /// Where a waiting claim can be had: on nodes that a free volume reaches, and on nodes for which its class
    /// makes volumes.
    fn waits(&self, key: (Sym, Sym), wish: &Wish, class: &Class, uid: Option<Sym>) -> Waiting {
        let made = class.provisions.then(|| self.made(wish, class));
        let (made, kind) = match made {
            Some(Made { nodes, kind }) => (Some(nodes), kind),
            None => (None, ClaimKind::Waits),
        };
        if let Some(node) = wish.selected_node {
            // Its volume is being made for one node; no other is looked at.
            let only = |labels: &[Requirement]| NodeTerm {
                labels: labels.to_vec(),
                names: vec![(node, true)],
            };
            let nodes = match made {
                None => Vec::new(),
                Some(None) => vec![only(&[])],
                // An empty term suits no node.
                Some(Some(terms)) => {
                    terms.iter().filter(|t| !t.labels.is_empty()).map(|t| only(&t.labels)).collect()
                }
            };
            return Waiting { nodes: Some(nodes), kind, contested: false };
        }
        if let Some(None) = made {
            return Waiting { nodes: None, kind, contested: false };
        }
        let reserved = self.reserved.get(&key).into_iter().flatten().copied();
        let own = |name: &Sym| {
            let volume = self.inventory.volumes.get(name);
            volume.is_some_and(|v| {
                let offer = v.offer.as_deref();
                v.class == wish.class && offer.is_some_and(|o| wish.takes_own(o, uid))
            })
        };
        let own: Vec<Sym> = reserved.filter(own).collect();
        let free = self.candidates.get(wish).map_or(&[][..], |list| list);
        // One that is set aside for the claim goes before all others.
        let found = if own.is_empty() { free } else { &own };
        let contested = |v: &Sym| own.is_empty() && self.wanted.get(v).is_some_and(|&n| n > 1);
        // A volume that was left out might be one for it.
        let contested = found.iter().any(contested) || self.inventory.left_out.volumes;
        let mut nodes = made.flatten().unwrap_or_default();
        for volume in found.iter().filter_map(|name| self.inventory.volumes.get(name)) {
            let affinity = volume.reach.iter().find(|(kind, _)| *kind == ClaimKind::Bound);
            let Some((_, NodeSelector { terms: Some(terms), .. })) = affinity else {
                return Waiting { nodes: None, kind, contested };
            };
            for term in terms {
                if !nodes.contains(term) {
                    nodes.push(term.clone());
                }
            }
        }
        Waiting { nodes: Some(nodes), kind, contested }
    }

    /// Where a volume can be made that the claim asks for: in the topologies of its class, and where the driver, if it
    /// says so, has the storage (`hasEnoughCapacity` in `volumebinding/binder.go`).
    fn made(&self, wish: &Wish, class: &Class) -> Made {
        let tracks =
            |driver| self.inventory.drivers.get(&driver).is_some_and(|d| d.tracks_capacity);
        let Some(name) = wish.class.filter(|_| class.driver.is_some_and(tracks)) else {
            return Made { nodes: class.topologies.clone(), kind: ClaimKind::Waits };
        };
        let capacities = self.inventory.capacities.get(&name).into_iter().flatten();
        let anywhere = [NodeTerm { labels: Vec::new(), names: Vec::new() }];
        let topologies = class.topologies.as_deref().unwrap_or(&anywhere);
        let mut nodes = Vec::new();
        for labels in capacities.filter_map(|capacity| capacity.nodes_for(wish)) {
            for term in topologies {
                let labels: Vec<_> = term.labels.iter().chain(labels).cloned().collect();
                if labels.is_empty() {
                    return Made { nodes: None, kind: ClaimKind::Space };
                }
                nodes.push(NodeTerm { labels, names: Vec::new() });
            }
        }
        Made { nodes: Some(nodes), kind: ClaimKind::Space }
    }
}

/// Where volumes can be made: terms joined by "or"; `None` is anywhere.
struct Made {
    nodes: Option<Vec<NodeTerm>>,
    kind: ClaimKind,
}

/// How a claim of a pod stands. The replacement of a running pod gets ephemeral volumes of its own, so those it
/// has do not matter.
pub(super) fn standing<'a>(
    inventory: &'a Inventory,
    pod: &PodDraft,
    name: Sym,
    template: Option<&'a Wish>,
) -> Standing<'a> {
    let claim = inventory.claims.get(&(inventory.namespace_of(pod), name));
    let (wish, uid) = match (template, claim) {
        (Some(wish), _) if pod.node.is_some() => (wish, None),
        (Some(wish), None) => (wish, None),
        (None, None) => return Standing::Absent,
        (_, Some(claim)) => match &claim.state {
            ClaimState::Bound(volume) => return Standing::Bound(*volume),
            ClaimState::Prebound | ClaimState::Lost => return Standing::Immediate,
            ClaimState::Deleting => return Standing::Deleting,
            ClaimState::Unbound { wish, uid } => (&**wish, *uid),
        },
    };
    match wish.class.map(|class| inventory.classes.get(&class)) {
        Some(Some(class)) if class.waits => Standing::Waits { wish, class, uid },
        Some(None) if inventory.classes.is_empty() || inventory.left_out.classes => {
            Standing::ClassUnknown
        }
        // Without a class, with one that is not there, or with one that binds at once.
        _ => Standing::Immediate,
    }
}

/// Where a waiting claim can be had.
struct Waiting {
    /// Terms joined by "or"; `None` is anywhere.
    nodes: Option<Vec<NodeTerm>>,
    /// What is lacking elsewhere.
    kind: ClaimKind,
    /// Other claims could take the volume first, or there may be other volumes.
    contested: bool,
}
