//! Pairs that a key proves, and the words that they teach.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Alias, Aliases, Origin, Siblings};
use crate::hash::Map;
use crate::items::WordPair;
use crate::normalise::Token;
use crate::rows::{KeyKind, Keys, Pointer, Texts, Vocabulary};
use crate::score::{Overlap, Query};

/// A SKU needs this many letters and digits to prove a pair by itself.
const SKU_CHARS_MIN: usize = 5;
/// A pair that a person accepted counts this often.
const ACCEPTED_WEIGHT: u32 = 2;
/// Two words must be left over together this often, ...
const SEEN_MIN: u32 = 3;
/// ... in this share of the cases in which the store's is left over.
const SHARE_MIN: f32 = 0.4;
/// Words that one word of the store can mean.
const MEANINGS_MAX: usize = 3;
/// Words of a row that are left over beyond this are not looked at.
const LEFTOVERS_MAX: usize = 10;
/// How strongly two words must go together, in the first round and the second.
pub(crate) const BARS: [f32; 2] = [0.45, 0.35];

/// A pair to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Silver {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) weight: u32,
}

/// A word that the shop's own pairs taught.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// The store's word and Odoo's.
    pub pair: WordPair,
    /// Proven pairs in which they stand for each other.
    pub seen: u32,
    /// Proven pairs in which the store's word has no equal in Odoo's text.
    pub of: u32,
    /// What the two are worth as one, in thousandths.
    pub worth: u16,
}

/// Pairs whose keys are unique on both sides and point to one variant, by listing.
pub(crate) fn by_keys<'a>(
    keys: &Keys,
    sku: impl Fn(usize) -> Option<&'a str> + Sync,
) -> Vec<Silver> {
    let rows = 0..keys.left.rows.len();
    let pairs = rows.into_par_iter().filter_map(|left| {
        let pointers = keys.pointers(left, sku(left));
        let canonical = keys.left.rows[left].canonical.as_deref();
        let long = canonical.is_some_and(|key| key.len() >= SKU_CHARS_MIN);
        let proves = |kind| match kind {
            KeyKind::Gtin => true,
            KeyKind::Sku | KeyKind::Canonical => long,
            KeyKind::Partial => false,
        };
        let target = pointers
            .iter()
            .filter(|p| proves(p.kind))
            .find_map(Pointer::target)?;
        let agree = pointers.iter().all(|p| p.hits.contains(&target));
        agree.then(|| Silver {
            left: crate::rows::compact(left),
            right: target,
            weight: 1,
        })
    });
    pairs.collect()
}

/// Adds what a person accepted, and takes out what a person rejected.
pub(crate) fn corrected(
    mut silver: Vec<Silver>,
    accepted: &[(u32, u32)],
    rejected: impl Fn(u32, u32) -> bool,
) -> Vec<Silver> {
    let settled: Map<u32, u32> = accepted.iter().copied().collect();
    silver.retain(|pair| !settled.contains_key(&pair.left) && !rejected(pair.left, pair.right));
    silver.extend(accepted.iter().map(|(left, right)| Silver {
        left: *left,
        right: *right,
        weight: ACCEPTED_WEIGHT,
    }));
    silver.sort_unstable();
    silver
}

/// Learns which words stand for each other in pairs, as aliases and for the manager to see.
pub(crate) fn words(
    texts: &Texts,
    (aliases, siblings): (&Aliases, &Siblings),
    silver: &[Silver],
    bar: f32,
) -> Vec<(u32, Alias, Learned)> {
    let leftovers: Vec<_> = silver
        .par_iter()
        .map_init(
            || (Query::new(texts.vocabulary.len()), Overlap::default()),
            |(query, overlap), pair| leftover(texts, aliases, *pair, query, overlap),
        )
        .collect();
    let mut together: Map<(u32, u32), u32> = Map::default();
    let (mut store, mut odoo): (Map<u32, u32>, Map<u32, u32>) = Default::default();
    for (pair, (left, right)) in silver.iter().zip(&leftovers) {
        for id in left {
            *store.entry(*id).or_default() += pair.weight;
        }
        for id in right {
            *odoo.entry(*id).or_default() += pair.weight;
        }
        for one in left {
            for two in right.iter().filter(|two| !siblings.exclude(*one, **two)) {
                *together.entry((*one, *two)).or_default() += pair.weight;
            }
        }
    }
    let mut found: Vec<_> = together
        .into_iter()
        .filter_map(|((one, two), seen)| {
            let (of, other) = (ratio(seen, store[&one]), ratio(seen, odoo[&two]));
            let strength = (of * other).sqrt();
            let taught = seen >= SEEN_MIN && of >= SHARE_MIN && strength >= bar;
            taught.then_some((one, two, seen, store[&one], strength))
        })
        .collect();
    found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.4.total_cmp(&a.4)).then(a.1.cmp(&b.1)));
    let by_word = found.chunk_by(|a, b| a.0 == b.0);
    let best = by_word.flat_map(|same| same.iter().take(MEANINGS_MAX));
    best.map(|(one, two, seen, of, strength)| {
        let worth = 600 + u16::try_from(thousandths(*strength) * 4 / 10).unwrap_or(0);
        let alias = Alias {
            right: *two,
            factor: worth.min(1_000),
            origin: Origin::Learned,
        };
        let said = |id| texts.vocabulary.token(id).to_string();
        let pair = WordPair {
            word: said(*one),
            means: said(*two),
        };
        let (seen, of) = (*seen, *of);
        (
            *one,
            alias,
            Learned {
                pair,
                seen,
                of,
                worth,
            },
        )
    })
    .collect()
}

fn ratio(part: u32, whole: u32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows, far below 2^24")]
    let ratio = part as f32 / whole.max(1) as f32;
    ratio
}

fn thousandths(share: f32) -> u32 {
    u32::from(crate::score::basis_points(share)) / 10
}

/// Words that a pair does not have in common.
fn leftover(
    texts: &Texts,
    aliases: &Aliases,
    pair: Silver,
    query: &mut Query,
    overlap: &mut Overlap,
) -> (Vec<u32>, Vec<u32>) {
    let (left, right) = (
        &texts.left[pair.left as usize],
        &texts.right[pair.right as usize],
    );
    query.set(left, aliases);
    query.overlap((left, right), &texts.vocabulary, overlap);
    let vocabulary = &texts.vocabulary;
    let word = |id: &&u32| matches!(vocabulary.token(**id), Token::Word(_));
    let meaning = |id: &&u32| matches!(vocabulary.token(**id), Token::Word(_) | Token::Trait(..));
    let store = overlap.only_left.iter().filter(word).take(LEFTOVERS_MAX);
    let odoo = overlap
        .only_right
        .iter()
        .filter(meaning)
        .take(LEFTOVERS_MAX);
    (store.copied().collect(), odoo.copied().collect())
}

/// Gives words with an alias the weight of the product's own words.
pub(crate) fn restore(vocabulary: &mut Vocabulary, aliases: &Aliases) {
    for id in 0..crate::rows::compact(vocabulary.len()) {
        if !aliases.of(id).is_empty() {
            vocabulary.restore(id);
        }
    }
}
