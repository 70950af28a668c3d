//! The edge device in tables: its hosts and machines, what it states of itself, the rule of normal use.

use super::page::{Cell, Page, Tone, sentence_case};
use crate::report::{CapacityReport, HostReport, ResponseCode};
use podfit::rules::format_amount;

pub(super) fn device(page: &mut Page, host: &HostReport) {
    let rows: Vec<Vec<Cell>> = host
        .hosts
        .iter()
        .map(|h| {
            let now: Vec<&str> = h.before.iter().map(|m| m.name.as_str()).collect();
            let fit = host.fit.as_ref().filter(|f| f.host == h.name);
            let after = match (h.lost, fit) {
                (true, _) => Cell::new("lost", Tone::Bad),
                (_, None) => Cell::from(h.after.join(", ")),
                (_, Some(fit)) => {
                    let cpu = |a| format_amount("cpu", a);
                    let memory = |a| format_amount("memory", a);
                    let mut names: Vec<&str> = now.clone();
                    names.extend(fit.restarted.iter().map(String::as_str));
                    let text = format!(
                        "{}: {}/{} vCPU, {}/{} memory: {} ({} binds)",
                        names.join(", "),
                        cpu(fit.needed.vcpu_milli),
                        cpu(h.usable.vcpu_milli),
                        memory(fit.needed.memory_bytes),
                        memory(h.usable.memory_bytes),
                        if fit.fits { "fits" } else { "DOES NOT FIT" },
                        if fit.binding == "vcpu" { "vCPU" } else { "memory" },
                    );
                    Cell::new(text, if fit.fits { Tone::Plain } else { Tone::Bad })
                }
            };
            vec![h.name.as_str().into(), now.join(", ").into(), after]
        })
        .collect();
    page.table(&["HOST", "MACHINES NOW", "AFTER"], &rows);
    if host.master_restarts && !host.master_cannot_start() {
        let on = host.fit.as_ref().map_or("", |f| f.host.as_str());
        let text = format!(
            "The master machine restarts on host {on}; until it has, there is no API and nothing is recreated."
        );
        page.wrapped(&text, Tone::Dim, 2);
    }
    for response in &host.responses {
        let text = format!("{} [{}]", response.text, response.page);
        let tone = if response.response == ResponseCode::Offline { Tone::Bad } else { Tone::Plain };
        page.wrapped(&sentence_case(&text), tone, 2);
    }
    capacity(page, host);
    half_rule(page, host);
    for warning in &host.warnings {
        page.wrapped(&format!("{} {}", page.glyphs.warn, warning.text), Tone::Warn, 2);
    }
}

/// What the device states of itself, where the input has it.
pub(super) fn capacity(page: &mut Page, host: &HostReport) {
    if host.capacity.is_empty() {
        return;
    }
    let row = |c: &CapacityReport| -> Vec<Cell> {
        let amount = match (c.bytes, c.cards) {
            (Some(bytes), _) => format_amount("memory", bytes),
            (None, Some(cards)) => cards.to_string(),
            (None, None) => String::new(),
        };
        let read = match c.read.as_str() {
            "has" => "what the nodes have, together",
            "withheld" => "not for machines",
            "checked" => "checked against the total",
            _ => "shown, not evaluated",
        };
        vec![c.name.as_str().into(), amount.into(), read.into()]
    };
    let rows: Vec<Vec<Cell>> = host.capacity.iter().map(row).collect();
    page.table(&["DEVICE STATES", "", "READ AS"], &rows);
    page.blank();
}

pub(super) fn half_rule(page: &mut Page, host: &HostReport) {
    let percent = host.usage_percent;
    for denominator in ["worker", "usable-host", "raw-host"] {
        let lines = host.lint.iter().filter(|l| l.denominator == denominator);
        let over: Vec<String> = lines
            .filter(|l| l.verdict == "fail")
            .map(|l| {
                let percent = super::bars::percent(l.used.unwrap_or(0), l.of).unwrap_or(0);
                format!("{} {} {percent} %", l.host, l.resource)
            })
            .collect();
        let of = match denominator {
            "worker" => "the worker machines by pods",
            "usable-host" => "the usable hosts by machines",
            _ => "the whole hosts by machines",
        };
        let text = match over.is_empty() {
            true => format!("{percent} % rule, {of}: kept"),
            false => {
                let over = over.join(", ");
                format!("{percent} % rule, {of}: exceeded, {over} (a lint, not the verdict)")
            }
        };
        page.wrapped(&text, Tone::Dim, 2);
    }
}
