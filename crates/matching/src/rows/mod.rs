//! Both catalogues as numbers: keys, tokens and prices of every row.

mod keys;
mod prices;
mod records;
mod vocabulary;

pub(crate) use keys::{KeyKind, Keys, Pointer};
pub(crate) use prices::{Factor, Prices, far_apart};
#[cfg(test)]
pub(crate) use records::trigrams;
pub(crate) use records::{Record, Said, Texts};
pub(crate) use vocabulary::{ONE, Side, Vocabulary};

/// A position in a sorted catalogue or in the vocabulary, as the compact type that is stored.
pub(crate) fn compact(position: usize) -> u32 {
    u32::try_from(position).expect("a catalogue in memory has fewer than 2^32 rows and tokens")
}
