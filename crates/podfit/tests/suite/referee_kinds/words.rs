//! The sentence of every kind of violation.

use super::{A, NEW, OLD, Scene};
use podfit::check::{Violation, ViolationKind as K, check};
use podfit::model::{Cluster, Effect, HostPort, NodeId, PodId, Protocol, ResourceId, Taint};

/// Some violation, to be changed: others than the referee cannot make one.
fn any_violation(scene: Scene) -> (Cluster, Violation) {
    let (cluster, mut change) = scene.build();
    change.steps[0].node = NodeId(cluster.nodes().len() as u32);
    let found = check(&cluster, &change).remove(0);
    (cluster, found)
}

#[test]
fn who_and_where() {
    let (cluster, mut violation) = any_violation(Scene::new());
    let (pods, nodes) = (cluster.pods().len() as u32, cluster.nodes().len() as u32);
    let mut sentence = |step, pod: Option<u32>, node: Option<u32>, kind| {
        violation.step = step;
        violation.pod = pod.map(PodId);
        violation.node = node.map(NodeId);
        violation.kind = kind;
        violation.display(&cluster).to_string()
    };
    let (new, a) = (Some(NEW as u32), Some(A.0));
    assert_eq!(
        sentence(Some(0), new, a, K::PlacedTwice),
        "step 1: pod default/new on node a: an earlier step has placed it"
    );
    assert_eq!(sentence(None, None, a, K::LostTwice), "node a: it is lost twice");
    // The first number that the cluster does not have.
    assert_eq!(
        sentence(None, Some(pods), None, K::UnknownPod),
        format!("pod number {pods}: the cluster has no such pod")
    );
    assert_eq!(
        sentence(None, new, Some(nodes), K::UnknownNode),
        format!("pod default/new on node number {nodes}: the cluster has no such node")
    );
}

#[test]
fn every_kind() {
    let mut scene = Scene::new();
    let (key, value, claim) = (scene.sym("zone"), scene.sym("red"), scene.sym("data"));
    let disks = scene.b.resource("attachable-volumes-csi-disk.example.com");
    let (cluster, mut violation) = any_violation(scene);
    (violation.step, violation.pod, violation.node) = (None, None, Some(A));
    let holder = PodId(OLD as u32);
    let taint = |effect| K::Taint(Taint { key, value, effect });
    let port = |protocol| K::HostPort { port: HostPort { protocol, port: 80, ip: None }, holder };
    let rows = [
        (K::UnknownPod, "the cluster has no such pod"),
        (K::UnknownNode, "the cluster has no such node"),
        (K::LostTwice, "it is lost twice"),
        (K::RemovedTwice, "it is removed twice"),
        (K::NotRemoved, "the node is deleted but the pod is not removed"),
        (K::LostNode, "the node is lost"),
        (K::StillRunning, "it runs already and was not removed"),
        (K::PlacedTwice, "an earlier step has placed it"),
        (K::NotThere, "it is evicted or gone, but was not there to be"),
        (
            K::Resource { resource: ResourceId::CPU, need: 500, free: 400 },
            "short of cpu: needs 500, free 400",
        ),
        (K::CardCount { want: 2, given: 1 }, "asks for 2 GPU cards, gets 1"),
        (K::CardUnknown { card: 3 }, "the node has no GPU card 3"),
        (K::CardRepeated { card: 3 }, "gets GPU card 3 twice"),
        (K::CardModel { card: 3 }, "does not accept the model of GPU card 3"),
        (K::CardNotShared { card: 3 }, "asks a share of GPU card 3, which is not shared"),
        (
            K::CardFull { card: 3, need: 600, free: 400 },
            "GPU card 3 is too full: needs 600/1000, free 400/1000",
        ),
        (K::Unschedulable, "the node is unschedulable"),
        (taint(Effect::NoSchedule), "does not tolerate taint zone=red:NoSchedule"),
        (taint(Effect::NoExecute), "does not tolerate taint zone=red:NoExecute"),
        (taint(Effect::PreferNoSchedule), "does not tolerate taint zone=red:PreferNoSchedule"),
        (K::NodeName { wanted: value }, "must run on node red"),
        (K::NodeSelector, "the node does not match its node selector or affinity"),
        (K::Volume { claim }, "the node cannot reach the volume of claim data"),
        (K::VolumeZone { claim }, "the volume of claim data is in another zone"),
        (K::ClaimUnbound { claim }, "claim data is not bound"),
        (K::ClaimMissing { claim }, "claim data does not exist"),
        (
            K::ClaimInUse { claim, holder },
            "claim data is for one pod alone and pod default/old uses it",
        ),
        (
            K::VolumeLimit { resource: disks, need: 2, free: 1 },
            "too many attachable-volumes-csi-disk.example.com: brings 2, room for 1",
        ),
        (port(Protocol::Tcp), "host port TCP/80 is taken by pod default/old"),
        (port(Protocol::Udp), "host port UDP/80 is taken by pod default/old"),
        (port(Protocol::Sctp), "host port SCTP/80 is taken by pod default/old"),
        (K::AffinityKey { key }, "pod affinity: the node has no label zone"),
        (K::Affinity { key }, "pod affinity: no pod it wants is in this zone"),
        (K::AntiAffinity { key }, "pod anti-affinity: a pod it shuns is in this zone"),
        (K::OthersAntiAffinity { key }, "pod anti-affinity: a pod that shuns it is in this zone"),
        (K::SpreadKey { key }, "topology spread: the node has no label zone"),
        (
            K::Spread { key, count: 3, least: 1, max_skew: 1 },
            "topology spread: 3 in this zone, 1 in the emptiest, skew allowed 1",
        ),
    ];
    for (kind, want) in rows {
        violation.kind = kind;
        let sentence = violation.display(&cluster).to_string();
        assert_eq!(sentence, format!("node a: {want}"));
    }
}
