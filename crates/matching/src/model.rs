//! What was learned of a shop, frozen: data that can be kept, shown and used again.

use serde::{Deserialize, Serialize};

use crate::decide::{Case, Desk, Draft, Rivals, TierState, Tiers, draft};
use crate::ground::{Ground, Said, sorted_words};
use crate::items::{Catalogues, Sorted, WordPair};
use crate::learn::{Aliases, Learned, Siblings};
use crate::normalise::{Token, Words};
use crate::rows::{Factor, KeyKind, Texts, Vocabulary, compact};
use crate::score::{Features, PRIOR};

/// Models of another version are not read: what they mean has changed.
const VERSION: u32 = 2;
/// When more than this share of the rows changed since, it is time to learn again.
const STALE_PERCENT: usize = 5;

/// What was learned of a shop and its Odoo.
///
/// Under one model the same rows have the same outcome, however many others changed since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    version: u32,
    vocabulary: Vocabulary,
    siblings: Siblings,
    aliases: Aliases,
    learned: Vec<Learned>,
    pub(crate) weights: Vec<f32>,
    factor: Factor,
    pub(crate) tiers: Tiers,
    words: Vec<WordPair>,
    proven: usize,
    rows: usize,
}

impl Model {
    /// Freezes what a ground learned.
    pub(crate) fn of(
        ground: &Ground<'_>,
        input: &Catalogues,
        (learned, proven): (Vec<Learned>, usize),
        tiers: Tiers,
    ) -> Self {
        Self {
            version: VERSION,
            vocabulary: ground.texts.vocabulary.clone(),
            siblings: ground.siblings.clone(),
            aliases: ground.aliases.clone(),
            learned,
            weights: ground.weights.to_vec(),
            factor: ground.prices.factor,
            tiers,
            words: sorted_words(input),
            proven,
            rows: ground.rows.left.len() + ground.rows.right.len(),
        }
    }

    /// Whether this program can use it.
    pub fn is_current(&self) -> bool {
        self.version == VERSION && self.weights.len() == PRIOR.len()
    }

    /// Words that the shop's own pairs taught, for the manager to see and take back.
    pub fn learned(&self) -> &[Learned] {
        &self.learned
    }

    /// Every way of linking by itself, with what this shop's decisions say of it.
    pub fn tiers(&self) -> Vec<TierState> {
        self.tiers.states()
    }

    /// How many pairs a key proved when it was learned.
    pub fn proven(&self) -> usize {
        self.proven
    }

    /// Odoo's prices over the store's as they usually are, when that is known.
    pub fn price_factor(&self) -> Option<f32> {
        self.factor.ratio()
    }

    /// Whether so many rows changed since that it should be learned again.
    pub fn is_stale(&self, changed: usize) -> bool {
        changed * 100 > self.rows * STALE_PERCENT
    }

    /// The word list that rows were read with.
    pub(crate) fn words(&self) -> Words {
        Words::of(&self.words)
    }

    pub(crate) fn features(&self) -> Features {
        let mut weights = PRIOR;
        weights.copy_from_slice(&self.weights);
        weights
    }

    /// How many tokens it knows.
    pub(crate) fn tokens(&self) -> usize {
        self.vocabulary.len()
    }

    /// Its tokens, and some that it does not know.
    pub(crate) fn vocabulary_with(&self, more: &[Token]) -> Vocabulary {
        let mut vocabulary = self.vocabulary.clone();
        for token in more {
            vocabulary.intern(token);
        }
        vocabulary
    }

    /// Reads catalogues the way this model knows.
    pub(crate) fn ground<'a>(&self, input: &Catalogues, rows: Sorted<'a>) -> Ground<'a> {
        let texts = Texts::under(self.vocabulary.clone(), &rows, &self.words());
        self.over(Said::new(input, &rows), rows, texts)
    }

    /// All that pairs are judged by, over catalogues that were read the way this model knows.
    pub(crate) fn over<'a>(&self, said: Said, rows: Sorted<'a>, texts: Texts) -> Ground<'a> {
        let learned = (self.siblings.clone(), self.aliases.clone());
        let mut ground = Ground::with(said, rows, (texts, self.words()), learned);
        ground.set_factor(self.factor);
        ground.weights = self.features();
        ground
    }
}

/// What decisions and pairs with two keys say of the ways of linking.
pub(crate) fn tiers(ground: &Ground<'_>, drafts: &[Draft]) -> Tiers {
    let mut tiers = Tiers::default();
    let rivals = Rivals::count(ground.rows.right.len(), drafts);
    let plain = Tiers::default();
    let hidden = drafts.iter().enumerate().filter_map(|(left, draft)| {
        let right = twice_proven(draft)?;
        let (pair, _) =
            case(ground, (&plain, &rivals), left, draft).by_name(false, &mut Vec::new())?;
        Some((pair.z, pair.right == right))
    });
    tiers.calibrate(hidden.collect());
    let bars = tiers.clone();
    let mut desk = Desk::new(ground);
    for (left, right) in &ground.said.accepted {
        let draft = &drafts[*left as usize];
        if let Some((pair, tier)) = case(ground, (&bars, &rivals), *left as usize, draft)
            .ruling()
            .link
        {
            tiers.judge(tier, pair.z, pair.right == *right);
        }
    }
    for (left, right) in ground.said.rejections() {
        let row = *left as usize;
        if ground.rows.left[row].parent {
            continue;
        }
        let draft = draft(ground, row, &mut desk, false);
        let link = case(ground, (&bars, &rivals), row, &draft).ruling().link;
        if let Some((pair, tier)) = link.filter(|(pair, _)| pair.right == *right) {
            tiers.judge(tier, pair.z, false);
        }
    }
    tiers
}

/// The variant that both a GTIN and a SKU point to, each unique: a label free of charge.
fn twice_proven(draft: &Draft) -> Option<u32> {
    let gtin = draft.pointers.iter().find(|p| p.kind == KeyKind::Gtin)?;
    let sku = draft
        .pointers
        .iter()
        .find(|p| p.kind != KeyKind::Gtin && p.kind != KeyKind::Partial)?;
    let right = gtin.target()?;
    (sku.target() == Some(right) && gtin.gtin != sku.gtin).then_some(right)
}

fn case<'a>(
    ground: &'a Ground<'a>,
    (tiers, rivals): (&'a Tiers, &'a Rivals),
    left: usize,
    draft: &'a Draft,
) -> Case<'a> {
    Case {
        ground,
        tiers,
        rivals,
        left: compact(left),
        draft,
    }
}
