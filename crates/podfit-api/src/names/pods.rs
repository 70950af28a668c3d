//! Pods by name.
//!
//! | written | means |
//! |---|---|
//! | `StatefulSet/default/db` | the pods of that controller; `sts/…` and kubectl's other short names too |
//! | `StatefulSet/db` | the same in whatever namespace |
//! | `default/db-0` | the pod of that full name, alone; if there is none, the pods of a controller of that name |
//! | `db-0` | the pod, or the pods of the controller, of that name in whatever namespace |

use super::{Fault, RequestError, at, did_you_mean};
use podfit::model::{Cluster, Controller, PodId, Sym};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Kinds with the words that kubectl takes for them, all in lower case.
const KINDS: [(&str, &[&str]); 7] = [
    ("Pod", &["pod", "pods", "po"]),
    ("Deployment", &["deployment", "deployments", "deploy"]),
    ("ReplicaSet", &["replicaset", "replicasets", "rs"]),
    ("ReplicationController", &["replicationcontroller", "replicationcontrollers", "rc"]),
    ("StatefulSet", &["statefulset", "statefulsets", "sts"]),
    ("DaemonSet", &["daemonset", "daemonsets", "ds"]),
    ("Job", &["job", "jobs"]),
];

/// What a name may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Object {
    Pod(PodId),
    Controller(Controller),
}

/// The pods of a cluster by their names and those of their controllers. Made once for many names; of a cluster that
/// grows by edits, what is new is added with [`follow`](Self::follow).
#[derive(Debug, Default)]
pub(crate) struct PodNames {
    by_name: FxHashMap<Sym, Vec<(Object, PodId)>>,
    /// Pods that are in the index.
    indexed: usize,
}

/// A name, read.
struct Reference<'n> {
    kind: Option<&'n str>,
    namespace: Option<&'n str>,
    name: &'n str,
}

impl PodNames {
    pub fn of(cluster: &Cluster) -> Self {
        let mut names = Self::default();
        names.follow(cluster);
        names
    }

    /// Adds pods that the cluster did not have before.
    pub fn follow(&mut self, cluster: &Cluster) {
        for pod in cluster.pod_ids().skip(self.indexed) {
            let object = cluster.pod(pod);
            let namespace = cluster.shape_of(pod).namespace;
            let mut add = |name, object| self.by_name.entry(name).or_default().push((object, pod));
            add(object.name, Object::Pod(pod));
            let controller = cluster.controller(pod);
            // Of a Deployment's pod the ReplicaSet has a name, too.
            let kind = object.owner.kind;
            let owner = object.owner.name.map(|name| Controller { namespace, kind, name });
            let owner = owner.filter(|o| controller.is_some_and(|c| c != *o));
            for controller in controller.into_iter().chain(owner) {
                add(controller.name, Object::Controller(controller));
            }
        }
        self.indexed = cluster.pods().len();
    }

    /// What `name` means, object by object, and the pods of each.
    fn objects(
        &self,
        cluster: &Cluster,
        is_there: &dyn Fn(PodId) -> bool,
        name: &str,
    ) -> BTreeMap<Object, Vec<PodId>> {
        let reference = Reference::of(cluster, name);
        let known = cluster.names().get(reference.name).and_then(|name| self.by_name.get(&name));
        let mut objects: BTreeMap<Object, Vec<PodId>> = BTreeMap::new();
        for &(object, pod) in known.into_iter().flatten() {
            if is_there(pod) && reference.means(cluster, object, pod) {
                objects.entry(object).or_default().push(pod);
            }
        }
        let full_name = reference.namespace.is_some() && reference.kind.is_none();
        let pod = objects.keys().copied().find(|o| full_name && matches!(o, Object::Pod(_)));
        if let Some(pod) = pod {
            objects.retain(|object, _| *object == pod);
        }
        objects
    }

