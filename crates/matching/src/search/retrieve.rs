//! The variants worth a close look: a pool by rare tokens in common, the best of it by weight.

use super::index::{Index, code_parts};
use crate::learn::Aliases;
use crate::rows::{Record, Texts};
use crate::score::{Query, scaled};

/// How far a listing is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Depth {
    /// Entries read: rare tokens first, so common ones are left out when many.
    postings: usize,
    /// Variants looked at by the partial sum, more where many have the same, ...
    first: usize,
    /// ... kept by its share of all that the two rows say, ...
    pool: usize,
    /// ... and kept for a close look. Cutting to a handful would hide the rival that makes a pair
    /// doubtful.
    close: usize,
}

/// Only the texts can find the variant.
pub(crate) const DEEP: Depth = Depth {
    postings: 12_000,
    first: 400,
    pool: 120,
    close: 16,
};
/// A key names the variant already; who else says nearly all of it is a rival all the same.
pub(crate) const SHALLOW: Depth = Depth {
    postings: 4_000,
    first: 150,
    pool: 48,
    close: 12,
};

/// Tokens that are always read, however common, ...
const TOKENS_MIN: usize = 3;
/// ... unless even they are endless: fifty thousand equal names need no look at each.
const ENDLESS: usize = 24_000;
/// Entries read of one list.
const LIST_MAX: usize = 12_000;
/// Partial sums are kept small, so that those of many rows are near the processor: bits of a
/// weight that they leave out.
const COARSE_BITS: u32 = 4;
/// Sums are counted in so many steps, ...
const STEPS: u16 = 512;
/// ... each so many bits wide.
const STEP_BITS: u32 = 7;
/// What a word of a description and a part of a code are worth, in thousandths.
const DESCRIBED_WORTH: u16 = 300;
const PART_WORTH: u16 = 500;

/// Working memory of one thread.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// By row of Odoo; made when it is first needed, as some only want the query.
    sums: Vec<u16>,
    rows: usize,
    /// Rows with a sum, so many; there is room for all and one to spare.
    touched: Vec<u32>,
    seen: usize,
    /// Ranks and rows, the best least, each pair as one number.
    pool: Vec<u64>,
    pub(crate) query: Query,
}

impl Scratch {
    pub(crate) fn new(rows: usize, tokens: usize) -> Self {
        Self {
            sums: Vec::new(),
            rows,
            touched: Vec::new(),
            seen: 0,
            pool: Vec::new(),
            query: Query::new(tokens),
        }
    }
}

/// A list of rows and what being in it is worth.
struct Term<'a> {
    rows: &'a [u32],
    worth: u16,
}

