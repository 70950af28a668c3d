//! Objects about volumes. Crate-private: what they become is in [`crate::convert`].

use super::{LabelSelector, Leaf, Map, NodeSelector, object::Metadata, object::Resources};
use serde::{Deserialize, de::IgnoredAny};

super::object::objects! {
    PersistentVolume {
        metadata: Metadata,
        spec: PersistentVolumeSpec,
        status: VolumeStatus,
    }
    PersistentVolumeSpec {
        node_affinity: Option<VolumeNodeAffinity>,
        capacity: Option<Map>,
        access_modes: Option<Vec<Leaf>>,
        volume_mode: Leaf,
        storage_class_name: Leaf,
        claim_ref: Option<ClaimReference>,
        csi: Option<CsiSource>,
        host_path: Option<IgnoredAny>,
        aws_elastic_block_store: Option<IgnoredAny>,
        azure_disk: Option<IgnoredAny>,
        azure_file: Option<IgnoredAny>,
        cinder: Option<IgnoredAny>,
        gce_persistent_disk: Option<IgnoredAny>,
        portworx_volume: Option<IgnoredAny>,
        vsphere_volume: Option<IgnoredAny>,
    }
    CsiSource {
        driver: Leaf,
    }
    ClaimReference {
        namespace: Leaf,
        name: Leaf,
        uid: Leaf,
    }
    VolumeStatus {
        phase: Leaf,
    }
    VolumeNodeAffinity {
        required: Option<NodeSelector>,
    }
    PersistentVolumeClaim {
        metadata: Metadata,
        spec: PersistentVolumeClaimSpec,
        status: ClaimStatus,
    }
    PersistentVolumeClaimSpec {
        volume_name: Leaf,
        volume_mode: Leaf,
        access_modes: Option<Vec<Leaf>>,
        storage_class_name: Leaf,
        resources: Option<Resources>,
        selector: Option<LabelSelector>,
    }
    ClaimStatus {
        phase: Leaf,
    }
    StorageClass {
        metadata: Metadata,
        provisioner: Leaf,
        volume_binding_mode: Leaf,
        allowed_topologies: Option<Vec<TopologyTerm>>,
    }
    TopologyTerm {
        match_label_expressions: Option<Vec<TopologyRequirement>>,
    }
    TopologyRequirement {
        key: Leaf,
        values: Option<Vec<Leaf>>,
    }
    CSINode {
        metadata: Metadata,
        spec: CSINodeSpec,
    }
    CSINodeSpec {
        drivers: Option<Vec<CSINodeDriver>>,
    }
    CSINodeDriver {
        name: Leaf,
        allocatable: Option<VolumeResources>,
    }
    VolumeResources {
        count: Leaf,
    }
    VolumeAttachment {
        metadata: Metadata,
        spec: AttachmentSpec,
    }
    AttachmentSpec {
        attacher: Leaf,
        node_name: Leaf,
        source: AttachmentSource,
    }
    AttachmentSource {
        persistent_volume_name: Leaf,
    }
    CSIDriver {
        metadata: Metadata,
        spec: CSIDriverSpec,
    }
    CSIDriverSpec {
        storage_capacity: Leaf,
        attach_required: Leaf,
    }
    Lease {
        metadata: Metadata,
        spec: LeaseSpec,
    }
    LeaseSpec {
        holder_identity: Leaf,
        lease_duration_seconds: Leaf,
    }
    CSIStorageCapacity {
        metadata: Metadata,
        storage_class_name: Leaf,
        capacity: Leaf,
        maximum_volume_size: Leaf,
        node_topology: Option<LabelSelector>,
    }
}
