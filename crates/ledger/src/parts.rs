//! An order cut into parts that each bear one set of taxes: goods, delivery, fees.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tandem_domain::{Currency, LineTax, Money, Order, OrderLine, Refund, RefundLine};

use crate::rates::Rates;
use crate::totals::half_up;

/// What a part of an order, or a line made for Odoo, stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of", content = "line")]
pub enum Origin {
    /// Goods, by the store's id of the line.
    Goods(String),
    /// Delivery, by the store's id of the charge.
    Shipping(String),
    /// A fee or a rebate, by the store's id of the charge.
    Fee(String),
    /// Money given back on this line or charge, without pieces coming back or all of it.
    Allowance(String),
    /// An amount given back on no line in particular.
    Amount,
    /// Nothing in the store: the difference that Odoo's arithmetic leaves.
    Rounding,
}

impl Origin {
    /// The store's id of the line or charge.
    pub fn line(&self) -> Option<&str> {
        match self {
            Self::Goods(line) | Self::Shipping(line) | Self::Fee(line) | Self::Allowance(line) => {
                Some(line)
            }
            Self::Amount | Self::Rounding => None,
        }
    }

    /// Whether it is a line or a charge of the store, and not something beside them.
    pub(crate) fn is_sold(&self) -> bool {
        matches!(self, Self::Goods(_) | Self::Shipping(_) | Self::Fee(_))
    }
}

/// A part of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it stands for. A fee that several rates share has several parts.
    pub origin: Origin,
    /// As the customer saw it.
    pub name: String,
    /// How many; 1 for all but goods.
    pub quantity: Decimal,
    /// Without tax, after discounts, as fine as the store shows it.
    pub net: Decimal,
    /// Tax by the store's rate; every one of them is on all of `net`.
    pub taxes: Vec<LineTax>,
}

impl Part {
    /// All of its tax.
    pub fn tax(&self) -> Decimal {
        self.taxes.iter().map(|tax| tax.amount).sum()
    }
}

/// Why an order cannot be cut into parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PartError {
    /// The parts do not make the total that the store states.
    #[error("the parts differ from the stated total by {difference}")]
    DoesNotAddUp {
        /// Stated minus added up.
        difference: Money,
        /// The line or charge that explains it; `None` when no single one does.
        line: Option<String>,
    },
    /// The taxes of the parts do not make the tax that the store states.
    #[error("the taxes of the parts differ from the stated tax by {difference}")]
    TaxDoesNotAddUp {
        /// Stated minus added up.
        difference: Money,
        /// The line or charge that explains it; `None` when no single one does.
        line: Option<String>,
    },
    /// A charge bears tax of a rate of which the order does not state the percentage.
    #[error("the order does not state the percentage of the rate {rate} on {line}")]
    UnknownRate {
        /// The store's id of the charge.
        line: String,
        /// The store's id of the rate.
        rate: String,
    },
    /// The taxes of a charge are those of no amounts that make it up.
    #[error("the taxes of {line} do not fit its amount")]
    TaxDoesNotFit {
        /// The store's id of the charge.
        line: String,
    },
    /// A number that no sale has.
    #[error("a number of the order is one that no sale has")]
    Absurd {
        /// The store's id of the line or charge; `None` for the order's own numbers.
        line: Option<String>,
    },
    /// A negative quantity, or money for no pieces.
    #[error("{quantity} pieces of {line} cannot be sold")]
    Quantity {
        /// The store's id of the line.
        line: String,
        /// How many.
        quantity: Decimal,
    },
}

/// The store's order cut into parts that each bear one set of taxes: goods, delivery, fees. A
/// negative fee is split by the tax it carries, since stores spread it over the rates of the order.
pub fn parts<K>(order: &Order<K>) -> Result<Vec<Part>, PartError> {
    sane(order)?;
    adds_up(order)?;
    let mut parts = Vec::with_capacity(order.lines.len() + order.charges.len());
    for line in &order.lines {
        if line.quantity.is_sign_negative() && !line.quantity.is_zero()
            || line.quantity.is_zero() && !line.total.is_zero()
        {
            return Err(PartError::Quantity {
                line: line.id.clone(),
                quantity: line.quantity,
            });
        }
        parts.push(Part {
            origin: Origin::Goods(line.id.clone()),
            name: line.name.clone(),
            quantity: line.quantity,
            net: without_noise(line.total),
            taxes: line.taxes.iter().map(row_without_noise).collect(),
        });
    }
    let rates = Rates::of(order);
    for charge in &order.charges {
        parts.extend(rates.cut(charge)?);
    }
    Ok(parts)
}

/// Past these no shop sells anything, and numbers stop being exact.
const MOST: Decimal = Decimal::from_parts(0xD4A5_1000, 0xE8, 0, false, 0);
const MOST_PERCENT: Decimal = Decimal::ONE_THOUSAND;

