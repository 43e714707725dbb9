//! The ways of linking by itself, how often each was right, and when one has to stop.

use serde::{Deserialize, Serialize};

/// How a pair came to be linked by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// SKU and GTIN point to one variant, each unique.
    KeysAgree,
    /// A unique GTIN.
    Gtin,
    /// A unique SKU.
    Sku,
    /// A part of a SKU, and the texts agree.
    PartialSku,
    /// The texts alone.
    Name,
}

impl Tier {
    /// All ways, strongest first.
    pub const ALL: [Self; 5] = [
        Self::KeysAgree,
        Self::Gtin,
        Self::Sku,
        Self::PartialSku,
        Self::Name,
    ];

    /// Links of this kind in made-up shops with known answers, none of them wrong: what is
    /// believed before the shop's own decisions speak. Never more than 5,000, so that a few
    /// rejections of a real shop outweigh any number of made-up ones.
    fn known(self) -> Record {
        let checked = match self {
            Self::Gtin | Self::Sku | Self::Name => 5_000,
            Self::KeysAgree => 4_400,
            Self::PartialSku => 2_850,
        };
        Record { checked, wrong: 0 }
    }
}

/// How often something was checked, and was wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Pairs that somebody or something independent judged.
    pub checked: u32,
    /// Those that were wrong.
    pub wrong: u32,
}

/// Below this share of right links, at the lower bound, a way of linking stops.
const BOUND_MIN: f64 = 0.999;
/// Of the normal distribution, for a one-sided bound that holds in 95 of 100 cases.
const ONE_SIDED_95: f64 = 1.6449;
/// Scores from which on links of one kind are counted apart.
const BINS: [f32; 2] = [3.0, 6.0];
/// Score that names alone need before anything is known of the shop.
const NAME_BAR: f32 = 2.0;

impl Record {
    /// The share of right ones that can be relied on: Wilson's lower bound.
    pub fn bound(self) -> f64 {
        if self.checked == 0 {
            return 0.0;
        }
        let n = f64::from(self.checked);
        let share = f64::from(self.checked.saturating_sub(self.wrong)) / n;
        let square = ONE_SIDED_95 * ONE_SIDED_95;
        let spread = (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
        let bound = share + square / (2.0 * n) - ONE_SIDED_95 * spread;
        (bound / (1.0 + square / n)).max(0.0)
    }

    fn and(self, other: Self) -> Self {
        Self {
            checked: self.checked + other.checked,
            wrong: self.wrong + other.wrong,
        }
    }
}

/// One way of linking as a manager sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TierState {
    /// Which.
    pub tier: Tier,
    /// What this shop's own decisions say of it.
    pub here: Record,
    /// The share of right links that can be relied on, in basis points.
    pub bound_bp: u16,
    /// True when it links nothing by itself until more of its pairs are accepted.
    pub paused: bool,
}

/// What is known of every way of linking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tiers {
    /// The score that names alone need.
    pub(crate) name_bar: f32,
    /// By tier and score, what the shop's decisions say.
    here: [[Record; BINS.len() + 1]; Tier::ALL.len()],
}

impl Default for Tiers {
    fn default() -> Self {
        Self {
            name_bar: NAME_BAR,
            here: Default::default(),
        }
    }
}

fn bin(z: f32) -> usize {
    BINS.iter().filter(|from| z >= **from).count()
}

impl Tiers {
    /// Takes in one judged pair.
    pub(crate) fn judge(&mut self, tier: Tier, z: f32, right: bool) {
        let record = &mut self.here[tier as usize][bin(z)];
        record.checked += 1;
        record.wrong += u32::from(!right);
    }

    fn of(&self, tier: Tier) -> Record {
        let bins = self.here[tier as usize].iter();
        bins.fold(Record::default(), |sum, record| sum.and(*record))
    }

