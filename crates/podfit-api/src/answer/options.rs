//! How to answer, and why there may be no answer.

use super::Fault;
use crate::names::RequestError;
use crate::request::Request;
use crate::select::Selection;
use crate::vocabulary::Solver;
use podfit::planner::Options;
use podfit::solve::{self, Backend, CancelToken, Control, Method, Outside, Progress};
use std::sync::Arc;
use std::time::Duration;

/// How to answer.
#[derive(Clone, Default)]
pub struct AnswerOptions {
    /// Which solvers.
    pub solver: Solver,
    /// Time for one question (each case of an audit is one, each step of a sequence, and each scenario of a sweep), with everything that is looked
    /// for: the best of what was found by then is the answer, which says what was cut short. `None` is no limit.
    pub time_limit: Option<Duration>,
    /// Breaks ties among equally good orders of the greedy solver.
    pub seed: u64,
    /// Threads of an audit; `None` is one for each processor.
    pub threads: Option<usize>,
    /// Solves integer programs instead of the linked solver.
    pub outside: Option<Outside>,
    /// No search for what would help: no cause with its fixes, no hint. The verdict comes sooner, above all of a
    /// what-if where much finds no place.
    pub verdict_only: bool,
    /// Stops the search; the best found is the answer.
    pub cancel: CancelToken,
    /// Called with what goes on, from whatever thread works.
    pub progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
    /// Pods to list; everything is computed for all.
    pub list: Selection,
}

impl std::fmt::Debug for AnswerOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerOptions")
            .field("solver", &self.solver)
            .field("time_limit", &self.time_limit)
            .field("seed", &self.seed)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

impl AnswerOptions {
    /// The same for the planner.
    pub(super) fn for_planner(&self) -> Options {
        let mut control = Control::default().with_cancel(self.cancel.clone());
        if let Some(progress) = self.progress.clone() {
            control = control.with_progress(move |p| progress(p));
        }
        let method = match self.solver {
            Solver::Auto => Method::Auto,
            Solver::Greedy => Method::Greedy,
            Solver::Exact => Method::Exact,
        };
        let backend = self.outside.clone().map_or_else(Backend::default, Backend::Outside);
        let seed = self.seed;
        Options {
            solve: solve::Options { method, backend, seed, control, ..solve::Options::default() },
            time_limit: self.time_limit,
            seeds: None,
        }
    }

    /// Does the work with as many threads as were asked for.
    #[cfg(feature = "rayon")]
    pub(super) fn in_pool<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let pool = self.threads.map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build());
        match pool {
            Some(Ok(pool)) => pool.install(work),
            // No limit asked for, or no threads to be had: the shared pool gives the same answer.
            _ => work(),
        }
    }

    #[cfg(not(feature = "rayon"))]
    pub(super) fn in_pool<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerError {
    /// The request names what is not there; every fault.
    Request(Vec<RequestError>),
    /// A bug of podfit: the referee refused a placement that a solver made.
    Internal {
        /// What happened.
        message: String,
        /// Request and refused change, for a bug report.
        instance: String,
    },
}

impl AnswerError {
    pub(super) fn of(request: &Request, fault: Fault) -> Self {
        let refused = match fault {
            Fault::Request(errors) => return Self::Request(errors),
            Fault::Refused(refused) => refused,
        };
        let request = serde_json::to_string_pretty(request).unwrap_or_default();
        Self::Internal {
            message: refused.to_string(),
            instance: format!(
                "podfit {}\n{request}\n{refused}\n{:#?}\n{:#?}\n",
                env!("CARGO_PKG_VERSION"),
                refused.violations,
                refused.change
            ),
        }
    }
}

impl std::fmt::Display for AnswerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::Internal { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for AnswerError {}
