//! What becomes of pods while a set of nodes is down.

use crate::model::{Loss, NodeId, PodId};
use crate::planner::ask::{PodVerdict, WhatIf, WhatIfQuestion};
use crate::planner::plan::Refused;
use crate::planner::timeline::{Away, PodTimeline, Times};
use crate::planner::{Options, Planner};
use std::collections::BTreeMap;

/// Where a pod of a node that is down goes, and how long after the loss it is ready there, at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub node: NodeId,
    pub after: (i64, i64),
}

/// Pods of the nodes of a set that come back by themselves; those that are not listed are away until it changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub of: BTreeMap<PodId, Place>,
    /// Pods that have a place by all that is known, though something about them could not be evaluated.
    pub not_evaluated: usize,
}

impl Planner {
    /// The places of pods while these nodes are down; `away` says what becomes of the control plane then.
    pub(super) fn places(
        &self,
        down: &[NodeId],
        times: &Times,
        away: impl Fn(&[NodeId], &WhatIf) -> Away,
        options: &Options,
    ) -> Result<Places, Refused> {
        let question = WhatIfQuestion {
            lost: down.to_vec(),
            loss: Loss::NotReady,
            ..WhatIfQuestion::default()
        };
        let options = Options { seeds: Some(0), ..options.for_question() };
        let answer = self.what_if(&question, &options)?;
        let times = Times { away: away(down, &answer), ..times.clone() };
        let timeline = self.timeline(&question, &answer, false, &times);
        let place = |pod: &PodTimeline| {
            let total = pod.back.as_ref()?.total();
            Some((pod.pod, Place { node: pod.to?, after: (total.min_ms(), total.max_ms()?) }))
        };
        Ok(Places {
            of: timeline.pods.iter().filter_map(place).collect(),
            not_evaluated: answer.count(PodVerdict::NotEvaluated),
        })
    }
}
