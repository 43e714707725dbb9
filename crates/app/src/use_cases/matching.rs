//! Matching both catalogues of a store, and judging its orders by the outcome.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use tandem_domain::{Decision, ListingKey, Slug, VariantKey, VariantKind};
use tandem_matching::{Catalogues, Match, Settled, Watch, apply, learn};
use tandem_store::{DecisionRecord, Matched, Proposal, Verdict};
use tokio_util::sync::CancellationToken;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::accounts::remarks;
use crate::use_cases::connections::parse_slug;
use crate::view::{Params, ReviewCounts, ReviewQuery, Stale};
use crate::{App, Result};

/// Listings whose outcome is saved in one transaction.
const SAVED_AT_ONCE: usize = 500;

impl App {
    /// Matches again what is in the cache, without asking either side, and learns anew.
    pub async fn match_again(&self, store: &str) -> Result<ReviewCounts> {
        let slug = parse_slug(store)?;
        self.inner.refuse_beside_engine()?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let cancel = CancellationToken::new();
            inner.match_store(&slug, Learning::Anew, &cancel, &|_, _| {})?;
            inner.stale(&[Stale::Review, Stale::Orders]);
            Ok(())
        })
        .await?;
        self.review_counts(store, ReviewQuery::default()).await
    }
}

/// Whether what was learned before may be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Learning {
    /// As long as it holds.
    Kept,
    /// No: everything may have changed.
    Anew,
}

impl Inner {
    /// Matches a store against its Odoo, keeps the manager's decisions, and judges the orders.
    /// Returns what it counted, for the log.
    ///
    /// After a small change it matches under what it learned before, so that what did not change
    /// keeps its outcome; what is as it was is not written again.
    pub(crate) fn match_store(
        &self,
        store: &Slug,
        learning: Learning,
        cancel: &CancellationToken,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Params> {
        let saved = self.saved_store(store)?;
        let odoo = saved
            .bound_odoo
            .ok_or_else(|| AppError::new(Code::StoreNotBound).with("name", &saved.name))?;
        let known = (
            self.store.count_decisions(store)?,
            self.store.last_decision(store)?,
        );
        let catalogues = self.catalogues(store, &odoo)?;
        let model = match learning {
            Learning::Kept => self.model_that_holds((store, &odoo), &catalogues)?,
            Learning::Anew => None,
        };
        let saving = RefCell::new(Saving::new(self, store, &odoo));
        let cancelled = || cancel.is_cancelled() || saving.borrow().failed.is_some();
        let watch = Watch {
            cancelled: &cancelled,
            progress,
        };
        let take = &mut |found| saving.borrow_mut().take(found);
        let done = match &model {
            Some(model) => apply(model, &catalogues, watch, take).map(|()| None),
            None => learn(&catalogues, watch, take).map(Some),
        };
        let counts = saving.into_inner().finish()?;
        let Some(learned) = done else {
            return Err(AppError::new(Code::Cancelled));
        };
        if let Some(model) = learned {
            self.keep_model((store, &odoo), &catalogues, model, known)?;
        }
        self.judge_all_orders(store)?;
        Ok(counts)
    }

    fn catalogues(&self, store: &Slug, odoo: &Slug) -> Result<Catalogues> {
        let mut catalogues = Catalogues::default();
        let left = &mut catalogues.left;
        self.store
            .each_listing(store, |listing| left.push(tandem_matching::left(&listing)))?;
        let right = &mut catalogues.right;
        self.store.each_variant(odoo, |variant| {
            if variant.active && variant.sale_ok && variant.kind != VariantKind::Service {
                right.push(tandem_matching::right(&variant));
            }
        })?;
        (catalogues.rejected, catalogues.decided) = self.decided(store)?;
        (catalogues.words, catalogues.taken_back) = self.word_lists(store)?;
        Ok(catalogues)
    }

    /// What stands of the manager's decisions: the last word on a listing, and every pair that
    /// was rejected and not accepted since.
    fn decided(&self, store: &Slug) -> Result<Decided> {
        let mut rejected = HashSet::new();
        let mut decided = HashMap::new();
        let standing = self
            .store
            .decisions(store)?
            .into_iter()
            .filter(|d| d.undone_at.is_none());
        for DecisionRecord {
            listing, decision, ..
        } in standing
        {
            match decision {
                Decision::Accept(variant) => {
                    rejected.remove(&(listing.clone(), variant));
                    decided.insert(listing, Settled::Accepted(variant));
                }
                Decision::Ignore => {
                    decided.insert(listing, Settled::Ignored);
                }
                Decision::Reject(variant) => {
                    if decided.get(&listing) == Some(&Settled::Accepted(variant)) {
                        decided.remove(&listing);
                    }
                    rejected.insert((listing, variant));
                }
            }
        }
        Ok((rejected, decided))
    }
}

/// The outcome on its way into the cache, some listings at a time.
struct Saving<'a> {
    inner: &'a Inner,
    store: &'a Slug,
    odoo: &'a Slug,
    waiting: Vec<Matched>,
    counts: BTreeMap<&'static str, u32>,
    failed: Option<AppError>,
}

