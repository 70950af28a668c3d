//! Pod templates: what an owner makes anew.
//!
//! A replacement is what the template says, as admission completes it today. Where a running pod has something that the
//! template of its own revision does not say, admission put it there (a webhook's sidecar, a toleration), and will again.

use super::{
    Out,
    asks::Asks,
    limits::Limits,
    pod::{DraftShape, Extra, grace, shape},
    volumes,
};
use crate::{fault::Path, wire};
use podfit::model::{Labels, NodeSelector, ResourceId};

/// A template as read.
#[derive(Clone, Debug)]
pub(crate) struct TemplateDraft {
    pub shape: DraftShape,
    /// Held back by a scheduling gate.
    pub gated: bool,
    pub unrequested: bool,
    /// Claims of its volumes, and what about it cannot be evaluated.
    pub extra: Extra,
}

/// Reads the template of the controller `name`. `root` is its path.
pub(crate) fn template(
    template: &wire::Template,
    (namespace, name): (&str, &str),
    stays: bool,
    assumed: &[(ResourceId, i64)],
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Option<TemplateDraft> {
    let (at, spec) = (root.field("spec"), &template.spec);
    // Objects of which only the metadata were kept say nothing of their pods.
    if spec.containers.as_ref().is_none_or(Vec::is_empty) {
        return None;
    }
    let asks = Asks::of(spec, &at, out);
    let (asked, unrequested) = (asks.asked(assumed), asks.is_unrequested());
    let used = volumes::used(spec.volumes.as_deref(), name, stays, &at.field("volumes"), out);
    let shape = shape(&template.metadata, spec, namespace, (asked, asks), root, out);
    let gaps = std::mem::take(&mut out.gaps);
    Some(TemplateDraft {
        shape,
        gated: spec.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty()),
        unrequested,
        extra: Extra {
            claims: used.claims,
            grace: grace(spec, &at, out),
            gaps,
            notes: used.notes,
            ..Extra::default()
        },
    })
}

/// How much of a running pod its replacement has too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kept {
    /// What the template does not say: the pod was made from it.
    Added,
    /// Nothing but labels and tolerations: the template has changed since.
    Little,
    /// All but what it asks: the template is that of the Deployment, its ReplicaSet is not in the input.
    Most,
    /// All: no template is known, or something at admission sets what it asks.
    All,
}

/// What replaces a pod that is `pod`, where its owner's template is `template`.
pub(super) fn replacement(
    template: &DraftShape,
    pod: &DraftShape,
    kept: Kept,
    limits: &Limits,
    assumed: &[(ResourceId, i64)],
) -> DraftShape {
    let stated = if kept == Kept::All { pod } else { template };
    let asks = pod.asks.of_replacement(&stated.asks, limits);
    let mut made = match kept {
        Kept::All | Kept::Most => pod.clone(),
        Kept::Little | Kept::Added => template.clone(),
    };
    if matches!(kept, Kept::Little | Kept::Added) {
        let all = pod.shape.labels.iter().chain(template.shape.labels.iter());
        made.shape.labels = Labels::new(all);
        for toleration in &pod.shape.tolerations {
            if !made.shape.tolerations.contains(toleration) {
                made.shape.tolerations.push(toleration.clone());
            }
        }
        // What the class of the running pod comes to, admission has written into it.
        let (of_template, of_pod) = (&template.priority, &pod.priority);
        let names_none = of_template.class.is_none() && of_template.built_in.is_none();
        if names_none
            || of_template.class == of_pod.class && of_template.built_in == of_pod.built_in
        {
            made.priority = pod.priority.clone();
            made.shape.charges.class = pod.shape.charges.class;
            (made.shape.priority, made.shape.preempts) = (pod.shape.priority, pod.shape.preempts);
        }
    }
    if kept == Kept::Added {
        add(&mut made, pod);
    }
    let asked = asks.asked(assumed);
    (made.shape.requests, made.shape.soft.scored) = (asked.amounts, asked.scored);
    made.shape.charges.limits = asks.limits();
    made.shape.charges.unstated = asks.unstated();
    made.asks = asks;
    made
}

/// Adds what the running pod has and the template does not say.
fn add(made: &mut DraftShape, pod: &DraftShape) {
    fn fill<T: Clone>(to: &mut Vec<T>, from: &[T]) {
        if to.is_empty() {
            to.extend_from_slice(from);
        }
    }
    let NodeSelector { labels, terms } = &mut made.shape.node_selector;
    for label in &pod.shape.node_selector.labels {
        if !labels.iter().any(|(key, _)| *key == label.0) {
            labels.push(*label);
        }
    }
    if terms.is_none() {
        terms.clone_from(&pod.shape.node_selector.terms);
    }
    fill(&mut made.shape.host_ports, &pod.shape.host_ports);
    fill(&mut made.shape.soft.nodes, &pod.shape.soft.nodes);
    fill(&mut made.affinity, &pod.affinity);
    fill(&mut made.anti_affinity, &pod.anti_affinity);
    fill(&mut made.preferred, &pod.preferred);
    if made.default_spread {
        made.shape.spread.clone_from(&pod.shape.spread);
        made.shape.soft.spread.clone_from(&pod.shape.soft.spread);
        made.default_spread = pod.default_spread;
    }
    made.shape.soft.images.clone_from(&pod.shape.soft.images);
    made.shape.os = made.shape.os.or(pod.shape.os);
    made.shape.charges.ends |= pod.shape.charges.ends;
}
