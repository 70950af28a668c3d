/// Which resource: an index into [`Cluster::resource_name`](super::Cluster::resource_name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(pub u16);

impl ResourceId {
    /// CPU in thousandths of a core.
    pub const CPU: Self = Self(0);
    /// Memory in bytes.
    pub const MEMORY: Self = Self(1);
    /// Local scratch space in bytes.
    pub const EPHEMERAL: Self = Self(2);
    /// Pod slots; every pod needs one ("Too many pods" is a shortage of these).
    pub const PODS: Self = Self(3);
    /// The names of the resources above, in order; others follow as they are met.
    pub const FIXED: [&'static str; 4] = ["cpu", "memory", "ephemeral-storage", "pods"];

    /// Position in a [`Resources`] vector.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The largest amount of one resource that one pod or node may state: 2^53 (9 million cores, 8 PiB).
/// Sums over a cluster are checked against `i64` once, when it is built.
pub const AMOUNT_MAX: i64 = 1 << 53;

/// The most distinct resource names. A cluster has some dozens; each costs every sum over pods and nodes its share.
pub const RESOURCES_MAX: usize = 1_000;

/// Resources of this prefix count volumes that may be attached to a node, by CSI driver, as
/// `attachable-volumes-csi-disk.csi.example.com`. They are checked by the scheduler's plugin NodeVolumeLimits.
pub(super) const VOLUMES_PREFIX: &str = "attachable-volumes-";

/// What a node without a limit states of such a resource.
pub const VOLUMES_UNLIMITED: i64 = 1 << 30;

/// Amounts by resource, in the integer units of [`ResourceId`]; extended resources are whole numbers.
/// What is beyond the end is zero; trailing zeros are cut so that equal amounts compare equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Resources(Vec<i64>);

impl Resources {
    /// No amount of anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// The amount of `id`, zero if never set.
    pub fn get(&self, id: ResourceId) -> i64 {
        self.0.get(id.index()).copied().unwrap_or(0)
    }

    /// Sets the amount of `id`.
    pub fn set(&mut self, id: ResourceId, amount: i64) {
        if self.0.len() <= id.index() {
            if amount == 0 {
                return;
            }
            self.0.resize(id.index() + 1, 0);
        }
        self.0[id.index()] = amount;
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// The same with `amount` of `id`, for building in one expression.
    #[must_use]
    pub fn with(mut self, id: ResourceId, amount: i64) -> Self {
        self.set(id, amount);
        self
    }

    /// The non-zero amounts in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (ResourceId, i64)> + '_ {
        self.0
            .iter()
            .enumerate()
            .filter(|&(_, &amount)| amount != 0)
            .map(|(i, &amount)| (ResourceId(i as u16), amount))
    }

    /// The amounts from id 0 on, as long as the last that is not zero.
    pub fn as_slice(&self) -> &[i64] {
        &self.0
    }
}
