//! How far each fetch got: sweeps that resume where they were cut off.
//!
//! A stream has up to two of them at a time: one over what changed, and a slower one over
//! everything, which finds what dates missed and what was deleted. They share one count: every
//! row that a page brings is marked with the highest number given so far, because it was seen
//! after all those sweeps had begun. What carries a lower number than a sweep over everything
//! when that one ends was not there while it read.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use tandem_domain::{Slug, Timestamp};

use crate::convert::{ReadColumn, micros, stored};
use crate::db::Store;
use crate::error::{Result, StoreError};

/// What is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// A store's listings.
    Listings,
    /// Odoo's variants.
    Variants,
    /// Odoo's stock.
    Stock,
    /// A store's orders.
    Orders,
    /// What a store paid back.
    Refunds,
}

impl Stream {
    /// Its name in the database, stable across versions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Listings => "listings",
            Self::Variants => "variants",
            Self::Stock => "stock",
            Self::Orders => "orders",
            Self::Refunds => "refunds",
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much a sweep reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepScope {
    /// Everything, or of records with a history only those that changed since an instant; what
    /// it does not see is gone.
    Everything {
        /// Since when; `None` for all that there is.
        from: Option<Timestamp>,
        /// Whether it is to be read in one go. Else it is read in slices, over many runs.
        at_once: bool,
    },
    /// What changed at or after an instant; what it does not see says nothing.
    Changes {
        /// Since when.
        since: Timestamp,
    },
}

impl SweepScope {
    /// All that there is, in one go.
    pub const WHOLE: Self = Self::Everything {
        from: None,
        at_once: true,
    };

    fn word(self) -> &'static str {
        match self {
            Self::Everything { .. } => "everything",
            Self::Changes { .. } => "changes",
        }
    }

    /// Since when it asks for changes; `None` for all that there is.
    pub fn since(self) -> Option<Timestamp> {
        match self {
            Self::Everything { from, .. } => from,
            Self::Changes { since } => Some(since),
        }
    }

    fn at_once(self) -> bool {
        matches!(self, Self::Everything { at_once: true, .. })
    }

    /// Whether resuming this one answers what is asked now.
    fn covers(self, asked: Self) -> bool {
        let reaches = match (self.since(), asked.since()) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(from), Some(wanted)) => from <= wanted,
        };
        reaches && (self.at_once() || !asked.at_once())
    }
}

/// Where a sweep goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// At the beginning.
    Start,
    /// At a cursor that the connector made.
    At(String),
    /// Every page is saved; only [`Store::finish_sweep`] is left.
    End,
}

/// A sweep that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// Its number, to be given with every page.
    pub id: i64,
    /// What it reads. For a resumed sweep this is what was begun, which covers what was asked.
    pub scope: SweepScope,
    /// Where it goes on.
    pub position: Position,
    /// Records saved since it began.
    pub done: u64,
    /// Records in all, as far as the server said.
    pub total: Option<u64>,
    /// It was cut off, or left for later, and goes on now: time passed between its pages.
    pub resumed: bool,
    /// When it began, by the server's clock once its first page was there.
    pub started_at: Timestamp,
}

/// What is known of a stream's fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchState {
    /// Whose records.
    pub connection: Slug,
    /// A sweep that was to be read in one go is unfinished: running, or cut off.
    pub unfinished: bool,
    /// Everything that changed before this instant is stored: ask for changes from here, less an
    /// overlap. It is when the last finished sweep over changes began, by the server's clock.
    pub watermark: Option<Timestamp>,
    /// Nothing that changed last before this instant is stored; `None` where there is no limit.
    pub reaches: Option<Timestamp>,
    /// When a sweep over everything last ended.
    pub full_at: Option<Timestamp>,
    /// A slow sweep over everything was left half-read, to go on the next time.
    pub half_read: bool,
    /// Records that the last sweep over everything had, or the present one has, as far as known.
    pub records: u64,
    /// When a page was last saved.
    pub updated_at: Timestamp,
}

impl Store {
    /// Begins a sweep, or hands back the one of its kind that was cut off and covers what is
    /// asked. A sweep over everything that is to be read in one go does not continue one that
    /// was left half-read for later. `now` is the watermark until the first page says what the
    /// server's clock shows.
    pub fn begin_sweep(
        &self,
        connection: &Slug,
        stream: Stream,
        scope: SweepScope,
        now: Timestamp,
    ) -> Result<Sweep> {
        self.write(|db| {
            let scope = reaching(db, (connection, stream), scope)?;
            match of_kind(db, (connection, stream), scope)? {
                Some(row) if row.unfinished() && row.scope.covers(scope) => Ok(row.into_sweep()),
                _ => start(db, (connection, stream), scope, now),
            }
        })
    }

