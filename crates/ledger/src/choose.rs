//! Choosing how parts are written, by computing what Odoo would make of them.

use rust_decimal::Decimal;
use tandem_domain::{Currency, Money, TaxRounding};

use crate::parts::{Origin, Part, minor_unit};
use crate::rates::Rates;
use crate::recipe::{Digits, Ready, Recipe, RenderedLine, Way, Written};
use crate::render::{Fit, Rendering, Unrenderable};
use crate::taxes::{Choice, TaxMap};
use crate::totals::{Computing, QUANTITY_DIGITS, Totals, half_up, totals};

/// What lines shall come to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aim {
    pub(crate) currency: Currency,
    pub(crate) total: Decimal,
    pub(crate) tax: Decimal,
    /// Whether prices without tax are preferred.
    pub(crate) net_first: bool,
    /// Whether the shop rounds half a minor unit of tax down.
    pub(crate) half_down: bool,
}

/// Lines with what Odoo makes of them.
struct Tried<'a> {
    recipe: Recipe,
    written: Written<'a>,
    totals: Totals,
}

impl Aim {
    pub(crate) fn render(
        self,
        parts: &[Part],
        rates: &Rates,
        how: &Computing,
        map: &TaxMap,
    ) -> Result<Rendering, Unrenderable> {
        if half_up(self.total, how.decimals) != self.total {
            return Err(Unrenderable::CurrencyTooCoarse {
                currency: self.currency,
                decimals: how.decimals,
            });
        }
        let ready = self.ready(parts, rates, map)?;
        let tried = self.try_all(&ready, how)?;
        let allowed_tax = self.allowed_tax(parts);
        let near = |tried: &&Tried| self.tax_off(tried) <= allowed_tax;
        let closest = |tried: &&Tried| (tried.totals.total != self.total, self.tax_off(tried));
        let Some(best) = tried.iter().filter(near).min_by_key(closest) else {
            return Err(self.tax_too_far(&tried, &ready, allowed_tax));
        };
        if best.totals.total == self.total {
            let lines = best.written.lines.clone();
            return Ok(self.done(best.recipe, lines, best.totals.clone()));
        }
        let mut near: Vec<&Tried> = tried.iter().filter(near).collect();
        near.sort_by_key(|tried| {
            let split = tried.recipe == Recipe::GrossSplit;
            (!split, (tried.totals.total - self.total).abs())
        });
        self.with_rounding(&near, how, parts.len())
            .map_or_else(|| Err(self.refuse(&near, &ready, how)), Ok)
    }

    fn tax_off(self, tried: &Tried) -> Decimal {
        (tried.totals.tax - self.tax).abs()
    }

