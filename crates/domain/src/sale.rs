//! Sale orders as Odoo holds them, and what decides how Odoo computes them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    CarrierKey, Currency, DeliveryKey, InvoiceKey, JournalKey, Money, PartnerKey, PricelistKey,
    Reference, SaleKey, SaleLineKey, Service, TaxKey, Timestamp, VariantKey,
};

/// How a company rounds tax (`tax_calculation_rounding_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxRounding {
    /// `round_per_line`; what 17 and 18 start with.
    PerLine,
    /// `round_globally`; what 19 starts with.
    Globally,
}

/// Which of the measured ways of adding up a server follows. Known by the series, but a late 18.0
/// may already do as 19 does: what was computed is always compared with what is read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// As 17.0 does.
    V17,
    /// As 18.0 did in October 2024.
    V18,
    /// As 19.0 does.
    V19,
}

/// How an Odoo computes orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Arithmetic {
    /// Way of adding up.
    pub series: Series,
    /// The company's rounding.
    pub rounding: TaxRounding,
    /// Decimals that a unit price keeps when it is saved (`Product Price`); `None` where it is
    /// kept as sent (19).
    pub price_digits: Option<u32>,
}

/// A sales tax of Odoo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// `account.tax`.
    pub key: TaxKey,
    /// As Odoo shows it.
    pub name: String,
    /// In percent.
    pub percent: Decimal,
    /// Whether it is a plain percentage: the only kind that is computed here.
    pub plain: bool,
    /// Whether prices include it.
    pub included: bool,
    /// Whether it raises the base of the taxes after it (`include_base_amount`).
    pub compound: bool,
    /// Order in which taxes of a line are taken; then by key.
    pub sequence: i64,
    /// ISO 3166-1 alpha-2 of its country, where Odoo says one.
    pub country: Option<String>,
}

/// A pricelist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricelist {
    /// `product.pricelist`.
    pub key: PricelistKey,
    /// As Odoo shows it.
    pub name: String,
    /// The currency of orders that use it.
    pub currency: Currency,
}

/// A way of delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    /// `delivery.carrier`.
    pub key: CarrierKey,
    /// As Odoo shows it.
    pub name: String,
    /// The service product of its price.
    pub product: Option<VariantKey>,
}

/// A bank or cash journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// `account.journal`.
    pub key: JournalKey,
    /// As Odoo shows it.
    pub name: String,
    /// Short code.
    pub code: String,
    /// Its own currency; `None` for the company's.
    pub currency: Option<Currency>,
}

/// A currency as Odoo has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OdooCurrency {
    /// Which.
    pub currency: Currency,
    /// Decimals that Odoo rounds it to, from `res.currency.rounding`.
    pub decimals: u32,
}

/// What maps choose from, and what decides how Odoo computes: all of one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleTerms {
    /// How it computes.
    pub arithmetic: Arithmetic,
    /// Active sales taxes.
    pub taxes: Vec<Tax>,
    /// Active pricelists; empty where the feature is off.
    pub pricelists: Vec<Pricelist>,
    /// Ways of delivery; `None` where the delivery app is not installed.
    pub carriers: Option<Vec<Carrier>>,
    /// Bank and cash journals; `None` where this user may not read them.
    pub journals: Option<Vec<Journal>>,
    /// Active currencies.
    pub currencies: Vec<OdooCurrency>,
    /// The company's own.
    pub company_currency: Currency,
    /// Countries that Odoo knows, ISO 3166-1 alpha-2.
    pub countries: Vec<String>,
    /// Whether credit notes and invoices may be made with this key.
    pub may_invoice: bool,
    /// Service products that were made by us and are there.
    #[serde(default)]
    pub services: BTreeMap<Service, VariantKey>,
}

/// A line as it is sent. Odoo computes the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLineDraft {
    /// What is sold.
    pub product: VariantKey,
    /// As the customer saw it.
    pub name: String,
    /// How many: at most two decimals, which is all that Odoo keeps.
    pub quantity: Decimal,
    /// For one, in the order's currency; with or without tax as `taxes` say.
    pub unit_price: Decimal,
    /// Empty for none; never left for Odoo to choose.
    pub taxes: Vec<TaxKey>,
    /// Whether this is the price of the delivery.
    pub delivery: bool,
}

