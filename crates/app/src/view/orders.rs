//! Orders that the store has, and what holds each back.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::OrderState;
use super::connections::Params;
use super::imports::ImportView;
use super::review::VariantCard;

/// What holds an order back (`blocker.<kind>.…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum BlockerKind {
    /// A line's listing has no Odoo product.
    UnlinkedLine,
    /// The store deleted the line's product.
    DeletedProduct,
    /// No lines.
    NoLines,
    /// Parts and total differ.
    TotalDoesNotAddUp,
    /// Odoo does not have the currency switched on.
    CurrencyNotInOdoo,
    /// The linked Odoo product was archived or deleted.
    ArchivedProduct,
    /// A line of no pieces or of a negative price.
    AbsurdLine,
    /// A map has no answer; `map` says which.
    NotMapped,
    /// A map had an answer, and Odoo's side is not what it was.
    MapMoved,
    /// A field that Odoo needs is empty.
    AddressIncomplete,
    /// Odoo does not know the country.
    CountryUnknown,
    /// An order that is not ours bears the number in Odoo.
    NumberTaken,
    /// Another tool imported the order.
    ImportedElsewhere,
    /// Another store's mark is on the same order.
    LooksLikeCopy,
    /// Several customers in Odoo have the e-mail.
    CustomerAmbiguous,
    /// It was imported, and somebody deleted it in Odoo.
    DeletedInOdoo,
    /// Odoo cannot hold the order so that its total is the store's.
    CannotBeExpressed,
}

/// One reason, with what clears it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BlockerView {
    /// Which.
    pub kind: BlockerKind,
    /// Values for its words: `name`, `sku`, `difference`, `currency`; and what clears it: `map`
    /// and `key` of a map, `uid`, `candidates`, `line`.
    pub params: Params,
    /// The listing to link, where that clears it.
    pub listing: Option<String>,
    /// The best candidate for that listing.
    pub candidate: Option<VariantCard>,
    /// Other orders with the same reason.
    pub also_blocks: u32,
}

/// One row of the order list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrderRow {
    /// The store's internal id.
    pub key: String,
    /// What people call it.
    pub number: String,
    /// Buyer.
    pub customer: String,
    /// Decimal string at the currency's scale.
    pub total: String,
    /// ISO code.
    pub currency: String,
    /// Where it stands.
    pub state: OrderState,
    /// The store's status code.
    pub status: String,
    /// RFC 3339.
    pub placed_at: String,
    /// Pieces ordered, decimal string.
    pub pieces: String,
    /// What holds it back.
    pub blockers: Vec<BlockerKind>,
}

/// Which orders are wanted. Filters narrow each other; what is left out does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct OrdersQuery {
    /// Only these states; empty means all.
    pub states: Vec<OrderState>,
    /// Only these statuses, as the store spells them; empty means all.
    pub statuses: Vec<String>,
    /// Only orders that have this to be cleared first.
    pub reason: Option<BlockerKind>,
    /// Number, name, e-mail, telephone, or a line's SKU or name.
    pub text: String,
    /// Name, e-mail or telephone of the customer.
    pub customer: String,
    /// Placed at or after this instant, RFC 3339.
    pub placed_from: Option<String>,
    /// Placed before this instant, RFC 3339.
    pub placed_before: Option<String>,
    /// Totals of at least this decimal, whatever the currency.
    pub total_min: Option<String>,
    /// Totals of at most this decimal.
    pub total_max: Option<String>,
    /// First row.
    pub offset: u32,
    /// How many, at most 500.
    pub limit: u32,
}

/// Orders per state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrderCounts {
    /// All.
    pub all: u32,
    /// Waiting.
    pub waiting: u32,
    /// Blocked.
    pub blocked: u32,
    /// In Odoo.
    pub imported: u32,
    /// In Odoo, and not what they are in the store.
    pub differs: u32,
    /// Stopped on their road.
    pub failed: u32,
    /// Not yet.
    pub not_yet: u32,
    /// Closed.
    pub closed: u32,
}

/// Rows, newest first, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrdersPage {
    /// Rows that fit the query.
    pub total: u32,
    /// Those asked for.
    pub rows: Vec<OrderRow>,
    /// Per state, under all other filters.
    pub counts: OrderCounts,
    /// Per status, under all other filters, the most frequent first.
    pub statuses: Vec<StatusCount>,
}

