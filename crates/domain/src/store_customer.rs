//! A store's registered customers, and what Odoo has to tell about them.

use serde::{Deserialize, Serialize};

use crate::{Address, AddressRole, CustomerKey, PartnerKey};

/// Where a letter goes, without whose it is: what is told to a store of an address. Names,
/// companies and telephones stay the customer's own there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Street lines.
    pub street: Vec<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

impl Place {
    /// Whether it names no street and no city.
    pub fn is_nowhere(&self) -> bool {
        let said = self.street.iter().chain(&self.city);
        said.into_iter().all(|part| part.trim().is_empty())
    }
}

impl From<&Address> for Place {
    fn from(address: &Address) -> Self {
        Self {
            street: address.street.clone(),
            postcode: address.postcode.clone(),
            city: address.city.clone(),
            state: address.state.clone(),
            country: address.country.clone(),
        }
    }
}

/// Says on the store's customer who they are in Odoo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerMark {
    /// Who.
    pub partner: PartnerKey,
    /// Odoo's database.
    pub database: String,
}

/// A registered customer as the store has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreCustomer {
    /// The store's id.
    pub key: CustomerKey,
    /// Their billing address.
    pub billing: Place,
    /// Their shipping address.
    pub shipping: Place,
    /// Our mark, among whatever others write there.
    pub mark: Option<CustomerMark>,
    /// Whether this user is shown marks at all: what is never seen cannot be proven.
    pub mark_shown: bool,
}

impl StoreCustomer {
    /// The address of a role.
    pub fn place(&self, role: AddressRole) -> &Place {
        match role {
            AddressRole::Invoice => &self.billing,
            AddressRole::Delivery => &self.shipping,
        }
    }
}

/// What is to become of a store's customer; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerChange {
    /// Whose.
    pub key: CustomerKey,
    /// Their billing address from now on.
    pub billing: Option<Place>,
    /// Their shipping address from now on.
    pub shipping: Option<Place>,
    /// Our mark from now on.
    pub mark: Option<CustomerMark>,
}

impl CustomerChange {
    /// Whether a customer is what this would make of them.
    pub fn holds(&self, customer: &StoreCustomer) -> bool {
        let is = |wanted: &Option<Place>, place| wanted.as_ref().is_none_or(|to| to == place);
        self.key == customer.key
            && is(&self.billing, &customer.billing)
            && is(&self.shipping, &customer.shipping)
            && (self.mark.is_none() || self.mark == customer.mark)
    }
}

/// A state or province as a store spells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Province {
    /// Its code there.
    pub code: String,
    /// Its name there.
    pub name: String,
}
