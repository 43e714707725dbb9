//! The ways to write an order's parts as lines with unit prices.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use tandem_domain::{Tax, TaxKey};

use crate::exact::{Exact, Small};
use crate::parts::{Origin, Part};
use crate::taxes::{Choice, keys};
use crate::totals::{Computing, PricedLine, QUANTITY_DIGITS, Totals, half_up};

/// Finest price that is ever sent.
const FINEST: u32 = 6;

/// A way to write parts as lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipe {
    /// Price with tax, rounded to the minor unit.
    GrossUnit,
    /// Price with tax; where the amount does not divide, on two lines a minor unit apart.
    GrossSplit,
    /// Price with tax, with more digits than the currency, from the rounded amount.
    GrossFine,
    /// Price with tax, with more digits than the currency, from the unrounded amount.
    GrossFinest,
    /// Price without tax, rounded to the minor unit.
    NetUnit,
    /// Price without tax; where the amount does not divide, on two lines a minor unit apart.
    NetSplit,
    /// Price without tax, with more digits than the currency, from the rounded amount.
    NetFine,
    /// Price without tax, with more digits than the currency, from the unrounded amount.
    NetFinest,
    /// Each line in the way that suits it best.
    Mixed,
}

impl Recipe {
    /// All that may be tried, the preferred first.
    pub(crate) fn candidates(net_first: bool) -> impl Iterator<Item = Self> {
        let gross = [
            Self::GrossUnit,
            Self::GrossFine,
            Self::GrossFinest,
            Self::GrossSplit,
        ];
        let net = [
            Self::NetUnit,
            Self::NetFine,
            Self::NetFinest,
            Self::NetSplit,
        ];
        let both = if net_first {
            [net, gross]
        } else {
            [gross, net]
        };
        both.into_iter().flatten()
    }

    /// Whether it leaves tax out of the price; `None` where that differs from line to line.
    pub(crate) fn net(self) -> Option<bool> {
        (self != Self::Mixed).then(|| !self.is_gross())
    }

    fn is_gross(self) -> bool {
        matches!(
            self,
            Self::GrossUnit | Self::GrossSplit | Self::GrossFine | Self::GrossFinest
        )
    }

    fn is_split(self) -> bool {
        matches!(self, Self::GrossSplit | Self::NetSplit)
    }

    fn is_finest(self) -> bool {
        matches!(self, Self::GrossFinest | Self::NetFinest)
    }

    fn is_fine(self) -> bool {
        self.is_finest() || matches!(self, Self::GrossFine | Self::NetFine)
    }
}

/// A line made for Odoo, not yet bound to a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedLine {
    /// What it stands for.
    pub origin: Origin,
    /// As the customer saw it; empty for the rounding line.
    pub name: String,
    /// How many.
    pub quantity: Decimal,
    /// For one; with or without tax as `taxes` say.
    pub unit_price: Decimal,
    /// Empty for none.
    pub taxes: Vec<TaxKey>,
}

/// A part with the taxes it may have.
#[derive(Debug, Clone)]
pub(crate) struct Ready<'a> {
    pub(crate) part: &'a Part,
    pub(crate) choice: Choice<'a>,
    /// Its tax in minor units, each rate by itself, as the shop most likely rounds it; then as
    /// other shops do; then unrounded.
    taxes: [Decimal; 3],
    minor: u32,
}

impl<'a> Ready<'a> {
    /// A shop whose prices include tax rounds half a minor unit of tax down, others up.
    pub(crate) fn new(part: &'a Part, choice: Choice<'a>, minor: u32, half_down: bool) -> Self {
        let down = RoundingStrategy::MidpointTowardZero;
        let up = RoundingStrategy::MidpointAwayFromZero;
        let by_rate = |rounding| {
            let amounts = part.taxes.iter().map(|tax| tax.amount);
            let rounded = amounts.map(|amount| amount.round_dp_with_strategy(minor, rounding));
            rounded.sum()
        };
        let taxes = if half_down { [down, up] } else { [up, down] };
        let [likely, other] = taxes.map(by_rate);
        Self {
            part,
            choice,
            taxes: [likely, other, part.tax()],
            minor,
        }
    }

    /// What the customer most likely paid.
    pub(crate) fn gross(&self) -> Decimal {
        half_up(self.part.net + self.taxes[0], self.minor)
    }

    /// How far a part is off by itself: in what the customer paid, then in tax.
    pub(crate) fn off(&self, totals: &Totals) -> (Decimal, Decimal) {
        (
            (totals.total - self.gross()).abs(),
            (totals.tax - self.taxes[0]).abs(),
        )
    }

    /// Whether it bears tax that the price may include, or may leave out.
    fn allows(&self, included: bool) -> bool {
        let (kind, taxes) = self.choice.preferring(included);
        kind == included && !taxes.is_empty()
    }
}

/// Lines, and the taxes to compute them with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written<'a> {
    pub(crate) lines: Vec<RenderedLine>,
    pub(crate) taxes: Vec<Vec<&'a Tax>>,
    /// Which part each line belongs to.
    pub(crate) parts: Vec<usize>,
}

impl Written<'_> {
    pub(crate) fn append(&mut self, mut other: Self) {
        self.lines.append(&mut other.lines);
        self.taxes.append(&mut other.taxes);
        self.parts.append(&mut other.parts);
    }

    pub(crate) fn priced(&self) -> Vec<PricedLine<'_>> {
        let pairs = self.lines.iter().zip(&self.taxes);
        pairs
            .map(|(line, taxes)| PricedLine {
                quantity: line.quantity,
                unit_price: line.unit_price,
                discount: Decimal::ZERO,
                taxes: taxes.as_slice().into(),
            })
            .collect()
    }
}

