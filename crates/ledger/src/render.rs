//! Choosing how an order is written, by computing what Odoo would make of it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tandem_domain::{Currency, Money, Order, SaleLineDraft, TaxKey, VariantKey};

use crate::parts::{Origin, Part, PartError, Rates, minor_unit, parts};
use crate::recipe::{Digits, Ready, Recipe, RenderedLine, Written, write};
use crate::taxes::{Choice, TaxMap};
use crate::totals::{CannotCompute, Computing, Totals, half_up, totals};

/// How close a rendering comes to what the store states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Total and tax are the store's.
    Exact,
    /// The total is the store's; untaxed amount and tax are split a little differently.
    TotalOnly,
    /// The total is the store's with a rounding line.
    Rounded,
}

/// Lines for Odoo whose total, as Odoo computes it, is the store's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendering {
    /// How the lines were made.
    pub recipe: Recipe,
    /// How close it comes.
    pub fit: Fit,
    /// In the order of the parts; a rounding line comes last.
    pub lines: Vec<RenderedLine>,
    /// What the rounding line carries; zero without one.
    pub rounding: Money,
    /// Odoo's tax less the store's.
    pub tax_difference: Money,
    /// What Odoo will make of the lines, in the order of `lines`.
    pub expected: Totals,
}

/// Why no rendering reaches the store's total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Unrenderable {
    /// The order itself is not sound.
    #[error("{reason}")]
    Parts {
        /// Why.
        reason: PartError,
    },
    /// Nobody chose a tax for this rate.
    #[error("no tax is chosen for the rate {rate} of {line}")]
    TaxNotMapped {
        /// The store's id of the line or charge.
        line: String,
        /// The store's id of the rate.
        rate: String,
    },
    /// The tax chosen for a rate is another percentage.
    #[error("the rate {rate} is {store} %, the tax chosen for it {odoo} %")]
    RateDiffers {
        /// The store's id of the rate.
        rate: String,
        /// In percent, as the order states it.
        store: Decimal,
        /// The chosen tax.
        tax: TaxKey,
        /// In percent.
        odoo: Decimal,
    },
    /// Of the taxes chosen for a line, some are included in the price and some are not.
    #[error("the taxes chosen for {line} are neither all included nor all excluded")]
    MixedTaxes {
        /// The store's id of the line or charge.
        line: String,
    },
    /// More decimals than Odoo keeps of a quantity.
    #[error("{quantity} pieces of {line} have more decimals than Odoo keeps")]
    QuantityTooFine {
        /// The store's id of the line.
        line: String,
        /// How many.
        quantity: Decimal,
    },
    /// Odoo rounds the currency to fewer decimals than the store's total has.
    #[error("Odoo rounds {currency} to {decimals} decimals")]
    CurrencyTooCoarse {
        /// The order's currency.
        currency: Currency,
        /// What Odoo rounds it to.
        decimals: u32,
    },
    /// Odoo keeps fewer decimals of a price than this order needs.
    #[error("Odoo keeps {digits} decimals of a price, and {currency} needs {needed} here")]
    PriceTooCoarse {
        /// The order's currency.
        currency: Currency,
        /// What Odoo keeps.
        digits: u32,
        /// What would do.
        needed: u32,
        /// The store's id of the line that differs most.
        line: Option<String>,
    },
    /// The rounding line would be larger than one minor unit for each line.
    #[error("Odoo's total would differ by {difference}, more than {allowed}")]
    TotalTooFar {
        /// The store's total less Odoo's.
        difference: Money,
        /// The most that a rounding line may carry.
        allowed: Money,
        /// The store's id of the line that differs most.
        line: Option<String>,
    },
    /// Odoo's tax would be off by more than rounding explains.
    #[error("Odoo's tax would differ by {difference}, more than {allowed}")]
    TaxTooFar {
        /// The store's tax less Odoo's.
        difference: Money,
        /// What rounding explains.
        allowed: Money,
        /// The store's id of the line that differs most.
        line: Option<String>,
    },
    /// A chosen tax, or an amount, is past what is computed here.
    #[error("{reason}")]
    CannotCompute {
        /// Why.
        reason: CannotCompute,
    },
}

impl From<PartError> for Unrenderable {
    fn from(reason: PartError) -> Self {
        Self::Parts { reason }
    }
}

impl From<CannotCompute> for Unrenderable {
    fn from(reason: CannotCompute) -> Self {
        Self::CannotCompute { reason }
    }
}

