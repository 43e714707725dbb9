//! The open proposals, ordered anew by the latest decisions without a run.

use rayon::prelude::*;
use serde::Serialize;
use tandem_domain::{ListingKey, VariantKey};

use crate::decide::{Desk, key_bonus};
use crate::explain::shown_score;
use crate::ground::Ground;
use crate::hash::Map;
use crate::held::Held;
use crate::items::{Catalogues, LeftItem, RightItem, Sorted, sorted_left, sorted_right};
use crate::learn::train::{Example, learn};
use crate::model::Model;
use crate::rows::{KeyKind, compact};
use crate::score::{Features, score};

/// Times that the latest decisions are gone through.
const EPOCHS: usize = 4;
/// What one of them counts.
const WEIGHT: f32 = 5.0;

/// Open proposals, and the latest decisions.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    /// Listings of all pairs below.
    pub left: Vec<LeftItem>,
    /// Variants of all pairs below.
    pub right: Vec<RightItem>,
    /// Proposals that nobody decided yet.
    pub open: Vec<(ListingKey, VariantKey)>,
    /// Pairs that somebody decided since the model was learned, and whether they are right.
    pub decided: Vec<(ListingKey, VariantKey, bool)>,
}

/// A proposal with its new score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reranked {
    /// The listing.
    pub listing: ListingKey,
    /// The variant.
    pub variant: VariantKey,
    /// As [`crate::Candidate::score_bp`].
    pub score_bp: u16,
    /// In logits, for the order.
    pub score: f32,
    /// How far the decisions moved it, in logits.
    pub moved: f32,
}

/// Scores the open pairs under the model and the latest decisions; by listing, best first. Pairs
/// whose rows are not given, or that were rejected, are left out.
pub fn rerank(model: &Model, queue: &Queue) -> Vec<Reranked> {
    let rows = Sorted {
        left: sorted_left(queue.left.iter().map(Held::Borrowed).collect()),
        right: sorted_right(queue.right.iter().map(Held::Borrowed).collect()),
    };
    let ground = model.ground(&Catalogues::default(), rows);
    order(&ground, &queue.open, &queue.decided)
}

/// As [`rerank`], over rows that were read already.
pub(crate) fn order(
    ground: &Ground<'_>,
    open: &[(ListingKey, VariantKey)],
    decided: &[(ListingKey, VariantKey, bool)],
) -> Vec<Reranked> {
    let decided = rows(ground, decided.iter().map(|(l, r, right)| (l, *r, *right)));
    let open = rows(ground, open.iter().map(|(l, r)| (l, *r, true)));
    let examples: Vec<_> = looks(ground, &decided)
        .into_iter()
        .map(|((.., right), features)| Example {
            features,
            right,
            weight: WEIGHT,
        })
        .collect();
    let weights = learn(&ground.weights, &examples, EPOCHS);
    let last: Map<(u32, u32), bool> = decided
        .iter()
        .map(|(l, r, right)| ((*l, *r), *right))
        .collect();
    let scored = looks(ground, &open).into_iter();
    let scored = scored.filter(|((l, r, _), _)| last.get(&(*l, *r)) != Some(&false));
    let mut reranked: Vec<_> = scored
        .map(|((left, right, _), features)| {
            let key = shared_key(ground, left as usize, right as usize);
            let before = score(&ground.weights, &features);
            let now = score(&weights, &features);
            let score = now + key.map_or(0.0, key_bonus);
            Reranked {
                listing: ground.rows.left[left as usize].key.clone(),
                variant: ground.rows.right[right as usize].key,
                score_bp: shown_score(score),
                score,
                moved: now - before,
            }
        })
        .collect();
    reranked.sort_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score).then(a.variant.cmp(&b.variant));
        a.listing.cmp(&b.listing).then(by_score)
    });
    reranked
}

/// A pair by row, and whether it is right.
type Pair = (u32, u32, bool);

fn rows<'a>(
    ground: &Ground<'_>,
    pairs: impl Iterator<Item = (&'a ListingKey, VariantKey, bool)>,
) -> Vec<Pair> {
    let (left, right) = (&ground.rows.left, &ground.rows.right);
    let mut rows: Vec<_> = pairs
        .filter_map(|(listing, variant, is)| {
            let one = left.binary_search_by(|item| item.key.cmp(listing)).ok()?;
            let two = right.binary_search_by(|item| item.key.cmp(&variant)).ok()?;
            Some((compact(one), compact(two), is))
        })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn looks(ground: &Ground<'_>, pairs: &[Pair]) -> Vec<(Pair, Features)> {
    let judge = ground.judge();
    let of_one: Vec<&[Pair]> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
    let looks = of_one.par_iter().map_init(
        || Desk::new(ground),
        |desk, pairs| {
            let left = pairs[0].0 as usize;
            let record = &ground.texts.left[left];
            desk.scratch.query.set(record, &ground.aliases);
            let look = |pair: &Pair| {
                let rows = (left, pair.1 as usize);
                let found = judge.look(rows, &desk.scratch.query, &mut desk.room);
                (*pair, found.features)
            };
            pairs.iter().map(look).collect::<Vec<_>>()
        },
    );
    looks.flatten_iter().collect()
}

fn shared_key(ground: &Ground<'_>, left: usize, right: usize) -> Option<KeyKind> {
    let (one, two) = (&ground.keys.left.rows[left], &ground.keys.right.rows[right]);
    if one.shared_gtin(two).is_some() {
        return Some(KeyKind::Gtin);
    }
    let sku = &ground.rows.left[left].sku;
    if sku.is_some() && *sku == ground.rows.right[right].sku {
        return Some(KeyKind::Sku);
    }
    let canonical = one.canonical.is_some() && one.canonical == two.canonical;
    canonical.then_some(KeyKind::Canonical)
}
