//! Inputs that break off, that say less of themselves than they should, or that are something else.

use super::*;

/// As `kubectl get nodes,pods -o yaml` prints.
const LIST: &str = "apiVersion: v1
items:
- apiVersion: v1
  kind: Node
  metadata:
    name: a
  status:
    allocatable:
      cpu: \"4\"
      memory: 8Gi
      pods: \"110\"
- apiVersion: v1
  kind: Pod
  metadata:
    name: p
    namespace: d
  spec:
    containers:
    - name: c
      resources:
        requests:
          cpu: 100m
    nodeName: a
kind: List
metadata:
  resourceVersion: \"\"
";

fn codes(list: &[InputError]) -> Vec<&'static str> {
    list.iter().map(|e| e.code).collect()
}

fn only(inputs: &[&str]) -> InputError {
    let mut list = faults(inputs);
    assert_eq!(list.len(), 1, "{list:#?}");
    list.remove(0)
}

#[test]
fn a_list_of_yaml_that_was_cut_anywhere_is_refused() {
    // Behind its kind nothing is missing.
    let kind = LIST.find("\nkind: List").unwrap() + "\nkind: List".len();
    for end in 1..kind {
        let list = faults(&[&LIST[..end]]);
        assert!(list[0].place.starts_with("in0"), "{end}: {list:?}");
    }
    let loaded = load(&[LIST]);
    assert_eq!((loaded.counts.nodes, loaded.counts.pods), (1, 1));
    assert!(!loaded.assumptions.iter().any(|a| a.contains("cut off")), "{:?}", loaded.assumptions);
    let item = LIST.find("- apiVersion: v1\n  kind: Pod").unwrap();
    let cut = only(&[&LIST[..item]]);
    assert_eq!((cut.code, cut.fix.as_str()), ("truncated", "the file is cut off: print it again"));
    assert_eq!(cut.place, "in0:11:1");
    // Its kind is cut off.
    let cut = only(&[&LIST[..kind - 2]]);
    assert!(cut.place == "in0:24:1" && cut.cause.contains("\"Li\""), "{cut:?}");
}

#[test]
fn objects_of_yaml_that_the_api_server_printed_show_their_end() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  uid: 1-2\nspec:\n  containers:\n  - name: c\n  nodeName: a\nstatus:\n  phase: Running\n";
    let node = "apiVersion: v1\nkind: Node\nmetadata:\n  name: b\n  uid: 1-3\nspec:\n  unschedulable: true\nstatus:\n  allocatable:\n    cpu: 4\n    memory: 8Gi\n    pods: 110\n  nodeInfo:\n    architecture: amd64\n";
    for (whole, last) in [(pod, "phase: Running"), (node, "nodeInfo:\n    architecture:")] {
        let shown = whole.find(last).unwrap() + last.len();
        for end in 1..shown {
            assert!(read(&[NODE, &whole[..end]]).is_err(), "{}", &whole[..end]);
        }
        let assumptions = load(&[NODE, whole]).assumptions;
        assert!(!assumptions.iter().any(|a| a.contains("cut off")), "{assumptions:?}");
    }
}

#[test]
fn yaml_that_does_not_show_its_end_is_said_to_be_taken_as_whole() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c}]}\n";
    let said = |text: &str| {
        let assumptions = load(&[NODE, text]).assumptions;
        assumptions.iter().any(|a| a.starts_with("in1 is whole"))
    };
    assert!(said(pod));
    assert!(said("kind: ConfigMap\nmetadata: {name: c}\n"));
    assert!(!said(&format!("{pod}...\n")));
    assert!(!said("---\n{kind: Pod, metadata: {name: p}, spec: {containers: [{name: c}]}}"));
}

