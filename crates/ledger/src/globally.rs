//! `round_globally`: each tax is rounded once over the whole order. The three series differ in
//! what they round before.

use rust_decimal::Decimal;
use tandem_domain::{Series, TaxKey};

use crate::exact::Exact;
use crate::per_line;
use crate::totals::{ByTax, Computing, Cut, LineTotals, Saved, Totals, cut, cut_17};

/// The order; `None` where an amount does not fit.
pub(crate) fn order<E: Exact>(how: &Computing, lines: &[Saved]) -> Option<Totals> {
    let cuts: Vec<Cut<E>> = lines.iter().map(|line| raw_cut(how, line)).collect();
    let mut by_tax = ByTax::new();
    for (line, cut) in lines.iter().zip(&cuts) {
        for (tax, (_, amount)) in line.taxes.iter().zip(&cut.taxes) {
            by_tax.add(tax.key, amount.clone());
        }
    }
    let by_tax = by_tax.rounded(how.decimals)?;
    let tax = sum(how.decimals, by_tax.iter().map(|(_, amount)| *amount))?;
    let untaxed = match how.arithmetic.series {
        Series::V17 => untaxed_of_lines(how, &cuts)?,
        Series::V18 => untaxed_of_lines(how, &cuts)?.checked_add(shift(how, lines, &cuts)?)?,
        Series::V19 => untaxed_19(how, lines, &cuts, tax)?,
    };
    let pairs = lines.iter().zip(&cuts);
    Some(Totals {
        untaxed,
        tax,
        total: untaxed.checked_add(tax)?,
        lines: pairs
            .map(|(line, cut)| shown(how, line, cut))
            .collect::<Option<_>>()?,
        by_tax,
    })
}

/// A line before its taxes are rounded. 17 rounds price and untaxed amount of each line even so,
/// and keeps five more digits of a tax.
fn raw_cut<E: Exact>(how: &Computing, line: &Saved) -> Cut<E> {
    match how.arithmetic.series {
        Series::V17 => cut_17(how.decimals, line, &|tax: E| tax.rounded(how.decimals + 5)),
        Series::V18 | Series::V19 => cut(how.arithmetic.series, line, &|amount| amount),
    }
}

fn sum(decimals: u32, mut amounts: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    amounts.try_fold(Decimal::new(0, decimals), Decimal::checked_add)
}

fn untaxed_of_lines<E: Exact>(how: &Computing, cuts: &[Cut<E>]) -> Option<Decimal> {
    cuts.iter()
        .try_fold(Decimal::new(0, how.decimals), |sum, cut| {
            sum.checked_add(cut.untaxed.decimal(how.decimals)?)
        })
}

/// What 18 adds to the untaxed amounts of the lines: for each tax, its base rounded once less its
/// bases rounded line by line; but only where the tax comes first on the smallest line that bears it.
fn shift<E: Exact>(how: &Computing, lines: &[Saved], cuts: &[Cut<E>]) -> Option<Decimal> {
    let mut exact = ByTax::<E>::new();
    let mut rounded = ByTax::<E>::new();
    for (line, cut) in lines.iter().zip(cuts) {
        for (tax, (base, _)) in line.taxes.iter().zip(&cut.taxes) {
            exact.add(tax.key, base.clone());
            rounded.add(tax.key, base.rounded(how.decimals));
        }
    }
    let mut shift = Decimal::ZERO;
    for tax in exact.keys() {
        if first_on_smallest(how, lines, cuts, tax)? {
            let once = exact.of(tax).decimal(how.decimals)?;
            let by_line = rounded.of(tax).decimal(how.decimals)?;
            shift = shift.checked_add(once.checked_sub(by_line)?)?;
        }
    }
    Some(shift)
}

fn first_on_smallest<E: Exact>(
    how: &Computing,
    lines: &[Saved],
    cuts: &[Cut<E>],
    tax: TaxKey,
) -> Option<bool> {
    let mut smallest: Option<(i128, bool)> = None;
    for (line, cut) in lines.iter().zip(cuts) {
        if !line.taxes.iter().any(|own| own.key == tax) {
            continue;
        }
        let total = (cut.untaxed.clone() + cut.tax()).units(how.decimals)?;
        if smallest.is_none_or(|(known, _)| total < known) {
            smallest = Some((total, line.taxes[0].key == tax));
        }
    }
    Some(smallest.is_some_and(|(_, first)| first))
}

/// 19 rounds the untaxed amount once where a tax is excluded somewhere, and the total once where
/// none is.
fn untaxed_19<E: Exact>(
    how: &Computing,
    lines: &[Saved],
    cuts: &[Cut<E>],
    tax: Decimal,
) -> Option<Decimal> {
    let all = |amount: fn(&Cut<E>) -> E| {
        let amounts = cuts.iter().map(amount);
        amounts.fold(E::zero(), |sum, amount| sum + amount)
    };
    if lines.iter().any(|line| line.taxes(false).next().is_some()) {
        return all(|cut| cut.untaxed.clone()).decimal(how.decimals);
    }
    let total = all(|cut| cut.untaxed.clone() + cut.tax()).decimal(how.decimals)?;
    total.checked_sub(tax)
}

/// A line as Odoo shows it: rounded by itself, so that lines need not add up to the order.
fn shown<E: Exact>(how: &Computing, line: &Saved, cut: &Cut<E>) -> Option<LineTotals> {
    let decimals = how.decimals;
    let untaxed = cut.untaxed.decimal(decimals)?;
    match how.arithmetic.series {
        Series::V17 => {
            let rounded = per_line::rounded_cut::<E>(how, line);
            Some(LineTotals {
                invoiced: (cut.untaxed.clone() + cut.tax()).decimal(decimals)?,
                ..per_line::shown(how, line, &rounded)?
            })
        }
        Series::V18 => {
            let total = (cut.untaxed.clone() + cut.tax()).decimal(decimals)?;
            Some(line.totals(untaxed, total.checked_sub(untaxed)?, total))
        }
        Series::V19 => {
            let taxes = cut.taxes.iter().map(|(_, amount)| amount.decimal(decimals));
            let tax = sum(decimals, taxes.collect::<Option<Vec<_>>>()?.into_iter())?;
            Some(line.totals(untaxed, tax, untaxed.checked_add(tax)?))
        }
    }
}
