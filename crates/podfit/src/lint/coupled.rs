//! Required anti-affinity without a spare domain, required affinity to one single pod.

use super::groups::Group;
use super::{Finding, Lint};
use crate::model::{Cluster, PodId, PodTerm, ShapeId, Sym};
use crate::planner::Planner;
use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) fn lint(planner: &Planner, groups: &[Group], lints: &mut Vec<Lint>) {
    let cluster = planner.cluster().as_ref();
    let mut targets = Targets::new(cluster);
    let mut domains = Domains { cluster, known: FxHashMap::default() };
    for group in groups {
        lints.extend(anti_affinity(planner, &mut domains, group));
        lints.extend(affinity(cluster, &mut targets, group));
    }
}

/// Each replica needs a domain of its own: with as many replicas as domains, the replacement of a lost one finds
/// none. A node without the key is in no domain and takes any number, so then there is no limit.
fn anti_affinity(planner: &Planner, domains: &mut Domains<'_>, group: &Group) -> Option<Lint> {
    let cluster = planner.cluster().as_ref();
    let mut worst: Option<(usize, Sym)> = None;
    for (id, _) in &group.shapes {
        let shape = cluster.shape(*id);
        for term in shape.anti_affinity.iter().filter(|t| t.matches(shape, cluster.names())) {
            let Some(n) = domains.of(planner.eligible(*id), term.topology_key) else {
                continue;
            };
            if worst.is_none_or(|(least, _)| n < least) {
                worst = Some((n, term.topology_key));
            }
        }
    }
    let (domains, key) = worst?;
    let replicas = group.replicas;
    // With no domain at all it runs nowhere: another lint's matter.
    let finding = Finding::AntiAffinity { key, replicas, domains };
    (domains > 0 && replicas + 1 > domains).then(|| group.lint(true, group.pods.clone(), finding))
}

/// Domains of a key among the nodes of a set, asked often for the same sets.
struct Domains<'c> {
    cluster: &'c Cluster,
    known: FxHashMap<(FixedBitSet, Sym), Option<usize>>,
}

impl Domains<'_> {
    /// `None` if some node of the set lacks the key.
    fn of(&mut self, nodes: &FixedBitSet, key: Sym) -> Option<usize> {
        let cluster = self.cluster;
        *self.known.entry((nodes.clone(), key)).or_insert_with(|| {
            let value = |n: usize| cluster.nodes()[n].labels.get(key);
            let values: Option<FxHashSet<Sym>> = nodes.ones().map(value).collect();
            values.map(|v| v.len())
        })
    }
}

/// A pod of each shape that runs and is not being deleted, and how many there are.
struct Targets<'c> {
    cluster: &'c Cluster,
    running: Vec<(usize, Option<PodId>)>,
    /// By list of terms: the only pod that all of them mean.
    known: FxHashMap<&'c [PodTerm], Option<PodId>>,
}

impl<'c> Targets<'c> {
    fn new(cluster: &'c Cluster) -> Self {
        let mut running = vec![(0, None); cluster.shapes().len()];
        for id in cluster.pod_ids() {
            let pod = cluster.pod(id);
            if pod.node.is_some() && !pod.terminating {
                let (count, first) = &mut running[pod.shape.index()];
                *count += 1;
                first.get_or_insert(id);
            }
        }
        Self { cluster, running, known: FxHashMap::default() }
    }

    fn only(&mut self, terms: &'c [PodTerm]) -> Option<PodId> {
        let (cluster, running) = (self.cluster, &self.running);
        *self.known.entry(terms).or_insert_with(|| {
            let meant = |i: &usize| {
                running[*i].0 > 0
                    && terms.iter().all(|t| t.matches(&cluster.shapes()[*i], cluster.names()))
            };
            let mut shapes = (0..running.len()).filter(meant);
            let first = shapes.next()?;
            let alone = running[first].0 == 1 && shapes.next().is_none();
            running[first].1.filter(|_| alone)
        })
    }
}

fn affinity<'c>(cluster: &'c Cluster, targets: &mut Targets<'c>, group: &Group) -> Option<Lint> {
    let tied = |(id, _): &&(ShapeId, Vec<PodId>)| {
        let shape = cluster.shape(*id);
        // Where the pods are of the kind they want, the first of them may go anywhere.
        !shape.affinity.is_empty()
            && !shape.affinity.iter().all(|t| t.matches(shape, cluster.names()))
    };
    let mut found: Option<(PodId, Vec<PodId>)> = None;
    for (id, pods) in group.shapes.iter().filter(tied) {
        if let Some(target) = targets.only(&cluster.shape(*id).affinity) {
            found.get_or_insert((target, Vec::new())).1.extend(pods);
        }
    }
    let (target, mut pods) = found?;
    pods.sort_unstable();
    let mut lint = group.lint(false, pods, Finding::Affinity { target });
    lint.nodes.extend(cluster.pod(target).node);
    Some(lint)
}
