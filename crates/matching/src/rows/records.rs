//! Rows as numbers: the tokens and trigrams of each, ready to be compared.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Vocabulary;
use super::vocabulary::Side;
use crate::items::{LeftItem, RightItem, Sorted};
use crate::normalise::{Lexeme, Words, fold, read};

/// Rows read at once, so that their texts need not all be in memory.
const CHUNK_ROWS: usize = 4_096;
/// Tokens of one row that count; a row with more is a text, not a name.
pub(crate) const TOKENS_MAX: usize = 64;
/// Letters of a name and of a description that are read.
const NAME_BYTES_MAX: usize = 2_000;
const DESCRIPTION_BYTES_MAX: usize = 4_000;
/// Words of a description that are kept.
const DESCRIBED_MAX: usize = 150;

/// What a row says.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Its tokens in the order of its text, each once.
    pub(crate) tokens: Box<[u32]>,
    /// Neighbours read as one, where the other side knows them as a token.
    pub(crate) joins: Box<[Join]>,
    /// What its description says that the rest does not, ascending.
    pub(crate) described: Box<[u32]>,
    /// Hashes of the three-letter pieces of its name, ascending, each once.
    pub(crate) trigrams: Box<[u16]>,
    /// Bits of the tokens that its brand field says.
    pub(crate) brand: u64,
    /// The weight of all its tokens together.
    pub(crate) weight: u32,
    /// Whether its name is written in another alphabet than Latin, and in Latin.
    pub(crate) scripts: Scripts,
}

/// Two or more neighbours as one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Join {
    pub(crate) id: u32,
    /// Bits of the tokens that it is made of.
    pub(crate) pieces: u64,
}

/// Which alphabets the words of a name use.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scripts {
    pub(crate) latin: bool,
    pub(crate) other: bool,
}

/// The texts of a row, by where they stand.
pub(crate) struct Said<'a> {
    name: &'a str,
    attributes: &'a [String],
    brand: Option<&'a str>,
    model: Option<&'a str>,
    description: Option<&'a str>,
}

impl<'a> From<&'a LeftItem> for Said<'a> {
    fn from(item: &'a LeftItem) -> Self {
        Self {
            name: &item.name,
            attributes: &item.attributes,
            brand: item.brand.as_deref(),
            model: item.model.as_deref(),
            description: item.description.as_deref(),
        }
    }
}

impl<'a> From<&'a RightItem> for Said<'a> {
    fn from(item: &'a RightItem) -> Self {
        Self {
            name: &item.name,
            attributes: &item.attributes,
            brand: item.brand.as_deref(),
            model: item.model.as_deref(),
            description: item.description.as_deref(),
        }
    }
}

impl<'a> Said<'a> {
    /// The texts that name the product, folded; the flag marks the brand field.
    pub(crate) fn folded(&self) -> impl Iterator<Item = (String, bool)> + 'a {
        let names = std::iter::once(self.name).chain(self.attributes.iter().map(String::as_str));
        let texts = names.map(|text| (text, false));
        let texts = texts.chain(self.brand.map(|text| (text, true)));
        let texts = texts.chain(self.model.map(|text| (text, false)));
        texts.map(|(text, brand)| (fold(cut(text, NAME_BYTES_MAX)), brand))
    }
}

/// The beginning of a text.
fn cut(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Both catalogues, read.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) left: Vec<Record>,
    pub(crate) right: Vec<Record>,
}

/// How a catalogue is read.
pub(crate) struct Rows<'a> {
    pub(crate) words: &'a Words,
    pub(crate) side: Side,
    /// Whether what is read counts for how rare tokens are; not under a frozen model.
    pub(crate) counted: bool,
}

impl Texts {
    /// Reads all names and attribute values, and weighs what they say.
    pub(crate) fn learn(rows: &Sorted<'_>, words: &Words) -> Self {
        let mut texts = Self::default();
        texts.read_both(rows, words, true);
        let count = texts.left.len() + texts.right.len();
        texts.vocabulary.weigh(count);
        texts.finish(rows, words);
        texts
    }

