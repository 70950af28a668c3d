//! The shapes in which objects are printed.

use super::*;

const POD_BODY: &str = r#""metadata":{"name":"p","namespace":"d"},"spec":{"nodeName":"a","containers":[{"name":"c"}]}"#;
const NODE_BODY: &str =
    r#""metadata":{"name":"a"},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"}}"#;

fn counts(inputs: &[&str]) -> (u64, u64) {
    let counts = load(inputs).counts;
    (counts.nodes, counts.pods)
}

#[test]
fn every_json_shape_is_read() {
    let pod = format!(r#"{{"apiVersion":"v1","kind":"Pod",{POD_BODY}}}"#);
    for input in [
        format!(r#"{{"apiVersion":"v1","items":[{NODE},{pod}],"kind":"List"}}"#),
        format!(r#"{{"kind":"List","items":[{pod},{NODE}]}}"#),
        format!("[{NODE},{pod}]"),
        format!("{NODE}{pod}"),
        format!("\u{feff} {NODE}\n{pod}\n"),
        format!(
            r#"{{"kind":"NodeList","apiVersion":"v1","items":[{{{NODE_BODY}}}]}}
            {{"kind":"PodList","apiVersion":"v1","items":[{{{POD_BODY}}}]}}"#
        ),
        // The kind after the items.
        format!(
            r#"{{"items":[{{{NODE_BODY}}}],"kind":"NodeList"}}{{"items":[{{{POD_BODY}}}],"kind":"PodList"}}"#
        ),
        // Lists in a list, as `jq -s` makes them.
        format!(
            r#"[{{"kind":"NodeList","items":[{{{NODE_BODY}}}]}},{{"kind":"List","items":[{pod}]}}]"#
        ),
        format!(
            r#"[{NODE},{pod},{{"kind":"PodList","items":null}},{{"kind":"PodList","items":[]}}]"#
        ),
    ] {
        assert_eq!(counts(&[&input]), (1, 1), "{input}");
    }
}

#[test]
fn every_yaml_shape_is_read() {
    let node = "apiVersion: v1\nkind: Node\nmetadata:\n  name: a\nstatus:\n  allocatable:\n    cpu: 4\n    memory: 8Gi\n    pods: \"110\"\n";
    let pod = "kind: Pod\napiVersion: v1\nmetadata:\n  name: p\n  annotations:\n    text: |\n      - a\n      kind: Node\nspec:\n  nodeName: a\n  containers:\n  - name: c\n";
    let item = |text: &str, dash: &str| {
        let blank = " ".repeat(dash.len());
        let lines: Vec<_> = text
            .lines()
            .enumerate()
            .map(|(i, l)| format!("{}{l}\n", if i == 0 { dash } else { &blank }))
            .collect();
        lines.concat()
    };
    let (in0, ip0) = (item(node, "- "), item(pod, "- "));
    let (in2, ip2) = (item(node, "  - "), item(pod, "  - "));
    for input in [
        format!("{node}---\n{pod}"),
        format!("# a comment\n---\n{node}\n--- # another\n\n{pod}...\n"),
        format!(
            "apiVersion: v1\nitems:\n{in0}{ip0}kind: List\nmetadata:\n  resourceVersion: \"\"\n"
        ),
        format!("kind: List\nitems:   # all\n\n{in2}# between\n{ip2}"),
        format!("{in0}{ip0}"),
        format!("{node}---\n{pod}").replace('\n', "\r\n"),
        format!(
            "---\n{{kind: List, items: [{NODE}, {{kind: Pod, {}}}]}}\n",
            &POD_BODY.replace("\":", "\": ")
        ),
        format!("kind: List\nitems: []\n---\n{node}---\n{pod}"),
        format!("kind: List\nitems:\n---\n{node}---\n{pod}"),
    ] {
        assert_eq!(counts(&[&input]), (1, 1), "{input}");
    }
}

#[test]
fn list_kind_names_yaml_items_without_kind() {
    let input = "apiVersion: v1\nitems:\n- metadata: {name: a}\n  status: {allocatable: {cpu: 1, memory: 1, pods: 1}}\nkind: NodeList\n";
    assert_eq!(counts(&[input]), (1, 0));
}

#[test]
fn objects_of_other_groups_with_the_same_name_are_ignored() {
    let longhorn = r#"{"apiVersion":"longhorn.io/v1beta1","kind":"NodeList","items":[{"metadata":{"name":"x"}}]}
        {"apiVersion":"longhorn.io/v1beta1","kind":"Node","metadata":{"name":"x"},"spec":{"taints":{"not":"a list"}}}"#;
    let loaded = load(&[NODE, longhorn]);
    assert_eq!((loaded.counts.nodes, loaded.counts.ignored), (1, 2));
}

#[test]
fn the_size_of_the_chunks_does_not_matter() {
    struct Drops<'a>(&'a [u8], usize);
    impl std::io::Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let n = into.len().min(self.1);
            self.0.read(&mut into[..n])
        }
    }
    let pods: Vec<_> = (0..50)
        .map(|i| {
            pod(&format!("p{i}"), r#""x":"a \"quoted\" \\ text \\\"","containers":[{"name":"ü"}]"#)
        })
        .collect();
    let input = format!(r#"{{"kind":"List","items":[{NODE},{}]}}"#, pods.join(" ,\n"));
    for size in [1, 2, 3, 7, 1000] {
        let mut reader = podfit_kube::Reader::new(podfit_kube::Options::default());
        reader.read("drops", Drops(input.as_bytes(), size));
        assert_eq!(reader.finish().unwrap().counts.pods, 50, "{size}");
    }
}
