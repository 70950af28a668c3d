//! What is in the way of one kind of pod: no node, no piece large enough, no node with all at once, a rule.

use super::shortage::{Short, demand, free, shorts};
use super::{Asked, Cause, CauseCut};
use crate::model::{Change, NodeId, PodId};
use crate::problem::Problem;
use crate::rules::{Rule, RuleSet, State, explain};

/// Kinds of unplaced pods looked at.
const KINDS_MAX: usize = 64;
/// Steps of looking at a node.
const STEPS_A_NODE: usize = 200;

/// What is in the way of the unplaced pods of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindrance {
    /// The unplaced pods.
    pub pods: Vec<PodId>,
    /// Whether it is so only with the plan's other pods in place; else it is so for a single pod by itself.
    pub others_placed: bool,
    /// What is in the way; one for each resource that is in pieces.
    pub obstacles: Vec<Obstacle>,
}

/// Something in the way of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// No surviving node accepts the pod, whatever is free there: how many nodes each rule keeps it off.
    NoNode(Vec<(Rule, usize)>),
    /// The nodes that accept it have less free of a resource, all together, than one pod needs.
    TooLittle {
        /// What.
        short: Short,
        /// Needed for one pod.
        need: i64,
        /// Free in all.
        free: i64,
    },
    /// Free in all would do, but no node has enough: the free amount is in pieces. (Of cards, a piece is what
    /// one node has free.)
    InPieces {
        /// What.
        short: Short,
        /// Needed for one pod.
        need: i64,
        /// The largest piece.
        largest: i64,
        /// Where it is.
        node: NodeId,
        /// Free in all, on the nodes that accept the pod.
        free: i64,
    },
    /// Some node has enough of each resource, but none of all at once.
    NotTogether,
    /// Some node has enough of all resources, but none has free cards too, each with enough, of a model it accepts.
    Cards,
    /// Nodes have room, and a rule about other pods refuses them: rules and on how many nodes.
    Rules(Vec<(Rule, usize)>),
    /// Each such pod has room by itself, and what remains open is the puzzle: how all fit together.
    Together,
}

/// Fills in `hindrances`.
pub(super) fn add(asked: &Asked<'_>, cause: &mut Cause) {
    let unplaced = asked.unplaced();
    if unplaced.len() > KINDS_MAX {
        cause.cuts.push(CauseCut::Kinds { seen: KINDS_MAX, all: unplaced.len() });
    }
    let cluster = asked.planner.cluster().as_ref();
    let change = &asked.plan.change;
    let nothing_placed = Change { steps: Vec::new(), ..change.clone() };
    let before =
        Moment { state: State::with_change(cluster, &nothing_placed), problem: &asked.problem };
    let filled = filled(asked);
    let after = Moment { state: State::with_change(cluster, change), problem: &filled };
    for (class, pods) in unplaced.into_iter().take(KINDS_MAX) {
        if asked.options.control().spent(asked.problem.bins() * STEPS_A_NODE) {
            break;
        }
        let found = before.obstacles(class, pods[0]).map(|o| (false, o));
        let found = found.or_else(|| after.obstacles(class, pods[0]).map(|o| (true, o)));
        let (others_placed, obstacles) = found.unwrap_or((true, vec![Obstacle::Together]));
        cause.hindrances.push(Hindrance { pods, others_placed, obstacles });
    }
}

/// The problem with the plan's pods in place, as far as amounts and cards go.
fn filled(asked: &Asked<'_>) -> Problem {
    let mut problem = asked.problem.clone();
    let mut class_of: Vec<(PodId, usize)> = Vec::new();
    for (class, pods) in asked.mapping.pods.iter().enumerate() {
        class_of.extend(pods.iter().map(|&p| (p, class)));
    }
    class_of.sort_unstable();
    for step in &asked.plan.change.steps {
        let Ok(at) = class_of.binary_search_by_key(&step.pod, |&(p, _)| p) else { continue };
        let class = class_of[at].1;
        let start = step.node.index() * problem.dims;
        for r in 0..problem.dims {
            problem.free[start + r] -= problem.classes[class].demand[r];
        }
        let cards = problem.cards_of(step.node.index()).start;
        for &card in &step.cards {
            problem.card_free[cards + usize::from(card)] -= problem.classes[class].cards.milli_each;
        }
    }
    problem
}

