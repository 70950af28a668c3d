//! Cases as files: `cases/GROUP/NAME.yaml` (or `.json`) is a cluster whose first line names the request and whose
//! second the verdict, both in comments; `NAME.txt` beside it is the report as the command prints it.
//! `PODFIT_BLESS=1` rewrites the reports: read the difference before you commit it.
//!
//! ```yaml
//! # request: {"kind": "WhatIf", "fail": ["a"]}
//! # verdict: does-not-fit
//! ```

use crate::cases::open;
use crate::golden::agrees;
use podfit::rules::Rule;
use podfit_api::render::{RenderOptions, render};
use podfit_api::{AnswerOptions, Request};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// Every case file, in the order of the names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn said<'t>(text: &'t str, what: &str, path: &Path) -> &'t str {
    let line = text.lines().take(4).find_map(|l| l.strip_prefix(&format!("# {what}: ")));
    line.unwrap_or_else(|| panic!("{}: no comment \"# {what}: …\" at its head", path.display()))
}

#[test]
fn every_case_file_gives_its_report() {
    let files = files(&folder());
    assert!(!files.is_empty());
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let request: Request = serde_json::from_str(said(&text, "request", &path))
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let answered = open(&text).answer(&request, &AnswerOptions::default());
        let envelope = answered.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let report = serde_json::to_value(&envelope.report).unwrap();
        assert_eq!(report["verdict"], said(&text, "verdict", &path), "{}", path.display());
        let options = RenderOptions { width: 90, ..RenderOptions::default() };
        agrees(path.with_extension("txt"), &render(&envelope, &options).unwrap());
    }
}

/// Names of the case files of a group, up to the first dot: `taints.noexecute.yaml` is a case of `taints`.
fn names(group: &str) -> BTreeSet<String> {
    let stem = |p: PathBuf| {
        let name = p.file_name().unwrap().to_string_lossy().into_owned();
        name.split('.').next().unwrap_or_default().to_string()
    };
    files(&folder().join(group)).into_iter().map(stem).collect()
}

#[test]
fn every_rule_has_a_case() {
    let names = names("rules");
    let without: Vec<&str> =
        Rule::ALL.iter().map(|r| r.code()).filter(|c| !names.contains(*c)).collect();
    assert!(without.is_empty(), "no case in cases/rules for {without:?}");
}
