//! YAML → a tree, from the events of granit-parser.
//!
//! In: the text of one document. Out: its tree, aliases and merge keys (`<<`) replaced by what they stand for. Nothing
//! here recurses while it reads: open lists and maps are a stack of their own, no deeper than the limit.

use super::{
    DUPLICATE, Entry, Limits, Node, Spot, TOO_LARGE, Tree, Unreadable, duplicate, repeated,
    scalar::{self, tag_name},
};
use crate::wire::Leaf;
use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use std::borrow::Cow;

/// Reads one YAML document.
///
/// # Errors
/// [`Unreadable`] at the first fault.
pub fn yaml(text: &str, limits: Limits) -> Result<Tree, Unreadable> {
    let mut builder = Builder::new(limits, &[]);
    builder.read(text).map_err(|e| of_template(e, text))?;
    // A text without any value is null.
    let spot = Spot { line: 1, column: 1 };
    Ok(builder.root.unwrap_or(Tree { node: Node::Leaf(Leaf::Absent), spot }))
}

/// The first entries of the outermost map: until those of the wanted keys are among them, or no more can be read.
pub(crate) fn yaml_start(
    text: &str,
    limits: Limits,
    wanted: &'static [&'static str],
) -> Vec<Entry> {
    let mut builder = Builder::new(limits, wanted);
    // What cannot be read is reported when the whole is read.
    let _ = builder.read(text);
    let open = builder.stack.into_iter().next().map(|open| open.content);
    match (open, builder.root.map(|tree| tree.node)) {
        (Some(Content::Map(map)), _) => map.entries,
        (_, Some(Node::Map(entries))) => entries,
        _ => Vec::new(),
    }
}

const SYNTAX: (&str, &str) = ("syntax", "mend the YAML");

/// Charts of Helm are taken for YAML: the message says that they are not rendered.
fn of_template(mut e: Unreadable, text: &str) -> Unreadable {
    let before = usize::try_from(e.spot.line).map_or(0, |line| line.saturating_sub(1));
    if e.code == SYNTAX.0 && text.lines().nth(before).is_some_and(|line| line.contains("{{")) {
        e.fix = "render the template first: helm template … > rendered.yaml";
    }
    e
}

struct Builder {
    limits: Limits,
    /// Keys of the outermost map after which there is no need to read on; how many of them came.
    wanted: &'static [&'static str],
    found: usize,
    /// Lists and maps that are not closed yet, outermost first.
    stack: Vec<Open>,
    /// What aliases may stand for, by the number that the parser gives to each anchor.
    anchors: Vec<Option<Anchored>>,
    root: Option<Tree>,
    read: Size,
    /// Of the anchors: each is a copy.
    kept: Size,
}

struct Open {
    content: Content,
    spot: Spot,
    /// Number of its anchor; 0 if it has none.
    anchor: usize,
    /// What had been read before it.
    before: Size,
    /// Levels inside.
    height: usize,
}

enum Content {
    List(Vec<Tree>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<Entry>,
    /// Of merge keys; they come behind, where the map has none of that name.
    merged: Vec<Entry>,
    /// The key whose value comes next.
    key: Option<Key>,
}

enum Key {
    Named(String, Spot),
    Merge,
}

struct Anchored {
    tree: Tree,
    size: Size,
    height: usize,
}

/// How much is counted against the limits.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
}

impl Size {
    fn add(&mut self, more: Size, limits: Limits, spot: Spot) -> Result<(), Unreadable> {
        self.nodes = self.nodes.saturating_add(more.nodes);
        self.bytes = self.bytes.saturating_add(more.bytes);
        let cause = if self.nodes > limits.nodes {
            format!("more than {} values, aliases counted as what they stand for", limits.nodes)
        } else if self.bytes > limits.bytes {
            format!("more than {} bytes, aliases counted as what they stand for", limits.bytes)
        } else {
            return Ok(());
        };
        Err(Unreadable::new(TOO_LARGE, spot, cause))
    }

    fn since(self, before: Size) -> Size {
        Size { nodes: self.nodes - before.nodes, bytes: self.bytes - before.bytes }
    }
}

