//! `round_per_line`: every amount of a line is rounded, and the order is the sum of its lines.

use rust_decimal::Decimal;
use tandem_domain::Series;

use crate::exact::Exact;
use crate::totals::{ByTax, Computing, Cut, LineTotals, Saved, Totals, cut, cut_17};

/// The order; `None` where an amount does not fit.
pub(crate) fn order<E: Exact>(how: &Computing, lines: &[Saved]) -> Option<Totals> {
    let mut by_tax = ByTax::new();
    let mut done = Vec::with_capacity(lines.len());
    for line in lines {
        let cut = rounded_cut::<E>(how, line);
        for (tax, (_, amount)) in line.taxes.iter().zip(&cut.taxes) {
            by_tax.add(tax.key, amount.clone());
        }
        done.push(shown(how, line, &cut)?);
    }
    let sum = |of: fn(&LineTotals) -> Decimal| {
        let zero = Decimal::new(0, how.decimals);
        done.iter()
            .try_fold(zero, |sum, line| sum.checked_add(of(line)))
    };
    Some(Totals {
        untaxed: sum(|line| line.untaxed)?,
        tax: sum(|line| line.tax)?,
        total: sum(|line| line.total)?,
        by_tax: by_tax.rounded(how.decimals)?,
        lines: done,
    })
}

/// A line with every amount rounded.
pub(crate) fn rounded_cut<E: Exact>(how: &Computing, line: &Saved) -> Cut<E> {
    let round = |amount: E| amount.rounded(how.decimals);
    match how.arithmetic.series {
        Series::V17 => cut_17(how.decimals, line, &round),
        Series::V18 | Series::V19 => cut(how.arithmetic.series, line, &round),
    }
}

/// A line as Odoo shows it.
pub(crate) fn shown<E: Exact>(how: &Computing, line: &Saved, cut: &Cut<E>) -> Option<LineTotals> {
    let untaxed = cut.untaxed.decimal(how.decimals)?;
    let tax = cut.tax().decimal(how.decimals)?;
    Some(line.totals(untaxed, tax, untaxed.checked_add(tax)?))
}
