//! The tables of a control plane.

use super::list::{Item, Key, SortError, csv, sort};
use super::page::{Cell, Page, Tone};
use super::what_if::notes;
use super::{Format, Render, RenderOptions};
use crate::report::plural;
use crate::report::{
    CapabilityCode, CapabilityReport, CaseReport, ControlPlaneReport, EffectReport, LayoutCode,
    MemberReport, PlanReport, PlaneFinding, PlaneVerdict, QuorumRow, RemedyReport, SeverityCode,
    StateCode,
};
use crate::time::{Seconds, Span};
use crate::vocabulary::LeaderGoes;
use podfit::model::Interval;

/// Cases in a table before the rest is counted.
const LINES_MAX: usize = 40;

fn word(state: StateCode) -> &'static str {
    match state {
        StateCode::Works => "works",
        StateCode::Stale => "may be old",
        StateCode::Down => "down",
        StateCode::Unknown => "not known",
    }
}

fn cell(page: &Page, state: StateCode, text: &str) -> Cell {
    let (symbol, tone) = match state {
        StateCode::Works => (page.glyphs.good, Tone::Good),
        StateCode::Stale => (page.glyphs.warn, Tone::Warn),
        StateCode::Down => (page.glyphs.bad, Tone::Bad),
        StateCode::Unknown => (page.glyphs.open, Tone::Warn),
    };
    Cell::new(format!("{symbol} {text}"), tone)
}

fn state_cell(page: &Page, state: StateCode) -> Cell {
    cell(page, state, word(state))
}

fn layout(layout: LayoutCode) -> &'static str {
    match layout {
        LayoutCode::Stacked => "stacked",
        LayoutCode::External => "external etcd",
        LayoutCode::Mixed => "partly stacked",
        LayoutCode::EtcdNotShown => "etcd not shown",
        LayoutCode::NotKnown => "not known",
    }
}

fn capability(code: CapabilityCode) -> &'static str {
    match code {
        CapabilityCode::Api => "API, directly",
        CapabilityCode::SharedApi => "API, shared address",
        CapabilityCode::EtcdWrites => "etcd, writes",
        CapabilityCode::EtcdReads => "etcd, reads",
        CapabilityCode::Scheduling => "scheduling",
        CapabilityCode::Controllers => "controllers",
    }
}

impl Item for CaseReport {
    const COLUMNS: &'static [&'static str] = &[
        "failed",
        "state",
        "api",
        "sharedApi",
        "etcdWrites",
        "etcdReads",
        "scheduling",
        "controllers",
        "why",
    ];

    fn key(&self, column: &str) -> Key {
        let state = |s: StateCode| word(s).into();
        match column {
            "failed" => self.failed.join("+").as_str().into(),
            "state" => state(self.state),
            "api" => state(self.api),
            "sharedApi" => self.shared_api.map(word).into(),
            "etcdWrites" => state(self.etcd_writes),
            "etcdReads" => state(self.etcd_reads),
            "scheduling" => state(self.scheduling),
            "controllers" => state(self.controllers),
            _ => self.why.as_deref().into(),
        }
    }
}

impl Render for ControlPlaneReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        self.topology_line(page);
        self.members_table(page, wide);
        self.capabilities_table(page);
        self.cases_table(page, options, wide)?;
        self.meanwhile(page, wide);
        self.findings_table(page);
        self.plans_table(page);
        self.rules(page, wide);
        page.blank();
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        self.verdict_line(page);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.cases.iter().collect(), sort_by)
    }
}

impl ControlPlaneReport {
    fn topology_line(&self, page: &mut Page) {
        let t = &self.topology;
        if self.members.is_empty() {
            return;
        }
        let balancers = match t.balancers.as_deref() {
            None => "balancer not known".into(),
            Some([]) => "no balancer".into(),
            Some(all) => format!("balancer {}, port {}", all.join(", "), t.port),
        };
        let dot = page.glyphs.dot;
        let installer = t.installer.as_ref().map_or(String::new(), |i| format!("{dot}{i}"));
        let etcd = match t.etcd.len() {
            0 => "members of etcd not shown".into(),
            1 => "1 member of etcd".into(),
            n => format!("{n} members of etcd"),
        };
        let text = format!(
            "{}{dot}{}{dot}{etcd}{dot}{balancers}{installer}",
            layout(t.layout),
            plural(t.servers.len(), "API server"),
        );
        page.line(&text, Tone::Head);
    }

