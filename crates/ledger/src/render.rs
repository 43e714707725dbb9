//! An order as lines for Odoo, or the reason why it cannot be.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tandem_domain::{Currency, Money, Order, TaxKey};

use crate::choose::Aim;
use crate::parts::{PartError, parts};
use crate::rates::Rates;
use crate::recipe::{Recipe, RenderedLine};
use crate::taxes::TaxMap;
use crate::totals::{CannotCompute, Computing, Totals};

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
        half_down: order.prices_include_tax,
    };
    aim.render(&parts(order)?, &Rates::of(order), how, taxes)
}
