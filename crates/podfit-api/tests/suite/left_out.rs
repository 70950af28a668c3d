//! Inputs with faulty objects: the rest is read on request, as if these were not there, and every report says so.

use podfit_api::render::{Format, RenderOptions, render};
use podfit_api::{
    AnswerOptions, AuditRequest, Input, InputError, LintRequest, OpenOptions, PlaceRequest,
    Request, ShowRequest, Snapshot, WhatIfRequest, open,
};
use proptest::prelude::*;

/// Objects of a dump on a line each, in JSON, which is YAML too.
const GOOD: [&str; 7] = [
    r#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"a"},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"9"}}}"#,
    r#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"b"},"status":{"allocatable":{"cpu":"2","memory":"8Gi","pods":"9"}}}"#,
    r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"w-1","namespace":"d","labels":{"app":"w"},"ownerReferences":[{"kind":"ReplicaSet","name":"w","controller":true}]},"spec":{"nodeName":"a","containers":[{"name":"c","resources":{"requests":{"cpu":"1","memory":"1Gi"}}}]}}"#,
    r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"w-2","namespace":"d","labels":{"app":"w"},"ownerReferences":[{"kind":"ReplicaSet","name":"w","controller":true}]},"spec":{"nodeName":"b","containers":[{"name":"c","resources":{"requests":{"cpu":"1","memory":"1Gi"}}}]}}"#,
    r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"v-1","namespace":"e","ownerReferences":[{"kind":"StatefulSet","name":"v","controller":true}]},"spec":{"nodeName":"a","containers":[{"name":"c","resources":{"requests":{"cpu":"500m"}}}]}}"#,
    r#"{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"w","namespace":"d"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"w"}}}}"#,
    r#"{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"w","namespace":"d"},"spec":{"maxUnavailable":1,"selector":{"matchLabels":{"app":"w"}}}}"#,
];

/// Faulty objects, each with the codes of its faults and what it is called.
const FAULTY: [(&str, &[&str], &str); 9] = [
    (
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","namespace":"new"},"spec":{"nodeName":"a","schedulerName":"own","containers":[{"name":"c","resources":{"requests":{"cpu":"1x","memory":"-1","example.com/thing":"3"}}}]}}"#,
        &["quantity-invalid", "quantity-negative"],
        "Pod new/x",
    ),
    (
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"y","namespace":"d"},"spec":{"containers":"none"}}"#,
        &["wrong-type"],
        "Pod d/y",
    ),
    (
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"z","namespace":"d","labels":7},"spec":{"nodeName":"nowhere"}}"#,
        &["wrong-type"],
        "Pod d/z",
    ),
    (
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"lost","namespace":"d"},"spec":{"nodeName":"nowhere","containers":[{"name":"c"}]}}"#,
        &["unknown-node"],
        "d/lost",
    ),
    (
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"w-1","namespace":"d"},"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"7"}}}]}}"#,
        &["duplicate-name"],
        "d/w-1",
    ),
    (
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"d"},"spec":{}}"#,
        &["name-missing"],
        "(Pod)",
    ),
    (
        r#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"c"},"status":{"allocatable":{"cpu":"many","memory":"8Gi","pods":"9"}}}"#,
        &["quantity-invalid"],
        "Node c",
    ),
    (
        r#"{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"q","namespace":"d"},"spec":{"minAvailable":"half"}}"#,
        &["value-unknown"],
        "PodDisruptionBudget d/q",
    ),
    (
        r#"{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"r","namespace":"d"},"spec":{"replicas":-2}}"#,
        &["out-of-range"],
        "ReplicaSet d/r",
    ),
];

type Form = fn(&[&str]) -> String;

