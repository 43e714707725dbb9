//! Which variant of Odoo is which listing of the store: keys first, checked against what the
//! texts say; texts alone where no key helps.
//!
//! Pure: no I/O, no clock, no randomness, and the same answer whatever order the rows come in
//! and however many threads work. Knows the words of `tandem-domain` and nothing else of the
//! product.
//!
//! The road of a run: rows become numbers (`rows`), the catalogues teach words and weights
//! (`learn`, `teach`), each listing gets candidates (`search`) and scores (`score`), the rules
//! decide (`decide`), and what was learned stays as a [`Model`].

mod account;
mod decide;
mod diff;
mod explain;
pub mod files;
mod ground;
mod hash;
mod held;
mod items;
mod kept;
mod learn;
mod model;
mod normalise;
mod outcome;
mod queue;
mod rows;
mod run;
mod score;
mod search;
mod session;
mod teach;

pub use account::{Account, Contrast, Difference, Met, account};
pub use decide::{Caution, Record, Tier, TierState};
pub use diff::{Span, diff};
pub use items::{Catalogues, LeftItem, RightItem, Settled, WordPair, left, right};
pub use learn::{Learned, Origin};
pub use model::Model;
pub use outcome::{CANDIDATES_MAX, Candidate, Match, Outcome, Verdict};
pub use queue::{Queue, Reranked, rerank};
pub use run::{Watch, apply, learn, run};
pub use session::{Changes, Session, Updated};
