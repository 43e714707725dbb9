//! What was done: runs, and a person's decisions by day.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::review::DecideAction;
use super::runs::RunState;
use crate::error::Code;

/// What a line of the history is about (`history.kind.<kind>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Both sides were read.
    Fetch,
    /// The cache was matched again.
    Match,
    /// Orders went into Odoo.
    Import,
    /// A store was told about its customers.
    Customers,
    /// A person decided about products, on one day.
    Decisions,
}

/// How runs ended, as a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunEnd {
    /// They failed.
    Failed,
    /// They were stopped, or killed.
    Stopped,
}

/// Which lines are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct HistoryQuery {
    /// Only of this store.
    pub store: Option<String>,
    /// Only these kinds; empty means all.
    pub kinds: Vec<EntryKind>,
    /// Only runs that ended so.
    pub ended: Option<RunEnd>,
    /// A code, a step or a name in a run's account.
    pub text: String,
    /// How far the person's day is ahead of UTC.
    pub utc_offset_minutes: i32,
    /// First row.
    pub offset: u32,
    /// How many, at most 500.
    pub limit: u32,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryRow {
    /// Unique in the list: `run-12`, `day-shop-2026-11-21T00:00:00Z`.
    pub id: String,
    /// What it is about.
    pub kind: EntryKind,
    /// The run's number; nothing for decisions.
    pub run: Option<u32>,
    /// Short name of the store.
    pub store: String,
    /// The manager's name for it.
    pub store_name: String,
    /// How it stands; decisions are done.
    pub state: RunState,
    /// When it began, or the day of the decisions began. RFC 3339.
    pub from: String,
    /// When it began; of decisions, the latest one. RFC 3339.
    pub at: String,
    /// When it ended. RFC 3339.
    pub ended_at: Option<String>,
    /// Records that were read.
    pub read: u32,
    /// Records that were new or other than before.
    pub changed: u32,
    /// Records that could not be understood.
    pub problems: u32,
    /// What stopped it.
    pub error: Option<Code>,
    /// Pairs accepted, and still in force.
    pub accepted: u32,
    /// Pairs rejected, and still in force.
    pub rejected: u32,
    /// Listings set aside, and still so.
    pub ignored: u32,
    /// Decisions taken back since.
    pub undone: u32,
}

/// Lines by how they ended, under all other filters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryCounts {
    /// All.
    pub all: u32,
    /// Failed.
    pub failed: u32,
    /// Stopped.
    pub stopped: u32,
}

/// Lines, newest first, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    /// Lines that fit the query.
    pub total: u32,
    /// Those asked for.
    pub rows: Vec<HistoryRow>,
    /// By how they ended.
    pub counts: HistoryCounts,
}

/// Which day's decisions are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DecisionsQuery {
    /// The store.
    pub store: String,
    /// When the day began, RFC 3339.
    pub from: String,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MadeDecision {
    /// The listing.
    pub listing: String,
    /// Its name; its id where the cache does not have it any more.
    pub name: String,
    /// What was decided.
    pub action: DecideAction,
    /// SKU or name of the variant it was about.
    pub variant: Option<String>,
    /// RFC 3339.
    pub at: String,
    /// When it was taken back, RFC 3339.
    pub undone_at: Option<String>,
}

/// The decisions of one day, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DecisionsDay {
    /// The latest of them.
    pub rows: Vec<MadeDecision>,
    /// True when there are more than are listed.
    pub more: bool,
}
