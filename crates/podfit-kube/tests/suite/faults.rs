//! Wrong inputs: every fault, its place, no panic.

use super::*;
use podfit_kube::{Format, detect};

fn one(input: &str) -> InputError {
    let mut list = faults(&[NODE, input]);
    assert_eq!(list.len(), 1, "{list:#?}");
    list.remove(0)
}

#[test]
fn all_wrong_values_of_a_pod_are_told_at_once() {
    let wrong = pod(
        "w",
        r#""containers":[{"resources":{"requests":{"cpu":"1x","memory":"-1Gi","nvidia.com/gpu":"500m"}}},
        {"resources":{"requests":{"cpu":true},"limits":{"memory":"9E","ephemeral-storage":[1]}},
         "ports":[{"hostPort":70000}]}],
        "tolerations":[{"operator":"Sometimes"},{"effect":"Never"}],
        "nodeSelector":{"zone":1},
        "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
            {"matchExpressions":[{"key":"k","operator":"Near"},{"key":"k","operator":"In"},{"key":"k","operator":"Gt","values":["x"]}]}]}}},
        "topologySpreadConstraints":[{"maxSkew":0,"topologyKey":"","whenUnsatisfiable":"DoNotSchedule"}],
        "priority":"high""#,
    );
    let input = format!(r#"{{"kind":"List","items":[{NODE},{wrong}]}}"#);
    let list = faults(&[&input]);
    let codes: Vec<_> = list.iter().map(|e| e.code).collect();
    for code in [
        "quantity-invalid",
        "quantity-negative",
        "quantity-fraction",
        "amount-out-of-range",
        "port-invalid",
        "operator-unknown",
        "effect-unknown",
        "selector-invalid",
        "out-of-range",
        "wrong-type",
    ] {
        assert!(codes.contains(&code), "{code} in {list:#?}");
    }
    assert_eq!(list.len(), 16, "{list:#?}");
    assert_eq!(list[0].place, "in0: items[1] (Pod d/w): spec.containers[0].resources.requests.cpu");
    assert!(list.iter().any(|e| e.place.ends_with("requests[\"nvidia.com/gpu\"]")), "{list:#?}");
}

