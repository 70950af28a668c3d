//! States against a model written anew, with plain truth values: of what is not known, everything up and everything down are
//! the two ends between which the answer lies.

use crate::control_plane::{Failures, Known, Topology};
use crate::model::{Cluster, ClusterBuilder, Component, EtcdPlace, NodeSpec, PlaneSpec, Sym};
use std::collections::{BTreeMap, BTreeSet};

/// A control plane as somebody would draw it.
#[derive(Clone, Debug, Default)]
struct Drawn {
    servers: Vec<String>,
    /// `None`: not shown.
    etcd: Option<Vec<String>>,
    names: BTreeMap<String, Vec<String>>,
    balancers: Option<Vec<String>>,
    down: BTreeSet<(String, &'static str)>,
    by_balancer: bool,
}

const PARTS: [(&str, Component); 4] = [
    ("api", Component::ApiServer),
    ("scheduler", Component::Scheduler),
    ("controller", Component::ControllerManager),
    ("etcd", Component::Etcd),
];

#[derive(Debug, PartialEq)]
struct Works {
    etcd_writes: bool,
    etcd_reads: bool,
    api: bool,
    shared: Option<bool>,
    scheduling: bool,
    controllers: bool,
}

impl Drawn {
    /// What works if nothing of this set does, and what is not shown does as `unseen` says.
    fn works(&self, gone: &BTreeSet<(String, &'static str)>, unseen: bool) -> Works {
        let runs = |machine: &String, part| {
            !gone.contains(&(machine.clone(), part))
                && !self.down.contains(&(machine.clone(), part))
        };
        let (quorum, reads) = match &self.etcd {
            None => (unseen, unseen),
            Some(all) => {
                let up = all.iter().filter(|m| runs(m, "etcd")).count();
                (up * 2 > all.len(), up > 0)
            }
        };
        let serves = |server: &String| {
            let reaches = match &self.etcd {
                None => unseen,
                Some(all) => {
                    let named = self.names.get(server).cloned().unwrap_or_else(|| all.clone());
                    named.iter().any(|m| all.contains(m) && runs(m, "etcd"))
                }
            };
            runs(server, "api") && quorum && reaches
        };
        let api = self.servers.iter().any(serves);
        let shared = self.balancers.as_ref().map(|balancers| match balancers.is_empty() {
            // Nobody knows which server a client names: the best and the worst of them.
            true if unseen => api,
            true => self.servers.iter().all(serves),
            false => api && balancers.iter().any(|b| !gone.contains(&(b.clone(), "balancer"))),
        });
        let leads = |part| {
            self.servers.iter().any(|s| {
                runs(s, part) && if self.by_balancer { shared.unwrap_or(api) } else { serves(s) }
            })
        };
        Works {
            etcd_writes: quorum,
            etcd_reads: reads,
            api,
            shared,
            scheduling: leads("scheduler"),
            controllers: leads("controller"),
        }
    }

    fn cluster(&self) -> Cluster {
        let mut b = ClusterBuilder::new();
        b.add_node(NodeSpec { name: "worker".into(), ..NodeSpec::default() }, 0);
        let mut all = |names: &[String]| names.iter().map(|n| b.intern(n)).collect::<Vec<Sym>>();
        let servers = all(&self.servers);
        let etcd = match &self.etcd {
            None => EtcdPlace::NotShown,
            Some(names) => EtcdPlace::On(all(names)),
        };
        let balancers = self.balancers.as_ref().map(|names| all(names));
        let etcd_of = self
            .names
            .iter()
            .map(|(s, names)| (all(std::slice::from_ref(s))[0], all(names)))
            .collect();
        let down = self.down.iter().map(|(m, part)| {
            let part = PARTS.iter().find(|(word, _)| word == part).unwrap().1;
            (all(std::slice::from_ref(m))[0], part)
        });
        let down = down.collect();
        let plane = PlaneSpec {
            servers,
            etcd,
            etcd_of,
            balancers,
            down,
            leaders_use_balancer: self.by_balancer,
            ..PlaneSpec::default()
        };
        b.describe_plane(plane);
        b.build().expect("valid")
    }

    /// Asks the model and compares all it says.
    fn check(&self, gone: &BTreeSet<(String, &'static str)>) {
        let topology = Topology::of(&self.cluster());
        let mut failures = Failures::none(&topology);
        for (i, m) in topology.members.iter().enumerate() {
            let part = PARTS.iter().find(|(_, p)| *p == m.part).unwrap().0;
            failures.members[i] = gone.contains(&(topology.machines[m.machine].name.clone(), part));
        }
        for (i, b) in topology.balancers.iter().flatten().enumerate() {
            failures.balancers[i] = gone.contains(&(b.clone(), "balancer"));
        }
        let state = topology.state(&failures);
        let (least, most) = (self.works(gone, false), self.works(gone, true));
        let known = |least: bool, most: bool| match (least, most) {
            (true, _) => Known::Yes,
            (false, true) => Known::Unknown,
            (false, false) => Known::No,
        };
        let told = || format!("{self:?}\ngone {gone:?}\n{state:?}");
        assert_eq!(
            state.etcd_writes,
            known(least.etcd_writes, most.etcd_writes),
            "writes {}",
            told()
        );
        assert_eq!(state.etcd_reads, known(least.etcd_reads, most.etcd_reads), "reads {}", told());
        assert_eq!(state.api, known(least.api, most.api), "api {}", told());
        let shared = least.shared.zip(most.shared).map(|(a, b)| known(a, b));
        assert_eq!(state.shared_api, shared, "shared {}", told());
        assert_eq!(
            state.scheduling,
            known(least.scheduling, most.scheduling),
            "scheduling {}",
            told()
        );
        assert_eq!(
            state.controllers,
            known(least.controllers, most.controllers),
            "controllers {}",
            told()
        );
        // A part is listed as down exactly if it is.
        let down = topology.outages(&failures);
        let any = [state.etcd_writes, state.api, state.scheduling, state.controllers]
            .contains(&Known::No);
        assert_eq!(!down.is_empty(), any, "{down:?} {}", told());
    }
}

fn names(letter: char, n: usize) -> Vec<String> {
    (1..=n).map(|i| format!("{letter}{i}")).collect()
}

/// A stacked layout, each API server naming its own member.
fn stacked(n: usize) -> Drawn {
    let servers = names('m', n);
    let own = servers.iter().map(|s| (s.clone(), vec![s.clone()])).collect();
    Drawn {
        etcd: Some(servers.clone()),
        names: own,
        servers,
        balancers: Some(vec!["lb".into()]),
        ..Drawn::default()
    }
}

/// Every state of API server, etcd and scheduler of up to four stacked servers, with and without the balancer.
#[test]
fn every_state_of_small_stacked_layouts() {
    for n in 1..=4 {
        let drawn = stacked(n);
        let parts: Vec<(String, &'static str)> = drawn
            .servers
            .iter()
            .flat_map(|s| ["api", "etcd", "scheduler"].map(|p| (s.clone(), p)))
            .chain([("lb".into(), "balancer")])
            .collect();
        // All of three servers, a share of four.
        let step = if n < 4 { 1 } else { 7 };
        for set in (0..1u32 << parts.len()).step_by(step) {
            let gone =
                (0..parts.len()).filter(|i| set >> i & 1 == 1).map(|i| parts[i].clone()).collect();
            drawn.check(&gone);
        }
    }
}

#[test]
fn random_layouts_and_failures() {
    for seed in podfit_soak::seeds(20_000, 500_000) {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) % n
        };
        let mut drawn = stacked(1 + below(5) as usize);
        if below(2) == 0 {
            drawn.etcd = (below(4) > 0).then(|| names('e', 1 + below(5) as usize));
            drawn.names.clear();
        }
        if let Some(etcd) = drawn.etcd.clone() {
            for server in drawn.servers.clone() {
                if below(3) == 0 {
                    let some = etcd.iter().filter(|_| below(2) == 0).cloned().collect::<Vec<_>>();
                    if !some.is_empty() {
                        drawn.names.insert(server, some);
                    }
                }
            }
        }
        drawn.balancers = (below(4) > 0).then(|| names('l', below(3) as usize));
        drawn.by_balancer = below(3) == 0;
        let mut members: Vec<(String, &'static str)> = drawn
            .servers
            .iter()
            .flat_map(|s| ["api", "scheduler", "controller"].map(|p| (s.clone(), p)))
            .collect();
        members.extend(drawn.etcd.iter().flatten().map(|e| (e.clone(), "etcd")));
        drawn.down = members.iter().filter(|_| below(8) == 0).cloned().collect();
        let balancers = drawn.balancers.iter().flatten().map(|b| (b.clone(), "balancer"));
        let gone = members.iter().cloned().chain(balancers).filter(|_| below(3) == 0).collect();
        drawn.check(&gone);
    }
}
