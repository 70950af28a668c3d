//! Reading a kubectl dump.
#![allow(missing_docs)] // criterion's macros

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use podfit_benches::{Size, sizes, write_dump};
use std::hint::black_box;

fn reading(c: &mut Criterion) {
    let mut group = c.benchmark_group("reading");
    group.sample_size(10);
    for &(nodes, pods) in sizes(&[(2, 100), (50, 1_000), (500, 10_000), (5_000, 100_000)]) {
        let mut dump = Vec::new();
        write_dump(Size::full(nodes, pods), &mut dump).expect("memory takes all");
        group.throughput(Throughput::Bytes(dump.len() as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(format!("{pods} pods")),
            &dump,
            |b, dump| {
                b.iter(|| {
                    let mut reader = podfit_kube::Reader::new(podfit_kube::Options::default());
                    reader.read_slice("dump", black_box(dump));
                    reader.finish().map(|loaded| loaded.cluster.pods().len())
                });
            },
        );
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
