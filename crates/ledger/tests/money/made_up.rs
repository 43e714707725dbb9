//! Orders made up from a seed, computed as shops compute them.

use rust_decimal::{Decimal, RoundingStrategy};
use tandem_domain::{
    Charge, ChargeKind, Currency, LineTax, ListingKey, Money, Order, OrderKey, OrderLine, TaxLine,
    TaxRounding,
};
use tandem_ledger::{Computing, TaxMap};

use crate::common::{EVERY_SERIES, computing, decimal, empty_order, tax};

/// Draws that fall the same way on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let high = (mixed ^ (mixed >> 31)) >> 32;
        u32::try_from((high * u64::from(bound)) >> 32).expect("below the bound")
    }

    pub(crate) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        let bound = u32::try_from(list.len()).expect("a short list");
        list[self.below(bound) as usize]
    }
}

/// What was done to an order so that it must, or may, be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    UnmappedRate,
    MixedKinds,
    FinePieces,
    WrongTotal,
    WrongTax,
}

/// An order, and the Odoo that it is meant for.
pub(crate) struct Case {
    pub(crate) order: Order<ListingKey>,
    pub(crate) how: Computing,
    pub(crate) map: TaxMap,
    pub(crate) flaw: Flaw,
}

/// Rates by tax class; a compound one is taken from the amount with the taxes before it.
type Classes = &'static [&'static [&'static str]];

const COUNTRIES: [Classes; 7] = [
    &[&["22"], &["10"], &[]],
    &[&["19"], &["7"]],
    &[&["5", "9.975"], &["5"], &[]],
    &[&["15"], &[]],
    &[&["8.25"], &[]],
    &[&["20"], &["5.5"], &["2.1"]],
    &[&[]],
];

/// A shop, for as long as one order takes.
struct Shop<'a> {
    dice: &'a mut Dice,
    classes: Classes,
    minor: u32,
    inclusive: bool,
    at_subtotal: bool,
    coupon: Coupon,
    rows: Vec<Row>,
}

enum Coupon {
    None,
    Percent(Decimal),
    Off(Decimal),
}

/// A line or charge as the shop holds it, unrounded.
struct Row {
    kind: Option<ChargeKind>,
    quantity: Decimal,
    before: Decimal,
    net: Decimal,
    taxes: Vec<(&'static str, Decimal)>,
}

fn rounded(amount: Decimal, digits: u32) -> Decimal {
    amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

fn share(amount: Decimal, percent: Decimal) -> Decimal {
    amount * percent / Decimal::ONE_HUNDRED
}

/// The case of this seed.
pub(crate) fn case(seed: u64) -> Case {
    let mut dice = Dice::new(seed);
    let currency: Currency = dice
        .pick(&["EUR", "EUR", "EUR", "USD", "JPY", "KWD"])
        .parse()
        .expect("a currency");
    let how = odoo(&mut dice, currency.decimals());
    let inclusive = dice.percent(50);
    let mut shop = Shop::new(&mut dice, currency.decimals(), inclusive);
    shop.fill();
    let shown_in_full = shop.dice.percent(80);
    let (classes, at_subtotal) = (shop.classes, shop.at_subtotal);
    let rows = shop.rows;
    let mut order = empty_order(currency, inclusive);
    order.key = OrderKey::new(seed.to_string());
    order.number = seed.to_string();
    let digits = if shown_in_full {
        6
    } else {
        currency.decimals()
    };
    for (place, row) in rows.iter().enumerate() {
        row.add_to(&mut order, place.to_string(), digits);
    }
    total(&mut order, &rows, at_subtotal);
    for rate in classes.iter().copied().flatten() {
        if order.tax_lines.iter().all(|tax| tax.rate != *rate) {
            order.tax_lines.push(TaxLine {
                rate: (*rate).to_owned(),
                label: (*rate).to_owned(),
                percent: decimal(rate),
                total: Decimal::ZERO,
            });
        }
    }
    let mut case = Case {
        map: allowed(&mut dice, classes),
        order,
        how,
        flaw: Flaw::None,
    };
    case.spoil(&mut dice);
    case
}

fn odoo(dice: &mut Dice, decimals: u32) -> Computing {
    let series = dice.pick(&EVERY_SERIES);
    let rounding = dice.pick(&[TaxRounding::PerLine, TaxRounding::Globally]);
    let digits = match decimals {
        3 => dice.pick(&[2, 3, 3, 3]),
        _ => dice.pick(&[2, 2, 2, 4, 6]),
    };
    computing(series, rounding, digits, decimals)
}

/// Both kinds of tax for each rate, or one kind only.
fn allowed(dice: &mut Dice, classes: Classes) -> TaxMap {
    let kinds: &[&str] = match dice.below(10) {
        0 | 1 => &["e"],
        2 | 3 => &["i"],
        _ => &["i", "e"],
    };
    crate::common::kinds(rates(classes), kinds)
}

fn rates(classes: Classes) -> impl Iterator<Item = &'static str> {
    let mut rates: Vec<&str> = classes.iter().copied().flatten().copied().collect();
    rates.sort_unstable();
    rates.dedup();
    rates.into_iter()
}

impl<'a> Shop<'a> {
    fn new(dice: &'a mut Dice, minor: u32, inclusive: bool) -> Self {
        let coupon = match dice.below(6) {
            0 => Coupon::Percent(decimal(dice.pick(&["5", "7.5", "10", "15", "33"]))),
            1 => Coupon::Off(Decimal::new(i64::from(dice.below(2_000) + 1), minor)),
            _ => Coupon::None,
        };
        Self {
            classes: dice.pick(&COUNTRIES),
            minor,
            inclusive,
            at_subtotal: dice.percent(50),
            coupon,
            rows: Vec::new(),
            dice,
        }
    }

