//! Tests of the door from bytes to text. One binary; a file for each thing tested.
#![allow(clippy::unwrap_used)] // a test that fails should say where

mod availability;
mod cases;
mod edits;
mod failures;
mod files;
mod golden;
mod kinds;
mod left_out;
mod metrics;
mod names;
mod repair;
mod reports;
mod requests;
mod round_trip;
mod schemas;
mod stop;
mod sweep;