    /// Reads both catalogues with the tokens and weights of a model.
    pub(crate) fn under(vocabulary: Vocabulary, rows: &Sorted<'_>, words: &Words) -> Self {
        let mut texts = Self {
            vocabulary,
            ..Self::default()
        };
        texts.read_both(rows, words, false);
        texts.finish(rows, words);
        texts
    }

    fn read_both(&mut self, rows: &Sorted<'_>, words: &Words, counted: bool) {
        let side = |side| Rows {
            words,
            side,
            counted,
        };
        let (left, right) = (&rows.left, &rows.right);
        let of = |row: usize| Said::from(&*left[row]);
        self.left = side(Side::Left).records(left.len(), of, &mut self.vocabulary);
        let of = |row: usize| Said::from(&*right[row]);
        self.right = side(Side::Right).records(right.len(), of, &mut self.vocabulary);
    }

    fn finish(&mut self, rows: &Sorted<'_>, words: &Words) {
        let (left, right) = (&rows.left, &rows.right);
        let side = |side| Rows {
            words,
            side,
            counted: false,
        };
        let of = |row: usize| Said::from(&*left[row]);
        side(Side::Left).finish(&mut self.left, of, &self.vocabulary);
        let of = |row: usize| Said::from(&*right[row]);
        side(Side::Right).finish(&mut self.right, of, &self.vocabulary);
    }

    /// Takes the store's rows that did not change and reads the others.
    pub(crate) fn replace_left(
        &mut self,
        rows: &Sorted<'_>,
        kept: Vec<Option<Record>>,
        words: &Words,
    ) {
        let side = Rows {
            words,
            side: Side::Left,
            counted: false,
        };
        let open: Vec<usize> = (0..kept.len()).filter(|row| kept[*row].is_none()).collect();
        let of = |place: usize| Said::from(&*rows.left[open[place]]);
        let mut read = side.records(open.len(), of, &mut self.vocabulary);
        side.finish(&mut read, of, &self.vocabulary);
        let mut read = read.into_iter();
        let all = kept
            .into_iter()
            .map(|record| record.or_else(|| read.next()));
        self.left = all.flatten().collect();
    }

    /// Sums the weights again after some changed.
    pub(crate) fn sum(&mut self) {
        for record in self.left.iter_mut().chain(&mut self.right) {
            record.sum(&self.vocabulary);
        }
    }
}

impl Record {
    fn sum(&mut self, vocabulary: &Vocabulary) {
        self.weight = self.tokens.iter().map(|id| vocabulary.weight(*id)).sum();
    }
}

/// A row's lexemes before they have numbers.
#[derive(Default)]
struct Raw {
    said: Vec<Lexeme>,
    /// From which lexeme on the brand field speaks, and up to which.
    brand: (usize, usize),
    /// By lexeme, the pieces as numbered over all texts of the row.
    trigrams: Box<[u16]>,
    scripts: Scripts,
}

fn raw(said: &Said<'_>, words: &Words) -> Raw {
    let mut raw = Raw {
        scripts: scripts(cut(said.name, NAME_BYTES_MAX)),
        ..Raw::default()
    };
    let mut pieces = 0;
    for (place, (folded, brand)) in said.folded().enumerate() {
        if place == 0 {
            raw.trigrams = trigrams(&folded);
        }
        let before = raw.said.len();
        raw.said
            .extend(read(&folded, words).into_iter().map(|l| Lexeme {
                pieces: (l.pieces.0 + pieces, l.pieces.1 + pieces),
                ..l
            }));
        // Neighbours across two texts are no neighbours.
        pieces = raw.said.iter().map(|l| l.pieces.1).max().unwrap_or(0) + 1;
        if brand {
            raw.brand = (before, raw.said.len());
        }
    }
    raw
}

