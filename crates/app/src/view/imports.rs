//! Orders on their road into Odoo: plans, what they are there, journals, changes, audits.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::connections::Params;
use super::orders::BlockerView;
use super::runs::RunView;
use super::{ImportStage, JournalPhase, JournalStep, Until};
use crate::AppError;

/// One line of an order's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JournalLine {
    /// RFC 3339.
    pub at: String,
    /// What.
    pub step: JournalStep,
    /// How it stands.
    pub phase: JournalPhase,
    /// What the step makes.
    pub reference: Option<String>,
    /// A name, a total or a code.
    pub detail: String,
}

/// How far an order is in Odoo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// How far.
    pub stage: ImportStage,
    /// By which Odoo knows it.
    pub reference: String,
    /// `S00042`, once it was seen.
    pub sale: Option<String>,
    /// Odoo's total minus the store's, decimal string.
    pub difference: Option<String>,
    /// What stopped it last.
    pub error: Option<AppError>,
    /// What the rest of its road waits for: no failure.
    pub waits: Option<AppError>,
}

/// An import that has ended.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportEnd {
    /// How it went.
    #[serde(flatten)]
    pub run: RunView,
    /// The orders that were at work, oldest first.
    pub orders: Vec<OrderEnd>,
}

/// How far an order is after an import.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderEnd {
    /// The store's id of it.
    pub key: String,
    /// What people call it.
    pub number: String,
    /// As far as it came; `None` where nothing was begun.
    pub import: Option<ImportView>,
}

/// A line as Odoo has it, or would have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OdooLine {
    /// The row of the order's ledger that it stands for; `None` for a rounding line, and for
    /// what somebody added in Odoo.
    pub row: Option<u32>,
    /// Its text.
    pub name: String,
    /// Decimal string.
    pub quantity: String,
    /// Decimal string.
    pub unit_price: String,
    /// Names of its taxes.
    pub taxes: Vec<String>,
    /// Without tax, decimal string.
    pub untaxed: String,
    /// With tax, decimal string.
    pub total: String,
    /// True for the rounding line.
    pub rounding: bool,
}

/// An invoice or a credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceView {
    /// Odoo's id.
    pub key: i32,
    /// `INV/2026/00042`; a draft has none.
    pub name: Option<String>,
    /// Whether it pays money back.
    pub credit_note: bool,
    /// Odoo's word.
    pub state: String,
    /// Odoo's word.
    pub payment_state: String,
    /// Decimal string.
    pub total: String,
}

/// A transfer of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ShipmentView {
    /// Odoo's id.
    pub key: i32,
    /// `WH/OUT/00042`.
    pub name: String,
    /// Odoo's word.
    pub state: String,
    /// Who carries it.
    pub carrier: Option<String>,
    /// Its number.
    pub tracking: Option<String>,
    /// RFC 3339.
    pub done_at: Option<String>,
}

/// An order as Odoo has it, or would have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OdooOrder {
    /// True when it was read from Odoo just now; false when it was computed here.
    pub there: bool,
    /// `S00042`.
    pub sale: Option<String>,
    /// Odoo's word: `draft`, `confirmed`, `cancelled`.
    pub state: Option<String>,
    /// Its page in Odoo.
    pub url: Option<String>,
    /// Its lines.
    pub lines: Vec<OdooLine>,
    /// Decimal strings.
    pub untaxed: String,
    /// Tax.
    pub tax: String,
    /// Total.
    pub total: String,
    /// Total minus the store's.
    pub difference: String,
    /// How far it goes.
    pub until: Until,
    /// Invoices and credit notes.
    pub invoices: Vec<InvoiceView>,
    /// Transfers.
    pub shipments: Vec<ShipmentView>,
}

/// An order that can go in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlannedView {
    /// The store's internal id.
    pub key: String,
    /// What people call it.
    pub number: String,
    /// Buyer.
    pub customer: String,
    /// Decimal string.
    pub total: String,
    /// ISO code.
    pub currency: String,
    /// How far it goes.
    pub until: Until,
    /// By which Odoo will know it.
    pub reference: String,
    /// What the rounding line carries, where one is needed.
    pub rounding: Option<String>,
    /// True when it is partly done and goes on where it stopped.
    pub resumes: bool,
    /// True when the customer has to be made.
    pub new_customer: bool,
}

