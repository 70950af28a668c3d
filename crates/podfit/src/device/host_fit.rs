use super::{
    plan::{HostId, Plan, Vm},
    sizing::Size,
};

/// A resource of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostResource {
    /// Virtual CPUs, counted in thousandths.
    Vcpu,
    /// Memory, counted in bytes.
    Memory,
}

impl HostResource {
    /// Both, in the order of reports.
    pub const ALL: [Self; 2] = [Self::Vcpu, Self::Memory];

    /// This resource's part of a size.
    pub fn of(self, size: Size) -> i64 {
        match self {
            Self::Vcpu => size.vcpu_milli,
            Self::Memory => size.memory_bytes,
        }
    }
}

/// Whether virtual machines fit a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFit {
    /// The host.
    pub host: HostId,
    /// What the machines on it need.
    pub needed: Size,
    /// What machines may use there.
    pub usable: Size,
    /// Names of the machines that restart here, in the plan's order.
    pub restarted: Vec<String>,
    /// Names of the machines that are down with the lost host: its worker, and others that are not
    /// highly available.
    pub down: Vec<String>,
}

impl HostFit {
    /// What is left, negative where short. With no machines of the user this is the room for them.
    pub fn slack(&self) -> Size {
        self.usable.minus(self.needed)
    }

    /// Whether every resource suffices.
    pub fn fits(&self) -> bool {
        HostResource::ALL.iter().all(|r| r.of(self.slack()) >= 0)
    }

    /// The resource that decides: the one of which the largest part of the usable amount is needed; of
    /// equal ones CPU.
    pub fn binding(&self) -> HostResource {
        let cross = |need: HostResource, usable: HostResource| {
            i128::from(need.of(self.needed)) * i128::from(usable.of(self.usable))
        };
        // needed_m / usable_m > needed_c / usable_c, without division; a usable amount of 0 binds.
        if cross(HostResource::Memory, HostResource::Vcpu)
            > cross(HostResource::Vcpu, HostResource::Memory)
        {
            HostResource::Memory
        } else {
            HostResource::Vcpu
        }
    }
}

/// What becomes of the device when a host is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostOutcome {
    /// The only host is lost: everything is down [azure-stack-edge-gpu-kubernetes-overview].
    AllDown,
    /// The device has no such host; nothing changes.
    NoSuchHost,
    /// The other host carries on. Whether it can is in the fit.
    Survives(HostFit),
}

/// The machines of a host as they run now against what it can use. `None`: no such host.
pub fn load_now(plan: &Plan, host: HostId) -> Option<HostFit> {
    let usable = plan.host(host)?.usable;
    let needed = sum(plan.vms_on(host));
    Some(HostFit { host, needed, usable, restarted: Vec::new(), down: Vec::new() })
}

/// What the survivor must hold once `lost` is gone: all that runs there, and *all* highly available
/// machines of the lost host. The lost host's worker is pinned and does not move; its pods may
/// [azure-stack-edge-gpu-clustering-overview].
pub fn after_loss(plan: &Plan, lost: HostId) -> HostOutcome {
    if plan.host(lost).is_none() {
        return HostOutcome::NoSuchHost;
    }
    let Some(mut fit) = load_now(plan, lost.other()) else {
        return HostOutcome::AllDown;
    };
    fit.needed = fit.needed.plus(sum(plan.vms_on(lost).filter(|vm| vm.highly_available)));
    for vm in plan.vms_on(lost) {
        let list = if vm.highly_available { &mut fit.restarted } else { &mut fit.down };
        list.push(vm.name.clone());
    }
    HostOutcome::Survives(fit)
}

/// The device once what restarts on the survivor has done so, if it fits there; the lost host may be back. Machines stay
/// where they are then: nothing moves them back [azure-stack-edge-gpu-clustering-overview].
#[must_use]
pub fn failed_over(plan: &Plan, lost: HostId) -> Plan {
    let mut plan = plan.clone();
    if let HostOutcome::Survives(fit) = after_loss(&plan, lost)
        && fit.fits()
    {
        let restarts = |vm: &&mut Vm| vm.host == lost && vm.highly_available;
        plan.vms.iter_mut().filter(restarts).for_each(|vm| vm.host = lost.other());
    }
    plan
}

fn sum<'a>(vms: impl Iterator<Item = &'a Vm>) -> Size {
    vms.fold(Size::default(), |total, vm| total.plus(vm.size))
}
