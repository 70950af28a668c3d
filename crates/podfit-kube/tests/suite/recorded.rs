//! What kube-scheduler 1.34 did with random clusters, step by step, where its records are at hand: set `PODFIT_CASES` to
//! the folder that holds `scheduler/`.

use podfit::model::{Cluster, NodeId, PodId};

use podfit::planner::{Options as Asked, Planner, Verdict};
use podfit::rules::{RuleSet, State, explain, filter};
use podfit::schedule::{Arrival, Chance, Event, Options, Run, Scheduler, budgets_left, preempt};
use podfit_kube::{Loaded, Reader};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The records, by file name.
fn cases() -> Vec<Value> {
    let Some(folder) = std::env::var_os("PODFIT_CASES") else {
        println!("PODFIT_CASES is not set: nothing checked");
        return Vec::new();
    };
    let folder = std::path::Path::new(&folder).join("scheduler");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|p| p.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    let read = |path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap();
    let cases: Vec<Value> = files.iter().map(read).filter(|case| !case["runs"].is_null()).collect();
    assert!(cases.len() > 100, "{} records in {}", cases.len(), folder.display());
    cases
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A cluster where evicted pods are gone at once, or after the default time.
fn load(cluster: &Value, mode: &str) -> Loaded {
    let mut cluster = cluster.clone();
    for item in cluster["items"].as_array_mut().unwrap() {
        if item["kind"] == "Pod" {
            let seconds = if mode == "now" { 0 } else { 30 };
            item["spec"]["terminationGracePeriodSeconds"] = seconds.into();
        } else if item["spec"]["template"].is_object() {
            // Evicted pods were made anew as they had been, whatever the template said.
            item["spec"]["template"] = Value::Null;
        }
    }
    let mut reader = Reader::new(podfit_kube::Options::default());
    reader.read_slice("cluster", cluster.to_string().as_bytes());
    reader.finish().unwrap_or_else(|e| panic!("{e:#?}"))
}

fn pending(cluster: &Cluster) -> Vec<Arrival> {
    let pods = cluster.pod_ids().filter(|&pod| cluster.pod(pod).node.is_none());
    pods.map(|pod| Arrival { pod, at: 0 }).collect()
}

/// A recorded run decides what life leaves open; the simulation must do the rest as it did.
struct Record<'c> {
    cluster: &'c Cluster,
    pods: FxHashMap<String, PodId>,
    run: &'c Value,
    /// The attempts that are not made yet.
    attempts: std::slice::Iter<'c, Value>,
    /// Who was tried, with the last message.
    tried: BTreeMap<PodId, &'c Value>,
    /// The attempt that is being made.
    now: Option<&'c Value>,
    faults: Vec<String>,
    seen: BTreeMap<&'static str, usize>,
}

