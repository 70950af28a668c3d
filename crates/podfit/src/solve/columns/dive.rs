//! Placements by diving: the pattern that the program uses most is fixed, patterns are priced for what is left, and so on
//! until nothing is; with a few discrepancies near the top (Sadykov, Vanderbeck, Pessoa, Tahiri and Uchoa 2019).

use super::super::control::Control;
use super::super::incumbent::Incumbent;
use super::duals::{Duals, setup_steps};
use super::knapsack::{Asked, Knapsack};
use super::master::{Master, Optimum};
use super::place::adopt;
use super::relaxation::{Pattern, Relaxation};
use crate::problem::Problem;

/// Choices at so many levels of a dive may differ from the first one.
const DEPTH_MAX: usize = 3;
/// Rounds of pricing after a pattern is fixed.
const ROUNDS: usize = 6;
/// Candidates that a knapsack may look at in them.
const STEPS: u64 = 20_000;
/// A gain, and a use of a pattern, that is noise.
const NOISE: f64 = 1e-6;
/// Uses of a pattern from which on it is fixed without being the largest.
const NEARLY: f64 = 0.95;
/// One in so many of the uses that are left is fixed at once, where none of them is certain.
const AT_ONCE: f64 = 30.0;
/// And such as are used at least so much of what the most used one is.
const AS_MUCH: f64 = 0.8;

/// A search by diving; it goes on until `goal` is reached, its discrepancies are used up, or the limits end it.
pub(super) struct Dive<'a, 'r> {
    pub(super) problem: &'a Problem,
    pub(super) relaxation: &'r Relaxation,
    pub(super) master: &'a mut Master<'r>,
    pub(super) incumbent: &'a mut Incumbent,
    pub(super) goal: i64,
    /// Choices that may differ from the first one, in all.
    pub(super) discrepancies: usize,
    /// By pattern: how often it is fixed.
    pub(super) fixed: Vec<u32>,
    pub(super) control: &'a Control,
}

impl Dive<'_, '_> {
    pub(super) fn run(&mut self) {
        self.branch(&[], 0);
        for p in 0..self.fixed.len() {
            self.fix(p, 0);
        }
    }

    fn level(&self) -> usize {
        self.relaxation.above.len()
    }

    fn is_over(&self) -> bool {
        self.incumbent.value[self.level()] <= self.goal || self.control.should_stop().is_some()
    }

    /// One node near the top: its best choice, then others, the ones before barred.
    fn branch(&mut self, barred: &[usize], depth: usize) {
        if depth >= DEPTH_MAX {
            return self.plunge(barred);
        }
        let Some(optimum) = self.solve() else { return };
        let mut barred = barred.to_vec();
        while !self.is_over() {
            let chosen = self.choose(&optimum, &barred);
            let Some(&(first, _)) = chosen.first() else {
                if barred.is_empty() {
                    self.place();
                }
                return;
            };
            let before: Vec<u32> = chosen.iter().map(|&(p, _)| self.fixed_of(p)).collect();
            chosen.iter().for_each(|&(p, n)| self.fix(p, self.fixed_of(p) + n));
            self.branch(&barred, depth + 1);
            chosen.iter().zip(&before).for_each(|(&(p, _), &n)| self.fix(p, n));
            if barred.len() >= self.discrepancies {
                return;
            }
            barred.push(first);
        }
    }

    /// To the end without looking back; what was fixed on the way is let go.
    fn plunge(&mut self, barred: &[usize]) {
        let before = self.fixed.clone();
        while !self.is_over() {
            let Some(optimum) = self.solve() else { break };
            let chosen = self.choose(&optimum, barred);
            if chosen.is_empty() {
                self.place();
                break;
            }
            chosen.iter().for_each(|&(p, n)| self.fix(p, self.fixed_of(p) + n));
        }
        for p in 0..self.fixed.len() {
            self.fix(p, before.get(p).copied().unwrap_or(0));
        }
    }

    fn fixed_of(&self, pattern: usize) -> u32 {
        self.fixed.get(pattern).copied().unwrap_or(0)
    }

    fn fix(&mut self, pattern: usize, times: u32) {
        if self.fixed.len() < self.master.patterns.len() {
            self.fixed.resize(self.master.patterns.len(), 0);
        }
        if self.fixed[pattern] != times {
            self.fixed[pattern] = times;
            self.master.at_least(pattern, times);
        }
    }