/// Before or after the plan's steps.
struct Moment<'a> {
    state: State<'a>,
    problem: &'a Problem,
}

impl Moment<'_> {
    /// What keeps one pod of the class from being placed now; `None` if nothing does.
    fn obstacles(&self, class: usize, pod: PodId) -> Option<Vec<Obstacle>> {
        let problem = self.problem;
        let open: Vec<usize> =
            (0..problem.bins()).filter(|&b| problem.may_enter(class, b)).collect();
        if open.is_empty() {
            return Some(vec![Obstacle::NoNode(self.refusing(pod))]);
        }
        let pieces: Vec<Obstacle> =
            shorts(problem).filter_map(|s| self.piece(class, &open, s)).collect();
        if !pieces.is_empty() {
            return Some(pieces);
        }
        let enough: Vec<usize> = open.into_iter().filter(|&b| self.has_amounts(class, b)).collect();
        if enough.is_empty() {
            return Some(vec![Obstacle::NotTogether]);
        }
        let roomy: Vec<usize> = enough.into_iter().filter(|&b| self.has_cards(class, b)).collect();
        if roomy.is_empty() {
            return Some(vec![Obstacle::Cards]);
        }
        let explanation = explain(&self.state, pod, RuleSet::ALL);
        if explanation.allowed().next().is_some() {
            return None;
        }
        let refused = explanation.per_node.iter();
        let rules = refused
            .filter(|(n, _)| roomy.binary_search(&n.index()).is_ok())
            .filter_map(|(_, refusals)| refusals.first().map(|r| r.rule));
        Some(vec![Obstacle::Rules(counted(rules.collect()))])
    }

    /// Which rules keep the pod off, and on how many nodes. Lost nodes are left out.
    fn refusing(&self, pod: PodId) -> Vec<(Rule, usize)> {
        let explanation = explain(&self.state, pod, RuleSet::ALL);
        let rules = explanation.per_node.iter().filter_map(|(_, r)| r.first().map(|r| r.rule));
        counted(rules.filter(|&r| r != Rule::Lost).collect())
    }

    fn piece(&self, class: usize, open: &[usize], short: Short) -> Option<Obstacle> {
        let need = demand(self.problem, class, short);
        if need == 0 {
            return None;
        }
        let all: i64 = match (open, short) {
            // One that is overcommitted has less than nothing.
            ([only], Short::Resource(r)) => self.problem.free_of(*only)[r.index()],
            _ => open.iter().map(|&b| free(self.problem, b, short)).sum(),
        };
        // The first node of those that have most.
        let best =
            open.iter().max_by_key(|&&b| (free(self.problem, b, short), std::cmp::Reverse(b)))?;
        let largest = free(self.problem, *best, short);
        if need <= largest {
            return None;
        }
        if need > all {
            return Some(Obstacle::TooLittle { short, need, free: all });
        }
        Some(Obstacle::InPieces { short, need, largest, node: NodeId(*best as u32), free: all })
    }

    fn has_amounts(&self, class: usize, bin: usize) -> bool {
        let demand = &self.problem.classes[class].demand;
        demand.iter().zip(self.problem.free_of(bin)).all(|(d, f)| *d == 0 || d <= f)
    }

    fn has_cards(&self, class: usize, bin: usize) -> bool {
        let c = &self.problem.classes[class];
        let fitting = self.problem.cards_of(bin).filter(|&i| {
            let model = self.problem.card_model[i];
            self.problem.card_free[i] >= c.cards.milli_each
                && (c.cards.models.is_empty() || c.cards.models.binary_search(&model).is_ok())
        });
        c.cards.count == 0 || fitting.count() >= usize::from(c.cards.count)
    }
}

fn counted(mut rules: Vec<Rule>) -> Vec<(Rule, usize)> {
    rules.sort_unstable();
    rules.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect()
}
