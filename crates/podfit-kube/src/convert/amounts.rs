//! Exact amounts by resource, and reading them.

use super::{
    Out,
    bounds::{ENTRIES_MAX, within},
};
use crate::{
    fault::{Faults, Path},
    quantity::Quantity,
    wire::{Leaf, Map},
};
use podfit::model::{AMOUNT_MAX, ResourceId};

/// Exact amounts by resource; a pod states few, so a list is quickest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Amounts(pub Vec<(ResourceId, Quantity)>);

impl Amounts {
    pub fn slot(&mut self, id: ResourceId) -> &mut Quantity {
        let at = self.0.iter().position(|(i, _)| *i == id).unwrap_or_else(|| {
            self.0.push((id, Quantity::ZERO));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    pub fn has(&self, id: ResourceId) -> bool {
        self.stated(id).is_some()
    }

    pub fn stated(&self, id: ResourceId) -> Option<Quantity> {
        self.0.iter().find(|&&(i, _)| i == id).map(|&(_, q)| q)
    }

    pub fn get(&self, id: ResourceId) -> Quantity {
        self.stated(id).unwrap_or(Quantity::ZERO)
    }

    pub fn add(&mut self, other: &Self) {
        for &(id, q) in &other.0 {
            let slot = self.slot(id);
            *slot = slot.plus(q);
        }
    }

    pub fn raise_to(&mut self, other: &Self) {
        for &(id, q) in &other.0 {
            let slot = self.slot(id);
            *slot = q.max(*slot);
        }
    }

    /// Takes over what is not stated here.
    pub fn fill_from(&mut self, other: &Self) {
        for &(id, q) in &other.0 {
            if !self.has(id) {
                self.0.push((id, q));
            }
        }
    }
}

/// Amounts by name.
pub(super) fn read(map: Option<&Map>, path: &Path<'_>, out: &mut Out<'_>) -> Amounts {
    read_if(|_| true, map, path, out)
}

/// Those of some resources.
pub(super) fn read_if(
    counts: impl Fn(&str) -> bool,
    map: Option<&Map>,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Amounts {
    let mut amounts = Amounts::default();
    let stated = within(map.map(|m| m.0.as_slice()), ENTRIES_MAX, path, out);
    for (name, leaf) in stated.iter().filter(|(name, _)| counts(name)) {
        let at = path.field(name);
        if let Some(q) = amount(name, leaf, &at, out.faults) {
            *amounts.slot(out.builder.resource(name)) = q;
        }
    }
    amounts
}

/// One amount of a resource, checked: a quantity from 0 to 2^53 units, whole for extended resources.
/// `None` when it is wrong, which is reported, and for resources that the scheduler does not look at.
pub fn amount(name: &str, leaf: &Leaf, path: &Path<'_>, faults: &mut Faults) -> Option<Quantity> {
    let builtin = ResourceId::FIXED.contains(&name);
    // The scheduler knows its own four, huge pages and names with a domain; others are quota's.
    if !builtin && !name.contains('/') && !name.starts_with("hugepages-") {
        return None;
    }
    let q = leaf.quantity(path, faults)?;
    let unit = if name == "cpu" { ResourceId::CPU } else { ResourceId::MEMORY };
    if q.in_unit_of(unit) > AMOUNT_MAX {
        let cause = format!("{leaf} of {name} is more than 2^53");
        faults.push(path, "amount-out-of-range", cause, "correct the quantity");
        return None;
    }
    if fraction_is_wrong(name) && !q.is_whole() {
        let cause = format!("{leaf} of {name}: extended resources are whole numbers");
        faults.push(path, "quantity-fraction", cause, "write a whole number");
        return None;
    }
    Some(q)
}

/// Whether a resource can only be had whole: extended resources and pod slots.
pub fn fraction_is_wrong(name: &str) -> bool {
    name.contains('/') || name == "pods"
}