    fn members_table(&self, page: &mut Page, wide: bool) {
        let shown = self
            .members
            .iter()
            .filter(|m| wide || m.state != StateCode::Works || m.now != StateCode::Works);
        let row = |m: &MemberReport| {
            let now = match (m.runs, m.state) {
                (StateCode::Works, StateCode::Down) => "runs, without what it needs".into(),
                (StateCode::Down, _) if m.now != StateCode::Down => format!("now {}", word(m.now)),
                _ => String::new(),
            };
            let etcd = if m.etcd.is_empty() {
                String::new()
            } else {
                format!("names {}", m.etcd.join(", "))
            };
            let words: Vec<String> = [now, etcd].into_iter().filter(|w| !w.is_empty()).collect();
            vec![m.name.as_str().into(), state_cell(page, m.state), words.join("; ").into()]
        };
        let rows: Vec<Vec<Cell>> = shown.map(row).collect();
        if !rows.is_empty() {
            page.blank();
            page.table(&["MEMBER", "STATE", "NOTE"], &rows);
        }
    }

    fn capabilities_table(&self, page: &mut Page) {
        if self.members.is_empty() {
            return;
        }
        let row = |c: &CapabilityReport| {
            let mut text = c.text.clone();
            if let Some(h) = &c.hand_over {
                let lead = if h.is_certain { "the leader was" } else { "if the leader was" };
                text += &format!("; {lead} {}: after {}", h.among.join(" or "), exact(h.seconds));
            }
            vec![capability(c.code).into(), state_cell(page, c.state), text.into()]
        };
        let rows: Vec<Vec<Cell>> = self.capabilities.iter().map(row).collect();
        page.blank();
        page.table(&["CAPABILITY", "STATE", "HOW"], &rows);
    }

