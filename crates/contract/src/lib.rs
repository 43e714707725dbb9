//! What a connector promises, and what it may rely on.
//!
//! A connector reads records page by page ([`Source`]) and answers the connection test
//! ([`CheckReport`]). It is handed its account, a [`http::Transport`] and a clock; it owns no
//! thread, no database, no retry and no setting. Knows nothing of the engine or of Tauri.

mod check;
mod error;
pub mod http;
mod page;
mod sales;
mod sides;
pub mod suite;

pub use check::{
    CheckReport, CheckStep, Checker, Company, Failure, Found, Notice, NoticeCode, Skew, StepName,
    StepOutcome, Warehouse, Way,
};
pub use error::{Cause, Error, Kind, Result, Retry};
pub use page::{Cursor, Fetched, Page, Query, Rejected, Scope};
pub use sales::{
    CreditLine, CreditNoteDraft, Document, Message, SalePeriod, SaleStep, Sales, ServiceDraft,
};
pub use sides::{
    Account, Customers, Erp, Keys, NewKey, Picture, Pictures, Source, Stamps, Storefront, Wire,
};
