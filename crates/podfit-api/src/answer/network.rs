//! Who gets which address, what reaches what, which way do packets take?

use super::routes::change_routes;
use super::timeline::timeline;
use super::times::times;
use super::{Asked, Fault, Question, what_if};
use crate::names::{self, Ends, From as Sender, RequestError, To, at};
use crate::report::{self, AskedNetwork, AskedWay, NetworkReport};
use crate::request::{NetworkRequest, Timing, WhatIfRequest};
use crate::vocabulary::NetworkPart;
use podfit::model::Cluster;
use podfit::network::{
    AddressPlan, Assigned, Egress, Endpoints, From, Growth, Holder, Lost, Network, NetworkLoss,
    Place, Table, check_routes, egress, endpoints, network_loss, plan,
};
use std::net::IpAddr;

impl Question for NetworkRequest {
    type Report = NetworkReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<NetworkReport, Fault> {
        let snapshot = asked.snapshot;
        let mut described = snapshot.network().cloned();
        let changes = change_routes(described.as_mut(), self);
        let errors: Vec<RequestError> =
            misplaced(self).into_iter().chain(changes.err().into_iter().flatten()).collect();
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let context = asked.context();
        let answered = match self.about {
            NetworkPart::Plan => AskedNetwork::Plan(self.plan(asked, must(&described)?)),
            NetworkPart::Routes => self.routes(asked, must(&described)?)?,
            NetworkPart::Reach => {
                let network = described.as_ref();
                let reach = Reach::of(self, asked, network);
                let table = network.map(|n| Table::of(n, snapshot.device().is_some()));
                let ends = names::ends(&reach.place, (self.from.as_deref(), self.to.as_deref()))?;
                let loss = self.loss(asked, &reach.place)?;
                let way = ends.map(|ends| reach.way(ends, snapshot.device(), table.as_ref()));
                let Reach { place, endpoints, .. } = reach;
                let asked = AskedNetwork::Reach { place, endpoints, way, loss };
                return Ok(report::network(&context, asked));
            }
        };
        Ok(report::network(&context, answered))
    }
}

/// Fields that only some of the questions take.
fn misplaced(ask: &NetworkRequest) -> Vec<RequestError> {
    use NetworkPart::{Plan, Reach, Routes};
    let growth = ask.more_services > 0 || ask.more_nodes > 0;
    let uses: [(&str, bool, &[NetworkPart]); 5] = [
        ("from", ask.from.is_some(), &[Reach]),
        ("to", ask.to.is_some(), &[Reach, Routes]),
        ("fail", !ask.fail.is_empty(), &[Reach]),
        ("timing", ask.timing != Timing::default(), &[Reach]),
        ("moreServices, moreNodes", growth, &[Plan]),
    ];
    let wrong = uses.into_iter().filter(|(_, used, of)| *used && !of.contains(&ask.about));
    let fault = |(place, _, of): (&str, bool, &[NetworkPart])| {
        let names: Vec<&str> = of.iter().map(|p| p.name()).collect();
        let cause = format!("the question about {} does not take it", ask.about.name());
        at(
            place,
            ("not-asked", cause, format!("ask about {}, or leave it out", names.join(" or "))),
        )
    };
    wrong.map(fault).collect()
}

/// The network, which this question is about.
fn must(network: &Option<Network>) -> Result<&Network, Fault> {
    network.as_ref().ok_or_else(|| {
        let cause = "the input does not describe a network".into();
        let fix = "describe it in a podfit/v1 document: network: {nodeRange: …, ports: …}".into();
        Fault::Request(vec![at("input", ("no-network", cause, fix))])
    })
}

impl NetworkRequest {
    fn plan(&self, asked: &Asked<'_>, network: &Network) -> AddressPlan {
        let growth =
            Growth { services: i64::from(self.more_services), nodes: i64::from(self.more_nodes) };
        plan(network, asked.snapshot.cluster(), asked.snapshot.device(), growth)
    }

