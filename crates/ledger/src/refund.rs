//! A refund of the store as lines of a credit note whose total is what the customer got back.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tandem_domain::{Charge, LineTax, Money, Order, OrderLine, Refund, RefundLine};

use crate::choose::Aim;
use crate::parts::{
    Origin, Part, PartError, minor_unit, row_without_noise, sane, sane_refund, without_noise,
};
use crate::rates::Rates;
use crate::recipe::Recipe;
use crate::render::{Rendering, Unrenderable};
use crate::taxes::TaxMap;
use crate::totals::{Computing, half_up};

/// What to do with a refund that says an amount and not what for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountOnly {
    /// Leave it to a person.
    #[default]
    Refuse,
    /// One line, with the taxes of the order, where all of the order bears the same.
    OneLine,
}

/// What else decides how a refund is credited.
#[derive(Debug, Clone, Copy, Default)]
pub struct Crediting<'a> {
    /// Refunds of the same order that came before.
    pub earlier: &'a [Refund],
    /// For refunds without lines that are not all that was left.
    pub amount_only: AmountOnly,
    /// How the order was written, so that the credit note uses the same taxes if it can.
    pub like: Option<Recipe>,
}

/// Why a refund cannot be credited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Uncreditable {
    /// It says an amount, and not what for.
    #[error("the refund of {amount} does not say what for")]
    AmountOnly {
        /// What the customer got back.
        amount: Money,
    },
    /// It says an amount only, and the order bears several sets of taxes.
    #[error("the refund of {amount} does not say of which tax")]
    WhichTax {
        /// What the customer got back.
        amount: Money,
    },
    /// It gives nothing back.
    #[error("the refund gives nothing back")]
    Nothing,
    /// It gives back more than the order cost.
    #[error("{amount} were given back of {paid}")]
    MoreThanPaid {
        /// What the customer got back.
        amount: Money,
        /// What the order cost.
        paid: Money,
    },
    /// One of its lines belongs to no line of the order.
    #[error("the refund names a line that the order does not have")]
    UnknownLine {
        /// The store's id of the line, if it said one.
        line: Option<String>,
    },
    /// More pieces come back than were sold.
    #[error("{quantity} pieces of {line} come back, and {sold} were sold")]
    MoreThanSold {
        /// The store's id of the line.
        line: String,
        /// Pieces that come back, earlier refunds included.
        quantity: Decimal,
        /// Pieces that were sold.
        sold: Decimal,
    },
    /// Its lines do not make its amount.
    #[error("the lines of the refund differ from its amount by {difference}")]
    DoesNotAddUp {
        /// The amount less the lines.
        difference: Money,
    },
    /// A charge of it cannot be cut.
    #[error("{reason}")]
    Parts {
        /// Why.
        reason: PartError,
    },
    /// Odoo cannot express it.
    #[error("{reason}")]
    Unrenderable {
        /// Why.
        reason: Unrenderable,
    },
}

impl From<PartError> for Uncreditable {
    fn from(reason: PartError) -> Self {
        Self::Parts { reason }
    }
}

/// Lines of a credit note for a refund, whose total, as Odoo computes it, is what the customer got
/// back. A refund without lines is all that was left of the order, or an amount only.
///
/// Pieces that came back and charges given back whole belong to their line of the order; money for
/// pieces that the customer keeps, and part of a charge, stand for themselves
/// ([`Origin::Allowance`]): they must not lower what is invoiced of the order.
pub fn credit<K>(
    order: &Order<K>,
    refund: &Refund,
    more: &Crediting,
    (how, taxes): (&Computing, &TaxMap),
) -> Result<Rendering, Uncreditable> {
    if refund.amount.amount() <= Decimal::ZERO {
        return Err(Uncreditable::Nothing);
    }
    if refund.amount.amount() > order.total.amount() {
        return Err(Uncreditable::MoreThanPaid {
            amount: refund.amount,
            paid: order.total,
        });
    }
    sane(order)?;
    for given_back in more.earlier.iter().chain([refund]) {
        sane_refund(given_back)?;
    }
    let parts = refund_parts(order, refund, more)?;
    let currency = refund.amount.currency();
    let net: Decimal = parts.iter().map(|part| part.net).sum();
    let tax: Decimal = parts.iter().map(Part::tax).sum();
    let rows: usize = parts.iter().map(|part| 1 + part.taxes.len()).sum();
    let difference = refund.amount.amount() - half_up(net + tax, currency.decimals());
    if difference.abs() > minor_unit(currency) * Decimal::from(rows) {
        return Err(Uncreditable::DoesNotAddUp {
            difference: Money::rounded(difference, currency),
        });
    }
    let aim = Aim {
        currency,
        total: refund.amount.amount(),
        tax: half_up(refund.amount.amount() - net, currency.decimals()),
        net_first: more
            .like
            .and_then(Recipe::net)
            .unwrap_or(!order.prices_include_tax),
        half_down: order.prices_include_tax,
    };
    aim.render(&parts, &Rates::of(order), how, taxes)
        .map_err(|reason| Uncreditable::Unrenderable { reason })
}

