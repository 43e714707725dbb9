//! Which models and columns the stand-in has, and who may read them.

use serde_json::{Map, Value, json};
use tandem_sandbox::ErpRights;

use super::refusal::Refusal;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Float,
    Char,
    Binary,
    Boolean,
    Datetime,
    Selection(&'static [(&'static str, &'static str)]),
    Many2one(&'static str),
    Many2many(&'static str),
    /// A path through a many2one: for domains only.
    Path,
}

/// A column, and the versions that have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    since: u32,
    until: u32,
    digits: bool,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        since: 0,
        until: u32::MAX,
        digits: false,
    }
}

impl Field {
    const fn since(mut self, major: u32) -> Self {
        self.since = major;
        self
    }

    const fn until(mut self, major: u32) -> Self {
        self.until = major;
        self
    }

    const fn with_digits(mut self) -> Self {
        self.digits = true;
        self
    }

    fn type_name(self) -> &'static str {
        match self.kind {
            Kind::Integer | Kind::Path => "integer",
            Kind::Float => "float",
            Kind::Char => "char",
            Kind::Binary => "binary",
            Kind::Boolean => "boolean",
            Kind::Datetime => "datetime",
            Kind::Selection(_) => "selection",
            Kind::Many2one(_) => "many2one",
            Kind::Many2many(_) => "many2many",
        }
    }

    /// What `fields_get` says of it. From 19 on unit prices have no fixed number of decimals.
    pub(super) fn describe(self, attributes: &[&str], major: u32) -> Value {
        let mut said = Map::new();
        for attribute in attributes {
            let value = match (*attribute, self.kind) {
                ("type", _) => json!(self.type_name()),
                ("relation", Kind::Many2one(model) | Kind::Many2many(model)) => json!(model),
                ("selection", Kind::Selection(values)) => json!(values),
                ("readonly", _) => json!(self.name == "write_date"),
                ("required", _) => json!(false),
                ("store", _) => json!(!matches!(self.kind, Kind::Selection(_))),
                ("string", _) => json!(self.name),
                ("digits", Kind::Float) if self.digits && major >= 19 => json!(false),
                ("digits", Kind::Float) => json!([16, 2]),
                ("min_display_digits", Kind::Float) if self.digits && major >= 19 => json!(2),
                _ => continue,
            };
            said.insert((*attribute).to_owned(), value);
        }
        Value::Object(said)
    }
}

/// A model: its columns, its title in messages, and the groups whose members may read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model {
    pub(super) name: &'static str,
    title: &'static str,
    fields: &'static [Field],
    /// Empty: every internal user.
    readers: &'static [&'static str],
    major: u32,
}

const KINDS: &[(&str, &str)] = &[
    ("consu", "Goods"),
    ("service", "Service"),
    ("combo", "Combo"),
];
const KINDS_17: &[(&str, &str)] = &[
    ("consu", "Consumable"),
    ("service", "Service"),
    ("product", "Storable Product"),
];
const ROUNDING: &[(&str, &str)] = &[
    ("round_per_line", "Round per Line"),
    ("round_globally", "Round Globally"),
];
const INCLUDE: &[(&str, &str)] = &[
    ("tax_included", "Tax Included"),
    ("tax_excluded", "Tax Excluded"),
];

const PRODUCT: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("display_name", Kind::Char),
    field("default_code", Kind::Char),
    field("barcode", Kind::Char),
    field("active", Kind::Boolean),
    field("sale_ok", Kind::Boolean),
    field("write_date", Kind::Datetime),
    field("product_tmpl_id", Kind::Many2one("product.template")),
    field("list_price", Kind::Float),
    field("lst_price", Kind::Float),
    field("currency_id", Kind::Many2one("res.currency")),
    field("type", Kind::Selection(KINDS)).since(18),
    field("is_storable", Kind::Boolean).since(18),
    field("type", Kind::Selection(KINDS_17)).until(17),
    field("detailed_type", Kind::Selection(KINDS_17)).until(17),
    field("uom_id", Kind::Many2one("uom.uom")),
    field("categ_id", Kind::Many2one("product.category")),
    field(
        "product_template_attribute_value_ids",
        Kind::Many2many(VALUE),
    ),
    field("product_template_variant_value_ids", Kind::Many2many(VALUE)),
    field("image_128", Kind::Binary),
];

