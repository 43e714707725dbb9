//! Which variant of Odoo is which listing of the store: keys first, checked against names.
//!
//! Pure: no I/O, no clock, no randomness, and the same answer whatever order the rows come in.
//! Knows the words of `tandem-domain` and nothing else of the product.

mod candidates;
mod decide;
mod diff;
mod explain;
mod ground;
mod items;
mod normalise;
mod outcome;
mod run;
mod score;

pub use diff::{Span, diff};
pub use items::{Catalogues, LeftItem, RightItem, Settled, left, right};
pub use outcome::{CANDIDATES_MAX, Candidate, Match, Outcome, Verdict};
pub use run::run;