impl<'a> Saving<'a> {
    fn new(inner: &'a Inner, store: &'a Slug, odoo: &'a Slug) -> Self {
        Self {
            inner,
            store,
            odoo,
            waiting: Vec::with_capacity(SAVED_AT_ONCE),
            counts: ["linked", "likely", "ambiguous", "none"]
                .map(|word| (word, 0))
                .into(),
            failed: None,
        }
    }

    fn take(&mut self, found: Match) {
        let found = matched(found);
        let word = match found.verdict {
            Verdict::Linked => Some("linked"),
            Verdict::Likely => Some("likely"),
            Verdict::Ambiguous => Some("ambiguous"),
            Verdict::None => Some("none"),
            Verdict::Broken | Verdict::Parent | Verdict::Decided => None,
        };
        if let Some(count) = word.and_then(|word| self.counts.get_mut(word)) {
            *count += 1;
        }
        self.waiting.push(found);
        if self.waiting.len() >= SAVED_AT_ONCE {
            self.save();
        }
    }

    /// In short transactions, so that a decision made meanwhile need not wait. A process that
    /// dies between two of them leaves rows of the last match, which the next one replaces.
    fn save(&mut self) {
        let some = std::mem::take(&mut self.waiting);
        if self.failed.is_none() && !some.is_empty() {
            self.failed = self.save_some(&some).err();
        }
    }

    fn save_some(&self, some: &[Matched]) -> Result<()> {
        let inner = self.inner;
        let _unchanged = inner.editing();
        if inner.saved_store(self.store)?.bound_odoo.as_ref() != Some(self.odoo) {
            // It was bound to another one meanwhile, whose variants these are not.
            return Err(AppError::new(Code::Cancelled));
        }
        Ok(inner
            .store
            .replace_matching(self.store, some, inner.clock.now())?)
    }

    /// Saves the rest, and says how much of what there was.
    fn finish(mut self) -> Result<Params> {
        self.save();
        match self.failed {
            Some(error) => Err(error),
            None => Ok(self
                .counts
                .into_iter()
                .map(|(word, count)| (word.to_owned(), count.to_string()))
                .collect()),
        }
    }
}

type Decided = (
    HashSet<(ListingKey, VariantKey)>,
    HashMap<ListingKey, Settled>,
);

fn matched(found: Match) -> Matched {
    Matched {
        remarks: remarks(&found),
        listing: found.listing,
        verdict: match found.verdict {
            tandem_matching::Verdict::Linked(_) => Verdict::Linked,
            tandem_matching::Verdict::Likely => Verdict::Likely,
            tandem_matching::Verdict::Ambiguous => Verdict::Ambiguous,
            tandem_matching::Verdict::None => Verdict::None,
            tandem_matching::Verdict::Parent => Verdict::Parent,
            tandem_matching::Verdict::Decided => Verdict::Decided,
        },
        candidates: found
            .candidates
            .into_iter()
            .map(|candidate| Proposal {
                variant: candidate.variant,
                score_bp: candidate.score_bp,
                method: candidate.method,
                evidence: candidate.evidence,
                matched_bp: None,
            })
            .collect(),
        reasons: found.reasons,
    }
}
