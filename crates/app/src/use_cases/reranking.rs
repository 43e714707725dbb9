//! The queue of open proposals, put in a new order by the latest decisions without a match.

use std::collections::{BTreeSet, HashMap};

use tandem_domain::{Decision, ListingKey, Slug, VariantKey};
use tandem_matching::{Model, Queue, rerank};
use tandem_store::{DecisionRecord, OpenProposals, Proposal, Rescored};

use crate::Result;
use crate::context::Inner;
use crate::view::count;

/// Pairs that are looked at, and so listings at most.
const PAIRS_MAX: usize = 10_000;
/// The latest decisions count; older ones wait for the next match.
const DECISIONS_MAX: usize = 500;
/// A smaller move is not worth a write; it counts once moves add up to this.
const STEP_BP: u16 = 50;
/// The shown score is a logistic curve over the score in logits, stretched by this.
const SPREAD: f64 = 4.0;

impl Inner {
    /// Scores the open proposals by the decisions since the model was learned, and saves their
    /// new order. Nothing to do before the first match.
    pub(crate) fn rerank(&self, store: &Slug) -> Result<()> {
        let Some((from, model)) = self.kept_model(store)? else {
            return Ok(());
        };
        let limit = count(PAIRS_MAX);
        let open = self.store.open_proposals(store, limit)?;
        let decided = self.decided_since(store, from.last_decision)?;
        let each = (PAIRS_MAX / open.len().max(1)).max(1);
        let moved = self.moved(store, &model, (&open, each), decided)?;
        let rescored: Result<Vec<_>> = open
            .into_iter()
            .filter(|row| may_move(row, &moved, each))
            .filter_map(|row| rescored(row, &moved, each).transpose())
            .collect();
        Ok(self.store.rescore(store, rescored?)?)
    }

    /// Whether somebody decided something that the model does not know.
    pub(crate) fn has_decisions_since(&self, store: &Slug) -> Result<bool> {
        let Some(from) = self.store.learned_from(store)? else {
            return Ok(false);
        };
        Ok(!self.decided_since(store, from.last_decision)?.is_empty())
    }

    /// Decisions in force that a model does not know, the latest ones.
    fn decided_since(
        &self,
        store: &Slug,
        last: i64,
    ) -> Result<Vec<(ListingKey, VariantKey, bool)>> {
        let decisions = self.store.decisions(store)?.into_iter();
        let since = decisions.filter(|d| d.seq > last && d.undone_at.is_none());
        let mut decided: Vec<_> = since
            .filter_map(
                |DecisionRecord {
                     listing, decision, ..
                 }| match decision {
                    Decision::Accept(variant) => Some((listing, variant, true)),
                    Decision::Reject(variant) => Some((listing, variant, false)),
                    Decision::Ignore => None,
                },
            )
            .collect();
        let older = decided.len().saturating_sub(DECISIONS_MAX);
        decided.drain(..older);
        Ok(decided)
    }

    /// By pair, how far the decisions move its score, in logits; nothing is moved without any.
    fn moved(
        &self,
        store: &Slug,
        model: &Model,
        (open, each): (&[OpenProposals], usize),
        decided: Vec<(ListingKey, VariantKey, bool)>,
    ) -> Result<Moved> {
        if decided.is_empty() {
            return Ok(Moved::new());
        }
        let mut queue = Queue::default();
        let mut variants = BTreeSet::new();
        for row in open {
            queue.left.push(tandem_matching::left(&row.listing));
            let looked_at = match each {
                1 => vec![row.best.0],
                _ => row
                    .candidates()?
                    .iter()
                    .take(each)
                    .map(|c| c.variant)
                    .collect(),
            };
            for variant in looked_at {
                queue.open.push((row.listing.key.clone(), variant));
                variants.insert(variant);
            }
        }
        for (listing, variant, _) in &decided {
            let listing = self.store.listing(store, listing)?;
            queue
                .left
                .extend(listing.as_ref().map(tandem_matching::left));
            variants.insert(*variant);
        }
        let variants: Vec<_> = variants.into_iter().collect();
        let variants = self.store.variants_of(store, &variants)?;
        queue.right = variants.iter().map(tandem_matching::right).collect();
        queue.decided = decided;
        let moved = rerank(model, &queue).into_iter();
        Ok(moved
            .map(|pair| ((pair.listing, pair.variant), f64::from(pair.moved)))
            .collect())
    }
}

/// By pair, a score or a change of one.
type Moved = HashMap<(ListingKey, VariantKey), f64>;

/// Whether a row has to be read whole: where only best candidates were looked at, most did not
/// move far enough to be shown.
fn may_move(row: &OpenProposals, moved: &Moved, each: usize) -> bool {
    let (variant, score_bp) = row.best;
    let by = moved.get(&(row.listing.key.clone(), variant));
    let moved_far = |by: &f64| shifted(row.matched_bp, *by).abs_diff(score_bp) >= STEP_BP;
    each > 1 || by.map_or(row.matched_bp != score_bp, moved_far)
}

/// A row with its new scores; nothing when they are the old ones.
fn rescored(before: OpenProposals, moved: &Moved, each: usize) -> Result<Option<Rescored>> {
    let listing = &before.listing.key;
    let old = before.candidates()?;
    let candidates = old.iter().enumerate().map(|(place, candidate)| {
        let by = moved.get(&(listing.clone(), candidate.variant)).copied();
        // What was not looked at stays, unless nothing is moved any more.
        match by {
            None if place >= each && !moved.is_empty() => candidate.clone(),
            by => moved_by(candidate, by.unwrap_or_default()),
        }
    });
    let candidates: Vec<_> = candidates.collect();
    Ok((candidates != old).then_some(Rescored { before, candidates }))
}

fn moved_by(candidate: &Proposal, by: f64) -> Proposal {
    let matched_bp = candidate.matched_bp.unwrap_or(candidate.score_bp);
    let score_bp = shifted(matched_bp, by);
    if by.abs() > f64::EPSILON && score_bp.abs_diff(candidate.score_bp) < STEP_BP {
        return candidate.clone();
    }
    Proposal {
        score_bp,
        matched_bp: (score_bp != matched_bp).then_some(matched_bp),
        ..candidate.clone()
    }
}

/// A shown score after its logits moved.
fn shifted(score_bp: u16, by: f64) -> u16 {
    if by.abs() < f64::EPSILON || score_bp == 0 || score_bp >= 10_000 {
        return score_bp;
    }
    let share = f64::from(score_bp) / 10_000.0;
    let logit = (share / (1.0 - share)).ln() + by / SPREAD;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 9,999"
    )]
    let shown = (10_000.0 / (1.0 + (-logit).exp()))
        .round()
        .clamp(1.0, 9_999.0) as u16;
    shown
}

#[cfg(test)]
mod tests {
    use super::shifted;

    #[test]
    fn scores_move_with_their_logits_and_stay_scores() {
        assert_eq!(shifted(5_000, 0.0), 5_000);
        assert_eq!(shifted(5_000, 4.0), 7_311, "one stretched logit up");
        assert_eq!(
            shifted(7_311, -4.0),
            5_001,
            "and down again, but for rounding"
        );
        assert_eq!((shifted(9_000, 1e6), shifted(9_000, -1e6)), (9_999, 1));
        assert_eq!((shifted(0, 3.0), shifted(10_000, -3.0)), (0, 10_000));
    }
}
