//! A cluster opened once and asked often.

use crate::edit::{self, Edit};
use crate::input::{InputError, Opened};
use crate::repair::{Question, repair};
use crate::report::{self, CauseReport, Envelope, Report};
use crate::request::{
    AuditRequest, CheckRequest, ExplainRequest, LintRequest, PlaceRequest, Request, ShowRequest,
    WhatIfRequest,
};
use crate::resolve::{self, Failed, RequestError};
use crate::select::Selection;
use podfit::device;
use podfit::model::{Change, Cluster, PodId};
use podfit::planner::{
    self, About, AuditQuestion, Cause, ExplainQuestion, LintQuestion, Options, Planner, Refused,
    Verdict, WhatIf, WhatIfQuestion,
};
use podfit::rules::State;
use podfit::solve::{self, Backend, CancelToken, Control, Method, Outside, Progress};
use std::sync::Arc;
use std::time::Duration;

/// Time for each of the solves that look for a cause: there may be some hundred.
const CAUSE_SOLVE_MAX: Duration = Duration::from_millis(500);

/// An opened input, indexed for many questions. May be shared between threads.
#[derive(Debug)]
pub struct Snapshot {
    planner: Planner,
    device: Option<device::Plan>,
    assumptions: Vec<String>,
    not_evaluated: Vec<String>,
    left_out: Vec<InputError>,
}

/// Which solvers may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Solver {
    /// Greedy first; exact where bounds do not prove its answer.
    #[default]
    Auto,
    /// Greedy and bounds only.
    Greedy,
    /// The exact solvers run although bounds prove the greedy answer.
    Exact,
}

/// How to answer.
#[derive(Clone, Default)]
pub struct AnswerOptions {
    /// Which solvers.
    pub solver: Solver,
    /// Time for one solve (each case of an audit is one); `None` is no limit.
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
    /// Told what goes on, from whatever thread works.
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

impl Snapshot {
    /// Indexes what was read.
    pub fn from_opened(opened: Opened) -> Self {
        let mut assumptions = opened.assumptions;
        for note in opened.device.iter().flat_map(|d| &d.assumptions) {
            if !assumptions.iter().any(|a| a.contains(&note.text)) {
                assumptions.push(format!("{} [{}]", note.text, note.page));
            }
        }
        Self {
            planner: Planner::new(Arc::new(opened.cluster)),
            device: opened.device,
            assumptions,
            not_evaluated: opened.not_evaluated,
            left_out: opened.left_out,
        }
    }

    /// The same with these edits carried out, in order. A device stays as it was described.
    ///
    /// # Errors
    /// Every wrong name and amount.
    ///
    /// ```
    /// use podfit_api::{AnswerOptions, Edit, Input, OpenOptions, Request, open};
    /// let text = "
    /// apiVersion: podfit/v1
    /// kind: Cluster
    /// nodes: [{name: a, allocatable: {cpu: 1, memory: 1Gi}}]
    /// workloads: [{name: web, requests: {cpu: 2, memory: 1Mi}}]
    /// ";
    /// let input = Input { name: "small.yaml".into(), data: Box::new(text.as_bytes()) };
    /// let small = open(vec![input], &OpenOptions::default()).expect("valid");
    /// let place: Request = serde_json::from_str(r#"{"kind": "Place"}"#).unwrap();
    /// let fits = |s: &podfit_api::Snapshot| s.answer(&place, &AnswerOptions::default()).unwrap().report.is_good(false);
    /// assert!(!fits(&small));
    /// let more: Edit = serde_json::from_str(r#"{"op": "enlarge-node", "node": "a", "add": {"cpu": "1"}}"#).unwrap();
    /// assert!(fits(&small.edited(&[more]).expect("known names")));
    /// ```
    pub fn edited(&self, edits: &[Edit]) -> Result<Self, Vec<RequestError>> {
        let cluster = edit::edited(self.cluster(), edits)?;
        let mut assumptions = self.assumptions.clone();
        if !edits.is_empty() {
            let were = if edits.len() == 1 { "edit was" } else { "edits were" };
            assumptions.push(format!("{} {were} carried out on the input", edits.len()));
        }
        Ok(Self { assumptions, ..self.with_cluster(cluster) })
    }

