//! Is a placement of numbers allowed, and what is it worth? The referee shares no code with the solvers, nor with what they
//! evaluate by: it goes by the definitions of [`Problem`] alone, in wide integers.

use super::{Class, NO_DOMAIN, NO_GROUP, Problem, Put, Term};

/// What the referee says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What is broken, in the order of the puts, then what must hold in the end. Empty: the placement is allowed.
    pub broken: Vec<Broken>,
    /// The value of each level, of the puts that name a class and a bin that are there.
    pub levels: Vec<i128>,
}

/// A rule that a placement breaks. `put` is the position of the put, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Broken {
    /// There is no such class.
    NoSuchClass {
        /// The put.
        put: usize,
    },
    /// There is no such bin.
    NoSuchBin {
        /// The put.
        put: usize,
    },
    /// More items of a class are put than there are.
    TooMany {
        /// The class.
        class: usize,
        /// Put in all.
        put: u64,
    },
    /// More items leave their origin than may.
    TooManyMoves {
        /// Items that leave.
        moves: u64,
    },
    /// The bin takes nothing new.
    Closed {
        /// The put.
        put: usize,
    },
    /// The class may not be in the bin.
    NotEligible {
        /// The put.
        put: usize,
    },
    /// The bin has not so much of a resource left.
    NoRoom {
        /// The put.
        put: usize,
        /// The resource.
        resource: usize,
        /// Wanted.
        need: i128,
        /// Left at that moment.
        left: i128,
    },
    /// The number of cards is not the one wanted, a card comes twice, is not there, or is of another model.
    WrongCards {
        /// The put.
        put: usize,
    },
    /// A card has not so much left.
    NoCardRoom {
        /// The put.
        put: usize,
        /// The card, from 0 within the bin.
        card: u16,
    },
    /// Something that the class may not be with is in the domain.
    Forbidden {
        /// The put.
        put: usize,
        /// What counts it.
        counter: u32,
    },
    /// Something that the class needs is not in the domain.
    Needed {
        /// The put.
        put: usize,
        /// Which of its needs.
        need: usize,
    },
    /// The domain would hold too many more than the least.
    Uneven {
        /// The put.
        put: usize,
        /// Which of its rows of spread.
        row: usize,
    },
    /// In the end, a counter counts in too few domains.
    TooFewDomains {
        /// Which of the spans.
        span: usize,
        /// In how many it does.
        domains: u32,
    },
    /// In the end, something is without its companion in a domain.
    Alone {
        /// Which of the companions.
        companion: usize,
        /// The first such domain.
        domain: u32,
    },
}

/// Judges `puts`, made in this order after all who leave their origin have left.
///
/// The problem must pass [`Problem::validate`].
pub fn judge(problem: &Problem, puts: &[Put]) -> Judged {
    let mut table = Table::new(problem, puts);
    for (at, put) in puts.iter().enumerate() {
        table.place(at, put);
    }
    table.look_at_the_end();
    let levels = problem.levels.iter().map(|l| l.terms.iter().map(|t| table.value(t)).sum());
    Judged { levels: levels.collect(), broken: table.broken }
}

/// The bins as they are, put by put.
struct Table<'p> {
    problem: &'p Problem,
    /// Items of each class put so far; those of a class with an origin left it before the first put.
    put: Vec<u64>,
    /// Items of each class that stay where they are.
    stay: Vec<u64>,
    /// What items in the bin use: bin × resource.
    used: Vec<i128>,
    /// What items that moved away still hold: bin × resource.
    held: Vec<i128>,
    card_used: Vec<i128>,
    /// By counter and domain.
    count: Vec<Vec<i128>>,
    items: Vec<u64>,
    /// (origin, destination) of the moves made.
    moves: Vec<(usize, usize)>,
    broken: Vec<Broken>,
}

