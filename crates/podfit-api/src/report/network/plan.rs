use super::super::Context;
use podfit::network::{AddressPlan, Conflict, Holder, Pool, PoolKind, service_name};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that cannot be as it is described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkConflict {
    /// Stable code, as `too-small`.
    pub code: String,
    /// The field of the description, as `network.nodeRange` or `services default/web`.
    pub field: String,
    /// What is wrong, with the addresses.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl NetworkConflict {
    pub(super) fn of(conflict: &Conflict) -> Self {
        Self {
            code: conflict.code.name().into(),
            field: conflict.field.clone(),
            cause: conflict.cause.clone(),
            fix: conflict.fix.clone(),
        }
    }
}

/// The plan of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddressPlanReport {
    /// Who gets which address; empty where there is a conflict.
    pub assigned: Vec<AssignedAddress>,
    /// Ranges and subnets, and how far they go.
    pub pools: Vec<PoolReport>,
}

/// An address and who has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssignedAddress {
    /// The address.
    pub address: String,
    /// `node` or `service`.
    pub kind: String,
    /// The node; of a service `namespace/name`.
    pub name: String,
    /// It was given, or asked for; else it is the first that was free.
    pub given: bool,
}

/// Addresses for one purpose. Counts end at 2^53.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PoolReport {
    /// What for: `nodes`, `services` (from outside), `pods`, `cluster-ips` (of services).
    pub kind: String,
    /// `IPv4` or `IPv6`.
    pub family: String,
    /// Who gives the addresses out, where that is known.
    pub assigned_by: Option<String>,
    /// The ranges, as `FIRST-LAST`.
    pub ranges: Vec<String>,
    /// How many addresses there are.
    pub addresses: i64,
    /// Of these, those that cannot be given out: networks' own, reserved, in use.
    pub unusable: i64,
    /// How many are needed now.
    pub needed: i64,
    /// How many more the vendor advises.
    pub advised: i64,
    /// How many more were asked about.
    pub more: i64,
    /// How many are left: `addresses` less `unusable` less `needed`. Below 0, so many are short.
    pub free: i64,
    /// How many usable ones it must have: `needed` and `advised` and `more`.
    pub required: i64,
    /// Where the first range must end to have so many; null where it cannot.
    pub required_last: Option<String>,
}

impl PoolReport {
    fn of(pool: &Pool, on_device: bool) -> Self {
        // The device's add-ons [azure-stack-edge-gpu-kubernetes-networking].
        let (kind, by) = match pool.kind {
            PoolKind::Nodes => ("nodes", on_device.then_some("device")),
            PoolKind::Services => ("services", on_device.then_some("MetalLB")),
            PoolKind::Pods => ("pods", on_device.then_some("Calico")),
            PoolKind::ClusterIps => ("cluster-ips", Some("Kubernetes")),
        };
        Self {
            kind: kind.into(),
            family: pool.family.name().into(),
            assigned_by: by.map(Into::into),
            ranges: pool.ranges.iter().map(ToString::to_string).collect(),
            addresses: pool.size,
            unusable: pool.unusable,
            needed: pool.needed,
            advised: pool.spare,
            more: pool.more,
            free: pool.free,
            required: pool.required,
            required_last: pool.required_last.map(|a| a.to_string()),
        }
    }
}

pub(super) fn plan(context: &Context<'_>, plan: &AddressPlan) -> AddressPlanReport {
    let cluster = context.cluster;
    let assigned = plan.assigned.iter().map(|a| {
        let (kind, name) = match &a.holder {
            Holder::Node(name) => ("node", name.clone()),
            Holder::Service(i) => ("service", service_name(cluster, &cluster.services()[*i])),
        };
        let (address, kind) = (a.address.to_string(), kind.into());
        AssignedAddress { address, kind, name, given: a.given }
    });
    AddressPlanReport {
        assigned: assigned.collect(),
        pools: plan.pools.iter().map(|p| PoolReport::of(p, context.device.is_some())).collect(),
    }
}
