//! How Odoo computes an order: what it saves of a line, what it makes of a line, and of all.
//!
//! The rules were taken from 1,026 orders on real 17.0, 18.0 and 19.0 servers, which the tests
//! compute again. They cover percent taxes, included and excluded; halves go away from zero.

use std::borrow::Cow;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use tandem_domain::{Arithmetic, OdooCurrency, SaleTerms, Series, Tax, TaxKey, TaxRounding};

use crate::exact::{Big, Exact, Small};
use crate::{globally, per_line};

/// Decimals that Odoo keeps of a quantity and of a discount.
pub(crate) const QUANTITY_DIGITS: u32 = 2;

/// What decides how one order is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computing {
    /// How this Odoo does it.
    pub arithmetic: Arithmetic,
    /// Decimals that Odoo rounds the order's currency to.
    pub decimals: u32,
}

impl Computing {
    /// For an order in this currency; `None` while the currency is not active in Odoo.
    pub fn of(terms: &SaleTerms, currency: tandem_domain::Currency) -> Option<Self> {
        let known = |known: &&OdooCurrency| known.currency == currency;
        Some(Self {
            arithmetic: terms.arithmetic,
            decimals: terms.currencies.iter().find(known)?.decimals,
        })
    }
}

/// A line, as far as it decides amounts.
#[derive(Debug, Clone)]
pub struct PricedLine<'a> {
    /// As sent.
    pub quantity: Decimal,
    /// As sent, for one.
    pub unit_price: Decimal,
    /// In percent. Tandem never sends one: it is here to compute orders made by people.
    pub discount: Decimal,
    /// In any order.
    pub taxes: Cow<'a, [&'a Tax]>,
}

/// A line as Odoo saves and computes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTotals {
    /// As saved.
    pub quantity: Decimal,
    /// As saved.
    pub unit_price: Decimal,
    /// As saved, in percent.
    pub discount: Decimal,
    /// `price_subtotal`.
    pub untaxed: Decimal,
    /// `price_tax`.
    pub tax: Decimal,
    /// `price_total`. Where tax is rounded globally, these do not add up to the order's.
    pub total: Decimal,
    /// `price_total` of the invoice's line: another one only on 17 with tax rounded globally.
    pub invoiced: Decimal,
}

/// An order as Odoo computes it; its invoice has the same amounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// `amount_untaxed`.
    pub untaxed: Decimal,
    /// `amount_tax`.
    pub tax: Decimal,
    /// `amount_total`.
    pub total: Decimal,
    /// In the order given.
    pub lines: Vec<LineTotals>,
    /// What each tax comes to, in the order in which they first appear.
    pub by_tax: Vec<(TaxKey, Decimal)>,
}

/// Lines that cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CannotCompute {
    /// Only percentages above -100 are computed: no fixed amounts, groups or formulas.
    #[error("the tax {name} is not a plain percentage")]
    NotAPercentage {
        /// Which.
        tax: TaxKey,
        /// As Odoo shows it.
        name: String,
    },
    /// Past what an amount can hold.
    #[error("an amount is too large")]
    TooLarge,
}

/// How this Odoo would compute these lines.
pub fn totals(how: &Computing, lines: &[PricedLine]) -> Result<Totals, CannotCompute> {
    for tax in lines.iter().flat_map(|line| line.taxes.iter()) {
        if !tax.plain || tax.percent <= -Decimal::ONE_HUNDRED {
            return Err(CannotCompute::NotAPercentage {
                tax: tax.key,
                name: tax.name.clone(),
            });
        }
    }
    let saved: Vec<Saved> = lines.iter().map(|line| Saved::of(how, line)).collect();
    compute::<Small>(how, &saved)
        .or_else(|| compute::<Big>(how, &saved))
        .ok_or(CannotCompute::TooLarge)
}

fn compute<E: Exact>(how: &Computing, lines: &[Saved]) -> Option<Totals> {
    match how.arithmetic.rounding {
        TaxRounding::PerLine => per_line::order::<E>(how, lines),
        TaxRounding::Globally => globally::order::<E>(how, lines),
    }
}

/// A line as Odoo keeps it, its taxes in the order in which they are taken.
#[derive(Debug)]
pub(crate) struct Saved<'a> {
    pub(crate) quantity: Decimal,
    pub(crate) unit_price: Decimal,
    pub(crate) discount: Decimal,
    pub(crate) taxes: Vec<&'a Tax>,
}

