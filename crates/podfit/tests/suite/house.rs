//! Data flows one way: in every crate each room (a folder, or a file beside folders) imports those above it alone, and no
//! files of different folders import each other in a circle.
//!
//! The order is read where people read it: in the tables of ARCHITECTURE.md and of module documentation whose heading
//! says `each may use those above it`. Imports are read by `syn`, and a name is followed to the file that defines it, so
//! that what a `mod.rs` hands on counts for whoever made it. Code for tests is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

/// The heading of a table that gives an order.
const MARK: &str = "each may use those above it";

/// Rooms that may import less than all above them: the referee shares nothing with what it judges, and solvers know
/// numbers alone.
const ONLY: [(&str, &[&str]); 2] = [("check", &["model"]), ("solve", &["problem", "random"])];

type Module = Vec<String>;

/// A file with what it defines, hands on and imports.
#[derive(Default)]
struct File {
    module: Module,
    items: BTreeSet<String>,
    /// Names that `use` brings, with the path of each.
    uses: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    /// Names that are only handed on until the code uses them.
    exported: BTreeSet<String>,
    /// Paths and names in the code.
    paths: BTreeSet<Vec<String>>,
}

/// The source of one crate.
struct Source {
    files: BTreeMap<PathBuf, File>,
    by_module: BTreeMap<Module, PathBuf>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn crates() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(root().join("crates"))
        .expect("the folder of crates is there")
        .map(|e| e.expect("readable").path())
        .collect();
    found.sort();
    found
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the source folder is there") {
        let path = entry.expect("readable").path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_dir() {
            if name != "tests" {
                rust_files(&path, found);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push(path);
        }
    }
}

/// The module of a file below `src`.
fn module_of(below: &Path) -> Module {
    let mut parts: Module = below
        .with_extension("")
        .iter()
        .map(|p| p.to_str().expect("plain names").to_string())
        .collect();
    if parts.last().is_some_and(|p| p == "mod" || p == "lib" || p == "main") {
        parts.pop();
    }
    parts
}

fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|a| {
        let text = match &a.meta {
            syn::Meta::List(list) => list.tokens.to_string(),
            _ => String::new(),
        };
        a.path().is_ident("cfg") && text.split(|c: char| !c.is_alphanumeric()).any(|w| w == "test")
    })
}

impl File {
    fn add_use(&mut self, tree: &syn::UseTree, before: &[String], exported: bool) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(p) => self.add_use(&p.tree, &with(&p.ident), exported),
            syn::UseTree::Group(g) => {
                g.items.iter().for_each(|item| self.add_use(item, before, exported));
            }
            syn::UseTree::Glob(_) => self.globs.push(before.to_vec()),
            syn::UseTree::Name(n) if n.ident == "self" => {
                let name = before.last().cloned().unwrap_or_default();
                self.bring(name, before.to_vec(), exported);
            }
            syn::UseTree::Name(n) => self.bring(n.ident.to_string(), with(&n.ident), exported),
            syn::UseTree::Rename(r) => self.bring(r.rename.to_string(), with(&r.ident), exported),
        }
    }

    fn bring(&mut self, name: String, path: Vec<String>, exported: bool) {
        if exported {
            self.exported.insert(name.clone());
        }
        self.uses.insert(name, path);
    }
}

impl<'ast> Visit<'ast> for File {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        use syn::Item as I;
        let (attrs, name) = match item {
            I::Const(i) => (&i.attrs, Some(&i.ident)),
            I::Enum(i) => (&i.attrs, Some(&i.ident)),
            I::Fn(i) => (&i.attrs, Some(&i.sig.ident)),
            I::Macro(i) => (&i.attrs, i.ident.as_ref()),
            I::Mod(i) => (&i.attrs, None),
            I::Static(i) => (&i.attrs, Some(&i.ident)),
            I::Struct(i) => (&i.attrs, Some(&i.ident)),
            I::Trait(i) => (&i.attrs, Some(&i.ident)),
            I::Type(i) => (&i.attrs, Some(&i.ident)),
            I::Union(i) => (&i.attrs, Some(&i.ident)),
            I::Impl(i) => (&i.attrs, None),
            I::Use(i) => (&i.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if is_test(attrs) {
            return;
        }
        self.items.extend(name.map(ToString::to_string));
        match item {
            I::Use(i) => {
                let exported = !matches!(i.vis, syn::Visibility::Inherited);
                self.add_use(&i.tree, &[], exported);
            }
            // What a macro writes is named where it is called, by names that `use` brings.
            I::Macro(i) => self.names_in(i.mac.tokens.clone()),
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.paths.insert(parts);
        visit::visit_path(self, path);
    }

    /// `pub(in crate::planner)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.names_in(mac.tokens.clone());
        visit::visit_macro(self, mac);
    }
}

impl File {
    /// Every name in the tokens of a macro may be one that `use` brings; paths are read as far as they are plain.
    fn names_in(&mut self, tokens: proc_macro2::TokenStream) {
        let text = tokens.to_string().replace(" :: ", "::");
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let parts: Vec<String> =
                word.split("::").filter(|p| !p.is_empty()).map(Into::into).collect();
            if !parts.is_empty() {
                self.paths.insert(parts);
            }
        }
    }
}

