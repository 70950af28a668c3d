//! Which pods to list: a namespace and a label selector in kubectl's notation, or those that something becomes of.
//! What is computed is always computed for all.

use podfit::model::{Cluster, PodId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The list of pods was filtered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// Pods listed.
    pub shown: usize,
    /// Pods judged; verdict and counts are about all of them.
    pub all: usize,
    /// The filter.
    pub filter: String,
}

/// Which pods to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    namespace: Option<String>,
    labels: Vec<Term>,
    changed: bool,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

/// A label selector that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectionError {
    /// The part that cannot be read.
    pub part: String,
}

impl std::fmt::Display for SelectionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "label selector: {:?} cannot be read (write app=web, app!=web, app, !app, ",
            self.part
        )?;
        write!(f, "app in (a,b) or app notin (a,b), joined by commas)")
    }
}

impl Selection {
    /// Pods of `namespace` (of all, if `None`) whose labels match `labels`, as `app=web,tier!=db`.
    ///
    /// # Errors
    /// [`SelectionError`] with the part that cannot be read.
    ///
    /// ```
    /// use podfit_api::Selection;
    /// assert!(Selection::new(None, Some("app in (web,api),!canary")).is_ok());
    /// assert!(Selection::new(None, Some("=x")).is_err());
    /// ```
    pub fn new(namespace: Option<&str>, labels: Option<&str>) -> Result<Self, SelectionError> {
        let mut text = namespace.map(|n| format!("-n {n}")).unwrap_or_default();
        let mut terms = Vec::new();
        if let Some(labels) = labels {
            text += &format!("{}-l {labels}", if text.is_empty() { "" } else { " " });
            for part in split_outside_brackets(labels) {
                terms.push(term(part).ok_or_else(|| SelectionError { part: part.trim().into() })?);
            }
        }
        Ok(Self { namespace: namespace.map(Into::into), labels: terms, changed: false, text })
    }

    /// Of a what-if, only pods that do not stay as they are: of a large cluster most do, and the report is shorter.
    ///
    /// ```
    /// use podfit_api::{AnswerOptions, Selection};
    /// let list = Selection::default().changed(true);
    /// # let _ =
    /// AnswerOptions { list, ..AnswerOptions::default() }
    /// # ;
    /// ```
    #[must_use]
    pub fn changed(mut self, only: bool) -> Self {
        if only && !self.changed {
            self.text += if self.text.is_empty() { "--changed" } else { " --changed" };
        }
        self.changed |= only;
        self
    }

    /// Whether pods that stay as they are were asked for, too.
    pub(crate) fn with_unchanged(&self) -> bool {
        !self.changed
    }

    /// What a report says of a list with `shown` of `all` pods: null, unless it was filtered.
    pub(crate) fn listed(&self, shown: usize, all: usize) -> Option<Listed> {
        (*self != Self::default()).then(|| Listed { shown, all, filter: self.text.clone() })
    }

    pub(crate) fn selects(&self, cluster: &Cluster, pod: PodId) -> bool {
        let shape = cluster.shape_of(pod);
        let value = |key: &str| {
            let value = shape.labels.get(cluster.names().get(key)?)?;
            Some(cluster.str(value))
        };
        self.namespace.as_deref().is_none_or(|n| n == cluster.str(shape.namespace))
            && self.labels.iter().all(|term| match term {
                Term::In(key, values) => value(key).is_some_and(|v| values.iter().any(|w| w == v)),
                Term::NotIn(key, values) => {
                    value(key).is_none_or(|v| values.iter().all(|w| w != v))
                }
                Term::Exists(key) => value(key).is_some(),
                Term::Absent(key) => value(key).is_none(),
            })
    }
}

fn split_outside_brackets(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0u32);
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn term(part: &str) -> Option<Term> {
    let part = part.trim();
    if let Some(list) = part.strip_suffix(')') {
        let (head, list) = list.split_once('(')?;
        let values = list.split(',').map(|v| v.trim().to_string()).collect();
        let (key, op) = head.trim().split_once(char::is_whitespace)?;
        let key = name(key)?;
        return match op.trim() {
            "in" => Some(Term::In(key, values)),
            "notin" => Some(Term::NotIn(key, values)),
            _ => None,
        };
    }
    if let Some((key, value)) = part.split_once("!=") {
        return Some(Term::NotIn(name(key)?, vec![value.trim().into()]));
    }
    if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        return Some(Term::In(name(key)?, vec![value.trim().into()]));
    }
    match part.strip_prefix('!') {
        Some(key) => Some(Term::Absent(name(key)?)),
        None => Some(Term::Exists(name(part)?)),
    }
}

fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    (!text.is_empty() && text.chars().all(legal)).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use podfit::model::{ClusterBuilder, Labels, PodSpec, Resources};

    fn selected(namespace: Option<&str>, labels: &str) -> Vec<&'static str> {
        let mut b = ClusterBuilder::new();
        let pods = [("a", "one", "web"), ("b", "one", "db"), ("c", "two", "web")];
        for (name, ns, app) in pods {
            let mut shape = b.shape(ns, Resources::new());
            let app = (b.intern("app"), b.intern(app));
            shape.labels = Labels::new([app]);
            b.add_pod(PodSpec::new(name, shape), 0);
        }
        let cluster = b.build().unwrap();
        let labels = (!labels.is_empty()).then_some(labels);
        let selection = Selection::new(namespace, labels).unwrap();
        let hit = cluster.pod_ids().filter(|&p| selection.selects(&cluster, p));
        hit.map(|p| pods[p.index()].0).collect()
    }

    #[test]
    fn selects_as_kubectl_does() {
        assert_eq!(selected(None, ""), ["a", "b", "c"]);
        assert_eq!(selected(Some("one"), ""), ["a", "b"]);
        assert_eq!(selected(Some("one"), "app=web"), ["a"]);
        assert_eq!(selected(None, "app==web"), ["a", "c"]);
        assert_eq!(selected(None, "app!=web"), ["b"]);
        assert_eq!(selected(None, "app in (db, x),app"), ["b"]);
        assert_eq!(selected(None, "app notin (db)"), ["a", "c"]);
        assert_eq!(selected(None, "!app"), [""; 0]);
        assert_eq!(selected(None, "!tier,app"), ["a", "b", "c"]);
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        for bad in ["", "=x", "a b", "a in x", "a in (x", "a of (x)", "app=web,,"] {
            assert!(Selection::new(None, Some(bad)).is_err(), "{bad:?}");
        }
    }
}
