//! The command `podfit` (also `kubectl podfit`): arguments, files and the terminal. All that is computed
//! or worded comes through the door, `podfit-api`.
//!
//! Exit codes: 0 fits, 1 does not (or with losses, unknown, violations), 2 input or usage, 3 our fault.

mod args;
mod collect;
mod crash;
mod inputs;
mod output;
mod progress;
mod run;
mod timing;
mod words;

use clap::{CommandFactory, FromArgMatches};
use std::process::ExitCode;

fn main() -> ExitCode {
    crash::tell_of_panics();
    let name = called_as();
    let command = args::Cli::command().name(name).bin_name(name);
    let matches = match command.try_get_matches() {
        Ok(matches) => matches,
        Err(e) => {
            // Help and version are answers, not errors; a closed pipe is nobody's fault.
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { run::USAGE } else { 0 });
        }
    };
    let cli = match args::Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(run::USAGE);
        }
    };
    let code = std::panic::catch_unwind(|| run::run(cli, name));
    ExitCode::from(code.unwrap_or(run::INTERNAL))
}

/// kubectl calls its plugins by a name of theirs.
fn called_as() -> &'static str {
    let program = std::env::args_os().next();
    let stem = program.as_deref().map(std::path::Path::new).and_then(|p| p.file_stem());
    match stem.and_then(|s| s.to_str()) {
        Some("kubectl-podfit" | "kubectl_podfit") => "kubectl podfit",
        _ => "podfit",
    }
}
