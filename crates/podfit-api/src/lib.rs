//! Being laid.

pub mod input;
