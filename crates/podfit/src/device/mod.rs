//! The edge device: an Azure Stack Edge of one or two nodes, described by its model name.
//!
//! In: a [`Device`] (model, number of nodes, options). Out: a [`Plan`]: its hosts, the virtual machines
//! on them and which of these fail over; from the plan the Kubernetes nodes for a
//! [`ClusterBuilder`](crate::model::ClusterBuilder), the fit of the machines on the survivor when a host
//! is lost ([`after_loss`]), and the vendor's 50 % rule as a lint beside it ([`half_rule`]). Whether the
//! *pods* fit is no question for this folder.
//!
//! The device's facts are data, each with the page of the vendor's documentation it is from and that
//! page's date: pages are named by the end of their address, as `azure-stack-edge-gpu-kubernetes-overview`.
//! What no page states is an assumption, listed in the plan and open to change by an option.
//!
//! ```
//! use podfit::device::{Device, HostId, HostOutcome, Model, after_loss};
//! let plan = Device::new(Model::parse("pro-gpu").expect("known"), 2).validate().expect("valid");
//! let HostOutcome::Survives(fit) = after_loss(&plan, HostId::A) else { panic!("two nodes") };
//! assert!(fit.fits());
//! assert_eq!(fit.needed.vcpu_milli, 16_000);
//! ```

mod attach;
mod capacity;
mod catalogue;
mod error;
mod failure;
mod host_fit;
mod kube;
mod lint;
mod notes;
mod plan;
mod sizing;
#[cfg(test)]
mod tests;
mod update;

pub use attach::under;
pub use capacity::{CapacityField, CapacityUse, VendorCapacity};
pub use catalogue::{Model, ModelSpec, Power, TwoNode};
pub use error::DeviceError;
pub use failure::{Failures, Part, Response, Ruling, fail};
pub use host_fit::{HostFit, HostOutcome, HostResource, after_loss, failed_over, load_now};
pub use lint::{Denominator, LintLine, LintVerdict, half_rule};
pub use notes::Note;
pub use plan::{Device, Host, HostId, OtherVm, Plan, Vm, VmKind};
pub use sizing::{CpuBasis, GIB, Rounding, Share, Size, Sizing};
pub use update::{HOST_UPDATE, KUBERNETES_UPDATE, Update, failback_note, update_notes};
