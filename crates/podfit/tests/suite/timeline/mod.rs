//! Timelines: the worked numbers, a case for each kind of loss, and a simulation that shares nothing with them.

mod cases;
mod simulate;
pub mod world;
