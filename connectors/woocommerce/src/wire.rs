//! The shop's records as they come, with only the fields that are used and the vendor's words.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::value::RawValue;
use tandem_domain::{Stamp, Timestamp};
use url::Url;

use crate::row::{Bad, Row};
use crate::stamps;

/// What tells how stock is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stock {
    /// `true`, `false`, or on a variation `parent`.
    pub(crate) manage_stock: String,
    pub(crate) stock_quantity: Option<Decimal>,
}

impl Stock {
    fn read(row: &Row) -> Result<Self, Bad> {
        Ok(Self {
            manage_stock: row.text("manage_stock")?,
            stock_quantity: row.decimal_if_any("stock_quantity")?,
        })
    }
}

/// An attribute: of a product all its `options`, of a variation its one `option`.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) options: Vec<String>,
    pub(crate) option: String,
}

impl Attribute {
    fn read_all(row: &Row) -> Result<Vec<Self>, Bad> {
        row.rows("attributes")?
            .iter()
            .map(|row| {
                Ok(Self {
                    name: row.text("name")?,
                    options: row.texts("options")?,
                    option: row.text("option")?,
                })
            })
            .collect()
    }
}

/// A row of `products` or of `variations`; what only the other has is empty.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) id: u64,
    pub(crate) parent_id: u64,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) sku: String,
    pub(crate) global_unique_id: String,
    pub(crate) status: String,
    /// What a customer pays today; text, because the map reports it as it is.
    pub(crate) price: String,
    pub(crate) stock: Stock,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) permalink: String,
    pub(crate) date_modified_gmt: Option<Timestamp>,
    /// Ids of a parent's variations, where they were asked for.
    pub(crate) variations: Vec<u64>,
}

impl Product {
    /// The fields that [`Product::read`] uses, for `_fields`: 26 KB a page instead of 400.
    pub(crate) const FIELDS: &'static str = "id,parent_id,type,name,sku,global_unique_id,status,\
        price,manage_stock,stock_quantity,attributes,permalink,date_modified_gmt";

    pub(crate) fn read(row: &Row) -> Result<Self, Bad> {
        Ok(Self {
            id: row.id("id")?,
            parent_id: row.id_or_zero("parent_id")?,
            kind: row.text("type")?,
            name: row.text("name")?,
            sku: row.text("sku")?,
            global_unique_id: row.text("global_unique_id")?,
            status: row.text("status")?,
            price: row.text("price")?,
            stock: Stock::read(row)?,
            attributes: Attribute::read_all(row)?,
            permalink: row.text("permalink")?,
            date_modified_gmt: row.instant_if_any("date_modified_gmt")?,
            variations: row.ids("variations")?,
        })
    }
}

/// One tax of a line.
#[derive(Debug, Clone)]
pub(crate) struct Tax {
    pub(crate) id: String,
    pub(crate) total: Decimal,
}

impl Tax {
    fn read_all(row: &Row) -> Result<Vec<Self>, Bad> {
        row.rows("taxes")?
            .iter()
            .map(|row| {
                Ok(Self {
                    id: row.text("id")?,
                    // Empty where this rate does not apply to the line.
                    total: row.decimal_if_any("total")?.unwrap_or_default(),
                })
            })
            .collect()
    }
}

/// A line of goods.
#[derive(Debug, Clone)]
pub(crate) struct LineItem {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) product_id: u64,
    pub(crate) variation_id: u64,
    pub(crate) sku: String,
    pub(crate) quantity: Decimal,
    pub(crate) subtotal: Decimal,
    pub(crate) total: Decimal,
    pub(crate) taxes: Vec<Tax>,
}

