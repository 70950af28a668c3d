use super::{catalogue::ModelSpec, error::DeviceError};
use crate::model::AMOUNT_MAX;

/// Bytes in a GiB.
pub const GIB: i64 = 1 << 30;

/// CPU and memory of a machine, or of what it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// Thousandths of a virtual CPU.
    pub vcpu_milli: i64,
    /// Bytes.
    pub memory_bytes: i64,
}

impl Size {
    /// A size in whole virtual CPUs and GiB. Meant for constants: both must be below 2^20.
    pub const fn of(vcpu: i64, gib: i64) -> Self {
        Self { vcpu_milli: vcpu * 1000, memory_bytes: gib * GIB }
    }

    /// The sum. Amounts of a validated plan cannot overflow it.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            vcpu_milli: self.vcpu_milli + other.vcpu_milli,
            memory_bytes: self.memory_bytes + other.memory_bytes,
        }
    }

    /// The difference, negative where `other` is larger.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self {
            vcpu_milli: self.vcpu_milli - other.vcpu_milli,
            memory_bytes: self.memory_bytes - other.memory_bytes,
        }
    }
}

/// What "30 % of available physical cores" is a percentage of. A core counts as one virtual CPU of the
/// worker on every basis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CpuBasis {
    /// Virtual CPUs that machines may use. The vendor's sample shows a worker of 12 on a Pro GPU,
    /// 30 % of its 40 usable ones, hence the default.
    #[default]
    UsableVcpu,
    /// All virtual CPUs.
    RawVcpu,
    /// Physical cores.
    PhysicalCores,
}

/// What becomes of a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Kept, down to a thousandth of a virtual CPU and to a byte.
    Exact,
    /// Down to a whole unit.
    Down,
    /// To the nearest whole unit, halves up.
    Nearest,
    /// Up to a whole unit.
    Up,
}

/// How much a worker gets of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Share {
    /// Percent of the basis, 1 to 100.
    Percent(i64),
    /// An amount as `Set-AzureDataBoxEdgeRoleCompute` takes it: thousandths of a virtual CPU, or bytes.
    Amount(i64),
}

/// How the worker machines are sized [azure-stack-edge-gpu-kubernetes-overview].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizing {
    /// CPU, 30 % by default.
    pub cpu: Share,
    /// Memory, 25 % of the raw memory by default ("25 % of device specification").
    pub memory: Share,
    /// Basis of the CPU percentage.
    pub cpu_basis: CpuBasis,
    /// Rounding to whole virtual CPUs; down by default, as a machine has whole ones and the
    /// smaller worker is the cautious reading.
    pub cpu_rounding: Rounding,
    /// Rounding to whole GiB; exact by default.
    pub memory_rounding: Rounding,
}

impl Default for Sizing {
    fn default() -> Self {
        Self {
            cpu: Share::Percent(30),
            memory: Share::Percent(25),
            cpu_basis: CpuBasis::UsableVcpu,
            cpu_rounding: Rounding::Down,
            memory_rounding: Rounding::Exact,
        }
    }
}

/// The master machine: 4 cores, 4 GB [azure-stack-edge-gpu-kubernetes-overview]. The page says GB; the
/// device's other figures and its commands count in units of 1024, so it is read as GiB.
pub(super) const MASTER: Size = Size::of(4, 4);

/// Worker sizes outside these percentages are not recommended (and not refused)
/// [azure-stack-edge-gpu-connect-powershell-interface].
pub(super) const RECOMMENDED_PERCENT: (i64, i64) = (15, 60);

/// A worker's size with, for CPU and for memory, whether it is within the recommended percentages.
pub(super) struct Worker {
    pub size: Size,
    pub cpu_recommended: bool,
    pub memory_recommended: bool,
}

/// The basis of the CPU percentage in thousandths.
pub(super) fn cpu_basis_milli(spec: &ModelSpec, basis: CpuBasis) -> i64 {
    1000 * match basis {
        CpuBasis::UsableVcpu => spec.usable_vcpu,
        CpuBasis::RawVcpu => spec.raw_vcpu,
        CpuBasis::PhysicalCores => spec.cores,
    }
}

/// The size of one worker; `raw_memory_bytes` is the catalogue's or the one the device itself states.
/// Faults go to `errors`; the size returned with them is of no use.
pub(super) fn worker(
    spec: &ModelSpec,
    sizing: &Sizing,
    raw_memory_bytes: i64,
    errors: &mut Vec<DeviceError>,
) -> Worker {
    let cpu_basis = cpu_basis_milli(spec, sizing.cpu_basis);
    let vcpu_milli = amount(sizing.cpu, cpu_basis, 1000, sizing.cpu_rounding, "cpu", errors);
    let memory_bytes =
        amount(sizing.memory, raw_memory_bytes, GIB, sizing.memory_rounding, "memory", errors);
    Worker {
        size: Size { vcpu_milli, memory_bytes },
        cpu_recommended: recommended(sizing.cpu, vcpu_milli, cpu_basis),
        memory_recommended: recommended(sizing.memory, memory_bytes, raw_memory_bytes),
    }
}

fn amount(
    share: Share,
    basis: i64,
    unit: i64,
    rounding: Rounding,
    what: &str,
    errors: &mut Vec<DeviceError>,
) -> i64 {
    let field = format!("device.worker.{what}");
    match share {
        Share::Percent(percent @ 1..=100) => {
            round(i128::from(basis) * i128::from(percent), 100, unit, rounding)
        }
        Share::Percent(percent) => {
            errors.push(DeviceError::new(
                "percent-out-of-range",
                field,
                format!("{percent} % is not within 1 to 100 %"),
                "give a percentage of the node, 15 to 60 recommended",
            ));
            0
        }
        Share::Amount(amount @ 1..=AMOUNT_MAX) => amount,
        Share::Amount(amount) => {
            errors.push(DeviceError::new(
                "amount-out-of-range",
                field,
                format!("{amount} is not within 1 to 2^53"),
                "correct the size of the worker",
            ));
            0
        }
    }
}

/// `numerator / denominator`, rounded to multiples of `unit`. A fraction finer than the integer itself
/// (a thousandth, a byte) is cut.
fn round(numerator: i128, denominator: i128, unit: i64, rounding: Rounding) -> i64 {
    let step = denominator * i128::from(unit);
    let rounded = match rounding {
        Rounding::Exact => numerator / denominator,
        Rounding::Down => numerator / step * i128::from(unit),
        Rounding::Nearest => (numerator + step / 2) / step * i128::from(unit),
        Rounding::Up => (numerator + step - 1) / step * i128::from(unit),
    };
    i64::try_from(rounded).expect("at most the basis and one unit more, both below 2^54")
}

/// A percentage is judged as it was asked, before rounding; an amount by what it is of the basis.
fn recommended(share: Share, amount: i64, basis: i64) -> bool {
    let (low, high) = RECOMMENDED_PERCENT;
    match share {
        Share::Percent(percent) => (low..=high).contains(&percent),
        Share::Amount(_) => {
            let scaled = i128::from(amount) * 100;
            let basis = i128::from(basis);
            (basis * i128::from(low)..=basis * i128::from(high)).contains(&scaled)
        }
    }
}
