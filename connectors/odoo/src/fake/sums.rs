//! Orders and invoices added up as Odoo does, by the ledger that also plans them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::{Arithmetic, Currency, Series, Tax, TaxKey, TaxRounding};
use tandem_ledger::{Computing, PricedLine, Totals, totals as computed};
use tandem_sandbox::{ErpOrder, ErpOrderLine, ErpSales, World};

/// A line as it was sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) product: i64,
    pub(super) name: String,
    pub(super) quantity: Decimal,
    pub(super) price: Decimal,
    pub(super) taxes: Vec<i64>,
    pub(super) delivery: bool,
}

/// The next row of a model of the sales side.
pub(super) fn next_id(sales: &mut ErpSales, model: &str) -> i64 {
    let last = |ids: Option<&i64>| ids.copied().unwrap_or(0);
    let taken = match model {
        "sale.order" => last(sales.orders.keys().next_back()),
        "res.partner" => last(sales.partners.keys().next_back()),
        "account.move" => last(sales.invoices.keys().next_back()),
        "stock.picking" => last(sales.pickings.keys().next_back()),
        // Lines are given away here alone.
        _ => 0,
    };
    sales.next_id(model, taken)
}

/// The currency of a row, as [`super::view::View`] numbers them.
pub(super) fn currency_of(world: &World, row: i64) -> Option<Currency> {
    let place = usize::try_from(row).ok()?.checked_sub(1)?;
    super::view::known_currencies(world).get(place).copied()
}

/// What lines come to in a company's way of rounding.
pub(super) fn totals<'s>(
    world: &World,
    (company, currency): (i64, Currency),
    lines: impl Iterator<Item = &'s Sent> + Clone,
) -> Totals {
    let known: BTreeMap<i64, Tax> = lines
        .clone()
        .flat_map(|line| &line.taxes)
        .filter_map(|id| Some((*id, tax(world, *id)?)))
        .collect();
    let priced: Vec<PricedLine<'_>> = lines
        .map(|line| PricedLine {
            quantity: line.quantity,
            unit_price: line.price,
            discount: Decimal::ZERO,
            taxes: Cow::Owned(line.taxes.iter().filter_map(|id| known.get(id)).collect()),
        })
        .collect();
    let how = Computing {
        arithmetic: arithmetic(world, company),
        decimals: currency.decimals(),
    };
    computed(&how, &priced).unwrap_or_else(|why| {
        tracing::warn!(%why, "the stand-in computes percentages alone");
        Totals {
            untaxed: Decimal::ZERO,
            tax: Decimal::ZERO,
            total: Decimal::ZERO,
            lines: Vec::new(),
            by_tax: Vec::new(),
        }
    })
}

fn arithmetic(world: &World, company: i64) -> Arithmetic {
    let series = match super::major(world) {
        19.. => Series::V19,
        18 => Series::V18,
        _ => Series::V17,
    };
    let company = world.erp.companies.get(&company);
    let globally = company.is_some_and(|company| company.tax_rounding == "round_globally");
    Arithmetic {
        series,
        rounding: if globally {
            TaxRounding::Globally
        } else {
            TaxRounding::PerLine
        },
        // 19 keeps a price as it was sent.
        price_digits: (series != Series::V19).then_some(world.erp.sales.price_digits),
    }
}

fn tax(world: &World, id: i64) -> Option<Tax> {
    let found = world.erp.sales.taxes.get(&id)?;
    Some(Tax {
        key: TaxKey(id),
        name: found.name.clone(),
        percent: found.percent,
        plain: found.kind == "percent",
        included: found.included,
        compound: found.compound,
        sequence: found.sequence,
        country: None,
    })
}

/// Adds lines to an order, and adds it up again.
pub(super) fn append(world: &mut World, (id, order): (i64, &mut ErpOrder), sent: Vec<Sent>) {
    for line in sent {
        let sales = &mut world.erp.sales;
        let row = next_id(sales, "sale.order.line");
        sales.line_orders.insert(row, id);
        order.lines.push(ErpOrderLine {
            id: row,
            product: line.product,
            name: line.name,
            quantity: line.quantity,
            price: line.price,
            taxes: line.taxes,
            delivery: line.delivery,
            untaxed: Decimal::ZERO,
            total: Decimal::ZERO,
            delivered: Decimal::ZERO,
            invoiced: Decimal::ZERO,
        });
    }
    add_up(world, order);
}

/// Saves an order's lines as Odoo keeps them, and its sums.
pub(super) fn add_up(world: &World, order: &mut ErpOrder) {
    let sent: Vec<Sent> = order.lines.iter().map(sent).collect();
    let totals = totals(world, (order.company, order.currency), sent.iter());
    for (line, saved) in order.lines.iter_mut().zip(totals.lines) {
        line.quantity = saved.quantity;
        line.price = saved.unit_price;
        line.untaxed = saved.untaxed;
        line.total = saved.total;
    }
    (order.untaxed, order.tax, order.total) = (totals.untaxed, totals.tax, totals.total);
}

/// A line of an order as it would be sent.
pub(super) fn sent(line: &ErpOrderLine) -> Sent {
    Sent {
        product: line.product,
        name: line.name.clone(),
        quantity: line.quantity,
        price: line.price,
        taxes: line.taxes.clone(),
        delivery: line.delivery,
    }
}
