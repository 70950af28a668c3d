//! The reading side of the door: bytes → a cluster.
//!
//! In: any number of inputs, each a file or a pipe: Kubernetes objects in JSON or YAML, or one `podfit/v1`
//! document ([`v1`] has the whole form). Out: [`Opened`], or every fault of every input at once.
//!
//! ```text
//! bytes ─ detect ─┬─ Kubernetes ─ podfit_kube::Reader ──────────────────────────┬─ Opened
//!                 └─ podfit/v1 ── tree (bounded) ─ walk, form ─ v1 ─ ClusterBuilder ─┘
//! ```
//!
//! ```
//! use podfit_api::input::{Input, OpenOptions, read};
//! let text = "
//! apiVersion: podfit/v1
//! kind: Cluster
//! nodes:
//!   - {name: a, allocatable: {cpu: 4, memory: 8Gi}}
//! workloads:
//!   - {name: web, replicas: 2, runsOn: [a], requests: {cpu: 500m, memory: 1Gi}}
//! ";
//! let input = Input::new("small.yaml", text.as_bytes());
//! let opened = read(vec![input], &OpenOptions::default()).expect("valid");
//! assert_eq!(opened.cluster.pods().len(), 2);
//! ```

mod form;
mod opened;
#[cfg(test)]
mod tests;
pub mod v1;
mod walk;

pub use opened::{DeviceUnder, OpenOptions, Opened};
pub use podfit_kube::InputError;

use podfit::device::{self, DeviceError, HostId, Model};
use podfit_kube::{DETECT_BYTES, Format, Options, Reader, detect, fault::Faults};
use std::io::Read;
use v1::LIMITS;

/// One source of bytes.
pub struct Input<'a> {
    /// File name, or `-` for standard input; it starts the place of every fault.
    pub name: String,
    /// The bytes.
    pub data: Box<dyn Read + 'a>,
    /// It was found in a folder, where files of all kinds lie: documents that are no objects of Kubernetes are passed
    /// over, and the reports say so.
    pub of_folder: bool,
}

impl<'a> Input<'a> {
    /// A source that was named itself.
    pub fn new(name: impl Into<String>, data: impl Read + 'a) -> Self {
        Self { name: name.into(), data: Box::new(data), of_folder: false }
    }
}

/// An input whose format is known: its first bytes and the rest.
struct Begun<'a> {
    name: String,
    start: Vec<u8>,
    rest: Box<dyn Read + 'a>,
    format: Format,
    of_folder: bool,
}

/// Reads inputs to their end and makes a cluster of them.
///
/// # Errors
/// Every fault at once, after 1,000 of a source only their number. Codes of this level are `no-input`,
/// `unreadable` and `mixed-formats`: a podfit/v1 document is a whole cluster, so it stands alone.
pub fn read(inputs: Vec<Input<'_>>, options: &OpenOptions) -> Result<Opened, Vec<InputError>> {
    let mut faults = Faults::default();
    if inputs.is_empty() {
        faults.push(
            &"input",
            "no-input",
            "there is no input",
            "name a file, or - for standard input",
        );
    }
    let mut begun: Vec<_> = inputs.into_iter().filter_map(|i| begin(i, &mut faults)).collect();
    let own = |b: &&Begun<'_>| matches!(b.format, Format::PodfitJson | Format::PodfitYaml);
    if begun.len() > 1 {
        for b in begun.iter().filter(own) {
            let cause = "a podfit/v1 document is a whole cluster and stands alone";
            faults.push(&b.name, "mixed-formats", cause, "give it as the only input");
        }
    }
    if !faults.is_empty() {
        return Err(faults.into_list());
    }
    let opened = match begun.first().filter(own) {
        Some(_) => own_format(begun.remove(0), options),
        None => kubernetes(begun, options),
    }?;
    match &options.device {
        Some(device) => on_device(opened, device),
        None => Ok(opened),
    }
}