impl<'a> Saved<'a> {
    fn of(how: &Computing, line: &PricedLine<'a>) -> Self {
        let mut taxes = line.taxes.to_vec();
        taxes.sort_by_key(|tax| (tax.sequence, tax.key));
        Self {
            quantity: half_up(line.quantity, QUANTITY_DIGITS),
            unit_price: match how.arithmetic.price_digits {
                Some(digits) => half_up(line.unit_price, digits),
                None => line.unit_price,
            },
            discount: half_up(line.discount, QUANTITY_DIGITS),
            taxes,
        }
    }

    /// Price times quantity, less the discount.
    pub(crate) fn raw<E: Exact>(&self) -> E {
        let gross = E::of(self.unit_price) * E::of(self.quantity);
        if self.discount.is_zero() {
            return gross;
        }
        gross * E::of(Decimal::ONE_HUNDRED - self.discount).over(E::of(Decimal::ONE_HUNDRED))
    }

    /// The taxes that the price includes, or those that it does not, with their place.
    pub(crate) fn taxes(&self, included: bool) -> impl Iterator<Item = (usize, &'a Tax)> {
        let numbered = self.taxes.iter().copied().enumerate();
        numbered.filter(move |(_, tax)| tax.included == included)
    }

    pub(crate) fn totals(&self, untaxed: Decimal, tax: Decimal, total: Decimal) -> LineTotals {
        LineTotals {
            quantity: self.quantity,
            unit_price: self.unit_price,
            discount: self.discount,
            untaxed,
            tax,
            total,
            invoiced: total,
        }
    }
}

