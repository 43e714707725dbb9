//! What goes wrong on the way: nothing is lost, nothing is doubled, nothing secret gets out.

mod fetching;
mod secrets;
