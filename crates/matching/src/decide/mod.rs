//! From observations to verdicts: what links by itself, what a person should see.

mod draft;
mod rivals;
mod rules;
mod settle;
mod tiers;

pub(crate) use draft::{Desk, Draft, Pair, candidates, draft};
pub(crate) use rivals::Rivals;
pub(crate) use rules::Case;
pub use rules::Caution;
pub(crate) use settle::{Court, Ranked, Settlement, key_bonus, method, reason};
pub(crate) use tiers::Tiers;
pub use tiers::{Record, Tier, TierState};
