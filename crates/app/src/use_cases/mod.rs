//! What a person can do, one function each, grouped by the screen where it is done.

mod address;
mod cards;
mod check_views;
pub(crate) mod connections;
pub(crate) mod fetch;
mod fields;
mod matching;
mod orders;
mod review;
mod settings;
