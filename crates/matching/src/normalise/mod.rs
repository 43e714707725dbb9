//! Text brought to one spelling: folding, typed tokens, SKU keys.

mod atoms;
mod fold;
#[cfg(test)]
mod golden;
mod lexicon;
mod rules;
mod sku;
mod tokens;
mod units;
mod words;

pub(crate) use fold::fold;
pub(crate) use sku::canonical_sku;
#[cfg(test)]
pub(crate) use tokens::tokens;
pub(crate) use tokens::{Lexeme, Token, Trait, read, shown};
pub(crate) use units::Dimension;
pub(crate) use words::Words;
