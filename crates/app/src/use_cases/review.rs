//! The mapping review: its lists, its pairs, and the manager's decisions.

use std::sync::Arc;

use tandem_domain::{Decision, Evidence, Listing, ListingKey, Slug, Variant, VariantKey};
use tandem_store::{ReviewDetail, ReviewRow, ReviewState};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::accounts::{cautions, confidence, group_view, tier_of};
use crate::use_cases::cards::{
    VariantCards, evidence_view, is_guarded, listing_card, marks, reason_tag,
};
use crate::use_cases::connections::parse_slug;
use crate::use_cases::facets::{counts_view, filter_of, verdict_tag};
use crate::use_cases::fields::field_rows;
use crate::use_cases::orders::PAGE_MAX;
use crate::view::{
    CandidateView, DecideAction, DecisionDone, DecisionInput, PairDetail, PairRow, ReviewCounts,
    ReviewPage, ReviewQuery, Stale, Undone, VariantCard, count,
};
use crate::{App, Result};

/// Variants that a search returns at most.
const SEARCH_MAX: u32 = 30;
/// Listings whose orders are judged one listing at a time; for more, all are judged, later.
const JUDGED_ONE_BY_ONE: usize = 20;

impl App {
    /// A part of one of the review's lists.
    pub async fn review_page(&self, store: &str, query: ReviewQuery) -> Result<ReviewPage> {
        self.inner.in_use();
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let cards = VariantCards::of(&inner, &slug)?;
            let limit = query.limit.min(PAGE_MAX);
            let page = inner
                .store
                .review_page(&slug, &filter_of(&query)?, query.offset, limit)?;
            let rows = page.rows.iter().map(|row| pair_row(&cards, row));
            Ok(ReviewPage {
                total: page.total,
                rows: rows.collect::<Result<_>>()?,
            })
        })
        .await
    }

    /// The numbers beside the lists and their filters.
    pub async fn review_counts(&self, store: &str, query: ReviewQuery) -> Result<ReviewCounts> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            let counts = inner.store.review_counts(&slug, &filter_of(&query)?)?;
            let decided = inner.store.count_decisions(&slug)?;
            Ok(counts_view(&counts, decided))
        })
        .await
    }

    /// A pair in full; beside another variant than the shown one when that is asked for.
    pub async fn pair_detail(
        &self,
        store: &str,
        listing: &str,
        variant: Option<i32>,
    ) -> Result<PairDetail> {
        let (slug, listing) = (parse_slug(store)?, ListingKey::new(listing));
        let variant = variant.map(|key| VariantKey(key.into()));
        self.inner.in_use();
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.pair_detail(&slug, &listing, variant)).await
    }

    /// Takes a decision, puts it into force, and judges the orders again that it may free.
    pub async fn decide(&self, store: &str, decision: DecisionInput) -> Result<DecisionDone> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.decide(&slug, &decision)).await
    }

    /// Takes the last decision back; `None` when there is none left.
    pub async fn undo(&self, store: &str) -> Result<Option<Undone>> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.undo(&slug)).await
    }

    /// Gets the search boxes of the review ready: somebody is about to type.
    pub async fn prepare_search(&self, store: &str) -> Result<()> {
        self.inner.in_use();
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || Ok(inner.store.prepare_search(&slug)?)).await
    }

    /// Variants of the store's Odoo that fit some words: name, SKU or barcode.
    pub async fn search_variants(&self, store: &str, text: &str) -> Result<Vec<VariantCard>> {
        let (slug, text) = (parse_slug(store)?, text.to_owned());
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let cards = VariantCards::of(&inner, &slug)?;
            let Some(odoo) = inner.saved_store(&slug)?.bound_odoo else {
                return Ok(Vec::new());
            };
            let found = inner.store.search_variants(&odoo, &text, SEARCH_MAX)?;
            found
                .iter()
                .map(|variant| cards.of_variant(variant))
                .collect()
        })
        .await
    }
}

