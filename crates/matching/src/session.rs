//! A matching that is kept from one change to the next, so that a few changed listings cost a few
//! looks.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use tandem_domain::{ListingKey, VariantKey};

use crate::decide::{Court, Desk, Draft, Settlement};
use crate::explain::explain;
use crate::ground::Ground;
use crate::held::Held;
use crate::items::{Catalogues, LeftItem, RightItem, Settled, Sorted, sorted_left, sorted_right};
use crate::model::{Model, tiers};
use crate::outcome::{Match, Verdict};
use crate::queue::{Reranked, order};
use crate::rows::compact;
use crate::run::{Watch, drafts, one_draft, settled};
use crate::teach::teach;

/// Both catalogues with all that was found out about them under one model.
#[derive(Debug)]
pub struct Session {
    pub(crate) model: Arc<Model>,
    pub(crate) ground: Ground<'static>,
    pub(crate) drafts: Vec<Draft>,
    pub(crate) settlements: Vec<Settlement>,
}

/// What is another one since, and what the manager says now.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Listings that are new or say something else.
    pub left: Vec<LeftItem>,
    /// Listings that are gone.
    pub left_gone: HashSet<ListingKey>,
    /// Variants that are new or say something else.
    pub right: Vec<RightItem>,
    /// Variants that are gone.
    pub right_gone: HashSet<VariantKey>,
    /// All rejected pairs, as in [`Catalogues`].
    pub rejected: HashSet<(ListingKey, VariantKey)>,
    /// All settled listings, as in [`Catalogues`].
    pub decided: HashMap<ListingKey, Settled>,
    /// Listings whose match is handed over even if it is the one before.
    pub wanted: HashSet<ListingKey>,
}

/// What an update did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Updated {
    /// Listings that were looked at again.
    pub looked_at: usize,
    /// Listings that were handed over: their outcome is another one now, they are new or wanted.
    pub changed: usize,
    /// Whether everything was looked at again, because Odoo's rows changed.
    pub whole: bool,
}

/// The rows of one side, and where each stood before if it is the very same.
type Merged<T> = (Vec<Held<'static, T>>, Vec<Option<usize>>);

impl Session {
    /// Learns from both catalogues and keeps them. Nothing once cancelled.
    pub fn learn(input: Catalogues, watch: Watch<'_>) -> Option<Self> {
        let (rows, input) = owned(input);
        let mut ground = Ground::fresh(&input, rows);
        let learned = teach(&mut ground, &input.taken_back, watch.cancelled)?;
        let drafts = drafts(&ground, watch)?;
        let tiers = tiers(&ground, &drafts);
        let model = Arc::new(Model::of(&ground, &input, learned, tiers));
        Some(Self::settled(model, ground, drafts))
    }

    /// Matches both catalogues under a model and keeps them. Nothing once cancelled.
    pub fn open(model: Arc<Model>, input: Catalogues, watch: Watch<'_>) -> Option<Self> {
        let (rows, input) = owned(input);
        let ground = model.ground(&input, rows);
        let drafts = drafts(&ground, watch)?;
        Some(Self::settled(model, ground, drafts))
    }

    fn settled(model: Arc<Model>, ground: Ground<'static>, drafts: Vec<Draft>) -> Self {
        let settlements = settle_all(&model, &ground, &drafts);
        Self {
            model,
            ground,
            drafts,
            settlements,
        }
    }

    /// What all of this was found out under.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// How many listings have which verdict.
    pub fn verdicts(&self) -> impl Iterator<Item = Verdict> + '_ {
        self.settlements.iter().map(|settlement| settlement.verdict)
    }

    /// Hands over every match, in the order of the listings' ids.
    pub fn matches(&self, take: &mut dyn FnMut(Match)) {
        let all: Vec<usize> = (0..self.settlements.len()).collect();
        self.hand_over(&all, take);
    }

    /// Scores open pairs under the latest decisions at once, as [`crate::rerank`] does, without
    /// reading anything anew; the model stays as it is.
    pub fn rerank(
        &self,
        open: &[(ListingKey, VariantKey)],
        decided: &[(ListingKey, VariantKey, bool)],
    ) -> Vec<Reranked> {
        order(&self.ground, open, decided)
    }

    /// Brings everything up to the rows and decisions of now, and hands over what is another one
    /// than before, in the order of the listings' ids. The outcome is that of a whole run under
    /// the same model. Nothing once cancelled.
    pub fn update(
        mut self,
        changes: Changes,
        watch: Watch<'_>,
        take: &mut dyn FnMut(Match),
    ) -> Option<(Self, Updated)> {
        if (watch.cancelled)() {
            return None;
        }
        let said = Catalogues {
            rejected: changes.rejected,
            decided: changes.decided,
            ..Catalogues::default()
        };
        let rows = std::mem::take(&mut self.ground.rows);
        let (left, before) = merged(rows.left, sorted_left(held(changes.left)), |item| {
            (item.key.clone(), changes.left_gone.contains(&item.key))
        });
        if !changes.right.is_empty() || !changes.right_gone.is_empty() {
            let (right, _) = merged(rows.right, sorted_right(held(changes.right)), |item| {
                (item.key, changes.right_gone.contains(&item.key))
            });
            return self.whole((Sorted { left, right }, said), watch, take);
        }
        self.ground.rows.right = rows.right;
        let done = self.update_left((left, before), &said, (&changes.wanted, take));
        let all = done.0.drafts.len();
        (watch.progress)(all, all);
        Some(done)
    }

    fn whole(
        self,
        (rows, said): (Sorted<'static>, Catalogues),
        watch: Watch<'_>,
        take: &mut dyn FnMut(Match),
    ) -> Option<(Self, Updated)> {
        let Self { model, .. } = self;
        let ground = model.ground(&said, rows);
        let drafts = drafts(&ground, watch)?;
        let session = Self::settled(model, ground, drafts);
        session.matches(take);
        let all = session.drafts.len();
        let updated = Updated {
            looked_at: all,
            changed: all,
            whole: true,
        };
        Some((session, updated))
    }

    fn update_left(
        mut self,
        (left, before): Merged<LeftItem>,
        input: &Catalogues,
        (wanted, take): (&HashSet<ListingKey>, &mut dyn FnMut(Match)),
    ) -> (Self, Updated) {
        let mut records: Vec<_> = std::mem::take(&mut self.ground.texts.left);
        let kept = before
            .iter()
            .map(|place| Some(std::mem::take(&mut records[(*place)?])));
        let kept = kept.collect();
        let said = std::mem::take(&mut self.ground.said);
        self.ground.replace_left(input, left, kept);
        let now = &self.ground.said;
        let same = |place: usize, row: usize| {
            let (old, new) = (compact(place), compact(row));
            let ignored = |settled: Option<Settled>| settled == Some(Settled::Ignored);
            said.rejected_of(old).eq(now.rejected_of(new))
                && ignored(said.settled(old)) == ignored(now.settled(new))
        };
        let mut drafts = std::mem::take(&mut self.drafts);
        let kept: Vec<Option<Draft>> = before
            .iter()
            .enumerate()
            .map(|(row, place)| {
                let place = (*place).filter(|place| same(*place, row))?;
                Some(std::mem::take(&mut drafts[place]))
            })
            .collect();
        let looked_at;
        (self.drafts, looked_at) = redrafted(&self.ground, kept);
        let settlements = settle_all(&self.model, &self.ground, &self.drafts);
        let old = std::mem::replace(&mut self.settlements, settlements);
        let another = |row: &usize| {
            let same = before[*row].is_some_and(|place| old[place] == self.settlements[*row]);
            !same || wanted.contains(&self.ground.rows.left[*row].key)
        };
        let changed: Vec<usize> = (0..before.len()).filter(another).collect();
        self.hand_over(&changed, take);
        let updated = Updated {
            looked_at,
            changed: changed.len(),
            whole: false,
        };
        (self, updated)
    }

    fn hand_over(&self, rows: &[usize], take: &mut dyn FnMut(Match)) {
        for chunk in rows.chunks(HANDED_AT_ONCE) {
            let matches: Vec<_> = chunk
                .par_iter()
                .map_init(
                    || Desk::new(&self.ground),
                    |desk, row| explain(&self.ground, *row, &self.settlements[*row], desk),
                )
                .collect();
            matches.into_iter().for_each(&mut *take);
        }
    }
}

/// Matches that are in memory at once on their way out.
const HANDED_AT_ONCE: usize = 1_000;

/// Takes the rows out of the input.
fn owned(mut input: Catalogues) -> (Sorted<'static>, Catalogues) {
    let rows = Sorted {
        left: sorted_left(held(std::mem::take(&mut input.left))),
        right: sorted_right(held(std::mem::take(&mut input.right))),
    };
    (rows, input)
}

fn held<T>(items: Vec<T>) -> Vec<Held<'static, T>> {
    items.into_iter().map(Held::owned).collect()
}

