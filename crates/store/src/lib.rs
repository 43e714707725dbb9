//! The local database of one profile: what was fetched, what was decided, what is left to do.
//!
//! It is a cache with one exception, the manager's decisions: everything else can be fetched
//! again, so the file may be deleted at any time. It knows no network, no secret and no clock;
//! ids and instants are passed in. Every multi-row change is one transaction.

mod connections;
mod convert;
mod cursors;
mod db;
mod error;
mod file;
mod listings;
mod lock;
mod orders;
mod page;
mod schema;
mod search;
mod settings;
mod stock;
mod variants;

pub use connections::{LastCheck, SavedConnection};
pub use cursors::{FetchProblem, FetchState, Position, Stream, Sweep, SweepScope};
pub use db::{Opened, Store};
pub use error::{Result, StoreError};
pub use lock::EngineLock;
pub use orders::{Judgement, OrderState, SavedOrder};
pub use page::{PageSaved, PageToSave, RejectedRecord};
