//! Whether numbers make a problem: shapes, signs, references, and sums that stay within 64 bits.

use super::{Class, Counter, NO_DOMAIN, NO_GROUP, Problem, Put, Term, referee};
use rustc_hash::FxHashMap;

/// No sum of a problem goes beyond this in either direction: a quarter of what 64 bits hold, so that solvers may add two.
const SUM_MAX: i128 = 1 << 61;
/// Thousandths of a card: a million cards.
const MILLI_MAX: i64 = 1_000_000_000;
/// More flaws than this are not told.
const TOLD_MAX: usize = 100;

/// What is wrong with the numbers of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What kind of fault it is.
    pub code: FlawCode,
    /// Where, as `classes[3].demand`.
    pub place: String,
    /// What is wrong.
    pub cause: String,
}

/// Kinds of flaws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlawCode {
    /// A list is longer or shorter than what it speaks of.
    Length,
    /// An amount, weight, cost or count is negative.
    Negative,
    /// A number names a bin, class, counter, resource, domain or group that is not there.
    Unknown,
    /// A sum may pass what 64 bits hold.
    Overflow,
    /// A request for cards that cannot be meant.
    Cards,
    /// A class keeps away from another that does not keep away from it.
    OneSided,
    /// Leaving everything where it is breaks a rule of the end.
    Start,
}

impl FlawCode {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Negative => "negative",
            Self::Unknown => "unknown",
            Self::Overflow => "overflow",
            Self::Cards => "cards",
            Self::OneSided => "one-sided",
            Self::Start => "start",
        }
    }

    /// What to do.
    pub fn fix(self) -> &'static str {
        match self {
            Self::Length => "give one number for each",
            Self::Negative => "amounts, weights, costs and counts are 0 or more",
            Self::Unknown => "numbers begin at 0 and end before the number of what they name",
            Self::Overflow => "count in larger units",
            Self::Cards => "whole cards have 1000 thousandths; a share is of one card",
            Self::OneSided => "forbid the other way too, in the same domains or in larger ones",
            Self::Start => "drop the rule, or begin from a placement that keeps it",
        }
    }
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, place, cause } = self;
        write!(f, "{place}: {cause} [{}]: {}", code.code(), code.fix())
    }
}

impl Problem {
    /// Whether the numbers make a problem that the solvers can take.
    ///
    /// # Errors
    /// Every flaw, a hundred at most, in the order of the fields.
    pub fn validate(&self) -> Result<(), Vec<Flaw>> {
        let mut check = Check { problem: self, flaws: Vec::new() };
        if self.card_start.first() != Some(&0) {
            let cause = "begins at 0, and has one entry more than there are bins";
            check.flaw(FlawCode::Length, "card_start", cause);
            return Err(check.flaws);
        }
        check.bins();
        check.counters();
        for (i, class) in self.classes.iter().enumerate() {
            check.class(&format!("classes[{i}]"), class);
        }
        check.rules();
        check.levels();
        // What follows reads all of it.
        if check.flaws.is_empty() {
            check.sums();
            check.forbids();
        }
        if check.flaws.is_empty() {
            check.start();
        }
        if check.flaws.is_empty() { Ok(()) } else { Err(check.flaws) }
    }
}

/// Whether bins that share a domain of `fine` share one of `coarse`.
fn is_coarser(coarse: &Counter, fine: &Counter) -> bool {
    let mut of: Vec<Option<u32>> = vec![None; fine.base.len()];
    fine.domain_of
        .iter()
        .zip(coarse.domain_of.iter())
        .all(|(&f, &c)| f == NO_DOMAIN || c != NO_DOMAIN && *of[f as usize].get_or_insert(c) == c)
}

struct Check<'p> {
    problem: &'p Problem,
    flaws: Vec<Flaw>,
}

