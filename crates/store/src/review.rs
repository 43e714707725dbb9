//! The mapping review: which listings a tab and its filters show, and what each row says.
//!
//! For lists that must not jump while rows are decided, fetch the ids once
//! ([`Store::review_ids`]) and the rows by id as they scroll into view ([`Store::review_rows`]).

use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use tandem_domain::{Evidence, Listing, ListingKey, Method, Reason, Slug, Variant, VariantKey};

use crate::conflicts::{KeyField, SharedKey, Side, shared_keys};
use crate::connections::bound_odoo;
use crate::convert::ReadColumn;
use crate::db::Store;
use crate::error::Result;
use crate::listings::listing_from;
use crate::patterns::Pattern;
use crate::standing::{
    MadeBy, Proposal, Remarks, ReviewState, SavedLink, Verdict, listing_id, load_link,
};
use crate::tags::{EvidenceTag, Guard};
use crate::variants::variant_from;

/// The tabs of the review. The first three share out all listings that are no parents; conflicts
/// cut across them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewTab {
    /// Undecided, and something speaks for a pair.
    ToReview,
    /// Linked.
    Mapped,
    /// Undecided without anything that speaks for a pair, and ignored ones.
    Unmatched,
    /// Undecided, with a key that several listings or variants carry.
    Conflicts,
}

/// What the list is narrowed to. Values of one facet widen it, facets narrow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewFilter {
    /// Which tab.
    pub tab: ReviewTab,
    /// Any of these verdicts; all when empty.
    pub verdicts: Vec<Verdict>,
    /// Any of these kinds of evidence; all when empty.
    pub evidence: Vec<EvidenceTag>,
    /// Any of these guards; all when empty.
    pub guards: Vec<Guard>,
    /// Best score in basis points; leaves out rows without one.
    pub score_bp: Option<RangeInclusive<u16>>,
    /// Only proposals of this pattern.
    pub pattern: Option<Pattern>,
    /// Only rows of this group: its kind, and its key.
    pub group: Option<(GroupKind, String)>,
    /// Typed into the store's search box.
    pub store_text: String,
    /// Typed into Odoo's search box: what the shown variant must match.
    pub odoo_text: String,
}

impl ReviewFilter {
    /// A whole tab.
    pub fn of(tab: ReviewTab) -> Self {
        Self {
            tab,
            verdicts: Vec::new(),
            evidence: Vec::new(),
            guards: Vec::new(),
            score_bp: None,
            pattern: None,
            group: None,
            store_text: String::new(),
            odoo_text: String::new(),
        }
    }
}

/// Why some listings belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// They carry one SKU; at most one of them can be right about it.
    SameSku,
    /// They are variations of one parent.
    Parent,
}

/// Listings that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Why.
    pub kind: GroupKind,
    /// The SKU, or the parent's key.
    pub key: String,
    /// The SKU, or the parent's name.
    pub name: String,
    /// How many listings are in it.
    pub size: u32,
}

/// A listing, what stands beside it, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// The row's number, for [`Store::review_rows`]; stable while the listing is in the cache.
    pub id: i64,
    /// The listing.
    pub listing: Listing,
    /// Where it stands.
    pub state: ReviewState,
    /// What the matching made of it.
    pub verdict: Verdict,
    /// The shown pair's other side: the link's, else the best candidate's.
    pub variant_key: Option<VariantKey>,
    /// That variant, unless Odoo's cache does not hold it.
    pub variant: Option<Variant>,
    /// The shown pair's score.
    pub score_bp: Option<u16>,
    /// How the shown pair was found.
    pub method: Option<Method>,
    /// What speaks for and against the shown pair.
    pub evidence: Vec<Evidence>,
    /// Who linked it, where it is linked.
    pub made_by: Option<MadeBy>,
    /// Candidates beside the shown variant.
    pub other_candidates: u32,
    /// Why it was not linked by itself.
    pub reasons: Vec<Reason>,
    /// Its keys that prove nothing.
    pub shared_keys: Vec<SharedKey>,
    /// What else the matching says of it.
    pub remarks: Remarks,
    /// The listings that it belongs to, where there are several.
    pub group: Option<Group>,
}

