use super::{
    capacity::NodeCapacity,
    catalogue::{CLUSTERING_PAGE, KUBERNETES_PAGE, POWERSHELL_PAGE, RELEASE_PAGE, TwoNode},
    host_fit::load_now,
    plan::{Device, Plan},
    sizing::{CpuBasis, RECOMMENDED_PERCENT, Rounding, Share, Size, cpu_basis_milli},
};

/// A warning or an assumption, with the page it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Stable code, as `two-node-not-documented`.
    pub code: &'static str,
    /// The sentence to show.
    pub text: String,
    /// End of the page's address.
    pub page: &'static str,
}

impl Note {
    pub(super) fn new(code: &'static str, text: impl Into<String>, page: &'static str) -> Self {
        Self { code, text: text.into(), page }
    }
}

impl Device {
    pub(super) fn warn_of_topology(&self, warnings: &mut Vec<Note>) {
        if self.nodes != 2 {
            for vm in self.other_vms.iter().filter(|vm| vm.highly_available) {
                let text = format!("machine {} cannot be highly available on one node", vm.name);
                warnings.push(Note::new("ha-on-one-node", text, CLUSTERING_PAGE));
            }
            return;
        }
        let name = self.model.name();
        match self.model.spec().two_node {
            TwoNode::Documented => {}
            TwoNode::PagesDiffer => warnings.push(Note::new(
                "two-node-pages-differ",
                format!(
                    "two nodes of {name}: this page says yes, {KUBERNETES_PAGE} names Pro GPU only"
                ),
                CLUSTERING_PAGE,
            )),
            TwoNode::NotDocumented => warnings.push(Note::new(
                "two-node-not-documented",
                format!(
                    "two nodes of {name} are not documented: this page names Pro GPU and Pro 2 only"
                ),
                CLUSTERING_PAGE,
            )),
        }
        warnings.push(Note::new(
            "two-node-frozen",
            "two-node devices get no updates beyond version 2510",
            RELEASE_PAGE,
        ));
    }

    pub(super) fn assume(&self, worker: Size, node: &NodeCapacity, assumptions: &mut Vec<Note>) {
        let mut add = |code, text: String, page| assumptions.push(Note::new(code, text, page));
        add("master-memory", "the master's 4 GB are 4 GiB".into(), KUBERNETES_PAGE);
        if let Share::Percent(percent) = self.sizing.cpu {
            let basis = match self.sizing.cpu_basis {
                CpuBasis::UsableVcpu => "the usable virtual CPUs",
                CpuBasis::RawVcpu => "all virtual CPUs",
                CpuBasis::PhysicalCores => "the physical cores, one virtual CPU each",
            };
            let basis_milli = cpu_basis_milli(self.model.spec(), self.sizing.cpu_basis);
            let mut text = format!("a worker's CPU is {percent} % of {basis}");
            if worker.vcpu_milli * 100 != basis_milli * percent {
                let how = match self.sizing.cpu_rounding {
                    Rounding::Exact => "cut to a thousandth",
                    Rounding::Down => "rounded down",
                    Rounding::Nearest => "rounded to the nearest",
                    Rounding::Up => "rounded up",
                };
                text += &format!(", {how} to {}", decimal_milli(worker.vcpu_milli));
            }
            add("worker-cpu-basis", text, KUBERNETES_PAGE);
        }
        if let Share::Percent(percent) = self.sizing.memory {
            let text = format!("a worker's memory is {percent} % of the node's whole memory");
            add("worker-memory-basis", text, KUBERNETES_PAGE);
        }
        let reserve = self.kubelet_reserve;
        let text = if reserve == Size::default() {
            "kubelet and system reserve nothing of a Kubernetes machine (option kubeletReserve)"
                .into()
        } else {
            format!(
                "kubelet and system reserve {} vCPU and {} bytes of each Kubernetes machine, as given",
                decimal_milli(reserve.vcpu_milli),
                reserve.memory_bytes
            )
        };
        add("kubelet-reserve", text, KUBERNETES_PAGE);
        add("pod-slots", "each Kubernetes machine takes 110 pods".into(), KUBERNETES_PAGE);
        add(
            "master-taint",
            "the master takes no pods but those that tolerate its control-plane taint".into(),
            KUBERNETES_PAGE,
        );
        if node.gpus > 0 {
            add(
                "gpus-to-worker",
                "all GPU cards of a node belong to its Kubernetes worker; sharing by MPS is lost at every \
                 update and must be switched on again"
                    .into(),
                POWERSHELL_PAGE,
            );
        }
        if let Some(accelerator) = self.model.spec().other_accelerator {
            let text = format!("the node's {accelerator} is not evaluated");
            add("accelerator-not-evaluated", text, self.model.spec().page);
        }
    }
}

pub(super) fn warn_of_sizing(
    cpu_recommended: bool,
    memory_recommended: bool,
    warnings: &mut Vec<Note>,
) {
    for (what, recommended) in [("CPU", cpu_recommended), ("memory", memory_recommended)] {
        if !recommended {
            let (low, high) = RECOMMENDED_PERCENT;
            let text = format!("the workers' {what} is outside the recommended {low} to {high} %");
            warnings.push(Note::new("worker-size-not-recommended", text, POWERSHELL_PAGE));
        }
    }
}

pub(super) fn warn_of_overfull_hosts(plan: &mut Plan) {
    let ids: Vec<_> = plan.hosts.iter().map(|h| h.id).collect();
    for id in ids {
        let fit = load_now(plan, id);
        if fit.is_some_and(|fit| !fit.fits()) {
            let text = format!("the machines on host {} need more than it can use", id.name());
            plan.warnings.push(Note::new("host-overfull", text, plan.model.spec().page));
        }
    }
}

/// Thousandths as a decimal number, as `9.6`.
fn decimal_milli(milli: i64) -> String {
    let (whole, rest) = (milli / 1000, milli % 1000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}").trim_end_matches('0').into()
}
