//! The percentages of an order's rates, and a charge cut into parts by the taxes that it bears.

use rust_decimal::Decimal;
use tandem_domain::{Charge, ChargeKind, Currency, LineTax, Order};

use crate::parts::{Origin, Part, PartError, minor_unit, row_without_noise, without_noise};
use crate::totals::half_up;

/// The percentages of an order's rates.
pub(crate) struct Rates<'a> {
    known: Vec<(&'a str, Decimal)>,
    currency: Currency,
}

impl<'a> Rates<'a> {
    pub(crate) fn of<K>(order: &'a Order<K>) -> Self {
        // Old orders bear tax of rates whose percentage the shop no longer knows, and calls zero.
        let rates = order.tax_lines.iter();
        let known = rates.filter(|tax| !tax.percent.is_zero() || tax.total.is_zero());
        Self {
            known: known.map(|tax| (tax.rate.as_str(), tax.percent)).collect(),
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
    pub(crate) fn misfit(&self, net: Decimal, tax: &LineTax, taxes: &[LineTax]) -> Decimal {
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

    /// A charge as parts that each bear one set of taxes.
    pub(crate) fn cut(&self, charge: &Charge) -> Result<Vec<Part>, PartError> {
        let charge = &meant(charge);
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
        let total = charge.total;
        if charge.taxes.iter().all(fits) {
            return Ok(vec![part(total, charge.taxes.clone())]);
        }
        let mut groups = self.same_base(charge)?;
        let mut left = total;
        let mut cut = Vec::with_capacity(groups.len() + 1);
        let slack: Decimal = groups.iter().map(|group| group.slack).sum();
        let slack = slack.max(minor_unit(self.currency));
        let mut missing = total - sum_of_bases(&groups);
        if is_beyond(missing, total, slack) {
            groups = layers(groups);
            missing = total - sum_of_bases(&groups);
        }
        if is_beyond(missing, total, slack) {
            return Err(PartError::TaxDoesNotFit {
                line: charge.id.clone(),
            });
        }
        let wholly_taxed = missing.abs() <= slack;
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

/// A charge as it was meant: how fine its digits are tells how far they may be from the truth.
fn meant(charge: &Charge) -> Charge {
    Charge {
        total: without_noise(charge.total),
        taxes: charge.taxes.iter().map(row_without_noise).collect(),
        ..charge.clone()
    }
}

/// Taxes on one amount.
struct Group {
    base: Decimal,
    slack: Decimal,
    taxes: Vec<LineTax>,
}

fn sum_of_bases(groups: &[Group]) -> Decimal {
    groups.iter().map(|group| group.base).sum()
}

/// Whether more is taxed than there is.
fn is_beyond(missing: Decimal, total: Decimal, slack: Decimal) -> bool {
    missing.abs() > slack && missing.is_sign_negative() != total.is_sign_negative()
}

/// Amounts that lie within one another, as amounts beside one another: the smallest bears the
/// taxes of all, what the next has more than it bears those of all others, and so on.
fn layers(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by_key(|group| group.base.abs());
    let mut layers = Vec::with_capacity(groups.len());
    let mut within = Decimal::ZERO;
    for place in 0..groups.len() {
        let base = groups[place].base - within;
        within = groups[place].base;
        let mut taxes = Vec::new();
        let (own, others) = groups[place..].split_at_mut(1);
        taxes.append(&mut own[0].taxes);
        for group in others {
            // Of what is left of a tax, the share that this layer is of what is left of its amount.
            let left = group.base - within + base;
            for tax in &mut group.taxes {
                let part = without_noise(tax.amount * base / left);
                tax.amount -= part;
                taxes.push(LineTax {
                    rate: tax.rate.clone(),
                    amount: part,
                });
            }
        }
        layers.push(Group {
            base,
            slack: own[0].slack,
            taxes,
        });
    }
    layers
}
