//! What the resources of one bin are worth: the dual of a knapsack in which items may be cut, by the simplex method with
//! bounds, in floats. Whoever uses it needs no exact answer.

/// A reduced cost that is noise, for profits scaled to at most 1.
const NOISE: f64 = 1e-9;

/// A simplex method whose basis is kept as a small inverse.
struct Simplex {
    /// By item: profit, most, and amounts by resource.
    columns: Vec<(f64, f64, Vec<f64>)>,
    dims: usize,
    /// By row: the item in the basis, or past the last item, the slack of a resource.
    basis: Vec<usize>,
    /// Its values, and the inverse by rows.
    value: Vec<f64>,
    inverse: Vec<Vec<f64>>,
    /// By item and slack: out of the basis at its upper end.
    at_most: Vec<bool>,
    in_basis: Vec<bool>,
}

/// The worth of each resource, `left` of which is there, to items of (profit, most, amounts); the profitable for what they
/// take come first.
pub(super) fn resource_worth(mut columns: Vec<(f64, f64, Vec<f64>)>, left: Vec<f64>) -> Vec<f64> {
    let dims = left.len();
    let largest = columns.iter().map(|c| c.0).fold(0.0, f64::max);
    if largest <= 0.0 {
        return vec![1.0; dims];
    }
    columns.iter_mut().for_each(|c| c.0 /= largest);
    let items = columns.len();
    let mut simplex = Simplex {
        dims,
        basis: (items..items + dims).collect(),
        value: left,
        inverse: (0..dims)
            .map(|r| (0..dims).map(|c| f64::from(u8::from(r == c))).collect())
            .collect(),
        at_most: vec![false; items + dims],
        in_basis: (0..items + dims).map(|j| j >= items).collect(),
        columns,
    };
    simplex.fill();
    for _ in 0..20 + 4 * dims + items {
        if !simplex.step() {
            break;
        }
    }
    simplex.duals().into_iter().map(|y| y.max(0.0)).collect()
}

impl Simplex {
    /// Items that fit whole, in order, go to their upper end: close to the end of the way.
    fn fill(&mut self) {
        for (j, (_, most, amounts)) in self.columns.iter().enumerate() {
            if self.value.iter().zip(amounts).all(|(v, a)| a * most <= *v) {
                self.value.iter_mut().zip(amounts).for_each(|(v, a)| *v -= a * most);
                self.at_most[j] = true;
            }
        }
    }

    fn profit(&self, j: usize) -> f64 {
        self.columns.get(j).map_or(0.0, |c| c.0)
    }

    fn most(&self, j: usize) -> f64 {
        self.columns.get(j).map_or(f64::INFINITY, |c| c.1)
    }

    fn duals(&self) -> Vec<f64> {
        (0..self.dims)
            .map(|d| (0..self.dims).map(|r| self.profit(self.basis[r]) * self.inverse[r][d]).sum())
            .collect()
    }

    fn reduced(&self, j: usize, duals: &[f64]) -> f64 {
        match self.columns.get(j) {
            Some((profit, _, amounts)) => {
                profit - duals.iter().zip(amounts).map(|(y, a)| y * a).sum::<f64>()
            }
            None => -duals[j - self.columns.len()],
        }
    }

    /// One change of the basis, or of an end; false at the optimum.
    fn step(&mut self) -> bool {
        let duals = self.duals();
        let mut enters: Option<(f64, usize)> = None;
        for j in 0..self.in_basis.len() {
            if self.in_basis[j] {
                continue;
            }
            let gain = self.reduced(j, &duals) * if self.at_most[j] { -1.0 } else { 1.0 };
            if gain > enters.map_or(NOISE, |(best, _)| best) {
                enters = Some((gain, j));
            }
        }
        let Some((_, j)) = enters else { return false };
        let down = self.at_most[j];
        // By how much each basic value falls for 1 of `j`.
        let falls: Vec<f64> = (0..self.dims)
            .map(|r| {
                let row = &self.inverse[r];
                let by = match self.columns.get(j) {
                    Some((.., amounts)) => row.iter().zip(amounts).map(|(i, a)| i * a).sum(),
                    None => row[j - self.columns.len()],
                };
                if down { -by } else { by }
            })
            .collect();
        let mut far = self.most(j);
        let mut leaves: Option<(usize, bool)> = None;
        for (r, &fall) in falls.iter().enumerate() {
            let (room, at_most) = if fall > NOISE {
                (self.value[r].max(0.0) / fall, false)
            } else if fall < -NOISE {
                ((self.most(self.basis[r]) - self.value[r]).max(0.0) / -fall, true)
            } else {
                continue;
            };
            if room < far {
                (far, leaves) = (room, Some((r, at_most)));
            }
        }
        if !far.is_finite() {
            return false;
        }
        self.value.iter_mut().zip(&falls).for_each(|(v, f)| *v -= far * f);
        let Some((r, at_most)) = leaves else {
            self.at_most[j] = !down;
            return true;
        };
        let out = self.basis[r];
        (self.in_basis[out], self.at_most[out]) = (false, at_most);
        (self.in_basis[j], self.at_most[j]) = (true, false);
        self.basis[r] = j;
        self.value[r] = if down { self.most(j) - far } else { far };
        let pivot = if down { -falls[r] } else { falls[r] };
        self.inverse[r].iter_mut().for_each(|x| *x /= pivot);
        let row = self.inverse[r].clone();
        for (i, other) in self.inverse.iter_mut().enumerate().filter(|(i, _)| *i != r) {
            let by = if down { -falls[i] } else { falls[i] };
            other.iter_mut().zip(&row).for_each(|(x, p)| *x -= by * p);
        }
        true
    }
}