/// What was read as machines of a device.
fn on_device(opened: Opened, under: &DeviceUnder) -> Result<Opened, Vec<InputError>> {
    let mut faults = Faults::default();
    if opened.device.is_some() {
        let cause = "the input describes a device itself";
        faults.push(&"device", "device-twice", cause, "leave out one of them");
    }
    let mut hosts = Vec::new();
    for (name, nodes) in &under.hosts {
        match HostId::parse(name) {
            Some(host) => hosts.push((host, nodes.clone())),
            None => {
                let cause = format!("there is no host {name:?}");
                faults.push(&"device.hosts", "unknown-host", cause, "name A or B");
            }
        }
    }
    let mut note = |e: DeviceError| faults.push(&e.field, e.code, e.cause, e.fix);
    let plan = match Model::parse(&under.model) {
        Ok(model) => device::under(&opened.cluster, model, &hosts)
            .map_err(|errors| errors.into_iter().for_each(&mut note))
            .ok(),
        Err(e) => {
            note(e);
            None
        }
    };
    if !faults.is_empty() {
        return Err(faults.into_list());
    }
    Ok(Opened { device: plan, ..opened })
}

/// What lost its last pod for its faults is refused: nodes alone would survive everything.
fn no_pods(left_out: Vec<InputError>) -> Vec<InputError> {
    let none = InputError {
        code: "no-pods",
        place: "input".into(),
        cause: "there is no pod in the input but faulty ones".into(),
        fix: format!("gather them too: {}", podfit_kube::kubectl_line()),
        object: None,
    };
    left_out.into_iter().chain([none]).collect()
}

fn begin<'a>(mut input: Input<'a>, faults: &mut Faults) -> Option<Begun<'a>> {
    let mut start = Vec::new();
    let first = (&mut input.data).take(DETECT_BYTES as u64).read_to_end(&mut start);
    if let Err(e) = first {
        faults.push(&input.name, "unreadable", format!("reading failed: {e}"), "check the file");
        return None;
    }
    let format = detect(&start);
    let Input { name, data: rest, of_folder } = input;
    Some(Begun { name, start, rest, format, of_folder })
}

fn kubernetes(inputs: Vec<Begun<'_>>, options: &OpenOptions) -> Result<Opened, Vec<InputError>> {
    let mut reader = Reader::new(Options {
        assume_request: options.assume_requests.clone(),
        autoscaled: options.autoscaled,
        cron_jobs: options.cron_jobs,
        leave_out_faulty: options.leave_out_faulty,
    });
    for input in inputs {
        let bytes = input.start.chain(input.rest);
        match input.of_folder {
            true => reader.read_of_folder(&input.name, bytes),
            false => reader.read(&input.name, bytes),
        }
    }
    let loaded = reader.finish()?;
    if loaded.counts.pods == 0 && !loaded.left_out.is_empty() {
        return Err(no_pods(loaded.left_out));
    }
    Ok(Opened {
        cluster: loaded.cluster,
        device: None,
        network: None,
        assumptions: loaded.assumptions,
        not_evaluated: loaded.not_evaluated,
        left_out: loaded.left_out,
    })
}

fn own_format(input: Begun<'_>, options: &OpenOptions) -> Result<Opened, Vec<InputError>> {
    let Begun { name, start: mut bytes, rest, format, of_folder: _ } = input;
    let fault = |code, cause: String, fix: &str| {
        Err(vec![InputError { code, place: name.clone(), cause, fix: fix.into(), object: None }])
    };
    // One byte more than is taken shows whether there is more.
    let left = (LIMITS.bytes + 1).saturating_sub(bytes.len()) as u64;
    if let Err(e) = rest.take(left).read_to_end(&mut bytes) {
        return fault("unreadable", format!("reading failed: {e}"), "check the file");
    }
    if bytes.len() > LIMITS.bytes {
        let cause = format!("it is larger than {} MiB", LIMITS.bytes >> 20);
        return fault("too-large", cause, "describe pods that are alike as one workload");
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return fault("encoding", "the text is not UTF-8".into(), "write it as UTF-8");
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let opened = v1::read(&name, text, format == Format::PodfitJson, options)?;
    if !opened.left_out.is_empty() && opened.cluster.pods().is_empty() {
        return Err(no_pods(opened.left_out));
    }
    Ok(opened)
}