fn refund_parts<K>(
    order: &Order<K>,
    refund: &Refund,
    more: &Crediting,
) -> Result<Vec<Part>, Uncreditable> {
    if !refund.lines.is_empty() {
        let mut parts = Vec::with_capacity(refund.lines.len());
        for line in &refund.lines {
            parts.extend(line_parts(order, line, more.earlier)?);
        }
        return Ok(parts);
    }
    let before: Decimal = more
        .earlier
        .iter()
        .map(|refund| refund.amount.amount())
        .sum();
    let says_what_for =
        |refund: &Refund| !refund.lines.is_empty() || refund.amount.amount().is_zero();
    let known = more.earlier.iter().all(says_what_for);
    if known && refund.amount.amount() == order.total.amount() - before {
        let mut parts = Vec::new();
        for line in rest(order, more.earlier) {
            parts.extend(line_parts(order, &line, more.earlier)?);
        }
        return Ok(parts);
    }
    match more.amount_only {
        AmountOnly::Refuse => Err(Uncreditable::AmountOnly {
            amount: refund.amount,
        }),
        AmountOnly::OneLine => Ok(vec![amount_part(order, refund)?]),
    }
}

fn line_parts<K>(
    order: &Order<K>,
    line: &RefundLine,
    earlier: &[Refund],
) -> Result<Vec<Part>, Uncreditable> {
    if line.quantity.is_zero() && line.total.is_zero() && line.taxes.is_empty() {
        return Ok(Vec::new());
    }
    let id = line.line.as_deref();
    if let Some(sold) = order.lines.iter().find(|sold| Some(sold.id.as_str()) == id) {
        return Ok(vec![goods_part(sold, line, earlier)?]);
    }
    let charge = order
        .charges
        .iter()
        .find(|charge| Some(charge.id.as_str()) == id);
    let Some(charge) = charge else {
        return Err(Uncreditable::UnknownLine {
            line: line.line.clone(),
        });
    };
    charge_parts(order, charge, line)
}

/// A charge is given back in the parts in which it was taken.
fn charge_parts<K>(
    order: &Order<K>,
    charge: &Charge,
    line: &RefundLine,
) -> Result<Vec<Part>, Uncreditable> {
    let whole = line.total == charge.total;
    let taken = Rates::of(order).cut(charge)?;
    let last = taken.len().saturating_sub(1);
    let mut left = line.clone();
    let mut parts = Vec::with_capacity(taken.len());
    for (place, part) in taken.into_iter().enumerate() {
        let of_part = |given_back: Decimal, part: Decimal, whole: Decimal| {
            if whole.is_zero() {
                return Decimal::ZERO;
            }
            half_up(given_back * part / whole, order.currency.decimals())
        };
        let net = if place == last {
            left.total
        } else {
            of_part(line.total, part.net, charge.total)
        };
        left.total -= net;
        let mut taxes = Vec::with_capacity(part.taxes.len());
        for row in &mut left.taxes {
            let of_rate = |taxes: &[LineTax]| {
                let own = taxes.iter().filter(|tax| tax.rate == row.rate);
                own.map(|tax| tax.amount).sum::<Decimal>()
            };
            let (own, all) = (of_rate(&part.taxes), of_rate(&charge.taxes));
            let amount = if place == last || own == all {
                row.amount
            } else {
                of_part(of_rate(&line.taxes), own, all)
            };
            row.amount -= amount;
            taxes.push(LineTax {
                rate: row.rate.clone(),
                amount: without_noise(amount),
            });
        }
        taxes.retain(|tax| {
            part.taxes.iter().any(|own| own.rate == tax.rate) || !tax.amount.is_zero()
        });
        parts.push(Part {
            origin: if whole {
                part.origin
            } else {
                Origin::Allowance(charge.id.clone())
            },
            net: without_noise(net),
            taxes,
            ..part
        });
    }
    Ok(parts)
}