    /// The same with another cluster.
    pub(crate) fn with_cluster(&self, cluster: Cluster) -> Self {
        Self {
            planner: Planner::new(Arc::new(cluster)),
            device: self.device.clone(),
            assumptions: self.assumptions.clone(),
            not_evaluated: self.not_evaluated.clone(),
            left_out: self.left_out.clone(),
        }
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        self.planner.cluster()
    }

    pub(crate) fn planner(&self) -> &Planner {
        &self.planner
    }

    /// The edge device that the cluster was described as.
    pub fn device(&self) -> Option<&device::Plan> {
        self.device.as_ref()
    }

    /// What was supposed when reading.
    pub fn assumptions(&self) -> &[String] {
        &self.assumptions
    }

    /// What the input has that bears on placement and is not evaluated; first what was left out.
    pub fn not_evaluated(&self) -> &[String] {
        &self.not_evaluated
    }

    /// Every fault of the objects that were left out; see [`OpenOptions`](crate::OpenOptions).
    pub fn left_out(&self) -> &[InputError] {
        &self.left_out
    }

    /// Answers a request.
    ///
    /// # Errors
    /// [`AnswerError::Request`] with every wrong name; [`AnswerError::Internal`] for a bug of ours.
    pub fn answer(
        &self,
        request: &Request,
        options: &AnswerOptions,
    ) -> Result<Envelope, AnswerError> {
        let start = web_time::Instant::now();
        let report = self.in_pool(options, || self.report(request, options))?;
        Ok(Envelope {
            report,
            seconds: start.elapsed().as_secs_f64(),
            version: env!("CARGO_PKG_VERSION").into(),
        })
    }

    #[cfg(feature = "rayon")]
    pub(crate) fn in_pool<T: Send>(
        &self,
        options: &AnswerOptions,
        work: impl FnOnce() -> T + Send,
    ) -> T {
        let pool = options.threads.map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build());
        match pool {
            Some(Ok(pool)) => pool.install(work),
            // No limit asked for, or no threads to be had: the shared pool gives the same answer.
            _ => work(),
        }
    }

    #[cfg(not(feature = "rayon"))]
    pub(crate) fn in_pool<T>(&self, _options: &AnswerOptions, work: impl FnOnce() -> T) -> T {
        work()
    }

    /// A question a function, out of line: the browser loads those of its first answers first.
    fn report(&self, request: &Request, options: &AnswerOptions) -> Result<Report, AnswerError> {
        let refused = |e: Refused| internal(request, &e);
        let solve = solve_options(options);
        match request {
            Request::WhatIf(ask) => {
                let failed = resolve::failed(self.cluster(), self.device(), ask)
                    .map_err(AnswerError::Request)?;
                let why = !options.verdict_only;
                self.what_if_and_why(ask, &failed, why, &options.list, &solve).map_err(refused)
            }
            Request::Audit(ask) => {
                let errors = resolve::check_audit(self.cluster(), ask);
                if !errors.is_empty() {
                    return Err(AnswerError::Request(errors));
                }
                self.audit(ask, &solve).map_err(refused)
            }
            Request::Place(ask) => {
                self.place(ask, !options.verdict_only, &options.list, &solve).map_err(refused)
            }
            Request::Check(ask) => self.check(ask),
            Request::Show(ShowRequest {}) => Ok(Report::Cluster(report::cluster(self))),
            Request::Explain(ask) => self.explain(ask, request, &solve),
            Request::Lint(ask) => Ok(self.lint(ask)),
        }
    }

