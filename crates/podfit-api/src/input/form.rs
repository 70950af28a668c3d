//! Kubernetes' own shapes inside a podfit/v1 document: every unknown field and wrong structure is reported,
//! what is left goes into `podfit-kube`'s structs, which judge the values.

use super::walk::{Field, Report};
use podfit_kube::{tree::Node, wire::Leaf};
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

/// What a value must look like.
#[derive(Debug)]
pub(super) enum Form {
    /// A single value; which, is judged later.
    One,
    /// A list.
    List(&'static Form),
    /// Names of any kind with single values.
    Names,
    /// A map of known fields.
    Fields(&'static [(&'static str, &'static Form)]),
}

use Form::{Fields, List, Names, One};

const TEXTS: Form = List(&One);
const REQUIREMENTS: Form = List(&Fields(&[("key", &One), ("operator", &One), ("values", &TEXTS)]));
/// `selector` of a disruption budget.
pub(super) const LABEL_SELECTOR: Form =
    Fields(&[("matchLabels", &Names), ("matchExpressions", &REQUIREMENTS)]);
const NODE_TERM: Form =
    Fields(&[("matchExpressions", &REQUIREMENTS), ("matchFields", &REQUIREMENTS)]);
const NODE_TERMS: Form = List(&NODE_TERM);
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
const POD_TERM: Form = Fields(&[
    ("labelSelector", &LABEL_SELECTOR),
    ("namespaces", &TEXTS),
    ("namespaceSelector", &LABEL_SELECTOR),
    ("topologyKey", &One),
    ("matchLabelKeys", &TEXTS),
    ("mismatchLabelKeys", &TEXTS),
]);
const POD_AFFINITY: Form = Fields(&[
    (REQUIRED, &List(&POD_TERM)),
    (PREFERRED, &List(&Fields(&[("weight", &One), ("podAffinityTerm", &POD_TERM)]))),
]);
const NODE_AFFINITY: Form = Fields(&[
    (REQUIRED, &Fields(&[("nodeSelectorTerms", &NODE_TERMS)])),
    (PREFERRED, &List(&Fields(&[("weight", &One), ("preference", &NODE_TERM)]))),
]);

/// `labels`, `nodeSelector`.
pub(super) const LABELS: Form = Names;
/// `affinity`.
pub(super) const AFFINITY: Form = Fields(&[
    ("nodeAffinity", &NODE_AFFINITY),
    ("podAffinity", &POD_AFFINITY),
    ("podAntiAffinity", &POD_AFFINITY),
]);
/// `schedulingGates`.
pub(super) const GATES: Form = List(&Fields(&[("name", &One)]));
/// `tolerations`.
pub(super) const TOLERATIONS: Form = List(&Fields(&[
    ("key", &One),
    ("operator", &One),
    ("value", &One),
    ("effect", &One),
    ("tolerationSeconds", &One),
]));
/// `taints`.
pub(super) const TAINTS: Form = List(&Fields(&[("key", &One), ("value", &One), ("effect", &One)]));
/// `topologySpreadConstraints`.
pub(super) const SPREAD: Form = List(&Fields(&[
    ("maxSkew", &One),
    ("topologyKey", &One),
    ("whenUnsatisfiable", &One),
    ("labelSelector", &LABEL_SELECTOR),
    ("minDomains", &One),
    ("nodeAffinityPolicy", &One),
    ("nodeTaintsPolicy", &One),
    ("matchLabelKeys", &TEXTS),
]));

/// Reads a value of this form; what does not fit is reported and left out.
pub(super) fn read<T: DeserializeOwned>(
    field: Option<Field<'_, '_>>,
    form: &Form,
    report: &mut Report<'_>,
) -> Option<T> {
    let field = field?;
    let value = value(&field, form, report)?;
    // Through text, which has a reader for these structs already.
    serde_json::from_str(&value.to_string())
        .map_err(|e| report.fault(&field, "wrong-type", e.to_string(), "correct the field"))
        .ok()
}

fn value(field: &Field<'_, '_>, form: &Form, report: &mut Report<'_>) -> Option<Value> {
    if field.tree.is_absent() {
        return Some(Value::Null);
    }
    match form {
        One => match &field.tree.node {
            Node::Leaf(leaf) => Some(single(leaf)),
            _ => {
                let cause = format!("{} is not a single value", field.tree);
                report.fault(field, "wrong-type", cause, "write a text or a number");
                None
            }
        },
        List(inner) => {
            let items = report.list(Some(field));
            Some(Value::Array(items.filter_map(|item| value(&item, inner, report)).collect()))
        }
        Names => {
            let mut map = Map::new();
            for e in report.map(field)? {
                let at = Field { tree: &e.value, path: field.path.field(&e.key) };
                if let Some(v) = value(&at, &One, report) {
                    map.insert(e.key.clone(), v);
                }
            }
            Some(Value::Object(map))
        }
        Fields(known) => {
            let names: Vec<_> = known.iter().map(|&(name, _)| name).collect();
            let mut map = Map::new();
            let fields = report.fields(field, &names, &[])?;
            for (name, form) in *known {
                if let Some(v) = fields.get(name).and_then(|f| value(&f, form, report)) {
                    map.insert((*name).into(), v);
                }
            }
            Some(Value::Object(map))
        }
    }
}

fn single(leaf: &Leaf) -> Value {
    match leaf {
        Leaf::Text(s) => Value::String(s.clone()),
        Leaf::Int(n) => Value::Number((*n).into()),
        // Nothing in these shapes is a fraction, so this is on its way to be reported.
        Leaf::Number(s) => {
            s.parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
        }
        Leaf::Bool(b) => Value::Bool(*b),
        Leaf::Absent | Leaf::List | Leaf::Map => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use podfit_kube::wire;

    fn names(form: &Form) -> Vec<&'static str> {
        match form {
            Fields(list) => list.iter().map(|&(name, _)| name).collect(),
            List(inner) => names(inner),
            _ => Vec::new(),
        }
    }

    fn inner(form: &'static Form, path: &[&str]) -> &'static Form {
        match (form, path) {
            (List(form), _) => inner(form, path),
            (Fields(list), [first, rest @ ..]) => {
                inner(list.iter().find(|(name, _)| name == first).expect("there").1, rest)
            }
            _ => form,
        }
    }

    /// A field added to a struct of podfit-kube must be let through here.
    #[test]
    fn the_forms_have_the_fields_of_the_structs() {
        let near = inner(&AFFINITY, &["podAffinity"]);
        let node = inner(&AFFINITY, &["nodeAffinity"]);
        let terms = inner(node, &[REQUIRED]);
        let labels = inner(near, &[REQUIRED, "labelSelector"]);
        for (form, fields) in [
            (&AFFINITY, wire::Affinity::FIELDS),
            (node, wire::NodeAffinity::FIELDS),
            (terms, wire::NodeSelector::FIELDS),
            (inner(terms, &["nodeSelectorTerms"]), wire::NodeSelectorTerm::FIELDS),
            (near, wire::PodAffinity::FIELDS),
            (inner(near, &[REQUIRED]), wire::PodAffinityTerm::FIELDS),
            (inner(near, &[PREFERRED]), wire::WeightedPodAffinityTerm::FIELDS),
            (inner(near, &[PREFERRED, "podAffinityTerm"]), wire::PodAffinityTerm::FIELDS),
            (inner(node, &[PREFERRED]), wire::PreferredSchedulingTerm::FIELDS),
            (inner(node, &[PREFERRED, "preference"]), wire::NodeSelectorTerm::FIELDS),
            (labels, wire::LabelSelector::FIELDS),
            (inner(labels, &["matchExpressions"]), wire::SelectorRequirement::FIELDS),
            (&TOLERATIONS, wire::Toleration::FIELDS),
            (&TAINTS, wire::Taint::FIELDS),
            (&SPREAD, wire::TopologySpreadConstraint::FIELDS),
        ] {
            assert_eq!(names(form), fields);
        }
    }
}
