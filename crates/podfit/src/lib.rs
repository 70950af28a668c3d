//! podfit says whether your pods still fit when a node is gone, proves it, and gives the shortest
//! way to make it true.
//!
//! Data flows one way through the folders: [`model`] (what is), then what is allowed, the referee,
//! the numbers, the solvers, the questions, the edge device, the network. ARCHITECTURE.md is the map.

pub mod admission;
pub mod check;
pub mod control_plane;
pub mod device;
pub mod lint;
pub mod model;
pub mod network;
pub mod planner;
pub mod problem;
mod random;
pub mod rules;
pub mod schedule;
pub mod solve;
