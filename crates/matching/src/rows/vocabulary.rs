//! Every distinct token of both catalogues, numbered, counted and weighed.

use serde::{Deserialize, Serialize};

use super::compact;
use crate::hash::hash_of;
use crate::normalise::{Token, Trait};

/// Words that only the store uses, in this many listings or more, are its own phrases ("free
/// shipping"), not the product's.
const PHRASE_LISTINGS_MIN: u32 = 3;
const PHRASE_FACTOR: f64 = 0.25;

/// Weights are whole numbers, so that sums do not depend on an order: this is one.
pub(crate) const ONE: u32 = 1 << 14;

/// A catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Tokens by number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vocabulary {
    tokens: Vec<Token>,
    left_rows: Vec<u32>,
    right_rows: Vec<u32>,
    weights: Vec<u32>,
    /// Rows that were counted; 0 before the tokens are weighed.
    rows: u32,
    /// Numbers plus one by hash, as an open table; rebuilt when needed.
    #[serde(skip)]
    table: Vec<u32>,
}

impl Vocabulary {
    /// The number of a token, given on first sight.
    pub(crate) fn intern(&mut self, token: &Token) -> u32 {
        if self.tokens.len() * 2 >= self.table.len() {
            self.grow();
        }
        let slot = self.slot(token);
        if self.table[slot] == 0 {
            self.tokens.push(token.clone());
            self.left_rows.push(0);
            self.right_rows.push(0);
            if self.rows > 0 {
                self.weights.push(self.weigh_one(token, 0, 0));
            }
            self.table[slot] = compact(self.tokens.len());
        }
        self.table[slot] - 1
    }

    /// Where a token stands in the table, or the free place for it.
    fn slot(&self, token: &Token) -> usize {
        let mask = self.table.len() - 1;
        let start = usize::try_from(hash_of(token) >> 20).unwrap_or(0);
        let mut slot = start & mask;
        while let Some(id) = self.table[slot].checked_sub(1) {
            if self.tokens[id as usize] == *token {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let size = (self.tokens.len() * 4).next_power_of_two().max(1 << 10);
        self.table = vec![0; size];
        for id in 0..self.tokens.len() {
            let slot = self.slot(&self.tokens[id]);
            self.table[slot] = compact(id + 1);
        }
    }

    /// The number of a token that is known.
    pub(crate) fn find(&self, token: &Token) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        self.table[self.slot(token)].checked_sub(1)
    }

    /// Counts one row that says this token.
    pub(crate) fn count(&mut self, id: u32, side: Side) {
        match side {
            Side::Left => self.left_rows[id as usize] += 1,
            Side::Right => self.right_rows[id as usize] += 1,
        }
    }

    pub(crate) fn rows(&self, id: u32, side: Side) -> u32 {
        match side {
            Side::Left => self.left_rows[id as usize],
            Side::Right => self.right_rows[id as usize],
        }
    }

    /// Weighs every token by rarity over both sides and by kind, once all rows are counted.
    pub(crate) fn weigh(&mut self, rows: usize) {
        self.rows = compact(rows.max(1));
        self.weights = (0..self.tokens.len())
            .map(|id| self.weigh_one(&self.tokens[id], self.left_rows[id], self.right_rows[id]))
            .collect();
    }

    fn weigh_one(&self, token: &Token, left: u32, right: u32) -> u32 {
        let rows = f64::from(self.rows);
        let seen = f64::from((left + right).max(1));
        let phrase = right == 0 && left >= PHRASE_LISTINGS_MIN && matches!(token, Token::Word(_));
        let factor = if phrase { PHRASE_FACTOR } else { 1.0 };
        let rarity = (1.0 + rows / seen).ln() / (1.0 + rows).ln();
        whole(rarity * kind_factor(token) * factor * f64::from(ONE))
    }

    /// Gives words that only the store uses, but that mean something of Odoo's, their full weight.
    pub(crate) fn restore(&mut self, id: u32) {
        let id = id as usize;
        let (left, right) = (self.left_rows[id], self.right_rows[id].max(1));
        self.weights[id] = self.weigh_one(&self.tokens[id], left, right);
    }

    /// How much sharing this token says, in parts of [`ONE`].
    pub(crate) fn weight(&self, id: u32) -> u32 {
        self.weights[id as usize]
    }

    pub(crate) fn token(&self, id: u32) -> &Token {
        &self.tokens[id as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The tokens from this number on.
    pub(crate) fn beyond(&self, known: usize) -> &[Token] {
        &self.tokens[known.min(self.tokens.len())..]
    }

    /// All tokens by number.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, &Token)> {
        self.tokens
            .iter()
            .enumerate()
            .map(|(id, t)| (compact(id), t))
    }
}

fn whole(value: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "weights are between 0 and 2 times 2^14"
    )]
    let whole = value.round() as u32;
    whole
}

/// Typed tokens are shared by many products, so they weigh less when equal; what they are worth
/// when they differ is the matter of conflicts.
fn kind_factor(token: &Token) -> f64 {
    match token {
        Token::Word(_) => 1.0,
        Token::Code(_) => 1.5,
        Token::Quantity(..) | Token::Measure(_) | Token::Trait(Trait::Flavour, _) => 0.8,
        Token::Number(_) | Token::Trait(Trait::Colour, _) => 0.7,
        Token::Count(_) | Token::Trait(Trait::Size | Trait::Side, _) => 0.6,
        Token::Trait(Trait::Condition, _) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::{ONE, Side, Vocabulary};
    use crate::normalise::Token;

    #[test]
    fn rare_tokens_weigh_more_and_numbers_are_stable() {
        let mut vocabulary = Vocabulary::default();
        for row in 0..5_000 {
            let rare = vocabulary.intern(&Token::Code(format!("c{row}").into()));
            let common = vocabulary.intern(&Token::Word("soap".into()));
            vocabulary.count(rare, Side::Right);
            vocabulary.count(common, Side::Right);
        }
        vocabulary.weigh(5_000);
        let rare = vocabulary
            .find(&Token::Code("c7".into()))
            .expect("said above");
        let common = vocabulary
            .find(&Token::Word("soap".into()))
            .expect("said above");
        assert!(vocabulary.weight(rare) > ONE && vocabulary.weight(common) < ONE / 5);
        assert_eq!(vocabulary.find(&Token::Word("never".into())), None);
        assert_eq!(vocabulary.len(), 5_001);
    }
}
