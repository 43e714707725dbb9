//! Everything a run knows of both catalogues before it looks at single listings.

use serde::{Deserialize, Serialize};

use crate::hash::Map;
use crate::held::Held;
use crate::items::{Catalogues, LeftItem, Settled, Sorted};
use crate::learn::{Aliases, Siblings};
use crate::normalise::Words;
use crate::rows::{Factor, Keys, Prices, Record, Texts, compact};
use crate::score::{Features, Judge, PRIOR};
use crate::search::Index;

/// What the manager said, by row.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Said {
    /// Pairs that were rejected, ascending.
    rejected: Vec<(u32, u32)>,
    /// By listing: the accepted variant, if it is still there, or nothing for an ignored one.
    settled: Map<u32, Settled>,
    /// Accepted pairs whose variant is still there, ascending.
    pub(crate) accepted: Vec<(u32, u32)>,
    /// By variant, whether the manager linked it to some listing.
    owned: Vec<bool>,
}

impl Said {
    pub(crate) fn new(input: &Catalogues, rows: &Sorted<'_>) -> Self {
        let left = |key| rows.left.binary_search_by(|item| item.key.cmp(key)).ok();
        let right = |key| rows.right.binary_search_by(|item| item.key.cmp(key)).ok();
        let pair = |l: Option<usize>, r: Option<usize>| Some((compact(l?), compact(r?)));
        let rejected = input.rejected.iter();
        let mut said = Self {
            rejected: rejected
                .filter_map(|(l, r)| pair(left(l), right(r)))
                .collect(),
            owned: vec![false; rows.right.len()],
            ..Self::default()
        };
        said.rejected.sort_unstable();
        for (listing, settled) in &input.decided {
            if let Settled::Accepted(variant) = settled
                && let Some(row) = right(variant)
            {
                said.owned[row] = true;
                said.accepted
                    .extend(left(listing).map(|l| (compact(l), compact(row))));
            }
            if let Some(row) = left(listing) {
                said.settled.insert(compact(row), *settled);
            }
        }
        said.accepted.sort_unstable();
        said
    }

    /// Whether the manager rejected this pair.
    pub(crate) fn rejected(&self, left: u32, right: u32) -> bool {
        self.rejected.binary_search(&(left, right)).is_ok()
    }

    /// The variants that were rejected for a listing.
    pub(crate) fn rejected_of(&self, left: u32) -> impl Iterator<Item = u32> + '_ {
        let start = self.rejected.partition_point(|pair| pair.0 < left);
        let pairs = self.rejected[start..].iter();
        pairs
            .take_while(move |pair| pair.0 == left)
            .map(|pair| pair.1)
    }

    /// All rejected pairs whose rows are there.
    pub(crate) fn rejections(&self) -> &[(u32, u32)] {
        &self.rejected
    }

    /// What the manager settled for a listing.
    pub(crate) fn settled(&self, left: u32) -> Option<Settled> {
        self.settled.get(&left).copied()
    }

    /// Whether the manager linked a variant to some listing.
    pub(crate) fn owned(&self, right: u32) -> bool {
        self.owned[right as usize]
    }
}

/// Both catalogues, read, and all that pairs are judged by.
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    pub(crate) rows: Sorted<'a>,
    pub(crate) words: Words,
    pub(crate) said: Said,
    pub(crate) keys: Keys,
    pub(crate) texts: Texts,
    pub(crate) prices: Prices,
    pub(crate) siblings: Siblings,
    pub(crate) aliases: Aliases,
    pub(crate) index: Index,
    pub(crate) weights: Features,
    /// By row of the store and of Odoo, whether it is a set of other products.
    sets: (Vec<bool>, Vec<bool>),
}

impl<'a> Ground<'a> {
    /// Reads both catalogues and weighs what they say; nothing is learned yet but siblings.
    pub(crate) fn fresh(input: &Catalogues, rows: Sorted<'a>) -> Self {
        let words = Words::of(&sorted_words(input));
        let texts = Texts::learn(&rows, &words);
        let siblings = Siblings::find(&texts.right);
        let aliases = Aliases::of_vocabulary(&texts.vocabulary, &siblings);
        let said = Said::new(input, &rows);
        Self::with(said, rows, (texts, words), (siblings, aliases))
    }

    pub(crate) fn with(
        said: Said,
        rows: Sorted<'a>,
        (texts, words): (Texts, Words),
        (siblings, aliases): (Siblings, Aliases),
    ) -> Self {
        Self {
            said,
            keys: Keys::read(&rows),
            prices: Prices::read(&rows),
            index: Index::new(&texts.right, &texts.vocabulary),
            weights: PRIOR,
            sets: sets(&rows),
            rows,
            words,
            texts,
            siblings,
            aliases,
        }
    }

    pub(crate) fn set_factor(&mut self, factor: Factor) {
        self.prices.factor = factor;
    }

    pub(crate) fn judge(&self) -> Judge<'_> {
        Judge {
            texts: &self.texts,
            siblings: &self.siblings,
            prices: &self.prices,
            sets: (&self.sets.0, &self.sets.1),
        }
    }

    /// Reads the store's rows anew after some changed; Odoo's are the same as before. `kept` are
    /// the records of rows that did not change, by place.
    pub(crate) fn replace_left(
        &mut self,
        input: &Catalogues,
        left: Vec<Held<'a, LeftItem>>,
        kept: Vec<Option<Record>>,
    ) {
        self.rows.left = left;
        self.texts.replace_left(&self.rows, kept, &self.words);
        self.said = Said::new(input, &self.rows);
        self.keys.left = Keys::read_left(&self.rows);
        let factor = self.prices.factor;
        self.prices = Prices::read(&self.rows);
        self.prices.factor = factor;
        self.sets = sets(&self.rows);
    }

    /// The SKU of a listing as typed.
    pub(crate) fn left_sku(&self, left: usize) -> Option<&str> {
        self.rows.left[left]
            .sku
            .as_ref()
            .map(tandem_domain::Sku::as_str)
    }
}

/// The manager's word list, so that the greater of two lines for one word comes last.
pub(crate) fn sorted_words(input: &Catalogues) -> Vec<crate::WordPair> {
    let mut words = input.words.clone();
    words.sort_unstable();
    words
}

fn sets(rows: &Sorted<'_>) -> (Vec<bool>, Vec<bool>) {
    let left = rows.left.iter().map(|item| item.bundle).collect();
    let right = rows.right.iter().map(|item| item.kit).collect();
    (left, right)
}
