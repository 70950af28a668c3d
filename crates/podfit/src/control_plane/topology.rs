//! Where the parts of a control plane run, and who names whom: what the states of `state.rs` are computed of.

use super::Known;
use crate::model::{Cluster, Component, EtcdPlace, LeaseTimes, NodeId, PlaneSpec, Pod, PodId, Sym};

/// Nodes with one of these labels run the API server, whatever the value (kubeadm, k3s and RKE2; the same before
/// Kubernetes 1.20; RKE; MicroK8s).
const SERVERS: [&str; 4] = [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
    "node-role.kubernetes.io/controlplane",
    "node.kubernetes.io/microk8s-controlplane",
];
/// Nodes with this label are members of etcd (k3s and RKE2 with embedded etcd, RKE).
const MEMBERS: &str = "node-role.kubernetes.io/etcd";

/// Members of etcd, or servers, of one control plane at most: more are not read.
pub const MACHINES_MAX: usize = 64;

/// The parts that run on every server.
pub(super) const OF_A_SERVER: [Component; 3] =
    [Component::ApiServer, Component::Scheduler, Component::ControllerManager];

/// How the input shows a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A static pod.
    Pod(PodId),
    /// The label of a node.
    Label,
    /// The description.
    Described,
    /// An API server names it; the input does not show it.
    Named,
}

/// A machine of the control plane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its name: the node's, or what the input calls it.
    pub name: String,
    /// The node that it is.
    pub node: Option<NodeId>,
}

/// One instance of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which part.
    pub part: Component,
    /// Its machine, by position in [`Topology::machines`].
    pub machine: usize,
    /// Whether it works now, by what the input says of it and its node.
    pub works: Known,
    /// How the input shows it.
    pub basis: Basis,
}

/// How etcd and the API servers are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Every member of etcd is on a machine with an API server.
    Stacked,
    /// Etcd has machines of its own.
    External,
    /// Members of both kinds.
    Mixed,
    /// There is an API server, and nothing is known of etcd.
    EtcdNotShown,
    /// Nothing is known of API servers.
    NotKnown,
}

/// A control plane: looked up once, for many questions.
#[derive(Clone, Debug, Default)]
pub struct Topology {
    /// Machines, in the order in which the input names them.
    pub machines: Vec<Machine>,
    /// Members, by machine.
    pub members: Vec<Member>,
    /// Names of the balancers before the API servers; empty: there is none; `None`: not said.
    pub balancers: Option<Vec<String>>,
    /// Scheduler and controller-manager ask the balancer, not the API server of their own machine.
    pub leaders_use_balancer: bool,
    /// Times of leader election.
    pub lease: LeaseTimes,
    /// Whether the members of etcd are all that there are. If not, a majority cannot be counted.
    pub etcd_is_counted: bool,
    /// Members that lead, by position, as far as the input shows it: of a part one at most.
    pub leaders: Vec<usize>,
    /// Of each member that is an API server, the members of etcd that it names.
    pub(super) etcd_of: Vec<Vec<usize>>,
}

impl Topology {
    /// By the description if there is one, else by static pods, else by the labels of nodes; and who leads, by Leases.
    pub fn of(cluster: &Cluster) -> Self {
        let mut topology = match cluster.plane() {
            Some(spec) => described(cluster, spec),
            None => Self::shown(cluster),
        };
        topology.lead(cluster);
        topology
    }

    /// Whose Lease it is that the input shows. A leader that does not work now is none.
    fn lead(&mut self, cluster: &Cluster) {
        let hostname = cluster.names().get("kubernetes.io/hostname");
        for leader in cluster.leaders() {
            let host = cluster.str(leader.host);
            let is_host = |m: &Machine| {
                let label =
                    m.node.zip(hostname).and_then(|(n, key)| cluster.node_labels(n).get(key));
                m.name == host || label.is_some_and(|value| cluster.str(value) == host)
            };
            let machine = self.machines.iter().position(is_host);
            let member = machine.and_then(|machine| {
                self.on(machine).find(|&m| self.members[m].part == leader.part)
            });
            self.leaders.extend(member.filter(|&m| self.members[m].works != Known::No));
        }
        // The lease of those that are not at the default is the longer one.
        let lease = cluster.leaders().iter().filter_map(|l| l.lease_ms).max();
        self.lease.lease_ms = lease.unwrap_or(self.lease.lease_ms);
    }

