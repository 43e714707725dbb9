//! Runs and their logs: what was done, when, and how it ended.

use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tandem_domain::{Slug, Timestamp};

use crate::convert::{ReadColumn, micros, slug, to_json, to_word};
use crate::db::Store;
use crate::error::Result;

const MICROS_A_DAY: i64 = 24 * 60 * 60 * 1_000_000;
const DAYS_KEPT: i64 = 90;
const DAYS_FAILED_KEPT: i64 = 180;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// All of it was done.
    Done,
    /// What could be done was; the rest waits for a person.
    Blocked,
    /// The manager stopped it; it can go on from where it was.
    Stopped,
    /// It failed; its log says why.
    Failed,
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its number.
    pub id: i64,
    /// What was done: `fetch`, `match`, `import` …
    pub kind: String,
    /// On which connection, where it was about one.
    pub connection: Option<Slug>,
    /// When it began, UTC.
    pub started_at: Timestamp,
    /// When it ended, UTC.
    pub ended_at: Option<Timestamp>,
    /// How it ended; `None` while it runs, and for ever if the process was killed.
    pub outcome: Option<RunOutcome>,
    /// How much was done, in the shape that its kind defines.
    pub counts: Value,
}

impl Store {
    /// Begins a run; returns its number.
    pub fn begin_run(&self, kind: &str, connection: Option<&Slug>, now: Timestamp) -> Result<i64> {
        self.write(|db| {
            db.prepare_cached(
                "INSERT INTO runs (kind, connection, started_at) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![kind, connection.map(Slug::as_str), micros(now)])?;
            Ok(db.last_insert_rowid())
        })
    }

    /// Ends a run. `counts` says how much was done.
    pub fn end_run(
        &self,
        run: i64,
        outcome: RunOutcome,
        counts: &Value,
        now: Timestamp,
    ) -> Result<()> {
        let outcome = to_word("outcome of a run", &outcome)?;
        let counts = to_json("counts of a run", counts)?;
        self.write(|db| {
            db.prepare_cached(
                "UPDATE runs SET outcome = ?2, counts = ?3, ended_at = ?4 WHERE id = ?1",
            )?
            .execute(params![run, outcome, counts, micros(now)])?;
            Ok(())
        })
    }

    /// The latest runs, newest first; of one connection, or of all.
    pub fn runs(&self, connection: Option<&Slug>, limit: u32) -> Result<Vec<Run>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT * FROM runs WHERE ?1 IS NULL OR connection = ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let rows =
                statement.query_map(params![connection.map(Slug::as_str), limit], run_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Forgets runs with their logs: those that failed after 180 days, the others after 90.
    /// Returns how many.
    pub fn prune(&self, now: Timestamp) -> Result<usize> {
        let before = |days| micros(now) - days * MICROS_A_DAY;
        self.write(|db| {
            Ok(db
                .prepare_cached(
                    "DELETE FROM runs
                     WHERE coalesce(ended_at, started_at) <
                        iif(outcome IN ('done', 'blocked', 'stopped'), ?1, ?2)",
                )?
                .execute([before(DAYS_KEPT), before(DAYS_FAILED_KEPT)])?)
        })
    }
}

pub(crate) fn run_from(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: row.get("id")?,
        kind: row.get("kind")?,
        connection: match row.get::<_, Option<String>>("connection")? {
            Some(_) => Some(slug(row, "connection")?),
            None => None,
        },
        started_at: row.instant("started_at")?,
        ended_at: row.instant_opt("ended_at")?,
        outcome: match row.get::<_, Option<String>>("outcome")? {
            Some(_) => Some(row.word("outcome")?),
            None => None,
        },
        counts: row.json("counts")?,
    })
}
