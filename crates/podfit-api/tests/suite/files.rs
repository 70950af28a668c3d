//! Cases as files: `cases/GROUP/NAME.yaml` is a cluster whose first line names the request and whose second the
//! verdict, both in comments; `NAME.txt` beside it is the report as the command prints it. A third comment says what
//! the case is about and works the answer out by hand: a report that disagrees with it is not kept.
//! `PODFIT_BLESS=1` rewrites the reports: read the difference before you commit it.
//!
//! ```yaml
//! # request: {"kind": "WhatIf", "fail": ["a"]}
//! # verdict: does-not-fit
//! # b has 3Gi free, and web-0 needs 5Gi.
//! ```
//!
//! The cluster is `podfit/v1`, or what kubectl prints: one `List` or several documents. Of JSON, which has no
//! comments, the list itself has the field `case: {request: {…}, verdict: "…"}`.

use crate::cases::open;
use crate::golden::agrees;
use podfit::lint::Finding;
use podfit::rules::Rule;
use podfit_api::render::{RenderOptions, render};
use podfit_api::report::Report;
use podfit_api::{AnswerOptions, Envelope, Request, Snapshot};
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
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Request and verdict of a case.
fn head(path: &Path, text: &str) -> Result<(Request, String), String> {
    let (request, verdict) = if path.extension().is_some_and(|e| e == "json") {
        let mut list: serde_json::Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let verdict = list["case"]["verdict"].as_str().ok_or("no case.verdict")?.to_string();
        (serde_json::from_value(list["case"]["request"].take()), verdict)
    } else {
        let said = |what: &str| {
            let line = text.lines().take(4).find_map(|l| l.strip_prefix(&format!("# {what}: ")));
            line.ok_or_else(|| format!("no comment \"# {what}: …\" at its head"))
        };
        (serde_json::from_str(said("request")?), said("verdict")?.to_string())
    };
    Ok((request.map_err(|e| format!("the request: {e}"))?, verdict))
}

/// Every case as a cluster and its request.
pub fn all() -> impl Iterator<Item = (PathBuf, Snapshot, Request)> {
    files(&folder()).into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        let (request, _) = head(&path, &text).unwrap();
        (path, open(&text), request)
    })
}

fn answer(path: &Path) -> Result<(Envelope, String), String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let (request, verdict) = head(path, &text)?;
    let answered = open(&text).answer(&request, &AnswerOptions::default());
    Ok((answered.map_err(|e| e.to_string())?, verdict))
}

/// A case that is wrong does not hide the next.
fn judge(path: &Path) -> Result<(), String> {
    let (envelope, verdict) = answer(path)?;
    let report = serde_json::to_value(&envelope.report).unwrap();
    if report["verdict"] != verdict {
        return Err(format!("{} instead of {verdict}: {report:#}", report["verdict"]));
    }
    let options = RenderOptions { width: 90, ..RenderOptions::default() };
    let told = std::panic::catch_unwind(|| {
        agrees(path.with_extension("txt"), &render(&envelope, &options).unwrap());
    });
    told.map_err(|_| "the report differs, see above".into())
}

#[test]
fn every_case_file_gives_its_report() {
    let files = files(&folder());
    assert!(!files.is_empty());
    let one = |path: &PathBuf| {
        let judged = std::panic::catch_unwind(|| judge(path));
        let error = judged.unwrap_or_else(|_| Err("panic, see above".into())).err()?;
        Some(format!("{}: {error}", path.display()))
    };
    let wrong: Vec<String> = files.iter().filter_map(one).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

/// The report and nothing of a case that is no more.
#[test]
fn every_report_has_its_case() {
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "txt") {
                let case = ["yaml", "json"].map(|e| path.with_extension(e));
                assert!(case.iter().any(|c| c.exists()), "{} has no case", path.display());
            }
        }
    }
}

/// Names of the case files of a group, up to the first dot: `taints.noexecute.yaml` is a case of `taints`.
fn names(group: &str) -> BTreeSet<String> {
    files(&folder().join(group)).iter().map(|p| subject(p)).collect()
}

fn subject(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_string()
}

#[test]
fn every_rule_has_a_case() {
    let names = names("rules");
    let without: Vec<&str> =
        Rule::ALL.iter().map(|r| r.code()).filter(|c| !names.contains(*c)).collect();
    assert!(without.is_empty(), "no case in cases/rules for {without:?}");
}

/// A case of a lint finds what its name says (or, called `NAME.clean`, does not), and no lint has a code that is not
/// listed.
#[test]
fn every_lint_has_a_case() {
    let names = names("lints");
    let without: Vec<&&str> = Finding::CODES.iter().filter(|c| !names.contains(**c)).collect();
    assert!(without.is_empty(), "no case in cases/lints for {without:?}");
    for path in files(&folder().join("lints")) {
        let (envelope, _) = answer(&path).unwrap();
        let Report::Lint(report) = envelope.report else { panic!("{}: no lint", path.display()) };
        let codes: BTreeSet<&str> = report.lints.iter().map(|l| l.code.as_str()).collect();
        let unknown: Vec<_> = codes.iter().filter(|c| !Finding::CODES.contains(c)).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", path.display());
        let clean = path.to_string_lossy().contains(".clean.");
        let name = subject(&path);
        assert_eq!(codes.contains(name.as_str()), !clean, "{}: {codes:?}", path.display());
    }
}
