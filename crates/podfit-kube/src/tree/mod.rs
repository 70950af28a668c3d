//! YAML or JSON text → a tree that keeps what was written and where.
//!
//! A derived reader stops at its first error; a tree can be walked to the end. Size and depth are bounded
//! while it is built, aliases included, so that no input makes it larger than its [`Limits`].
//!
//! YAML of Kubernetes goes through here to JSON text (`Tree::to_json`): objects have one reader, not two of each.

mod json;
mod scalar;
#[cfg(test)]
mod tests;
mod text;
mod yaml;

use crate::{fault::quote, wire::Leaf};
pub use json::json;
use std::fmt;
pub use yaml::yaml;
pub(crate) use yaml::yaml_start;

/// How large a document may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most bytes.
    pub bytes: usize,
    /// Most values.
    pub nodes: usize,
    /// The deepest nesting.
    pub depth: usize,
}

/// Line and column, both from 1; line 0 where the place is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The value.
    pub node: Node,
    /// Where it begins.
    pub spot: Spot,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Node {
    /// A single one.
    Leaf(Leaf),
    /// A list.
    List(Vec<Tree>),
    /// A map, in the order written.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key is.
    pub key_spot: Spot,
    /// The value.
    pub value: Tree,
}

impl Tree {
    /// Whether there is nothing: `null` is the same as absent, as in Kubernetes.
    pub fn is_absent(&self) -> bool {
        matches!(self.node, Node::Leaf(Leaf::Absent))
    }

    /// The value of a key; `None` where this is no map, or it has none.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        match &self.node {
            Node::Map(entries) => entries.iter().find(|e| e.key == key).map(|e| &e.value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.node {
            Node::Leaf(leaf) => leaf.as_str(),
            _ => None,
        }
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Leaf(leaf) => leaf.fmt(f),
            Node::List(_) => f.write_str("a list"),
            Node::Map(_) => f.write_str("a map"),
        }
    }
}

/// Why there is no tree.
#[derive(Debug)]
pub struct Unreadable {
    /// Stable code, as `syntax`.
    pub code: &'static str,
    /// Where.
    pub spot: Spot,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: &'static str,
}

impl Unreadable {
    fn new(
        (code, fix): (&'static str, &'static str),
        spot: Spot,
        cause: impl Into<String>,
    ) -> Self {
        Self { code, spot, cause: cause.into(), fix }
    }
}

const DUPLICATE: (&str, &str) = ("duplicate-key", "remove one of the two");
const TOO_LARGE: (&str, &str) =
    ("too-large", "describe pods that are alike as one workload; nothing needs deep nesting");

const DUPLICATE_CAUSE: &str = "duplicate key";

fn duplicate(key: &str) -> String {
    format!("{DUPLICATE_CAUSE} {}", quote(key))
}

/// Maps of at most so many entries are compared each with each.
const FEW: usize = 8;

/// The positions of entries whose key has come before, in no particular order.
fn repeated(entries: &[Entry]) -> Vec<usize> {
    let key = |i: usize| entries[i].key.as_str();
    if entries.len() <= FEW {
        return (0..entries.len()).filter(|&i| (0..i).any(|j| key(j) == key(i))).collect();
    }
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_unstable_by(|&i, &j| (key(i), i).cmp(&(key(j), j)));
    let twice = order.windows(2).filter(|pair| key(pair[0]) == key(pair[1]));
    twice.map(|pair| pair[1]).collect()
}
