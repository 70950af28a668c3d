//! The table of a sequence: a line a step, the pods without a good end, one line of verdict.

use super::list::{Item, Key, SortError, csv, sort};
use super::page::{Cell, Page, Tone, sentence_case};
use super::what_if::{assumed, notes, touched, troubles, verdict_symbol};
use super::{Format, Render, RenderOptions};
use crate::report::{
    AcceptedCode, DeploymentsReport, FateCode, PodReport, PodVerdict, SequenceReport,
    SequenceState, Verdict, cut_words,
};
use crate::time::Seconds;

/// Steps in a table before the rest is counted.
const STEPS_MAX: usize = 60;

impl Item for SequenceState {
    const COLUMNS: &'static [&'static str] = &[
        "step",
        "nodes",
        "verdict",
        "seconds",
        "deployments",
        "offline",
        "moves",
        "placed",
        "pending",
        "waiting",
        "lost",
        "stuck",
        "why",
    ];

    fn key(&self, column: &str) -> Key {
        let c = &self.counts;
        match column {
            "step" => self.words().as_str().into(),
            "nodes" => self.nodes.join("+").as_str().into(),
            "verdict" => (-i64::from(self.verdict.rank())).into(),
            "seconds" => (self.seconds.max.unwrap_or(self.seconds.min).ms() / 1000).into(),
            "deployments" => accepted(&self.deployments).as_str().into(),
            "offline" => self.offline_pods.into(),
            "moves" => c.moves.into(),
            "placed" => c.placed.into(),
            "pending" => c.pending.into(),
            "waiting" => c.waiting.into(),
            "lost" => c.lost.into(),
            "stuck" => c.stuck.into(),
            _ => self.why.text.as_str().into(),
        }
    }

    fn cell(&self, column: &str) -> Key {
        match column {
            "verdict" => self.verdict.words().replace(' ', "-").as_str().into(),
            "seconds" => self.seconds.words().as_str().into(),
            _ => self.key(column),
        }
    }
}

impl Render for SequenceReport {
    fn text(&self, page: &mut Page, options: &RenderOptions) -> Result<(), SortError> {
        let wide = options.format == Format::Wide;
        let mut states: Vec<&SequenceState> = self.states.iter().collect();
        sort(&mut states, options.sort_by.as_deref())?;
        page.line("Sequence: one thing after the other, each from the state before", Tone::Head);
        page.blank();
        let shown = if wide { states.len() } else { states.len().min(STEPS_MAX) };
        let numbered = |state: &&SequenceState| {
            1 + self.states.iter().position(|s| std::ptr::eq(s, *state)).unwrap_or_default()
        };
        let rows: Vec<Vec<Cell>> =
            states[..shown].iter().map(|s| row(page, numbered(s), s)).collect();
        page.table(&["", "STEP", "VERDICT", "PODS", "WHY"], &rows);
        if shown < states.len() {
            let text =
                format!("{} {} more steps (-o wide)", page.glyphs.more, states.len() - shown);
            page.line(&text, Tone::Dim);
        }
        for state in states.iter().filter(|s| wide || self.is_worst(s)) {
            let is_bad = |p: &&PodReport| {
                use PodVerdict as V;
                matches!(p.verdict, V::Pending | V::NotEvaluated | V::Stuck | V::Lost | V::Waiting)
            };
            let bad: Vec<&PodReport> = state.pods.iter().filter(is_bad).collect();
            if !bad.is_empty() {
                page.blank();
                let text = format!("Step {}: {}", numbered(state), state.words());
                page.line(&text, Tone::Head);
                troubles(page, &bad, wide);
            }
        }
        page.blank();
        let lasts = format!("In all {}.", self.total_seconds.words());
        page.wrapped(&lasts, Tone::Plain, 2);
        for note in &self.notes {
            page.wrapped(&format!("{} [{}]", sentence_case(&note.text), note.page), Tone::Dim, 2);
        }
        notes(page, &self.assumptions, &self.not_evaluated, wide);
        page.blank();
        let (symbol, tone) = verdict_symbol(page, self.verdict);
        page.put(&format!("{symbol} {}", self.verdict.words().to_uppercase()), tone);
        let cut = cut_words(self.stop, None).map(|cut| format!(" {cut}"));
        let rest =
            format!(": {}.{}{}", self.why.text, cut.unwrap_or_default(), assumed(&self.assumed));
        page.line(&rest, Tone::Plain);
        Ok(())
    }

    fn csv(&self, sort_by: Option<&str>) -> Result<String, SortError> {
        csv(self.states.iter().collect(), sort_by)
    }
}

impl SequenceReport {
    /// Whether it is the first of the worst, and not good.
    fn is_worst(&self, state: &SequenceState) -> bool {
        let worst = self.worst.and_then(|i| self.states.get(i));
        state.verdict != Verdict::Survives && worst.is_some_and(|w| std::ptr::eq(w, state))
    }
}

fn row(page: &Page, number: usize, state: &SequenceState) -> Vec<Cell> {
    let (symbol, tone) = verdict_symbol(page, state.verdict);
    let cut = cut_words(state.stop, state.cut_stage).map(|cut| format!(". {cut}"));
    vec![
        number.to_string().into(),
        state.words().into(),
        Cell::new(format!("{symbol} {}", state.verdict.words()), tone),
        pods(state).join(page.glyphs.dot).into(),
        format!("{}{}{}{}", state.why.text, master(state), time(state), cut.unwrap_or_default())
            .into(),
    ]
}

/// What becomes of pods, and how many wait on nodes that are silent and back in time.
fn pods(state: &SequenceState) -> Vec<String> {
    let put = |p: &&PodReport| p.fate == Some(FateCode::StaysPut);
    let put = state.pods.iter().filter(put).count();
    let may = state.may_be_evicted.len();
    let mut words = touched(&state.counts);
    words.extend((put > 0).then(|| format!("{put} stay{} put", if put == 1 { "s" } else { "" })));
    words.extend((may > 0).then(|| format!("{may} of them may stay")));
    words
}

/// How long it lasts, and where deployments are not accepted at once, when they are.
fn time(state: &SequenceState) -> String {
    let zero = state.seconds.max == Some(Seconds::default());
    let lasts = match zero {
        true => String::new(),
        false => format!("; lasts {}", state.seconds.words()),
    };
    match state.deployments.accepted {
        AcceptedCode::Yes => lasts,
        _ => format!("{lasts}; deployments {}", accepted(&state.deployments)),
    }
}

/// Whether what is deployed is accepted: `yes`, `after 2 min to 5 min`, `no`, `not known`.
fn accepted(deployments: &DeploymentsReport) -> String {
    match deployments.accepted {
        AcceptedCode::Yes => "yes".into(),
        AcceptedCode::Later => match deployments.after_seconds {
            Some(after) => format!("after {}", after.words()),
            None => "later".into(),
        },
        AcceptedCode::No => "no".into(),
        AcceptedCode::NotKnown => "not known".into(),
    }
}

/// Where the master machine of an edge device restarts, if it does.
fn master(state: &SequenceState) -> String {
    let host = state.host.as_ref().filter(|h| h.master_restarts && !h.master_cannot_start());
    let on = host.and_then(|h| h.fit.as_ref()).map(|fit| fit.host.as_str());
    on.map_or(String::new(), |on| format!("; the master machine restarts on host {on}"))
}
