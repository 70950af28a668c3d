use super::{
    plan::{HostId, Plan, Vm, VmKind},
    sizing::Size,
};
use crate::model::{
    Card, Cluster, ClusterBuilder, Effect, Labels, NodeSpec, ResourceId, Resources, Taint,
};

/// Pods a node takes: kubelet's own default; no page of the device says otherwise.
const POD_SLOTS: i64 = 110;

/// Label that names the host a Kubernetes machine runs on.
pub(super) const HOST_LABEL: &str = "podfit.dev/host";

pub(super) const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

impl Plan {
    /// The Kubernetes nodes of the device, master first: ready to be added to the builder, whose symbols
    /// they hold. Allocatable is the machine less the kubelet reserve, with 110 pod slots; a worker has
    /// its host's GPU cards as bins. The master is tainted, so that only pods that tolerate it go there.
    pub fn kube_nodes(&self, builder: &mut ClusterBuilder) -> Vec<NodeSpec> {
        let machines = self.vms.iter().filter(|vm| vm.kind != VmKind::Other);
        machines.map(|vm| self.kube_node(vm, builder)).collect()
    }

    fn kube_node(&self, vm: &Vm, builder: &mut ClusterBuilder) -> NodeSpec {
        let size = vm.size.minus(self.kubelet_reserve);
        let mut labels = vec![
            (builder.intern("kubernetes.io/hostname"), builder.intern(&vm.name)),
            (builder.intern(HOST_LABEL), builder.intern(vm.host.name())),
        ];
        let (mut taints, mut cards) = (Vec::new(), Vec::new());
        if vm.kind == VmKind::Master {
            let (key, value) = (builder.intern(CONTROL_PLANE), builder.intern(""));
            labels.push((key, value));
            taints.push(Taint { key, value, effect: Effect::NoSchedule });
        } else if let Some(host) = self.host(vm.host)
            && let Some(model) = host.gpu_model
        {
            let model = builder.intern(model);
            cards = vec![Card::of(model); usize::from(host.gpus)];
        }
        NodeSpec {
            name: vm.name.clone(),
            labels: Labels::new(labels),
            taints,
            allocatable: Resources::new()
                .with(ResourceId::CPU, size.vcpu_milli)
                .with(ResourceId::MEMORY, size.memory_bytes)
                .with(ResourceId::PODS, POD_SLOTS),
            cards,
            ..NodeSpec::default()
        }
    }

    /// Names of the Kubernetes nodes that are lost with a host, in the plan's order. A highly available
    /// master is not among them: it restarts on the survivor, provided that it fits there, which
    /// [`after_loss`](super::after_loss) says. Until it has restarted there is no API and no scheduling.
    /// Empty for a host that the device has not.
    pub fn kube_nodes_lost(&self, host: HostId) -> Vec<&str> {
        self.vms_on(host)
            .filter(|vm| vm.kind != VmKind::Other && !vm.highly_available)
            .map(|vm| vm.name.as_str())
            .collect()
    }

    /// What the pods on each host's worker request, those that are terminating included, for the 50 %
    /// lint. A host whose worker is not in the cluster is left out.
    pub fn pod_requests(&self, cluster: &Cluster) -> Vec<(HostId, Size)> {
        let mut requests = Vec::new();
        for host in &self.hosts {
            let worker = self.worker(host.id).and_then(|vm| cluster.find_node(&vm.name));
            let Some(node) = worker else { continue };
            let used = cluster.pods_on(node).iter().fold(Size::default(), |total, &pod| {
                let asked = &cluster.shape_of(pod).requests;
                total.plus(Size {
                    vcpu_milli: asked.get(ResourceId::CPU),
                    memory_bytes: asked.get(ResourceId::MEMORY),
                })
            });
            requests.push((host.id, used));
        }
        requests
    }
}
