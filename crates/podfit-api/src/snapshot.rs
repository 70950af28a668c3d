//! A cluster opened once and asked often.

use crate::edit::{self, Edit};
use crate::input::{InputError, Opened};
use crate::names::RequestError;
use crate::report::Context;
use podfit::device;
use podfit::model::{Cluster, ClusterBuilder};
use podfit::network::Network;
use podfit::planner::Planner;
use std::sync::Arc;

/// An opened input, indexed for many questions. May be shared between threads.
#[derive(Debug)]
pub struct Snapshot {
    planner: Planner,
    device: Option<device::Plan>,
    network: Option<Network>,
    assumptions: Vec<String>,
    not_evaluated: Vec<String>,
    left_out: Vec<InputError>,
    had_pods: bool,
}

impl Snapshot {
    /// Indexes what was read.
    pub fn from_opened(opened: Opened) -> Self {
        let mut assumptions = opened.assumptions;
        for note in opened.device.iter().flat_map(|d| &d.assumptions) {
            if !assumptions.iter().any(|a| a.contains(&note.text)) {
                assumptions.push(format!("{} [{}]", note.text, note.page));
            }
        }
        Self {
            had_pods: !opened.cluster.pods().is_empty(),
            planner: Planner::new(Arc::new(opened.cluster)),
            device: opened.device,
            network: opened.network,
            assumptions,
            not_evaluated: opened.not_evaluated,
            left_out: opened.left_out,
        }
    }

    /// Of nothing: for questions that need no cluster, as to plan a control plane.
    pub fn empty() -> Self {
        Self::from_opened(Opened {
            cluster: ClusterBuilder::new().build().expect("nothing is wrong with nothing"),
            device: None,
            network: None,
            assumptions: Vec::new(),
            not_evaluated: Vec::new(),
            left_out: Vec::new(),
        })
    }

    /// The same with these edits carried out, in order. A device stays as it was described.
    ///
    /// # Errors
    /// Every wrong name and amount.
    ///
    /// ```
    /// use podfit_api::{AnswerOptions, Edit, Input, OpenOptions, Request, open};
    /// let text = "
    /// apiVersion: podfit/v1
    /// kind: Cluster
    /// nodes: [{name: a, allocatable: {cpu: 1, memory: 1Gi}}]
    /// workloads: [{name: web, requests: {cpu: 2, memory: 1Mi}}]
    /// ";
    /// let input = Input::new("small.yaml", text.as_bytes());
    /// let small = open(vec![input], &OpenOptions::default()).expect("valid");
    /// let place: Request = serde_json::from_str(r#"{"kind": "Place"}"#).unwrap();
    /// let fits = |s: &podfit_api::Snapshot| {
    ///     s.answer(&place, &AnswerOptions::default()).unwrap().report.is_good(false)
    /// };
    /// assert!(!fits(&small));
    /// let more = r#"{"op": "enlarge-node", "node": "a", "add": {"cpu": "1"}}"#;
    /// let more: Edit = serde_json::from_str(more).unwrap();
    /// assert!(fits(&small.edited(&[more]).expect("known names")));
    /// ```
    pub fn edited(&self, edits: &[Edit]) -> Result<Self, Vec<RequestError>> {
        let cluster = edit::edited(self.cluster(), edits)?;
        let mut assumptions = self.assumptions.clone();
        if !edits.is_empty() {
            let were = if edits.len() == 1 { "edit was" } else { "edits were" };
            assumptions.push(format!("{} {were} carried out on the input", edits.len()));
        }
        Ok(Self {
            planner: Planner::new(Arc::new(cluster)),
            device: self.device.clone(),
            network: self.network.clone(),
            assumptions,
            not_evaluated: self.not_evaluated.clone(),
            left_out: self.left_out.clone(),
            had_pods: self.had_pods,
        })
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        self.planner.cluster()
    }

    /// Whether there was a pod before any edit, or is now.
    pub(crate) fn had_pods(&self) -> bool {
        self.had_pods || !self.cluster().pods().is_empty()
    }

    pub(crate) fn planner(&self) -> &Planner {
        &self.planner
    }

    /// What timelines are made from.
    pub(crate) fn timed(&self) -> (&Planner, Option<&device::Plan>) {
        (&self.planner, self.device.as_ref())
    }

    /// The edge device that the cluster was described as.
    pub fn device(&self) -> Option<&device::Plan> {
        self.device.as_ref()
    }

    /// The network around the cluster, where the input describes one.
    pub fn network(&self) -> Option<&Network> {
        self.network.as_ref()
    }

    /// What was supposed when reading.
    pub fn assumptions(&self) -> &[String] {
        &self.assumptions
    }

    /// What the input has that placement depends on and that is not evaluated; first what was left out.
    pub fn not_evaluated(&self) -> &[String] {
        &self.not_evaluated
    }

    /// Every fault of the objects that were left out; see [`OpenOptions`](crate::OpenOptions).
    pub fn left_out(&self) -> &[InputError] {
        &self.left_out
    }

    /// What reports are made from.
    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            cluster: self.cluster(),
            device: self.device(),
            assumptions: &self.assumptions,
            not_evaluated: &self.not_evaluated,
        }
    }
}
