//! What an order is in Odoo, or would be, line by line against the store's.

use std::collections::HashMap;

use rust_decimal::Decimal;
use tandem_domain::{
    Delivery, Invoice, ListingKey, Money, Order, OrderKey, Sale, SaleState, SaleTerms, TaxKey,
};
use tandem_ledger::Origin;
use tandem_store::Stage;
use tandem_sync::import::{CustomerPlan, PlannedOrder};

use super::Judging;
use crate::view::{InvoiceView, OdooLine, OdooOrder, PlannedView, ShipmentView, Until};

impl Judging {
    pub(super) fn planned_view(&self, plan: &PlannedOrder) -> PlannedView {
        let order = &plan.order;
        let import = self.imports.get(&order.key);
        let rounding = plan.rendering.rounding.amount();
        let known = self.known.get(&order.key);
        let found = known.is_some_and(|known| !known.customers.is_empty());
        PlannedView {
            key: order.key.to_string(),
            number: order.number.clone(),
            customer: order.customer.name.clone(),
            total: order.total.amount().to_string(),
            currency: order.currency.code().to_owned(),
            until: plan.until,
            reference: plan.reference.to_string(),
            rounding: (!rounding.is_zero()).then(|| rounding.to_string()),
            resumes: import.is_some_and(|import| import.stage >= Stage::Sent),
            new_customer: match &plan.customer {
                CustomerPlan::ByEmail { chosen, .. } => chosen.is_none() && !found,
                CustomerPlan::Guest => true,
            },
        }
    }

    /// What an order would be, as it was computed here.
    pub(super) fn would_be(&self, plan: &PlannedOrder) -> OdooOrder {
        let order = &plan.order;
        let names = names(self.terms.as_ref());
        let rows = Rows::of(order);
        let expected = &plan.rendering.expected;
        let lines = plan.rendering.lines.iter().zip(&expected.lines);
        let lines = lines
            .zip(&plan.lines)
            .map(|((line, totals), sent)| OdooLine {
                row: line.origin.line().and_then(|id| rows.0.get(id)).copied(),
                name: sent.name.clone(),
                quantity: sent.quantity.normalize().to_string(),
                unit_price: sent.unit_price.normalize().to_string(),
                taxes: named(&names, &sent.taxes),
                untaxed: money(totals.untaxed, order),
                total: money(totals.total, order),
                rounding: line.origin == Origin::Rounding,
            });
        OdooOrder {
            there: false,
            sale: None,
            state: None,
            url: None,
            lines: lines.collect(),
            untaxed: money(expected.untaxed, order),
            tax: money(expected.tax, order),
            total: money(expected.total, order),
            difference: money(expected.total - order.total.amount(), order),
            until: plan.until,
            invoices: Vec::new(),
            shipments: Vec::new(),
        }
    }

    /// What an order is, as it was read just now. Its lines are told apart by the plan, where
    /// they still are what was sent.
    pub(super) fn is(
        &self,
        order: &Order<ListingKey>,
        sale: &Sale,
        plan: Option<&PlannedOrder>,
    ) -> OdooOrder {
        let names = names(self.terms.as_ref());
        let rows = Rows::of(order);
        let origins = plan.map_or(&[][..], |plan| plan.rendering.lines.as_slice());
        let as_sent = origins.len() == sale.lines.len();
        let lines = sale.lines.iter().enumerate().map(|(at, line)| {
            let origin = origins.get(at).filter(|_| as_sent).map(|line| &line.origin);
            OdooLine {
                row: origin
                    .and_then(Origin::line)
                    .and_then(|id| rows.0.get(id))
                    .copied(),
                name: line.name.clone(),
                quantity: line.quantity.normalize().to_string(),
                unit_price: line.unit_price.normalize().to_string(),
                taxes: named(&names, &line.taxes),
                untaxed: line.untaxed.amount().to_string(),
                total: line.total.amount().to_string(),
                rounding: origin == Some(&Origin::Rounding),
            }
        });
        let head = &sale.head;
        OdooOrder {
            there: true,
            sale: Some(head.name.clone()),
            state: Some(state(head.state).to_owned()),
            url: sale.url.clone(),
            lines: lines.collect(),
            untaxed: sale.untaxed.amount().to_string(),
            tax: sale.tax.amount().to_string(),
            total: head.total.amount().to_string(),
            difference: money(
                head.total.amount().saturating_sub(order.total.amount()),
                order,
            ),
            until: plan.map_or(Until::Draft, |plan| plan.until),
            invoices: sale.invoices.iter().map(invoice).collect(),
            shipments: sale.deliveries.iter().map(shipment).collect(),
        }
    }

    /// Whether an import of this order has come to something that can be read.
    pub(super) fn sale_of(&self, order: &OrderKey) -> Option<tandem_domain::SaleKey> {
        let import = self.imports.get(order)?;
        import.sale.filter(|_| import.stage != Stage::Gone)
    }
}

/// Rows of an order's ledger by the store's id: goods, then charges.
struct Rows<'a>(HashMap<&'a str, u32>);

impl<'a> Rows<'a> {
    fn of(order: &'a Order<ListingKey>) -> Self {
        let lines = order.lines.iter().map(|line| line.id.as_str());
        let charges = order.charges.iter().map(|charge| charge.id.as_str());
        Self(lines.chain(charges).zip(0_u32..).collect())
    }
}

fn names(terms: Option<&SaleTerms>) -> HashMap<TaxKey, &str> {
    let taxes = terms.into_iter().flat_map(|terms| &terms.taxes);
    taxes.map(|tax| (tax.key, tax.name.as_str())).collect()
}

fn named(names: &HashMap<TaxKey, &str>, keys: &[TaxKey]) -> Vec<String> {
    let name = |key: &TaxKey| {
        let known = names.get(key).map(|name| (*name).to_owned());
        known.unwrap_or_else(|| key.to_string())
    };
    keys.iter().map(name).collect()
}

fn money(amount: Decimal, order: &Order<ListingKey>) -> String {
    Money::rounded(amount, order.currency).amount().to_string()
}

fn state(state: SaleState) -> &'static str {
    match state {
        SaleState::Draft => "draft",
        SaleState::Confirmed => "confirmed",
        SaleState::Cancelled => "cancelled",
    }
}

fn invoice(invoice: &Invoice) -> InvoiceView {
    InvoiceView {
        key: narrow(invoice.key.0),
        name: invoice.name.clone(),
        credit_note: invoice.credit_note,
        state: invoice.state.clone(),
        payment_state: invoice.payment_state.clone(),
        total: invoice.total.amount().to_string(),
    }
}

fn shipment(delivery: &Delivery) -> ShipmentView {
    ShipmentView {
        key: narrow(delivery.key.0),
        name: delivery.name.clone(),
        state: delivery.state.clone(),
        carrier: delivery.carrier.clone(),
        tracking: delivery.tracking.clone(),
        done_at: delivery.done_at.map(|at| at.to_string()),
    }
}

/// Odoo's ids are 32 bits wide.
pub(super) fn narrow(id: i64) -> i32 {
    i32::try_from(id).unwrap_or(i32::MAX)
}
