//! Codes that are parts of each other: makers, colours and regions stand in front or behind.

use super::aliases::said;
use super::{Alias, Origin};
use crate::hash::{Map, hash_of};
use crate::normalise::Token;
use crate::rows::{Side, Vocabulary};

/// What the common part has at least, and what may be missing.
const PART_CHARS_MIN: usize = 5;
const MORE_CHARS_MAX: usize = 4;
/// What such codes are worth as one, in thousandths.
const WORTH: u16 = 600;
/// A part of more codes than this is a series.
const CODES_MAX: usize = 6;

/// Codes of the store alone that begin or end with a code of Odoo, or the other way round.
pub(super) fn of_codes(vocabulary: &Vocabulary) -> Vec<(u32, Alias)> {
    let codes = |side| {
        said(vocabulary, side).filter_map(|(id, token)| match token {
            Token::Code(code) if code.is_ascii() => Some((id, code.as_ref())),
            _ => None,
        })
    };
    let mut whole: Map<u64, Vec<u32>> = Map::default();
    let mut cut: Map<u64, Vec<u32>> = Map::default();
    for (id, code) in codes(Side::Right) {
        whole.entry(hash_of(code)).or_default().push(id);
        for part in parts(code) {
            cut.entry(hash_of(part)).or_default().push(id);
        }
    }
    let mut found = Vec::new();
    for (left, code) in codes(Side::Left) {
        if vocabulary.rows(left, Side::Right) > 0 {
            continue;
        }
        let longer = cut.get(&hash_of(code)).into_iter().flatten();
        let shorter = parts(code)
            .filter_map(|part| whole.get(&hash_of(part)))
            .flatten();
        let mut others: Vec<u32> = longer.chain(shorter).copied().collect();
        others.sort_unstable();
        others.dedup();
        if others.len() <= CODES_MAX {
            found.extend(others.into_iter().map(|right| {
                let (factor, origin) = (WORTH, Origin::Part);
                (
                    left,
                    Alias {
                        right,
                        factor,
                        origin,
                    },
                )
            }));
        }
    }
    found
}

/// A code without some letters in front or behind.
fn parts(code: &str) -> impl Iterator<Item = &str> {
    let cuts = (1..=MORE_CHARS_MAX).take_while(|cut| code.len() >= cut + PART_CHARS_MIN);
    cuts.flat_map(|cut| [&code[cut..], &code[..code.len() - cut]])
}
