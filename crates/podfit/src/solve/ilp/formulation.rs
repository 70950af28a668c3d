//! The integer program of one level: columns x[class, bin] and what couples them, in good_lp.

use super::super::packing::Packing;
use super::backend::Program;
use super::{Answer, Incumbent};
use crate::problem::{NO_DOMAIN, Problem, Put, Term};
use good_lp::{Constraint, Expression, ProblemVariables, Variable, constraint, variable};
use rustc_hash::FxHashMap;

/// Coefficients of a row are scaled to at most this, so that a float tells neighbours apart.
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

/// A set of items in a domain: (column, or nothing for what is fixed).
type Sum = Vec<Variable>;

struct Builder<'p> {
    problem: &'p Problem,
    columns: ProblemVariables,
    order: Vec<Variable>,
    start: Vec<f64>,
    rows: Vec<Constraint>,
    /// By class: (bin, column, most items).
    new: Vec<Vec<(usize, Variable, u32)>>,
    stay: Vec<Option<Variable>>,
    /// The incumbent, for the starting point.
    known: Packing<'p>,
    known_at: FxHashMap<(usize, usize), u32>,
    presence: FxHashMap<(usize, u32, u32), Variable>,
}

impl Formulation {
    /// The program of `level`, levels above held at the incumbent's values. `None` if it is too large.
    pub(super) fn new(
        problem: &Problem,
        level: usize,
        incumbent: &Incumbent,
        cuts: &[Cut],
        columns_max: usize,
    ) -> Option<Self> {
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
        for put in &incumbent.puts {
            if problem.classes[put.class as usize].origin.is_some() {
                known.leave(put.class as usize);
            }
            *known_at.entry((put.class as usize, put.bin as usize)).or_default() += 1;
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
    fn column(&mut self, most: u32, hint: u32) -> Variable {
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
                let on = |p: &&Put| {
                    (p.class as usize, p.bin as usize) == (class, bin) && p.cards.contains(&index)
                };
                let hint = self.known.puts.iter().filter(on).count() as u32;
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

    /// New items of `class` in a domain.
    fn new_in(&self, class: usize, counter: u32, domain: u32) -> Sum {
        let domain_of = &self.problem.counters[counter as usize].domain_of;
        self.new[class]
            .iter()
            .filter(|&&(bin, ..)| domain_of[bin] == domain)
            .map(|&(_, v, _)| v)
            .collect()
    }

    /// The column of the items of a movable class that stay in a domain.
    fn stay_in(&self, class: usize, counter: u32, domain: u32) -> Option<Variable> {
        let origin = self.problem.classes[class].origin.as_ref()?;
        let at = self.problem.counters[counter as usize].domain_of[origin.bin as usize];
        self.stay[class].filter(|_| at == domain)
    }

    /// Domains of a counter in which a class has columns, sorted.
    fn domains(&self, class: usize, counter: u32) -> Vec<u32> {
        let domain_of = &self.problem.counters[counter as usize].domain_of;
        let mut domains: Vec<u32> = self.new[class]
            .iter()
            .map(|&(bin, ..)| domain_of[bin])
            .filter(|&d| d != NO_DOMAIN)
            .collect();
        domains.sort_unstable();
        domains.dedup();
        domains
    }

    /// A column that is 1 if any new item of `class` is in the domain.
    fn presence(&mut self, class: usize, counter: u32, domain: u32) -> Variable {
        if let Some(&v) = self.presence.get(&(class, counter, domain)) {
            return v;
        }
        let items = self.new_in(class, counter, domain);
        let count = self.problem.classes[class].count;
        let v = match items.as_slice() {
            [only] if count == 1 => *only,
            _ => {
                let v = self.column(1, u32::from(self.known_in(class, counter, domain) > 0));
                let total: Expression = items.into_iter().sum();
                let most = f64::from(count);
                self.rows.push(constraint!(total - most * v <= 0));
                v
            }
        };
        self.presence.insert((class, counter, domain), v);
        v
    }

    /// How many new items of `class` the incumbent has in the domain.
    fn known_in(&self, class: usize, counter: u32, domain: u32) -> usize {
        let domain_of = &self.problem.counters[counter as usize].domain_of;
        let here = |p: &&Put| p.class as usize == class && domain_of[p.bin as usize] == domain;
        self.known.puts.iter().filter(here).count()
    }

    fn members(&self, counter: u32) -> Vec<usize> {
        (0..self.problem.classes.len())
            .filter(|&c| self.problem.classes[c].counts_in.contains(&counter))
            .collect()
    }

    /// Forbidding rows: classes that forbid a counter and are counted by it exclude each other, one item a
    /// domain; the rest pair by pair.
    fn clashes(&mut self) {
        for counter in 0..self.problem.counters.len() as u32 {
            let forbidding: Vec<usize> = (0..self.problem.classes.len())
                .filter(|&c| self.problem.classes[c].forbids.contains(&counter))
                .collect();
            if forbidding.is_empty() {
                continue;
            }
            let members = self.members(counter);
            let mut domains: Vec<u32> =
                forbidding.iter().flat_map(|&c| self.domains(c, counter)).collect();
            domains.sort_unstable();
            domains.dedup();
            for domain in domains {
                self.clash(counter, domain, &forbidding, &members);
            }
        }
    }

    fn clash(&mut self, counter: u32, domain: u32, forbidding: &[usize], members: &[usize]) {
        let mut clique = Expression::default();
        let mut in_clique = 0;
        for &a in forbidding {
            let items = self.new_in(a, counter, domain);
            if items.is_empty() {
                continue;
            }
            let counted = members.binary_search(&a).is_ok();
            if counted {
                in_clique += items.len();
                items.into_iter().for_each(|v| clique += v);
            }
            for &m in members {
                if let Some(stay) = self.stay_in(m, counter, domain) {
                    let here = self.presence(a, counter, domain);
                    let all = f64::from(self.problem.classes[m].count);
                    self.rows.push(constraint!(stay + all * here <= all));
                }
                let also_clique = counted && forbidding.binary_search(&m).is_ok();
                if m != a && !also_clique && !self.new_in(m, counter, domain).is_empty() {
                    let (here, there) =
                        (self.presence(a, counter, domain), self.presence(m, counter, domain));
                    self.rows.push(constraint!(here + there <= 1));
                }
            }
        }
        if in_clique > 0 {
            self.rows.push(constraint!(clique <= 1));
        }
    }

    /// Company: counted there already, or brought by others, or by one first item of all.
    fn needs(&mut self) {
        for class in 0..self.problem.classes.len() {
            let Some(need) = self.problem.classes[class].needs.clone() else { continue };
            let base =
                |k: &u32| self.problem.counters[*k as usize].base.iter().flatten().sum::<i64>();
            let may_be_first = need.self_match && need.counters.iter().all(|k| base(k) == 0);
            for &counter in &need.counters {
                let members = self.members(counter);
                let mut firsts = Expression::default();
                let first_put =
                    self.known.puts.iter().find(|p| members.contains(&(p.class as usize)));
                let domain_of = &self.problem.counters[counter as usize].domain_of;
                let first_domain = first_put.map(|p| domain_of[p.bin as usize]);
                for domain in self.domains(class, counter) {
                    if self.problem.counters[counter as usize].base[domain as usize].unwrap_or(0)
                        > 0
                    {
                        continue;
                    }
                    let mut company = Expression::default();
                    for &m in &members {
                        if m != class {
                            self.new_in(m, counter, domain).into_iter().for_each(|v| company += v);
                        }
                        self.stay_in(m, counter, domain).into_iter().for_each(|v| company += v);
                    }
                    if may_be_first {
                        let first = self.column(1, u32::from(first_domain == Some(domain)));
                        company += first;
                        firsts += first;
                    }
                    let here = self.presence(class, counter, domain);
                    self.rows.push(constraint!(here - company <= 0));
                }
                if may_be_first {
                    self.rows.push(constraint!(firsts <= 1));
                }
            }
        }
    }

    /// Spread on final counts: the last item of a kind in a domain saw all of that kind there, and no least
    /// count above the final one.
    fn spreads(&mut self) {
        let mut leasts: FxHashMap<u32, Variable> = FxHashMap::default();
        for class in 0..self.problem.classes.len() {
            for row in self.problem.classes[class].spread.clone() {
                let k = row.counter;
                let least = match (row.least_is_zero, leasts.get(&k)) {
                    (true, _) => None,
                    (false, Some(&v)) => Some(v),
                    (false, None) => {
                        let v = self.least(k);
                        leasts.insert(k, v);
                        Some(v)
                    }
                };
                // An item that the counter does not count (empty selector) still sees itself, but no other.
                let counted = self.problem.classes[class].counts_in.contains(&k);
                let alike: Vec<usize> = (0..self.problem.classes.len())
                    .filter(|&c| {
                        let other = &self.problem.classes[c];
                        counted && other.spread.contains(&row) && other.counts_in.contains(&k)
                    })
                    .collect();
                let itself = i64::from(row.self_match && !counted);
                let members = self.members(k);
                for domain in self.domains(class, k) {
                    let base = itself
                        + self.problem.counters[k as usize].base[domain as usize].unwrap_or(0);
                    let mut count = Expression::from(base as f64);
                    let mut most = base;
                    for &c in &alike {
                        self.new_in(c, k, domain).into_iter().for_each(|v| count += v);
                        most += i64::from(self.problem.classes[c].count);
                    }
                    for &m in &members {
                        if let Some(v) = self.stay_in(m, k, domain) {
                            count += v;
                            most += i64::from(self.problem.classes[m].count);
                        }
                    }
                    let over = (most - row.max_skew) as f64;
                    if over <= 0.0 {
                        continue;
                    }
                    let here = self.presence(class, k, domain);
                    let skew = row.max_skew as f64;
                    if let Some(least) = least {
                        count -= least;
                    }
                    self.rows.push(constraint!(count + over * here <= skew + over));
                }
            }
        }
    }

    /// A column no larger than any domain's final count.
    fn least(&mut self, counter: u32) -> Variable {
        let members = self.members(counter);
        let items: u64 = self.problem.classes.iter().map(|c| u64::from(c.count)).sum();
        let base = &self.problem.counters[counter as usize].base;
        let most = base.iter().flatten().min().copied().unwrap_or(0) as u64 + items;
        let hint = self.known.least(counter).clamp(0, i64::from(u32::MAX)) as u32;
        let least = self.column(u32::try_from(most).unwrap_or(u32::MAX), hint);
        for domain in 0..base.len() as u32 {
            let Some(n) = self.problem.counters[counter as usize].base[domain as usize] else {
                continue;
            };
            let mut count = Expression::from(n as f64);
            for &m in &members {
                self.new_in(m, counter, domain).into_iter().for_each(|v| count += v);
                self.stay_in(m, counter, domain).into_iter().for_each(|v| count += v);
            }
            self.rows.push(constraint!(least - count <= 0));
        }
        least
    }

    /// At least one column in scope differs from the cut-off answer.
    fn cut(&mut self, cut: &Cut) {
        let mut differs = Expression::default();
        for class in 0..self.problem.classes.len() {
            if cut.coupled_alone && !self.problem.order_coupled(class) {
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

    /// A level as an expression.
    fn level(&mut self, level: usize) -> Expression {
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