impl Inner {
    fn pair_detail(
        &self,
        store: &Slug,
        listing: &ListingKey,
        wanted: Option<VariantKey>,
    ) -> Result<PairDetail> {
        let detail = self.store.review_detail(store, listing)?.ok_or_else(|| {
            AppError::new(Code::RecordUnknown)
                .with("record", listing)
                .with("store", store)
        })?;
        let measured = self.measured_of(store, &detail)?;
        let ReviewDetail { row, candidates } = detail;
        let cards = VariantCards::of(self, store)?;
        let shown = wanted.or(row.variant_key);
        let variant = self.variant_shown(store, &row, shown)?;
        let candidate = candidates
            .iter()
            .find(|(proposal, _)| Some(proposal.variant) == shown);
        let (score_bp, evidence) = match candidate {
            Some((proposal, _)) => (Some(proposal.score_bp), proposal.evidence.as_slice()),
            None if shown == row.variant_key => (row.score_bp, row.evidence.as_slice()),
            None => (None, [].as_slice()),
        };
        let others = other_candidates(&candidates, shown);
        let pair = pair_of(&cards, &row, variant.as_ref(), (score_bp, evidence), others)?;
        let candidates = candidates
            .iter()
            .filter_map(|(proposal, variant)| Some((proposal, variant.as_ref()?)))
            .map(|(proposal, variant)| {
                Ok(CandidateView {
                    variant: cards.of_variant(variant)?,
                    score_bp: proposal.score_bp,
                    evidence: proposal.evidence.iter().map(evidence_view).collect(),
                    linked_to: self.linked_to(store, proposal.variant, listing)?,
                })
            })
            .collect::<Result<_>>()?;
        let account = match &variant {
            Some(variant) => self.account(store, &row, variant)?,
            None => None,
        };
        let linked = pair.linked;
        let (waiting, _) = self.store.count_orders_with(store, listing)?;
        Ok(PairDetail {
            fields: field_rows(&pair),
            row: pair,
            reasons: row
                .reasons
                .iter()
                .map(|reason| reason_tag(*reason))
                .collect(),
            cautions: cautions(&row.remarks),
            tier: tier_of(&row.remarks).filter(|_| linked),
            measured: measured.filter(|_| shown == row.variant_key),
            account,
            candidates,
            waiting_orders: waiting,
        })
    }

    fn variant_shown(
        &self,
        store: &Slug,
        row: &ReviewRow,
        shown: Option<VariantKey>,
    ) -> Result<Option<Variant>> {
        if shown == row.variant_key {
            return Ok(row.variant.clone());
        }
        match (shown, self.saved_store(store)?.bound_odoo) {
            (Some(key), Some(odoo)) => Ok(self.store.variant(&odoo, key)?),
            _ => Ok(None),
        }
    }

    /// The name of another listing that a variant is linked to.
    fn linked_to(
        &self,
        store: &Slug,
        variant: VariantKey,
        but: &ListingKey,
    ) -> Result<Option<String>> {
        let Some(key) = self.store.linked_elsewhere(store, variant, but)? else {
            return Ok(None);
        };
        let listing = self.store.listing(store, &key)?;
        Ok(Some(
            listing.map_or_else(|| key.to_string(), |listing| listing.name),
        ))
    }

    fn decide(self: &Arc<Self>, store: &Slug, input: &DecisionInput) -> Result<DecisionDone> {
        let listing = self.known_listing(store, &ListingKey::new(&input.listing))?;
        let decision = match (input.action, input.variant) {
            (DecideAction::Ignore, _) => Decision::Ignore,
            (DecideAction::Accept, Some(key)) => {
                Decision::Accept(self.known_variant(store, VariantKey(key.into()))?)
            }
            (DecideAction::Reject, Some(key)) => Decision::Reject(VariantKey(key.into())),
            (DecideAction::Accept | DecideAction::Reject, None) => {
                return Err(AppError::bad_input("variant", ""));
            }
        };
        if listing.kind == tandem_domain::ListingKind::Parent {
            return Err(AppError::bad_input("listing", &listing.name));
        }
        let (orders, held) = self.store.count_orders_with(store, &listing.key)?;
        self.store
            .decide(store, &listing.key, &decision, self.clock.now())?;
        self.judge_orders(store, &self.store.orders_with(store, &listing.key)?)?;
        let (_, holds) = self.store.count_orders_with(store, &listing.key)?;
        self.settle_later(store, false);
        // What no order has changes none.
        self.stale(if orders == 0 {
            &[Stale::Review]
        } else {
            &[Stale::Review, Stale::Orders]
        });
        let undoable = self.store.count_decisions(store)?;
        Ok(DecisionDone {
            orders_cleared: held.saturating_sub(holds),
            undoable,
        })
    }