    fn ready<'a>(
        self,
        parts: &'a [Part],
        rates: &Rates,
        map: &'a TaxMap,
    ) -> Result<Vec<Ready<'a>>, Unrenderable> {
        let one = |part: &'a Part| {
            if half_up(part.quantity, QUANTITY_DIGITS) != part.quantity {
                return Err(Unrenderable::QuantityTooFine {
                    line: part.origin.line().unwrap_or_default().to_owned(),
                    quantity: part.quantity,
                });
            }
            let choice = Choice::of(part, rates, map)?;
            let minor = self.currency.decimals();
            Ok(Ready::new(part, choice, minor, self.half_down))
        };
        parts.iter().map(one).collect()
    }

    /// Every way that this Odoo can keep, with what it comes to, up to the first that is exact.
    fn try_all<'a>(
        self,
        ready: &[Ready<'a>],
        how: &Computing,
    ) -> Result<Vec<Tried<'a>>, Unrenderable> {
        let digits = Digits::of(how, self.currency.decimals());
        let mut tried = Vec::new();
        let uniform = Way::all(self.net_first, ready)
            .filter_map(|way| Some((way.recipe, way.write(digits, ready)?)));
        let mixed = std::iter::once_with(|| Some((Recipe::Mixed, self.mixed(ready, how)?)));
        for (recipe, written) in uniform.chain(mixed.flatten()) {
            let totals = totals(how, &written.priced())?;
            let exact = totals.total == self.total && totals.tax == self.tax;
            tried.push(Tried {
                recipe,
                written,
                totals,
            });
            if exact {
                break;
            }
        }
        Ok(tried)
    }

    /// Each part in the way that comes closest to what the customer paid for it, and to its tax.
    fn mixed<'a>(self, parts: &[Ready<'a>], how: &Computing) -> Option<Written<'a>> {
        let digits = Digits::of(how, self.currency.decimals());
        let mut alone = *how;
        alone.arithmetic.rounding = TaxRounding::PerLine;
        let mut mixed = Written::default();
        for (place, ready) in parts.iter().enumerate() {
            let ways = Way::all(self.net_first, std::slice::from_ref(ready));
            let tried = ways.filter_map(|way| {
                let mut written = Written::default();
                way.add(&mut written, digits, (place, ready))?;
                let totals = totals(&alone, &written.priced()).ok()?;
                Some((ready.off(&totals), written))
            });
            let (_, best) = tried.min_by_key(|(off, _)| *off)?;
            mixed.append(best);
        }
        Some(mixed)
    }

    /// What rounding explains: one minor unit for each tax of each part.
    fn allowed_tax(self, parts: &[Part]) -> Decimal {
        let taxes: usize = parts.iter().map(|part| part.taxes.len().max(1)).sum();
        minor_unit(self.currency) * Decimal::from(taxes)
    }

    fn done(self, recipe: Recipe, lines: Vec<RenderedLine>, expected: Totals) -> Rendering {
        let rounding = lines.last().filter(|line| line.origin == Origin::Rounding);
        let rounding = rounding.map_or(Decimal::ZERO, |line| line.unit_price);
        let tax_difference = expected.tax - self.tax;
        let fit = if !rounding.is_zero() {
            Fit::Rounded
        } else if tax_difference.is_zero() {
            Fit::Exact
        } else {
            Fit::TotalOnly
        };
        Rendering {
            recipe,
            fit,
            lines,
            rounding: Money::rounded(rounding, self.currency),
            tax_difference: Money::rounded(tax_difference, self.currency),
            expected,
        }
    }

    /// The first of these that a rounding line within the limit makes exact.
    fn with_rounding(self, tried: &[&Tried], how: &Computing, parts: usize) -> Option<Rendering> {
        let digits = Digits::of(how, self.currency.decimals());
        let allowed = minor_unit(self.currency) * Decimal::from(parts);
        tried.iter().find_map(|tried| {
            let missing = self.total - tried.totals.total;
            if missing.abs() > allowed || half_up(missing, digits.plain()) != missing {
                return None;
            }
            let mut written = tried.written.clone();
            written.lines.push(RenderedLine {
                origin: Origin::Rounding,
                name: String::new(),
                quantity: Decimal::ONE,
                unit_price: missing,
                taxes: Vec::new(),
            });
            written.taxes.push(Vec::new());
            let totals = totals(how, &written.priced()).ok()?;
            (totals.total == self.total).then(|| self.done(tried.recipe, written.lines, totals))
        })
    }

    /// The reason why none of these will do.
    fn refuse(self, tried: &[&Tried], ready: &[Ready], how: &Computing) -> Unrenderable {
        let needed = self.currency.decimals();
        let line = tried.first().and_then(|tried| guilty(tried, ready));
        if let Some(digits) = how
            .arithmetic
            .price_digits
            .filter(|digits| *digits < needed)
        {
            return Unrenderable::PriceTooCoarse {
                currency: self.currency,
                digits,
                needed,
                line,
            };
        }
        let missing = tried
            .first()
            .map_or(self.total, |tried| self.total - tried.totals.total);
        Unrenderable::TotalTooFar {
            difference: Money::rounded(missing, self.currency),
            allowed: Money::rounded(
                minor_unit(self.currency) * Decimal::from(ready.len()),
                self.currency,
            ),
            line,
        }
    }

    fn tax_too_far(self, tried: &[Tried], ready: &[Ready], allowed: Decimal) -> Unrenderable {
        let best = tried.iter().min_by_key(|tried| self.tax_off(tried));
        Unrenderable::TaxTooFar {
            difference: Money::rounded(
                best.map_or(self.tax, |best| self.tax - best.totals.tax),
                self.currency,
            ),
            allowed: Money::rounded(allowed, self.currency),
            line: best.and_then(|best| guilty(best, ready)),
        }
    }
}

/// The line whose amount, or else whose tax, differs most from the store's.
fn guilty(tried: &Tried, ready: &[Ready]) -> Option<String> {
    let mut off: Vec<(Decimal, Decimal)> = ready
        .iter()
        .map(|ready| (-ready.gross(), -ready.part.tax()))
        .collect();
    for (part, line) in tried.written.parts.iter().zip(&tried.totals.lines) {
        off[*part].0 += line.total;
        off[*part].1 += line.tax;
    }
    let worst = off.iter().map(|(total, tax)| (total.abs(), tax.abs()));
    let (place, _) = worst.enumerate().max_by_key(|(_, off)| *off)?;
    ready[place].part.origin.line().map(str::to_owned)
}
