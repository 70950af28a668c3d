//! How to read, and what was read.

use podfit::{device::Plan, model::Cluster, network::Network};
use podfit_kube::InputError;

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Requests to assume for pods that state none, as `("cpu", "100m")`; `cpu` and `memory` only.
    pub assume_requests: Vec<(String, String)>,
    /// Workloads with a HorizontalPodAutoscaler in the input have as many replicas as it gives them at most.
    pub autoscaled: bool,
    /// Each CronJob in the input has a Job, as when its time comes.
    pub cron_jobs: bool,
    /// The edge device that the nodes are machines of.
    pub device: Option<DeviceUnder>,
    /// Read the rest where objects (of podfit/v1: entries of its lists) have faults. They are left out, as is what
    /// cannot be read without them: pods on a node that is left out. Of several objects with one name the first is
    /// kept. What is left out is in [`Opened::left_out`], and every report says that it is. Faults that are about no
    /// single object refuse the input as ever: their [`InputError::object`] is `None`.
    pub leave_out_faulty: bool,
}

/// An edge device under a cluster that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceUnder {
    /// Its model, as `pro-gpu`.
    pub model: String,
    /// Names of the nodes on each host, `A` or `B`; empty: by the label `podfit.dev/host` of the nodes.
    pub hosts: Vec<(String, Vec<String>)>,
}

/// What was read.
#[derive(Debug)]
pub struct Opened {
    /// The cluster.
    pub cluster: Cluster,
    /// The edge device, where the input describes one.
    pub device: Option<Plan>,
    /// The network around it, where the input describes one.
    pub network: Option<Network>,
    /// What was taken for granted, a sentence each.
    pub assumptions: Vec<String>,
    /// What was left out and what the input uses and podfit does not evaluate, a sentence each.
    pub not_evaluated: Vec<String>,
    /// Every fault of the objects that were left out.
    pub left_out: Vec<InputError>,
}
