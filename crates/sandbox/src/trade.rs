//! What Odoo's sales side holds: taxes and other choices, customers, orders and what follows them.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use tandem_domain::{Currency, Timestamp};

/// Everything around selling in an Odoo database.
#[derive(Debug, Clone)]
pub struct ErpSales {
    /// `account.tax`.
    pub taxes: BTreeMap<i64, ErpTax>,
    /// `product.pricelist`.
    pub pricelists: BTreeMap<i64, ErpPricelist>,
    /// `delivery.carrier`.
    pub carriers: BTreeMap<i64, ErpCarrier>,
    /// `account.journal`.
    pub journals: BTreeMap<i64, ErpJournal>,
    /// `res.partner`: customers and their addresses.
    pub partners: BTreeMap<i64, ErpPartner>,
    /// `sale.order`.
    pub orders: BTreeMap<i64, ErpOrder>,
    /// The order of each line that was made through the API, to find it without a search.
    pub line_orders: BTreeMap<i64, i64>,
    /// `account.move`: invoices and credit notes.
    pub invoices: BTreeMap<i64, ErpInvoice>,
    /// `stock.picking`.
    pub pickings: BTreeMap<i64, ErpPicking>,
    /// `mail.message`.
    pub messages: BTreeMap<i64, ErpMessage>,
    /// `sale.advance.payment.inv`: the order that each opened wizard is about.
    pub wizards: BTreeMap<i64, i64>,
    /// Model and row behind each external id (`prefix.name`).
    pub external_ids: BTreeMap<String, (String, i64)>,
    /// Decimals of `Product Price`; what 17 and 18 keep of a unit price.
    pub price_digits: u32,
    /// Products that are invoiced once they are delivered (`invoice_policy`); all others as
    /// ordered.
    pub invoiced_on_delivery: BTreeSet<i64>,
    /// An app of this Odoo refuses draft invoices, in these words.
    pub invoices_refused: Option<String>,
    /// So many of the next `load` calls lose a race: they save nothing and burn a number.
    pub races_lost: u32,
    /// So many of the next draft invoices have the last number that was given away, as drafts that
    /// are made at once all have the first one of a year.
    pub twin_drafts: u32,
    /// The next reference that is asked for is another worker's, who has not saved it yet: it
    /// is there, and cannot be seen.
    pub unseen: bool,
    /// The last row id of each model that was given away here.
    pub last_ids: BTreeMap<String, i64>,
    /// The last number of each document: `S`, `INV`, `RINV`, `OUT`.
    pub last_numbers: BTreeMap<String, u64>,
}

impl Default for ErpSales {
    fn default() -> Self {
        Self {
            taxes: BTreeMap::new(),
            pricelists: BTreeMap::new(),
            carriers: BTreeMap::new(),
            journals: BTreeMap::new(),
            partners: BTreeMap::new(),
            orders: BTreeMap::new(),
            line_orders: BTreeMap::new(),
            invoices: BTreeMap::new(),
            pickings: BTreeMap::new(),
            messages: BTreeMap::new(),
            wizards: BTreeMap::new(),
            external_ids: BTreeMap::new(),
            price_digits: 2,
            invoiced_on_delivery: BTreeSet::new(),
            invoices_refused: None,
            races_lost: 0,
            twin_drafts: 0,
            unseen: false,
            last_ids: BTreeMap::new(),
            last_numbers: BTreeMap::new(),
        }
    }
}

impl ErpSales {
    /// How many of a line are to be invoiced now (`qty_to_invoice`).
    pub fn to_invoice(&self, line: &ErpOrderLine) -> Decimal {
        let due = if self.invoiced_on_delivery.contains(&line.product) {
            line.delivered
        } else {
            line.quantity
        };
        due - line.invoiced
    }

    /// Gives the next row id of a model away; `taken` is the highest that is there.
    pub fn next_id(&mut self, model: &str, taken: i64) -> i64 {
        let last = self.last_ids.entry(model.to_owned()).or_default();
        *last = taken.max(*last) + 1;
        *last
    }

