//! podfit's integration tests: one binary, a module each.
#![allow(clippy::print_stdout)] // what was measured is worth reading

mod availability;
mod cause;
mod device;
mod explain;
mod fix;
mod fix_speed;
mod house;
mod judged;
mod lint;
mod moves;
mod naive;
mod network;
mod numbers;
mod oracle;
mod owners;
mod predict;
mod preempt;
mod referee;
mod referee_kinds;
mod referee_speed;
mod sequence;
mod solvers;
mod timeline;
mod validated;
mod what_if;
