//! What a text is that does not begin as JSON: YAML, or one of the forms that people take for a dump.

use super::Format;
use crate::messages::is_message;

/// Columns of `kubectl top` that no other table has.
const USAGE: [&[u8]; 2] = [b"CPU(cores)", b"MEMORY(bytes)"];
/// What `kubectl describe` prints soon after the name, whatever the kind.
const DESCRIBED: [&[u8]; 4] = [b"Namespace:", b"Roles:", b"Labels:", b"Annotations:"];
/// How messages begin.
const MESSAGES: [&[u8]; 7] = [
    b"No resources found",
    b"Error from server",
    b"error: ",
    b"Error: ",
    b"The connection to the server",
    b"Unable to connect to the server",
    b"Kubernetes control plane is running",
];

/// The format of a text whose first byte is no blank.
pub(super) fn format(text: &[u8]) -> Format {
    let mut lines = text.split(|&b| b == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next().unwrap_or(text);
    let second = lines.next().unwrap_or(b"");
    if MESSAGES.iter().any(|m| text.starts_with(m)) || is_message(first) || is_of_shell(first) {
        return Format::Message;
    }
    if USAGE.iter().any(|column| contains(first, column)) {
        return Format::Usage;
    }
    if is_table(first) {
        return Format::Table;
    }
    if is_description(text) {
        return Format::Description;
    }
    if first.starts_with(b"# HELP ") || first.starts_with(b"# TYPE ") || is_sample(first) {
        return Format::Metrics;
    }
    if first.starts_with(b"<") && !first.starts_with(b"<<") {
        return Format::Markup;
    }
    if is_name(first) && (second.is_empty() || is_name(second)) {
        return Format::Names;
    }
    if is_csv(first, second) {
        return Format::Csv;
    }
    // `apiVersion` at the margin, the value perhaps in quotes.
    let podfit = text.split(|&b| b == b'\n').any(|line| {
        line.strip_prefix(b"apiVersion:").is_some_and(|v| {
            let v = v.trim_ascii();
            v.strip_prefix(b"\"").or(v.strip_prefix(b"'")).unwrap_or(v).starts_with(b"podfit/")
        })
    });
    if podfit { Format::PodfitYaml } else { Format::KubernetesYaml }
}

/// A text that begins with a bracket and goes on as Python prints dicts: keys in single quotes.
pub(super) fn is_python(text: &[u8]) -> bool {
    let inside = text.trim_ascii_start();
    let inside = inside.strip_prefix(b"[").unwrap_or(inside).trim_ascii_start();
    inside.strip_prefix(b"{").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"'"))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// What a shell says where there is no kubectl.
fn is_of_shell(first: &[u8]) -> bool {
    contains(first, b"command not found") || contains(first, b"is not recognized as")
}

/// Words in capitals, in columns.
fn is_table(first: &[u8]) -> bool {
    let word = |w: &[u8]| w.iter().all(|b| b.is_ascii_uppercase() || b"-()%_/".contains(b));
    let mut words = first.split(|b| b.is_ascii_whitespace()).filter(|w| !w.is_empty());
    let named = matches!(words.clone().next(), Some(b"NAME" | b"NAMESPACE"));
    words.all(word) && (named || contains(first, b"   "))
}

/// `Name:` with its value in a column, and what follows it.
fn is_description(text: &[u8]) -> bool {
    const LINES: usize = 40;
    let mut lines = text.split(|&b| b == b'\n').take(LINES);
    lines.next().is_some_and(|first| first.starts_with(b"Name:  "))
        && lines.any(|line| DESCRIBED.iter().any(|word| line.starts_with(word)))
}

/// A sample as `kube_pod_info{pod="a"} 1`.
fn is_sample(first: &[u8]) -> bool {
    let name = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b':';
    let end = first.iter().position(|&b| !name(b)).unwrap_or(first.len());
    let value = match first[end..].strip_prefix(b"{") {
        Some(labels) => match memchr::memrchr(b'}', labels) {
            Some(close) => &labels[close + 1..],
            None => return false,
        },
        None if first[..end].contains(&b'_') => &first[end..],
        None => return false,
    };
    let number = value.trim_ascii_start().split(|b| b.is_ascii_whitespace()).next().unwrap_or(b"");
    let number = std::str::from_utf8(number).ok().and_then(|n| n.parse::<f64>().ok());
    end > 0 && !first[0].is_ascii_digit() && number.is_some()
}

/// A line as `pod/web-1`, `deployment.apps/web` or `node/a`.
fn is_name(line: &[u8]) -> bool {
    let plain = |part: &[u8]| {
        !part.is_empty()
            && part
                .iter()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(b))
    };
    let mut parts = line.split(|&b| b == b'/');
    matches!((parts.next(), parts.next(), parts.next()), (Some(kind), Some(name), None)
        if plain(kind) && plain(name))
}

/// Two lines with as many separators each, and none of them YAML.
fn is_csv(first: &[u8], second: &[u8]) -> bool {
    let yaml = |line: &[u8]| {
        let key = line.ends_with(b":") || contains(line, b": ");
        key || matches!(line.first(), Some(b'-' | b'#' | b'%' | b'&' | b'!' | b'|' | b'>'))
    };
    let count = |line: &[u8], separator| memchr::memchr_iter(separator, line).count();
    !yaml(first)
        && [b',', b';', b'\t'].iter().any(|&separator| {
            let columns = count(first, separator);
            columns > 0 && (second.is_empty() || count(second, separator) == columns)
        })
}
