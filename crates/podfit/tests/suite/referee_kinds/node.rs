//! What the node says and what the pod says of it, and host ports.

use super::{A, B, C, NEW, OLD, Row};
use podfit::model::{Effect, Protocol};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // What the node says, what the pod says.
    ("unschedulable", |s| s.nodes[0].unschedulable = true, |s| {
        s.nodes[0].unschedulable = true;
        s.tolerate(Some("node.kubernetes.io/unschedulable"), Some(""), Some(Effect::NoSchedule));
    }),
    ("unschedulable", |s| {
        s.nodes[0].unschedulable = true;
        s.tolerate(Some("node.kubernetes.io/unschedulable"), None, Some(Effect::NoExecute));
    }, |s| (s.nodes[0].unschedulable = true, s.tolerate(None, None, None)).0),
    ("unschedulable", |s| {
        s.nodes[0].unschedulable = true;
        s.tolerate(Some("node.kubernetes.io/unschedulable"), Some("yes"), None);
    }, |s| {
        s.nodes[0].unschedulable = true;
        s.tolerate(None, None, Some(Effect::NoSchedule));
    }),
    ("taint", |s| s.taint(A, Effect::NoSchedule), |s| s.taint(A, Effect::PreferNoSchedule)),
    (
        "taint",
        |s| s.taint(A, Effect::NoExecute),
        |s| {
            s.taint(A, Effect::NoExecute);
            s.tolerate(Some("team"), Some("red"), None);
        },
    ),
    (
        "taint",
        |s| {
            s.taint(A, Effect::NoExecute);
            s.tolerate(Some("team"), Some("blue"), None);
            s.tolerate(Some("team"), None, Some(Effect::NoSchedule));
        },
        |s| (s.taint(A, Effect::NoExecute), s.tolerate(Some("team"), None, None)).0,
    ),
    (
        "node-name",
        |s| {
            let b = s.sym("b");
            s.shape(NEW).node_name = Some(b)
        },
        |s| {
            let a = s.sym("a");
            s.shape(NEW).node_name = Some(a);
        },
    ),
    (
        "node-selector",
        |s| s.shape(NEW).node_selector.terms = Some(vec![]),
        |s| {
            s.shape(NEW).node_selector = s.selector("zone", "z1");
        },
    ),
    (
        "node-selector",
        |s| s.shape(NEW).node_selector = s.selector("zone", "z2"),
        |s| {
            s.shape(NEW).node_selector = s.selector("zone", "z2");
            s.go(C);
        },
    ),
    (
        "host-port",
        |s| [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None)),
        |s| {
            s.port(OLD, Protocol::Tcp, 80, None);
            s.port(NEW, Protocol::Udp, 80, None);
        },
    ),
    (
        "host-port",
        |s| {
            s.port(OLD, Protocol::Tcp, 80, Some("10.0.0.1"));
            s.port(NEW, Protocol::Tcp, 80, None);
        },
        |s| {
            s.port(OLD, Protocol::Tcp, 80, Some("10.0.0.1"));
            s.port(NEW, Protocol::Tcp, 80, Some("10.0.0.2"));
        },
    ),
    (
        "host-port",
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None));
            s.remove(OLD, true);
        },
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None));
            s.remove(OLD, false);
        },
    ),
    (
        "host-port",
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None));
            s.remove(OLD, false);
            s.step(OLD, A);
        },
        |s| {
            [OLD, NEW].iter().for_each(|&p| s.port(p, Protocol::Tcp, 80, None));
            s.remove(OLD, false);
            s.step(OLD, B);
        },
    ),
];