fn goods_part<K>(
    sold: &OrderLine<K>,
    line: &RefundLine,
    earlier: &[Refund],
) -> Result<Part, Uncreditable> {
    let before: Decimal = of_line(earlier, &sold.id).map(|line| line.quantity).sum();
    if before + line.quantity > sold.quantity {
        return Err(Uncreditable::MoreThanSold {
            line: sold.id.clone(),
            quantity: before + line.quantity,
            sold: sold.quantity,
        });
    }
    let pieces = !line.quantity.is_zero();
    Ok(Part {
        origin: if pieces {
            Origin::Goods(sold.id.clone())
        } else {
            Origin::Allowance(sold.id.clone())
        },
        name: sold.name.clone(),
        quantity: if pieces { line.quantity } else { Decimal::ONE },
        net: without_noise(line.total),
        taxes: line.taxes.iter().map(row_without_noise).collect(),
    })
}

/// What earlier refunds gave back of a line.
fn of_line<'a>(earlier: &'a [Refund], id: &str) -> impl Iterator<Item = &'a RefundLine> {
    let lines = earlier.iter().flat_map(|refund| &refund.lines);
    lines.filter(move |line| line.line.as_deref() == Some(id))
}

/// What is left of an order after these refunds, as lines of one.
fn rest<K>(order: &Order<K>, earlier: &[Refund]) -> Vec<RefundLine> {
    let left = |id: &String, quantity: Decimal, total: Decimal, taxes: &[LineTax]| {
        let mut by_rate: BTreeMap<&str, Decimal> = BTreeMap::new();
        for tax in of_line(earlier, id).flat_map(|line| &line.taxes) {
            *by_rate.entry(&tax.rate).or_default() += tax.amount;
        }
        let taxes = taxes.iter().map(|tax| LineTax {
            rate: tax.rate.clone(),
            amount: tax.amount - by_rate.get(tax.rate.as_str()).copied().unwrap_or_default(),
        });
        RefundLine {
            line: Some(id.clone()),
            quantity: quantity
                - of_line(earlier, id)
                    .map(|line| line.quantity)
                    .sum::<Decimal>(),
            total: total - of_line(earlier, id).map(|line| line.total).sum::<Decimal>(),
            taxes: taxes.filter(|tax| !tax.amount.is_zero()).collect(),
        }
    };
    let goods = order.lines.iter();
    let goods = goods.map(|line| left(&line.id, line.quantity, line.total, &line.taxes));
    let charges = order.charges.iter();
    let charges =
        charges.map(|charge| left(&charge.id, Decimal::ZERO, charge.total, &charge.taxes));
    goods.chain(charges).collect()
}

/// The amount with the taxes that all of the order bears.
fn amount_part<K>(order: &Order<K>, refund: &Refund) -> Result<Part, Uncreditable> {
    let goods = order.lines.iter().map(|line| (line.total, &line.taxes));
    let charges = order
        .charges
        .iter()
        .map(|charge| (charge.total, &charge.taxes));
    let paid = goods.chain(charges).filter(|(total, _)| !total.is_zero());
    let mut sets = paid.map(|(_, taxes)| {
        let mut rates: Vec<&str> = taxes.iter().map(|tax| tax.rate.as_str()).collect();
        rates.sort_unstable();
        rates
    });
    let rates = sets.next().unwrap_or_default();
    if sets.any(|other| other != rates) {
        return Err(Uncreditable::WhichTax {
            amount: refund.amount,
        });
    }
    // Of the whole order the same share is tax as of the amount.
    let share = refund.amount.amount() / order.total.amount();
    let tax_of = |rate: &str| {
        let lines = order.lines.iter().flat_map(|line| &line.taxes);
        let charges = order.charges.iter().flat_map(|charge| &charge.taxes);
        let own = lines.chain(charges).filter(|tax| tax.rate == rate);
        own.map(|tax| tax.amount).sum::<Decimal>()
    };
    let taxes: Vec<LineTax> = rates
        .into_iter()
        .map(|rate| LineTax {
            rate: rate.to_owned(),
            amount: half_up(tax_of(rate) * share, refund.amount.currency().decimals()),
        })
        .collect();
    let tax: Decimal = taxes.iter().map(|tax| tax.amount).sum();
    Ok(Part {
        origin: Origin::Amount,
        name: refund.reason.clone().unwrap_or_default(),
        quantity: Decimal::ONE,
        net: refund.amount.amount() - tax,
        taxes,
    })
}
