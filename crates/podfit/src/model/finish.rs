//! The last step of making a cluster, whoever made it: amounts are checked, sums bounded, cards given out, pods listed
//! by node.

use super::{
    cards,
    cluster::Cluster,
    node::Card,
    pod::PodId,
    resources::{AMOUNT_MAX, Resources},
    shape::Shape,
};
use std::sync::OnceLock;

/// What is wrong with an object that was added, or with all together. `origin` is the number the reader gave the
/// object, so that the reader can name the place in the input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {subject}: {cause} ({fix})")]
pub struct ModelError {
    /// Stable code, as `duplicate-name`.
    pub code: &'static str,
    /// The reader's number of the object; `None` where it is not about one.
    pub origin: Option<u32>,
    /// The object, as `pod default/web-1`.
    pub subject: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// Faults found so far.
#[derive(Debug, Default)]
pub(super) struct Check {
    pub errors: Vec<ModelError>,
}

impl Check {
    /// A shape's amounts and its GPU request.
    pub fn shape(
        &mut self,
        shape: &Shape,
        resource_names: &[Box<str>],
        subject: impl Fn() -> String,
        origin: u32,
    ) {
        self.amounts(&shape.requests, resource_names, &subject, origin);
        let gpu = &shape.gpu;
        let whole = gpu.milli_each == Card::WHOLE_MILLI;
        let share = gpu.cards == 1 && gpu.milli_each > 0 && gpu.milli_each < Card::WHOLE_MILLI;
        if gpu.cards > 0 && !whole && !share {
            self.errors.push(ModelError {
                code: "gpu-request-invalid",
                origin: Some(origin),
                subject: subject(),
                cause: format!("{} cards of {} thousandths each", gpu.cards, gpu.milli_each),
                fix: "ask for whole cards, or for a share of one card".into(),
            });
        }
    }

    /// Amounts of a node or pod.
    pub fn amounts(
        &mut self,
        amounts: &Resources,
        resource_names: &[Box<str>],
        subject: impl Fn() -> String,
        origin: u32,
    ) {
        for (id, amount) in amounts.iter() {
            if !(0..=AMOUNT_MAX).contains(&amount) {
                self.errors.push(ModelError {
                    code: "amount-out-of-range",
                    origin: Some(origin),
                    subject: subject(),
                    cause: format!(
                        "{amount} of {} is not in 0 to 2^53",
                        resource_names[id.index()]
                    ),
                    fix: "correct the quantity".into(),
                });
            }
        }
    }
}

/// Sums, lists pods by node, gives out cards. `origins` are those of the pods; `errors` what was found before.
///
/// # Errors
/// All of them, those found here last.
pub(super) fn finish(
    mut cluster: Cluster,
    origins: &[u32],
    mut errors: Vec<ModelError>,
) -> Result<Cluster, Vec<ModelError>> {
    cluster.by_controller = OnceLock::new();
    cluster.pods_on = vec![Vec::new(); cluster.nodes.len()];
    for (pod, i) in cluster.pods.iter().zip(0..) {
        if let Some(node) = pod.node {
            cluster.pods_on[node.index()].push(PodId(i));
        }
    }
    check_sums(&cluster, &mut errors);
    cards::assign(&mut cluster, origins, &mut errors);
    if errors.is_empty() { Ok(cluster) } else { Err(errors) }
}

/// Sums over the cluster must fit `i64` with room to spare, so that no later sum can overflow.
fn check_sums(cluster: &Cluster, errors: &mut Vec<ModelError>) {
    const SUM_MAX: i128 = 1 << 62;
    let mut sums = vec![0i128; cluster.resource_names.len()];
    for node in &cluster.nodes {
        node.allocatable.iter().for_each(|(id, a)| sums[id.index()] += i128::from(a));
    }
    for pod in &cluster.pods {
        // What it holds and what it would ask: at one moment of a change both may be counted.
        for shape in [pod.shape, pod.incoming] {
            let requests = &cluster.shapes[shape.index()].requests;
            requests.iter().for_each(|(id, a)| sums[id.index()] += i128::from(a));
        }
    }
    for (sum, name) in sums.iter().zip(&cluster.resource_names) {
        if *sum > SUM_MAX {
            errors.push(ModelError {
                code: "sum-too-large",
                origin: None,
                subject: format!("resource {name}"),
                cause: format!("all nodes and pods together state {sum}, more than 2^62"),
                fix: "correct the quantities".into(),
            });
        }
    }
}
