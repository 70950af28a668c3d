//! Greedy and the exact solvers on numbers alone.
#![allow(missing_docs)] // criterion's macros

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use podfit::planner::Planner;
use podfit::problem::{Problem, Query};
use podfit::solve::{Backend, Method, Options, solve};
use podfit_benches::{Size, cluster, sizes};
use std::hint::black_box;
use std::sync::Arc;

fn pending(nodes: usize, pods: usize, shapes: usize, load_percent: i64) -> Problem {
    let size = Size { shapes, running: false, load_percent, ..Size::full(nodes, pods) };
    let planner = Planner::new(Arc::new(cluster(size)));
    let pods: Vec<_> = planner.cluster().pod_ids().collect();
    planner.problem(&Query { place: &pods, ..Query::default() }).0
}

fn greedy(c: &mut Criterion) {
    let mut group = c.benchmark_group("greedy");
    group.sample_size(10);
    let options = Options { method: Method::Greedy, ..Options::default() };
    for &(nodes, pods, shapes) in sizes(&[
        (10, 100, 20),
        (100, 1_000, 200),
        (1_000, 10_000, 200),
        (1_000, 100_000, 200),
        (1_000, 100_000, 100_000),
    ]) {
        let problem = pending(nodes, pods, shapes, 80);
        group.throughput(Throughput::Elements(pods as u64));
        let name = format!("{pods} pods, {shapes} shapes, {nodes} nodes");
        group.bench_with_input(BenchmarkId::from_parameter(name), &problem, |b, problem| {
            b.iter(|| solve(black_box(problem), &options));
        });
    }
}

/// Small and too full: greedy cannot prove it, the exact solvers must.
fn exact(c: &mut Criterion) {
    let mut group = c.benchmark_group("exact");
    group.sample_size(10);
    for &(nodes, pods, shapes) in sizes(&[(2, 8, 8), (3, 12, 12), (4, 40, 10), (6, 60, 10)]) {
        let problem = pending(nodes, pods, shapes, 110);
        for (name, backend) in [("highs", Backend::Highs), ("microlp", Backend::Microlp)] {
            let options = Options {
                method: Method::Exact,
                backend,
                enumeration_states_max: Some(0),
                ..Options::default()
            };
            let id = BenchmarkId::new(name, format!("{nodes} nodes, {pods} pods, {shapes} shapes"));
            group.bench_with_input(id, &problem, |b, problem| {
                b.iter(|| solve(black_box(problem), &options))
            });
        }
    }
}

criterion_group!(benches, greedy, exact);
criterion_main!(benches);
