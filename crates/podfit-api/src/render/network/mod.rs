//! Addresses, services, ways and routes as tables.

mod items;

use super::list::{SortError, csv, sort};
use super::page::{Cell, Page, Tone};
use super::what_if::notes;
use super::{Format, Render, RenderOptions};
use crate::report::{
    AddressChangeReport, AddressFateCode, AddressPlanReport, AssignedAddress, EgressReport,
    EndpointReport, HopCode, NetworkConflict, NetworkLossReport, NetworkReport, NetworkVerdict,
    OpenCode, OutageCode, PoolReport, ReachReport, RouteKindCode, RouteReport, RoutesReport,
    ServiceLossReport, ServiceReport, ViaCode, WayReport,
};

use items::{kind, or_dash, ports};

/// Lines of a list in a table before the rest is counted.
const LINES_MAX: usize = 60;

impl Render for NetworkReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let by = options.sort_by.as_deref();
        if let Some(plan) = &self.plan {
            plan.text(page, wide, by)?;
        }
        if let Some(routes) = &self.routes {
            routes.text(page, wide, by)?;
        }
        if let Some(reach) = &self.reach {
            reach.text(page, wide, by)?;
        }
        self.conflicts(page);
        for note in &self.notes {
            let text = format!("{} {} [{}]", page.glyphs.warn, note.text, note.page);
            page.wrapped(&text, Tone::Warn, 2);
        }
        page.blank();
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone, word) = match self.verdict {
            NetworkVerdict::Good => (page.glyphs.good, Tone::Good, "GOOD"),
            NetworkVerdict::Conflicts => (page.glyphs.bad, Tone::Bad, "CONFLICTS"),
            NetworkVerdict::Unreachable => (page.glyphs.bad, Tone::Bad, "UNREACHABLE"),
            NetworkVerdict::NoEndpoint => (page.glyphs.bad, Tone::Bad, "NO ENDPOINT"),
            NetworkVerdict::NotKnown => (page.glyphs.open, Tone::Warn, "NOT KNOWN"),
        };
        page.put(&format!("{symbol} {word}"), tone);
        page.line(&format!(": {}.", self.why.text), Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        if let Some(reach) = &self.reach {
            return csv(reach.services.iter().collect(), sort_by);
        }
        if !self.conflicts.is_empty() {
            return csv(self.conflicts.iter().collect(), sort_by);
        }
        match (&self.plan, &self.routes) {
            (Some(plan), _) => csv(plan.assigned.iter().collect(), sort_by),
            (_, Some(routes)) => csv(routes.routes.iter().collect(), sort_by),
            _ => csv::<AssignedAddress>(Vec::new(), sort_by),
        }
    }
}

