//! The open proposals in their order, and new scores for them.

use rusqlite::params;
use tandem_domain::{Listing, ListingKey, Slug, Variant, VariantKey};

use crate::connections::bound_odoo;
use crate::convert::{from_json, to_json};
use crate::db::Store;
use crate::error::Result;
use crate::listings::listing_from;
use crate::standing::Proposal;
use crate::tags::bits;
use crate::variants::variant_from;

/// Listings that get new scores in one transaction.
const RESCORED_AT_ONCE: usize = 250;

/// A listing that waits for a person, with its candidates.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenProposals {
    /// The row's number.
    id: i64,
    /// The listing.
    pub listing: Listing,
    /// Its best candidate, and that one's score.
    pub best: (VariantKey, u16),
    /// The score that the last match gave the best candidate.
    pub matched_bp: u16,
    /// All candidates as they are stored: most are not looked at.
    stored: String,
}

impl OpenProposals {
    /// Its candidates, best first.
    pub fn candidates(&self) -> Result<Vec<Proposal>> {
        from_json(&self.stored)
    }
}

/// New scores for the candidates of a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescored {
    /// As it was read.
    pub before: OpenProposals,
    /// The candidates with their new scores, in any order.
    pub candidates: Vec<Proposal>,
}

impl Store {
    /// The proposals that wait for a person, best first, at most so many listings.
    pub fn open_proposals(&self, store: &Slug, limit: u32) -> Result<Vec<OpenProposals>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT l.*, p.candidates, r.variant, r.score_bp, r.matched_bp FROM review r
                 JOIN listings l ON l.id = r.listing_id JOIN proposals p ON p.listing_id = l.id
                 WHERE r.store = ?1 AND r.present = 1 AND r.tab = 'to_review'
                    AND r.variant IS NOT NULL AND r.matched_bp IS NOT NULL
                 ORDER BY r.score_bp DESC, r.listing_id LIMIT ?2",
            )?;
            let rows = statement.query_map(params![store.as_str(), limit], |row| {
                Ok(OpenProposals {
                    id: row.get("id")?,
                    listing: listing_from(row)?,
                    best: (VariantKey(row.get("variant")?), row.get("score_bp")?),
                    matched_bp: row.get("matched_bp")?,
                    stored: row.get("candidates")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Listings with a score that decisions moved since the last match.
    pub fn listings_moved(&self, store: &Slug) -> Result<Vec<ListingKey>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT l.key FROM listings l JOIN proposals p ON p.listing_id = l.id
                 WHERE l.connection = ?1 AND instr(p.candidates, '\"matched_bp\":') > 0",
            )?;
            let keys = statement.query_map([store.as_str()], |row| {
                row.get::<_, String>(0).map(ListingKey::new)
            })?;
            Ok(keys.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Those of some variants of the store's Odoo that are in the cache.
    pub fn variants_of(&self, store: &Slug, keys: &[VariantKey]) -> Result<Vec<Variant>> {
        self.read(|db| {
            let Some(odoo) = bound_odoo(db, store)? else {
                return Ok(Vec::new());
            };
            let mut statement =
                db.prepare_cached("SELECT * FROM variants WHERE connection = ?1 AND key = ?2")?;
            let mut found = Vec::new();
            for key in keys {
                let mut rows = statement.query(params![odoo.as_str(), key.0])?;
                if let Some(row) = rows.next()? {
                    found.push(variant_from(row)?);
                }
            }
            Ok(found)
        })
    }

    /// Saves new scores of open proposals, and the order that follows, some at a time: a decision
    /// never waits long for its turn. A listing that was decided or matched since it was read is
    /// left as it is.
    pub fn rescore(&self, store: &Slug, rows: Vec<Rescored>) -> Result<()> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            self.write(|db| {
                for Rescored { before, candidates } in rows.by_ref().take(RESCORED_AT_ONCE) {
                    rescore(db, store, &before, candidates)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

fn rescore(
    db: &rusqlite::Transaction<'_>,
    store: &Slug,
    before: &OpenProposals,
    mut candidates: Vec<Proposal>,
) -> Result<()> {
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.score_bp));
    let Some(best) = candidates.first() else {
        return Ok(());
    };
    let kept = db
        .prepare_cached(
            "UPDATE proposals SET candidates = ?2 WHERE listing_id = ?1 AND candidates = ?3",
        )?
        .execute(params![
            before.id,
            to_json("proposals", &candidates)?,
            before.stored,
        ])?;
    if kept == 0 {
        return Ok(());
    }
    let (evidence, guards) = bits(&best.evidence);
    db.prepare_cached(
        "UPDATE review SET variant = ?3, score_bp = ?4, evidence = ?5, guards = ?6,
            matched_bp = ?7
         WHERE listing_id = ?1 AND store = ?2 AND state = 'open'",
    )?
    .execute(params![
        before.id,
        store.as_str(),
        best.variant.0,
        best.score_bp,
        evidence,
        guards,
        best.matched_bp.unwrap_or(best.score_bp),
    ])?;
    Ok(())
}
