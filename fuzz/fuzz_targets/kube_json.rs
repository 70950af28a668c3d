//! Any bytes are answered, and the same whether they come at once or in drops.
#![no_main]

use libfuzzer_sys::fuzz_target;
use podfit_kube::{Options, Reader};
use std::io::Read;

struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = into.len().min(3);
        self.0.read(&mut into[..n])
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut whole = Reader::new(Options::default());
    whole.read_slice("fuzz", bytes);
    let mut drops = Reader::new(Options::default());
    drops.read("fuzz", Drops(bytes));
    match (whole.finish(), drops.finish()) {
        (Ok(a), Ok(b)) => assert_eq!(a.counts, b.counts),
        (Err(a), Err(b)) => {
            assert!(!a.is_empty());
            assert_eq!(a, b);
        }
        _ => panic!("one way of reading succeeds, the other fails"),
    }
});
