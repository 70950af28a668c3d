//! Claims in all their states, and the nodes that they leave.

use super::*;
use podfit::model::{ClaimKind, PodId};

const NODES: [&str; 3] = ["a", "b", "c"];

fn nodes() -> String {
    NODES
        .map(|n| NODE.replace("\"a\"", &format!("\"{n}\"")).replace("z1", &format!("z-{n}")))
        .join("\n")
}

fn pending(name: &str, claim: &str) -> String {
    let volumes =
        format!(r#""volumes":[{{"name":"v","persistentVolumeClaim":{{"claimName":"{claim}"}}}}]"#);
    pod(name, &volumes).replace(r#""nodeName":"a","#, "")
}

fn claim(name: &str, metadata: &str, spec: &str, phase: &str) -> String {
    format!(
        r#"{{"kind":"PersistentVolumeClaim","metadata":{{"name":"{name}","namespace":"d"{metadata}}},
        "spec":{{"storageClassName":"fast","accessModes":["ReadWriteOnce"],"resources":{{"requests":{{"storage":"10Gi"}}}}{spec}}},
        "status":{{"phase":"{phase}"}}}}"#
    )
}

fn unbound(name: &str) -> String {
    claim(name, "", "", "Pending")
}

fn class(provisioner: &str, mode: &str, more: &str) -> String {
    format!(
        r#"{{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{{"name":"fast"}},"provisioner":"{provisioner}","volumeBindingMode":"{mode}"{more}}}"#
    )
}

const WAIT: &str = "WaitForFirstConsumer";
const NO: &str = "kubernetes.io/no-provisioner";
const CSI: &str = "disk.csi.example.com";

/// A free volume of 10 GiB on a node.
fn free(name: &str, node: &str) -> String {
    format!(
        r#"{{"kind":"PersistentVolume","metadata":{{"name":"{name}","labels":{{"on":"{node}"}}}},"spec":{{"storageClassName":"fast","capacity":{{"storage":"10Gi"}},
        "accessModes":["ReadWriteOnce","ReadOnlyMany"],"nodeAffinity":{{"required":{{"nodeSelectorTerms":[
        {{"matchExpressions":[{{"key":"zone","operator":"In","values":["z-{node}"]}}]}}]}}}}}},"status":{{"phase":"Available"}}}}"#
    )
}

/// What pod 0 may use: kinds of its claims, nodes that suit all of them, gaps.
fn told(inputs: &[&str]) -> (Vec<ClaimKind>, String, Vec<&'static str>) {
    let nodes = nodes();
    let loaded = load(&[&[nodes.as_str()], inputs].concat());
    let c = &loaded.cluster;
    let shape = c.incoming_of(PodId(0));
    let suits = |n: &&podfit::model::Node| {
        let all = shape.volumes.iter();
        let mut all =
            all.map(|v| !v.kind.is_nowhere() && v.nodes.matches(n.name, &n.labels, c.names()));
        all.all(|fits| fits)
    };
    let suiting = c.nodes().iter().filter(suits).map(|n| c.str(n.name)).collect();
    let gaps = c.pods()[0].gaps.iter().map(|g| g.code).collect();
    (shape.volumes.iter().map(|v| v.kind).collect(), suiting, gaps)
}

#[test]
fn a_waiting_claim_can_be_had_where_a_volume_is_free_or_can_be_made() {
    let (p, data, free_b) = (pending("p", "data"), unbound("data"), free("pv-b", "b"));
    let zones = r#","allowedTopologies":[{"matchLabelExpressions":[{"key":"zone","values":["z-a","z-x"]}]},{}]"#;
    let waits = vec![ClaimKind::Waits];
    for (class, volumes, kinds, suiting) in [
        (class(CSI, WAIT, ""), vec![], vec![], "abc"),
        (class(CSI, WAIT, ""), vec![&free_b], vec![], "abc"),
        (class(CSI, WAIT, zones), vec![], waits.clone(), "a"),
        (class(CSI, WAIT, zones), vec![&free_b], waits.clone(), "ab"),
        (class(NO, WAIT, ""), vec![], waits.clone(), ""),
        (class(NO, WAIT, ""), vec![&free_b], waits.clone(), "b"),
        (class("", WAIT, zones), vec![&free_b], waits.clone(), "b"),
        (class(CSI, "Immediate", ""), vec![&free_b], vec![ClaimKind::Unbound], ""),
        (class(CSI, WAIT, "").replace("fast", "slow"), vec![], vec![ClaimKind::Unbound], ""),
    ] {
        let mut inputs = vec![p.as_str(), &data, &class];
        inputs.extend(volumes.iter().map(|v| v.as_str()));
        let expected = (kinds, suiting.to_owned(), vec![]);
        assert_eq!(told(&inputs), expected, "{class} {}", volumes.len());
    }
    assert_eq!(told(&[&p, &data]).2, ["claim-unbound"], "no class is in the input");
}

