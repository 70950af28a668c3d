//! The selector of the scheduler's default topology spread: services that select the pod, and its owner
//! (`DefaultSelector` in `pkg/scheduler/framework/plugins/helper/spread.go`).

use super::{
    Out, default_spread,
    inventory::{Controller, Inventory},
    pod::PodDraft,
};
use podfit::model::{Labels, Owner, Requirement, Selector, Spread, Sym};
use rustc_hash::{FxHashMap, FxHashSet};

/// Labels that every pod of a StatefulSet has with a value of its own, or that change with its revision.
const OWN_LABELS: [&str; 3] = [
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "controller-revision-hash",
];
const TEMPLATE_HASH: &str = "pod-template-hash";

/// Default spread constraints, found once for all pods that share shape and owner.
pub(super) struct Defaults<'i> {
    inventory: &'i Inventory,
    found: FxHashMap<(u32, Owner, bool), Vec<Spread>>,
    own_labels: [Sym; 3],
    template_hash: Sym,
    /// Pods whose labels stood in for their controller's selector, where these may not come to the same.
    pub assumed: u64,
}

impl<'i> Defaults<'i> {
    pub fn new(inventory: &'i Inventory, out: &mut Out<'_>) -> Self {
        Self {
            inventory,
            found: FxHashMap::default(),
            own_labels: OWN_LABELS.map(|l| out.builder.intern(l)),
            template_hash: out.builder.intern(TEMPLATE_HASH),
            assumed: 0,
        }
    }

    /// The default constraints of a pod that states none; `controller` where the input has it.
    pub fn of(
        &mut self,
        pod: &PodDraft,
        controller: Option<&Controller>,
        out: &mut Out<'_>,
    ) -> Vec<Spread> {
        let draft = &self.inventory.shapes[pod.shape as usize];
        if !draft.default_spread {
            return Vec::new();
        }
        if !self.inventory.services_seen && !pod.owner.kind.stays_with_node() {
            let what = "services: without them the default topology spread, which only scores, goes by controllers";
            out.skipped.count(what);
        }
        let own = &draft.shape.labels;
        let selector = controller.and_then(|c| c.selector.as_deref());
        let stands_in = pod.reference.spreads && selector.is_none();
        self.assumed += u64::from(stands_in && own.get(self.template_hash).is_none());
        let key = (pod.shape, pod.owner, pod.reference.spreads);
        if let Some(found) = self.found.get(&key) {
            return found.clone();
        }
        let mut merged = self.services(draft.shape.namespace, own, out);
        let of_owner = match selector {
            Some(selector) if pod.reference.spreads => selector.clone(),
            None if stands_in => Selector::new(self.of_labels(own)),
            _ => Selector::default(),
        };
        let mut known: FxHashSet<Requirement> = merged.all.iter().cloned().collect();
        merged.all.extend(of_owner.all.into_iter().filter(|r| known.insert(r.clone())));
        let spreads = default_spread(&merged, out.builder);
        self.found.insert(key, spreads.clone());
        spreads
    }

    /// The selectors of all services that select the pod, as one.
    fn services(&self, namespace: Sym, own: &Labels, out: &Out<'_>) -> Selector {
        let (mut all, mut known) = (Vec::new(), FxHashSet::default());
        for service in self.inventory.services.get(&namespace).into_iter().flatten() {
            if service.matches(own, out.builder.names()) {
                all.extend(service.all.iter().filter(|r| known.insert(*r)).cloned());
            }
        }
        Selector::new(all)
    }

    /// A pod's own labels as a selector: those of its replicas are equal but for some.
    fn of_labels(&self, own: &Labels) -> Vec<Requirement> {
        let shared = own.iter().filter(|(key, _)| !self.own_labels.contains(key));
        shared.map(|(key, value)| Requirement::In(key, vec![value])).collect()
    }
}
