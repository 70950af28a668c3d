//! Objects that do not state their kind, as clients in Go write single ones and archives of an inventory keep them: the
//! kind is told by `metadata.selfLink`, by fields that no other kind has, or by the file's name.

use super::parse::YAML_LIMITS;
use crate::{split::Syntax, tree};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// What a text without a kind is.
pub(super) enum Told {
    /// An object of this kind and `apiVersion`.
    Object(&'static str, &'static str),
    /// An object of a kind that is not read, by its resource.
    Unknown(String),
    /// It has `items`, which is behind other fields or before them.
    List,
    /// Something else. Whether it has fields that objects have, and no others.
    Other { like_object: bool },
    /// No map, or its text breaks off or is wrong. Whether it has fields that objects have, and no others, as far as it can
    /// be read.
    Unread { like_object: bool },
}

/// A kind that is read: name, `apiVersion`, resource as in a path, and fields that tell it, all of them
/// together (none: they are those of another kind too).
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

/// First match first: a claim has access modes as a volume has, and so on.
const KINDS: [Row; 20] = [
    ("Pod", "v1", "pods", &["spec.containers"]),
    ("Node", "v1", "nodes", &["status.nodeInfo"]),
    ("Node", "v1", "nodes", &["status.allocatable"]),
    ("PersistentVolume", "v1", "persistentvolumes", &["spec.persistentVolumeReclaimPolicy"]),
    (
        "PersistentVolumeClaim",
        "v1",
        "persistentvolumeclaims",
        &["spec.accessModes", "spec.resources"],
    ),
    ("StorageClass", "storage.k8s.io/v1", "storageclasses", &["provisioner"]),
    ("DaemonSet", "apps/v1", "daemonsets", &["spec.template", "status.desiredNumberScheduled"]),
    ("StatefulSet", "apps/v1", "statefulsets", &["spec.template", "spec.serviceName"]),
    ("Deployment", "apps/v1", "deployments", &["spec.template", "spec.strategy"]),
    ("ReplicaSet", "apps/v1", "replicasets", &["spec.template", "status.fullyLabeledReplicas"]),
    ("Job", "batch/v1", "jobs", &["spec.template", "spec.backoffLimit"]),
    ("PodDisruptionBudget", "policy/v1", "poddisruptionbudgets", &["status.disruptionsAllowed"]),
    ("Service", "v1", "services", &["spec.clusterIP"]),
    ("EndpointSlice", "discovery.k8s.io/v1", "endpointslices", &["addressType", "endpoints"]),
    ("Namespace", "v1", "namespaces", &["spec.finalizers"]),
    ("CSINode", "storage.k8s.io/v1", "csinodes", &["spec.drivers"]),
    ("VolumeAttachment", "storage.k8s.io/v1", "volumeattachments", &["spec.attacher"]),
    (
        "Lease",
        "coordination.k8s.io/v1",
        "leases",
        &["spec.holderIdentity", "spec.leaseDurationSeconds"],
    ),
    ("PriorityClass", "scheduling.k8s.io/v1", "priorityclasses", &["value", "preemptionPolicy"]),
    ("ReplicationController", "v1", "replicationcontrollers", &[]),
];

/// Fields at the outermost level that objects have; other files have others beside them.
const OF_OBJECTS: [&str; 6] = ["apiVersion", "kind", "items", "metadata", "spec", "status"];

fn is_of_objects(key: &str) -> bool {
    OF_OBJECTS.contains(&key)
}