const VALUE: &str = "product.template.attribute.value";

const TEMPLATE: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("display_name", Kind::Char),
    field("active", Kind::Boolean),
    field("sale_ok", Kind::Boolean),
    field("write_date", Kind::Datetime),
    field("list_price", Kind::Float),
    field("currency_id", Kind::Many2one("res.currency")),
    field("type", Kind::Selection(KINDS)).since(18),
    field("is_storable", Kind::Boolean).since(18),
    field("type", Kind::Selection(KINDS_17)).until(17),
    field("detailed_type", Kind::Selection(KINDS_17)).until(17),
    field("uom_id", Kind::Many2one("uom.uom")),
    field("categ_id", Kind::Many2one("product.category")),
];

const VALUES: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("attribute_id", Kind::Many2one("product.attribute")),
    field(
        "product_attribute_value_id",
        Kind::Many2one("product.attribute.value"),
    ),
    field("product_tmpl_id", Kind::Many2one("product.template")),
    field("price_extra", Kind::Float),
    field("ptav_active", Kind::Boolean),
];

const NAMED: &[Field] = &[field("id", Kind::Integer), field("name", Kind::Char)];

const WAREHOUSE: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("active", Kind::Boolean),
    field("code", Kind::Char),
    field("lot_stock_id", Kind::Many2one("stock.location")),
    field("company_id", Kind::Many2one("res.company")),
];

const QUANT: &[Field] = &[
    field("id", Kind::Integer),
    field("product_id", Kind::Many2one("product.product")),
    field("location_id", Kind::Many2one("stock.location")),
    field("location_id.usage", Kind::Path),
    field("quantity", Kind::Float),
    field("reserved_quantity", Kind::Float),
    field("available_quantity", Kind::Float),
    field("write_date", Kind::Datetime),
];

const COMPANY: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("currency_id", Kind::Many2one("res.currency")),
    field("country_id", Kind::Many2one("res.country")),
    field("tax_calculation_rounding_method", Kind::Selection(ROUNDING)),
    field("account_price_include", Kind::Selection(INCLUDE)).since(18),
];

const USER: &[Field] = &[
    field("id", Kind::Integer),
    field("login", Kind::Char),
    field("name", Kind::Char),
    field("lang", Kind::Char),
    field("tz", Kind::Char),
    field("company_id", Kind::Many2one("res.company")),
    field("company_ids", Kind::Many2many("res.company")),
];

const CURRENCY: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("active", Kind::Boolean),
    field("rounding", Kind::Float),
    field("decimal_places", Kind::Integer),
];

const MODULE: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("state", Kind::Char),
    field("installed_version", Kind::Char),
];

const ORDER_LINE: &[Field] = &[
    field("id", Kind::Integer),
    field("price_unit", Kind::Float).with_digits(),
    field("discount", Kind::Float),
    field("product_uom_qty", Kind::Float),
];

/// Who may read products and their templates.
const SHOP_FLOOR: &[&str] = &["Inventory/User", "Sales/User: Own Documents Only"];
const STOCK: &[&str] = &["Inventory/User"];
/// As recorded in `022-access-error-acl`.
const SELLERS: &[&str] = &[
    "Inventory/User",
    "Invoicing/Invoicing",
    "Sales/Administrator",
    "Sales/User: Own Documents Only",
    "Technical/Show Accounting Features - Readonly",
    "Technical/Show Full Accounting Features",
    "User types/Portal",
];