    fn what_if_and_why(
        &self,
        ask: &WhatIfRequest,
        failed: &Failed,
        why: bool,
        list: &Selection,
        options: &Options,
    ) -> Result<Report, Refused> {
        let question = WhatIfQuestion { hint: why, ..question(ask, failed, true) };
        let asking = Options { seeds: ask.predict, ..options.clone() };
        let answer = self.planner.what_if(&question, &asking)?;
        let mut report = report::what_if(self, ask, failed, &answer, list);
        if answer.verdict == Verdict::DoesNotFit && why {
            let options = briefly(options);
            let cause = self.planner.cause(&question, &answer, &options)?;
            let cause = self.cause(&cause, &answer.plan.change, &options);
            let repair = repair(self, &Question::WhatIf(ask), &cause, &options)?;
            report = report.with_cause(cause.with_repair(repair));
        }
        Ok(Report::WhatIf(report))
    }

    #[inline(never)]
    fn place(
        &self,
        ask: &PlaceRequest,
        why: bool,
        list: &Selection,
        options: &Options,
    ) -> Result<Report, Refused> {
        let options = Options { seeds: ask.predict, ..options.clone() };
        let placed = self.planner.place(ask.fewest_nodes, &options)?;
        let mut report = report::place(self, ask.fewest_nodes, &placed, list);
        if placed.verdict == Verdict::DoesNotFit && why {
            let options = briefly(&options);
            let cause = self.planner.cause_of_place(&placed, &options)?;
            let cause = self.cause(&cause, &placed.plan.change, &options);
            let repair = repair(self, &Question::Place(ask), &cause, &options)?;
            report = report.with_cause(cause.with_repair(repair));
        }
        Ok(Report::Place(report))
    }

    #[inline(never)]
    fn lint(&self, ask: &LintRequest) -> Report {
        let mut lints = self.planner.lint(&LintQuestion { loss: ask.mode.into() });
        if self.device.as_ref().is_some_and(|d| d.hosts.len() > 1) {
            // The device restarts its master machine on the other host.
            lints.retain(|l| l.about != About::ControlPlane);
        }
        Report::Lint(report::lints(self, ask.mode, &lints))
    }

    pub(crate) fn what_if(
        &self,
        ask: &WhatIfRequest,
        failed: &Failed,
        alone: bool,
        options: &Options,
    ) -> Result<WhatIf, Refused> {
        let options = Options { seeds: ask.predict, ..options.clone() };
        self.planner.what_if(&question(ask, failed, alone), &options)
    }

    /// A cause with the nearest fixes for each kind of pod without a place.
    #[inline(never)]
    fn cause(&self, cause: &Cause, change: &Change, options: &Options) -> CauseReport {
        let cluster = self.cluster();
        let state = State::with_change(cluster, change);
        let fixes = |pods: &[PodId]| {
            let Some(&pod) = pods.first() else { return Vec::new() };
            let fixes = self.planner.nearest_fix(&state, change, pod, options);
            fixes.fixes.iter().map(|f| report::fix(cluster, f, pods)).collect()
        };
        report::cause(cluster, cause, fixes)
    }

    #[inline(never)]
    fn audit(&self, ask: &AuditRequest, options: &Options) -> Result<Report, Refused> {
        let mut hosts = Vec::new();
        if let (Some(device), None) = (self.device(), &ask.domain) {
            for host in &device.hosts {
                let fail = vec![host.id.name().to_string()];
                let one =
                    WhatIfRequest { fail, mode: ask.mode, moves: ask.moves, predict: ask.predict };
                // A host of the device is always found, unless a node has its name: then that is a case below.
                if let Ok(failed) = resolve::failed(self.cluster(), Some(device), &one)
                    && !failed.hosts.is_empty()
                {
                    let answer = self.what_if(&one, &failed, false, options)?;
                    hosts.push((host.id, failed, answer));
                }
            }
        }
        let question = AuditQuestion {
            k: ask.k as usize,
            domain: ask.domain.clone(),
            cases_max: ask.cases_max as usize,
            loss: ask.mode.into(),
            moves_max: ask.moves,
        };
        let options = Options { seeds: ask.predict, ..options.clone() };
        let audit = self.planner.audit(&question, &options)?;
        Ok(Report::Audit(report::audit(self, ask, &audit, &hosts)))
    }

