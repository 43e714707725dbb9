//! What goes wrong on the way: nothing is lost, nothing is doubled, nothing secret gets out.

mod converging;
mod crashes;
mod fetching;
mod secrets;
mod two;
