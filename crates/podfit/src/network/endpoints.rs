use crate::model::{
    Cluster, Kind, ListedEndpoint, NodeId, PodId, Service, ServiceKind, ShapeId, Sym,
};
use rustc_hash::FxHashMap;
use std::net::IpAddr;

/// What traffic of a service goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The pod, where it is one of the cluster.
    pub pod: Option<PodId>,
    /// Its addresses, where they are known.
    pub addresses: Vec<IpAddr>,
    /// The node that it is on.
    pub node: Option<NodeId>,
    /// Whether it gets traffic.
    pub ready: bool,
}

/// How the endpoints of a service are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KnownBy {
    /// EndpointSlices of the input, or endpoints listed by hand.
    Listed,
    /// The pods of the input that its selector selects.
    Selector,
    /// Not at all: it has no selector, and the input no EndpointSlices.
    NotKnown,
    /// It has none by its kind: its name stands for another name.
    None,
}

/// The endpoints of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// They are known by this.
    pub known_by: KnownBy,
    /// In the order of the input.
    pub list: Vec<Endpoint>,
}

impl Endpoints {
    /// How many get traffic.
    pub fn ready(&self) -> usize {
        self.list.iter().filter(|e| e.ready).count()
    }
}

/// The endpoints of every service of a cluster, in the order of [`Cluster::services`].
///
/// A service that the input lists endpoints for has these, as kube-proxy sees them; another has the pods that its selector
/// selects and that run on a node, ready where they are ready, not being deleted, and their node is not down.
pub fn endpoints(cluster: &Cluster) -> Vec<Endpoints> {
    let known = Known::of(cluster);
    cluster.services().iter().map(|s| known.endpoints(s)).collect()
}

/// Slices of each family list a pod once: it is one endpoint with all their addresses.
fn one_a_pod(listed: impl Iterator<Item = Endpoint>) -> Vec<Endpoint> {
    let mut list: Vec<Endpoint> = Vec::new();
    let mut at: FxHashMap<PodId, usize> = FxHashMap::default();
    for endpoint in listed {
        let known = endpoint.pod.and_then(|pod| at.get(&pod).copied());
        match known {
            Some(i) => {
                list[i].ready |= endpoint.ready;
                list[i].addresses.extend(endpoint.addresses);
            }
            None => {
                at.extend(endpoint.pod.map(|pod| (pod, list.len())));
                list.push(endpoint);
            }
        }
    }
    list
}

struct Known<'c> {
    cluster: &'c Cluster,
    /// Shapes by namespace, and pods by shape.
    shapes: FxHashMap<Sym, Vec<ShapeId>>,
    pods: Vec<Vec<PodId>>,
    listed: FxHashMap<(Sym, Sym), Vec<&'c ListedEndpoint>>,
    by_name: FxHashMap<(Sym, Sym), PodId>,
}

impl<'c> Known<'c> {
    fn of(cluster: &'c Cluster) -> Self {
        let mut pods = vec![Vec::new(); cluster.shapes().len()];
        cluster.pod_ids().for_each(|p| pods[cluster.pod(p).shape.index()].push(p));
        let mut shapes: FxHashMap<Sym, Vec<ShapeId>> = FxHashMap::default();
        for (i, shape) in cluster.shapes().iter().enumerate() {
            shapes.entry(shape.namespace).or_default().push(ShapeId(i as u32));
        }
        let mut listed: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for endpoint in cluster.listed_endpoints() {
            listed.entry((endpoint.namespace, endpoint.service)).or_default().push(endpoint);
        }
        // Only endpoints that name a pod ask for its name.
        let by_name = if listed.is_empty() {
            FxHashMap::default()
        } else {
            let key = |p: PodId| (cluster.shape_of(p).namespace, cluster.pod(p).name);
            cluster.pod_ids().map(|p| (key(p), p)).collect()
        };
        Self { cluster, shapes, pods, listed, by_name }
    }

    fn selected(&self, service: &Service) -> Vec<PodId> {
        let cluster = self.cluster;
        let Some(selector) = &service.selector else { return Vec::new() };
        let shapes = self.shapes.get(&service.namespace).map_or(&[][..], Vec::as_slice);
        let selects = |s: &&ShapeId| selector.matches(&cluster.shape(**s).labels, cluster.names());
        let pods = shapes.iter().filter(selects).flat_map(|s| &self.pods[s.index()]);
        let mut pods: Vec<PodId> = pods.copied().collect();
        pods.sort_unstable();
        pods
    }

    fn endpoints(&self, service: &Service) -> Endpoints {
        if service.kind == ServiceKind::ExternalName {
            return Endpoints { known_by: KnownBy::None, list: Vec::new() };
        }
        if let Some(listed) = self.listed.get(&(service.namespace, service.name)) {
            let each = listed.iter().filter_map(|e| self.listed_endpoint(e));
            return Endpoints { known_by: KnownBy::Listed, list: one_a_pod(each) };
        }
        if service.selector.is_some() {
            let pods = self.selected(service).into_iter();
            let list = pods.filter_map(|p| self.of_pod(p, service)).collect();
            return Endpoints { known_by: KnownBy::Selector, list };
        }
        let known_by = match self.cluster.known().contains(Kind::EndpointSlices) {
            true => KnownBy::Listed,
            false => KnownBy::NotKnown,
        };
        Endpoints { known_by, list: Vec::new() }
    }

    /// `None` where its pod is gone, as after an edit of the input.
    fn listed_endpoint(&self, listed: &ListedEndpoint) -> Option<Endpoint> {
        let pod = match listed.pod {
            Some(key) => Some(self.by_name.get(&key).copied()?),
            None => None,
        };
        let node = pod.and_then(|p| self.cluster.pod(p).node);
        Some(Endpoint {
            pod,
            addresses: listed.addresses.clone(),
            node: node.or_else(|| listed.node_in(self.cluster)),
            ready: listed.ready,
        })
    }

    fn of_pod(&self, id: PodId, service: &Service) -> Option<Endpoint> {
        let pod = self.cluster.pod(id);
        let node = pod.node?;
        let healthy = pod.ready && !pod.terminating && !self.cluster.node(node).down;
        Some(Endpoint {
            pod: Some(id),
            addresses: pod.addresses.clone(),
            node: Some(node),
            ready: healthy || service.unready_too,
        })
    }
}