    fn fill(&mut self) {
        let most = if self.dice.percent(3) { 60 } else { 8 };
        for _ in 0..=self.dice.below(most) {
            let row = self.goods();
            self.rows.push(row);
        }
        self.take_off();
        if self.dice.percent(60) {
            let net = self.amount(3_000);
            let class = self.classes[0];
            self.charge(ChargeKind::Shipping, net, class);
        }
        match self.dice.below(10) {
            0 => {
                let net = self.amount(1_000);
                let class = self.dice.pick(self.classes);
                self.charge(ChargeKind::Fee, net, class);
            }
            1 => {
                let net = self.amount(1_000);
                self.charge(ChargeKind::Fee, net, &[]);
            }
            2 => self.rebate(),
            _ => {}
        }
    }

    /// Up to so many minor units, seldom none.
    fn amount(&mut self, most: u32) -> Decimal {
        let units = if self.dice.percent(2) {
            0
        } else {
            self.dice.below(most) + 1
        };
        Decimal::new(i64::from(units), self.minor)
    }

    fn goods(&mut self) -> Row {
        let most = self.dice.pick(&[500, 5_000, 50_000, 300_000]);
        let price = self.amount(most);
        let quantity = match self.dice.below(40) {
            0 => decimal(self.dice.pick(&["0.5", "1.25", "2.75", "0.33"])),
            1 => Decimal::from(self.dice.below(200) + 1),
            2..20 => Decimal::ONE,
            _ => Decimal::from(self.dice.below(12) + 1),
        };
        let class = self.dice.pick(self.classes);
        let paid = rounded(price * quantity, self.minor);
        self.row(None, quantity, paid, class)
    }

