//! What a search looks up again and again, made once for a problem.

use super::scale::Scale;
use crate::problem::{Problem, Term};
use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

/// A problem as the search sees it.
pub(in crate::solve) struct Model<'p> {
    pub(super) problem: &'p Problem,
    pub(super) scale: Scale,
    /// Classes that stay where the start has them: others look at them in an order-dependent rule, or they do.
    pub(super) frozen: Vec<bool>,
    /// Of each class: what one item that is left out costs, by level.
    pub(super) unplaced: Vec<Vec<(usize, i64)>>,
    /// Of each class: what one item away from its origin costs, by level.
    pub(super) away: Vec<Vec<(usize, i64)>>,
    /// Costs of bins in use, by level.
    pub(super) opening: Vec<(usize, &'p [i64])>,
    /// Of each class: which of `bins`.
    pub(super) group: Vec<usize>,
    /// Bins that classes may enter, a list for each distinct set.
    pub(super) bins: Vec<Vec<u32>>,
    /// Whether only amounts keep a class out of the bins that it may enter.
    pub(super) by_amounts: Vec<bool>,
    /// Of each bin: the weight of what is free before any item is placed.
    pub(super) free: Vec<i64>,
}

impl<'p> Model<'p> {
    pub(in crate::solve) fn new(problem: &'p Problem) -> Self {
        let classes = problem.classes.len();
        let mut model = Self {
            problem,
            scale: Scale::new(problem),
            frozen: problem.order_coupled(),
            unplaced: vec![Vec::new(); classes],
            away: vec![Vec::new(); classes],
            opening: Vec::new(),
            group: Vec::with_capacity(classes),
            bins: Vec::new(),
            by_amounts: Vec::new(),
            free: Vec::new(),
        };
        for (level, l) in problem.levels.iter().enumerate() {
            l.terms.iter().for_each(|term| model.add_term(level, term));
        }
        model.group_bins();
        let open = (0..problem.bins()).all(|b| !problem.closed.contains(b));
        model.by_amounts = problem
            .classes
            .iter()
            .map(|c| open && c.eligible.is_none() && c.forbids.is_empty() && c.cards.count == 0)
            .collect();
        model.free = (0..problem.bins()).map(|b| model.scale.of_bin(problem, b)).collect();
        model
    }

    fn add_term(&mut self, level: usize, term: &'p Term) {
        let classes = self.problem.classes.iter().enumerate();
        match term {
            Term::Unplaced(weights) => {
                for (c, _) in classes.filter(|(_, c)| c.origin.is_none()) {
                    self.unplaced[c].extend((weights[c] != 0).then_some((level, weights[c])));
                }
            }
            Term::Moves(costs) => {
                for (c, _) in classes.filter(|(_, c)| c.origin.is_some()) {
                    self.away[c].extend((costs[c] != 0).then_some((level, costs[c])));
                }
            }
            Term::BinsUsed(costs) => self.opening.push((level, costs)),
            // Nobody searches such a problem: see `Problem::beyond_counts`.
            Term::Reserve(_) | Term::Balance(_) | Term::MovesBetween(_) | Term::MostMoves(_) => {}
        }
    }

    fn group_bins(&mut self) {
        let problem = self.problem;
        let mut known: FxHashMap<Option<&FixedBitSet>, usize> = FxHashMap::default();
        for class in &problem.classes {
            let eligible = class.eligible.as_deref();
            let group = *known.entry(eligible).or_insert_with(|| {
                let open = (0..problem.bins()).filter(|&b| {
                    !problem.closed.contains(b) && eligible.is_none_or(|e| e.contains(b))
                });
                self.bins.push(open.map(|b| b as u32).collect());
                self.bins.len() - 1
            });
            self.group.push(group);
        }
    }

    /// The bins that items of a class may enter.
    pub(super) fn bins_of(&self, class: u32) -> &[u32] {
        &self.bins[self.group[class as usize]]
    }

    /// The first level that counts an item of the class as left out; one after the last where none does.
    pub(super) fn rank(&self, class: u32) -> usize {
        self.unplaced[class as usize].first().map_or(self.problem.levels.len(), |&(l, _)| l)
    }

    /// What a bin in use costs on a level.
    pub(super) fn cost_of(&self, level: usize, bin: u32) -> i64 {
        let own = self.opening.iter().filter(|(l, _)| *l == level);
        own.map(|(_, costs)| costs[bin as usize]).sum()
    }

    /// Whether the class has an origin: its items must not be left out.
    pub(super) fn must_stay(&self, class: u32) -> bool {
        self.problem.classes[class as usize].origin.is_some()
    }
}
