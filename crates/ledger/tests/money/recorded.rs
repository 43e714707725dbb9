//! Every amount that real servers gave, computed again.

use std::collections::BTreeMap;

use crate::common::{Shop, Taxes, computing, decimal, number, recorded, rounding, series};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use tandem_domain::TaxKey;
use tandem_ledger::{Computing, PricedLine, Totals, totals};

#[derive(Deserialize)]
struct Recorded {
    case: String,
    series: u32,
    method: String,
    price_digits: u32,
    currency_rounding: Value,
    sent: Vec<(String, String, String, String, Vec<String>)>,
    stored: Vec<Vec<Value>>,
    untaxed: Value,
    tax: Value,
    total: Value,
    invoice: Option<Invoice>,
}

#[derive(Deserialize)]
struct Invoice {
    untaxed: Value,
    tax: Value,
    total: Value,
    taxes: BTreeMap<String, Value>,
    lines: Vec<Vec<Value>>,
    posted: Value,
}

impl Recorded {
    fn computing(&self) -> Computing {
        let decimals = number(&self.currency_rounding).normalize().scale();
        computing(
            series(&self.series.to_string()),
            rounding(&self.method),
            self.price_digits,
            decimals,
        )
    }

    fn taxes(&self) -> Taxes {
        Taxes::of(
            self.sent
                .iter()
                .flat_map(|line| &line.4)
                .map(String::as_str),
        )
    }

    fn priced<'a>(&self, taxes: &'a Taxes) -> Vec<PricedLine<'a>> {
        let line = |(_, quantity, price, discount, names): &(
            String,
            String,
            String,
            String,
            Vec<String>,
        )| {
            PricedLine {
                quantity: decimal(quantity),
                unit_price: decimal(price),
                discount: decimal(discount),
                taxes: names
                    .iter()
                    .map(|name| taxes.get(name))
                    .collect::<Vec<_>>()
                    .into(),
            }
        };
        self.sent.iter().map(line).collect()
    }
}

fn numbers(values: &[Value]) -> Vec<Decimal> {
    values.iter().map(number).collect()
}

fn amounts(totals: &Totals) -> Vec<Decimal> {
    vec![totals.untaxed, totals.tax, totals.total]
}

#[test]
fn every_order_line_and_saved_value_of_1026_orders() {
    let orders: Vec<Recorded> = recorded("odoo-totals");
    assert_eq!(orders.len(), 1_026);
    let mut lines = 0;
    for order in &orders {
        let case = format!("{} on {}, {}", order.case, order.series, order.method);
        let taxes = order.taxes();
        let computed = totals(&order.computing(), &order.priced(&taxes)).expect("plain taxes");
        let stated = [&order.untaxed, &order.tax, &order.total].map(number);
        assert_eq!(amounts(&computed), stated, "{case}");
        assert_eq!(computed.lines.len(), order.stored.len(), "{case}");
        for (line, stored) in computed.lines.iter().zip(&order.stored) {
            let line = [
                line.quantity,
                line.unit_price,
                line.discount,
                line.untaxed,
                line.tax,
                line.total,
            ];
            assert_eq!(line.to_vec(), numbers(stored), "{case}");
            lines += 1;
        }
    }
    assert_eq!(lines, 3 * 2_282);
}

#[test]
fn every_amount_of_252_invoices() {
    let orders: Vec<Recorded> = recorded("odoo-totals");
    let mut invoices = 0;
    for order in &orders {
        let Some(invoice) = &order.invoice else {
            continue;
        };
        invoices += 1;
        let case = format!("{} on {}, {}", order.case, order.series, order.method);
        let taxes = order.taxes();
        let computed = totals(&order.computing(), &order.priced(&taxes)).expect("plain taxes");
        let stated = [&invoice.untaxed, &invoice.tax, &invoice.total].map(number);
        assert_eq!(amounts(&computed), stated, "{case}");
        assert_eq!(invoice.posted, "same", "{case}");
        let by_tax: BTreeMap<TaxKey, Decimal> = computed.by_tax.iter().copied().collect();
        for (name, amount) in &invoice.taxes {
            let key = crate::common::tax(name).key;
            assert_eq!(by_tax.get(&key), Some(&number(amount)), "{case}: {name}");
        }
        // A line of no pieces gets no line on the invoice.
        let lines = computed
            .lines
            .iter()
            .filter(|line| !line.quantity.is_zero());
        let lines: Vec<Vec<Decimal>> = lines
            .map(|line| {
                let shown = [line.quantity, line.unit_price, line.discount];
                shown
                    .into_iter()
                    .chain([line.untaxed, line.invoiced])
                    .collect()
            })
            .collect();
        let stated: Vec<Vec<Decimal>> = invoice.lines.iter().map(|line| numbers(line)).collect();
        assert_eq!(lines, stated, "{case}");
    }
    assert_eq!(invoices, 252);
}

#[test]
fn every_rendering_of_a_shops_orders() {
    let shops: Vec<Shop> = recorded("woo-to-odoo");
    assert_eq!(shops.len(), 124);
    let mut renderings = 0;
    for shop in &shops {
        let sent = shop.all_recipes();
        for (version, methods) in &shop.odoo {
            for (method, recipes) in methods {
                for (recipe, stated) in recipes {
                    let digits = if recipe.ends_with('6') { 6 } else { 2 };
                    let how = computing(series(version), rounding(method), digits, 2);
                    let lines = &sent[recipe.as_str()];
                    let names = lines
                        .iter()
                        .flat_map(|(_, _, names)| names)
                        .map(String::as_str);
                    let taxes = Taxes::of(names);
                    let priced: Vec<PricedLine> = lines
                        .iter()
                        .map(|(quantity, price, names)| PricedLine {
                            quantity: *quantity,
                            unit_price: *price,
                            discount: Decimal::ZERO,
                            taxes: names
                                .iter()
                                .map(|name| taxes.get(name))
                                .collect::<Vec<_>>()
                                .into(),
                        })
                        .collect();
                    let computed = totals(&how, &priced).expect("plain taxes");
                    let case = format!("order {} by {recipe} on {version}, {method}", shop.order);
                    assert_eq!(amounts(&computed), numbers(stated), "{case}");
                    renderings += 1;
                }
            }
        }
    }
    assert_eq!(renderings, 8_184);
}
