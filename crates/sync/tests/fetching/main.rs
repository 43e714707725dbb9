//! What the engine's fetch side promises, against sources that the tests control.

mod ahead;
mod rolling;
mod shelf;
mod stops;
