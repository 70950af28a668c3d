//! The arguments.

use crate::timing::{Failures, Timing, failures, span};
use crate::words::{duration, pair, route, step, word};
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use podfit_api::{Format, LeaderGoes, Mode, NetworkPart, RouteChange, SequenceStep, Solver, Span};
use std::path::PathBuf;
use std::time::Duration;

/// Do the pods still fit when a node is gone? If not, which ones and why?
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// Print the JSON Schema of a wire type and end.
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(podfit_api::SCHEMA_KINDS))]
    pub schema: Option<String>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

const AFTER_HELP: &str = "\
Exit codes: 0 it fits; 1 it does not, or with losses, or that is unknown, or a rule is broken; 2 input or \
usage; 3 internal error. With --detailed-exitcode: 10 does not fit, 11 with losses, 12 if placed well, \
13 unknown, 14 stalls, 15 down.

An INPUT is a file, a folder, or - for standard input: what kubectl prints as JSON or YAML \
(podfit collect prints the command), or podfit's own podfit/v1. Nothing leaves this machine.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// What if these nodes are lost?
    WhatIf(WhatIf),
    /// Which losses does the cluster survive?
    Audit(Audit),
    /// When is everything back after these nodes are lost?
    Timeline(Timeline),
    /// How long are workloads down in a year, on average, where nodes fail and are repaired by chance?
    Availability(Availability),
    /// What if these things happen, one after the other: drains, losses, returns, a rolling update?
    Sequence(Sequence),
    /// Where do pending pods go?
    Place(Place),
    /// Is what runs, or an earlier plan, legal? The referee alone.
    Check(Check),
    /// Why does no node take these pods? Node by node, in the scheduler's words, with the nearest fix.
    Explain(Explain),
    /// What is less available than it looks: single replicas, rules that no loss survives, local volumes, budgets.
    Lint(Lint),
    /// What is the edge device made of, and what does it do when parts of it fail?
    Device(Show),
    /// The network: addresses and ranges, what reaches what and by which port it leaves, routes.
    Network(Network),
    /// What works of the control plane while parts, machines, the balancer or workers fail; which failures it survives; what
    /// would survive more.
    ControlPlane(ControlPlane),
    /// What is there: nodes with what they have and hold; as CSV, pods.
    Show(Show),
    /// Print the kubectl line and the read-only role that gather what podfit needs; runs nothing.
    Collect,
    /// Print the completion script of a shell.
    Completion {
        /// The shell.
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub struct WhatIf {
    #[command(flatten)]
    pub input: Input,
    /// What is lost, all at once: nodes, hosts A or B of an edge device, or label=value for all nodes of
    /// a failure domain. Repeat it or separate by commas.
    #[arg(long, value_name = "NODE", required = true, value_delimiter = ',', action = ArgAction::Append)]
    pub fail: Vec<String>,
    #[command(flatten)]
    pub loss: Loss,
    #[command(flatten)]
    pub list: List,
    /// List only pods that something becomes of, none that stay as they are.
    #[arg(long)]
    pub changed: bool,
    #[command(flatten)]
    pub timing: Timing,
    #[command(flatten)]
    pub solve: Solve,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Timeline {
    #[command(flatten)]
    pub input: Input,
    /// What is lost, all at once, named as for what-if.
    #[arg(long, value_name = "NODE", required = true, value_delimiter = ',', action = ArgAction::Append)]
    pub fail: Vec<String>,
    /// How nodes are lost.
    #[arg(long, value_parser = word(Mode::ALL), default_value = Mode::default().name())]
    pub mode: Mode,
    /// Exit with 0 also where some pods do not come back by themselves.
    #[arg(long)]
    pub accept_losses: bool,
    #[command(flatten)]
    pub list: List,
    #[command(flatten)]
    pub timing: Timing,
    #[command(flatten)]
    pub solve: Solve,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Availability {
    #[command(flatten)]
    pub input: Input,
    /// Nodes that fail each for itself: names, hosts of an edge device, label=value, or * for all, then the mean time between
    /// failures and that to repair, as *=1y/4h or worker-a,worker-b=200d/2h.
    #[arg(long, value_name = "NODES=UP/REPAIR", value_parser = failures, action = ArgAction::Append)]
    pub each: Vec<Failures>,
    /// Nodes that fail together, by a common cause.
    #[arg(long, value_name = "NODES=UP/REPAIR", value_parser = failures, action = ArgAction::Append)]
    pub together: Vec<Failures>,
    /// Failure domains: the nodes of each value of the label fail together.
    #[arg(long, value_name = "LABEL=UP/REPAIR", value_parser = failures, action = ArgAction::Append)]
    pub each_domain: Vec<Failures>,
    /// Runs, each of a year: the more, the narrower the intervals.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub runs: u32,
    /// Decides what chance leaves open.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Ask what becomes of pods in so many sets of nodes at most, those that are down longest.
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_sets: u32,
    /// Threads; all processors if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub timing: Timing,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    pub input: Input,
    /// Ask every set of up to K nodes.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub k: u32,
    /// Ask failure domains instead: each value of this node label is one case.
    #[arg(long, value_name = "LABEL", conflicts_with = "k")]
    pub domain: Option<String>,
    /// Ask so many cases at most; the rest is counted and makes the verdict unknown.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_cases: u32,
    #[command(flatten)]
    pub loss: Loss,
    #[command(flatten)]
    pub timing: Timing,
    #[command(flatten)]
    pub solve: Solve,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Sequence {
    #[command(flatten)]
    pub input: Input,
    /// What happens, as drain=NODE,NODE; repeat it. Instead of drain: cordon, lose (not ready), delete, return, share and
    /// unshare (GPU cards), and of an edge device fail-over=A; nodes are named as for what-if. After each step pods that wait get a place. As lose=NODE@10m
    /// or lose=NODE@5m..10m it lasts so long, and pods that tolerate it for longer stay; else until all has settled.
    #[arg(long, value_name = "STEP=NODE", value_parser = step, action = ArgAction::Append, required_unless_present_any = ["rolling", "kubernetes_update"])]
    pub step: Vec<SequenceStep>,
    /// Every node in turn (of an edge device every host): drained, away while it restarts, back.
    #[arg(long, conflicts_with = "step")]
    pub rolling: bool,
    /// Of an edge device: Kubernetes is updated, first the master machine, which restarts on the other host, then each worker.
    #[arg(long, conflicts_with_all = ["step", "rolling"])]
    pub kubernetes_update: bool,
    /// Of a rolling update so many nodes at a time.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "rolling", value_parser = clap::value_parser!(u32).range(1..))]
    pub batch: u32,
    /// Of a rolling update a failure domain at a time: the values of this node label.
    #[arg(long, value_name = "LABEL", requires = "rolling", conflicts_with = "batch")]
    pub domain: Option<String>,
    /// Of an update of a device whose pods share GPU cards, which switches sharing off: it is switched on again on each host.
    #[arg(long, requires = "rolling")]
    pub share_again: bool,
    /// Of an update: how long each node, host or batch is away (a device's: assumed as claimed, 60m..75m a host).
    #[arg(long, value_name = "TIME", value_parser = span, conflicts_with = "step")]
    pub update_time: Option<Span>,
    /// Exit with 0 also where pods are lost or stuck by their kind, if nothing else is amiss.
    #[arg(long)]
    pub accept_losses: bool,
    #[command(flatten)]
    pub list: List,
    #[command(flatten)]
    pub timing: Timing,
    #[command(flatten)]
    pub solve: Solve,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Place {
    #[command(flatten)]
    pub input: Input,
    /// Use as few nodes that are empty now as can be.
    #[arg(long)]
    pub fewest_nodes: bool,
    #[command(flatten)]
    pub list: List,
    #[command(flatten)]
    pub solve: Solve,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub input: Input,
    /// Replay the plan of an earlier report (-o json of what-if or place) instead of judging what runs.
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// Pods, then inputs. A pod is a name, namespace/name, or a controller for its pods; what is a file, a folder or -
    /// is an input. Without a pod: every pod without a place.
    #[arg(value_name = "POD|INPUT", required = true)]
    pub what: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Ask for the time after these nodes are lost, named as for what-if.
    #[arg(long, value_name = "NODE", value_delimiter = ',', action = ArgAction::Append)]
    pub fail: Vec<String>,
    /// How nodes are lost.
    #[arg(long, value_parser = word(Mode::ALL), default_value = Mode::default().name())]
    pub mode: Mode,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Lint {
    #[command(flatten)]
    pub input: Input,
    /// How nodes would be lost.
    #[arg(long, value_parser = word(Mode::ALL), default_value = Mode::default().name())]
    pub mode: Mode,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Network {
    /// What to ask.
    #[arg(value_name = "PART", value_parser = word(NetworkPart::ALL))]
    pub about: NetworkPart,
    #[command(flatten)]
    pub input: Input,
    /// Of reach: who sends: outside, a pod, a service or a node. Not given: a pod somewhere in the cluster.
    #[arg(long, value_name = "WHO")]
    pub from: Option<String>,
    /// Of reach: a service, a pod or an address, instead of all services. Of routes: an address.
    #[arg(long, value_name = "WHERE")]
    pub to: Option<String>,
    /// Of reach: what changes when these nodes are lost, named as for what-if.
    #[arg(long, value_name = "NODE", value_delimiter = ',', action = ArgAction::Append)]
    pub fail: Vec<String>,
    /// How nodes are lost.
    #[arg(long, value_parser = word(Mode::ALL), default_value = Mode::default().name())]
    pub mode: Mode,
    /// Of a plan: so many services more should get an address from outside.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub more_services: u32,
    /// Of a plan: so many nodes more.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub more_nodes: u32,
    /// Ask as if this custom route were there too, as "192.168.21.0/24 via 192.168.20.1 dev port3 metric 100".
    #[arg(long, value_name = "ROUTE", value_parser = route, action = ArgAction::Append)]
    pub add_route: Vec<RouteChange>,
    /// Ask as if this custom route were not there, as "192.168.21.0/24" or "192.168.21.0/24 dev port3".
    #[arg(long, value_name = "ROUTE", value_parser = route, action = ArgAction::Append)]
    pub remove_route: Vec<RouteChange>,
    #[command(flatten)]
    pub timing: Timing,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct ControlPlane {
    /// File, folder (its .json, .yaml and .yml files, also in folders below) or - for standard input. None is needed to plan.
    #[arg(value_name = "INPUT", required_unless_present_any = ["survive", "members"])]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// What fails, all at once: MACHINE:PART as m1:etcd (parts: etcd, kube-apiserver, kube-scheduler, kube-controller-manager),
    /// a machine or node, lb for the balancers, a host A or B of an edge device, label=value, or pod/NAMESPACE/NAME for a pod
    /// that crashes. Without it each single failure is asked. Repeat it or separate by commas.
    #[arg(long, value_name = "WHAT", value_delimiter = ',', action = ArgAction::Append)]
    pub fail: Vec<String>,
    /// How leaders go that fail themselves.
    #[arg(long, value_parser = word(LeaderGoes::ALL), default_value = LeaderGoes::default().name())]
    pub leader: LeaderGoes,
    /// Ask every set of up to K machines and balancers.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub k: u32,
    /// Ask so many sets at most; the rest is counted.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_cases: u32,
    /// Plan a control plane of which any N machines may fail, 0 to 3.
    #[arg(long, value_name = "N")]
    pub survive: Option<u32>,
    /// Plan one with N members of etcd, an odd number up to 7.
    #[arg(long, value_name = "N")]
    pub members: Option<u32>,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Debug, Args)]
pub struct Input {
    /// File, folder (its .json, .yaml and .yml files, also in folders below) or - for standard input.
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, Args)]
pub struct Reading {
    /// Requests to assume for pods that state none, as cpu=100m,memory=256Mi.
    #[arg(long, value_name = "NAME=QUANTITY", value_delimiter = ',', value_parser = pair)]
    pub assume_request: Vec<(String, String)>,
    /// Workloads with a HorizontalPodAutoscaler have as many replicas as it gives them at most.
    #[arg(long)]
    pub autoscaled: bool,
    /// Each CronJob has a Job, as when its time comes.
    #[arg(long)]
    pub cron_jobs: bool,
    /// The nodes are machines of an edge device of this model, as pro-gpu: hosts may be asked about, and their machines fail over.
    #[arg(long, value_name = "MODEL")]
    pub device: Option<String>,
    /// Which nodes are on which host of it, as A=worker-a,master; repeat it for B. If not given: by the label podfit.dev/host.
    #[arg(long, value_name = "HOST=NODE", value_parser = pair, action = ArgAction::Append, requires = "device")]
    pub host: Vec<(String, String)>,
    /// Read the rest where objects have faults, and say what was left out.
    #[arg(long)]
    pub leave_out_faulty: bool,
    /// Change the input before asking: a file with a list of edits in JSON, as reports suggest them.
    #[arg(long, value_name = "FILE")]
    pub edits: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Loss {
    /// How nodes are lost.
    #[arg(long, value_parser = word(Mode::ALL), default_value = Mode::default().name())]
    pub mode: Mode,
    /// Let up to N pods on surviving nodes move to make room.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub moves: u64,
    /// Exit with 0 also where pods are lost or stuck by their kind, if nothing else is amiss.
    #[arg(long)]
    pub accept_losses: bool,
}

#[derive(Debug, Args)]
pub struct List {
    /// List only pods of this namespace; the verdict is still for all.
    #[arg(short, long, conflicts_with = "all_namespaces")]
    pub namespace: Option<String>,
    /// List pods of all namespaces (the default).
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// List only pods with these labels, as app=web,tier!=db; the verdict is still for all.
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub selector: Option<String>,
}

#[derive(Debug, Args)]
pub struct Solve {
    /// Which solvers may be asked.
    #[arg(long, value_parser = word(Solver::ALL), default_value = Solver::default().name())]
    pub solver: Solver,
    /// Time for the question with everything that is looked for, as 500ms, 10s or 2m; for each case of an audit and step of a sequence. The answer
    /// says what was cut short.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub time_limit: Duration,
    /// Breaks ties; the same seed gives the same answer.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Ask so many seeds of the default scheduler's simulation; 0: ask only whether a placement exists. If not
    /// given: 200, fewer where pods times nodes are many.
    #[arg(long, value_name = "SEEDS", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub predict: Option<u32>,
    /// Give the verdict alone: look for no cause, no fixes and no hint.
    #[arg(long)]
    pub no_fixes: bool,
    /// Threads of an audit; all processors if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

#[derive(Debug, Args)]
pub struct Output {
    /// Form of the answer.
    #[arg(short, long, value_name = "FORM", value_parser = word(Format::ALL), default_value = Format::default().name())]
    pub output: Format,
    /// Column to sort lists by, in tables and CSV; a resource is a column too.
    #[arg(long, value_name = "COLUMN")]
    pub sort_by: Option<String>,
    /// Exit with a code for each verdict: 10 does not fit, 11 with losses, 12 if placed well, 13 unknown, 14 stalls, 15 down.
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// When to colour tables; auto: on a terminal, unless NO_COLOR is set.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// Every question has a command of its name.
    #[test]
    fn every_question_has_a_command() {
        let command = Cli::command();
        for question in podfit_api::Request::KINDS {
            let mut name = String::new();
            for c in question.chars() {
                if c.is_ascii_uppercase() && !name.is_empty() {
                    name.push('-');
                }
                name.extend(c.to_lowercase());
            }
            assert!(command.find_subcommand(&name).is_some(), "{question}: no command {name}");
        }
    }

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
