//! How far each fetch got: sweeps that resume where they were cut off.
//!
//! A sweep reads a stream once, page by page. Its number marks every row that it saw, so a sweep
//! over everything knows at its end which rows are gone.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use tandem_domain::{Slug, Timestamp};

use crate::conflicts::mark_shared;
use crate::connections::bound_to;
use crate::convert::{ReadColumn, micros};
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
}

impl Stream {
    /// Its name in the database, stable across versions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Listings => "listings",
            Self::Variants => "variants",
            Self::Stock => "stock",
            Self::Orders => "orders",
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
    /// Everything; what it does not see is gone.
    All,
    /// What changed at or after an instant; what it does not see says nothing.
    Since(Timestamp),
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
}

/// What is known of a stream's fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchState {
    /// Whose records.
    pub connection: Slug,
    /// A sweep is unfinished: running, or cut off.
    pub unfinished: bool,
    /// Everything before this instant is stored: ask for changes from here, less an overlap.
    /// It is the `now` given to the `begin_sweep` of the last finished sweep.
    pub watermark: Option<Timestamp>,
    /// When a sweep over everything last ended.
    pub full_at: Option<Timestamp>,
    /// When a page was last saved.
    pub updated_at: Timestamp,
}

/// A record of the last fetch that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchProblem {
    /// What was fetched.
    pub stream: Stream,
    /// Its id there; empty when not even that could be read.
    pub external_id: String,
    /// Which field, and why.
    pub reason: String,
    /// As received.
    pub raw: String,
    /// When it was noted, UTC.
    pub noted_at: Timestamp,
}

impl Store {
    /// Begins a sweep, or hands back the one that was cut off.
    ///
    /// An unfinished sweep over everything is resumed whatever is asked; an unfinished one over
    /// changes is resumed, unless everything is asked, which covers it. `now` should be the
    /// server's clock: it becomes the watermark when the sweep is finished.
    pub fn begin_sweep(
        &self,
        connection: &Slug,
        stream: Stream,
        scope: SweepScope,
        now: Timestamp,
    ) -> Result<Sweep> {
        self.write(|db| {
            let last = load(db, connection, stream)?;
            match last {
                Some(row) if row.unfinished() && covers(row.scope, scope) => Ok(row.into_sweep()),
                last => start(
                    db,
                    &Begin {
                        connection,
                        stream,
                        scope,
                        now,
                    },
                    last.map(|l| l.id),
                ),
            }
        })
    }

    /// Ends a sweep whose last page is saved. After a sweep over everything, rows that it did not
    /// see are marked as gone, in the same transaction; returns how many.
    ///
    /// Records that could not be understood count as seen, by their id, which must be spelled as
    /// the record's key. Was one of them without a readable id, or a level of stock, nothing is
    /// marked as gone, because any row might be it.
    pub fn finish_sweep(
        &self,
        connection: &Slug,
        stream: Stream,
        sweep: i64,
        now: Timestamp,
    ) -> Result<usize> {
        self.write(|db| {
            let row = running(db, connection, stream, sweep)?;
            let full = row.scope == SweepScope::All;
            let gone = if full {
                bury_unseen(db, connection, stream, (sweep, now))?
            } else {
                0
            };
            db.prepare_cached(
                "UPDATE cursors SET state = 'complete', cursor = NULL, watermark = started_at,
                    full_at = CASE WHEN ?3 THEN ?4 ELSE full_at END, updated_at = ?4
                 WHERE connection = ?1 AND stream = ?2",
            )?
            .execute(params![
                connection.as_str(),
                stream.as_str(),
                full,
                micros(now)
            ])?;
            match stream {
                Stream::Listings => mark_shared(db, connection)?,
                Stream::Variants => {
                    for store in bound_to(db, connection)? {
                        mark_shared(db, &store)?;
                    }
                }
                Stream::Stock | Stream::Orders => {}
            }
            Ok(gone)
        })
    }

    /// Makes the next fetch of every stream of a connection read everything from the beginning,
    /// because what is cached came from another place. Pages of a sweep that runs are refused.
    pub fn fetch_anew(&self, connection: &Slug) -> Result<()> {
        self.write(|db| {
            db.prepare_cached(
                "UPDATE cursors SET state = 'complete', cursor = NULL, watermark = NULL,
                    full_at = NULL
                 WHERE connection = ?1",
            )?
            .execute([connection.as_str()])?;
            Ok(())
        })
    }

