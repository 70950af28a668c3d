//! What kubectl says beside the objects that it prints. It says it to standard error; where that goes to the same file
//! (`2>&1`), lines of it stand before, between or behind the objects.

/// Whether a line is a message: a warning of the API server, a line of kubectl's log, or an error.
pub(crate) fn is_message(line: &[u8]) -> bool {
    is_harmless(line) || is_log(line, b"EF") || line.starts_with(b"Error from server")
}

/// Whether a message says nothing of what is printed: `Warning: …`, or the log's warnings and notes.
fn is_harmless(line: &[u8]) -> bool {
    line.starts_with(b"Warning: ") || is_log(line, b"WI")
}

/// A line as `W1128 12:34:56.789012    4711 warnings.go:70] …`, of one of these levels.
fn is_log(line: &[u8], levels: &[u8]) -> bool {
    let form = b"0000 00:00:00";
    line.first().is_some_and(|level| levels.contains(level))
        && line.len() > form.len()
        && form.iter().zip(&line[1..]).all(|(form, b)| match form {
            b'0' => b.is_ascii_digit(),
            _ => b == form,
        })
}

/// Harmless messages before the first object: their length in bytes, and the first of them. `None` where there are none,
/// or where what follows does not begin as objects do.
pub(crate) fn before_objects(start: &[u8]) -> Option<(usize, &[u8])> {
    let (mut at, mut first) = (0, None);
    for line in start.split_inclusive(|&b| b == b'\n') {
        if is_harmless(line) {
            first = first.or(Some(line.trim_ascii_end()));
        } else if !line.trim_ascii().is_empty() {
            break;
        }
        at += line.len();
    }
    const BEGINNINGS: [&[u8]; 8] =
        [b"{", b"[", b"---", b"- ", b"apiVersion:", b"kind:", b"items:", b"metadata:"];
    let objects = BEGINNINGS.iter().any(|beginning| start[at..].starts_with(beginning));
    first.filter(|_| objects).map(|first| (at, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_from_objects() {
        let warning = "Warning: v1 ComponentStatus is deprecated in v1.19+\n";
        let log = "W1128 12:34:56.789012    4711 warnings.go:70] policy/v1beta1 is deprecated\n";
        let error =
            "E1128 12:34:56.789012    4711 memcache.go:265] couldn't get current server API\n";
        for line in [warning, log, error, "Error from server (Forbidden): pods is forbidden"] {
            assert!(is_message(line.as_bytes()), "{line}");
        }
        for line in ["Warnings: 1", "W1128", "W1128 12-34-56.789012", "kind: Pod", ""] {
            assert!(!is_message(line.as_bytes()), "{line}");
        }
        let both = [warning, "\n", log].concat();
        for objects in ["{}", "apiVersion: v1", "- kind: Pod", "---\n"] {
            let text = [&both, objects].concat();
            let found = before_objects(text.as_bytes());
            assert_eq!(found, Some((both.len(), warning.trim_end().as_bytes())), "{objects}");
        }
        for text in [&both, "{}", "", &[error, "{}"].concat(), &[warning, error, "{}"].concat()] {
            assert_eq!(before_objects(text.as_bytes()), None, "{text}");
        }
    }
}
