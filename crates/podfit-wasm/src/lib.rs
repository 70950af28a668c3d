//! podfit for browsers and Node: the one door behind wasm-bindgen. No logic.
//!
//! JSON text crosses in both directions, so that integers of 64 bits survive. Whatever cannot be answered is
//! thrown as the JSON text of a `Thrown`, which `web/podfit` makes an error of, a panic too: nothing
//! here may be called after one.

mod fault;
mod rest;
mod solver;

use fault::Thrown;
use podfit_api::render::RenderOptions;
use podfit_api::{
    AnswerOptions, DeviceUnder, Edit, Format, Input, OpenOptions, Request, Selection, Solver,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use solver::LpSolver;
use std::collections::BTreeMap;
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a panic an exception that says what happened, where a trap would only say "unreachable".
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_val(Thrown::crashed(info).into())));
}

/// Version of podfit.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// Inputs on their way in: added one by one, then opened together.
#[wasm_bindgen]
#[derive(Default)]
pub struct Inputs(Vec<(String, Vec<u8>)>);

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct OpenFields {
    assume_requests: Requests,
    autoscaled: bool,
    cron_jobs: bool,
    leave_out_faulty: bool,
    device: Option<DeviceFields>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DeviceFields {
    model: String,
    hosts: BTreeMap<String, Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Requests {
    cpu: Option<String>,
    memory: Option<String>,
}

#[wasm_bindgen]
impl Inputs {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more file.
    pub fn add(&mut self, name: String, data: Vec<u8>) {
        self.0.push((name, data));
    }

    /// Reads them.
    pub fn open(self, options: &str) -> Result<Snapshot, Thrown> {
        let fields: OpenFields = parse("options", options)?;
        let Requests { cpu, memory } = fields.assume_requests;
        let assumed = [("cpu", cpu), ("memory", memory)];
        let options = OpenOptions {
            assume_requests: assumed
                .into_iter()
                .filter_map(|(name, amount)| Some((name.to_string(), amount?)))
                .collect(),
            autoscaled: fields.autoscaled,
            cron_jobs: fields.cron_jobs,
            leave_out_faulty: fields.leave_out_faulty,
            device: fields
                .device
                .map(|d| DeviceUnder { model: d.model, hosts: d.hosts.into_iter().collect() }),
        };
        let inputs = self.0.iter();
        let inputs = inputs.map(|(name, data)| Input::new(name, data.as_slice())).collect();
        Ok(Snapshot(podfit_api::open(inputs, &options)?))
    }
}

/// A cluster opened once and asked often.
#[wasm_bindgen]
pub struct Snapshot(podfit_api::Snapshot);

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct AnswerFields {
    solver: Solver,
    time_limit_seconds: Option<f64>,
    seed: u64,
    verdict_only: bool,
    namespace: Option<String>,
    selector: Option<String>,
    changed: bool,
}

impl AnswerFields {
    fn options(self, lp: Option<LpSolver>) -> Result<AnswerOptions, Thrown> {
        let time_limit = self.time_limit_seconds.map(Duration::try_from_secs_f64).transpose();
        let list = Selection::new(self.namespace.as_deref(), self.selector.as_deref());
        Ok(AnswerOptions {
            solver: self.solver,
            time_limit: time_limit.map_err(|e| Thrown::option("timeLimitSeconds", &e))?,
            seed: self.seed,
            outside: lp.map(solver::outside),
            verdict_only: self.verdict_only,
            list: list.map_err(|e| Thrown::option("selector", &e))?.changed(self.changed),
            ..AnswerOptions::default()
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct RenderFields {
    format: Option<Format>,
    width: Option<usize>,
    color: bool,
    ascii: bool,
    sort_by: Option<String>,
}

impl From<RenderFields> for RenderOptions {
    fn from(fields: RenderFields) -> Self {
        let RenderFields { format, width, color, ascii, sort_by } = fields;
        let format = format.unwrap_or(Format::Json);
        Self { format, width: width.unwrap_or(Self::default().width), color, ascii, sort_by }
    }
}

#[wasm_bindgen]
impl Snapshot {
    /// The same with these edits carried out; this one stays as it is.
    pub fn edited(&self, edits: &str) -> Result<Snapshot, Thrown> {
        let edits: Vec<Edit> = parse("edits", edits)?;
        Ok(Self(self.0.edited(&edits)?))
    }

    /// Every fault of the objects that were left out, as a JSON list.
    #[wasm_bindgen(js_name = leftOut)]
    pub fn left_out(&self) -> String {
        fault::list(self.0.left_out())
    }

    /// The answer as the command prints it.
    pub fn answer(
        &self,
        request: &str,
        options: &str,
        render: &str,
        lp: Option<LpSolver>,
    ) -> Result<String, Thrown> {
        let request: Request = parse("request", request)?;
        let options = parse::<AnswerFields>("options", options)?.options(lp)?;
        let form = parse::<RenderFields>("render", render)?.into();
        let answered = self.0.answer(&request, &options);
        if let Some(failed) = solver::take_fault() {
            return Err(failed);
        }
        podfit_api::render::render(&answered?, &form).map_err(|e| Thrown::option(e.option(), &e))
    }
}

fn parse<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Thrown> {
    serde_json::from_str(text).map_err(|e| Thrown::unreadable(what, &e))
}
