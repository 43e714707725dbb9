//! The manager's decisions: kept for ever, undone exactly, never overruled.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use tandem_domain::{Decision, ListingKey, Slug, Timestamp, VariantKey};

use crate::convert::{ReadColumn, micros, to_json};
use crate::db::Store;
use crate::error::Result;
use crate::standing::{self, Standing};

/// A decision as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRecord {
    /// Its number, rising over all stores.
    pub seq: i64,
    /// The first number of those taken together, in one step.
    pub batch: i64,
    /// What was decided on.
    pub listing: ListingKey,
    /// What was decided.
    pub decision: Decision,
    /// When, UTC.
    pub decided_at: Timestamp,
    /// When it was taken back, UTC.
    pub undone_at: Option<Timestamp>,
}

impl Store {
    /// Takes a decision and puts it into force at once; returns its number.
    ///
    /// Accepting links the pair in place of any earlier link of this listing; rejecting drops
    /// the link or proposal of this pair; ignoring drops the link.
    pub fn decide(
        &self,
        store: &Slug,
        listing: &ListingKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<i64> {
        self.write(|db| decide_one(db, store, (listing, decision), (None, now)))
    }

    /// Takes many decisions in one transaction; [`Store::undo`] takes them back together.
    pub fn decide_all(
        &self,
        store: &Slug,
        decisions: &[(ListingKey, Decision)],
        now: Timestamp,
    ) -> Result<Vec<i64>> {
        self.write(|db| {
            let mut taken: Vec<i64> = Vec::with_capacity(decisions.len());
            for (listing, decision) in decisions {
                let batch = taken.first().copied();
                taken.push(decide_one(db, store, (listing, decision), (batch, now))?);
            }
            Ok(taken)
        })
    }

    /// Takes back the store's last step that is in force, one decision or all of a bulk step, and
    /// puts every listing back to how it stood before. Returns what was taken back, latest
    /// first; nothing when there is nothing left.
    ///
    /// Was the store matched anew since, match it again afterwards: what comes back is how the
    /// listing stood then.
    pub fn undo(&self, store: &Slug, now: Timestamp) -> Result<Vec<DecisionRecord>> {
        self.write(|db| {
            let batch: Option<i64> = db
                .prepare_cached(
                    "SELECT batch FROM decisions WHERE store = ?1 AND undone_at IS NULL
                     ORDER BY seq DESC LIMIT 1",
                )?
                .query_row([store.as_str()], |row| row.get(0))
                .optional()?;
            let Some(batch) = batch else {
                return Ok(Vec::new());
            };
            let mut statement = db.prepare_cached(
                "SELECT * FROM decisions
                 WHERE store = ?1 AND seq >= ?2 AND batch = ?2 AND undone_at IS NULL
                 ORDER BY seq DESC",
            )?;
            let rows = statement.query_map(params![store.as_str(), batch], with_before)?;
            rows.map(|row| take_back(db, store, row?, now)).collect()
        })
    }

    /// How many decisions on a store are in force.
    pub fn count_decisions(&self, store: &Slug) -> Result<u32> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT count(*) FROM decisions WHERE store = ?1 AND undone_at IS NULL",
            )?;
            Ok(statement.query_row([store.as_str()], |row| row.get(0))?)
        })
    }

    /// All decisions on a store in the order in which they were taken, undone ones included.
    pub fn decisions(&self, store: &Slug) -> Result<Vec<DecisionRecord>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM decisions WHERE store = ?1 ORDER BY seq")?;
            let rows = statement.query_map([store.as_str()], record_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// What the decisions in force add up to for one listing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) accepted: Option<VariantKey>,
    pub(crate) rejected: BTreeSet<VariantKey>,
    pub(crate) ignored: bool,
}

impl Said {
    fn add(&mut self, decision: &Decision) {
        match decision {
            Decision::Accept(variant) => {
                self.accepted = Some(*variant);
                self.rejected.remove(variant);
                self.ignored = false;
            }
            Decision::Reject(variant) => {
                self.rejected.insert(*variant);
                if self.accepted == Some(*variant) {
                    self.accepted = None;
                }
            }
            Decision::Ignore => {
                self.accepted = None;
                self.ignored = true;
            }
        }
    }
}

/// The decisions in force of a store, added up by listing.
pub(crate) fn said(db: &Connection, store: &Slug) -> Result<HashMap<ListingKey, Said>> {
    let mut statement = db.prepare_cached(
        "SELECT * FROM decisions WHERE store = ?1 AND undone_at IS NULL ORDER BY seq",
    )?;
    let rows = statement.query_map([store.as_str()], record_from)?;
    let mut all: HashMap<ListingKey, Said> = HashMap::new();
    for record in rows {
        let record = record?;
        all.entry(record.listing).or_default().add(&record.decision);
    }
    Ok(all)
}

fn decide_one(
    db: &Transaction<'_>,
    store: &Slug,
    (listing, decision): (&ListingKey, &Decision),
    (batch, now): (Option<i64>, Timestamp),
) -> Result<i64> {
    let before = standing::load(db, store.as_str(), listing)?;
    let mut after = before.standing.clone();
    let (action, variant) = match decision {
        Decision::Accept(variant) => {
            after.accept(listing, *variant, now);
            ("accept", Some(variant.0))
        }
        Decision::Reject(variant) => {
            after.reject(*variant);
            ("reject", Some(variant.0))
        }
        Decision::Ignore => {
            after.ignore();
            ("ignore", None)
        }
    };
    db.prepare_cached(
        "INSERT INTO decisions (batch, store, listing, action, variant, decided_at, before)
         VALUES (coalesce(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        batch,
        store.as_str(),
        listing.as_str(),
        action,
        variant,
        micros(now),
        to_json("standing of a listing", &before.standing)?,
    ])?;
    let seq = db.last_insert_rowid();
    if batch.is_none() {
        db.prepare_cached("UPDATE decisions SET batch = seq WHERE seq = ?1")?
            .execute([seq])?;
    }
    standing::save(db, (store.as_str(), listing), &before, &after)?;
    Ok(seq)
}

fn take_back(
    db: &Transaction<'_>,
    store: &Slug,
    (record, before): (DecisionRecord, Standing),
    now: Timestamp,
) -> Result<DecisionRecord> {
    let current = standing::load(db, store.as_str(), &record.listing)?;
    standing::save(db, (store.as_str(), &record.listing), &current, &before)?;
    db.prepare_cached("UPDATE decisions SET undone_at = ?2 WHERE seq = ?1")?
        .execute([record.seq, micros(now)])?;
    Ok(DecisionRecord {
        undone_at: Some(now),
        ..record
    })
}

fn with_before(row: &Row<'_>) -> rusqlite::Result<(DecisionRecord, Standing)> {
    Ok((record_from(row)?, row.json("before")?))
}

pub(crate) fn record_from(row: &Row<'_>) -> rusqlite::Result<DecisionRecord> {
    Ok(DecisionRecord {
        seq: row.get("seq")?,
        batch: row.get("batch")?,
        listing: ListingKey::new(row.get::<_, String>("listing")?),
        decision: decision_from(row)?,
        decided_at: row.instant("decided_at")?,
        undone_at: row.instant_opt("undone_at")?,
    })
}

pub(crate) fn decision_from(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let variant = || row.get("variant").map(VariantKey);
    Ok(match row.get_ref("action")?.as_str()? {
        "accept" => Decision::Accept(variant()?),
        "reject" => Decision::Reject(variant()?),
        _ => Decision::Ignore,
    })
}
