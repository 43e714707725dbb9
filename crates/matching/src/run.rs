//! The run over both catalogues.

use rayon::prelude::*;

use crate::candidates::Scratch;
use crate::decide::{Draft, draft, settle};
use crate::explain::explain;
use crate::ground::Ground;
use crate::items::{Catalogues, Settled};
use crate::outcome::Outcome;

/// Listings between two looks at the cancel button.
const CHUNK_ROWS: usize = 1_000;

/// Matches a whole store with a whole Odoo.
///
/// `cancelled` is asked every thousand listings or so; once it says yes, the run stops and there is no
/// outcome, because half an answer would look like missing links. `progress` hears how many of
/// how many listings are done. Both are called on the calling thread; the work itself uses all
/// of rayon's threads.
pub fn run(
    input: &Catalogues,
    cancelled: &dyn Fn() -> bool,
    progress: &dyn Fn(usize, usize),
) -> Option<Outcome> {
    let ground = Ground::new(input);
    let total = ground.rows.left.len();
    let mut drafts: Vec<Draft> = Vec::with_capacity(total);
    while drafts.len() < total {
        if cancelled() {
            return None;
        }
        progress(drafts.len(), total);
        let chunk = drafts.len()..total.min(drafts.len() + CHUNK_ROWS);
        drafts.par_extend(chunk.into_par_iter().map_init(
            || Scratch::new(ground.rows.right.len()),
            |scratch, left| {
                if is_left_out(&ground, left) {
                    Draft::default()
                } else {
                    draft(&ground, left, scratch)
                }
            },
        ));
    }
    let matches = settle(&ground, drafts)
        .into_par_iter()
        .enumerate()
        .map(|(left, settlement)| explain(&ground, left, settlement))
        .collect();
    progress(total, total);
    Some(Outcome { matches })
}

/// Parents are never linked, ignored listings get nothing.
fn is_left_out(ground: &Ground<'_>, left: usize) -> bool {
    ground.rows.left[left].parent || ground.settled(left) == Some(Settled::Ignored)
}
