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
    // A call that is wrong ends the command before it reads.
    match child.stdin.take().unwrap().write_all(input.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => panic!("{e}"),
        _ => {}
    }
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
fn faulty_objects_are_left_out_on_request_and_told() {
    let broken =
        format!("{ROOMY}  - {{name: db, runsOn: [b], requests: {{cpu: 1x, memory: -1}}}}\n");
    let ask = ["what-if", "-", "--fail", "a", "-o", "csv"];
    let refused = run_on(&broken, &ask);
    assert_eq!((code(&refused), out(&refused).as_str()), (2, ""));
    let lines = err(&refused);
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[..2].iter().all(|l| l.starts_with("error: -:9:")), "{lines:?}");
    assert_eq!(lines[2], "hint: --leave-out-faulty reads the rest");

    let whole = run_on(ROOMY, &ask);
    let rest = run_on(&broken, &[&ask[..], &["--leave-out-faulty"]].concat());
    assert_eq!((code(&rest), out(&rest)), (0, out(&whole)));
    let told = err(&rest);
    assert_eq!(told.lines().filter(|l| l.starts_with("left out: -:9:")).count(), 2, "{told}");
    let text = run_on(&broken, &["what-if", "-", "--fail", "a", "--leave-out-faulty"]);
    assert!(out(&text).contains("1 object was left out as faulty: -:9:5: workloads[1]"));
    // Where nothing would help, nothing is promised.
    let no_nodes = run_on(&ROOMY.replace("nodes:", "nods:"), &ask);
    assert!(!err(&no_nodes).contains("hint"), "{}", err(&no_nodes));
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
    let line = podfit_api::kubectl_line();
    assert!(out(&collect).contains(&format!("\n{line} > cluster.json\n")));
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    assert!(std::fs::read_to_string(readme).unwrap().contains(&line), "the README has another");
    let verbs: Vec<_> =
        out(&collect).lines().filter(|l| l.contains("verbs")).map(str::to_string).collect();
    assert!(
        verbs.len() == 9 && verbs.iter().all(|v| v.trim() == "verbs: [get, list]"),
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
    for question in [&["what-if", "-", "--fail", "a"][..], &["audit", "-"]] {
        let output = run_on(nodes, question);
        assert_eq!(code(&output), 2);
        assert!(err(&output).contains("no-pods"), "{}", err(&output));
    }
    for question in ["show", "place", "check", "lint"] {
        let output = run_on(nodes, &[question, "-"]);
        assert_eq!((code(&output), err(&output).as_str()), (0, ""), "{question}");
    }
}

