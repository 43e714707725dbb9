//! Who ordered, and where it goes.

use serde::{Deserialize, Serialize};

/// An address as the store recorded it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Person or company.
    pub name: String,
    /// Company, when given apart from the person.
    pub company: Option<String>,
    /// Street lines.
    pub street: Vec<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province, as the store codes it.
    pub state: Option<String>,
    /// ISO 3166-1 alpha-2, as the store gives it.
    pub country: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// The buyer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The store's customer id; guests have none.
    pub external_id: Option<String>,
    /// Full name.
    pub name: String,
    /// E-mail as typed.
    pub email: Option<String>,
    /// Telephone as typed.
    pub phone: Option<String>,
    /// What the store counts them among (`wholesale`); `None` for plain customers and guests, and
    /// where the store does not say.
    #[serde(default)]
    pub role: Option<String>,
}