/// An order that is held back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BlockedOrder {
    /// The store's internal id.
    pub key: String,
    /// What people call it.
    pub number: String,
    /// What holds it back.
    pub blockers: Vec<BlockerView>,
}

/// What an import would do. Running it does this and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrderPlan {
    /// What goes in, oldest first.
    pub orders: Vec<PlannedView>,
    /// What is held back.
    pub blocked: Vec<BlockedOrder>,
    /// Orders that are in Odoo already, found by their references.
    pub found: u32,
    /// Service products that are made on the way: `delivery`, `fee`, `rounding`.
    pub makes: Vec<String>,
}

/// What can be done about an imported order that changed in the store (`change.<kind>.…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The lines of the unconfirmed order become the store's.
    Update,
    /// The order is cancelled.
    Cancel,
    /// A draft credit note is made.
    Credit,
    /// Lines changed, and the order went too far: by hand.
    MoneyByHand,
    /// Cancelled in the store, and the order went too far: by hand.
    CancelByHand,
    /// Paid back, and the store does not say what for: by hand.
    RefundByHand,
    /// Paid back while the invoice is a draft: it is posted or changed first.
    RefundNotPosted,
    /// Paid back in a way that no credit note comes to: by hand.
    RefundCannotBeExpressed,
}

/// One proposal. Nothing is done unless it is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// What.
    pub kind: ChangeKind,
    /// By which it is chosen; `None` where it is to be done by hand.
    pub id: Option<String>,
    /// Values for its words: `total`, `amount`, `reason`.
    pub params: Params,
}

/// A message of an order in Odoo that the customer may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// RFC 3339.
    pub at: String,
    /// Who wrote it.
    pub author: String,
    /// Plain text.
    pub text: String,
}

/// A document that Odoo prints of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The order itself.
    Order,
    /// Its invoice.
    Invoice,
    /// A delivery slip.
    Delivery,
    /// A credit note.
    CreditNote,
}

/// Which document of an order is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DocumentWanted {
    /// What.
    pub kind: DocumentKind,
    /// Odoo's id, where there are several; else the first in force.
    pub id: Option<i32>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedFile {
    /// Where.
    pub path: String,
}

/// A customer in Odoo that could be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CustomerCard {
    /// Odoo's id.
    pub key: i32,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// Lines of the address.
    pub address: Vec<String>,
}

/// What an audit found of an order (`audit.<kind>.…`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// It should be in Odoo, and is not.
    Missing,
    /// Several orders in Odoo are it.
    Duplicate,
    /// The totals differ.
    TotalDiffers,
    /// Cancelled on one side only.
    StateDiffers,
    /// Held back, and why is known.
    Blocked,
    /// It is not to be in Odoo, and is not.
    NotDue,
    /// Equal on both sides.
    Equal,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditFinding {
    /// What.
    pub kind: AuditKind,
    /// How many orders.
    pub orders: u32,
}

/// One order of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    /// The store's internal id.
    pub key: String,
    /// What people call it.
    pub number: String,
    /// Buyer.
    pub customer: String,
    /// RFC 3339.
    pub placed_at: String,
    /// The store's status.
    pub status: String,
    /// What was found.
    pub kind: AuditKind,
    /// The store's total.
    pub total: String,
    /// ISO code.
    pub currency: String,
    /// Orders in Odoo that are it: `S00042`.
    pub sales: Vec<String>,
    /// Odoo's total.
    pub odoo_total: Option<String>,
    /// Odoo's total minus the store's.
    pub difference: Option<String>,
    /// What holds it back.
    pub blockers: Vec<BlockerView>,
}

/// Every order of a period against Odoo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditView {
    /// RFC 3339, from this instant on.
    pub from: String,
    /// RFC 3339, before this instant.
    pub to: String,
    /// Orders that the store has.
    pub store_orders: u32,
    /// Orders of this store that Odoo has in the period, by reference.
    pub odoo_orders: u32,
    /// Orders that are accounted for: every one, unless a server gave no answer.
    pub accounted: u32,
    /// How many of each kind.
    pub findings: Vec<AuditFinding>,
    /// Those that are not equal, worst first.
    pub rows: Vec<AuditRow>,
}
