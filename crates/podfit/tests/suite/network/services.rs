use podfit::model::{
    Cluster, ClusterBuilder, Interval, Labels, ListedEndpoint, Loss, NodeSpec, Owner, OwnerKind,
    PodSpec, Protocol, Requirement, ResourceId, Resources, Selector, Service, ServiceKind,
    ServicePort, TargetPort,
};
use podfit::network::{
    AddressFate, Closed, From, KnownBy, Lost, NetworkLoss, Open, Outage, Place, Via, endpoints,
    network_loss,
};
use podfit::planner::{Options, Planner, TermCode, Times, WhatIfQuestion};
use std::sync::Arc;

/// Two nodes, and pods `(name, app, node, ready)` of Deployments of their app's name; a service an app.
fn cluster(
    pods: &[(&str, &str, Option<&str>, bool)],
    change: impl Fn(&mut ClusterBuilder, &mut Service),
) -> Cluster {
    let mut b = ClusterBuilder::new();
    for name in ["a", "b"] {
        let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, 9);
        b.add_node(NodeSpec { name: name.into(), allocatable, ..NodeSpec::default() }, 0);
    }
    let key = b.intern("app");
    let mut apps = Vec::new();
    for (name, app, node, ready) in pods {
        let app = b.intern(app);
        let mut shape = b.shape("d", Resources::new().with(ResourceId::CPU, 1));
        shape.labels = Labels::new([(key, app)]);
        shape.tolerations = Vec::new();
        let pod = PodSpec {
            node: node.map(Into::into),
            ready: *ready,
            owner: Owner { kind: OwnerKind::Deployment, name: Some(app) },
            addresses: node.iter().map(|_| "172.27.0.9".parse().expect("an address")).collect(),
            ..PodSpec::new(*name, shape)
        };
        b.add_pod(pod, 0);
        if !apps.contains(&app) {
            apps.push(app);
        }
    }
    let namespace = b.intern("d");
    for app in apps {
        let selector = Selector::new(vec![Requirement::In(key, vec![app])]);
        let mut service = Service::new(namespace, app, ServiceKind::ClusterIp, Some(selector));
        service.ports = vec![ServicePort {
            name: None,
            port: 80,
            protocol: Protocol::Tcp,
            target: TargetPort::Number(8080),
            node_port: Some(30080),
        }];
        change(&mut b, &mut service);
        b.add_service(service);
    }
    b.build().expect("valid")
}

fn place(cluster: &Cluster) -> Place<'_> {
    Place { cluster, network: None, assigned: Vec::new() }
}

/// What the loss of node a changes.
fn loss(cluster: Cluster, loss: Loss, times: &Times) -> NetworkLoss {
    let lost = vec![cluster.find_node("a").expect("a node")];
    let question = WhatIfQuestion { lost: lost.clone(), loss, ..Default::default() };
    let planner = Planner::new(Arc::new(cluster));
    let answer = planner.what_if(&question, &Options::default()).expect("refereed");
    let timeline = planner.timeline(&question, &answer, false, times);
    let (answer, timeline) = (&answer, &timeline);
    let lost = Lost { nodes: &lost, loss, hosts: &[], device: None, answer, timeline };
    network_loss(&place(planner.cluster()), &lost)
}

#[test]
fn endpoints_are_the_ready_pods_that_the_selector_selects() {
    let pods = [
        ("w1", "web", Some("a"), true),
        ("w2", "web", Some("b"), false),
        ("w3", "web", None, true),
        ("d1", "db", Some("a"), true),
    ];
    let by_selector = endpoints(&cluster(&pods, |_, _| {}));
    assert_eq!((by_selector[0].list.len(), by_selector[0].ready()), (2, 1));
    assert_eq!((by_selector[1].list.len(), by_selector[1].known_by), (1, KnownBy::Selector));
    let too = endpoints(&cluster(&pods, |_, service| service.unready_too = true));
    assert_eq!(too[0].ready(), 2);
}

#[test]
fn endpoints_that_are_listed_win_over_the_selector() {
    let pods = [("w1", "web", Some("a"), true), ("w2", "web", Some("b"), true)];
    let cluster = cluster(&pods, |b, service| {
        let (pod, gone) = (b.intern("w2"), b.intern("gone"));
        for (pod, ready) in [(Some(pod), true), (Some(gone), true), (None, false)] {
            b.add_endpoint(ListedEndpoint {
                namespace: service.namespace,
                service: service.name,
                addresses: vec!["10.9.9.9".parse().expect("an address")],
                ready,
                pod: pod.map(|p| (service.namespace, p)),
                node: None,
            });
        }
    });
    let listed = &endpoints(&cluster)[0];
    assert_eq!((listed.known_by, listed.list.len(), listed.ready()), (KnownBy::Listed, 2, 1));
    assert_eq!(listed.list[0].node, cluster.find_node("b"), "that of its pod");
}

#[test]
fn the_cluster_address_is_for_the_inside_and_that_of_the_balancer_for_all() {
    let pods = [("w1", "web", Some("a"), true)];
    let balanced = cluster(&pods, |_, service| {
        service.kind = ServiceKind::LoadBalancer;
        service.cluster_ips = vec!["172.28.0.20".parse().expect("an address")];
        service.load_balancer_ips = vec!["192.168.20.20".parse().expect("an address")];
    });
    let place = place(&balanced);
    let all = endpoints(&balanced);
    let inside = place.to_service(0, &all[0], From::Inside(None));
    assert_eq!(inside[0].via, Via::ClusterIp);
    assert_eq!(inside[0].name.as_deref(), Some("web.d.svc.cluster.local"));
    assert!(inside[0].open == Open::Yes && inside[0].port == Some(80));
    let outside = place.to_service(0, &all[0], From::Outside);
    assert_eq!((outside[0].via, outside[0].open), (Via::LoadBalancer, Open::Yes));
    let inner = outside.last().expect("a way");
    assert_eq!((inner.via, inner.open), (Via::ClusterIp, Open::No(Closed::InsideOnly)));
    // The input does not tell the addresses of nodes, so that it is not known by which the port is reached.
    assert!(outside.iter().any(|p| p.via == Via::NodePort && p.open == Open::NotKnown));
}

