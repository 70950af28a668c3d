//! Our own faults: reported in plain words, and kept in a file for the bug report.

use std::io::Write;
use std::path::PathBuf;

/// Panics are reported in two lines instead of a trace, and saved.
pub fn tell_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let backtrace = std::backtrace::Backtrace::force_capture();
        let version = env!("CARGO_PKG_VERSION");
        let mut lines = vec![format!("internal error: {panic}; please report it with the input")];
        lines.extend(save(&format!("podfit {version}\n{panic}\n{backtrace}\n")));
        crate::output::complain(&lines);
    }));
}

/// Keeps an instance in the folder for temporary files and says where.
pub fn save(instance: &str) -> Option<String> {
    let folder = std::env::temp_dir();
    // The name is ours alone: a file or link that is there already is left alone.
    let kept = (0..100).find_map(|n| {
        let path = folder.join(format!("podfit-error-{}-{n}.txt", std::process::id()));
        let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        write(file.ok()?, instance, path)
    })?;
    Some(format!("what is needed to find the cause is in {}", kept.display()))
}

fn write(mut file: std::fs::File, instance: &str, path: PathBuf) -> Option<PathBuf> {
    file.write_all(instance.as_bytes()).ok().map(|()| path)
}
