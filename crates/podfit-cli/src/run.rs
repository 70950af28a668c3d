//! From arguments to an exit code.

use crate::args::{Cli, Command, Input, List, Output, Solve};
use crate::timing::Failures;
use crate::{collect, crash, inputs, output, progress::Progress};
use clap::CommandFactory;
use podfit_api::{
    AnswerError, AnswerOptions, AuditRequest, AvailabilityRequest, CancelToken, CheckPlan,
    CheckRequest, ControlPlaneRequest, DeviceRequest, DeviceUnder, Edit, ExplainRequest,
    LintRequest, NetworkRequest, OpenOptions, PlaceRequest, Request, Rolling, Selection,
    SequenceRequest, ShowRequest, Snapshot, Solver, TimelineRequest, WhatIfRequest,
};
use std::io::Read;
use std::path::Path;

/// It fits.
pub const GOOD: u8 = 0;
/// It does not, or with losses, or that is unknown, or a rule is broken.
pub const BAD: u8 = 1;
/// Input or usage.
pub const USAGE: u8 = 2;
/// A fault of ours.
pub const INTERNAL: u8 = 3;

/// The largest file of edits, or report with a plan: that of 500,000 pods has some 100 MiB.
const TEXT_BYTES_MAX: u64 = 256 << 20;

/// As shells report a command ended by Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Runs the command and gives the exit code.
pub fn run(cli: Cli, name: &'static str) -> u8 {
    let result = match (cli.schema, cli.command) {
        (Some(kind), _) => Ok(printed(&podfit_api::schema(&kind).unwrap_or_default(), GOOD)),
        (None, Some(command)) => dispatch(command, name),
        (None, None) => {
            let _ = Cli::command().name(name).print_help();
            Ok(USAGE)
        }
    };
    result.unwrap_or_else(|failure| {
        output::complain(&failure.lines);
        output::remark("hint", failure.hint.as_slice());
        failure.code
    })
}

/// Why there is no answer.
struct Failure {
    code: u8,
    lines: Vec<String>,
    /// What may help.
    hint: Option<&'static str>,
}

impl Failure {
    fn usage(lines: Vec<String>) -> Self {
        Self { code: USAGE, lines, hint: None }
    }
}

