//! The services of a what-if.

use super::page::{Page, Tone};
use crate::report::ServiceLossReport;

/// Services that lose their last ready endpoint, in a what-if.
pub(super) fn services(page: &mut Page, services: &[ServiceLossReport]) {
    /// Services that are named before the rest is counted.
    const NAMED_MAX: usize = 5;
    if services.is_empty() {
        return;
    }
    let shown = services.len().min(NAMED_MAX);
    let words: Vec<String> = services[..shown].iter().map(ServiceLossReport::words).collect();
    let mut text = format!("Services: {}", words.join("; "));
    if shown < services.len() {
        text += &format!("; {} more", services.len() - shown);
    }
    page.wrapped(&text, Tone::Warn, 2);
}
