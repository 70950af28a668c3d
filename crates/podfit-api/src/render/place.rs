//! The table of a place request.

use super::list::{Item, Key, SortError, csv, sort};
use super::nodes;
use super::page::{Cell, Page, Tone, sentence_case};
use super::what_if::{
    assumed, levels_table, listed_note, notes, preempted, scheduler, unrequested, with_fix,
    workload_or_pod,
};
use super::{Format, Render, RenderOptions};
use crate::report::{
    ObjectRef, PlacePod, PlacePodVerdict, PlaceReport, PlaceVerdict, Scope, cut_words,
};
use std::collections::BTreeMap;

/// Lines in a table before the rest is counted.
const LINES_MAX: usize = 40;

impl Item for PlacePod {
    const COLUMNS: &'static [&'static str] =
        &["namespace", "name", "verdict", "to", "owner", "priority", "code", "reason"];

    fn key(&self, column: &str) -> Key {
        match column {
            "namespace" => self.namespace.as_str().into(),
            "name" => self.name.as_str().into(),
            "verdict" => Key::Number(self.verdict as i64),
            "to" => self.to.as_deref().into(),
            "owner" => self.owner.as_ref().map(ObjectRef::words).as_deref().into(),
            "priority" => i64::from(self.priority).into(),
            "code" => self.reason.code.name().as_str().into(),
            _ => with_fix(&self.reason, self.fix.as_ref()).as_str().into(),
        }
    }

    fn cell(&self, column: &str) -> Key {
        match column {
            "verdict" => self.verdict.name().into(),
            _ => self.key(column),
        }
    }

    fn requests(&self) -> Option<&BTreeMap<String, i64>> {
        Some(&self.requests)
    }
}

impl Render for PlaceReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut pods: Vec<&PlacePod> = self.pods.iter().collect();
        match &options.sort_by {
            None => pods.sort_by_key(|p| p.verdict),
            Some(column) => sort(&mut pods, Some(column))?,
        }
        page.put("Where do pending pods go?", Tone::Head);
        page.end();
        page.blank();
        nodes::draw(page, &self.nodes, wide);
        if !pods.is_empty() {
            page.blank();
            list(page, &pods, wide);
        }
        if let Some(cause) = &self.cause {
            let pending: Vec<String> = pods
                .iter()
                .filter(|p| p.verdict == PlacePodVerdict::Pending)
                .map(|p| format!("{}/{}", p.namespace, p.name))
                .collect();
            super::cause::text(page, cause, &pending, wide);
        }
        if wide {
            page.blank();
            levels_table(page, &self.levels);
        }
        page.blank();
        if let Some(listed) = &self.pods_listed {
            page.wrapped(&listed_note(listed), Tone::Dim, 2);
        }
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone) = match self.verdict {
            PlaceVerdict::Fits => (page.glyphs.good, Tone::Good),
            PlaceVerdict::FitsIfPlacedWell => (page.glyphs.warn, Tone::Warn),
            PlaceVerdict::DoesNotFit => (page.glyphs.bad, Tone::Bad),
            PlaceVerdict::Unknown => (page.glyphs.open, Tone::Warn),
        };
        page.put(&format!("{symbol} {}", self.verdict.words().to_uppercase()), tone);
        let scope = match self.scope {
            Scope::SurvivorsFixed => "running pods fixed".into(),
            other => other.words(0),
        };
        let mut rest = format!(" ({scope}): {}.", self.why.text);
        if matches!(self.verdict, PlaceVerdict::Fits | PlaceVerdict::FitsIfPlacedWell) {
            rest += &scheduler(self.prediction.as_ref(), self.hint.as_ref());
        } else {
            let then = ", so others than those listed may end up pending";
            rest += &preempted(self.prediction.as_ref(), then);
        }
        if let Some(proof) = &self.proof {
            rest += &format!(" {}.", sentence_case(proof));
        }
        if let Some(cut) = cut_words(self.stop, self.cut_stage) {
            rest += &format!(" {cut}");
        }
        rest += &unrequested(self.unrequested);
        rest += &assumed(&self.assumed);
        page.line(&rest, Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.pods.iter().collect(), sort_by)
    }
}

/// Each pod in `wide`; else those of one workload that end alike share a line.
fn list(page: &mut Page, pods: &[&PlacePod], wide: bool) {
    let mut groups: Vec<(&PlacePod, usize)> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for pod in pods {
        let workload = workload_or_pod(pod.workload.as_ref().filter(|_| !wide), &pod.name);
        let key = (&pod.namespace, workload, pod.verdict, &pod.reason.text);
        let at = known.entry(key).or_insert(groups.len());
        match groups.get_mut(*at) {
            Some(group) => group.1 += 1,
            None => groups.push((pod, 1)),
        }
    }
    let shown = if wide { groups.len() } else { groups.len().min(LINES_MAX) };
    let row = |(pod, n): &(&PlacePod, usize)| {
        let (symbol, tone) = match pod.verdict {
            PlacePodVerdict::Pending => (page.glyphs.bad, Tone::Bad),
            PlacePodVerdict::NotEvaluated => (page.glyphs.open, Tone::Warn),
            PlacePodVerdict::Placed => (page.glyphs.good, Tone::Good),
        };
        let others = if *n > 1 { format!(" +{} alike", n - 1) } else { String::new() };
        vec![
            Cell::new(format!("{symbol} {}", pod.verdict.name()), tone),
            format!("{}/{}{others}", pod.namespace, pod.name).into(),
            with_fix(&pod.reason, pod.fix.as_ref()).into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = groups[..shown].iter().map(row).collect();
    page.table(&["", "POD", "REASON"], &rows);
    if shown < groups.len() {
        let text = format!("{} {} more (-o wide)", page.glyphs.more, groups.len() - shown);
        page.line(&text, Tone::Dim);
    }
}
