//! What goes in: lean rows of both catalogues, and what the manager said before.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use tandem_domain::{
    Attribute, Listing, ListingKey, ListingKind, Sku, UnitPrice, Variant, VariantKey, VariantKind,
};

use crate::held::Held;

/// A listing, reduced to what tells products apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftItem {
    /// Its id in the store.
    pub key: ListingKey,
    /// True for the parent of variations, which is never linked to a variant.
    pub parent: bool,
    /// True for a set of other products, which only a kit can be.
    pub bundle: bool,
    /// Name, as shown to customers.
    pub name: String,
    /// SKU as typed.
    pub sku: Option<Sku>,
    /// Whatever stands in the barcode field.
    pub barcode: Option<String>,
    /// The values of its attributes, without their names.
    pub attributes: Vec<String>,
    /// Brand or manufacturer, where it has a field of its own.
    pub brand: Option<String>,
    /// Model, where it has a field of its own.
    pub model: Option<String>,
    /// A longer text; words in it explain words that are missing elsewhere.
    pub description: Option<String>,
    /// What a customer pays.
    pub price: Option<UnitPrice>,
}

/// A variant of Odoo, reduced to what tells products apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RightItem {
    /// Its id in Odoo.
    pub key: VariantKey,
    /// True for several products sold as one.
    pub kit: bool,
    /// Name, without the internal reference.
    pub name: String,
    /// Internal reference.
    pub sku: Option<Sku>,
    /// Whatever stands in the barcode field.
    pub barcode: Option<String>,
    /// The values of its attributes, without their names.
    pub attributes: Vec<String>,
    /// Brand or manufacturer, where it has a field of its own.
    pub brand: Option<String>,
    /// Model, where it has a field of its own.
    pub model: Option<String>,
    /// A longer text; words in it explain words that are missing elsewhere.
    pub description: Option<String>,
    /// Sales price.
    pub price: Option<UnitPrice>,
}

/// The row that matching needs of a listing.
pub fn left(listing: &Listing) -> LeftItem {
    LeftItem {
        key: listing.key.clone(),
        parent: listing.kind == ListingKind::Parent,
        bundle: listing.kind == ListingKind::Bundle,
        name: listing.name.clone(),
        sku: listing.sku.clone(),
        barcode: listing.barcode.clone(),
        attributes: values(&listing.attributes),
        brand: None,
        model: None,
        description: None,
        price: listing.price,
    }
}

/// The row that matching needs of a variant. Which variants may be sold at all is the caller's
/// choice: archived ones and services are better left out of the catalogue.
pub fn right(variant: &Variant) -> RightItem {
    RightItem {
        key: variant.key,
        kit: variant.kind == VariantKind::Combo,
        name: variant.name.clone(),
        sku: variant.sku.clone(),
        barcode: variant.barcode.clone(),
        attributes: values(&variant.attributes),
        brand: None,
        model: None,
        description: None,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Settled {
    /// Linked by hand to this variant, which no other listing is linked to automatically.
    Accepted(VariantKey),
    /// Has no counterpart and needs none.
    Ignored,
}

/// One line of the manager's word list: what a word or phrase of the shop means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WordPair {
    /// The word or phrase as the shop writes it, at most four pieces long.
    pub word: String,
    /// What it means, in words that the other side uses.
    pub means: String,
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
    /// The manager's own word list; of two lines for one word the greater counts.
    pub words: Vec<WordPair>,
    /// Learned words that the manager took back, as [`crate::Learned`] names them.
    pub taken_back: Vec<WordPair>,
}

/// The rows in the order of their ids, one per id: the ground of all determinism here.
#[derive(Debug, Default)]
pub(crate) struct Sorted<'a> {
    pub(crate) left: Vec<Held<'a, LeftItem>>,
    pub(crate) right: Vec<Held<'a, RightItem>>,
}

impl<'a> Sorted<'a> {
    pub(crate) fn new(catalogues: &'a Catalogues) -> Self {
        Self {
            left: sorted_left(catalogues.left.iter().map(Held::Borrowed).collect()),
            right: sorted_right(catalogues.right.iter().map(Held::Borrowed).collect()),
        }
    }
}

/// Of rows with one id the smallest stays, whatever the order they came in.
pub(crate) fn sorted_left(mut left: Vec<Held<'_, LeftItem>>) -> Vec<Held<'_, LeftItem>> {
    left.sort_by(|a, b| {
        let by_id = a.key.cmp(&b.key);
        by_id.then_with(|| left_rest(a).cmp(&left_rest(b)))
    });
    left.dedup_by(|a, b| a.key == b.key);
    left
}

pub(crate) fn sorted_right(mut right: Vec<Held<'_, RightItem>>) -> Vec<Held<'_, RightItem>> {
    right.sort_by(|a, b| {
        let by_id = a.key.cmp(&b.key);
        by_id.then_with(|| right_rest(a).cmp(&right_rest(b)))
    });
    right.dedup_by(|a, b| a.key == b.key);
    right
}

fn left_rest(i: &LeftItem) -> impl Ord + '_ {
    let texts = (&i.name, &i.attributes, &i.brand, &i.model, &i.description);
    let keys = (&i.sku, &i.barcode, i.parent, i.bundle);
    (keys, texts, price_order(i.price))
}

fn right_rest(i: &RightItem) -> impl Ord + '_ {
    let texts = (&i.name, &i.attributes, &i.brand, &i.model, &i.description);
    (&i.sku, &i.barcode, i.kit, texts, price_order(i.price))
}

fn price_order(price: Option<UnitPrice>) -> Option<(rust_decimal::Decimal, &'static str)> {
    price.map(|price| (price.amount, price.currency.code()))
}
