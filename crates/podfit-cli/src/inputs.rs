//! INPUT arguments → sources of bytes.

use podfit_api::Input;
use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// Folders below a folder.
const DEPTH_MAX: usize = 16;
/// Files in all.
const FILES_MAX: usize = 10_000;
/// Files up to this size are read at once, so that thousands of them need no open handle each.
const SMALL_BYTES: u64 = 1 << 20;

/// Every input, files of folders in the order of their names.
///
/// # Errors
/// A line for every path that cannot be read.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Input<'static>>, Vec<String>> {
    let (mut inputs, mut errors) = (Vec::new(), Vec::new());
    let mut stdin = false;
    for path in paths {
        if path.as_os_str() == "-" {
            if std::mem::replace(&mut stdin, true) {
                errors.push("-: standard input can be read once only".into());
            } else {
                inputs.push(Input::new("-", std::io::stdin()));
            }
        } else if path.is_dir() {
            let mut files = Vec::new();
            walk(path, 0, &mut files, &mut errors);
            if files.is_empty() {
                let what = "no .json, .yaml or .yml file in this folder";
                errors.push(format!("{}: {what}", path.display()));
            }
            files.iter().for_each(|f| add(f, true, &mut inputs, &mut errors));
        } else {
            add(path, false, &mut inputs, &mut errors);
        }
    }
    if errors.is_empty() { Ok(inputs) } else { Err(errors) }
}

fn add(path: &Path, of_folder: bool, inputs: &mut Vec<Input<'static>>, errors: &mut Vec<String>) {
    match open(path) {
        Ok(data) => inputs.push(Input { name: path.display().to_string(), data, of_folder }),
        Err(e) => errors.push(format!("{}: cannot be opened: {e}", path.display())),
    }
}

fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    let meta = file.metadata()?;
    // A pipe has no length; it is read as it comes.
    if !meta.is_file() || meta.len() > SMALL_BYTES {
        return Ok(Box::new(file));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Box::new(Cursor::new(bytes)))
}

/// Files of objects in a folder and those below; hidden files and folders (`.git`, editors' settings) are not looked into.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>, errors: &mut Vec<String>) {
    let listed = fs::read_dir(folder).and_then(|entries| {
        entries.map(|e| e.map(|e| e.path())).collect::<std::io::Result<Vec<PathBuf>>>()
    });
    let mut entries = match listed {
        Ok(entries) => entries,
        Err(e) => {
            errors.push(format!("{}: cannot be listed: {e}", folder.display()));
            return;
        }
    };
    entries.sort();
    for path in entries {
        let wanted = || {
            let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
            matches!(extension.as_deref(), Some("json" | "yaml" | "yml"))
        };
        let name = path.file_name().unwrap_or_default();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if path.is_dir() {
            // A link to a folder may lead in a circle.
            if path.is_symlink() {
                continue;
            }
            if depth + 1 >= DEPTH_MAX {
                errors.push(format!("{}: more than {DEPTH_MAX} folders deep", path.display()));
                continue;
            }
            walk(&path, depth + 1, files, errors);
        } else if wanted() {
            if files.len() == FILES_MAX {
                errors.push(format!("{}: more than {FILES_MAX} files", folder.display()));
                return;
            }
            files.push(path);
        }
    }
}
