//! `xtask wasm`: crates/podfit-wasm → web/podfit/wasm, for browsers and Node alike: a first file, no larger than agreed,
//! and the rest.

mod split;

use flate2::{Compression, write::GzEncoder};
use split::{Done, split};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const TARGET: &str = "wasm32-unknown-unknown";
/// What a page may make its visitor wait for, HiGHS apart.
const FIRST_BYTES_MAX: usize = 545_000;
/// And what comes after.
const REST_BYTES_MAX: usize = 1_020_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [what] if what == "wasm" => wasm(),
        _ => Err("usage: xtask wasm".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn wasm() -> Done<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let built = build(&root)?;
    let package = root.join("web/podfit");
    let out = package.join("wasm");
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(built)
        .web(true)?
        .out_name("podfit")
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Bundlers find the file by `new URL("podfit_bg.wasm", import.meta.url)`.
        .omit_default_module_path(false)
        .generate(&out)
        .map_err(|e| format!("{e:#}"))?;
    let first = out.join("podfit_bg.wasm");
    let whole = std::fs::read(&first)?;
    let halves = split(&whole, &run_first(&whole, &package)?)?;
    let rest = out.join("podfit_rest.wasm");
    std::fs::write(&first, &halves.first)?;
    std::fs::write(&rest, &halves.rest)?;
    within(FIRST_BYTES_MAX, &first, &halves.first)?;
    within(REST_BYTES_MAX, &rest, &halves.rest)
}

/// The functions that first answers run.
fn run_first(whole: &[u8], package: &Path) -> Done<BTreeSet<usize>> {
    let marked = package.join("wasm/marked.wasm");
    std::fs::write(&marked, split::marked(whole)?)?;
    let asked = Command::new("node").arg(package.join("scripts/first.js")).arg(&marked).output()?;
    std::fs::remove_file(&marked)?;
    if !asked.status.success() {
        return Err(format!("first.js failed: {}", String::from_utf8_lossy(&asked.stderr)).into());
    }
    Ok(String::from_utf8(asked.stdout)?.lines().map(str::parse).collect::<Result<_, _>>()?)
}

/// Compiles; says where the file is.
fn build(root: &Path) -> Done<PathBuf> {
    let target = root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = cargo_home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    // Messages of panics name source files: not those of the machine that built them.
    let mut flags = format!("--remap-path-prefix={}=podfit", root.display());
    if let Some(home) = home {
        flags += &format!("\x1f--remap-path-prefix={}=cargo", home.display());
    }
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--locked", "--profile", "wasm", "-p", "podfit-wasm", "--target", TARGET])
        .current_dir(root)
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    if !status.success() {
        return Err("podfit-wasm does not build".into());
    }
    Ok(target.join(TARGET).join("wasm/podfit_wasm.wasm"))
}

fn within(gzipped_max: usize, file: &Path, wasm: &[u8]) -> Done<()> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(wasm)?;
    let gzipped = gzip.finish()?.len();
    eprintln!("{}: {} bytes, {gzipped} gzipped", file.display(), wasm.len());
    if gzipped > gzipped_max {
        return Err(format!("more than {gzipped_max} bytes gzipped").into());
    }
    Ok(())
}
