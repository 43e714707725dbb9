//! What a store sells under one SKU, and the parents that group such listings.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{ListingKey, Sku, Timestamp, UnitPrice};

/// Where a listing stands in its family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListingKind {
    /// Sold by itself.
    Simple,
    /// Groups variations; never sold itself, so never linked to a variant.
    Parent,
    /// One sellable member of a family.
    Variation,
    /// A set of other products sold together.
    Bundle,
}

/// Whether customers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListingStatus {
    /// On sale.
    Published,
    /// Draft, private, pending or disabled: there, but not on sale.
    Hidden,
}

/// How the store counts this listing's stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "quantity")]
pub enum ListingStock {
    /// The store does not count it.
    NotManaged,
    /// The listing has its own count.
    Own(Decimal),
    /// The count sits on the parent; writing it here does nothing.
    OnParent,
    /// The store does not say in its lists.
    Unknown,
}

/// One named property: size, colour, volume.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attribute {
    /// As the store or Odoo names it.
    pub name: String,
    /// Its value, as shown to customers.
    pub value: String,
}

/// A store's sellable unit, or the parent of some. Texts are decoded (no HTML entities).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its id in the store.
    pub key: ListingKey,
    /// The parent, for a variation.
    pub parent: Option<ListingKey>,
    /// Where it stands in its family.
    pub kind: ListingKind,
    /// Name; for a variation the parent's name, its own values are in `attributes`.
    pub name: String,
    /// SKU as typed in the store.
    pub sku: Option<Sku>,
    /// EAN, UPC or whatever stands in that field; may be no valid GTIN.
    pub barcode: Option<String>,
    /// Values that set it apart in its family, and other properties.
    pub attributes: Vec<Attribute>,
    /// Whether customers see it.
    pub status: ListingStatus,
    /// What a customer pays today, in the store's price mode (with or without tax).
    pub price: Option<UnitPrice>,
    /// Its count in the store.
    pub stock: ListingStock,
    /// Where its first picture is.
    pub image_url: Option<String>,
    /// Its page in the store.
    pub page_url: Option<String>,
    /// When the store says that it changed last, UTC.
    pub modified_at: Option<Timestamp>,
}
