//! What the orders of a simulated shop cost: other prices, taxes and currencies than those of the
//! demonstration, that do not divide evenly.

use rust_decimal::{Decimal, RoundingStrategy};
use tandem_domain::Currency;
use tandem_sandbox::{ErpPricelist, ErpTax, ShopOrder, ShopTax, World};

use super::dice::Dice;

/// The company that sells.
const COMPANY: i64 = 1;

/// Rates of the shop: id, percent.
const RATES: [(u64, i64); 3] = [(901, 22), (902, 10), (903, 5)];

/// Currencies of orders, with pricelists for all but the company's own.
const CURRENCIES: [&str; 4] = ["KWD", "EUR", "JPY", "SAR"];

/// Makes Odoo sell by these rates and currencies.
pub(super) fn open(world: &mut World) {
    let sales = &mut world.erp.sales;
    for (id, percent) in RATES {
        let percent = Decimal::from(percent);
        let rate = tandem_sandbox::TaxRate {
            label: format!("VAT {percent}"),
            percent,
            country: String::new(),
        };
        world.shop.tax_rates.insert(id, rate);
        for included in [false, true] {
            let row = i64::try_from(id).expect("three digits") * 2 + i64::from(included);
            let tax = ErpTax {
                name: format!("VAT {percent} {included}"),
                percent,
                kind: "percent".to_owned(),
                included,
                compound: false,
                sequence: 1,
                country: String::new(),
                company: COMPANY,
            };
            sales.taxes.insert(row, tax);
        }
    }
    for (row, code) in (900..).zip(&CURRENCIES[1..]) {
        let pricelist = ErpPricelist {
            name: (*code).to_owned(),
            currency: currency(code),
            company: Some(COMPANY),
        };
        sales.pricelists.insert(row, pricelist);
        if !world.erp.currencies.contains(&currency(code)) {
            world.erp.currencies.push(currency(code));
        }
    }
}

pub(super) fn currency(code: &str) -> Currency {
    code.parse().expect("ISO 4217")
}

/// Rings an order up anew.
pub(super) fn ring_up(order: &mut ShopOrder, dice: &mut Dice, included: bool) {
    let own = !dice.one_in(3);
    order.currency = currency(CURRENCIES[if own { 0 } else { dice.place(CURRENCIES.len()) }]);
    order.coupons.clear();
    order.discount_total = Decimal::ZERO;
    let till = Till {
        minor: order.currency.decimals(),
        included,
        rates: [*dice.pick(&RATES), *dice.pick(&RATES)],
        mixed: dice.one_in(3),
        untaxed: dice.one_in(4),
    };
    let mut sum = Sum::default();
    let discounted = dice.one_in(4);
    for line in &mut order.lines {
        line.quantity = Decimal::from(1 + dice.below(5) * dice.below(4));
        let price = Decimal::new(
            i64::try_from(dice.below(9_000)).unwrap_or(0) + 1,
            till.minor,
        );
        let percent = Decimal::new(if discounted { 925 } else { 1_000 }, 3);
        let (net, taxes) = till.cut(price * line.quantity * percent, dice);
        (line.subtotal, line.total) = (net, net);
        sum.add(net, &taxes);
        line.taxes = taxes;
    }
    for charge in order.shipping_lines.iter_mut().chain(&mut order.fees) {
        let amount = charge
            .total
            .round_dp_with_strategy(till.minor, RoundingStrategy::ToZero);
        let (net, taxes) = till.cut(amount, dice);
        charge.total = net;
        sum.add(net, &taxes);
        charge.taxes = taxes;
    }
    order.total_tax = sum.tax;
    order.total = sum.net + sum.tax;
}

/// Three lines of one rate whose taxes come to another sum one by one than together.
pub(super) fn ring_up_thirds(order: &mut ShopOrder) {
    order.currency = currency("KWD");
    let till = Till {
        minor: 3,
        included: false,
        rates: [RATES[2], RATES[2]],
        mixed: false,
        untaxed: false,
    };
    order.coupons.clear();
    order.discount_total = Decimal::ZERO;
    order.lines.truncate(3);
    let (mut sum, mut dice) = (Sum::default(), Dice::new(1));
    for line in &mut order.lines {
        line.quantity = Decimal::ONE;
        let (net, taxes) = till.cut(Decimal::new(330, 3), &mut dice);
        (line.subtotal, line.total) = (net, net);
        sum.add(net, &taxes);
        line.taxes = taxes;
    }
    for charge in order.shipping_lines.iter_mut().chain(&mut order.fees) {
        let (net, taxes) = till.cut(charge.total, &mut dice);
        sum.add(net, &taxes);
        charge.taxes = taxes;
    }
    order.total_tax = sum.tax;
    order.total = sum.net + sum.tax;
}

struct Till {
    minor: u32,
    included: bool,
    rates: [(u64, i64); 2],
    mixed: bool,
    untaxed: bool,
}

impl Till {
    /// An amount as net and tax, both on the minor unit.
    fn cut(&self, amount: Decimal, dice: &mut Dice) -> (Decimal, Vec<ShopTax>) {
        let round = |amount: Decimal| {
            amount.round_dp_with_strategy(self.minor, RoundingStrategy::MidpointAwayFromZero)
        };
        let amount = round(amount);
        if self.untaxed {
            return (amount, Vec::new());
        }
        let second = self.mixed && dice.one_in(2);
        let (rate, percent) = self.rates[usize::from(second)];
        let percent = Decimal::from(percent);
        let hundred = Decimal::ONE_HUNDRED;
        let (net, tax) = if self.included {
            let tax = round(amount * percent / (hundred + percent));
            (amount - tax, tax)
        } else {
            (amount, round(amount * percent / hundred))
        };
        let tax = ShopTax {
            rate,
            amount: tax,
            before_discount: tax,
        };
        (net, vec![tax])
    }
}

#[derive(Default)]
struct Sum {
    net: Decimal,
    tax: Decimal,
}

impl Sum {
    fn add(&mut self, net: Decimal, taxes: &[ShopTax]) {
        self.net += net;
        self.tax += taxes.iter().map(|tax| tax.amount).sum::<Decimal>();
    }
}
