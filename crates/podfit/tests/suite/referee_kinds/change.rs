//! The change itself, resources and cards.

use super::{A, B, C, NEW, OLD, Row};
use podfit::model::{Loss, NodeId, PodId, ResourceId, Step};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // The change itself.
    ("unknown-pod", |s| s.step(9, A), |_| {}),
    ("unknown-pod", |s| s.remove(9, false), |s| s.remove(OLD, false)),
    ("unknown-node", |s| s.go(NodeId(9)), |s| s.go(B)),
    ("unknown-node", |s| s.lose(NodeId(9), Loss::NotReady), |s| s.lose(B, Loss::NotReady)),
    ("lost-twice", |s| s.change.lost = vec![B, B], |s| s.change.lost = vec![B, C]),
    ("removed-twice", |s| (s.remove(OLD, true), s.remove(OLD, false)).0, |s| s.remove(OLD, true)),
    (
        "not-removed",
        |s| (s.lose(A, Loss::Deleted), s.go(B)).0,
        |s| {
            s.lose(A, Loss::Deleted);
            s.remove(OLD, false);
            s.go(B);
        },
    ),
    ("lost-node", |s| s.lose(A, Loss::NotReady), |s| (s.lose(A, Loss::NotReady), s.go(B)).0),
    (
        "lost-node",
        |s| (s.lose(A, Loss::Drained), s.tolerate(None, None, None)).0,
        |s| s.lose(B, Loss::Drained),
    ),
    ("still-running", |s| s.step(OLD, B), |s| (s.remove(OLD, true), s.step(OLD, B)).0),
    ("placed-twice", |s| s.step(NEW, B), |s| (s.remove(OLD, false), s.step(OLD, B)).0),
    // Resources: exact fit; what is not asked is not looked at; what others hold counts.
    ("resource", |s| s.ask(NEW, ResourceId::CPU, 10), |s| s.ask(NEW, ResourceId::CPU, 9)),
    ("resource", |s| s.offer(A, ResourceId::PODS, 1), |s| s.offer(A, ResourceId::PODS, 2)),
    (
        "resource",
        |s| s.ask(OLD, ResourceId::CPU, 20),
        |s| {
            s.ask(OLD, ResourceId::CPU, 20);
            s.ask(NEW, ResourceId::CPU, 0);
        },
    ),
    (
        "resource",
        |s| {
            let gpu = s.b.resource("gpu");
            s.ask(NEW, gpu, 1)
        },
        |s| {
            let gpu = s.b.resource("gpu");
            s.ask(NEW, gpu, 1);
            s.offer(A, gpu, 1);
        },
    ),
    (
        "resource",
        |s| (s.ask(NEW, ResourceId::CPU, 10), s.remove(OLD, true)).0,
        |s| {
            s.ask(NEW, ResourceId::CPU, 10);
            s.remove(OLD, false);
        },
    ),
    (
        "resource",
        |s| (s.ask(NEW, ResourceId::CPU, 10), s.pods[OLD].terminating = true).0,
        |s| {
            s.ask(NEW, ResourceId::CPU, 10);
            s.go(B);
        },
    ),
    // What is placed anew asks its incoming shape, and holds it; what runs and what lingers holds its own.
    ("resource", |s| s.resize(NEW, 10), |s| s.resize(NEW, 9)),
    (
        "resource",
        |s| {
            s.remove(OLD, false);
            s.resize(OLD, 10);
            s.go(B);
            s.change.steps.insert(0, Step { pod: PodId(OLD as u32), node: B, cards: vec![] });
        },
        |s| {
            s.remove(OLD, false);
            s.resize(OLD, 9);
            s.go(B);
            s.change.steps.insert(0, Step { pod: PodId(OLD as u32), node: B, cards: vec![] });
        },
    ),
    (
        "resource",
        |s| (s.resize(OLD, 1), s.ask(OLD, ResourceId::CPU, 10)).0,
        |s| {
            s.resize(OLD, 10);
            s.remove(OLD, true);
        },
    ),
    // Cards.
    ("card-count", |s| s.gpu(NEW, 1, 500, None, &[]), |s| s.gpu(NEW, 1, 500, None, &[0])),
    ("card-count", |s| s.gpu(NEW, 0, 0, None, &[0]), |s| s.gpu(NEW, 0, 0, None, &[])),
    ("card-unknown", |s| s.gpu(NEW, 1, 500, None, &[2]), |s| s.gpu(NEW, 1, 500, None, &[1])),
    (
        "card-repeated",
        |s| s.gpu(NEW, 2, 1000, None, &[0, 0]),
        |s| s.gpu(NEW, 2, 1000, None, &[0, 1]),
    ),
    (
        "card-model",
        |s| s.gpu(NEW, 1, 500, Some("m2"), &[0]),
        |s| s.gpu(NEW, 1, 500, Some("m2"), &[1]),
    ),
    (
        "card-full",
        |s| (s.gpu(OLD, 1, 600, None, &[0]), s.gpu(NEW, 1, 500, None, &[0])).0,
        |s| {
            s.gpu(OLD, 1, 600, None, &[0]);
            s.gpu(NEW, 1, 400, None, &[0]);
        },
    ),
    (
        "card-full",
        |s| (s.gpu(OLD, 1, 1, None, &[0]), s.gpu(NEW, 1, 1000, None, &[0])).0,
        |s| {
            s.gpu(OLD, 1, 1, None, &[0]);
            s.gpu(NEW, 1, 1000, None, &[1]);
        },
    ),
];
