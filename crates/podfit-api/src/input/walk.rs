//! Walking a [`Tree`]: a value with its path, and a [`Report`] that takes every fault on the way.
//!
//! Each reader returns what it could read and notes what it could not, so that the walk never ends early.

use podfit_kube::tree::{Entry, Node, Spot, Tree};
use podfit_kube::{
    InputError, Quantity,
    fault::{Faults, Path, quote},
    wire::Leaf,
};
use std::{cell::Cell, fmt};

/// The root of all paths of one file: its name, and the place of the value at hand.
pub(super) struct File<'a> {
    pub name: &'a str,
    pub spot: Cell<Spot>,
}

impl fmt::Display for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        match self.spot.get() {
            Spot { line: 0, .. } => Ok(()),
            Spot { line, column } => write!(f, ":{line}:{column}"),
        }
    }
}

/// A value and its path.
#[derive(Clone, Copy)]
pub(super) struct Field<'t, 'p> {
    pub tree: &'t Tree,
    pub path: Path<'p>,
}

/// The fields of a map, all of them known.
#[derive(Clone, Copy)]
pub(super) struct Fields<'t, 'p> {
    entries: &'t [Entry],
    path: &'p Path<'p>,
}

impl<'t, 'p> Fields<'t, 'p> {
    /// The field of this name; `None` also where it is `null`.
    pub fn get(&self, name: &'p str) -> Option<Field<'t, 'p>> {
        let entry = self.entries.iter().find(|e| e.key == name)?;
        (!entry.value.is_absent())
            .then(|| Field { tree: &entry.value, path: self.path.field(name) })
    }
}

/// Takes the faults of one file.
pub(super) struct Report<'a> {
    pub file: &'a File<'a>,
    pub faults: Faults,
    suggestions: u32,
}

static LIST: Leaf = Leaf::List;
static MAP: Leaf = Leaf::Map;

fn leaf(tree: &Tree) -> &Leaf {
    match &tree.node {
        Node::Leaf(leaf) => leaf,
        Node::List(_) => &LIST,
        Node::Map(_) => &MAP,
    }
}

impl<'a> Report<'a> {
    /// Takes the faults of `file`, after those found before.
    pub fn new(file: &'a File<'a>, faults: Faults) -> Self {
        Self { file, faults, suggestions: 0 }
    }

    /// Notes a fault of a value.
    pub fn fault(
        &mut self,
        field: &Field<'_, '_>,
        code: &'static str,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.fault_at(field.tree.spot, &field.path, code, cause, fix);
    }

    pub fn fault_at(
        &mut self,
        spot: Spot,
        path: &Path<'_>,
        code: &'static str,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.file.spot.set(spot);
        self.faults.push(path, code, cause, fix);
    }

    /// The fields of a map; `None` where it is no map, which is reported. Unknown fields are faults; `renamed`
    /// are words that people write instead of ours.
    pub fn fields<'t, 'p>(
        &mut self,
        field: &'p Field<'t, 'p>,
        known: &[&str],
        renamed: &[(&str, &str)],
    ) -> Option<Fields<'t, 'p>> {
        let entries = self.map(field)?;
        for e in entries.iter().filter(|e| !known.contains(&e.key.as_str())) {
            let spot = if e.key_spot.line > 0 { e.key_spot } else { e.value.spot };
            let ours = renamed.iter().find(|(theirs, _)| *theirs == e.key).map(|&(_, ours)| ours);
            let ours = ours.or_else(|| self.nearest(&e.key, known.iter().copied()));
            let fix = match ours {
                Some(ours) => format!("did you mean {ours}?"),
                None => format!("remove it; known are {}", known.join(", ")),
            };
            let cause = format!("unknown field {}", quote(&e.key));
            self.fault_at(spot, &field.path.field(&e.key), "unknown-field", cause, fix);
        }
        Some(Fields { entries, path: &field.path })
    }

    /// The entries of a map; `None` where it is no map, which is reported.
    pub fn map<'t>(&mut self, field: &Field<'t, '_>) -> Option<&'t [Entry]> {
        match &field.tree.node {
            Node::Map(entries) => Some(entries),
            _ => {
                let cause = format!("{} is not a map", field.tree);
                self.fault(field, "wrong-type", cause, "write names with values: {name: value}");
                None
            }
        }
    }

