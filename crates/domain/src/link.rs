//! Links between listings and variants, the evidence for them, and the manager's decisions.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ListingKey, Order, OrderLine, Timestamp, UnlinkedLine, VariantKey};

/// A stock keeping unit as somebody typed it, without the blanks around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sku(String);

impl Sku {
    /// Trims; nothing left means there is no SKU.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a pair was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The same valid GTIN, unique on both sides.
    Gtin,
    /// The same SKU to the letter, unique on both sides.
    Sku,
    /// The same SKU but for case, dashes, blanks and leading zeros.
    CanonicalSku,
    /// Names alone.
    Name,
    /// A person chose it.
    Manual,
}

/// One observation about a pair, for or against it. Data, not words: the screens phrase it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Evidence {
    /// Both sides carry this GTIN.
    SameGtin {
        /// In 14 digits.
        gtin: String,
    },
    /// Both sides carry a valid GTIN, and not the same.
    GtinDiffers,
    /// The SKUs are equal to the letter.
    SameSku,
    /// The SKUs are equal but for case, dashes, blanks or leading zeros.
    SameCanonicalSku,
    /// Both sides have a SKU, and they differ.
    SkuDiffers,
    /// How alike the names are.
    NameSimilarity {
        /// 0 to 10,000.
        basis_points: u16,
    },
    /// The names say different quantities, sizes, colours or counts.
    NameContradicts {
        /// What the store's name says.
        store: String,
        /// What Odoo's name says.
        odoo: String,
    },
    /// One price is a multiple of the other.
    PriceFactor {
        /// The larger over the smaller, in hundredths.
        hundredths: u32,
        /// True when Odoo's is the larger.
        odoo_higher: bool,
    },
}

/// Why a pair was not linked by itself, although something speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Several listings carry the key.
    KeyNotUniqueInStore,
    /// Several variants carry the key.
    KeyNotUniqueInOdoo,
    /// Two keys point to two different variants.
    KeysDisagree,
    /// The names contradict the key.
    NameContradictsKey,
    /// The prices are too far apart to be the same thing.
    PriceFarApart,
    /// Only names speak for it.
    NameOnly,
    /// The manager rejected this very pair before.
    RejectedBefore,
    /// Another listing is linked to this variant already.
    VariantTaken,
    /// The SKU is too short to prove anything.
    KeyTooShort,
}

/// What the manager said of a listing. Never overruled by the matching.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "action", content = "variant")]
pub enum Decision {
    /// These two are the same thing.
    Accept(VariantKey),
    /// These two are not.
    Reject(VariantKey),
    /// This listing has no counterpart and needs none.
    Ignore,
}

/// An accepted pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The store's side.
    pub listing: ListingKey,
    /// Odoo's side.
    pub variant: VariantKey,
    /// How it was found.
    pub method: Method,
    /// What spoke for and against it.
    pub evidence: Vec<Evidence>,
    /// When it was made, UTC.
    pub linked_at: Timestamp,
}

/// All links of one store, to look up order lines.
#[derive(Debug, Clone, Default)]
pub struct Links(HashMap<ListingKey, VariantKey>);

impl FromIterator<(ListingKey, VariantKey)> for Links {
    fn from_iter<I: IntoIterator<Item = (ListingKey, VariantKey)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Links {
    /// The variant that answers for a listing.
    pub fn get(&self, listing: &ListingKey) -> Option<VariantKey> {
        self.0.get(listing).copied()
    }

    /// Every variant that answers for a listing, once for each listing.
    pub fn variants(&self) -> impl Iterator<Item = VariantKey> {
        self.0.values().copied()
    }

    /// Turns an order of listings into an order of variants, or hands back every line that has
    /// no link. There is no third way: an order never loses a line on its road to Odoo.
    pub fn resolve(
        &self,
        order: &Order<ListingKey>,
    ) -> Result<Order<VariantKey>, Vec<UnlinkedLine<ListingKey>>> {
        let mut lines = Vec::with_capacity(order.lines.len());
        let mut unlinked = Vec::new();
        for line in &order.lines {
            match line.product.as_ref().and_then(|listing| self.get(listing)) {
                Some(variant) => lines.push(with_product(line, variant)),
                None => unlinked.push(UnlinkedLine {
                    line: line.id.clone(),
                    product: line.product.clone(),
                    name: line.name.clone(),
                    sku: line.sku.clone(),
                }),
            }
        }
        if unlinked.is_empty() {
            Ok(with_lines(order, lines))
        } else {
            Err(unlinked)
        }
    }
}

fn with_product(line: &OrderLine<ListingKey>, variant: VariantKey) -> OrderLine<VariantKey> {
    OrderLine {
        id: line.id.clone(),
        product: Some(variant),
        name: line.name.clone(),
        sku: line.sku.clone(),
        quantity: line.quantity,
        subtotal: line.subtotal,
        total: line.total,
        taxes: line.taxes.clone(),
    }
}

fn with_lines(order: &Order<ListingKey>, lines: Vec<OrderLine<VariantKey>>) -> Order<VariantKey> {
    let order = order.clone();
    Order {
        lines,
        key: order.key,
        number: order.number,
        status: order.status,
        placed_at: order.placed_at,
        modified_at: order.modified_at,
        currency: order.currency,
        prices_include_tax: order.prices_include_tax,
        customer: order.customer,
        billing: order.billing,
        shipping: order.shipping,
        charges: order.charges,
        tax_lines: order.tax_lines,
        coupons: order.coupons,
        discount_total: order.discount_total,
        total_tax: order.total_tax,
        total: order.total,
        refunded: order.refunded,
        payment: order.payment,
        customer_note: order.customer_note,
        admin_url: order.admin_url,
        stamp: order.stamp,
    }
}
