//! What a person can do, one function each, grouped by the screen where it is done.

mod cards;
pub(crate) mod connections;
pub(crate) mod fetch;
mod fields;
mod matching;
mod orders;
pub(crate) mod pictures;
mod problems;
mod review;
mod settings;
