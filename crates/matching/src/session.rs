//! A matching that is kept in memory, so that a few changed listings cost a few looks.

use std::borrow::Cow;

use rayon::prelude::*;
use tandem_domain::{ListingKey, VariantKey};

use crate::decide::{Court, Desk, Draft, Settlement};
use crate::explain::explain;
use crate::ground::Ground;
use crate::items::{Catalogues, LeftItem, RightItem, Settled, Sorted, sorted_left, sorted_right};
use crate::model::{Model, tiers};
use crate::outcome::Match;
use crate::queue::{Reranked, order};
use crate::rows::compact;
use crate::run::{Watch, drafts, one_draft, settled};
use crate::teach::teach;

/// Both catalogues with all that was found out about them under one model.
#[derive(Debug)]
pub struct Session {
    model: Model,
    ground: Ground<'static>,
    drafts: Vec<Draft>,
    settlements: Vec<Settlement>,
}

/// What an update did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Updated {
    /// Listings that were looked at again.
    pub looked_at: usize,
    /// Listings whose outcome is another one now, or that are new.
    pub changed: usize,
    /// Whether everything was read anew, because Odoo's rows changed.
    pub whole: bool,
}

fn owned(input: &Catalogues) -> Sorted<'static> {
    Sorted {
        left: owned_left(&input.left),
        right: owned_right(&input.right),
    }
}

fn owned_left(left: &[LeftItem]) -> Vec<Cow<'static, LeftItem>> {
    sorted_left(left.iter().cloned().map(Cow::Owned).collect())
}

fn owned_right(right: &[RightItem]) -> Vec<Cow<'static, RightItem>> {
    sorted_right(right.iter().cloned().map(Cow::Owned).collect())
}

impl Session {
    /// Learns from both catalogues and keeps them. Nothing once cancelled.
    pub fn learn(input: &Catalogues, watch: Watch<'_>) -> Option<Self> {
        let mut ground = Ground::fresh(input, owned(input));
        let learned = teach(&mut ground, &input.taken_back, watch.cancelled)?;
        let drafts = drafts(&ground, watch)?;
        let tiers = tiers(&ground, &drafts);
        let model = Model::of(&ground, input, learned, tiers);
        Some(Self::settled(model, ground, drafts))
    }

    /// Matches both catalogues under a model and keeps them. Nothing once cancelled.
    pub fn open(model: Model, input: &Catalogues, watch: Watch<'_>) -> Option<Self> {
        let ground = model.ground(input, owned(input));
        let drafts = drafts(&ground, watch)?;
        Some(Self::settled(model, ground, drafts))
    }

    fn settled(model: Model, ground: Ground<'static>, drafts: Vec<Draft>) -> Self {
        let settlements = settle_all(&model, &ground, &drafts);
        Self {
            model,
            ground,
            drafts,
            settlements,
        }
    }

    /// What all of this was found out under.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Hands over every match, in the order of the listings' ids.
    pub fn matches(&self, take: &mut dyn FnMut(Match)) {
        let mut desk = Desk::new(&self.ground);
        for (left, settlement) in self.settlements.iter().enumerate() {
            take(explain(&self.ground, left, settlement, &mut desk));
        }
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

    /// Brings everything up to the catalogues and decisions of now, and hands over what is
    /// another one than before, in the order of the listings' ids. The outcome is that of a
    /// whole run under the same model. Nothing once cancelled; the session is then as before.
    pub fn update(
        &mut self,
        input: &Catalogues,
        watch: Watch<'_>,
        take: &mut dyn FnMut(Match),
    ) -> Option<Updated> {
        if owned_right(&input.right) != self.ground.rows.right {
            let session = Self::open(self.model.clone(), input, watch)?;
            session.matches(take);
            let all = session.drafts.len();
            *self = session;
            return Some(Updated {
                looked_at: all,
                changed: all,
                whole: true,
            });
        }
        if (watch.cancelled)() {
            return None;
        }
        Some(self.update_left(input, take))
    }

    fn update_left(&mut self, input: &Catalogues, take: &mut dyn FnMut(Match)) -> Updated {
        let left = owned_left(&input.left);
        let before: Vec<Option<usize>> = self.places_before(&left);
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
        let looked_at = kept.iter().filter(|draft| draft.is_none()).count();
        let ground = &self.ground;
        self.drafts = kept
            .into_par_iter()
            .enumerate()
            .map_init(
                || Desk::new(ground),
                |desk, (row, draft)| match draft {
                    Some(draft) => draft.with_keys(ground, row),
                    None => one_draft(ground, row, desk),
                },
            )
            .collect();
        let settlements = settle_all(&self.model, &self.ground, &self.drafts);
        let old = std::mem::replace(&mut self.settlements, settlements);
        let changed = self.hand_over(&before, &old, take);
        Updated {
            looked_at,
            changed,
            whole: false,
        }
    }

    /// By row of now, the row before of the very same listing.
    fn places_before(&self, left: &[Cow<'static, LeftItem>]) -> Vec<Option<usize>> {
        let rows = &self.ground.rows.left;
        let place = |item: &Cow<'_, LeftItem>| {
            let place = rows.binary_search_by(|old| old.key.cmp(&item.key)).ok()?;
            (rows[place] == *item).then_some(place)
        };
        left.iter().map(place).collect()
    }

    fn hand_over(
        &self,
        before: &[Option<usize>],
        old: &[Settlement],
        take: &mut dyn FnMut(Match),
    ) -> usize {
        let mut desk = Desk::new(&self.ground);
        let mut changed = 0;
        for (row, place) in before.iter().enumerate() {
            let settlement = &self.settlements[row];
            if place.is_none_or(|place| old[place] != *settlement) {
                changed += 1;
                take(explain(&self.ground, row, settlement, &mut desk));
            }
        }
        changed
    }
}

fn settle_all(model: &Model, ground: &Ground<'_>, drafts: &[Draft]) -> Vec<Settlement> {
    let court = Court::new(ground, &model.tiers, drafts);
    let rows = drafts.par_iter().enumerate();
    rows.map(|(left, draft)| settled(ground, (&court, &model.tiers), left, draft))
        .collect()
}
