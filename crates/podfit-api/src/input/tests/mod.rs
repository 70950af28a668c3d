//! Tests of the reading side: good documents, bad ones, arbitrary bytes.

mod bad;
mod fuzzlike;
mod good;
mod inputs;
mod network;

use super::{Input, InputError, OpenOptions, Opened, read};

pub(super) fn open(text: &str) -> Result<Opened, Vec<InputError>> {
    open_bytes(text.as_bytes())
}

pub(super) fn open_bytes(bytes: &[u8]) -> Result<Opened, Vec<InputError>> {
    read(vec![input("f.yaml", bytes)], &OpenOptions::default())
}

pub(super) fn input<'a>(name: &str, bytes: &'a [u8]) -> Input<'a> {
    Input::new(name, bytes)
}

/// A document with this under the head; opened, it must be valid.
pub(super) fn good(body: &str) -> Opened {
    match open(&document(body)) {
        Ok(opened) => opened,
        Err(errors) => panic!("{}", lines(&errors)),
    }
}

pub(super) fn document(body: &str) -> String {
    format!("apiVersion: podfit/v1\nkind: Cluster\n{body}")
}

pub(super) fn lines(errors: &[InputError]) -> String {
    errors.iter().map(|e| format!("{e}\n")).collect()
}

pub(super) const TWO_NODES: &str = "\
nodes:
  - {name: n1, allocatable: {cpu: 8, memory: 32Gi}, gpus: {count: 2, model: T4}}
  - {name: n2, labels: {zone: b}, allocatable: {cpu: 8, memory: 32Gi, pods: 20}}
";

pub(super) const EXAMPLES: [(&str, &str); 4] = [
    ("two-node-edge.yaml", include_str!("../../../../../examples/clusters/two-node-edge.yaml")),
    ("ten-node-zones.yaml", include_str!("../../../../../examples/clusters/ten-node-zones.yaml")),
    (
        "two-node-edge.kubectl.json",
        include_str!("../../../../../examples/clusters/two-node-edge.kubectl.json"),
    ),
    ("network.yaml", include_str!("../../../../../examples/documents/network.yaml")),
];
