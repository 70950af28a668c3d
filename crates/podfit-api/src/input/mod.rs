//! Stand-in for the reader: it refuses every input.

use std::io::Read;

/// One input to read.
pub struct Input<'a> {
    /// Name for messages, as a path or `-`.
    pub name: String,
    /// The bytes.
    pub data: Box<dyn Read + 'a>,
}

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Requests to assume where a pod states none: resource name and quantity.
    pub assume_requests: Vec<(String, String)>,
}

/// What was read.
#[derive(Debug)]
pub struct Opened {
    /// The cluster.
    pub cluster: podfit::model::Cluster,
    /// The edge device it was described as, if it was.
    pub device: Option<podfit::device::Plan>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What bears on placement and was not evaluated.
    pub not_evaluated: Vec<String>,
}

/// A fault of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// Stable code.
    pub code: &'static str,
    /// Where.
    pub place: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

/// Reads inputs.
///
/// # Errors
/// Always, until the reader is here.
pub fn read(inputs: Vec<Input<'_>>, _options: &OpenOptions) -> Result<Opened, Vec<InputError>> {
    let fault = |input: &Input<'_>| InputError {
        code: "not-readable-yet",
        place: input.name.clone(),
        cause: "this build has no reader".into(),
        fix: "take a later build".into(),
    };
    Err(inputs.iter().map(fault).collect())
}