impl Builder {
    fn new(limits: Limits, wanted: &'static [&'static str]) -> Self {
        Self {
            limits,
            wanted,
            found: 0,
            stack: Vec::new(),
            anchors: Vec::new(),
            root: None,
            read: Size::default(),
            kept: Size::default(),
        }
    }

    fn read(&mut self, text: &str) -> Result<(), Unreadable> {
        let options = granit_parser::options! {
            flow_nesting_limit: self.limits.depth,
            block_nesting_limit: self.limits.depth,
        };
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.map_err(|e| self.unreadable(&e))?;
            self.event(event, spot(&span.start))?;
            if !self.wanted.is_empty() && self.found == self.wanted.len() {
                break;
            }
        }
        Ok(())
    }

    fn unreadable(&self, e: &ScanError) -> Unreadable {
        let spot = spot(e.marker());
        match e.kind() {
            ErrorKind::RecursionLimitExceeded => self.too_deep(spot),
            ErrorKind::UnknownAnchor => {
                Unreadable::new(SYNTAX, spot, "an alias without an anchor of its name before it")
            }
            _ => Unreadable::new(SYNTAX, spot, e.info()),
        }
    }

    fn too_deep(&self, spot: Spot) -> Unreadable {
        let cause = format!("nested more than {} deep", self.limits.depth);
        Unreadable::new(TOO_LARGE, spot, cause)
    }

    fn event(&mut self, event: Event<'_>, spot: Spot) -> Result<(), Unreadable> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), spot)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.open(Content::List(Vec::new()), anchor, tag.as_deref(), spot)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.open(Content::Map(OpenMap::default()), anchor, tag.as_deref(), spot)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, spot),
            Event::DocumentStart(..) if self.root.is_some() => {
                let fix = "a podfit/v1 document stands alone: give one, without others after it";
                let cause = "there is a second document";
                Err(Unreadable::new(("several-documents", fix), spot, cause))
            }
            _ => Ok(()),
        }
    }

    /// The map whose key comes next, if one does.
    fn keyless(&mut self) -> Option<&mut OpenMap> {
        match self.stack.last_mut() {
            Some(Open { content: Content::Map(map), .. }) if map.key.is_none() => Some(map),
            _ => None,
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        spot: Spot,
    ) -> Result<(), Unreadable> {
        let size = Size { nodes: 1, bytes: text.len() };
        self.read.add(size, self.limits, spot)?;
        let syntax = |cause| Unreadable::new(SYNTAX, spot, cause);
        let key = self.keyless().is_some().then(|| key(&text, style, tag, spot)).transpose()?;
        if key.is_none() || anchor > 0 {
            let node = Node::Leaf(scalar::leaf(text, style, tag).map_err(syntax)?);
            let tree = Tree { node, spot };
            self.keep(anchor, &tree, size, 0)?;
            if key.is_none() {
                return self.add(tree, 0);
            }
        }
        if let Some(map) = self.keyless() {
            map.key = key;
        }
        Ok(())
    }

    fn open(
        &mut self,
        content: Content,
        anchor: usize,
        tag: Option<&Tag>,
        spot: Spot,
    ) -> Result<(), Unreadable> {
        let (what, kind) = match content {
            Content::List(_) => ("a list", "seq"),
            Content::Map(_) => ("a map", "map"),
        };
        if self.keyless().is_some() {
            return Err(Unreadable::new(SYNTAX, spot, format!("{what} as a key")));
        }
        if let Some(name) = tag_name(tag).filter(|name| name != "!" && name != kind) {
            return Err(Unreadable::new(SYNTAX, spot, format!("{what} is not read as !!{name}")));
        }
        if self.stack.len() >= self.limits.depth {
            return Err(self.too_deep(spot));
        }
        let before = self.read;
        self.read.add(Size { nodes: 1, bytes: 0 }, self.limits, spot)?;
        self.stack.push(Open { content, spot, anchor, before, height: 0 });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        let Some(Open { content, spot, anchor, before, height }) = self.stack.pop() else {
            return Ok(());
        };
        let node = match content {
            Content::List(list) => Node::List(list),
            Content::Map(map) => Node::Map(map.close()?),
        };
        let tree = Tree { node, spot };
        self.keep(anchor, &tree, self.read.since(before), height + 1)?;
        self.add(tree, height + 1)
    }

    /// Puts a value where it belongs.
    fn add(&mut self, tree: Tree, height: usize) -> Result<(), Unreadable> {
        let outermost = self.stack.len() == 1;
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(tree);
            return Ok(());
        };
        open.height = open.height.max(height);
        match &mut open.content {
            Content::List(list) => list.push(tree),
            Content::Map(map) => match map.key.take() {
                Some(Key::Named(key, key_spot)) => {
                    self.found += usize::from(outermost && self.wanted.contains(&key.as_str()));
                    map.entries.push(Entry { key, key_spot, value: tree });
                }
                Some(Key::Merge) => merge(tree, &mut map.merged)?,
                None => {}
            },
        }
        Ok(())
    }

    fn keep(
        &mut self,
        anchor: usize,
        tree: &Tree,
        size: Size,
        height: usize,
    ) -> Result<(), Unreadable> {
        if anchor > 0 {
            self.kept.add(size, self.limits, tree.spot)?;
            if self.anchors.len() <= anchor {
                self.anchors.resize_with(anchor + 1, || None);
            }
            self.anchors[anchor] = Some(Anchored { tree: tree.clone(), size, height });
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, spot: Spot) -> Result<(), Unreadable> {
        // The parser knows the anchor, so it is one that is not closed yet.
        let Some(Some(anchored)) = self.anchors.get(anchor) else {
            return Err(Unreadable::new(SYNTAX, spot, "an alias inside of what it stands for"));
        };
        let height = anchored.height;
        if self.stack.len() + height > self.limits.depth {
            return Err(self.too_deep(spot));
        }
        self.read.add(anchored.size, self.limits, spot)?;
        let node = anchored.tree.node.clone();
        let tree = Tree { node, spot };
        let Some(map) = self.keyless() else {
            return self.add(tree, height);
        };
        match &tree.node {
            Node::Leaf(Leaf::Text(text)) => map.key = Some(Key::Named(text.clone(), spot)),
            Node::Leaf(leaf @ (Leaf::Int(_) | Leaf::Number(_) | Leaf::Bool(_))) => {
                map.key = Some(Key::Named(leaf.to_string(), spot));
            }
            _ => return Err(Unreadable::new(SYNTAX, spot, format!("{tree} as a key"))),
        }
        Ok(())
    }
}

