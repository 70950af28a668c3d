//! Faults of inputs as wholes.

use super::*;

/// What follows from a fault already told is not told.
#[test]
fn one_fault_is_not_told_twice() {
    let codes = |body: &str| {
        let errors = open(&document(body)).expect_err(body);
        errors.iter().map(|e| e.code).collect::<Vec<_>>()
    };
    let pods = "workloads: [{name: w, runsOn: [n3, n3], gpu: 1}]\n";
    assert_eq!(codes(&format!("nodes: []\n{}", pods.replace(", gpu: 1", ""))), ["no-nodes"]);
    let bad = "  - {name: n3, allocatable: {cpu: 8, memory: 32Gi}, gpus: {count: two}}\n";
    assert_eq!(codes(&format!("nodes:\n{bad}{pods}")), ["wrong-type"]);
    assert_eq!(codes(&format!("{TWO_NODES}{bad}{pods}")), ["wrong-type"]);
    let odd =
        "device: {model: pro-gpu, nodes: 5}\nworkloads: [{name: w, runsOn: [A, B], gpu: 1}]\n";
    assert_eq!(codes(odd), ["node-count"]);
}

#[test]
fn a_document_of_our_own_stands_alone() {
    let own = document(TWO_NODES);
    let node = br#"{"kind":"Node","metadata":{"name":"a"}}"#;
    let inputs = vec![input("own.yaml", own.as_bytes()), input("n.json", node)];
    let errors = read(inputs, &OpenOptions::default()).expect_err("mixed");
    assert_eq!((errors[0].code, errors[0].place.as_str()), ("mixed-formats", "own.yaml"));
    let twice = vec![input("1", own.as_bytes()), input("2", own.as_bytes())];
    assert_eq!(read(twice, &OpenOptions::default()).expect_err("two").len(), 2);
    let none = read(Vec::new(), &OpenOptions::default()).expect_err("none");
    assert_eq!(none[0].code, "no-input");
}

#[test]
fn wrong_assumptions_and_unreadable_inputs_are_told() {
    let text = document(TWO_NODES);
    let options = OpenOptions {
        assume_requests: vec![("disk".into(), "1".into()), ("cpu".into(), "x".into())],
        ..OpenOptions::default()
    };
    let errors = read(vec![input("f", text.as_bytes())], &options).expect_err("wrong");
    let codes: Vec<_> = errors.iter().map(|e| e.code).collect();
    assert_eq!(codes, ["assumption-invalid", "quantity-invalid"]);

    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the wire is cut"))
        }
    }
    let broken = || Input::new("b", Broken);
    let errors = read(vec![broken(), broken()], &OpenOptions::default()).expect_err("broken");
    assert_eq!(errors.iter().map(|e| e.code).collect::<Vec<_>>(), ["unreadable", "unreadable"]);
    let start = text.clone() + "#" + &" ".repeat(podfit_kube::DETECT_BYTES);
    let late = std::io::Read::chain(start.as_bytes(), Broken);
    let input = Input::new("late", late);
    let errors = read(vec![input], &OpenOptions::default()).expect_err("late");
    assert_eq!(errors[0].code, "unreadable");
}
