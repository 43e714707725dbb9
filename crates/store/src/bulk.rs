//! What a bulk step is offered: the rows of a filter, or some that were chosen, lean.

use rusqlite::params;
use tandem_domain::{ListingKey, Slug, VariantKey};

use crate::convert::ReadColumn;
use crate::db::Store;
use crate::error::Result;
use crate::patterns::Pattern;
use crate::review::ReviewFilter;
use crate::standing::{ReviewState, Verdict};

/// An open row with a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The row's number, for [`Store::review_rows`] and [`Store::listing_keys`].
    pub id: i64,
    /// Its best candidate.
    pub variant: VariantKey,
    /// The pattern that it follows.
    pub pattern: Pattern,
    /// Whether something warns of the pair.
    pub guarded: bool,
    /// Whether a listing is linked to the candidate already.
    pub taken: bool,
}

/// A row that something may be decided about together with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRow {
    /// The row's number.
    pub id: i64,
    /// The listing.
    pub listing: ListingKey,
    /// Where it stands.
    pub state: ReviewState,
    /// What the matching made of it.
    pub verdict: Verdict,
    /// The pattern that it follows.
    pub pattern: Pattern,
    /// The variant that is shown beside it.
    pub variant: Option<VariantKey>,
    /// Whether something warns of the pair.
    pub guarded: bool,
    /// Whether another listing is linked to that variant.
    pub taken: bool,
}

impl Store {
    /// The open rows that a filter leaves and that have a candidate, best score first.
    pub fn offered(&self, store: &Slug, filter: &ReviewFilter) -> Result<Vec<Offered>> {
        let linked = self.linked(store)?;
        self.look(store, filter, |overview, narrowed| {
            let shown = overview.shown(filter, narrowed);
            let open = shown.filter(|row| row.is_open());
            let offered = open.filter_map(|row| {
                Some(Offered {
                    id: row.id,
                    variant: VariantKey(row.variant?),
                    pattern: row.pattern(),
                    guarded: row.is_guarded(),
                    taken: linked.has(row.variant?),
                })
            });
            offered.collect()
        })
    }

    /// The listings of some rows, in the order asked; what is no longer in the cache is left out.
    pub fn listing_keys(&self, store: &Slug, ids: &[i64]) -> Result<Vec<(i64, ListingKey)>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT key FROM listings WHERE id = ?1 AND connection = ?2")?;
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                let mut rows = statement.query(params![id, store.as_str()])?;
                if let Some(row) = rows.next()? {
                    found.push((*id, ListingKey::new(row.get::<_, String>(0)?)));
                }
            }
            Ok(found)
        })
    }

    /// The rows that a filter leaves, best score first.
    pub fn bulk_rows(&self, store: &Slug, filter: &ReviewFilter) -> Result<Vec<BulkRow>> {
        let ids = self.review_ids(store, filter)?;
        self.rows_of(store, &ids)
    }

    /// The rows of some listings, in the order asked; what is no longer in the cache is left out.
    pub fn bulk_rows_of(&self, store: &Slug, listings: &[ListingKey]) -> Result<Vec<BulkRow>> {
        let ids = self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT id FROM listings WHERE connection = ?1 AND key = ?2 AND gone_at IS NULL",
            )?;
            let mut ids = Vec::with_capacity(listings.len());
            for listing in listings {
                let mut rows = statement.query([store.as_str(), listing.as_str()])?;
                if let Some(row) = rows.next()? {
                    ids.push(row.get(0)?);
                }
            }
            Ok(ids)
        })?;
        self.rows_of(store, &ids)
    }

    fn rows_of(&self, store: &Slug, ids: &[i64]) -> Result<Vec<BulkRow>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT l.key, r.state, r.variant, r.verdict, r.evidence, r.guards,
                    coalesce(r.matched_bp, r.score_bp, 0) AS matched_bp, EXISTS
                    (SELECT 1 FROM links k WHERE k.store = r.store AND k.variant = r.variant
                        AND k.listing <> l.key) AS taken
                 FROM review r JOIN listings l ON l.id = r.listing_id
                 WHERE r.listing_id = ?1 AND r.store = ?2",
            )?;
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                let mut rows = statement.query(params![id, store.as_str()])?;
                if let Some(row) = rows.next()? {
                    found.push(BulkRow {
                        id: *id,
                        listing: ListingKey::new(row.get::<_, String>("key")?),
                        state: row.word("state")?,
                        verdict: row.word("verdict")?,
                        pattern: Pattern::counted(row, row.get("matched_bp")?)?,
                        variant: row.get::<_, Option<i64>>("variant")?.map(VariantKey),
                        guarded: row.get::<_, i64>("guards")? != 0,
                        taken: row.get("taken")?,
                    });
                }
            }
            Ok(found)
        })
    }
}