/// Rounded half away from zero.
pub(crate) fn half_up(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// A line taken apart: its amounts before or after rounding, as the rounding wants it.
pub(crate) struct Cut<E> {
    pub(crate) untaxed: E,
    /// For each tax of the line its base and its amount.
    pub(crate) taxes: Vec<(E, E)>,
}

impl<E: Exact> Cut<E> {
    pub(crate) fn tax(&self) -> E {
        let amounts = self.taxes.iter().map(|(_, amount)| amount.clone());
        amounts.fold(E::zero(), |sum, amount| sum + amount)
    }
}

/// Takes a line apart as 18 and 19 do; `round` is what happens to each amount on the way.
pub(crate) fn cut<E: Exact>(series: Series, line: &Saved, round: &dyn Fn(E) -> E) -> Cut<E> {
    let hundred = E::of(Decimal::ONE_HUNDRED);
    let gross = round(line.raw());
    let mut taxes = vec![(E::zero(), E::zero()); line.taxes.len()];
    let included: Decimal = line.taxes(true).map(|(_, tax)| tax.percent).sum();
    let whole = hundred.clone() + E::of(included);
    let mut untaxed = gross.clone();
    for (place, tax) in line.taxes(true) {
        let amount = round((gross.clone() * E::of(tax.percent)).over(whole.clone()));
        untaxed = untaxed - amount.clone();
        taxes[place].1 = amount;
    }
    for (place, _) in line.taxes(true) {
        taxes[place].0 = untaxed.clone();
    }
    let mut base = untaxed.clone();
    for (place, tax) in line.taxes.iter().enumerate() {
        if tax.included {
            // The build of 18 that was measured takes an excluded tax from a price that still has
            // the included taxes before it.
            if series == Series::V18 {
                base = base + taxes[place].1.clone();
            }
            continue;
        }
        let amount = round((base.clone() * E::of(tax.percent)).over(hundred.clone()));
        taxes[place] = (base.clone(), amount.clone());
        if tax.compound {
            base = base + amount;
        }
    }
    Cut { untaxed, taxes }
}

/// Takes a line apart as 17 does: the untaxed amount first, then each tax from it. An included
/// tax that comes last takes what is missing to the gross price.
pub(crate) fn cut_17<E: Exact>(decimals: u32, line: &Saved, round: &dyn Fn(E) -> E) -> Cut<E> {
    let hundred = E::of(Decimal::ONE_HUNDRED);
    let gross: E = line.raw::<E>().rounded(decimals);
    let mut taxes = vec![(E::zero(), E::zero()); line.taxes.len()];
    let included: Decimal = line.taxes(true).map(|(_, tax)| tax.percent).sum();
    let whole = hundred.clone() + E::of(included);
    let untaxed = (gross.clone() * hundred.clone())
        .over(whole)
        .rounded(decimals);
    let mut left = gross - untaxed.clone();
    let last = line.taxes(true).map(|(place, _)| place).last();
    for (place, tax) in line.taxes(true) {
        let own = round((untaxed.clone() * E::of(tax.percent)).over(hundred.clone()));
        let amount = if Some(place) == last {
            left.clone()
        } else {
            own
        };
        left = left - amount.clone();
        taxes[place] = (untaxed.clone(), amount);
    }
    let mut base = untaxed.clone();
    for (place, tax) in line.taxes(false) {
        let amount = round((base.clone() * E::of(tax.percent)).over(hundred.clone()));
        taxes[place] = (base.clone(), amount.clone());
        if tax.compound {
            base = base + amount;
        }
    }
    Cut { untaxed, taxes }
}

/// Amounts by tax, in the order in which the taxes first appear.
pub(crate) struct ByTax<E>(Vec<(TaxKey, E)>);

impl<E: Exact> ByTax<E> {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn add(&mut self, tax: TaxKey, amount: E) {
        match self.0.iter_mut().find(|(key, _)| *key == tax) {
            Some((_, sum)) => *sum = sum.clone() + amount,
            None => self.0.push((tax, amount)),
        }
    }

    pub(crate) fn of(&self, tax: TaxKey) -> E {
        let found = self.0.iter().find(|(key, _)| *key == tax);
        found.map_or_else(E::zero, |(_, sum)| sum.clone())
    }

    /// Each sum rounded once.
    pub(crate) fn rounded(&self, decimals: u32) -> Option<Vec<(TaxKey, Decimal)>> {
        let one = |(key, sum): &(TaxKey, E)| Some((*key, sum.decimal(decimals)?));
        self.0.iter().map(one).collect()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = TaxKey> + '_ {
        self.0.iter().map(|(key, _)| *key)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use rust_decimal::Decimal;
    use tandem_domain::{Arithmetic, Series, Tax, TaxKey, TaxRounding};

    use super::{Computing, PricedLine, Saved, Totals, compute, totals};
    use crate::exact::{Big, Small};

    fn tax(key: i64, thousandths: i64) -> Tax {
        Tax {
            key: TaxKey(key),
            name: String::new(),
            percent: Decimal::new(thousandths, 3),
            plain: true,
            included: key % 2 == 0,
            compound: key % 3 == 0,
            sequence: key % 5,
            country: None,
        }
    }

    /// In 128 bits, and without a limit.
    fn both(how: &Computing, lines: &[PricedLine]) -> (Option<Totals>, Option<Totals>) {
        let saved: Vec<Saved> = lines.iter().map(|line| Saved::of(how, line)).collect();
        (compute::<Small>(how, &saved), compute::<Big>(how, &saved))
    }

    #[test]
    fn the_limit_of_128_bits_changes_no_amount() {
        // Rates whose fractions have no divisor in common, so that sums soon stop fitting.
        let taxes: Vec<Tax> = (1..12).map(|key| tax(key, 997 + key * 3_571)).collect();
        let mut beyond = 0;
        for lines in [1, 2, 5, 12, 30_usize] {
            for series in [Series::V17, Series::V18, Series::V19] {
                for rounding in [TaxRounding::PerLine, TaxRounding::Globally] {
                    let arithmetic = Arithmetic {
                        series,
                        rounding,
                        price_digits: None,
                    };
                    let how = Computing {
                        arithmetic,
                        decimals: 2,
                    };
                    let lines: Vec<PricedLine> = (0..lines)
                        .map(|place| PricedLine {
                            quantity: Decimal::new(i64::try_from(place).expect("few") * 37 + 1, 2),
                            unit_price: Decimal::new(1_234_567_891, 6),
                            discount: Decimal::new(333, 2),
                            taxes: Cow::Owned(taxes.iter().skip(place % 9).take(3).collect()),
                        })
                        .collect();
                    let (small, big) = both(&how, &lines);
                    assert!(big.is_some());
                    assert_eq!(totals(&how, &lines).ok(), big);
                    match small {
                        Some(_) => assert_eq!(small, big),
                        None => beyond += 1,
                    }
                }
            }
        }
        assert!(beyond > 0, "some of these are past 128 bits");
    }
}
