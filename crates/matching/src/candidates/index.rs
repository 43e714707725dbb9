//! An inverted index of Odoo's tokens, and the search in it.

use super::{Record, Vocabulary, compact};

/// Entries read for one listing: rare tokens first, so common ones are left out when many.
const POSTINGS_MAX: usize = 12_000;
/// Tokens that are always read, however common.
const TOKENS_MIN: usize = 3;
/// Variants kept by the partial sum, for a close look.
const POOL_MAX: usize = 400;

/// Token to variants, as one array with offsets.
pub(crate) struct Index {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

/// Working memory of one thread.
pub(crate) struct Scratch {
    sums: Vec<f64>,
    touched: Vec<u32>,
}

impl Scratch {
    pub(crate) fn new(right_rows: usize) -> Self {
        Self {
            sums: vec![0.0; right_rows],
            touched: Vec::new(),
        }
    }
}

fn indexed(record: &Record) -> impl Iterator<Item = u32> + '_ {
    record.tokens.iter().chain(&record.joins).copied()
}

impl Index {
    /// Indexes Odoo's rows.
    pub(crate) fn new(right: &[Record], tokens: usize) -> Self {
        let mut starts = vec![0_u32; tokens + 1];
        for id in right.iter().flat_map(indexed) {
            starts[id as usize + 1] += 1;
        }
        for token in 0..tokens {
            starts[token + 1] += starts[token];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; starts[tokens] as usize];
        for (row, record) in right.iter().enumerate() {
            for id in indexed(record) {
                let place = &mut next[id as usize];
                rows[*place as usize] = compact(row);
                *place += 1;
            }
        }
        Self { starts, rows }
    }

    fn postings(&self, token: u32) -> &[u32] {
        let token = token as usize;
        &self.rows[self.starts[token] as usize..self.starts[token + 1] as usize]
    }

    /// The variants that share most with a listing, as far as cheaply told; in no useful order.
    pub(crate) fn search(
        &self,
        record: &Record,
        vocabulary: &Vocabulary,
        scratch: &mut Scratch,
    ) -> Vec<u32> {
        let mut query: Vec<_> = indexed(record)
            .filter(|token| !self.postings(*token).is_empty())
            .collect();
        query.sort_unstable_by_key(|token| (self.postings(*token).len(), *token));
        let mut read = 0;
        for (place, token) in query.into_iter().enumerate() {
            let postings = self.postings(token);
            read += postings.len();
            if read > POSTINGS_MAX && place >= TOKENS_MIN {
                break;
            }
            let weight = vocabulary.weight(token);
            for row in postings {
                let sum = &mut scratch.sums[*row as usize];
                if *sum == 0.0 {
                    scratch.touched.push(*row);
                }
                *sum += weight;
            }
        }
        best(scratch)
    }
}

/// Takes the rows with the greatest sums and leaves the scratch clean.
fn best(scratch: &mut Scratch) -> Vec<u32> {
    let mut pool = std::mem::take(&mut scratch.touched);
    let sums = &scratch.sums;
    if pool.len() > POOL_MAX {
        pool.select_nth_unstable_by(POOL_MAX - 1, |one, two| {
            let (a, b) = (sums[*one as usize], sums[*two as usize]);
            b.total_cmp(&a).then(one.cmp(two))
        });
        let (kept, dropped) = pool.split_at(POOL_MAX);
        let kept = kept.to_vec();
        for row in dropped {
            scratch.sums[*row as usize] = 0.0;
        }
        pool.clear();
        scratch.touched = pool;
        for row in &kept {
            scratch.sums[*row as usize] = 0.0;
        }
        return kept;
    }
    for row in &pool {
        scratch.sums[*row as usize] = 0.0;
    }
    pool
}
