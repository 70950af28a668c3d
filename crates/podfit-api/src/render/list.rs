//! The list in a report: sorted by a column, or as CSV.

use super::page::clean;
use std::collections::{BTreeMap, BTreeSet};

/// A value to sort by. Text before nothing would surprise: what is absent comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Absent.
    None,
    /// A number.
    Number(i64),
    /// Text.
    Text(String),
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<Option<&str>> for Key {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::None, Into::into)
    }
}

impl From<i64> for Key {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Key {
    fn from(number: usize) -> Self {
        Self::Number(number as i64)
    }
}

/// There is no such column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortError {
    /// What was asked for.
    pub column: String,
    /// What there is.
    pub known: Vec<String>,
}

impl std::fmt::Display for SortError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no column {:?} to sort by; there are: {}", self.column, self.known.join(", "))
    }
}

impl std::error::Error for SortError {}

/// An item of a report's list: a record in CSV, one or more of them a line in a table.
pub(super) trait Item {
    /// Columns, in CSV and for sorting.
    const COLUMNS: &'static [&'static str];

    /// The value of a column, to sort by.
    fn key(&self, column: &str) -> Key;

    /// The value in CSV, where that differs.
    fn cell(&self, column: &str) -> Key {
        self.key(column)
    }

    /// Amounts by resource, which are columns too.
    fn requests(&self) -> Option<&BTreeMap<String, i64>> {
        None
    }
}

fn request<T: Item>(item: &T, resource: &str) -> Option<i64> {
    item.requests()?.get(resource).copied()
}

/// Sorts by `column`, ascending, equal ones in the order they had.
pub(super) fn sort<T: Item>(items: &mut [&T], column: Option<&str>) -> Result<(), SortError> {
    let Some(column) = column else { return Ok(()) };
    if T::COLUMNS.contains(&column) {
        items.sort_by_cached_key(|item| item.key(column));
        return Ok(());
    }
    // Resources are columns too: any that some item has.
    if items.iter().any(|item| request(*item, column).is_some()) {
        items.sort_by_cached_key(|item| request(*item, column).map_or(Key::None, Key::Number));
        return Ok(());
    }
    let known = T::COLUMNS.iter().copied().chain(["a resource"]).map(Into::into).collect();
    Err(SortError { column: column.into(), known })
}

/// CSV by RFC 4180 (with line feeds): a header, one record a line, amounts as whole numbers.
#[inline(never)] // As `table`.
pub(super) fn csv<T: Item>(mut items: Vec<&T>, sort_by: Option<&str>) -> Result<String, SortError> {
    sort(&mut items, sort_by)?;
    let requests = items.iter().filter_map(|item| item.requests());
    let resources: BTreeSet<&str> = requests.flat_map(|r| r.keys().map(String::as_str)).collect();
    let head: Vec<String> = T::COLUMNS.iter().chain(&resources).map(|c| quoted(c)).collect();
    let mut out = head.join(",");
    out.push('\n');
    for item in &items {
        let amount = |r: &&str| request(*item, r).unwrap_or(0).to_string();
        let cells = T::COLUMNS.iter().map(|column| match item.cell(column) {
            Key::None => String::new(),
            Key::Number(n) => n.to_string(),
            Key::Text(text) => quoted(&clean(&text)),
        });
        out += &cells.chain(resources.iter().map(amount)).collect::<Vec<_>>().join(",");
        out.push('\n');
    }
    Ok(out)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_what_would_break_a_record() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("say \"x\"\n"), "\"say \"\"x\"\"\n\"");
    }
}
