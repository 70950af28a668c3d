//! Controllers: what each wants, has and makes, and the pods that it wants and has not made yet.
//!
//! In: the controllers and pods of the whole input. Out: [`Workload`]s for the builder, and drafts of pods that are not
//! made yet. What a status counts and the input does not have is not wanted: it is there, unseen.

use super::{
    Out,
    inventory::{Controller, Inventory, Kind},
    pod::{Extra, PodDraft, Reference},
    template::TemplateDraft,
};
use crate::wire;
use podfit::model::{Disrupted, Manner, Owner, OwnerKind, Sym, Workload, WorkloadId};
use rustc_hash::{FxHashMap, FxHashSet};

/// Pods that one controller may want beyond those that the input has.
const WANTED_MAX: u32 = 100_000;

/// What a Job wants, and how it goes about it (`pkg/controller/job/job_controller.go`).
pub(super) fn job(spec: &JobSpec) -> (u32, Manner) {
    let left = spec.completions.map_or(i64::MAX, |n| n.saturating_sub(spec.succeeded));
    let wanted = if spec.suspended || spec.ended { 0 } else { spec.parallelism.min(left).max(0) };
    let manner = Manner::Job {
        // One failure of an index with its own limit fails the index alone, not the Job.
        failures_left: (!spec.per_index)
            .then(|| u32::try_from(spec.backoff_limit.saturating_sub(spec.failed)).unwrap_or(0)),
        after_failure: spec.after_failure,
        on_disruption: spec.on_disruption,
        deadline: spec.deadline,
    };
    (u32::try_from(wanted).unwrap_or(u32::MAX), manner)
}

/// A Job's fields, defaults filled in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct JobSpec {
    pub parallelism: i64,
    /// `None`: done when one has succeeded and all have ended.
    pub completions: Option<i64>,
    pub succeeded: i64,
    pub failed: i64,
    pub backoff_limit: i64,
    pub per_index: bool,
    pub suspended: bool,
    /// Complete or failed.
    pub ended: bool,
    pub after_failure: bool,
    pub on_disruption: Disrupted,
    /// Seconds after its start at which it fails.
    pub deadline: Option<i64>,
}

/// What a failure policy says of disrupted pods: its first rule about that condition decides.
pub(super) fn on_disruption(policy: Option<&wire::FailurePolicy>) -> Disrupted {
    let rules = policy.into_iter().flat_map(|p| p.rules.iter().flatten());
    let is_about = |rule: &&wire::FailureRule| {
        let mut conditions = rule.on_pod_conditions.iter().flatten();
        conditions.any(|c| {
            c.kind.as_str() == Some("DisruptionTarget")
                && matches!(c.status.as_str(), None | Some("True"))
        })
    };
    match rules.into_iter().find(is_about).and_then(|rule| rule.action.as_str()) {
        Some("Ignore") => Disrupted::Ignored,
        Some("FailJob" | "FailIndex") => Disrupted::FailsJob,
        _ => Disrupted::Counts,
    }
}

/// The controller object of a pod, if the input has it. Without the ReplicaSet the Deployment is found by
/// the ReplicaSet's name, which ends in the pod's template hash.
pub(super) fn controller_of(inventory: &Inventory, pod: &PodDraft, out: &Out<'_>) -> Option<usize> {
    let names = out.builder.names();
    let shape = &inventory.shapes[pod.shape as usize].shape;
    let name = pod.owner.name?;
    let find = |kind, name| inventory.controller_index.get(&(shape.namespace, kind, name)).copied();
    let deployment = || {
        let hash = shape.labels.get(names.get("pod-template-hash")?)?;
        let deployment = names.str(name).strip_suffix(names.str(hash))?.strip_suffix('-')?;
        find(Kind::Deployment, names.get(deployment)?)
    };
    match pod.owner.kind {
        OwnerKind::Deployment => find(Kind::Deployment, name),
        OwnerKind::ReplicaSet => find(Kind::ReplicaSet, name).or_else(deployment),
        OwnerKind::ReplicationController => find(Kind::ReplicationController, name),
        OwnerKind::StatefulSet => find(Kind::StatefulSet, name),
        OwnerKind::DaemonSet => find(Kind::DaemonSet, name),
        OwnerKind::Job => find(Kind::Job, name),
        OwnerKind::Static | OwnerKind::Bare | OwnerKind::Custom(_) => None,
    }
}

