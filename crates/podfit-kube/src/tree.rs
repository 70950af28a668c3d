//! YAML or JSON text → a tree that keeps what was written and where.
//!
//! A derived reader stops at its first error; a tree can be walked to the end. Size and depth are bounded
//! while it is built, aliases included, so that no input makes it larger than its [`Limits`].
//!
//! YAML of Kubernetes goes through here to JSON text (`Tree::to_json`): objects have one reader, not two of each.

use crate::{fault::quote, wire::Leaf};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use std::{cell::Cell, fmt};

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

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.node {
            Node::Leaf(leaf) => leaf.as_str(),
            _ => None,
        }
    }
}

/// JSON text with a value a line, and where in the source each of the lines comes from.
#[derive(Debug, Default)]
pub(crate) struct Json {
    pub text: String,
    pub spots: Vec<Spot>,
}

impl Tree {
    /// The same in JSON.
    pub(crate) fn to_json(&self) -> Json {
        let mut json = Json::default();
        json.value(self);
        json
    }
}

impl Json {
    fn value(&mut self, tree: &Tree) {
        self.text.push('\n');
        self.spots.push(tree.spot);
        match &tree.node {
            Node::Leaf(leaf) => self.leaf(leaf),
            Node::List(list) => self.all('[', list, ']', |json, item| json.value(item)),
            Node::Map(entries) => self.all('{', entries, '}', |json, entry| {
                json.quoted(&entry.key);
                json.text.push(':');
                json.value(&entry.value);
            }),
        }
    }

    fn all<T>(&mut self, open: char, items: &[T], close: char, write: impl Fn(&mut Self, &T)) {
        self.text.push(open);
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.text.push(',');
            }
            write(self, item);
        }
        self.text.push(close);
    }

    fn leaf(&mut self, leaf: &Leaf) {
        match leaf {
            Leaf::Text(text) => self.quoted(text),
            Leaf::Number(n) if reads_back(n) => self.text += n,
            Leaf::Number(n) => self.quoted(n),
            Leaf::Int(n) => self.text += &n.to_string(),
            Leaf::Bool(b) => self.text += if *b { "true" } else { "false" },
            Leaf::Absent | Leaf::List | Leaf::Map => self.text += "null",
        }
    }

    fn quoted(&mut self, text: &str) {
        self.text += &serde_json::Value::from(text).to_string();
    }
}

/// Whether JSON's number of this text is this number: not infinity, nor more digits than a double holds.
fn reads_back(number: &str) -> bool {
    let float = || number.parse::<f64>().is_ok_and(|v| v.is_finite() && v.to_string() == number);
    number.parse::<u64>().is_ok() || float()
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

/// Reads one YAML document.
///
/// # Errors
/// [`Unreadable`] at the first fault.
pub fn yaml(text: &str, limits: Limits) -> Result<Tree, Unreadable> {
    let read = serde_saphyr::from_str_with_options::<Spanned<YamlNode>>(text, options(limits));
    read.map(Tree::from).map_err(|e| of_yaml(&e))
}

/// The same without the place of each value, which takes most of the time.
pub(crate) fn yaml_unplaced(text: &str, limits: Limits) -> Result<Tree, Unreadable> {
    let read = serde_saphyr::with_deserializer_from_str_with_options(text, options(limits), |d| {
        Source::Unplaced.deserialize(d)
    });
    read.map_err(|e| of_yaml(&e))
}

fn options(limits: Limits) -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: limits.nodes,
            max_events: limits.nodes.saturating_mul(3),
            max_depth: limits.depth,
            max_total_scalar_bytes: limits.bytes,
        },
        with_snippet: false,
        strict_booleans: true,
        emit_comments: false,
    }
}

/// Reads one JSON document. Its reader tells no places of values, so only faults of syntax have one.
///
/// # Errors
/// [`Unreadable`] at the first fault.
pub fn json(text: &str, limits: Limits) -> Result<Tree, Unreadable> {
    let left = Cell::new(limits.nodes);
    let mut reader = serde_json::Deserializer::from_str(text);
    let tree = Source::Json(&left).deserialize(&mut reader);
    tree.and_then(|tree| reader.end().map(|()| tree)).map_err(|e| of_json(&e, left.get() == 0))
}

fn of_yaml(e: &serde_saphyr::Error) -> Unreadable {
    use serde_saphyr::Error as E;
    let mut inner = e;
    while let E::AliasError { error, .. } | E::WithSnippet { error, .. } = inner {
        inner = error;
    }
    let (code, fix) = match inner {
        E::DuplicateMappingKey { .. } => DUPLICATE,
        E::MultipleDocuments { .. } => (
            "several-documents",
            "a podfit/v1 document stands alone: give one, without others after it",
        ),
        E::Budget { .. }
        | E::AliasReplayLimitExceeded { .. }
        | E::AliasExpansionLimitExceeded { .. }
        | E::AliasReplayStackDepthExceeded { .. }
        | E::AliasReplayCounterOverflow { .. } => TOO_LARGE,
        _ => ("syntax", "mend the YAML"),
    };
    let spot = e.location().map(spot).unwrap_or_default();
    let text = inner.to_string();
    Unreadable { code, spot, cause: short(text.lines().next().unwrap_or("")), fix }
}