type Row = (
    &'static str,
    &'static str,
    &'static [Field],
    &'static [&'static str],
);

const MODELS: &[Row] = &[
    ("product.product", "Product Variant", PRODUCT, SHOP_FLOOR),
    ("product.template", "Product", TEMPLATE, SHOP_FLOOR),
    (
        VALUE,
        "Product Template Attribute Value",
        VALUES,
        SHOP_FLOOR,
    ),
    ("uom.uom", "Product Unit of Measure", NAMED, &[]),
    ("stock.warehouse", "Warehouse", WAREHOUSE, STOCK),
    ("stock.quant", "Quants", QUANT, STOCK),
    ("sale.order", "Sales Order", NAMED, SELLERS),
    ("sale.order.line", "Sales Order Line", ORDER_LINE, SELLERS),
    ("res.company", "Companies", COMPANY, &[]),
    ("res.users", "User", USER, &[]),
    ("res.partner", "Contact", NAMED, &[]),
    ("stock.picking", "Transfer", NAMED, STOCK),
    ("account.move", "Journal Entry", NAMED, SELLERS),
    ("res.currency", "Currency", CURRENCY, &[]),
    ("ir.module.module", "Module", MODULE, &[]),
];

/// Models that a module brings; everything else is there from the start.
const BROUGHT_BY: &[(&str, &str)] = &[
    ("stock.warehouse", "stock"),
    ("stock.quant", "stock"),
    ("stock.picking", "stock"),
    ("account.move", "account"),
    ("sale.order", "sale_management"),
    ("sale.order.line", "sale_management"),
    ("queue.job", "queue_job"),
    ("sale.integration", "sale_integration"),
    ("salla.order.status", "salla"),
];

impl Model {
    /// A model of this server, if it is there.
    pub(super) fn find(name: &str, modules: &[String], major: u32) -> Option<Self> {
        let module = BROUGHT_BY
            .iter()
            .find(|(model, _)| *model == name)
            .map(|row| row.1);
        if module.is_some_and(|module| modules.iter().all(|installed| installed != module)) {
            return None;
        }
        let row = MODELS.iter().find(|row| row.0 == name).copied();
        let brought = || BROUGHT_BY.iter().find(|row| row.0 == name);
        let (name, title, fields, readers) =
            row.or_else(|| brought().map(|(model, _)| (*model, *model, NAMED, SELLERS)))?;
        Some(Self {
            name,
            title,
            fields,
            readers,
            major,
        })
    }

    /// Its columns on this version.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> + use<> {
        let major = self.major;
        let here = move |field: &&Field| field.since <= major && major <= field.until;
        self.fields.iter().filter(here).copied()
    }

    /// A column, if it is there; paths are not, except in domains.
    pub(super) fn field(&self, name: &str) -> Option<Field> {
        self.fields()
            .find(|field| field.name == name && field.kind != Kind::Path)
    }

    /// A column or path of a domain.
    pub(super) fn field_in_domain(&self, name: &str) -> Option<Field> {
        self.fields().find(|field| field.name == name)
    }

    /// Whether these rights allow to read it.
    pub(super) fn readable(&self, rights: ErpRights) -> bool {
        match rights {
            ErpRights::Sales => true,
            ErpRights::Bare => self.readers.is_empty(),
        }
    }

    /// Whether these rights allow to write to it. Those who sell may not make products
    /// (`023-v19-access-error`).
    pub(super) fn writable(&self, rights: ErpRights) -> bool {
        const SOLD: [&str; 6] = [
            "sale.order",
            "sale.order.line",
            "res.partner",
            "stock.quant",
            "stock.picking",
            "account.move",
        ];
        match rights {
            ErpRights::Sales => SOLD.contains(&self.name),
            ErpRights::Bare => false,
        }
    }

    /// The error of a read that is not allowed.
    pub(super) fn not_readable(&self) -> Refusal {
        Refusal::no_right("access", self.title, self.name, self.readers)
    }
}
