//! Prices: how the store's compare with Odoo's in general, and which pairs stand out.

use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use tandem_domain::{Currency, UnitPrice};

use crate::items::Sorted;

/// Fewer pairs than this do not show the shop's own factor (tax, margin, currency).
const PAIRS_MIN: usize = 20;
/// Beyond this factor from the shop's usual one, two prices are not of one thing.
const FACTOR_MAX: f32 = 2.5;

/// A price as its logarithm, with its currency.
#[derive(Debug, Clone, Copy)]
struct Logarithm {
    value: f32,
    currency: Currency,
}

/// How Odoo's prices usually compare with the store's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Factor {
    /// The usual logarithm of Odoo's price over the store's, once it is known.
    usual: Option<f32>,
}

impl Factor {
    /// Odoo's price over the store's.
    pub(crate) fn ratio(self) -> Option<f32> {
        self.usual.map(f32::exp)
    }
}

/// The prices of both catalogues.
#[derive(Debug, Default)]
pub(crate) struct Prices {
    left: Vec<Option<Logarithm>>,
    right: Vec<Option<Logarithm>>,
    pub(crate) factor: Factor,
}

fn logarithm(price: Option<UnitPrice>) -> Option<Logarithm> {
    let price = price?;
    let amount = price.amount.to_f32().filter(|amount| *amount > 0.0)?;
    Some(Logarithm {
        value: amount.ln(),
        currency: price.currency,
    })
}

impl Prices {
    /// Reads the prices of all rows.
    pub(crate) fn read(rows: &Sorted<'_>) -> Self {
        Self {
            left: rows.left.iter().map(|i| logarithm(i.price)).collect(),
            right: rows.right.iter().map(|i| logarithm(i.price)).collect(),
            factor: Factor::default(),
        }
    }

    /// Learns the usual factor from pairs that a key proves.
    pub(crate) fn learn(&mut self, pairs: impl Iterator<Item = (u32, u32)>) {
        let mut ratios: Vec<_> = pairs
            .filter_map(|(left, right)| {
                let (left, right) = (self.left[left as usize]?, self.right[right as usize]?);
                Some(right.value - left.value)
            })
            .collect();
        ratios.sort_unstable_by(f32::total_cmp);
        self.factor.usual = (ratios.len() >= PAIRS_MIN).then(|| ratios[ratios.len() / 2]);
    }

    /// How far the ratio of two prices is from the usual one, as a logarithm. Nothing when a
    /// price is missing, or when the currencies differ and no usual factor is known.
    pub(crate) fn distance(&self, left: usize, right: usize) -> Option<f32> {
        let (left, right) = (self.left[left]?, self.right[right]?);
        let usual = match self.factor.usual {
            Some(usual) => usual,
            None if left.currency == right.currency => 0.0,
            None => return None,
        };
        Some((right.value - left.value - usual).abs())
    }

    /// The larger price over the smaller in hundredths, and whether Odoo's is the larger; only
    /// for pairs that are far apart.
    pub(crate) fn far_factor(&self, left: usize, right: usize) -> Option<(u32, bool)> {
        if !far_apart(self.distance(left, right)) {
            return None;
        }
        let ratio = self.right[right]?.value - self.left[left]?.value;
        let hundredths = (ratio.abs().exp() * 100.0).round();
        Some((hundredths.to_u32().unwrap_or(u32::MAX), ratio > 0.0))
    }
}

/// Whether a distance is too far for two prices of one thing.
pub(crate) fn far_apart(distance: Option<f32>) -> bool {
    distance.is_some_and(|distance| distance > FACTOR_MAX.ln())
}
