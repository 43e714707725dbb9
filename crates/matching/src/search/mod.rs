//! Which pairs are worth a close look.

mod index;
mod retrieve;

pub(crate) use index::Index;
pub(crate) use retrieve::{DEEP, SHALLOW, Scratch, retrieve};
