//! The referee's word alone.

use super::common::plural;
use super::reason::{Why, WhyCode};
use super::{API_VERSION, Context, Outcome};
use podfit::check::Violation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckVerdict {
    /// None.
    Legal,
    /// Some.
    Violations,
}

/// The answer to a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// `podfit/v1`.
    pub api_version: String,
    /// `CheckReport`.
    pub kind: String,
    /// Whether a rule is broken.
    pub verdict: CheckVerdict,
    /// Why.
    pub why: Why,
    /// Steps of the plan that were replayed; null where what runs now was judged.
    pub steps: Option<usize>,
    /// What is broken, in the order of the steps or of the pods.
    pub violations: Vec<ViolationReport>,
    /// What was supposed.
    pub assumptions: Vec<String>,
    /// What placement depends on and was not evaluated.
    pub not_evaluated: Vec<String>,
}

impl Outcome for CheckReport {
    fn is_good(&self, _accept_losses: bool) -> bool {
        self.verdict == CheckVerdict::Legal
    }
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ViolationReport {
    /// Stable code of the rule, as `resource`.
    pub code: String,
    /// The step of the plan, from 0.
    pub step: Option<usize>,
    /// Namespace of the pod.
    pub namespace: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The node.
    pub node: Option<String>,
    /// All of it in a sentence.
    pub text: String,
}

/// The report of what the referee found; `steps` is how many a plan had.
pub(crate) fn check(
    context: &Context<'_>,
    steps: Option<usize>,
    found: &[Violation],
) -> CheckReport {
    let cluster = context.cluster;
    let violations: Vec<ViolationReport> =
        found.iter().map(|v| violation(context, v, steps)).collect();
    let what = match steps {
        Some(n) => format!("a plan of {}", plural(n, "step")),
        None => {
            let pods = cluster.pods().iter().filter(|p| p.node.is_some()).count();
            plural(pods, "running pod")
        }
    };
    CheckReport {
        api_version: API_VERSION.into(),
        kind: "CheckReport".into(),
        verdict: if found.is_empty() { CheckVerdict::Legal } else { CheckVerdict::Violations },
        why: Why::new(
            WhyCode::Counted,
            match found.len() {
                0 => format!("{what}, no rule broken"),
                n => format!("{what}, {}", plural(n, "violation")),
            },
        ),
        steps,
        violations,
        assumptions: context.assumptions.to_vec(),
        not_evaluated: context.not_evaluated.to_vec(),
    }
}

fn violation(context: &Context<'_>, v: &Violation, steps: Option<usize>) -> ViolationReport {
    let cluster = context.cluster;
    let pod = v.pod.filter(|p| p.index() < cluster.pods().len());
    let node = v.node.filter(|n| n.index() < cluster.nodes().len());
    let text = v.display(cluster).to_string();
    // What runs now is judged pod by pod, each as a plan of one step: the number would say nothing.
    let text = match steps {
        Some(_) => text,
        None => text.strip_prefix("step 1: ").map_or(text.clone(), Into::into),
    };
    ViolationReport {
        code: v.kind.code().into(),
        step: v.step.filter(|_| steps.is_some()),
        namespace: pod.map(|p| cluster.str(cluster.shape_of(p).namespace).into()),
        name: pod.map(|p| cluster.str(cluster.pod(p).name).into()),
        node: node.map(|n| cluster.node_name(n).into()),
        text,
    }
}
