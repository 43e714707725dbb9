//! The rules by which a pair links by itself, and what keeps a pair from it.

use serde::{Deserialize, Serialize};

use super::draft::{Draft, Pair};
use super::rivals::Rivals;
use super::tiers::{Tier, Tiers};
use crate::ground::Ground;
use crate::rows::{KeyKind, Pointer};
use crate::score::{Marks, near_codes};

/// A pair this close to the listing's best is as good as the best.
const NEAR: f32 = 0.3;
/// Without being near the best, a pair needs this score: proven by a GTIN, by a SKU, ...
const GTIN_BAR: f32 = -2.0;
const SKU_BAR: f32 = -1.0;
/// ... by a SKU that is too short to prove much, ...
const SHORT_BAR: f32 = 1.0;
/// ... by a part of a SKU.
const PARTIAL_BAR: f32 = 0.5;
/// A key's variant may be outdone by another one by so much, ...
const OUTDONE_BY: f32 = 2.0;
/// ... and one that says more than the listing has to be ahead of all others by this much.
const UNCLEAR_MARGIN: f32 = 1.5;
/// A key that several listings carry needs texts that agree like this, ...
const SHARED_BAR: f32 = 2.0;
/// ... and this lead over other variants, ...
const SHARED_MARGIN: f32 = 1.5;
/// ... and over other listings.
const SHARED_RIGHT_MARGIN: f32 = 0.25;
/// Names alone need this lead over the listing's second variant and the variant's second listing.
const NAME_MARGIN: f32 = 5.0;
const NAME_RIGHT_MARGIN: f32 = 3.0;
/// What a greater lead is worth in score, and how much of it counts.
const LEAD_WORTH: f32 = 0.4;
const LEAD_MAX: f32 = 5.0;
/// What it costs when the variant says more that might be another product's.
const MORE_COSTS: f32 = 0.5;
/// What a code is worth in score that no other row of either side has, ...
const SURE_WORTH: f32 = 1.0;
/// ... and the part of the leads that are needed then.
const SURE_EASE: f32 = 0.5;
/// Letters and digits of a SKU that proves by itself; one fewer is enough with a letter in it.
const SKU_CHARS_MIN: usize = 6;
/// Two SKUs that begin alike for this share of their letters belong to siblings.
const SIBLING_PERCENT: usize = 70;
/// With fewer rows nobody knows how rare a word is.
const NAME_ROWS_MIN: usize = 100;

/// Why a pair was not linked by itself, although something speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Caution {
    /// Several listings carry the key.
    KeyNotUniqueInStore,
    /// Several variants carry the key.
    KeyNotUniqueInOdoo,
    /// Two keys point to different variants, or both sides have a GTIN and not the same.
    KeysDisagree,
    /// The SKU is too short to prove anything.
    KeyTooShort,
    /// Only a part of the SKU agrees.
    KeyInPart,
    /// Something that tells products apart differs: amount, count, size, colour, condition, model.
    Contradiction,
    /// Odoo says something that tells it from its siblings, and the listing does not.
    VariantUnclear,
    /// Codes or numbers differ.
    NumbersDiffer,
    /// Each says a word that the other does not, though the other side knows that word.
    WordsDiffer,
    /// The prices are too far apart to be the same thing.
    PriceFarApart,
    /// The texts hardly agree.
    NameTooWeak,
    /// Another variant fits as well.
    AnotherVariantAsGood,
    /// Another listing fits the variant as well.
    AnotherListingAsGood,
    /// The two SKUs are near misses of each other: siblings, most likely.
    SkusOfSiblings,
    /// Only names speak for it.
    NameOnly,
    /// The manager rejected the variant that a key points to.
    RejectedBefore,
    /// Another listing is linked to this variant already.
    VariantTaken,
    /// This way of linking was wrong too often here; it waits for more accepted pairs.
    TierPaused,
    /// The catalogue is too small to tell how rare a word is.
    TooFewRows,
}

/// What the rules say of a listing.
#[derive(Debug, Default)]
pub(crate) struct Ruling {
    pub(crate) link: Option<(Pair, Tier)>,
    /// What would be the link, if its way of linking had not to wait.
    pub(crate) held: Option<(Pair, Tier)>,
    pub(crate) cautions: Vec<Caution>,
}

/// One listing among all.
pub(crate) struct Case<'a> {
    pub(crate) ground: &'a Ground<'a>,
    pub(crate) tiers: &'a Tiers,
    pub(crate) rivals: &'a Rivals,
    pub(crate) left: u32,
    pub(crate) draft: &'a Draft,
}

/// A pair that may link, with all that the rules ask about it.
#[derive(Clone, Copy)]
struct Suspect {
    pair: Pair,
    margin: f32,
    right_margin: f32,
    near: bool,
}