impl Source {
    fn read(source: &Path) -> Self {
        let mut paths = Vec::new();
        rust_files(source, &mut paths);
        let mut files = BTreeMap::new();
        for path in paths {
            let below = path.strip_prefix(source).expect("found below it").to_path_buf();
            let text = fs::read_to_string(&path).expect("source is text");
            let parsed = syn::parse_file(&text).expect("source is Rust");
            let mut file = File { module: module_of(&below), ..File::default() };
            file.visit_file(&parsed);
            files.insert(below, file);
        }
        let by_module = files.iter().map(|(p, f)| (f.module.clone(), p.clone())).collect();
        Self { files, by_module }
    }

    /// The absolute path in the crate that `path` is in a file of `module`; `None` for other crates' names.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let start: Vec<String> = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.to_vec(),
            "super" => {
                let mut module = module.to_vec();
                module.pop()?;
                let rest = [&["self".to_string()], rest].concat();
                let deeper = rest.get(1).is_some_and(|s| s == "super");
                let rest = if deeper { &rest[1..] } else { &rest };
                return self.absolute(&module, rest);
            }
            name => {
                let child = [module, &[name.to_string()]].concat();
                if !self.by_module.contains_key(&child) {
                    return None;
                }
                child
            }
        };
        Some([start, rest.to_vec()].concat())
    }

    /// The file that defines what an absolute path names.
    fn defined_in(&self, path: &[String], depth: usize) -> Option<&Path> {
        if depth == 0 {
            return None;
        }
        let at = (0..=path.len()).rev().find(|&n| self.by_module.contains_key(&path[..n]))?;
        let place = &self.by_module[&path[..at]];
        let Some(name) = path.get(at) else { return Some(place) };
        let file = &self.files[place];
        if file.items.contains(name) {
            return Some(place);
        }
        if let Some(brought) = file.uses.get(name) {
            let absolute = self.absolute(&file.module, brought)?;
            return self.defined_in(&absolute, depth - 1);
        }
        let globs = file.globs.iter().filter_map(|g| self.absolute(&file.module, g));
        globs
            .filter_map(|g| self.defined_in(&[g, vec![name.clone()]].concat(), depth - 1))
            .find(|found| *found != place.as_path())
            .or(Some(place))
    }

    /// By file: the files that it imports from.
    fn imports(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        let mut all = BTreeMap::new();
        for (place, file) in &self.files {
            let mut named: Vec<Vec<String>> = Vec::new();
            for (name, path) in &file.uses {
                let is_used = || file.paths.iter().any(|p| p.first() == Some(name));
                if !file.exported.contains(name) || is_used() {
                    named.push(path.clone());
                }
            }
            let in_code = |p: &&Vec<String>| {
                p.len() > 1 && ["crate", "super", "self"].contains(&p[0].as_str())
            };
            named.extend(file.paths.iter().filter(in_code).cloned());
            // `module::name` of a module that is there.
            named.extend(file.paths.iter().filter(|p| p.len() > 1).cloned());
            named.extend(file.globs.iter().cloned());
            let absolute = named.iter().filter_map(|p| self.absolute(&file.module, p));
            let found = absolute.filter_map(|p| self.defined_in(&p, 16));
            let others: BTreeSet<&Path> = found.filter(|f| *f != place.as_path()).collect();
            all.insert(place.as_path(), others);
        }
        all
    }
}

/// The rows of the ordering tables of a text: the names in backticks that begin their first cells.
fn ordered_rows(text: &str) -> Vec<Vec<String>> {
    let mut tables: Vec<Vec<String>> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let line = line.trim_start_matches("//!").trim();
        if line.starts_with('|') && line.contains(MARK) {
            tables.push(Vec::new());
            inside = true;
        } else if inside && line.starts_with('|') {
            let cell = line.trim_matches('|').split('|').next().unwrap_or_default();
            let names = cell.split('`').skip(1).step_by(2).map(str::to_string);
            tables.last_mut().expect("begun").extend(names);
        } else {
            inside = false;
        }
    }
    tables
}

/// A room's name as the first part of a module path, as `rules/` or `plan.rs`.
fn room(name: &str) -> String {
    name.trim().trim_end_matches('/').trim_end_matches(".rs").to_string()
}

