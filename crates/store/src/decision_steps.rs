//! The decisions of a store as a history: one line for each step, whoever took it, taken back or
//! not.

use rusqlite::{Row, params};
use tandem_domain::{Decision, ListingKey, Slug, Timestamp};

use crate::convert::ReadColumn;
use crate::db::Store;
use crate::decisions::{Origin, decision_from};
use crate::error::Result;

/// What was decided together, one pair or many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionStep {
    /// Its number, for [`Store::undo_step`].
    pub step: i64,
    /// By what road it came, where that is known.
    pub origin: Option<Origin>,
    /// The first of the listings.
    pub listing: ListingKey,
    /// The name of that listing, if the cache has it.
    pub name: Option<String>,
    /// What was decided on it.
    pub decision: Decision,
    /// When, UTC.
    pub decided_at: Timestamp,
    /// Who, where that is known.
    pub decided_by: Option<String>,
    /// How many decisions it has.
    pub size: u32,
    /// How many of them are in force.
    pub in_force: u32,
    /// When some of it was taken back last, UTC.
    pub undone_at: Option<Timestamp>,
    /// Who took it back, where that is known.
    pub undone_by: Option<String>,
}

/// A part of the history, and how long all of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepsListed {
    /// The steps, latest first.
    pub steps: Vec<DecisionStep>,
    /// How many there are.
    pub total: u32,
}

impl Store {
    /// The steps of a store, latest first.
    pub fn decision_history(&self, store: &Slug, offset: u32, limit: u32) -> Result<StepsListed> {
        self.read(|db| {
            let total = db
                .prepare_cached("SELECT count(DISTINCT batch) FROM decisions WHERE store = ?1")?
                .query_row([store.as_str()], |row| row.get(0))?;
            let mut statement = db.prepare_cached(
                "WITH steps AS (
                    SELECT batch, min(seq) AS first, count(*) AS size,
                        count(*) FILTER (WHERE undone_at IS NULL) AS in_force,
                        max(undone_at) AS last_undone, max(undone_by) AS last_undone_by
                    FROM decisions WHERE store = ?1
                    GROUP BY batch ORDER BY batch DESC LIMIT ?2 OFFSET ?3)
                 SELECT d.*, l.name, s.size, s.in_force, s.last_undone, s.last_undone_by
                 FROM steps s JOIN decisions d ON d.seq = s.first
                 LEFT JOIN listings l ON l.connection = d.store AND l.key = d.listing
                 ORDER BY s.batch DESC",
            )?;
            let steps = statement.query_map(params![store.as_str(), limit, offset], step_from)?;
            Ok(StepsListed {
                steps: steps.collect::<rusqlite::Result<_>>()?,
                total,
            })
        })
    }

    /// What was ever decided about one listing, latest first. A step may be about others too; what
    /// is in force of it is said of this listing alone.
    pub fn decisions_on(&self, store: &Slug, listing: &ListingKey) -> Result<Vec<DecisionStep>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT d.*, l.name, d.undone_at IS NULL AS in_force,
                    (SELECT count(*) FROM decisions o
                        WHERE o.store = d.store AND o.batch = d.batch) AS size,
                    d.undone_at AS last_undone, d.undone_by AS last_undone_by
                 FROM decisions d
                 LEFT JOIN listings l ON l.connection = d.store AND l.key = d.listing
                 WHERE d.store = ?1 AND d.listing = ?2 ORDER BY d.seq DESC",
            )?;
            let steps =
                statement.query_map(params![store.as_str(), listing.as_str()], step_from)?;
            Ok(steps.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn step_from(row: &Row<'_>) -> rusqlite::Result<DecisionStep> {
    let origin = row.get_ref("origin")?.as_str_or_null()?.is_some();
    Ok(DecisionStep {
        step: row.get("batch")?,
        origin: origin.then(|| row.word("origin")).transpose()?,
        listing: ListingKey::new(row.get::<_, String>("listing")?),
        name: row.get("name")?,
        decision: decision_from(row)?,
        decided_at: row.instant("decided_at")?,
        decided_by: row.get("decided_by")?,
        size: row.get("size")?,
        in_force: row.get("in_force")?,
        undone_at: row.instant_opt("last_undone")?,
        undone_by: row.get("last_undone_by")?,
    })
}