#[test]
fn a_wrong_object_does_not_hide_the_next() {
    let bad = pod("x", r#""containers":{"not":"a list"}"#);
    let worse = pod("y", r#""containers":[{"resources":{"requests":{"cpu":"?"}}}]"#);
    let input = format!("{{\"kind\":\"List\",\"items\":[{NODE},\n{bad},\n{worse}]}}");
    let list = faults(&[&input]);
    assert_eq!(list.iter().map(|e| e.code).collect::<Vec<_>>(), ["wrong-type", "quantity-invalid"]);
    assert!(list[0].place.starts_with("in0:4:"), "{}", list[0].place);
}

#[test]
fn broken_yaml_says_what_is_wrong_and_the_next_document_is_read() {
    let head = "apiVersion: v1\nkind: Pod\nmetadata:\n";
    for (rest, code, place, fix) in [
        ("  name: [a\n", "syntax", "in0:4:9 (Pod)", "mend the YAML"),
        ("  name: {{ .Release.Name }}\n", "syntax", "in0:4:10 (Pod)", "helm template"),
        ("  name: a\n  name: b\n", "duplicate-key", "in0:5:3 (Pod)", "remove one"),
        ("  name: a\nspec: x\n", "wrong-type", "in0:5:7 (Pod)", "correct the field"),
    ] {
        let list = faults(&[&format!("{head}{rest}---\n{head}  name: 7\n")]);
        let of: Vec<_> = list.iter().map(|e| (e.code, e.place.as_str())).collect();
        assert_eq!(of[0], (code, place), "{list:#?}");
        assert!(list[0].fix.contains(fix), "{list:#?}");
        assert!(of.len() > 1 && of[1].1.contains("Pod"), "{list:#?}");
    }
    let many = format!("{head}  labels: [{}]\n", "a,".repeat(400_000));
    assert_eq!(faults(&[&many])[0].code, "too-large");
}

#[test]
fn truncated_and_broken_json_have_a_line_and_a_column() {
    let whole = format!("{{\"kind\":\"List\",\"items\":[\n{NODE},\n{}]}}", pod("p", r#""a":1"#));
    for end in 1..whole.len() {
        let list = faults(&[&whole[..end]]);
        assert!(list[0].place.starts_with("in0:"), "{end}: {list:?}");
        assert!(matches!(list[0].code, "truncated" | "syntax"), "{end}: {list:?}");
    }
    let broken =
        format!("{{\"kind\":\"List\",\"items\":[\n{NODE},\n{{\"kind\":\"Pod\",\n  oops}}]}}");
    let list = faults(&[&broken]);
    assert_eq!((list[0].code, list[0].place.as_str()), ("syntax", "in0:5:3: items[1] (Pod)"));
    for junk in [
        "[1,2]",
        "[{}]",
        "{}",
        "{\"a\":}",
        "[{]",
        "{\"kind\" 1}",
        "{'a':1}",
        "nul",
        "[[]]",
        "[null]",
        "{,}",
        "[,]",
        "{\"a\":1 \"b\":2}",
    ] {
        faults(&[NODE, junk]);
    }
}

#[test]
fn what_is_no_list_of_objects_is_refused_with_a_hint() {
    for (input, code, hint) in [
        (r#"{"kind":"Table","apiVersion":"meta.k8s.io/v1","rows":[]}"#, "table", "-o json"),
        ("NAMESPACE   NAME   READY\nd   web-1   1/1\n", "table", "-o json"),
        ("NAME  STATUS  ROLES  AGE  VERSION  INTERNAL-IP\n", "table", "-o json"),
        (
            r#"{"kind":"Status","status":"Failure","message":"pods is forbidden"}"#,
            "api-status",
            "access",
        ),
        ("No resources found in default namespace.\n", "kubectl-message", "again"),
        ("apiVersion: podfit/v1\nnodes: []\n", "podfit-document", "own"),
        (r#"{"nodes":[],"apiVersion":"podfit/v1"}"#, "podfit-document", "own"),
        (" \n ", "empty", "check"),
        ("\u{1f}\u{8b}", "wrong-type", ""),
    ] {
        let e = one(input);
        if code != "wrong-type" {
            assert_eq!(e.code, code, "{e}");
            assert!(e.fix.contains(hint), "{e}");
        }
    }
    assert_eq!(detect(&[0xff, 0xfe, b'{', 0]), Format::Utf16);
    assert_eq!(detect(&[0x1f, 0x8b, 8]), Format::Archive);
    assert_eq!(detect(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Format::Binary);
    assert_eq!(detect(br#"{"nodes":[],"apiVersion":"podfit/v1","pods":[{"na"#), Format::PodfitJson);
    assert_eq!(detect(b"# hello\napiVersion: \"podfit/v1\"\n"), Format::PodfitYaml);
    assert_eq!(detect(b"{\"kind\":\"List\",\"items\":[{\"x\":"), Format::KubernetesJson);
    let message = one(r#"{"kind":"Status","message":"pods is forbidden"}"#).cause;
    assert!(message.contains("pods is forbidden"), "{message}");
}

#[test]
fn an_input_without_nodes_says_how_to_get_them() {
    let list = faults(&[r#"{"kind":"PodList","items":[]}"#]);
    assert_eq!(list[0].code, "no-nodes");
    assert!(list[0].fix.contains("kubectl get nodes,pods"));
    // Then it is no news that the pods' nodes are unknown; nor where a node could not be read.
    assert_eq!(faults(&[&pod("p", r#""a":1"#)]).len(), 1);
    let bad = r#"{"kind":"Node","metadata":{"name":"a"},"spec":{"taints":7}}"#;
    let other = NODE.replace("\"a\"", "\"b\"");
    let list = faults(&[bad, &other, &pod("p", r#""a":1"#)]);
    assert_eq!(list.iter().map(|e| e.code).collect::<Vec<_>>(), ["wrong-type"]);
}

#[test]
fn duplicates_and_unknown_nodes_are_placed() {
    let input = format!(
        r#"{{"kind":"List","items":[{NODE},{0},{0},{1}]}}"#,
        pod("p", r#""a":1"#),
        pod("q", r#""a":1"#).replace("\"nodeName\":\"a\"", "\"nodeName\":\"gone\"")
    );
    let list = faults(&[&input]);
    let told: Vec<_> = list.iter().map(|e| (e.code, e.place.as_str())).collect();
    assert_eq!(
        told,
        [
            ("duplicate-name", "in0: items[2] (pod d/p)"),
            ("unknown-node", "in0: items[3] (pod d/q)")
        ]
    );
}

#[test]
fn deep_nesting_is_refused_in_both_formats() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    for input in [
        format!("{{\"kind\":\"Pod\",\"x\":{}}}", deep("[", "]")),
        format!("{{\"kind\":\"Pod\",\"x\":{}}}", deep("{\"a\":[", "]}")),
        deep("[", "]"),
        format!("kind: Pod\nx: {}\n", deep("[", "]")),
        format!("kind: Pod\nx: {}\n", deep("{a: ", "}")),
        format!(
            "kind: Pod\nx:\n{}",
            (1..10_000).map(|i| format!("{}a:\n", " ".repeat(i % 3000))).collect::<String>()
        ),
        format!("- {}", "- ".repeat(10_000)),
    ] {
        let list = faults(&[NODE, &input]);
        assert!(!list.is_empty());
    }
    // Below the limit it is nobody's business: schemas are deep.
    let fine = pod("p", &format!("\"x\":{}{}", "[".repeat(500), "]".repeat(500)));
    assert_eq!(load(&[NODE, &fine]).counts.pods, 1);
}

/// YAML is read through a tree; a field of the wrong form is still told where it stands.
#[test]
fn a_wrong_field_of_yaml_has_its_line_and_column() {
    let text = "\
kind: List
items:
- kind: Pod
  metadata: {name: p}
  spec:
    nodeName: a
    containers: none
";
    let list = faults(&[NODE, text]);
    let wrong = list.iter().find(|e| e.code == "wrong-type").expect("it is told");
    assert!(wrong.place.ends_with(":7:17: items[0] (Pod)"), "{}", wrong.place);
    assert_eq!(wrong.cause, "invalid type: string \"none\", expected a sequence");
}

#[test]
fn yaml_bombs_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let refs = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb += &format!("a{i}: &a{i} [{refs}]\n");
    }
    let pod = format!("{bomb}kind: Pod\nmetadata: {{name: p}}\nspec: *a11\n");
    assert!(!faults(&[NODE, &pod]).is_empty());
    let list = format!("{bomb}kind: List\nitems: [*a11, *a11]\n");
    assert!(!faults(&[NODE, &list]).is_empty());
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for bad in [
        &b"{\"kind\":\"Pod\",\"metadata\":{\"name\":\"\xff\"}}"[..],
        b"kind: Pod\nmetadata:\n  name: \xff\n",
    ] {
        let mut reader = podfit_kube::Reader::new(podfit_kube::Options::default());
        reader.read_slice("bad", bad);
        let list = reader.finish().unwrap_err();
        assert_eq!(list[0].code, "encoding");
        assert!(list[0].place.starts_with("bad:1:1"), "{}", list[0].place);
    }
}

#[test]
fn many_errors_are_counted_not_kept() {
    let pods: Vec<_> = (0..1500).map(|i| pod(&format!("p{i}"), r#""priority":"x""#)).collect();
    let list = faults(&[&format!("[{NODE},{}]", pods.join(","))]);
    assert_eq!((list.len(), list[1000].code), (1001, "more-errors"));
    assert_eq!(list[1000].cause, "and 500 more");
}

#[test]
fn a_node_must_state_what_it_offers() {
    let list =
        faults(&[r#"{"kind":"Node","metadata":{"name":"a"},"status":{"capacity":{"cpu":"4"}}}"#]);
    assert_eq!(list.iter().filter(|e| e.code == "allocatable-missing").count(), 3, "{list:?}");
    let nameless = faults(&[r#"{"kind":"Node","status":{}}"#]);
    assert_eq!(nameless[0].code, "name-missing");
}

#[test]
fn assumed_requests_are_checked() {
    let mut reader = podfit_kube::Reader::new(podfit_kube::Options {
        assume_request: vec![("gpu".into(), "1".into()), ("cpu".into(), "lots".into())],
        ..podfit_kube::Options::default()
    });
    reader.read_slice("n", NODE.as_bytes());
    let codes: Vec<_> = reader.finish().unwrap_err().iter().map(|e| e.code).collect();
    assert_eq!(codes, ["assumption-invalid", "quantity-invalid"]);
}

#[test]
fn wrong_preferences_and_policies_are_told() {
    let preferred = |weight: &str| {
        format!(
            r#""affinity":{{"nodeAffinity":{{"preferredDuringSchedulingIgnoredDuringExecution":[{{"weight":{weight},"preference":{{}}}}]}},
            "podAntiAffinity":{{"preferredDuringSchedulingIgnoredDuringExecution":[{{"weight":{weight},"podAffinityTerm":{{"topologyKey":"k"}}}}]}}}}"#
        )
    };
    for (weight, code) in [
        ("0", "out-of-range"),
        ("101", "out-of-range"),
        ("null", "out-of-range"),
        ("\"5\"", "wrong-type"),
    ] {
        let list = faults(&[NODE, &pod("p", &preferred(weight))]);
        let told: Vec<_> = list.iter().map(|e| e.code).collect();
        assert_eq!(told, [code, code], "{weight}");
        assert!(list[0].place.ends_with("[0].weight"), "{}", list[0].place);
    }
    for weight in ["1", "100"] {
        load(&[NODE, &pod("p", &preferred(weight))]);
    }
    let empty = r#""affinity":{"podAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1}]}}"#;
    assert_eq!(one(&pod("p", empty)).code, "topology-key-missing");
    let policy = one(&pod("p", r#""preemptionPolicy":"Always""#));
    assert_eq!(policy.place, "in1 (Pod d/p): spec.preemptionPolicy");
    let class = r#"{"kind":"PriorityClass","metadata":{"name":"c"},"value":3000000000}"#;
    assert_eq!(one(class).code, "out-of-range");
    let status = pod("p", "").replacen(
        "\"spec\"",
        r#""status":{"containerStatuses":[{"name":"c","resources":{"requests":{"cpu":"x"}}}]},"spec""#,
        1,
    );
    let status = status.replace("\"a\"}", r#""a","containers":[{"name":"c"}]}"#);
    assert_eq!(one(&status).code, "quantity-invalid");
}
