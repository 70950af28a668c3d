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
                        Key::Mirror | Key::BindCompleted | Key::Other => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                    found.mirror |= matches!(key, Key::Mirror);
                    found.bind_completed |= matches!(key, Key::BindCompleted);
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
                    _ => Key::Other,
                })
            }
        }
        d.deserialize_str(KeyVisitor)
    }
}