/// Finds variants for a listing, ascending. The scratch's query holds the listing afterwards.
pub(crate) fn retrieve(
    (texts, aliases, index): (&Texts, &Aliases, &Index),
    (left, depth): (&Record, Depth),
    scratch: &mut Scratch,
) -> Vec<u32> {
    scratch.query.set(left, aliases);
    scratch.sums.resize(scratch.rows, 0);
    scratch.touched.resize(scratch.rows + 1, 0);
    let (mut read, mut seen) = (0, 0);
    for (place, term) in terms((texts, aliases, index), left).iter().enumerate() {
        read += term.rows.len();
        if read > depth.postings && (place >= TOKENS_MIN || read > ENDLESS) && place > 0 {
            break;
        }
        for row in &term.rows[..term.rows.len().min(LIST_MAX)] {
            let sum = &mut scratch.sums[*row as usize];
            // Written always and kept if new: nothing for the processor to guess.
            scratch.touched[seen] = *row;
            seen += usize::from(*sum == 0);
            *sum = sum.saturating_add(term.worth);
        }
    }
    scratch.seen = seen;
    best((texts, index), (left, depth), scratch)
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
            let worth = u16::try_from(scaled(weight, factor) >> COARSE_BITS)
                .unwrap_or(u16::MAX)
                .max(1);
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
fn best(
    (texts, index): (&Texts, &Index),
    (left, depth): (&Record, Depth),
    scratch: &mut Scratch,
) -> Vec<u32> {
    let Scratch {
        sums,
        touched,
        seen,
        pool,
        query,
        ..
    } = scratch;
    let touched = &touched[..*seen];
    let rank = |row: u32, shared: u32| {
        let all = (left.weight + index.weights[row as usize]).saturating_sub(shared);
        #[expect(clippy::cast_precision_loss, reason = "weights are far below 2^24")]
        let share = shared as f32 / all.max(shared).max(1) as f32;
        u64::from(u32::MAX - share.to_bits()) << 32 | u64::from(row)
    };
    let least = bar(sums, touched, depth.first);
    pool.clear();
    for row in touched {
        let sum = std::mem::take(&mut sums[*row as usize]);
        if sum >= least {
            pool.push(rank(*row, u32::from(sum) << COARSE_BITS));
        }
    }
    keep(pool, depth.pool);
    for place in pool.iter_mut() {
        let row = row_of(*place);
        *place = rank(row, query.rough(index.tokens(row), &texts.vocabulary));
    }
    keep(pool, depth.close);
    let mut close: Vec<_> = pool.iter().map(|place| row_of(*place)).collect();
    close.sort_unstable();
    close
}

/// A sum that at least so many rows reach, as high as cheaply found.
fn bar(sums: &[u16], touched: &[u32], rows: usize) -> u16 {
    if touched.len() <= rows {
        return 0;
    }
    let mut counts = [0_u32; STEPS as usize];
    for row in touched {
        counts[usize::from(sums[*row as usize] >> STEP_BITS)] += 1;
    }
    let mut reached = 0;
    let steps = (0..STEPS).rev().find(|step| {
        reached += counts[usize::from(*step)] as usize;
        reached >= rows
    });
    steps.unwrap_or(0) << STEP_BITS
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is the row")]
fn row_of(place: u64) -> u32 {
    place as u32
}

/// Keeps so many with the least rank, ties by row.
fn keep(pool: &mut Vec<u64>, count: usize) {
    if pool.len() > count {
        pool.select_nth_unstable(count - 1);
        pool.truncate(count);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{DEEP, Scratch, retrieve};
    use crate::ground::Ground;
    use crate::items::{Catalogues, LeftItem, RightItem, Sorted};
    use tandem_domain::{ListingKey, VariantKey};

    fn name() -> impl Strategy<Value = String> {
        let words =
            "red,blue,soap,lamp,shampo,shampoo,500 ml,0.5 l,ab1234,ab12345,شامبو,hat,sp 186,sp186";
        let words: Vec<_> = words.split(',').collect();
        prop::collection::vec(prop::sample::select(words), 0..5).prop_map(|words| words.join(" "))
    }

    fn catalogues(left: Vec<String>, right: Vec<String>) -> Catalogues {
        let left = left.into_iter().enumerate().map(|(row, name)| LeftItem {
            key: ListingKey::new(format!("{row:03}")),
            parent: false,
            bundle: false,
            name,
            sku: None,
            barcode: None,
            attributes: Vec::new(),
            brand: None,
            model: None,
            description: Some("lamp red".into()),
            price: None,
        });
        let right = right.into_iter().zip(0..).map(|(name, row)| RightItem {
            key: VariantKey(row),
            kit: false,
            name,
            sku: None,
            barcode: None,
            attributes: Vec::new(),
            brand: None,
            model: None,
            description: None,
            price: None,
        });
        Catalogues {
            left: left.collect(),
            right: right.collect(),
            ..Catalogues::default()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            cases: 200,
            ..ProptestConfig::default()
        })]

        /// Where nothing is cut off, the fast path finds all that shares anything, and the best
        /// of it where it is more than is kept.
        #[test]
        fn the_fast_path_finds_what_looking_at_all_finds(
            left in prop::collection::vec(name(), 1..12),
            right in prop::collection::vec(name(), 1..100),
        ) {
            let input = catalogues(left, right);
            let ground = Ground::fresh(&input, Sorted::new(&input));
            let mut scratch = Scratch::new(ground.index.rows, ground.texts.vocabulary.len());
            let vocabulary = &ground.texts.vocabulary;
            for record in &ground.texts.left {
                let parts = (&ground.texts, &ground.aliases, &ground.index);
                let fast: BTreeSet<_> = retrieve(parts, (record, DEEP), &mut scratch).into_iter().collect();
                let share = |row: u32| {
                    let weight = ground.index.weights[row as usize];
                    let shared = scratch.query.rough(ground.index.tokens(row), vocabulary);
                    f64::from(shared) / f64::from((record.weight + weight - shared.min(weight)).max(shared).max(1))
                };
                let rows = 0..u32::try_from(ground.index.rows).expect("few");
                let mut shares: Vec<_> = rows.clone().map(share).collect();
                shares.sort_by(f64::total_cmp);
                let bar = shares.iter().rev().nth(DEEP.close - 1).copied().unwrap_or(0.0);
                for row in rows {
                    let surely_in = share(row) > bar + 1e-6;
                    prop_assert!(!surely_in || fast.contains(&row), "{row} is missing");
                    prop_assert!(share(row) >= bar - 1e-6 || !fast.contains(&row) || share(row) > 0.0);
                }
                prop_assert!(fast.len() <= DEEP.close);
            }
        }
    }
}
