//! What two rows both say, exactly or by an alias, and what only one says.

use crate::learn::{Aliases, Origin};
use crate::rows::{ONE, Record, Vocabulary, compact};

/// A token of one side that stands in the other's description earns this much of its weight, ...
const DESCRIBED_EARNS_PERCENT: u32 = 30;
/// ... and costs this much less than one that is nowhere.
const DESCRIBED_COSTS_PERCENT: u32 = 50;

/// How a token of Odoo can be met by the listing in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Exact,
    Alias(Origin),
    /// By two neighbours read as one; the place is that of the join.
    Join,
    Described,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    place: u8,
    factor: u16,
    way: Way,
    /// The next way to meet the same token, plus one.
    next: u32,
}

/// One listing, laid out so that many variants can be held against it quickly. One for each
/// thread; it is as large as the vocabulary.
#[derive(Debug)]
pub(crate) struct Query {
    slots: Vec<u32>,
    touched: Vec<u32>,
    entries: Vec<Entry>,
    /// Bits of the tokens that can be met, by the last bits of their numbers: most tokens cannot,
    /// and need no look at the slots, which are far apart in memory.
    met: [u64; FILTER_WORDS],
    /// One bit for each piece of three letters that the name has.
    trigrams: Box<[u64; TRIGRAM_WORDS]>,
    pieces: Box<[u16]>,
}

/// Words of 64 bits.
const FILTER_WORDS: usize = 64;
const TRIGRAM_WORDS: usize = 1 << 10;

/// A pair of different tokens that mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meeting {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) origin: Origin,
}

/// What two rows have in common; reused from pair to pair.
#[derive(Debug, Default)]
pub(crate) struct Overlap {
    /// Tokens that only one says, in the order of its text.
    pub(crate) only_left: Vec<u32>,
    pub(crate) only_right: Vec<u32>,
    /// Tokens of Odoo that the listing says too.
    pub(crate) both: Vec<u32>,
    /// Tokens that met by an alias.
    pub(crate) met: Vec<Meeting>,
    /// Bits of the tokens that found a partner.
    pub(crate) used_left: u64,
    pub(crate) used_right: u64,
    /// Weight that both say, and the greatest part of it.
    pub(crate) shared: u32,
    pub(crate) best: u32,
    /// Weight that only one says.
    pub(crate) rest_left: u32,
    pub(crate) rest_right: u32,
    /// Weight of what the other side's description explains.
    pub(crate) described: u32,
}

impl Query {
    pub(crate) fn new(tokens: usize) -> Self {
        Self {
            slots: vec![0; tokens],
            touched: Vec::new(),
            entries: Vec::new(),
            met: [0; FILTER_WORDS],
            trigrams: Box::new([0; TRIGRAM_WORDS]),
            pieces: Box::default(),
        }
    }

    /// Lays out a listing in place of the one before.
    pub(crate) fn set(&mut self, record: &Record, aliases: &Aliases) {
        for token in self.touched.drain(..) {
            self.slots[token as usize] = 0;
        }
        self.entries.clear();
        self.met = [0; FILTER_WORDS];
        for piece in &self.pieces {
            self.trigrams[usize::from(*piece >> 6)] = 0;
        }
        self.pieces.clone_from(&record.trigrams);
        for piece in &self.pieces {
            self.trigrams[usize::from(*piece >> 6)] |= 1 << (piece & 63);
        }
        for (place, token) in (0..).zip(&record.tokens) {
            self.add(*token, place, 1_000, Way::Exact);
        }
        for (place, join) in (0..).zip(&record.joins) {
            self.add(join.id, place, 1_000, Way::Join);
        }
        for (place, token) in (0..).zip(&record.tokens) {
            for alias in aliases.of(*token) {
                self.add(alias.right, place, alias.factor, Way::Alias(alias.origin));
            }
        }
        for token in &record.described {
            self.add(*token, 0, 0, Way::Described);
        }
    }

    fn add(&mut self, token: u32, place: u8, factor: u16, way: Way) {
        let slot = &mut self.slots[token as usize];
        if *slot == 0 {
            self.touched.push(token);
            let (word, bit) = filter(token);
            self.met[word] |= bit;
        }
        self.entries.push(Entry {
            place,
            factor,
            way,
            next: *slot,
        });
        *slot = u32::try_from(self.entries.len()).expect("a listing has few tokens");
    }

