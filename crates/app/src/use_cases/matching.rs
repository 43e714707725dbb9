//! Matching both catalogues of a store, and judging its orders by the outcome.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tandem_domain::{Decision, ListingKey, Slug, VariantKey, VariantKind};
use tandem_matching::{Catalogues, Outcome, Settled};
use tandem_store::{DecisionRecord, Matched, Proposal, Verdict};
use tokio_util::sync::CancellationToken;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::connections::parse_slug;
use crate::view::{Params, ReviewCounts, ReviewQuery, Stale};
use crate::{App, Result};

/// Listings whose outcome is saved in one transaction.
const SAVED_AT_ONCE: usize = 500;

impl App {
    /// Matches again what is in the cache, without asking either side.
    pub async fn match_again(&self, store: &str) -> Result<ReviewCounts> {
        let slug = parse_slug(store)?;
        if !self.inner.may_run_jobs() {
            return Err(AppError::new(Code::EngineBusy));
        }
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.match_store(&slug, &CancellationToken::new(), &|_, _| {})?;
            inner.stale(&[Stale::Review, Stale::Orders]);
            Ok(())
        })
        .await?;
        self.review_counts(store, ReviewQuery::default()).await
    }
}

impl Inner {
    /// Matches a store against its Odoo, keeps the manager's decisions, and judges the orders.
    /// Returns what it counted, for the log.
    pub(crate) fn match_store(
        &self,
        store: &Slug,
        cancel: &CancellationToken,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Params> {
        let saved = self.saved_store(store)?;
        let odoo = saved
            .bound_odoo
            .ok_or_else(|| AppError::new(Code::StoreNotBound).with("name", &saved.name))?;
        let catalogues = self.catalogues(store, &odoo)?;
        let outcome = tandem_matching::run(&catalogues, &|| cancel.is_cancelled(), progress);
        let Some(outcome) = outcome else {
            return Err(AppError::new(Code::Cancelled));
        };
        let counts = self.save_outcome(store, &odoo, outcome)?;
        self.judge_all_orders(store)?;
        Ok(counts)
    }

    fn catalogues(&self, store: &Slug, odoo: &Slug) -> Result<Catalogues> {
        let left = self
            .store
            .listings(store)?
            .iter()
            .map(tandem_matching::left)
            .collect();
        let right = self
            .store
            .variants(odoo)?
            .iter()
            .filter(|variant| variant.active && variant.sale_ok)
            .filter(|variant| variant.kind != VariantKind::Service)
            .map(tandem_matching::right)
            .collect();
        let (rejected, decided) = self.decided(store)?;
        Ok(Catalogues {
            left,
            right,
            rejected,
            decided,
            // Nobody can keep a word list yet.
            words: Vec::new(),
            taken_back: Vec::new(),
        })
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

    fn save_outcome(&self, store: &Slug, odoo: &Slug, outcome: Outcome) -> Result<Params> {
        let matched: Vec<Matched> = outcome.matches.into_iter().map(matched).collect();
        // In short transactions, so that a decision made meanwhile need not wait. A process that
        // dies between two of them leaves rows of the last match, which the next one replaces.
        for some in matched.chunks(SAVED_AT_ONCE) {
            let _unchanged = self.editing();
            if self.saved_store(store)?.bound_odoo.as_ref() != Some(odoo) {
                // It was bound to another one meanwhile, whose variants these are not.
                return Err(AppError::new(Code::Cancelled));
            }
            self.store.replace_matching(store, some, self.clock.now())?;
        }
        let count = |verdict: Verdict| {
            matched
                .iter()
                .filter(|found| found.verdict == verdict)
                .count()
                .to_string()
        };
        Ok(Params::from([
            ("linked".to_owned(), count(Verdict::Linked)),
            ("likely".to_owned(), count(Verdict::Likely)),
            ("ambiguous".to_owned(), count(Verdict::Ambiguous)),
            ("none".to_owned(), count(Verdict::None)),
        ]))
    }
}

type Decided = (
    HashSet<(ListingKey, VariantKey)>,
    HashMap<ListingKey, Settled>,
);

fn matched(found: tandem_matching::Match) -> Matched {
    Matched {
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
            })
            .collect(),
        reasons: found.reasons,
    }
}
