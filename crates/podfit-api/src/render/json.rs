use crate::report::Envelope;

/// The envelope in JSON, laid out for people.
pub(super) fn text(envelope: &Envelope) -> String {
    let mut text = laid_out(&serde_json::to_string(envelope).expect("a report is plain JSON"));
    text.push('\n');
    text
}

/// JSON without blanks, laid out as serde_json's pretty writer does, which would be code for every type of the reports
/// a second time.
fn laid_out(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    let mut depth = 0;
    let mut rest = compact;
    while let Some(at) = rest.find(['"', '{', '[', '}', ']', ',', ':']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let mut taken = 1;
        match rest.as_bytes()[0] {
            b'"' => taken = string_length(rest),
            b'{' | b'[' if matches!(rest.as_bytes().get(1), Some(b'}' | b']')) => taken = 2,
            b'}' | b']' => {
                depth -= 1;
                line(&mut out, depth);
            }
            _ => {}
        }
        out.push_str(&rest[..taken]);
        match (rest.as_bytes()[0], taken) {
            (b'{' | b'[', 1) => {
                depth += 1;
                line(&mut out, depth);
            }
            (b',', _) => line(&mut out, depth),
            (b':', _) => out.push(' '),
            _ => {}
        }
        rest = &rest[taken..];
    }
    out + rest
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// Bytes of the string at the beginning of a text, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = true;
    let end = text.bytes().position(|b| {
        let end = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        end
    });
    end.map_or(text.len(), |at| at + 1)
}
