//! The variants worth a close look: a pool by rare tokens in common, the best of it by weight.

use super::index::{Index, code_parts};
use crate::learn::Aliases;
use crate::rows::{Record, Texts, compact};
use crate::score::{Query, scaled};

/// Entries read for one listing: rare tokens first, so common ones are left out when many.
const POSTINGS_MAX: usize = 12_000;
/// Tokens that are always read, however common, ...
const TOKENS_MIN: usize = 3;
/// ... unless even they are endless: fifty thousand equal names need no look at each.
const ENDLESS: usize = 24_000;
/// Entries read of one list.
const LIST_MAX: usize = 12_000;
/// Variants looked at by the partial sum, more where many have the same, ...
const FIRST_POOL: usize = 400;
/// ... and kept by its share of all that the two rows say.
const POOL_MAX: usize = 120;
/// Sums are counted in so many steps, ...
const STEPS: usize = 512;
/// ... each so many bits wide.
const STEP_BITS: u32 = 8;
/// Variants kept for a close look. Cutting to a handful would hide the rival that makes a pair
/// doubtful.
pub(crate) const CLOSE_MAX: usize = 24;
/// What a word of a description and a part of a code are worth, in thousandths.
const DESCRIBED_WORTH: u16 = 300;
const PART_WORTH: u16 = 500;

/// Working memory of one thread.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// By row of Odoo; made when it is first needed, as some only want the query.
    sums: Vec<u32>,
    rows: usize,
    touched: Vec<u32>,
    pool: Vec<(u32, u32)>,
    pub(crate) query: Query,
}

impl Scratch {
    pub(crate) fn new(rows: usize, tokens: usize) -> Self {
        Self {
            sums: Vec::new(),
            rows,
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
    scratch.sums.resize(scratch.rows, 0);
    let mut read = 0;
    for (place, term) in terms((texts, aliases, index), left).iter().enumerate() {
        read += term.rows.len();
        if read > POSTINGS_MAX && (place >= TOKENS_MIN || read > ENDLESS) && place > 0 {
            break;
        }
        for row in &term.rows[..term.rows.len().min(LIST_MAX)] {
            let sum = &mut scratch.sums[*row as usize];
            if *sum == 0 {
                scratch.touched.push(*row);
            }
            *sum += term.worth;
        }
    }
    best((texts, index), left, scratch)
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
fn best((texts, index): (&Texts, &Index), left: &Record, scratch: &mut Scratch) -> Vec<u32> {
    let Scratch {
        sums,
        touched,
        pool,
        query,
        ..
    } = scratch;
    let rank = |row: u32, shared: u32| {
        let all = (left.weight + index.weights[row as usize]).saturating_sub(shared);
        #[expect(clippy::cast_precision_loss, reason = "weights are far below 2^24")]
        let share = shared as f32 / all.max(shared).max(1) as f32;
        u32::MAX - share.to_bits()
    };
    let least = bar(sums, touched);
    pool.clear();
    for row in touched.drain(..) {
        let sum = std::mem::take(&mut sums[row as usize]);
        if sum >= least {
            pool.push((rank(row, sum), row));
        }
    }
    keep(pool, POOL_MAX);
    for (place, row) in pool.iter_mut() {
        *place = rank(*row, query.rough(index.tokens(*row), &texts.vocabulary));
    }
    keep(pool, CLOSE_MAX);
    let mut close: Vec<_> = pool.iter().map(|(_, row)| *row).collect();
    close.sort_unstable();
    close
}

/// A sum that at least so many rows as the first pool holds reach, as high as cheaply found.
fn bar(sums: &[u32], touched: &[u32]) -> u32 {
    if touched.len() <= FIRST_POOL {
        return 0;
    }
    let mut counts = [0_u32; STEPS];
    for row in touched {
        let step = (sums[*row as usize] >> STEP_BITS) as usize;
        counts[step.min(STEPS - 1)] += 1;
    }
    let mut reached = 0;
    let reaching = counts.iter().enumerate().rev().find(|(_, count)| {
        reached += **count as usize;
        reached >= FIRST_POOL
    });
    compact(reaching.map_or(0, |(place, _)| place)) << STEP_BITS
}

/// Keeps so many with the least rank, ties by row.
fn keep(pool: &mut Vec<(u32, u32)>, count: usize) {
    if pool.len() > count {
        pool.select_nth_unstable(count - 1);
        pool.truncate(count);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{CLOSE_MAX, Scratch, retrieve};
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
                let fast: BTreeSet<_> = retrieve(parts, record, &mut scratch).into_iter().collect();
                let share = |row: u32| {
                    let weight = ground.index.weights[row as usize];
                    let shared = scratch.query.rough(ground.index.tokens(row), vocabulary);
                    f64::from(shared) / f64::from((record.weight + weight - shared.min(weight)).max(shared).max(1))
                };
                let rows = 0..u32::try_from(ground.index.rows).expect("few");
                let mut shares: Vec<_> = rows.clone().map(share).collect();
                shares.sort_by(f64::total_cmp);
                let bar = shares.iter().rev().nth(CLOSE_MAX - 1).copied().unwrap_or(0.0);
                for row in rows {
                    let surely_in = share(row) > bar + 1e-6;
                    prop_assert!(!surely_in || fast.contains(&row), "{row} is missing");
                    prop_assert!(share(row) >= bar - 1e-6 || !fast.contains(&row) || share(row) > 0.0);
                }
                prop_assert!(fast.len() <= CLOSE_MAX);
            }
        }
    }
}
