//! Matching both catalogues of a store, and judging its orders by the outcome.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use tandem_domain::{Decision, ListingKey, Slug, VariantKey};
use tandem_matching::{Catalogues, Match, Model, Session, Settled, Watch};
use tandem_store::{DecisionRecord, Matched, Proposal, Verdict};
use tokio_util::sync::CancellationToken;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::accounts::remarks;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::keeping::{Before, Rows, matched as is_matched};
use crate::use_cases::learning::{changed_rows, print_of_words};
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
    /// keeps its outcome; where the last match is kept, only what changed is looked at.
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
        let place = (store, &odoo);
        let standing = Standing(self.store.decisions(store)?);
        let saving = RefCell::new(Saving::new(self, store, &odoo));
        let cancelled = || cancel.is_cancelled() || saving.borrow().failed.is_some();
        let watch = Watch {
            cancelled: &cancelled,
            progress,
        };
        let take = &mut |found| saving.borrow_mut().take(found);
        let before = match learning {
            Learning::Kept => self.match_before(place, &standing)?,
            Learning::Anew => None,
        };
        // What is kept goes with what is saved: not while it is neither the old nor the new.
        self.store.set_matched(store, None)?;
        let done = match before {
            Some(before) => before.updated(watch, take),
            None => self.matched_whole(place, (learning, &standing), (watch, take))?,
        };
        saving.into_inner().finish()?;
        let Some((session, rows, looked_at)) = done else {
            return Err(AppError::new(Code::Cancelled));
        };
        self.keep_match(place, (&session, rows), &standing)?;
        if self.has_decisions_since(store)? {
            self.rerank(store)?;
        }
        self.judge_all_orders(store, |_| {})?;
        Ok(counted(&session, looked_at))
    }

    /// Looks at everything, under the model that is in force or a new one. Nothing once cancelled.
    fn matched_whole(
        &self,
        place: (&Slug, &Slug),
        (learning, standing): (Learning, &Standing),
        (watch, take): (Watch<'_>, &mut dyn FnMut(Match)),
    ) -> Result<Option<Done>> {
        let (store, odoo) = place;
        let known = (
            standing.in_force().count().try_into().unwrap_or(u32::MAX),
            standing.0.last().map_or(0, |last| last.seq),
        );
        let said = (
            self.store.listings_said(store)?,
            self.store.variants_said(odoo)?,
        );
        let catalogues = self.catalogues(place, standing)?;
        let rows = Rows::of(said, &catalogues);
        let lists = (&catalogues.words, &catalogues.taken_back);
        let words = print_of_words(lists.0.iter().cloned(), lists.1.iter().cloned());
        let in_force = match learning {
            Learning::Kept => self.model_in_force(place, &words)?,
            Learning::Anew => None,
        };
        let holds = |(model, before): (Arc<Model>, Vec<u8>)| {
            let changed = changed_rows(&before, &rows.prints());
            (!model.is_stale(changed)).then_some(model)
        };
        let session = if let Some(model) = in_force.and_then(holds) {
            Session::open(model, catalogues, watch)
        } else {
            let session = Session::learn(catalogues, watch);
            if let Some(session) = &session {
                self.keep_model(place, (session.model(), words), &rows, known)?;
            }
            session
        };
        Ok(session.map(|session| {
            session.matches(take);
            let all = session.verdicts().count();
            (watch.progress)(all, all);
            (session, rows, all)
        }))
    }

    fn catalogues(&self, (store, odoo): (&Slug, &Slug), standing: &Standing) -> Result<Catalogues> {
        let mut catalogues = Catalogues::default();
        let left = &mut catalogues.left;
        self.store
            .each_listing(store, |listing| left.push(tandem_matching::left(&listing)))?;
        let right = &mut catalogues.right;
        self.store.each_variant(odoo, |variant| {
            if is_matched(&variant) {
                right.push(tandem_matching::right(&variant));
            }
        })?;
        (catalogues.rejected, catalogues.decided) = standing.said();
        (catalogues.words, catalogues.taken_back) = self.word_lists(store)?;
        Ok(catalogues)
    }
}

