//! The formulas of the score plugins and their normalisation, on plain numbers. Every score is 0 to 100; floats
//! are used where kube-scheduler uses them, to get its rounding.

/// `MaxNodeScore` in `staging/src/k8s.io/kube-scheduler/framework/interface.go`.
pub(super) const SCORE_MAX: i64 = 100;

/// A score plugin of the default profile. VolumeBinding scores only with a feature gate that is off by default,
/// DynamicResources is not evaluated: neither is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plugin {
    TaintToleration,
    NodeAffinity,
    PodTopologySpread,
    InterPodAffinity,
    /// NodeResourcesFit with the strategy LeastAllocated.
    LeastAllocated,
    BalancedAllocation,
    ImageLocality,
}

impl Plugin {
    pub const ALL: [Self; 7] = [
        Self::TaintToleration,
        Self::NodeAffinity,
        Self::PodTopologySpread,
        Self::InterPodAffinity,
        Self::LeastAllocated,
        Self::BalancedAllocation,
        Self::ImageLocality,
    ];

    /// The default weight (`pkg/scheduler/apis/config/v1/default_plugins.go`).
    pub fn weight(self) -> i64 {
        match self {
            Self::TaintToleration => 3,
            Self::NodeAffinity | Self::PodTopologySpread | Self::InterPodAffinity => 2,
            Self::LeastAllocated | Self::BalancedAllocation | Self::ImageLocality => 1,
        }
    }
}

/// From 0 to the greatest, stretched to 0 to 100; the most is worst where `reverse`
/// (`plugins/helper/normalize_score.go`).
pub(super) fn stretch(scores: &mut [i64], reverse: bool) {
    let most = scores.iter().copied().max().unwrap_or(0);
    if most == 0 {
        if reverse {
            scores.fill(SCORE_MAX);
        }
        return;
    }
    for score in scores {
        let part = SCORE_MAX * *score / most;
        *score = if reverse { SCORE_MAX - part } else { part };
    }
}

/// From the least to the greatest, which may be negative, stretched to 0 to 100; all 0 where they are equal
/// (`plugins/interpodaffinity/scoring.go`).
pub(super) fn stretch_signed(scores: &mut [i64]) {
    let (Some(&least), Some(&most)) = (scores.iter().min(), scores.iter().max()) else { return };
    for score in scores {
        *score = match most - least {
            0 => 0,
            // Truncated, not rounded.
            width => (SCORE_MAX as f64 * ((*score - least) as f64 / width as f64)) as i64,
        };
    }
}

/// The fewer the better; a node that is ignored (`None`) gets 0 (`plugins/podtopologyspread/scoring.go`).
pub(super) fn stretch_spread(raw: &[Option<i64>], scores: &mut Vec<i64>) {
    let counted = || raw.iter().flatten().copied();
    let (least, most) = (counted().min().unwrap_or(0), counted().max().unwrap_or(0));
    scores.extend(raw.iter().map(|score| match score {
        None => 0,
        Some(_) if most == 0 => SCORE_MAX,
        Some(score) => SCORE_MAX * (most + least - score) / most,
    }));
}

/// How much a domain's count weighs: the more domains of the kind, the more
/// (`topologyNormalizingWeight`, same file).
pub(super) fn spread_weight(domains: usize) -> f64 {
    ((domains + 2) as f64).ln()
}

/// What one constraint adds (`scoreForCount`, same file).
pub(super) fn spread_part(count: i64, max_skew: i64, weight: f64) -> f64 {
    count as f64 * weight + (max_skew - 1) as f64
}

/// The mean over cpu and memory of the percentage that stays free. `requested` counts the newcomer
/// (`plugins/noderesources/least_allocated.go`).
pub(super) fn least_allocated(requested: [i64; 2], allocatable: [i64; 2]) -> i64 {
    let (mut sum, mut resources) = (0, 0);
    for (requested, allocatable) in requested.into_iter().zip(allocatable) {
        if allocatable == 0 {
            continue;
        }
        resources += 1;
        if requested <= allocatable {
            sum += (allocatable - requested) * SCORE_MAX / allocatable;
        }
    }
    if resources == 0 { 0 } else { sum / resources }
}

/// How near the used fractions of cpu and memory are to each other: 100 less their standard deviation in percent,
/// which for two is half their difference. `requested` counts the newcomer. This is the formula up to 1.35; later
/// sources score how much the newcomer changes it (`plugins/noderesources/balanced_allocation.go`).
pub(super) fn balanced_allocation(requested: [i64; 2], allocatable: [i64; 2]) -> i64 {
    let fraction = |i: usize| (requested[i] as f64 / allocatable[i] as f64).min(1.0);
    let deviation = match allocatable {
        [0, _] | [_, 0] => 0.0,
        _ => ((fraction(0) - fraction(1)) / 2.0).abs(),
    };
    ((1.0 - deviation) * SCORE_MAX as f64) as i64
}

const MIB: i64 = 1 << 20;

/// What an image counts on a node that has it: its size, less where few nodes have it, so that pods do not heap up
/// there (`scaledImageScore` in `plugins/imagelocality/image_locality.go`).
pub(super) fn image_part(size: i64, nodes_with: usize, nodes: usize) -> i64 {
    (size as f64 * (nodes_with as f64 / nodes as f64)) as i64
}

/// Up to 23 MiB nothing, from 1000 MiB a container all (`calculatePriority`, same file).
pub(super) fn image_locality(sum: i64, containers: usize) -> i64 {
    let (least, most) = (23 * MIB, 1000 * MIB * containers as i64);
    let sum = sum.min(most).max(least);
    SCORE_MAX * (sum - least) / (most - least)
}
