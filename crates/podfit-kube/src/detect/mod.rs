//! Which format an input is in, by its first bytes.

mod text;

use crate::{
    collect::kubectl_line,
    messages,
    split::{self, Found},
};

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
    /// What `kubectl top` prints: usage.
    Usage,
    /// What `kubectl describe` prints.
    Description,
    /// What `kubectl get -o name` prints.
    Names,
    /// A message of kubectl instead of objects.
    Message,
    /// A template of a Helm chart, not rendered.
    Template,
    /// Values separated by commas, semicolons or tabs.
    Csv,
    /// Metrics in the text format of Prometheus.
    Metrics,
    /// HTML or XML.
    Markup,
    /// How Python prints a dict, or an object of its Kubernetes client.
    PythonText,
    /// UTF-16, as PowerShell's `>` writes.
    Utf16,
    /// gzip, zip or tar.
    Archive,
    /// No text at all, as a picture.
    Binary,
    /// Nothing but blanks.
    Empty,
}

/// Why an input is not read: a stable code, the cause, and what to do.
pub type Refusal = (&'static str, &'static str, String);

impl Format {
    /// Why an input of this format is refused here and what to do; `None` if it is read.
    pub fn refusal(self) -> Option<Refusal> {
        let objects = || format!("print objects: {}", kubectl_line());
        let (code, cause, fix) = match self {
            Self::KubernetesJson | Self::KubernetesYaml => return None,
            Self::PodfitJson | Self::PodfitYaml => (
                "podfit-document",
                "it is a podfit/v1 document, not Kubernetes objects",
                "give it as an input of its own".into(),
            ),
            Self::Table => ("table", "it is a table for people", objects()),
            Self::Usage => (
                "kubectl-top",
                "it is what kubectl top prints: usage, which the scheduler does not look at",
                objects(),
            ),
            Self::Description => {
                ("kubectl-describe", "it is what kubectl describe prints for people", objects())
            }
            Self::Names => {
                ("kubectl-names", "it is a list of names, as kubectl get -o name prints", objects())
            }
            Self::Message => (
                "kubectl-message",
                "it is a message of kubectl, not objects",
                format!("run the command again and check what it says: {}", kubectl_line()),
            ),
            Self::Template => (
                "helm-template",
                "it is a template of a Helm chart, not rendered",
                "render it first: helm template … > rendered.yaml".into(),
            ),
            Self::Csv => (
                "csv",
                "it is a table of values (CSV)",
                format!("{}; in Python, Cluster.from_frames takes tables", objects()),
            ),
            Self::Metrics => (
                "metrics",
                "it is metrics in the text format of Prometheus",
                format!("podfit counts requests, not usage: {}", objects()),
            ),
            Self::Markup => (
                "markup",
                "it is HTML or XML, a page to log in perhaps",
                format!("check where it comes from; {}", objects()),
            ),
            Self::PythonText => (
                "python-text",
                "it is how Python prints a dict or an object, not JSON",
                "write it with json.dumps, objects of the official client by \
                 json.dumps(ApiClient().sanitize_for_serialization(objects)); or give them to podfit.Cluster.from_kubectl"
                    .into(),
            ),
            Self::Utf16 => (
                "encoding",
                "the text is UTF-16 (PowerShell's > writes that)",
                "write it as UTF-8: kubectl … | Out-File -Encoding utf8 dump.json".into(),
            ),
            Self::Archive => {
                ("archive", "it is a compressed archive", "unpack it and give the folder".into())
            }
            Self::Binary => (
                "binary",
                "it is no text (a picture or a program, say)",
                format!("give what {} prints", kubectl_line()),
            ),
            Self::Empty => {
                ("empty", "there is nothing in it", "check the command that wrote it".into())
            }
        };
        Some((code, cause, fix))
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
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let skip = messages::before_objects(text).map_or(0, |(bytes, _)| bytes);
    let text = text[skip..].trim_ascii_start();
    match text.first() {
        None => Format::Empty,
        Some(b'{') if text.starts_with(b"{{") => Format::Template,
        Some(b'{' | b'[') if text::is_python(text) => Format::PythonText,
        Some(b'{' | b'[') if json_is_podfit(text) => Format::PodfitJson,
        Some(b'{' | b'[') => Format::KubernetesJson,
        Some(_) => text::format(text),
    }
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
