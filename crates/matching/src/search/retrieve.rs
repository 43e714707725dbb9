//! The variants worth a close look: a pool by rare tokens in common, the best of it by weight.

use super::index::{Index, code_parts};
use crate::learn::Aliases;
use crate::rows::{Record, Texts};
use crate::score::{Query, scaled};

/// Entries read for one listing: rare tokens first, so common ones are left out when many.
const POSTINGS_MAX: usize = 12_000;
/// Tokens that are always read, however common, ...
const TOKENS_MIN: usize = 3;
/// ... unless even they are endless: fifty thousand equal names need no look at each.
const ENDLESS: usize = 60_000;
/// Variants kept by the partial sum.
const POOL_MAX: usize = 400;
/// Variants kept for a close look. Cutting to a handful would hide the rival that makes a pair
/// doubtful.
pub(crate) const CLOSE_MAX: usize = 24;
/// What a word of a description and a part of a code are worth, in thousandths.
const DESCRIBED_WORTH: u16 = 300;
const PART_WORTH: u16 = 500;

/// Working memory of one thread.
#[derive(Debug)]
pub(crate) struct Scratch {
    sums: Vec<u32>,
    touched: Vec<u32>,
    pool: Vec<(u32, u32)>,
    pub(crate) query: Query,
}

impl Scratch {
    pub(crate) fn new(rows: usize, tokens: usize) -> Self {
        Self {
            sums: vec![0; rows],
            touched: Vec::new(),
            pool: Vec::new(),
            query: Query::new(tokens),
        }
    }
}

/// A list of rows and what being in it is worth.
struct Term<'a> {
    rows: &'a [u32],
    worth: u32,
}

/// Finds variants for a listing, ascending. The scratch's query holds the listing afterwards.
pub(crate) fn retrieve(
    (texts, aliases, index): (&Texts, &Aliases, &Index),
    left: &Record,
    scratch: &mut Scratch,
) -> Vec<u32> {
    scratch.query.set(left, aliases);
    let mut read = 0;
    for (place, term) in terms((texts, aliases, index), left).iter().enumerate() {
        read += term.rows.len();
        if read > POSTINGS_MAX && (place >= TOKENS_MIN || read > ENDLESS) && place > 0 {
            break;
        }
        for row in &term.rows[..term.rows.len().min(ENDLESS)] {
            let sum = &mut scratch.sums[*row as usize];
            if *sum == 0 {
                scratch.touched.push(*row);
            }
            *sum += term.worth;
        }
    }
    best(texts, left, scratch)
}

/// What to look up, shortest list first.
fn terms<'a>(
    (texts, aliases, index): (&'a Texts, &Aliases, &'a Index),
    left: &Record,
) -> Vec<Term<'a>> {
    let vocabulary = &texts.vocabulary;
    let mut terms = Vec::with_capacity(left.tokens.len() * 2);
    let mut add = |rows: &'a [u32], weight: u32, factor: u16| {
        if !rows.is_empty() {
            let worth = scaled(weight, factor).max(1);
            terms.push(Term { rows, worth });
        }
    };
    for token in left
        .tokens
        .iter()
        .copied()
        .chain(left.joins.iter().map(|join| join.id))
    {
        let weight = vocabulary.weight(token);
        add(index.said.of(token), weight, 1_000);
        add(index.described.of(token), weight, DESCRIBED_WORTH);
        for alias in aliases.of(token) {
            let weight = vocabulary.weight(alias.right);
            add(index.said.of(alias.right), weight, alias.factor);
        }
        for part in code_parts(vocabulary.token(token)) {
            add(index.with_part(part), weight, PART_WORTH);
        }
    }
    for token in &left.described {
        add(
            index.said.of(*token),
            vocabulary.weight(*token),
            DESCRIBED_WORTH,
        );
    }
    terms.sort_by_key(|term| term.rows.len());
    terms
}

/// Takes the best rows out of the scratch and leaves its sums clean.
fn best(texts: &Texts, left: &Record, scratch: &mut Scratch) -> Vec<u32> {
    let Scratch {
        sums,
        touched,
        pool,
        query,
    } = scratch;
    pool.clear();
    pool.extend(touched.drain(..).map(|row| {
        let sum = std::mem::take(&mut sums[row as usize]);
        (u32::MAX - sum, row)
    }));
    keep(pool, POOL_MAX);
    for (rank, row) in pool.iter_mut() {
        let right = &texts.right[*row as usize];
        let shared = query.rough(right, &texts.vocabulary);
        let all = (left.weight + right.weight)
            .saturating_sub(shared)
            .max(shared)
            .max(1);
        *rank = u32::MAX - u32::try_from((u64::from(shared) << 24) / u64::from(all)).unwrap_or(0);
    }
    keep(pool, CLOSE_MAX);
    let mut close: Vec<_> = pool.iter().map(|(_, row)| *row).collect();
    close.sort_unstable();
    close
}

/// Keeps so many with the least rank, ties by row.
fn keep(pool: &mut Vec<(u32, u32)>, count: usize) {
    if pool.len() > count {
        pool.select_nth_unstable(count - 1);
        pool.truncate(count);
    }
}
