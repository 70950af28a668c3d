//! Admission: whether the API server lets an owner make a pod at all, before any scheduler sees it.
//!
//! In: a cluster, and which of its pods go. Out: a [`Ledger`] that admits pods one by one, as they would be made. What is
//! made already was admitted, and is not judged. Quotas and limit ranges are judged; Pod Security and webhooks are not.
//!
//! Sources, in kubernetes/kubernetes: `staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go`
//! (`CheckRequest`), `pkg/quota/v1/evaluator/core/pods.go` (what a pod is charged with; one that is being deleted is not,
//! once its grace period is over), `plugin/pkg/admission/limitranger`.

use crate::model::{Charge, Cluster, PodId, Quota, ResourceId, ShapeId};
use fixedbitset::FixedBitSet;

#[cfg(test)]
mod tests;

/// What quotas still allow.
#[derive(Clone, Debug)]
pub struct Ledger<'c> {
    cluster: &'c Cluster,
    /// By quota, in the order of its `hard`: what is used.
    used: Vec<Vec<i64>>,
}

impl<'c> Ledger<'c> {
    /// The quotas with what is there charged to them, but for pods that go. `None` where nothing can be refused.
    pub fn new(cluster: &'c Cluster, going: impl IntoIterator<Item = PodId>) -> Option<Self> {
        let is_barred = || cluster.pods().iter().any(|p| p.barred.is_some());
        if cluster.quotas().is_empty() && !is_barred() {
            return None;
        }
        let mut goes = FixedBitSet::with_capacity(cluster.pods().len());
        going.into_iter().for_each(|pod| goes.insert(pod.index()));
        let used = cluster.quotas().iter().map(|q| vec![0; q.hard.len()]).collect();
        let mut ledger = Self { cluster, used };
        for id in cluster.pod_ids() {
            let pod = cluster.pod(id);
            if pod.made && !pod.terminating && !goes.contains(id.index()) {
                ledger.charge(pod.shape);
            }
        }
        Some(ledger)
    }

    /// Charges a pod of this shape.
    fn charge(&mut self, shape: ShapeId) {
        let shape = self.cluster.shape(shape);
        for (quota, used) in self.cluster.quotas().iter().zip(&mut self.used) {
            if quota.means(shape) {
                for ((charge, _), used) in quota.hard.iter().zip(used) {
                    *used = used.saturating_add(charge.of(shape));
                }
            }
        }
    }

    /// Admits a pod and charges it.
    ///
    /// # Errors
    /// Why it is refused, as `quota team-a allows 4Gi of memory requests: 3Gi are used, 2Gi more are asked`.
    ///
    /// # Panics
    /// If `id` is not of the cluster.
    pub fn admit(&mut self, id: PodId) -> Result<(), String> {
        let pod = self.cluster.pod(id);
        if let Some(why) = pod.barred {
            return Err(self.cluster.str(why).to_owned());
        }
        let shape = self.cluster.shape(pod.incoming);
        for (quota, used) in self.cluster.quotas().iter().zip(&self.used) {
            if !quota.means(shape) {
                continue;
            }
            for (&(charge, hard), &used) in quota.hard.iter().zip(used) {
                let asked = charge.of(shape);
                if charge.is_unstated(shape) {
                    return Err(self.unstated(quota, charge));
                }
                // What a pod asks nothing of is not looked at, however much of it is used.
                if asked > 0 && used.saturating_add(asked) > hard {
                    return Err(self.exceeded(quota, charge, [hard, used, asked]));
                }
            }
        }
        self.charge(pod.incoming);
        Ok(())
    }

    fn unstated(&self, quota: &Quota, charge: Charge) -> String {
        let (name, what) = (self.cluster.str(quota.name), self.name(charge).0);
        format!("quota {name} refuses pods with a container that states no {what}")
    }

    fn exceeded(&self, quota: &Quota, charge: Charge, amounts: [i64; 3]) -> String {
        let name = self.cluster.str(quota.name);
        let (what, resource) = self.name(charge);
        let [hard, used, asked] = amounts.map(|n| match resource {
            Some(id) => crate::rules::format_amount(self.cluster.resource_name(id), n),
            None => n.to_string(),
        });
        format!("quota {name} allows {hard} of {what}: {used} used, {asked} more asked")
    }

    /// What is charged, in words, and the resource if it is one.
    fn name(&self, charge: Charge) -> (String, Option<ResourceId>) {
        let named = |id| self.cluster.resource_name(id);
        match charge {
            Charge::Pods => ("pods".into(), None),
            Charge::Requests(id) => (format!("{} requests", named(id)), Some(id)),
            Charge::Limits(id) => (format!("{} limits", named(id)), Some(id)),
        }
    }
}