/// Puts new rows in the place of old ones; both are in the order of their keys. `look` tells the
/// key of a row, and whether it is gone.
fn merged<T, K: Ord>(
    old: Vec<Held<'static, T>>,
    new: Vec<Held<'static, T>>,
    look: impl Fn(&T) -> (K, bool),
) -> Merged<T> {
    let mut all = Vec::with_capacity(old.len() + new.len());
    let mut before = Vec::with_capacity(old.len() + new.len());
    let mut new = new.into_iter().peekable();
    for (place, row) in old.into_iter().enumerate() {
        let (key, gone) = look(&row);
        while let Some(item) = new.next_if(|item| look(item).0 < key) {
            all.push(item);
            before.push(None);
        }
        if let Some(item) = new.next_if(|item| look(item).0 == key) {
            all.push(item);
            before.push(None);
        } else if !gone {
            all.push(row);
            before.push(Some(place));
        }
    }
    for item in new {
        all.push(item);
        before.push(None);
    }
    (all, before)
}

/// Looks at the listings again that have no draft, and at the keys of all; says how many listings
/// were looked at.
fn redrafted(ground: &Ground<'_>, kept: Vec<Option<Draft>>) -> (Vec<Draft>, usize) {
    let rows = kept.into_par_iter().enumerate();
    let drafts = rows.map_init(
        || None,
        |desk, (row, draft)| {
            let kept = draft.and_then(|draft| draft.with_keys(ground, row));
            let again = usize::from(kept.is_none());
            let draft = kept.unwrap_or_else(|| {
                one_draft(ground, row, desk.get_or_insert_with(|| Desk::new(ground)))
            });
            (draft, again)
        },
    );
    let (drafts, again): (Vec<Draft>, Vec<usize>) = drafts.unzip();
    (drafts, again.into_iter().sum())
}

fn settle_all(model: &Model, ground: &Ground<'_>, drafts: &[Draft]) -> Vec<Settlement> {
    let court = Court::new(ground, &model.tiers, drafts);
    let rows = drafts.par_iter().enumerate();
    rows.map(|(left, draft)| settled(ground, (&court, &model.tiers), left, draft))
        .collect()
}
