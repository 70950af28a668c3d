//! JSON → a tree, through serde_json.

use super::{
    DUPLICATE, DUPLICATE_CAUSE, Entry, Limits, Node, Spot, TOO_LARGE, Tree, Unreadable, duplicate,
    repeated,
};
use crate::wire::Leaf;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{cell::Cell, fmt};

/// Reads one JSON document. Its reader gives no places of values, so only faults of syntax have one.
///
/// # Errors
/// [`Unreadable`] at the first fault.
pub fn json(text: &str, limits: Limits) -> Result<Tree, Unreadable> {
    let left = Cell::new(limits.nodes);
    let mut reader = serde_json::Deserializer::from_str(text);
    let tree = Value(&left).deserialize(&mut reader);
    tree.and_then(|tree| reader.end().map(|()| tree)).map_err(|e| unreadable(&e, left.get() == 0))
}

fn unreadable(e: &serde_json::Error, full: bool) -> Unreadable {
    let text = e.to_string();
    // The place is in the message already.
    let cause = &text[..text.rfind(" at line ").unwrap_or(text.len())];
    let what = if full || cause.starts_with("recursion limit") {
        TOO_LARGE
    } else if cause.starts_with(DUPLICATE_CAUSE) {
        DUPLICATE
    } else {
        ("syntax", "mend the JSON")
    };
    let spot = Spot { line: e.line() as u64, column: e.column() as u64 };
    Unreadable::new(what, spot, cause)
}

/// Reads a value; counts what is left of the limit.
#[derive(Clone, Copy)]
struct Value<'c>(&'c Cell<usize>);

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Tree;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Tree, D::Error> {
        let Some(rest) = self.0.get().checked_sub(1) else {
            return Err(D::Error::custom("more values than are read"));
        };
        self.0.set(rest);
        let node = d.deserialize_any(self)?;
        Ok(Tree { node, spot: Spot::default() })
    }
}

/// A single value goes through [`Leaf`], so that numbers are kept as they are elsewhere.
macro_rules! leaves {
    ($($name:ident($($v:ident: $ty:ty)?) $call:ident;)*) => {
        $(fn $name<E: Error>(self $(, $v: $ty)?) -> Result<Node, E> {
            Leaf::deserialize(serde::de::value::$call::new($($v)?)).map(Node::Leaf)
        })*
    };
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    leaves! {
        visit_bool(v: bool) BoolDeserializer;
        visit_i64(v: i64) I64Deserializer;
        visit_u64(v: u64) U64Deserializer;
        visit_f64(v: f64) F64Deserializer;
        visit_str(v: &str) StrDeserializer;
        visit_string(v: String) StringDeserializer;
        visit_unit() UnitDeserializer;
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(tree) = seq.next_element_seed(self)? {
            list.push(tree);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            let value = map.next_value_seed(self)?;
            entries.push(Entry { key, key_spot: Spot::default(), value });
        }
        match repeated(&entries).into_iter().min() {
            Some(again) => Err(A::Error::custom(duplicate(&entries[again].key))),
            None => Ok(Node::Map(entries)),
        }
    }
}
