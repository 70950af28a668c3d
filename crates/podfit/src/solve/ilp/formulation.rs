//! The integer program of one level: columns x[class, bin] and what couples them, in good_lp.

use super::super::incumbent::Incumbent;
use super::super::packing::Packing;
use super::Answer;
use super::backend::Program;
use crate::problem::{NO_DOMAIN, Problem, Put};
use good_lp::{Constraint, Expression, ProblemVariables, Variable, constraint, variable};
use rustc_hash::FxHashMap;

/// Coefficients of a row are scaled to at most this, so that a float distinguishes neighbours.
const COEFFICIENT_MAX: i64 = 1 << 20;

/// An answer that has no legal order: the program may not give it again.
pub(super) struct Cut {
    /// (class, bin, items), sorted; what is not named is zero.
    pub(super) counts: Vec<(u32, u32, u32)>,
    /// Only classes that depend on order are held to it.
    pub(super) coupled_alone: bool,
}

/// The program, and how to read its columns.
pub(super) struct Formulation {
    pub(super) program: Program,
    pub(super) layout: Layout,
}

/// Which column means what.
pub(super) struct Layout {
    /// (class, bin, column), by class then bin.
    new: Vec<(usize, usize, usize)>,
    /// (class, bin, card within the bin) → column, in this order.
    cards: Vec<(usize, usize, u16, usize)>,
}

impl Layout {
    /// Rounds the columns to an answer.
    pub(super) fn read(&self, problem: &Problem, columns: &[f64]) -> Answer {
        let rounded = |column: usize| columns[column].round().max(0.0) as usize;
        let mut leavers = Vec::new();
        let mut puts = Vec::new();
        let mut cards = self.cards.iter().peekable();
        for &(class, bin, column) in &self.new {
            let mut held: Vec<u16> = Vec::new();
            while let Some(&(c, b, card, column)) = cards.peek() {
                if (*c, *b) != (class, bin) {
                    break;
                }
                held.extend(std::iter::repeat_n(*card, rounded(*column)));
                cards.next();
            }
            let each = usize::from(problem.classes[class].cards.count);
            for i in 0..rounded(column) {
                let end = ((i + 1) * each).min(held.len());
                let cards = held[(i * each).min(end)..end].to_vec();
                puts.push(Put { class: class as u32, bin: bin as u32, cards });
                if problem.classes[class].origin.is_some() {
                    leavers.push(class);
                }
            }
        }
        Answer { leavers, puts }
    }
}

pub(super) struct Builder<'p> {
    pub(super) problem: &'p Problem,
    columns: ProblemVariables,
    order: Vec<Variable>,
    start: Vec<f64>,
    pub(super) rows: Vec<Constraint>,
    /// By class: (bin, column, most items).
    pub(super) new: Vec<Vec<(usize, Variable, u32)>>,
    pub(super) stay: Vec<Option<Variable>>,
    /// The incumbent, for the starting point.
    pub(super) known: Packing<'p>,
    known_at: FxHashMap<(usize, usize), u32>,
    /// By class, bin and card within the bin: items of the incumbent.
    known_cards: FxHashMap<(usize, usize, u16), u32>,
    /// By class and counter: the columns of each domain.
    pub(super) in_domain: FxHashMap<(usize, u32), FxHashMap<u32, Vec<Variable>>>,
    pub(super) presence: FxHashMap<(usize, u32, u32), Variable>,
}

impl Formulation {
    /// The program of `level`, levels above held at the incumbent's values. `None` if it is too large, or the problem looks
    /// at more than counts.
    pub(super) fn new(
        problem: &Problem,
        level: usize,
        incumbent: &Incumbent,
        cuts: &[Cut],
        columns_max: usize,
    ) -> Option<Self> {
        if problem.beyond_counts().is_some() {
            return None;
        }
        let mut b = Builder::new(problem, incumbent, columns_max)?;
        let cards = b.amounts();
        b.clashes();
        b.needs();
        b.spreads();
        cuts.iter().for_each(|cut| b.cut(cut));
        for above in 0..level {
            let expression = b.level(above);
            let value = incumbent.value[above] as f64;
            b.rows.push(constraint!(expression <= value));
        }
        let objective = b.level(level);
        if b.order.len() > columns_max || b.rows.len() > 4 * columns_max {
            return None;
        }
        // Columns were made in order, so a variable's position in `order` is its index.
        let index: FxHashMap<Variable, usize> =
            b.order.iter().enumerate().map(|(i, &v)| (v, i)).collect();
        let new = b
            .new
            .iter()
            .enumerate()
            .flat_map(|(class, list)| list.iter().map(move |&(bin, v, _)| (class, bin, v)));
        let layout = Layout {
            new: new.map(|(class, bin, v)| (class, bin, index[&v])).collect(),
            cards: cards.into_iter().map(|(c, bin, card, v)| (c, bin, card, index[&v])).collect(),
        };
        let Builder { columns, order, start, rows, .. } = b;
        Some(Self { program: Program { columns, order, start, rows, objective }, layout })
    }
}

