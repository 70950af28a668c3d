//! Many scenarios of one snapshot: what is different, what is lost, and a row for each.
//!
//! In: a [`Snapshot`] and [`Scenario`]s. Out: [`Row`]s as they are done, each the same bytes whatever the threads: a
//! scenario has its own seed and nothing is shared but the snapshot. A fault of a scenario is in its row.

use super::what_if::question;
use super::{AnswerError, AnswerOptions, Asked, Fault};
use crate::edit::Edit;
use crate::names::{self, RequestError};
use crate::report::{
    self, AuditCase, CaseCounts, Certificate, PlacePodVerdict, Report, Scope, StageCode, StopCode,
    Why, WhyCode,
};
use crate::request::{PlaceRequest, Request, WhatIfRequest};
use crate::select::Selection;
use crate::snapshot::Snapshot;
use crate::vocabulary::Mode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One scenario: edits, then a loss; without a loss, where the pending pods go.
///
/// ```
/// use podfit_api::Scenario;
/// let scenario: Scenario = serde_json::from_str(r#"{"fail": ["a"],
///   "edits": [{"op": "scale-requests", "percent": 120}]}"#).unwrap();
/// assert_eq!(scenario.edits.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Scenario {
    /// The caller's name for it.
    pub id: String,
    /// What is different, in order.
    pub edits: Vec<Edit>,
    /// What is lost, as in a what-if; empty: nothing, and pending pods are placed.
    pub fail: Vec<String>,
    /// How.
    pub mode: Mode,
    /// How many pods on surviving nodes may be moved to make room.
    pub moves: u64,
    /// Seeds of the default scheduler's simulation; null: 200, fewer where pods times nodes are many; 0: none.
    pub predict: Option<u32>,
    /// Breaks ties among equally good orders.
    pub seed: u64,
}

/// The answer to a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Position of the scenario.
    pub index: usize,
    /// The caller's name for it.
    pub id: String,
    /// The verdict, as in the report of a what-if or a place; null where there are errors.
    pub verdict: Option<String>,
    /// Whether that is the good answer and no pod was pending before the loss. See [`Report::is_good`].
    pub good: bool,
    /// Why.
    pub why: Why,
    /// What it rests on.
    pub certificate: Option<Certificate>,
    /// What may be moved.
    pub scope: Option<Scope>,
    /// How often the default scheduler places everything: `certain`, or seeds as `200/200`.
    pub predicted: String,
    /// Whether something was cut short, and by what.
    pub stop: StopCode,
    /// Which stage was, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_stage: Option<StageCode>,
    /// Pods by verdict; `moves` are those that get a place.
    pub counts: CaseCounts,
    /// Pods that were pending before the loss: they are no part of a what-if.
    pub pending_before: usize,
    /// Pods that find no place, as `namespace/name`.
    pub pending: Vec<String>,
    /// What is wrong with the scenario.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<RequestError>,
}

impl Row {
    fn failed(index: usize, scenario: &Scenario, error: AnswerError) -> Self {
        let errors = match error {
            AnswerError::Request(errors) => errors,
            AnswerError::Internal { message, .. } => vec![RequestError {
                code: "internal",
                place: String::new(),
                cause: message,
                fix: "ask the same question alone: that saves a report of the bug".into(),
            }],
        };
        Self {
            index,
            id: scenario.id.clone(),
            verdict: None,
            good: false,
            why: Why {
                code: WhyCode::Faulty,
                text: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            },
            certificate: None,
            scope: None,
            predicted: String::new(),
            stop: StopCode::Done,
            cut_stage: None,
            counts: CaseCounts::default(),
            pending_before: 0,
            pending: Vec::new(),
            errors,
        }
    }
}

