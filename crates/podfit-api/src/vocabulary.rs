//! Words that options take, defined once for all faces: the command, Python, the browser and their types are made from
//! them.

use podfit::control_plane::Goes;
use podfit::model::{Loss, OwnerKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An enum of words with their meanings; the first is the default.
macro_rules! words {
    ($(
        $(#[doc = $about:literal])+
        $name:ident { $(#[doc = $first_meaning:literal] $first:ident = $first_word:literal,
            $(#[doc = $meaning:literal] $variant:ident = $word:literal,)*)? }
    )*) => {$(
        $(#[doc = $about])+
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema,
        )]
        pub enum $name {$(
            #[doc = $first_meaning]
            #[default]
            #[serde(rename = $first_word)]
            $first,
            $(
                #[doc = $meaning]
                #[serde(rename = $word)]
                $variant,
            )*
        )?}

        impl $name {
            /// All of them, the default first.
            pub const ALL: &[Self] = &[$(Self::$first, $(Self::$variant),*)?];

            /// The word on the wire and on the command line.
            pub const fn name(self) -> &'static str {
                match self {$(
                    Self::$first => $first_word,
                    $(Self::$variant => $word,)*
                )?}
            }

            /// What it means.
            pub const fn meaning(self) -> &'static str {
                match self {$(
                    Self::$first => $first_meaning,
                    $(Self::$variant => $meaning,)*
                )?}
            }

            /// The one of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }
    )*};
}

words! {
    /// How nodes are lost.
    Mode {
        #[doc = " The kubelet is silent; the Node object stays, tainted, and evicted pods linger as Terminating."]
        NotReady = "not-ready",
        #[doc = " The Node object is deleted."]
        Deleted = "deleted",
        #[doc = " The node is cordoned and drained; DaemonSet and static pods run on."]
        Drained = "drained",
    }
    /// How a leader goes: kube-scheduler's or kube-controller-manager's.
    LeaderGoes {
        #[doc = " Its process or its machine ends without a word."]
        Crash = "crash",
        #[doc = " It is told to stop and gives its lease back; kube-controller-manager does not."]
        Release = "release",
        #[doc = " It lives, and no longer reaches the API."]
        CutOff = "cut-off",
    }
    /// Which solvers may be asked.
    Solver {
        #[doc = " Greedy first; exact where bounds do not prove its answer."]
        Auto = "auto",
        #[doc = " Greedy and bounds only."]
        Greedy = "greedy",
        #[doc = " The exact solvers run although bounds prove the greedy answer."]
        Exact = "exact",
    }
    /// What is asked about the network.
    NetworkPart {
        #[doc = " Who gets which address, or what conflicts; how much of each range is left."]
        Plan = "plan",
        #[doc = " By which names, addresses and ports services and pods are reached, and what a loss changes."]
        Reach = "reach",
        #[doc = " What is wrong with the routes, and which one a destination takes."]
        Routes = "routes",
    }
    /// A form of output.
    Format {
        #[doc = " For people; pods of one workload are summed up."]
        Table = "table",
        #[doc = " For people; every pod and node."]
        Wide = "wide",
        #[doc = " The whole report."]
        Json = "json",
        #[doc = " The whole report."]
        Yaml = "yaml",
        #[doc = " The list of pods (of an audit, cases; of a check, violations; of an explanation, pods by nodes; of a network, addresses, services or routes), amounts as whole numbers."]
        Csv = "csv",
        #[doc = " Of an audit: gauges in Prometheus' text format, for a textfile collector."]
        Prometheus = "prometheus",
    }
}

impl From<LeaderGoes> for Goes {
    fn from(goes: LeaderGoes) -> Self {
        match goes {
            LeaderGoes::Crash => Self::Crash,
            LeaderGoes::Release => Self::Release,
            LeaderGoes::CutOff => Self::CutOff,
        }
    }
}

impl From<Goes> for LeaderGoes {
    fn from(goes: Goes) -> Self {
        match goes {
            Goes::Crash => Self::Crash,
            Goes::Release => Self::Release,
            Goes::CutOff => Self::CutOff,
        }
    }
}

impl From<Mode> for Loss {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::NotReady => Self::NotReady,
            Mode::Deleted => Self::Deleted,
            Mode::Drained => Self::Drained,
        }
    }
}

/// Kinds of workloads that a podfit/v1 document takes, the default first.
pub(crate) const WORKLOAD_KINDS: [(&str, OwnerKind); 6] = [
    ("Deployment", OwnerKind::Deployment),
    ("StatefulSet", OwnerKind::StatefulSet),
    ("DaemonSet", OwnerKind::DaemonSet),
    ("Job", OwnerKind::Job),
    ("ReplicaSet", OwnerKind::ReplicaSet),
    ("Pod", OwnerKind::Bare),
];
