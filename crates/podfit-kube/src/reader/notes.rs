//! What reading took for granted, and what it passed over, in all sources together.

use crate::fault::{Listed, quote};
use std::collections::BTreeMap;

/// Counts, and the names that go into the sentences about them.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    /// Sources of YAML with nothing that shows their end.
    pub unended: Listed,
    /// Sources that begin with messages, and the first message.
    pub messages: Listed,
    pub first_message: String,
    /// Files of folders without any object.
    pub skipped: Listed,
    /// Documents without a kind in files that have objects too.
    pub skipped_documents: u64,
    /// Objects without a kind, by the kind that was told otherwise.
    pub told: BTreeMap<String, u64>,
    /// Objects that came again.
    pub twice: u64,
}

impl Notes {
    /// What was taken for granted, a sentence each.
    pub fn assumptions(&self) -> impl Iterator<Item = String> {
        let told: u64 = self.told.values().sum();
        let kinds: Vec<_> = self.told.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        [
            (self.unended.count() > 0).then(|| {
                let are = if self.unended.count() == 1 { "is" } else { "are" };
                let names = &self.unended;
                format!("{names} {are} whole: YAML that was cut off behind a line can look so (a last line ... shows the end)")
            }),
            (told > 0).then(|| {
                let kinds = kinds.join(", ");
                format!("{told} objects state no kind: taken as what their selfLink, fields or file name tell ({kinds})")
            }),
            (self.twice > 0).then(|| {
                format!("{} objects are in the input again with the same content: they count once", self.twice)
            }),
            (self.messages.count() > 0).then(|| {
                let first = quote(&self.first_message);
                format!("messages before the objects are left aside in {}: {first}", self.messages)
            }),
        ]
        .into_iter()
        .flatten()
    }

    /// What was passed over, a sentence each.
    pub fn skipped(&self) -> impl Iterator<Item = String> {
        [
            self.skipped_files(),
            (self.skipped_documents > 0).then(|| {
                format!("{} documents without kind skipped, beside objects", self.skipped_documents)
            }),
        ]
        .into_iter()
        .flatten()
    }

    /// Which files were passed over.
    pub fn skipped_files(&self) -> Option<String> {
        let skipped = match self.skipped.count() {
            0 => return None,
            1 => "1 file skipped".into(),
            n => format!("{n} files skipped"),
        };
        Some(format!("{skipped}: no object of Kubernetes in {}", self.skipped))
    }
}
