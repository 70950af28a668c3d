//! The build cuts the WebAssembly in two (`xtask/src/split.rs`): functions that first answers do not run come in a
//! second file. Where one of them is called before that file is there, [`bring_rest`] is called first.

use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Brings the second file.
    pub type Rest;

    /// Returns when its functions are in the table; throws if they cannot be had.
    #[wasm_bindgen(method, structural)]
    fn bring(this: &Rest);
}

thread_local! {
    static REST: RefCell<Option<Rest>> = const { RefCell::new(None) };
}

/// Who brings it.
#[wasm_bindgen(js_name = setRest)]
pub fn set_rest(rest: Rest) {
    REST.set(Some(rest));
}

/// Has it brought.
#[wasm_bindgen(js_name = bringRest)]
pub fn bring_rest() {
    REST.with_borrow(|rest| rest.as_ref().map(Rest::bring));
}
