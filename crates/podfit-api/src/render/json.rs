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
    let bytes = compact.as_bytes();
    let mut out = String::with_capacity(compact.len() * 2);
    let (mut at, mut depth) = (0, 0);
    while at < bytes.len() {
        let end = at + token_length(&bytes[at..]);
        let token = &compact[at..end];
        match token {
            "{" | "[" => depth += 1,
            "}" | "]" => {
                depth -= 1;
                line(&mut out, depth);
            }
            _ => {}
        }
        out.push_str(token);
        match token {
            "{" | "[" | "," => line(&mut out, depth),
            ":" => out.push(' '),
            _ => {}
        }
        at = end;
    }
    out
}

/// Bytes of what begins the text: a mark, an empty list or map, or a single value.
fn token_length(text: &[u8]) -> usize {
    let end = match text {
        [b'{', b'}', ..] | [b'[', b']', ..] => Some(2),
        [b'{' | b'[' | b'}' | b']' | b',' | b':', ..] => Some(1),
        [b'"', inside @ ..] => {
            let mut escaped = false;
            let quote = inside.iter().position(|&b| {
                let quote = b == b'"' && !escaped;
                escaped = b == b'\\' && !escaped;
                quote
            });
            quote.map(|at| at + 2)
        }
        _ => text.iter().position(|b| b",}]".contains(b)),
    };
    end.unwrap_or(text.len())
}

fn line(out: &mut String, depth: usize) {
    const BLANKS: &str = "                ";
    out.push('\n');
    let mut columns = depth * 2;
    while columns > 0 {
        let some = columns.min(BLANKS.len());
        out.push_str(&BLANKS[..some]);
        columns -= some;
    }
}
