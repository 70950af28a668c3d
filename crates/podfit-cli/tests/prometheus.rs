//! The example alerts and dashboard speak of metrics that `podfit audit -o prometheus` prints; where promtool is installed,
//! it checks metrics and alerts too.
#![allow(clippy::unwrap_used)] // a test that fails should say where
#![allow(clippy::print_stdout)] // what was left out should be read

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

fn podfit(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_podfit"))
        .current_dir(examples().join("documents"))
        .args(arguments)
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn metrics() -> String {
    podfit(&["audit", "two-node.yaml", "-o", "prometheus"]).1
}

/// Words of a text that begin with `podfit_`.
fn names(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c: char| !is_name(c));
    words.filter(|w| w.starts_with("podfit_")).map(Into::into).collect()
}

#[test]
fn examples_speak_of_metrics_that_there_are() {
    let there = names(&metrics());
    for file in ["podfit.rules.yaml", "podfit.test.yaml", "dashboard.json", "README.md"] {
        let text = std::fs::read_to_string(examples().join("prometheus").join(file)).unwrap();
        let named = names(&text);
        assert!(!named.is_empty(), "{file}");
        assert!(named.is_subset(&there), "{file}: {named:?}, not {there:?}");
    }
    let dashboard = std::fs::read_to_string(examples().join("prometheus/dashboard.json")).unwrap();
    let dashboard: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let shown: String = panels.iter().map(|p| p["targets"].to_string()).collect();
    assert_eq!(names(&shown), there, "every metric has a panel");
}

#[test]
fn only_an_audit_has_metrics() {
    let (exit, text) = podfit(&["show", "two-node.yaml", "-o", "prometheus"]);
    assert_eq!((exit, text.as_str()), (2, ""));
}

#[test]
fn promtool_agrees() {
    let run = |arguments: &[&str], input: &str| {
        let mut child = Command::new("promtool")
            .args(arguments)
            .current_dir(examples().join("prometheus"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Some(child.wait_with_output().unwrap())
    };
    let metrics = metrics();
    let calls: [(&[&str], &str); 3] = [
        (&["check", "metrics"], &metrics),
        (&["check", "rules", "podfit.rules.yaml"], ""),
        (&["test", "rules", "podfit.test.yaml"], ""),
    ];
    for (arguments, input) in calls {
        let Some(output) = run(arguments, input) else {
            println!("promtool is not installed: metrics and alerts are not checked by it");
            return;
        };
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "promtool {arguments:?}: {said}");
    }
}