#[test]
fn other_files_of_a_folder_are_passed_over_in_one_line() {
    let folder = folder("repository");
    for (file, text) in [
        (
            "cluster/nodes.json",
            r#"{"kind":"NodeList","items":[{"metadata":{"name":"a"},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"}}}]}"#,
        ),
        ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("package.json", "{\"name\": \"web\"}"),
        (".git/config.json", "no JSON at all"),
        (".hidden.yaml", "kind: [\n"),
    ] {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = folder.to_str().unwrap();
    let output = run(&["show", path]);
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    let said = out(&output);
    assert!(said.contains("2 files skipped: no object of Kubernetes in"), "{said}");
    // A file that is named is meant.
    let named = folder.join("package.json");
    let output = run(&["show", path, named.to_str().unwrap()]);
    assert!(code(&output) == 2 && err(&output).contains("kind-missing"), "{}", err(&output));
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[test]
fn files_beside_the_input_are_bounded() {
    for option in
        [&["show", "-", "--edits", "/dev/zero"][..], &["check", "-", "--plan", "/dev/zero"]]
    {
        let output = run_on(ROOMY, option);
        assert_eq!(code(&output), 2);
        assert!(err(&output).contains("larger than 256 MiB"), "{}", err(&output));
    }
}

/// `big` fits nowhere, `small` and `web` do.
const PENDING: &str = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 2, runsOn: [a, b], requests: {cpu: 1, memory: 1Gi}}
  - {name: big, replicas: 1, requests: {cpu: 5, memory: 1Gi}}
  - {name: small, replicas: 1, requests: {cpu: 1, memory: 1Gi}}
";

fn report(output: &Output) -> serde_json::Value {
    let mut value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    value["report"].take()
}

#[test]
fn explain_takes_pods_and_inputs_in_any_order() {
    let folder = folder("explain");
    let file = folder.join("cluster.yaml");
    std::fs::write(&file, PENDING).unwrap();
    let file = file.to_str().unwrap();
    let first = run(&["explain", "big-0", "web", file]);
    assert_eq!(code(&first), 1, "{}", err(&first));
    let text = out(&first);
    assert!(text.starts_with("web-0 ✓ on a:"), "in the order of the input: {text}");
    assert!(
        text.contains("big-0 ✗: 0/2 nodes. 2 short of cpu (need 5, best free 3 on a)."),
        "{text}"
    );
    assert!(text.ends_with("✗ PENDING: no node takes 1 of 3 pods.\n"), "{text}");
    for args in [
        &["explain", file, "big-0", "web"][..],
        &["explain", "web", file, "default/big-0"],
        &["explain", "big", "web-1", "web-0", file],
    ] {
        assert_eq!(out(&run(args)), text, "{args:?}");
    }
    assert_eq!(out(&run_on(PENDING, &["explain", "web", "-", "big"])), text);
    assert_eq!(code(&run(&["explain", file, "web"])), 0);
    let all = run(&["explain", file, "-o", "json"]);
    let pods = &report(&all)["pods"];
    assert_eq!([&pods[0]["name"], &pods[1]["name"]], ["big-0", "small-0"], "all that are pending");
    let after = out(&run(&["explain", file, "web-0", "--fail", "a", "--mode", "deleted"]));
    assert!(after.starts_with("web-0 ✓ after a is deleted on b: 1/1 nodes."), "{after}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn explain_without_input_or_with_unknown_pods_ends_with_2() {
    for (output, told) in [
        (run(&["explain"]), "POD|INPUT"),
        (run(&["explain", "web-0", "api-0"]), "there is no file web-0, api-0"),
        (run(&["explain", "nowhere.yaml"]), "no input"),
        (run_on(PENDING, &["explain", "wep-0", "-"]), "did you mean web-0?"),
        (run_on(PENDING, &["explain", "-", "zzzzz", "yyyyy"]), "pods[1]"),
        (run_on(PENDING, &["explain", "-", "other/web-0"]), "other/web-0"),
        (run_on(PENDING, &["explain", "-", "--fail", "c"]), "fail[0]"),
    ] {
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{told}");
        assert!(err(&output).contains(told), "{told}: {}", err(&output));
    }
}

#[test]
fn lint_ends_with_1_on_errors_alone() {
    let workload = |more: &str| {
        format!("{ROOMY}  - {{name: more, requests: {{cpu: 1, memory: 1Gi}}, {more}}}\n")
    };
    let clean = run_on(ROOMY, &["lint", "-"]);
    assert_eq!(code(&clean), 0, "{}", err(&clean));
    assert!(out(&clean).ends_with("✓ CLEAN: nothing found.\n"), "{}", out(&clean));
    let warned = run_on(&workload("runsOn: [a, a]"), &["lint", "-"]);
    assert_eq!(code(&warned), 0, "{}", err(&warned));
    assert!(out(&warned).contains("! replicas-on-one-node"), "{}", out(&warned));
    let stuck = workload("kind: StatefulSet, runsOn: [a, a]");
    let errors = run_on(&stuck, &["lint", "-"]);
    assert_eq!(code(&errors), 1, "{}", err(&errors));
    assert!(out(&errors).contains("✗ statefulset-stuck"), "{}", out(&errors));
    // A Node that is deleted frees it.
    assert_eq!(code(&run_on(&stuck, &["lint", "-", "--mode", "deleted"])), 0);
    assert_eq!(code(&run_on("", &["lint", "-"])), 2);
}

#[test]
fn the_scheduler_is_asked_as_often_as_said() {
    let stranded = example("stranded.yaml");
    let ask = |predict: &[&str]| {
        let args = ["what-if", &stranded, "--fail", "node-a", "-o", "json"];
        let output = run(&[&args, predict].concat());
        let report = report(&output);
        assert_eq!(report["verdict"], "survives-if-placed-well");
        (code(&output), report["prediction"]["seeds"].as_u64())
    };
    assert_eq!(ask(&["--predict", "0"]), (0, None), "a placement exists, and that was asked");
    assert_eq!(ask(&["--predict", "50"]), (1, Some(50)));
    assert_eq!(ask(&[]), (1, Some(200)));
    let place = run_on(PENDING, &["place", "-", "--predict", "0"]);
    assert_eq!(code(&place), 1, "no placement exists");
    assert_eq!(code(&run(&["what-if", &stranded, "--fail", "node-a", "--predict", "x"])), 2);
}

#[test]
fn losses_are_no_less_where_the_scheduler_is_not_asked() {
    // Hard spread, so that no certificate speaks for the scheduler.
    let bare = "
apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - name: web
    replicas: 2
    runsOn: [a, b]
    requests: {cpu: 1, memory: 1Gi}
    topologySpreadConstraints:
      - {maxSkew: 3, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}
pods:
  - {name: shell, node: a, requests: {cpu: 1, memory: 1Gi}}
";
    for args in [&["what-if", "-", "--fail", "a"][..], &["audit", "-"]] {
        let with = |more: &[&str]| code(&run_on(bare, &[args, more].concat()));
        assert_eq!(with(&[]), 1, "{args:?}");
        assert_eq!(with(&["--accept-losses"]), 0, "{args:?}");
        assert_eq!(with(&["--predict", "0"]), 1, "{args:?}");
        assert_eq!(with(&["--predict", "0", "--accept-losses"]), 0, "{args:?}");
    }
}

#[test]
fn json_of_explain_and_lint_is_of_its_schema_and_comes_back() {
    let explain = report(&run_on(PENDING, &["explain", "-", "--fail", "a", "-o", "json"]));
    let lint = report(&run_on(PENDING, &["lint", "-", "-o", "json"]));
    let back: podfit_api::report::ExplainReport = serde_json::from_value(explain.clone()).unwrap();
    assert_eq!(serde_json::to_value(back).unwrap(), explain);
    let back: podfit_api::report::LintsReport = serde_json::from_value(lint.clone()).unwrap();
    assert_eq!(serde_json::to_value(back).unwrap(), lint);
    for (kind, value) in [("ExplainReport", &explain), ("LintsReport", &lint)] {
        assert_eq!(value["kind"], kind);
        let schema = run(&["--schema", kind]);
        assert_eq!(code(&schema), 0);
        let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
        let known = schema["properties"].as_object().unwrap();
        let unknown: Vec<_> =
            value.as_object().unwrap().keys().filter(|k| !known.contains_key(*k)).collect();
        assert!(unknown.is_empty(), "{kind}: {unknown:?}");
        for needed in schema["required"].as_array().unwrap() {
            assert!(value.get(needed.as_str().unwrap()).is_some(), "{kind}: {needed}");
        }
    }
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

/// What a report suggests is asked about as it stands in the report.
#[test]
fn edits_of_a_report_are_carried_out_before_asking() {
    let folder = folder("edits");
    let (cluster, edits) = (folder.join("c.yaml"), folder.join("edits.json"));
    std::fs::write(&cluster, PENDING).unwrap();
    let cluster = cluster.to_str().unwrap();
    let before = run(&["place", cluster, "-o", "json"]);
    assert_eq!(code(&before), 1);
    let suggested = report(&before)["cause"]["additions"][0]["edits"].clone();
    assert_eq!(suggested[0]["op"], "enlarge-node");
    std::fs::write(&edits, suggested.to_string()).unwrap();
    let asked = ["--edits", edits.to_str().unwrap()];
    // The scheduler alone might give the room away.
    let after = run(&[&["place", cluster, "--predict", "0"][..], &asked].concat());
    assert_eq!(code(&after), 0, "{}", err(&after));
    let shown = out(&run(&[&["show", cluster][..], &asked].concat()));
    assert!(shown.contains("nodes: 2, pods: 4, of these pending: 2."), "{shown}");

    std::fs::write(&edits, r#"[{"op": "cordon", "node": "zz"}, {"op": "uncordon", "node": "yy"}]"#)
        .unwrap();
    let wrong = run(&[&["show", cluster][..], &asked].concat());
    assert_eq!((code(&wrong), err(&wrong).lines().count()), (2, 2), "{}", err(&wrong));
    std::fs::write(&edits, r#"[{"op": "explode"}]"#).unwrap();
    let wrong = run(&[&["show", cluster][..], &asked].concat());
    assert!(err(&wrong).contains("unknown variant `explode`"), "{}", err(&wrong));
}