/// The order of the rooms directly below a folder, from the documentation of its `lib.rs` or `mod.rs`, or of a crate's
/// part of ARCHITECTURE.md.
fn orders(krate: &Path) -> BTreeMap<PathBuf, Vec<String>> {
    let mut orders = BTreeMap::new();
    let source = krate.join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    for file in files {
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name != "mod.rs" && name != "lib.rs" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("source is text");
        if let Some(rows) = ordered_rows(&text).first() {
            let folder = file.parent().and_then(|f| f.strip_prefix(&source).ok());
            let rooms = rows.iter().map(|r| room(r)).collect();
            orders.insert(folder.expect("below src").to_path_buf(), rooms);
        }
    }
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the page is there");
    let head = format!("crates/{}", krate.file_name().and_then(|n| n.to_str()).unwrap_or_default());
    for rows in ordered_rows(&page) {
        // Rows of a crate follow the row of the crate, each indented inside the backticks.
        let own = rows.iter().skip_while(|r| **r != head).skip(1);
        let rooms: Vec<String> = own.take_while(|r| r.starts_with(' ')).map(|r| room(r)).collect();
        if !rooms.is_empty() {
            orders.insert(PathBuf::new(), rooms);
        }
    }
    orders
}

#[test]
fn nothing_imports_upwards() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for krate in crates() {
        let source = Source::read(&krate.join("src"));
        let orders = orders(&krate);
        for (file, imported) in source.imports() {
            for other in imported {
                seen += 1;
                for (folder, rooms) in &orders {
                    let below = |p: &Path| {
                        let first = p.strip_prefix(folder).ok()?.iter().next()?.to_str()?;
                        Some(room(first))
                    };
                    let (Some(from), Some(to)) = (below(file), below(other)) else { continue };
                    // What stands in the folder's own `mod.rs` is for all of them.
                    let place = |r: &str| rooms.iter().position(|known| known == r);
                    let (Some(from_at), Some(to_at)) = (place(&from), place(&to)) else { continue };
                    let only =
                        ONLY.iter().find(|(r, _)| *r == from && folder.as_os_str().is_empty());
                    let allowed = only.is_none_or(|(_, allowed)| allowed.contains(&to.as_str()));
                    if from != to && (to_at > from_at || !allowed) {
                        let (file, other) = (file.display(), other.display());
                        wrong.push(format!("{}: {file} imports {other}", krate.display()));
                    }
                }
            }
        }
    }
    assert!(seen > 500, "only {seen} imports were seen: has their form changed?");
    assert!(wrong.is_empty(), "imports against the order of the house:\n{}", wrong.join("\n"));
}

#[test]
fn no_files_of_different_folders_import_each_other_in_a_circle() {
    let mut wrong = Vec::new();
    for krate in crates() {
        let source = Source::read(&krate.join("src"));
        let imports = source.imports();
        let reached: BTreeMap<&Path, BTreeSet<&Path>> =
            imports.keys().map(|&file| (file, reach(&imports, file))).collect();
        for (&file, all) in &reached {
            let circle: Vec<&Path> = all
                .iter()
                .copied()
                .filter(|&other| other != file && reached[other].contains(file))
                .filter(|other| other.parent() != file.parent())
                .collect();
            if !circle.is_empty() {
                let onward: Vec<_> = imports[file].iter().filter(|f| all.contains(*f)).collect();
                wrong.push(format!(
                    "{}: {} <-> {circle:?}, by {onward:?}",
                    krate.display(),
                    file.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "circles:\n{}", wrong.join("\n"));
}

fn reach<'s>(
    imports: &BTreeMap<&'s Path, BTreeSet<&'s Path>>,
    start: &'s Path,
) -> BTreeSet<&'s Path> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(file) = open.pop() {
        for &next in &imports[file] {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}

/// Every room of a crate that has an order is in it.
#[test]
fn every_room_is_listed() {
    let mut with_order = 0;
    for krate in crates() {
        for (folder, rooms) in orders(&krate) {
            with_order += 1;
            for entry in fs::read_dir(krate.join("src").join(&folder)).expect("it is there") {
                let name = entry.expect("readable").file_name().into_string().expect("plain names");
                let found = room(&name);
                let known = ["lib", "mod", "main", "tests"].contains(&found.as_str());
                assert!(
                    known || rooms.contains(&found),
                    "{}: {found} has no place in the order of {folder:?}",
                    krate.display()
                );
            }
        }
    }
    assert!(with_order >= 4, "{with_order} tables with {MARK:?} were found");
}

#[test]
fn imports_are_seen_in_all_their_forms() {
    let text = "
        use crate::a::{b::C, d as e};
        pub use f::G;
        fn h() { crate::i::j(); let _ = super::k::L; m!(crate::n::O); G::new(); }
        #[cfg(test)] mod tests { use crate::hidden::P; }
    ";
    let mut file = File::default();
    file.visit_file(&syn::parse_file(text).expect("Rust"));
    let path = |text: &str| text.split("::").map(str::to_string).collect::<Vec<_>>();
    assert_eq!(file.uses["C"], path("crate::a::b::C"));
    assert_eq!(file.uses["e"], path("crate::a::d"));
    assert!(file.exported.contains("G") && file.uses.contains_key("G"));
    for seen in ["crate::i::j", "super::k::L", "crate::n::O", "G::new"] {
        assert!(file.paths.contains(&path(seen)), "{seen}: {:?}", file.paths);
    }
    assert!(!file.uses.contains_key("P"));
}