/// The Deployment of a ReplicaSet, where the input has it.
fn parent_of(inventory: &Inventory, c: &Controller) -> Option<usize> {
    let deployment = c.deployment.filter(|_| c.kind == Kind::ReplicaSet)?;
    inventory.controller_index.get(&(c.namespace, Kind::Deployment, deployment)).copied()
}

/// The root of a controller, by its position, and the replicas that it wants.
pub(super) fn root_replicas(inventory: &Inventory, at: usize) -> (usize, u32) {
    let c = &inventory.controllers[at];
    match parent_of(inventory, c) {
        Some(root) => (root, inventory.controllers[root].replicas),
        None => (at, c.replicas),
    }
}

/// Who owns how many of the pods.
pub(super) struct Owners<'i> {
    inventory: &'i Inventory,
    /// By pod, in the order of the input: its controller.
    pub of_pod: Vec<Option<usize>>,
    /// By controller: pods that are not terminating.
    has: Vec<u32>,
    /// Workloads given to the builder so far.
    made: FxHashMap<usize, WorkloadId>,
}

impl<'i> Owners<'i> {
    pub fn new(inventory: &'i Inventory, pods: &[PodDraft], out: &Out<'_>) -> Self {
        let of_pod: Vec<_> = pods.iter().map(|pod| controller_of(inventory, pod, out)).collect();
        let mut has = vec![0u32; inventory.controllers.len()];
        for (pod, controller) in pods.iter().zip(&of_pod) {
            if let Some(at) = controller.filter(|_| !pod.terminating) {
                has[at] += 1;
            }
        }
        Self { inventory, of_pod, has, made: FxHashMap::default() }
    }

    /// Whether the pod's owner is gone: the input has others of its kind.
    pub fn is_orphan(&self, pod: &PodDraft, controller: Option<usize>) -> bool {
        let kind = match pod.owner.kind {
            OwnerKind::Deployment => Kind::Deployment,
            OwnerKind::ReplicaSet => Kind::ReplicaSet,
            OwnerKind::ReplicationController => Kind::ReplicationController,
            OwnerKind::StatefulSet => Kind::StatefulSet,
            OwnerKind::Job => Kind::Job,
            _ => return false,
        };
        let left_out = self.inventory.left_out.controllers;
        controller.is_none()
            && pod.reference.is_native
            && !left_out
            && self.inventory.controllers.iter().any(|c| c.kind == kind)
    }

    /// Pods of the controller that its status counts and the input does not have.
    fn unseen(&self, at: usize) -> u32 {
        self.inventory.controllers[at].counted.map_or(0, |n| n.saturating_sub(self.has[at]))
    }

    /// Gives a controller to the builder, and its Deployment before it.
    pub fn workload(&mut self, at: usize, out: &mut Out<'_>) -> WorkloadId {
        if let Some(&id) = self.made.get(&at) {
            return id;
        }
        let c = &self.inventory.controllers[at];
        let parent = parent_of(self.inventory, c).map(|root| self.workload(root, out));
        let replicas = if c.is_cut { c.replicas.max(self.has[at]) } else { c.replicas };
        let workload = Workload {
            parent,
            deleting: c.deleting || parent.is_some_and(|_| self.is_parent_deleting(c)),
            gated: c.template.as_ref().is_some_and(|t| t.gated),
            manner: c.manner.clone(),
            unseen: self.unseen(at),
            ..Workload::new(c.namespace, c.kind.owner(), c.name, replicas)
        };
        let id = out.builder.add_workload(workload);
        self.made.insert(at, id);
        id
    }

