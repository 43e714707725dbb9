//! Stock facts: what lies where, and what of it is spoken for.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::WarehouseKey;

/// Stock of one thing in one warehouse. `K` says whose id it carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockLevel<K> {
    /// What is counted.
    pub key: K,
    /// Where.
    pub warehouse: WarehouseKey,
    /// Physically there; may be negative in Odoo.
    pub on_hand: Decimal,
    /// Promised to orders already.
    pub reserved: Decimal,
}

impl<K> StockLevel<K> {
    /// What may still be sold from here.
    pub fn free(&self) -> Decimal {
        self.on_hand - self.reserved
    }
}
