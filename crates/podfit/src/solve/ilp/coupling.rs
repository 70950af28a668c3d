//! The rows that couple items: clashes, company, spread.

use super::formulation::Builder;
use crate::problem::{NO_DOMAIN, Need, Put};
use good_lp::{Expression, Variable, constraint};
use rustc_hash::FxHashMap;

impl Builder<'_> {
    /// New items of `class` in a domain.
    fn new_in(&mut self, class: usize, counter: u32, domain: u32) -> Vec<Variable> {
        let domain_of = &self.problem.counters[counter as usize].domain_of;
        let new = &self.new[class];
        let by_domain = self.in_domain.entry((class, counter)).or_insert_with(|| {
            let mut by_domain: FxHashMap<u32, Vec<Variable>> = FxHashMap::default();
            for &(bin, v, _) in new {
                by_domain.entry(domain_of[bin]).or_default().push(v);
            }
            by_domain
        });
        by_domain.get(&domain).cloned().unwrap_or_default()
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
    pub(super) fn clashes(&mut self) {
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
    pub(super) fn needs(&mut self) {
        for class in 0..self.problem.classes.len() {
            for need in self.problem.classes[class].needs.clone() {
                self.need(class, &need);
            }
        }
    }

    fn need(&mut self, class: usize, need: &Need) {
        let base = |k: &u32| self.problem.counters[*k as usize].base.iter().flatten().sum::<i64>();
        let may_be_first = need.self_match && need.counters.iter().all(|k| base(k) == 0);
        for &counter in &need.counters {
            let members = self.members(counter);
            let mut firsts = Expression::default();
            let first_put = self.known.puts.iter().find(|p| members.contains(&(p.class as usize)));
            let domain_of = &self.problem.counters[counter as usize].domain_of;
            let first_domain = first_put.map(|p| domain_of[p.bin as usize]);
            for domain in self.domains(class, counter) {
                if self.problem.counters[counter as usize].base[domain as usize].unwrap_or(0) > 0 {
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

    /// Spread on final counts: the last item of a kind in a domain saw all of that kind there, and no least
    /// count above the final one.
    pub(super) fn spreads(&mut self) {
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
}
