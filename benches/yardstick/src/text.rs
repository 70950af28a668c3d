//! Files as text: integers one after the other, and CSV with a head. Everything keeps its line, for messages.

use crate::fault::Faults;
use std::path::{Path, PathBuf};

/// Larger files are refused.
const BYTES_MAX: u64 = 1 << 30;

/// Reads a file as text.
pub fn read(file: &Path) -> Result<String, Faults> {
    let fault = |cause: String| Faults::one(file, None, cause);
    let size = std::fs::metadata(file).map_err(|e| fault(format!("cannot be read: {e}")))?.len();
    if size > BYTES_MAX {
        return Err(fault(format!("has {size} bytes; {BYTES_MAX} are the most")));
    }
    std::fs::read_to_string(file).map_err(|e| fault(format!("cannot be read as text: {e}")))
}

/// The integers of a text, by white space.
pub struct Integers<'t> {
    file: PathBuf,
    words: Box<dyn Iterator<Item = (usize, &'t str)> + 't>,
    line: usize,
}

impl<'t> Integers<'t> {
    /// Of the text of `file`.
    pub fn new(file: &Path, text: &'t str) -> Self {
        let lines = text.lines().enumerate();
        let words = lines.flat_map(|(i, l)| l.split_whitespace().map(move |w| (i + 1, w)));
        Self { file: file.to_path_buf(), words: Box::new(words), line: 1 }
    }

    /// A fault where the last integer stands.
    pub fn fault(&self, cause: impl Into<String>) -> Faults {
        Faults::one(&self.file, Some(self.line), cause)
    }

    /// The next integer, from `least` to `most`; `what` names it in messages.
    pub fn next(&mut self, what: &str, least: i64, most: i64) -> Result<i64, Faults> {
        let Some((line, word)) = self.words.next() else {
            return Err(self.fault(format!("the file ends where {what} should be")));
        };
        self.line = line;
        let n: i64 =
            word.parse().map_err(|_| self.fault(format!("{what} is {word:?}, no integer")))?;
        if n < least || n > most {
            return Err(self.fault(format!("{what} is {n}; it may be {least} to {most}")));
        }
        Ok(n)
    }

    /// As many integers as a row has.
    pub fn row(
        &mut self,
        what: &str,
        len: usize,
        least: i64,
        most: i64,
    ) -> Result<Vec<i64>, Faults> {
        (0..len).map(|_| self.next(what, least, most)).collect()
    }

    /// Nothing may follow.
    pub fn end(&mut self) -> Result<(), Faults> {
        match self.words.next() {
            None => Ok(()),
            Some((line, word)) => {
                self.line = line;
                Err(self.fault(format!("{word:?} follows after the end of the instance")))
            }
        }
    }
}

/// A CSV file without quotes, whose first line names the columns.
pub struct Csv<'t> {
    file: PathBuf,
    head: Vec<&'t str>,
    rows: Vec<(usize, Vec<&'t str>)>,
}

/// A row of a [`Csv`].
#[derive(Clone, Copy)]
pub struct Row<'c, 't> {
    csv: &'c Csv<'t>,
    /// Its line, from 1.
    pub line: usize,
    cells: &'c [&'t str],
}

impl<'t> Csv<'t> {
    /// The text of `file`, which must have the columns `wanted`. Rows of another length are faults.
    pub fn new(file: &Path, text: &'t str, wanted: &[&str]) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut lines = text.lines().enumerate().map(|(i, l)| (i + 1, l.trim()));
        let Some((_, first)) = lines.next() else {
            return Err(Faults::one(file, None, "is empty; its first line names the columns"));
        };
        let head: Vec<&str> = first.split(',').map(str::trim).collect();
        for column in wanted.iter().filter(|w| !head.contains(w)) {
            faults.add(file, Some(1), format!("there is no column {column}"));
        }
        let mut rows = Vec::new();
        for (line, text) in lines.filter(|(_, l)| !l.is_empty()) {
            let cells: Vec<&str> = text.split(',').map(str::trim).collect();
            if text.contains('"') {
                faults.add(file, Some(line), "has a quote; cells are plain here");
            } else if cells.len() != head.len() {
                let cause = format!("{} cells under {} columns", cells.len(), head.len());
                faults.add(file, Some(line), cause);
            }
            rows.push((line, cells));
        }
        faults.or(Self { file: file.to_path_buf(), head, rows })
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_, 't>> {
        self.rows.iter().map(|(line, cells)| Row { csv: self, line: *line, cells })
    }
}

impl<'t> Row<'_, 't> {
    /// The cell of a column; empty where there is no such column.
    pub fn text(&self, column: &str) -> &'t str {
        let at = self.csv.head.iter().position(|h| *h == column);
        at.and_then(|i| self.cells.get(i).copied()).unwrap_or("")
    }

    /// The cell as an integer from 0 to `most`; 0 and a fault where it is none.
    pub fn integer(&self, column: &str, most: i64, faults: &mut Faults) -> i64 {
        let text = self.text(column);
        match text.parse() {
            Ok(n) if (0..=most).contains(&n) => n,
            _ => {
                let cause = format!("{column} is {text:?}; it is an integer from 0 to {most}");
                faults.add(&self.csv.file, Some(self.line), cause);
                0
            }
        }
    }
}