impl LineItem {
    fn read(row: &Row) -> Result<Self, Bad> {
        Ok(Self {
            id: row.text("id")?,
            name: row.text("name")?,
            product_id: row.id_or_zero("product_id")?,
            variation_id: row.id_or_zero("variation_id")?,
            sku: row.text("sku")?,
            quantity: row.decimal("quantity")?,
            subtotal: row.decimal("subtotal")?,
            total: row.decimal("total")?,
            taxes: Tax::read_all(row)?,
        })
    }
}

/// A shipping line or a fee line.
#[derive(Debug, Clone)]
pub(crate) struct ChargeLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) method_id: String,
    pub(crate) total: Decimal,
    pub(crate) taxes: Vec<Tax>,
}

impl ChargeLine {
    fn read_all(row: &Row, list: &str, name: &str) -> Result<Vec<Self>, Bad> {
        row.rows(list)?
            .iter()
            .map(|row| {
                Ok(Self {
                    id: row.text("id")?,
                    name: row.text(name)?,
                    method_id: row.text("method_id")?,
                    total: row.decimal("total")?,
                    taxes: Tax::read_all(row)?,
                })
            })
            .collect()
    }
}

/// A rate that an order used.
#[derive(Debug, Clone)]
pub(crate) struct TaxLine {
    pub(crate) rate_id: String,
    pub(crate) label: String,
    pub(crate) rate_percent: Decimal,
    pub(crate) tax_total: Decimal,
    pub(crate) shipping_tax_total: Decimal,
}

impl TaxLine {
    fn read(row: &Row) -> Result<Self, Bad> {
        Ok(Self {
            rate_id: row.text("rate_id")?,
            label: row.text("label")?,
            rate_percent: row.decimal_if_any("rate_percent")?.unwrap_or_default(),
            tax_total: row.decimal("tax_total")?,
            shipping_tax_total: row.decimal("shipping_tax_total")?,
        })
    }
}

/// `billing` or `shipping`; these come raw, without HTML entities (recorded: 103).
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) company: String,
    /// `address_1` and `address_2`.
    pub(crate) lines: [String; 2],
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) postcode: String,
    pub(crate) country: String,
    pub(crate) email: String,
    pub(crate) phone: String,
}

impl Address {
    fn read(row: &Row) -> Result<Self, Bad> {
        Ok(Self {
            first_name: row.text("first_name")?,
            last_name: row.text("last_name")?,
            company: row.text("company")?,
            lines: [row.text("address_1")?, row.text("address_2")?],
            city: row.text("city")?,
            state: row.text("state")?,
            postcode: row.text("postcode")?,
            country: row.text("country")?,
            email: row.text("email")?,
            phone: row.text("phone")?,
        })
    }
}

/// An order.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: u64,
    pub(crate) number: String,
    pub(crate) status: String,
    pub(crate) currency: String,
    pub(crate) prices_include_tax: bool,
    pub(crate) date_created_gmt: Timestamp,
    pub(crate) date_modified_gmt: Timestamp,
    pub(crate) date_paid_gmt: Option<Timestamp>,
    pub(crate) discount_total: Decimal,
    pub(crate) total_tax: Decimal,
    pub(crate) total: Decimal,
    pub(crate) customer_id: u64,
    pub(crate) billing: Address,
    pub(crate) shipping: Address,
    pub(crate) payment_method: String,
    pub(crate) payment_method_title: String,
    pub(crate) customer_note: String,
    pub(crate) line_items: Vec<LineItem>,
    pub(crate) shipping_lines: Vec<ChargeLine>,
    pub(crate) fee_lines: Vec<ChargeLine>,
    pub(crate) tax_lines: Vec<TaxLine>,
    pub(crate) coupon_codes: Vec<String>,
    /// Totals of its refunds, negative.
    pub(crate) refund_totals: Vec<Decimal>,
    /// Our own mark, among whatever others write there.
    pub(crate) stamp: Option<Stamp>,
}

