//! How many volumes a node can attach, as resources (the scheduler's plugin NodeVolumeLimits,
//! `nodevolumelimits/csi.go`).
//!
//! In: CSINodes, VolumeAttachments, the pods' claims. Out: for each CSI driver of which some node states a limit,
//! a resource `attachable-volumes-csi-DRIVER`: nodes offer their limit, pods ask for the number of their volumes.
//! What a count by pods cannot say is put on the node: volumes that are attached and that no pod there uses, and
//! volumes that several pods share, which take one slot a node however many pods use them. Shared volumes are
//! not counted where their pods go; where that could matter, it is a gap.

use super::{
    Out,
    claims::{Standing, standing},
    inventory::Inventory,
    pod::{Extra, PodDraft},
};
use podfit::model::{NodeSpec, RESOURCES_MAX, ResourceId, Resources, Sym, VOLUMES_UNLIMITED};
use rustc_hash::{FxHashMap, FxHashSet};

/// A CSI driver that states a limit somewhere.
struct Driver {
    name: Sym,
    resource: ResourceId,
    /// Distinct volumes of it that several pods use.
    shared: i64,
    /// Some node has not as many slots free as there are shared volumes.
    tight: bool,
}

/// Limits, and what is attached.
pub(super) struct Attach<'i> {
    inventory: &'i Inventory,
    drivers: Vec<Driver>,
    /// Pods that use a bound volume.
    users: FxHashMap<Sym, u32>,
    /// Slots that are taken on a node beyond what its pods ask, by node and driver.
    taken: FxHashMap<(Sym, Sym), i64>,
}

impl<'i> Attach<'i> {
    pub fn new(inventory: &'i Inventory, pods: &[PodDraft], out: &mut Out<'_>) -> Self {
        let mut attach = Self {
            inventory,
            drivers: Vec::new(),
            users: FxHashMap::default(),
            taken: FxHashMap::default(),
        };
        let mut seen = FxHashSet::default();
        for &(driver, _) in inventory.csi_nodes.iter().flat_map(|(_, limits)| limits) {
            // Beyond that many the builder has reported that there are too many.
            if attach.drivers.len() < RESOURCES_MAX && seen.insert(driver) {
                let name = format!("attachable-volumes-csi-{}", out.builder.names().str(driver));
                let resource = out.builder.resource(&name);
                attach.drivers.push(Driver { name: driver, resource, shared: 0, tight: false });
            }
        }
        if !attach.drivers.is_empty() {
            let uses = attach.count_users(pods);
            attach.take_slots(&uses);
        }
        attach
    }

    /// Counts who uses what; gives each volume with each node where a pod uses it, once.
    fn count_users(&mut self, pods: &[PodDraft]) -> Vec<(Sym, Sym)> {
        let (mut uses, mut seen) = (Vec::new(), FxHashSet::default());
        for (pod, extra) in pods.iter().filter_map(|p| Some((p, p.extra.as_deref()?))) {
            let mut own = Vec::new();
            for (name, _) in &extra.claims {
                // An ephemeral volume that a running pod has is attached, whatever its replacement gets.
                if let Standing::Bound(volume) = standing(self.inventory, pod, *name, None)
                    && !own.contains(&volume)
                {
                    own.push(volume);
                }
            }
            for volume in own {
                *self.users.entry(volume).or_default() += 1;
                if let Some(node) = pod.node
                    && seen.insert((node, volume))
                {
                    uses.push((node, volume));
                }
            }
        }
        uses
    }

    fn driver_of(&self, volume: Sym) -> Option<usize> {
        let driver = self.inventory.volumes.get(&volume)?.driver?;
        self.drivers.iter().position(|d| d.name == driver)
    }

    fn is_shared(&self, volume: Sym) -> bool {
        self.users.get(&volume).is_some_and(|&n| n > 1)
    }

    fn take_slots(&mut self, uses: &[(Sym, Sym)]) {
        // All volumes on a node, for the question whether the limit is tight.
        let mut on: FxHashMap<(Sym, Sym), i64> = FxHashMap::default();
        let (mut seen, mut shared) = (FxHashSet::default(), FxHashSet::default());
        for &(node, volume) in uses {
            seen.insert((node, volume));
            let Some(d) = self.driver_of(volume) else { continue };
            let key = (node, self.drivers[d].name);
            *on.entry(key).or_default() += 1;
            if self.is_shared(volume) {
                *self.taken.entry(key).or_default() += 1;
                if shared.insert(volume) {
                    self.drivers[d].shared += 1;
                }
            }
        }
        for &(driver, node, volume) in &self.inventory.attachments {
            if seen.insert((node, volume)) {
                *self.taken.entry((node, driver)).or_default() += 1;
                *on.entry((node, driver)).or_default() += 1;
            }
        }
        for (node, limits) in &self.inventory.csi_nodes {
            for &(driver, limit) in limits {
                let on = on.get(&(*node, driver)).copied().unwrap_or(0);
                for d in self.drivers.iter_mut().filter(|d| d.name == driver) {
                    d.tight |= on + d.shared > limit;
                }
            }
        }
    }

    /// Adds to a node what it can attach.
    pub fn offer(&self, node: &mut NodeSpec, out: &mut Out<'_>) {
        let name = out.builder.intern(&node.name);
        let limits = self.inventory.csi_node_index.get(&name);
        let limits = limits.map_or(&[][..], |&i| &self.inventory.csi_nodes[i].1);
        for driver in &self.drivers {
            let limit = limits.iter().find(|(d, _)| *d == driver.name).map(|&(_, limit)| limit);
            let taken = self.taken.get(&(name, driver.name)).copied().unwrap_or(0);
            let free = limit.map_or(VOLUMES_UNLIMITED, |limit| (limit - taken).max(0));
            node.allocatable.set(driver.resource, free);
        }
    }

    /// The number of volumes that a pod needs attached, by driver.
    pub fn ask(&self, pod: &PodDraft, extra: &Extra, out: &mut Out<'_>) -> Resources {
        let mut asked = Resources::new();
        let mut counted = Vec::new();
        for (name, template) in &extra.claims {
            let standing = standing(self.inventory, pod, *name, template.as_deref());
            // (Driver if it is known to have one, whether anything is known.)
            let (driver, known) = match standing {
                Standing::Bound(volume) => match self.inventory.volumes.get(&volume) {
                    Some(found) => (found.driver, true),
                    None => (None, false),
                },
                Standing::Waits { class, .. } => (class.driver, true),
                _ => (None, false),
            };
            if self.inventory.csi_nodes.is_empty() {
                if driver.is_some() || !known {
                    out.skipped.count("volume attach limits (CSINode)");
                }
                continue;
            }
            let Some(d) = self.drivers.iter().find(|d| Some(d.name) == driver) else { continue };
            let key = match standing {
                Standing::Bound(volume) => volume,
                _ => *name,
            };
            if counted.contains(&key) {
                continue;
            }
            counted.push(key);
            if matches!(standing, Standing::Bound(volume) if self.is_shared(volume)) {
                if d.tight {
                    let text = out.builder.names().str(*name).to_owned();
                    out.gap("shared-volume-attach-limit", &text);
                }
                continue;
            }
            asked.set(d.resource, asked.get(d.resource) + 1);
        }
        asked
    }
}
