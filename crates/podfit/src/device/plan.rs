use super::{
    capacity::{NodeCapacity, VendorCapacity, node_capacity},
    catalogue::Model,
    error::DeviceError,
    notes::{Note, warn_of_overfull_hosts, warn_of_sizing},
    sizing::{MASTER, Size, Sizing, worker},
};
use crate::model::AMOUNT_MAX;

/// A node of the device: the physical host, not the Kubernetes node on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostId {
    /// The first node; the master machine starts here.
    A,
    /// The second node.
    B,
}

impl HostId {
    /// `A` or `B`.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    /// The host of this name, upper or lower case.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "A" | "a" => Some(Self::A),
            "B" | "b" => Some(Self::B),
            _ => None,
        }
    }

    /// The other host of two.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// Name of the worker machine pinned to this host, and of its Kubernetes node.
    pub fn worker_name(self) -> &'static str {
        match self {
            Self::A => "worker-a",
            Self::B => "worker-b",
        }
    }
}

/// A device as the user describes it. [`validate`](Self::validate) makes the [`Plan`].
#[derive(Clone, Debug)]
pub struct Device {
    /// Model.
    pub model: Model,
    /// Number of nodes, 1 or 2.
    pub nodes: u32,
    /// GPU cards of each node, where the model leaves the choice (Pro GPU: 1 or 2).
    pub gpus: Option<u16>,
    /// Size of the workers.
    pub sizing: Sizing,
    /// Virtual machines of the user beside the Kubernetes ones; at most 256.
    pub other_vms: Vec<OtherVm>,
    /// What the device states of itself; wins over the catalogue.
    pub capacity: VendorCapacity,
    /// What kubelet and system keep of each Kubernetes machine; 0 by default, as no page states it.
    pub kubelet_reserve: Size,
    /// How much of a node may be used in normal operation, in percent; 50 by default, the vendor's rule.
    pub usage_percent: u8,
}

/// A virtual machine of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherVm {
    /// Name, unique among the machines of the device.
    pub name: String,
    /// Where it runs now.
    pub host: HostId,
    /// Whether it restarts on the other host when its own is lost. The vendor makes every machine of a
    /// two-node device so.
    pub highly_available: bool,
    /// Size.
    pub size: Size,
}

/// What a virtual machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VmKind {
    /// The Kubernetes control plane.
    Master,
    /// A Kubernetes worker, pinned to its host.
    Worker,
    /// A machine of the user.
    Other,
}

/// A virtual machine on its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vm {
    /// Name; the Kubernetes machines' is that of their Kubernetes node.
    pub name: String,
    /// Kind.
    pub kind: VmKind,
    /// Where it runs now.
    pub host: HostId,
    /// Whether it restarts on the other host when its own is lost. There is no live migration
    /// [azure-stack-edge-gpu-clustering-overview].
    pub highly_available: bool,
    /// Size.
    pub size: Size,
}

/// A host of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Which.
    pub id: HostId,
    /// All it has.
    pub raw: Size,
    /// What virtual machines may use.
    pub usable: Size,
    /// GPU cards, all given to the worker (assumption).
    pub gpus: u16,
    /// Model of the cards.
    pub gpu_model: Option<&'static str>,
}

/// What the device runs, from a validated [`Device`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Model.
    pub model: Model,
    /// One host, A, or two, A and B.
    pub hosts: Vec<Host>,
    /// Master first, then the workers in the order of the hosts, then the user's machines.
    pub vms: Vec<Vm>,
    /// What kubelet and system keep of each Kubernetes machine.
    pub kubelet_reserve: Size,
    /// How much of a node may be used in normal operation, in percent.
    pub usage_percent: u8,
    /// What the device states of itself, as given.
    pub capacity: VendorCapacity,
    /// Doubts about the description that do not stop an answer.
    pub warnings: Vec<Note>,
    /// What was supposed because neither the input nor a page states it.
    pub assumptions: Vec<Note>,
}

impl Plan {
    /// The host of this name, if the device has it.
    pub fn host(&self, id: HostId) -> Option<&Host> {
        self.hosts.iter().find(|h| h.id == id)
    }

    /// The machines that run on a host now.
    pub fn vms_on(&self, host: HostId) -> impl Iterator<Item = &Vm> {
        self.vms.iter().filter(move |vm| vm.host == host)
    }

    /// The worker machine of a host.
    pub fn worker(&self, host: HostId) -> Option<&Vm> {
        self.vms_on(host).find(|vm| vm.kind == VmKind::Worker)
    }
}

impl Device {
    /// A device with every option at its default.
    pub fn new(model: Model, nodes: u32) -> Self {
        Self {
            model,
            nodes,
            gpus: None,
            sizing: Sizing::default(),
            other_vms: Vec::new(),
            capacity: VendorCapacity::default(),
            kubelet_reserve: Size::default(),
            usage_percent: 50,
        }
    }

