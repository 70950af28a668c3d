//! Whether items find cards in one bin: bins inside the bin, looked at exactly.

use crate::problem::CardDemand;

/// Choices looked at before it is given up.
const CHOICES_MAX: u32 = 2_000;

/// What the search for cards says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CardFit {
    Fits,
    Refused,
    /// Too many choices: taken to fit where a bound is looked for.
    GaveUp,
}

/// Whether all `wanted` (a demand and for how many items) find cards among `cards` (model and free thousandths).
pub(super) fn cards_fit(cards: &[(u32, i64)], wanted: &[(&CardDemand, u32)]) -> CardFit {
    let mut items: Vec<&CardDemand> = wanted
        .iter()
        .flat_map(|&(want, n)| std::iter::repeat_n(want, n as usize))
        .filter(|want| want.count > 0)
        .collect();
    // What is hard to place first: many cards, then much of one, then few models.
    items.sort_by_key(|w| {
        let models = if w.models.is_empty() { usize::MAX } else { w.models.len() };
        (std::cmp::Reverse((w.count, w.milli_each)), models)
    });
    let mut search = Search { free: cards.to_vec(), choices_left: CHOICES_MAX };
    match search.place(&items) {
        true => CardFit::Fits,
        false if search.choices_left == 0 => CardFit::GaveUp,
        false => CardFit::Refused,
    }
}

struct Search {
    free: Vec<(u32, i64)>,
    choices_left: u32,
}

impl Search {
    fn place(&mut self, items: &[&CardDemand]) -> bool {
        let Some((want, rest)) = items.split_first() else { return true };
        self.choose(want, usize::from(want.count), &mut Vec::new(), 0, rest)
    }

    /// Takes `left` more cards for `want`, then goes on to `rest`. Of equal cards the first is as good as any, and so is,
    /// once one was passed over, none after it.
    fn choose(
        &mut self,
        want: &CardDemand,
        left: usize,
        passed: &mut Vec<(u32, i64)>,
        from: usize,
        rest: &[&CardDemand],
    ) -> bool {
        if left == 0 {
            return self.place(rest);
        }
        let mark = passed.len();
        // The fullest first.
        let mut order: Vec<usize> = (from..self.free.len()).collect();
        if from == 0 && want.count == 1 {
            order.sort_by_key(|&c| self.free[c].1);
        }
        for c in order {
            let (model, free) = self.free[c];
            let accepted = want.models.is_empty() || want.models.binary_search(&model).is_ok();
            if !accepted || free < want.milli_each || passed.contains(&(model, free)) {
                continue;
            }
            if self.choices_left == 0 {
                break;
            }
            self.choices_left -= 1;
            self.free[c].1 -= want.milli_each;
            // Cards of one item are taken in rising order, so that no set comes twice.
            let next = if want.count == 1 { 0 } else { c + 1 };
            let mut inner = Vec::new();
            if self.choose(want, left - 1, &mut inner, next, rest) {
                return true;
            }
            self.free[c].1 += want.milli_each;
            passed.push((model, free));
        }
        passed.truncate(mark);
        false
    }
}
