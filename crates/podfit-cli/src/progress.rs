//! A line of progress on standard error: on a terminal only, and only for work that takes a while.

use crate::output;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use podfit_api::Progress as Event;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// Work below this shows nothing.
const QUIET: Duration = Duration::from_millis(500);

type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// Draws until it is stopped or dropped.
pub struct Progress {
    events: Option<mpsc::Sender<Event>>,
    painter: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts to wait for something to show.
    pub fn start() -> Self {
        if !output::may_draw() {
            return Self { events: None, painter: None };
        }
        let (events, received) = mpsc::channel();
        let painter = std::thread::Builder::new().spawn(move || paint(&received));
        Self { events: Some(events), painter: painter.ok() }
    }

    /// Passes on what the library reports.
    pub fn listener(&self) -> Listener {
        match self.events.clone() {
            // Nobody listens any more once the answer is there.
            Some(events) => Arc::new(move |event| drop(events.send(event))),
            None => Arc::new(|_| {}),
        }
    }

    /// Takes the line away.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // Listeners may hold senders still, so the end is sent, not inferred.
        if let Some(events) = self.events.take() {
            let _ = events.send(Event::Cases { done: usize::MAX, all: 0 });
        }
        if let Some(painter) = self.painter.take() {
            let _ = painter.join();
        }
    }
}

fn is_end(event: &Event) -> bool {
    matches!(event, Event::Cases { done: usize::MAX, all: 0 })
}

fn paint(events: &mpsc::Receiver<Event>) {
    let start = std::time::Instant::now();
    let mut last = None;
    loop {
        let left = QUIET.saturating_sub(start.elapsed());
        match events.recv_timeout(left) {
            Ok(event) if is_end(&event) => return,
            Ok(event) => last = Some(event),
            Err(mpsc::RecvTimeoutError::Timeout) => break,
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        }
        if start.elapsed() >= QUIET {
            break;
        }
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(120));
    let show = |event: Option<&Event>| match event {
        Some(Event::Cases { done, all }) => bar.set_message(format!("case {done} of {all}")),
        Some(Event::Solving { solver, level }) => {
            bar.set_message(format!("{solver}, level {}", level + 1));
        }
        Some(Event::LookingForFixes) => bar.set_message("looking for fixes"),
        _ => bar.set_message("reading"),
    };
    show(last.as_ref());
    while let Ok(event) = events.recv() {
        if is_end(&event) {
            break;
        }
        show(Some(&event));
    }
    bar.finish_and_clear();
}
