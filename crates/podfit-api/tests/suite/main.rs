//! Tests of the door from bytes to text. One binary; a file for each thing tested.

mod cases;
mod golden;
mod reports;
mod requests;
mod schemas;