impl Order {
    pub(crate) fn read(row: &Row) -> Result<Self, Bad> {
        Ok(Self {
            id: row.id("id")?,
            number: row.text("number")?,
            status: row.text("status")?,
            currency: row.text("currency")?,
            prices_include_tax: row.flag("prices_include_tax"),
            date_created_gmt: row.instant("date_created_gmt")?,
            date_modified_gmt: row.instant("date_modified_gmt")?,
            date_paid_gmt: row.instant_if_any("date_paid_gmt")?,
            discount_total: row.decimal("discount_total")?,
            total_tax: row.decimal("total_tax")?,
            total: row.decimal("total")?,
            customer_id: row.id_or_zero("customer_id")?,
            billing: Address::read(&row.row("billing")?)?,
            shipping: Address::read(&row.row("shipping")?)?,
            payment_method: row.text("payment_method")?,
            payment_method_title: row.text("payment_method_title")?,
            customer_note: row.text("customer_note")?,
            line_items: collect(&row.rows("line_items")?, LineItem::read)?,
            shipping_lines: ChargeLine::read_all(row, "shipping_lines", "method_title")?,
            fee_lines: ChargeLine::read_all(row, "fee_lines", "name")?,
            tax_lines: collect(&row.rows("tax_lines")?, TaxLine::read)?,
            coupon_codes: collect(&row.rows("coupon_lines")?, |row| row.text("code"))?,
            refund_totals: collect(&row.rows("refunds")?, |row| row.decimal("total"))?,
            stamp: stamps::stamp_in(row),
        })
    }

    /// When a row says that it changed, even when the rest of it cannot be read: paging by date
    /// has to get past such a row.
    pub(crate) fn modified(row: &Row) -> Option<Timestamp> {
        row.instant("date_modified_gmt").ok()
    }
}

fn collect<T>(rows: &[Row], read: impl Fn(&Row) -> Result<T, Bad>) -> Result<Vec<T>, Bad> {
    rows.iter().map(read).collect()
}

/// What the anonymous index of the site says.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) home: String,
    pub(crate) gmt_offset: Option<Decimal>,
    pub(crate) timezone_string: String,
    pub(crate) namespaces: Vec<String>,
    /// Whether users can have passwords for programs, where the site says so (recorded: 115).
    pub(crate) application_passwords: Option<bool>,
}

impl Index {
    /// The fields that [`Index::parse`] uses.
    pub(crate) const FIELDS: &'static str =
        "name,home,gmt_offset,timezone_string,namespaces,authentication";

    /// Why WordPress looks at no application password at this address; `None` where it does, or
    /// does not say.
    pub(crate) fn why_no_passwords(&self, base: &Url) -> Option<&'static str> {
        if base.scheme() == "https" && self.home.starts_with("http://") {
            // TLS ends at a proxy that does not tell WordPress (recorded: 112).
            return Some("https_hidden_from_shop");
        }
        // By a plugin, or because WordPress sees plain HTTP (recorded: 115).
        (self.application_passwords == Some(false)).then_some("application_passwords_off")
    }

    /// `None` when this is not the index of a WordPress site.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let row = Row::parse(json).ok()?;
        row.has_list("namespaces").then_some(())?;
        Some(Self {
            name: row.text("name").ok()?,
            home: row.text("home").ok()?,
            gmt_offset: row.decimal_if_any("gmt_offset").ok()?,
            timezone_string: row.text("timezone_string").ok()?,
            namespaces: row.texts("namespaces").ok()?,
            application_passwords: row
                .row_if_any("authentication")
                .map(|ways| ways.row_if_any("application-passwords").is_some()),
        })
    }
}

/// What `system_status` says, as far as it is asked.
#[derive(Debug, Clone)]
pub(crate) struct SystemStatus {
    pub(crate) version: String,
    pub(crate) wp_version: String,
    /// Whether orders are in tables of their own; older shops do not say.
    pub(crate) hpos: Option<bool>,
    /// `woocommerce/woocommerce.php` with its version.
    pub(crate) plugins: Vec<(String, String)>,
}

