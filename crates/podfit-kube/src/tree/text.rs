//! A tree → JSON text.

use super::{Node, Spot, Tree};
use crate::wire::Leaf;

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
        if text.bytes().all(|b| b >= b' ' && b != b'"' && b != b'\\') {
            self.text.push('"');
            self.text += text;
            self.text.push('"');
        } else {
            self.text += &serde_json::Value::from(text).to_string();
        }
    }
}

/// Whether JSON's number of this text is this number: not infinity, nor more digits than a double holds.
fn reads_back(number: &str) -> bool {
    let float = || number.parse::<f64>().is_ok_and(|v| v.is_finite() && v.to_string() == number);
    number.parse::<u64>().is_ok() || float()
}
