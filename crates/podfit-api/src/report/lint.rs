//! The answer to "what is less available than it looks?".

use super::common::plural;
use super::reason::{Why, WhyCode};
use super::{API_VERSION, Context, Outcome};
use crate::vocabulary::Mode;
use podfit::lint::{self, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The worst that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LintVerdict {
    /// Nothing.
    Clean,
    /// Warnings.
    Warnings,
    /// The loss of one node takes something down for sure.
    Errors,
}

/// The answer to a lint request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LintsReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `LintsReport`.
    pub kind: String,
    /// The worst that was found.
    pub verdict: LintVerdict,
    /// Why.
    pub why: Why,
    /// How nodes would be lost.
    pub mode: Mode,
    /// What was found, errors first.
    pub lints: Vec<Finding>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

impl Outcome for LintsReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        self.verdict != LintVerdict::Errors
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// `error` or `warning`.
    pub severity: LintSeverity,
    /// Stable code, as `single-replica`.
    pub code: String,
    /// What it is about, as `ReplicaSet default/web`.
    pub subject: String,
    /// Why, with the numbers.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// The pods it holds for, as `namespace/name`.
    pub pods: Vec<String>,
    /// The nodes that matter.
    pub nodes: Vec<String>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LintSeverity {
    /// The loss of one node takes it down for sure, and it does not come back by itself.
    Error,
    /// It is less available than it looks.
    Warning,
}

pub(crate) fn lints(context: &Context<'_>, mode: Mode, lints: &[lint::Lint]) -> LintsReport {
    let cluster = context.cluster;
    let finding = |l: &lint::Lint| Finding {
        severity: match l.severity {
            Severity::Error => LintSeverity::Error,
            Severity::Warning => LintSeverity::Warning,
        },
        code: l.code().into(),
        subject: l.subject(cluster),
        cause: l.cause(cluster),
        fix: l.fix(cluster),
        pods: l.pods.iter().map(|&p| cluster.pod_name(p)).collect(),
        nodes: l.nodes.iter().map(|&n| cluster.node_name(n).into()).collect(),
    };
    let errors = lints.iter().filter(|l| l.severity == Severity::Error).count();
    let warnings = lints.len() - errors;
    let (verdict, why) = match (errors, warnings) {
        (0, 0) => (LintVerdict::Clean, "nothing found".into()),
        (0, w) => (LintVerdict::Warnings, plural(w, "warning")),
        (e, 0) => (LintVerdict::Errors, plural(e, "error")),
        (e, w) => {
            (LintVerdict::Errors, format!("{} and {}", plural(e, "error"), plural(w, "warning")))
        }
    };
    LintsReport {
        api_version: API_VERSION.into(),
        kind: "LintsReport".into(),
        verdict,
        why: Why::new(WhyCode::Counted, why),
        mode,
        lints: lints.iter().map(finding).collect(),
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}
