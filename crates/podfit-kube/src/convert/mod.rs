//! Wire objects → the model, an object at a time, then the links between them.
//!
//! In: structs of [`wire`](crate::wire). Out: calls on [`ClusterBuilder`]. A pod becomes a compact draft at
//! once (`pod`); what it points at (claims, namespaces, owners) may come later in the input, so drafts wait
//! in the `inventory` and are completed at the end (`finish`).

mod amounts;
mod asks;
mod attach;
mod bounds;
pub(crate) mod budgets;
mod claims;
mod constraints;
pub(crate) mod control_plane;
mod daemons;
mod defaults;
pub(crate) mod finish;
mod images;
pub(crate) mod inventory;
mod limits;
mod namespaces;
pub(crate) mod node;
mod owners;
pub(crate) mod pod;
pub(crate) mod quotas;
mod requests;
pub(crate) mod services;
mod spread;
mod template;
mod time;
mod volumes;

pub use amounts::{amount, fraction_is_wrong};
pub use asks::{SCORED_CPU_MILLI, SCORED_MEMORY_BYTES};
pub use constraints::{
    DraftTerm, host_ports, label_selector, labels, node_selector, node_terms, pod_terms,
    preferred_nodes, preferred_pods, taints, tolerations,
};
pub use spread::{Spreads, default_spread, selector_of, spread};

use crate::fault::Faults;
use podfit::model::{ClusterBuilder, Gap};
use std::collections::BTreeMap;

/// What a conversion writes to.
pub struct Out<'a> {
    /// Where names are interned and objects go.
    pub builder: &'a mut ClusterBuilder,
    /// What is wrong.
    pub faults: &'a mut Faults,
    /// What about this pod cannot be evaluated.
    pub gaps: Vec<Gap>,
    /// What of the whole input is not evaluated.
    pub skipped: &'a mut Skipped,
}

impl Out<'_> {
    /// Notes something that cannot be evaluated.
    pub fn gap(&mut self, code: &'static str, what: &str) {
        let gap = Gap { code, what: self.builder.intern(what) };
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }
}

/// Features that the input uses and podfit does not evaluate, with the number of objects that use each.
#[derive(Clone, Debug, Default)]
pub struct Skipped(BTreeMap<&'static str, u64>);

impl Skipped {
    /// Counts one use.
    pub fn count(&mut self, feature: &'static str) {
        *self.0.entry(feature).or_default() += 1;
    }

    /// One sentence a feature.
    pub fn sentences(&self) -> Vec<String> {
        self.0.iter().map(|(feature, n)| format!("{feature} ({n})")).collect()
    }
}