/// A match, the rows as they were, and how many listings were looked at.
type Done = (Session, Rows, usize);

impl Before {
    /// Looks at what changed. Nothing once cancelled.
    fn updated(self, watch: Watch<'_>, take: &mut dyn FnMut(Match)) -> Option<Done> {
        let (session, updated) = self.session.update(self.changes, watch, take)?;
        Some((session, self.rows, updated.looked_at))
    }
}

/// All decisions of the manager on one store, those taken back among them.
pub(crate) struct Standing(Vec<DecisionRecord>);

impl Standing {
    fn in_force(&self) -> impl Iterator<Item = &DecisionRecord> {
        self.0.iter().filter(|record| record.undone_at.is_none())
    }

    /// Whether there never was any.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The numbers of those in force, rising.
    pub(crate) fn numbers(&self) -> Vec<i64> {
        self.in_force().map(|record| record.seq).collect()
    }

    /// Listings of decisions that are in force and were not when these were, or the other way
    /// round.
    pub(crate) fn another_than(&self, before: &[i64]) -> impl Iterator<Item = &ListingKey> {
        let another = move |record: &&DecisionRecord| {
            record.undone_at.is_none() != before.binary_search(&record.seq).is_ok()
        };
        self.0.iter().filter(another).map(|record| &record.listing)
    }

    /// What they add up to: the last word on a listing, and every pair that was rejected and not
    /// accepted since.
    pub(crate) fn said(&self) -> Said {
        let mut rejected = HashSet::new();
        let mut decided = HashMap::new();
        for DecisionRecord {
            listing, decision, ..
        } in self.in_force()
        {
            match decision {
                Decision::Accept(variant) => {
                    rejected.remove(&(listing.clone(), *variant));
                    decided.insert(listing.clone(), Settled::Accepted(*variant));
                }
                Decision::Ignore => {
                    decided.insert(listing.clone(), Settled::Ignored);
                }
                Decision::Reject(variant) => {
                    if decided.get(listing) == Some(&Settled::Accepted(*variant)) {
                        decided.remove(listing);
                    }
                    rejected.insert((listing.clone(), *variant));
                }
            }
        }
        (rejected, decided)
    }
}

/// How many listings have which verdict, and how many were looked at, in words for the log.
fn counted(session: &Session, looked_at: usize) -> Params {
    let mut counts: BTreeMap<_, u32> = ["linked", "likely", "ambiguous", "none"]
        .map(|word| (word, 0))
        .into();
    for verdict in session.verdicts() {
        let word = match verdict {
            tandem_matching::Verdict::Linked(_) => "linked",
            tandem_matching::Verdict::Likely => "likely",
            tandem_matching::Verdict::Ambiguous => "ambiguous",
            tandem_matching::Verdict::None => "none",
            tandem_matching::Verdict::Parent | tandem_matching::Verdict::Decided => continue,
        };
        *counts.entry(word).or_default() += 1;
    }
    let counts = counts.into_iter();
    counts
        .map(|(word, count)| (word.to_owned(), count.to_string()))
        .chain([("looked_at".to_owned(), looked_at.to_string())])
        .collect()
}

/// The outcome on its way into the cache, some listings at a time.
struct Saving<'a> {
    inner: &'a Inner,
    store: &'a Slug,
    odoo: &'a Slug,
    waiting: Vec<Matched>,
    failed: Option<AppError>,
}

impl<'a> Saving<'a> {
    fn new(inner: &'a Inner, store: &'a Slug, odoo: &'a Slug) -> Self {
        Self {
            inner,
            store,
            odoo,
            waiting: Vec::with_capacity(SAVED_AT_ONCE),
            failed: None,
        }
    }

    fn take(&mut self, found: Match) {
        self.waiting.push(matched(found));
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

    /// Saves the rest.
    fn finish(mut self) -> Result<()> {
        self.save();
        self.failed.map_or(Ok(()), Err)
    }
}

/// Rejected pairs and settled listings.
type Said = (
    HashSet<(ListingKey, VariantKey)>,
    HashMap<ListingKey, Settled>,
);

fn matched(found: Match) -> Matched {
    Matched {
        remarks: remarks(&found),
        held: found.held,
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
