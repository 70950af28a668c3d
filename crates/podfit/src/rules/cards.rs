//! GPU cards: enough cards of an accepted model, each with enough thousandths free.

use super::{Detail, Refusal, Rule, State, state::View};
use crate::model::{Card, NodeId, PodId};

pub(super) fn refuse(view: &View, node: NodeId) -> Option<Refusal> {
    let gpu = &view.shape.gpu;
    if gpu.cards == 0 {
        return None;
    }
    let cards = &view.state.cluster().node(node).cards;
    let free_milli: Vec<i64> = view
        .state
        .free_cards(node)
        .into_iter()
        .zip(cards)
        .filter(|(_, card)| gpu.accepts(card))
        .map(|(free, _)| free)
        .collect();
    let fitting = free_milli.iter().filter(|&&free| free >= gpu.milli_each).count();
    if fitting >= usize::from(gpu.cards) {
        return None;
    }
    let share = gpu.milli_each < Card::WHOLE_MILLI;
    let (need, free) = if share {
        (gpu.milli_each, free_milli.iter().copied().max().unwrap_or(0))
    } else {
        (i64::from(gpu.cards), fitting as i64)
    };
    let detail = match free_milli.is_empty() {
        true if share && cards.iter().any(|card| card.whole) => Detail::NotShared,
        true => Detail::NoCard,
        false => Detail::Cards { share },
    };
    Some(Refusal { need: Some(need), free: Some(free), ..Refusal::new(Rule::Cards, node, detail) })
}

/// The first cards of the node that `pod` accepts and that have enough room: as many as it wants, fewer where
/// there are no more.
pub(crate) fn first_free(state: &State, pod: PodId, node: NodeId) -> Vec<u16> {
    let gpu = &state.cluster().incoming_of(pod).gpu;
    if gpu.cards == 0 {
        return Vec::new();
    }
    let cards = state.cluster().node(node).cards.iter().zip(state.free_cards(node)).zip(0..);
    cards
        .filter(|((card, free), _)| *free >= gpu.milli_each && gpu.accepts(card))
        .map(|(_, index)| index)
        .take(usize::from(gpu.cards))
        .collect()
}
