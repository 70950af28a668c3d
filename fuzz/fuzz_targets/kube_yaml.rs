//! Any text after a document marker is answered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podfit_kube::{Options, Reader};

fuzz_target!(|bytes: &[u8]| {
    let mut reader = Reader::new(Options::default());
    let text = [b"---\n", bytes].concat();
    reader.read_slice("fuzz", &text);
    if let Err(errors) = reader.finish() {
        assert!(!errors.is_empty());
    }
});