/// How many orders are in a status of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StatusCount {
    /// As the store spells it.
    pub status: String,
    /// How many.
    pub orders: u32,
}

/// What a ledger line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LedgerLineKind {
    /// Goods.
    Goods,
    /// Delivery.
    Shipping,
    /// Fee or rebate.
    Fee,
}

/// One line of the order's money, decimal strings at the currency's scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LedgerLine {
    /// What it is.
    pub kind: LedgerLineKind,
    /// Name at the time of sale.
    pub name: String,
    /// SKU at the time of sale.
    pub sku: Option<String>,
    /// Decimal string; empty for charges.
    pub quantity: String,
    /// Net of tax, before discounts.
    pub subtotal: String,
    /// Net of tax, after discounts.
    pub total: String,
    /// Its tax, all rates together.
    pub tax: String,
    /// After discounts, with tax.
    pub gross: String,
    /// The linked variant.
    pub variant: Option<VariantCard>,
    /// The listing that was sold, while the store still knows it.
    pub listing: Option<String>,
    /// True when this line holds the order back.
    pub blocked: bool,
}

/// One tax rate that the order used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LedgerTax {
    /// As shown to the customer.
    pub label: String,
    /// In percent, without zeros at its end.
    pub percent: String,
    /// Decimal string at the currency's scale.
    pub amount: String,
}

/// Money that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RefundView {
    /// Positive decimal string, tax included.
    pub amount: String,
    /// Why, as somebody typed it.
    pub reason: Option<String>,
    /// RFC 3339.
    pub at: String,
    /// Pieces taken back, decimal string.
    pub pieces: String,
}

/// What happened to an order (`orders.event.<kind>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OrderEventKind {
    /// The customer placed it.
    Placed,
    /// The store took the money.
    Paid,
    /// The store changed it last.
    Changed,
    /// Money went back.
    Refunded,
    /// It arrived here as it stands.
    Fetched,
}

/// One of these, with its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrderEvent {
    /// What.
    pub kind: OrderEventKind,
    /// RFC 3339.
    pub at: String,
    /// The money that moved, decimal string.
    pub amount: Option<String>,
}

/// The text of an order as the store sent it, secrets left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RawRecord {
    /// JSON, indented.
    pub text: String,
    /// When it arrived, RFC 3339.
    pub fetched_at: Option<String>,
    /// Values that are left out because they open something.
    pub secrets: u32,
    /// Values that are left out because they are about a person.
    pub personal: u32,
}

/// An order in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrderDetail {
    /// The row.
    pub row: OrderRow,
    /// RFC 3339.
    pub modified_at: String,
    /// E-mail.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// True for a customer without an account.
    pub guest: bool,
    /// Lines of the address, name first.
    pub billing: Vec<String>,
    /// Lines of the address, name first.
    pub shipping: Vec<String>,
    /// How it was paid, as shown to the customer.
    pub payment: String,
    /// When it was paid, RFC 3339.
    pub paid_at: Option<String>,
    /// Coupon codes.
    pub coupons: Vec<String>,
    /// What the customer wrote.
    pub note: Option<String>,
    /// Whether the shop computed from prices with tax.
    pub prices_include_tax: bool,
    /// The money, line by line.
    pub ledger: Vec<LedgerLine>,
    /// All lines and charges together, net of tax.
    pub net_total: String,
    /// Taxes by rate.
    pub taxes: Vec<LedgerTax>,
    /// All taxes, as the store states them.
    pub tax_total: String,
    /// What rounding adds to the amounts as they are shown, in the order's own way of prices.
    pub rounding: String,
    /// Money that went back, oldest first.
    pub refunds: Vec<RefundView>,
    /// What happened to it, oldest first.
    pub timeline: Vec<OrderEvent>,
    /// Discounts, already inside the lines.
    pub discount_total: String,
    /// What the parts add up to.
    pub added_up: String,
    /// Stated total minus that; "0.000" for a sound order.
    pub difference: String,
    /// Refunded so far.
    pub refunded: String,
    /// What holds it back, in the order to clear it.
    pub blockers: Vec<BlockerView>,
    /// Its page in the store's back office.
    pub admin_url: Option<String>,
    /// How far it is in Odoo; `None` where nothing was done yet.
    pub import: Option<ImportView>,
}