    /// By static pods, else by the labels of nodes.
    fn shown(cluster: &Cluster) -> Self {
        let mut topology = static_pods(cluster);
        if topology.members.is_empty() {
            topology.labelled(cluster, &OF_A_SERVER, &SERVERS, |_| true);
            // kubeadm's label has no value; it runs a member of etcd beside each API server unless told otherwise.
            // k3s and RKE say `true`, and label the members of etcd apart.
            topology.labelled(cluster, &[Component::Etcd], &SERVERS[..3], str::is_empty);
        }
        if topology.of_part(Component::Etcd).next().is_none() {
            topology.labelled(cluster, &[Component::Etcd], &[MEMBERS], |_| true);
        }
        let has_etcd = topology.of_part(Component::Etcd).next().is_some();
        topology.etcd_is_counted = has_etcd;
        topology.connect(|topology, server| topology.beside_or_all(server));
        if let Some(named) = NamedEtcd::of(cluster, &topology) {
            named.put(cluster, &mut topology);
        }
        topology
    }

    /// A control plane of `servers` machines, and where `etcd` is given, that many more for etcd: all of them work. It
    /// has as many balancers as asked.
    pub fn new(servers: usize, etcd: Option<usize>, balancers: usize) -> Self {
        let mut topology = Self {
            balancers: Some((1..=balancers).map(|i| format!("lb{i}")).collect()),
            etcd_is_counted: true,
            ..Self::default()
        };
        let works =
            |part, machine| Member { part, machine, works: Known::Yes, basis: Basis::Described };
        for i in 0..servers {
            topology.machines.push(Machine { name: format!("m{}", i + 1), node: None });
            topology.members.extend(OF_A_SERVER.map(|part| works(part, i)));
            if etcd.is_none() {
                topology.members.push(works(Component::Etcd, i));
            }
        }
        for i in 0..etcd.unwrap_or(0) {
            topology.machines.push(Machine { name: format!("e{}", i + 1), node: None });
            topology.members.push(works(Component::Etcd, servers + i));
        }
        topology.connect(|topology, server| topology.beside_or_all(server));
        topology
    }

    /// Whether the input shows anything of it.
    pub fn is_known(&self) -> bool {
        !self.members.is_empty()
    }

    /// Members of a part, by position.
    pub fn of_part(&self, part: Component) -> impl Iterator<Item = usize> {
        self.members.iter().enumerate().filter(move |(_, m)| m.part == part).map(|(i, _)| i)
    }

    /// Members on a machine, by position.
    pub fn on(&self, machine: usize) -> impl Iterator<Item = usize> {
        self.members.iter().enumerate().filter(move |(_, m)| m.machine == machine).map(|(i, _)| i)
    }

    /// The members of etcd that an API server names.
    pub fn etcd_of(&self, server: usize) -> &[usize] {
        self.etcd_of.get(server).map_or(&[], Vec::as_slice)
    }

    /// Who leads a part, if the input shows it.
    pub fn leader(&self, part: Component) -> Option<usize> {
        self.leaders.iter().copied().find(|&m| self.members[m].part == part)
    }

    /// The machine of this name, by position.
    pub fn machine(&self, name: &str) -> Option<usize> {
        self.machines.iter().position(|m| m.name == name)
    }

