//! What every door sees: plain data for the window and for `--json`, named alike in both.
//!
//! Money and quantities cross as decimal strings and are never computed with on the other side.
//! Instants cross as RFC 3339 in UTC. Nothing here can hold a secret except the inputs that
//! carry one in ([`ConnectionDraft`], [`SecretText`]); no output type has a place for it.

mod connections;
mod customers;
mod decisions;
mod find;
mod health;
mod history;
mod imports;
mod learning;
mod maps;
mod orders;
mod review;
mod runs;
mod settings;
mod today;

pub use connections::{
    CheckView, CompanyView, ConnectionDraft, ConnectionState, ConnectionView, FactsView, KindView,
    Params, SecretText, Side, StepState, StepView, StoreBinding, WarehouseView,
};
pub use customers::{
    CustomerField, CustomerFieldChange, CustomerItemView, CustomerPart, CustomerPlan,
    CustomerStands, CustomerWays, CustomersTold,
};
pub use decisions::{
    BadLine, BadLineTag, BulkInput, BulkPreview, DecisionOrigin, Exported, FileFormat, ImportInput,
    ImportPreview, StepDone, StepOfHistory, StepUndone, StepsPage,
};
pub use find::{CommandTag, FindQuery, Found, FoundListing};
pub use health::{
    ConsentEnded, ConsentStarted, HealthChange, HealthFact, HealthState, HealthView, NoticeView,
    ProblemView, ProblemsPage,
};
pub use history::{
    DecisionsDay, DecisionsQuery, EntryKind, HistoryCounts, HistoryPage, HistoryQuery, HistoryRow,
    MadeDecision, RunEnd,
};
pub use imports::{
    AuditFinding, AuditKind, AuditRow, AuditView, BlockedOrder, ChangeKind, ChangeView,
    CustomerCard, DocumentKind, DocumentWanted, ImportEnd, ImportView, InvoiceView, JournalLine,
    MessageView, OdooLine, OdooOrder, OrderEnd, OrderPlan, PlannedView, SavedFile, ShipmentView,
};
pub use learning::{
    AccountView, BulkDone, Confidence, ContrastView, GroupQuery, GroupTag, GroupView, LearnedView,
    LearnedWord, Measured, MetView, OwnWord, PatternSample, PatternView, TierView, WordAction,
    WordInput,
};
pub use maps::{
    MapChoice, MapChoices, MapInput, MapState, MapTrial, MapView, MapWhy, MapsSettled, MapsView,
    TrialSums, Tried, TriedOrder,
};
pub use orders::{
    BlockerKind, BlockerView, LedgerLine, LedgerLineKind, LedgerTax, OrderCounts, OrderDetail,
    OrderEvent, OrderEventKind, OrderRow, OrdersPage, OrdersQuery, RawRecord, RefundView,
    StatusCount,
};
pub use review::{
    CandidateView, Count, DecideAction, DecisionDone, DecisionInput, EvidenceTag, EvidenceView,
    FieldName, FieldRow, ListingCard, MarkSpan, PairDetail, PairRow, ReasonTag, Relation,
    ReviewCounts, ReviewPage, ReviewQuery, Tab, TabCounts, Undone, VariantCard, VerdictTag,
};
pub use runs::{
    AppEvent, FollowUp, LogLevel, LogLine, RunKind, RunState, RunStep, RunStepName, RunStepState,
    RunView, Stale,
};
pub use settings::{
    AppInfo, AppSettings, BackupView, Density, Digits, KeptData, KeptPictures, Language, Restored,
    TextSize, Theme, VaultState,
};
pub use today::{
    ConnectionToday, ErrorsToday, MappingToday, MoneyHeld, MoneyToday, Need, NeedKind, OrdersToday,
    ReasonCount, StoreProblem, TodayQuery, TodayView,
};

// What the engine's words already say is shown as it is.
pub use tandem_domain::{MapKind, Until};
pub use tandem_matching::{Caution, Difference, Origin, Tier};
pub use tandem_store::{
    OrderState, Phase as JournalPhase, Stage as ImportStage, Step as JournalStep,
};

/// So many rows, as a view carries them; no list comes near the highest number there is.
pub(crate) fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// So many bytes in kilobytes of 1,000, begun ones counted whole.
pub(crate) fn kilobytes(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1_000)).unwrap_or(u32::MAX)
}
