use super::Leaf;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use std::fmt;

/// Of all annotations the few that matter; values of others may be long and are not built.
#[derive(Debug, Default)]
pub(crate) struct Annotations {
    /// `kubernetes.io/config.mirror` is there: a static pod's mirror.
    pub(crate) mirror: bool,
    /// `pv.kubernetes.io/bind-completed` is there.
    pub(crate) bind_completed: bool,
    /// `volume.kubernetes.io/selected-node`: a volume is being made for a pod on this node.
    pub(crate) selected_node: Leaf,
    /// `volume.beta.kubernetes.io/storage-class`, which goes before the field.
    pub(crate) storage_class: Leaf,
    /// A group of Volcano or KubeRay: `scheduling.k8s.io/group-name`.
    pub(crate) gang: Leaf,
    /// `vpaUpdates` is there: a vertical autoscaler sets the requests of pods as they are made.
    pub(crate) vertical_autoscaler: bool,
    /// `cluster-autoscaler.kubernetes.io/safe-to-evict`.
    pub(crate) safe_to_evict: Leaf,
    /// `karpenter.sh/do-not-disrupt`.
    pub(crate) do_not_disrupt: Leaf,
}

impl Annotations {
    /// What keeps autoscalers from draining the pod's node. (kubectl drains it all the same.)
    pub(crate) fn stay_notes(&self) -> impl Iterator<Item = &'static str> + use<> {
        let is = |leaf: &Leaf, word: &str| match leaf {
            Leaf::Bool(flag) => word == if *flag { "true" } else { "false" },
            leaf => leaf.as_str() == Some(word),
        };
        let notes = [
            (
                is(&self.safe_to_evict, "false"),
                "cluster-autoscaler drains no node with it (safe-to-evict: false)",
            ),
            (
                is(&self.do_not_disrupt, "true"),
                "Karpenter drains no node with it (do-not-disrupt: true)",
            ),
        ];
        notes.into_iter().filter_map(|(is, note)| is.then_some(note))
    }
}

impl<'de> Deserialize<'de> for Annotations {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct MapVisitor;
        impl<'de> Visitor<'de> for MapVisitor {
            type Value = Annotations;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of annotations")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Annotations, A::Error> {
                let mut found = Annotations::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::SelectedNode => found.selected_node = map.next_value()?,
                        Key::StorageClass => found.storage_class = map.next_value()?,
                        Key::Gang => found.gang = map.next_value()?,
                        Key::SafeToEvict => found.safe_to_evict = map.next_value()?,
                        Key::DoNotDisrupt => found.do_not_disrupt = map.next_value()?,
                        Key::Mirror | Key::BindCompleted | Key::Vertical | Key::Other => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                    found.mirror |= matches!(key, Key::Mirror);
                    found.bind_completed |= matches!(key, Key::BindCompleted);
                    found.vertical_autoscaler |= matches!(key, Key::Vertical);
                }
                Ok(found)
            }
        }
        d.deserialize_map(MapVisitor)
    }
}

/// A key that is compared and not kept.
#[derive(Clone, Copy)]
enum Key {
    Mirror,
    BindCompleted,
    SelectedNode,
    StorageClass,
    Gang,
    Vertical,
    SafeToEvict,
    DoNotDisrupt,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, v: &str) -> Result<Key, E> {
                Ok(match v {
                    "kubernetes.io/config.mirror" => Key::Mirror,
                    "pv.kubernetes.io/bind-completed" => Key::BindCompleted,
                    "volume.kubernetes.io/selected-node" => Key::SelectedNode,
                    "volume.beta.kubernetes.io/storage-class" => Key::StorageClass,
                    "scheduling.k8s.io/group-name" => Key::Gang,
                    "vpaUpdates" => Key::Vertical,
                    "cluster-autoscaler.kubernetes.io/safe-to-evict" => Key::SafeToEvict,
                    "karpenter.sh/do-not-disrupt" | "karpenter.sh/do-not-evict" => {
                        Key::DoNotDisrupt
                    }
                    _ => Key::Other,
                })
            }
        }
        d.deserialize_str(KeyVisitor)
    }
}
