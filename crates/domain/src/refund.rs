//! What a store paid back, or says it did.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{LineTax, Money, OrderKey, RefundKey, Timestamp};

/// The part of a refund that belongs to one line of the order: goods, delivery or a fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundLine {
    /// The store's id of the order's line; `None` when the store did not keep it.
    pub line: Option<String>,
    /// Pieces taken back, positive; zero when only money was given back.
    pub quantity: Decimal,
    /// Net of tax, positive, in the order's currency.
    pub total: Decimal,
    /// Tax by rate, positive.
    pub taxes: Vec<LineTax>,
}

/// A refund. Refunds for an amount only have no lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The store's id of it.
    pub key: RefundKey,
    /// Of which order.
    pub order: OrderKey,
    /// What the customer got back, tax included, positive.
    pub amount: Money,
    /// Why, as somebody typed it.
    pub reason: Option<String>,
    /// When, UTC.
    pub refunded_at: Timestamp,
    /// What for, as far as the store says.
    pub lines: Vec<RefundLine>,
}
