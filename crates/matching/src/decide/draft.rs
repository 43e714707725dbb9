//! What is known of one listing before it is compared with the others.

use super::claim::{self, Claim};
use crate::candidates::Scratch;
use crate::ground::Ground;

/// Variants compared thoroughly. Cutting to a handful would hide the rival that makes a pair
/// doubtful.
const CLOSE_LOOK_MAX: usize = 24;
/// Variants kept for the final order.
const KEPT_MAX: usize = 16;

/// A listing's claim and the variants worth showing.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) claim: Claim,
    /// By the names' score, best first.
    pub(crate) pairs: Vec<Pair>,
}

/// A variant and how well its text fits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) right: u32,
    pub(crate) logit: f64,
}

/// Looks at one listing.
pub(crate) fn draft(ground: &Ground<'_>, left: usize, scratch: &mut Scratch) -> Draft {
    let mut claim = claim::claim(ground, left);
    if ground.settled(left).is_some() {
        claim.link = None;
    }
    let judge = ground.judge();
    let close = close_look(ground, left, &claim, scratch);
    let mut compared: Vec<_> = close
        .into_iter()
        .map(|right| (right, judge.compare(left, right as usize)))
        .collect();
    compared.sort_by(|(one, a), (two, b)| b.logit.total_cmp(&a.logit).then(one.cmp(two)));
    let mut pairs: Vec<_> = compared
        .iter()
        .map(|(right, comparison)| Pair {
            right: *right,
            logit: comparison.logit,
        })
        .collect();
    let proven = claim.link.map(|proof| proof.right);
    if let Some((_, comparison)) = compared.iter().find(|(right, _)| Some(*right) == proven) {
        claim.examine(ground, left, comparison, &pairs);
    }
    let mut place = 0;
    pairs.retain(|pair| {
        place += 1;
        place <= KEPT_MAX || claim.hits.contains(&pair.right)
    });
    Draft { claim, pairs }
}

/// The variants that a key or the rough measure speaks for, ascending.
fn close_look(ground: &Ground<'_>, left: usize, claim: &Claim, scratch: &mut Scratch) -> Vec<u32> {
    let record = &ground.texts.left[left];
    let judge = ground.judge();
    let pool = ground
        .index
        .search(record, &ground.texts.vocabulary, scratch);
    let mut rough: Vec<_> = pool
        .into_iter()
        .filter(|right| !ground.rejected(left, *right))
        .map(|right| Pair {
            right,
            logit: judge.rough(left, right as usize),
        })
        .collect();
    if rough.len() > CLOSE_LOOK_MAX {
        rough.select_nth_unstable_by(CLOSE_LOOK_MAX - 1, best_first);
        rough.truncate(CLOSE_LOOK_MAX);
    }
    let mut close: Vec<_> = rough.into_iter().map(|pair| pair.right).collect();
    close.extend_from_slice(&claim.hits);
    close.sort_unstable();
    close.dedup();
    close
}

/// Best first, ties by the variant's id.
pub(super) fn best_first(one: &Pair, two: &Pair) -> std::cmp::Ordering {
    two.logit
        .total_cmp(&one.logit)
        .then(one.right.cmp(&two.right))
}
