//! Data flows one way: no folder of the core imports one below it.

use std::fs;
use std::path::{Path, PathBuf};

/// From top to bottom; each may import those above it only. The referee stands apart: model alone.
const ORDER: [(&str, &[&str]); 8] = [
    ("model", &[]),
    ("rules", &["model"]),
    ("check", &["model"]),
    ("problem", &["model", "rules"]),
    ("solve", &["problem"]),
    ("schedule", &["model", "rules"]),
    ("planner", &["model", "rules", "check", "problem", "solve", "schedule"]),
    ("device", &["model"]),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the source folder is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Names of folders of this crate that a line of code names.
fn imports(line: &str) -> Vec<&'static str> {
    let code = line.split("//").next().unwrap_or_default();
    ORDER.iter().map(|(name, _)| *name).filter(|n| code.contains(&format!("crate::{n}"))).collect()
}

#[test]
fn nothing_imports_upwards() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (room, allowed) in ORDER {
        for file in files(&source.join(room)) {
            let text = fs::read_to_string(&file).expect("source is text");
            for (number, line) in text.lines().enumerate() {
                for import in imports(line) {
                    seen += 1;
                    if import != room && !allowed.contains(&import) {
                        wrong.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
                    }
                }
            }
        }
    }
    assert!(seen > 50, "the search for imports found {seen} only: has their form changed?");
    assert!(wrong.is_empty(), "imports against the order of the house:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_is_listed() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(source).expect("the source folder is there") {
        let name = entry.expect("readable").file_name().into_string().expect("plain names");
        let room = name.trim_end_matches(".rs");
        assert!(
            room == "lib" || ORDER.iter().any(|(r, _)| *r == room),
            "{room} has no place in the order"
        );
    }
}