    #[inline(never)]
    fn explain(
        &self,
        ask: &ExplainRequest,
        request: &Request,
        options: &Options,
    ) -> Result<Report, AnswerError> {
        let refused = |e: Refused| internal(request, &e);
        let failed = resolve::lost(self.cluster(), self.device(), &ask.fail);
        let named = resolve::pods(self.cluster(), &ask.pods);
        let (failed, named) = resolve::both(failed, named).map_err(AnswerError::Request)?;
        let options = Options { seeds: Some(0), ..options.clone() };
        let (plan, pending) = match failed.nodes.as_slice() {
            [] => (None, self.planner.pending()),
            lost => {
                let (lost, loss) = (lost.to_vec(), ask.mode.into());
                let question = WhatIfQuestion { lost, loss, ..WhatIfQuestion::default() };
                let plan = self.planner.what_if(&question, &options).map_err(refused)?.plan;
                (Some(plan.change), plan.unplaced)
            }
        };
        let question = ExplainQuestion {
            pods: if ask.pods.is_empty() { &pending } else { &named },
            lost: &failed.nodes,
            loss: ask.mode.into(),
            plan: plan.as_ref(),
        };
        let explained = self.planner.explain(&question, &options).map_err(refused)?;
        Ok(Report::Explain(report::explain(self, ask, &failed, &explained)))
    }

    #[inline(never)]
    fn check(&self, ask: &CheckRequest) -> Result<Report, AnswerError> {
        let (steps, found) = match &ask.plan {
            None => (None, planner::standing(&self.planner)),
            Some(plan) => {
                let change = resolve::change(self.cluster(), plan).map_err(AnswerError::Request)?;
                (Some(change.steps.len()), self.planner.referee().check(&change))
            }
        };
        Ok(Report::Check(report::check(self, steps, &found)))
    }
}

pub(crate) fn question(ask: &WhatIfRequest, failed: &Failed, alone: bool) -> WhatIfQuestion {
    WhatIfQuestion {
        lost: failed.nodes.clone(),
        loss: ask.mode.into(),
        moves_max: ask.moves,
        explain: alone,
        hint: alone,
    }
}

/// For the many small questions behind a cause.
fn briefly(options: &Options) -> Options {
    let limit = options.time_limit.unwrap_or(CAUSE_SOLVE_MAX).min(CAUSE_SOLVE_MAX);
    Options { time_limit: Some(limit), seeds: Some(0), ..options.clone() }
}

pub(crate) fn solve_options(options: &AnswerOptions) -> Options {
    let mut control = Control::default().with_cancel(options.cancel.clone());
    if let Some(progress) = options.progress.clone() {
        control = control.with_progress(move |p| progress(p));
    }
    let method = match options.solver {
        Solver::Auto => Method::Auto,
        Solver::Greedy => Method::Greedy,
        Solver::Exact => Method::Exact,
    };
    let backend = options.outside.clone().map_or_else(Backend::default, Backend::Outside);
    Options {
        solve: solve::Options {
            method,
            backend,
            seed: options.seed,
            control,
            ..solve::Options::default()
        },
        time_limit: options.time_limit,
        seeds: None,
    }
}

pub(crate) fn internal(request: &Request, refused: &Refused) -> AnswerError {
    let request = serde_json::to_string_pretty(request).unwrap_or_default();
    AnswerError::Internal {
        message: refused.to_string(),
        instance: format!(
            "podfit {}\n{request}\n{refused}\n{:#?}\n{:#?}\n",
            env!("CARGO_PKG_VERSION"),
            refused.violations,
            refused.change
        ),
    }
}
