//! Pages of records, and the questions that they answer.

use serde::{Deserialize, Serialize};
use tandem_domain::{StatusCode, Timestamp};

/// Where the next page begins. Its text belongs to the connector that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Which records are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All that there are.
    All,
    /// Those that changed at or after this instant (server's clock, UTC). May return more:
    /// connectors overlap rather than miss, and content hashes sort out what is new.
    Since(Timestamp),
}

/// A question to a [`crate::Source`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Which records.
    pub scope: Scope,
    /// Only orders in these statuses; empty means all.
    pub statuses: Vec<StatusCode>,
}

impl Query {
    /// Everything.
    pub fn all() -> Self {
        Self {
            scope: Scope::All,
            statuses: Vec::new(),
        }
    }

    /// What changed at or after an instant.
    pub fn since(instant: Timestamp) -> Self {
        Self {
            scope: Scope::Since(instant),
            statuses: Vec::new(),
        }
    }
}

/// A record with the text that it was made from, so that nothing the server said is lost.
#[derive(Debug, Clone)]
pub struct Fetched<T> {
    /// The record.
    pub record: T,
    /// The JSON it was made from, as received.
    pub raw: String,
}

/// A record that could not be understood. It is kept and shown, never dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its id, where that much could be read.
    pub external_id: String,
    /// Which field, and why.
    pub reason: String,
    /// As received.
    pub raw: String,
}

/// One page.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// What was understood, in the server's order.
    pub items: Vec<Fetched<T>>,
    /// What was not.
    pub rejected: Vec<Rejected>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Cursor>,
    /// How many records the whole answer has, where the server says so.
    pub total: Option<u64>,
    /// The server's clock when it answered.
    pub server_time: Option<Timestamp>,
}