impl<'c> Record<'c> {
    fn new(cluster: &'c Cluster, run: &'c Value) -> Self {
        let name = |pod| {
            let namespace = cluster.str(cluster.incoming_of(pod).namespace);
            format!("{namespace}/{}", cluster.str(cluster.pod(pod).name))
        };
        let pods = cluster.pod_ids().map(|pod| (name(pod), pod)).collect();
        let attempts = list(&run["steps"]).iter();
        Self {
            cluster,
            pods,
            run,
            attempts,
            tried: BTreeMap::new(),
            now: None,
            faults: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    /// A pod by its recorded name; replacements are `name--r1` and so on, and have the id of the first.
    fn pod(&self, name: &Value) -> PodId {
        let name = text(name);
        let first = name.split_once("--r").map_or(name, |(first, _)| first);
        *self.pods.get(first).unwrap_or_else(|| panic!("{name} is in the cluster"))
    }

    fn fault(&mut self, what: String) {
        self.faults.push(what);
    }

    fn count(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// The next attempt. The simulation knows of some pods that no node takes them whatever comes or goes, and leaves out
    /// to try them again: attempts of others that end as they did before are passed over.
    fn next_attempt(&mut self, pod: PodId) -> Option<&'c Value> {
        self.now = None;
        loop {
            let step = self.attempts.next()?;
            if step["t"] != "bind" && step["t"] != "fail" {
                continue;
            }
            let tried = self.pod(&step["pod"]);
            let before = self.tried.insert(tried, &step["msg"]);
            let is_idle =
                step["t"] == "fail" && step["nominated"].is_null() && before == Some(&step["msg"]);
            if tried == pod || !is_idle {
                return Some(step);
            }
            self.count("idle tries left out");
        }
    }

    fn node_named(&self, name: &str) -> Option<NodeId> {
        self.cluster.node_ids().find(|&node| self.cluster.node_name(node) == name)
    }

    fn compare_scores(&mut self, state: &State, pod: PodId, scores: &Value) {
        let recorded = scores.as_object().unwrap().iter();
        let mut recorded: Vec<(NodeId, i64)> = recorded
            .map(|(name, score)| (self.node_named(name).unwrap(), score.as_i64().unwrap()))
            .collect();
        recorded.sort_unstable();
        let mut ours = Scheduler::new(state.clone()).scores(pod);
        ours.sort_unstable();
        // Up to a constant: a plugin that is skipped gives nothing, or the same to all.
        let off = recorded.first().map_or(0, |r| r.1) - ours.first().map_or(0, |o| o.1);
        ours.iter_mut().for_each(|(_, score)| *score += off);
        self.count("scores");
        if ours != recorded {
            self.fault(format!("scores of {pod:?}: {ours:?}, recorded {recorded:?}"));
        }
    }

    fn compare_message(&mut self, state: &State, pod: PodId, step: &Value) {
        let mut message = explain(state, pod, RuleSet::SCHEDULER).scheduler_message(self.cluster);
        if step["nominated"].is_null() {
            let mut budgets = budgets_left(self.cluster, []);
            match preempt(state, pod, &mut budgets, &mut |_| 0) {
                Err(declined) => message = format!("{message} {}", declined.line(self.cluster)),
                Ok(made) => message = format!("{message} (evicts on {:?})", made.node),
            }
        }
        let recorded = without_names_of_taints(text(&step["msg"]));
        self.count("messages");
        if message.trim_end() != recorded {
            self.fault(format!("message of {pod:?}: {message}\n   recorded: {recorded}"));
        }
    }
}

impl Chance for Record<'_> {
    fn below(&mut self, _: usize) -> usize {
        0
    }

    fn order(&mut self, pods: &mut [PodId]) {
        let order: Vec<PodId> = list(&self.run["order"]).iter().map(|p| self.pod(p)).collect();
        pods.sort_by_key(|pod| order.iter().position(|other| other == pod));
    }

    fn node(&mut self, pod: PodId, among: &[NodeId]) -> usize {
        let Some(step) = self.now else { return 0 };
        let name = if step["t"] == "bind" { text(&step["node"]) } else { text(&step["nominated"]) };
        let at = among.iter().position(|&node| self.cluster.node_name(node) == name);
        at.unwrap_or_else(|| {
            self.fault(format!("{pod:?}: {name} is not among {among:?}"));
            0
        })
    }

    fn tried(&mut self, state: &State, pod: PodId) {
        let Some(step) = self.next_attempt(pod) else {
            // The records end where nothing can be tried any more, and do not go on to those that are tried again after
            // five minutes whatever happened.
            return self.count("tries after the end");
        };
        if self.pod(&step["pod"]) != pod {
            return self.fault(format!("{pod:?} is tried, recorded {}", step["pod"]));
        }
        self.now = Some(step);
        if step["t"] == "fail" {
            return self.compare_message(state, pod, step);
        }
        let passes = filter(state, pod, RuleSet::SCHEDULER);
        let feasible = self.cluster.node_ids().filter(|&node| passes(node)).count() as u64;
        self.count("binds");
        if step["had"].is_null() && Some(feasible) != step["feasible"].as_u64() {
            self.fault(format!("{pod:?}: {feasible} nodes, recorded {}", step["feasible"]));
        }
        if !step["scores"].is_null() {
            self.compare_scores(state, pod, &step["scores"]);
        }
    }
}

/// Versions from 1.34.2 on count nodes with whatever taint together.
fn without_names_of_taints(message: &str) -> String {
    let (head, preemption) = message.split_once(" preemption: ").unwrap_or((message, ""));
    let merged = match head.split_once(" nodes are available: ") {
        Some((nodes, rest)) if rest.contains("untolerated taint {") => {
            // The sentence ends before the next one, or with the message.
            let (reasons, rest) = match rest.split_once(". ") {
                Some((reasons, rest)) => (reasons, format!(" {rest}")),
                None => (rest.trim_end_matches('.'), String::new()),
            };
            let mut tainted = 0;
            let mut reasons: Vec<String> = reasons.split(", ").map(str::to_owned).collect();
            reasons.retain(|reason| match reason.split_once(" node(s) had untolerated taint {") {
                Some((count, _)) => {
                    tainted += count.parse::<u64>().unwrap();
                    false
                }
                None => true,
            });
            reasons.push(format!("{tainted} node(s) had untolerated taint(s)"));
            reasons.sort_unstable();
            format!("{nodes} nodes are available: {}.{rest}", reasons.join(", "))
        }
        _ => head.to_owned(),
    };
    if preemption.is_empty() { merged } else { format!("{merged} preemption: {preemption}") }
}

/// What happened, in words; those that go at one time in order.
fn recorded_events(record: &Record, run: &Value) -> Vec<String> {
    let is_now = run["mode"] == "now";
    let steps = list(&run["steps"]).iter();
    let word = |step: &Value| {
        let pod = || record.pod(&step["pod"]).0;
        match text(&step["t"]) {
            "bind" => Some(format!("{} > {}", pod(), text(&step["node"]))),
            "evict" => Some(format!("{} !", pod())),
            "deleted" if !is_now => Some(format!("{} <", pod())),
            _ => None,
        }
    };
    steps.filter_map(word).collect()
}

fn our_events(cluster: &Cluster, run: &Run, mode: &str) -> Vec<String> {
    let word = |event: &Event| match event {
        Event::Bind(step) => Some(format!("{} > {}", step.pod.0, cluster.node_name(step.node))),
        Event::Evict { pod, .. } => Some(format!("{} !", pod.0)),
        Event::Gone { pod, .. } => (mode != "now").then(|| format!("{} <", pod.0)),
    };
    run.events.iter().filter_map(word).collect()
}

/// Each recorded run is one that the simulation may take: who is tried when, the nodes that pass, the scores, the node
/// among the best, the message, the victims, what is pending at the end.
#[test]
fn every_recorded_run_is_one_of_ours() {
    let (mut seen, mut wrong, mut runs) = (BTreeMap::new(), Vec::new(), 0);
    for case in cases() {
        for run in list(&case["runs"]) {
            let loaded = load(&case["cluster"], text(&run["mode"]));
            let cluster = &loaded.cluster;
            let mut record = Record::new(cluster, run);
            let scheduler = Scheduler::new(State::new(cluster));
            let ours = scheduler.run_by(&pending(cluster), &mut record, &Options::default());
            let (want, got) =
                (recorded_events(&record, run), our_events(cluster, &ours, text(&run["mode"])));
            if got != want {
                record.fault(format!("events {got:?}\n   recorded {want:?}"));
            }
            let left: BTreeMap<_, _> = run["pending"].as_object().unwrap().iter().collect();
            let mut left: Vec<PodId> =
                left.keys().map(|name| record.pod(&name.as_str().into())).collect();
            left.sort_unstable();
            if ours.pending != left {
                record.fault(format!("pending {:?}, recorded {left:?}", ours.pending));
            }
            record.seen.iter().for_each(|(what, n)| *seen.entry(*what).or_insert(0) += n);
            runs += 1;
            if let Some(first) = record.faults.first() {
                wrong.push(format!("{} {} {}: {first}", case["case"], run["mode"], run["seed"]));
            }
        }
    }
    println!("{runs} runs, {seen:?}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// How many recorded orders of this mode placed everything, and how many there are.
fn recorded_share(case: &Value, mode: &str) -> (f64, f64) {
    if let [ok, all] = list(&case["tally"][mode]) {
        return (ok.as_f64().unwrap(), all.as_f64().unwrap());
    }
    let runs = list(&case["runs"]).iter().filter(|run| run["mode"] == mode);
    let gated = |message: &Value| text(message).contains("gate") || message.is_null();
    let complete = |run: &&Value| {
        list(&run["gone"]).is_empty() && run["pending"].as_object().unwrap().values().all(gated)
    };
    (runs.clone().filter(complete).count() as f64, runs.count() as f64)
}

/// Whether two samples may be of one share: no further apart than four standard deviations of their difference.
fn agree((ok, all): (f64, f64), (other_ok, other_all): (f64, f64)) -> bool {
    let pooled = (ok + other_ok) / (all + other_all);
    let deviation = (pooled * (1.0 - pooled) * (1.0 / all + 1.0 / other_all)).sqrt();
    (ok / all - other_ok / other_all).abs() <= 4.0 * deviation + 1e-9
}

/// A proof that something has no place contradicts no recorded order, what is certain fails in none, and the shares of
/// orders that place everything are alike.
#[test]
fn verdicts_agree_with_recorded_orders() {
    let (mut wrong, mut seen) = (Vec::new(), BTreeMap::new());
    for case in cases() {
        for mode in ["now", "grace"] {
            let recorded = recorded_share(&case, mode);
            if recorded.1 == 0.0 {
                continue;
            }
            let planner = Planner::new(Arc::new(load(&case["cluster"], mode).cluster));
            let asked = Asked { seeds: Some(100), ..Asked::default() };
            let placed = planner.place(false, &asked).unwrap_or_else(|e| panic!("{e}"));
            let mut count = |what| *seen.entry(what).or_insert(0) += 1;
            let mut fault = |what: &str| {
                wrong.push(format!("{} {mode}: {what}, recorded {recorded:?}", case["case"]));
            };
            if placed.verdict == Verdict::DoesNotFit {
                count("does not fit");
                if recorded.0 > 0.0 {
                    fault("does not fit");
                }
            }
            let Some(share) = placed.prediction.map(|p| p.share) else { continue };
            if share.certain.is_some() {
                count("certain");
                if recorded.0 < recorded.1 {
                    fault("certain");
                }
            } else if share.seeds > 0 {
                count("shares");
                if !agree((share.complete.into(), share.seeds.into()), recorded) {
                    fault(&format!("{} of {}", share.complete, share.seeds));
                }
            }
        }
    }
    println!("{seen:?}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