    /// How far a stream is; `None` before its first fetch.
    pub fn fetch_state(&self, connection: &Slug, stream: Stream) -> Result<Option<FetchState>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM cursors WHERE connection = ?1 AND stream = ?2")?;
            let found = statement
                .query_row([connection.as_str(), stream.as_str()], |row| {
                    Ok(FetchState {
                        connection: connection.clone(),
                        unfinished: row.get_ref("state")?.as_str()? != "complete",
                        watermark: row.instant_opt("watermark")?,
                        full_at: row.instant_opt("full_at")?,
                        updated_at: row.instant("updated_at")?,
                    })
                })
                .optional()?;
            Ok(found)
        })
    }

    /// Records that could not be understood when they were last fetched, newest first.
    pub fn fetch_problems(&self, connection: &Slug) -> Result<Vec<FetchProblem>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT * FROM fetch_problems WHERE connection = ?1 ORDER BY noted_at DESC, id",
            )?;
            let rows = statement.query_map([connection.as_str()], |row| {
                Ok(FetchProblem {
                    stream: row.word("stream")?,
                    external_id: row.get("external_id")?,
                    reason: row.get("reason")?,
                    raw: row.inflated("raw")?,
                    noted_at: row.instant("noted_at")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

struct CursorRow {
    id: i64,
    state: String,
    scope: SweepScope,
    cursor: Option<String>,
}

impl CursorRow {
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
            position,
        }
    }
}

/// Whether resuming `running` answers what is asked now.
fn covers(running: SweepScope, asked: SweepScope) -> bool {
    match (running, asked) {
        (SweepScope::All, _) => true,
        (SweepScope::Since(_), SweepScope::All) => false,
        (SweepScope::Since(from), SweepScope::Since(wanted)) => from <= wanted,
    }
}

fn load(db: &Connection, connection: &Slug, stream: Stream) -> Result<Option<CursorRow>> {
    let mut statement =
        db.prepare_cached("SELECT * FROM cursors WHERE connection = ?1 AND stream = ?2")?;
    let found = statement
        .query_row([connection.as_str(), stream.as_str()], |row| {
            Ok(CursorRow {
                id: row.get("sweep")?,
                state: row.get("state")?,
                scope: match row.instant_opt("since")? {
                    Some(instant) => SweepScope::Since(instant),
                    None => SweepScope::All,
                },
                cursor: row.get("cursor")?,
            })
        })
        .optional()?;
    Ok(found)
}

struct Begin<'a> {
    connection: &'a Slug,
    stream: Stream,
    scope: SweepScope,
    now: Timestamp,
}

fn start(db: &Transaction<'_>, begin: &Begin<'_>, last: Option<i64>) -> Result<Sweep> {
    let id = last.unwrap_or(0) + 1;
    let since = match begin.scope {
        SweepScope::All => None,
        SweepScope::Since(instant) => Some(micros(instant)),
    };
    db.prepare_cached(
        "INSERT INTO cursors (connection, stream, sweep, state, since, started_at, updated_at)
         VALUES (?1, ?2, ?3, 'running', ?4, ?5, ?5)
         ON CONFLICT (connection, stream) DO UPDATE SET sweep = ?3, state = 'running',
            since = ?4, cursor = NULL, started_at = ?5, updated_at = ?5",
    )?
    .execute(params![
        begin.connection.as_str(),
        begin.stream.as_str(),
        id,
        since,
        micros(begin.now)
    ])?;
    Ok(Sweep {
        id,
        scope: begin.scope,
        position: Position::Start,
    })
}

fn running(db: &Connection, connection: &Slug, stream: Stream, sweep: i64) -> Result<CursorRow> {
    load(db, connection, stream)?
        .filter(|row| row.id == sweep && row.unfinished())
        .ok_or_else(|| StoreError::SweepOver {
            connection: connection.clone(),
            stream,
            sweep,
        })
}

/// Moves the cursor on, in the transaction that saves the page. Refuses a page of another sweep.
pub(crate) fn advance(
    db: &Transaction<'_>,
    (connection, stream, sweep): (&Slug, Stream, i64),
    next: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    running(db, connection, stream, sweep)?;
    db.prepare_cached(
        "UPDATE cursors SET cursor = ?3, updated_at = ?4,
            state = CASE WHEN ?3 IS NULL THEN 'drained' ELSE 'running' END
         WHERE connection = ?1 AND stream = ?2",
    )?
    .execute(params![
        connection.as_str(),
        stream.as_str(),
        next,
        micros(now)
    ])?;
    Ok(())
}

/// Marks what a sweep over everything did not see. Problems of earlier sweeps are over as well:
/// their records were either understood this time or are no longer there.
fn bury_unseen(
    db: &Transaction<'_>,
    connection: &Slug,
    stream: Stream,
    (sweep, now): (i64, Timestamp),
) -> Result<usize> {
    let (connection, name) = (connection.as_str(), stream.as_str());
    db.prepare_cached(
        "DELETE FROM fetch_problems WHERE connection = ?1 AND stream = ?2 AND sweep < ?3",
    )?
    .execute(params![connection, name, sweep])?;
    let nameless = db
        .prepare_cached(
            "SELECT 1 FROM fetch_problems
             WHERE connection = ?1 AND stream = ?2 AND (external_id = '' OR ?2 = 'stock')",
        )?
        .exists([connection, name])?;
    if nameless {
        return Ok(0);
    }
    let bury = match stream {
        Stream::Listings => BURY_LISTINGS,
        Stream::Variants => BURY_VARIANTS,
        Stream::Orders => BURY_ORDERS,
        Stream::Stock => DROP_STOCK,
    };
    Ok(db
        .prepare_cached(bury)?
        .execute(params![connection, sweep, micros(now)])?)
}

const BURY_LISTINGS: &str = "UPDATE listings SET gone_at = ?3
    WHERE connection = ?1 AND seen_sweep < ?2 AND gone_at IS NULL";
const BURY_VARIANTS: &str = "UPDATE variants SET gone_at = ?3
    WHERE connection = ?1 AND seen_sweep < ?2 AND gone_at IS NULL";
const BURY_ORDERS: &str = "UPDATE orders SET gone_at = ?3
    WHERE connection = ?1 AND seen_sweep < ?2 AND gone_at IS NULL";
/// A level has no history worth keeping: no row means no stock.
const DROP_STOCK: &str = "DELETE FROM stock_levels
    WHERE connection = ?1 AND seen_sweep < ?2 AND ?3 IS NOT NULL";
