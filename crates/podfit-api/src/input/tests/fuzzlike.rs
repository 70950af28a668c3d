use super::*;
use proptest::prelude::*;

/// Whatever comes in: an answer or a list of faults that is not empty, each with its words. Without its faulty objects
/// it is answered too, unless some fault is of no object.
fn answered(bytes: &[u8]) {
    let strict = open_bytes(bytes);
    for e in strict.as_ref().err().into_iter().flatten() {
        assert!(!e.code.is_empty() && !e.place.is_empty() && !e.cause.is_empty());
        assert!(!e.fix.is_empty(), "{e}");
    }
    assert!(strict.as_ref().err().is_none_or(|errors| !errors.is_empty()));
    let options = OpenOptions { leave_out_faulty: true, ..OpenOptions::default() };
    match read(vec![input("f.yaml", bytes)], &options) {
        Ok(rest) => {
            assert_eq!(rest.left_out.is_empty(), strict.is_ok());
            assert!(rest.left_out.iter().all(|e| e.object.is_some()));
            let told = rest.not_evaluated.first().is_some_and(|s| s.contains("left out as faulty"));
            assert_eq!(told, strict.is_err());
        }
        Err(errors) => assert!(errors.iter().any(|e| e.object.is_none()), "{}", lines(&errors)),
    }
}

fn code(text: &str) -> &'static str {
    open(text).expect_err("refused")[0].code
}

#[test]
fn size_and_depth_are_bounded() {
    for deep in ["[", "{a: ", "- "] {
        let text = document(&format!("nodes: {}", deep.repeat(100_000)));
        let code = code(&text);
        assert!(matches!(code, "syntax" | "too-large"), "{deep}: {code}");
    }
    let json =
        |inner: &str| format!(r#"{{"apiVersion":"podfit/v1","kind":"Cluster","nodes":{inner}"#);
    assert_eq!(code(&json(&"[".repeat(100_000))), "too-large");
    assert_eq!(code(&json(&format!("[{}0]}}", "0,".repeat(3_000_000)))), "too-large");
    assert_eq!(code(&document(&format!("x: [{}]", "0,".repeat(3_000_001)))), "too-large");
    let mut bomb =
        String::from("apiVersion: podfit/v1\nkind: Cluster\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let line = format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(", "));
        bomb.push_str(&line);
    }
    assert_eq!(code(&bomb), "too-large");
    let big = document(&format!("#{}", "x".repeat(super::super::LIMITS.bytes)));
    assert_eq!(code(&big), "too-large");
    assert_eq!(code(&document(&format!("nodes: &a [*a]{}", ""))), "syntax");
}

#[test]
fn text_that_is_no_text() {
    let mut bytes = document(TWO_NODES).into_bytes();
    bytes.push(0xff);
    assert_eq!(open_bytes(&bytes).expect_err("not UTF-8")[0].code, "encoding");
    answered(b"");
    answered(b"\xef\xbb\xbf");
    answered(document("nodes: !!binary aGVsbG8=").as_bytes());
    answered(document("? [a, b]\n: c\n").as_bytes());
    answered(document("1: 2\nnull: 3\n~: .nan\n").as_bytes());
    answered(br#"{"apiVersion":"podfit/v1","__serde_saphyr_private_spanned":true,"value":1}"#);
    answered(b"apiVersion: podfit/v1\n__serde_saphyr_private_spanned: true\nvalue: 1\n");
}

const PIECES: [&str; 24] = [
    "0",
    "-1",
    "1e400",
    "18446744073709551616",
    "null",
    "~",
    "[]",
    "{}",
    "''",
    "\"",
    "x",
    ": ",
    "- ",
    "&a ",
    "*a",
    "!!str ",
    "<<: ",
    "\n",
    "  ",
    "[",
    "}",
    "A",
    "99999999999Gi",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        answered(&bytes);
    }

    #[test]
    fn arbitrary_text_under_a_good_head(text in "[-a-zA-Z0-9:{}\\[\\],&*!| \\n'\"#%.]{0,200}") {
        answered(document(&text).as_bytes());
        answered(document(&format!("{TWO_NODES}workloads: [{{name: w, {text}}}]")).as_bytes());
    }

    #[test]
    fn examples_with_words_replaced(
        which in 0usize..4,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..24), 1..6),
    ) {
        let text = EXAMPLES[which].1;
        let mut words: Vec<&str> = text.split_inclusive([' ', '\n', ',', '{', '[']).collect();
        for (at, piece) in changes {
            let at = at.index(words.len());
            words[at] = PIECES[piece];
        }
        answered(words.concat().as_bytes());
    }

    #[test]
    fn examples_with_bytes_cut_out(
        which in 0usize..4,
        at in any::<prop::sample::Index>(),
        length in 0usize..400,
    ) {
        let text = EXAMPLES[which].1.as_bytes();
        let at = at.index(text.len());
        let rest = (at + length).min(text.len());
        answered(&[&text[..at], &text[rest..]].concat());
    }
}