impl Rows<'_> {
    pub(crate) fn records<'a>(
        &self,
        rows: usize,
        said: impl Fn(usize) -> Said<'a> + Sync,
        vocabulary: &mut Vocabulary,
    ) -> Vec<Record> {
        let mut records = Vec::with_capacity(rows);
        for start in (0..rows).step_by(CHUNK_ROWS) {
            let chunk: Vec<_> = (start..rows.min(start + CHUNK_ROWS))
                .into_par_iter()
                .map(|row| raw(&said(row), self.words))
                .collect();
            records.extend(chunk.into_iter().map(|raw| self.record(raw, vocabulary)));
        }
        records
    }

    fn record(&self, raw: Raw, vocabulary: &mut Vocabulary) -> Record {
        let mut tokens: Vec<u32> = Vec::with_capacity(raw.said.len());
        let mut covered: Vec<(usize, usize)> = Vec::with_capacity(raw.said.len());
        let mut brand = 0;
        for (place, lexeme) in raw.said.iter().enumerate().filter(|(_, l)| !l.optional) {
            let id = vocabulary.intern(&lexeme.token);
            let known = tokens.iter().position(|token| *token == id);
            let position = known.unwrap_or(tokens.len());
            if position == TOKENS_MAX {
                break;
            }
            if known.is_none() {
                tokens.push(id);
                covered.push(lexeme.pieces);
            }
            if (raw.brand.0..raw.brand.1).contains(&place) {
                brand |= 1 << position;
            }
        }
        if self.counted {
            for id in &tokens {
                vocabulary.count(*id, self.side);
            }
        }
        let joins = raw.said.iter().filter(|l| l.optional).take(TOKENS_MAX);
        let joins = joins.map(|lexeme| Join {
            id: vocabulary.intern(&lexeme.token),
            pieces: pieces(&covered, lexeme.pieces),
        });
        Record {
            joins: joins.collect(),
            tokens: tokens.into(),
            described: Box::default(),
            trigrams: raw.trigrams,
            brand,
            weight: 0,
            scripts: raw.scripts,
        }
    }

    /// Drops joined neighbours that the other side never says as one word, reads the
    /// descriptions for words that it does say, and sums the weights.
    pub(crate) fn finish<'a>(
        &self,
        records: &mut [Record],
        said: impl Fn(usize) -> Said<'a> + Sync,
        vocabulary: &Vocabulary,
    ) {
        let other = match self.side {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        };
        records
            .par_iter_mut()
            .enumerate()
            .for_each(|(row, record)| {
                let heard = |id: u32| vocabulary.rows(id, other) > 0;
                let joins = record.joins.iter().copied();
                let useful = |join: &Join| heard(join.id) && !record.tokens.contains(&join.id);
                record.joins = joins.filter(useful).collect();
                record.sum(vocabulary);
                if let Some(description) = said(row).description {
                    let folded = fold(cut(description, DESCRIPTION_BYTES_MAX));
                    let mut ids: Vec<_> = read(&folded, self.words)
                        .iter()
                        .filter(|lexeme| !lexeme.optional)
                        .filter_map(|lexeme| vocabulary.find(&lexeme.token))
                        .filter(|id| heard(*id) && !record.tokens.contains(id))
                        .collect();
                    ids.sort_unstable();
                    ids.dedup();
                    ids.truncate(DESCRIBED_MAX);
                    record.described = ids.into();
                }
            });
    }
}

/// Which of the tokens were read from these pieces.
fn pieces(covered: &[(usize, usize)], of: (usize, usize)) -> u64 {
    let inside = |at: &(usize, usize)| at.0 >= of.0 && at.1 <= of.1;
    let places = covered.iter().enumerate().filter(|(_, at)| inside(at));
    places.fold(0, |bits, (place, _)| bits | 1 << place)
}

fn scripts(name: &str) -> Scripts {
    let mut scripts = Scripts::default();
    for letter in name.chars() {
        let seen = if letter < '\u{250}' {
            &mut scripts.latin
        } else {
            &mut scripts.other
        };
        *seen = *seen || letter.is_alphabetic();
    }
    scripts
}

pub(crate) fn trigrams(folded: &str) -> Box<[u16]> {
    let mut hashes = Vec::with_capacity(folded.len());
    let mut window = [' ', ' ', ' '];
    for letter in folded.chars().chain([' ']) {
        window = [window[1], window[2], letter];
        if window[1] != ' ' {
            hashes.push(hash(window));
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes.into()
}

/// FNV-1a over the code points, folded to 16 bits.
fn hash(letters: [char; 3]) -> u16 {
    let hash = letters.into_iter().fold(0x811c_9dc5_u32, |hash, letter| {
        (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193)
    });
    u16::try_from((hash >> 16) ^ (hash & 0xffff)).expect("two halves of 16 bits")
}
