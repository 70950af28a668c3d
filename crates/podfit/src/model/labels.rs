use super::names::{Names, Sym};

/// Labels of a pod or node, sorted by key symbol, each key once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Labels(Vec<(Sym, Sym)>);

impl Labels {
    /// Labels from pairs; of a repeated key the last wins, as in a map.
    pub fn new(pairs: impl IntoIterator<Item = (Sym, Sym)>) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_by_key(|&(k, _)| k);
        pairs.reverse();
        pairs.dedup_by_key(|&mut (k, _)| k);
        pairs.reverse();
        Self(pairs)
    }

    /// The value of `key`.
    pub fn get(&self, key: Sym) -> Option<Sym> {
        self.0.binary_search_by_key(&key, |&(k, _)| k).ok().map(|i| self.0[i].1)
    }

    /// All pairs in key order.
    pub fn iter(&self) -> impl Iterator<Item = (Sym, Sym)> + '_ {
        self.0.iter().copied()
    }
}

/// A comparison of a node label read as an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumericOp {
    /// Label > bound.
    Gt,
    /// Label < bound.
    Lt,
}

/// One requirement on labels, all operators of label selectors and of node affinity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Requirement {
    /// The key is there with one of the values.
    In(Sym, Vec<Sym>),
    /// The key is absent or has none of the values.
    NotIn(Sym, Vec<Sym>),
    /// The key is there.
    Exists(Sym),
    /// The key is absent.
    DoesNotExist(Sym),
    /// The key is there, is an integer, and compares (node affinity only).
    Number(Sym, NumericOp, i64),
}

impl Requirement {
    /// The label key it looks at.
    pub fn key(&self) -> Sym {
        match self {
            Self::In(key, _)
            | Self::NotIn(key, _)
            | Self::Exists(key)
            | Self::DoesNotExist(key)
            | Self::Number(key, ..) => *key,
        }
    }

    /// Whether labels meet the requirement. Numbers are parsed as base-10 `i64`, as Kubernetes does.
    pub fn matches(&self, labels: &Labels, names: &Names) -> bool {
        match self {
            Self::In(key, values) => labels.get(*key).is_some_and(|v| values.contains(&v)),
            Self::NotIn(key, values) => labels.get(*key).is_none_or(|v| !values.contains(&v)),
            Self::Exists(key) => labels.get(*key).is_some(),
            Self::DoesNotExist(key) => labels.get(*key).is_none(),
            Self::Number(key, op, bound) => labels
                .get(*key)
                .and_then(|v| names.str(v).parse::<i64>().ok())
                .is_some_and(|v| match op {
                    NumericOp::Gt => v > *bound,
                    NumericOp::Lt => v < *bound,
                }),
        }
    }
}

/// A label selector: all requirements must hold, so an empty one matches everything.
/// (Kubernetes' *absent* selector matches nothing; readers turn it into [`Selector::nothing`].)
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selector {
    /// The requirements, joined by "and".
    pub all: Vec<Requirement>,
    /// Whether the selector matches nothing at all.
    pub never: bool,
}

impl Selector {
    /// A selector of these requirements.
    pub fn new(all: Vec<Requirement>) -> Self {
        Self { all, never: false }
    }

    /// The selector that matches nothing.
    pub fn nothing() -> Self {
        Self { all: Vec::new(), never: true }
    }

    /// Whether it asks nothing. It matches everything, but topology spread counts nobody under it
    /// (kube-scheduler's `countPodsMatchSelector`).
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && !self.never
    }

    /// Whether labels meet every requirement.
    pub fn matches(&self, labels: &Labels, names: &Names) -> bool {
        !self.never && self.all.iter().all(|r| r.matches(labels, names))
    }
}

/// One `nodeSelectorTerm`: requirements on labels and on the node's name, joined by "and".
/// A term without any requirement matches no node, as in Kubernetes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeTerm {
    /// `matchExpressions`.
    pub labels: Vec<Requirement>,
    /// `matchFields` on `metadata.name`: (name, whether it must be equal (In) or must differ (NotIn)).
    pub names: Vec<(Sym, bool)>,
}

/// Which nodes a pod or a volume accepts: `labels` and, if there is any term, at least one of `terms`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeSelector {
    /// `spec.nodeSelector`, joined by "and".
    pub labels: Vec<(Sym, Sym)>,
    /// Required node affinity; `None` when there is none, terms joined by "or".
    pub terms: Option<Vec<NodeTerm>>,
}

impl NodeSelector {
    /// Whether a node of this name and these labels is accepted.
    pub fn matches(&self, node_name: Sym, labels: &Labels, names: &Names) -> bool {
        self.labels.iter().all(|&(k, v)| labels.get(k) == Some(v))
            && self.terms.as_ref().is_none_or(|terms| {
                terms.iter().any(|t| {
                    (!t.labels.is_empty() || !t.names.is_empty())
                        && t.labels.iter().all(|r| r.matches(labels, names))
                        && t.names.iter().all(|&(n, equal)| (n == node_name) == equal)
                })
            })
    }

    /// Whether every node is accepted.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.terms.is_none()
    }
}
