//! A question on a thread of its own, while the calling thread watches for Ctrl-C.
//!
//! The first Ctrl-C cancels: the best answer so far comes back, marked as interrupted. The second one raises
//! `KeyboardInterrupt`; the solver then winds down by itself. A solver that does not stop at once is left to do so, and
//! the answer is made here without it.

use crate::errors;
use podfit_api::{AnswerError, AnswerOptions, Envelope, Progress, Request, Snapshot, Solver};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// Between two looks at the signals.
pub const POLL: Duration = Duration::from_millis(50);
/// For a cancelled solver to come back with its own answer.
const PATIENCE: Duration = Duration::from_millis(250);

/// What came of a question; the outer error is a panic.
type Outcome = std::thread::Result<Result<Envelope, AnswerError>>;

enum Message {
    Progress(Progress),
    Done(Box<Outcome>),
}

/// An envelope, and whether it was interrupted.
pub fn answer(
    py: Python<'_>,
    snapshot: &Arc<Snapshot>,
    request: &Arc<Request>,
    mut options: AnswerOptions,
    on_progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Envelope, bool)> {
    let (send, mut messages) = mpsc::channel();
    if on_progress.is_some() {
        let send = send.clone();
        // Nobody listens any more once the answer is there.
        options.progress = Some(Arc::new(move |p| drop(send.send(Message::Progress(p)))));
    }
    start(py, snapshot, request, &options, send)?;
    let mut interrupted: Option<Instant> = None;
    loop {
        let message;
        (messages, message) = py.detach(|| wait(messages));
        match message {
            Ok(Message::Done(done)) => return finish(py, *done, interrupted.is_some()),
            Ok(Message::Progress(event)) => {
                tell(on_progress, &event).inspect_err(|_| options.cancel.cancel())?;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(errors::internal(py, "the solver's thread ended without a word", ""));
            }
        }
        if let Err(signal) = py.check_signals() {
            let again = interrupted.is_some();
            options.cancel.cancel();
            if again || !signal.is_instance_of::<PyKeyboardInterrupt>(py) {
                return Err(signal);
            }
            interrupted = Some(Instant::now());
        }
        if interrupted.is_some_and(|since| since.elapsed() > PATIENCE) {
            let without = AnswerOptions { solver: Solver::Greedy, progress: None, ..options };
            let done = py.detach(|| guarded(snapshot, request, &without));
            return finish(py, done, true);
        }
    }
}

fn start(
    py: Python<'_>,
    snapshot: &Arc<Snapshot>,
    request: &Arc<Request>,
    options: &AnswerOptions,
    send: Sender<Message>,
) -> PyResult<()> {
    let (snapshot, request, options) = (snapshot.clone(), request.clone(), options.clone());
    let work =
        move || drop(send.send(Message::Done(Box::new(guarded(&snapshot, &request, &options)))));
    let started = std::thread::Builder::new().name("podfit".into()).spawn(work);
    started.map(drop).map_err(|e| errors::internal(py, &format!("no thread to be had: {e}"), ""))
}

/// A panic must not cross into Python.
fn guarded(snapshot: &Snapshot, request: &Request, options: &AnswerOptions) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| snapshot.answer(request, options)))
}

fn wait(messages: Receiver<Message>) -> (Receiver<Message>, Result<Message, RecvTimeoutError>) {
    let message = messages.recv_timeout(POLL);
    (messages, message)
}

fn finish(py: Python<'_>, done: Outcome, interrupted: bool) -> PyResult<(Envelope, bool)> {
    match done {
        Ok(Ok(envelope)) => Ok((envelope, interrupted)),
        Ok(Err(error)) => Err(errors::answer(py, &error)),
        Err(panic) => Err(errors::internal(py, &errors::panicked(&*panic), "")),
    }
}

/// Calls `on_progress(what, done, all)`.
fn tell(on_progress: Option<&Bound<'_, PyAny>>, event: &Progress) -> PyResult<()> {
    let Some(listener) = on_progress else { return Ok(()) };
    match event {
        Progress::Solving { solver, level } => listener.call1((*solver, *level, None::<usize>))?,
        Progress::Cases { done, all } => listener.call1(("cases", *done, Some(*all)))?,
        // A kind that this version of the binding does not know.
        _ => return Ok(()),
    };
    Ok(())
}
