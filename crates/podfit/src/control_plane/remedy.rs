//! What fails, what then does not work and what helps; and what goes on or waits in the cluster meanwhile.

use super::state::{Known, State, majority};
use super::topology::Topology;
use crate::model::Component;

/// A part with what its loss means and what helps beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The part, as `kube-apiserver`.
    pub component: &'static str,
    /// Whether it works now, with the failures asked; `None`: there is none, or the input does not say.
    pub works: Option<Known>,
    /// What its loss means.
    pub issue: &'static str,
    /// What helps.
    pub mitigation: &'static str,
}

/// A row a part, in the order in which they depend on each other.
pub fn remedies(state: &State) -> Vec<Remedy> {
    let row = |component, works, issue, mitigation| Remedy { component, works, issue, mitigation };
    vec![
        row(
            "balancer",
            state.balancer,
            "kubelets and clients that use its address reach no API server, though the servers work",
            "two balancers with one address before the API servers, port 6443; kubectl can name a server itself",
        ),
        row(
            "kube-apiserver",
            Some(state.api),
            "kubectl fails and nothing can be changed; scheduler, controllers and kubelets learn nothing new",
            "API servers on two machines or more: all of them work at once, behind a balancer",
        ),
        row(
            "etcd",
            Some(state.etcd_writes),
            "without a majority nothing can be written, and reads may be old; if its data are lost, so is the cluster",
            "three or five members on machines of their own failure; back up with etcdctl snapshot save, away from the machines, \
             and try the restore (etcdutl snapshot restore)",
        ),
        row(
            "kube-scheduler",
            Some(state.scheduling),
            "new pods stay pending; running ones go on",
            "one on every server: one leads by a lease, another takes over when the lease is up",
        ),
        row(
            "kube-controller-manager",
            Some(state.controllers),
            "nothing is made anew, evicted or scaled; endpoints and nodes' conditions are not kept",
            "one on every server: one leads by a lease, another takes over when the lease is up",
        ),
    ]
}

/// What goes on in the cluster, or waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EffectKind {
    /// Pods that run.
    RunningPods,
    /// A container that crashes on a node that lives.
    ContainerCrash,
    /// Changes by kubectl, deployments.
    Changes,
    /// Pods without a node.
    NewPods,
    /// Pods that are gone and should be made anew.
    Replacement,
    /// A worker that is lost meanwhile.
    WorkerLoss,
    /// A node that is rebooted meanwhile.
    NodeReboot,
    /// Endpoints of services, as pods come and go.
    Endpoints,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What.
    pub kind: EffectKind,
    /// Whether it goes on, or is repaired.
    pub goes_on: Known,
    /// In words.
    pub text: &'static str,
}

/// What goes on and what waits in such a state.
pub fn effects(state: &State) -> Vec<Effect> {
    use EffectKind as E;
    let shared = state.shared_api.unwrap_or(state.api);
    let effect = |kind, goes_on: Known, yes, no, unknown| Effect {
        kind,
        goes_on,
        text: match goes_on {
            Known::Yes => yes,
            Known::No => no,
            Known::Unknown => unknown,
        },
    };
    let replaces = state.replaces_pods();
    vec![
        effect(
            E::RunningPods,
            Known::Yes,
            if shared == Known::No && state.controllers != Known::No {
                "pods that run go on; but nodes whose kubelets are cut off count as lost: once their tolerations are up (300 s \
                 unless stated), their pods are marked for deletion and end when the kubelet hears of it, unless so many nodes \
                 are silent that evictions halt"
            } else {
                "pods that run go on: their kubelets need no API for it"
            },
            "",
            "",
        ),
        effect(
            E::ContainerCrash,
            Known::Yes,
            "a container that crashes is started again by the kubelet of its node, in the same pod (restartPolicy)",
            "",
            "",
        ),
        effect(
            E::Changes,
            state.api,
            "kubectl works, and changes are taken",
            "kubectl does not work: nothing can be deployed, scaled or deleted",
            "whether kubectl works and changes are taken is not known",
        ),
        effect(
            E::NewPods,
            state.scheduling.min(shared),
            "new pods get a node and start",
            "new pods get no node, or do not start: they stay pending",
            "whether new pods get a node and start is not known",
        ),
        effect(
            E::Replacement,
            replaces,
            "a pod that is deleted, evicted or lost is made anew by its controller",
            "a pod that is deleted, evicted or lost is not made anew until it is back",
            "whether a pod that is gone is made anew is not known",
        ),
        effect(
            E::WorkerLoss,
            replaces,
            "a worker that is lost is noticed, and its pods are evicted and made anew elsewhere",
            "a worker that is lost meanwhile is not repaired: nobody evicts its pods or makes them anew",
            "whether a worker that is lost meanwhile is repaired is not known",
        ),
        effect(
            E::NodeReboot,
            shared,
            "a node that is rebooted gets its pods from the API and starts them",
            "a node that is rebooted meanwhile starts its static pods alone: the others it learns from the API",
            "whether a node that is rebooted meanwhile starts its pods is not known",
        ),
        effect(
            E::Endpoints,
            state.controllers.min(shared),
            "services follow as pods come and go",
            "services keep the endpoints that they had: those of pods that are gone are not taken out",
            "whether services follow as pods come and go is not known",
        ),
    ]
}

impl State {
    /// What is missing, in words: as `etcd has 1 of 3 members, and needs 2`; `None` where everything works for sure.
    pub fn missing(&self, topology: &Topology) -> Option<String> {
        let mut words = Vec::new();
        if self.etcd_writes == Known::No {
            let all = topology.of_part(Component::Etcd).count() as u32;
            let left =
                topology.of_part(Component::Etcd).filter(|&m| self.alive[m] != Known::No).count();
            words.push(format!("etcd has {left} of {all} members, and needs {}", majority(all)));
        } else if self.api == Known::No {
            let alive = topology.of_part(Component::ApiServer).any(|m| self.alive[m] != Known::No);
            words.push(if alive {
                "no API server reaches a member of etcd that it names".into()
            } else {
                "no API server runs".into()
            });
        } else {
            if self.shared_api == Some(Known::No) {
                words.push("no balancer is left before the API servers".into());
            }
            for (works, what) in [
                (self.scheduling, "no scheduler works"),
                (self.controllers, "no controller-manager works"),
            ] {
                if works == Known::No {
                    words.push(what.into());
                }
            }
        }
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// What is open, in words; `None` where nothing is.
    pub fn open(&self) -> Option<String> {
        let open: Vec<&str> = [
            (self.etcd_writes, "etcd"),
            (self.api, "API servers"),
            (self.shared_api.unwrap_or(Known::Yes), "the address that clients share"),
            (self.scheduling, "schedulers"),
            (self.controllers, "controller-managers"),
        ]
        .into_iter()
        .filter(|(works, _)| *works == Known::Unknown)
        .map(|(_, what)| what)
        .collect();
        (!open.is_empty()).then(|| format!("not known to work: {}", open.join(", ")))
    }
}
