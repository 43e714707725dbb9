//! Rows as numbers: the tokens and trigrams of each, ready to be compared.

use rayon::prelude::*;

use super::vocabulary::Side;
use super::{Vocabulary, compact};
use crate::items::Sorted;
use crate::normalise::{Lexeme, fold, tokens};

/// Rows read at once, so that their texts need not all be in memory.
const CHUNK_ROWS: usize = 4_096;

/// What a row says.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Ids of its tokens, ascending, each once.
    pub(crate) tokens: Box<[u32]>,
    /// Ids of neighbours read as one, where the other side knows them as a token.
    pub(crate) joins: Box<[u32]>,
    /// Hashes of the three-letter pieces of its name, ascending, each once.
    pub(crate) trigrams: Box<[u32]>,
    /// The weight of all its tokens together.
    pub(crate) weight: f64,
    /// Whether its name is written in another alphabet than Latin, and in Latin.
    pub(crate) scripts: Scripts,
}

/// Which alphabets the words of a name use.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scripts {
    pub(crate) latin: bool,
    pub(crate) other: bool,
}

/// Both catalogues, read.
pub(crate) struct Texts {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) left: Vec<Record>,
    pub(crate) right: Vec<Record>,
}

impl Texts {
    /// Reads all names and attribute values.
    pub(crate) fn read(rows: &Sorted<'_>) -> Self {
        let mut vocabulary = Vocabulary::default();
        let left = |i: usize| {
            let item = rows.left[i];
            (item.name.as_str(), item.attributes.as_slice())
        };
        let right = |i: usize| {
            let item = rows.right[i];
            (item.name.as_str(), item.attributes.as_slice())
        };
        let mut left = records(rows.left.len(), left, Side::Left, &mut vocabulary);
        let mut right = records(rows.right.len(), right, Side::Right, &mut vocabulary);
        prune(&mut left, &vocabulary, Side::Right);
        prune(&mut right, &vocabulary, Side::Left);
        vocabulary.weigh(left.len() + right.len());
        for record in left.iter_mut().chain(&mut right) {
            let weights = record.tokens.iter().map(|id| vocabulary.weight(*id));
            record.weight = weights.sum();
        }
        Self {
            vocabulary,
            left,
            right,
        }
    }
}

/// Everything a row says, in the order of its texts.
pub(crate) fn lexemes<'a>(
    name: &'a str,
    attributes: &'a [String],
) -> impl Iterator<Item = Lexeme> + 'a {
    let texts = std::iter::once(name).chain(attributes.iter().map(String::as_str));
    texts.flat_map(tokens)
}

fn records<'a>(
    rows: usize,
    texts: impl Fn(usize) -> (&'a str, &'a [String]) + Sync,
    side: Side,
    vocabulary: &mut Vocabulary,
) -> Vec<Record> {
    let mut records = Vec::with_capacity(rows);
    for start in (0..rows).step_by(CHUNK_ROWS) {
        let chunk: Vec<_> = (start..rows.min(start + CHUNK_ROWS))
            .into_par_iter()
            .map(|row| {
                let (name, attributes) = texts(row);
                let said: Vec<_> = lexemes(name, attributes).collect();
                (said, trigrams(&fold(name)), scripts(name))
            })
            .collect();
        for (said, trigrams, scripts) in chunk {
            let mut tokens = Vec::with_capacity(said.len());
            let mut joins = Vec::new();
            for lexeme in said {
                let id = vocabulary.intern(lexeme.token);
                if lexeme.optional {
                    &mut joins
                } else {
                    &mut tokens
                }
                .push(id);
            }
            unique(&mut tokens);
            unique(&mut joins);
            for id in &tokens {
                vocabulary.count(*id, side);
            }
            records.push(Record {
                tokens: tokens.into(),
                joins: joins.into(),
                trigrams,
                weight: 0.0,
                scripts,
            });
        }
    }
    records
}

fn unique(ids: &mut Vec<u32>) {
    ids.sort_unstable();
    ids.dedup();
}

/// Drops joined neighbours that the other side never says as one word.
fn prune(records: &mut [Record], vocabulary: &Vocabulary, other: Side) {
    for record in records {
        let said =
            |id: &u32| vocabulary.is_said(*id, other) && record.tokens.binary_search(id).is_err();
        record.joins = record.joins.iter().copied().filter(said).collect();
    }
}

fn scripts(name: &str) -> Scripts {
    let mut scripts = Scripts::default();
    for letter in name.chars().filter(|c| c.is_alphabetic()) {
        if letter < '\u{250}' {
            scripts.latin = true;
        } else {
            scripts.other = true;
        }
    }
    scripts
}

fn trigrams(folded: &str) -> Box<[u32]> {
    let mut hashes = Vec::with_capacity(folded.len());
    let mut window = [' ', ' ', ' '];
    for letter in folded.chars().chain([' ']) {
        window = [window[1], window[2], letter];
        if window[1] != ' ' {
            hashes.push(hash(window));
        }
    }
    unique(&mut hashes);
    hashes.into()
}

/// FNV-1a over the code points.
fn hash(letters: [char; 3]) -> u32 {
    letters.into_iter().fold(0x811c_9dc5, |hash, letter| {
        (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193)
    })
}

/// Share of trigrams that two names have in common, 0 to 1 (Dice).
pub(crate) fn dice(one: &[u32], two: &[u32]) -> f64 {
    let both = shared_ids(one, two).count();
    let sum = one.len() + two.len();
    if sum == 0 {
        return 0.0;
    }
    f64::from(compact(2 * both)) / f64::from(compact(sum))
}

/// What two ascending lists have in common.
pub(crate) fn shared_ids<'a>(one: &'a [u32], two: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    let (mut i, mut j) = (0, 0);
    std::iter::from_fn(move || {
        while let (Some(a), Some(b)) = (one.get(i), two.get(j)) {
            i += usize::from(a <= b);
            j += usize::from(b <= a);
            if a == b {
                return Some(*a);
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::{dice, trigrams};

    #[test]
    fn alike_names_share_trigrams() {
        let of = |text: &str| trigrams(text);
        let same = dice(&of("dish soap"), &of("dish soap"));
        let typo = dice(&of("dish soap"), &of("dihs soap"));
        let other = dice(&of("dish soap"), &of("copper cable"));
        assert!((same - 1.0).abs() < 1e-9, "{same}");
        assert!(typo > 0.4 && typo < 1.0, "{typo}");
        assert!(other < 0.1, "{other}");
        assert!(dice(&of(""), &of("")) < 1e-9, "empty names are not alike");
    }
}
