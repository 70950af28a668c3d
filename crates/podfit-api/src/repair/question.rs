//! The question that is asked again and again.

use crate::request::{PlaceRequest, WhatIfRequest};
use crate::resolve;
use crate::snapshot::{Snapshot, question};
use podfit::planner::{Addition, Options, Plan, PodVerdict, Refused};

/// What leaves pods without a place.
pub(crate) enum Question<'a> {
    WhatIf(&'a WhatIfRequest),
    Place(&'a PlaceRequest),
}

impl Question<'_> {
    /// The plan, and how many pods are lost or stuck; `None` where it names what is not there.
    pub(super) fn ask(
        &self,
        snapshot: &Snapshot,
        options: &Options,
    ) -> Result<Option<(Plan, usize)>, Refused> {
        let planner = snapshot.planner();
        match self {
            Self::Place(ask) => Ok(Some((planner.place(ask.fewest_nodes, options)?.plan, 0))),
            Self::WhatIf(ask) => {
                let failed = resolve::failed(snapshot.cluster(), snapshot.device(), ask);
                let Ok(failed) = failed else { return Ok(None) };
                let answer = planner.what_if(&question(ask, &failed, false), options)?;
                let losses = answer.count(PodVerdict::Lost) + answer.count(PodVerdict::Stuck);
                Ok(Some((answer.plan, losses)))
            }
        }
    }

    pub(super) fn additions(
        &self,
        snapshot: &Snapshot,
        options: &Options,
    ) -> Result<Vec<Addition>, Refused> {
        let planner = snapshot.planner();
        let cause = match self {
            Self::Place(ask) => {
                planner.cause_of_place(&planner.place(ask.fewest_nodes, options)?, options)?
            }
            Self::WhatIf(ask) => {
                let failed = resolve::failed(snapshot.cluster(), snapshot.device(), ask);
                let Ok(failed) = failed else { return Ok(Vec::new()) };
                let question = question(ask, &failed, false);
                planner.cause(&question, &planner.what_if(&question, options)?, options)?
            }
        };
        Ok(cause.additions)
    }
}
