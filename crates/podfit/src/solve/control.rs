//! Deadline, limit of work, cancel and progress: the only place of the core that reads a clock.
//!
//! Work is counted in steps, about one item looked at on one bin each, some ten nanoseconds: a limit of steps cuts a search
//! at the same place on every machine and under every load, where a clock does not.

use super::outcome::Stop;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
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
    /// A better placement is known.
    Improved {
        /// Whose it is, as `greedy`.
        solver: &'static str,
        /// What it reaches, level by level.
        value: Vec<i64>,
    },
    /// Cases of an audit done.
    Cases {
        /// Done so far.
        done: usize,
        /// Of so many.
        all: usize,
    },
    /// The verdict is there, and what would help is looked for.
    LookingForFixes,
}

/// A part of a question, in the order in which they come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Is there a place for all?
    #[default]
    Placement,
    /// Does the default scheduler find it?
    Prediction,
    /// What to do beforehand, so that it does.
    Hint,
    /// Why does it not fit, and what is the least that would make it fit?
    Cause,
    /// What gives one kind of pods a place?
    Fixes,
    /// What gives all a place?
    Repair,
}

/// The first stage that was cut short, and what ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Which.
    pub stage: Stage,
    /// [`Stop::TimeLimit`], [`Stop::Cancelled`] or [`Stop::WorkLimit`].
    pub stop: Stop,
}

type Listener = Arc<dyn Fn(Progress) + Send + Sync>;

/// Steps done of those that one search may do, and the search that it is a part of. One search is one thread's, so that
/// the count is the same whatever the others do.
#[derive(Debug)]
struct Meter {
    done: AtomicU64,
    most: u64,
    whole: Option<Arc<Self>>,
}

impl Meter {
    fn spend(&self, steps: u64) {
        // Saturating, where an atomic addition would wrap: one thread counts.
        let done = self.done.load(Ordering::Relaxed).saturating_add(steps);
        self.done.store(done, Ordering::Relaxed);
        self.whole.iter().for_each(|whole| whole.spend(steps));
    }

    fn left(&self) -> u64 {
        let here = match self.most {
            u64::MAX => u64::MAX,
            most => most.saturating_sub(self.done.load(Ordering::Relaxed)),
        };
        self.whole.as_ref().map_or(here, |whole| here.min(whole.left()))
    }
}

/// Limits and wires of one question; clones share them.
#[derive(Clone, Default)]
pub struct Control {
    deadline: Option<Instant>,
    /// The time from which the deadline was made.
    limit: Option<Duration>,
    meter: Option<Arc<Meter>>,
    stage: Stage,
    cut: Arc<OnceLock<Cut>>,
    cancel: CancelToken,
    listener: Option<Listener>,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control")
            .field("deadline", &self.deadline)
            .field("meter", &self.meter)
            .finish_non_exhaustive()
    }
}

impl Control {
    /// Stops after `limit` from now, or at the deadline that it has, whichever comes first.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        let deadline = Instant::now().checked_add(limit);
        self.deadline = match (self.deadline, deadline) {
            (Some(old), Some(new)) => Some(old.min(new)),
            (old, new) => old.or(new),
        };
        self.limit = Some(self.limit.map_or(limit, |old| old.min(limit)));
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

    /// The same for one search that may do so many steps; `None` is no limit but that of the search that it is a part of.
    /// Steps are counted anew, and for the whole as well.
    #[must_use]
    pub(crate) fn metered(&self, steps_max: Option<u64>) -> Self {
        let most = steps_max.unwrap_or(u64::MAX);
        let whole = self.meter.clone();
        Self {
            meter: Some(Arc::new(Meter { done: AtomicU64::new(0), most, whole })),
            ..self.clone()
        }
    }

    /// For what may still be done after the end: so many steps, whatever the clock says.
    #[must_use]
    pub(crate) fn grace(&self, steps_max: u64) -> Self {
        let meter = Meter { done: AtomicU64::new(0), most: steps_max, whole: None };
        Self {
            deadline: None,
            cancel: CancelToken::default(),
            meter: Some(Arc::new(meter)),
            ..self.clone()
        }
    }

    /// The same for another question: nothing of it is cut short yet.
    #[must_use]
    pub fn for_question(&self) -> Self {
        Self { cut: Arc::default(), ..self.clone() }
    }

