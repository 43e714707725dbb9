//! What goes in: lean rows of both catalogues, and what the manager said before.

use std::collections::{HashMap, HashSet};

use tandem_domain::{
    Attribute, Listing, ListingKey, ListingKind, Sku, UnitPrice, Variant, VariantKey,
};

/// A listing, reduced to what tells products apart.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftItem {
    /// Its id in the store.
    pub key: ListingKey,
    /// True for the parent of variations, which is never linked to a variant.
    pub parent: bool,
    /// Name, as shown to customers.
    pub name: String,
    /// SKU as typed.
    pub sku: Option<Sku>,
    /// Whatever stands in the barcode field.
    pub barcode: Option<String>,
    /// The values of its attributes, without their names.
    pub attributes: Vec<String>,
    /// What a customer pays.
    pub price: Option<UnitPrice>,
}

/// A variant of Odoo, reduced to what tells products apart.
#[derive(Debug, Clone, PartialEq)]
pub struct RightItem {
    /// Its id in Odoo.
    pub key: VariantKey,
    /// Name, without the internal reference.
    pub name: String,
    /// Internal reference.
    pub sku: Option<Sku>,
    /// Whatever stands in the barcode field.
    pub barcode: Option<String>,
    /// The values of its attributes, without their names.
    pub attributes: Vec<String>,
    /// Sales price.
    pub price: Option<UnitPrice>,
}

/// The row that matching needs of a listing.
pub fn left(listing: &Listing) -> LeftItem {
    LeftItem {
        key: listing.key.clone(),
        parent: listing.kind == ListingKind::Parent,
        name: listing.name.clone(),
        sku: listing.sku.clone(),
        barcode: listing.barcode.clone(),
        attributes: values(&listing.attributes),
        price: listing.price,
    }
}

/// The row that matching needs of a variant. Which variants may be sold at all is the caller's
/// choice: archived ones and services are better left out of the catalogue.
pub fn right(variant: &Variant) -> RightItem {
    RightItem {
        key: variant.key,
        name: variant.name.clone(),
        sku: variant.sku.clone(),
        barcode: variant.barcode.clone(),
        attributes: values(&variant.attributes),
        price: variant.price,
    }
}

fn values(attributes: &[Attribute]) -> Vec<String> {
    attributes
        .iter()
        .map(|attribute| attribute.value.clone())
        .collect()
}

/// What the manager settled for a listing; the matching never overrules it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Linked by hand to this variant, which no other listing is linked to automatically.
    Accepted(VariantKey),
    /// Has no counterpart and needs none.
    Ignored,
}

/// Both catalogues of one store and one Odoo, in any order, with the manager's decisions.
///
/// Of rows that carry the same id one is kept, the same one whatever the order.
#[derive(Debug, Clone, Default)]
pub struct Catalogues {
    /// The store's listings.
    pub left: Vec<LeftItem>,
    /// Odoo's variants.
    pub right: Vec<RightItem>,
    /// Pairs that the manager rejected: never linked nor proposed again.
    pub rejected: HashSet<(ListingKey, VariantKey)>,
    /// Listings that the manager settled.
    pub decided: HashMap<ListingKey, Settled>,
}

/// The rows in the order of their ids, one per id: the ground of all determinism here.
pub(crate) struct Sorted<'a> {
    pub(crate) left: Vec<&'a LeftItem>,
    pub(crate) right: Vec<&'a RightItem>,
}

impl<'a> Sorted<'a> {
    pub(crate) fn new(catalogues: &'a Catalogues) -> Self {
        let mut left: Vec<_> = catalogues.left.iter().collect();
        left.sort_by(|a, b| {
            let rest = |i: &'a LeftItem| (i.parent, &i.name, &i.sku, &i.barcode, &i.attributes);
            (&a.key, rest(a), price_order(a.price)).cmp(&(&b.key, rest(b), price_order(b.price)))
        });
        left.dedup_by(|a, b| a.key == b.key);
        let mut right: Vec<_> = catalogues.right.iter().collect();
        right.sort_by(|a, b| {
            let rest = |i: &'a RightItem| (&i.name, &i.sku, &i.barcode, &i.attributes);
            (a.key, rest(a), price_order(a.price)).cmp(&(b.key, rest(b), price_order(b.price)))
        });
        right.dedup_by(|a, b| a.key == b.key);
        Self { left, right }
    }
}

fn price_order(price: Option<UnitPrice>) -> Option<(rust_decimal::Decimal, &'static str)> {
    price.map(|price| (price.amount, price.currency.code()))
}