impl OpenMap {
    fn close(mut self) -> Result<Vec<Entry>, Unreadable> {
        if let Some(again) = repeated(&self.entries).into_iter().min() {
            let Entry { key, key_spot, .. } = &self.entries[again];
            return Err(Unreadable::new(DUPLICATE, *key_spot, duplicate(key)));
        }
        if !self.merged.is_empty() {
            self.entries.append(&mut self.merged);
            let mut again = vec![false; self.entries.len()];
            for i in repeated(&self.entries) {
                again[i] = true;
            }
            let mut again = again.into_iter();
            self.entries.retain(|_| again.next() == Some(false));
        }
        Ok(self.entries)
    }
}

/// A key is its text, whatever it looks like.
fn key(text: &str, style: ScalarStyle, tag: Option<&Tag>, spot: Spot) -> Result<Key, Unreadable> {
    let plain = style == ScalarStyle::Plain;
    let tag_name = tag_name(tag);
    match tag_name.as_deref() {
        Some("merge") if text == "<<" => return Ok(Key::Merge),
        None if text == "<<" && plain && tag.is_none() => return Ok(Key::Merge),
        Some("!" | "str") => {}
        name if name == Some("null") || plain && scalar::is_null(text) => {
            return Err(Unreadable::new(SYNTAX, spot, "null as a key: put it in quotes"));
        }
        _ => {}
    }
    Ok(Key::Named(text.into(), spot))
}

/// What a merge key brings: the entries of a map, or of a list of maps, the first of a name before others.
fn merge(tree: Tree, into: &mut Vec<Entry>) -> Result<(), Unreadable> {
    match tree.node {
        Node::Map(mut entries) => into.append(&mut entries),
        Node::List(list) => {
            for tree in list {
                merge(tree, into)?;
            }
        }
        Node::Leaf(Leaf::Absent) => {}
        Node::Leaf(_) => {
            let cause = format!("{tree} after <<, which takes a map or a list of maps");
            return Err(Unreadable::new(SYNTAX, tree.spot, cause));
        }
    }
    Ok(())
}

fn spot(marker: &Marker) -> Spot {
    Spot { line: marker.line() as u64, column: marker.col() as u64 + 1 }
}
