//! Which models and columns the stand-in has, and who may read them.

use serde_json::{Map, Value, json};
use tandem_sandbox::ErpRights;

use super::refusal::Refusal;
use super::selling;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Float,
    Char,
    Binary,
    Boolean,
    Datetime,
    Date,
    Html,
    Monetary,
    Selection(&'static [(&'static str, &'static str)]),
    Many2one(&'static str),
    Many2many(&'static str),
    One2many(&'static str),
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
    app: Option<App>,
}

/// An app that brings columns to the models of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum App {
    Delivery,
    Stock,
}

impl App {
    fn module(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Stock => "stock",
        }
    }
}

pub(super) const fn field(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        since: 0,
        until: u32::MAX,
        digits: false,
        app: None,
    }
}

impl Field {
    pub(super) const fn since(mut self, major: u32) -> Self {
        self.since = major;
        self
    }

    pub(super) const fn until(mut self, major: u32) -> Self {
        self.until = major;
        self
    }

    pub(super) const fn of(mut self, app: App) -> Self {
        self.app = Some(app);
        self
    }

    pub(super) const fn with_digits(mut self) -> Self {
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
            Kind::Date => "date",
            Kind::Html => "html",
            Kind::Monetary => "monetary",
            Kind::Selection(_) => "selection",
            Kind::Many2one(_) => "many2one",
            Kind::Many2many(_) => "many2many",
            Kind::One2many(_) => "one2many",
        }
    }

    /// What `fields_get` says of it. From 19 on unit prices have no fixed number of decimals.
    pub(super) fn describe(self, attributes: &[&str], (major, price_digits): (u32, u32)) -> Value {
        let mut said = Map::new();
        for attribute in attributes {
            let value = match (*attribute, self.kind) {
                ("type", _) => json!(self.type_name()),
                (
                    "relation",
                    Kind::Many2one(model) | Kind::Many2many(model) | Kind::One2many(model),
                ) => json!(model),
                ("selection", Kind::Selection(values)) => json!(values),
                ("readonly", _) => json!(self.name == "write_date"),
                ("required", _) => json!(false),
                ("store", _) => json!(!matches!(self.kind, Kind::Selection(_))),
                ("string", _) => json!(self.name),
                ("digits", Kind::Float) if self.digits && major >= 19 => json!(false),
                ("digits", Kind::Float) if self.digits => json!([16, price_digits]),
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
    apps: [(App, bool); 2],
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

pub(super) const NAMED: &[Field] = &[field("id", Kind::Integer), field("name", Kind::Char)];

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

/// Who may read products and their templates.
const SHOP_FLOOR: &[&str] = &["Inventory/User", "Sales/User: Own Documents Only"];
pub(super) const STOCK: &[&str] = &["Inventory/User"];
/// As recorded in `022-access-error-acl`.
pub(super) const SELLERS: &[&str] = &[
    "Inventory/User",
    "Invoicing/Invoicing",
    "Sales/Administrator",
    "Sales/User: Own Documents Only",
    "Technical/Show Accounting Features - Readonly",
    "Technical/Show Full Accounting Features",
    "User types/Portal",
];

pub(super) type Row = (
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
    ("res.company", "Companies", COMPANY, &[]),
    ("res.users", "User", USER, &[]),
    ("res.currency", "Currency", CURRENCY, &[]),
    ("ir.module.module", "Module", MODULE, &[]),
];

/// Models that a module brings; everything else is there from the start.
const BROUGHT_BY: &[(&str, &str)] = &[
    ("stock.warehouse", "stock"),
    ("stock.quant", "stock"),
    ("stock.picking", "stock"),
    ("stock.move", "stock"),
    ("stock.backorder.confirmation", "stock"),
    ("account.move", "account"),
    ("account.move.line", "account"),
    ("delivery.carrier", "delivery"),
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
        let mut known = MODELS.iter().chain(selling::MODELS);
        let row = known.find(|row| row.0 == name).copied();
        let brought = || BROUGHT_BY.iter().find(|row| row.0 == name);
        let (name, title, fields, readers) =
            row.or_else(|| brought().map(|(model, _)| (*model, *model, NAMED, SELLERS)))?;
        Some(Self {
            name,
            title,
            fields,
            readers,
            major,
            apps: [App::Delivery, App::Stock].map(|app| {
                let installed = modules.iter().any(|module| module == app.module());
                (app, installed)
            }),
        })
    }

    /// Its columns on this version.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> + use<> {
        let (major, apps) = (self.major, self.apps);
        let brought = move |app| apps.contains(&(app, true));
        let here = move |field: &&Field| {
            field.since <= major && major <= field.until && field.app.is_none_or(brought)
        };
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
            ErpRights::Sales | ErpRights::Manager => true,
            ErpRights::Seller => {
                let seller = |group: &&str| group.starts_with("Sales/User");
                self.readers.is_empty() || self.readers.iter().any(seller)
            }
            ErpRights::Bare => self.readers.is_empty(),
        }
    }

    /// Whether these rights allow to write to it. Those who sell may not make products
    /// (`023-v19-access-error`).
    pub(super) fn writable(&self, rights: ErpRights) -> bool {
        const SOLD: [&str; 3] = ["sale.order", "sale.order.line", "res.partner"];
        const HANDLED: [&str; 3] = ["stock.quant", "stock.picking", "account.move"];
        let (sold, handled) = (SOLD.contains(&self.name), HANDLED.contains(&self.name));
        match rights {
            ErpRights::Manager => sold || handled || self.name == "product.product",
            ErpRights::Sales => sold || handled,
            ErpRights::Seller => sold,
            ErpRights::Bare => false,
        }
    }

    /// The error of a read that is not allowed.
    pub(super) fn not_readable(&self) -> Refusal {
        Refusal::no_right("access", self.title, self.name, self.readers)
    }

    /// The error of a creation that is not allowed.
    pub(super) fn not_creatable(&self) -> Refusal {
        let groups: &[&str] = match self.name {
            "product.product" => &["Products/Create"],
            "account.move" => &["Invoicing/Invoicing"],
            _ => self.readers,
        };
        Refusal::no_right("create", self.title, self.name, groups)
    }
}