impl Case<'_> {
    /// Applies the rules.
    pub(crate) fn ruling(&self) -> Ruling {
        let mut ruling = Ruling::default();
        if self.draft.rejected {
            ruling.cautions.push(Caution::RejectedBefore);
        }
        let found = if self.draft.pointers.is_empty() {
            self.by_name(true, &mut ruling.cautions)
        } else {
            self.by_keys(&mut ruling.cautions)
        };
        if let Some((_, tier)) = found
            && self.tiers.paused(tier)
        {
            ruling.cautions.push(Caution::TierPaused);
            ruling.held = found;
        } else {
            ruling.link = found;
        }
        if ruling.link.is_some() {
            ruling.cautions.clear();
        }
        ruling
    }

    fn suspect(&self, right: u32) -> Option<Suspect> {
        let (pair, margin) = self.draft.pair(right)?;
        let best = self.draft.pairs.first()?;
        Some(Suspect {
            pair,
            margin,
            right_margin: self.rivals.margin(self.left, pair),
            near: pair.z >= best.z - NEAR,
        })
    }

    fn by_keys(&self, cautions: &mut Vec<Caution>) -> Option<(Pair, Tier)> {
        let pointers = &self.draft.pointers;
        let target = pointers.iter().find_map(Pointer::target);
        let agree = |right: u32| pointers.iter().all(|p| p.hits.contains(&right));
        let Some(right) = target else {
            return self.by_shared_key(cautions);
        };
        if !agree(right)
            || self
                .ground
                .keys
                .gtins_differ(self.left as usize, right as usize)
        {
            cautions.push(Caution::KeysDisagree);
        }
        let suspect = self.suspect(right)?;
        let tier = self.proof(right, suspect, cautions);
        vetoes(suspect.pair, tier, cautions);
        let only = cautions.iter().all(|c| *c == Caution::RejectedBefore);
        only.then_some((suspect.pair, tier))
    }

    /// Which proof the keys give, and what is missing in it.
    fn proof(&self, right: u32, suspect: Suspect, cautions: &mut Vec<Caution>) -> Tier {
        let proving: Vec<_> = self
            .draft
            .pointers
            .iter()
            .filter(|p| p.target() == Some(right))
            .collect();
        let number = |p: &&&Pointer| p.kind == KeyKind::Gtin;
        let gtin = proving.iter().find(number);
        let sku = proving
            .iter()
            .find(|p| p.kind != KeyKind::Gtin && p.kind != KeyKind::Partial);
        let both = gtin
            .zip(sku)
            .is_some_and(|(gtin, sku)| gtin.gtin != sku.gtin);
        let strong =
            suspect.near || suspect.pair.z > if gtin.is_some() { GTIN_BAR } else { SKU_BAR };
        if both {
            return Tier::KeysAgree;
        }
        let unclear = suspect.pair.marks.has(Marks::OPEN_RIGHT) && suspect.margin < UNCLEAR_MARGIN;
        if unclear {
            cautions.push(Caution::VariantUnclear);
        }
        if !strong || suspect.margin < -OUTDONE_BY {
            cautions.push(Caution::NameTooWeak);
        }
        if gtin.is_some() {
            return Tier::Gtin;
        }
        if sku.is_some() {
            if self.short_sku() && !(suspect.near && suspect.pair.z > SHORT_BAR) {
                cautions.push(Caution::KeyTooShort);
            }
            return Tier::Sku;
        }
        partial(suspect, cautions);
        Tier::PartialSku
    }

    fn short_sku(&self) -> bool {
        let key = self.ground.keys.left.rows[self.left as usize]
            .canonical
            .as_deref();
        key.is_none_or(|key| {
            let letters = key.chars().count();
            let digits_only = key.bytes().all(|b| b.is_ascii_digit());
            letters < SKU_CHARS_MIN && (digits_only || letters + 1 < SKU_CHARS_MIN)
        })
    }

    /// Keys that point somewhere, but prove nothing by themselves: the texts must choose among
    /// what they point to, or, where many listings carry the key, find the variant alone.
    fn by_shared_key(&self, cautions: &mut Vec<Caution>) -> Option<(Pair, Tier)> {
        let pointers = &self.draft.pointers;
        let before = cautions.len();
        if pointers.iter().any(|p| p.listings > 1) {
            cautions.push(Caution::KeyNotUniqueInStore);
        }
        if pointers.iter().any(|p| p.hits.len() > 1) {
            cautions.push(Caution::KeyNotUniqueInOdoo);
        }
        let best = self.draft.pairs.first()?;
        let pointing = pointers
            .iter()
            .filter(|p| p.hits.contains(&best.right))
            .count();
        if pointing > 0 && pointing < pointers.len() {
            cautions.push(Caution::KeysDisagree);
            return None;
        }
        let mut doubts = Vec::new();
        let found = if pointing > 0 {
            self.by_shared_and_text(best.right, &mut doubts)
        } else if pointers.iter().all(|p| p.listings > 1) {
            self.by_name(true, &mut doubts)
        } else {
            None
        };
        if found.is_some() {
            cautions.truncate(before);
        }
        cautions.extend(doubts);
        found
    }

    fn by_shared_and_text(&self, right: u32, doubts: &mut Vec<Caution>) -> Option<(Pair, Tier)> {
        let suspect = self.suspect(right)?;
        if suspect.pair.z < SHARED_BAR {
            doubts.push(Caution::NameTooWeak);
        }
        if suspect.margin < SHARED_MARGIN {
            doubts.push(Caution::AnotherVariantAsGood);
        }
        if suspect.right_margin < SHARED_RIGHT_MARGIN {
            doubts.push(Caution::AnotherListingAsGood);
        }
        let marks = suspect.pair.marks;
        if marks.has(Marks::OPEN_RIGHT) || marks.has(Marks::NUMBERS) {
            doubts.push(Caution::VariantUnclear);
        }
        if self
            .ground
            .keys
            .gtins_differ(self.left as usize, right as usize)
        {
            doubts.push(Caution::KeysDisagree);
        }
        vetoes(suspect.pair, Tier::PartialSku, doubts);
        doubts
            .is_empty()
            .then_some((suspect.pair, Tier::PartialSku))
    }

    /// Whether the names alone link; `open` is false when the keys are only hidden.
    pub(crate) fn by_name(&self, open: bool, cautions: &mut Vec<Caution>) -> Option<(Pair, Tier)> {
        let best = self.draft.pairs.first()?;
        let suspect = self.suspect(best.right)?;
        if strength(suspect) < self.tiers.name_bar {
            cautions.push(Caution::NameOnly);
        }
        let ease = if suspect.pair.marks.has(Marks::SURE) {
            SURE_EASE
        } else {
            1.0
        };
        if suspect.margin < NAME_MARGIN * ease {
            cautions.push(Caution::AnotherVariantAsGood);
        }
        if suspect.right_margin < NAME_RIGHT_MARGIN * ease {
            cautions.push(Caution::AnotherListingAsGood);
        }
        if suspect.pair.marks.has(Marks::HARD) {
            cautions.push(Caution::Contradiction);
        }
        if suspect.pair.marks.has(Marks::NUMBERS) {
            cautions.push(Caution::NumbersDiffer);
        }
        let marks = suspect.pair.marks;
        if marks.has(Marks::OPEN_RIGHT) && !marks.has(Marks::SURE) {
            cautions.push(Caution::VariantUnclear);
        }
        if marks.has(Marks::WORDS) {
            cautions.push(Caution::WordsDiffer);
        }
        if open {
            if suspect.pair.marks.has(Marks::FAR) {
                cautions.push(Caution::PriceFarApart);
            }
            self.hidden_doubts(best.right, cautions);
        }
        let only = cautions.iter().all(|c| *c == Caution::RejectedBefore);
        let z = strength(suspect);
        only.then_some((Pair { z, ..suspect.pair }, Tier::Name))
    }

    fn hidden_doubts(&self, right: u32, cautions: &mut Vec<Caution>) {
        let keys = &self.ground.keys;
        if keys.gtins_differ(self.left as usize, right as usize) {
            cautions.push(Caution::KeysDisagree);
        }
        let of_left = keys.left.rows[self.left as usize].canonical.as_deref();
        let of_right = keys.right.rows[right as usize].canonical.as_deref();
        if let (Some(one), Some(two)) = (of_left, of_right)
            && near_codes(one, two, SIBLING_PERCENT)
        {
            cautions.push(Caution::SkusOfSiblings);
        }
        if self.ground.rows.right.len() < NAME_ROWS_MIN {
            cautions.push(Caution::TooFewRows);
        }
    }
}

