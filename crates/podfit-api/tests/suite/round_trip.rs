//! Reports of random clusters, read back: `check` must call every plan legal, with preemption and moves too, and
//! verdict, prediction and plan must agree.

use crate::cases::open;
use podfit_api::report::{PodVerdict, Report, Scope, Verdict, WhatIfReport, WhyCode};
use podfit_api::{
    AnswerOptions, CheckPlan, CheckRequest, Mode, PlaceRequest, Request, Snapshot, WhatIfRequest,
};
use serde_json::{Value, json};

/// splitmix64.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A dump as kubectl prints it: a few nodes, mostly full, pods of several priorities and owners.
fn dump(r: &mut Random) -> (String, Vec<String>) {
    let names: Vec<String> = (0..3 + r.below(3)).map(|i| format!("n{i}")).collect();
    let mut free: Vec<u64> = names.iter().map(|_| 3000 + 500 * r.below(3)).collect();
    let node = |(name, cpu): (&String, &u64)| {
        json!({"kind": "Node", "metadata": {"name": name}, "status": {"allocatable":
            {"cpu": format!("{cpu}m"), "memory": "8Gi", "pods": "20"}}})
    };
    let mut items: Vec<Value> = names.iter().zip(&free).map(node).collect();
    for i in 0..8 + r.below(8) {
        let cpu = 250 * (1 + r.below(6));
        let at = (r.below(10) > 0).then(|| r.below(names.len() as u64) as usize);
        if at.is_some_and(|at| free[at] < cpu) {
            continue;
        }
        let mut meta = json!({"name": format!("p{i}"), "namespace": "default"});
        let kind =
            r.pick(&["ReplicaSet", "ReplicaSet", "ReplicaSet", "StatefulSet", "DaemonSet", ""]);
        if !kind.is_empty() {
            meta["ownerReferences"] = json!([{"kind": kind, "name": kind.to_lowercase(),
                "controller": true, "apiVersion": "apps/v1"}]);
        }
        let mut spec = json!({"priority": r.pick(&[0, 0, 100, 1000]), "containers":
            [{"name": "c", "resources": {"requests": {"cpu": format!("{cpu}m"), "memory": "64Mi"}}}]});
        let mut phase = "Pending";
        if let Some(at) = at {
            free[at] -= cpu;
            spec["nodeName"] = json!(names[at]);
            phase = "Running";
            if r.below(6) == 0 {
                meta["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
            }
        }
        items.push(json!({"kind": "Pod", "apiVersion": "v1", "metadata": meta, "spec": spec,
            "status": {"phase": phase}}));
    }
    (json!({"kind": "List", "apiVersion": "v1", "items": items}).to_string(), names)
}

/// The report, and what the referee says of its plan as `check --plan` reads it.
fn checked(snapshot: &Snapshot, request: &Request) -> (Report, Value) {
    let options = AnswerOptions { threads: Some(1), ..AnswerOptions::default() };
    let report = snapshot.answer(request, &options).unwrap().report;
    let plan: CheckPlan = serde_json::from_value(serde_json::to_value(&report).unwrap()).unwrap();
    let check = Request::Check(CheckRequest { plan: Some(plan) });
    let check = snapshot.answer(&check, &options).unwrap().report;
    (report, serde_json::to_value(check).unwrap())
}

fn agrees(report: &WhatIfReport) {
    let always = report.prediction.as_ref().is_some_and(|p| p.certain.is_some() || p.seeds > 0)
        && report.prediction.as_ref().is_some_and(|p| p.complete == p.seeds);
    let has = |v: PodVerdict| report.pods.iter().any(|p| p.verdict == v);
    match report.verdict {
        Verdict::Survives => {
            assert!(always && report.losses.is_empty() && !has(PodVerdict::Pending));
        }
        Verdict::SurvivesWithLosses => {
            let left = has(PodVerdict::Waiting) || has(PodVerdict::Pending);
            assert!(always && (left || !report.losses.is_empty()));
        }
        Verdict::SurvivesIfPlacedWell => assert!(!always),
        Verdict::DoesNotFit if report.why.code == WhyCode::NoRoomAfterwards => {
            assert!(has(PodVerdict::Stuck));
        }
        Verdict::DoesNotFit => {
            assert!(has(PodVerdict::Pending));
            // Only preemption places what no placement can.
            assert!(!always || report.prediction.as_ref().is_some_and(|p| !p.evicted.is_empty()));
        }
        Verdict::Unknown => {}
        Verdict::Stalls => {
            let halted = [WhyCode::DrainHangs, WhyCode::EvictionHalted].contains(&report.why.code);
            assert!(halted == report.control_plane.down.is_empty());
            assert!(!halted || has(PodVerdict::Stuck));
        }
        Verdict::Down => assert!(report.nodes.iter().all(|n| report.failed.contains(&n.name))),
    }
    let moves = report.levels.iter().find(|l| l.name == "moves");
    let told = "evicted for a pod of higher priority";
    let of =
        |text: &str| report.pods.iter().filter(|p| p.reason.text.starts_with(text)).count() as i64;
    // Where not all fit and the scheduler evicts somebody, the lists have what it does, not the plan.
    let happens = report.prediction.as_ref().is_some_and(|p| !p.evicted.is_empty());
    assert!(happens || moves.map_or(0, |l| l.objective) == of("moved to make room"));
    assert!(happens || of(told) == 0);
}

#[test]
fn every_plan_read_back_is_legal() {
    let (mut preempted, mut moved, mut hints) = (0, 0, 0);
    for seed in podfit_soak::seeds(400, 100_000) {
        let mut r = Random(seed);
        let (text, names) = dump(&mut r);
        let snapshot = open(&text);
        let what_if = WhatIfRequest {
            fail: vec![names[r.below(names.len() as u64) as usize].clone()],
            mode: r.pick(&[Mode::NotReady, Mode::Deleted, Mode::Drained]),
            moves: r.pick(&[0, 0, 1, 2]),
            predict: Some(20),
            ..WhatIfRequest::default()
        };
        let (report, check) = checked(&snapshot, &Request::WhatIf(what_if));
        assert_eq!(check["verdict"], "legal", "seed {seed}: {check:#}\n{report:#?}");
        let Report::WhatIf(report) = report else { unreachable!("asked what if") };
        agrees(&report);
        preempted += u32::from(report.scope == Scope::Preemption);
        moved += u32::from(report.levels.iter().any(|l| l.name == "moves" && l.objective > 0));
        hints += u32::from(report.hint.is_some());
        let place = PlaceRequest { predict: Some(20), ..PlaceRequest::default() };
        let (report, check) = checked(&snapshot, &Request::Place(place));
        assert_eq!(check["verdict"], "legal", "seed {seed}: {check:#}\n{report:#?}");
    }
    let counts = [preempted, moved, hints];
    assert!(counts.iter().all(|&n| n > 0), "preempted, moved, hints: {counts:?}");
}
