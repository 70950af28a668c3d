//! Text and JSON of every case against the files in `tests/golden`. `PODFIT_BLESS=1` rewrites them: read
//! the difference before you commit it.

use crate::cases::{all, answer};
use podfit_api::render::{Format, RenderOptions, render};
use std::path::PathBuf;

pub fn agrees(path: PathBuf, now: &str) {
    if std::env::var_os("PODFIT_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, now).unwrap();
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(before == now, "{} differs; now:\n{now}\n(PODFIT_BLESS=1 rewrites it)", path.display());
}

pub fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

#[test]
fn tables() {
    for case in all() {
        let options = RenderOptions { width: 90, ..RenderOptions::default() };
        agrees(golden(&format!("{}.txt", case.name)), &render(&answer(&case), &options).unwrap());
    }
}

#[test]
fn wide_ascii() {
    let case = &all()[2];
    let options =
        RenderOptions { width: 120, format: Format::Wide, ascii: true, ..RenderOptions::default() };
    let text = render(&answer(case), &options).unwrap();
    assert!(text.is_ascii(), "{text}");
    agrees(golden("with-losses.wide.txt"), &text);
}

#[test]
fn csv() {
    let names =
        ["with-losses", "audit", "place", "check-plan", "timeline", "availability", "rolling"];
    for case in all().iter().filter(|c| names.contains(&c.name)) {
        let options = RenderOptions { format: Format::Csv, ..RenderOptions::default() };
        agrees(golden(&format!("{}.csv", case.name)), &render(&answer(case), &options).unwrap());
    }
}

#[test]
fn json() {
    let names = [
        "with-losses",
        "host-too-small",
        "audit",
        "place",
        "check-plan",
        "timeline",
        "availability",
        "fail-over-and-back",
    ];
    for case in all().iter().filter(|c| names.contains(&c.name)) {
        let text = serde_json::to_string_pretty(&answer(case).report).unwrap() + "\n";
        agrees(golden(&format!("{}.json", case.name)), &text);
    }
}