#[test]
fn a_free_volume_must_suit_the_claim() {
    let (p, class) = (pending("p", "data"), class(NO, WAIT, ""));
    let on = |claim: &str, volume: &str| told(&[&p, &class, claim, volume]).1;
    let (data, pv) = (unbound("data"), free("pv", "b"));
    assert_eq!(on(&data, &pv), "b");
    for (from, to) in [
        ("\"10Gi\"", "\"9Gi\""),
        ("\"storageClassName\":\"fast\"", "\"storageClassName\":\"slow\""),
        ("[\"ReadWriteOnce\",\"ReadOnlyMany\"]", "[\"ReadOnlyMany\"]"),
        ("\"capacity\"", "\"volumeMode\":\"Block\",\"capacity\""),
        ("Available", "Released"),
        ("Available", "Pending"),
        ("\"labels\"", "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\",\"labels\""),
        ("\"capacity\"", r#""claimRef":{"namespace":"d","name":"other"},"capacity""#),
        ("\"capacity\"", r#""claimRef":{"namespace":"e","name":"data"},"capacity""#),
        ("\"capacity\"", r#""claimRef":{"namespace":"d","name":"data","uid":"old"},"capacity""#),
    ] {
        assert!(pv.contains(from));
        let data = data.replace("\"name\":\"data\"", r#""uid":"new","name":"data""#);
        assert_eq!(on(&data, &pv.replace(from, to)), "", "{to}");
    }
    let larger = pv.replace("10Gi", "1Ti");
    assert_eq!(on(&data, &larger), "b");
    let selecting = |node: &str| {
        claim("data", "", &format!(r#","selector":{{"matchLabels":{{"on":"{node}"}}}}"#), "Pending")
    };
    assert_eq!((on(&selecting("b"), &pv), on(&selecting("c"), &pv)), ("b".into(), String::new()));
    // One that is set aside for the claim goes before all others, even if it is not Available yet.
    let own = free("own", "c")
        .replace("\"capacity\"", r#""claimRef":{"namespace":"d","name":"data"},"capacity""#)
        .replace("Available", "Pending");
    assert_eq!(told(&[&p, &class, &data, &pv, &own]).1, "c");
    let slow = own.replace("\"storageClassName\":\"fast\"", "\"storageClassName\":\"slow\"");
    assert_eq!(
        told(&[&p, &class, &data, &pv, &slow]).1,
        "b",
        "not looked at: its class is another"
    );
    // One without node affinity suits every node.
    let anywhere = pv.replace("nodeAffinity", "noAffinity");
    assert_eq!(told(&[&p, &class, &data, &anywhere]), (vec![], "abc".into(), vec![]));
}

#[test]
fn a_selected_node_is_the_only_one() {
    let at = |metadata: &str| claim("data", metadata, "", "Pending");
    let selected = at(r#","annotations":{"volume.kubernetes.io/selected-node":"b"}"#);
    let (p, pv) = (pending("p", "data"), free("pv", "b"));
    let zones = |zone: &str| {
        format!(
            r#","allowedTopologies":[{{"matchLabelExpressions":[{{"key":"zone","values":["z-{zone}"]}}]}},{{}}]"#
        )
    };
    for (class, suiting) in [
        (class(CSI, WAIT, ""), "b"),
        (class(CSI, WAIT, &zones("b")), "b"),
        (class(CSI, WAIT, &zones("a")), ""),
        (class(NO, WAIT, ""), ""),
    ] {
        let found = told(&[&p, &selected, &class, &pv]);
        assert_eq!(found, (vec![ClaimKind::Waits], suiting.to_owned(), vec![]), "{class}");
    }
}

#[test]
fn claims_that_compete_for_a_volume_are_a_gap() {
    let (p, q) = (pending("p", "one"), pending("q", "two"));
    let (one, two) = (unbound("one"), unbound("two"));
    let class = class(NO, WAIT, "");
    let (b, c) = (free("pv-b", "b"), free("pv-c", "c"));
    let waits = vec![ClaimKind::Waits];
    let both = [&p, &q, &one, &two, &class, &b, &c].map(String::as_str);
    assert_eq!(told(&both), (waits.clone(), "bc".into(), vec!["claim-waits-for-pod"]));
    // A claim that nobody uses competes with none, nor does one that asks for something else.
    let alone = [&p, &one, &two, &class, &b, &c].map(String::as_str);
    assert_eq!(told(&alone), (waits.clone(), "bc".into(), vec![]));
    let two = two.replace("10Gi", "11Gi");
    let apart = [&p, &q, &one, &two, &class, &b, &c].map(String::as_str);
    assert_eq!(told(&apart), (waits, "bc".into(), vec![]));
}

#[test]
fn other_states_of_a_claim() {
    let (p, class) = (pending("p", "data"), class(CSI, WAIT, ""));
    let pv = free("pv", "b").replace("Available", "Bound");
    let state = |claim: &str| told(&[&p, &class, claim, &pv]);
    let volume = r#","volumeName":"pv""#;
    let bound = claim("data", "", volume, "Bound");
    assert_eq!(state(&bound), (vec![ClaimKind::Bound], "b".into(), vec![]));
    let complete = r#","annotations":{"pv.kubernetes.io/bind-completed":"yes"}"#;
    let complete = claim("data", complete, volume, "Pending");
    assert_eq!(state(&complete), (vec![ClaimKind::Bound], "b".into(), vec![]));
    let prebound = claim("data", "", volume, "Pending");
    assert_eq!(state(&prebound), (vec![ClaimKind::Unbound], String::new(), vec![]));
    let lost = claim("data", "", volume, "Lost");
    assert_eq!(state(&lost), (vec![ClaimKind::Unbound], String::new(), vec![]));
    let going = r#","deletionTimestamp":"2026-01-01T00:00:00Z""#;
    assert_eq!(state(&claim("data", going, volume, "Bound")).2, ["claim-being-deleted"]);
    assert_eq!(state(&unbound("other")), (vec![ClaimKind::Missing], String::new(), vec![]));
    assert_eq!(told(&[&p, &class, &pv]).2, ["claim-not-in-input"], "no claim is in the input");
    let runs = p.replace("\"spec\":{", "\"spec\":{\"nodeName\":\"a\",");
    let found = told(&[&runs, &class, &unbound("other")]);
    assert_eq!(
        found,
        (vec![], "abc".into(), vec!["claim-not-in-input"]),
        "it runs, so it is there"
    );
    let beta = r#","annotations":{"volume.beta.kubernetes.io/storage-class":"fast"}"#;
    let old =
        claim("data", beta, "", "Pending").replace("\"storageClassName\":\"fast\"", "\"x\":1");
    assert_eq!(state(&old), (vec![], "abc".into(), vec![]));
    let none =
        unbound("data").replace("\"storageClassName\":\"fast\"", "\"storageClassName\":\"\"");
    assert_eq!(state(&none).0, [ClaimKind::Unbound]);
}

#[test]
fn claims_for_one_pod_are_told_and_no_gap() {
    let one = claim("data", "", r#","volumeName":"pv""#, "Bound")
        .replace("ReadWriteOnce", "ReadWriteOncePod");
    let (p, pv) = (pending("p", "data"), free("pv", "b"));
    let loaded = load(&[NODE, &p, &one, &pv]);
    let c = &loaded.cluster;
    let claims = &c.shape_of(PodId(0)).one_pod_claims;
    assert_eq!(claims.iter().map(|&n| c.str(n)).collect::<Vec<_>>(), ["data"]);
    assert!(c.pods()[0].gaps.is_empty());
    assert!(c.pods()[0].attached.is_empty(), "no driver attaches this volume");
}

#[test]
fn ephemeral_volumes_are_made_anew_for_a_replacement() {
    let template = r#""volumes":[{"name":"v","ephemeral":{"volumeClaimTemplate":{"spec":{"storageClassName":"fast",
        "accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"10Gi"}}}}}}]"#;
    let runs = pod("p", template);
    let waits = runs.replace(r#""nodeName":"a","#, "");
    let (pv, class) = (free("pv-b", "b"), class(NO, WAIT, ""));
    // Where the claim is not there yet, and where a running pod has one of its own.
    let own = claim("p-v", "", r#","volumeName":"pv-a""#, "Bound");
    let bound = free("pv-a", "a").replace("Available", "Bound");
    let expected = (vec![ClaimKind::Waits], "b".to_owned(), vec![]);
    assert_eq!(told(&[&waits, &pv, &class]), expected);
    assert_eq!(told(&[&runs, &pv, &class]), expected);
    assert_eq!(told(&[&runs, &pv, &class, &own, &bound]), expected);
    // A pending pod has the claim that was made for it.
    let found = told(&[&waits, &pv, &class, &own, &bound]);
    assert_eq!(found, (vec![ClaimKind::Bound], "a".into(), vec![]));
    let loaded = load(&[NODE, &runs]);
    let c = &loaded.cluster;
    assert_eq!(c.str(c.pods()[0].notes[0]), "loses the data of ephemeral volumes (v)");
    assert_eq!(told(&[&waits]).2, ["claim-unbound"]);
}
