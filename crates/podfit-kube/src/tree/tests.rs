use super::{text::Json, *};

const LIMITS: Limits = Limits { bytes: 1000, nodes: 100, depth: 8 };

/// The tree on one line: `{key: value}` with types told apart, places left out.
fn shown(tree: &Tree) -> String {
    match &tree.node {
        Node::Leaf(Leaf::Absent) => "null".into(),
        Node::Leaf(Leaf::Number(n)) => format!("number {n}"),
        Node::Leaf(leaf) => leaf.to_string(),
        Node::List(list) => format!("[{}]", list.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Node::Map(entries) => {
            let shown = entries.iter().map(|e| format!("{}: {}", e.key, shown(&e.value)));
            format!("{{{}}}", shown.collect::<Vec<_>>().join(", "))
        }
    }
}

#[track_caller]
fn reads(text: &str, wanted: &str) {
    match yaml(text, LIMITS) {
        Ok(tree) => assert_eq!(shown(&tree), wanted, "{text}"),
        Err(e) => panic!("{text}: {e:?}"),
    }
}

#[track_caller]
fn refuses(text: &str, code: &str, place: (u64, u64), part: &str) {
    let e = yaml(text, LIMITS).expect_err(text);
    assert_eq!((e.code, (e.spot.line, e.spot.column)), (code, place), "{text}: {e:?}");
    assert!(e.cause.contains(part), "{text}: {e:?}");
}

fn at(tree: &Tree, path: &[&str]) -> (u64, u64) {
    let Some((key, rest)) = path.split_first() else {
        return (tree.spot.line, tree.spot.column);
    };
    let Node::Map(entries) = &tree.node else { panic!("no map at {key}") };
    at(&entries.iter().find(|e| e.key == *key).expect(key).value, rest)
}

#[test]
fn single_values_have_the_type_that_they_look_like() {
    let nothing = ["", "~", "null", "Null", "NULL"];
    nothing.iter().for_each(|text| reads(&format!("a: {text}"), "{a: null}"));
    for (text, wanted) in [
        ("true", "true"),
        ("FALSE", "false"),
        ("yes", "\"yes\""),
        ("off", "\"off\""),
        ("'true'", "\"true\""),
        ("0", "0"),
        ("-0", "0"),
        ("+5", "5"),
        ("1_000", "1000"),
        ("1__0", "\"1__0\""),
        ("1_", "\"1_\""),
        ("0x1F", "31"),
        ("-0x10", "-16"),
        ("0o17", "15"),
        ("0b101", "5"),
        ("0b2", "\"0b2\""),
        ("0x", "\"0x\""),
        ("0x+5", "\"0x+5\""),
        ("0123", "number 123"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "number 9223372036854775808"),
        ("-9223372036854775809", "number -9223372036854776000"),
        ("18446744073709551616", "number 18446744073709552000"),
        ("0x10000000000000000", "\"0x10000000000000000\""),
        ("1.50", "number 1.5"),
        (".5", "number 0.5"),
        ("5.", "number 5"),
        ("-1e3", "number -1000"),
        ("1e", "\"1e\""),
        (".", "\".\""),
        ("inf", "\"inf\""),
        ("1.5Gi", "\"1.5Gi\""),
        ("100m", "\"100m\""),
        ("2024-01-01", "\"2024-01-01\""),
        ("\"5\"", "\"5\""),
        ("|\n  5\n", "\"5\\n\""),
    ] {
        reads(&format!("a: {text}"), &format!("{{a: {wanted}}}"));
    }
    for text in [".inf", "-.INF", ".nan", "1e999"] {
        refuses(&format!("a: {text}"), "syntax", (1, 4), "finite");
    }
}

#[test]
fn tags_of_yaml_decide_and_others_say_nothing() {
    for (text, wanted) in [
        ("!!str 5", "\"5\""),
        ("!!str", "\"\""),
        ("! 5", "\"5\""),
        ("!!int '5'", "5"),
        ("!int ' 0x1f '", "31"),
        ("!<tag:yaml.org,2002:int> '5'", "5"),
        ("!!float 5", "number 5"),
        ("!!bool 'TRUE'", "true"),
        ("!!null x", "null"),
        ("!mine 5", "5"),
        ("!mine '5'", "\"5\""),
        ("!mine", "null"),
        ("!!seq [1]", "[1]"),
        ("!mine {b: 1}", "{b: 1}"),
        ("! [1]", "[1]"),
    ] {
        reads(&format!("a: {text}"), &format!("{{a: {wanted}}}"));
    }
    refuses("a: !!int x", "syntax", (1, 10), "\"x\" is not read as !!int");
    refuses("a: !!bool yes", "syntax", (1, 11), "!!bool");
    refuses("a: !!binary aGVsbG8=", "syntax", (1, 13), "!!binary");
    refuses("a: !!str [b]", "syntax", (1, 10), "a list is not read as !!str");
    refuses("a: !!seq {b: 1}", "syntax", (1, 10), "a map is not read as !!seq");
}

#[test]
fn keys_are_text_and_stand_once() {
    reads(
        "1: a\ntrue: b\n0x1: c\n'null': d\n!!str ~: e",
        r#"{1: "a", true: "b", 0x1: "c", null: "d", ~: "e"}"#,
    );
    refuses("null: a", "syntax", (1, 1), "null as a key");
    refuses("[a]: b", "syntax", (1, 1), "a list as a key");
    refuses("? {a: b}\n: c", "syntax", (1, 3), "a map as a key");
    refuses("a: 1\nb: 2\n'a': 3", "duplicate-key", (3, 1), "\"a\"");
    // A map of many keys is looked through in another way.
    let many: String = (0..20).map(|i| format!("k{i}: {i}\n")).collect();
    assert!(yaml(&many, LIMITS).is_ok());
    refuses(&format!("{many}k7: again\nk3: again"), "duplicate-key", (21, 1), "\"k7\"");
}

#[test]
fn aliases_stand_for_what_their_anchor_marks() {
    let text = "a: &x {cpu: 1, list: [1, 2]}\nb: *x\nc: [*x, &y 5, *y]\n*y : d";
    reads(
        text,
        "{a: {cpu: 1, list: [1, 2]}, b: {cpu: 1, list: [1, 2]}, \
         c: [{cpu: 1, list: [1, 2]}, 5, 5], 5: \"d\"}",
    );
    let tree = yaml(text, LIMITS).expect("valid");
    // The alias has the place where it is used, what is inside the place where it can be changed.
    assert_eq!((at(&tree, &["b"]), at(&tree, &["b", "cpu"])), ((2, 4), (1, 13)));
    reads("&k 5: 1\nb: *k", "{5: 1, b: 5}");
    reads("a: &x 1\nb: &x 2\nc: *x", "{a: 1, b: 2, c: 2}");
    refuses("a: *x", "syntax", (1, 4), "without an anchor");
    refuses("a: &x [*x]", "syntax", (1, 8), "inside of what it stands for");
    refuses("a: &x [1]\n*x : 2", "syntax", (2, 1), "a list as a key");
}

#[test]
fn merge_keys_add_what_the_map_lacks() {
    let base = "b: &b {x: 1, y: 2}\nc: &c {y: 3, z: 4}\n";
    let d = |d: &str| format!("{base}d: {d}");
    let wanted = |d: &str| format!("{{b: {{x: 1, y: 2}}, c: {{y: 3, z: 4}}, d: {d}}}");
    reads(&d("{<<: *b, y: 5, w: 6}"), &wanted("{y: 5, w: 6, x: 1}"));
    reads(&d("{<<: [*b, *c]}"), &wanted("{x: 1, y: 2, z: 4}"));
    reads(&d("{<<: *c, <<: *b}"), &wanted("{y: 3, z: 4, x: 1}"));
    reads(&d("{<<: {<<: *b, x: 7}}"), &wanted("{x: 7, y: 2}"));
    reads(&d("{<<: ~, a: 1}"), &wanted("{a: 1}"));
    reads(&d("{'<<': 1}"), &wanted("{<<: 1}"));
    reads(&d("{!!merge '<<': *b}"), &wanted("{x: 1, y: 2}"));
    refuses(&d("{<<: 5}"), "syntax", (3, 9), "5 after <<");
    refuses(&d("{<<: [*b, x]}"), "syntax", (3, 14), "after <<");
    let tree = yaml(&d("{<<: *b}"), LIMITS).expect("valid");
    assert_eq!(at(&tree, &["d", "y"]), (1, 17));
}

#[test]
fn size_and_depth_have_limits_with_aliases_counted_in_full() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(yaml(&nested(8), LIMITS).is_ok());
    refuses(&nested(9), "too-large", (1, 9), "nested more than 8 deep");
    let lines = |n: usize| (0..n).map(|i| format!("{}a:\n", " ".repeat(i))).collect::<String>();
    assert!(yaml(&lines(8), LIMITS).is_ok());
    refuses(&lines(9), "too-large", (9, 9), "nested");
    refuses("a: &a [[[[x]]]]\nb: [[[*a]]]\nc: [[[[*a]]]]", "too-large", (3, 8), "nested");
    // The list and its items; below, the map and both keys too.
    assert!(yaml(&format!("[{}]", ["0"; 99].join(",")), LIMITS).is_ok());
    refuses(&format!("[{}]", ["0"; 100].join(",")), "too-large", (1, 200), "more than 100 values");
    let list = ["0"; 47].join(",");
    assert!(yaml(&format!("a: &a [{list}]\nb: *a"), LIMITS).is_ok());
    refuses(&format!("a: &a [{list},0]\nb: *a"), "too-large", (2, 4), "aliases counted");
    // Copies are kept for anchors inside anchors.
    let kept = "&a [&b [&c [&d [&e [&f [&g [x,x,x,x,x,x,x,x,x,x,x]]]]]]]";
    refuses(kept, "too-large", (1, 4), "more than 100 values");
    let long = "x".repeat(499);
    assert!(yaml(&format!("a: &a {long}\nb: *a"), LIMITS).is_ok());
    refuses(&format!("a: &a {long}xx\nb: *a"), "too-large", (2, 4), "more than 1000 bytes");
    let mut bomb = String::from("a0: &a0 [x, x, x]\n");
    for i in 1..60 {
        bomb += &format!("a{i}: &a{i} [*a{0}, *a{0}, *a{0}]\n", i - 1);
    }
    let limits = Limits { bytes: 1 << 20, nodes: 1_000_000, depth: 64 };
    assert_eq!(yaml(&bomb, limits).expect_err("a bomb").code, "too-large");
}

