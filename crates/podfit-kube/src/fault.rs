//! What is wrong with an input, and where.

use std::fmt;

/// One fault of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// Stable code, as `quantity-invalid`.
    pub code: &'static str,
    /// Where: `dump.json: items[12] (Pod default/web-1): spec.containers[0].resources.requests.cpu`, or
    /// `dump.json:12:5` for syntax.
    pub place: String,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// The object that it is about, as `dump.json: items[12] (Pod default/web-1)`: the rest can be read without it.
    /// `None` where nothing can be: the text breaks off, or there is no node.
    pub object: Option<String>,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}) [{}]", self.place, self.cause, self.fix, self.code)
    }
}

impl std::error::Error for InputError {}

/// Faults kept; of any beyond, only the number is given.
const FAULTS_MAX: usize = 1000;
/// Text of the input that is quoted in a message is cut here, in characters.
const QUOTE_CHARS_MAX: usize = 80;

/// Collects faults while reading goes on.
#[derive(Debug, Default)]
pub struct Faults {
    list: Vec<InputError>,
    beyond: u64,
    /// Of those beyond, the ones about single objects.
    beyond_of_objects: u64,
}

/// How many faults there were at some time: those kept, those beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize, u64);

impl Faults {
    /// Notes a fault.
    pub fn push(
        &mut self,
        place: &dyn fmt::Display,
        code: &'static str,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) {
        if self.list.len() >= FAULTS_MAX {
            self.beyond += 1;
            return;
        }
        let (cause, fix) = (cause.into(), fix.into());
        self.list.push(InputError { code, place: place.to_string(), cause, fix, object: None });
    }

    /// The number of faults so far.
    pub fn mark(&self) -> Mark {
        Mark(self.list.len(), self.beyond)
    }

    /// Notes of all faults since `mark` that they are about `object` alone. Whether there are any.
    pub fn of_object(&mut self, mark: Mark, object: &dyn fmt::Display) -> bool {
        if self.mark() == mark {
            return false;
        }
        let object = object.to_string();
        self.list[mark.0..].iter_mut().for_each(|e| e.object = Some(object.clone()));
        self.beyond_of_objects += self.beyond - mark.1;
        true
    }

    /// Whether every fault is about a single object.
    pub fn all_of_objects(&self) -> bool {
        self.beyond == self.beyond_of_objects && self.list.iter().all(|e| e.object.is_some())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The faults in the order found; where more than 1,000 were, the last entry says how many more.
    pub fn into_list(mut self) -> Vec<InputError> {
        if self.beyond > 0 {
            let of_objects = self.beyond == self.beyond_of_objects;
            self.list.push(InputError {
                code: "more-errors",
                place: "input".into(),
                cause: format!("and {} more", self.beyond),
                fix: "mend the first ones and read again".into(),
                object: of_objects.then(|| "other objects".into()),
            });
        }
        self.list
    }
}

/// Cause and fix of fields that are written as Python names them.
pub(crate) const SNAKE_CASE: (&str, &str) = (
    "its fields are written in snake_case (api_version, node_name), as to_dict() of the Python client gives them",
    "write it as json.dumps(ApiClient().sanitize_for_serialization(objects)), or give the objects to podfit.Cluster.from_kubectl",
);

/// Names given in a sentence; of any beyond, only the number is.
const NAMED_MAX: usize = 10;

/// Names for a sentence: as text, the first ones and how many more there are.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    count: u64,
    named: Vec<String>,
}

impl Listed {
    /// One more.
    pub fn add(&mut self, name: &dyn fmt::Display) {
        self.count += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(name.to_string());
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.named.join(", "))?;
        match self.count - self.named.len() as u64 {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// The objects that were left out because they are faulty.
#[derive(Debug, Default)]
pub struct LeftOut(Listed);

impl LeftOut {
    /// Notes one, as `Pod default/web-1`.
    pub fn add(&mut self, object: &dyn fmt::Display) {
        self.0.add(object);
    }

    /// What a report must say of them; `None` where there are none.
    pub fn sentence(&self) -> Option<String> {
        let objects = match self.0.count() {
            0 => return None,
            1 => "1 object was".into(),
            n => format!("{n} objects were"),
        };
        Some(format!("{objects} left out as faulty: {}", self.0))
    }
}

/// Text from the input as it may appear in a message: quoted, control characters escaped, cut when long.
pub fn quote(text: &str) -> String {
    match text.char_indices().nth(QUOTE_CHARS_MAX) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// Where in an object we are: a chain on the stack, made into text only when a fault is found.
#[derive(Clone, Copy)]
pub enum Path<'a> {
    /// The object.
    Root(&'a dyn fmt::Display),
    /// A field of it.
    Field(&'a Path<'a>, &'a str),
    /// An element of a list, from 0.
    Index(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// The field `name` of what is here.
    pub fn field(&'a self, name: &'a str) -> Path<'a> {
        Path::Field(self, name)
    }

    /// The element `i` of what is here.
    pub fn index(&'a self, i: usize) -> Path<'a> {
        Path::Index(self, i)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root(object) => object.fmt(f),
            Path::Field(parent, name) => {
                parent.fmt(f)?;
                let root = matches!(parent, Path::Root(_));
                if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
                    write!(f, "{}{name}", if root { ": " } else { "." })
                } else {
                    write!(f, "{}[{}]", if root { ": " } else { "" }, quote(name))
                }
            }
            Path::Index(parent, i) => write!(f, "{parent}[{i}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_like_the_object() {
        let root = Path::Root(&"x.json: items[3] (Pod a/b)");
        let (spec, key) = (root.field("spec"), "nvidia.com/gpu");
        let list = spec.field("containers");
        let first = list.index(0);
        assert_eq!(
            first.field(key).to_string(),
            "x.json: items[3] (Pod a/b): spec.containers[0][\"nvidia.com/gpu\"]"
        );
    }

    #[test]
    fn faults_beyond_the_limit_are_counted() {
        let mut faults = Faults::default();
        for _ in 0..1007 {
            faults.push(&"here", "code", "cause", "fix");
        }
        let list = faults.into_list();
        assert_eq!((list.len(), list[1000].cause.as_str()), (1001, "and 7 more"));
    }

    #[test]
    fn faults_of_objects_are_told_from_others_beyond_the_limit_too() {
        for whole in [false, true] {
            let mut faults = Faults::default();
            for i in 0..1007 {
                let mark = faults.mark();
                faults.push(&"here", "code", "cause", "fix");
                assert!(whole && i == 1003 || faults.of_object(mark, &"Pod a/b"));
                assert!(!faults.of_object(faults.mark(), &"Pod a/c"));
            }
            assert_eq!(faults.all_of_objects(), !whole);
            let list = faults.into_list();
            assert!(list[..1000].iter().all(|e| e.object.as_deref() == Some("Pod a/b")));
            assert_eq!(list[1000].object.is_some(), !whole);
        }
    }

    #[test]
    fn what_was_left_out_is_named_up_to_a_limit() {
        let mut left_out = LeftOut::default();
        assert_eq!(left_out.sentence(), None);
        left_out.add(&"Pod a/0");
        assert_eq!(left_out.sentence().unwrap(), "1 object was left out as faulty: Pod a/0");
        (1..12).for_each(|i| left_out.add(&format!("Pod a/{i}")));
        let sentence = left_out.sentence().unwrap();
        assert!(sentence.starts_with("12 objects were left out as faulty: Pod a/0, Pod a/1, "));
        assert!(sentence.ends_with("Pod a/9 and 2 more"), "{sentence}");
    }
}
