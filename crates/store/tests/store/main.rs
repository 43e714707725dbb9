//! What the local database promises, tried on real files and in memory.

#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, and says where"
)]

mod connections;
mod fetch;
mod file;
mod orders;
mod samples;
mod search;