impl<'p> Builder<'p> {
    fn new(problem: &'p Problem, incumbent: &Incumbent, columns_max: usize) -> Option<Self> {
        let mut known = Packing::new(problem);
        let mut known_at: FxHashMap<(usize, usize), u32> = FxHashMap::default();
        let mut known_cards: FxHashMap<(usize, usize, u16), u32> = FxHashMap::default();
        for put in &incumbent.puts {
            if problem.classes[put.class as usize].origin.is_some() {
                known.leave(put.class as usize);
            }
            let at = (put.class as usize, put.bin as usize);
            *known_at.entry(at).or_default() += 1;
            for &card in &put.cards {
                *known_cards.entry((at.0, at.1, card)).or_default() += 1;
            }
        }
        known.replay(&incumbent.puts);
        let mut b = Self {
            problem,
            columns: ProblemVariables::new(),
            order: Vec::new(),
            start: Vec::new(),
            rows: Vec::new(),
            new: Vec::new(),
            stay: Vec::new(),
            known,
            known_at,
            known_cards,
            in_domain: FxHashMap::default(),
            presence: FxHashMap::default(),
        };
        let emptied = Packing::emptied(problem);
        for (class, c) in problem.classes.iter().enumerate() {
            let mut list = Vec::new();
            for bin in 0..problem.bins() {
                if !emptied.fits_for_good(class, bin) || !has_domains(problem, class, bin) {
                    continue;
                }
                if b.order.len() >= columns_max {
                    return None;
                }
                let most = emptied.most(class, bin);
                let hint = b.known_at.get(&(class, bin)).copied().unwrap_or(0);
                list.push((bin, b.column(most, hint), most));
            }
            b.new.push(list);
            let stay = c.origin.as_ref().map(|_| {
                let hint = b.known.staying(class);
                b.column(c.count, hint)
            });
            b.stay.push(stay);
            let mut total: Expression = b.new[class].iter().map(|&(_, v, _)| v).sum();
            let count = f64::from(c.count);
            b.rows.push(match stay {
                None => constraint!(total <= count),
                Some(stay) => {
                    total += stay;
                    constraint!(total == count)
                }
            });
        }
        if b.stay.iter().any(Option::is_some) {
            let moved: Expression = (0..problem.classes.len())
                .filter(|&c| b.stay[c].is_some())
                .flat_map(|c| b.new[c].iter().map(|&(_, v, _)| v))
                .sum();
            let most = problem.moves_max as f64;
            b.rows.push(constraint!(moved <= most));
        }
        Some(b)
    }

    /// A new integer column from 0 to `most`, `hint` in the starting point.
    pub(super) fn column(&mut self, most: u32, hint: u32) -> Variable {
        let v = self.columns.add(variable().integer().min(0).max(f64::from(most)));
        self.order.push(v);
        self.start.push(f64::from(hint));
        v
    }

    /// Free amounts of bins and cards. Returns the columns of cards.
    fn amounts(&mut self) -> Vec<(usize, usize, u16, Variable)> {
        let problem = self.problem;
        let mut in_bin: Vec<Vec<(usize, Variable, u32)>> = vec![Vec::new(); problem.bins()];
        for (class, list) in self.new.iter().enumerate() {
            list.iter().for_each(|&(bin, v, most)| in_bin[bin].push((class, v, most)));
        }
        let mut stay_in: Vec<Vec<(usize, Variable)>> = vec![Vec::new(); problem.bins()];
        for (class, stay) in self.stay.iter().enumerate() {
            if let (Some(v), Some(origin)) = (stay, &problem.classes[class].origin) {
                stay_in[origin.bin as usize].push((class, *v));
            }
        }
        let mut cards = Vec::new();
        for bin in 0..problem.bins() {
            if in_bin[bin].is_empty() {
                continue;
            }
            for resource in 0..problem.dims {
                self.amount(bin, resource, &in_bin[bin], &stay_in[bin]);
            }
            self.cards(bin, &in_bin[bin], &stay_in[bin], &mut cards);
        }
        cards.sort_by_key(|&(class, bin, card, _)| (class, bin, card));
        cards
    }