    /// The first way to meet a token of Odoo, plus one; 0 when there is none.
    fn slot(&self, token: u32) -> u32 {
        let (word, bit) = filter(token);
        if self.met[word] & bit == 0 {
            return 0;
        }
        self.slots[token as usize]
    }

    /// Share of pieces of three letters that a name has in common with the listing's, 0 to 1
    /// (Dice).
    pub(crate) fn dice(&self, other: &[u16]) -> f32 {
        let has =
            |piece: &&u16| self.trigrams[usize::from(**piece >> 6)] >> (**piece & 63) & 1 == 1;
        let both = compact(other.iter().filter(has).count());
        part(2 * both, compact(self.pieces.len() + other.len()))
    }

    /// The ways to meet a token of Odoo.
    fn ways(&self, token: u32) -> impl Iterator<Item = Entry> + '_ {
        let mut at = self.slot(token);
        std::iter::from_fn(move || {
            let entry = *self.entries.get(at.checked_sub(1)? as usize)?;
            at = entry.next;
            Some(entry)
        })
    }

    /// The weight that tokens of a variant share with the listing: the cheap measure for a first
    /// choice.
    pub(crate) fn rough(&self, tokens: &[u32], vocabulary: &Vocabulary) -> u32 {
        let mut shared = 0;
        for token in tokens {
            if self.slot(*token) != 0 {
                let best = self.ways(*token).map(|entry| entry.factor).max();
                shared += scaled(vocabulary.weight(*token), best.unwrap_or(0));
            }
        }
        shared
    }

    /// Holds a variant against the listing.
    pub(crate) fn overlap(
        &self,
        (left, right): (&Record, &Record),
        vocabulary: &Vocabulary,
        overlap: &mut Overlap,
    ) {
        overlap.clear();
        self.exact(right, vocabulary, overlap);
        if !left.joins.is_empty() || !right.joins.is_empty() {
            self.joins((left, right), vocabulary, overlap);
        }
        self.aliases((left, right), vocabulary, overlap);
        for (place, token) in left.tokens.iter().enumerate() {
            if overlap.used_left & (1 << place) == 0 {
                overlap.only_left.push(*token);
                let explained = right.described.binary_search(token).is_ok();
                overlap.rest_left += overlap.cost(vocabulary.weight(*token), explained);
            }
        }
        for (place, token) in right.tokens.iter().enumerate() {
            if overlap.used_right & (1 << place) == 0 {
                overlap.only_right.push(*token);
                let explained = self.ways(*token).any(|entry| entry.way == Way::Described);
                overlap.rest_right += overlap.cost(vocabulary.weight(*token), explained);
            }
        }
    }

    fn exact(&self, right: &Record, vocabulary: &Vocabulary, overlap: &mut Overlap) {
        for (place, token) in right.tokens.iter().enumerate() {
            if let Some(entry) = self.ways(*token).find(|entry| entry.way == Way::Exact) {
                overlap.used_left |= 1 << entry.place;
                overlap.used_right |= 1 << place;
                overlap.share(vocabulary.weight(*token));
                overlap.both.push(*token);
            }
        }
    }

    /// Lets two neighbours of one side be one token of the other.
    fn joins(
        &self,
        (left, right): (&Record, &Record),
        vocabulary: &Vocabulary,
        overlap: &mut Overlap,
    ) {
        for (place, token) in right.tokens.iter().enumerate() {
            let open = overlap.used_right & (1 << place) == 0;
            let join = self.ways(*token).find(|entry| entry.way == Way::Join);
            if let Some(entry) = join.filter(|_| open) {
                overlap.used_left |= left.joins[usize::from(entry.place)].pieces;
                overlap.used_right |= 1 << place;
                overlap.share(vocabulary.weight(*token));
                overlap.both.push(*token);
            }
        }
        for join in &right.joins {
            let exact = self.ways(join.id).find(|entry| entry.way == Way::Exact);
            let open = |entry: &Entry| overlap.used_left & (1 << entry.place) == 0;
            if let Some(entry) = exact.filter(open) {
                overlap.used_left |= 1 << entry.place;
                overlap.used_right |= join.pieces;
                overlap.share(vocabulary.weight(join.id));
                overlap.both.push(join.id);
            }
        }
    }

    /// Lets what is left meet by rounding, spelling, sound or learned words.
    fn aliases(
        &self,
        (left, right): (&Record, &Record),
        vocabulary: &Vocabulary,
        overlap: &mut Overlap,
    ) {
        for (place, token) in right.tokens.iter().enumerate() {
            if overlap.used_right & (1 << place) != 0 {
                continue;
            }
            let alias = |entry: &Entry| matches!(entry.way, Way::Alias(_));
            let open = |entry: &Entry| overlap.used_left & (1 << entry.place) == 0;
            let ways = self.ways(*token).filter(alias).filter(open);
            let best = ways.max_by_key(|entry| (entry.factor, u8::MAX - entry.place));
            if let Some(entry) = best
                && let Way::Alias(origin) = entry.way
            {
                let said = left.tokens[usize::from(entry.place)];
                overlap.used_left |= 1 << entry.place;
                overlap.used_right |= 1 << place;
                let weight = u32::midpoint(vocabulary.weight(said), vocabulary.weight(*token));
                let worth = scaled(weight, entry.factor);
                overlap.share(worth);
                overlap.rest_left += (weight - worth) / 2;
                overlap.rest_right += (weight - worth) / 2;
                overlap.met.push(Meeting {
                    left: said,
                    right: *token,
                    origin,
                });
            }
        }
    }
}