    /// Checks the description and lays out the machines.
    ///
    /// One node: one master and one worker, neither highly available. Two nodes: the master, highly
    /// available, and worker A on A, worker B on B, both pinned [azure-stack-edge-gpu-kubernetes-overview,
    /// azure-stack-edge-gpu-clustering-overview].
    ///
    /// # Errors
    /// Every fault at once: `node-count`, `gpu-count`, `percent-out-of-range`, `amount-out-of-range`,
    /// `capacity-inconsistent`, `too-many-vms`, `duplicate-vm`, `unknown-host`, `reserve-too-large`.
    pub fn validate(&self) -> Result<Plan, Vec<DeviceError>> {
        let spec = self.model.spec();
        let (mut errors, mut warnings, mut assumptions) = (Vec::new(), Vec::new(), Vec::new());
        let host_ids: &[HostId] = match self.nodes {
            2 => &[HostId::A, HostId::B],
            1 => &[HostId::A],
            n => {
                errors.push(DeviceError::new(
                    "node-count",
                    "device.nodes",
                    format!("a device has 1 or 2 nodes, not {n}"),
                    "give 1 or 2; describe any larger cluster by its nodes",
                ));
                &[HostId::A]
            }
        };
        let node = node_capacity(
            spec,
            self.gpus,
            &self.capacity,
            host_ids.len() as i64,
            &mut assumptions,
            &mut errors,
        );
        let worker = worker(spec, &self.sizing, node.raw.memory_bytes, &mut errors);
        if errors.is_empty() {
            warn_of_sizing(worker.cpu_recommended, worker.memory_recommended, &mut warnings);
            self.check_reserve(worker.size, &mut errors);
        }
        self.check_other_vms(host_ids, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        self.warn_of_topology(&mut warnings);
        self.assume(worker.size, &node, &mut assumptions);
        let mut plan = Plan {
            model: self.model,
            hosts: hosts(host_ids, &node, spec.gpu_model),
            vms: self.machines(host_ids, worker.size),
            kubelet_reserve: self.kubelet_reserve,
            usage_percent: self.usage_percent,
            capacity: self.capacity.clone(),
            warnings,
            assumptions,
        };
        warn_of_overfull_hosts(&mut plan);
        Ok(plan)
    }

    fn machines(&self, host_ids: &[HostId], worker: Size) -> Vec<Vm> {
        let two = host_ids.len() == 2;
        let master = Vm {
            name: "master".into(),
            kind: VmKind::Master,
            host: HostId::A,
            highly_available: two,
            size: MASTER,
        };
        let workers = host_ids.iter().map(|&host| Vm {
            name: host.worker_name().into(),
            kind: VmKind::Worker,
            host,
            highly_available: false,
            size: worker,
        });
        let others = self.other_vms.iter().map(|vm| Vm {
            name: vm.name.clone(),
            kind: VmKind::Other,
            host: vm.host,
            highly_available: vm.highly_available && two,
            size: vm.size,
        });
        std::iter::once(master).chain(workers).chain(others).collect()
    }

    /// The reserve must leave something of the smaller of the two kinds of machine.
    fn check_reserve(&self, worker: Size, errors: &mut Vec<DeviceError>) {
        let fields = [
            ("cpu", self.kubelet_reserve.vcpu_milli, worker.vcpu_milli.min(MASTER.vcpu_milli)),
            (
                "memory",
                self.kubelet_reserve.memory_bytes,
                worker.memory_bytes.min(MASTER.memory_bytes),
            ),
        ];
        for (name, reserve, smallest) in fields {
            if !(0..=smallest).contains(&reserve) {
                errors.push(DeviceError::new(
                    "reserve-too-large",
                    format!("device.kubeletReserve.{name}"),
                    format!(
                        "{reserve} is not within 0 to {smallest}, the smallest Kubernetes machine"
                    ),
                    "give what kubelet and system keep of each machine",
                ));
            }
        }
    }

    fn check_other_vms(&self, host_ids: &[HostId], errors: &mut Vec<DeviceError>) {
        // Bounds the sums: 256 amounts of at most 2^53 stay below 2^62.
        const VMS_MAX: usize = 256;
        if self.other_vms.len() > VMS_MAX {
            errors.push(DeviceError::new(
                "too-many-vms",
                "device.otherVms",
                format!("{} machines, at most {VMS_MAX} are read", self.other_vms.len()),
                "leave out machines that are switched off",
            ));
            return;
        }
        let mut names = vec!["master", HostId::A.worker_name(), HostId::B.worker_name()];
        for (i, vm) in self.other_vms.iter().enumerate() {
            let field = |name: &str| format!("device.otherVms[{i}].{name}");
            if vm.name.is_empty() || names.contains(&vm.name.as_str()) {
                errors.push(DeviceError::new(
                    "duplicate-vm",
                    field("name"),
                    format!("{:?} is empty or the name of another machine", vm.name),
                    "give each machine a name of its own",
                ));
            }
            names.push(&vm.name);
            if !host_ids.contains(&vm.host) {
                errors.push(DeviceError::new(
                    "unknown-host",
                    field("host"),
                    format!("the device has no host {}", vm.host.name()),
                    "name a host of the device, or give it two nodes",
                ));
            }
            let amounts = [("vcpu", vm.size.vcpu_milli), ("memory", vm.size.memory_bytes)];
            for (name, amount) in amounts {
                if !(0..=AMOUNT_MAX).contains(&amount) {
                    errors.push(DeviceError::new(
                        "amount-out-of-range",
                        field(name),
                        format!("{amount} is not within 0 to 2^53"),
                        "correct the size of the machine",
                    ));
                }
            }
        }
    }
}

fn hosts(ids: &[HostId], node: &NodeCapacity, gpu_model: Option<&'static str>) -> Vec<Host> {
    let host = |&id| Host { id, raw: node.raw, usable: node.usable, gpus: node.gpus, gpu_model };
    ids.iter().map(host).collect()
}
