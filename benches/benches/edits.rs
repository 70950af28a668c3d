//! Edits of a snapshot: one, a thousand of a kind, and a thousand more nodes. A batch is checked and indexed once, so a
//! thousand cost little more than one.
#![allow(missing_docs)] // criterion's macros

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use podfit_api::{Edit, Input, OpenOptions, Snapshot, open};
use podfit_benches::{Size, sizes, write_dump};

const SIZES: [(usize, usize); 2] = [(50, 1_000), (500, 10_000)];
const EDITS: usize = 1_000;

fn snapshot((nodes, pods): (usize, usize)) -> Snapshot {
    let mut dump = Vec::new();
    write_dump(Size::full(nodes, pods), &mut dump).expect("memory takes all");
    let input =
        Input { name: "dump.json".into(), data: Box::new(dump.as_slice()), of_folder: false };
    open(vec![input], &OpenOptions::default()).expect("valid")
}

/// `count` edits of each kind: cordons, other requests of single pods, moves.
fn batches(snapshot: &Snapshot, count: usize) -> [(&'static str, Vec<Edit>); 3] {
    let cluster = snapshot.cluster();
    let node = |i: usize| {
        let ids: Vec<_> = cluster.node_ids().collect();
        cluster.node_name(ids[i % ids.len()]).to_string()
    };
    let pods: Vec<String> = cluster.pod_ids().map(|p| cluster.pod_name(p)).take(count).collect();
    let cordon = |i| Edit::Cordon { node: node(i) };
    let lower = |pod: &String| Edit::SetRequests {
        pods: vec![pod.clone()],
        requests: [("cpu".to_string(), "10m".to_string())].into(),
    };
    let moved = |(i, pod): (usize, &String)| Edit::MovePod { pod: pod.clone(), to: node(i) };
    [
        ("cordons", (0..count).map(cordon).collect()),
        ("requests", pods.iter().map(lower).collect()),
        ("moves", pods.iter().enumerate().map(moved).collect()),
    ]
}

fn edits(c: &mut Criterion) {
    let mut group = c.benchmark_group("edits");
    group.sample_size(20);
    for &size in sizes(&SIZES) {
        let snapshot = snapshot(size);
        for count in [1, EDITS] {
            for (kind, edits) in batches(&snapshot, count) {
                let name = format!("{count} {kind}, {} pods", size.1);
                group.bench_with_input(BenchmarkId::from_parameter(name), &edits, |b, edits| {
                    b.iter(|| snapshot.edited(edits));
                });
            }
        }
        let node = snapshot.cluster().node_name(podfit::model::NodeId(0)).to_string();
        let copies = [Edit::CopyNode { node, count: EDITS as u32 }];
        let name = format!("{EDITS} more nodes, {} pods", size.1);
        group.bench_with_input(BenchmarkId::from_parameter(name), &copies, |b, edits| {
            b.iter(|| snapshot.edited(edits));
        });
    }
}

criterion_group!(benches, edits);
criterion_main!(benches);