fn dispatch(command: Command, name: &'static str) -> Result<u8, Failure> {
    match command {
        Command::WhatIf(a) => {
            let request = Request::WhatIf(WhatIfRequest {
                fail: a.fail,
                mode: a.loss.mode,
                moves: a.loss.moves,
                predict: a.solve.predict,
                timing: a.timing.into(),
            });
            let list = selection(&a.list)?.changed(a.changed);
            answer(&a.input, &request, list, Some(&a.solve), a.loss.accept_losses, &a.output)
        }
        Command::Timeline(a) => {
            let request = Request::Timeline(TimelineRequest {
                fail: a.fail,
                mode: a.mode,
                predict: a.solve.predict,
                timing: a.timing.into(),
            });
            let list = selection(&a.list)?;
            let accept = a.accept_losses;
            answer(&a.input, &request, list, Some(&a.solve), accept, &a.output)
        }
        Command::Availability(a) => {
            let each = a.each.into_iter().map(|f| f.nodes(false));
            let together = a.together.into_iter().map(|f| f.nodes(true));
            let domains = a.each_domain.into_iter().map(Failures::domain);
            let request = Request::Availability(AvailabilityRequest {
                failures: each.chain(together).chain(domains).collect(),
                runs: a.runs,
                seed: a.seed,
                sets_max: a.max_sets,
                timing: a.timing.into(),
                ..AvailabilityRequest::default()
            });
            let threads = a.threads;
            answer_on(threads, &a.input, &request, Selection::default(), None, false, &a.output)
        }
        Command::Audit(a) => {
            let request = Request::Audit(AuditRequest {
                k: a.k,
                domain: a.domain,
                cases_max: a.max_cases,
                mode: a.loss.mode,
                moves: a.loss.moves,
                predict: a.solve.predict,
                timing: a.timing.into(),
            });
            answer(
                &a.input,
                &request,
                Selection::default(),
                Some(&a.solve),
                a.loss.accept_losses,
                &a.output,
            )
        }
        Command::Sequence(a) => {
            let (batch, domain, kubernetes) = (a.batch, a.domain, a.kubernetes_update);
            let (update_seconds, share_again) = (a.update_time, a.share_again);
            let rolling = (a.rolling || kubernetes).then_some(Rolling {
                batch,
                domain,
                kubernetes,
                update_seconds,
                share_again,
            });
            let request = Request::Sequence(SequenceRequest {
                steps: a.step,
                rolling,
                predict: a.solve.predict,
                timing: a.timing.into(),
            });
            let list = selection(&a.list)?;
            let accept = a.accept_losses;
            answer(&a.input, &request, list, Some(&a.solve), accept, &a.output)
        }
        Command::Place(a) => {
            let request = Request::Place(PlaceRequest {
                fewest_nodes: a.fewest_nodes,
                predict: a.solve.predict,
            });
            let list = selection(&a.list)?;
            answer(&a.input, &request, list, Some(&a.solve), false, &a.output)
        }
        Command::Check(a) => {
            let plan = a.plan.as_deref().map(plan).transpose()?;
            let request = Request::Check(CheckRequest { plan });
            answer(&a.input, &request, Selection::default(), None, false, &a.output)
        }
        Command::Explain(a) => {
            let is_input = |p: &std::path::PathBuf| p.as_os_str() == "-" || p.exists();
            let (inputs, pods): (Vec<_>, Vec<_>) = a.what.into_iter().partition(is_input);
            let pods: Vec<String> = pods.iter().map(|p| p.to_string_lossy().into_owned()).collect();
            if inputs.is_empty() {
                let names = pods.join(", ");
                return Err(Failure::usage(vec![format!(
                    "no input: there is no file {names} (name a file, a folder, or - for standard input)"
                )]));
            }
            let input = Input { inputs, reading: a.reading };
            let request = Request::Explain(ExplainRequest { pods, fail: a.fail, mode: a.mode });
            answer(&input, &request, Selection::default(), None, false, &a.output)
        }
        Command::Lint(a) => {
            let request = Request::Lint(LintRequest { mode: a.mode });
            answer(&a.input, &request, Selection::default(), None, false, &a.output)
        }
        Command::Device(a) => {
            let request = Request::Device(DeviceRequest {});
            answer(&a.input, &request, Selection::default(), None, false, &a.output)
        }
        Command::Network(a) => {
            let request = Request::Network(NetworkRequest {
                about: a.about,
                from: a.from,
                to: a.to,
                fail: a.fail,
                mode: a.mode,
                timing: a.timing.into(),
                more_services: a.more_services,
                more_nodes: a.more_nodes,
                remove_routes: a.remove_route,
                add_routes: a.add_route,
            });
            answer(&a.input, &request, Selection::default(), None, false, &a.output)
        }
        Command::ControlPlane(a) => {
            let request = Request::ControlPlane(ControlPlaneRequest {
                fail: a.fail,
                leader: a.leader,
                k: a.k,
                cases_max: a.max_cases,
                survive: a.survive,
                members: a.members,
            });
            let input = Input { inputs: a.inputs, reading: a.reading };
            answer(&input, &request, Selection::default(), None, false, &a.output)
        }
        Command::Show(a) => {
            let request = Request::Show(ShowRequest {});
            answer(&a.input, &request, Selection::default(), None, false, &a.output)
        }
        Command::Collect => Ok(printed(&collect::text(), GOOD)),
        Command::Completion { shell } => {
            let mut script = Vec::new();
            // Completion scripts are bound to a file name; kubectl's plugins are completed by its own.
            let bin = if name == "podfit" { name } else { "kubectl-podfit" };
            clap_complete::generate(shell, &mut Cli::command(), bin, &mut script);
            Ok(printed(&String::from_utf8_lossy(&script), GOOD))
        }
    }
}

fn selection(list: &List) -> Result<Selection, Failure> {
    Selection::new(list.namespace.as_deref(), list.selector.as_deref())
        .map_err(|e| Failure::usage(vec![e.to_string()]))
}

fn answer(
    input: &Input,
    request: &Request,
    list: Selection,
    solve: Option<&Solve>,
    accept_losses: bool,
    out: &Output,
) -> Result<u8, Failure> {
    answer_on(solve.and_then(|s| s.threads), input, request, list, solve, accept_losses, out)
}

fn answer_on(
    threads: Option<u16>,
    input: &Input,
    request: &Request,
    list: Selection,
    solve: Option<&Solve>,
    accept_losses: bool,
    out: &Output,
) -> Result<u8, Failure> {
    let progress = Progress::start();
    let snapshot = open(input)?;
    let options = AnswerOptions {
        solver: solve.map_or(Solver::default(), |s| s.solver),
        time_limit: solve.map(|s| s.time_limit),
        seed: solve.map_or(0, |s| s.seed),
        threads: threads.map(usize::from),
        verdict_only: solve.is_some_and(|s| s.no_fixes),
        cancel: stop_on_interrupt(),
        progress: Some(progress.listener()),
        list,
        ..AnswerOptions::default()
    };
    let answered = snapshot.answer(request, &options);
    progress.stop();
    let envelope = answered.map_err(refused)?;
    let text = output::render(&envelope, out).map_err(|e| Failure::usage(vec![e]))?;
    let code = match envelope.report.exit_code(accept_losses) {
        0 => GOOD,
        code if out.detailed_exitcode => code,
        _ => BAD,
    };
    Ok(printed(&text, code))
}

