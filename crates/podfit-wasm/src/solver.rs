//! The caller's integer programming solver: a JavaScript object with one method.

use crate::fault::Thrown;
use podfit_api::{IntegerAnswer, IntegerProgram, Outside, Stop};
use std::cell::RefCell;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// Solves integer programs.
    #[derive(Clone)]
    pub type LpSolver;
    /// What it says of one.
    pub type LpAnswer;

    /// The arrays are views of our memory, good for the time of the call.
    #[wasm_bindgen(method, structural, catch)]
    fn solve(
        this: &LpSolver,
        most: &[f64],
        cost: &[f64],
        offset: f64,
        row_starts: &[u32],
        columns: &[u32],
        values: &[f64],
        row_least: &[f64],
        row_most: &[f64],
        start: &[f64],
        seed: u32,
        time_limit_seconds: f64,
    ) -> Result<LpAnswer, JsValue>;

    #[wasm_bindgen(method, getter, structural, catch)]
    fn stop(this: &LpAnswer) -> Result<String, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn bound(this: &LpAnswer) -> Result<f64, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn columns(this: &LpAnswer) -> Result<Vec<f64>, JsValue>;
}

thread_local! {
    // A JavaScript object cannot be sent to another thread, and here there is none.
    static SOLVER: RefCell<Option<LpSolver>> = const { RefCell::new(None) };
    static FAULT: RefCell<Option<Thrown>> = const { RefCell::new(None) };
}

/// The solver for the core; it holds until the next one is given.
pub fn outside(solver: LpSolver) -> Outside {
    SOLVER.set(Some(solver));
    FAULT.take();
    Outside::new(|program| {
        // Not borrowed while it works: it may come back to us.
        let solver = SOLVER.with_borrow(|solver| solver.clone());
        match solver.map(|s| ask(&s, program)) {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => {
                FAULT.set(Some(Thrown::solver(&words_of(&error))));
                gave_up()
            }
            None => gave_up(),
        }
    })
}

/// What went wrong with the solver since it was given.
pub fn take_fault() -> Option<Thrown> {
    FAULT.take()
}

fn gave_up() -> IntegerAnswer {
    IntegerAnswer { stop: Stop::TooLarge, bound: f64::NAN, columns: Vec::new() }
}

fn ask(solver: &LpSolver, p: &IntegerProgram) -> Result<IntegerAnswer, JsValue> {
    let answer = solver.solve(
        &p.most,
        &p.cost,
        p.offset,
        &p.row_starts,
        &p.columns,
        &p.values,
        &p.row_least,
        &p.row_most,
        &p.start,
        p.seed,
        p.time_limit.map_or(f64::INFINITY, |limit| limit.as_secs_f64()),
    )?;
    let stop = match answer.stop()?.as_str() {
        "proved" => Stop::Proved,
        "time-limit" => Stop::TimeLimit,
        "cancelled" => Stop::Cancelled,
        _ => Stop::TooLarge,
    };
    Ok(IntegerAnswer { stop, bound: answer.bound()?, columns: answer.columns()? })
}

fn words_of(error: &JsValue) -> String {
    error.as_string().unwrap_or_else(|| format!("{error:?}"))
}
