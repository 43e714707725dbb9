//! What a bulk step is offered: the open rows of a filter, lean.

use rusqlite::params;
use tandem_domain::{ListingKey, Slug, VariantKey};

use crate::convert::ReadColumn;
use crate::db::Store;
use crate::error::Result;
use crate::review::{ReviewFilter, ids};
use crate::standing::Verdict;

/// An open row with a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The row's number, for [`Store::review_rows`].
    pub id: i64,
    /// The listing.
    pub listing: ListingKey,
    /// Its best candidate.
    pub variant: VariantKey,
    /// What the matching made of it.
    pub verdict: Verdict,
    /// Whether something warns of the pair.
    pub guarded: bool,
    /// Whether a listing is linked to the candidate already.
    pub taken: bool,
}

impl Store {
    /// The open rows that a filter leaves and that have a candidate, best score first.
    pub fn offered(&self, store: &Slug, filter: &ReviewFilter) -> Result<Vec<Offered>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT l.key, r.variant, r.verdict, r.guards, EXISTS
                    (SELECT 1 FROM links k WHERE k.store = r.store AND k.variant = r.variant)
                    AS taken
                 FROM review r JOIN listings l ON l.id = r.listing_id
                 WHERE r.listing_id = ?1 AND r.state = 'open' AND r.variant IS NOT NULL",
            )?;
            let mut offered = Vec::new();
            for id in ids(db, store, filter)? {
                let mut rows = statement.query(params![id])?;
                if let Some(row) = rows.next()? {
                    offered.push(Offered {
                        id,
                        listing: ListingKey::new(row.get::<_, String>("key")?),
                        variant: VariantKey(row.get("variant")?),
                        verdict: row.word("verdict")?,
                        guarded: row.get::<_, i64>("guards")? != 0,
                        taken: row.get("taken")?,
                    });
                }
            }
            Ok(offered)
        })
    }
}