    /// The elements of a list, none where it is absent or no list, which is reported.
    pub fn list<'t, 'p>(
        &mut self,
        field: Option<&'p Field<'t, 'p>>,
    ) -> impl ExactSizeIterator<Item = Field<'t, 'p>> + use<'t, 'p> {
        let none: (&'t [Tree], Option<&'p Field<'t, 'p>>) = (&[], None);
        let (list, at) = match field.map(|f| (f, &f.tree.node)) {
            None => none,
            Some((f, Node::List(list))) => (list.as_slice(), Some(f)),
            Some((f, _)) => {
                let cause = format!("{} is not a list", f.tree);
                self.fault(f, "wrong-type", cause, "write a list: [one, two]");
                none
            }
        };
        list.iter().enumerate().map(move |(i, tree)| {
            let at = at.expect("an empty list has no elements");
            Field { tree, path: at.path.index(i) }
        })
    }

    /// The text, not empty; `None` where it is absent or none, which is reported.
    pub fn text<'t>(&mut self, field: Option<Field<'t, '_>>) -> Option<&'t str> {
        let field = field?;
        self.file.spot.set(field.tree.spot);
        let text = leaf(field.tree).text(&field.path, &mut self.faults)?;
        if text.is_empty() {
            self.fault(&field, "value-empty", "it is empty", "write a text or leave it out");
            return None;
        }
        Some(text)
    }

    /// The whole number within `low` and `high`.
    pub fn int(&mut self, field: Option<Field<'_, '_>>, low: i64, high: i64) -> Option<i64> {
        let field = field?;
        self.file.spot.set(field.tree.spot);
        let n = leaf(field.tree).int(&field.path, &mut self.faults)?;
        if !(low..=high).contains(&n) {
            let cause = format!("{n} is not within {low} to {high}");
            self.fault(&field, "out-of-range", cause, "correct the number");
            return None;
        }
        Some(n)
    }

    /// The truth value; `None` where it is absent or none, which is reported.
    pub fn flag(&mut self, field: Option<Field<'_, '_>>) -> Option<bool> {
        let field = field?;
        self.file.spot.set(field.tree.spot);
        Some(leaf(field.tree).flag(&field.path, &mut self.faults))
    }

    /// The quantity, not negative.
    pub fn quantity(&mut self, field: Option<Field<'_, '_>>) -> Option<Quantity> {
        let field = field?;
        self.file.spot.set(field.tree.spot);
        leaf(field.tree).quantity(&field.path, &mut self.faults)
    }

    /// An amount of a resource in its integer unit, checked as in Kubernetes objects.
    pub fn amount(&mut self, name: &str, field: &Field<'_, '_>) -> Option<Quantity> {
        self.file.spot.set(field.tree.spot);
        podfit_kube::convert::amount(name, leaf(field.tree), &field.path, &mut self.faults)
    }

    /// One of `choices` by its name.
    pub fn choice<T: Copy>(
        &mut self,
        field: Option<Field<'_, '_>>,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let field = field?;
        let text = self.text(Some(field))?;
        if let Some(&(_, value)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(value);
        }
        let names: Vec<_> = choices.iter().map(|&(name, _)| name).collect();
        let cause = format!("{} is not known here", quote(text));
        self.fault(&field, "value-unknown", cause, format!("use {}", names.join(", ")));
        None
    }

    /// The candidate that `word` is most likely a slip of, if any is near. Work is bounded: of a file full of
    /// slips only the first get suggestions.
    pub fn nearest<'n>(
        &mut self,
        word: &str,
        candidates: impl Iterator<Item = &'n str>,
    ) -> Option<&'n str> {
        const SUGGESTIONS_MAX: u32 = 200;
        const CANDIDATES_MAX: usize = 1000;
        const WORD_BYTES_MAX: usize = 64;
        self.suggestions += 1;
        if self.suggestions > SUGGESTIONS_MAX || word.len() > WORD_BYTES_MAX {
            return None;
        }
        let lower = word.to_lowercase();
        let far = (word.len() / 3).min(3) + 1;
        candidates
            .take(CANDIDATES_MAX)
            .filter(|c| c.len() <= WORD_BYTES_MAX)
            .map(|c| match c.to_lowercase() {
                // A word cut short, as `mem`.
                whole if lower.len() >= 3 && whole.starts_with(&lower) => (0, c),
                whole => (strsim::osa_distance(&lower, &whole), c),
            })
            .filter(|&(distance, _)| distance < far)
            .min_by_key(|&(distance, _)| distance)
            .map(|(_, c)| c)
    }

    pub fn into_list(self) -> Vec<InputError> {
        self.faults.into_list()
    }
}
