//! Work in the background: runs, their steps, and the events that doors listen to.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::connections::Params;
use super::health::ConsentEnded;
use crate::AppError;

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Reads both sides, then matches and judges the orders.
    Fetch,
    /// Matches again what is in the cache.
    Match,
    /// Brings orders into Odoo.
    Import,
    /// Tells the store about its customers.
    Customers,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// At work.
    Running,
    /// Ended well.
    Done,
    /// Stopped by an error; what was read is kept.
    Failed,
    /// Stopped by the person; what was read is kept.
    Cancelled,
}

/// The steps of a run, in order (`step.<name>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunStepName {
    /// Products and variations of the store.
    StoreListings,
    /// Variants of Odoo.
    OdooVariants,
    /// Stock of Odoo.
    OdooStock,
    /// Orders of the store.
    StoreOrders,
    /// What the store paid back.
    StoreRefunds,
    /// Matching, and judging the orders.
    Match,
    /// What Odoo has to choose from, and what it knows of the orders that wait.
    OdooSales,
    /// Orders into Odoo.
    Import,
    /// Customers, one after another.
    Customers,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunStepState {
    /// Its turn has not come.
    Waiting,
    /// At work.
    Running,
    /// Ended well.
    Done,
    /// Stopped.
    Failed,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RunStep {
    /// Which.
    pub name: RunStepName,
    /// How it stands.
    pub state: RunStepState,
    /// Records so far.
    pub done: u32,
    /// Records in all, when the server said so.
    pub total: Option<u32>,
    /// New or changed records.
    pub changed: u32,
    /// Records that could not be understood, kept and listed.
    pub problems: u32,
    /// Time at work.
    pub elapsed_ms: u32,
    /// Records a second, over the last moments.
    pub rate: u32,
    /// Until it ends, as far as can be told.
    pub seconds_left: Option<u32>,
    /// True while nothing can be reached; it goes on by itself.
    pub paused: bool,
    /// Set while waiting before a call is made again.
    pub waiting_seconds: Option<u32>,
}

/// How weighty a line of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For the record.
    Info,
    /// Worth a look.
    Warning,
    /// Stopped something.
    Error,
}

/// One line of a run's log; its words are under `log.<code>`, or `error.<code>` for errors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// RFC 3339.
    pub at: String,
    /// How weighty.
    pub level: LogLevel,
    /// Stable code.
    pub code: String,
    /// Values for its words.
    pub params: Params,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Its number.
    pub id: u32,
    /// What it does.
    pub kind: RunKind,
    /// For which store.
    pub store: String,
    /// How it stands.
    pub state: RunState,
    /// Its steps.
    pub steps: Vec<RunStep>,
    /// Records a second, over the last moments.
    pub rate: u32,
    /// Until it ends, as far as can be told.
    pub seconds_left: Option<u32>,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    pub ended_at: Option<String>,
    /// What stopped it.
    pub error: Option<AppError>,
    /// The last lines of its log, oldest first.
    pub log: Vec<LogLine>,
}

/// Reads that went stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Stale {
    /// Connections and their tests.
    Connections,
    /// The review and its counts.
    Review,
    /// Orders and their counts.
    Orders,
    /// The maps.
    Maps,
    /// Runs.
    Runs,
    /// Settings.
    Settings,
    /// What is running (`app_info`): this process may run jobs now, the keychain opened.
    App,
    /// What follows steps over many pairs.
    FollowUps,
}

/// What follows a step over many pairs behind its answer: orders are judged again, then the queue
/// gets its new order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FollowUp {
    /// Of which store.
    pub store: String,
    /// Orders judged so far.
    pub judged: u32,
    /// Orders in all, once they are counted.
    pub orders: Option<u32>,
}

impl Stale {
    /// All of them: for a listener that missed some events.
    pub const ALL: [Self; 8] = [
        Self::Connections,
        Self::Review,
        Self::Orders,
        Self::Maps,
        Self::Runs,
        Self::Settings,
        Self::App,
        Self::FollowUps,
    ];
}

/// What a door hears without asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "event", content = "value")]
pub enum AppEvent {
    /// A run moved; at most some ten a second.
    Run(RunView),
    /// These reads went stale.
    Stale(Vec<Stale>),
    /// A consent in the browser came to its end.
    Consent(ConsentEnded),
}
