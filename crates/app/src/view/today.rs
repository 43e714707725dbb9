//! What needs a person today, and how things stand.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::connections::{Params, Side};
use super::health::HealthView;
use super::history::HistoryRow;
use super::orders::BlockerKind;
use crate::AppError;

/// Whose day is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct TodayQuery {
    /// Only this store, and the Odoo it sells from; nothing means all.
    pub store: Option<String>,
    /// How far the person's day is ahead of UTC.
    pub utc_offset_minutes: i32,
}

/// What calls for a person (`today.need.<kind>`), the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NeedKind {
    /// A connection does not work; `error` says why.
    ConnectionStopped,
    /// Keys are in a keychain that does not open.
    KeychainClosed,
    /// The last fetch failed; `error` says why.
    FetchFailed,
    /// Orders are held back; `count`.
    OrdersBlocked,
    /// Keys that several products share; `count`.
    Conflicts,
    /// Pairs to review; `count`.
    PairsToReview,
    /// Something of a connection should be done before long; `notice`.
    ConnectionNotice,
    /// Records that were not understood; `count`.
    RecordsRefused,
    /// Nothing was fetched for a store yet.
    NeverFetched,
}

/// One thing that calls for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// What.
    pub kind: NeedKind,
    /// Short name of the connection it is about.
    pub slug: String,
    /// The manager's name for it.
    pub name: String,
    /// How many.
    pub count: u32,
    /// What is wrong.
    pub error: Option<AppError>,
    /// Code of the notice, for its words.
    pub notice: Option<String>,
    /// Values for its words.
    pub params: Params,
    /// What orders it holds back are worth.
    pub held: Vec<MoneyHeld>,
    /// Why orders are held back, the most frequent first.
    pub reasons: Vec<ReasonCount>,
}

/// An amount in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MoneyHeld {
    /// Decimal string at the currency's scale.
    pub amount: String,
    /// ISO code.
    pub currency: String,
    /// Of so many orders.
    pub orders: u32,
}

/// How many orders have which reason in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReasonCount {
    /// The reason.
    pub kind: BlockerKind,
    /// How many orders.
    pub orders: u32,
}

/// Orders, over the stores asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrdersToday {
    /// Could go in as they are.
    pub waiting: u32,
    /// Held back.
    pub blocked: u32,
    /// Not paid or not confirmed yet.
    pub not_yet: u32,
    /// What the waiting ones are worth.
    pub waiting_worth: Vec<MoneyHeld>,
    /// What the blocked ones are worth.
    pub blocked_worth: Vec<MoneyHeld>,
    /// Orders placed a day, the oldest day first; the last one is today.
    pub a_day: Vec<u32>,
}

/// The orders of this month that go to Odoo, in one currency: amounts are decimal strings at its
/// scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MoneyToday {
    /// ISO code.
    pub currency: String,
    /// All of them.
    pub total: MoneyHeld,
    /// Those that are in Odoo with the store's total.
    pub reconciled: MoneyHeld,
    /// Those that are held back.
    pub blocked: MoneyHeld,
    /// Those that are in Odoo, and not what they are in the store.
    pub differs: MoneyHeld,
    /// Reconciled of all, in ten-thousandths.
    pub reconciled_bp: u32,
    /// Held back or different of all, in ten-thousandths.
    pub held_bp: u32,
}

/// The mapping, over the stores asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MappingToday {
    /// Listings that can have a product.
    pub listings: u32,
    /// Those that have one.
    pub mapped: u32,
    /// Those with a proposal.
    pub to_review: u32,
    /// Those without.
    pub unmatched: u32,
    /// Mapped of all, in ten-thousandths; nothing without listings.
    pub share_bp: Option<u32>,
}

/// What failed in the last 24 hours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErrorsToday {
    /// Runs that failed.
    pub count: u32,
    /// By hour, the oldest first; the last one is the present hour.
    pub by_hour: Vec<u32>,
}

/// How one connection stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionToday {
    /// Short name.
    pub slug: String,
    /// The manager's name for it.
    pub name: String,
    /// Which side.
    pub side: Side,
    /// How it stands.
    pub health: HealthView,
    /// When it was last read well, RFC 3339.
    pub fetched_at: Option<String>,
}

/// A store whose numbers could not be read; they are in none of the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoreProblem {
    /// The manager's name for it.
    pub name: String,
    /// Why.
    pub error: AppError,
}

/// The day, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TodayView {
    /// When it was looked at, RFC 3339.
    pub at: String,
    /// How many stores the figures are of: those that were fetched.
    pub stores: u32,
    /// Stores that could not be read.
    pub not_read: Vec<StoreProblem>,
    /// What calls for a person, the gravest first.
    pub needs: Vec<Need>,
    /// Orders; nothing before the first fetch.
    pub orders: Option<OrdersToday>,
    /// The money of this month's orders, the currency of the most orders first.
    pub money: Vec<MoneyToday>,
    /// The mapping; nothing before the first fetch.
    pub mapping: Option<MappingToday>,
    /// What failed lately.
    pub errors: ErrorsToday,
    /// The connections, those that need somebody first.
    pub connections: Vec<ConnectionToday>,
    /// The latest lines of the history.
    pub runs: Vec<HistoryRow>,
}
