//! How long the nearest fix takes on a large cluster.

use crate::fix::{B, node, pod, spread, taint, term};
use podfit::model::{
    Change, Cluster, Labels, NodePolicy, OwnerKind, PodId, PodSpec, ResourceId, Spread,
};
use podfit::planner::{Options, Planner};
use podfit::rules::State;
use std::sync::Arc;
use std::time::Instant;

/// `cargo test -p podfit --test suite fix_figures -- --ignored --nocapture`
#[test]
#[ignore = "measures and prints; asserts nothing about time: run with --ignored --nocapture"]
fn fix_figures() {
    for (name, every, room, coupled) in [
        ("room for the mover", 50, 1000, false),
        ("room for nobody", 50, 0, false),
        ("spread and anti-affinity", 50, 1000, true),
        ("the same, room for nobody", 50, 0, true),
        ("the same, room everywhere, of no use", 1, 1000, true),
    ] {
        let cluster = Arc::new(large(every, room, coupled));
        let planner = Planner::new(cluster.clone());
        let state = State::new(&cluster);
        let pod = PodId(cluster.pods().len() as u32 - 1);
        let start = Instant::now();
        let change = Change::default();
        let fixes = planner.nearest_fix(&state, &change, pod, &Options::default());
        let ms = start.elapsed().as_secs_f64() * 1e3;
        let told: Vec<String> = fixes.fixes.iter().map(|f| f.sentence(&cluster)).collect();
        println!("{name}: {ms:.0} ms, cut {}: {told:?}", fixes.cut);
    }
}

/// 5,000 nodes, 100,000 pods of 200 shapes and a last one that is pending; every so many nodes have `room`.
/// Where the pods are `coupled`, those without spread and anti-affinity stay.
fn large(every: usize, room: i64, coupled: bool) -> Cluster {
    let mut b = B::new();
    let used = |i: usize| (0..20).map(|k| 100 + ((i + k * 37) % 200) as i64).sum::<i64>();
    for i in 0..5000usize {
        let spare = if i.is_multiple_of(every) { room } else { i as i64 % 90 };
        node(&mut b, &format!("n{i}"), used(i) + spare, 400, |b, n| {
            n.allocatable.set(ResourceId::PODS, 110);
            let zone = (b.intern("zone"), b.intern(&format!("z{}", i % 10)));
            n.labels = Labels::new(n.labels.iter().chain([zone]));
        });
    }
    node(&mut b, "tainted", 5000, 400, |b, n| {
        n.taints = vec![taint(b, "gpu")];
        n.labels = Labels::new(n.labels.iter().chain([(b.intern("zone"), b.intern("z0"))]));
    });
    let ties = |b: &mut B, p: &mut PodSpec| {
        let honor = NodePolicy::Honor;
        p.shape.spread = [("host", 1), ("zone", 5)]
            .map(|(k, n)| Spread { node_taints_policy: honor, ..spread(b, k, n) })
            .into();
        p.shape.anti_affinity = vec![term(b, "web", "host")];
    };
    for i in 0..5000 {
        for k in 0..20 {
            let kind = (i + k * 37) % 200;
            let app = if kind < 10 { "web".into() } else { format!("app{kind}") };
            pod(
                &mut b,
                &format!("{app}-{i}-{k}"),
                Some(&format!("n{i}")),
                100 + kind as i64,
                64,
                |b, p| {
                    if coupled && kind < 10 {
                        ties(b, p);
                    } else if coupled {
                        p.owner.kind = OwnerKind::DaemonSet;
                    }
                },
            );
        }
    }
    pod(&mut b, "web-new", None, 1050, 64, |b, p| {
        p.shape.priority = 10;
        if coupled {
            ties(b, p);
        }
    });
    b.build().expect("valid")
}
