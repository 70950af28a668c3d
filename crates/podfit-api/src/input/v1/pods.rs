//! `workloads` and `pods` → pods of the model.

use super::{
    super::walk::{Field, Fields},
    Doc, nodes,
    template::{self, FIELDS, RENAMED, Template},
};
use crate::vocabulary::WORKLOAD_KINDS;
use podfit::model::{Manner, Owner, OwnerKind, PodSpec, Sym, WorkloadId, WorkloadSpec};
use std::collections::HashMap;

/// Pods of one document at most.
const PODS_MAX: i64 = 1_000_000;

/// Reads both lists.
pub(super) fn read(
    workloads: Option<&Field<'_, '_>>,
    pods: Option<&Field<'_, '_>>,
    doc: &mut Doc<'_>,
) {
    let known: Vec<_> = FIELDS.iter().copied().chain(["replicas", "runsOn"]).collect();
    let mut renamed = RENAMED.to_vec();
    renamed.extend([
        ("on", "runsOn"),
        ("node", "runsOn"),
        ("nodes", "runsOn"),
        ("count", "replicas"),
    ]);
    let workloads = entries(workloads, doc);
    let workloads = with_fields(&workloads, &known, &renamed, doc);

    let known: Vec<_> = FIELDS.iter().copied().chain(["node", "cards"]).collect();
    let mut renamed = RENAMED.to_vec();
    renamed.extend([("on", "node"), ("runsOn", "node")]);
    let pods = entries(pods, doc);
    let pods = with_fields(&pods, &known, &renamed, doc);

    for (_, fields) in workloads.iter().chain(&pods) {
        note_namespace(fields, doc);
    }
    doc.namespaces.sort_unstable();
    doc.namespaces.dedup();
    let mut seen = HashMap::new();
    for (item, fields) in &workloads {
        doc.entry(item, |doc| workload(item, fields, &mut seen, doc));
    }
    for (item, fields) in &pods {
        doc.entry(item, |doc| pod(item, fields, doc));
    }
    if doc.pods > PODS_MAX as u64 {
        let place = doc.places[0].clone();
        let cause = format!("{} pods, at most {PODS_MAX} are read", doc.pods);
        doc.report.faults.push(&place, "too-many-pods", cause, "describe a part of the cluster");
    }
}

/// The items of a list that are not left out.
fn entries<'t, 'p>(list: Option<&'p Field<'t, 'p>>, doc: &mut Doc<'_>) -> Vec<Field<'t, 'p>> {
    let items = doc.report.list(list);
    items.filter(|item| !doc.is_left_out(item)).collect()
}

/// The items that are maps.
fn with_fields<'t, 'p>(
    items: &'p [Field<'t, 'p>],
    known: &[&str],
    renamed: &[(&str, &str)],
    doc: &mut Doc<'_>,
) -> Vec<(&'p Field<'t, 'p>, Fields<'t, 'p>)> {
    let read = |item| {
        let fields = doc.entry(item, |doc| doc.report.fields(item, known, renamed));
        Some((item, fields?))
    };
    items.iter().filter_map(read).collect()
}

/// Selectors of namespaces look at all of them, so they are gathered first. Faults are reported later.
fn note_namespace(fields: &Fields<'_, '_>, doc: &mut Doc<'_>) {
    let name = fields.get("namespace").and_then(|f| f.tree.as_str()).unwrap_or("default");
    let sym = doc.builder.intern(name);
    doc.namespaces.push(sym);
}

fn workload(
    item: &Field<'_, '_>,
    fields: &Fields<'_, '_>,
    seen: &mut HashMap<(Sym, String), String>,
    doc: &mut Doc<'_>,
) {
    let name = template::name(fields.get("name"), item, doc);
    let kind =
        doc.report.choice(fields.get("kind"), &WORKLOAD_KINDS).unwrap_or(OwnerKind::Deployment);
    let daemon = kind == OwnerKind::DaemonSet;
    let template = template::read(fields, item, name.unwrap_or(""), kind, doc);
    let runs_on = fields.get("runsOn");
    let places: Vec<_> =
        doc.report.list(runs_on.as_ref()).map(|f| nodes::reference(f, doc)).collect();
    let replicas = fields.get("replicas");
    let stated = doc.report.int(replicas, 0, PODS_MAX);
    if let (Some(n), Some(field)) = (stated, runs_on)
        && places.len() as i64 > n
    {
        let cause = format!("{} nodes for {n} replicas", places.len());
        let fix = "raise replicas, or leave it out: runsOn gives the number";
        doc.report.fault(&field, "too-many-places", cause, fix);
    }
    let every_node = daemon && runs_on.is_none();
    if let (true, Some(field)) = (every_node, replicas) {
        let cause = "a DaemonSet has no number of replicas of its own";
        let fix = "leave replicas out for a pod on every node it tolerates, or list runsOn";
        doc.report.fault(&field, "daemonset-replicas", cause, fix);
    }
    let places = match every_node {
        true => {
            let on = doc.nodes.admitting(&template.shape, doc.builder.names());
            on.into_iter().map(Some).collect()
        }
        false => places,
    };
    let default = if every_node { 0 } else { 1 };
    let replicas = stated.unwrap_or((places.len() as i64).max(default)).max(0);
    let Some(name) = name else { return };
    let place = doc.place(item);
    let namespace = template.shape.namespace;
    if let Some(first) = seen.insert((namespace, name.into()), place) {
        let cause = format!("another workload of this namespace is called {name} ({first})");
        doc.report.fault(item, "duplicate-name", cause, "give each its own name");
        return;
    }
    let owner_name = doc.builder.intern(name);
    let owner = owner(kind, owner_name);
    let workload = (kind != OwnerKind::Bare).then(|| {
        let replicas = replicas as u32;
        let manner = match kind {
            OwnerKind::StatefulSet => Manner::Numbered { start: 0, in_order: template.in_order },
            _ => Manner::AtOnce,
        };
        let plain = WorkloadSpec::new(namespace, kind, owner_name, replicas);
        let workload = WorkloadSpec { gated: template.gated, manner, ..plain };
        doc.builder.add_workload(workload)
    });
    add_replicas(item, name, &template, &places, replicas, (owner, workload), doc);
}

