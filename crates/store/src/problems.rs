//! Records that could not be understood: kept with the reason, and listed.

use rusqlite::params;
use tandem_domain::{Slug, Timestamp};

use crate::convert::{ReadColumn, slug};
use crate::cursors::Stream;
use crate::db::Store;
use crate::error::Result;

/// A record that could not be understood when it was last fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchProblem {
    /// Whose record.
    pub connection: Slug,
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

/// Some of the records that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchProblems {
    /// How many there are.
    pub total: u32,
    /// Those asked for, newest first.
    pub rows: Vec<FetchProblem>,
}

impl Store {
    /// Records of these connections that could not be understood when they were last fetched,
    /// newest first, from `offset` on, `limit` of them.
    pub fn fetch_problems(
        &self,
        connections: &[Slug],
        offset: u32,
        limit: u32,
    ) -> Result<FetchProblems> {
        let names: Vec<&str> = connections.iter().map(Slug::as_str).collect();
        let names = serde_json::json!(names).to_string();
        self.read(|db| {
            let total = db
                .prepare_cached(
                    "SELECT count(*) FROM fetch_problems
                     WHERE connection IN (SELECT value FROM json_each(?1))",
                )?
                .query_row([&names], |row| row.get(0))?;
            let mut statement = db.prepare_cached(
                "SELECT * FROM fetch_problems
                 WHERE connection IN (SELECT value FROM json_each(?1))
                 ORDER BY noted_at DESC, id DESC LIMIT ?3 OFFSET ?2",
            )?;
            let rows = statement.query_map(params![names, offset, limit], |row| {
                Ok(FetchProblem {
                    connection: slug(row, "connection")?,
                    stream: row.word("stream")?,
                    external_id: row.get("external_id")?,
                    reason: row.get("reason")?,
                    raw: row.inflated("raw")?,
                    noted_at: row.instant("noted_at")?,
                })
            })?;
            let rows = rows.collect::<rusqlite::Result<_>>()?;
            Ok(FetchProblems { total, rows })
        })
    }
}
