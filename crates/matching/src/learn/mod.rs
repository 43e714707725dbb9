//! What the catalogues themselves teach: words that set siblings apart, words that mean the
//! same, and what the score should weigh.

mod aliases;
mod parts;
mod siblings;
pub(crate) mod silver;
mod sound;
mod spelling;
pub(crate) mod train;

pub use aliases::Origin;
pub(crate) use aliases::{Alias, Aliases};
pub(crate) use siblings::Siblings;
pub use silver::Learned;
pub(crate) use silver::Silver;