/// An order as it is sent to Odoo, once, under its reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleDraft {
    /// What makes it exist at most once.
    pub reference: Reference,
    /// Who ordered.
    pub partner: PartnerKey,
    /// Where the bill goes.
    pub invoice_to: PartnerKey,
    /// Where the goods go.
    pub deliver_to: PartnerKey,
    /// The store's number (`client_order_ref`).
    pub number: String,
    /// Where it comes from, as people read it (`origin`).
    pub origin: String,
    /// When it was placed, UTC.
    pub placed_at: Timestamp,
    /// Decides the currency; `None` for the company's own.
    pub pricelist: Option<PricelistKey>,
    /// What the currency must come out as.
    pub currency: Currency,
    /// Who delivers.
    pub carrier: Option<CarrierKey>,
    /// What the customer wrote.
    pub note: Option<String>,
    /// Goods, charges and, last, a rounding line.
    pub lines: Vec<SaleLineDraft>,
}

/// How far an order is in Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// Quotation, sent or not.
    Draft,
    /// Sale order.
    Confirmed,
    /// Cancelled.
    Cancelled,
}

/// What Odoo would put on an invoice of an order now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invoicing {
    /// Not all of it: it is not confirmed, or goods are invoiced once they are delivered.
    Waits,
    /// All of it, or what is left of it.
    Due,
    /// Nothing more.
    Done,
}

/// An order in one line: what lists and audits need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleHead {
    /// `sale.order`.
    pub key: SaleKey,
    /// `S00042`.
    pub name: String,
    /// External ids of ours and of others, in lists of orders. An order made by hand has none, and
    /// of one that is read in full they are not asked for.
    pub references: Vec<Reference>,
    /// `client_order_ref`.
    pub number: Option<String>,
    /// How far it is.
    pub state: SaleState,
    /// What the customer owes.
    pub total: Money,
    /// `date_order`, UTC.
    pub placed_at: Timestamp,
}

/// A line as Odoo holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// `sale.order.line`, in the order the lines were sent.
    pub key: SaleLineKey,
    /// What is sold; `None` for notes and sections.
    pub product: Option<VariantKey>,
    /// Its text.
    pub name: String,
    /// How many.
    pub quantity: Decimal,
    /// As saved.
    pub unit_price: Decimal,
    /// Its taxes.
    pub taxes: Vec<TaxKey>,
    /// Without tax, as Odoo rounds it line by line.
    pub untaxed: Money,
    /// With tax. These need not add up to the order's total where tax is rounded globally.
    pub total: Money,
    /// Shipped so far.
    pub delivered: Decimal,
    /// Invoiced so far.
    pub invoiced: Decimal,
}

/// A transfer of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// `stock.picking`.
    pub key: DeliveryKey,
    /// `WH/OUT/00042`.
    pub name: String,
    /// Odoo's word: `draft`, `waiting`, `confirmed`, `assigned`, `done`, `cancel`.
    pub state: String,
    /// Who carries it.
    pub carrier: Option<String>,
    /// `carrier_tracking_ref`.
    pub tracking: Option<String>,
    /// When it was done, UTC.
    pub done_at: Option<Timestamp>,
}

/// An invoice or a credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// `account.move`.
    pub key: InvoiceKey,
    /// `INV/2026/00042`; a draft has none.
    pub name: Option<String>,
    /// Whether it pays money back.
    pub credit_note: bool,
    /// Odoo's word: `draft`, `posted`, `cancel`.
    pub state: String,
    /// Odoo's word: `not_paid`, `in_payment`, `paid`, `partial`, `reversed`.
    pub payment_state: String,
    /// With tax, positive.
    pub total: Money,
    /// The invoice that a credit note reverses.
    pub reverses: Option<InvoiceKey>,
    /// External ids of a credit note made by us.
    pub references: Vec<Reference>,
}

/// An order as Odoo holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The one-line view.
    pub head: SaleHead,
    /// Who ordered.
    pub partner: PartnerKey,
    /// Where the bill goes.
    pub invoice_to: PartnerKey,
    /// Where the goods go.
    pub deliver_to: PartnerKey,
    /// Without tax.
    pub untaxed: Money,
    /// Tax.
    pub tax: Money,
    /// Its lines, in the order they were sent.
    pub lines: Vec<SaleLine>,
    /// Transfers of its goods; empty where this user may not read them.
    pub deliveries: Vec<Delivery>,
    /// Invoices and credit notes; empty where this user may not read them.
    pub invoices: Vec<Invoice>,
    /// What is to be invoiced.
    pub invoicing: Invoicing,
    /// Whether it is locked against changes.
    pub locked: bool,
    /// `write_date`, UTC.
    pub modified_at: Timestamp,
    /// Its page in Odoo.
    pub url: Option<String>,
}
