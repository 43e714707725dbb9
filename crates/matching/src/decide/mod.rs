//! From observations to verdicts: what links by itself, what a person should see.

mod claim;
mod draft;
mod settle;

pub(crate) use claim::is_silent;
pub(crate) use draft::{Draft, draft};
pub(crate) use settle::{Ranked, Settlement, method, settle};
