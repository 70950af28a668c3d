//! The command as a user meets it: exit codes, streams, every error once.
#![allow(clippy::unwrap_used)] // a test that fails should say where

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const ROOMY: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 2, runsOn: [a, b], requests: {cpu: 1, memory: 1Gi}}
";

fn podfit(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_podfit"));
    command.args(args).env("COLUMNS", "100").env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR");
    command
}

fn run(args: &[&str]) -> Output {
    podfit(args).output().unwrap()
}

fn run_on(input: &str, args: &[&str]) -> Output {
    let mut child = podfit(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/clusters").join(name);
    path.to_str().unwrap().into()
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("podfit-test-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn the_edge_device_answers_as_its_example_says() {
    let a = run(&["what-if", &example("two-node-edge.yaml"), "--fail", "A", "-o", "json"]);
    assert_eq!((code(&a), err(&a).as_str()), (1, ""));
    let report: serde_json::Value = serde_json::from_slice(&a.stdout).unwrap();
    let report = &report["report"];
    assert_eq!(report["verdict"], "does-not-fit");
    assert_eq!(report["certificate"], "integer-sum");
    let counts = |r: &serde_json::Value| {
        ["moves", "pending", "stuck", "lost", "gone"].map(|k| r["counts"][k].as_u64().unwrap())
    };
    assert_eq!(counts(report), [6, 4, 1, 1, 1]);
    let b = run(&["what-if", &example("two-node-edge.yaml"), "--fail", "B", "-o", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&b.stdout).unwrap();
    assert_eq!(counts(&report["report"]), [3, 2, 0, 0, 1]);
}

#[test]
fn exit_codes_tell_the_verdict() {
    let fits = run_on(ROOMY, &["what-if", "-", "--fail", "a"]);
    assert_eq!(code(&fits), 0, "{}", err(&fits));
    assert!(out(&fits).lines().last().unwrap().starts_with("✓ SURVIVES (survivors fixed)"));
    let bare = format!("{ROOMY}pods:\n  - {{name: shell, node: a}}\n");
    assert_eq!(code(&run_on(&bare, &["what-if", "-", "--fail", "a"])), 1);
    assert_eq!(code(&run_on(&bare, &["what-if", "-", "--fail", "a", "--accept-losses"])), 0);
    assert_eq!(code(&run_on(ROOMY, &["what-if", "-", "--fail", "a,b"])), 1);
    assert_eq!(code(&run_on(ROOMY, &["audit", "-"])), 0);
    assert_eq!(code(&run_on(ROOMY, &["audit", "-", "--k", "2"])), 1);
    assert_eq!(code(&run_on(ROOMY, &["audit", "-", "--k", "2", "--max-cases", "2"])), 1);
    assert_eq!(code(&run_on(ROOMY, &["place", "-", "--fewest-nodes"])), 0);
    assert_eq!(code(&run_on(ROOMY, &["check", "-"])), 0);
}

#[test]
fn a_plan_is_replayed_and_a_broken_one_found() {
    let folder = folder("plan");
    let answer = run(&["what-if", &example("two-node-edge.yaml"), "--fail", "A", "-o", "json"]);
    let plan = folder.join("plan.json");
    std::fs::write(&plan, &answer.stdout).unwrap();
    let plan_text = plan.to_str().unwrap();
    let check = |plan: &str| run(&["check", &example("two-node-edge.yaml"), "--plan", plan]);
    let legal = check(plan_text);
    assert_eq!(code(&legal), 0, "{}{}", out(&legal), err(&legal));
    assert!(out(&legal).contains("a plan of 6 steps"));
    // The same steps on the lost node.
    let broken = String::from_utf8(answer.stdout)
        .unwrap()
        .replace(r#""to": "worker-b""#, r#""to": "worker-a""#);
    std::fs::write(&plan, broken).unwrap();
    let broken = check(plan_text);
    assert_eq!(code(&broken), 1);
    assert!(out(&broken).contains("lost-node"), "{}", out(&broken));
    for (text, told) in
        [("{}", "no plan in it"), ("{", "no JSON report"), (r#"{"steps": [1]}"#, "cannot be read")]
    {
        std::fs::write(&plan, text).unwrap();
        let refused = check(plan_text);
        assert_eq!(code(&refused), 2, "{text}");
        assert!(err(&refused).contains(told), "{}", err(&refused));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn input_and_usage_errors_end_with_2_and_leave_standard_output_empty() {
    let small = |args: &[&str]| run_on(ROOMY, args);
    let cases: Vec<(Output, &str)> = vec![
        (run(&["what-if", "/nowhere/x.json", "/nowhere/y.json", "--fail", "a"]), "/nowhere/y.json"),
        (small(&["what-if", "-", "--fail", "A"]), "did you mean a?"),
        (small(&["what-if", "-", "-", "--fail", "a"]), "once only"),
        (small(&["what-if", "-"]), "--fail"),
        (small(&["what-if", "-", "--fail", "zone=x"]), "no node has the label"),
        (small(&["what-if", "-", "--fail", "a", "--sort-by", "colour"]), "no column"),
        (small(&["what-if", "-", "--fail", "a", "-l", "a b"]), "label selector"),
        (small(&["what-if", "-", "--fail", "a", "-n", "x", "-A"]), "cannot be used with"),
        (small(&["what-if", "-", "--fail", "a", "--time-limit", "10"]), "10s"),
        (small(&["what-if", "-", "--fail", "a", "--mode", "gone"]), "not-ready"),
        (small(&["what-if", "-", "--fail", "a", "--assume-request", "cpu"]), "NAME=QUANTITY"),
        (small(&["what-if", "-", "--fail", "a", "--assume-request", "cpu=banana"]), "banana"),
        (small(&["audit", "-", "--k", "0"]), "--k"),
        (small(&["audit", "-", "--domain", "zone"]), "zone"),
        (small(&["audit", "-", "--threads", "0"]), "--threads"),
        (run(&["--schema", "Nonsense"]), "WhatIfReport"),
        (run_on("{\"items\": [", &["what-if", "-", "--fail", "a"]), "-:1"),
        (run_on("", &["what-if", "-", "--fail", "a"]), "error"),
        (run(&["nonsense"]), "nonsense"),
        (run(&[]), "Usage"),
    ];
    for (i, (output, told)) in cases.iter().enumerate() {
        assert_eq!(code(output), 2, "case {i}: {}{}", out(output), err(output));
        assert_eq!(out(output), "", "case {i}");
        assert!(err(output).contains(told), "case {i}: {}", err(output));
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names() {
    let folder = folder("folder");
    let below = folder.join("below");
    std::fs::create_dir_all(&below).unwrap();
    let node = |n: &str| {
        format!(
            r#"{{"apiVersion":"v1","kind":"Node","metadata":{{"name":"{n}"}},"status":{{"allocatable":{{"cpu":"1","memory":"1Gi","pods":"9"}}}}}}"#
        )
    };
    std::fs::write(below.join("z.json"), node("z")).unwrap();
    std::fs::write(folder.join("c.YAML"), node("c")).unwrap();
    std::fs::write(folder.join("a.json"), node("a")).unwrap();
    let pod = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"p","controller":true}]},"spec":{"nodeName":"z","containers":[{"name":"c"}]},"status":{"phase":"Running"}}"#;
    std::fs::write(folder.join("p.json"), pod).unwrap();
    std::fs::write(folder.join("ignored.txt"), "not read").unwrap();
    let output = run(&["audit", folder.to_str().unwrap(), "-o", "csv"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let first: Vec<String> =
        out(&output).lines().skip(1).map(|l| l.split(',').next().unwrap().to_string()).collect();
    assert_eq!(first, ["a", "z", "c"]);
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    let empty = run(&["audit", folder.to_str().unwrap()]);
    assert_eq!(code(&empty), 2);
    assert!(err(&empty).contains("no .json, .yaml or .yml"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child =
        podfit(&["what-if", &example("ten-node-zones.yaml"), "--fail", "node-01", "-o", "yaml"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
}

#[test]
fn colours_only_when_asked_or_on_a_terminal() {
    let with = |args: &[&str]| {
        let all: Vec<&str> = ["what-if", "-", "--fail", "a"].iter().chain(args).copied().collect();
        out(&run_on(ROOMY, &all)).contains('\u{1b}')
    };
    assert!(!with(&[]));
    assert!(!with(&["--color", "never"]));
    assert!(with(&["--color", "always"]));
}

#[test]
fn ascii_where_the_locale_has_no_more() {
    let input = example("two-node-edge.yaml");
    let output = podfit(&["what-if", &input, "--fail", "A"]).env("LC_ALL", "C").output().unwrap();
    assert!(output.stdout.is_ascii());
}

#[test]
fn what_prints_without_an_input() {
    let collect = run(&["collect"]);
    assert_eq!(code(&collect), 0);
    assert!(out(&collect).contains(
        "\nkubectl get nodes,pods,pv,pvc,sc,pdb,ns,rs,sts,deploy,ds,jobs,svc,csinodes,volumeattachments,\
         limitranges,priorityclasses -A -o json"
    ));
    let verbs: Vec<_> =
        out(&collect).lines().filter(|l| l.contains("verbs")).map(str::to_string).collect();
    assert!(
        verbs.len() == 6 && verbs.iter().all(|v| v.trim() == "verbs: [get, list]"),
        "{verbs:?}"
    );
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completion", shell]);
        assert!(code(&output) == 0 && out(&output).contains("accept-losses"), "{shell}");
    }
    let schema = run(&["--schema", "WhatIfReport"]);
    assert!(
        serde_json::from_slice::<serde_json::Value>(&schema.stdout).unwrap()["properties"]["pods"]
            .is_object()
    );
    for args in [&["--help"][..], &["--version"], &["what-if", "--help"]] {
        assert_eq!(code(&run(args)), 0);
    }
}

#[cfg(unix)]
#[test]
fn kubectl_calls_it_by_another_name() {
    let folder = folder("kubectl");
    let plugin = folder.join("kubectl-podfit");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_podfit"), &plugin).unwrap();
    let output = Command::new(&plugin).arg("--help").output().unwrap();
    assert!(out(&output).contains("Usage: kubectl podfit"), "{}", out(&output));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn nodes_without_pods_survive_nothing() {
    let nodes = r#"{"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"a"},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"}}}]}"#;
    let output = run_on(nodes, &["what-if", "-", "--fail", "a"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("no-pods"), "{}", err(&output));
}

/// Linux has a file that takes nothing.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_no_answer() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let input = example("ten-node-zones.yaml");
    let output = podfit(&["what-if", &input, "--fail", "node-01"]).stdout(full).output().unwrap();
    assert_eq!(code(&output), 3, "{}", err(&output));
}
