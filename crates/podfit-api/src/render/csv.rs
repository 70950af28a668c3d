//! CSV by RFC 4180 (with line feeds): a header, one record a line, amounts as whole numbers.

use super::page::clean;
use super::sort::{Key, SortError, sort};
use super::{audit, check, cluster, explain, lint, place, what_if};
use crate::report::Report;
use std::collections::BTreeSet;

#[inline(never)] // As `table`.
pub(super) fn csv(report: &Report, sort_by: Option<&str>) -> Result<String, SortError> {
    match report {
        Report::WhatIf(r) => {
            let mut items: Vec<_> = r.pods.iter().collect();
            sort(&mut items, sort_by, &what_if::COLUMNS, what_if::request, what_if::key)?;
            let resources: BTreeSet<&str> =
                items.iter().flat_map(|p| p.requests.keys().map(String::as_str)).collect();
            let value = |p: &&crate::report::PodReport, column: &str| match column {
                "verdict" => p.verdict.name().into(),
                _ => what_if::key(p, column),
            };
            let amount = |p: &&crate::report::PodReport, r: &str| what_if::request(p, r);
            Ok(write(&items, &what_if::COLUMNS, &resources, value, amount))
        }
        Report::Place(r) => {
            let mut items: Vec<_> = r.pods.iter().collect();
            sort(&mut items, sort_by, &place::COLUMNS, place::request, place::key)?;
            let resources: BTreeSet<&str> =
                items.iter().flat_map(|p| p.requests.keys().map(String::as_str)).collect();
            let value = |p: &&crate::report::PlacePod, column: &str| match column {
                "verdict" => p.verdict.name().into(),
                _ => place::key(p, column),
            };
            let amount = |p: &&crate::report::PlacePod, r: &str| place::request(p, r);
            Ok(write(&items, &place::COLUMNS, &resources, value, amount))
        }
        Report::Audit(r) => {
            let mut items: Vec<_> = r.cases.iter().collect();
            sort(&mut items, sort_by, &audit::COLUMNS, |_, _| None, audit::key)?;
            let value = |c: &&crate::report::AuditCase, column: &str| match column {
                "verdict" => c.verdict.words().replace(' ', "-").as_str().into(),
                _ => audit::key(c, column),
            };
            Ok(write(&items, &audit::COLUMNS, &BTreeSet::new(), value, |_, _| None))
        }
        Report::Explain(r) => {
            let entries = explain::entries(r);
            let mut items: Vec<_> = entries.iter().collect();
            sort(&mut items, sort_by, &explain::COLUMNS, |_, _| None, explain::key)?;
            let value = |e: &&explain::Entry<'_>, column: &str| explain::key(e, column);
            Ok(write(&items, &explain::COLUMNS, &BTreeSet::new(), value, |_, _| None))
        }
        Report::Lint(r) => {
            let mut items: Vec<_> = r.lints.iter().collect();
            sort(&mut items, sort_by, &lint::COLUMNS, |_, _| None, lint::key)?;
            let value = |l: &&crate::report::Finding, column: &str| lint::key(l, column);
            Ok(write(&items, &lint::COLUMNS, &BTreeSet::new(), value, |_, _| None))
        }
        Report::Cluster(r) => {
            let mut items: Vec<_> = r.pods.iter().collect();
            sort(&mut items, sort_by, &cluster::COLUMNS, cluster::request, cluster::key)?;
            let resources: BTreeSet<&str> =
                items.iter().flat_map(|p| p.requests.keys().map(String::as_str)).collect();
            let value = |p: &&crate::report::ClusterPod, column: &str| cluster::key(p, column);
            let amount = |p: &&crate::report::ClusterPod, r: &str| cluster::request(p, r);
            Ok(write(&items, &cluster::COLUMNS, &resources, value, amount))
        }
        Report::Check(r) => {
            let mut items: Vec<_> = r.violations.iter().collect();
            sort(&mut items, sort_by, &check::COLUMNS, |_, _| None, check::key)?;
            let value = |v: &&crate::report::ViolationReport, column: &str| check::key(v, column);
            Ok(write(&items, &check::COLUMNS, &BTreeSet::new(), value, |_, _| None))
        }
    }
}

fn write<T>(
    items: &[T],
    columns: &[&str],
    resources: &BTreeSet<&str>,
    value: impl Fn(&T, &str) -> Key,
    amount: impl Fn(&T, &str) -> Option<Key>,
) -> String {
    let mut out = String::new();
    let head = columns.iter().chain(resources).map(|c| quoted(c)).collect::<Vec<_>>();
    out += &head.join(",");
    out.push('\n');
    for item in items {
        let values = columns.iter().map(|c| value(item, c));
        let amounts = resources.iter().map(|r| amount(item, r).unwrap_or(Key::Number(0)));
        let fields: Vec<String> = values
            .chain(amounts)
            .map(|key| match key {
                Key::None => String::new(),
                Key::Number(n) => n.to_string(),
                Key::Text(text) => quoted(&clean(&text)),
            })
            .collect();
        out += &fields.join(",");
        out.push('\n');
    }
    out
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_what_would_break_a_record() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("say \"x\"\n"), "\"say \"\"x\"\"\n\"");
    }
}