/// A part of the list, and how long all of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPage {
    /// The rows, best score first.
    pub rows: Vec<ReviewRow>,
    /// How many rows the filter leaves.
    pub total: u32,
}

/// A listing with every candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewDetail {
    /// The row.
    pub row: ReviewRow,
    /// All candidates, best first, each with its variant unless Odoo's cache does not hold it.
    pub candidates: Vec<(Proposal, Option<Variant>)>,
}

impl Store {
    /// The tab that a listing is in; nothing for parents, and for what the cache does not have.
    pub fn review_tab(&self, store: &Slug, listing: &ListingKey) -> Result<Option<ReviewTab>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT r.tab FROM review r JOIN listings l ON l.id = r.listing_id
                 WHERE l.connection = ?1 AND l.key = ?2 AND r.tab <> 'none'",
            )?;
            Ok(statement
                .query_row([store.as_str(), listing.as_str()], |row| row.word("tab"))
                .optional()?)
        })
    }

    /// A part of the filtered list, best score first.
    pub fn review_page(
        &self,
        store: &Slug,
        filter: &ReviewFilter,
        offset: u32,
        limit: u32,
    ) -> Result<ReviewPage> {
        let (ids, total) = self.look(store, filter, |overview, narrowed| {
            let mut shown = overview.shown(filter, narrowed).map(|row| row.id);
            let skipped = shown.by_ref().take(offset as usize).count();
            let ids: Vec<_> = shown.by_ref().take(limit as usize).collect();
            let total = skipped + ids.len() + shown.count();
            (ids, u32::try_from(total).unwrap_or(u32::MAX))
        })?;
        let rows = self.review_rows(store, &ids)?;
        Ok(ReviewPage { rows, total })
    }

    /// The numbers of all rows that the filter leaves, best score first.
    pub fn review_ids(&self, store: &Slug, filter: &ReviewFilter) -> Result<Vec<i64>> {
        self.look(store, filter, |overview, narrowed| {
            overview.shown(filter, narrowed).map(|row| row.id).collect()
        })
    }

    /// Rows by number, in the order asked, whether or not a filter would still show them. Rows
    /// that are no longer in the cache are left out.
    pub fn review_rows(&self, store: &Slug, ids: &[i64]) -> Result<Vec<ReviewRow>> {
        self.read(|db| {
            ids.iter()
                .filter_map(|id| row(db, store, *id).transpose())
                .collect()
        })
    }

    /// One listing with every candidate; `None` when the cache does not hold it.
    pub fn review_detail(
        &self,
        store: &Slug,
        listing: &ListingKey,
    ) -> Result<Option<ReviewDetail>> {
        self.read(|db| {
            let Some(id) = listing_id(db, store.as_str(), listing)? else {
                return Ok(None);
            };
            let Some(row) = row(db, store, id)? else {
                return Ok(None);
            };
            let odoo = bound_odoo(db, store)?;
            let (_, candidates, _) = proposals(db, id)?;
            let candidates = candidates.into_iter().map(|candidate| {
                let variant = variant(db, odoo.as_ref(), candidate.variant)?;
                Ok((candidate, variant))
            });
            Ok(Some(ReviewDetail {
                row,
                candidates: candidates.collect::<Result<_>>()?,
            }))
        })
    }
}

