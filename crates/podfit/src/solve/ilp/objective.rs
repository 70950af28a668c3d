//! Levels as expressions over the columns.

use super::formulation::Builder;
use crate::problem::Term;
use good_lp::{Expression, constraint};

impl Builder<'_> {
    /// A level as an expression.
    pub(super) fn level(&mut self, level: usize) -> Expression {
        let problem = self.problem;
        let mut sum = Expression::default();
        for term in &problem.levels[level].terms {
            match term {
                Term::Unplaced(weight) => {
                    for (class, c) in problem.classes.iter().enumerate() {
                        if c.origin.is_some() || weight[class] == 0 {
                            continue;
                        }
                        let w = weight[class] as f64;
                        sum += w * f64::from(c.count);
                        self.new[class].iter().for_each(|&(_, v, _)| {
                            sum.add_mul(-w, v);
                        });
                    }
                }
                Term::Moves(cost) => {
                    for (class, c) in problem.classes.iter().enumerate() {
                        if c.origin.is_some() {
                            self.new[class].iter().for_each(|&(_, v, _)| {
                                sum.add_mul(cost[class] as f64, v);
                            });
                        }
                    }
                }
                Term::BinsUsed(cost) => self.bins_used(cost, &mut sum),
                // There is no program of such a problem: see `Formulation::new`.
                Term::Reserve(_)
                | Term::Balance(_)
                | Term::MovesBetween(_)
                | Term::MostMoves(_) => {}
            }
        }
        sum
    }

    fn bins_used(&mut self, cost: &[i64], sum: &mut Expression) {
        let problem = self.problem;
        for bin in (0..problem.bins()).filter(|&b| cost[b] > 0) {
            let mut items = Expression::default();
            let mut most = 0.0;
            for (class, c) in problem.classes.iter().enumerate() {
                let new = self.new[class].iter().filter(|&&(b, ..)| b == bin);
                new.for_each(|&(_, v, n)| {
                    items += v;
                    most += f64::from(n);
                });
                if c.origin.as_ref().is_some_and(|o| o.bin as usize == bin) {
                    self.stay[class].into_iter().for_each(|v| items += v);
                    most += f64::from(c.count);
                }
            }
            if most == 0.0 {
                continue;
            }
            let used = self.column(1, u32::from(!self.known.is_empty(bin)));
            self.rows.push(constraint!(items - most * used <= 0));
            sum.add_mul(cost[bin] as f64, used);
        }
    }
}
