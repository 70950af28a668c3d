use super::{Content, Leaf};
use rustc_hash::FxHasher;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use std::{fmt, hash::Hash};

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
    /// The first annotation that asks for GPU or was written when GPU was given out, by its key.
    pub(crate) gpu: Option<String>,
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

/// Keys of schedulers and device plugins that share GPUs among pods: what such a pod asks is in its annotations, not in its
/// requests. An entry that ends in a mark stands for all that begin with it.
///
/// * Alibaba's simulator and gpushare plugins: `alibabacloud.com/gpu-milli`, `gpu-count`, `gpu-mem`, `gpu-index`,
///   `gpu-card-model`; `aliyun.com/gpu-mem`; what the extender writes, `ALIYUN_COM_GPU_MEM_IDX` and others.
/// * HAMi: `hami.io/vgpu-devices-allocated` and others, `4pd.io/` before it had that name; and which cards:
///   `nvidia.com/use-gputype`, `use-gpuuuid` and their opposites.
/// * Volcano: `volcano.sh/gpu-index`, `volcano.sh/vgpu-ids-new`.
/// * Run:ai and KAI: `gpu-fraction`, `gpu-fraction-num-devices`, `gpu-memory`.
/// * Koordinator: `scheduling.koordinator.sh/device-allocated`.
const GPU_SHARES: [&str; 15] = [
    "4pd.io/",
    "ALIYUN_COM_GPU_",
    "alibabacloud.com/gpu-",
    "aliyun.com/gpu-",
    "gpu-fraction",
    "gpu-fraction-",
    "gpu-memory",
    "hami.io/",
    "nvidia.com/nouse-",
    "nvidia.com/use-gputype",
    "nvidia.com/use-gpuuuid",
    "scheduler.framework.gpushare.",
    "scheduling.koordinator.sh/device-allocated",
    "volcano.sh/gpu-",
    "volcano.sh/vgpu-",
];

fn shares_gpu(key: &str) -> bool {
    // Most annotations are told by one letter.
    matches!(key.as_bytes().first(), Some(b'4' | b'A' | b'a' | b'g' | b'h' | b'n' | b's' | b'v'))
        && GPU_SHARES.iter().any(|known| match known.ends_with(['-', '_', '.', '/']) {
            true => key.starts_with(known),
            false => key == *known,
        })
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
                        Key::Gpu(key) => {
                            let value: Leaf = map.next_value()?;
                            if found.gpu.is_none() && asks(&value) {
                                found.gpu = Some(key);
                            }
                        }
                        Key::Mirror | Key::BindCompleted | Key::Vertical | Key::Other => {
                            found.mirror |= matches!(key, Key::Mirror);
                            found.bind_completed |= matches!(key, Key::BindCompleted);
                            found.vertical_autoscaler |= matches!(key, Key::Vertical);
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(found)
            }
        }
        d.deserialize_map(MapVisitor)
    }
}

/// Tools write 0 on pods that get no GPU.
fn asks(value: &Leaf) -> bool {
    match value {
        Leaf::Text(text) | Leaf::Number(text) => {
            !text.trim().is_empty() && text.trim().parse::<f64>() != Ok(0.0)
        }
        Leaf::Int(n) => *n != 0,
        Leaf::Absent => false,
        _ => true,
    }
}

impl Content for Annotations {
    fn content(&self, to: &mut FxHasher) {
        let Self { mirror, bind_completed, vertical_autoscaler, gpu, .. } = self;
        let Self { selected_node, storage_class, gang, safe_to_evict, do_not_disrupt, .. } = self;
        [mirror, bind_completed, vertical_autoscaler].hash(to);
        [selected_node, storage_class, gang, safe_to_evict, do_not_disrupt].content(to);
        gpu.hash(to);
    }
}

/// A key that is compared; few are kept.
enum Key {
    Mirror,
    BindCompleted,
    SelectedNode,
    StorageClass,
    Gang,
    Vertical,
    SafeToEvict,
    DoNotDisrupt,
    Gpu(String),
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
                    key if shares_gpu(key) => Key::Gpu(key.into()),
                    _ => Key::Other,
                })
            }
        }
        d.deserialize_str(KeyVisitor)
    }
}