fn row(db: &Connection, store: &Slug, id: i64) -> Result<Option<ReviewRow>> {
    let narrow = db
        .prepare_cached(
            "SELECT l.*, r.state AS review_state, r.verdict, r.variant, r.score_bp
             FROM review r JOIN listings l ON l.id = r.listing_id
             WHERE r.listing_id = ?1 AND r.store = ?2",
        )?
        .query_row(params![id, store.as_str()], |row| {
            Ok((
                listing_from(row)?,
                row.word("review_state")?,
                row.word("verdict")?,
                row.get::<_, Option<i64>>("variant")?.map(VariantKey),
                row.get("score_bp")?,
            ))
        })
        .optional()?;
    let Some((listing, state, verdict, variant_key, score_bp)) = narrow else {
        return Ok(None);
    };
    let odoo = bound_odoo(db, store)?;
    let (reasons, candidates, remarks) = proposals(db, id)?;
    let others = candidates
        .iter()
        .filter(|candidate| Some(candidate.variant) != variant_key);
    let other_candidates = u32::try_from(others.count()).unwrap_or(u32::MAX);
    let pair = match load_link(db, store.as_str(), &listing.key)? {
        Some(SavedLink { link, made_by }) => Some((link.method, link.evidence, Some(made_by))),
        None => candidates
            .into_iter()
            .next()
            .map(|best| (best.method, best.evidence, None)),
    };
    let (method, evidence, made_by) = match pair {
        Some((method, evidence, made_by)) => (Some(method), evidence, made_by),
        None => (None, Vec::new(), None),
    };
    let sku = listing.sku.as_ref().map(tandem_domain::Sku::as_str);
    let shared_keys = shared_keys(db, (store, odoo.as_ref()), sku, listing.barcode.as_deref())?;
    Ok(Some(ReviewRow {
        id,
        group: group(db, store, &listing, &shared_keys)?,
        shared_keys,
        variant: match variant_key {
            Some(key) => variant(db, odoo.as_ref(), key)?,
            None => None,
        },
        listing,
        state,
        verdict,
        variant_key,
        score_bp,
        method,
        evidence,
        made_by,
        other_candidates,
        reasons,
        remarks,
    }))
}

/// One SKU on several listings is the more urgent thing to see.
fn group(
    db: &Connection,
    store: &Slug,
    listing: &Listing,
    shared: &[SharedKey],
) -> Result<Option<Group>> {
    let same_sku = |key: &&SharedKey| key.field == KeyField::Sku && key.side == Side::Store;
    if let Some(key) = shared.iter().find(same_sku) {
        return Ok(Some(Group {
            kind: GroupKind::SameSku,
            key: key.value.clone(),
            name: key.value.clone(),
            size: key.count,
        }));
    }
    let Some(parent) = &listing.parent else {
        return Ok(None);
    };
    let found = db
        .prepare_cached(
            "SELECT (SELECT p.name FROM listings p WHERE p.connection = ?1 AND p.key = ?2) AS name,
                count(*) AS size
             FROM listings l WHERE l.connection = ?1 AND l.parent = ?2 AND l.gone_at IS NULL",
        )?
        .query_row([store.as_str(), parent.as_str()], |row| {
            Ok((row.get::<_, Option<String>>("name")?, row.get("size")?))
        })?;
    let (name, size) = found;
    Ok((size > 1).then(|| Group {
        kind: GroupKind::Parent,
        key: parent.to_string(),
        name: name.unwrap_or_else(|| listing.name.clone()),
        size,
    }))
}

fn proposals(db: &Connection, id: i64) -> Result<(Vec<Reason>, Vec<Proposal>, Remarks)> {
    let found = db
        .prepare_cached("SELECT reasons, candidates, remarks FROM proposals WHERE listing_id = ?1")?
        .query_row([id], |row| {
            let remarks = row.json_opt("remarks")?.unwrap_or_default();
            Ok((row.json("reasons")?, row.json("candidates")?, remarks))
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn variant(db: &Connection, odoo: Option<&Slug>, key: VariantKey) -> Result<Option<Variant>> {
    let Some(odoo) = odoo else { return Ok(None) };
    Ok(db
        .prepare_cached("SELECT * FROM variants WHERE connection = ?1 AND key = ?2")?
        .query_row(params![odoo.as_str(), key.0], variant_from)
        .optional()?)
}