    fn undo(self: &Arc<Self>, store: &Slug) -> Result<Option<Undone>> {
        self.saved_store(store)?;
        let undone = self.store.undo(store, self.clock.now())?;
        let Some(last) = undone.first() else {
            return Ok(None);
        };
        let many = undone.len() > JUDGED_ONE_BY_ONE;
        if !many {
            for record in &undone {
                self.judge_orders(store, &self.store.orders_with(store, &record.listing)?)?;
            }
        }
        self.settle_later(store, many);
        self.stale(&[Stale::Review, Stale::Orders]);
        let name = self
            .store
            .listing(store, &last.listing)?
            .map(|listing| listing.name);
        Ok(Some(Undone {
            listing: last.listing.to_string(),
            name: name.unwrap_or_else(|| last.listing.to_string()),
            action: match last.decision {
                Decision::Accept(_) => DecideAction::Accept,
                Decision::Reject(_) => DecideAction::Reject,
                Decision::Ignore => DecideAction::Ignore,
            },
            together: count(undone.len()),
            undoable: self.store.count_decisions(store)?,
        }))
    }

    fn known_listing(&self, store: &Slug, key: &ListingKey) -> Result<Listing> {
        self.saved_store(store)?;
        self.store.listing(store, key)?.ok_or_else(|| {
            AppError::new(Code::RecordUnknown)
                .with("record", key)
                .with("store", store)
        })
    }

    fn known_variant(&self, store: &Slug, key: VariantKey) -> Result<VariantKey> {
        let odoo = self.saved_store(store)?.bound_odoo;
        let odoo = odoo.ok_or_else(|| AppError::new(Code::StoreNotBound).with("name", store))?;
        match self.store.variant(&odoo, key)? {
            Some(variant) => Ok(variant.key),
            None => Err(AppError::new(Code::RecordUnknown)
                .with("record", key)
                .with("store", odoo)),
        }
    }
}

/// The row as the list shows it.
pub(crate) fn pair_row(cards: &VariantCards<'_>, row: &ReviewRow) -> Result<PairRow> {
    let shown = (row.score_bp, row.evidence.as_slice());
    pair_of(
        cards,
        row,
        row.variant.as_ref(),
        shown,
        row.other_candidates,
    )
}

fn pair_of(
    cards: &VariantCards<'_>,
    row: &ReviewRow,
    variant: Option<&Variant>,
    (score_bp, evidence): (Option<u16>, &[Evidence]),
    other_candidates: u32,
) -> Result<PairRow> {
    let listing = listing_card(&row.listing);
    let shown = variant.map(|variant| variant.key);
    let variant = variant
        .map(|variant| cards.of_variant(variant))
        .transpose()?;
    let (store_name_marks, odoo_name_marks) = match &variant {
        Some(variant) => marks(&listing.name, &variant.name),
        None => (Vec::new(), Vec::new()),
    };
    let skus = variant
        .as_ref()
        .and_then(|v| Some((listing.sku.as_deref()?, v.sku.as_deref()?)));
    let (store_sku_marks, odoo_sku_marks) =
        skus.map_or((Vec::new(), Vec::new()), |(store, odoo)| marks(store, odoo));
    Ok(PairRow {
        verdict: verdict_tag(row.verdict),
        linked: row.state == ReviewState::Linked && shown == row.variant_key,
        score_bp,
        confidence: shown.and_then(|_| confidence(row, shown == row.variant_key, score_bp)),
        group: row.group.as_ref().map(group_view),
        evidence: evidence.iter().map(evidence_view).collect(),
        guarded: is_guarded(evidence),
        other_candidates,
        store_name_marks,
        odoo_name_marks,
        store_sku_marks,
        odoo_sku_marks,
        listing,
        variant,
    })
}

fn other_candidates<V>(
    candidates: &[(tandem_store::Proposal, V)],
    shown: Option<VariantKey>,
) -> u32 {
    let others = candidates
        .iter()
        .filter(|(proposal, _)| Some(proposal.variant) != shown);
    count(others.count())
}