    /// Gives the next number of a row of numbers away. Whoever fails afterwards has burnt it.
    pub fn next_number(&mut self, row: &str) -> u64 {
        let last = self.last_numbers.entry(row.to_owned()).or_default();
        *last += 1;
        *last
    }

    /// Forgets a record's external ids, as deleting the record does.
    pub fn forget(&mut self, model: &str, id: i64) {
        self.external_ids
            .retain(|_, (of, row)| of != model || *row != id);
    }

    /// Deletes an order, with what knows it by name.
    pub fn delete_order(&mut self, id: i64) {
        self.orders.remove(&id);
        self.forget("sale.order", id);
    }
}

/// A sales tax.
#[derive(Debug, Clone)]
pub struct ErpTax {
    /// Its name.
    pub name: String,
    /// In percent.
    pub percent: Decimal,
    /// `percent`, `fixed`, `group`, `division`.
    pub kind: String,
    /// Whether prices include it.
    pub included: bool,
    /// `include_base_amount`.
    pub compound: bool,
    /// Place among a line's taxes.
    pub sequence: i64,
    /// ISO country; empty for the company's.
    pub country: String,
    /// Whose it is.
    pub company: i64,
}

/// A pricelist.
#[derive(Debug, Clone)]
pub struct ErpPricelist {
    /// Its name.
    pub name: String,
    /// Its currency.
    pub currency: Currency,
    /// Whose it is; `None` for everybody's.
    pub company: Option<i64>,
}

/// A way of delivery.
#[derive(Debug, Clone)]
pub struct ErpCarrier {
    /// Its name.
    pub name: String,
    /// The service that its price is booked on.
    pub product: i64,
}

/// A journal.
#[derive(Debug, Clone)]
pub struct ErpJournal {
    /// Its name.
    pub name: String,
    /// Short code.
    pub code: String,
    /// `bank`, `cash`, `sale`, …
    pub kind: String,
    /// Its own currency.
    pub currency: Option<Currency>,
    /// Whose it is.
    pub company: i64,
}

/// A customer, or an address of one.
#[derive(Debug, Clone, Default)]
pub struct ErpPartner {
    /// Whose address it is.
    pub parent: Option<i64>,
    /// `contact`, `invoice`, `delivery`, `other`.
    pub role: String,
    /// Name.
    pub name: String,
    /// Company that a person works for.
    pub company_name: String,
    /// E-mail as typed.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// First line.
    pub street: String,
    /// Second line.
    pub street2: String,
    /// City.
    pub city: String,
    /// Postal code.
    pub zip: String,
    /// `res.country.state` id.
    pub state: Option<i64>,
    /// `res.country` id.
    pub country: Option<i64>,
    /// Whether it was put away.
    pub archived: bool,
}

/// A line of an order.
#[derive(Debug, Clone)]
pub struct ErpOrderLine {
    /// `sale.order.line`.
    pub id: i64,
    /// `product.product`.
    pub product: i64,
    /// Its text.
    pub name: String,
    /// How many, as saved.
    pub quantity: Decimal,
    /// For one, as saved.
    pub price: Decimal,
    /// Taxes.
    pub taxes: Vec<i64>,
    /// Whether it is the price of the delivery.
    pub delivery: bool,
    /// Without tax.
    pub untaxed: Decimal,
    /// With tax.
    pub total: Decimal,
    /// Shipped.
    pub delivered: Decimal,
    /// Invoiced.
    pub invoiced: Decimal,
}

