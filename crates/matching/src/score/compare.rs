//! The comparison of two records: shared weight, what is left over, conflicts, one number.

use super::conflicts::{self, Conflict};
use super::price::Prices;
use super::spelling;
use crate::candidates::{Record, Siblings, Texts, dice, shared_ids};
use crate::normalise::Token;

/// Quantities this close are one quantity rounded: 0.36 l is a can of 355 ml.
const QUANTITY_TOLERANCE_PERCENT: u64 = 2;
/// A rounded quantity earns a little less than an equal one.
const ROUNDED: f64 = 0.9;
/// As does a word that one side abbreviates or mistypes.
const RESPELLED: f64 = 0.8;

/// Words heavier than this are about the product, not about the shop.
const TELLING: f64 = 0.25;

/// The weights of the score, in logits: fixed by hand, so that the engine is right before it has
/// seen a single decision.
mod weight {
    pub(super) const BIAS: f64 = -6.0;
    pub(super) const JACCARD: f64 = 4.5;
    pub(super) const JACCARD_SQUARED: f64 = 1.0;
    pub(super) const CONTAINED: f64 = 2.0;
    pub(super) const BEST_SHARED: f64 = 1.0;
    pub(super) const CODE_SHARED: f64 = 2.5;
    pub(super) const DICE: f64 = 3.0;
    pub(super) const OPEN_VARIANT_RIGHT: f64 = -0.6;
    pub(super) const OPEN_VARIANT_LEFT: f64 = -0.3;
    pub(super) const PRICE: f64 = -1.2;
    pub(super) const PRICE_MISSING: f64 = -0.3;
    pub(super) const PRICE_DISTANCE_MAX: f64 = 2.0;
}

/// What the comparison of a listing and a variant found.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// The score, open at both ends; above zero more speaks for the pair than against it.
    pub(crate) logit: f64,
    /// How alike the texts are, 0 to 1.
    pub(crate) similarity: f64,
    /// The weight of the rarest thing that both say.
    pub(crate) best_shared: f64,
    /// What the two say against each other.
    pub(crate) conflicts: Vec<Conflict>,
    /// The variant says something that tells it from its siblings, and the listing something
    /// else: perhaps the same in another language, perhaps not.
    pub(crate) unclear_variant: bool,
    /// One name is written in another alphabet than the other, so that words cannot meet.
    pub(crate) foreign: bool,
}

/// Tokens that both say, and those that only one says.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    pub(super) only_left: Vec<u32>,
    pub(super) only_right: Vec<u32>,
    shared: f64,
    best: f64,
    code: bool,
}

/// Compares rows of two catalogues.
pub(crate) struct Judge<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) siblings: &'a Siblings,
    pub(crate) prices: &'a Prices,
}

