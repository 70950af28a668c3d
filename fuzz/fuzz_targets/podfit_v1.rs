//! Any text under the head of a podfit/v1 document is answered: a cluster, or faults that say something.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podfit_api::input::{Input, OpenOptions, read};

const YAML: &[u8] = b"apiVersion: podfit/v1\nkind: Cluster\n";
const JSON: &[u8] = br#"{"apiVersion": "podfit/v1", "kind": "Cluster", "#;

fuzz_target!(|bytes: &[u8]| {
    for head in [YAML, JSON] {
        let text = [head, bytes].concat();
        let input = Input::new("fuzz", text.as_slice());
        match read(vec![input], &OpenOptions::default()) {
            Ok(opened) => assert!(!opened.cluster.nodes().is_empty()),
            Err(errors) => {
                assert!(!errors.is_empty());
                assert!(errors.iter().all(|e| !e.cause.is_empty() && !e.fix.is_empty()));
            }
        }
    }
});
