//! What a person can do, one function each, grouped by the screen where it is done.

mod accounts;
mod bulk;
mod cards;
mod chronicle;
pub(crate) mod connections;
mod facets;
pub(crate) mod fetch;
mod fields;
mod find;
mod history;
pub(crate) mod learning;
pub(crate) mod link_files;
pub(crate) mod match_files;
mod matching;
mod order_detail;
mod orders;
mod patterns;
pub(crate) mod pictures;
mod problems;
mod raw;
mod reranking;
mod review;
mod settings;
pub(crate) mod settling;
mod tables;
mod today;
mod today_needs;