fn of_json(e: &serde_json::Error, full: bool) -> Unreadable {
    let text = e.to_string();
    let cause = text.as_str();
    let (code, fix) = if full || cause.starts_with("recursion limit") {
        TOO_LARGE
    } else if cause.starts_with(DUPLICATE_CAUSE) {
        DUPLICATE
    } else {
        ("syntax", "mend the JSON")
    };
    let spot = Spot { line: e.line() as u64, column: e.column() as u64 };
    Unreadable { code, spot, cause: short(cause), fix }
}

/// A reader's message, cut when long, without the place at its end, which is told already.
fn short(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    message[..end].chars().take(300).collect()
}

const DUPLICATE: (&str, &str) = ("duplicate-key", "remove one of the two");
const DUPLICATE_CAUSE: &str = "duplicate key";
const TOO_LARGE: (&str, &str) =
    ("too-large", "describe pods that are alike as one workload; nothing needs deep nesting");

fn spot(location: serde_saphyr::Location) -> Spot {
    Spot { line: location.line(), column: location.column() }
}

/// Which reader is underneath. JSON counts here what is left of its limit; YAML has its budget.
#[derive(Clone, Copy)]
enum Source<'c> {
    Yaml,
    Unplaced,
    Json(&'c Cell<usize>),
}

impl<'de> DeserializeSeed<'de> for Source<'_> {
    type Value = Tree;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Tree, D::Error> {
        match self {
            Self::Yaml => Spanned::<YamlNode>::deserialize(d).map(Tree::from),
            Self::Unplaced => {
                let node = d.deserialize_any(NodeVisitor(self))?;
                Ok(Tree { node, spot: Spot::default() })
            }
            Self::Json(left) => {
                let Some(rest) = left.get().checked_sub(1) else {
                    return Err(D::Error::custom("more values than are read"));
                };
                left.set(rest);
                let node = d.deserialize_any(NodeVisitor(self))?;
                Ok(Tree { node, spot: Spot::default() })
            }
        }
    }
}

struct YamlNode(Node);

impl<'de> Deserialize<'de> for YamlNode {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(NodeVisitor(Source::Yaml)).map(Self)
    }
}

impl From<Spanned<YamlNode>> for Tree {
    fn from(s: Spanned<YamlNode>) -> Self {
        Self { node: s.value.0, spot: spot(s.referenced) }
    }
}

struct KeySeed<'c>(Source<'c>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = (String, Spot);
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(String, Spot), D::Error> {
        match self.0 {
            Source::Yaml => Spanned::deserialize(d).map(|s| (s.value, spot(s.referenced))),
            Source::Unplaced | Source::Json(_) => {
                String::deserialize(d).map(|key| (key, Spot::default()))
            }
        }
    }
}

struct NodeVisitor<'c>(Source<'c>);

/// A single value goes through [`Leaf`], so that numbers are kept as they are elsewhere.
macro_rules! leaves {
    ($($name:ident($($v:ident: $ty:ty)?) $call:ident;)*) => {
        $(fn $name<E: Error>(self $(, $v: $ty)?) -> Result<Node, E> {
            Leaf::deserialize(serde::de::value::$call::new($($v)?)).map(Node::Leaf)
        })*
    };
}

impl<'de> Visitor<'de> for NodeVisitor<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    leaves! {
        visit_bool(v: bool) BoolDeserializer;
        visit_i64(v: i64) I64Deserializer;
        visit_u64(v: u64) U64Deserializer;
        visit_i128(v: i128) I128Deserializer;
        visit_u128(v: u128) U128Deserializer;
        visit_f64(v: f64) F64Deserializer;
        visit_str(v: &str) StrDeserializer;
        visit_string(v: String) StringDeserializer;
        visit_unit() UnitDeserializer;
        visit_none() UnitDeserializer;
    }

    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Node, D::Error> {
        d.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(tree) = seq.next_element_seed(self.0)? {
            list.push(tree);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, key_spot)) = map.next_key_seed(KeySeed(self.0))? {
            entries.push(Entry { key, key_spot, value: map.next_value_seed(self.0)? });
        }
        let mut keys: Vec<_> = entries.iter().map(|e| e.key.as_str()).collect();
        keys.sort_unstable();
        match keys.windows(2).find(|w| w[0] == w[1]) {
            Some(twice) => Err(A::Error::custom(format!("{DUPLICATE_CAUSE} {}", quote(twice[0])))),
            None => Ok(Node::Map(entries)),
        }
    }
}
