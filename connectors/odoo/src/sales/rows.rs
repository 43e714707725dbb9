//! Rows of the sales side as they arrive, and what they mean.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use tandem_domain::{
    Currency, Delivery, DeliveryKey, Invoice, InvoiceKey, Invoicing, Money, PartnerKey, Reference,
    SaleHead, SaleKey, SaleLine, SaleLineKey, SaleState, TaxKey, Timestamp, VariantKey,
};

use crate::wire::{decimal, instant, or_false};

/// `sale.order`, what lists need of it.
#[derive(Debug, Deserialize)]
pub(super) struct HeadRow {
    pub(super) id: i64,
    name: String,
    state: String,
    #[serde(deserialize_with = "or_false")]
    client_order_ref: Option<String>,
    #[serde(deserialize_with = "instant")]
    date_order: Option<Timestamp>,
    currency_id: i64,
    #[serde(deserialize_with = "decimal")]
    amount_total: Decimal,
}

pub(super) const HEAD_FIELDS: [&str; 6] = [
    "name",
    "state",
    "client_order_ref",
    "date_order",
    "currency_id",
    "amount_total",
];

/// `sale.order`, the rest of it.
#[derive(Debug, Deserialize)]
pub(super) struct OrderRow {
    pub(super) partner_id: i64,
    pub(super) partner_invoice_id: i64,
    pub(super) partner_shipping_id: i64,
    #[serde(deserialize_with = "decimal")]
    pub(super) amount_untaxed: Decimal,
    #[serde(deserialize_with = "decimal")]
    pub(super) amount_tax: Decimal,
    #[serde(default)]
    pub(super) locked: bool,
    #[serde(deserialize_with = "instant")]
    pub(super) write_date: Option<Timestamp>,
    #[serde(default)]
    pub(super) picking_ids: Vec<i64>,
    #[serde(default)]
    pub(super) invoice_ids: Vec<i64>,
}

pub(super) const ORDER_FIELDS: [&str; 6] = [
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
    "amount_untaxed",
    "amount_tax",
    "write_date",
];

/// `sale.order.line`; taxes in one of two columns.
#[derive(Debug, Deserialize)]
pub(super) struct LineRow {
    pub(super) id: i64,
    pub(super) order_id: i64,
    #[serde(deserialize_with = "or_false")]
    pub(super) product_id: Option<i64>,
    #[serde(deserialize_with = "or_false")]
    pub(super) name: Option<String>,
    #[serde(deserialize_with = "decimal")]
    pub(super) product_uom_qty: Decimal,
    #[serde(deserialize_with = "decimal")]
    pub(super) price_unit: Decimal,
    #[serde(default, alias = "tax_ids")]
    tax_id: Vec<i64>,
    #[serde(deserialize_with = "decimal")]
    price_subtotal: Decimal,
    #[serde(deserialize_with = "decimal")]
    price_total: Decimal,
    #[serde(deserialize_with = "decimal")]
    qty_delivered: Decimal,
    #[serde(deserialize_with = "decimal")]
    qty_invoiced: Decimal,
    #[serde(deserialize_with = "decimal")]
    qty_to_invoice: Decimal,
}

pub(super) const LINE_FIELDS: [&str; 10] = [
    "order_id",
    "product_id",
    "name",
    "product_uom_qty",
    "price_unit",
    "price_subtotal",
    "price_total",
    "qty_delivered",
    "qty_invoiced",
    "qty_to_invoice",
];

/// `stock.picking`, its carrier with the name.
#[derive(Debug, Deserialize)]
pub(super) struct PickingRow {
    pub(super) id: i64,
    name: String,
    state: String,
    #[serde(default, deserialize_with = "or_false")]
    carrier_id: Option<(i64, String)>,
    #[serde(default, deserialize_with = "or_false")]
    carrier_tracking_ref: Option<String>,
    #[serde(deserialize_with = "instant")]
    date_done: Option<Timestamp>,
}

/// `account.move`.
#[derive(Debug, Deserialize)]
pub(super) struct InvoiceRow {
    pub(super) id: i64,
    #[serde(deserialize_with = "or_false")]
    name: Option<String>,
    move_type: String,
    state: String,
    #[serde(deserialize_with = "or_false")]
    payment_state: Option<String>,
    #[serde(deserialize_with = "decimal")]
    amount_total: Decimal,
    currency_id: i64,
    #[serde(deserialize_with = "or_false")]
    reversed_entry_id: Option<i64>,
}