/// The ways in which a dump comes.
const FORMS: [(&str, Form); 6] = [
    ("list.json", |o| {
        format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n{}\n]}}", o.join(",\n"))
    }),
    ("array.json", |o| format!("[{}]", o.join(","))),
    ("stream.json", |o| o.join("\n")),
    ("documents.yaml", |o| format!("---\n{}\n", o.join("\n---\n"))),
    ("list.yaml", |o| format!("apiVersion: v1\nkind: List\nitems:\n- {}\n", o.join("\n- "))),
    ("inline.yaml", |o| {
        format!(
            "# a list in another style\n{{kind: List, apiVersion: v1, items: [{}]}}\n",
            o.join(", ")
        )
    }),
];

fn opened(name: &str, text: &str, leave_out_faulty: bool) -> Result<Snapshot, Vec<InputError>> {
    let input = Input::new(name, text.as_bytes());
    open(vec![input], &OpenOptions { leave_out_faulty, ..OpenOptions::default() })
}

fn lenient(name: &str, text: &str) -> Snapshot {
    opened(name, text, true).unwrap_or_else(|e| panic!("{name}: {e:#?}"))
}

fn codes(errors: &[InputError]) -> Vec<&str> {
    errors.iter().map(|e| e.code).collect()
}

fn requests() -> Vec<Request> {
    vec![
        Request::WhatIf(WhatIfRequest { fail: vec!["a".into()], ..Default::default() }),
        Request::Audit(AuditRequest::default()),
        Request::Place(PlaceRequest::default()),
        Request::Lint(LintRequest::default()),
        Request::Show(ShowRequest {}),
    ]
}

/// Reports of all kinds as JSON, without what differs from run to run.
fn reports(of: &Snapshot) -> Vec<serde_json::Value> {
    let report = |ask: &Request| {
        let envelope = of.answer(ask, &AnswerOptions::default()).unwrap();
        serde_json::to_value(envelope.report).unwrap()
    };
    requests().iter().map(report).collect()
}

/// The same reports but for the sentence, which the first has and the second has not.
fn same_but_told(lenient: &Snapshot, without: &Snapshot) -> String {
    let mut told = String::new();
    for (mut mine, theirs) in reports(lenient).into_iter().zip(reports(without)) {
        let first = mine["notEvaluated"].as_array_mut().unwrap().remove(0);
        told = first.as_str().unwrap().into();
        assert!(told.contains("left out as faulty: "), "{told}");
        assert_eq!(mine, theirs);
    }
    told
}

#[test]
fn each_fault_in_each_form_leaves_the_rest_as_it_would_be_alone() {
    for (name, form) in FORMS {
        let alone = opened(name, &form(&GOOD), false).unwrap();
        assert!(alone.left_out().is_empty());
        for (object, wanted, called) in FAULTY {
            let mut objects = GOOD.to_vec();
            objects.insert(4, object);
            let text = form(&objects);
            let refused = opened(name, &text, false).unwrap_err();
            assert_eq!(codes(&refused), wanted, "{name}: {object}");
            let snapshot = lenient(name, &text);
            assert_eq!(codes(snapshot.left_out()), wanted, "{name}: {object}");
            let told = same_but_told(&snapshot, &alone);
            assert!(told.starts_with("1 object was left out") && told.contains(called), "{told}");
            // What is told is what refuses, and it says that it can be left out.
            assert_eq!(refused, snapshot.left_out(), "{name}");
            assert!(refused.iter().all(|e| e.object.as_ref().unwrap().contains(called)));
        }
    }
}

#[test]
fn a_yaml_document_that_is_no_yaml_goes_alone() {
    let broken = "apiVersion: v1\nkind: Pod\nmetadata: {name: x\nspec: [}\n";
    let text = format!(
        "---\n{}\n---\n{broken}---\n{}\n",
        GOOD[..3].join("\n---\n"),
        GOOD[3..].join("\n---\n")
    );
    let snapshot = lenient("d.yaml", &text);
    assert_eq!(snapshot.left_out().len(), 1, "{:?}", snapshot.left_out());
    assert!(snapshot.left_out()[0].place.starts_with("d.yaml:"), "{:?}", snapshot.left_out());
    let told = same_but_told(&snapshot, &lenient("d.yaml", &FORMS[3].1(&GOOD)));
    assert_eq!(told, "1 object was left out as faulty: d.yaml:8:1 (Pod)");
    // In a list too.
    let items = format!(
        "kind: List\nitems:\n- {}\n- kind: Pod\n  metadata: {{name: x\n- {}\n",
        GOOD[0], GOOD[2]
    );
    let snapshot = lenient("l.yaml", &items);
    assert_eq!(
        snapshot.not_evaluated()[0],
        "1 object was left out as faulty: l.yaml:4:1: items[1] (Pod)"
    );
}

