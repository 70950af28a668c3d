//! The default scheduler: one seed at 100,000 pods, 100 seeds at 1,500; a lost node, and half of the pods displaced.
#![allow(missing_docs)] // criterion's macros

use criterion::{Criterion, criterion_group, criterion_main};
use podfit::rules::State;
use podfit::schedule::{Options, Scheduler};
use podfit_benches::{Prediction, Size, cluster, half_displaced, prediction, sizes};
use std::hint::black_box;

fn schedule(c: &mut Criterion) {
    let mut group = c.benchmark_group("schedule");
    group.sample_size(10);
    let soft = |size| Size { soft: true, ..size };
    for &(name, size, seeds) in sizes(&[
        ("1500 pods, 100 seeds", soft(Size::full(50, 1_500)), 100),
        ("100000 pods, 1 seed", soft(Size::full(5_000, 100_000)), 1),
    ]) {
        let cluster = cluster(size);
        let mut bench = |what: &str, asked: Prediction| {
            group.bench_function(format!("{name}, {what}"), |b| {
                b.iter(|| {
                    let state = State::with_change(&cluster, black_box(&asked.change));
                    Scheduler::new(state).run_many(&asked.arrivals, 0..seeds, &Options::default())
                });
            });
        };
        bench("a node lost", prediction(&cluster, 1));
        if seeds > 1 {
            bench("half displaced", half_displaced(&cluster));
        }
    }
}

criterion_group!(benches, schedule);
criterion_main!(benches);
