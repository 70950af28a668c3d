//! What is: the cluster as read, in integers, validated once and immutable from then on.
//!
//! In: objects added to a [`ClusterBuilder`] by a reader (or by hand). Out: a [`Cluster`] that every
//! other folder reads, and a [`Change`] to it, the common language of solvers, referee and questions.
//! Nothing here knows how to decide; no rule of the scheduler is in this folder.

mod altered;
mod builder;
mod cards;
mod change;
mod cluster;
mod draft;
mod edit;
mod finish;
mod happening;
mod interval;
mod known;
mod labels;
mod names;
mod node;
mod plane;
mod pod;
mod quota;
mod resources;
mod service;
mod shape;

pub use builder::{ClusterBuilder, NodeSpec, PodSpec, WorkloadSpec};
pub use change::{Change, Loss, Removal, Step};
pub use cluster::Cluster;
pub use draft::{Draft, Edited};
pub use edit::{Edit, NodeChange, TemplateChange};
pub use finish::ModelError;
pub use interval::Interval;
pub use known::{Kind, Kinds};
pub use labels::{Labels, NodeSelector, NodeTerm, NumericOp, Requirement, Selector};
pub use names::{Names, Sym};
pub use node::{Card, DOWN_TAINTS, Effect, Node, NodeId, Taint, Toleration};
pub use plane::{EtcdPlace, Leadership, LeaseTimes, Links, PlaneSpec};
pub use pod::{
    Budget, Component, Controller, Disrupted, Gap, Manner, Owner, OwnerKind, Pod, PodId, Unready,
    Workload, WorkloadId,
};
pub use quota::{Charge, Quota, Scope};
pub use resources::{AMOUNT_MAX, RESOURCES_MAX, ResourceId, Resources, VOLUMES_UNLIMITED};
pub use service::{Family, ListedEndpoint, Service, ServiceKind, ServicePort, TargetPort};
pub use shape::{
    Charges, ClaimKind, GpuRequest, HostPort, NamespaceSet, NodePolicy, PodTerm, Protocol, Shape,
    ShapeId, Soft, Spread, Unstated, VolumeClaim,
};
