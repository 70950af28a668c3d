//! Namespaces by their labels, for terms of pod affinity.

use super::{
    DraftTerm, Out,
    inventory::{Inventory, NAME_LABEL, with_name_label},
};
use podfit::model::{Labels, PodTerm, Requirement, Selector, Sym};

/// The namespaces that the input knows, by object or because a pod is in them.
pub(super) struct Namespaces {
    labels: Vec<(Sym, Labels)>,
    /// Whether every one has its labels.
    complete: bool,
    name_label: Sym,
}

impl Namespaces {
    pub fn new(inventory: &Inventory, out: &mut Out<'_>) -> Self {
        let name_label = out.builder.intern(NAME_LABEL);
        let mut names: Vec<Sym> = inventory.shapes.iter().map(|s| s.shape.namespace).collect();
        names.extend(inventory.namespaces.keys().copied());
        names.sort_unstable();
        names.dedup();
        let mut complete = true;
        let labels = names
            .into_iter()
            .map(|name| match inventory.namespaces.get(&name) {
                Some(labels) => (name, labels.clone()),
                None => {
                    complete = false;
                    (name, with_name_label(Labels::default(), name, out))
                }
            })
            .collect();
        Self { labels, complete, name_label }
    }

    /// Whether the namespaces that a term means are known.
    pub fn knows(&self, term: &DraftTerm) -> bool {
        let by_name = term.namespace_selector.as_ref().is_none_or(|s| self.is_by_name(s));
        self.complete || by_name
    }

    pub fn resolve(&self, term: &DraftTerm, out: &Out<'_>) -> PodTerm {
        term.resolve(&self.labels, out.builder.names())
    }

    /// Whether a selector asks for nothing but the name (or for nothing), which is known of every
    /// namespace.
    fn is_by_name(&self, selector: &Selector) -> bool {
        selector.all.iter().all(|r| {
            let (Requirement::In(key, _)
            | Requirement::NotIn(key, _)
            | Requirement::Exists(key)
            | Requirement::DoesNotExist(key)
            | Requirement::Number(key, ..)) = r;
            *key == self.name_label
        })
    }
}