/// Prints and gives `code`, unless the answer could not be written: nobody may take silence for "fits".
fn printed(text: &str, code: u8) -> u8 {
    if output::print(text) { code } else { INTERNAL }
}

/// The first Ctrl-C ends the search, and the best found so far is the answer; the second ends podfit.
/// Before there is anything to search (while reading), the first ends it.
fn stop_on_interrupt() -> CancelToken {
    let token = CancelToken::default();
    let cancel = token.clone();
    let handled = ctrlc::set_handler(move || {
        if cancel.is_cancelled() {
            std::process::exit(INTERRUPTED);
        }
        cancel.cancel();
    });
    // Without a handler Ctrl-C ends podfit at once, as it would any command.
    drop(handled);
    token
}

fn open(input: &Input) -> Result<Snapshot, Failure> {
    if input.inputs.is_empty() {
        return Ok(Snapshot::empty());
    }
    let found = inputs::find(&input.inputs).map_err(Failure::usage)?;
    let options = OpenOptions {
        assume_requests: input.reading.assume_request.clone(),
        autoscaled: input.reading.autoscaled,
        cron_jobs: input.reading.cron_jobs,
        device: input.reading.device.clone().map(|model| {
            let nodes = |names: &str| names.split(',').map(|n| n.trim().to_string()).collect();
            let hosts = input.reading.host.iter();
            DeviceUnder {
                model,
                hosts: hosts.map(|(h, names)| (h.clone(), nodes(names))).collect(),
            }
        }),
        leave_out_faulty: input.reading.leave_out_faulty,
    };
    let snapshot = podfit_api::open(found, &options).map_err(|errors| {
        let may_leave_out = errors.iter().all(|e| e.object.is_some());
        let hint = may_leave_out.then_some("--leave-out-faulty reads the rest");
        Failure { hint, ..Failure::usage(errors.iter().map(ToString::to_string).collect()) }
    })?;
    let left_out: Vec<_> = snapshot.left_out().iter().map(ToString::to_string).collect();
    output::remark("left out", &left_out);
    let Some(path) = &input.reading.edits else { return Ok(snapshot) };
    snapshot
        .edited(&edits(path)?)
        .map_err(|errors| Failure::usage(errors.iter().map(ToString::to_string).collect()))
}

fn edits(path: &Path) -> Result<Vec<Edit>, Failure> {
    let fault = |what: String| Failure::usage(vec![format!("{}: {what}", path.display())]);
    let text = text_of(path)?;
    serde_json::from_str(&text).map_err(|e| {
        fault(format!(
            "{e} (write a list of edits, as reports have them; --schema Edit prints the form)"
        ))
    })
}

/// The text of a file beside the input, which may be a pipe or a device without an end.
fn text_of(path: &Path) -> Result<String, Failure> {
    let fault = |what: String| Failure::usage(vec![format!("{}: {what}", path.display())]);
    let mut bytes = Vec::new();
    // One byte more than is taken shows whether there is more.
    std::fs::File::open(path)
        .and_then(|file| file.take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes))
        .map_err(|e| fault(format!("reading failed: {e}")))?;
    if bytes.len() as u64 > TEXT_BYTES_MAX {
        return Err(fault(format!(
            "it is larger than {} MiB (check what the path names) [too-large]",
            TEXT_BYTES_MAX >> 20
        )));
    }
    String::from_utf8(bytes)
        .map_err(|_| fault("the text is not UTF-8 (write it as UTF-8) [encoding]".into()))
}

fn refused(error: AnswerError) -> Failure {
    match error {
        AnswerError::Request(errors) => {
            Failure::usage(errors.iter().map(ToString::to_string).collect())
        }
        AnswerError::Internal { message, instance } => {
            let mut lines = vec![message];
            lines.extend(crash::save(&instance));
            Failure { code: INTERNAL, lines, hint: None }
        }
    }
}

/// The plan in a report as `-o json` writes it, with its envelope or without.
fn plan(path: &Path) -> Result<CheckPlan, Failure> {
    let fault = |what: String| Failure::usage(vec![format!("{}: {what}", path.display())]);
    let text = text_of(path)?;
    let mut value: serde_json::Value = serde_json::from_str(&text)
        .map_err(|e| fault(format!("this is no JSON report: {e} (write it with -o json)")))?;
    if let Some(report) = value.get_mut("report") {
        value = report.take();
    }
    if value.get("steps").is_none_or(|s| !s.is_array()) {
        return Err(fault("there is no plan in it (give the -o json of what-if or place)".into()));
    }
    serde_json::from_value(value).map_err(|e| fault(format!("the plan cannot be read: {e}")))
}
