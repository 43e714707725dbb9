//! An inverted index of Odoo's tokens.

use crate::hash::{Map, hash_of};
use crate::normalise::Token;
use crate::rows::{Record, Vocabulary, compact};

/// Letters of a code's beginning and end that are looked up by themselves.
const PART_CHARS: usize = 5;

/// Rows by term, as one array with offsets.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Postings {
    fn new(terms: usize, entries: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; terms + 1];
        for (term, _) in entries.clone() {
            starts[term as usize + 1] += 1;
        }
        for term in 0..terms {
            starts[term + 1] += starts[term];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; starts[terms] as usize];
        for (term, row) in entries {
            let place = &mut next[term as usize];
            rows[*place as usize] = row;
            *place += 1;
        }
        Self { starts, rows }
    }

    pub(crate) fn of(&self, term: u32) -> &[u32] {
        let term = term as usize;
        match (self.starts.get(term), self.starts.get(term + 1)) {
            (Some(start), Some(end)) => &self.rows[*start as usize..*end as usize],
            _ => &[],
        }
    }
}

/// Odoo's rows by what they say.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// By token of the name, joined neighbours included.
    pub(crate) said: Postings,
    /// By token of the description.
    pub(crate) described: Postings,
    /// By the beginning or end of a code.
    parts: Postings,
    part_ids: Map<u64, u32>,
    /// By row, its tokens in one array, and the weight of all of them.
    row_starts: Vec<u32>,
    row_tokens: Vec<u32>,
    pub(crate) weights: Vec<u32>,
    pub(crate) rows: usize,
}

impl Index {
    /// Indexes Odoo's rows.
    pub(crate) fn new(right: &[Record], vocabulary: &Vocabulary) -> Self {
        let said = right.iter().enumerate().flat_map(|(row, record)| {
            let joins = record.joins.iter().map(|join| join.id);
            let tokens = record.tokens.iter().copied().chain(joins);
            tokens.map(move |token| (token, compact(row)))
        });
        let described = right.iter().enumerate().flat_map(|(row, record)| {
            record
                .described
                .iter()
                .map(move |token| (*token, compact(row)))
        });
        let mut part_ids: Map<u64, u32> = Map::default();
        let mut parts = Vec::new();
        for (row, record) in right.iter().enumerate() {
            for part in record
                .tokens
                .iter()
                .flat_map(|id| code_parts(vocabulary.token(*id)))
            {
                let next = compact(part_ids.len());
                parts.push((*part_ids.entry(part).or_insert(next), compact(row)));
            }
        }
        let mut row_starts = vec![0];
        let mut row_tokens = Vec::new();
        for record in right {
            row_tokens.extend_from_slice(&record.tokens);
            row_starts.push(compact(row_tokens.len()));
        }
        Self {
            row_starts,
            row_tokens,
            weights: right.iter().map(|record| record.weight).collect(),
            said: Postings::new(vocabulary.len(), said),
            described: Postings::new(vocabulary.len(), described),
            parts: Postings::new(part_ids.len(), parts.iter().copied()),
            part_ids,
            rows: right.len(),
        }
    }

    /// What a row says.
    pub(crate) fn tokens(&self, row: u32) -> &[u32] {
        let row = row as usize;
        &self.row_tokens[self.row_starts[row] as usize..self.row_starts[row + 1] as usize]
    }

    /// Weighs the rows anew.
    pub(crate) fn weigh(&mut self, right: &[Record]) {
        self.weights = right.iter().map(|record| record.weight).collect();
    }

    /// The rows with a code that begins or ends like this.
    pub(crate) fn with_part(&self, part: u64) -> &[u32] {
        self.part_ids
            .get(&part)
            .map_or(&[], |id| self.parts.of(*id))
    }
}

/// Hashes of a code's beginning and end.
pub(crate) fn code_parts(token: &Token) -> impl Iterator<Item = u64> {
    let parts = match token {
        Token::Code(code) if code.len() > PART_CHARS && code.is_ascii() => {
            let (start, end) = (&code[..PART_CHARS], &code[code.len() - PART_CHARS..]);
            Some([hash_of(&(0, start)), hash_of(&(1, end))])
        }
        _ => None,
    };
    parts.into_iter().flatten()
}
