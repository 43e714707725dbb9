//! What the tests share: the recordings, and taxes by short names.

use std::collections::BTreeMap;
use std::io::Read;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use tandem_domain::{
    Address, Arithmetic, Charge, ChargeKind, Currency, Customer, LineTax, ListingKey, Money, Order,
    OrderKey, OrderLine, Payment, Series, StatusCode, Tax, TaxKey, TaxLine, TaxRounding, Timestamp,
};
use tandem_ledger::{Computing, TaxMap};

pub(crate) const EVERY_SERIES: [Series; 3] = [Series::V17, Series::V18, Series::V19];

/// The lines of a recording.
pub(crate) fn recorded<T: for<'a> Deserialize<'a>>(name: &str) -> Vec<T> {
    let path = format!(
        "{}/tests/recorded/{name}.jsonl.gz",
        env!("CARGO_MANIFEST_DIR")
    );
    let file = std::fs::File::open(path).expect("the recording is in the tree");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut text)
        .expect("the recording is text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("the recording has this shape"))
        .collect()
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

/// A number of the recordings, which were rounded to six decimals when they were written.
pub(crate) fn number(value: &Value) -> Decimal {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    decimal(&text)
}

pub(crate) fn series(number: &str) -> Series {
    match number {
        "17" => Series::V17,
        "18" => Series::V18,
        "19" => Series::V19,
        other => panic!("no recording is of {other}"),
    }
}

pub(crate) fn rounding(method: &str) -> TaxRounding {
    match method {
        "round_per_line" => TaxRounding::PerLine,
        "round_globally" => TaxRounding::Globally,
        other => panic!("no recording is of {other}"),
    }
}

/// How a server with so many digits of a price computes; 19 keeps them all.
pub(crate) fn computing(
    series: Series,
    rounding: TaxRounding,
    price_digits: u32,
    decimals: u32,
) -> Computing {
    Computing {
        arithmetic: Arithmetic {
            series,
            rounding,
            price_digits: (series != Series::V19).then_some(price_digits),
        },
        decimals,
    }
}

/// A tax by its short name: percent, `i`ncluded or `e`xcluded, `c` for compound. On the recorded
/// servers taxes were made by rising percent, but for 8.25, which came after 10.
pub(crate) fn tax(name: &str) -> Tax {
    let percent = decimal(name.trim_end_matches(['i', 'e', 'c']));
    let included = name.contains('i');
    let thousandths: i64 = (percent * Decimal::ONE_THOUSAND)
        .try_into()
        .expect("a percentage is small");
    let made = if percent == decimal("8.25") {
        1_000_000
    } else {
        thousandths
    };
    let compound = name.contains('c');
    Tax {
        key: TaxKey(made * 4 + i64::from(included) * 2 + i64::from(compound)),
        name: name.to_owned(),
        percent,
        plain: true,
        included,
        compound,
        sequence: if compound { 1 } else { 2 },
        country: None,
    }
}

/// Taxes by name, made once.
#[derive(Default)]
pub(crate) struct Taxes(BTreeMap<String, Tax>);

impl Taxes {
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let taxes = names.into_iter().map(|name| (name.to_owned(), tax(name)));
        Self(taxes.collect())
    }

    pub(crate) fn get(&self, name: &str) -> &Tax {
        &self.0[name]
    }
}

/// Both kinds of tax for each rate, which is called by its percentage.
pub(crate) fn both_kinds<'a>(rates: impl IntoIterator<Item = &'a str>) -> TaxMap {
    kinds(rates, &["i", "e"])
}

/// For each rate, which is called by its percentage, taxes of these kinds.
pub(crate) fn kinds<'a>(rates: impl IntoIterator<Item = &'a str>, kinds: &[&str]) -> TaxMap {
    let mut map = TaxMap::new();
    for rate in rates {
        for kind in kinds {
            map.allow(rate, tax(&format!("{rate}{kind}")));
        }
    }
    map
}

/// A recorded order of a shop, and what real servers made of it in each recipe.
#[derive(Deserialize)]
pub(crate) struct Shop {
    pub(crate) order: u32,
    pub(crate) mode: BTreeMap<String, String>,
    pub(crate) currency: String,
    pub(crate) woo: Woo,
    pub(crate) odoo_lines: Vec<OdooLine>,
    pub(crate) sent: BTreeMap<String, Vec<(Value, String, String)>>,
    pub(crate) odoo: BTreeMap<String, BTreeMap<String, BTreeMap<String, [Value; 3]>>>,
}

#[derive(Deserialize)]
pub(crate) struct Woo {
    total: String,
    total_tax: String,
    discount_total: String,
    tax_lines: Vec<WooRate>,
    pub(crate) lines_dp6: Vec<WooLine>,
}