    /// Nodes on which some part runs, each once.
    pub fn nodes(&self) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = self.machines.iter().filter_map(|m| m.node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    /// How etcd and the API servers are put together.
    pub fn layout(&self) -> Layout {
        let has = |machine: usize, part| self.on(machine).any(|m| self.members[m].part == part);
        if self.of_part(Component::ApiServer).next().is_none() {
            return Layout::NotKnown;
        }
        let mut beside = self
            .of_part(Component::Etcd)
            .map(|m| has(self.members[m].machine, Component::ApiServer));
        match beside.next() {
            None => Layout::EtcdNotShown,
            Some(first) if beside.any(|other| other != first) => Layout::Mixed,
            Some(true) => Layout::Stacked,
            Some(false) => Layout::External,
        }
    }

    /// As `m1:etcd`.
    pub fn member_name(&self, member: usize) -> String {
        let m = &self.members[member];
        format!("{}:{}", self.machines[m.machine].name, super::name(m.part))
    }

    /// The machine for a name, made if new.
    fn machine_for(&mut self, name: &str, node: Option<NodeId>) -> usize {
        self.machine(name).unwrap_or_else(|| {
            self.machines.push(Machine { name: name.into(), node });
            self.machines.len() - 1
        })
    }

    /// Fills `etcd_of` for the API servers.
    fn connect(&mut self, of: impl Fn(&Self, usize) -> Vec<usize>) {
        self.etcd_of = (0..self.members.len())
            .map(|m| {
                if self.members[m].part == Component::ApiServer { of(self, m) } else { Vec::new() }
            })
            .collect();
    }

    /// The member of etcd on the machine of a server; where there is none, all members: as kubeadm has it.
    fn beside_or_all(&self, server: usize) -> Vec<usize> {
        let machine = self.members[server].machine;
        let beside: Vec<usize> =
            self.on(machine).filter(|&m| self.members[m].part == Component::Etcd).collect();
        if beside.is_empty() { self.of_part(Component::Etcd).collect() } else { beside }
    }

    /// Adds parts on nodes that have one of the labels with such a value.
    fn labelled(
        &mut self,
        cluster: &Cluster,
        parts: &[Component],
        keys: &[&str],
        means: impl Fn(&str) -> bool,
    ) {
        let keys: Vec<_> = keys.iter().filter_map(|key| cluster.names().get(key)).collect();
        let is_meant = |n: &NodeId| {
            let mut values = keys.iter().filter_map(|&key| cluster.node_labels(*n).get(key));
            values.any(|value| means(cluster.str(value)))
        };
        for node in cluster.node_ids().filter(is_meant).take(MACHINES_MAX) {
            let machine = self.machine_for(cluster.node_name(node), Some(node));
            let works = Known::from(!cluster.node(node).down);
            let member = |&part| Member { part, machine, works, basis: Basis::Label };
            self.members.extend(parts.iter().map(member));
        }
    }
}

/// The description as it stands.
#[inline(never)] // A page that asks of no such input does not load it.
fn described(cluster: &Cluster, spec: &PlaneSpec) -> Topology {
    let mut topology = Topology {
        balancers: spec
            .balancers
            .as_ref()
            .map(|all| all.iter().map(|&b| cluster.str(b).into()).collect()),
        leaders_use_balancer: spec.leaders_use_balancer,
        lease: spec.lease,
        etcd_is_counted: spec.etcd != EtcdPlace::NotShown,
        ..Topology::default()
    };
    let etcd: &[Sym] = match &spec.etcd {
        EtcdPlace::Stacked => &spec.servers,
        EtcdPlace::On(machines) => machines,
        EtcdPlace::NotShown => &[],
    };
    for (machines, parts) in
        [(spec.servers.as_slice(), &OF_A_SERVER[..]), (etcd, &[Component::Etcd])]
    {
        for &name in machines {
            let text = cluster.str(name);
            let node = cluster.find_node(text);
            let machine = topology.machine_for(text, node);
            for &part in parts {
                // A machine that was a node and is none any more is gone.
                let is_lost = match node {
                    Some(node) => cluster.node(node).down,
                    None => spec.nodes.contains(&name),
                };
                let is_down = is_lost || spec.down.contains(&(name, part));
                let works = Known::from(!is_down);
                topology.members.push(Member { part, machine, works, basis: Basis::Described });
            }
        }
    }
    topology.connect(|topology, server| {
        let name = &topology.machines[topology.members[server].machine].name;
        let stated = spec.etcd_of.iter().find(|(s, _)| cluster.str(*s) == name);
        match stated {
            Some((_, named)) => topology
                .of_part(Component::Etcd)
                .filter(|&m| {
                    let machine = &topology.machines[topology.members[m].machine].name;
                    named.iter().any(|&n| cluster.str(n) == machine)
                })
                .collect(),
            None if spec.etcd == EtcdPlace::Stacked => topology.beside_or_all(server),
            None => topology.of_part(Component::Etcd).collect(),
        }
    });
    topology
}

/// Members by their static pods.
fn static_pods(cluster: &Cluster) -> Topology {
    let mut topology = Topology::default();
    for id in cluster.pod_ids() {
        let pod = cluster.pod(id);
        let (Some(part), Some(node)) = (pod.component, pod.node) else { continue };
        if topology.of_part(part).count() == MACHINES_MAX {
            continue;
        }
        let machine = topology.machine_for(cluster.node_name(node), Some(node));
        let works = pod.ready && !pod.terminating && !cluster.node(node).down;
        topology.members.push(Member {
            part,
            machine,
            works: Known::from(works),
            basis: Basis::Pod(id),
        });
    }
    topology
}

/// What the API servers' `--etcd-servers` say.
struct NamedEtcd {
    /// Of each API server that says anything, the hosts.
    of: Vec<(usize, Vec<String>)>,
    /// Hosts that are machines of the control plane, by position.
    known: Vec<(String, usize)>,
}

impl NamedEtcd {
    #[inline(never)] // A page that asks of no such input does not load it.
    fn of(cluster: &Cluster, topology: &Topology) -> Option<Self> {
        let text = |sym: &Sym| cluster.str(*sym).to_string();
        let (mut of, mut known) = (Vec::new(), Vec::new());
        for (i, member) in topology.members.iter().enumerate() {
            let pod: Option<&Pod> = match member.basis {
                Basis::Pod(id) => Some(cluster.pod(id)),
                _ => None,
            };
            let Some(links) = pod.and_then(|p| p.links.as_deref()) else { continue };
            known.extend(links.own.iter().map(|host| (text(host), member.machine)));
            if member.part == Component::ApiServer && !links.etcd.is_empty() {
                of.push((i, links.etcd.iter().map(text).collect()));
            }
        }
        let names = topology.machines.iter().enumerate().map(|(i, m)| (m.name.clone(), i));
        known.extend(names);
        (!of.is_empty()).then_some(Self { of, known })
    }

