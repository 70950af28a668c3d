//! Inter-pod affinity and anti-affinity.

use super::{A, B, C, NEW, OLD, Row};
use podfit::model::{Loss, PodId, Step};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Affinity: in the domain, in the namespace, all terms at once, the first pod, those that linger.
    (
        "affinity-key",
        |s| s.need("web", "rack"),
        |s| (s.label(A, "rack", "r"), s.need("web", "rack")).0,
    ),
    ("affinity", |s| (s.need("web", "zone"), s.go(C)).0, |s| (s.need("web", "zone"), s.go(B)).0),
    (
        "affinity",
        |s| {
            let t = s.term("other", "web", "zone");
            s.shape(NEW).affinity.push(t)
        },
        |s| {
            let other = s.sym("other");
            s.shape(OLD).namespace = other;
            let term = s.term("other", "web", "zone");
            s.shape(NEW).affinity.push(term);
        },
    ),
    (
        "affinity",
        |s| (s.need("web", "host"), s.go(B), s.relabel(NEW, "x")).0,
        |s| {
            s.need("web", "host");
            s.relabel(OLD, "x");
            s.go(B);
        },
    ),
    (
        "affinity",
        |s| (s.need("web", "host"), s.remove(OLD, true), s.go(B)).0,
        |s| {
            s.need("web", "host");
            s.remove(OLD, false);
            s.go(B);
        },
    ),
    (
        "affinity",
        |s| {
            s.need("web", "host");
            s.lose(A, Loss::NotReady);
            s.remove(OLD, true);
            s.go(B);
        },
        |s| {
            s.need("web", "zone");
            s.lose(A, Loss::NotReady);
            s.remove(OLD, true);
            s.go(B);
        },
    ),
    ("anti-affinity", |s| s.shun(NEW, "web", "host"), |s| (s.shun(NEW, "web", "host"), s.go(B)).0),
    (
        "anti-affinity",
        |s| (s.shun(NEW, "web", "zone"), s.go(B)).0,
        |s| {
            s.shun(NEW, "web", "zone");
            s.unlabel(A, "zone");
        },
    ),
    (
        "anti-affinity",
        |s| (s.shun(NEW, "web", "host"), s.pods[OLD].terminating = true).0,
        |s| {
            s.shun(NEW, "web", "host");
            s.remove(OLD, false);
        },
    ),
    (
        "anti-affinity",
        |s| {
            s.shun(NEW, "web", "zone");
            s.lose(A, Loss::NotReady);
            s.remove(OLD, true);
            s.go(B);
        },
        |s| {
            s.shun(NEW, "web", "zone");
            s.lose(A, Loss::Deleted);
            s.remove(OLD, true);
            s.go(B);
        },
    ),
    ("others-anti-affinity", |s| s.shun(OLD, "web", "host"), |s| s.shun(OLD, "db", "host")),
    (
        "others-anti-affinity",
        |s| (s.shun(OLD, "web", "zone"), s.remove(OLD, true), s.go(B)).0,
        |s| {
            s.shun(OLD, "web", "zone");
            s.remove(OLD, true);
            s.go(C);
        },
    ),
    (
        "others-anti-affinity",
        |s| {
            s.shun(OLD, "web", "zone");
            s.remove(OLD, false);
            s.change.steps.insert(0, Step { pod: PodId(OLD as u32), node: B, cards: vec![] });
        },
        |s| {
            s.shun(OLD, "web", "zone");
            s.remove(OLD, false);
            s.change.steps.insert(0, Step { pod: PodId(OLD as u32), node: C, cards: vec![] });
        },
    ),
];