/// Digits of the store's currency, and of the prices that this Odoo keeps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digits {
    pub(crate) minor: u32,
    pub(crate) price: Option<u32>,
}

impl Digits {
    pub(crate) fn of(how: &Computing, minor: u32) -> Self {
        Self {
            minor,
            price: how.arithmetic.price_digits,
        }
    }

    /// Of prices on the minor unit, as far as they are kept.
    pub(crate) fn plain(self) -> u32 {
        self.price.map_or(self.minor, |kept| kept.min(self.minor))
    }

    fn fine(self) -> Option<u32> {
        let kept = self.price.unwrap_or(FINEST).min(FINEST);
        (kept > self.minor).then_some(kept)
    }
}

/// A recipe, and which rounding of tax it starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) recipe: Recipe,
    taxes: usize,
}

impl Way {
    /// All that make a difference for these parts, the preferred first.
    pub(crate) fn all<'b>(
        net_first: bool,
        parts: &'b [Ready<'b>],
    ) -> impl Iterator<Item = Self> + 'b {
        let useful = move |recipe: &Recipe| {
            let untaxed = parts
                .iter()
                .all(|ready| !ready.allows(true) && !ready.allows(false));
            let gross = recipe.is_gross();
            let preferred = gross != net_first;
            (untaxed && preferred) || parts.iter().any(|ready| ready.allows(gross))
        };
        let recipes = Recipe::candidates(net_first).filter(useful);
        recipes.flat_map(move |recipe| {
            let ways = (0..3).map(move |taxes| Self { recipe, taxes });
            ways.filter(move |way| (0..way.taxes).all(|before| way.differs(before, parts)))
        })
    }

    /// Whether it starts from other amounts than it would from that rounding of tax.
    fn differs(self, taxes: usize, parts: &[Ready]) -> bool {
        let other = Self { taxes, ..self };
        let included = self.recipe.is_gross();
        parts.iter().any(|ready| {
            let (included, _) = ready.choice.preferring(included);
            self.amount(included, ready) != other.amount(included, ready)
        })
    }

    /// All parts as lines; `None` where this Odoo cannot keep them.
    pub(crate) fn write<'a>(self, digits: Digits, parts: &[Ready<'a>]) -> Option<Written<'a>> {
        let mut written = Written::default();
        for (place, ready) in parts.iter().enumerate() {
            self.add(&mut written, digits, (place, ready))?;
        }
        Some(written)
    }

    /// Adds one part; `None` where this Odoo cannot keep it.
    pub(crate) fn add<'a>(
        self,
        written: &mut Written<'a>,
        digits: Digits,
        (place, ready): (usize, &Ready<'a>),
    ) -> Option<()> {
        let price_digits = if self.recipe.is_fine() {
            digits.fine()?
        } else {
            digits.plain()
        };
        let (included, taxes) = ready.choice.preferring(self.recipe.is_gross());
        let amount = self.amount(included, ready);
        let lines = prices(self.recipe, price_digits, ready.part.quantity, amount)?;
        for (quantity, unit_price) in lines {
            written.lines.push(RenderedLine {
                origin: ready.part.origin.clone(),
                name: ready.part.name.clone(),
                quantity,
                unit_price,
                taxes: keys(taxes),
            });
            written.taxes.push(taxes.to_vec());
            written.parts.push(place);
        }
        Some(())
    }

    /// What the lines of a part shall come to, before or with tax.
    fn amount(self, included: bool, ready: &Ready) -> Decimal {
        let net = ready.part.net;
        let amount = if included {
            net + ready.taxes[self.taxes]
        } else {
            net
        };
        if self.recipe.is_finest() {
            amount
        } else {
            half_up(amount, ready.minor)
        }
    }
}

/// Quantities and prices that make the amount, or come close.
fn prices(
    recipe: Recipe,
    digits: u32,
    quantity: Decimal,
    amount: Decimal,
) -> Option<Vec<(Decimal, Decimal)>> {
    if quantity.is_zero() {
        return Some(vec![(quantity, Decimal::ZERO)]);
    }
    if recipe.is_split() {
        return split(digits, quantity, amount);
    }
    let unit = Small::of(amount).over(Small::of(quantity));
    Some(vec![(quantity, unit.decimal(digits)?.normalize())])
}

/// The pieces on two lines whose prices are one unit apart, so that they make the amount exactly.
fn split(digits: u32, quantity: Decimal, amount: Decimal) -> Option<Vec<(Decimal, Decimal)>> {
    let hundred = 10_i128.pow(QUANTITY_DIGITS);
    let pieces = Small::of(quantity).units(QUANTITY_DIGITS)?;
    let units = Small::of(amount).units(digits)?.checked_mul(hundred)?;
    let low = units.div_euclid(pieces);
    let dearer = units.rem_euclid(pieces);
    let line = |pieces: i128, price: i128| {
        let quantity = Decimal::try_from_i128_with_scale(pieces, QUANTITY_DIGITS).ok()?;
        let price = Decimal::try_from_i128_with_scale(price, digits).ok()?;
        Some((quantity.normalize(), price.normalize()))
    };
    let both = [(pieces - dearer, low), (dearer, low + 1)];
    let used = both.into_iter().filter(|(pieces, _)| *pieces != 0);
    used.map(|(pieces, price)| line(pieces, price)).collect()
}
