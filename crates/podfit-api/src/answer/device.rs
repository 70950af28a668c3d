//! What is the edge device made of, and what does it do when parts of it fail?

use super::{Asked, Fault, Question};
use crate::names::at;
use crate::report::{self, DeviceReport};
use crate::request::DeviceRequest;

impl Question for DeviceRequest {
    type Report = DeviceReport;

    #[inline(never)]
    fn answer(&self, asked: &Asked<'_>) -> Result<DeviceReport, Fault> {
        let Some(device) = asked.snapshot.device() else {
            let fix = "describe one (device: {model: pro-gpu, nodes: 2}), or say which nodes are its machines (--device, --host)";
            let fault = ("no-device", "the input describes no edge device".into(), fix.into());
            return Err(Fault::Request(vec![at("input", fault)]));
        };
        Ok(report::device(&asked.context(), device))
    }
}
