//! References: the external ids by which Odoo knows the records that we made.
//!
//! They are derived from what the store calls the record, so that every machine, also one with an
//! empty cache, makes the same one. That is what "exactly once" rests on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{ConnectionKind, OrderKey, RefundKey};

const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What tells one store from every other: 10 base-32 characters of the SHA-256 of its kind and
/// home address, without scheme, `www.` and trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoreUid(String);

impl StoreUid {
    /// Of a store of this kind whose own idea of its home address this is.
    pub fn of(kind: &ConnectionKind, home: &str) -> Self {
        let home = home.trim().to_lowercase();
        let bare = home
            .split_once("://")
            .map_or(home.as_str(), |(_, rest)| rest);
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        let bare = bare.trim_end_matches('/');
        let digest = Sha256::digest(format!("{kind}{bare}"));
        let mut bits = digest
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1));
        let letter = |bits: &mut dyn Iterator<Item = u8>| {
            let five = bits.take(5).fold(0, |value, bit| value << 1 | bit);
            char::from(BASE32[usize::from(five)])
        };
        Self((0..10).map(|_| letter(&mut bits)).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StoreUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a reference: it has the form prefix.name")]
pub struct ReferenceError(String);

/// An external id of Odoo, `prefix.name`. The prefix is no module's technical name: what bears one
/// is deleted when that module is upgraded (measured on 17, 18 and 19).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference {
    prefix: String,
    name: String,
}

impl Reference {
    fn of_store(store: &StoreUid, name: String) -> Self {
        Self {
            prefix: format!("tandem_{store}"),
            name,
        }
    }

    fn shared(name: String) -> Self {
        Self {
            prefix: "tandem".to_owned(),
            name,
        }
    }

    /// Of an order of this store.
    pub fn order(store: &StoreUid, order: &OrderKey) -> Self {
        Self::of_store(store, format!("order_{order}"))
    }

    /// Of the credit note for a refund of this store.
    pub fn refund(store: &StoreUid, refund: &RefundKey) -> Self {
        Self::of_store(store, format!("refund_{refund}"))
    }

    /// Of the customer with this e-mail, shared by all stores of one Odoo. Case and outer spaces
    /// do not matter.
    pub fn partner(email: &str) -> Self {
        Self::shared(format!("partner_{}", hex(normal_email(email).as_bytes())))
    }

    /// Of the buyer of one order who left no e-mail.
    pub fn guest(store: &StoreUid, order: &OrderKey) -> Self {
        Self::of_store(store, format!("guest_{order}"))
    }

    /// Of an address of this customer. The same address makes the same reference; a changed one
    /// makes another, so that history is kept.
    pub fn address(&self, text: &str) -> Self {
        Self {
            prefix: self.prefix.clone(),
            name: format!("{}_{}", self.name, &hex(text.as_bytes())[..16]),
        }
    }

    /// Of the service product for `what`: delivery, a fee, a rounding difference.
    pub fn service(what: &str) -> Self {
        Self::shared(format!("service_{what}"))
    }

    /// What stands before the first dot.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What stands after the first dot.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Of a reference made for an order: which store, and which order.
    pub fn as_order(&self) -> Option<(StoreUid, OrderKey)> {
        let uid = self.prefix.strip_prefix("tandem_")?;
        let order = self.name.strip_prefix("order_")?;
        Some((StoreUid(uid.to_owned()), OrderKey::new(order)))
    }
}

/// An e-mail address as it is compared: without outer spaces, in small letters.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
    }
    text
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.prefix, self.name)
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        match text.split_once('.') {
            Some((prefix, name)) if !prefix.is_empty() && !name.is_empty() => Ok(Self {
                prefix: prefix.to_owned(),
                name: name.to_owned(),
            }),
            _ => Err(ReferenceError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Reference {
    type Error = ReferenceError;

    fn try_from(text: String) -> Result<Self, ReferenceError> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Reference, StoreUid};
    use crate::{ConnectionKind, OrderKey};

    #[test]
    fn every_spelling_of_a_home_address_is_the_same_store() {
        let kind = ConnectionKind::new("woocommerce");
        let uid = StoreUid::of(&kind, "https://www.Shop.example/");
        assert_eq!(uid, StoreUid::of(&kind, "http://shop.example"));
        assert_ne!(uid, StoreUid::of(&kind, "https://shop.example/staging"));
        assert_ne!(
            uid,
            StoreUid::of(&ConnectionKind::new("magento"), "shop.example")
        );
        // Fixed for ever: orders in Odoo carry it. RFC 4648 alphabet, small letters.
        assert_eq!(uid.as_str(), "gr6u4cmay3");
    }

    #[test]
    fn a_reference_reads_back_as_what_it_was_made_from() {
        let uid = StoreUid::of(&ConnectionKind::new("woocommerce"), "shop.example");
        let order = Reference::order(&uid, &OrderKey::new("50180"));
        let parsed: Reference = order.to_string().parse().expect("a reference");
        assert_eq!(parsed.as_order(), Some((uid, OrderKey::new("50180"))));
        assert!("no_dot".parse::<Reference>().is_err());
    }

    #[test]
    fn one_person_has_one_reference_and_a_new_address_another() {
        let partner = Reference::partner(" Giulia@Example.test");
        assert_eq!(partner, Reference::partner("giulia@example.test "));
        let home = partner.address("Via Roma 1|Milano");
        assert_eq!(home, partner.address("Via Roma 1|Milano"));
        assert_ne!(home, partner.address("Via Torino 9|Milano"));
        assert_eq!(partner.as_order(), None);
    }
}