    /// Makes a sweep begin again from its first page, because nobody knows its cursor any more
    /// (another version of the program made it). Refused, with `false`, the second time.
    pub fn restart_sweep(&self, connection: &Slug, stream: Stream, sweep: i64) -> Result<bool> {
        self.write(|db| {
            running(db, (connection, stream), sweep)?;
            let changed = db
                .prepare_cached(
                    "UPDATE sweeps SET cursor = NULL, state = 'running', done = 0, total = NULL,
                        restarted = 1
                     WHERE connection = ?1 AND stream = ?2 AND sweep = ?3 AND restarted = 0",
                )?
                .execute(params![connection.as_str(), stream.as_str(), sweep])?;
            Ok(changed > 0)
        })
    }

    /// Makes the next fetch of every stream of a connection read everything from the beginning,
    /// because what is cached came from another place. Pages of a sweep that runs are refused.
    pub fn fetch_anew(&self, connection: &Slug) -> Result<()> {
        self.write(|db| {
            db.prepare_cached("DELETE FROM sweeps WHERE connection = ?1")?
                .execute([connection.as_str()])?;
            db.prepare_cached(
                "UPDATE streams SET watermark = NULL, reaches = NULL, full_at = NULL
                 WHERE connection = ?1",
            )?
            .execute([connection.as_str()])?;
            Ok(())
        })
    }

    /// How far a stream is; `None` before its first fetch.
    pub fn fetch_state(&self, connection: &Slug, stream: Stream) -> Result<Option<FetchState>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT s.*,
                    EXISTS (SELECT 1 FROM sweeps w
                        WHERE w.connection = s.connection AND w.stream = s.stream
                            AND w.state <> 'complete' AND (w.at_once OR w.scope = 'changes'))
                        AS unfinished,
                    coalesce(e.state <> 'complete' AND NOT e.at_once, 0) AS half_read,
                    coalesce(e.total, e.done, 0) AS records
                 FROM streams s
                 LEFT JOIN sweeps e ON e.connection = s.connection AND e.stream = s.stream
                    AND e.scope = 'everything'
                 WHERE s.connection = ?1 AND s.stream = ?2",
            )?;
            let found = statement
                .query_row([connection.as_str(), stream.as_str()], |row| {
                    Ok(FetchState {
                        connection: connection.clone(),
                        unfinished: row.get("unfinished")?,
                        watermark: row.instant_opt("watermark")?,
                        reaches: row.instant_opt("reaches")?,
                        full_at: row.instant_opt("full_at")?,
                        half_read: row.get("half_read")?,
                        records: row.get::<_, i64>("records")?.unsigned_abs(),
                        updated_at: row.instant("updated_at")?,
                    })
                })
                .optional()?;
            Ok(found)
        })
    }
}

/// Whose records, and which.
pub(crate) type Of<'a> = (&'a Slug, Stream);

/// A sweep as it is saved.
pub(crate) struct SweepRow {
    id: i64,
    state: String,
    pub(crate) scope: SweepScope,
    pub(crate) previous: Option<i64>,
    cursor: Option<String>,
    done: u64,
    total: Option<u64>,
    pub(crate) started_at: Timestamp,
}

impl SweepRow {
    fn unfinished(&self) -> bool {
        self.state != "complete"
    }

    fn into_sweep(self) -> Sweep {
        let position = match (self.state.as_str(), self.cursor) {
            ("drained", _) => Position::End,
            (_, Some(cursor)) => Position::At(cursor),
            (_, None) => Position::Start,
        };
        Sweep {
            id: self.id,
            scope: self.scope,
            resumed: position != Position::Start,
            position,
            done: self.done,
            total: self.total,
            started_at: self.started_at,
        }
    }
}

fn sweep_from(row: &Row<'_>) -> rusqlite::Result<SweepRow> {
    let since = row.instant_opt("since")?;
    Ok(SweepRow {
        id: row.get("sweep")?,
        state: row.get("state")?,
        scope: match (row.get_ref("scope")?.as_str()?, since) {
            ("changes", Some(since)) => SweepScope::Changes { since },
            _ => SweepScope::Everything {
                from: since,
                at_once: row.get("at_once")?,
            },
        },
        previous: row.get("previous")?,
        cursor: row.get("cursor")?,
        done: row.get::<_, i64>("done")?.unsigned_abs(),
        total: row.get::<_, Option<i64>>("total")?.map(i64::unsigned_abs),
        started_at: row.instant("started_at")?,
    })
}

/// A sweep over everything asks for all that any earlier one stored.
fn reaching(
    db: &Connection,
    (connection, stream): Of<'_>,
    scope: SweepScope,
) -> Result<SweepScope> {
    let SweepScope::Everything {
        from: Some(from),
        at_once,
    } = scope
    else {
        return Ok(scope);
    };
    let reaches = db
        .prepare_cached(
            "SELECT reaches FROM streams
             WHERE connection = ?1 AND stream = ?2 AND reaches IS NOT NULL",
        )?
        .query_row([connection.as_str(), stream.as_str()], |row| {
            row.instant("reaches")
        })
        .optional()?;
    let from = Some(reaches.map_or(from, |reaches| reaches.min(from)));
    Ok(SweepScope::Everything { from, at_once })
}