pub(super) const INVOICE_FIELDS: [&str; 7] = [
    "name",
    "move_type",
    "state",
    "payment_state",
    "amount_total",
    "currency_id",
    "reversed_entry_id",
];

/// What rows refer to by id.
pub(super) struct Known<'a> {
    pub(super) currencies: &'a HashMap<i64, Currency>,
    /// External ids by row id.
    pub(super) references: HashMap<i64, Vec<Reference>>,
}

impl Known<'_> {
    fn currency(&self, id: i64) -> Result<Currency, String> {
        let found = self.currencies.get(&id).copied();
        found.ok_or_else(|| format!("currency_id: {id} is no currency of ISO 4217"))
    }
}

impl HeadRow {
    pub(super) fn currency(&self, known: &Known<'_>) -> Result<Currency, String> {
        known.currency(self.currency_id)
    }

    pub(super) fn understand(self, known: &Known<'_>) -> Result<SaleHead, String> {
        let currency = self.currency(known)?;
        Ok(SaleHead {
            key: SaleKey(self.id),
            name: self.name,
            references: known.references.get(&self.id).cloned().unwrap_or_default(),
            number: self.client_order_ref,
            state: state(&self.state)?,
            total: Money::rounded(self.amount_total, currency),
            placed_at: self.date_order.ok_or("date_order: an order has none")?,
        })
    }
}

/// `done` was the locked order of 16; from 17 on it is a flag of its own.
pub(super) fn state(word: &str) -> Result<SaleState, String> {
    match word {
        "draft" | "sent" => Ok(SaleState::Draft),
        "sale" | "done" => Ok(SaleState::Confirmed),
        "cancel" => Ok(SaleState::Cancelled),
        other => Err(format!("state: `{other}` is no state of an order")),
    }
}

/// What is to be invoiced of these lines, as their products' policies say: as ordered, or as
/// delivered. `invoice_status` of the order would already be `to invoice` where one of them is.
pub(super) fn invoicing(lines: &[LineRow]) -> Invoicing {
    let short = |line: &LineRow| line.qty_invoiced + line.qty_to_invoice < line.product_uom_qty;
    if lines.iter().any(short) {
        Invoicing::Waits
    } else if lines.iter().all(|line| line.qty_to_invoice.is_zero()) {
        Invoicing::Done
    } else {
        Invoicing::Due
    }
}

impl LineRow {
    pub(super) fn understand(self, currency: Currency) -> SaleLine {
        SaleLine {
            key: SaleLineKey(self.id),
            product: self.product_id.map(VariantKey),
            name: self.name.unwrap_or_default(),
            quantity: self.product_uom_qty,
            unit_price: self.price_unit,
            taxes: self.tax_id.into_iter().map(TaxKey).collect(),
            untaxed: Money::rounded(self.price_subtotal, currency),
            total: Money::rounded(self.price_total, currency),
            delivered: self.qty_delivered,
            invoiced: self.qty_invoiced,
        }
    }
}

impl PickingRow {
    pub(super) fn understand(self) -> Delivery {
        Delivery {
            key: DeliveryKey(self.id),
            name: self.name,
            state: self.state,
            carrier: self.carrier_id.map(|(_, name)| name),
            tracking: self.carrier_tracking_ref,
            done_at: self.date_done,
        }
    }
}

impl InvoiceRow {
    /// A draft is called `/` until 18, and nothing at all on 19 (`103-invoice-read-draft`).
    pub(super) fn understand(self, known: &Known<'_>) -> Result<Invoice, String> {
        Ok(Invoice {
            key: InvoiceKey(self.id),
            name: self.name.filter(|name| name != "/"),
            credit_note: self.move_type == "out_refund",
            state: self.state,
            payment_state: self.payment_state.unwrap_or_else(|| "not_paid".to_owned()),
            total: Money::rounded(self.amount_total, known.currency(self.currency_id)?),
            reverses: self.reversed_entry_id.map(InvoiceKey),
            references: known.references.get(&self.id).cloned().unwrap_or_default(),
        })
    }
}

/// Who is named on an order.
pub(super) fn partners(row: &OrderRow) -> (PartnerKey, PartnerKey, PartnerKey) {
    (
        PartnerKey(row.partner_id),
        PartnerKey(row.partner_invoice_id),
        PartnerKey(row.partner_shipping_id),
    )
}