    /// A row for what is paid in the shop's kind of price.
    fn row(
        &self,
        kind: Option<ChargeKind>,
        quantity: Decimal,
        paid: Decimal,
        class: &[&'static str],
    ) -> Row {
        let included = self.inclusive && kind.is_none();
        let percent: Decimal = class.iter().map(|rate| decimal(rate)).sum();
        let net = if included {
            paid / (Decimal::ONE + percent / Decimal::ONE_HUNDRED)
        } else {
            paid
        };
        Row {
            kind,
            quantity,
            before: net,
            net,
            taxes: class
                .iter()
                .map(|rate| (*rate, share(net, decimal(rate))))
                .collect(),
        }
    }

    fn charge(&mut self, kind: ChargeKind, net: Decimal, class: &[&'static str]) {
        let row = self.row(Some(kind), Decimal::ONE, net, class);
        self.rows.push(row);
    }

    /// Takes the coupon off the goods, in whole minor units of the shop's kind of price.
    fn take_off(&mut self) {
        let paid = |row: &Row| {
            let tax: Decimal = row.taxes.iter().map(|(_, amount)| *amount).sum();
            rounded(
                if self.inclusive {
                    row.net + tax
                } else {
                    row.net
                },
                self.minor,
            )
        };
        let all: Decimal = self.rows.iter().map(paid).sum();
        let left: Vec<Decimal> = self
            .rows
            .iter()
            .map(|row| match &self.coupon {
                Coupon::None => paid(row),
                Coupon::Percent(percent) => {
                    paid(row) - rounded(share(paid(row), *percent), self.minor)
                }
                Coupon::Off(_) if all.is_zero() => paid(row),
                Coupon::Off(amount) => {
                    let part = rounded(paid(row) * *amount.min(&all) / all, self.minor);
                    (paid(row) - part).max(Decimal::ZERO)
                }
            })
            .collect();
        if matches!(self.coupon, Coupon::None) {
            return;
        }
        for (place, left) in left.into_iter().enumerate() {
            let class: Vec<&str> = self.rows[place]
                .taxes
                .iter()
                .map(|(rate, _)| *rate)
                .collect();
            let after = self.row(None, self.rows[place].quantity, left, &class);
            let before = self.rows[place].before;
            self.rows[place] = Row { before, ..after };
        }
    }

    /// A negative fee, which shops tax in proportion to what else is on the order.
    fn rebate(&mut self) {
        let all: Decimal = self.rows.iter().map(|row| row.net).sum();
        let net = -self
            .amount(500)
            .min(rounded(all / Decimal::TWO, self.minor));
        if all.is_zero() {
            return;
        }
        let mut taxes: Vec<(&'static str, Decimal)> = Vec::new();
        for row in &self.rows {
            for (rate, _) in &row.taxes {
                let tax = share(net * row.net / all, decimal(rate));
                match taxes.iter_mut().find(|(known, _)| known == rate) {
                    Some((_, sum)) => *sum += tax,
                    None => taxes.push((rate, tax)),
                }
            }
        }
        self.rows.push(Row {
            kind: Some(ChargeKind::Fee),
            quantity: Decimal::ONE,
            before: net,
            net,
            taxes,
        });
    }
}

impl Row {
    fn add_to(&self, order: &mut Order<ListingKey>, id: String, digits: u32) {
        let taxes = self.taxes.iter().map(|(rate, amount)| LineTax {
            rate: (*rate).to_owned(),
            amount: rounded(*amount, digits),
        });
        let taxes = taxes.collect();
        let total = rounded(self.net, digits);
        match self.kind {
            Some(kind) => order.charges.push(Charge {
                id,
                kind,
                name: "Charge".to_owned(),
                method: None,
                total,
                taxes,
            }),
            None => order.lines.push(OrderLine {
                product: Some(ListingKey::new(&id)),
                id,
                name: "Goods".to_owned(),
                sku: None,
                quantity: self.quantity,
                subtotal: rounded(self.before, digits),
                total,
                taxes,
            }),
        }
    }
}

/// Adds up as shops do: line by line, or at the subtotal.
fn total(order: &mut Order<ListingKey>, rows: &[Row], at_subtotal: bool) {
    let minor = order.currency.decimals();
    let half = if order.prices_include_tax {
        RoundingStrategy::MidpointTowardZero
    } else {
        RoundingStrategy::MidpointAwayFromZero
    };
    let round_tax = |amount: Decimal| amount.round_dp_with_strategy(minor, half);
    let taxes = || rows.iter().flat_map(|row| &row.taxes);
    let (tax, total) = if at_subtotal {
        let mut by_rate: Vec<(&str, Decimal)> = Vec::new();
        for (rate, amount) in taxes() {
            match by_rate.iter_mut().find(|(known, _)| known == rate) {
                Some((_, sum)) => *sum += amount,
                None => by_rate.push((rate, *amount)),
            }
        }
        let tax: Decimal = by_rate.iter().map(|(_, sum)| round_tax(*sum)).sum();
        let nets: Decimal = rows.iter().map(|row| row.net).sum();
        let exact: Decimal = taxes().map(|(_, amount)| *amount).sum();
        (tax, nets + exact)
    } else {
        let tax: Decimal = taxes().map(|(_, amount)| round_tax(*amount)).sum();
        let nets: Decimal = rows.iter().map(|row| rounded(row.net, minor)).sum();
        (tax, nets + tax)
    };
    order.total_tax = Money::rounded(tax, order.currency);
    order.total = Money::rounded(total, order.currency);
}

impl Case {
    /// Spoils a few, each in a way that has a name.
    fn spoil(&mut self, dice: &mut Dice) {
        let currency = self.order.currency;
        let taxed =
            |line: &OrderLine<ListingKey>| line.taxes.iter().any(|tax| !tax.amount.is_zero());
        let first = self.order.lines.iter().position(taxed);
        match (dice.below(100), first) {
            (0, Some(_)) => {
                self.map = TaxMap::new();
                self.flaw = Flaw::UnmappedRate;
            }
            (1, Some(place)) if self.order.lines[place].taxes.len() == 2 => {
                self.map = TaxMap::new();
                self.map.allow("5", tax("5i"));
                self.map.allow("9.975", tax("9.975e"));
                self.flaw = Flaw::MixedKinds;
            }
            (2, _) => {
                self.order.lines[0].quantity = decimal("0.125");
                self.flaw = Flaw::FinePieces;
            }
            (3, _) => {
                let more = Decimal::new(i64::from(dice.below(5_000)) + 500, currency.decimals());
                self.order.total = Money::rounded(self.order.total.amount() + more, currency);
                self.flaw = Flaw::WrongTotal;
            }
            (4, Some(place)) => {
                let many = i64::from(u32::try_from(self.order.lines.len()).expect("few"));
                let more = Decimal::new(100 * (many + 3), currency.decimals());
                self.order.lines[place].taxes[0].amount += more;
                self.flaw = Flaw::WrongTax;
            }
            _ => {}
        }
    }

    /// Whether this Odoo keeps fewer digits of a price than the currency has.
    pub(crate) fn coarse(&self) -> bool {
        let digits = self.how.arithmetic.price_digits;
        digits.is_some_and(|digits| digits < self.order.currency.decimals())
    }

    /// Minor units in one of the currency.
    pub(crate) fn units(&self) -> Decimal {
        Decimal::from(10_u32.pow(self.order.currency.decimals()))
    }
}
