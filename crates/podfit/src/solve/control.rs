//! Deadline, cancel and progress: the only place of the core that reads a clock.

use super::outcome::Stop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use web_time::Instant;

/// Asks a running solve to stop; clones share the request.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Asks to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a solve reports while it works.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// A solver starts on a level.
    Solving {
        /// The solver, as `ilp`.
        solver: &'static str,
        /// The level, from 0.
        level: usize,
    },
    /// Cases of an audit done.
    Cases {
        /// Done so far.
        done: usize,
        /// Of so many.
        all: usize,
    },
}

type Listener = Arc<dyn Fn(Progress) + Send + Sync>;

/// Limits and wires of one solve.
#[derive(Clone, Default)]
pub struct Control {
    deadline: Option<Instant>,
    cancel: CancelToken,
    listener: Option<Listener>,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

impl Control {
    /// Stops after `limit` from now.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.deadline = Instant::now().checked_add(limit);
        self
    }

    /// Stops when `token` is cancelled.
    #[must_use]
    pub fn with_cancel(mut self, token: CancelToken) -> Self {
        self.cancel = token;
        self
    }

    /// Tells `listener` what goes on, from whatever thread works.
    #[must_use]
    pub fn with_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Tells the listener.
    pub fn report(&self, progress: Progress) {
        if let Some(listener) = &self.listener {
            listener(progress);
        }
    }

    /// The token.
    pub fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    /// Time left; `None` is no limit.
    pub fn time_left(&self) -> Option<Duration> {
        self.deadline.map(|d| d.saturating_duration_since(Instant::now()))
    }

    /// Why to stop now, if so.
    pub fn should_stop(&self) -> Option<Stop> {
        if self.cancel.is_cancelled() {
            return Some(Stop::Cancelled);
        }
        (self.time_left() == Some(Duration::ZERO)).then_some(Stop::TimeLimit)
    }
}
