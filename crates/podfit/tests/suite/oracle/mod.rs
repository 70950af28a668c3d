//! The judge of the solvers on small clusters: a generator of random cases in which every rule binds
//! now and then, and the best that any order of placements can reach, found by brute force with the
//! referee's word alone.
//!
//! In: a seed. Out: a [`Case`], and its [`Best`].

mod brute;
mod generate;
mod random;
mod shapes;
mod tests;

#[allow(unused_imports, reason = "what brute_force returns, for whoever has to name it")]
pub use brute::Best;
pub use brute::{brute_force, brute_force_ignoring, brute_force_moving};
pub use generate::{Case, case, roomy_case};
pub use random::Random;
pub use shapes::random_shape;
