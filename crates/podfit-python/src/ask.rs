//! A question on a thread of its own, while the calling thread watches for Ctrl-C.
//!
//! The first Ctrl-C cancels: the best answer so far comes back, marked as interrupted. The second one raises
//! `KeyboardInterrupt`; the solver then winds down by itself. HiGHS looks at its interrupt rarely (seconds may pass), so
//! where the cancelled search does not come back at once, a greedy one starts beside it, is cancelled soon in turn, and
//! the first answer counts.

use crate::errors;
use podfit_api::{
    AnswerError, AnswerOptions, CancelToken, Envelope, Progress, Request, Snapshot, Solver,
};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// Between two looks at the signals.
pub const POLL: Duration = Duration::from_millis(50);
/// For a cancelled search to come back with its own answer; then as long for the greedy one.
const PATIENCE: Duration = Duration::from_millis(150);

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
    let ask = Ask { snapshot, request, send };
    ask.start(py, options.clone())?;
    let mut interrupt: Option<Interrupt> = None;
    loop {
        let message;
        (messages, message) = py.detach(|| wait(messages));
        let passed = match message {
            Ok(Message::Done(done)) => return finish(py, *done, interrupt.is_some()),
            Ok(Message::Progress(event)) => call(on_progress, &event),
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(errors::internal(py, "the solver's thread ended without a word", ""));
            }
        };
        // Ctrl-C may also come while the listener runs: then it is raised there.
        if let Err(signal) = passed.and_then(|()| py.check_signals()) {
            options.cancel.cancel();
            let again = interrupt.replace(Interrupt { at: Instant::now(), greedy: None });
            if again.is_some() || !signal.is_instance_of::<PyKeyboardInterrupt>(py) {
                again.iter().for_each(Interrupt::end);
                return Err(signal);
            }
        }
        if let Some(interrupt) = &mut interrupt {
            ask.hurry(py, interrupt, &options)?;
        }
    }
}

/// What is asked, and where the answer goes.
struct Ask<'a> {
    snapshot: &'a Arc<Snapshot>,
    request: &'a Arc<Request>,
    send: Sender<Message>,
}

/// A Ctrl-C that was heard.
struct Interrupt {
    at: Instant,
    /// Stops the greedy search, once that has begun.
    greedy: Option<CancelToken>,
}

impl Interrupt {
    fn end(&self) {
        self.greedy.iter().for_each(CancelToken::cancel);
    }
}

impl Ask<'_> {
    /// Starts a search on a thread of its own.
    fn start(&self, py: Python<'_>, options: AnswerOptions) -> PyResult<()> {
        let (snapshot, request) = (self.snapshot.clone(), self.request.clone());
        let send = self.send.clone();
        let work = move || {
            // A panic must not cross into Python.
            let outcome = catch_unwind(AssertUnwindSafe(|| snapshot.answer(&request, &options)));
            drop(send.send(Message::Done(Box::new(outcome))));
        };
        let started = std::thread::Builder::new().name("podfit".into()).spawn(work);
        started
            .map(drop)
            .map_err(|e| errors::internal(py, &format!("no thread to be had: {e}"), ""))
    }

    /// After a Ctrl-C: the next step towards some answer.
    fn hurry(
        &self,
        py: Python<'_>,
        interrupt: &mut Interrupt,
        options: &AnswerOptions,
    ) -> PyResult<()> {
        let waited = interrupt.at.elapsed();
        match &interrupt.greedy {
            None if waited > PATIENCE => {
                let cancel = CancelToken::default();
                interrupt.greedy = Some(cancel.clone());
                let solver = Solver::Greedy;
                self.start(py, AnswerOptions { solver, cancel, progress: None, ..options.clone() })
            }
            Some(greedy) if waited > 2 * PATIENCE => {
                greedy.cancel();
                Ok(())
            }
            _ => Ok(()),
        }
    }
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
fn call(on_progress: Option<&Bound<'_, PyAny>>, event: &Progress) -> PyResult<()> {
    let Some(listener) = on_progress else { return Ok(()) };
    match event {
        Progress::Solving { solver, level } => listener.call1((*solver, *level, None::<usize>))?,
        Progress::Cases { done, all } => listener.call1(("cases", *done, Some(*all)))?,
        Progress::LookingForFixes => listener.call1(("fixes", 0, None::<usize>))?,
        // A kind that this version of the binding does not know.
        _ => return Ok(()),
    };
    Ok(())
}
