//! What-if and audit at 100 to 100,000 pods, at two loads.
#![allow(missing_docs)] // criterion's macros

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use podfit::model::NodeId;
use podfit::planner::{AuditQuestion, Options, Planner, WhatIfQuestion};
use podfit_benches::{Size, cluster, sizes};
use std::hint::black_box;
use std::sync::Arc;

const SIZES: [(usize, usize); 4] = [(2, 100), (50, 1_000), (500, 10_000), (5_000, 100_000)];

fn planners() -> Vec<(String, Planner)> {
    let loads = |(nodes, pods)| {
        [("40 %", Size::quiet(nodes, pods)), ("92 %", Size::full(nodes, pods))].map(
            |(load, size)| (format!("{pods} pods, {load}"), Planner::new(Arc::new(cluster(size)))),
        )
    };
    sizes(&SIZES).iter().copied().flat_map(loads).collect()
}

fn what_if(c: &mut Criterion) {
    let mut group = c.benchmark_group("what-if");
    for (name, planner) in planners() {
        let question = WhatIfQuestion { lost: vec![NodeId(0)], ..WhatIfQuestion::default() };
        group.bench_with_input(BenchmarkId::from_parameter(name), &planner, |b, planner| {
            b.iter(|| planner.what_if(black_box(&question), &Options::default()));
        });
    }
}

fn audit(c: &mut Criterion) {
    let mut group = c.benchmark_group("audit");
    group.sample_size(10);
    for (name, planner) in planners() {
        group.bench_with_input(BenchmarkId::from_parameter(name), &planner, |b, planner| {
            b.iter(|| planner.audit(&AuditQuestion::default(), &Options::default()));
        });
    }
}

fn index(c: &mut Criterion) {
    let mut group = c.benchmark_group("classes");
    group.sample_size(10);
    for &(nodes, pods) in sizes(&SIZES) {
        let cluster = Arc::new(cluster(Size::full(nodes, pods)));
        group.bench_with_input(BenchmarkId::from_parameter(pods), &cluster, |b, cluster| {
            b.iter(|| Planner::new(black_box(cluster.clone())));
        });
    }
}

criterion_group!(benches, index, what_if, audit);
criterion_main!(benches);