/// What a text without a kind is; `source` is the name of its file.
pub(super) fn tell(syntax: Syntax, text: &str, source: &str) -> Told {
    let mut seen = Seen::default();
    let read = match syntax {
        Syntax::Json => seen.read(text),
        Syntax::Yaml => match tree::yaml(text, YAML_LIMITS) {
            Ok(tree) => seen.read(&tree.to_json().text),
            Err(_) => {
                let start = tree::yaml_start(text, YAML_LIMITS, &[]);
                seen.keys = start.len();
                seen.of_objects = start.iter().filter(|e| is_of_objects(&e.key)).count();
                false
            }
        },
    };
    let like_object = seen.of_objects > 0 && seen.of_objects == seen.keys;
    if !read {
        return Told::Unread { like_object };
    }
    let object = |row: &'static Row| Told::Object(row.0, row.1);
    if let Some((group, resource)) = seen.self_link.as_deref().and_then(resource) {
        let row = KINDS.iter().find(|row| row.2 == resource && group_of(row.1) == group);
        return row.map_or_else(|| Told::Unknown(resource.into()), object);
    }
    let told = |row: &&Row| !row.3.is_empty() && row.3.iter().all(|f| seen.fields.contains(f));
    if let Some(row) = KINDS.iter().find(told) {
        return object(row);
    }
    if seen.named
        && let Some(row) = of_file(source)
    {
        return object(row);
    }
    if seen.items && like_object { Told::List } else { Told::Other { like_object } }
}

/// Group and resource of a path as `/apis/apps/v1/namespaces/default/deployments/web`.
fn resource(link: &str) -> Option<(&str, &str)> {
    let mut parts = link.split('/').skip(1);
    let group = match parts.next()? {
        "api" => "",
        "apis" => parts.next()?,
        _ => return None,
    };
    let _version = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    match rest.as_slice() {
        ["namespaces", _, resource, ..] | [resource, ..] => Some((group, resource)),
        [] => None,
    }
}

fn group_of(version: &str) -> &str {
    version.split_once('/').map_or("", |(group, _)| group)
}

/// The kind that a file's name tells, or a folder that it is in, the nearest first: `pods.json`, `node/a.json`.
fn of_file(source: &str) -> Option<&'static Row> {
    let stem = source.rsplit_once('.').map_or(source, |(stem, _)| stem);
    stem.rsplit(['/', '\\']).find_map(|part| {
        let part = part.to_ascii_lowercase();
        KINDS.iter().find(|row| part == row.2 || part == row.0.to_ascii_lowercase())
    })
}

/// What was seen of a text.
#[derive(Default)]
struct Seen {
    /// Of the fields that tell a kind, those that are there.
    fields: Vec<&'static str>,
    self_link: Option<String>,
    /// It has a name.
    named: bool,
    items: bool,
    /// Fields at the outermost level, and of these the ones that objects have.
    keys: usize,
    of_objects: usize,
}

impl Seen {
    /// Whether the text is a map and could be read to its end.
    fn read(&mut self, json: &str) -> bool {
        let mut reader = serde_json::Deserializer::from_str(json);
        reader.deserialize_map(Outer(self)).is_ok() && reader.end().is_ok()
    }

    fn note(&mut self, field: &str) {
        let known = KINDS.iter().flat_map(|row| row.3).find(|known| **known == field);
        self.fields.extend(known);
    }
}

/// Reads the outermost map.
struct Outer<'s>(&'s mut Seen);

impl<'de> Visitor<'de> for Outer<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.0.note(&key);
            self.0.keys += 1;
            self.0.of_objects += usize::from(is_of_objects(&key));
            self.0.items |= key == "items";
            match key.as_str() {
                "metadata" | "spec" | "status" => {
                    map.next_value_seed(Inner { seen: self.0, outer: &key })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Reads a map inside of it, or whatever is there instead.
struct Inner<'s> {
    seen: &'s mut Seen,
    outer: &'s str,
}

impl<'de> serde::de::DeserializeSeed<'de> for Inner<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

macro_rules! nothing {
    ($($visit:ident($ty:ty)),*) => {$(
        fn $visit<E>(self, _: $ty) -> Result<(), E> {
            Ok(())
        }
    )*};
}

impl<'de> Visitor<'de> for Inner<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    nothing!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.seen.note(&format!("{}.{key}", self.outer));
            match (self.outer, key.as_str()) {
                ("metadata", "selfLink") => self.seen.self_link = text(&mut map)?,
                ("metadata", "name") => self.seen.named = text(&mut map)?.is_some(),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A value if it is text that says something.
fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    let leaf = map.next_value::<crate::wire::Leaf>()?;
    Ok(leaf.as_str().filter(|text| !text.is_empty()).map(str::to_owned))
}