impl<'p> Table<'p> {
    fn new(problem: &'p Problem, puts: &[Put]) -> Self {
        let classes = problem.classes.len();
        let mut table = Self {
            problem,
            put: vec![0; classes],
            stay: vec![0; classes],
            used: vec![0; problem.free.len()],
            held: vec![0; problem.free.len()],
            card_used: vec![0; problem.card_free.len()],
            count: problem
                .counters
                .iter()
                .map(|c| c.base.iter().map(|n| i128::from(n.unwrap_or(0))).collect())
                .collect(),
            items: vec![0; problem.bins()],
            moves: Vec::new(),
            broken: Vec::new(),
        };
        let mut wanted = vec![0u64; classes];
        puts.iter().filter(|p| (p.class as usize) < classes).for_each(|p| {
            wanted[p.class as usize] += 1;
        });
        let mut leavers = 0;
        for (class, c) in problem.classes.iter().enumerate() {
            if wanted[class] > u64::from(c.count) {
                table.broken.push(Broken::TooMany { class, put: wanted[class] });
            }
            let Some(origin) = &c.origin else { continue };
            let gone = wanted[class].min(u64::from(c.count));
            leavers += wanted[class];
            table.stay[class] = u64::from(c.count) - gone;
            for _ in 0..table.stay[class] {
                table.settle(c, origin.bin as usize, &origin.cards);
            }
            for r in problem.held_by_moved.ones() {
                let amount = i128::from(c.demand[r]) * i128::from(gone);
                table.held[origin.bin as usize * problem.dims + r] += amount;
            }
        }
        if leavers > problem.moves_max {
            table.broken.push(Broken::TooManyMoves { moves: leavers });
        }
        table
    }

    /// One more item of a class is in a bin.
    fn settle(&mut self, class: &Class, bin: usize, cards: &[u16]) {
        let problem = self.problem;
        for (r, &amount) in class.demand.iter().enumerate() {
            self.used[bin * problem.dims + r] += i128::from(amount);
        }
        let first = problem.card_start[bin] as usize;
        for card in cards.iter().map(|&c| first + usize::from(c)) {
            if card < problem.card_start[bin + 1] as usize {
                self.card_used[card] += i128::from(class.cards.milli_each);
            }
        }
        for &k in &class.counts_in {
            let domain = problem.counters[k as usize].domain_of[bin];
            if domain != NO_DOMAIN {
                self.count[k as usize][domain as usize] += 1;
            }
        }
        self.items[bin] += 1;
    }

    fn place(&mut self, at: usize, put: &Put) {
        let problem = self.problem;
        let (class, bin) = (put.class as usize, put.bin as usize);
        let Some(c) = problem.classes.get(class) else {
            return self.broken.push(Broken::NoSuchClass { put: at });
        };
        if bin >= problem.bins() {
            return self.broken.push(Broken::NoSuchBin { put: at });
        }
        if self.put[class] == u64::from(c.count) {
            return; // told already: there are no more
        }
        self.put[class] += 1;
        let origin = c.origin.as_ref().map(|o| o.bin as usize);
        if let Some(origin) = origin {
            self.moves.push((origin, bin));
            if origin == bin {
                for r in problem.held_by_moved.ones() {
                    self.held[bin * problem.dims + r] -= i128::from(c.demand[r]);
                }
            }
        }
        self.look_at_the_bin(at, c, bin);
        self.look_at_the_cards(at, c, bin, &put.cards);
        self.look_at_the_company(at, c, bin);
        self.settle(c, bin, &put.cards);
    }

    fn look_at_the_bin(&mut self, at: usize, c: &Class, bin: usize) {
        let problem = self.problem;
        if problem.closed.contains(bin) {
            self.broken.push(Broken::Closed { put: at });
        }
        if c.eligible.as_ref().is_some_and(|e| !e.contains(bin)) {
            self.broken.push(Broken::NotEligible { put: at });
        }
        for (resource, &demand) in c.demand.iter().enumerate() {
            let i = bin * problem.dims + resource;
            let left = i128::from(problem.free[i]) - self.used[i] - self.held[i];
            let need = i128::from(demand);
            if demand != 0 && need > left {
                self.broken.push(Broken::NoRoom { put: at, resource, need, left });
            }
        }
    }

    fn look_at_the_cards(&mut self, at: usize, c: &Class, bin: usize, cards: &[u16]) {
        let problem = self.problem;
        let first = problem.card_start[bin] as usize;
        let there = problem.card_start[bin + 1] as usize - first;
        let fits = |&card: &u16| {
            let model = || problem.card_model[first + usize::from(card)];
            usize::from(card) < there
                && (c.cards.models.is_empty() || c.cards.models.contains(&model()))
        };
        let twice = cards.iter().enumerate().any(|(i, card)| cards[..i].contains(card));
        if cards.len() != usize::from(c.cards.count) || twice || !cards.iter().all(fits) {
            return self.broken.push(Broken::WrongCards { put: at });
        }
        for &card in cards {
            let i = first + usize::from(card);
            if self.card_used[i] + i128::from(c.cards.milli_each) > i128::from(problem.card_free[i])
            {
                self.broken.push(Broken::NoCardRoom { put: at, card });
            }
        }
    }

