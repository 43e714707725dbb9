//! An order cut into parts that each bear one set of taxes: goods, delivery, fees.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tandem_domain::{Charge, ChargeKind, Currency, LineTax, Money, Order};

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
    /// Nothing in the store: the difference that Odoo's arithmetic leaves.
    Rounding,
}

impl Origin {
    /// The store's id of the line or charge.
    pub fn line(&self) -> Option<&str> {
        match self {
            Self::Goods(line) | Self::Shipping(line) | Self::Fee(line) => Some(line),
            Self::Rounding => None,
        }
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
            net: line.total,
            taxes: line.taxes.clone(),
        });
    }
    let rates = Rates::of(order);
    for charge in &order.charges {
        parts.extend(rates.cut(charge)?);
    }
    Ok(parts)
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
    let round = |amount| half_up(amount, order.currency.decimals()).abs();
    let explains = |(_, net, taxes): &(&str, Decimal, &[LineTax])| {
        let tax: Decimal = taxes.iter().map(|tax| tax.amount).sum();
        [*net, tax, *net + tax]
            .map(round)
            .contains(&difference.abs())
    };
    let mut explaining = taxed(order).filter(explains);
    if let (Some((line, _, _)), None) = (explaining.next(), explaining.next()) {
        return Some(line.to_owned());
    }
    let rates = Rates::of(order);
    let misfit = |(line, net, taxes): (&str, Decimal, &[LineTax])| {
        let off = taxes.iter().map(|tax| rates.misfit(net, tax, taxes));
        (off.max().unwrap_or_default(), line.to_owned())
    };
    let (off, line) = taxed(order).map(misfit).max()?;
    (off > minor_unit(order.currency)).then_some(line)
}

/// The smallest amount of a currency.
pub(crate) fn minor_unit(currency: Currency) -> Decimal {
    Decimal::new(1, currency.decimals())
}

/// The percentages of an order's rates.
pub(crate) struct Rates<'a> {
    known: Vec<(&'a str, Decimal)>,
    currency: Currency,
}

impl<'a> Rates<'a> {
    pub(crate) fn of<K>(order: &'a Order<K>) -> Self {
        let rates = order.tax_lines.iter();
        Self {
            known: rates.map(|tax| (tax.rate.as_str(), tax.percent)).collect(),
            currency: order.currency,
        }
    }

    pub(crate) fn currency(&self) -> Currency {
        self.currency
    }

    /// In percent; `None` where the order does not say.
    pub(crate) fn percent(&self, rate: &str) -> Option<Decimal> {
        let known = self.known.iter().find(|(known, _)| *known == rate);
        known.map(|(_, percent)| *percent)
    }

    /// How far a tax is from its rate on all of the amount, or on the amount with the other taxes.
    fn misfit(&self, net: Decimal, tax: &LineTax, taxes: &[LineTax]) -> Decimal {
        let Some(percent) = self.percent(&tax.rate) else {
            return Decimal::ZERO;
        };
        let others: Decimal = taxes.iter().map(|tax| tax.amount).sum::<Decimal>() - tax.amount;
        let off = |base: Decimal| (base * percent / Decimal::ONE_HUNDRED - tax.amount).abs();
        off(net).min(off(net + others))
    }

    /// How far an amount may be from the truth: half a minor unit where it was rounded to one,
    /// else two of its last digit.
    fn slack(&self, amount: Decimal) -> Decimal {
        let digits = amount.normalize().scale();
        if digits <= self.currency.decimals() {
            minor_unit(self.currency) / Decimal::TWO
        } else {
            Decimal::new(2, digits.min(6))
        }
    }

    fn cut(&self, charge: &Charge) -> Result<Vec<Part>, PartError> {
        let part = |net: Decimal, taxes: Vec<LineTax>| Part {
            origin: match charge.kind {
                ChargeKind::Shipping => Origin::Shipping(charge.id.clone()),
                ChargeKind::Fee => Origin::Fee(charge.id.clone()),
            },
            name: charge.name.clone(),
            quantity: Decimal::ONE,
            net,
            taxes,
        };
        let fits =
            |tax: &LineTax| self.misfit(charge.total, tax, &charge.taxes) <= self.slack(tax.amount);
        if charge.taxes.iter().all(fits) {
            return Ok(vec![part(charge.total, charge.taxes.clone())]);
        }
        let groups = self.same_base(charge)?;
        let mut left = charge.total;
        let mut cut = Vec::with_capacity(groups.len() + 1);
        let missing = charge.total - groups.iter().map(|group| group.base).sum::<Decimal>();
        let slack: Decimal = groups.iter().map(|group| group.slack).sum();
        let wholly_taxed = missing.abs() <= slack.max(minor_unit(self.currency));
        let beyond = !wholly_taxed && missing.is_sign_negative() != charge.total.is_sign_negative();
        if beyond {
            return Err(PartError::TaxDoesNotFit {
                line: charge.id.clone(),
            });
        }
        let last = groups.len().saturating_sub(1);
        for (place, group) in groups.into_iter().enumerate() {
            let net = if wholly_taxed && place == last {
                left
            } else {
                half_up(group.base, self.currency.decimals())
            };
            left -= net;
            cut.push(part(net, group.taxes));
        }
        if !left.is_zero() {
            cut.push(part(left, Vec::new()));
        }
        Ok(cut)
    }

    /// The taxes of a charge, those on the same amount together.
    fn same_base(&self, charge: &Charge) -> Result<Vec<Group>, PartError> {
        let mut groups: Vec<Group> = Vec::new();
        for tax in charge.taxes.iter().filter(|tax| !tax.amount.is_zero()) {
            let percent = self.percent(&tax.rate).filter(|percent| !percent.is_zero());
            let percent = percent.ok_or_else(|| PartError::UnknownRate {
                line: charge.id.clone(),
                rate: tax.rate.clone(),
            })?;
            let base = tax.amount * Decimal::ONE_HUNDRED / percent;
            let slack = self.slack(tax.amount) * Decimal::ONE_HUNDRED / percent;
            let same = |group: &&mut Group| (group.base - base).abs() <= group.slack + slack;
            match groups.iter_mut().find(same) {
                Some(group) => group.taxes.push(tax.clone()),
                None => groups.push(Group {
                    base,
                    slack,
                    taxes: vec![tax.clone()],
                }),
            }
        }
        Ok(groups)
    }
}

/// Taxes on one amount.
struct Group {
    base: Decimal,
    slack: Decimal,
    taxes: Vec<LineTax>,
}
