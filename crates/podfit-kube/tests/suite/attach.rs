//! Limits of attached volumes.

use super::*;
use podfit::model::{NodeId, PodId, Shape, VOLUMES_UNLIMITED};

const NAME: &str = "attachable-volumes-csi-disk.example";

fn node(name: &str) -> String {
    NODE.replace("\"a\"", &format!("\"{name}\""))
}

fn csi_node(name: &str, drivers: &str) -> String {
    format!(
        r#"{{"apiVersion":"storage.k8s.io/v1","kind":"CSINode","metadata":{{"name":"{name}"}},"spec":{{"drivers":[{drivers}]}}}}"#
    )
}

fn limit(count: i64) -> String {
    format!(
        r#"{{"name":"disk.example","allocatable":{{"count":{count}}}}},{{"name":"other.example"}}"#
    )
}

fn uses(name: &str, claims: &[&str]) -> String {
    let volumes: Vec<_> = claims
        .iter()
        .map(|c| format!(r#"{{"name":"{c}","persistentVolumeClaim":{{"claimName":"{c}"}}}}"#))
        .collect();
    pod(name, &format!(r#""volumes":[{}]"#, volumes.join(",")))
}

/// A claim and the volume to which it is bound.
fn bound(name: &str, source: &str) -> String {
    format!(
        r#"{{"kind":"PersistentVolumeClaim","metadata":{{"name":"{name}","namespace":"d"}},"spec":{{"volumeName":"pv-{name}"}}}}
        {{"kind":"PersistentVolume","metadata":{{"name":"pv-{name}"}},"spec":{{{source}}}}}"#
    )
}

const CSI: &str = r#""csi":{"driver":"disk.example"}"#;

fn count(loaded: &Loaded, shape: &Shape) -> i64 {
    let c = &loaded.cluster;
    let id = (0..c.resource_count()).map(|i| podfit::model::ResourceId(i as u16));
    let id = id.into_iter().find(|&id| c.resource_name(id) == NAME).expect("the resource");
    assert!(c.is_volume_limit(id));
    shape.requests.get(id)
}

fn free(loaded: &Loaded) -> Vec<i64> {
    let c = &loaded.cluster;
    let at = (0..c.resource_count() as u16).map(podfit::model::ResourceId);
    let id = at.into_iter().find(|&id| c.resource_name(id) == NAME).expect("the resource");
    c.node_ids().map(|n| c.node(n).allocatable.get(id)).collect()
}

#[test]
fn nodes_offer_their_limit_and_pods_ask_for_their_volumes() {
    let class = r#"{"kind":"StorageClass","metadata":{"name":"fast"},"provisioner":"disk.example","volumeBindingMode":"WaitForFirstConsumer"}"#;
    let waits = r#"{"kind":"PersistentVolumeClaim","metadata":{"name":"new","namespace":"d"},"spec":{"storageClassName":"fast"}}"#;
    let loaded = load(&[
        &node("a"),
        &node("b"),
        &node("c"),
        &csi_node("a", &limit(25)),
        &csi_node("b", ""),
        &uses("p", &["one", "two", "nfs", "new", "one"]),
        &uses("q", &["nfs2"]),
        &bound("one", CSI),
        &bound("two", CSI),
        &bound("nfs", r#""nfs":{}"#),
        &bound("nfs2", r#""csi":{"driver":"nfs.example"}"#),
        waits,
        class,
    ]);
    let c = &loaded.cluster;
    assert_eq!(free(&loaded), [25, VOLUMES_UNLIMITED, VOLUMES_UNLIMITED]);
    let counts = [0, 1].map(|i| count(&loaded, c.shape_of(PodId(i))));
    assert_eq!(counts, [3, 0]);
    assert!(c.pods().iter().all(|p| p.gaps.is_empty()));
    assert!(loaded.not_evaluated.iter().all(|s| !s.contains("CSINode")));
}

#[test]
fn a_replacement_asks_for_the_volumes_too_while_a_resize_is_under_way() {
    let status =
        r#""status":{"containerStatuses":[{"name":"c","resources":{"requests":{"cpu":"3"}}}]}"#;
    let asks = r#""containers":[{"name":"c","resources":{"requests":{"cpu":"1"}}}]"#;
    let resized = uses("p", &["one"]).replace(CONTAINER, asks);
    let resized = resized.replacen("\"spec\":{", &format!("{status},\"spec\":{{"), 1);
    let loaded = load(&[NODE, &csi_node("a", &limit(2)), &resized, &bound("one", CSI)]);
    let c = &loaded.cluster;
    assert_ne!(c.pods()[0].shape, c.pods()[0].incoming);
    let both = [c.shape_of(PodId(0)), c.incoming_of(PodId(0))].map(|s| count(&loaded, s));
    assert_eq!(both, [1, 1]);
}

#[test]
fn volumes_that_kubernetes_once_handled_itself_count_for_their_driver() {
    let ebs = r#"{"name":"ebs.csi.aws.com","allocatable":{"count":3}}"#;
    let loaded = load(&[
        NODE,
        &csi_node("a", ebs),
        &uses("p", &["one"]),
        &bound("one", r#""awsElasticBlockStore":{"volumeID":"x"}"#),
    ]);
    let c = &loaded.cluster;
    let amounts: Vec<_> = c
        .shape_of(PodId(0))
        .requests
        .iter()
        .map(|(id, n)| (c.resource_name(id).to_owned(), n))
        .collect();
    assert_eq!(amounts[1], ("attachable-volumes-csi-ebs.csi.aws.com".to_owned(), 1));
}

#[test]
fn what_is_attached_and_used_by_no_pod_takes_a_slot() {
    let attached = |volume: &str, node: &str| {
        format!(
            r#"{{"apiVersion":"storage.k8s.io/v1","kind":"VolumeAttachment","metadata":{{"name":"{volume}-{node}"}},
            "spec":{{"attacher":"disk.example","nodeName":"{node}","source":{{"persistentVolumeName":"{volume}"}}}}}}"#
        )
    };
    let inputs = [
        node("a"),
        node("b"),
        csi_node("a", &limit(2)),
        csi_node("b", &limit(1)),
        uses("p", &["one"]),
        bound("one", CSI),
        attached("pv-one", "a"),
        attached("pv-gone", "a"),
        attached("pv-gone", "b"),
        attached("pv-left", "b"),
    ];
    let loaded = load(&inputs.each_ref().map(String::as_str));
    assert_eq!(
        free(&loaded),
        [1, 0],
        "p's own is counted with p, and no less than nothing is free"
    );
    // Another group's VolumeAttachment is none.
    let mut other = inputs.clone();
    other[7] = other[7].replace("storage.k8s.io", "longhorn.io");
    assert_eq!(free(&load(&other.each_ref().map(String::as_str))), [2, 0]);
}

#[test]
fn a_volume_of_several_pods_takes_one_slot_where_it_is() {
    let inputs = |limit_b: i64| {
        [
            node("a"),
            node("b"),
            csi_node("a", &limit(9)),
            csi_node("b", &limit(limit_b)),
            uses("p", &["shared", "own"]),
            uses("q", &["shared"]),
            bound("shared", CSI),
            bound("own", CSI),
        ]
    };
    let loaded = load(&inputs(1).each_ref().map(String::as_str));
    let c = &loaded.cluster;
    assert_eq!(free(&loaded), [8, 1]);
    let counts = [0, 1].map(|i| count(&loaded, c.shape_of(PodId(i))));
    assert_eq!(counts, [1, 0]);
    assert!(c.pods().iter().all(|p| p.gaps.is_empty()));
    // On b there is no slot for it: that could matter, and is not known.
    let loaded = load(&inputs(0).each_ref().map(String::as_str));
    let gaps = loaded.cluster.pods().iter().flat_map(|p| p.gaps.iter().map(|g| g.code));
    assert_eq!(gaps.collect::<Vec<_>>(), ["shared-volume-attach-limit"; 2]);
}

#[test]
fn without_csi_nodes_it_is_said_where_it_could_matter() {
    let (p, nfs) = (uses("p", &["one"]), bound("one", r#""nfs":{}"#));
    let said = |inputs: &[&str]| load(inputs).not_evaluated.iter().any(|s| s.contains("CSINode"));
    assert!(said(&[NODE, &p, &bound("one", CSI)]));
    assert!(said(&[NODE, &p]));
    assert!(!said(&[NODE, &p, &nfs]));
    assert!(!said(&[NODE, &p, &bound("one", CSI), &csi_node("a", "")]));
    let loaded = load(&[NODE, &p, &bound("one", CSI), &csi_node("a", "")]);
    assert_eq!(loaded.cluster.node(NodeId(0)).allocatable.as_slice().len(), 4, "no resource");
    let list = faults(&[NODE, &csi_node("a", &limit(-1))]);
    assert_eq!(list[0].code, "out-of-range");
    assert!(list[0].place.ends_with("spec.drivers[0].allocatable.count"), "{}", list[0].place);
}