    /// What is used of each item beyond what is fixed.
    fn left(&self) -> Vec<u32> {
        let mut left: Vec<u32> = self.relaxation.items.iter().map(|i| i.count).collect();
        for (pattern, &times) in self.master.patterns.iter().zip(&self.fixed) {
            for &(i, n) in pattern.items.iter().filter(|_| times > 0) {
                let left = &mut left[i as usize];
                *left = left.saturating_sub(n.saturating_mul(times));
            }
        }
        left
    }

    /// The optimum with what is fixed, after some rounds of pricing for what is left; `None` where it cannot be better than
    /// what is known.
    fn solve(&mut self) -> Option<Optimum> {
        let left = self.left();
        let mut optimum = self.master.solve(self.control)?;
        let noise = NOISE * optimum.objective.abs().max(1.0);
        for _ in 0..ROUNDS {
            // What may still end at the goal needs nothing better.
            let on_track = optimum.objective <= self.goal as f64 + noise;
            let over = on_track || self.control.should_stop().is_some();
            if over || self.price(&optimum, &left)? == 0 {
                break;
            }
            optimum = self.master.solve(self.control)?;
        }
        let known = self.incumbent.value[self.level()] - self.relaxation.step;
        (optimum.objective <= known as f64 + noise).then_some(optimum)
    }

    /// Adds patterns of what is left; how many.
    fn price(&mut self, optimum: &Optimum, left: &[u32]) -> Option<usize> {
        let relaxation = self.relaxation;
        let duals = Duals::round(relaxation, &optimum.item, &optimum.above)?;
        let tries = 50 / relaxation.kinds.len().max(1) + 1;
        let mut added = 0;
        for kind in 0..relaxation.kinds.len() {
            let beat = duals.cost(relaxation, kind);
            let asked = Asked { relaxation, kind, profit: &duals.item, most: left, beat };
            let (mut found, mut steps) = Knapsack::new(&asked).greedy(tries);
            let filled = Knapsack::new(&asked).solve(STEPS);
            steps += filled.steps;
            found.extend(filled.found);
            self.control.spend(2 * setup_steps(relaxation) + steps as usize);
            for (_, pattern) in found {
                if optimum.gain(relaxation, &pattern) > NOISE {
                    added += usize::from(self.master.add(pattern));
                }
            }
        }
        Some(added)
    }

    /// Patterns to fix and how often: whole uses, or else the one that is used most.
    fn choose(&self, optimum: &Optimum, barred: &[usize]) -> Vec<(usize, u32)> {
        let more = |p: usize| optimum.used[p] - f64::from(self.fixed_of(p));
        let open: Vec<usize> =
            (0..optimum.used.len()).filter(|&p| more(p) > NOISE && !barred.contains(&p)).collect();
        let whole = |p: usize| (more(p) + 1.0 - NEARLY).floor() as u32;
        let certain: Vec<(usize, u32)> =
            open.iter().map(|&p| (p, whole(p))).filter(|&(_, n)| n > 0).collect();
        if !certain.is_empty() {
            return certain;
        }
        let mut open = open;
        open.sort_by(|&a, &b| more(b).total_cmp(&more(a)).then(a.cmp(&b)));
        let uses: f64 = open.iter().map(|&p| more(p)).sum();
        let most = (uses / AT_ONCE) as usize + 1;
        let mut left = self.left();
        let mut chosen: Vec<(usize, u32)> = Vec::new();
        for p in open {
            let items = &self.master.patterns[p].items;
            let first = chosen.first().map_or(0.0, |&(p, _)| more(p));
            let apart =
                more(p) >= AS_MUCH * first && items.iter().all(|&(i, n)| n <= left[i as usize]);
            if chosen.is_empty() || apart {
                chosen.push((p, 1));
                for &(i, n) in items {
                    left[i as usize] = left[i as usize].saturating_sub(n);
                }
            }
            if chosen.len() >= most {
                break;
            }
        }
        chosen
    }

    /// Keeps the placement of what is fixed, where it is better.
    fn place(&mut self) {
        let patterns: Vec<(&Pattern, u32)> = self
            .master
            .patterns
            .iter()
            .zip(&self.fixed)
            .filter(|(_, n)| **n > 0)
            .map(|(p, &n)| (p, n))
            .collect();
        adopt(self.problem, self.relaxation, &patterns, self.incumbent, self.control);
    }
}