/// The score of a pair by texts alone; a lead beyond what is needed makes up for some of it, if
/// the variant says nothing that might be another product's.
fn strength(suspect: Suspect) -> f32 {
    if !suspect.pair.marks.has(Marks::FULL) {
        return suspect.pair.z - MORE_COSTS;
    }
    let lead = (suspect.margin - NAME_MARGIN).min(suspect.right_margin - NAME_RIGHT_MARGIN);
    let sure = if suspect.pair.marks.has(Marks::SURE) {
        SURE_WORTH
    } else {
        0.0
    };
    suspect.pair.z + sure + LEAD_WORTH * lead.clamp(0.0, LEAD_MAX)
}

/// What the texts must say when only a part of the SKU agrees.
fn partial(suspect: Suspect, cautions: &mut Vec<Caution>) {
    if suspect.margin < 0.0 || suspect.pair.z <= PARTIAL_BAR {
        cautions.push(Caution::KeyInPart);
    }
    if suspect.right_margin < 0.0 {
        cautions.push(Caution::AnotherListingAsGood);
    }
}

/// What no key outweighs.
fn vetoes(pair: Pair, tier: Tier, cautions: &mut Vec<Caution>) {
    if pair.marks.has(Marks::HARD) {
        cautions.push(Caution::Contradiction);
    }
    if pair.marks.has(Marks::FAR) {
        cautions.push(Caution::PriceFarApart);
    }
    if pair.marks.has(Marks::SILENT) && tier != Tier::KeysAgree && pair.z < GTIN_BAR {
        cautions.push(Caution::NameTooWeak);
    }
}