    /// The pods that one name means; it must mean one pod or one controller.
    pub fn one(
        &self,
        cluster: &Cluster,
        is_there: &dyn Fn(PodId) -> bool,
        name: &str,
    ) -> Result<Vec<PodId>, Fault> {
        let objects = self.objects(cluster, is_there, name);
        if objects.len() > 1 {
            let names = objects.keys().map(|&o| full_name(cluster, o)).collect::<Vec<_>>();
            let cause = format!("{name:?} means {} things: {}", names.len(), names.join(", "));
            return Err(("ambiguous-name", cause, "write one of these".into()));
        }
        match objects.into_values().next() {
            Some(pods) => Ok(pods),
            None => Err(unknown(cluster, name)),
        }
    }
}

impl<'n> Reference<'n> {
    fn of(cluster: &Cluster, text: &'n str) -> Self {
        let mut parts = text.splitn(3, '/');
        let parts = (parts.next(), parts.next(), parts.next());
        match parts {
            (Some(kind), Some(namespace), Some(name)) => {
                Self { kind: Some(kind), namespace: Some(namespace), name }
            }
            (Some(first), Some(name), None) if is_kind(cluster, first) => {
                Self { kind: Some(first), namespace: None, name }
            }
            (Some(namespace), Some(name), None) => {
                Self { kind: None, namespace: Some(namespace), name }
            }
            _ => Self { kind: None, namespace: None, name: text },
        }
    }

    fn means(&self, cluster: &Cluster, object: Object, pod: PodId) -> bool {
        let namespace = cluster.str(cluster.shape_of(pod).namespace);
        self.namespace.is_none_or(|n| n == namespace)
            && self.kind.is_none_or(|kind| {
                let of_object = match object {
                    Object::Pod(_) => "Pod",
                    Object::Controller(c) => cluster.kind_name(c.kind),
                };
                known_kind(kind).unwrap_or(kind).eq_ignore_ascii_case(of_object)
            })
    }
}

/// The kind that a word of kubectl stands for.
fn known_kind(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    KINDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(kind, _)| *kind)
}

/// Whether `word/name` means a kind: namespaces have no capitals, and one that is there comes first.
fn is_kind(cluster: &Cluster, word: &str) -> bool {
    let is_namespace = || {
        let symbol = cluster.names().get(word);
        symbol.is_some_and(|s| cluster.shapes().iter().any(|shape| shape.namespace == s))
    };
    word.starts_with(|c: char| c.is_ascii_uppercase())
        || known_kind(word).is_some() && !is_namespace()
}

/// The name that means this object alone.
fn full_name(cluster: &Cluster, object: Object) -> String {
    match object {
        Object::Pod(pod) => cluster.pod_name(pod),
        Object::Controller(controller) => controller_name(cluster, controller),
    }
}

/// As `StatefulSet/default/db`.
pub(crate) fn controller_name(cluster: &Cluster, controller: Controller) -> String {
    let Controller { namespace, kind, name } = controller;
    format!("{}/{}/{}", cluster.kind_name(kind), cluster.str(namespace), cluster.str(name))
}

/// The pods of these names, each once, in the order of the input. A name that means several things means all of them.
pub(crate) fn pods(cluster: &Cluster, names: &[String]) -> Result<Vec<PodId>, Vec<RequestError>> {
    let index = PodNames::of(cluster);
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for (i, name) in names.iter().enumerate() {
        let objects = index.objects(cluster, &|_| true, name);
        if objects.is_empty() {
            errors.push(at(format!("pods[{i}]"), unknown(cluster, name)));
        }
        found.extend(objects.into_values().flatten());
    }
    found.sort_unstable();
    found.dedup();
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

fn unknown(cluster: &Cluster, name: &str) -> Fault {
    let known = cluster.pods().iter().map(|p| cluster.str(p.name));
    let cause = format!("there is no pod and no controller of pods named {name:?}");
    let fix = "name a pod, namespace/pod, or a controller, as Deployment/default/web";
    ("unknown-pod", cause, format!("{}{fix}", did_you_mean(name, known)))
}
