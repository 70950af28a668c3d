//! Which kinds of objects the input has: what a dump lacks may be absent from the cluster, or may not have been asked
//! for.

/// A kind of object that bears on an answer, beside nodes and pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// ReplicaSet.
    ReplicaSets,
    /// Deployment.
    Deployments,
    /// ReplicationController.
    ReplicationControllers,
    /// StatefulSet.
    StatefulSets,
    /// DaemonSet.
    DaemonSets,
    /// Job.
    Jobs,
    /// Namespace.
    Namespaces,
    /// PodDisruptionBudget.
    Budgets,
    /// ResourceQuota.
    Quotas,
    /// LimitRange.
    LimitRanges,
    /// PriorityClass.
    PriorityClasses,
    /// Service.
    Services,
    /// PersistentVolumeClaim.
    Claims,
    /// PersistentVolume.
    Volumes,
    /// StorageClass.
    StorageClasses,
    /// CSINode.
    CsiNodes,
    /// CSIDriver.
    CsiDrivers,
    /// VolumeAttachment.
    Attachments,
    /// CSIStorageCapacity.
    StorageCapacities,
    /// HorizontalPodAutoscaler.
    Autoscalers,
    /// PodGroup of a gang scheduler.
    PodGroups,
    /// ResourceSlice, ResourceClaim, DeviceClass: dynamic resources.
    DynamicResources,
    /// EndpointSlice.
    EndpointSlices,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 23] = [
        Self::ReplicaSets,
        Self::Deployments,
        Self::ReplicationControllers,
        Self::StatefulSets,
        Self::DaemonSets,
        Self::Jobs,
        Self::Namespaces,
        Self::Budgets,
        Self::Quotas,
        Self::LimitRanges,
        Self::PriorityClasses,
        Self::Services,
        Self::Claims,
        Self::Volumes,
        Self::StorageClasses,
        Self::CsiNodes,
        Self::CsiDrivers,
        Self::Attachments,
        Self::StorageCapacities,
        Self::Autoscalers,
        Self::PodGroups,
        Self::DynamicResources,
        Self::EndpointSlices,
    ];
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    /// All: what is not in the input does not exist, as in a description that a person wrote.
    pub const ALL: Self = Self((1 << Kind::ALL.len()) - 1);

    /// Adds a kind.
    pub fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u32;
    }

    /// Whether the kind is among them.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }
}
