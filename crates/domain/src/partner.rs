//! Customers as Odoo holds them.

use serde::{Deserialize, Serialize};

use crate::{Address, PartnerKey, Reference};

/// What an address of a customer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressRole {
    /// Bills (`invoice`).
    Invoice,
    /// Goods (`delivery`).
    Delivery,
}

/// An address that is made once under a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressDraft {
    /// What makes it exist at most once.
    pub reference: Reference,
    /// What it is for.
    pub role: AddressRole,
    /// The address.
    pub address: Address,
}

/// A customer who is made once, with addresses, in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerDraft {
    /// What makes them exist at most once.
    pub reference: Reference,
    /// Person, or company where the store has nothing else.
    pub name: String,
    /// E-mail as typed.
    pub email: Option<String>,
    /// Telephone as typed.
    pub phone: Option<String>,
    /// Their own address.
    pub address: Address,
    /// Bill and delivery addresses.
    pub addresses: Vec<AddressDraft>,
}

/// A customer, or one of a customer's addresses, as Odoo holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// `res.partner`.
    pub key: PartnerKey,
    /// Whose address this is; `None` for a customer.
    pub parent: Option<PartnerKey>,
    /// `contact`, `invoice`, `delivery`, `other`.
    pub role: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: Option<String>,
    /// The address.
    pub address: Address,
}
