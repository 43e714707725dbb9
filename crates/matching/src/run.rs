//! The run over both catalogues.

use rayon::prelude::*;

use crate::decide::{Court, Desk, Draft, Settlement, Tiers, draft};
use crate::explain::explain;
use crate::ground::Ground;
use crate::items::{Catalogues, Settled, Sorted};
use crate::model::{Model, tiers};
use crate::outcome::{Match, Outcome};
use crate::rows::compact;
use crate::teach::teach;

/// Listings between two looks at the cancel button.
const CHUNK_ROWS: usize = 1_000;

/// How a run is watched. Both are called on the calling thread; the work itself uses all of
/// rayon's threads.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Asked every thousand listings or so; once it says yes, the run stops without an outcome,
    /// because half an answer would look like missing links.
    pub cancelled: &'a dyn Fn() -> bool,
    /// Hears how many of how many listings are done.
    pub progress: &'a dyn Fn(usize, usize),
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

impl Watch<'_> {
    /// Neither cancels nor listens.
    pub const NOBODY: Watch<'static> = Watch {
        cancelled: &|| false,
        progress: &|_, _| {},
    };
}

/// Learns from a whole store and a whole Odoo, and matches them. Nothing once cancelled.
pub fn run(
    input: &Catalogues,
    cancelled: &dyn Fn() -> bool,
    progress: &dyn Fn(usize, usize),
) -> Option<Outcome> {
    let watch = Watch {
        cancelled,
        progress,
    };
    let mut matches = Vec::new();
    let model = learn(input, watch, &mut |found| matches.push(found))?;
    Some(Outcome { matches, model })
}

/// As [`run`], handing over one match after the other, in the order of the listings' ids, so
/// that they need not all be in memory.
pub fn learn(input: &Catalogues, watch: Watch<'_>, take: &mut dyn FnMut(Match)) -> Option<Model> {
    if (watch.cancelled)() {
        return None;
    }
    let mut ground = Ground::fresh(input, Sorted::new(input));
    let learned = teach(&mut ground, &input.taken_back, watch.cancelled)?;
    let drafts = drafts(&ground, watch)?;
    let tiers = tiers(&ground, &drafts);
    decide(&ground, &tiers, &drafts, take);
    (watch.progress)(drafts.len(), drafts.len());
    Some(Model::of(&ground, input, learned, tiers))
}

/// Matches under what was learned before; the word list is that of the model. Nothing once
/// cancelled.
pub fn apply(
    model: &Model,
    input: &Catalogues,
    watch: Watch<'_>,
    take: &mut dyn FnMut(Match),
) -> Option<()> {
    let ground = model.ground(input, Sorted::new(input));
    let drafts = drafts(&ground, watch)?;
    decide(&ground, &model.tiers, &drafts, take);
    (watch.progress)(drafts.len(), drafts.len());
    Some(())
}

/// Looks at every listing by itself.
pub(crate) fn drafts(ground: &Ground<'_>, watch: Watch<'_>) -> Option<Vec<Draft>> {
    let total = ground.rows.left.len();
    let mut drafts: Vec<Draft> = Vec::with_capacity(total);
    while drafts.len() < total {
        if (watch.cancelled)() {
            return None;
        }
        (watch.progress)(drafts.len(), total);
        let chunk = drafts.len()..total.min(drafts.len() + CHUNK_ROWS);
        drafts.par_extend(chunk.into_par_iter().map_init(
            || Desk::new(ground),
            |desk, left| one_draft(ground, left, desk),
        ));
    }
    Some(drafts)
}

/// Parents are never linked, ignored listings get nothing.
pub(crate) fn one_draft(ground: &Ground<'_>, left: usize, desk: &mut Desk) -> Draft {
    let ignored = ground.said.settled(compact(left)) == Some(Settled::Ignored);
    if ground.rows.left[left].parent || ignored {
        return Draft::default();
    }
    draft(ground, left, desk, true)
}

fn decide(ground: &Ground<'_>, tiers: &Tiers, drafts: &[Draft], take: &mut dyn FnMut(Match)) {
    let court = Court::new(ground, tiers, drafts);
    for start in (0..drafts.len()).step_by(CHUNK_ROWS) {
        let chunk = start..drafts.len().min(start + CHUNK_ROWS);
        let matches: Vec<_> = chunk
            .into_par_iter()
            .map_init(
                || Desk::new(ground),
                |desk, left| {
                    let settled = settled(ground, (&court, tiers), left, &drafts[left]);
                    explain(ground, left, &settled, desk)
                },
            )
            .collect();
        matches.into_iter().for_each(&mut *take);
    }
}

pub(crate) fn settled(
    ground: &Ground<'_>,
    (court, tiers): (&Court, &Tiers),
    left: usize,
    draft: &Draft,
) -> Settlement {
    court.settle(ground, tiers, (compact(left), draft))
}
