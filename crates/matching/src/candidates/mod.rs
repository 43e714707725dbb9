//! Which pairs are worth a close look: shared keys, and names that share rare tokens.

mod index;
mod keys;
mod records;
mod siblings;
mod vocabulary;

pub(crate) use index::{Index, Scratch};
pub(crate) use keys::{Holders, KeyKind, Keys};
pub(crate) use records::{Record, Texts, dice, lexemes, shared_ids};
pub(crate) use siblings::Siblings;
pub(crate) use vocabulary::Vocabulary;

/// A position in a sorted catalogue or in the vocabulary, as the compact type that is stored.
pub(crate) fn compact(position: usize) -> u32 {
    u32::try_from(position).expect("a catalogue in memory has fewer than 2^32 rows and tokens")
}
