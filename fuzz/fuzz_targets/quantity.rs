//! Any text is a quantity within the range, or an error; and the sign only mirrors it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podfit_kube::Quantity;

fuzz_target!(|text: &str| {
    let Ok(q) = Quantity::parse(text) else { return };
    assert!(q.nano().abs() <= i128::from(i64::MAX) * 1_000_000_000);
    if !text.starts_with(['+', '-']) {
        let mirrored = Quantity::parse(&format!("-{text}"));
        // One byte more may pass the limit on length.
        assert!(text.len() >= 128 || mirrored.map(Quantity::nano) == Ok(-q.nano()));
    }
});