fn of_kind(
    db: &Connection,
    (connection, stream): Of<'_>,
    scope: SweepScope,
) -> Result<Option<SweepRow>> {
    let mut statement = db.prepare_cached(
        "SELECT * FROM sweeps WHERE connection = ?1 AND stream = ?2 AND scope = ?3",
    )?;
    let key = [connection.as_str(), stream.as_str(), scope.word()];
    Ok(statement.query_row(key, sweep_from).optional()?)
}

fn start(
    db: &Transaction<'_>,
    (connection, stream): Of<'_>,
    scope: SweepScope,
    now: Timestamp,
) -> Result<Sweep> {
    let (connection, stream, now_us) = (connection.as_str(), stream.as_str(), micros(now));
    let since = scope.since().map(micros);
    let reaches = matches!(scope, SweepScope::Everything { .. })
        .then_some(since)
        .flatten();
    let id: i64 = db
        .prepare_cached(
            "INSERT INTO streams (connection, stream, last_sweep, reaches, updated_at)
             VALUES (?1, ?2, 1, ?3, ?4)
             ON CONFLICT (connection, stream) DO UPDATE SET last_sweep = last_sweep + 1,
                reaches = coalesce(?3, reaches), updated_at = ?4
             RETURNING last_sweep",
        )?
        .query_row(params![connection, stream, reaches, now_us], |row| {
            row.get(0)
        })?;
    db.prepare_cached(
        "INSERT INTO sweeps (connection, stream, scope, sweep, state, at_once, since, started_at)
         VALUES (?1, ?2, ?3, ?4, 'running', ?5, ?6, ?7)
         ON CONFLICT (connection, stream, scope) DO UPDATE SET
            previous = iif(state = 'complete', sweep, previous),
            sweep = ?4, state = 'running', at_once = ?5, since = ?6, cursor = NULL, done = 0,
            total = NULL, restarted = 0, started_at = ?7",
    )?
    .execute(params![
        connection,
        stream,
        scope.word(),
        id,
        scope.at_once(),
        since,
        now_us
    ])?;
    Ok(Sweep {
        id,
        scope,
        position: Position::Start,
        done: 0,
        total: None,
        resumed: false,
        started_at: now,
    })
}

/// An unfinished sweep by its number.
pub(crate) fn running(
    db: &Connection,
    (connection, stream): Of<'_>,
    sweep: i64,
) -> Result<SweepRow> {
    let found = db
        .prepare_cached(
            "SELECT * FROM sweeps WHERE connection = ?1 AND stream = ?2 AND sweep = ?3",
        )?
        .query_row(
            params![connection.as_str(), stream.as_str(), sweep],
            sweep_from,
        )
        .optional()?;
    found
        .filter(SweepRow::unfinished)
        .ok_or_else(|| StoreError::SweepOver {
            connection: connection.clone(),
            stream,
            sweep,
        })
}

/// What a page says about its sweep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    pub(crate) sweep: i64,
    pub(crate) next: Option<&'a str>,
    pub(crate) records: u64,
    pub(crate) total: Option<u64>,
    pub(crate) server_time: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

/// Moves the cursor on, in the transaction that saves the page, and returns the number that its
/// rows are marked with. Refuses a page of another sweep.
pub(crate) fn advance(
    db: &Transaction<'_>,
    (connection, stream): Of<'_>,
    step: &Step<'_>,
) -> Result<i64> {
    let row = running(db, (connection, stream), step.sweep)?;
    let is_first = row.cursor.is_none();
    let started_at = step
        .server_time
        .filter(|_| is_first)
        .unwrap_or(row.started_at);
    let (connection, stream) = (connection.as_str(), stream.as_str());
    db.prepare_cached(
        "UPDATE sweeps SET cursor = ?4, done = done + ?5, total = coalesce(?6, total),
            started_at = ?7, state = CASE WHEN ?4 IS NULL THEN 'drained' ELSE 'running' END
         WHERE connection = ?1 AND stream = ?2 AND sweep = ?3",
    )?
    .execute(params![
        connection,
        stream,
        step.sweep,
        step.next,
        stored(step.records),
        step.total.map(stored),
        micros(started_at)
    ])?;
    let mark = db
        .prepare_cached(
            "UPDATE streams SET updated_at = ?3 WHERE connection = ?1 AND stream = ?2
             RETURNING last_sweep",
        )?
        .query_row(params![connection, stream, micros(step.now)], |row| {
            row.get(0)
        })?;
    Ok(mark)
}
