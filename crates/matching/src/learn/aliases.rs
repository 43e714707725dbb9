//! Different tokens that mean the same: rounded, mistyped, abbreviated, written as it sounds, or
//! learned from pairs that a key proves.
//!
//! Found once for each distinct token of the store, never for each pair of rows.

use serde::{Deserialize, Serialize};

use super::spelling;
use super::{Siblings, parts, sound};
use crate::hash::{Map, hash_of};
use crate::normalise::Token;
use crate::rows::{Side, Vocabulary};

/// Quantities this close are one quantity rounded: 0.36 l is a can of 355 ml.
const ROUNDED_PERMILLE: u64 = 21;
const ROUNDED: u16 = 900;
/// A word that one side mistypes or abbreviates.
const MISTYPED: u16 = 850;
const ABBREVIATED: u16 = 750;
/// A word that could be short for more than this many words is short for none.
const LONG_FORMS_MAX: usize = 3;

/// How two tokens came to mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// One amount is the other, rounded.
    Rounded,
    /// One is the other, mistyped or abbreviated.
    Spelling,
    /// One is the other in another alphabet, as it sounds.
    Sound,
    /// One code begins or ends with the other.
    Part,
    /// Pairs that a key proves or a person accepted say so.
    Learned,
}

/// One token of Odoo that a token of the store may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Alias {
    pub(crate) right: u32,
    /// In thousandths of an equal token.
    pub(crate) factor: u16,
    pub(crate) origin: Origin,
}

/// All aliases by token of the store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Aliases {
    starts: Vec<u32>,
    entries: Vec<Alias>,
}

impl Aliases {
    /// What the vocabulary alone shows.
    pub(crate) fn of_vocabulary(vocabulary: &Vocabulary, siblings: &Siblings) -> Self {
        let mut found = rounded(vocabulary);
        found.extend(respelled(vocabulary));
        found.extend(parts::of_codes(vocabulary));
        found.extend(sound::alike(vocabulary));
        found.retain(|(left, alias)| !siblings.exclude(*left, alias.right));
        Self::from(found)
    }

    /// Of several aliases between two tokens the best counts.
    pub(crate) fn from(mut found: Vec<(u32, Alias)>) -> Self {
        found.sort_unstable_by_key(|(left, alias)| {
            (*left, alias.right, u16::MAX - alias.factor, alias.origin)
        });
        found.dedup_by_key(|(left, alias)| (*left, alias.right));
        let tokens = found.last().map_or(0, |last| last.0 as usize + 1);
        let mut starts = vec![0; tokens + 1];
        for (left, _) in &found {
            starts[*left as usize + 1] += 1;
        }
        for token in 0..tokens {
            starts[token + 1] += starts[token];
        }
        Self {
            starts,
            entries: found.into_iter().map(|(_, alias)| alias).collect(),
        }
    }

    /// With some more.
    pub(crate) fn with(&self, more: impl IntoIterator<Item = (u32, Alias)>) -> Self {
        let tokens = 0..u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(0);
        let known = tokens.flat_map(|left| self.of(left).iter().map(move |alias| (left, *alias)));
        Self::from(known.chain(more).collect())
    }

    pub(crate) fn of(&self, left: u32) -> &[Alias] {
        let place = left as usize;
        match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => &self.entries[*start as usize..*end as usize],
            _ => &[],
        }
    }
}

pub(super) fn said(vocabulary: &Vocabulary, side: Side) -> impl Iterator<Item = (u32, &Token)> {
    vocabulary
        .all()
        .filter(move |(id, _)| vocabulary.rows(*id, side) > 0)
}

/// Amounts of one dimension that are within rounding.
fn rounded(vocabulary: &Vocabulary) -> Vec<(u32, Alias)> {
    let amounts = |side| {
        said(vocabulary, side).filter_map(|(id, token)| match token {
            Token::Quantity(dimension, amount) => Some((*dimension, *amount, id)),
            _ => None,
        })
    };
    let mut right: Vec<_> = amounts(Side::Right).collect();
    right.sort_unstable();
    let mut found = Vec::new();
    for (dimension, amount, left) in amounts(Side::Left) {
        let slack = amount.saturating_mul(ROUNDED_PERMILLE) / 1_000;
        let least = (dimension, amount.saturating_sub(slack), 0);
        let start = right.partition_point(|other| *other < least);
        let near = right[start..].iter().take_while(|(other, size, _)| {
            *other == dimension && size.saturating_sub(amount) <= slack
        });
        let aliases = near.filter(|other| other.2 != left).map(|other| Alias {
            right: other.2,
            factor: ROUNDED,
            origin: Origin::Rounded,
        });
        found.extend(aliases.map(|alias| (left, alias)));
    }
    found
}

