//! Customers, the way back: what a store wants told, what it would be told, what became of it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::runs::RunView;
use crate::AppError;

/// What a store wants told about its customers. Both are off until somebody switches them on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CustomerWays {
    /// Addresses that were changed in Odoo.
    pub address: bool,
    /// Who the customer is in Odoo.
    pub mark: bool,
}

/// What of a customer an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CustomerPart {
    /// The billing address.
    Billing,
    /// The shipping address.
    Shipping,
    /// Odoo's id of the customer.
    Mark,
    /// The customer as a whole.
    Customer,
}

/// How an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStands {
    /// It will be written.
    Planned,
    /// The address changed on both sides: it is written only if somebody chooses it.
    Decide,
    /// The account is gone from the store.
    GoneFromStore,
    /// The order, the customer or the address is gone from Odoo.
    GoneFromOdoo,
    /// The store has no state of this code.
    StateUnknown,
    /// The store shows marks to administrators only, and this key is somebody else's.
    MarkHidden,
    /// It is written, and was read back.
    Told,
    /// It could not be written.
    Failed,
}

/// A part of an address, or the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CustomerField {
    /// Street lines.
    Street,
    /// Postal code.
    Postcode,
    /// City.
    City,
    /// State, as the store spells it.
    State,
    /// ISO country.
    Country,
    /// Odoo's id of the customer.
    Partner,
}

/// One part that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CustomerFieldChange {
    /// Which.
    pub field: CustomerField,
    /// As the store has it.
    pub before: Option<String>,
    /// As Odoo has it.
    pub after: Option<String>,
}

/// One thing that the store could be told about one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CustomerItemView {
    /// By which it is chosen; another one once either side has moved.
    pub id: String,
    /// The store's id of the customer.
    pub customer: String,
    /// Their name on their newest order.
    pub name: String,
    /// The store's id of that order.
    pub order: String,
    /// What people call it.
    pub number: String,
    /// What it is about.
    pub part: CustomerPart,
    /// How it stands.
    pub stands: CustomerStands,
    /// What differs.
    pub fields: Vec<CustomerFieldChange>,
    /// Why it could not be written.
    pub error: Option<AppError>,
}

/// What a store would be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CustomerPlan {
    /// What it wants told.
    pub ways: CustomerWays,
    /// Customers that were looked at: registered, with an order in Odoo.
    pub customers: u32,
    /// What would be written, what needs a decision, and what cannot be told.
    pub items: Vec<CustomerItemView>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CustomersTold {
    /// How the run went.
    pub run: RunView,
    /// What was at work.
    pub items: Vec<CustomerItemView>,
    /// Chosen items of which either side has moved since: they were left alone.
    pub moved: u32,
}
