//! What has to hold of every rendering, whatever the order.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::{Order, Tax};
use tandem_ledger::{
    Computing, Fit, Origin, PricedLine, RenderedLine, Rendering, TaxMap, parts, totals,
};

/// Panics unless Odoo would make the store's total of the lines, and nothing was left out, bent or
/// made up on the way.
pub(crate) fn sound<K>(order: &Order<K>, how: &Computing, map: &TaxMap, rendering: &Rendering) {
    let number = &order.number;
    assert_eq!(
        rendering.expected,
        again(how, map, &rendering.lines),
        "{number}: computed again"
    );
    assert_eq!(
        rendering.expected.total,
        order.total.amount(),
        "{number}: the total"
    );
    let tax = rendering.expected.tax - order.total_tax.amount();
    assert_eq!(
        rendering.tax_difference.amount(),
        tax,
        "{number}: the tax's difference"
    );
    pieces(order, rendering);
    rounding(order, rendering, tax);
    for line in &rendering.lines {
        kept(how, line);
    }
}

/// Odoo's totals of the lines, from nothing but what is sent.
pub(crate) fn again(
    how: &Computing,
    map: &TaxMap,
    lines: &[RenderedLine],
) -> tandem_ledger::Totals {
    let known: Vec<&Tax> = map.all().collect();
    let priced: Vec<PricedLine> = lines
        .iter()
        .map(|line| {
            let tax = |key| {
                *known
                    .iter()
                    .find(|tax| tax.key == key)
                    .expect("an allowed tax")
            };
            PricedLine {
                quantity: line.quantity,
                unit_price: line.unit_price,
                discount: Decimal::ZERO,
                taxes: line
                    .taxes
                    .iter()
                    .map(|key| tax(*key))
                    .collect::<Vec<_>>()
                    .into(),
            }
        })
        .collect();
    totals(how, &priced).expect("plain taxes")
}

/// Every line of the store is there with all of its pieces, and nothing else is.
fn pieces<K>(order: &Order<K>, rendering: &Rendering) {
    let mut sent: BTreeMap<&Origin, Decimal> = BTreeMap::new();
    for line in &rendering.lines {
        *sent.entry(&line.origin).or_default() += line.quantity;
    }
    sent.remove(&Origin::Rounding);
    let parts = parts(order).expect("it was rendered");
    let mut sold: BTreeMap<&Origin, Decimal> = BTreeMap::new();
    for part in &parts {
        *sold.entry(&part.origin).or_default() += part.quantity;
    }
    assert_eq!(sent, sold, "{}: pieces", order.number);
    assert_eq!(sold.len(), order.lines.len() + order.charges.len());
}

/// A rounding line is last, untaxed, one, and at most one minor unit for each part.
fn rounding<K>(order: &Order<K>, rendering: &Rendering, tax: Decimal) {
    let number = &order.number;
    let mut lines = rendering.lines.iter();
    let line = lines.rfind(|line| line.origin == Origin::Rounding);
    let amount = line.map_or(Decimal::ZERO, |line| line.unit_price);
    assert_eq!(
        rendering.rounding.amount(),
        amount,
        "{number}: what it carries"
    );
    let fit = match (line.is_some(), tax.is_zero()) {
        (true, _) => Fit::Rounded,
        (false, true) => Fit::Exact,
        (false, false) => Fit::TotalOnly,
    };
    assert_eq!(rendering.fit, fit, "{number}: how it says it fits");
    let Some(line) = line else {
        return;
    };
    assert!(
        line.taxes.is_empty() && line.quantity == Decimal::ONE,
        "{number}: {line:?}"
    );
    assert_eq!(
        rendering.lines.last(),
        Some(line),
        "{number}: it comes last"
    );
    let parts = parts(order).expect("it was rendered").len();
    let most = Decimal::new(
        i64::try_from(parts).expect("few"),
        order.currency.decimals(),
    );
    assert!(
        amount.abs() <= most,
        "{number}: {amount} is more than {most}"
    );
}

/// Odoo saves quantity and price as they are sent.
fn kept(how: &Computing, line: &RenderedLine) {
    assert!(line.quantity.normalize().scale() <= 2, "{line:?}");
    let digits = how.arithmetic.price_digits.unwrap_or(6);
    assert!(line.unit_price.normalize().scale() <= digits, "{line:?}");
}
