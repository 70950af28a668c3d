//! podfit's integration tests: one binary, a module each.

mod naive;
mod oracle;
mod referee;
mod referee_kinds;
mod referee_speed;
mod solvers;
