//! What was done, newest first: runs, and a person's decisions by day.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use tandem_domain::{Slug, Timestamp};

use crate::convert::{ReadColumn, micros, slug, to_word};
use crate::db::Store;
use crate::decisions::{DecisionRecord, record_from};
use crate::error::Result;
use crate::runs::{Run, RunOutcome, run_from};
use crate::search::{Condition, escaped};

const MICROS_A_MINUTE: i64 = 60 * 1_000_000;
const MICROS_A_DAY: i64 = 24 * 60 * MICROS_A_MINUTE;

/// What the history is narrowed to; everything when all is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Only of this connection.
    pub connection: Option<Slug>,
    /// Any of these kinds: those of runs, and `decisions`.
    pub kinds: Vec<String>,
    /// Runs that ended so; decisions have no outcome.
    pub outcome: Option<RunOutcome>,
    /// Runs whose account has this text: a code, a step, a name.
    pub text: String,
    /// How far the person's day is ahead of UTC.
    pub utc_offset_minutes: i32,
}

/// The decisions of one day on one store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionDay {
    /// The store.
    pub connection: Slug,
    /// When the day began.
    pub from: Timestamp,
    /// The first one, and the latest.
    pub first_at: Timestamp,
    /// The latest.
    pub last_at: Timestamp,
    /// Accepted, and still in force.
    pub accepted: u32,
    /// Rejected, and still in force.
    pub rejected: u32,
    /// Ignored, and still in force.
    pub ignored: u32,
    /// Taken back since.
    pub undone: u32,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq)]
pub enum HistoryEntry {
    /// A run.
    Run(Run),
    /// Decisions.
    Decisions(DecisionDay),
}

/// A part of the history, and how long all of it is.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPart {
    /// The lines, newest first.
    pub entries: Vec<HistoryEntry>,
    /// How many lines the filter leaves.
    pub total: u32,
}

/// How many lines there are by how they ended, under all filters but that one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HistoryCounts {
    /// All of them.
    pub all: u32,
    /// Runs that failed.
    pub failed: u32,
    /// Runs that were stopped, or killed.
    pub stopped: u32,
}