/// Words of the store alone that are words of Odoo, mistyped or abbreviated.
fn respelled(vocabulary: &Vocabulary) -> Vec<(u32, Alias)> {
    let words = |side| {
        said(vocabulary, side).filter_map(|(id, token)| match token {
            Token::Word(word) => Some((word.as_ref(), id)),
            _ => None,
        })
    };
    let index = SpellingIndex::new(words(Side::Right));
    let mut found = Vec::new();
    for (word, left) in words(Side::Left) {
        if vocabulary.rows(left, Side::Right) > 0 {
            continue;
        }
        let slips = index.slips(word).map(|right| (right, MISTYPED));
        let short = index
            .long_forms(word)
            .into_iter()
            .map(|right| (right, ABBREVIATED));
        found.extend(slips.chain(short).map(|(right, factor)| {
            let origin = Origin::Spelling;
            let alias = Alias {
                right,
                factor,
                origin,
            };
            (left, alias)
        }));
    }
    found
}

/// Words of Odoo by what they may be mistaken for.
struct SpellingIndex<'a> {
    words: Vec<(&'a str, u32)>,
    by_number: Map<u32, &'a str>,
    /// By the hash of a word with one letter left out, or none.
    slips: Vec<(u64, u32)>,
    consonants: Map<String, Vec<u32>>,
}

impl<'a> SpellingIndex<'a> {
    fn new(words: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let mut words: Vec<_> = words.collect();
        words.sort_unstable();
        let mut slips = Vec::new();
        let mut consonants: Map<String, Vec<u32>> = Map::default();
        for (word, id) in &words {
            if spelling::may_slip(word) {
                slips.extend(spelling::shortened(word).map(|short| (hash_of(&short), *id)));
            }
            if let Some(bare) = spelling::consonants(word) {
                consonants.entry(bare).or_default().push(*id);
            }
        }
        slips.sort_unstable();
        slips.dedup();
        Self {
            by_number: words.iter().map(|(word, id)| (*id, *word)).collect(),
            words,
            slips,
            consonants,
        }
    }

    /// Words that one slip turns into this one.
    fn slips(&self, word: &str) -> impl Iterator<Item = u32> {
        let mut found = Vec::new();
        if spelling::may_slip(word) {
            for short in spelling::shortened(word) {
                let hash = hash_of(&short);
                let start = self.slips.partition_point(|entry| entry.0 < hash);
                let same = self.slips[start..]
                    .iter()
                    .take_while(|entry| entry.0 == hash);
                found.extend(same.map(|entry| entry.1));
            }
            found.sort_unstable();
            found.dedup();
            found.retain(|id| spelling::one_slip(word, self.by_number[id]));
        }
        found.into_iter()
    }

    /// Words that this one may be short for.
    fn long_forms(&self, word: &str) -> Vec<u32> {
        if word.chars().count() < spelling::SHORT_CHARS_MIN {
            return Vec::new();
        }
        let start = self.words.partition_point(|(other, _)| *other < word);
        let longer = self.words[start..].iter();
        let mut found: Vec<_> = longer
            .take_while(|(other, _)| other.starts_with(word))
            .take(LONG_FORMS_MAX * 3)
            .filter(|(other, _)| spelling::abbreviates(word, other))
            .map(|(_, id)| *id)
            .collect();
        if let Some(others) = self.consonants.get(word) {
            let longer = |id: &&u32| spelling::abbreviates(word, self.by_number[*id]);
            found.extend(others.iter().filter(longer));
        }
        if found.len() > LONG_FORMS_MAX {
            found.clear();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::{Aliases, Origin};
    use crate::learn::Siblings;
    use crate::normalise::{Dimension, Token};
    use crate::rows::{Side, Vocabulary};

    #[test]
    fn amounts_and_spellings_meet() {
        let mut vocabulary = Vocabulary::default();
        let amount = |ml: u64| Token::Quantity(Dimension::Volume, ml * 1_000);
        let word = |text: &str| Token::Word(text.into());
        let mut say = |token, side| {
            let id = vocabulary.intern(&token);
            vocabulary.count(id, side);
            id
        };
        let can = say(amount(360), Side::Left);
        let (large, small) = (say(amount(355), Side::Right), say(amount(330), Side::Right));
        let typo = say(word("headliight"), Side::Left);
        let right = say(word("headlight"), Side::Right);
        let short = say(word("clsc"), Side::Left);
        let long = say(word("classic"), Side::Right);
        vocabulary.weigh(6);
        let aliases = Aliases::of_vocabulary(&vocabulary, &Siblings::default());
        let of = |id| aliases.of(id).iter().map(|a| a.right).collect::<Vec<_>>();
        assert_eq!(of(can), [large], "{small} is another can");
        assert_eq!(of(typo), [right]);
        assert_eq!(of(short), [long]);
        assert_eq!(aliases.of(can)[0].origin, Origin::Rounded);
    }
}
