//! GPU cards of running pods: those stated are checked, the others given out.

use super::{cluster::Cluster, finish::ModelError, node::Card};

/// Checks the cards that running pods state and gives cards, first-fit and whole cards first, to those
/// that state none. `origins` are those of the pods.
pub(super) fn assign(cluster: &mut Cluster, origins: &[u32], errors: &mut Vec<ModelError>) {
    let Cluster { nodes, shapes, names, pods_on, pods, .. } = cluster;
    for (node, on) in nodes.iter().zip(&*pods_on) {
        let mut free = vec![Card::WHOLE_MILLI; node.cards.len()];
        let mut waiting = Vec::new();
        for &id in on {
            let (pod, origin) = (&pods[id.index()], origins[id.index()]);
            let gpu = &shapes[pod.shape.index()].gpu;
            let fault = |code, cause: String| ModelError {
                code,
                origin: Some(origin),
                subject: format!("pod {}", names.str(pod.name)),
                cause,
                fix: "correct the pod's `cards` or the node's `gpus`".into(),
            };
            if pod.cards.is_empty() {
                if gpu.cards > 0 {
                    waiting.push(id);
                }
                continue;
            }
            if pod.cards.len() != usize::from(gpu.cards) {
                errors.push(fault(
                    "card-unknown",
                    format!("it names {} cards but asks for {}", pod.cards.len(), gpu.cards),
                ));
                continue;
            }
            for &card in &pod.cards {
                match free.get_mut(usize::from(card)) {
                    None => {
                        errors.push(fault("card-unknown", format!("the node has no card {card}")))
                    }
                    Some(f) => {
                        *f -= gpu.milli_each;
                        if *f < 0 {
                            errors.push(fault(
                                "cards-overfull",
                                format!("card {card} is given out twice"),
                            ));
                        }
                    }
                }
            }
        }
        waiting.sort_by_key(|id| {
            std::cmp::Reverse(shapes[pods[id.index()].shape.index()].gpu.milli_each)
        });
        for id in waiting {
            let (pod, origin) = (&mut pods[id.index()], origins[id.index()]);
            let gpu = &shapes[pod.shape.index()].gpu;
            let fits: Vec<u16> = (0..node.cards.len())
                .filter(|&c| free[c] >= gpu.milli_each)
                .filter(|&c| gpu.accepts(&node.cards[c]))
                .take(usize::from(gpu.cards))
                .map(|c| c as u16)
                .collect();
            if fits.len() < usize::from(gpu.cards) {
                errors.push(ModelError {
                    code: "cards-overfull",
                    origin: Some(origin),
                    subject: format!("pod {}", names.str(pod.name)),
                    cause: format!(
                        "the GPU cards of node {} cannot hold all the pods said to run there",
                        names.str(node.name)
                    ),
                    fix: "correct the pod's `gpu`, its node, or the node's `gpus`".into(),
                });
            }
            for &c in &fits {
                free[usize::from(c)] -= gpu.milli_each;
            }
            pod.cards = fits;
        }
    }
}