    fn routes<'n>(
        &self,
        asked: &Asked<'_>,
        network: &'n Network,
    ) -> Result<AskedNetwork<'n>, Fault> {
        let on_device = asked.snapshot.device().is_some();
        let to = match &self.to {
            None => None,
            Some(text) => Some(names::address("to", text).map_err(|e| vec![e])?),
        };
        let table = Table::of(network, on_device);
        let to = to.map(|address| (address, table.lookup(address)));
        let found = check_routes(network, on_device);
        Ok(AskedNetwork::Routes { network, table, found, to })
    }

    /// What the loss changes, if one is asked about.
    fn loss(&self, asked: &Asked<'_>, place: &Place<'_>) -> Result<Option<NetworkLoss>, Fault> {
        if self.fail.is_empty() {
            return Ok(None);
        }
        let snapshot = asked.snapshot;
        let ask = WhatIfRequest { fail: self.fail.clone(), mode: self.mode, ..Default::default() };
        let failed = names::lost_some(snapshot.cluster(), snapshot.device(), &self.fail);
        let times = times(snapshot.cluster(), &self.timing);
        let (failed, times) = names::both(failed, times)?;
        let question = what_if::question(&ask, &failed);
        let answer = snapshot.planner().what_if(&question, &asked.with_seeds(Some(0)))?;
        let timing = (&self.timing, times);
        let timeline = timeline(snapshot.timed(), &failed.hosts, &question, &answer, timing);
        let lost = Lost {
            nodes: &failed.nodes,
            loss: self.mode.into(),
            hosts: &failed.hosts,
            device: snapshot.device(),
            answer: &answer,
            timeline: &timeline,
        };
        Ok(Some(network_loss(place, &lost)))
    }
}

/// What ways are looked for in.
struct Reach<'a> {
    place: Place<'a>,
    endpoints: Vec<Endpoints>,
}

impl<'a> Reach<'a> {
    fn of(ask: &NetworkRequest, asked: &Asked<'a>, network: Option<&'a Network>) -> Self {
        let cluster = asked.snapshot.cluster();
        let assigned = network.map(|n| ask.plan(asked, n).assigned).unwrap_or_default();
        let place = Place { cluster, network, assigned };
        Self { place, endpoints: endpoints(cluster) }
    }

    /// The way from one end to the other.
    fn way<'t>(
        &self,
        ends: Ends,
        device: Option<&podfit::device::Plan>,
        table: Option<&'t Table>,
    ) -> AskedWay<'t> {
        let cluster = self.place.cluster;
        let from = match &ends.from {
            Sender::Outside => From::Outside,
            _ => From::Inside(None),
        };
        let (mut paths, mut leaving) = (Vec::new(), Vec::new());
        match ends.to {
            To::Service(i) => paths = self.place.to_service(i, &self.endpoints[i], from),
            To::Pod(pod) => paths.push(self.place.to_pod(pod, from)),
            To::Address(to) => {
                leaving = self.egress(&ends.from, device, table, to);
            }
        }
        let to = match ends.to {
            To::Service(i) => {
                format!("service {}", self.place.service_name(&cluster.services()[i]))
            }
            To::Pod(pod) => format!("pod {}", cluster.pod_name(pod)),
            To::Address(address) => address.to_string(),
        };
        let service = match ends.to {
            To::Service(i) => Some(i),
            _ => None,
        };
        AskedWay { from: ends.from_title, to, paths, service, egress: leaving, table }
    }

    /// How packets leave: of a pod or a node, or of the pods of a service, a way for each node that these are on.
    fn egress(
        &self,
        from: &Sender,
        device: Option<&podfit::device::Plan>,
        table: Option<&Table>,
        to: IpAddr,
    ) -> Vec<Egress> {
        let cluster = self.place.cluster;
        let (Some(network), Some(table)) = (self.place.network, table) else { return Vec::new() };
        let of_pod = |pod| podfit::network::Sender {
            name: format!("pod {}", cluster.pod_name(pod)),
            addresses: cluster.pod(pod).addresses.clone(),
            node: cluster.pod(pod).node.map(|n| cluster.node_name(n).into()),
            is_pod: true,
        };
        let senders: Vec<podfit::network::Sender> = match from {
            Sender::Outside | Sender::Anyone => Vec::new(),
            Sender::Pod(pod) => vec![of_pod(*pod)],
            Sender::Node(name) => vec![podfit::network::Sender {
                name: format!("node {name}"),
                addresses: self.place.addresses_of_node(name),
                node: Some(name.clone()),
                is_pod: false,
            }],
            Sender::Service(i) => {
                let mut nodes = Vec::new();
                let pods = self.endpoints[*i].list.iter().filter_map(|e| e.pod);
                pods.filter(|&p| {
                    let node = cluster.pod(p).node;
                    let new = node.is_some() && !nodes.contains(&node);
                    nodes.push(node);
                    new
                })
                .map(of_pod)
                .collect()
            }
        };
        let known = self.known_addresses();
        senders.iter().map(|s| egress(network, device, table, &known, s, to)).collect()
    }

    /// Addresses of nodes: by the plan, and those that they have.
    fn known_addresses(&self) -> Vec<Assigned> {
        let cluster: &Cluster = self.place.cluster;
        let mut all = self.place.assigned.clone();
        for node in cluster.nodes() {
            let name = cluster.str(node.name);
            let own = node.addresses.iter().map(|&address| Assigned {
                holder: Holder::Node(name.into()),
                address,
                given: true,
            });
            let new: Vec<Assigned> = own.filter(|a| !self.place.assigned.contains(a)).collect();
            all.extend(new);
        }
        all
    }
}