#[derive(Deserialize)]
struct WooRate {
    rate: String,
    tax_total: String,
    shipping_tax_total: String,
}

#[derive(Deserialize)]
pub(crate) struct WooLine {
    pub(crate) kind: String,
    quantity: Value,
    #[serde(default)]
    subtotal: Option<String>,
    #[serde(default)]
    subtotal_tax: Option<String>,
    pub(crate) total: String,
    total_tax: String,
    taxes: InOrder,
}

/// The members of an object, as they were written.
struct InOrder(Vec<(String, String)>);

impl<'a> Deserialize<'a> for InOrder {
    fn deserialize<D: serde::Deserializer<'a>>(from: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'a> serde::de::Visitor<'a> for Members {
            type Value = InOrder;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<M: serde::de::MapAccess<'a>>(
                self,
                mut map: M,
            ) -> Result<InOrder, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(InOrder(members))
            }
        }
        from.deserialize_map(Members)
    }
}

#[derive(Deserialize)]
pub(crate) struct OdooLine {
    pub(crate) kind: String,
    pub(crate) quantity: Value,
    pub(crate) net: String,
    pub(crate) tax: String,
    pub(crate) rates: Vec<String>,
}

impl Shop {
    pub(crate) fn prices_include_tax(&self) -> bool {
        self.mode["prices_include_tax"] == "yes"
    }

    /// The order as the connector would have read it.
    pub(crate) fn order(&self) -> Order<ListingKey> {
        let currency: Currency = self.currency.parse().expect("a currency");
        let money = |text: &str| Money::parse(text, currency).expect("an amount");
        let mut order = empty_order(currency, self.prices_include_tax());
        order.discount_total = money(&self.woo.discount_total);
        order.total_tax = money(&self.woo.total_tax);
        order.total = money(&self.woo.total);
        for rate in &self.woo.tax_lines {
            order.tax_lines.push(TaxLine {
                rate: rate.rate.clone(),
                label: rate.rate.clone(),
                percent: decimal(&rate.rate),
                total: decimal(&rate.tax_total) + decimal(&rate.shipping_tax_total),
            });
        }
        for (place, line) in self.woo.lines_dp6.iter().enumerate() {
            line.add_to(&mut order, place.to_string());
        }
        order
    }

    pub(crate) fn rates(&self) -> impl Iterator<Item = &str> {
        self.woo.tax_lines.iter().map(|rate| rate.rate.as_str())
    }
}

impl WooLine {
    fn add_to(&self, order: &mut Order<ListingKey>, id: String) {
        let taxes = self.taxes.0.iter().map(|(rate, amount)| LineTax {
            rate: rate.clone(),
            amount: decimal(amount),
        });
        let taxes = taxes.collect();
        let total = decimal(&self.total);
        let kind = match self.kind.as_str() {
            "shipping" => ChargeKind::Shipping,
            "fee" => ChargeKind::Fee,
            _ => {
                order.lines.push(OrderLine {
                    product: Some(ListingKey::new(&id)),
                    id,
                    name: "Goods".to_owned(),
                    sku: None,
                    quantity: number(&self.quantity),
                    subtotal: self.subtotal.as_deref().map_or(total, decimal),
                    total,
                    taxes,
                });
                return;
            }
        };
        order.charges.push(Charge {
            id,
            kind,
            name: "Charge".to_owned(),
            method: None,
            total,
            taxes,
        });
    }
}

/// An order of nothing.
pub(crate) fn empty_order(currency: Currency, prices_include_tax: bool) -> Order<ListingKey> {
    Order {
        key: OrderKey::new("1"),
        number: "1".to_owned(),
        status: StatusCode::new("processing"),
        placed_at: Timestamp::UNIX_EPOCH,
        modified_at: Timestamp::UNIX_EPOCH,
        currency,
        prices_include_tax,
        customer: Customer::default(),
        billing: Address::default(),
        shipping: Address::default(),
        lines: Vec::new(),
        charges: Vec::new(),
        tax_lines: Vec::new(),
        coupons: Vec::new(),
        discount_total: Money::zero(currency),
        total_tax: Money::zero(currency),
        total: Money::zero(currency),
        refunded: Money::zero(currency),
        payment: Payment::default(),
        customer_note: None,
        admin_url: None,
        stamp: None,
    }
}

/// A line as it was sent: quantity, price, names of taxes.
pub(crate) type Sent = (Decimal, Decimal, Vec<String>);

