//! What works of the control plane while something fails, and what becomes of pods and workers meanwhile?

use super::what_if::{PodVerdict, WhatIf, WhatIfQuestion};
use crate::control_plane::{
    Failures, Goes, Known, Leader, State, Survey, Topology, hand_overs, survey,
};
use crate::model::{NodeId, OwnerKind, PodId};
use crate::planner::plan::Refused;
use crate::planner::{Options, Planner};

/// The question.
#[derive(Clone, Debug)]
pub struct ControlPlaneQuestion {
    /// Parts and balancers that fail; those of the lost nodes are added.
    pub failures: Failures,
    /// How leaders go that fail themselves.
    pub goes: Goes,
    /// Nodes that are lost, each once.
    pub lost: Vec<NodeId>,
    /// Pods that crash.
    pub pods: Vec<PodId>,
    /// Each set of up to so many machines and balancers is asked too, where nothing is said to fail.
    pub k: usize,
    /// Sets at most.
    pub cases_max: usize,
}

/// Whether a pod that is gone is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Renewal {
    /// At once, by its controller.
    Now,
    /// Once the control plane is back.
    Waits,
    /// Never: nothing makes it.
    Never,
    /// By the kubelet of its node, from its file: it needs no API.
    ByKubelet,
    /// With its node: its controller wants it there and nowhere else.
    WithNode,
    /// Whether the control plane works is not known.
    NotKnown,
}

/// A pod that crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crashed {
    /// The pod.
    pub pod: PodId,
    /// Its containers are started again where it is: its node lives.
    pub in_place: bool,
    /// If the pod itself is gone: whether it is made anew.
    pub renewal: Renewal,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct ControlPlaneAnswer {
    /// What works as the input stands.
    pub before: State,
    /// What works while the failures last.
    pub after: State,
    /// Parts whose leader may go with them.
    pub leaders: Vec<Leader>,
    /// Each set of failures, where none is asked for.
    pub survey: Option<Survey>,
    /// Pods that crash.
    pub crashed: Vec<Crashed>,
    /// What becomes of the pods of lost nodes, the control plane left aside.
    pub lost: Option<WhatIf>,
}

impl Planner {
    /// Where the control plane runs.
    pub fn topology(&self) -> &Topology {
        &self.parts
    }

    /// What works of the control plane while something fails, and what becomes of pods meanwhile.
    ///
    /// # Errors
    /// [`Refused`]: a bug of ours.
    pub fn control_plane(
        &self,
        question: &ControlPlaneQuestion,
        options: &Options,
    ) -> Result<ControlPlaneAnswer, Refused> {
        let topology = &self.parts;
        let mut failures = question.failures.clone();
        failures.nodes(topology, &question.lost);
        let before = topology.state(&Failures::none(topology));
        let after = topology.state(&failures);
        let is_asked = failures != Failures::none(topology)
            || !question.lost.is_empty()
            || !question.pods.is_empty();
        let lost = WhatIfQuestion { lost: question.lost.clone(), ..WhatIfQuestion::default() };
        let lost = match question.lost.as_slice() {
            [] => None,
            _ => Some(self.what_if(&lost, &Options { seeds: Some(0), ..options.clone() })?),
        };
        Ok(ControlPlaneAnswer {
            leaders: hand_overs(topology, &failures, question.goes),
            survey: (!is_asked).then(|| survey(topology, question.k, question.cases_max)),
            crashed: question.pods.iter().map(|&p| self.crashed(p, question, &after)).collect(),
            before,
            after,
            lost,
        })
    }

    fn crashed(&self, id: PodId, question: &ControlPlaneQuestion, after: &State) -> Crashed {
        let pod = self.cluster.pod(id);
        let lives = |n: NodeId| !question.lost.contains(&n) && !self.cluster.node(n).down;
        let in_place = pod.node.is_some_and(lives) && !pod.terminating;
        let renewal = match pod.owner.kind {
            OwnerKind::Static if in_place => Renewal::ByKubelet,
            OwnerKind::Static => Renewal::WithNode,
            OwnerKind::Bare => Renewal::Never,
            _ if pod.orphan => Renewal::Never,
            OwnerKind::DaemonSet if !in_place => Renewal::WithNode,
            _ => match after.replaces_pods() {
                Known::Yes => Renewal::Now,
                Known::No => Renewal::Waits,
                Known::Unknown => Renewal::NotKnown,
            },
        };
        Crashed { pod: id, in_place, renewal }
    }
}

impl ControlPlaneAnswer {
    /// How many pods of the lost nodes have a verdict, by what their controllers would do.
    pub fn lost_pods(&self, is: impl Fn(PodVerdict) -> bool) -> usize {
        let pods = self.lost.iter().flat_map(|w| &w.pods);
        pods.filter(|p| p.fate.is_some() && is(p.verdict)).count()
    }
}
