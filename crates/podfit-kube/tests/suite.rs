//! Inputs as people and tools write them, right and wrong.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests, outside test functions"
)]

mod suite {
    mod attach;
    mod budgets;
    mod claims;
    mod faults;
    mod forms;
    mod meaning;
    mod real;
    mod recorded;
    mod shapes;
    mod soft;

    use podfit_kube::{InputError, Loaded, Options, Reader};

    pub const NODE: &str = r#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"a","labels":{"zone":"z1"}},
        "status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"}}}"#;

    pub fn read(inputs: &[&str]) -> Result<Loaded, Vec<InputError>> {
        let mut reader = Reader::new(Options::default());
        for (i, input) in inputs.iter().enumerate() {
            reader.read_slice(&format!("in{i}"), input.as_bytes());
        }
        reader.finish()
    }

    /// Reads what was found in a folder: names and contents.
    pub fn read_folder(files: &[(&str, &str)]) -> Result<Loaded, Vec<InputError>> {
        let mut reader = Reader::new(Options::default());
        for (name, text) in files {
            reader.read_of_folder(name, text.as_bytes());
        }
        reader.finish()
    }

    pub fn load(inputs: &[&str]) -> Loaded {
        read(inputs).unwrap_or_else(|e| panic!("{e:#?}"))
    }

    pub fn faults(inputs: &[&str]) -> Vec<InputError> {
        read(inputs).expect_err("the input is wrong")
    }

    /// A container that asks nothing.
    pub const CONTAINER: &str = r#""containers":[{"name":"c"}]"#;

    /// A pod with this spec on node `a`, and a container unless it says its own.
    pub fn pod(name: &str, spec: &str) -> String {
        let own = if spec.contains("\"containers\"") { "" } else { CONTAINER };
        let comma = if spec.is_empty() || own.is_empty() { "" } else { "," };
        format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{name}","namespace":"d",
            "labels":{{"app":"web","pod-template-hash":"h1"}}}},"spec":{{"nodeName":"a",{own}{comma}{spec}}}}}"#
        )
    }
}
