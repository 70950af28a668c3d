//! Where a pod may run and would rather run: selectors, affinity, tolerations, ports.

use super::{
    Out,
    bounds::{ENTRIES_MAX, NAMES_MAX, PORTS_MAX, TERMS_MAX, within},
};
use crate::{
    fault::{Path, quote},
    wire::{self, Leaf, Map},
};
use podfit::model::{
    Effect, HostPort, Labels, Names, NamespaceSet, NodeSelector, NodeTerm, NumericOp, PodTerm,
    Protocol, Requirement, Selector, Sym, Taint, Toleration,
};

/// A term of pod (anti-)affinity whose namespaces are not resolved yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DraftTerm {
    /// Namespaces by name, sorted; the pod's own where neither names nor a selector are given.
    pub namespaces: Vec<Sym>,
    /// Namespaces by label, in addition.
    pub namespace_selector: Option<Selector>,
    /// Which pods, matchLabelKeys and mismatchLabelKeys merged in.
    pub selector: Selector,
    /// Node label that makes the domains.
    pub topology_key: Sym,
}

impl DraftTerm {
    /// The term with its namespaces by name, out of these with their labels, sorted by symbol.
    pub fn resolve(&self, namespaces: &[(Sym, Labels)], names: &Names) -> PodTerm {
        let set = match &self.namespace_selector {
            Some(selector) if *selector == Selector::default() => NamespaceSet::All,
            selector => {
                let by_label = namespaces.iter().filter(|(_, labels)| {
                    selector.as_ref().is_some_and(|s| s.matches(labels, names))
                });
                let mut list = self.namespaces.clone();
                list.extend(by_label.map(|&(name, _)| name));
                list.sort_unstable();
                list.dedup();
                NamespaceSet::Of(list)
            }
        };
        let (selector, topology_key) = (self.selector.clone(), self.topology_key);
        PodTerm { namespaces: set, selector, topology_key }
    }
}

/// Labels; a value that is no text is reported.
pub fn labels(map: Option<&Map>, path: &Path<'_>, out: &mut Out<'_>) -> Labels {
    Labels::new(pairs(map, path, out))
}

fn pairs(map: Option<&Map>, path: &Path<'_>, out: &mut Out<'_>) -> Vec<(Sym, Sym)> {
    let mut list = Vec::new();
    for (key, value) in within(map.map(|m| m.0.as_slice()), NAMES_MAX, path, out) {
        let value = match value {
            Leaf::Absent => Some(""),
            _ => value.text(&path.field(key), out.faults),
        };
        if let Some(value) = value {
            list.push((out.builder.intern(key), out.builder.intern(value)));
        }
    }
    list
}