impl Store {
    /// A part of the history, newest first.
    pub fn history(&self, filter: &HistoryFilter, offset: u32, limit: u32) -> Result<HistoryPart> {
        let Condition { sql, values } = entries(filter)?;
        self.read(|db| {
            let total = db
                .prepare_cached(&format!("SELECT count(*) FROM ({sql})"))?
                .query_row(params_from_iter(&values), |row| row.get(0))?;
            let mut statement = db.prepare_cached(&format!(
                "{sql} ORDER BY at DESC, run DESC LIMIT ? OFFSET ?"
            ))?;
            let ends = [Value::Integer(limit.into()), Value::Integer(offset.into())];
            let mut rows = statement.query(params_from_iter(values.iter().chain(&ends)))?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                entries.push(entry_from(db, row, filter.utc_offset_minutes)?);
            }
            Ok(HistoryPart { entries, total })
        })
    }

    /// How many lines there are by how they ended, under all filters but that one.
    pub fn history_counts(&self, filter: &HistoryFilter) -> Result<HistoryCounts> {
        let any = HistoryFilter {
            outcome: None,
            ..filter.clone()
        };
        let Condition { sql, values } = entries(&any)?;
        self.read(|db| {
            let mut statement = db.prepare_cached(&format!(
                "SELECT count(*), coalesce(sum(outcome = 'failed'), 0),
                    coalesce(sum(run > 0 AND coalesce(outcome, 'stopped') = 'stopped'), 0)
                 FROM ({sql})"
            ))?;
            Ok(statement.query_row(params_from_iter(values), |row| {
                Ok(HistoryCounts {
                    all: row.get(0)?,
                    failed: row.get(1)?,
                    stopped: row.get(2)?,
                })
            })?)
        })
    }

    /// One run.
    pub fn run(&self, id: i64) -> Result<Option<Run>> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT * FROM runs WHERE id = ?1")?;
            Ok(statement.query_row([id], run_from).optional()?)
        })
    }

    /// Decisions on a store between two instants, latest first, with the name of each listing;
    /// taken back ones included.
    pub fn decisions_between(
        &self,
        store: &Slug,
        (from, before): (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<(DecisionRecord, Option<String>)>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT d.*, l.name AS listing_name FROM decisions d
                 LEFT JOIN listings l ON l.connection = d.store AND l.key = d.listing
                 WHERE d.store = ?1 AND d.decided_at >= ?2 AND d.decided_at < ?3
                 ORDER BY d.seq DESC LIMIT ?4",
            )?;
            let rows = statement.query_map(
                params![store.as_str(), micros(from), micros(before), limit],
                |row| Ok((record_from(row)?, row.get("listing_name")?)),
            )?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// Runs and days of decisions as rows of one shape. `run` is 0 for decisions.
fn entries(filter: &HistoryFilter) -> Result<Condition> {
    let mut runs = Condition::default();
    runs.and("1 = 1", []);
    let mut days = Condition::default();
    days.and("1 = 1", []);
    if let Some(connection) = &filter.connection {
        let name = || Value::Text(connection.to_string());
        runs.and("connection = ?", [name()]);
        days.and("store = ?", [name()]);
    }
    if !filter.kinds.is_empty() {
        let marks = vec!["?"; filter.kinds.len()].join(", ");
        let kinds = filter.kinds.iter().cloned().map(Value::Text);
        runs.and(&format!("kind IN ({marks})"), kinds);
        if !filter.kinds.iter().any(|kind| kind == "decisions") {
            days.and("0 = 1", []);
        }
    }
    if let Some(outcome) = filter.outcome {
        let word = Value::Text(to_word("outcome of a run", &outcome)?);
        // One that was killed never said how it ended.
        let killed = Value::Integer((outcome == RunOutcome::Stopped).into());
        runs.and("(outcome = ? OR (outcome IS NULL AND ?))", [word, killed]);
        days.and("0 = 1", []);
    }
    for word in filter.text.split_whitespace() {
        let pattern = Value::Text(format!("%{}%", escaped(word)));
        runs.and("counts LIKE ? ESCAPE '\\'", [pattern]);
        days.and("0 = 1", []);
    }
    let offset = i64::from(filter.utc_offset_minutes) * MICROS_A_MINUTE;
    let mut all = Condition::default();
    all.and(
        &format!(
            "SELECT id AS run, connection, started_at AS at, outcome, NULL AS first_at, 0 AS day,
                0 AS accepted, 0 AS rejected, 0 AS ignored, 0 AS undone
             FROM runs WHERE {}
             UNION ALL
             SELECT 0, store, max(decided_at), NULL, min(decided_at),
                (decided_at + {offset}) / {MICROS_A_DAY} AS day,
                sum(action = 'accept' AND undone_at IS NULL),
                sum(action = 'reject' AND undone_at IS NULL),
                sum(action = 'ignore' AND undone_at IS NULL), sum(undone_at IS NOT NULL)
             FROM decisions WHERE {} GROUP BY store, day",
            runs.sql, days.sql
        ),
        runs.values.into_iter().chain(days.values),
    );
    Ok(all)
}

fn entry_from(db: &Connection, row: &Row<'_>, offset_minutes: i32) -> Result<HistoryEntry> {
    let run: i64 = row.get("run")?;
    if run != 0 {
        let mut statement = db.prepare_cached("SELECT * FROM runs WHERE id = ?1")?;
        return Ok(HistoryEntry::Run(statement.query_row([run], run_from)?));
    }
    let day: i64 = row.get("day")?;
    let began = day * MICROS_A_DAY - i64::from(offset_minutes) * MICROS_A_MINUTE;
    Ok(HistoryEntry::Decisions(DecisionDay {
        connection: slug(row, "connection")?,
        from: Timestamp::from_microsecond(began).unwrap_or(Timestamp::UNIX_EPOCH),
        first_at: row.instant("first_at")?,
        last_at: row.instant("at")?,
        accepted: row.get("accepted")?,
        rejected: row.get("rejected")?,
        ignored: row.get("ignored")?,
        undone: row.get("undone")?,
    }))
}