#[test]
fn hostile_nesting_uses_no_stack() {
    let limits = Limits { bytes: 1 << 20, nodes: 1 << 20, depth: 256 };
    for piece in ["[", "{a: ", "- ", "? ", "&a [", "!!seq ["] {
        let e = yaml(&piece.repeat(100_000), limits).expect_err(piece);
        assert!(["too-large", "syntax"].contains(&e.code), "{piece}: {e:?}");
    }
    let deepest = format!("{}{}", "[".repeat(256), "]".repeat(256));
    let json = yaml(&deepest, limits).expect("within the limit").to_json().text;
    assert_eq!(json.matches('[').count(), 256);
}

#[test]
fn one_document_is_read() {
    reads("", "null");
    reads("# nothing\n", "null");
    reads("%YAML 1.2\n---\na: 1\n...\n# end\n", "{a: 1}");
    refuses("a: 1\n---\nb: 2", "several-documents", (2, 1), "second document");
    refuses("a: 1\n...\nb: 2", "several-documents", (3, 1), "second document");
    refuses("a: 1\n...\n}", "syntax", (3, 1), "");
    refuses("a: [1, 2", "syntax", (1, 4), "unclosed");
}

#[test]
fn the_start_is_read_no_further_than_asked() {
    let start = |text| {
        let entries = yaml_start(text, LIMITS, &["kind", "apiVersion"]);
        entries.iter().map(|e| format!("{}={}", e.key, e.value)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(start("apiVersion: v1\nkind: Pod\nspec: }"), "apiVersion=\"v1\" kind=\"Pod\"");
    // What is inside is not the object's.
    assert_eq!(start("spec: {kind: A}\nkind: B\n}"), "spec=a map kind=\"B\"");
    assert_eq!(start("b: &b {kind: A}\n<<: *b\nc: 1"), "b=a map c=1 kind=\"A\"");
    assert_eq!(start("[1, 2]"), "");
    assert_eq!(start("{"), "");
}

#[test]
fn json_says_the_same_and_each_line_knows_its_place() {
    let text = "a: [1, -2.5, .5e400, 0x10]\nb: {c: \"x\\n\\\"\", d: ~}\n1: yes";
    let refused = yaml(text, LIMITS).expect_err("not finite");
    assert_eq!(refused.spot, Spot { line: 1, column: 14 });
    let text = text.replace(".5e400", "18446744073709551616");
    let Json { text, spots } = yaml(&text, LIMITS).expect("valid").to_json();
    let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let wanted = r#"{"a":[1,-2.5,18446744073709552000,16],"b":{"c":"x\n\"","d":null},"1":"yes"}"#;
    assert_eq!(read, serde_json::from_str::<serde_json::Value>(wanted).expect("JSON"));
    let line = text.lines().position(|line| line.starts_with("-2.5")).expect("there");
    assert_eq!(spots[line - 1], Spot { line: 1, column: 8 });
    assert_eq!(spots.len(), text.lines().count() - 1);
}

#[test]
fn templates_are_to_be_rendered_first() {
    let fix = |text| yaml(text, LIMITS).expect_err(text).fix;
    for text in [
        "kind: Pod\nname: {{ .Release.Name }}",
        "a:\n  {{- if .Values.b }}\n  c: 1\n  {{- end }}",
        "a: {{ .Values.a }}-b",
        "a:\n{{ include \"labels\" . | indent 2 }}",
    ] {
        assert!(fix(text).contains("helm template"), "{text}: {}", fix(text));
    }
    assert_eq!(fix("a: \"{{ b }}\"\nc: }"), "mend the YAML");
    assert_eq!(fix("{a: 1}: 2"), "mend the YAML");
}