/// Adds a workload's pods; beyond the limit they are only counted.
fn add_replicas(
    item: &Field<'_, '_>,
    name: &str,
    template: &Template,
    places: &[Option<String>],
    replicas: i64,
    (owner, workload): (Owner, Option<WorkloadId>),
    doc: &mut Doc<'_>,
) {
    let origin = doc.origin(item);
    // Pods of a StatefulSet or DaemonSet have a claim each; those of others share one, which lies on one node.
    let each = matches!(owner.kind, OwnerKind::StatefulSet | OwnerKind::DaemonSet) || replicas == 1;
    let mut named: Vec<&str> = places.iter().flatten().map(String::as_str).collect();
    named.sort_unstable();
    named.dedup();
    let shared = match named.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let mut gaps = template.gaps.clone();
    gaps.extend(template.local_gaps().filter(|_| !each && shared.is_none()));
    for i in 0..replicas {
        if !count(template, doc) {
            doc.pods += (replicas - i - 1) as u64;
            return;
        }
        let node = places.get(i as usize).cloned().flatten();
        let lies = if each { node.as_deref() } else { shared };
        let shape = template.shape_on(lies, doc);
        let spec = PodSpec {
            gated: template.gated && node.is_none(),
            node,
            owner,
            workload,
            unrequested: template.unrequested,
            gaps: gaps.clone(),
            ..PodSpec::new(format!("{name}-{i}"), shape)
        };
        doc.builder.add_pod(spec, origin);
    }
}

fn pod(item: &Field<'_, '_>, fields: &Fields<'_, '_>, doc: &mut Doc<'_>) {
    let name = template::name(fields.get("name"), item, doc);
    let kind = doc.report.choice(fields.get("kind"), &WORKLOAD_KINDS).unwrap_or(OwnerKind::Bare);
    let template = template::read(fields, item, name.unwrap_or(""), kind, doc);
    let node = fields.get("node").and_then(|f| nodes::reference(f, doc));
    let cards = cards(fields, doc);
    let Some(name) = name else { return };
    if !count(&template, doc) {
        return;
    }
    let owner_name = doc.builder.intern(name);
    let shape = template.shape_on(node.as_deref(), doc);
    let spec = PodSpec {
        gated: template.gated && node.is_none(),
        node,
        cards,
        owner: owner(kind, owner_name),
        unrequested: template.unrequested,
        gaps: template.gaps,
        ..PodSpec::new(name, shape)
    };
    let origin = doc.origin(item);
    doc.builder.add_pod(spec, origin);
}

fn cards(fields: &Fields<'_, '_>, doc: &mut Doc<'_>) -> Vec<u16> {
    let Some(field) = fields.get("cards") else { return Vec::new() };
    let mut cards = Vec::new();
    for item in doc.report.list(Some(&field)) {
        if let Some(card) = doc.report.int(Some(item), 0, i64::from(u16::MAX)) {
            cards.push(card as u16);
        }
    }
    if fields.get("node").is_none() && !cards.is_empty() {
        let fix = "name its node, or leave cards out";
        doc.report.fault(&field, "card-unknown", "a pending pod holds no cards", fix);
    }
    cards
}

fn owner(kind: OwnerKind, name: Sym) -> Owner {
    Owner { kind, name: (kind != OwnerKind::Bare).then_some(name) }
}

/// Counts a pod; false beyond the limit.
fn count(template: &Template, doc: &mut Doc<'_>) -> bool {
    doc.pods += 1;
    doc.pods_unrequested += u64::from(template.unrequested);
    doc.pods <= PODS_MAX as u64
}