    /// Whether a way of linking has to stop: something of it was wrong here, and too much.
    pub(crate) fn paused(&self, tier: Tier) -> bool {
        let here = self.of(tier);
        here.wrong > 0 && here.and(tier.known()).bound() < BOUND_MIN
    }

    /// The share of right links of this kind and score that can be relied on, in basis points.
    pub(crate) fn confidence_bp(&self, tier: Tier, z: f32) -> u16 {
        let here = self.here[tier as usize][bin(z)];
        bound_bp(here.and(tier.known()))
    }

    /// What a manager sees.
    pub(crate) fn states(&self) -> Vec<TierState> {
        let state = |tier: Tier| TierState {
            tier,
            here: self.of(tier),
            bound_bp: bound_bp(self.of(tier).and(tier.known())),
            paused: self.paused(tier),
        };
        Tier::ALL.into_iter().map(state).collect()
    }

    /// Raises the score that names alone need above what was seen to be wrong. `seen` are scores
    /// of links that names would have made where keys know better, with the answer.
    pub(crate) fn calibrate(&mut self, mut seen: Vec<(f32, bool)>) {
        seen.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)));
        let (mut count, mut wrong) = (0.0_f32, 0.0_f32);
        for (z, right) in seen {
            count += 1.0;
            wrong += if right { 0.0 } else { 1.0 };
            if !right && (wrong + 0.5) / (count + PRIOR_ROWS) > ERROR_MAX {
                self.name_bar = self.name_bar.max(z + 1e-3);
                return;
            }
        }
    }
}

/// Rows without an error that are believed beforehand: one error among few rows is no reason to
/// give up a way of linking.
const PRIOR_ROWS: f32 = 1_000.0;
/// Share of errors that names may make where keys know better.
const ERROR_MAX: f32 = 1.0 / 500.0;

fn bound_bp(record: Record) -> u16 {
    #[expect(clippy::cast_possible_truncation, reason = "a share between 0 and 1")]
    let bound = record.bound() as f32;
    crate::score::basis_points(bound)
}

#[cfg(test)]
mod tests {
    use super::{Record, Tier, Tiers};

    #[test]
    fn the_bound_follows_wilson() {
        let bound = |checked, wrong| Record { checked, wrong }.bound();
        assert!((bound(2_700, 0) - 0.999).abs() < 1e-4);
        assert!(
            (bound(5_818, 1) - 0.999_25).abs() < 5e-5,
            "{}",
            bound(5_818, 1)
        );
        assert!(bound(0, 0) < 1e-9);
    }

    #[test]
    fn a_way_of_linking_pauses_when_it_was_wrong_too_often_and_comes_back() {
        let mut tiers = Tiers::default();
        assert!(Tier::ALL.iter().all(|tier| !tiers.paused(*tier)));
        for _ in 0..3 {
            tiers.judge(Tier::Name, 4.0, false);
        }
        assert!(tiers.paused(Tier::Name) && !tiers.paused(Tier::Sku));
        assert!(tiers.confidence_bp(Tier::Name, 7.0) > tiers.confidence_bp(Tier::Name, 4.0));
        for _ in 0..4_000 {
            tiers.judge(Tier::Name, 4.0, true);
        }
        assert!(!tiers.paused(Tier::Name));
    }

    #[test]
    fn an_error_raises_the_bar_only_when_it_is_no_exception() {
        let clean: Vec<_> = (0..2_000_u16)
            .map(|i| (f32::from(i) / 100.0 + 2.0, true))
            .collect();
        let mut tiers = Tiers::default();
        tiers.calibrate(clean.iter().copied().chain([(2.5, false)]).collect());
        assert!((tiers.name_bar - 2.0).abs() < 1e-6);
        let errors = (0..12_u8).map(|i| (4.0 + f32::from(i) / 100.0, false));
        tiers.calibrate(clean.into_iter().chain(errors).collect());
        assert!(tiers.name_bar > 4.0);
    }
}
