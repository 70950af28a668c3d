//! The suites: files to [`Task`], placement to the suite's format. What each means stands in its file.
//!
//! To add one: a file here, a variant of [`Suite`] and of [`Format`]; the compiler names the rest. Its checker goes into
//! `benches/peers/check.py`.

mod cloud_balancing;
mod gpu_trace;
mod machine_reassignment;
mod vector_packing;

use crate::fault::Faults;
use crate::task::{Place, Task};
use std::path::{Path, PathBuf};

/// Amounts in files go up to this: sums of a million of them stay within 64 bits.
pub const AMOUNT_MAX: i64 = 1 << 40;
/// Items of an instance, at most.
pub const ITEMS_MAX: i64 = 1 << 20;

/// A public suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Suite {
    /// One .vbp file: fewest bins
    VectorPacking,
    /// One JSON file of computers and processes: least cost of the computers used
    CloudBalancing,
    /// A CSV file of nodes and one of pods: most thousandths of cards placed, then most pods
    GpuTrace,
    /// ROADEF/EURO 2012, model and assignment: least weighted cost of load, balance and moves
    MachineReassignment,
}

/// How a placement is written.
#[derive(Debug)]
pub enum Format {
    /// `{"bins": [[item, …], …]}`.
    Bins,
    /// `{"assignment": {"process": computer}}`.
    Computers(cloud_balancing::Ids),
    /// `{"assignment": {"pod": {"node": sn, "gpus": [card, …]}}}`.
    Pods(gpu_trace::Names),
    /// The machine of each process, in a line.
    Machines,
}

impl Suite {
    /// Its name on the command line and in the JSON line.
    pub fn name(self) -> &'static str {
        match self {
            Self::VectorPacking => "vector-packing",
            Self::CloudBalancing => "cloud-balancing",
            Self::GpuTrace => "gpu-trace",
            Self::MachineReassignment => "machine-reassignment",
        }
    }

    /// Reads an instance.
    pub fn read(self, files: &[PathBuf]) -> Result<Task, Faults> {
        match self {
            Self::VectorPacking => vector_packing::read(one(files)?),
            Self::CloudBalancing => cloud_balancing::read(one(files)?),
            Self::GpuTrace => match files {
                [nodes, pods] => gpu_trace::read(nodes, pods),
                _ => Err(count(files, "two files, nodes and pods")),
            },
            Self::MachineReassignment => match files {
                [model, initial] => machine_reassignment::read(model, initial),
                _ => Err(count(files, "two files, model and assignment")),
            },
        }
    }
}

impl Format {
    /// Writes where each item goes.
    pub fn write(&self, places: &[Option<Place>]) -> String {
        let text = match self {
            Self::Bins => vector_packing::solution(places).to_string(),
            Self::Computers(ids) => ids.solution(places).to_string(),
            Self::Pods(names) => names.solution(places).to_string(),
            Self::Machines => machine_reassignment::solution(places),
        };
        format!("{text}\n")
    }
}

fn one(files: &[PathBuf]) -> Result<&Path, Faults> {
    match files {
        [file] => Ok(file),
        _ => Err(count(files, "one file")),
    }
}

fn count(files: &[PathBuf], wanted: &str) -> Faults {
    let last = files.last().map(PathBuf::as_path).unwrap_or(Path::new(""));
    Faults::one(last, None, format!("the suite takes {wanted}, not {}", files.len()))
}
