//! Hard topology spread (rules 10 and 15): count + self − least count ≤ maxSkew, for each constraint in its
//! order. Domains and counts are in [`counters`](super::counters).

use super::{Detail, Refusal, Rule, state::View};
use crate::model::NodeId;

pub(super) fn refuse(view: &View, node: NodeId) -> Option<Refusal> {
    let counters = view.coupling().spread.iter();
    let detail =
        view.shape.spread.iter().zip(counters).find_map(|(spread, &(id, matches_self))| {
            let key = spread.topology_key;
            let Some(domain) = view.counters().domain(id, node) else {
                return Some(Detail::LabelMissing { key });
            };
            let counter = view.counters().counter(id);
            let least = counter.least(spread.min_domains);
            let would_have = counter.count(domain) + i64::from(matches_self);
            (would_have - least > spread.max_skew).then(|| Detail::Spread {
                key,
                domain: view.counters().domain_name(id, domain),
                would_have,
                least,
                max_skew: spread.max_skew,
            })
        })?;
    Some(Refusal::new(Rule::Spread, node, detail))
}