impl Judge<'_> {
    /// The share of the joint weight that both say: the cheap measure for a first choice.
    pub(crate) fn rough(&self, left: usize, right: usize) -> f64 {
        let (left, right) = (&self.texts.left[left], &self.texts.right[right]);
        let weight = |id: &u32| self.texts.vocabulary.weight(*id);
        let said = |tokens: &[u32], id: &u32| tokens.binary_search(id).is_ok();
        let mut shared: f64 = shared_ids(&left.tokens, &right.tokens)
            .map(|id| weight(&id))
            .sum();
        let joins = left.joins.iter().filter(|id| said(&right.tokens, id));
        shared += joins.map(weight).sum::<f64>();
        let joins = right.joins.iter().filter(|id| said(&left.tokens, id));
        shared += joins.map(weight).sum::<f64>();
        shared
            / (left.weight + right.weight - shared)
                .max(shared)
                .max(f64::MIN_POSITIVE)
    }

    /// The whole comparison.
    pub(crate) fn compare(&self, left_row: usize, right_row: usize) -> Comparison {
        let (left, right) = (&self.texts.left[left_row], &self.texts.right[right_row]);
        let mut overlap = self.overlap(left, right);
        self.pair_up(&mut overlap);
        let (jaccard, in_right, in_left) = self.shares(&overlap);
        let dice = dice(&left.trigrams, &right.trigrams);
        let conflicts = conflicts::find(&overlap, &self.texts.vocabulary, self.siblings);
        let open = |ids: &[u32]| ids.iter().any(|id| self.siblings.tells_apart(*id));
        let open_variant = open(&overlap.only_right);
        let telling = |id: &u32| self.texts.vocabulary.weight(*id) > TELLING;
        let mut logit = weight::BIAS
            + weight::JACCARD * jaccard
            + weight::JACCARD_SQUARED * jaccard * jaccard
            + weight::CONTAINED * (in_right + in_left)
            + weight::BEST_SHARED * overlap.best
            + weight::DICE * dice;
        if overlap.code {
            logit += weight::CODE_SHARED;
        }
        if open_variant {
            logit += weight::OPEN_VARIANT_RIGHT;
        }
        if open(&overlap.only_left) {
            logit += weight::OPEN_VARIANT_LEFT;
        }
        logit += conflicts.iter().map(Conflict::penalty).sum::<f64>();
        logit += match self.prices.distance(left_row, right_row) {
            Some(distance) => weight::PRICE * distance.min(weight::PRICE_DISTANCE_MAX),
            None => weight::PRICE_MISSING,
        };
        Comparison {
            logit,
            similarity: f64::midpoint(jaccard, dice),
            best_shared: overlap.best,
            conflicts,
            foreign: left.scripts.other != right.scripts.other,
            unclear_variant: open_variant && overlap.only_left.iter().any(telling),
        }
    }

    /// Jaccard share, and the shares of the left and of the right that the other side says too.
    fn shares(&self, overlap: &Overlap) -> (f64, f64, f64) {
        let sum =
            |ids: &[u32]| -> f64 { ids.iter().map(|id| self.texts.vocabulary.weight(*id)).sum() };
        let (left, right) = (sum(&overlap.only_left), sum(&overlap.only_right));
        let share = |rest: f64| {
            if overlap.shared > 0.0 {
                overlap.shared / (overlap.shared + rest)
            } else {
                0.0
            }
        };
        (share(left + right), share(left), share(right))
    }

    fn overlap(&self, left: &Record, right: &Record) -> Overlap {
        let mut overlap = Overlap::default();
        let (mut i, mut j) = (0, 0);
        while i < left.tokens.len() && j < right.tokens.len() {
            let (one, two) = (left.tokens[i], right.tokens[j]);
            match one.cmp(&two) {
                std::cmp::Ordering::Less => overlap.only_left.push(one),
                std::cmp::Ordering::Greater => overlap.only_right.push(two),
                std::cmp::Ordering::Equal => self.share(&mut overlap, one, 1.0),
            }
            i += usize::from(one <= two);
            j += usize::from(two <= one);
        }
        overlap.only_left.extend_from_slice(&left.tokens[i..]);
        overlap.only_right.extend_from_slice(&right.tokens[j..]);
        self.pair_joins(&mut overlap, left, right);
        overlap
    }

    fn share(&self, overlap: &mut Overlap, id: u32, factor: f64) {
        let vocabulary = &self.texts.vocabulary;
        let weight = vocabulary.weight(id) * factor;
        overlap.shared += weight;
        overlap.best = overlap.best.max(weight);
        overlap.code |= matches!(vocabulary.token(id), Token::Code(_));
    }

    /// Lets two neighbours of one side be one token of the other.
    fn pair_joins(&self, overlap: &mut Overlap, left: &Record, right: &Record) {
        for id in &left.joins {
            if let Some(place) = overlap.only_right.iter().position(|other| other == id) {
                overlap.only_right.remove(place);
                self.share(overlap, *id, 1.0);
            }
        }
        for id in &right.joins {
            if let Some(place) = overlap.only_left.iter().position(|other| other == id) {
                overlap.only_left.remove(place);
                self.share(overlap, *id, 1.0);
            }
        }
    }

    /// Lets what is left meet that differs by rounding or spelling only.
    fn pair_up(&self, overlap: &mut Overlap) {
        let mut place = 0;
        while place < overlap.only_left.len() {
            let one = overlap.only_left[place];
            let mut others = overlap.only_right.iter().enumerate();
            let partner = others.find_map(|(other, two)| Some((other, self.alike(one, *two)?)));
            match partner {
                Some((other, factor)) => {
                    overlap.only_left.remove(place);
                    let two = overlap.only_right.remove(other);
                    let weight = |id| self.texts.vocabulary.weight(id);
                    let lighter = if weight(one) < weight(two) { one } else { two };
                    self.share(overlap, lighter, factor);
                }
                None => place += 1,
            }
        }
    }

    /// What two different tokens are worth as one, if they can be one.
    fn alike(&self, one: u32, two: u32) -> Option<f64> {
        let vocabulary = &self.texts.vocabulary;
        match (vocabulary.token(one), vocabulary.token(two)) {
            (Token::Quantity(one_of, a), Token::Quantity(two_of, b)) if one_of == two_of => {
                let allowed = a.max(b).saturating_mul(QUANTITY_TOLERANCE_PERCENT) / 100;
                (a.abs_diff(*b) <= allowed).then_some(ROUNDED)
            }
            (Token::Word(a), Token::Word(b)) if !self.siblings.exclude(one, two) => {
                spelling::alike(a, b).then_some(RESPELLED)
            }
            _ => None,
        }
    }
}