impl Check<'_> {
    fn flaw(&mut self, code: FlawCode, place: impl Into<String>, cause: impl Into<String>) {
        if self.flaws.len() < TOLD_MAX {
            self.flaws.push(Flaw { code, place: place.into(), cause: cause.into() });
        }
    }

    fn length(&mut self, place: &str, len: usize, wanted: usize, of: &str) -> bool {
        if len != wanted {
            self.flaw(FlawCode::Length, place, format!("{len} where there are {wanted} {of}"));
        }
        len == wanted
    }

    fn not_negative(&mut self, place: &str, amounts: &[i64]) {
        if let Some(i) = amounts.iter().position(|&a| a < 0) {
            self.flaw(FlawCode::Negative, format!("{place}[{i}]"), format!("{}", amounts[i]));
        }
    }

    fn known(&mut self, place: &str, number: usize, end: usize, of: &str) -> bool {
        if number >= end {
            self.flaw(FlawCode::Unknown, place, format!("{number} of {end} {of}"));
        }
        number < end
    }

    fn bins(&mut self) {
        let p = self.problem;
        let start = &p.card_start;
        self.length("free", p.free.len(), p.bins().saturating_mul(p.dims), "bins × resources");
        if let Some(i) = start.windows(2).position(|w| w[0] > w[1]) {
            self.flaw(
                FlawCode::Length,
                format!("card_start[{}]", i + 1),
                "is less than the one before",
            );
        }
        let cards = start[start.len() - 1] as usize;
        self.length("card_free", p.card_free.len(), cards, "cards");
        self.length("card_model", p.card_model.len(), cards, "cards");
        if let Some(i) = p.card_free.iter().position(|f| f.abs() > MILLI_MAX) {
            self.flaw(FlawCode::Overflow, format!("card_free[{i}]"), format!("{}", p.card_free[i]));
        }
        if let Some(bin) = p.closed.maximum() {
            self.known("closed", bin, p.bins(), "bins");
        }
        if let Some(resource) = p.held_by_moved.maximum() {
            self.known("held_by_moved", resource, p.dims, "resources");
        }
    }

    fn counters(&mut self) {
        let p = self.problem;
        for (i, counter) in p.counters.iter().enumerate() {
            let place = format!("counters[{i}]");
            let domains = counter.base.len();
            if !self.length(
                &format!("{place}.domain_of"),
                counter.domain_of.len(),
                p.bins(),
                "bins",
            ) {
                continue;
            }
            for (bin, &d) in counter.domain_of.iter().enumerate().filter(|(_, d)| **d != NO_DOMAIN)
            {
                let place = || format!("{place}.domain_of[{bin}]");
                if d as usize >= domains {
                    self.flaw(FlawCode::Unknown, place(), format!("{d} of {domains} domains"));
                    break;
                }
                if counter.base[d as usize].is_none() && !p.closed.contains(bin) {
                    let cause = format!("domain {d} is not there, and bin {bin} is open");
                    self.flaw(FlawCode::Unknown, place(), cause);
                    break;
                }
            }
            if counter.base.iter().flatten().any(|&n| n < 0) {
                self.flaw(FlawCode::Negative, format!("{place}.base"), "counts are 0 or more");
            }
        }
    }

    fn class(&mut self, place: &str, class: &Class) {
        let p = self.problem;
        let demand = format!("{place}.demand");
        self.length(&demand, class.demand.len(), p.dims, "resources");
        self.not_negative(&demand, &class.demand);
        if let Some(eligible) = &class.eligible {
            self.length(&format!("{place}.eligible"), eligible.len(), p.bins(), "bins");
        }
        let cards = &class.cards;
        let milli = cards.milli_each;
        let is_wrong = match cards.count {
            0 => milli != 0,
            1 => !(1..=MILLI_MAX).contains(&milli),
            _ => !(1000..=MILLI_MAX).contains(&milli),
        };
        if is_wrong {
            let cause = format!("{milli} thousandths of each of {} cards", cards.count);
            self.flaw(FlawCode::Cards, format!("{place}.cards"), cause);
        }
        if !cards.models.is_sorted() {
            self.flaw(FlawCode::Cards, format!("{place}.cards.models"), "are not sorted");
        }
        if let Some(origin) = &class.origin {
            let place = format!("{place}.origin");
            if self.known(&format!("{place}.bin"), origin.bin as usize, p.bins(), "bins") {
                let there = p.cards_of(origin.bin as usize).len();
                for &card in &origin.cards {
                    self.known(&format!("{place}.cards"), usize::from(card), there, "cards");
                }
            }
            let held = usize::from(cards.count);
            self.length(&format!("{place}.cards"), origin.cards.len(), held, "cards wanted");
            if held > 0 && class.count > 1 {
                let cause = format!("{} items hold the same cards", class.count);
                self.flaw(FlawCode::Cards, place, cause);
            }
        }
        let needs = class.needs.iter().flat_map(|n| &n.counters);
        let lists: [(&str, Vec<u32>); 4] = [
            ("forbids", class.forbids.clone()),
            ("needs", needs.copied().collect()),
            ("spread", class.spread.iter().map(|s| s.counter).collect()),
            ("counts_in", class.counts_in.clone()),
        ];
        for (name, list) in lists {
            for k in list {
                self.known(&format!("{place}.{name}"), k as usize, p.counters.len(), "counters");
            }
        }
    }

    fn rules(&mut self) {
        let p = self.problem;
        for (i, span) in p.spans.iter().enumerate() {
            self.known(&format!("spans[{i}]"), span.counter as usize, p.counters.len(), "counters");
        }
        for (i, companion) in p.companions.iter().enumerate() {
            let place = format!("companions[{i}]");
            let both = [companion.counter, companion.needs]
                .map(|k| self.known(&place, k as usize, p.counters.len(), "counters"));
            if both == [true; 2] {
                let [one, other] =
                    [companion.counter, companion.needs].map(|k| &p.counters[k as usize]);
                let alike = one.base.len() == other.base.len() && one.domain_of == other.domain_of;
                if !alike {
                    self.flaw(FlawCode::Length, place, "the two counters have different domains");
                }
            }
        }
    }

    fn levels(&mut self) {
        let p = self.problem;
        for (l, level) in p.levels.iter().enumerate() {
            for (t, term) in level.terms.iter().enumerate() {
                self.term(&format!("levels[{l}].terms[{t}]"), term);
            }
        }
    }

    fn term(&mut self, place: &str, term: &Term) {
        let p = self.problem;
        match term {
            Term::Unplaced(weights) | Term::Moves(weights) => {
                self.length(place, weights.len(), p.classes.len(), "classes");
                self.not_negative(place, weights);
            }
            Term::BinsUsed(costs) => {
                self.length(place, costs.len(), p.bins(), "bins");
                self.not_negative(place, costs);
            }
            Term::Reserve(reserve) => {
                self.known(place, reserve.resource, p.dims, "resources");
                self.length(&format!("{place}.keep"), reserve.keep.len(), p.bins(), "bins");
                self.not_negative(&format!("{place}.cost"), &[reserve.cost]);
            }
            Term::Balance(balance) => {
                self.known(place, balance.first, p.dims, "resources");
                self.known(place, balance.second, p.dims, "resources");
                self.not_negative(&format!("{place}.ratio"), &[balance.ratio]);
                self.not_negative(&format!("{place}.cost"), &[balance.cost]);
            }
            Term::MovesBetween(between) => {
                let all = between.groups.saturating_mul(between.groups);
                self.length(&format!("{place}.costs"), between.costs.len(), all, "pairs of groups");
                self.not_negative(&format!("{place}.costs"), &between.costs);
                let groups = format!("{place}.group_of");
                self.length(&groups, between.group_of.len(), p.bins(), "bins");
                if let Some(&most) = between.group_of.iter().max() {
                    self.known(&groups, most as usize, between.groups, "groups");
                }
            }
            Term::MostMoves(most) => {
                let groups = format!("{place}.group_of");
                self.length(&groups, most.group_of.len(), p.classes.len(), "classes");
                self.not_negative(&format!("{place}.cost"), &[most.cost]);
                let largest = most.group_of.iter().filter(|&&g| g != NO_GROUP).max();
                if let Some(&g) = largest {
                    // Groups are counted in a list: more of them than classes are a mistake.
                    self.known(&groups, g as usize, p.classes.len(), "groups");
                }
            }
        }
    }

    /// Every sum that a solver may make, at its worst.
    fn sums(&mut self) {
        let p = self.problem;
        let count = |c: &Class| i128::from(c.count);
        for r in 0..p.dims {
            let demand: i128 = p.classes.iter().map(|c| i128::from(c.demand[r]) * count(c)).sum();
            let free = p.free.iter().skip(r).step_by(p.dims);
            let free: i128 = free.map(|f| i128::from(*f).abs()).sum();
            self.within(&format!("resource {r}"), demand + free);
        }
        let milli = |c: &Class| i128::from(c.cards.count) * i128::from(c.cards.milli_each);
        let cards: i128 = p.classes.iter().map(|c| milli(c) * count(c)).sum();
        self.within(
            "cards",
            cards + p.card_free.iter().map(|f| i128::from(*f).abs()).sum::<i128>(),
        );
        for (i, counter) in p.counters.iter().enumerate() {
            let base: i128 = counter.base.iter().flatten().map(|n| i128::from(*n)).sum();
            self.within(&format!("counters[{i}].base"), base);
        }
        // Bounds add levels up.
        let mut all = 0;
        for (i, level) in p.levels.iter().enumerate() {
            all += level.terms.iter().map(|t| self.most(t)).fold(0i128, i128::saturating_add);
            self.within(&format!("levels[{i}]"), all);
        }
    }

    /// Of two classes that must be apart in one order, that they must be in the other too: final counts decide then, and
    /// solvers need not look at the order.
    fn forbids(&mut self) {
        let p = self.problem;
        // Classes that forbid and count alike are alike here.
        let mut kinds: FxHashMap<(&[u32], &[u32]), usize> = FxHashMap::default();
        for (i, c) in p.classes.iter().enumerate() {
            kinds.entry((&c.forbids, &c.counts_in)).or_insert(i);
        }
        let mut first: Vec<usize> = kinds.into_values().collect();
        first.sort_unstable();
        let mut counting: Vec<Vec<usize>> = vec![Vec::new(); p.counters.len()];
        for &i in &first {
            p.classes[i].counts_in.iter().for_each(|&k| counting[k as usize].push(i));
        }
        for &one in &first {
            for &k in &p.classes[one].forbids {
                let mut others = counting[k as usize].iter();
                if let Some(other) = others.find(|&&other| !self.is_mutual(one, other, k)) {
                    let cause = format!("classes[{other}] counts in it and may come after");
                    self.flaw(FlawCode::OneSided, format!("classes[{one}].forbids: {k}"), cause);
                }
            }
        }
    }

    /// Whether `other`, which counts in `k`, keeps away from `one` wherever `one` keeps away from it.
    fn is_mutual(&self, one: usize, other: usize, k: u32) -> bool {
        let p = self.problem;
        let [one, other] = [one, other].map(|i| &p.classes[i]);
        let mut back = other.forbids.iter().filter(|k| one.counts_in.contains(k));
        back.any(|&b| b == k || is_coarser(&p.counters[b as usize], &p.counters[k as usize]))
    }

    fn within(&mut self, place: &str, sum: i128) {
        if sum > SUM_MAX {
            self.flaw(FlawCode::Overflow, place, format!("the sum may reach {sum}"));
        }
    }

    /// No placement is worth more than this in the term, intermediate sums included.
    fn most(&self, term: &Term) -> i128 {
        let p = self.problem;
        let items = |is: bool| p.classes.iter().filter(move |c| c.origin.is_some() == is);
        let moved: i128 = items(true).map(|c| i128::from(c.count)).sum();
        let weighted = |weights: &[i64], is: bool| -> i128 {
            let classes = p.classes.iter().zip(weights).filter(|(c, _)| c.origin.is_some() == is);
            classes.map(|(c, w)| i128::from(*w) * i128::from(c.count)).sum()
        };
        // Of a resource, at most what is free and all demands are on one bin, or left over there.
        let amount = |r: usize| -> i128 {
            let free = p.free.iter().skip(r).step_by(p.dims.max(1)).map(|f| i128::from(*f).abs());
            free.sum::<i128>()
                + p.classes
                    .iter()
                    .map(|c| i128::from(c.demand[r]) * i128::from(c.count))
                    .sum::<i128>()
        };
        match term {
            Term::Unplaced(weights) => weighted(weights, false),
            Term::Moves(costs) => weighted(costs, true),
            Term::BinsUsed(costs) => costs.iter().map(|c| i128::from(*c)).sum(),
            Term::Reserve(reserve) => {
                let keep: i128 = reserve.keep.iter().map(|k| i128::from(*k).abs()).sum();
                i128::from(reserve.cost).saturating_mul(keep + amount(reserve.resource)).max(keep)
            }
            Term::Balance(balance) => {
                let wanted = i128::from(balance.ratio).saturating_mul(amount(balance.first));
                let sum = wanted.saturating_add(amount(balance.second));
                i128::from(balance.cost).saturating_mul(sum).max(sum)
            }
            Term::MovesBetween(between) => {
                i128::from(between.costs.iter().copied().max().unwrap_or(0)) * moved
            }
            Term::MostMoves(most) => i128::from(most.cost) * moved,
        }
    }

    fn start(&mut self) {
        for broken in referee::judge(self.problem, &[] as &[Put]).broken {
            let place = match &broken {
                referee::Broken::TooFewDomains { span, .. } => format!("spans[{span}]"),
                referee::Broken::Alone { companion, .. } => format!("companions[{companion}]"),
                _ => "start".into(),
            };
            self.flaw(FlawCode::Start, place, format!("{broken:?} with nothing put"));
        }
    }
}
