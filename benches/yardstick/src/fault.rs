//! What is wrong with a file: file, line, cause. All of a file's faults come together, as far as it can be read.

use std::fmt;
use std::path::{Path, PathBuf};

/// More than these are counted, not told.
const TOLD_MAX: usize = 20;

/// Faults of the files of one instance, in the order found.
#[derive(Debug, Default)]
pub struct Faults {
    told: Vec<(PathBuf, Option<usize>, String)>,
    count: usize,
}

impl Faults {
    /// Notes a fault of a file, with its line from 1 where it has one.
    pub fn add(&mut self, file: &Path, line: Option<usize>, cause: impl Into<String>) {
        self.count += 1;
        if self.told.len() < TOLD_MAX {
            self.told.push((file.to_path_buf(), line, cause.into()));
        }
    }

    /// `value`, unless there is a fault.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.count == 0 { Ok(value) } else { Err(self) }
    }

    /// One fault alone.
    pub fn one(file: &Path, line: Option<usize>, cause: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(file, line, cause);
        faults
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (file, line, cause)) in self.told.iter().enumerate() {
            let line = line.map(|n| format!(":{n}")).unwrap_or_default();
            let end = if i + 1 < self.told.len() { "\n" } else { "" };
            write!(f, "error: {}{line}: {cause}{end}", file.display())?;
        }
        match self.count - self.told.len() {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}
