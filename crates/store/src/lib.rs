//! The local database of one profile: what was fetched, what was decided, what is left to do.
//!
//! It is a cache with one exception, the manager's decisions: everything else can be fetched
//! again, so the file may be deleted at any time. It knows no network, no secret and no clock;
//! ids and instants are passed in. Every multi-row change is one transaction.

mod bulk;
mod conflicts;
mod connections;
mod convert;
mod cursors;
mod day;
mod db;
mod decisions;
mod error;
mod file;
mod health;
mod history;
mod listings;
mod lock;
mod matching;
mod models;
mod order_list;
mod orders;
mod page;
mod patterns;
mod problems;
mod queue;
mod refunds;
mod review;
mod review_counts;
mod runs;
mod schema;
mod search;
mod settings;
mod standing;
mod stock;
mod sweep_end;
mod tags;
mod variants;

pub use bulk::Offered;
pub use conflicts::{KeyField, SharedKey, Side};
pub use connections::{LastCheck, SavedConnection};
pub use cursors::{FetchState, Position, Stream, Sweep, SweepScope};
pub use day::OrderWorth;
pub use db::{Opened, Store};
pub use decisions::DecisionRecord;
pub use error::{Result, StoreError};
pub use health::HealthNote;
pub use history::{DecisionDay, HistoryCounts, HistoryEntry, HistoryFilter, HistoryPart};
pub use lock::EngineLock;
pub use matching::Matched;
pub use models::{LearnedFrom, SaidSince, SavedWord};
pub use order_list::{OrderCounts, OrderFilter, OrderPage};
pub use orders::{Judgement, OrderState, SavedOrder};
pub use page::{PageSaved, PageToSave, RejectedRecord};
pub use patterns::{Band, Judged, NoPattern, Pattern, PatternCount};
pub use problems::{FetchProblem, FetchProblems};
pub use queue::{OpenProposals, Rescored};
pub use refunds::RefundTotal;
pub use review::{Group, GroupKind, ReviewDetail, ReviewFilter, ReviewPage, ReviewRow, ReviewTab};
pub use review_counts::{ReviewCounts, SCORE_BUCKETS, TabCounts};
pub use runs::{Run, RunOutcome};
pub use standing::{MadeBy, Proposal, Remarks, ReviewState, SavedLink, Verdict};
pub use tags::{EvidenceTag, Guard};
