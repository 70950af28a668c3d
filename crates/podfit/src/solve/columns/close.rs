//! The order in which a level is closed: the bound of the whole, a dive, all patterns where these are few, then longer dives
//! and programs over what is known.

use super::super::control::Control;
use super::super::ilp::Backend;
use super::super::incumbent::Incumbent;
use super::super::outcome::Certificate;
use super::dive::Dive;
use super::duals::{Duals, Priced};
use super::enumerate::all_below;
use super::generate::{Proved, Until, generate};
use super::master::Master;
use super::place::patterns_of;
use super::relaxation::{Pattern, Relaxation};
use super::restricted;
use crate::problem::{NO_DOMAIN, Problem};

/// Patterns with which the program over all of them is tried.
const ALL_MAX: usize = 40_000;
/// Candidates that the search for all patterns may look at.
const ALL_STEPS: u64 = 200_000_000;
/// Steps of work of the program over the patterns known.
const PROGRAM_STEPS: u64 = 200_000_000;

/// Steps of work of a level, where no time limit ends it; and in any case where the relaxation drops what couples bins.
const STEPS: u64 = 1_000_000_000;
const STEPS_COUPLED: u64 = 100_000_000;
/// Dives may differ from the first one in so many choices.
const DISCREPANCIES_MAX: usize = 3;

/// One level on its way to being closed.
pub(super) struct Close<'a> {
    problem: &'a Problem,
    relaxation: &'a Relaxation,
    backend: &'a Backend,
    seed: u64,
    control: Control,
    bound: i64,
    certificate: Certificate,
}

impl<'a> Close<'a> {
    pub(super) fn new(
        problem: &'a Problem,
        relaxation: &'a Relaxation,
        backend: &'a Backend,
        seed: u64,
        control: &'a Control,
        known: i64,
    ) -> Self {
        let certificate = Certificate::IntegerSum;
        let steps = match control.time_limit() {
            _ if couples_bins(problem) => Some(STEPS_COUPLED),
            None => Some(STEPS),
            Some(_) => None,
        };
        let control = control.metered(steps);
        Self { problem, relaxation, backend, seed, control, bound: known, certificate }
    }

    pub(super) fn run(
        mut self,
        incumbent: &mut Incumbent,
        first: Option<&(Priced, Priced)>,
    ) -> (i64, Certificate) {
        self.work(incumbent, first);
        (self.bound, self.certificate)
    }

    fn level(&self) -> usize {
        self.relaxation.above.len()
    }

    fn is_over(&self, incumbent: &Incumbent) -> bool {
        incumbent.value[self.level()] <= self.bound || self.control.should_stop().is_some()
    }

    fn raise(&mut self, bound: i64, certificate: Certificate) {
        if bound > self.bound {
            (self.bound, self.certificate) = (bound, certificate);
        }
    }

    fn work(&mut self, incumbent: &mut Incumbent, first: Option<&(Priced, Priced)>) -> Option<()> {
        let mut proved = Proved::nothing(self.relaxation);
        let mut centre = proved.clone();
        if let Some((first, best)) = first {
            centre.take(first);
            proved.take(best);
        }
        let mut master = Master::new(self.relaxation, self.seed)?;
        patterns_of(self.problem, self.relaxation, incumbent).into_iter().for_each(|p| {
            master.add(p);
        });
        let mut duals = (proved, centre);
        // A first placement before what may take long.
        for until in [Until::Cheap, Until::Bound] {
            self.generate(&mut master, &mut duals, until, incumbent)?;
            self.dive_if_open(&mut master, incumbent, 0);
        }
        self.dive_if_open(&mut master, incumbent, 1);
        if !self.is_over(incumbent) {
            self.generate(&mut master, &mut duals, Until::Optimum, incumbent)?;
        }
        if !self.is_over(incumbent) {
            self.all(&duals.0, incumbent);
        }
        if !self.is_over(incumbent) {
            let control = self.control.metered(Some(PROGRAM_STEPS));
            self.program(&master.patterns, incumbent, &control);
        }
        for discrepancies in 2..=DISCREPANCIES_MAX {
            self.dive_if_open(&mut master, incumbent, discrepancies);
        }
        Some(())
    }

    fn generate(
        &mut self,
        master: &mut Master<'_>,
        (proved, centre): &mut (Proved, Proved),
        until: Until,
        incumbent: &Incumbent,
    ) -> Option<()> {
        let goal = incumbent.value[self.level()];
        let ended = generate(self.relaxation, master, proved, centre, goal, until, &self.control);
        self.raise(proved.bound, Certificate::IntegerDual);
        ended
    }

    fn dive_if_open<'r>(
        &self,
        master: &mut Master<'r>,
        incumbent: &mut Incumbent,
        discrepancies: usize,
    ) where
        'a: 'r,
    {
        if self.is_over(incumbent) {
            return;
        }
        let mut dive = Dive {
            problem: self.problem,
            relaxation: self.relaxation,
            master,
            incumbent,
            goal: self.bound,
            discrepancies,
            fixed: Vec::new(),
            control: &self.control,
        };
        dive.run();
    }

    /// The program over all patterns that a better placement could use.
    fn all(&mut self, proved: &Proved, incumbent: &mut Incumbent) -> Option<()> {
        let reached = incumbent.value[self.level()];
        let duals = Duals::round(self.relaxation, &proved.item, &proved.above)?;
        let wanted = reached - self.relaxation.step;
        let patterns =
            all_below(self.relaxation, &duals, wanted, ALL_MAX, ALL_STEPS, &self.control)?;
        let solved = restricted::solve(
            self.problem,
            self.relaxation,
            &patterns,
            incumbent,
            self.backend,
            self.seed,
            &self.control,
        );
        // What uses other patterns is no better than what was reached before.
        if let Some(bound) = solved {
            self.raise(bound.min(reached), Certificate::SolverFloat);
        }
        Some(())
    }

    fn program(&self, patterns: &[Pattern], incumbent: &mut Incumbent, control: &Control) {
        restricted::solve(
            self.problem,
            self.relaxation,
            patterns,
            incumbent,
            self.backend,
            self.seed,
            control,
        );
    }
}

/// Whether something that columns do not see ties bins to each other: what they prove holds, what they place may not be
/// allowed.
fn couples_bins(problem: &Problem) -> bool {
    let mut forbidding: Vec<u32> =
        problem.classes.iter().flat_map(|c| &c.forbids).copied().collect();
    forbidding.sort_unstable();
    forbidding.dedup();
    let is_wide = |&counter: &u32| {
        let domain_of = &problem.counters[counter as usize].domain_of;
        let mut domains: Vec<u32> = domain_of.iter().copied().filter(|&d| d != NO_DOMAIN).collect();
        let there = domains.len();
        domains.sort_unstable();
        domains.dedup();
        domains.len() < there
    };
    problem.order_matters()
        || problem.classes.iter().any(|c| c.origin.is_some())
        || forbidding.iter().any(is_wide)
}
