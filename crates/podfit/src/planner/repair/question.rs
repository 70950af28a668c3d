//! The question that is asked again and again.

use crate::model::NodeId;
use crate::planner::advice::Addition;
use crate::planner::ask::WhatIfQuestion;
use crate::planner::plan::{Plan, Refused};
use crate::planner::{Options, Planner};

/// What leaves pods without a place.
#[derive(Clone, Copy, Debug)]
pub enum RepairQuestion<'a> {
    /// A loss.
    WhatIf {
        /// The question.
        question: &'a WhatIfQuestion,
        /// Whether nodes can be added; a device has the nodes it has.
        may_add_nodes: bool,
    },
    /// Nothing is lost, and pending pods are to be placed.
    Place {
        /// As in [`Planner::place`].
        fewest_nodes: bool,
        /// As above.
        may_add_nodes: bool,
    },
}

impl RepairQuestion<'_> {
    pub(super) fn may_add_nodes(&self) -> bool {
        match self {
            Self::WhatIf { may_add_nodes, .. } | Self::Place { may_add_nodes, .. } => {
                *may_add_nodes
            }
        }
    }

    /// The plan of the question on an edited cluster, and how many pods are lost or stuck.
    pub(super) fn ask(
        &self,
        planner: &Planner,
        options: &Options,
    ) -> Result<(Plan, usize), Refused> {
        match self {
            Self::Place { fewest_nodes, .. } => {
                Ok((planner.place(*fewest_nodes, options)?.plan, 0))
            }
            Self::WhatIf { question, .. } => {
                let answer = planner.what_if(&on(question, planner), options)?;
                let losses = answer.displaced.fates.iter().filter(|f| f.1.is_loss()).count();
                Ok((answer.shortest().clone(), losses))
            }
        }
    }

    /// The additions to one node each with which all fit.
    pub(super) fn additions(
        &self,
        planner: &Planner,
        options: &Options,
    ) -> Result<Vec<Addition>, Refused> {
        let cause = match self {
            Self::Place { fewest_nodes, .. } => {
                planner.cause_of_place(&planner.place(*fewest_nodes, options)?, options)?
            }
            Self::WhatIf { question, .. } => {
                let question = on(question, planner);
                planner.cause(&question, &planner.what_if(&question, options)?, options)?
            }
        };
        Ok(cause.additions)
    }
}

/// The question on an edited cluster: a node that was added to a failure domain is lost with it.
fn on(question: &WhatIfQuestion, planner: &Planner) -> WhatIfQuestion {
    let cluster = planner.cluster();
    let is_in_domain = |&node: &NodeId| {
        question.domains.iter().any(|&(key, value)| cluster.domain(node, key) == Some(value))
    };
    let mut lost = question.lost.clone();
    lost.extend(cluster.node_ids().filter(is_in_domain));
    lost.sort_unstable();
    lost.dedup();
    WhatIfQuestion { lost, explain: false, hint: false, ..question.clone() }
}
