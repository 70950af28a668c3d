//! Claims, the volumes behind them, and how many may be attached.

use super::{A, B, C, NEW, OLD, Row};
use podfit::model::{ClaimKind, Loss, PodId, Step};

const DISKS: &str = "attachable-volumes-csi-disk.example.com";

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    (
        "volume",
        |s| (s.claim(ClaimKind::Bound, "z1"), s.claim(ClaimKind::Bound, "z2")).0,
        |s| s.claim(ClaimKind::Bound, "z1"),
    ),
    (
        "volume",
        |s| s.claim(ClaimKind::Waits, "z2"),
        |s| (s.claim(ClaimKind::Waits, "z2"), s.go(C)).0,
    ),
    (
        "volume-zone",
        |s| s.claim(ClaimKind::Zone, "z2"),
        |s| (s.claim(ClaimKind::Zone, "z2"), s.go(C)).0,
    ),
    ("claim-unbound", |s| s.claim(ClaimKind::Unbound, "z1"), |s| s.claim(ClaimKind::Waits, "z1")),
    ("claim-missing", |s| s.claim(ClaimKind::Missing, "z1"), |s| s.claim(ClaimKind::Bound, "z1")),
    // A claim for one pod alone: any node, any state of the other, one namespace.
    (
        "claim-in-use",
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.alone(p, "data"));
            s.go(C);
        },
        |s| (s.alone(OLD, "data"), s.alone(NEW, "more")).0,
    ),
    (
        "claim-in-use",
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.alone(p, "data"));
            s.pods[OLD].terminating = true;
        },
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.alone(p, "data"));
            s.remove(OLD, false);
        },
    ),
    (
        "claim-in-use",
        |s| [OLD, NEW].iter().for_each(|&p| s.alone(p, "data")),
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.alone(p, "data"));
            s.shape(OLD).namespace = s.b.intern("other");
        },
    ),
    // Its own old self on a silent node is another pod too; on a deleted one it is gone.
    (
        "claim-in-use",
        |s| {
            s.alone(OLD, "data");
            s.lose(A, Loss::NotReady);
            s.remove(OLD, true);
            s.change.steps[0] = Step { pod: PodId(OLD as u32), node: B, cards: vec![] };
        },
        |s| {
            s.alone(OLD, "data");
            s.lose(A, Loss::Deleted);
            s.remove(OLD, true);
            s.change.steps[0] = Step { pod: PodId(OLD as u32), node: B, cards: vec![] };
        },
    ),
    // What an earlier step placed counts.
    (
        "claim-in-use",
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.alone(p, "data"));
            s.remove(OLD, false);
            s.step(OLD, B);
        },
        |s| (s.remove(OLD, false), s.alone(NEW, "data"), s.step(OLD, B)).0,
    ),
    (
        "volume-limit",
        |s| {
            let disks = s.b.resource(DISKS);
            (s.offer(A, disks, 2), s.ask(OLD, disks, 1), s.ask(NEW, disks, 2)).0
        },
        |s| {
            let disks = s.b.resource(DISKS);
            (s.offer(A, disks, 2), s.ask(OLD, disks, 1), s.ask(NEW, disks, 1)).0
        },
    ),
];