    fn is_parent_deleting(&self, c: &Controller) -> bool {
        parent_of(self.inventory, c).is_some_and(|root| self.inventory.controllers[root].deleting)
    }

    /// Pods that controllers want and that neither the input has nor a status counts, with the controller of each. In
    /// the order of the controllers.
    pub fn wanted(&self, pods: &[PodDraft], out: &mut Out<'_>) -> Vec<(PodDraft, usize)> {
        let mut taken: FxHashSet<(Sym, Sym)> =
            pods.iter().map(|pod| (self.inventory.namespace_of(pod), pod.name)).collect();
        let mut of_replica_sets: FxHashMap<usize, u32> = FxHashMap::default();
        let mut lacks = vec![0u32; self.has.len()];
        for (at, c) in self.inventory.controllers.iter().enumerate() {
            let there = self.has[at].max(c.counted.unwrap_or(0));
            let makes = !c.deleting && !c.is_cut;
            lacks[at] = if makes { c.replicas.saturating_sub(there) } else { 0 };
            if let Some(root) = parent_of(self.inventory, c) {
                *of_replica_sets.entry(root).or_default() += there.max(c.replicas);
            }
        }
        // A Deployment makes pods through its ReplicaSets: what those have or want is its own.
        for (at, lack) in lacks.iter_mut().enumerate() {
            *lack = lack.saturating_sub(of_replica_sets.get(&at).copied().unwrap_or(0));
        }
        let mut wanted = Vec::new();
        for (at, lack) in lacks.into_iter().enumerate() {
            let c = &self.inventory.controllers[at];
            let Some(template) = c.template.as_deref().filter(|_| c.kind != Kind::DaemonSet) else {
                continue;
            };
            let mut numbers = numbers(c);
            for _ in 0..lack.min(WANTED_MAX) {
                let stem = out.builder.names().str(c.name).to_owned();
                let name = numbers.by_ref().find_map(|suffix| {
                    let name = out.builder.intern(&format!("{stem}-{suffix}"));
                    taken.insert((c.namespace, name)).then_some(name)
                });
                let Some(name) = name else { break };
                wanted.push((not_made(c, template, name, out), at));
            }
        }
        wanted
    }
}

/// What follows the name of the controller in the names of pods that are not made yet.
fn numbers(c: &Controller) -> Box<dyn Iterator<Item = String>> {
    match c.manner {
        Manner::Numbered { start, .. } => {
            Box::new((start..start.saturating_add(c.replicas)).map(|n| n.to_string()))
        }
        _ => Box::new((1u32..).map(|n| format!("new-{n}"))),
    }
}

/// A pod that `c` will make.
pub(super) fn not_made(
    c: &Controller,
    template: &TemplateDraft,
    name: Sym,
    out: &mut Out<'_>,
) -> PodDraft {
    let mut extra: Extra = template.extra.clone();
    let pod = out.builder.names().str(name).to_owned();
    for (stem, wish) in &c.claim_templates {
        let stem = out.builder.names().str(*stem).to_owned();
        let claim = out.builder.intern(&format!("{stem}-{pod}"));
        extra.claims.push((claim, Some(wish.clone())));
    }
    let spreads =
        matches!(c.kind, Kind::ReplicaSet | Kind::ReplicationController | Kind::StatefulSet);
    PodDraft {
        name,
        node: None,
        shape: c.template_shape,
        owner: Owner { kind: c.kind.owner(), name: Some(c.name) },
        reference: Reference { is_native: true, spreads },
        component: None,
        terminating: false,
        unrequested: template.unrequested,
        created: 0,
        started: 0,
        gated: template.gated,
        ready: false,
        made: false,
        daemon_of: None,
        origin: c.origin,
        extra: Some(Box::new(extra)),
    }
}
