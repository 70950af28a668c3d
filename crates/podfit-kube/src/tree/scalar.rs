//! What a single value of YAML is: by its tag, else by its quotes, else by its looks (YAML 1.2, and numbers in the
//! forms that other readers of YAML take: `+1`, `0b101`, `1_000`).

use crate::{fault::quote, wire::Leaf};
use granit_parser::{ScalarStyle, Tag};
use std::borrow::Cow;

/// The name of one of YAML's own tags (`int` for `!!int`, and for `!int`), `!` for the tag that only says "as written".
/// Others mean nothing here.
pub(super) fn tag_name(tag: Option<&Tag>) -> Option<Cow<'_, str>> {
    let tag = tag?;
    let name = match tag.parts() {
        ("", "!") => Cow::Borrowed("!"),
        ("!", "") => Cow::Borrowed("!"),
        ("!", name) => Cow::Borrowed(name),
        _ => tag.suffix_in_namespace("tag:yaml.org,2002:")?,
    };
    KNOWN.contains(&name.as_ref()).then_some(name)
}

const KNOWN: [&str; 11] =
    ["!", "str", "null", "bool", "int", "float", "binary", "timestamp", "seq", "map", "merge"];

/// The value; else why there is none.
pub(super) fn leaf(
    text: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
) -> Result<Leaf, String> {
    let tag = tag_name(tag);
    let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
    let read = match tag.as_deref() {
        None | Some("merge") => match style {
            ScalarStyle::Plain => return plain(text),
            _ => return Ok(Leaf::Text(text.into_owned())),
        },
        Some("!" | "str") => return Ok(Leaf::Text(text.into_owned())),
        Some("null") => Some(Leaf::Absent),
        Some("bool") => flag(trimmed),
        Some("int") => whole(trimmed),
        Some("float") => decimal(trimmed)?,
        Some(_) => None,
    };
    let tag = tag.unwrap_or_default();
    read.ok_or_else(|| format!("{} is not read as !!{tag}", quote(&text)))
}

/// Whether a text without quotes is nothing.
pub(super) fn is_null(text: &str) -> bool {
    text.is_empty() || text == "~" || text.eq_ignore_ascii_case("null")
}

fn plain(text: Cow<'_, str>) -> Result<Leaf, String> {
    if is_null(&text) {
        return Ok(Leaf::Absent);
    }
    let read = match text.as_bytes()[0] {
        b't' | b'T' | b'f' | b'F' => flag(&text),
        b'0'..=b'9' | b'+' | b'-' | b'.' => match whole(&text) {
            None => decimal(&text)?,
            number => number,
        },
        _ => None,
    };
    Ok(read.unwrap_or_else(|| Leaf::Text(text.into_owned())))
}

fn flag(text: &str) -> Option<Leaf> {
    let is = |word| text.eq_ignore_ascii_case(word);
    if is("true") || is("false") { Some(Leaf::Bool(is("true"))) } else { None }
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A whole number of 64 bits.
fn whole(text: &str) -> Option<Leaf> {
    let (negative, digits) = sign(text);
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        // Octal in YAML 1.1, decimal in some readers: not taken for a whole number at all.
        [b'0', _, ..] => return None,
        _ => (10, digits),
    };
    // Underscores stand between digits.
    if digits.split('_').any(str::is_empty) {
        return None;
    }
    let mut value = 0u64;
    for digit in digits.chars().filter(|&c| c != '_') {
        let digit = digit.to_digit(radix)?;
        value = value.checked_mul(radix.into())?.checked_add(digit.into())?;
    }
    let value = if negative { -i128::from(value) } else { value.into() };
    match i64::try_from(value) {
        Ok(n) => Some(Leaf::Int(n)),
        Err(_) if negative => None,
        Err(_) => Some(Leaf::Number(value.to_string())),
    }
}

/// Any other number, as the shortest text of a double.
fn decimal(text: &str) -> Result<Option<Leaf>, String> {
    let (_, digits) = sign(text);
    let named = [".inf", ".nan"].iter().any(|name| digits.eq_ignore_ascii_case(name));
    let number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match text.parse::<f64>() {
        Ok(v) if number && v.is_finite() => Ok(Some(Leaf::Number(v.to_string()))),
        Ok(_) if number => Err(format!("{} is not a finite number", quote(text))),
        _ if named => Err(format!("{} is not a finite number", quote(text))),
        _ => Ok(None),
    }
}
