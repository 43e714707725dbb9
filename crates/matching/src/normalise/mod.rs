//! Text brought to one spelling: folding, typed tokens, SKU keys.

mod atoms;
mod fold;
mod lexicon;
mod rules;
mod sku;
mod tokens;
mod units;

pub(crate) use fold::fold;
pub(crate) use sku::canonical_sku;
pub(crate) use tokens::{Lexeme, Token, Trait, tokens};
pub(crate) use units::Dimension;
