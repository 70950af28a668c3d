//! What an object says, as a number: two that say the same are one object that was printed twice.

use super::{Leaf, Map};
use rustc_hash::FxHasher;
use serde::de::IgnoredAny;
use std::hash::{Hash, Hasher};

/// Content as far as podfit reads it. The order of map keys, and whether nothing is written as `null`, as an empty list or
/// not at all, make no difference.
pub(crate) trait Content {
    /// Adds it to a hash.
    fn content(&self, to: &mut FxHasher);
}

/// The hash of all of it.
pub(crate) fn hash_of(content: &impl Content) -> u64 {
    let mut to = FxHasher::default();
    content.content(&mut to);
    to.finish()
}

/// Marks where a value ends, so that neighbours do not run into each other.
const END: u8 = 0xff;

impl Content for Leaf {
    fn content(&self, to: &mut FxHasher) {
        match self {
            Leaf::Absent => {}
            // A quantity may be written as a number or as text.
            Leaf::Text(text) | Leaf::Number(text) => to.write(text.as_bytes()),
            Leaf::Int(n) => to.write(n.to_string().as_bytes()),
            Leaf::Bool(b) => to.write_u8(u8::from(*b)),
            Leaf::List | Leaf::Map => to.write_u8(END - 1),
        }
        to.write_u8(END);
    }
}

impl Content for Map {
    fn content(&self, to: &mut FxHasher) {
        let entry = |(key, value): &(String, Leaf)| {
            let mut to = FxHasher::default();
            key.hash(&mut to);
            value.content(&mut to);
            to.finish()
        };
        // An empty map adds nothing, as an empty list does: they are as good as absent.
        if !self.0.is_empty() {
            to.write_u64(self.0.iter().map(entry).fold(0, u64::wrapping_add));
        }
    }
}

impl Content for IgnoredAny {
    fn content(&self, to: &mut FxHasher) {
        to.write_u8(1);
    }
}

impl<T: Content, const N: usize> Content for [&T; N] {
    fn content(&self, to: &mut FxHasher) {
        self.iter().for_each(|one| one.content(to));
    }
}

impl<T: Content> Content for Vec<T> {
    fn content(&self, to: &mut FxHasher) {
        for item in self {
            item.content(to);
            to.write_u8(END);
        }
    }
}

impl<T: Content> Content for Option<T> {
    fn content(&self, to: &mut FxHasher) {
        self.iter().for_each(|inner| inner.content(to));
        to.write_u8(END);
    }
}