/// The products that stand for what is no goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Services {
    /// For the price of the delivery: the carrier's own product, where it has one.
    pub shipping: VariantKey,
    /// For fees and rebates.
    pub fee: VariantKey,
    /// For the rounding line.
    pub rounding: VariantKey,
    /// What the rounding line says.
    pub rounding_name: String,
}

/// A line of goods for which no variant is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no variant is known for the line {0}")]
pub struct NoVariant(pub String);

impl Rendering {
    /// The lines as they are sent.
    pub fn drafts(
        &self,
        order: &Order<VariantKey>,
        services: &Services,
    ) -> Result<Vec<SaleLineDraft>, NoVariant> {
        let variant = |id: &str| {
            let line = order.lines.iter().find(|line| line.id == id);
            line.and_then(|line| line.product)
                .ok_or_else(|| NoVariant(id.to_owned()))
        };
        let draft = |line: &RenderedLine| {
            Ok(SaleLineDraft {
                product: match &line.origin {
                    Origin::Goods(id) => variant(id)?,
                    Origin::Shipping(_) => services.shipping,
                    Origin::Fee(_) => services.fee,
                    Origin::Rounding => services.rounding,
                },
                name: match line.origin {
                    Origin::Rounding => services.rounding_name.clone(),
                    _ => line.name.clone(),
                },
                quantity: line.quantity,
                unit_price: line.unit_price,
                taxes: line.taxes.clone(),
                delivery: matches!(line.origin, Origin::Shipping(_)),
            })
        };
        self.lines.iter().map(draft).collect()
    }
}

/// Lines for Odoo whose total, as Odoo computes it, is the store's; with a rounding line where it
/// cannot be said otherwise, or with the reason why not.
///
/// Neither goods nor services need to be known in Odoo for it: [`Rendering::drafts`] binds them.
pub fn render<K>(
    order: &Order<K>,
    how: &Computing,
    taxes: &TaxMap,
) -> Result<Rendering, Unrenderable> {
    let aim = Aim {
        currency: order.currency,
        total: order.total.amount(),
        tax: order.total_tax.amount(),
        net_first: !order.prices_include_tax,
    };
    aim.render(&parts(order)?, &Rates::of(order), how, taxes)
}

/// What lines shall come to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aim {
    pub(crate) currency: Currency,
    pub(crate) total: Decimal,
    pub(crate) tax: Decimal,
    pub(crate) net_first: bool,
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
        let near = |tried: &&Tried| (tried.totals.tax - self.tax).abs() <= allowed_tax;
        let Some(best) = tried.iter().filter(near).min_by_key(|tried| {
            let off = (tried.totals.tax - self.tax).abs();
            (tried.totals.total != self.total, off)
        }) else {
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

    fn ready<'a>(
        self,
        parts: &'a [Part],
        rates: &Rates,
        map: &'a TaxMap,
    ) -> Result<Vec<Ready<'a>>, Unrenderable> {
        let one = |part: &'a Part| {
            if half_up(part.quantity, crate::totals::QUANTITY_DIGITS) != part.quantity {
                return Err(Unrenderable::QuantityTooFine {
                    line: part.origin.line().unwrap_or_default().to_owned(),
                    quantity: part.quantity,
                });
            }
            Ok(Ready {
                part,
                choice: Choice::of(part, rates, map)?,
                gross: half_up(part.net + part.tax(), self.currency.decimals()),
            })
        };
        parts.iter().map(one).collect()
    }

    /// Every recipe that this Odoo can keep, with what it comes to.
    fn try_all<'a>(
        self,
        ready: &[Ready<'a>],
        how: &Computing,
    ) -> Result<Vec<Tried<'a>>, Unrenderable> {
        let digits = Digits::of(how, self.currency.decimals());
        let mut tried = Vec::new();
        for recipe in Recipe::candidates(self.net_first) {
            let Some(written) = write(recipe, digits, ready) else {
                continue;
            };
            let totals = totals(how, &written.priced())?;
            tried.push(Tried {
                recipe,
                written,
                totals,
            });
        }
        Ok(tried)
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
        let off = |tried: &&Tried| (tried.totals.tax - self.tax).abs();
        let best = tried.iter().min_by_key(off);
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
        .map(|ready| (-ready.gross, -ready.part.tax()))
        .collect();
    for (part, line) in tried.written.parts.iter().zip(&tried.totals.lines) {
        off[*part].0 += line.total;
        off[*part].1 += line.tax;
    }
    let worst = off.iter().map(|(total, tax)| (total.abs(), tax.abs()));
    let (place, _) = worst.enumerate().max_by_key(|(_, off)| *off)?;
    ready[place].part.origin.line().map(str::to_owned)
}