/// What a float leaves behind the digits that were meant.
const NOISE: u32 = 8;

/// The amount that was meant.
pub(crate) fn without_noise(amount: Decimal) -> Decimal {
    half_up(amount, NOISE)
}

pub(crate) fn row_without_noise(tax: &LineTax) -> LineTax {
    LineTax {
        rate: tax.rate.clone(),
        amount: without_noise(tax.amount),
    }
}

fn absurd(amount: Decimal) -> bool {
    amount.abs() > MOST
}

/// Every number is one that some refund may have.
pub(crate) fn sane_refund(refund: &Refund) -> Result<(), PartError> {
    let wild = |line: &&RefundLine| {
        let taxes = line.taxes.iter().map(|tax| tax.amount);
        [line.quantity, line.total]
            .into_iter()
            .chain(taxes)
            .any(absurd)
    };
    if let Some(line) = refund.lines.iter().find(wild) {
        let line = line.line.clone();
        return Err(PartError::Absurd { line });
    }
    if absurd(refund.amount.amount()) {
        return Err(PartError::Absurd { line: None });
    }
    Ok(())
}

/// Every number is one that some sale may have.
pub(crate) fn sane<K>(order: &Order<K>) -> Result<(), PartError> {
    let pieces = order.lines.iter().find(|line| absurd(line.quantity));
    let amounts = taxed(order)
        .find(|(_, net, taxes)| absurd(*net) || taxes.iter().any(|tax| absurd(tax.amount)));
    let guilty = pieces.map(|line| line.id.as_str());
    if let Some(line) = guilty.or(amounts.map(|(line, _, _)| line)) {
        let line = Some(line.to_owned());
        return Err(PartError::Absurd { line });
    }
    let own = [order.total.amount(), order.total_tax.amount()];
    let mut percents = order.tax_lines.iter().map(|tax| tax.percent.abs());
    if own.into_iter().any(absurd) || percents.any(|percent| percent > MOST_PERCENT) {
        return Err(PartError::Absurd { line: None });
    }
    Ok(())
}

/// What parts, and the check that they add up, are made from.
fn taxed<K>(order: &Order<K>) -> impl Iterator<Item = (&str, Decimal, &[LineTax])> {
    let lines = order.lines.iter();
    let charges = order.charges.iter();
    lines
        .map(|line| (line.id.as_str(), line.total, line.taxes.as_slice()))
        .chain(charges.map(|charge| (charge.id.as_str(), charge.total, charge.taxes.as_slice())))
}

fn adds_up<K>(order: &Order<K>) -> Result<(), PartError> {
    let difference = order.unexplained();
    if !difference.amount().is_zero() {
        return Err(PartError::DoesNotAddUp {
            difference,
            line: guilty(order, difference.amount()),
        });
    }
    let (mut sum, mut rows) = (Decimal::ZERO, 0_u32);
    for tax in taxed(order).flat_map(|(_, _, taxes)| taxes) {
        sum += tax.amount;
        rows += 1;
    }
    let difference = Money::rounded(order.total_tax.amount() - sum, order.currency);
    // Each tax of each line may have been rounded by itself.
    if difference.amount().abs() > minor_unit(order.currency) * Decimal::from(rows.max(1)) {
        return Err(PartError::TaxDoesNotAddUp {
            difference,
            line: guilty(order, difference.amount()),
        });
    }
    Ok(())
}

/// The one line that the total leaves out or counts twice, or whose tax is not that of its rate.
fn guilty<K>(order: &Order<K>, difference: Decimal) -> Option<String> {
    let rows = taxed(order)
        .map(|(_, _, taxes)| taxes.len() + 1)
        .sum::<usize>();
    let noise = minor_unit(order.currency) * Decimal::from(rows);
    let round = |amount| half_up(amount, order.currency.decimals()).abs();
    let explains = |(_, net, taxes): &(&str, Decimal, &[LineTax])| {
        let tax: Decimal = taxes.iter().map(|tax| tax.amount).sum();
        [*net, tax, *net + tax]
            .map(round)
            .contains(&difference.abs())
    };
    let mut explaining = taxed(order).filter(|line| difference.abs() > noise && explains(line));
    if let (Some((line, _, _)), None) = (explaining.next(), explaining.next()) {
        return Some(line.to_owned());
    }
    let rates = Rates::of(order);
    let misfit = |line: &OrderLine<K>| {
        let off = |tax| rates.misfit(line.total, tax, &line.taxes);
        let worst = line.taxes.iter().map(off).max();
        (worst.unwrap_or_default(), line.id.clone())
    };
    let (off, line) = order.lines.iter().map(misfit).max()?;
    (off > noise).then_some(line)
}

/// The smallest amount of a currency.
pub(crate) fn minor_unit(currency: Currency) -> Decimal {
    Decimal::new(1, currency.decimals())
}