#[test]
fn pods_of_a_node_that_is_left_out_go_with_it() {
    let mut objects = GOOD.to_vec();
    let node = objects[1].replace("\"2\"", "\"2x\"");
    objects[1] = &node;
    for (name, form) in FORMS {
        let text = form(&objects);
        let refused = opened(name, &text, false).unwrap_err();
        assert_eq!(codes(&refused), ["quantity-invalid"], "the pods are not to blame");
        let snapshot = lenient(name, &text);
        assert_eq!(codes(snapshot.left_out()), ["quantity-invalid", "node-left-out"]);
        let pod = &snapshot.left_out()[1];
        assert_eq!(pod.cause, "it runs on node \"b\", which is left out");
        let rest = [GOOD[0], GOOD[2], GOOD[4], GOOD[5], GOOD[6]];
        let told = same_but_told(&snapshot, &opened(name, &form(&rest), false).unwrap());
        assert_eq!(told, "2 objects were left out as faulty: Node b, Pod d/w-2");
    }
}

#[test]
fn of_a_claim_that_may_exist_nothing_is_said() {
    let object = |kind: &str, name: &str, more: &str| {
        format!(
            r#"{{"apiVersion":"v1","kind":"{kind}","metadata":{{"name":"{name}","namespace":"d"}},{more}}}"#
        )
    };
    let volumes = r#""spec":{"containers":[{"name":"c"}],"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"data"}}]}"#;
    let pod = object("Pod", "waits", volumes);
    let other =
        object("PersistentVolumeClaim", "other", r#""spec":{},"status":{"phase":"Pending"}"#);
    let broken = object(
        "PersistentVolumeClaim",
        "data",
        r#""spec":{"resources":{"requests":{"storage":"much"}}}"#,
    );
    let verdict = |objects: &[&str]| {
        let snapshot = lenient("c.json", &objects.join("\n"));
        let place = Request::Place(PlaceRequest::default());
        let envelope = snapshot.answer(&place, &AnswerOptions::default()).unwrap();
        serde_json::to_value(envelope.report).unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(&[GOOD[0], &pod, &other]), "does-not-fit", "the claim is missing");
    assert_eq!(verdict(&[GOOD[0], &pod, &other, &broken]), "unknown", "it is there, but faulty");
}

#[test]
fn faults_of_no_single_object_refuse_with_all_others() {
    let bad_pod = FAULTY[0].0;
    let list = |objects: &[&str]| FORMS[0].1(objects);
    let nodes_bad = GOOD[0].replace("\"4\"", "\"?\"");
    let big = GOOD[0].replace("\"4\"", "\"8000000000000\"");
    let many: Vec<String> = (0..600).map(|i| big.replace("\"a\"", &format!("\"n{i}\""))).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain([GOOD[2], bad_pod]).collect();
    let cut = list(&[GOOD[0], bad_pod, GOOD[2]]);
    for (name, text, wanted) in [
        ("t.json", cut[..cut.len() - 40].to_owned(), "truncated"),
        ("s.json", list(&[GOOD[0], "{\"kind\":\"Pod\", oops}", GOOD[2]]), "syntax"),
        ("n.json", list(&[&nodes_bad, GOOD[2]]), "no-nodes"),
        ("p.json", list(&[GOOD[0], bad_pod]), "no-pods"),
        (
            "status.json",
            list(&[GOOD[0], GOOD[2], bad_pod, r#"{"kind":"Status","message":"forbidden"}"#]),
            "api-status",
        ),
        ("table.json", [GOOD[0], GOOD[2], r#"{"kind":"Table","rows":[]}"#].join("\n"), "table"),
        (
            "list.yaml",
            format!("---\n{}\n---\nkind: PodList\nitems: [{{a: 1\n", GOOD[..3].join("\n---\n")),
            "syntax",
        ),
        ("who.yaml", format!("---\n{}\n---\n{{a: [\n", GOOD[..3].join("\n---\n")), "syntax"),
        ("sum.json", list(&many), "sum-too-large"),
    ] {
        let errors = opened(name, &text, true).unwrap_err();
        let whole: Vec<_> = errors.iter().filter(|e| e.object.is_none()).collect();
        assert!(whole.iter().any(|e| e.code == wanted), "{name}: {errors:#?}");
        assert_eq!(errors.iter().filter(|e| e.code == wanted).count(), 1, "{name}: {errors:#?}");
        assert_eq!(
            errors.len() > whole.len(),
            text.contains("1x") || name == "n.json",
            "{name}: {errors:#?}"
        );
    }
}

const V1: &str = "apiVersion: podfit/v1
kind: Cluster
nodes:
  - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
  - {name: b, allocatable: {cpu: 4, memory: 8Gi}}
workloads:
  - {name: web, replicas: 2, runsOn: [a, b], requests: {cpu: 1, memory: 1Gi}}
pods:
  - {name: shell, node: a, requests: {cpu: 1, memory: 1Gi}}
";

#[test]
fn entries_of_podfit_v1_are_left_out_by_themselves() {
    let alone = lenient("f.yaml", V1);
    for (list, entry, wanted) in [
        (
            "nodes:\n",
            "  - {name: c, allocatable: {cpu: 4x, memory: -1}}\n",
            &["quantity-invalid", "quantity-negative"][..],
        ),
        (
            "workloads:\n",
            "  - {name: w, replics: 3, requests: {cpu: 1x}}\n",
            &["unknown-field", "quantity-invalid"],
        ),
        ("workloads:\n", "  - {name: w, runsOn: [z]}\n", &["unknown-node"]),
        ("workloads:\n", "  - 7\n", &["wrong-type"]),
        ("pods:\n", "  - {name: shell-2, requests: {memory: 100Pi}}\n", &["amount-out-of-range"]),
        ("pods:\n", "  - {name: p, node: a, gpu: 1}\n", &["gpu-without-cards"]),
        ("pods:\n", "  - {requests: {cpu: 1}}\n", &["name-missing"]),
    ] {
        let text = V1.replace(list, &format!("{list}{entry}"));
        let refused = opened("f.yaml", &text, false).unwrap_err();
        assert_eq!(codes(&refused), wanted, "{entry}");
        let snapshot = lenient("f.yaml", &text);
        assert_eq!(refused, snapshot.left_out(), "{entry}");
        let told = same_but_told(&snapshot, &alone);
        assert!(told.contains(&format!(": {}[0]", &list[..list.len() - 2])), "{told}");
    }
    let budget = format!("{V1}budgets: [{{name: b, selector: {{}}, allowed: -1}}]\n");
    same_but_told(&lenient("f.yaml", &budget), &alone);
}

#[test]
fn of_podfit_v1_what_runs_on_a_node_left_out_goes_too_and_faults_of_the_whole_refuse() {
    let text = V1.replace("name: b, allocatable: {cpu: 4", "name: b, allocatable: {cpu: 4x");
    assert_eq!(codes(&opened("f.yaml", &text, false).unwrap_err()), ["quantity-invalid"]);
    let snapshot = lenient("f.yaml", &text);
    assert_eq!(codes(snapshot.left_out()), ["quantity-invalid", "node-left-out"]);
    assert_eq!(
        snapshot.not_evaluated()[0],
        "2 objects were left out as faulty: f.yaml:5:5: nodes[1], f.yaml:7:5: workloads[0]"
    );
    assert_eq!((snapshot.cluster().nodes().len(), snapshot.cluster().pods().len()), (1, 1));
    for (from, to, code) in [
        ("4, memory", "4x, memory", "no-nodes"),
        ("1, memory", "1x, memory", "no-pods"),
        ("kind: Cluster", "kind: Clutter", "version-unknown"),
        ("pods:", "pots:", "unknown-field"),
        ("pods:\n  -", "pods:\n  ", "wrong-type"),
    ] {
        let errors = opened("f.yaml", &V1.replace(from, to), true).unwrap_err();
        assert!(errors.iter().any(|e| e.code == code && e.object.is_none()), "{errors:#?}");
    }
    let device = "apiVersion: podfit/v1\nkind: Cluster\ndevice: {model: pro-gpv}\nworkloads: [{name: w, replics: 1}]\n";
    assert_eq!(
        codes(&opened("f.yaml", device, true).unwrap_err()),
        ["unknown-model", "unknown-field"]
    );
}

#[test]
fn text_says_it_too_and_edits_keep_it() {
    let snapshot = lenient("d.json", &FORMS[0].1(&[GOOD[0], GOOD[1], FAULTY[0].0, GOOD[2]]));
    let edited = snapshot.edited(&[]).unwrap();
    assert_eq!(edited.left_out(), snapshot.left_out());
    for request in requests() {
        for format in [Format::Table, Format::Wide, Format::Json, Format::Yaml] {
            let envelope = edited.answer(&request, &AnswerOptions::default()).unwrap();
            let options = RenderOptions { format, width: 200, ..RenderOptions::default() };
            let text = render(&envelope, &options).unwrap();
            assert!(text.contains("1 object was left out as faulty: Pod new/x"), "{text}");
        }
    }
}

#[test]
fn of_many_faults_all_objects_are_counted() {
    let pods: Vec<String> =
        (0..1500).map(|i| FAULTY[0].0.replace("\"x\"", &format!("\"x{i}\""))).collect();
    let objects: Vec<&str> = GOOD.into_iter().chain(pods.iter().map(String::as_str)).collect();
    let snapshot = lenient("m.json", &FORMS[0].1(&objects));
    let told = &snapshot.not_evaluated()[0];
    assert!(told.starts_with("1500 objects were left out as faulty: Pod new/x0, "), "{told}");
    assert!(told.ends_with(" and 1490 more"), "{told}");
    assert_eq!((snapshot.left_out().len(), snapshot.left_out()[1000].code), (1001, "more-errors"));
}

#[test]
fn any_mixture_is_answered_as_its_good_part() {
    for config in podfit_soak::rounds(60, 20_000) {
        let at = (0..FAULTY.len(), any::<prop::sample::Index>());
        let faulty = proptest::collection::vec(at, 1..6);
        proptest!(config, |(form in 0..FORMS.len(), faulty in faulty)| {
            is_answered_as_its_good_part(FORMS[form], faulty)?;
        });
    }
}

/// Whatever is faulty wherever: the answer is that to the same dump without it.
fn is_answered_as_its_good_part(
    (name, form): (&str, Form),
    faulty: Vec<(usize, prop::sample::Index)>,
) -> Result<(), TestCaseError> {
    let mut objects: Vec<(&str, bool)> = GOOD.iter().map(|o| (*o, true)).collect();
    for (which, at) in faulty {
        // Of two pods of one name the first is kept, so the second is put behind.
        let behind = if FAULTY[which].1 == ["duplicate-name"] {
            objects.len()
        } else {
            at.index(objects.len() + 1)
        };
        objects.insert(behind, (FAULTY[which].0, false));
    }
    let all: Vec<&str> = objects.iter().map(|(o, _)| *o).collect();
    let snapshot = lenient(name, &form(&all));
    prop_assert!(snapshot.left_out().iter().all(|e| e.object.is_some()));
    same_but_told(&snapshot, &opened(name, &form(&GOOD), false).unwrap());
    Ok(())
}
