//! What a person can do, one function each, grouped by the screen where it is done.

mod accounts;
mod cards;
pub(crate) mod connections;
mod facets;
pub(crate) mod fetch;
mod fields;
pub(crate) mod learning;
pub(crate) mod match_files;
mod matching;
mod orders;
mod patterns;
pub(crate) mod pictures;
mod problems;
mod reranking;
mod review;
mod settings;