impl Snapshot {
    /// The row of one scenario. Limits, cancel and solver are those of `options`; the seed is the scenario's.
    pub fn scenario(&self, index: usize, scenario: &Scenario, options: &AnswerOptions) -> Row {
        let options = AnswerOptions { seed: scenario.seed, progress: None, ..options.clone() };
        let edited;
        let snapshot = match scenario.edits.as_slice() {
            [] => self,
            edits => match self.edited(edits) {
                Ok(made) => {
                    edited = made;
                    &edited
                }
                Err(errors) => {
                    return Row::failed(index, scenario, AnswerError::Request(errors));
                }
            },
        };
        let asked = Asked::new(snapshot, &options);
        if scenario.fail.is_empty() {
            let ask = PlaceRequest { fewest_nodes: false, predict: scenario.predict };
            return placed(&asked, index, scenario).unwrap_or_else(|fault| {
                Row::failed(index, scenario, AnswerError::of(&Request::Place(ask), fault))
            });
        }
        let ask = WhatIfRequest {
            fail: scenario.fail.clone(),
            mode: scenario.mode,
            moves: scenario.moves,
            predict: scenario.predict,
            ..WhatIfRequest::default()
        };
        lost(&asked, index, scenario, &ask).unwrap_or_else(|fault| {
            Row::failed(index, scenario, AnswerError::of(&Request::WhatIf(ask), fault))
        })
    }
}

/// The row of a loss.
fn lost(
    asked: &Asked<'_>,
    index: usize,
    scenario: &Scenario,
    ask: &WhatIfRequest,
) -> Result<Row, Fault> {
    let snapshot = asked.snapshot;
    let cluster = snapshot.cluster();
    let failed = names::lost_some(cluster, snapshot.device(), &ask.fail)?;
    let options = asked.with_seeds(ask.predict);
    let answer = snapshot.planner().what_if(&question(ask, &failed), &options)?;
    let case = report::case(&asked.context(), &failed, &answer, asked.cut());
    let pending_before = snapshot.planner().pending().len();
    let AuditCase { verdict, why, certificate, scope, predicted, counts, .. } = &case;
    Ok(Row {
        index,
        id: scenario.id.clone(),
        verdict: Some(verdict.words().replace(' ', "-")),
        good: pending_before == 0 && case.is_good(scenario.predict != Some(0)),
        why: why.clone(),
        certificate: *certificate,
        scope: Some(*scope),
        predicted: predicted.clone(),
        stop: StopCode::of(asked.cut()),
        cut_stage: StageCode::of(asked.cut()),
        counts: *counts,
        pending_before,
        pending: answer.plan.unplaced.iter().map(|&p| cluster.pod_name(p)).collect(),
        errors: Vec::new(),
    })
}

/// The row of a scenario without a loss.
fn placed(asked: &Asked<'_>, index: usize, scenario: &Scenario) -> Result<Row, Fault> {
    let options = asked.with_seeds(scenario.predict);
    let placed = asked.snapshot.planner().place(false, &options)?;
    let absent = asked.snapshot.planner().taken_as_absent_in(&placed);
    let report = report::place(&asked.context(), false, &placed, &absent, &Selection::default());
    let count = |v| report.pods.iter().filter(|p| p.verdict == v).count();
    let pending = report.pods.iter().filter(|p| p.verdict == PlacePodVerdict::Pending);
    Ok(Row {
        index,
        id: scenario.id.clone(),
        verdict: Some(report.verdict.words().replace(' ', "-")),
        good: Report::Place(report.clone()).is_good(false),
        why: report.why.clone(),
        certificate: report.certificate,
        scope: Some(report.scope),
        predicted: report::brief(placed.prediction.as_ref().map(|p| &p.share)),
        stop: StopCode::of(asked.cut()),
        cut_stage: StageCode::of(asked.cut()),
        counts: CaseCounts {
            moves: count(PlacePodVerdict::Placed),
            pending: count(PlacePodVerdict::Pending),
            not_evaluated: count(PlacePodVerdict::NotEvaluated),
            ..CaseCounts::default()
        },
        pending_before: report.pods.len(),
        pending: pending.map(|p| format!("{}/{}", p.namespace, p.name)).collect(),
        errors: Vec::new(),
    })
}

/// Answers every scenario on all threads (or so many as `options` says), and passes each row on when it is done. After a
/// cancel the rest is answered too, by what is known at once.
pub fn sweep(
    snapshot: &Snapshot,
    scenarios: &[Scenario],
    options: &AnswerOptions,
    on_row: impl Fn(Row) + Send + Sync,
) {
    // One scenario a thread; what is inside stays on it.
    let work =
        |(index, scenario): (usize, &Scenario)| on_row(snapshot.scenario(index, scenario, options));
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        options.in_pool(|| scenarios.par_iter().enumerate().for_each(work));
    }
    #[cfg(not(feature = "rayon"))]
    scenarios.iter().enumerate().for_each(work);
}
