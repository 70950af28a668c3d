//! Which format an input is in, by its first bytes.

use crate::split::{self, Found};

/// What an input looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON of Kubernetes objects (or something unknown in JSON).
    KubernetesJson,
    /// YAML of Kubernetes objects (or something unknown that may be YAML).
    KubernetesYaml,
    /// podfit's own format in JSON: not read here.
    PodfitJson,
    /// podfit's own format in YAML: not read here.
    PodfitYaml,
    /// The table that kubectl prints without `-o`.
    Table,
    /// A message of kubectl instead of objects.
    Message,
    /// UTF-16, as PowerShell's `>` writes.
    Utf16,
    /// gzip, zip or tar.
    Archive,
    /// No text at all, as a picture.
    Binary,
    /// Nothing but blanks.
    Empty,
}

impl Format {
    /// Why an input of this format is refused here and what to do, with a stable code; `None` if it is read.
    pub fn refusal(self) -> Option<(&'static str, &'static str, &'static str)> {
        Some(match self {
            Self::KubernetesJson | Self::KubernetesYaml => return None,
            Self::PodfitJson | Self::PodfitYaml => (
                "podfit-document",
                "it is a podfit/v1 document, not Kubernetes objects",
                "give it as an input of its own",
            ),
            Self::Table => ("table", "it is a table for people", "print with -o json"),
            Self::Message => (
                "kubectl-message",
                "it is a message of kubectl, not objects",
                "run the command again and check what it says",
            ),
            Self::Utf16 => (
                "encoding",
                "the text is UTF-16 (PowerShell's > writes that)",
                "write it as UTF-8: kubectl … | Out-File -Encoding utf8 dump.json",
            ),
            Self::Archive => {
                ("archive", "it is a compressed archive", "unpack it and give the folder")
            }
            Self::Binary => (
                "binary",
                "it is no text (a picture or a program, say)",
                "give what kubectl get … -o json prints",
            ),
            Self::Empty => ("empty", "there is nothing in it", "check the command that wrote it"),
        })
    }
}

/// How many first bytes [`detect`] needs at most; more do no harm.
pub const DETECT_BYTES: usize = 64 << 10;

/// The format of an input, from its first [`DETECT_BYTES`] bytes (or all of it).
///
/// ```
/// use podfit_kube::{Format, detect};
/// assert_eq!(detect(b"{\"kind\": \"List\", \"items\": []}"), Format::KubernetesJson);
/// assert_eq!(detect(b"apiVersion: podfit/v1\nnodes: []\n"), Format::PodfitYaml);
/// assert_eq!(detect(b"NAME    READY   STATUS\nweb-1   1/1     Running\n"), Format::Table);
/// ```
pub fn detect(start: &[u8]) -> Format {
    let start = &start[..start.len().min(DETECT_BYTES)];
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Format::Utf16;
    }
    let tar = start.get(257..262) == Some(b"ustar");
    if start.starts_with(&[0x1f, 0x8b]) || start.starts_with(b"PK\x03\x04") || tar {
        return Format::Archive;
    }
    // Text of no kind that is read here has a zero byte.
    if start.contains(&0) {
        return Format::Binary;
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    match text.first() {
        None => Format::Empty,
        Some(b'{' | b'[') if json_is_podfit(text) => Format::PodfitJson,
        Some(b'{' | b'[') => Format::KubernetesJson,
        Some(_) => of_text(text),
    }
}

fn of_text(text: &[u8]) -> Format {
    let first = text.split(|&b| b == b'\n').next().unwrap_or(text).trim_ascii();
    if text.starts_with(b"No resources found")
        || text.starts_with(b"Error from server")
        || text.starts_with(b"error: ")
        || text.starts_with(b"The connection to the server")
    {
        return Format::Message;
    }
    let mut words = first.split(|b| b.is_ascii_whitespace()).filter(|w| !w.is_empty());
    let upper = |w: &[u8]| w.iter().all(|b| b.is_ascii_uppercase() || b"-()%_/".contains(b));
    if matches!(words.next(), Some(b"NAME" | b"NAMESPACE")) && words.all(upper) {
        return Format::Table;
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

/// Whether the outermost object, or the first of an array, has the `apiVersion` of podfit.
fn json_is_podfit(text: &[u8]) -> bool {
    let mut podfit = false;
    // The text may be cut off, so the end of it says nothing: only what the sink and the head say counts.
    let mut check = |found: Found<'_>| {
        if let Found::Object(piece) = found {
            podfit = crate::peek::peek_json(piece.text).is_podfit();
        }
        false
    };
    let complete = split::json(&mut { text }, &mut check).is_ok();
    podfit || (!complete && crate::peek::peek_json(text).is_podfit())
}