    fn look_at_the_company(&mut self, at: usize, c: &Class, bin: usize) {
        let problem = self.problem;
        let domain_of = |k: u32| problem.counters[k as usize].domain_of[bin];
        let here = |k: u32| match domain_of(k) {
            NO_DOMAIN => 0,
            d => self.count[k as usize][d as usize],
        };
        let mut broken = Vec::new();
        for &counter in c.forbids.iter().filter(|&&k| here(k) > 0) {
            broken.push(Broken::Forbidden { put: at, counter });
        }
        for (need, wants) in c.needs.iter().enumerate() {
            let nowhere = |&k: &u32| self.count[k as usize].iter().all(|&n| n == 0);
            let first = wants.self_match && wants.counters.iter().all(nowhere);
            let in_domains = wants.counters.iter().all(|&k| domain_of(k) != NO_DOMAIN);
            if !in_domains || !(first || wants.counters.iter().all(|&k| here(k) > 0)) {
                broken.push(Broken::Needed { put: at, need });
            }
        }
        for (row, spread) in c.spread.iter().enumerate() {
            let counter = &problem.counters[spread.counter as usize];
            let counts = counter.base.iter().zip(&self.count[spread.counter as usize]);
            let there = counts.filter(|(base, _)| base.is_some()).map(|(_, &n)| n);
            let least = if spread.least_is_zero { 0 } else { there.min().unwrap_or(0) };
            let after = here(spread.counter) + i128::from(spread.self_match);
            let is_there = match domain_of(spread.counter) {
                NO_DOMAIN => false,
                d => counter.base[d as usize].is_some(),
            };
            if !is_there || after - least > i128::from(spread.max_skew) {
                broken.push(Broken::Uneven { put: at, row });
            }
        }
        self.broken.extend(broken);
    }

    fn look_at_the_end(&mut self) {
        for (i, span) in self.problem.spans.iter().enumerate() {
            let counts = &self.count[span.counter as usize];
            let domains = counts.iter().filter(|&&n| n > 0).count() as u32;
            if domains > 0 && domains < span.domains_min {
                self.broken.push(Broken::TooFewDomains { span: i, domains });
            }
        }
        for (i, companion) in self.problem.companions.iter().enumerate() {
            let company = &self.count[companion.needs as usize];
            let alone = |&(d, n): &(usize, &i128)| *n > 0 && company[d] <= 0;
            let mut domains = self.count[companion.counter as usize].iter().enumerate();
            if let Some((domain, _)) = domains.find(alone) {
                self.broken.push(Broken::Alone { companion: i, domain: domain as u32 });
            }
        }
    }

    fn left(&self, bin: usize, resource: usize) -> i128 {
        let i = bin * self.problem.dims + resource;
        i128::from(self.problem.free[i]) - self.used[i]
    }

    fn value(&self, term: &Term) -> i128 {
        let problem = self.problem;
        let bins = 0..problem.bins();
        let classes = problem.classes.iter().enumerate();
        match term {
            Term::Unplaced(weights) => classes
                .filter(|(_, c)| c.origin.is_none())
                .map(|(i, c)| {
                    i128::from(weights[i]) * (i128::from(c.count) - i128::from(self.put[i]))
                })
                .sum(),
            Term::Moves(costs) => classes
                .filter(|(_, c)| c.origin.is_some())
                .map(|(i, _)| i128::from(costs[i]) * i128::from(self.put[i]))
                .sum(),
            Term::BinsUsed(costs) => {
                bins.filter(|&b| self.items[b] > 0).map(|b| i128::from(costs[b])).sum()
            }
            Term::Reserve(reserve) => {
                let missing =
                    bins.map(|b| i128::from(reserve.keep[b]) - self.left(b, reserve.resource));
                i128::from(reserve.cost) * missing.filter(|&m| m > 0).sum::<i128>()
            }
            Term::Balance(balance) => {
                let wanted = |b| i128::from(balance.ratio) * self.left(b, balance.first);
                let missing = bins.map(|b| wanted(b) - self.left(b, balance.second));
                i128::from(balance.cost) * missing.filter(|&m| m > 0).sum::<i128>()
            }
            Term::MovesBetween(costs) => {
                let group = |bin: usize| costs.group_of[bin] as usize;
                let cell = |&(from, to): &(usize, usize)| group(from) * costs.groups + group(to);
                self.moves.iter().map(|m| i128::from(costs.costs[cell(m)])).sum()
            }
            Term::MostMoves(most) => {
                let mut moved = std::collections::BTreeMap::new();
                for (i, _) in classes.filter(|(_, c)| c.origin.is_some()) {
                    *moved.entry(most.group_of[i]).or_insert(0) += self.put[i];
                }
                moved.remove(&NO_GROUP);
                i128::from(most.cost) * i128::from(moved.into_values().max().unwrap_or(0))
            }
        }
    }
}