    fn amount(
        &mut self,
        bin: usize,
        resource: usize,
        new: &[(usize, Variable, u32)],
        stay: &[(usize, Variable)],
    ) {
        let demand = |class: usize| self.problem.classes[class].demand[resource];
        let free = self.problem.free_of(bin)[resource];
        let largest = new.iter().map(|&(c, ..)| demand(c)).max().unwrap_or(0);
        let most: i128 = new.iter().map(|&(c, _, n)| i128::from(demand(c)) * i128::from(n)).sum();
        let held: i128 = stay
            .iter()
            .map(|&(c, _)| i128::from(demand(c)) * i128::from(self.problem.classes[c].count))
            .sum();
        if largest == 0 || most + held <= i128::from(free) {
            return;
        }
        let scale = Scale::of(
            new.iter().map(|&(c, ..)| demand(c)).chain(stay.iter().map(|&(c, _)| demand(c))),
        );
        let mut taken = Expression::default();
        for &(class, v, _) in new {
            taken.add_mul(scale.down(demand(class)) as f64, v);
        }
        let room = scale.down(free) as f64;
        if held <= i128::from(free) {
            for &(class, v) in stay {
                taken.add_mul(scale.down(demand(class)) as f64, v);
            }
            self.rows.push(constraint!(taken <= room));
            return;
        }
        // Overcommitted by what may stay: only if something new comes must it all fit.
        let any_new =
            new.iter().any(|&(c, ..)| demand(c) > 0 && self.known_at.contains_key(&(c, bin)));
        let opened = self.column(1, u32::from(any_new));
        let limit = (most / i128::from(scale.0)) as f64;
        self.rows.push(constraint!(taken.clone() - limit * opened <= 0));
        let mut held = 0;
        for &(class, v) in stay {
            let d = scale.down(demand(class));
            held += d * i64::from(self.problem.classes[class].count);
            taken.add_mul(d as f64, v);
        }
        let slack = held as f64 - room;
        self.rows.push(constraint!(taken + slack * opened <= room + slack));
    }

    fn cards(
        &mut self,
        bin: usize,
        new: &[(usize, Variable, u32)],
        stay: &[(usize, Variable)],
        out: &mut Vec<(usize, usize, u16, Variable)>,
    ) {
        let problem = self.problem;
        let range = problem.cards_of(bin);
        let mut on_card: Vec<Expression> = vec![Expression::default(); range.len()];
        for &(class, x, _) in new {
            let want = &problem.classes[class].cards;
            if want.count == 0 {
                continue;
            }
            let mut total = Expression::default();
            for card in range.clone() {
                let accepted = want.models.is_empty()
                    || want.models.binary_search(&problem.card_model[card]).is_ok();
                let most = problem.card_free[card] / want.milli_each.max(1);
                if !accepted || most <= 0 {
                    continue;
                }
                let index = (card - range.start) as u16;
                let hint = self.known_cards.get(&(class, bin, index)).copied().unwrap_or(0);
                let v = self.column(u32::try_from(most).unwrap_or(u32::MAX), hint);
                out.push((class, bin, index, v));
                total += v;
                on_card[card - range.start].add_mul(want.milli_each as f64, v);
            }
            let each = f64::from(want.count);
            self.rows.push(constraint!(total - each * x == 0));
        }
        for &(class, v) in stay {
            let c = &problem.classes[class];
            for &card in c.origin.iter().flat_map(|o| &o.cards) {
                on_card[usize::from(card)].add_mul(c.cards.milli_each as f64, v);
            }
        }
        for (card, taken) in range.zip(on_card) {
            let room = problem.card_free[card] as f64;
            self.rows.push(constraint!(taken <= room));
        }
    }

    /// At least one column in scope differs from the cut-off answer.
    fn cut(&mut self, cut: &Cut) {
        let mut differs = Expression::default();
        let coupled = self.problem.order_coupled();
        for (class, coupled) in coupled.into_iter().enumerate() {
            if cut.coupled_alone && !coupled {
                continue;
            }
            for (bin, v, most) in self.new[class].clone() {
                let at = cut
                    .counts
                    .binary_search_by_key(&(class as u32, bin as u32), |&(c, b, _)| (c, b));
                let n = at.map_or(0, |i| cut.counts[i].2);
                if n == 0 {
                    differs += v;
                } else if n >= most {
                    differs += f64::from(most) - v;
                } else {
                    let known = self.known_at.get(&(class, bin)).copied().unwrap_or(0);
                    let less = self.column(1, u32::from(known < n));
                    let more = self.column(1, u32::from(known > n));
                    let (n, most) = (f64::from(n), f64::from(most));
                    self.rows.push(constraint!(v + (most - n + 1.0) * less <= most));
                    self.rows.push(constraint!(v - (n + 1.0) * more >= 0));
                    differs += less + more;
                }
            }
        }
        self.rows.push(constraint!(differs >= 1));
    }
}

/// A class with needs or spread enters only bins that have the domains they speak of.
fn has_domains(problem: &Problem, class: usize, bin: usize) -> bool {
    let c = &problem.classes[class];
    let needed =
        c.needs.iter().flat_map(|n| &n.counters).chain(c.spread.iter().map(|s| &s.counter));
    needed.into_iter().all(|&k| problem.counters[k as usize].domain_of[bin] != NO_DOMAIN)
}

/// Divides a row by a common number, rounding down: with non-negative columns and an upper limit that only
/// relaxes it, and where the number divides every coefficient it changes nothing.
struct Scale(i64);

impl Scale {
    fn of(amounts: impl Iterator<Item = i64>) -> Self {
        let (mut divisor, mut largest) = (0, 1);
        for a in amounts {
            divisor = gcd(divisor, a);
            largest = largest.max(a);
        }
        let divisor = divisor.max(1);
        if largest / divisor <= COEFFICIENT_MAX {
            return Self(divisor);
        }
        Self(largest.div_euclid(COEFFICIENT_MAX) + 1)
    }

    fn down(&self, amount: i64) -> i64 {
        amount.div_euclid(self.0)
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