#[test]
fn what_stands_for_the_items_of_a_list_is_judged() {
    for (list, code, cause) in [
        (r#"{"kind":"PodList","items":{}}"#, "list-items", "items of PodList is a map"),
        (r#"{"kind":"PodList","items":"x"}"#, "list-items", "items of PodList is text"),
        (r#"{"kind":"PodList","items":7}"#, "list-items", "a single value"),
        (r#"{"kind":"PodList","metadata":{}}"#, "list-items", "PodList has no items"),
        (r#"{"kind":"PodList","Items":[]}"#, "list-items", "names of fields begin small"),
        (r#"{"kind":"List","items":[{"kind":"PodList","items":{}}]}"#, "list-items", "a map"),
        (r#"{"apiVersion":"v1","items":{}}"#, "list-items", "without kind"),
        ("kind: PodList\nitems: {}\n", "list-items", "a map"),
        ("kind: PodList\nItems:\n- {}\n", "list-items", "names of fields begin small"),
        ("kind: PodList\nitems:\n", "truncated", "nothing stands behind items:"),
    ] {
        let e = only(&[NODE, list]);
        assert!(
            e.code == code && e.cause.contains(cause) && e.place.starts_with("in1:1:"),
            "{e:?}"
        );
    }
    // No list, though its kind ends so; and what Go writes of no items.
    for fine in [
        r#"{"kind":"AllowList","apiVersion":"x.example/v1","metadata":{"name":"l"},"spec":{}}"#,
        r#"{"kind":"PodList","items":null}"#,
        "kind: PodList\nitems:\n...\n",
    ] {
        load(&[NODE, fine]);
    }
}

#[test]
fn objects_without_a_kind_are_told_by_link_fields_or_file() {
    let pod = r#""spec":{"containers":[{"name":"c"}]}"#;
    let (metadata, link) = (
        r#""metadata":{"name":"p"}"#,
        r#""metadata":{"name":"p","selfLink":"/api/v1/namespaces/default/pods/p"}"#,
    );
    for text in [
        format!("{{{metadata},{pod}}}"),
        format!("{{{link},{pod}}}"),
        format!("[{{{metadata},{pod}}}]"),
        format!(r#"{{"items":[{{{metadata},{pod}}}]}}"#),
        format!("---\n{{{metadata}, {pod}}}\n...\n").replace(":", ": "),
    ] {
        let loaded = load(&[NODE, &text]);
        assert_eq!(loaded.counts.pods, 1, "{text}");
        let told = |a: &String| a.starts_with("1 objects state no kind") && a.ends_with("(1 Pod)");
        assert!(loaded.assumptions.iter().any(told), "{:?}", loaded.assumptions);
    }
    // Of a kind that is not read.
    let other = link.replace("pods/p", "secrets/p");
    assert_eq!(load(&[NODE, &format!("{{{other}}}")]).counts.ignored, 1);
    // Only the file's name tells.
    let claim = r#"{"metadata":{"name":"c","namespace":"d"}}"#;
    let loaded = read_folder(&[("x/nodes.json", NODE), ("x/namespace/d.json", claim)]).unwrap();
    assert_eq!(loaded.counts.namespaces, 1);
    assert_eq!(only(&[NODE, claim]).code, "kind-missing");
}

#[test]
fn files_of_a_folder_that_are_no_objects_are_passed_over_and_counted() {
    let pod = pod("p", "");
    let files = [
        ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("chart/ci/values.yaml", "\n"),
        ("chart/values.yaml", "replicas: 2\nimage:\n  tag: x\n"),
        ("package.json", r#"{"name":"x","version":"1"}"#),
        ("tsconfig.json", "{\n  // a comment\n  \"strict\": true\n}"),
        ("cluster.json", NODE),
        ("pods.yaml", &format!("---\n{pod}\n---\nnote: x\n")),
    ];
    let loaded = read_folder(&files).unwrap();
    assert_eq!((loaded.counts.nodes, loaded.counts.pods), (1, 1));
    let files_skipped = "5 files skipped: no object of Kubernetes in chart/Chart.yaml, chart/ci/values.yaml, chart/values.yaml, package.json, tsconfig.json";
    let said = |s: &str| loaded.not_evaluated.iter().any(|n| n == s);
    assert!(said(files_skipped), "{:?}", loaded.not_evaluated);
    assert!(said("1 documents without kind skipped, beside objects"), "{:?}", loaded.not_evaluated);
    // Where nothing else is, that is why.
    let none = read_folder(&files[..3]).unwrap_err();
    assert!(none[0].code == "no-nodes" && none[0].cause.contains("3 files skipped"), "{none:?}");
    // What looks like an object that breaks off is none of them.
    for cut in ["apiVersion: v1\n", "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Node\n"] {
        assert!(read_folder(&[("a.json", NODE), ("b.yaml", cut)]).is_err(), "{cut}");
    }
}

#[test]
fn an_object_that_comes_again_counts_once() {
    let yaml = "kind: Pod\napiVersion: v1\nmetadata: {namespace: d, name: p, labels: {pod-template-hash: h1, app: web}}\nspec:\n  containers: [{name: c}]\n  nodeName: a\n...\n";
    let p = pod("p", "");
    let loaded = load(&[NODE, &p, yaml, NODE]);
    assert_eq!((loaded.counts.nodes, loaded.counts.pods), (1, 1));
    let said = "2 objects are in the input again with the same content: they count once";
    assert!(loaded.assumptions.iter().any(|a| a == said), "{:?}", loaded.assumptions);
    // Another content is another object, and so is one that is there twice in one file.
    assert_eq!(codes(&faults(&[NODE, &p, &yaml.replace("h1", "h2")])), ["duplicate-name"]);
    assert_eq!(codes(&faults(&[NODE, &format!("[{p},{p}]")])), ["duplicate-name"]);
    // Of one uid and version it is the same, whatever a tool has left of it.
    let version = |v: &str| {
        p.replace(
            "\"name\":\"p\"",
            &format!("\"name\":\"p\",\"uid\":\"1\",\"resourceVersion\":\"{v}\""),
        )
    };
    let less = version("7").replace("\"app\":\"web\",", "");
    assert_eq!(load(&[NODE, &format!("[{},{less}]", version("7"))]).counts.pods, 1);
    assert_eq!(
        codes(&faults(&[NODE, &format!("[{},{}]", version("7"), version("8"))])),
        ["duplicate-name"]
    );
}

#[test]
fn null_is_as_good_as_absent() {
    let null = r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"d","labels":null,"annotations":null,"ownerReferences":null},
        "spec":{"containers":[{"name":"c","resources":null,"ports":null}],"affinity":null,"tolerations":null,"volumes":null,"nodeSelector":null,"overhead":null},
        "status":null}"#;
    let node = NODE.replace("\"status\"", "\"spec\":null,\"status\"");
    assert_eq!(load(&[&node, null]).counts.pods, 1);
    let deeper = null.replace("\"affinity\":null", "\"affinity\":{\"nodeAffinity\":null,\"podAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":null}}");
    assert_eq!(load(&[&node, &deeper]).counts.pods, 1);
    let e = only(&[NODE, &null.replace("\"status\":null", "\"status\":7")]);
    assert_eq!(e.code, "wrong-type");
}

#[test]
fn fields_as_python_names_them_are_told() {
    let item = |more: &str| {
        format!(
            r#"{{{more}"metadata":{{"name":"x"}},"spec":{{"node_name":"a","containers":[{{"name":"c"}}]}}}}"#
        )
    };
    for text in [
        format!(r#"{{"api_version":"v1","kind":"PodList","items":[{},{}]}}"#, item(""), item("")),
        format!(
            r#"{{"kind":"PodList","items":[{}]}}"#,
            item("\"api_version\":null,\"kind\":null,")
        ),
        format!(r#"{{"kind":"PodList","items":[{}]}}"#, item("")),
        item("\"api_version\":\"v1\",\"kind\":\"Pod\","),
        NODE.replace("\"name\":\"a\"", "\"name\":\"b\",\"creation_timestamp\":\"x\""),
        "api_version: v1\nkind: Pod\nmetadata: {name: x}\n...\n".into(),
    ] {
        let e = only(&[NODE, &text]);
        assert!(e.code == "snake-case" && e.fix.contains("sanitize_for_serialization"), "{e:?}");
    }
}

#[test]
fn a_pod_without_containers_is_no_pod() {
    for spec in ["{}", "{\"containers\":[]}", "{\"containers\":null}"] {
        let text = format!(r#"{{"kind":"Pod","metadata":{{"name":"p"}},"spec":{spec}}}"#);
        let e = only(&[NODE, &text]);
        assert_eq!(
            (e.code, e.place.as_str()),
            ("containers-missing", "in1 (Pod default/p): spec.containers")
        );
    }
}

#[test]
fn forms_that_are_no_objects_are_named() {
    for (text, code) in [
        ("{{- if .Values.x }}\nkind: Pod\n{{- end }}\n", "helm-template"),
        (
            "NAME   CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)\na   1   2%   3Mi   4%\n",
            "kubectl-top",
        ),
        ("Name:         web\nNamespace:    d\nLabels:       app=web\n", "kubectl-describe"),
        ("pod/web-1\npod/web-2\n", "kubectl-names"),
        ("name,cpu,memory\nweb,1,2\n", "csv"),
        ("name\tcpu\nweb\t1\n", "csv"),
        (
            "# HELP kube_pod_info x\n# TYPE kube_pod_info gauge\nkube_pod_info{pod=\"a\"} 1\n",
            "metrics",
        ),
        ("<html><body>log in</body></html>\n", "markup"),
        ("{'kind': 'Pod'}\n", "python-text"),
        ("sh: kubectl: command not found\n", "kubectl-message"),
    ] {
        let list = faults(&[text]);
        assert_eq!(list[0].code, code, "{text}");
        assert!(!list[0].fix.is_empty());
    }
    let dump = format!("{NODE}\n==== START logs for container c of pod d/p ====\nx\n");
    let list = faults(&[&dump]);
    assert_eq!(list[0].code, "cluster-info-dump");
    assert!(list[0].fix.contains("--output-directory"), "{list:?}");
}

#[test]
fn messages_before_the_objects_are_left_aside() {
    let warning = "Warning: v1 ComponentStatus is deprecated in v1.19+\n";
    for objects in [format!("[{NODE}]"), LIST.to_string()] {
        let loaded = load(&[&format!("{warning}{objects}")]);
        assert_eq!(loaded.counts.nodes, 1);
        let said = |a: &String| a.contains("left aside in in0") && a.contains("ComponentStatus");
        assert!(loaded.assumptions.iter().any(said), "{:?}", loaded.assumptions);
    }
    // Lines keep their numbers; between objects nothing can be told from them.
    let wrong = LIST.replace("      cpu: \"4\"\n", "      cpu: [\n");
    assert!(faults(&[&format!("{warning}{wrong}")])[0].place.starts_with("in0:12:"));
    let between = format!("{NODE}\nW1128 12:34:56.789012    4711 warnings.go:70] x\n{NODE}");
    assert_eq!(codes(&faults(&[&between])), ["kubectl-message"]);
}

#[test]
fn shares_of_gpus_in_annotations_are_not_evaluated() {
    let annotated = |annotations: &str| {
        pod("p", "")
            .replace("\"name\":\"p\"", &format!("\"name\":\"p\",\"annotations\":{{{annotations}}}"))
    };
    for key in [
        "alibabacloud.com/gpu-milli",
        "aliyun.com/gpu-mem",
        "hami.io/vgpu-devices-allocated",
        "volcano.sh/gpu-index",
        "gpu-fraction",
        "scheduling.koordinator.sh/device-allocated",
    ] {
        let loaded = load(&[NODE, &annotated(&format!("\"note\":\"x\",\"{key}\":\"500\""))]);
        let gaps = &loaded.cluster.pods()[0].gaps;
        let names: Vec<_> = gaps.iter().map(|g| (g.code, loaded.cluster.str(g.what))).collect();
        assert_eq!(names, [("gpu-share-by-annotation", key)]);
    }
    for none in
        ["\"alibabacloud.com/gpu-milli\":\"0\"", "\"gpu-fractions\":\"1\"", "\"note\":\"x\""]
    {
        assert!(load(&[NODE, &annotated(none)]).cluster.pods()[0].gaps.is_empty(), "{none}");
    }
}

#[test]
fn one_object_has_no_more_entries_than_any_cluster_has() {
    let many =
        |n: usize, one: &dyn Fn(usize) -> String| (0..n).map(one).collect::<Vec<_>>().join(",");
    let spread = |_: usize| {
        r#"{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"}"#.to_string()
    };
    let labels = |i: usize| format!("\"l{i}\":\"x\"");
    for (text, place) in [
        (
            pod("p", &format!("\"topologySpreadConstraints\":[{}]", many(101, &spread))),
            "spec.topologySpreadConstraints",
        ),
        (pod("p", "").replace("\"app\":\"web\"", &many(10_001, &labels)), "metadata.labels"),
        (
            pod(
                "p",
                &format!(
                    "\"tolerations\":[{}]",
                    many(1_001, &|i| format!("{{\"key\":\"k{i}\",\"operator\":\"Exists\"}}"))
                ),
            ),
            "spec.tolerations",
        ),
    ] {
        let e = only(&[NODE, &text]);
        assert!(e.code == "too-many" && e.place.ends_with(place), "{e:?}");
    }
    // Names of resources, in all objects together.
    let gpu = |i: usize| format!("\"example.com/r{i}\":\"1\"");
    let nodes: Vec<_> = (0..3)
        .map(|n| {
            let more = (0..400).map(|i| gpu(n * 400 + i)).collect::<Vec<_>>().join(",");
            NODE.replace("\"name\":\"a\"", &format!("\"name\":\"n{n}\""))
                .replace("\"cpu\":\"4\"", &format!("\"cpu\":\"4\",{more}"))
        })
        .collect();
    assert_eq!(codes(&faults(&[&format!("[{}]", nodes.join(","))])), ["too-many-resources"]);
}