fn half_up(number: Decimal) -> Decimal {
    number.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

impl Shop {
    /// What each recipe sent. Four recipes that the product never uses were recorded without their
    /// lines; they follow from the order.
    pub(crate) fn all_recipes(&self) -> BTreeMap<&str, Vec<Sent>> {
        let line = |(quantity, price, names): &(Value, String, String)| {
            let names = names.split('+').filter(|name| !name.is_empty());
            (
                number(quantity),
                decimal(price),
                names.map(str::to_owned).collect(),
            )
        };
        let mut all: BTreeMap<&str, Vec<Sent>> = BTreeMap::new();
        for (recipe, lines) in &self.sent {
            all.insert(recipe, lines.iter().map(line).collect());
        }
        for (recipe, kind) in [("gross_qty1", "i"), ("net_qty1", "e")] {
            let one = |line: &OdooLine| {
                let tax = if kind == "i" {
                    decimal(&line.tax)
                } else {
                    Decimal::ZERO
                };
                let names = line
                    .rates
                    .iter()
                    .map(|rate| format!("{rate}{kind}"))
                    .collect();
                (Decimal::ONE, half_up(decimal(&line.net) + tax), names)
            };
            all.insert(recipe, self.odoo_lines.iter().map(one).collect());
        }
        all.insert("gross_shelf", self.shelf(true));
        all.insert("net_shelf", self.shelf(false));
        all
    }

    /// Prices before coupons, and what the coupons took as one negative line for each set of taxes.
    fn shelf(&self, gross: bool) -> Vec<Sent> {
        let kind = if gross { "i" } else { "e" };
        let names = |rates: &[String]| -> Vec<String> {
            rates.iter().map(|rate| format!("{rate}{kind}")).collect()
        };
        let with =
            |net: &str, tax: &str| decimal(net) + if gross { decimal(tax) } else { Decimal::ZERO };
        let mut sent = Vec::new();
        let mut taken: BTreeMap<Vec<String>, Decimal> = BTreeMap::new();
        for (line, store) in self.odoo_lines.iter().zip(&self.woo.lines_dp6) {
            if line.kind != "goods" {
                break;
            }
            let before = with(
                store.subtotal.as_deref().expect("goods have one"),
                store.subtotal_tax.as_deref().expect("goods have one"),
            );
            let after = with(&store.total, &store.total_tax);
            let quantity = number(&line.quantity);
            sent.push((quantity, half_up(before / quantity), names(&line.rates)));
            *taken.entry(names(&line.rates)).or_default() += before - after;
        }
        for line in self.odoo_lines.iter().filter(|line| line.kind != "goods") {
            let amount = half_up(with(&line.net, &line.tax));
            sent.push((Decimal::ONE, amount, names(&line.rates)));
        }
        for (names, amount) in taken {
            let amount = half_up(amount);
            if !amount.is_zero() {
                sent.push((Decimal::ONE, -amount, names));
            }
        }
        sent
    }
}

/// An order of goods (quantity, net, rate, tax) and deliveries (net, rate, tax), added up line by
/// line; no rate is no tax.
pub(crate) fn order_of(
    currency: &str,
    goods: &[(&str, &str, &str, &str)],
    deliveries: &[(&str, &str, &str)],
) -> Order<ListingKey> {
    let mut order = empty_order(currency.parse().expect("a currency"), false);
    let taxes = |rate: &str, amount: &str| -> Vec<LineTax> {
        let rates = Some(rate).filter(|rate| !rate.is_empty()).into_iter();
        rates
            .map(|rate| LineTax {
                rate: rate.to_owned(),
                amount: decimal(amount),
            })
            .collect()
    };
    for (quantity, net, rate, tax) in goods {
        let id = order.lines.len().to_string();
        order.lines.push(OrderLine {
            product: Some(ListingKey::new(&id)),
            id,
            name: "Goods".to_owned(),
            sku: None,
            quantity: decimal(quantity),
            subtotal: decimal(net),
            total: decimal(net),
            taxes: taxes(rate, tax),
        });
    }
    for (net, rate, tax) in deliveries {
        order.charges.push(Charge {
            id: (order.lines.len() + order.charges.len()).to_string(),
            kind: ChargeKind::Shipping,
            name: "Delivery".to_owned(),
            method: None,
            total: decimal(net),
            taxes: taxes(rate, tax),
        });
    }
    let rows = order.lines.iter().map(|line| (line.total, &line.taxes));
    let charges = order
        .charges
        .iter()
        .map(|charge| (charge.total, &charge.taxes));
    let (mut net, mut tax) = (Decimal::ZERO, Decimal::ZERO);
    for (amount, taxes) in rows.chain(charges) {
        net += amount;
        tax += taxes.iter().map(|tax| tax.amount).sum::<Decimal>();
    }
    for rate in ["22", "10"] {
        order.tax_lines.push(TaxLine {
            rate: rate.to_owned(),
            label: rate.to_owned(),
            percent: decimal(rate),
            total: Decimal::ZERO,
        });
    }
    order.total_tax = Money::rounded(tax, order.currency);
    order.total = Money::rounded(net + tax, order.currency);
    order
}
