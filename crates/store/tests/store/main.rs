//! What the local database promises, tried on real files and in memory.

#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, and says where"
)]

mod connections;
mod customers;
mod decisions;
mod fetch;
mod file;
mod health;
mod learning;
mod matching;
mod orders;
mod refunds;
mod review;
mod runs;
mod samples;
mod search;
mod speed;
mod sweeps;
mod upgrades;
