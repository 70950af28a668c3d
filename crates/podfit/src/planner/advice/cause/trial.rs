//! Does everything fit if this were added? The solver's answer, three-valued, and how many were asked.

use super::shortage::{GroupShortage, Short};
use super::{Asked, CauseCut};
use crate::model::{Card, NodeId, ResourceId, Sym};
use crate::planner::Options;
use crate::problem::{Class, Problem};
use crate::solve::{self, Certificate, Method, Stop};

/// Solves of one cause, all parts together.
const SOLVES_MAX: usize = 400;
/// A solve near a threshold is as hard as a puzzle gets: it does no more steps than this, half a second, whatever the
/// options say.
const STEPS_MAX: u64 = 50_000_000;

/// With more pairs of a class and a node that it may enter, the integer program is left out: its presolve alone
/// takes minutes then and heeds no limit. What the sums do not prove stays open.
const PAIRS_MAX: usize = 20_000;

/// What can be added to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Allocatable of a resource, in its unit.
    Resource(ResourceId),
    /// Whole GPU cards of a model.
    Cards(Sym),
}

/// Whether everything fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No(Certificate),
    /// Neither a placement nor a proof.
    Open,
}

/// The problem of the question with nothing to minimise but what is unplaced, asked again and again.
pub(super) struct Trials {
    base: Problem,
    /// What is short in any case: what an addition does not cover stays so.
    shortages: Vec<GroupShortage>,
    /// Classes of which the plan leaves out some.
    unplaced: Vec<usize>,
    /// For trials: three quarters of the work that is left.
    options: Options,
    /// For what confirms what they found, and for what comes after.
    rest: Options,
    left: usize,
    open: usize,
}

impl Trials {
    pub(super) fn new(asked: &Asked<'_>, shortages: &[GroupShortage]) -> Self {
        let mut base = asked.problem.clone();
        base.levels.clear();
        base.minimise_unplaced();
        let rest = limited(asked.options, &asked.problem);
        let most = rest.control().steps_left().map(|left| left / 4 * 3);
        let mut options = rest.clone();
        options.solve.control = rest.control().metered(most);
        Self {
            base,
            shortages: shortages.to_vec(),
            unplaced: asked.unplaced().into_iter().map(|(class, _)| class).collect(),
            options,
            rest,
            left: SOLVES_MAX,
            open: 0,
        }
    }

    pub(super) fn problem(&self) -> &Problem {
        &self.base
    }

    /// For a solve that confirms, or asks something else.
    pub(super) fn rest(&self) -> &Options {
        &self.rest
    }

    /// Whether there is nothing left to ask with: the number of solves or the work is used up, the time is
    /// over, or the caller cancelled.
    pub(super) fn are_over(&self) -> bool {
        self.left == 0 || self.options.control().should_stop().is_some()
    }

    /// The same for solves made elsewhere.
    pub(super) fn is_rest_over(&self) -> bool {
        self.left == 0 || self.rest.control().should_stop().is_some()
    }

    /// Counts a solve made elsewhere.
    pub(super) fn count(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// Asks with these amounts added to `node`.
    pub(super) fn fit(&mut self, node: NodeId, added: &[(What, i64)]) -> Fit {
        if self.are_over() {
            return Fit::Open;
        }
        if self.is_short(node, added) {
            return Fit::No(Certificate::IntegerSum);
        }
        let mut problem = self.base.clone();
        added.iter().for_each(|&(what, amount)| add(&mut problem, node, what, amount));
        if self.unplaced.iter().any(|&class| !has_place(&problem, class)) {
            return Fit::No(Certificate::IntegerSum);
        }
        self.count();
        self.options.control().spend(problem.free.len() + problem.card_free.len());
        let outcome = solve::solve(&problem, &self.options.solve_options());
        if outcome.puts.len() as u64 == problem.items() {
            return Fit::Yes;
        }
        match outcome.unplaced_certificate {
            Some(certificate) if outcome.unplaced_bound >= 1 => Fit::No(certificate),
            _ => {
                self.options.control().note(outcome.stop);
                self.open += 1;
                Fit::Open
            }
        }
    }

    /// Whether some set of nodes still has less than its pods need: a sum says so, no solver is needed.
    fn is_short(&self, node: NodeId, added: &[(What, i64)]) -> bool {
        self.shortages.iter().any(|s| {
            let here = s.nodes.binary_search(&node).is_ok();
            let covers = |&&(what, _): &&(What, i64)| match (what, s.short) {
                (What::Resource(r), Short::Resource(short)) => here && r == short,
                (What::Cards(_), Short::Cards) => here,
                _ => false,
            };
            let unit = if s.short == Short::Cards { Card::WHOLE_MILLI } else { 1 };
            let more: i64 = added.iter().filter(covers).map(|&(_, amount)| amount * unit).sum();
            s.missing() > more
        })
    }

    /// Tells what was cut short.
    pub(super) fn add_cuts(&self, cuts: &mut Vec<CauseCut>) {
        if self.open > 0 {
            cuts.push(CauseCut::Open { solves: self.open });
        }
        let control = self.options.control();
        if self.left == 0 || control.should_stop() == Some(Stop::WorkLimit) {
            control.note(Stop::WorkLimit);
            cuts.push(CauseCut::SolvesSpent);
        }
    }
}

/// Whether some node has the amounts for one item of the class, were it alone.
fn has_place(problem: &Problem, class: usize) -> bool {
    let demand = &problem.classes[class].demand;
    (0..problem.bins()).any(|bin| {
        let amounts = demand.iter().zip(problem.free_of(bin));
        problem.may_enter(class, bin) && amounts.into_iter().all(|(d, f)| *d == 0 || d <= f)
    })
}

/// The options with the work of one solve bounded: its steps, and its methods where the problem is large.
pub(super) fn limited(options: &Options, problem: &Problem) -> Options {
    let mut options = options.started();
    options.solve.work_max = Some(options.solve.work_max.map_or(STEPS_MAX, |w| w.min(STEPS_MAX)));
    let enters = |c: &Class| c.eligible.as_ref().map_or(problem.bins(), |e| e.count_ones(..));
    if problem.classes.iter().map(enters).sum::<usize>() > PAIRS_MAX {
        options.solve.method = Method::Greedy;
    }
    options
}

fn add(problem: &mut Problem, node: NodeId, what: What, amount: i64) {
    match what {
        What::Resource(r) => problem.free[node.index() * problem.dims + r.index()] += amount,
        What::Cards(model) => {
            let end = problem.card_start[node.index() + 1] as usize;
            let more = usize::try_from(amount).unwrap_or(0);
            let whole = Card::WHOLE_MILLI;
            problem.card_free.splice(end..end, std::iter::repeat_n(whole, more));
            let number = model.index() as u32;
            problem.card_model.splice(end..end, std::iter::repeat_n(number, more));
            problem.card_start[node.index() + 1..].iter_mut().for_each(|s| *s += more as u32);
        }
    }
}
