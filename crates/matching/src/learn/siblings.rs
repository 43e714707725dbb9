//! Words that set siblings apart, found without any lexicon.
//!
//! Two rows of one catalogue that differ in a single token are siblings, and their two tokens
//! exclude each other: red and blue, 128 GB and 256 GB, lavender and mint, in any language.

use serde::{Deserialize, Serialize};

use crate::hash::spread;
use crate::rows::Record;

/// More tokens than this in one place of otherwise equal rows are boilerplate, not a family.
const FAMILY_MAX: usize = 64;
/// Which tokens exclude each other.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Siblings {
    /// Every pair of tokens in both orders, ascending.
    pairs: Vec<(u32, u32)>,
    /// By token, where its pairs begin and end.
    starts: Vec<u32>,
}

impl Siblings {
    /// Looks for siblings within one catalogue. Odoo's is the one to ask: stores say one thing in
    /// different words, which looks just like siblings.
    pub(crate) fn find(records: &[Record]) -> Self {
        let mut pairs = families(records);
        pairs.dedup();
        let tokens = pairs.last().map_or(0, |pair| pair.0 as usize + 1);
        let mut starts = vec![0; tokens + 1];
        for pair in &pairs {
            starts[pair.0 as usize + 1] += 1;
        }
        for token in 0..tokens {
            starts[token + 1] += starts[token];
        }
        Self { pairs, starts }
    }

    fn of(&self, token: u32) -> &[(u32, u32)] {
        let place = token as usize;
        match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => &self.pairs[*start as usize..*end as usize],
            _ => &[],
        }
    }

    /// Whether some siblings differ in just these two.
    pub(crate) fn exclude(&self, one: u32, two: u32) -> bool {
        self.of(one).binary_search(&(one, two)).is_ok()
    }

    /// How many other tokens stand in the place of this one among its siblings.
    pub(crate) fn counterparts(&self, token: u32) -> usize {
        self.of(token).len()
    }
}

/// Every pair of tokens that sets rows apart which are equal otherwise, in both orders, as often
/// as there are such families; ascending.
fn families(records: &[Record]) -> Vec<(u32, u32)> {
    let mut places = Vec::new();
    for record in records.iter().filter(|record| record.tokens.len() >= 2) {
        let whole = record
            .tokens
            .iter()
            .fold(0, |sum, t| sum ^ spread(u64::from(*t)));
        places.extend(
            record
                .tokens
                .iter()
                .map(|t| (whole ^ spread(u64::from(*t)), *t)),
        );
    }
    places.sort_unstable();
    places.dedup();
    let mut pairs = Vec::new();
    for family in places.chunk_by(|one, two| one.0 == two.0) {
        if !(2..=FAMILY_MAX).contains(&family.len()) {
            continue;
        }
        for (place, one) in family.iter().enumerate() {
            for two in &family[place + 1..] {
                pairs.extend([(one.1, two.1), (two.1, one.1)]);
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::Siblings;
    use crate::rows::Record;

    fn record(tokens: &[u32]) -> Record {
        Record {
            tokens: tokens.into(),
            ..Record::default()
        }
    }

    #[test]
    fn rows_that_differ_in_one_token_make_a_pair() {
        let rows = [
            record(&[1, 2, 10]),
            record(&[1, 2, 11]),
            record(&[1, 2, 12]),
            record(&[3, 4]),
        ];
        let siblings = Siblings::find(&rows);
        assert!(siblings.exclude(10, 11) && siblings.exclude(12, 10));
        assert!(!siblings.exclude(1, 2), "both stand in every row");
        assert_eq!(siblings.counterparts(10), 2);
        assert_eq!(siblings.counterparts(3), 0);
    }
}
