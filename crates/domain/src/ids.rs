//! Ids as types, so that a store's id can never be sent where Odoo's is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that cannot be the id it was given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A short name may hold only `a-z`, `0-9` and `_`, one to 40 of them.
    #[error("`{0}` is not a short name: use 1 to 40 of a-z, 0-9 and _")]
    Slug(String),
}

/// The short name of a connection, unique in a profile: 1 to 40 of `a-z`, `0-9`, `_`.
///
/// It is typed on the command line and names environment variables, hence the narrow alphabet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// Makes a short name from any text a person typed: "Party Centre, Kuwait" → `party_centre_kuwait`.
    ///
    /// Falls back to `connection` when nothing usable is left (a name written in Arabic only).
    pub fn from_name(name: &str) -> Self {
        let mut slug = String::new();
        for c in name.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('_') {
                slug.push('_');
            }
        }
        slug.truncate(40);
        let slug = slug.trim_end_matches('_');
        Self(if slug.is_empty() { "connection" } else { slug }.to_owned())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if (1..=40).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Slug(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An id that an outside system chose; opaque to everything but the connector that made it.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the id as the outside system spells it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as the outside system spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A listing's id in its store. A connector that needs two ids to write to a variation
    /// (`WooCommerce`: parent and variation) spells both into it.
    ListingKey
}
text_id! {
    /// An order's internal id in its store: what stays the same when a plugin renumbers orders.
    OrderKey
}
text_id! {
    /// A refund's id in its store.
    RefundKey
}
text_id! {
    /// A registered customer's id in its store; guests have none.
    CustomerKey
}
text_id! {
    /// A status as the store spells it; custom statuses included.
    StatusCode
}
text_id! {
    /// What a connection speaks: `odoo`, `woocommerce`, … The registry in `tandem-app` knows them.
    ConnectionKind
}

/// A row id of Odoo.
macro_rules! odoo_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

odoo_id! {
    /// `product.product`: what Odoo sells, counts and scans.
    VariantKey
}
odoo_id! {
    /// `product.template`: the parent of one or many variants.
    TemplateKey
}
odoo_id! {
    /// `stock.warehouse`.
    WarehouseKey
}
odoo_id! {
    /// `sale.order`.
    SaleKey
}
odoo_id! {
    /// `sale.order.line`.
    SaleLineKey
}
odoo_id! {
    /// `res.partner`: a customer, or one of a customer's addresses.
    PartnerKey
}
odoo_id! {
    /// `account.tax`.
    TaxKey
}
odoo_id! {
    /// `product.pricelist`: what decides an order's currency.
    PricelistKey
}
odoo_id! {
    /// `delivery.carrier`.
    CarrierKey
}
odoo_id! {
    /// `account.journal`.
    JournalKey
}
odoo_id! {
    /// `account.move`: an invoice or a credit note.
    InvoiceKey
}
odoo_id! {
    /// `stock.picking`.
    DeliveryKey
}

#[cfg(test)]
mod tests {
    use super::Slug;

    #[test]
    fn a_name_becomes_a_short_name_that_parses() {
        for (name, slug) in [
            ("Party Centre, Kuwait", "party_centre_kuwait"),
            ("  Odoo (prod) ", "odoo_prod"),
            ("متجر", "connection"),
        ] {
            let made = Slug::from_name(name);
            assert_eq!(made.as_str(), slug);
            assert_eq!(
                made.as_str().parse(),
                Ok(made),
                "a made name follows its own rule"
            );
        }
    }

    #[test]
    fn other_alphabets_lengths_and_capitals_are_refused() {
        for bad in ["", "Shop", "my-shop", "متجر", &"a".repeat(41)] {
            assert!(bad.parse::<Slug>().is_err(), "{bad:?}");
        }
    }
}