    /// The same for a stage.
    #[must_use]
    pub fn at(&self, stage: Stage) -> Self {
        Self { stage, ..self.clone() }
    }

    /// Notes that the stage ended before its end, if one of the limits or a cancel did it.
    pub fn note(&self, stop: Stop) {
        if matches!(stop, Stop::TimeLimit | Stop::Cancelled | Stop::WorkLimit) {
            self.cut.get_or_init(|| Cut { stage: self.stage, stop });
        }
    }

    /// Notes that the stage was cut short, if it is to stop now. Whether it is.
    pub fn note_stop(&self) -> bool {
        let stop = self.should_stop();
        stop.into_iter().for_each(|stop| self.note(stop));
        stop.is_some()
    }

    /// What was cut short of the question.
    pub fn cut(&self) -> Option<Cut> {
        self.cut.get().copied()
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

    /// The whole time that was given; `None` is no limit. What depends on it is the same under every load.
    pub fn time_limit(&self) -> Option<Duration> {
        self.limit
    }

    /// Counts steps.
    pub(crate) fn spend(&self, steps: usize) {
        if let Some(meter) = &self.meter {
            meter.spend(steps as u64);
        }
    }

    /// Steps done in this search.
    pub(crate) fn steps_done(&self) -> u64 {
        self.meter.as_ref().map_or(0, |m| m.done.load(Ordering::Relaxed))
    }

    /// Steps left to this search; `None` is no limit.
    pub(crate) fn steps_left(&self) -> Option<u64> {
        self.meter.as_ref().map(|meter| meter.left()).filter(|&left| left < u64::MAX)
    }

    /// Why to stop now, if so.
    pub fn should_stop(&self) -> Option<Stop> {
        if self.cancel.is_cancelled() {
            return Some(Stop::Cancelled);
        }
        if self.steps_left() == Some(0) {
            return Some(Stop::WorkLimit);
        }
        (self.time_left() == Some(Duration::ZERO)).then_some(Stop::TimeLimit)
    }

    /// Counts steps, and says whether to stop.
    pub(crate) fn spent(&self, steps: usize) -> bool {
        self.spend(steps);
        self.should_stop().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_deadline_counts() {
        let hour = Duration::from_secs(3600);
        let both = Control::default().with_time_limit(Duration::ZERO).with_time_limit(hour);
        assert_eq!(both.should_stop(), Some(Stop::TimeLimit));
        assert_eq!(both.time_limit(), Some(Duration::ZERO));
        assert_eq!(Control::default().with_time_limit(hour).should_stop(), None);
    }

    #[test]
    fn the_first_cut_counts() {
        let control = Control::default();
        let prediction = control.at(Stage::Prediction);
        prediction.note(Stop::TooLarge);
        assert_eq!(control.cut(), None, "no limit ended it");
        let cut = Cut { stage: Stage::Prediction, stop: Stop::TimeLimit };
        prediction.note(Stop::TimeLimit);
        control.at(Stage::Repair).note(Stop::Cancelled);
        assert_eq!(control.cut(), Some(cut));
        assert_eq!(control.for_question().cut(), None, "another question");
    }

    #[test]
    fn steps_are_counted_by_search() {
        let question = Control::default();
        let search = question.metered(Some(3));
        assert!(!search.spent(2));
        assert_eq!((search.steps_left(), search.steps_done()), (Some(1), 2));
        assert!(search.spent(1));
        assert_eq!(search.should_stop(), Some(Stop::WorkLimit));
        assert_eq!(question.metered(Some(1)).should_stop(), None, "another search");
        assert_eq!(question.metered(None).steps_left(), None);
        let whole = question.metered(Some(10));
        let part = whole.metered(Some(100));
        part.spend(4);
        assert_eq!(
            (part.steps_left(), whole.steps_left(), part.steps_done()),
            (Some(6), Some(6), 4)
        );
        part.spend(usize::MAX);
        assert_eq!(whole.should_stop(), Some(Stop::WorkLimit), "a part counts for the whole");
        search.cancel_token().cancel();
        assert_eq!(question.should_stop(), Some(Stop::Cancelled), "one token");
    }
}