#[test]
fn a_service_without_a_ready_endpoint_is_not_reached() {
    let cluster = cluster(&[("w1", "web", Some("a"), false)], |_, _| {});
    let paths = place(&cluster).to_service(0, &endpoints(&cluster)[0], From::Inside(None));
    assert_eq!(paths[0].open, Open::No(Closed::NoEndpoint));
}

#[test]
fn a_headless_service_stands_for_its_pods_and_a_balancer_without_address_for_nobody() {
    let pods = [("w1", "web", Some("a"), true)];
    let headless = cluster(&pods, |_, service| service.kind = ServiceKind::Headless);
    let paths = place(&headless).to_service(0, &endpoints(&headless)[0], From::Inside(None));
    assert_eq!((paths[0].via, paths[0].port), (Via::Headless, Some(8080)));
    assert_eq!(paths[0].addresses, headless.pods()[0].addresses);
    let balanced = cluster(&pods, |_, service| service.kind = ServiceKind::LoadBalancer);
    let paths = place(&balanced).to_service(0, &endpoints(&balanced)[0], From::Outside);
    assert_eq!((paths[0].via, paths[0].open), (Via::LoadBalancer, Open::No(Closed::NoAddress)));
}

#[test]
fn a_service_whose_only_endpoint_is_lost_has_none_until_the_replacement_is_ready() {
    let pods = [
        ("w1", "web", Some("a"), true),
        ("w2", "web", Some("b"), true),
        ("d1", "db", Some("a"), true),
    ];
    let silent = loss(cluster(&pods, |_, _| {}), Loss::NotReady, &Times::default());
    let web = &silent.services[0];
    assert_eq!((web.before, web.left, web.back, &web.outage), (2, 1, 1, &Outage::None));
    let db = &silent.services[1];
    assert_eq!((db.before, db.left, db.back), (1, 0, 1));
    // Without a toleration the pod is evicted when the node is tainted, 40 s or 50 s after its last heartbeat, which is
    // up to 10.4 s old, and 5 s to 15.1 s of looks; 0 s to 1 s to schedule it, 1 s to 30 s to start.
    let Outage::For(time, path) = &db.outage else { panic!("{:?}", db.outage) };
    assert_eq!(*time, Interval::between(34_600 + 1_000, 65_100 + 31_000));
    assert_eq!(path.terms().last().map(|t| t.code), Some(TermCode::Start));
    // From the first of the looks on the pod is no endpoint any more.
    assert_eq!(silent.stale, Interval::between(29_600, 55_000));
    let replaced: Vec<_> = silent.addresses.iter().map(|a| (a.fate, a.to.as_deref())).collect();
    let new = (AddressFate::Replaced, Some("b"));
    assert_eq!(replaced, [(AddressFate::Gone, None), new, new]);
}

#[test]
fn the_time_without_an_endpoint_is_that_of_the_timeline() {
    let pods = [("d1", "db", Some("a"), true)];
    let start = (Interval::seconds(20), false);
    let schedule = (Interval::ZERO, false);
    let times = Times { start, schedule, ..Times::default() };
    for (how, low, high) in [
        (Loss::NotReady, 54_600, 85_100),
        (Loss::Deleted, 60_000, 100_000),
        (Loss::Drained, 20_000, 20_000),
    ] {
        let lost = loss(cluster(&pods, |_, _| {}), how, &times);
        let Outage::For(time, _) = &lost.services[0].outage else { panic!("{lost:?}") };
        assert_eq!(*time, Interval::between(low, high), "{how:?}");
    }
}

#[test]
fn an_endpoint_that_nothing_brings_back_is_lasting() {
    let mut b = ClusterBuilder::new();
    // Each node has room for one pod, and has it.
    let allocatable = Resources::new().with(ResourceId::PODS, 110).with(ResourceId::CPU, 1);
    for name in ["a", "b"] {
        let allocatable = allocatable.clone();
        b.add_node(NodeSpec { name: name.into(), allocatable, ..NodeSpec::default() }, 0);
    }
    let (key, app, namespace) = (b.intern("app"), b.intern("db"), b.intern("d"));
    for (name, node) in [("d1", "a"), ("other", "b")] {
        let mut shape = b.shape("d", Resources::new().with(ResourceId::CPU, 1));
        shape.labels = Labels::new([(key, if name == "d1" { app } else { namespace })]);
        let owner = Owner { kind: OwnerKind::Deployment, name: Some(app) };
        b.add_pod(PodSpec { node: Some(node.into()), owner, ..PodSpec::new(name, shape) }, 0);
    }
    let selector = Selector::new(vec![Requirement::In(key, vec![app])]);
    b.add_service(Service::new(namespace, app, ServiceKind::ClusterIp, Some(selector)));
    let lost = loss(b.build().expect("valid"), Loss::NotReady, &Times::default());
    assert_eq!(lost.services[0].outage, Outage::Lasting);
}
