//! ResourceQuotas: what they count of pods (`pkg/quota/v1/evaluator/core/pods.go`).

use super::{Out, amount};
use crate::{fault::Path, wire};
use podfit::model::{Charge, Quota, ResourceId, Scope, Sym};

/// Reads a quota. What it counts beside pods (services, claims) is left out.
pub(crate) fn quota(
    quota: &wire::ResourceQuota,
    namespace: &str,
    name: &str,
    root: &Path<'_>,
    out: &mut Out<'_>,
) -> Quota {
    let at = root.field("spec");
    let hard_at = at.field("hard");
    let mut hard = Vec::new();
    for (key, leaf) in quota.spec.hard.iter().flat_map(|map| &map.0) {
        let Some((charge, resource)) = charge(key, out) else { continue };
        if let Some(q) = amount(&resource, leaf, &hard_at.field(key), out.faults) {
            let unit = match charge {
                Charge::Pods => ResourceId::PODS,
                Charge::Requests(id) | Charge::Limits(id) => id,
            };
            hard.push((charge, q.in_unit_of(unit)));
        }
    }
    let mut scopes: Vec<Scope> = Vec::new();
    for (i, scope) in quota.spec.scopes.iter().flatten().enumerate() {
        let scope_at = at.field("scopes");
        scopes.extend(plain(scope, &scope_at.index(i), out));
    }
    let selector = quota.spec.scope_selector.as_ref();
    let at = at.field("scopeSelector");
    let at = at.field("matchExpressions");
    for (i, r) in selector.iter().flat_map(|s| s.match_expressions.iter().flatten()).enumerate() {
        scopes.extend(requirement(r, &at.index(i), out));
    }
    Quota { namespace: out.builder.intern(namespace), name: out.builder.intern(name), hard, scopes }
}

/// What a key of `hard` counts, and the name of the resource whose quantities it takes; `None` for what is no pod's.
fn charge(key: &str, out: &mut Out<'_>) -> Option<(Charge, String)> {
    let resource = |name: &str, out: &mut Out<'_>| (out.builder.resource(name), name.to_owned());
    if matches!(key, "pods" | "count/pods") {
        return Some((Charge::Pods, "pods".into()));
    }
    if let Some(name) = key.strip_prefix("limits.") {
        let (id, name) = resource(name, out);
        return Some((Charge::Limits(id), name));
    }
    let name = key.strip_prefix("requests.").unwrap_or(key);
    let of_pods = matches!(name, "cpu" | "memory" | "ephemeral-storage")
        || name.starts_with("hugepages-")
        || name != key && name.contains('/');
    // `requests.storage` and the like are of claims.
    of_pods.then(|| {
        let (id, name) = resource(name, out);
        (Charge::Requests(id), name)
    })
}

fn plain(leaf: &wire::Leaf, at: &Path<'_>, out: &mut Out<'_>) -> Option<Scope> {
    match leaf.as_str() {
        Some("Terminating") => Some(Scope::Ends(true)),
        Some("NotTerminating") => Some(Scope::Ends(false)),
        Some("BestEffort") => Some(Scope::BestEffort(true)),
        Some("NotBestEffort") => Some(Scope::BestEffort(false)),
        Some("PriorityClass") => Some(Scope::HasClass(true)),
        Some("CrossNamespacePodAffinity") => Some(Scope::CrossNamespaceAffinity),
        // Of claims: no pod is counted by such a quota.
        Some("VolumeAttributesClass") => Some(Scope::Class { among: Vec::new(), others: false }),
        _ => {
            let fix = "use Terminating, NotTerminating, BestEffort, NotBestEffort or PriorityClass";
            out.faults.push(at, "value-unknown", format!("scope {leaf}"), fix);
            None
        }
    }
}

fn requirement(r: &wire::ScopeRequirement, at: &Path<'_>, out: &mut Out<'_>) -> Option<Scope> {
    if r.scope_name.as_str() != Some("PriorityClass") {
        return plain(&r.scope_name, &at.field("scopeName"), out);
    }
    let named = r.values.iter().flatten().filter_map(|v| v.as_str());
    let among: Vec<Sym> = named.map(|class| out.builder.intern(class)).collect();
    match r.operator.as_str() {
        Some("In") => Some(Scope::Class { among, others: false }),
        Some("NotIn") => Some(Scope::Class { among, others: true }),
        Some("Exists") => Some(Scope::HasClass(true)),
        Some("DoesNotExist") => Some(Scope::HasClass(false)),
        _ => {
            let cause = format!("operator is {}", r.operator);
            let fix = "use In, NotIn, Exists or DoesNotExist";
            out.faults.push(&at.field("operator"), "value-unknown", cause, fix);
            None
        }
    }
}
