//! Which taxes of Odoo may stand for a store's rates.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tandem_domain::{Tax, TaxKey};

use crate::parts::{Part, minor_unit};
use crate::rates::Rates;
use crate::render::Unrenderable;

/// For each of the store's rates, the taxes of Odoo that somebody chose for it. Only these are
/// used: one that includes the tax and one that does not may both be there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxMap(BTreeMap<String, Vec<Tax>>);

impl TaxMap {
    /// Nothing chosen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows a tax for a rate. Of several alike, the first is used.
    pub fn allow(&mut self, rate: impl Into<String>, tax: Tax) {
        self.0.entry(rate.into()).or_default().push(tax);
    }

    /// Everything that is allowed for some rate.
    pub fn all(&self) -> impl Iterator<Item = &Tax> {
        self.0.values().flatten()
    }

    /// What is allowed for a rate.
    pub fn of(&self, rate: &str) -> &[Tax] {
        self.0.get(rate).map_or(&[], Vec::as_slice)
    }
}

/// The taxes that a part may be sent with.
#[derive(Debug, Clone)]
pub(crate) struct Choice<'a> {
    /// All of them included in the price, where that is allowed.
    included: Option<Vec<&'a Tax>>,
    /// None of them included, where that is allowed.
    excluded: Option<Vec<&'a Tax>>,
}

impl<'a> Choice<'a> {
    /// For this part; a reason where something is missing or contradicts the store.
    pub(crate) fn of(part: &Part, rates: &Rates, map: &'a TaxMap) -> Result<Self, Unrenderable> {
        let line = || part.origin.line().unwrap_or_default().to_owned();
        let mut allowed = Vec::with_capacity(part.taxes.len());
        for tax in &part.taxes {
            let percent = rates.percent(&tax.rate);
            if !applies(part, tax.amount, percent, rates) {
                continue;
            }
            let chosen = map.of(&tax.rate);
            match chosen.iter().find(|tax| differs(percent, tax)) {
                Some(other) => {
                    return Err(Unrenderable::RateDiffers {
                        rate: tax.rate.clone(),
                        store: percent.unwrap_or_default(),
                        tax: other.key,
                        odoo: other.percent,
                    });
                }
                None if !chosen.is_empty() => allowed.push(chosen),
                // A rate of zero, or one on a gift, needs no tax in Odoo.
                None if tax.amount.is_zero() => {}
                None => {
                    return Err(Unrenderable::TaxNotMapped {
                        line: line(),
                        rate: tax.rate.clone(),
                    });
                }
            }
        }
        let all = |included: bool| {
            let one = |taxes: &&'a [Tax]| taxes.iter().find(|tax| tax.included == included);
            allowed.iter().map(one).collect::<Option<Vec<_>>>()
        };
        let choice = Self {
            included: all(true),
            excluded: all(false),
        };
        if choice.included.is_none() && choice.excluded.is_none() {
            return Err(Unrenderable::MixedTaxes { line: line() });
        }
        Ok(choice)
    }

    /// The taxes to use, and whether they are included: as preferred, else the other way.
    pub(crate) fn preferring(&self, included: bool) -> (bool, &[&'a Tax]) {
        let first = if included {
            &self.included
        } else {
            &self.excluded
        };
        let second = if included {
            &self.excluded
        } else {
            &self.included
        };
        match (first, second) {
            (Some(taxes), _) => (included, taxes),
            (None, Some(taxes)) => (!included, taxes),
            (None, None) => (included, &[]),
        }
    }
}

/// Whether a tax row taxes its part at all: one of nothing on an amount that would bear some does
/// not.
fn applies(part: &Part, amount: Decimal, percent: Option<Decimal>, rates: &Rates) -> bool {
    let would_be = part.net * percent.unwrap_or_default() / Decimal::ONE_HUNDRED;
    !amount.is_zero() || would_be.abs() < minor_unit(rates.currency())
}

/// Whether a chosen tax is not the percentage that the store states; unknown is not different.
fn differs(percent: Option<Decimal>, tax: &Tax) -> bool {
    percent.is_some_and(|percent| percent != tax.percent)
}

/// The keys of taxes.
pub(crate) fn keys(taxes: &[&Tax]) -> Vec<TaxKey> {
    taxes.iter().map(|tax| tax.key).collect()
}