    fn cases_table(
        &self,
        page: &mut Page,
        options: &RenderOptions,
        wide: bool,
    ) -> Result<(), SortError> {
        let mut cases: Vec<&CaseReport> =
            self.cases.iter().filter(|c| !c.failed.is_empty()).collect();
        sort(&mut cases, options.sort_by.as_deref())?;
        if cases.is_empty() {
            return Ok(());
        }
        // Machines and balancers first; single parts where there is room.
        if options.sort_by.is_none() {
            cases.sort_by_key(|c| c.failed.iter().any(|f| f.contains(':')));
        }
        let shown = if wide { cases.len() } else { cases.len().min(LINES_MAX) };
        let row = |c: &&CaseReport| {
            let shared = c.shared_api.map_or(Cell::from("-"), |s| state_cell(page, s));
            vec![
                cell(page, c.state, &c.failed.join(" + ")),
                state_cell(page, c.api),
                shared,
                state_cell(page, c.etcd_writes),
                state_cell(page, c.scheduling),
                state_cell(page, c.controllers),
                c.why.as_deref().unwrap_or("").into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = cases[..shown].iter().map(row).collect();
        page.blank();
        page.table(&["FAILS", "API", "SHARED", "ETCD", "SCHEDULING", "CONTROLLERS", "WHY"], &rows);
        let hidden = (cases.len() - shown) as u64 + self.cases_left_out;
        if hidden > 0 {
            page.line(&format!("{} {hidden} more sets", page.glyphs.more), Tone::Dim);
        }
        Ok(())
    }

    fn meanwhile(&self, page: &mut Page, wide: bool) {
        let is_down =
            self.effects.iter().any(|e| e.state != StateCode::Works) && !self.members.is_empty();
        if is_down && (wide || self.cases.is_empty()) {
            page.blank();
            let row = |e: &EffectReport| vec![cell(page, e.state, &e.text)];
            let rows: Vec<Vec<Cell>> = self.effects.iter().map(row).collect();
            page.table(&["MEANWHILE"], &rows);
        }
        if let Some(lost) = &self.lost {
            page.blank();
            let text = format!("{} lost: {}", lost.nodes.join(", "), lost.text);
            page.wrapped(&text, Tone::Plain, 2);
        }
        for pod in &self.pods {
            page.wrapped(&format!("{} crashes: {}", pod.pod, pod.text), Tone::Plain, 2);
        }
    }

    fn findings_table(&self, page: &mut Page) {
        let row = |f: &PlaneFinding| {
            let (symbol, tone) = match f.severity {
                SeverityCode::Error => (page.glyphs.bad, Tone::Bad),
                SeverityCode::Warning => (page.glyphs.warn, Tone::Warn),
                SeverityCode::Open => (page.glyphs.open, Tone::Warn),
            };
            vec![
                Cell::new(format!("{symbol} {}", f.code), tone),
                format!("{}. Fix: {}", f.cause, f.fix).into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = self.findings.iter().map(row).collect();
        if !rows.is_empty() {
            page.blank();
            page.table(&["FINDING", "WHY"], &rows);
        }
    }

    fn plans_table(&self, page: &mut Page) {
        let row = |p: &PlanReport| {
            let missing = match p.missing.as_deref() {
                None => String::new(),
                Some([]) => "; all of it is here".into(),
                Some(missing) => format!("; missing here: {}", missing.join(", ")),
            };
            vec![
                layout(p.layout).into(),
                p.machines.to_string().into(),
                p.servers.to_string().into(),
                p.members.to_string().into(),
                p.balancers.to_string().into(),
                format!("{}{missing}", p.text).into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = self.plans.iter().map(row).collect();
        let Some(first) = self.plans.first() else { return };
        page.blank();
        page.line(&format!("To survive the loss of any {}:", first.survives), Tone::Head);
        page.table(&["LAYOUT", "MACHINES", "SERVERS", "ETCD", "BALANCERS", "NOTE"], &rows);
    }

    /// What holds for any control plane: majorities, leases, what helps. With failures, only what helps against them.
    fn rules(&self, page: &mut Page, wide: bool) {
        let all = wide || self.failed.is_empty();
        if all {
            self.quorum_table(page);
            self.leaders_line(page);
        }
        let row = |r: &RemedyReport| {
            let state = r.state.map_or(Cell::from("-"), |s| state_cell(page, s));
            let text = format!("{}. Mitigation: {}", r.issue, r.mitigation);
            vec![r.component.as_str().into(), state, text.into()]
        };
        let shown = self.remedies.iter().filter(|r| all || r.state == Some(StateCode::Down));
        let rows: Vec<Vec<Cell>> = shown.map(row).collect();
        if !rows.is_empty() {
            page.blank();
            page.table(&["COMPONENT", "STATE", "ISSUE, MITIGATION"], &rows);
        }
    }

    fn quorum_table(&self, page: &mut Page) {
        let row = |q: &QuorumRow| -> Vec<Cell> {
            let numbers = [q.members, q.quorum, q.tolerated].map(|n| n.to_string());
            let here = if q.here { "yes" } else { "" };
            numbers.into_iter().map(Cell::from).chain([here.into()]).collect()
        };
        let rows: Vec<Vec<Cell>> = self.quorum.iter().map(row).collect();
        page.blank();
        page.table(&["ETCD MEMBERS", "MAJORITY", "TOLERATES", "HERE"], &rows);
    }

    fn leaders_line(&self, page: &mut Page) {
        let l = &self.leader_election;
        let times = |goes| {
            let way = l.ways.iter().find(|w| w.goes == goes);
            way.map_or_else(String::new, |w| exact(w.seconds))
        };
        let seconds = |s: Seconds| Interval::exactly(s.ms()).to_string();
        let text = format!(
            "Leaders hold {}: lease {}, renew deadline {}, retry period {}. Another leads {} after a crash or when the leader is \
             cut off, {} after a clean release.",
            l.locks.join(" and "),
            seconds(l.lease_seconds),
            seconds(l.renew_deadline_seconds),
            seconds(l.retry_period_seconds),
            times(LeaderGoes::Crash),
            times(LeaderGoes::Release),
        );
        page.blank();
        page.wrapped(&text, Tone::Plain, 2);
    }

    fn verdict_line(&self, page: &mut Page) {
        let (symbol, tone, word) = match self.verdict {
            PlaneVerdict::Works => (page.glyphs.good, Tone::Good, "WORKS"),
            PlaneVerdict::Fragile => (page.glyphs.bad, Tone::Bad, "FRAGILE"),
            PlaneVerdict::Down => (page.glyphs.bad, Tone::Bad, "DOWN"),
            PlaneVerdict::Unknown => (page.glyphs.open, Tone::Warn, "UNKNOWN"),
            PlaneVerdict::Planned => (page.glyphs.good, Tone::Good, "PLANNED"),
        };
        page.wrapped(&format!("{symbol} {word}: {}.", self.why.text), tone, 2);
    }
}

/// A time to the millisecond, in words.
fn exact(span: Span) -> String {
    Interval::from(span).to_string()
}