impl Overlap {
    fn clear(&mut self) {
        self.only_left.clear();
        self.only_right.clear();
        self.both.clear();
        self.met.clear();
        (self.used_left, self.used_right) = (0, 0);
        (self.shared, self.best, self.described) = (0, 0, 0);
        (self.rest_left, self.rest_right) = (0, 0);
    }

    fn share(&mut self, weight: u32) {
        self.shared += weight;
        self.best = self.best.max(weight);
    }

    /// What a token costs that the other side does not say, but perhaps its description.
    fn cost(&mut self, weight: u32, explained: bool) -> u32 {
        if !explained {
            return weight;
        }
        self.described += weight;
        self.shared += weight * DESCRIBED_EARNS_PERCENT / 100;
        weight * DESCRIBED_COSTS_PERCENT / 100
    }

    /// The shared part of all weight, of the listing's and of the variant's.
    pub(crate) fn shares(&self) -> (f32, f32, f32) {
        let share = |rest: u32| part(self.shared, self.shared + rest);
        let all = share(self.rest_left + self.rest_right);
        (all, share(self.rest_left), share(self.rest_right))
    }
}

/// The word and the bit of a token.
fn filter(token: u32) -> (usize, u64) {
    (token as usize >> 6 & (FILTER_WORDS - 1), 1 << (token & 63))
}

/// A part of a whole, 0 when there is no whole.
pub(crate) fn part(of: u32, whole: u32) -> f32 {
    if whole == 0 {
        return 0.0;
    }
    number(of) / number(whole)
}

/// A weight as a number near one.
pub(crate) fn unit(weight: u32) -> f32 {
    number(weight) / number(ONE)
}

#[expect(clippy::cast_precision_loss, reason = "weights are far below 2^24")]
fn number(weight: u32) -> f32 {
    weight as f32
}

/// A weight times thousandths.
pub(crate) fn scaled(weight: u32, thousandths: u16) -> u32 {
    weight * u32::from(thousandths) / 1_000
}

#[cfg(test)]
mod tests {
    use super::Query;
    use crate::learn::Aliases;
    use crate::rows::{Record, trigrams};

    #[test]
    fn alike_names_share_trigrams() {
        let mut query = Query::new(0);
        let mut dice = |one: &str, two: &str| {
            let record = Record {
                trigrams: trigrams(one),
                ..Record::default()
            };
            query.set(&record, &Aliases::default());
            query.dice(&trigrams(two))
        };
        let same = dice("dish soap", "dish soap");
        let typo = dice("dish soap", "dihs soap");
        let other = dice("dish soap", "copper cable");
        assert!((same - 1.0).abs() < 1e-6, "{same}");
        assert!(typo > 0.4 && typo < 1.0, "{typo}");
        assert!(other < 0.1, "{other}: nothing stays of the one before");
        assert!(dice("", "") < 1e-6, "empty names are not alike");
    }
}
