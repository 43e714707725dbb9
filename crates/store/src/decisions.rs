//! The manager's decisions: kept for ever, undone exactly, never overruled.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use tandem_domain::{Decision, ListingKey, Slug, Timestamp, VariantKey};

use crate::convert::{ReadColumn, micros, to_json, to_word};
use crate::db::Store;
use crate::error::Result;
use crate::standing::{self, Standing};
use crate::together;

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
    /// Who took it, where that is known.
    pub decided_by: Option<String>,
    /// When it was taken back, UTC.
    pub undone_at: Option<Timestamp>,
}

/// By what road a decision came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody looked at the pair.
    Hand,
    /// Many at once, in the review.
    Bulk,
    /// Out of a file.
    File,
}

/// What stands beside a decision: when, by whom, how, and with which others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp<'a> {
    pub(crate) batch: Option<i64>,
    pub(crate) origin: Origin,
    pub(crate) who: Option<&'a str>,
    pub(crate) now: Timestamp,
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
        let stamp = Stamp {
            batch: None,
            origin: Origin::Hand,
            who: self.who(),
            now,
        };
        self.write(|db| decide_one(db, store, (listing, decision), (None, stamp)))
    }

    /// Takes many decisions in one transaction; [`Store::undo`] takes them back together.
    pub fn decide_all(
        &self,
        store: &Slug,
        decisions: &[(ListingKey, Decision)],
        now: Timestamp,
    ) -> Result<Vec<i64>> {
        self.decide_together(store, decisions, (Origin::Bulk, now))
    }

    /// As [`Store::decide_all`], and says by what road they came.
    pub fn decide_together(
        &self,
        store: &Slug,
        decisions: &[(ListingKey, Decision)],
        (origin, now): (Origin, Timestamp),
    ) -> Result<Vec<i64>> {
        let stamp = Stamp {
            batch: None,
            origin,
            who: self.who(),
            now,
        };
        self.write_much(|db| together::decide(db, store, decisions, stamp))
    }

    /// Takes back the store's last step that is in force, one decision or all of a bulk step, and
    /// puts every listing back to how it stood before. Returns what was taken back, latest
    /// first; nothing when there is nothing left.
    ///
    /// Was the store matched anew since, match it again afterwards: what comes back is how the
    /// listing stood then.
    pub fn undo(&self, store: &Slug, now: Timestamp) -> Result<Vec<DecisionRecord>> {
        self.write_much(|db| {
            let batch: Option<i64> = db
                .prepare_cached(
                    "SELECT batch FROM decisions WHERE store = ?1 AND undone_at IS NULL
                     ORDER BY seq DESC LIMIT 1",
                )?
                .query_row([store.as_str()], |row| row.get(0))
                .optional()?;
            match batch {
                Some(batch) => together::undo(db, (store, batch), (self.who(), now)),
                None => Ok(Vec::new()),
            }
        })
    }

    /// Takes back one step, the last or an older one. What was decided since about a listing
    /// stands: its part of the step is left as it is. Returns what was taken back, latest first,
    /// and how many were left.
    pub fn undo_step(
        &self,
        store: &Slug,
        step: i64,
        now: Timestamp,
    ) -> Result<(Vec<DecisionRecord>, u32)> {
        self.write_much(|db| {
            let undone = together::undo(db, (store, step), (self.who(), now))?;
            let left = db
                .prepare_cached(
                    "SELECT count(*) FROM decisions
                     WHERE store = ?1 AND batch = ?2 AND undone_at IS NULL",
                )?
                .query_row(params![store.as_str(), step], |row| row.get(0))?;
            Ok((undone, left))
        })
    }

    /// Whether the manager said this of a listing already, and it is in force.
    pub fn stands(&self, store: &Slug, listing: &ListingKey, decision: &Decision) -> Result<bool> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT action, variant FROM decisions
                 WHERE store = ?1 AND listing = ?2 AND undone_at IS NULL ORDER BY seq",
            )?;
            let rows = statement.query_map([store.as_str(), listing.as_str()], decision_from)?;
            let mut said = Said::default();
            for decision in rows {
                said.add(&decision?);
            }
            Ok(match decision {
                Decision::Accept(variant) => said.accepted == Some(*variant),
                Decision::Reject(variant) => said.rejected.contains(variant),
                Decision::Ignore => said.ignored,
            })
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

/// How a decision is stored: what was done, and with which variant.
pub(crate) fn words(decision: &Decision) -> (&'static str, Option<i64>) {
    match decision {
        Decision::Accept(variant) => ("accept", Some(variant.0)),
        Decision::Reject(variant) => ("reject", Some(variant.0)),
        Decision::Ignore => ("ignore", None),
    }
}

/// Takes one decision, under the number that it is given or the next one.
pub(crate) fn decide_one(
    db: &Transaction<'_>,
    store: &Slug,
    (listing, decision): (&ListingKey, &Decision),
    (seq, stamp): (Option<i64>, Stamp<'_>),
) -> Result<i64> {
    let before = standing::load(db, store.as_str(), listing)?;
    let mut after = before.standing.clone();
    match decision {
        Decision::Accept(variant) => after.accept(listing, *variant, stamp.now),
        Decision::Reject(variant) => after.reject(*variant),
        Decision::Ignore => after.ignore(),
    }
    let (action, variant) = words(decision);
    db.prepare_cached(
        "INSERT INTO decisions
            (seq, batch, store, listing, action, variant, decided_at, before, decided_by, origin)
         VALUES (?1, coalesce(?2, 0), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        seq,
        stamp.batch,
        store.as_str(),
        listing.as_str(),
        action,
        variant,
        micros(stamp.now),
        to_json("standing of a listing", &before.kept())?,
        stamp.who,
        to_word("origin of a decision", &stamp.origin)?,
    ])?;
    let seq = db.last_insert_rowid();
    if stamp.batch.is_none() {
        db.prepare_cached("UPDATE decisions SET batch = seq WHERE seq = ?1")?
            .execute([seq])?;
    }
    standing::save(db, (store.as_str(), listing), &before, &after)?;
    Ok(seq)
}

/// Puts a listing back to how it stood.
pub(crate) fn stand_as(
    db: &Transaction<'_>,
    store: &Slug,
    listing: &ListingKey,
    before: &Standing,
) -> Result<()> {
    let current = standing::load(db, store.as_str(), listing)?;
    standing::save(db, (store.as_str(), listing), &current, before)
}

pub(crate) fn with_before(row: &Row<'_>) -> rusqlite::Result<(DecisionRecord, Standing)> {
    Ok((record_from(row)?, row.json("before")?))
}

pub(crate) fn record_from(row: &Row<'_>) -> rusqlite::Result<DecisionRecord> {
    Ok(DecisionRecord {
        seq: row.get("seq")?,
        batch: row.get("batch")?,
        listing: ListingKey::new(row.get::<_, String>("listing")?),
        decision: decision_from(row)?,
        decided_at: row.instant("decided_at")?,
        decided_by: row.get("decided_by")?,
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
