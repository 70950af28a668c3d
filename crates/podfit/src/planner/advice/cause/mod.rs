//! Why does it not fit, in numbers, and what is the least that would make it fit?
//!
//! In: a question with its answer. Out: a [`Cause`] in ids and integers, with sentences on request. A part is a
//! file: `shortage` (who needs more than the nodes have that they may enter), `hindrance` (room there is, but in
//! pieces, or a rule is in the way), `drop` (whom to leave out), `addition` (what to add to a node), `new_node`
//! (one more node), `flow` (the sums behind `shortage`), `trial` (does it fit with this added?), `words`.
//!
//! All of it holds for the survivors fixed in their places. The number of solves and the steps of each are
//! bounded by constants, and all obey the limits of the options; whatever was cut short is listed in [`Cause::cuts`].

mod addition;
mod drop;
mod flow;
mod hindrance;
mod new_node;
mod shortage;
mod trial;
mod words;

pub use addition::{Addition, Amount, What};
pub use drop::Drop;
pub use hindrance::{Hindrance, Obstacle};
pub use new_node::{NewNode, node_kinds};
pub use shortage::{GroupShortage, NodeGroup, Short};

use crate::model::PodId;
use crate::planner::plan::{Plan, Refused};
use crate::planner::{Options, Planner};
use crate::problem::Query;
use crate::solve::{Stage, Stop};

/// Why it does not fit. Every list is empty where all pods fit.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Surviving nodes by which displaced shapes may enter them, amounts and other pods left aside.
    pub groups: Vec<NodeGroup>,
    /// Pods that need more of a resource than all the nodes have that they may enter: the smallest such sets of
    /// nodes, by resource.
    pub shortages: Vec<GroupShortage>,
    /// What is in the way of each kind of unplaced pod.
    pub hindrances: Vec<Hindrance>,
    /// The displaced pods to leave out, the least by priority: without them all others are placed.
    pub drop: Option<Drop>,
    /// The same if survivors of lower priority may be dropped too; `None` where that makes nothing better.
    pub drop_with_survivors: Option<Drop>,
    /// The smallest additions to one node each that make all fit, the smallest share of a node first.
    pub additions: Vec<Addition>,
    /// Existing nodes of which one more makes all fit.
    pub new_nodes: Vec<NewNode>,
    /// What was cut short. Empty: all was looked at.
    pub cuts: Vec<CauseCut>,
}

/// Something that the search for a cause left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseCut {
    /// Only so many distinct node selections or kinds of unplaced pods were looked at.
    Kinds {
        /// Looked at.
        seen: usize,
        /// There are.
        all: usize,
    },
    /// Only so many survivors of lower priority were offered for dropping, lowest priority first.
    Survivors {
        /// Offered.
        seen: usize,
        /// There are.
        all: usize,
    },
    /// Only so many nodes were tried for an addition, the most promising first.
    Nodes {
        /// Tried.
        seen: usize,
        /// There are.
        all: usize,
    },
    /// Only so many kinds of nodes were tried as one more node.
    NodeKinds {
        /// Tried.
        seen: usize,
        /// There are.
        all: usize,
    },
    /// So many solves ended without a proof either way.
    Open {
        /// How many.
        solves: usize,
    },
    /// The bound on the number of solves was reached.
    SolvesSpent,
    /// The limit of work or the time ended it, or the caller did: [`Stop::WorkLimit`], [`Stop::TimeLimit`] or
    /// [`Stop::Cancelled`].
    Ended(Stop),
}

impl Planner {
    /// Why `plan`, which [`solve`](Self::solve) made of `query`, leaves pods without a place. `query` has no
    /// movable pods.
    ///
    /// # Errors
    /// [`Refused`], if the referee finds fault with a solver's placement.
    pub fn cause_of(
        &self,
        query: &Query<'_>,
        plan: &Plan,
        options: &Options,
    ) -> Result<Cause, Refused> {
        let mut cause = Cause {
            groups: Vec::new(),
            shortages: Vec::new(),
            hindrances: Vec::new(),
            drop: None,
            drop_with_survivors: None,
            additions: Vec::new(),
            new_nodes: Vec::new(),
            cuts: Vec::new(),
        };
        if plan.unplaced.is_empty() {
            return Ok(cause);
        }
        let options = &options.at(Stage::Cause);
        let query = Query { movable: &[], moves_max: 0, fewest_nodes: false, ..query.clone() };
        let (problem, mapping) = self.index.problem(&query);
        let asked = Asked { planner: self, query: &query, problem, mapping, plan, options };
        shortage::add(&asked, &mut cause);
        hindrance::add(&asked, &mut cause);
        cause.drop = Some(drop::displaced(plan));
        cause.drop_with_survivors = drop::with_survivors(&asked, &mut cause.cuts)?;
        let mut trials = trial::Trials::new(&asked, &cause.shortages);
        cause.additions = addition::smallest(&asked, &mut trials, &mut cause.cuts)?;
        cause.new_nodes = new_node::one_more(&asked, &mut trials, &mut cause.cuts)?;
        trials.add_cuts(&mut cause.cuts);
        if let Some(stop) = options.control().should_stop() {
            options.control().note(stop);
            cause.cuts.push(CauseCut::Ended(stop));
        }
        Ok(cause)
    }
}

/// What every part looks at.
struct Asked<'a> {
    planner: &'a Planner,
    query: &'a Query<'a>,
    problem: crate::problem::Problem,
    mapping: crate::problem::Mapping,
    plan: &'a Plan,
    options: &'a Options,
}

impl Asked<'_> {
    /// Unplaced pods of each class, in class order, classes of none left out.
    fn unplaced(&self) -> Vec<(usize, Vec<PodId>)> {
        let left: rustc_hash::FxHashSet<PodId> = self.plan.unplaced.iter().copied().collect();
        let of = |pods: &Vec<PodId>| pods.iter().copied().filter(|p| left.contains(p)).collect();
        let classes = self.mapping.pods.iter().map(of).enumerate();
        classes.filter(|(_, pods): &(usize, Vec<PodId>)| !pods.is_empty()).collect()
    }

    fn is_over(&self) -> bool {
        self.options.control().should_stop().is_some()
    }
}
