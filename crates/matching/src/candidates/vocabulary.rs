//! Every distinct token of both catalogues, numbered, counted and weighed.

use std::collections::HashMap;

use super::compact;
use crate::normalise::{Token, Trait};

/// Words that only the store uses, in this many listings or more, are its own phrases ("free
/// shipping"), not the product's.
const PHRASE_LISTINGS_MIN: u32 = 3;
const PHRASE_FACTOR: f64 = 0.25;

/// Tokens by number.
#[derive(Default)]
pub(crate) struct Vocabulary {
    ids: HashMap<Token, u32>,
    tokens: Vec<Token>,
    left_rows: Vec<u32>,
    right_rows: Vec<u32>,
    weights: Vec<f64>,
}

/// A catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

impl Vocabulary {
    /// The number of a token, given on first sight.
    pub(crate) fn intern(&mut self, token: Token) -> u32 {
        if let Some(id) = self.ids.get(&token) {
            return *id;
        }
        let id = compact(self.tokens.len());
        self.tokens.push(token.clone());
        self.left_rows.push(0);
        self.right_rows.push(0);
        self.ids.insert(token, id);
        id
    }

    /// Counts one row that says this token.
    pub(crate) fn count(&mut self, id: u32, side: Side) {
        match side {
            Side::Left => self.left_rows[id as usize] += 1,
            Side::Right => self.right_rows[id as usize] += 1,
        }
    }

    /// Whether any row of that side says it outright, not only as two neighbours read as one.
    pub(crate) fn is_said(&self, id: u32, side: Side) -> bool {
        self.rows(id, side) > 0
    }

    pub(crate) fn rows(&self, id: u32, side: Side) -> u32 {
        match side {
            Side::Left => self.left_rows[id as usize],
            Side::Right => self.right_rows[id as usize],
        }
    }

    /// Weighs every token by rarity over both sides and by kind, once all rows are counted.
    pub(crate) fn weigh(&mut self, rows: usize) {
        let rows = f64::from(compact(rows.max(1)));
        let scale = (1.0 + rows).ln();
        self.weights = self
            .tokens
            .iter()
            .zip(self.left_rows.iter().zip(&self.right_rows))
            .map(|(token, (&left, &right))| {
                let seen = f64::from((left + right).max(1));
                let phrase = right == 0 && left >= PHRASE_LISTINGS_MIN && is_word(token);
                let factor = if phrase { PHRASE_FACTOR } else { 1.0 };
                (1.0 + rows / seen).ln() / scale * kind_factor(token) * factor
            })
            .collect();
    }

    /// How much sharing this token says, 0 to 1.5.
    pub(crate) fn weight(&self, id: u32) -> f64 {
        self.weights[id as usize]
    }

    pub(crate) fn token(&self, id: u32) -> &Token {
        &self.tokens[id as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }
}

fn is_word(token: &Token) -> bool {
    matches!(token, Token::Word(_))
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
