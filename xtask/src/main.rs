//! `xtask wasm`: crates/podfit-wasm → web/podfit/wasm, for browsers and Node alike, no larger than agreed.

use flate2::{Compression, write::GzEncoder};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const TARGET: &str = "wasm32-unknown-unknown";
/// What a page may make its visitor wait for, HiGHS apart. The aim is 400,000: sorts of the standard library (a
/// seventh) and serde's readers (an eighth) are what stands in the way.
const GZIPPED_BYTES_MAX: usize = 850_000;

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

fn wasm() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let built = build(&root)?;
    let out = root.join("web/podfit/wasm");
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
    within_size(&out.join("podfit_bg.wasm"))
}

/// Compiles; says where the file is.
fn build(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
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

fn within_size(file: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = std::fs::read(file)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes)?;
    let gzipped = gzip.finish()?.len();
    eprintln!("{}: {} bytes, {gzipped} gzipped", file.display(), bytes.len());
    if gzipped > GZIPPED_BYTES_MAX {
        return Err(format!("more than {GZIPPED_BYTES_MAX} bytes gzipped").into());
    }
    Ok(())
}
