//! Writes a kubectl dump of any size to standard output.
//!
//! `cargo run --release -p podfit-benches --example dump -- 5000 100000 > dump.json`

use podfit_benches::{Size, write_dump};
use std::io::{BufWriter, stdout};

fn main() -> std::io::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|a| a.parse::<usize>());
    let (Some(Ok(nodes)), Some(Ok(pods))) = (numbers.next(), numbers.next()) else {
        return Err(std::io::Error::other("usage: dump NODES PODS"));
    };
    write_dump(Size::full(nodes.max(1), pods), &mut BufWriter::new(stdout().lock()))
}