impl SystemStatus {
    /// The fields that [`SystemStatus::parse`] uses. The plugins as a whole: a path into a list
    /// (`active_plugins.plugin`) empties it (recorded: 21).
    pub(crate) const FIELDS: &'static str = "environment.version,environment.wp_version,\
        settings.HPOS_enabled,active_plugins";

    pub(crate) fn parse(json: &str) -> Option<Self> {
        let row = Row::parse(json).ok()?;
        let environment = row.row("environment").ok()?;
        let plugin = |row: &Row| Some((row.text("plugin").ok()?, row.text("version").ok()?));
        let plugins = row.rows("active_plugins").unwrap_or_default();
        let settings = row.row("settings").ok()?;
        let says = !settings.text("HPOS_enabled").ok()?.is_empty();
        Some(Self {
            version: environment.text("version").ok()?,
            wp_version: environment.text("wp_version").ok()?,
            hpos: says.then(|| settings.flag("HPOS_enabled")),
            plugins: plugins.iter().filter_map(plugin).collect(),
        })
    }
}

/// The part of a refund that belongs to one line of the order. Its amounts are negative.
#[derive(Debug, Clone)]
pub(crate) struct RefundLine {
    /// `_refunded_item_id`: the order's line.
    pub(crate) line: Option<String>,
    pub(crate) quantity: Decimal,
    pub(crate) total: Decimal,
    pub(crate) taxes: Vec<Tax>,
}

impl RefundLine {
    fn read(row: &Row) -> Result<Self, Bad> {
        let joint = row.rows("meta_data")?.into_iter().find(|meta| {
            let key = meta.text("key");
            key.is_ok_and(|key| key == "_refunded_item_id")
        });
        let line = joint.map(|meta| meta.text("value")).transpose()?;
        Ok(Self {
            line: line.filter(|line| !line.is_empty()),
            // Delivery and fees have none.
            quantity: row.decimal_if_any("quantity")?.unwrap_or_default(),
            total: row.decimal_if_any("total")?.unwrap_or_default(),
            taxes: Tax::read_all(row)?,
        })
    }
}

/// A refund.
#[derive(Debug, Clone)]
pub(crate) struct Refund {
    pub(crate) id: u64,
    /// Positive; empty when nothing was given back (recorded: 66).
    pub(crate) amount: Option<Decimal>,
    pub(crate) reason: String,
    pub(crate) date_created_gmt: Timestamp,
    /// Of goods, delivery and fees.
    pub(crate) lines: Vec<RefundLine>,
}

impl Refund {
    /// The fields that [`Refund::read`] uses. A path into a list would empty it.
    pub(crate) const FIELDS: &'static str =
        "id,parent_id,date_created_gmt,amount,reason,line_items,shipping_lines,fee_lines";

    pub(crate) fn read(row: &Row) -> Result<Self, Bad> {
        let lists = ["line_items", "shipping_lines", "fee_lines"];
        let mut lines = Vec::new();
        for list in lists {
            lines.extend(collect(&row.rows(list)?, RefundLine::read)?);
        }
        Ok(Self {
            id: row.id("id")?,
            amount: row.decimal_if_any("amount")?,
            reason: row.text("reason")?,
            date_created_gmt: row.instant("date_created_gmt")?,
            lines,
        })
    }
}

/// A group of settings: id and value.
#[derive(Debug, Clone)]
pub(crate) struct SettingGroup(HashMap<String, String>);

impl SettingGroup {
    /// Rows whose value is a list (countries) are left out: none is used.
    pub(crate) fn read(rows: &[Box<RawValue>]) -> Self {
        let pair = |json: &str| {
            let row = Row::parse(json).ok()?;
            Some((row.text("id").ok()?, row.text("value").ok()?))
        };
        Self(rows.iter().filter_map(|raw| pair(raw.get())).collect())
    }

    pub(crate) fn get(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}
