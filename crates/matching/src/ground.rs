//! Everything a run knows of both catalogues before it looks at single listings.

use std::collections::HashSet;

use tandem_domain::VariantKey;

use crate::candidates::{Index, Keys, Siblings, Texts};
use crate::items::{Catalogues, Settled, Sorted};
use crate::score::{Judge, Prices};

/// Both catalogues, read and counted.
pub(crate) struct Ground<'a> {
    pub(crate) input: &'a Catalogues,
    pub(crate) rows: Sorted<'a>,
    pub(crate) keys: Keys,
    pub(crate) texts: Texts,
    pub(crate) siblings: Siblings,
    pub(crate) prices: Prices,
    pub(crate) index: Index,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(input: &'a Catalogues) -> Self {
        let rows = Sorted::new(input);
        let keys = Keys::read(&rows);
        let texts = Texts::read(&rows);
        let siblings = Siblings::find(&texts.right);
        let mut prices = Prices::read(&rows);
        prices.learn(&keys.unique_pairs());
        let index = Index::new(&texts.right, texts.vocabulary.len());
        Self {
            input,
            rows,
            keys,
            texts,
            siblings,
            prices,
            index,
        }
    }

    pub(crate) fn judge(&self) -> Judge<'_> {
        Judge {
            texts: &self.texts,
            siblings: &self.siblings,
            prices: &self.prices,
        }
    }

    /// What the manager settled for a listing.
    pub(crate) fn settled(&self, left: usize) -> Option<Settled> {
        self.input.decided.get(&self.rows.left[left].key).copied()
    }

    /// Whether the manager rejected this pair.
    pub(crate) fn rejected(&self, left: usize, right: u32) -> bool {
        !self.input.rejected.is_empty() && {
            let pair = (self.rows.left[left].key.clone(), self.variant(right));
            self.input.rejected.contains(&pair)
        }
    }

    pub(crate) fn variant(&self, right: u32) -> VariantKey {
        self.rows.right[right as usize].key
    }

    /// The row of a variant, if it is in the catalogue.
    pub(crate) fn row(&self, variant: VariantKey) -> Option<u32> {
        let rows = &self.rows.right;
        let place = rows.binary_search_by_key(&variant, |item| item.key).ok()?;
        Some(crate::candidates::compact(place))
    }

    /// Variants that the manager linked to some listing.
    pub(crate) fn accepted(&self) -> HashSet<VariantKey> {
        let settled = self.input.decided.values();
        settled
            .filter_map(|settled| match settled {
                Settled::Accepted(variant) => Some(*variant),
                Settled::Ignored => None,
            })
            .collect()
    }
}