/// A sale order.
#[derive(Debug, Clone)]
pub struct ErpOrder {
    /// `S00042`.
    pub name: String,
    /// `draft`, `sent`, `sale`, `cancel`.
    pub state: String,
    /// Who ordered.
    pub partner: i64,
    /// Where the bill goes.
    pub invoice_to: i64,
    /// Where the goods go.
    pub deliver_to: i64,
    /// `client_order_ref`.
    pub number: String,
    /// `origin`.
    pub origin: String,
    /// `date_order`.
    pub placed: Timestamp,
    /// Decides the currency.
    pub pricelist: Option<i64>,
    /// Its currency.
    pub currency: Currency,
    /// Who delivers.
    pub carrier: Option<i64>,
    /// `note`, HTML.
    pub note: String,
    /// Whose it is.
    pub company: i64,
    /// Lines by id.
    pub lines: Vec<ErpOrderLine>,
    /// Without tax.
    pub untaxed: Decimal,
    /// Tax.
    pub tax: Decimal,
    /// With tax.
    pub total: Decimal,
    /// Whether it is locked.
    pub locked: bool,
    /// `write_date`.
    pub modified: Timestamp,
}

/// A line of an invoice.
#[derive(Debug, Clone)]
pub struct ErpInvoiceLine {
    /// `account.move.line`.
    pub id: i64,
    /// `product.product`.
    pub product: i64,
    /// Its text.
    pub name: String,
    /// How many.
    pub quantity: Decimal,
    /// For one.
    pub price: Decimal,
    /// Taxes.
    pub taxes: Vec<i64>,
    /// The order lines that it bills.
    pub of: Vec<i64>,
    /// Without tax.
    pub untaxed: Decimal,
    /// With tax.
    pub total: Decimal,
}

/// An invoice or a credit note.
#[derive(Debug, Clone)]
pub struct ErpInvoice {
    /// `INV/2026/00042`; a draft has none.
    pub name: Option<String>,
    /// `out_invoice` or `out_refund`.
    pub kind: String,
    /// `draft`, `posted`, `cancel`.
    pub state: String,
    /// `not_paid`, `paid`, …
    pub payment_state: String,
    /// Who pays.
    pub partner: i64,
    /// `ref`.
    pub reference: String,
    /// `invoice_origin`.
    pub origin: String,
    /// `invoice_date`, `2026-11-21`; empty until it is posted.
    pub date: String,
    /// Its currency.
    pub currency: Currency,
    /// The invoice that it takes back.
    pub reverses: Option<i64>,
    /// Whose it is.
    pub company: i64,
    /// Lines.
    pub lines: Vec<ErpInvoiceLine>,
    /// Without tax.
    pub untaxed: Decimal,
    /// Tax.
    pub tax: Decimal,
    /// With tax.
    pub total: Decimal,
    /// `write_date`.
    pub modified: Timestamp,
}

/// What a transfer moves of one line of its order.
#[derive(Debug, Clone)]
pub struct ErpMove {
    /// `stock.move`.
    pub id: i64,
    /// `sale.order.line`.
    pub line: i64,
    /// Asked for; once it is done, shipped.
    pub quantity: Decimal,
    /// What somebody picked; `None` until then.
    pub picked: Option<Decimal>,
}

/// A transfer of goods.
#[derive(Debug, Clone)]
pub struct ErpPicking {
    /// `WH/OUT/00042`.
    pub name: String,
    /// `assigned`, `done`, `cancel`, …
    pub state: String,
    /// The order that it serves.
    pub order: i64,
    /// Where it goes.
    pub partner: i64,
    /// Who carries it.
    pub carrier: Option<i64>,
    /// `carrier_tracking_ref`.
    pub tracking: String,
    /// When it was done.
    pub done: Option<Timestamp>,
    /// What it moves.
    pub moves: Vec<ErpMove>,
    /// The transfer whose rest it ships.
    pub backorder_of: Option<i64>,
    /// When it was made.
    pub created: Timestamp,
    /// `write_date`.
    pub modified: Timestamp,
}

/// A message on an order.
#[derive(Debug, Clone)]
pub struct ErpMessage {
    /// The order.
    pub order: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: String,
    /// HTML.
    pub body: String,
    /// `comment`, `email`, `notification`.
    pub kind: String,
    /// Whether its subtype is for staff only.
    pub note: bool,
    /// Whether it is marked as internal.
    pub internal: bool,
}