/// `spec.nodeSelector` and required node affinity together.
pub fn node_selector(
    node_selector: Option<&Map>,
    affinity: Option<&wire::NodeAffinity>,
    spec: &Path<'_>,
    out: &mut Out<'_>,
) -> NodeSelector {
    let mut labels = pairs(node_selector, &spec.field("nodeSelector"), out);
    labels.sort_unstable();
    let required =
        affinity.and_then(|a| a.required_during_scheduling_ignored_during_execution.as_ref());
    let at = spec.field("affinity");
    let at = at.field("nodeAffinity");
    NodeSelector { labels, terms: required.map(|r| node_terms(r, &at.field(REQUIRED), out)) }
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Preferred node affinity, each term with its weight. A term without requirements prefers nothing and is left
/// out, as the scheduler does (`component-helpers/scheduling/corev1/nodeaffinity`).
pub fn preferred_nodes(
    affinity: Option<&wire::NodeAffinity>,
    spec: &Path<'_>,
    out: &mut Out<'_>,
) -> Vec<(i64, NodeTerm)> {
    let list =
        affinity.and_then(|a| a.preferred_during_scheduling_ignored_during_execution.as_deref());
    let at = spec.field("affinity");
    let at = at.field("nodeAffinity");
    let at = at.field(PREFERRED);
    let mut terms = Vec::new();
    for (i, preferred) in within(list, ENTRIES_MAX, &at, out).iter().enumerate() {
        let at = at.index(i);
        let weight = weight(&preferred.weight, &at, out);
        let Some(term) = &preferred.preference else { continue };
        let term = node_term(term, &at.field("preference"), out);
        if let Some(weight) = weight
            && !(term.labels.is_empty() && term.names.is_empty())
        {
            terms.push((weight, term));
        }
    }
    terms
}

/// The weight of a preferred term, 1 to 100 (`pkg/apis/core/validation`); what is not is reported.
fn weight(leaf: &Leaf, path: &Path<'_>, out: &mut Out<'_>) -> Option<i64> {
    let at = path.field("weight");
    match leaf.int(&at, out.faults) {
        Some(n) if (1..=100).contains(&n) => Some(n),
        None if !matches!(leaf, Leaf::Absent) => None,
        _ => {
            let cause = format!("the weight is {leaf}");
            out.faults.push(&at, "out-of-range", cause, "write a whole number from 1 to 100");
            None
        }
    }
}

/// The terms of a node selector, joined by "or".
pub fn node_terms(
    selector: &wire::NodeSelector,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Vec<NodeTerm> {
    let at = path.field("nodeSelectorTerms");
    let terms = within(selector.node_selector_terms.as_deref(), NAMES_MAX, &at, out);
    terms.iter().enumerate().map(|(i, term)| node_term(term, &at.index(i), out)).collect()
}

fn node_term(term: &wire::NodeSelectorTerm, path: &Path<'_>, out: &mut Out<'_>) -> NodeTerm {
    let at = path.field("matchExpressions");
    let expressions = within(term.match_expressions.as_deref(), ENTRIES_MAX, &at, out);
    let expressions = expressions.iter().enumerate();
    let labels = expressions.filter_map(|(i, r)| requirement(r, true, &at.index(i), out)).collect();
    let mut names = Vec::new();
    let at = path.field("matchFields");
    for (i, field) in within(term.match_fields.as_deref(), ENTRIES_MAX, &at, out).iter().enumerate()
    {
        let at = at.index(i);
        let one = match field.values.as_deref() {
            Some([one]) => one.text(&at.field("values"), out.faults),
            _ => None,
        };
        match (field.key.as_str(), field.operator.as_str(), one) {
            (Some("metadata.name"), Some("In"), Some(n)) => {
                names.push((out.builder.intern(n), true))
            }
            (Some("metadata.name"), Some("NotIn"), Some(n)) => {
                names.push((out.builder.intern(n), false));
            }
            _ => out.faults.push(
                &at,
                "selector-invalid",
                "a matchFields requirement must be metadata.name In or NotIn one value",
                "correct the requirement",
            ),
        }
    }
    NodeTerm { labels, names }
}

/// A label selector; an absent one matches nothing.
pub fn label_selector(
    selector: Option<&wire::LabelSelector>,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Selector {
    let Some(selector) = selector else { return Selector::nothing() };
    let equal = pairs(selector.match_labels.as_ref(), &path.field("matchLabels"), out);
    let mut all: Vec<_> = equal.into_iter().map(|(k, v)| Requirement::In(k, vec![v])).collect();
    let at = path.field("matchExpressions");
    let expressions = within(selector.match_expressions.as_deref(), ENTRIES_MAX, &at, out);
    for (i, r) in expressions.iter().enumerate() {
        all.extend(requirement(r, false, &at.index(i), out));
    }
    Selector::new(all)
}

fn requirement(
    r: &wire::SelectorRequirement,
    on_node: bool,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Option<Requirement> {
    let mut texts = Vec::new();
    let at = path.field("values");
    for (i, value) in within(r.values.as_deref(), NAMES_MAX, &at, out).iter().enumerate() {
        texts.push(value.text(&at.index(i), out.faults)?);
    }
    let Some(key) = r.key.text(&path.field("key"), out.faults).filter(|k| !k.is_empty()) else {
        out.faults.push(path, "selector-invalid", "a requirement without key", "name the label");
        return None;
    };
    let key = out.builder.intern(key);
    let operator = r.operator.text(&path.field("operator"), out.faults).unwrap_or("");
    let fault = match (operator, texts.as_slice()) {
        ("In" | "NotIn", []) => "In and NotIn need at least one value",
        ("In" | "NotIn", _) => {
            let mut values: Vec<_> = texts.iter().map(|t| out.builder.intern(t)).collect();
            values.sort_unstable();
            values.dedup();
            return Some(match operator {
                "In" => Requirement::In(key, values),
                _ => Requirement::NotIn(key, values),
            });
        }
        ("Exists", []) => return Some(Requirement::Exists(key)),
        ("DoesNotExist", []) => return Some(Requirement::DoesNotExist(key)),
        ("Exists" | "DoesNotExist", _) => "Exists and DoesNotExist take no values",
        ("Gt" | "Lt", [bound]) if on_node => match bound.parse() {
            Ok(n) if operator == "Gt" => return Some(Requirement::Number(key, NumericOp::Gt, n)),
            Ok(n) => return Some(Requirement::Number(key, NumericOp::Lt, n)),
            Err(_) => "the value of Gt and Lt must be a whole number",
        },
        ("Gt" | "Lt", _) if on_node => "Gt and Lt take one value",
        _ => {
            let cause = format!("unknown operator {}", r.operator);
            let fix = if on_node { NODE_OPERATORS } else { OPERATORS };
            out.faults.push(&path.field("operator"), "operator-unknown", cause, fix);
            return None;
        }
    };
    out.faults.push(path, "selector-invalid", fault, "correct the requirement");
    None
}

const OPERATORS: &str = "use In, NotIn, Exists or DoesNotExist";
const NODE_OPERATORS: &str = "use In, NotIn, Exists, DoesNotExist, Gt or Lt";

/// Required pod (anti-)affinity. `labels` and `namespace` are the pod's own.
pub fn pod_terms(
    affinity: Option<&wire::PodAffinity>,
    own: &Labels,
    namespace: Sym,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Vec<DraftTerm> {
    let Some(affinity) = affinity else { return Vec::new() };
    let terms = affinity.required_during_scheduling_ignored_during_execution.as_deref();
    let at = path.field(REQUIRED);
    let terms = within(terms, TERMS_MAX, &at, out).iter();
    terms.enumerate().filter_map(|(i, t)| pod_term(t, own, namespace, &at.index(i), out)).collect()
}

/// Preferred pod (anti-)affinity, each term with its weight, which is negated for anti-affinity (`far`).
pub fn preferred_pods(
    affinity: Option<&wire::PodAffinity>,
    far: bool,
    own: &Labels,
    namespace: Sym,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Vec<(i64, DraftTerm)> {
    let list =
        affinity.and_then(|a| a.preferred_during_scheduling_ignored_during_execution.as_deref());
    let at = path.field(PREFERRED);
    let mut terms = Vec::new();
    for (i, preferred) in within(list, ENTRIES_MAX, &at, out).iter().enumerate() {
        let at = at.index(i);
        let weight = weight(&preferred.weight, &at, out);
        let none = wire::PodAffinityTerm::default();
        let term = preferred.pod_affinity_term.as_ref().unwrap_or(&none);
        let term = pod_term(term, own, namespace, &at.field("podAffinityTerm"), out);
        if let (Some(weight), Some(term)) = (weight, term) {
            terms.push((if far { -weight } else { weight }, term));
        }
    }
    terms
}

fn pod_term(
    term: &wire::PodAffinityTerm,
    own: &Labels,
    namespace: Sym,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Option<DraftTerm> {
    let mut selector =
        label_selector(term.label_selector.as_ref(), &path.field("labelSelector"), out);
    merge_keys(&mut selector, term.match_label_keys.as_deref(), own, true, path, out);
    merge_keys(&mut selector, term.mismatch_label_keys.as_deref(), own, false, path, out);
    let mut namespaces = Vec::new();
    let at = path.field("namespaces");
    for (i, name) in within(term.namespaces.as_deref(), NAMES_MAX, &at, out).iter().enumerate() {
        if let Some(name) = name.text(&at.index(i), out.faults) {
            namespaces.push(out.builder.intern(name));
        }
    }
    if namespaces.is_empty() && term.namespace_selector.is_none() {
        namespaces.push(namespace);
    }
    namespaces.sort_unstable();
    namespaces.dedup();
    let at = path.field("namespaceSelector");
    let namespace_selector =
        term.namespace_selector.as_ref().map(|s| label_selector(Some(s), &at, out));
    let topology_key = topology_key(&term.topology_key, path, out)?;
    Some(DraftTerm { namespaces, namespace_selector, selector, topology_key })
}

pub(super) fn topology_key(key: &Leaf, path: &Path<'_>, out: &mut Out<'_>) -> Option<Sym> {
    let at = path.field("topologyKey");
    match key.text(&at, out.faults) {
        Some(key) if !key.is_empty() => Some(out.builder.intern(key)),
        _ => {
            out.faults.push(&at, "topology-key-missing", "no topologyKey", "name a node label");
            None
        }
    }
}

/// Merges keys whose value the pod itself carries; a key it lacks is ignored. The API server of 1.29 and
/// later has done it already: then the requirement is there and is not added twice.
pub(super) fn merge_keys(
    selector: &mut Selector,
    keys: Option<&[Leaf]>,
    own: &Labels,
    equal: bool,
    path: &Path<'_>,
    out: &mut Out<'_>,
) {
    let at = path.field(if equal { "matchLabelKeys" } else { "mismatchLabelKeys" });
    for (i, key) in within(keys, ENTRIES_MAX, &at, out).iter().enumerate() {
        let Some(key) = key.text(&at.index(i), out.faults) else { continue };
        let key = out.builder.intern(key);
        let Some(value) = own.get(key) else { continue };
        let requirement = match equal {
            true => Requirement::In(key, vec![value]),
            false => Requirement::NotIn(key, vec![value]),
        };
        if !selector.never && !selector.all.contains(&requirement) {
            selector.all.push(requirement);
        }
    }
}

fn effect(leaf: &Leaf, path: &Path<'_>, out: &mut Out<'_>) -> Option<Effect> {
    match leaf.as_str() {
        Some("NoSchedule") => Some(Effect::NoSchedule),
        Some("PreferNoSchedule") => Some(Effect::PreferNoSchedule),
        Some("NoExecute") => Some(Effect::NoExecute),
        _ => {
            let fix = "use NoSchedule, PreferNoSchedule or NoExecute";
            let cause = format!("unknown effect {leaf}");
            out.faults.push(&path.field("effect"), "effect-unknown", cause, fix);
            None
        }
    }
}

/// Taints of a node.
pub fn taints(list: Option<&[wire::Taint]>, path: &Path<'_>, out: &mut Out<'_>) -> Vec<Taint> {
    let mut taints = Vec::new();
    for (i, t) in within(list, ENTRIES_MAX, path, out).iter().enumerate() {
        let at = path.index(i);
        let key = t.key.text(&at.field("key"), out.faults).unwrap_or("");
        if key.is_empty() {
            out.faults.push(&at, "taint-invalid", "a taint without key", "name the key");
        }
        let value = t.value.text(&at.field("value"), out.faults).unwrap_or("");
        if let Some(effect) = effect(&t.effect, &at, out) {
            let (key, value) = (out.builder.intern(key), out.builder.intern(value));
            taints.push(Taint { key, value, effect });
        }
    }
    taints
}

/// Tolerations. The comparison operators of 1.35 (Gt, Lt) become a gap: the toleration is left out.
pub fn tolerations(
    list: Option<&[wire::Toleration]>,
    path: &Path<'_>,
    out: &mut Out<'_>,
) -> Vec<Toleration> {
    let mut tolerations = Vec::new();
    for (i, t) in within(list, ENTRIES_MAX, path, out).iter().enumerate() {
        let at = path.index(i);
        let any_value = match t.operator.as_str() {
            None | Some("" | "Equal") if !matches!(t.operator, Leaf::Absent | Leaf::Text(_)) => {
                t.operator.text(&at.field("operator"), out.faults);
                continue;
            }
            None | Some("" | "Equal") => false,
            Some("Exists") => true,
            Some(operator @ ("Gt" | "Lt")) => {
                out.gap("toleration-operator", operator);
                continue;
            }
            Some(other) => {
                let cause = format!("unknown operator {}", quote(other));
                let fix = "use Equal or Exists";
                out.faults.push(&at.field("operator"), "operator-unknown", cause, fix);
                continue;
            }
        };
        let key = t.key.text(&at.field("key"), out.faults).filter(|k| !k.is_empty());
        let value = t.value.text(&at.field("value"), out.faults).unwrap_or("");
        let effect = match t.effect.is_empty() {
            true => None,
            false => match effect(&t.effect, &at, out) {
                Some(effect) => Some(effect),
                None => continue,
            },
        };
        tolerations.push(Toleration {
            key: key.map(|k| out.builder.intern(k)),
            value: (!any_value).then(|| out.builder.intern(value)),
            effect,
            seconds: t.toleration_seconds.int(&at.field("tolerationSeconds"), out.faults),
        });
    }
    tolerations
}

/// Adds the host ports of one container, as often as they are stated; with the host's network every port is one.
pub fn host_ports(
    list: Option<&[wire::ContainerPort]>,
    host_network: bool,
    path: &Path<'_>,
    ports: &mut Vec<HostPort>,
    out: &mut Out<'_>,
) {
    for (i, p) in within(list, PORTS_MAX, path, out).iter().enumerate() {
        let at = path.index(i);
        let (mut leaf, mut name) = (&p.host_port, "hostPort");
        if host_network && matches!(leaf, Leaf::Absent | Leaf::Int(0)) {
            (leaf, name) = (&p.container_port, "containerPort");
        }
        let port = match leaf.int(&at.field(name), out.faults) {
            None | Some(0) => continue,
            Some(n) => u16::try_from(n),
        };
        let protocol = match &p.protocol {
            Leaf::Absent => Some(Protocol::Tcp),
            leaf => match leaf.as_str() {
                Some("TCP" | "") => Some(Protocol::Tcp),
                Some("UDP") => Some(Protocol::Udp),
                Some("SCTP") => Some(Protocol::Sctp),
                _ => None,
            },
        };
        let (Ok(port), Some(protocol)) = (port, protocol) else {
            let cause = format!("port {leaf}, protocol {}", p.protocol);
            out.faults.push(&at, "port-invalid", cause, "use TCP, UDP or SCTP and 1 to 65535");
            continue;
        };
        let ip = p.host_ip.text(&at.field("hostIP"), out.faults);
        let ip = ip.filter(|ip| !matches!(*ip, "" | "0.0.0.0" | "::"));
        ports.push(HostPort { protocol, port, ip: ip.map(|ip| out.builder.intern(ip)) });
    }
}