impl NetworkReport {
    fn conflicts(&self, page: &mut Page) {
        let row = |c: &NetworkConflict| {
            vec![
                Cell::new(format!("{} {}", page.glyphs.bad, c.code), Tone::Bad),
                c.field.as_str().into(),
                format!("{}. Fix: {}", c.cause, c.fix).into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = self.conflicts.iter().map(row).collect();
        if !rows.is_empty() {
            page.table(&["CONFLICT", "WHERE", "WHY"], &rows);
        }
    }
}

impl AddressPlanReport {
    fn text(&self, page: &mut Page, wide: bool, by: Option<&str>) -> Result<(), SortError> {
        let mut assigned: Vec<&AssignedAddress> = self.assigned.iter().collect();
        sort(&mut assigned, by)?;
        let shown = if wide { assigned.len() } else { assigned.len().min(LINES_MAX) };
        let row = |a: &&AssignedAddress| -> Vec<Cell> {
            let how = if a.given { "given" } else { "first free" };
            vec![a.address.as_str().into(), format!("{} {}", a.kind, a.name).into(), how.into()]
        };
        let rows: Vec<Vec<Cell>> = assigned[..shown].iter().map(row).collect();
        if !rows.is_empty() {
            page.table(&["ADDRESS", "FOR", "HOW"], &rows);
        }
        if shown < assigned.len() {
            let text = format!("{} {} more (-o wide)", page.glyphs.more, assigned.len() - shown);
            page.line(&text, Tone::Dim);
        }
        page.blank();
        let rows: Vec<Vec<Cell>> = self.pools.iter().map(|p| pool(p, wide)).collect();
        if !rows.is_empty() {
            let head: &[&str] = match wide {
                true => &[
                    "RANGE OF",
                    "FROM-TO",
                    "BY",
                    "SIZE",
                    "UNUSABLE",
                    "NEEDED",
                    "ADVISED",
                    "MORE",
                    "LEFT",
                    "LEAST SIZE",
                ],
                false => &["RANGE OF", "FROM-TO", "BY", "USABLE", "NEEDED", "LEFT", "LEAST SIZE"],
            };
            page.table(head, &rows);
            page.blank();
        }
        Ok(())
    }
}

/// A range; with `wide`, every number of it.
fn pool(p: &PoolReport, wide: bool) -> Vec<Cell> {
    let left = match p.free {
        0.. => p.free.to_string().into(),
        _ => Cell::new(format!("{} short", -p.free), Tone::Bad),
    };
    let end = p.required_last.as_deref().unwrap_or("-");
    let mut cells: Vec<Cell> = vec![
        p.kind.as_str().into(),
        p.ranges.join(", ").into(),
        p.assigned_by.as_deref().unwrap_or("-").into(),
    ];
    let numbers: &[i64] = match wide {
        true => &[p.addresses, p.unusable, p.needed, p.advised, p.more],
        false => &[p.addresses - p.unusable, p.needed],
    };
    cells.extend(numbers.iter().map(|n| Cell::from(n.to_string())));
    cells.push(left);
    cells.push(format!("{} (to {end})", p.required).into());
    cells
}

impl RoutesReport {
    /// Custom routes; with `wide` or a destination all that matter.
    fn text(&self, page: &mut Page, wide: bool, by: Option<&str>) -> Result<(), SortError> {
        let shows = |i: usize, r: &RouteReport| match &self.to {
            Some(_) => self.matching.contains(&i),
            None => wide || r.kind == RouteKindCode::Custom,
        };
        let mut routes: Vec<(usize, &RouteReport)> =
            self.routes.iter().enumerate().filter(|(i, r)| shows(*i, r)).collect();
        match by {
            None if self.to.is_some() => {
                let place = |i: usize| self.matching.iter().position(|&m| m == i);
                routes.sort_by_key(|(i, _)| place(*i));
            }
            _ => {
                let mut sorted: Vec<&RouteReport> = routes.iter().map(|(_, r)| *r).collect();
                sort(&mut sorted, by)?;
                let place = |r: &RouteReport| sorted.iter().position(|s| std::ptr::eq(*s, r));
                routes.sort_by_key(|(_, r)| place(r));
            }
        }
        let row = |(i, r): &(usize, &RouteReport)| -> Vec<Cell> {
            let taken = self.taken.contains(i);
            let mark = if taken { page.glyphs.arrow } else { "" };
            let tone = if taken { Tone::Good } else { Tone::Plain };
            let metric = r.metric.map_or("not known".into(), |m| m.to_string());
            let switch = r.switch.as_deref().map_or("-".into(), |s| format!("{s} switch"));
            vec![
                Cell::new(format!("{mark}{}", r.destination), tone),
                r.next_hop.as_deref().unwrap_or("direct").into(),
                r.interface.as_str().into(),
                metric.into(),
                kind(r).into(),
                switch.into(),
            ]
        };
        let rows: Vec<Vec<Cell>> = routes.iter().map(row).collect();
        if !rows.is_empty() {
            let head = ["DESTINATION", "NEXT HOP", "INTERFACE", "METRIC", "KIND", "BY"];
            page.table(&head, &rows);
        }
        page.wrapped(&format!("Routes of {}.", self.nodes.join(", ")), Tone::Dim, 2);
        for command in routes.iter().filter_map(|(_, r)| r.device_command.as_deref()) {
            if wide {
                page.wrapped(command, Tone::Dim, 2);
            }
        }
        page.blank();
        Ok(())
    }
}

impl ReachReport {
    fn text(&self, page: &mut Page, wide: bool, by: Option<&str>) -> Result<(), SortError> {
        let mut services: Vec<&ServiceReport> = self.services.iter().collect();
        sort(&mut services, by)?;
        let shown = if wide { services.len() } else { services.len().min(LINES_MAX) };
        let rows: Vec<Vec<Cell>> = services[..shown].iter().map(|s| service(s)).collect();
        if !rows.is_empty() {
            let head = [
                "SERVICE",
                "TYPE",
                "NAME IN THE CLUSTER",
                "CLUSTER IP",
                "OUTSIDE",
                "PORTS",
                "READY",
            ];
            page.table(&head, &rows);
        }
        if shown < services.len() {
            let text = format!("{} {} more (-o wide)", page.glyphs.more, services.len() - shown);
            page.line(&text, Tone::Dim);
        }
        let rows: Vec<Vec<Cell>> = self.paths.iter().map(path).collect();
        if !rows.is_empty() {
            page.table(&["VIA", "NAME", "ADDRESS", "PORT", "TO PORT", "WAY"], &rows);
        }
        self.endpoints(page, wide);
        for egress in &self.egress {
            egress.text(page);
        }
        page.blank();
        if let Some(loss) = &self.loss {
            loss.text(page, wide);
        }
        Ok(())
    }
}

impl ReachReport {
    fn endpoints(&self, page: &mut Page, wide: bool) {
        if self.endpoints.is_empty() {
            return;
        }
        let shown = if wide { self.endpoints.len() } else { self.endpoints.len().min(LINES_MAX) };
        let row = |e: &EndpointReport| -> Vec<Cell> {
            let (ready, tone) =
                if e.ready { ("ready", Tone::Good) } else { ("not ready", Tone::Bad) };
            vec![
                e.pod.as_deref().unwrap_or("-").into(),
                e.node.as_deref().unwrap_or("-").into(),
                or_dash(&e.addresses).into(),
                Cell::new(ready, tone),
            ]
        };
        let rows: Vec<Vec<Cell>> = self.endpoints[..shown].iter().map(row).collect();
        page.blank();
        page.table(&["ENDPOINT", "NODE", "ADDRESS", "STATE"], &rows);
        let ready = self.endpoints.iter().filter(|e| e.ready).count();
        // A name that stands for the pods has no proxy between.
        let spreads =
            self.paths.iter().any(|p| p.via != ViaCode::Headless && p.open == OpenCode::Yes);
        if spreads && ready > 0 {
            let text =
                format!("kube-proxy on every node spreads the traffic over {ready} of them.");
            page.wrapped(&text, Tone::Plain, 2);
        }
    }
}

fn service(s: &ServiceReport) -> Vec<Cell> {
    let ready = match s.endpoints_by.as_str() {
        "none" => Cell::new("-", Tone::Plain),
        "not-known" => Cell::new("not known", Tone::Warn),
        _ if s.ready == 0 => Cell::new(format!("0/{}", s.endpoints), Tone::Bad),
        _ => format!("{}/{}", s.ready, s.endpoints).into(),
    };
    let name = match &s.external_name {
        Some(other) => format!("{} is {other}", s.dns_name),
        None => s.dns_name.clone(),
    };
    let inner = match s.kind.as_str() {
        "Headless" => "none".into(),
        _ => or_dash(&s.cluster_ips),
    };
    vec![
        format!("{}/{}", s.namespace, s.name).into(),
        s.kind.as_str().into(),
        name.into(),
        inner.into(),
        or_dash(&s.outer_addresses).into(),
        ports(s).into(),
        ready,
    ]
}

fn path(p: &WayReport) -> Vec<Cell> {
    let tone = match p.open {
        OpenCode::Yes => Tone::Good,
        OpenCode::NotKnown => Tone::Warn,
        _ => Tone::Bad,
    };
    let port = match (p.port, &p.protocol) {
        (Some(port), Some(protocol)) => format!("{port}/{protocol}"),
        _ => "any".into(),
    };
    vec![
        p.via.words().into(),
        p.name.as_deref().unwrap_or("-").into(),
        or_dash(&p.addresses).into(),
        port.into(),
        p.target.as_deref().unwrap_or("-").into(),
        Cell::new(p.open.words(), tone),
    ]
}

impl EgressReport {
    fn text(&self, page: &mut Page) {
        let hop = |h: &crate::report::HopReport| match h.at {
            HopCode::ServiceProxy => format!("kube-proxy on {}", h.name),
            HopCode::PodNetwork => format!("pod network of {}", h.name),
            HopCode::ExternalSwitch => "external switch".into(),
            HopCode::InternalSwitch => "internal switch (NAT)".into(),
            HopCode::NextHop => format!("next hop {}", h.name),
            _ => h.name.clone(),
        };
        let arrow = format!(" {} ", page.glyphs.arrow);
        let hops: Vec<String> = self.hops.iter().map(hop).collect();
        page.wrapped(&hops.join(&arrow), Tone::Plain, 2);
        if !self.open.is_empty() {
            page.wrapped(&format!("One of: {}", self.open.join("; ")), Tone::Warn, 2);
        }
        let seen = match self.seen_as.is_empty() {
            true => format!("Seen as: not known ({})", self.seen_because),
            false => format!("Seen as {} ({})", self.seen_as.join(" or "), self.seen_because),
        };
        page.wrapped(&seen, Tone::Dim, 2);
    }
}

impl NetworkLossReport {
    fn text(&self, page: &mut Page, wide: bool) {
        let row = |s: &ServiceLossReport| -> Vec<Cell> {
            let tone = match s.outage {
                OutageCode::None => Tone::Good,
                OutageCode::Until | OutageCode::Lasting => Tone::Bad,
                _ => Tone::Warn,
            };
            let without = match s.outage {
                OutageCode::None => "-".into(),
                OutageCode::Until => s.outage_seconds.map(|t| t.words()).unwrap_or_default(),
                OutageCode::Lasting => "lasting".into(),
                OutageCode::HadNone => "had none before".into(),
                OutageCode::NotKnown => "not known".into(),
            };
            vec![
                format!("{}/{}", s.namespace, s.name).into(),
                s.before.to_string().into(),
                s.left.to_string().into(),
                s.back.to_string().into(),
                Cell::new(without, tone),
            ]
        };
        let rows: Vec<Vec<Cell>> = self.services.iter().map(row).collect();
        if !rows.is_empty() {
            let head = ["SERVICE", "READY BEFORE", "LEFT", "COME BACK", "WITHOUT ENDPOINT FOR"];
            page.table(&head, &rows);
            page.blank();
        }
        for (service, term) in
            self.services.iter().flat_map(|s| s.terms.iter().map(move |t| (s, t)))
        {
            if wide {
                let name = format!("{}/{}", service.namespace, service.name);
                let text =
                    format!("{name}: {}, {} ({})", term.text, term.seconds.words(), term.source);
                page.wrapped(&text, Tone::Dim, 2);
            }
        }
        let shown = if wide { self.addresses.len() } else { self.addresses.len().min(LINES_MAX) };
        let rows: Vec<Vec<Cell>> = self.addresses[..shown].iter().map(address).collect();
        if !rows.is_empty() {
            page.table(&["ADDRESS", "OF", "BECOMES", "WHERE"], &rows);
        }
        if shown < self.addresses.len() {
            let text =
                format!("{} {} more (-o wide)", page.glyphs.more, self.addresses.len() - shown);
            page.line(&text, Tone::Dim);
        }
        let text = format!(
            "Endpoints on lost nodes still get traffic for {}.",
            self.stale_seconds.words()
        );
        page.wrapped(&text, Tone::Plain, 2);
    }
}

fn address(change: &AddressChangeReport) -> Vec<Cell> {
    let becomes = match change.fate {
        AddressFateCode::Moves => "moves with its machine",
        AddressFateCode::Gone => "gone",
        AddressFateCode::Replaced => "another one",
        AddressFateCode::Stays => "stays",
    };
    let at = match (&change.from, &change.to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        _ => "-".into(),
    };
    let known = match change.addresses.is_empty() {
        true => "not known".into(),
        false => change.addresses.join(", "),
    };
    vec![known.into(), format!("{} {}", change.kind, change.name).into(), becomes.into(), at.into()]
}
