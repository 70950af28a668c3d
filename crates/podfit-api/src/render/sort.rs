//! `--sort-by`: columns by name.

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

/// Sorts by `column`, ascending, equal ones in the order they had. `key` gives the value of a column or
/// `None` where it does not know the column; `known` are the names to tell then.
pub(super) fn sort<T>(
    items: &mut [&T],
    column: Option<&str>,
    known: &[&str],
    extra: impl Fn(&T, &str) -> Option<Key>,
    key: impl Fn(&T, &str) -> Key,
) -> Result<(), SortError> {
    let Some(column) = column else { return Ok(()) };
    if known.contains(&column) {
        items.sort_by_cached_key(|item| key(item, column));
        return Ok(());
    }
    // Resources are columns too: any that some item has.
    if items.iter().any(|item| extra(item, column).is_some()) {
        items.sort_by_cached_key(|item| extra(item, column).unwrap_or(Key::None));
        return Ok(());
    }
    let known = known.iter().map(|k| (*k).to_string()).chain(["a resource".to_string()]).collect();
    Err(SortError { column: column.into(), known })
}
