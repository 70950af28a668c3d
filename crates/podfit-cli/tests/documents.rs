//! What podfit was asked for, a row a behaviour, in `tests/documents/TOPIC.yaml`: each row is a call of the command, run in
//! `examples/documents`, and what its answer holds; a second call, whose answer must differ, shows that the first says something.
//! `docs/documents.md` is made of the rows: `PODFIT_BLESS=1` rewrites it.
#![allow(clippy::unwrap_used)] // a test that fails should say where

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

/// A behaviour: what podfit says of it, or why there is nothing to ask.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    says: String,
    not_askable: Option<String>,
    asks: Option<String>,
    #[serde(default)]
    exit: i32,
    #[serde(default)]
    answers: Vec<String>,
    #[serde(default)]
    json: BTreeMap<String, Value>,
    other: Option<Ask>,
}

/// A call, with what its answer holds.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    asks: String,
    #[serde(default)]
    exit: i32,
    /// Texts of the standard output, blanks and line ends taken as one blank; of the errors, where the call fails.
    #[serde(default)]
    answers: Vec<String>,
    /// JSON pointers into the report, and what stands there.
    #[serde(default)]
    json: BTreeMap<String, Value>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Topics and their rows, in the order of the files' names.
fn topics() -> Vec<(String, Vec<Row>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "yaml"));
    files.sort();
    let read = |file: &PathBuf| {
        let rows = serde_saphyr::from_str(&std::fs::read_to_string(file).unwrap())
            .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        (file.file_stem().unwrap().to_str().unwrap().replace('-', " "), rows)
    };
    files.iter().map(read).collect()
}

fn output(asks: &str, more: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_podfit"))
        .current_dir(root().join("examples/documents"))
        .args(asks.split_whitespace())
        .args(more)
        .env("COLUMNS", "120")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let text = if stdout.is_empty() { String::from_utf8(output.stderr).unwrap() } else { stdout };
    (output.status.code().unwrap(), text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What `ask`'s call does not say of what `expected` holds; empty where it says all.
fn missing(ask: &Ask, expected: &Ask) -> Vec<String> {
    let mut missing = Vec::new();
    if !expected.answers.is_empty() || expected.json.is_empty() {
        let (exit, text) = output(&ask.asks, &[]);
        if exit != expected.exit {
            missing.push(format!("exit {exit}, not {}", expected.exit));
        }
        let text = one_line(&text);
        missing.extend(
            expected
                .answers
                .iter()
                .filter(|a| !text.contains(&one_line(a)))
                .map(|a| format!("{a:?} in: {text}")),
        );
    }
    if !expected.json.is_empty() {
        let (exit, text) = output(&ask.asks, &["-o", "json"]);
        if exit != expected.exit {
            missing.push(format!("exit {exit}, not {}", expected.exit));
        }
        let report: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        for (pointer, value) in &expected.json {
            // A field that is left out is null.
            let found = report.pointer(pointer).unwrap_or(&Value::Null);
            if found != value {
                missing.push(format!("{pointer} is {found}, not {value}"));
            }
        }
    }
    missing
}

/// What is wrong with a row; empty where it holds.
fn faults(row: &Row) -> Vec<String> {
    let (asks, other) = match (&row.not_askable, &row.asks, &row.other) {
        (Some(_), None, None) => return Vec::new(),
        (None, Some(asks), Some(other)) => (asks.clone(), other),
        _ => return vec!["needs `asks` and `other`, or `not-askable` alone".into()],
    };
    let first = Ask { asks, exit: row.exit, answers: row.answers.clone(), json: row.json.clone() };
    if [&first, other].iter().any(|a| a.answers.is_empty() && a.json.is_empty()) {
        return vec!["each call needs `answers` or `json`".into()];
    }
    let mut faults = missing(&first, &first);
    faults.extend(missing(other, other).into_iter().map(|f| format!("other: {f}")));
    if missing(other, &first).is_empty() {
        faults.push("the other call gives the same answer".into());
    }
    faults
}

#[test]
fn every_behaviour_is_answered() {
    let topics = topics();
    let check = |(topic, rows): &(String, Vec<Row>)| -> Vec<String> {
        let row = |row: &Row| {
            faults(row)
                .into_iter()
                .map(|f| format!("{topic}: {}: {f}", row.says))
                .collect::<Vec<_>>()
        };
        rows.iter().flat_map(row).collect()
    };
    let faults: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = topics.iter().map(|topic| scope.spawn(|| check(topic))).collect();
        running.into_iter().flat_map(|r| r.join().unwrap()).collect()
    });
    assert!(
        faults.is_empty(),
        "{} of the rows' answers differ:\n{}",
        faults.len(),
        faults.join("\n")
    );
    let not_askable =
        topics.iter().flat_map(|(_, rows)| rows).filter(|r| r.not_askable.is_some()).count();
    assert!(not_askable <= 6, "{not_askable} rows are not askable");
}

/// The page: a table a topic.
fn page() -> String {
    let mut page = String::from(
        "# From the documents to the commands\n\n\
         What podfit was asked for, a row a behaviour, with the call that answers it. Run them in `examples/documents`; each is a\n\
         test (`crates/podfit-cli/tests/documents/`), from which this page is made.\n",
    );
    let cell = |text: &str| one_line(text).replace('|', "\\|");
    for (topic, rows) in topics() {
        let _ = write!(
            page,
            "\n## {}{}\n\n| behaviour | `podfit …` | says |\n|---|---|---|\n",
            topic[..1].to_uppercase(),
            &topic[1..]
        );
        for row in rows {
            let (asks, says) = match (&row.asks, &row.not_askable) {
                (Some(asks), _) => {
                    let texts = row.answers.iter().map(|a| format!("“{}”", cell(a)));
                    let values = row.json.iter().map(|(pointer, value)| {
                        format!("`{pointer}`: `{}`", cell(&value.to_string()))
                    });
                    (format!("`{asks}`"), texts.chain(values).collect::<Vec<_>>().join("; "))
                }
                (None, reason) => {
                    ("–".into(), format!("not askable: {}", reason.as_deref().unwrap_or_default()))
                }
            };
            let _ = writeln!(page, "| {} | {asks} | {says} |", cell(&row.says));
        }
    }
    page
}

#[test]
fn the_page_is_current() {
    let path = root().join("docs/documents.md");
    let page = page();
    if std::env::var_os("PODFIT_BLESS").is_some() {
        return std::fs::write(path, page).unwrap();
    }
    let stands = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stands == page, "{} is not current (PODFIT_BLESS=1 rewrites it)", path.display());
}