    /// The machine that a host is, seen from a server.
    fn machine(&self, host: &str, server: usize, topology: &Topology) -> Option<usize> {
        if is_loopback(host) {
            return Some(topology.members[server].machine);
        }
        self.known.iter().find(|(name, _)| name == host).map(|&(_, machine)| machine)
    }

    /// Where the input shows members of etcd, the servers are connected to those that they name. Where it shows none, the
    /// named ones are members, of which it is not known whether they work.
    #[inline(never)] // A page that asks of no such input does not load it.
    fn put(&self, cluster: &Cluster, topology: &mut Topology) {
        let is_shown = topology.of_part(Component::Etcd).next().is_some();
        for (server, hosts) in &self.of {
            let mut named = Vec::new();
            let mut all_found = true;
            for host in hosts.iter().take(MACHINES_MAX) {
                let at = self.machine(host, *server, topology);
                let machine = match at {
                    Some(machine) => machine,
                    None if is_shown => {
                        all_found = false;
                        continue;
                    }
                    None => topology.machine_for(host, cluster.find_node(host)),
                };
                let member =
                    |t: &Topology| t.on(machine).find(|&m| t.members[m].part == Component::Etcd);
                match member(topology) {
                    Some(member) => named.push(member),
                    None if is_shown => all_found = false,
                    None => {
                        let node = topology.machines[machine].node;
                        let is_down = node.is_some_and(|n| cluster.node(n).down);
                        let works = if is_down { Known::No } else { Known::Unknown };
                        named.push(topology.members.len());
                        topology.members.push(Member {
                            part: Component::Etcd,
                            machine,
                            works,
                            basis: Basis::Named,
                        });
                        topology.etcd_of.push(Vec::new());
                    }
                }
            }
            named.sort_unstable();
            named.dedup();
            // A host that is none of the members may be any of them.
            if all_found {
                topology.etcd_of[*server] = named;
            } else {
                topology.etcd_of[*server] = topology.of_part(Component::Etcd).collect();
            }
        }
        if !is_shown {
            // One list of several that all servers name is the membership; one of each its own is not.
            let lists: Vec<&Vec<usize>> =
                self.of.iter().map(|(s, _)| &topology.etcd_of[*s]).collect();
            topology.etcd_is_counted =
                lists[0].len() > 1 && lists.iter().all(|list| *list == lists[0]);
        }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "::1" || host.starts_with("127.")
}
