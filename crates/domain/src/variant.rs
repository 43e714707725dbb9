//! Odoo's sellable unit.

use serde::{Deserialize, Serialize};

use crate::{Attribute, Sku, TemplateKey, Timestamp, UnitPrice, VariantKey};

/// What kind of thing Odoo takes it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariantKind {
    /// Goods whose stock is counted.
    Storable,
    /// Goods whose stock is not counted.
    Consumable,
    /// Not a thing at all: delivery, discount, rounding.
    Service,
    /// Several products sold as one.
    Combo,
}

/// One `product.product`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its id in Odoo.
    pub key: VariantKey,
    /// The template it belongs to.
    pub template: TemplateKey,
    /// Name, without the internal reference in front.
    pub name: String,
    /// Internal reference (`default_code`); not unique in Odoo.
    pub sku: Option<Sku>,
    /// Barcode; unique in Odoo, but not always a valid GTIN.
    pub barcode: Option<String>,
    /// Values that set it apart among its template's variants.
    pub attributes: Vec<Attribute>,
    /// What kind of thing it is.
    pub kind: VariantKind,
    /// False when archived.
    pub active: bool,
    /// Whether it may be sold.
    pub sale_ok: bool,
    /// Sales price of the template, in the company's currency.
    pub price: Option<UnitPrice>,
    /// Unit of measure, as Odoo names it.
    pub unit: Option<String>,
    /// When Odoo says that it changed last, UTC; stock does not move it.
    pub modified_at: Option<Timestamp>,
}
