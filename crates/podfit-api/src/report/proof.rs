//! What a verdict rests on, as a sentence.

use super::common::Certificate;
use podfit::model::{Card, Cluster, NodeId, ResourceId};
use podfit::planner::{Plan, Proof};
use podfit::rules::format_amount;
use podfit::solve::Shortage;

/// The sentence behind a plan's claim; `None` where there is no claim. `survivors` is how many nodes are
/// left.
pub(crate) fn sentence(
    cluster: &Cluster,
    plan: &Plan,
    proof: Option<Proof>,
    survivors: usize,
) -> Option<String> {
    let proof = proof?;
    let words = Certificate::from(proof).words();
    if proof == Proof::Placement {
        return Some(format!("proved: {words}"));
    }
    let shortage = match Certificate::from(proof) {
        Certificate::IntegerSum => plan.shortage.as_ref(),
        _ => None,
    };
    let what = match shortage {
        None => match plan.unplaced_bound.0 {
            ..=1 => "at least 1 pod stays without a place whatever is tried".into(),
            n => format!("at least {n} pods stay without a place whatever is tried"),
        },
        Some(shortage) => match shortage.sum {
            Shortage::Resource { resource, need, free, bins, bin } => {
                let place = place(cluster, bins, bin, survivors);
                let name = cluster.resource_name(ResourceId(resource as u16));
                let amount = |a| exact(name, a);
                let by = amount(need - free);
                let (need, free) = (amount(need), amount(free));
                format!("{name} short by {by} {place}: {need} needed, {free} free")
            }
            Shortage::Cards { need, free, bins, bin } => format!(
                "GPU cards short by {} {}: {} needed, {} free",
                cards(need - free),
                place(cluster, bins, bin, survivors),
                cards(need),
                cards(free)
            ),
            Shortage::Class { items, room, .. } => class(cluster, plan, items, room, survivors),
        },
    };
    Some(format!("proved: {what} ({words})"))
}

fn class(cluster: &Cluster, plan: &Plan, items: u32, room: u64, survivors: usize) -> String {
    let pod = plan.shortage.as_ref().and_then(|s| s.pod).map(|p| cluster.pod_name(p));
    let pod = pod.unwrap_or_else(|| "some pod".into());
    if survivors == 0 {
        return "no node is left".into();
    }
    let node =
        if survivors == 1 { "the only survivor does not take" } else { "no node left takes" };
    match (items, room) {
        (1, _) => format!("{node} {pod}, even alone"),
        (_, 0) => format!("{node} any of {items} pods like {pod}, even alone"),
        (_, 1) => format!("of {items} pods like {pod} only 1 finds a place, even alone"),
        _ => format!("of {items} pods like {pod} only {room} find a place, even alone"),
    }
}

fn place(cluster: &Cluster, bins: usize, bin: usize, survivors: usize) -> String {
    match (bins, survivors) {
        (1, 1) => "on the only survivor".into(),
        (1, _) => {
            format!("on {}, the only node open to them", cluster.node_name(NodeId(bin as u32)))
        }
        _ => format!("on the {bins} nodes open to them together"),
    }
}

/// An amount without rounding, so that the sum can be redone: bytes in the largest unit that divides them.
fn exact(resource: &str, amount: i64) -> String {
    let bytes = matches!(resource, "memory" | "ephemeral-storage");
    let units = [(1i64 << 40, "Ti"), (1 << 30, "Gi"), (1 << 20, "Mi"), (1 << 10, "Ki")];
    match units.iter().find(|(size, _)| bytes && amount != 0 && amount % size == 0) {
        Some((size, unit)) => format!("{}{unit}", amount / size),
        None if bytes => amount.to_string(),
        None => format_amount(resource, amount),
    }
}

/// Thousandths of cards as cards.
pub(crate) fn cards(milli: i64) -> String {
    let (whole, rest) = (milli / Card::WHOLE_MILLI, (milli % Card::WHOLE_MILLI).abs());
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{}", format!("{rest:03}").trim_end_matches('0'))
}

/// Surviving nodes of a change.
pub(crate) fn survivors(cluster: &Cluster, lost: &[NodeId]) -> usize {
    cluster.nodes().len() - lost.len()
}
