//! Each failure of the device's table through to what becomes of each pod and when it is back, on a device of one node and on
//! one of two: `tests/golden/failures.*.txt`.

use crate::golden::{agrees, golden};
use podfit_api::report::{PodVerdict, Verdict, WhatIfReport};
use podfit_api::{AnswerOptions, Report, Request, Snapshot, WhatIfRequest};
use std::fmt::Write;
use std::path::PathBuf;

const OF_ONE: [&str; 12] = [
    "A",
    "A:disk",
    "A:psu1",
    "A:psus",
    "A:port1",
    "A:port3",
    "A:port3,A:port4",
    "A:core",
    "A:reboot",
    "A:update",
    "B",
    "witness",
];
const OF_BOTH: [&str; 7] = [
    "A:disk,B:disk",
    "A:psu1,B:psu1",
    "A:psus,B:psu1",
    "A:psus,B:psus",
    "A:core,B:core",
    "A:update,B:reboot",
    "A,witness",
];

fn open(example: &str) -> Snapshot {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/documents")
        .join(format!("{example}.yaml"));
    let text = std::fs::read_to_string(&path).expect("the example is there");
    crate::cases::open(&text)
}

fn fails(snapshot: &Snapshot, parts: &str) -> WhatIfReport {
    let fail = parts.split(',').map(Into::into).collect();
    let request = Request::WhatIf(WhatIfRequest { fail, ..WhatIfRequest::default() });
    let answer = snapshot.answer(&request, &AnswerOptions::default()).expect("an answer");
    match answer.report {
        Report::WhatIf(report) => report,
        other => panic!("another report: {other:?}"),
    }
}

/// A failure, the verdict, and a line a pod.
fn told(snapshot: &Snapshot, parts: &str) -> String {
    let report = fails(snapshot, parts);
    let lost = match report.failed_hosts.as_slice() {
        [] => "no host is lost".into(),
        hosts => format!("host {} is lost", hosts.join(" and ")),
    };
    let mut text = format!("{parts}: {}; {lost}\n", report.verdict.words());
    for pod in &report.pods {
        let to = pod.to.as_ref().filter(|_| pod.verdict == PodVerdict::Moves);
        let to = to.map_or(String::new(), |to| format!(" to {to}"));
        let back = pod
            .back_after_seconds
            .as_ref()
            .map_or(String::new(), |span| format!(", back after {}", span.words()));
        let _ = writeln!(text, "  {} {}{to}{back}", pod.name, pod.verdict.name());
    }
    text
}

#[test]
fn each_failure_of_the_table_down_to_the_pods() {
    let two = open("two-node-mixed");
    let text: Vec<String> = OF_ONE.iter().chain(&OF_BOTH).map(|parts| told(&two, parts)).collect();
    agrees(golden("failures.two-nodes.txt"), &text.join("\n"));
    let one = open("one-node-mixed");
    let of_a = OF_ONE.iter().filter(|parts| parts.starts_with('A'));
    let text: Vec<String> = of_a.map(|parts| told(&one, parts)).collect();
    agrees(golden("failures.one-node.txt"), &text.join("\n"));
}

/// The table itself: which failures cost the host, which the device, which nothing.
#[test]
fn the_table_decides_who_is_lost() {
    let two = open("two-node-mixed");
    for (parts, hosts) in [
        ("A:disk", &[][..]),
        ("A:psu1", &[]),
        ("A:psu1,B:psu1", &[]),
        ("A:psus", &["A"]),
        ("A:psus,B:psu1", &["A"]),
        ("A:port1", &[]),
        ("A:port3", &["A"]),
        ("A:port3,A:port4", &["A"]),
        ("A:core", &["A"]),
        ("A:reboot", &["A"]),
        ("A:update", &["A"]),
        ("A", &["A"]),
        ("A:disk,B:disk", &["A", "B"]),
        ("A:psus,B:psus", &["A", "B"]),
        ("A:core,B:core", &["A", "B"]),
        ("A:update,B:reboot", &["A", "B"]),
    ] {
        let report = fails(&two, parts);
        assert_eq!(report.failed_hosts, hosts, "{parts}");
        assert_eq!(report.verdict == Verdict::Down, hosts.len() == 2, "{parts}");
    }
    let one = open("one-node-mixed");
    for (parts, is_down) in [("A:psu1", false), ("A:psus", true), ("A:core", true), ("A", true)] {
        assert_eq!(fails(&one, parts).verdict == Verdict::Down, is_down, "{parts}");
    }
}
