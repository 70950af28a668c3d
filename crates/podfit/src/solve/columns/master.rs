//! The linear program over the patterns known so far: how often each is used, so that all items are covered.

use super::super::control::Control;
use super::relaxation::{Pattern, Relaxation};
use highs::{ColProblem, HighsModelStatus, Model, Row, Sense, SolvedModel};
use rustc_hash::FxHashMap;

/// Steps of work of an iteration of the simplex method for each row.
const STEPS_A_ROW: usize = 4;

/// The program with its last basis; solved again, it goes on from there.
pub(super) struct Master<'r> {
    relaxation: &'r Relaxation,
    /// Taken out while HiGHS works; `None` for good once it failed.
    model: Option<Model>,
    rows: Rows,
    /// Patterns with the columns that use them.
    pub(super) patterns: Vec<Pattern>,
    columns: Vec<highs::Col>,
    known: FxHashMap<Pattern, usize>,
    pub(super) iterations: i64,
}

struct Rows {
    items: Vec<Row>,
    kinds: Vec<Row>,
    above: Vec<Row>,
}

/// An optimum of the program.
#[derive(Clone, Debug)]
pub(super) struct Optimum {
    pub(super) objective: f64,
    /// By pattern: how often it is used.
    pub(super) used: Vec<f64>,
    /// What one more item costs, by item; what 1 more above saves, by level; what one more bin saves, by kind.
    pub(super) item: Vec<f64>,
    pub(super) above: Vec<f64>,
    pub(super) kind: Vec<f64>,
}

impl<'r> Master<'r> {
    /// No patterns yet: solvable once those of some placement are added.
    pub(super) fn new(relaxation: &'r Relaxation, seed: u64) -> Option<Self> {
        let mut program = ColProblem::new();
        let items =
            relaxation.items.iter().map(|i| program.add_row(f64::from(i.count)..)).collect();
        let kinds =
            relaxation.kinds.iter().map(|k| program.add_row(..=k.bins.len() as f64)).collect();
        let above = relaxation.above.iter().map(|&v| program.add_row(..=v as f64)).collect();
        let rows = Rows { items, kinds, above };
        for (item, row) in relaxation.items.iter().zip(&rows.items) {
            let Some(weight) = &item.weight else { continue };
            let own = weight.last().copied().unwrap_or(0) as f64;
            let above = rows.above.iter().zip(weight).map(|(&r, &w)| (r, w as f64));
            let entries = std::iter::once((*row, 1.0)).chain(above.filter(|(_, w)| *w != 0.0));
            program.add_column(own, 0.0..=f64::from(item.count), entries);
        }
        let mut model = program.try_optimise(Sense::Minimise).ok()?;
        model.make_quiet();
        model.set_option("threads", 1);
        model.set_option("parallel", "off");
        model.set_option("presolve", "off");
        model.set_option("solver", "simplex");
        model.set_option("random_seed", (seed & 0x7fff_ffff) as i32);
        Some(Self {
            relaxation,
            model: Some(model),
            rows,
            patterns: Vec::new(),
            columns: Vec::new(),
            known: FxHashMap::default(),
            iterations: 0,
        })
    }

    /// Adds a pattern; whether it was new.
    pub(super) fn add(&mut self, pattern: Pattern) -> bool {
        let Some(model) = &mut self.model else { return false };
        if pattern.items.is_empty() || self.known.contains_key(&pattern) {
            return false;
        }
        let kind = &self.relaxation.kinds[pattern.kind as usize];
        let (own, above) = kind.cost.split_last().map_or((0, [].as_slice()), |(o, a)| (*o, a));
        let items = pattern.items.iter().map(|&(i, n)| (self.rows.items[i as usize], f64::from(n)));
        let above = self.rows.above.iter().zip(above).map(|(&r, &c)| (r, c as f64));
        let entries: Vec<(Row, f64)> = items
            .chain([(self.rows.kinds[pattern.kind as usize], 1.0)])
            .chain(above.filter(|(_, c)| *c != 0.0))
            .collect();
        let Ok(column) = model.try_add_column(own as f64, 0.0.., entries) else { return false };
        self.known.insert(pattern.clone(), self.patterns.len());
        self.patterns.push(pattern);
        self.columns.push(column);
        true
    }

    /// Makes the pattern be used at least so often.
    pub(super) fn at_least(&mut self, pattern: usize, times: u32) {
        if let Some(model) = &mut self.model {
            model.change_column_bounds(self.columns[pattern], f64::from(times)..);
        }
    }

    /// The optimum; `None` where there is none, or the limits end it.
    pub(super) fn solve(&mut self, control: &Control) -> Option<Optimum> {
        let mut model = self.model.take()?;
        if let Some(left) = control.time_left() {
            // HiGHS counts from the first run of the model.
            let clock = model_time(&mut model) + left.as_secs_f64();
            model.set_option("time_limit", clock);
        }
        let solved = model.try_solve().ok()?;
        let optimum = self.read(&solved);
        let iterations = solved.int_info_value(c"simplex_iteration_count").unwrap_or(0).max(1);
        self.iterations += iterations;
        let rows = self.rows.items.len() + self.rows.kinds.len();
        let steps = iterations as usize * STEPS_A_ROW * rows + 2 * self.patterns.len();
        control.spend(steps);
        self.model = Some(Model::from(solved));
        optimum
    }

    fn read(&self, solved: &SolvedModel) -> Option<Optimum> {
        if solved.status() != HighsModelStatus::Optimal {
            return None;
        }
        let solution = solved.get_solution();
        let (values, duals) = (solution.columns(), solution.dual_rows());
        // Rows were made items first, then kinds, then levels; a row that limits from above has no positive dual.
        let (items, kinds) = (self.rows.items.len(), self.rows.kinds.len());
        let first = values.len().checked_sub(self.patterns.len())?;
        Some(Optimum {
            objective: solved.objective_value(),
            used: values[first..].to_vec(),
            item: duals[..items].iter().map(|d| d.max(0.0)).collect(),
            kind: duals[items..items + kinds].iter().map(|d| (-d).max(0.0)).collect(),
            above: duals[items + kinds..].iter().map(|d| (-d).max(0.0)).collect(),
        })
    }
}

impl Optimum {
    /// By how much one use of the pattern would make the objective less, at most.
    pub(super) fn gain(&self, relaxation: &Relaxation, pattern: &Pattern) -> f64 {
        let kind = pattern.kind as usize;
        let (own, above) = match relaxation.kinds[kind].cost.split_last() {
            Some((own, above)) => (*own as f64, above),
            None => (0.0, [].as_slice()),
        };
        let above: f64 = above.iter().zip(&self.above).map(|(&c, s)| c as f64 * s).sum();
        let items: f64 =
            pattern.items.iter().map(|&(i, n)| self.item[i as usize] * f64::from(n)).sum();
        items - own - above - self.kind[kind]
    }
}

/// Seconds that HiGHS has worked on the model.
#[allow(unsafe_code)]
fn model_time(model: &mut Model) -> f64 {
    // SAFETY: the pointer is the model's own, and the function only reads.
    unsafe { highs_sys::Highs_getRunTime(model.as_ptr()) }
}
