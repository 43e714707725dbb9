//! How a connection stood over time: one line for each change of a fact.

use rusqlite::{OptionalExtension, params};
use serde_json::Value;
use tandem_domain::{Slug, Timestamp};

use crate::convert::{ReadColumn, micros, to_json};
use crate::db::Store;
use crate::error::Result;

/// From when on a fact about a connection had a value.
#[derive(Debug, Clone, PartialEq)]
pub struct HealthNote {
    /// Since when, UTC.
    pub at: Timestamp,
    /// Which fact, stable across versions.
    pub code: String,
    /// Its value, in the caller's shape.
    pub params: Value,
    /// What it was before; `None` in the first line of a fact.
    pub before: Option<Value>,
}

impl Store {
    /// Notes the value of a fact; returns whether it is another one than before. A value that
    /// stayed as it was leaves no line.
    pub fn note_health(
        &self,
        connection: &Slug,
        code: &str,
        params: &Value,
        now: Timestamp,
    ) -> Result<bool> {
        let text = to_json("fact about a connection", params)?;
        self.write(|db| {
            let last: Option<Value> = db
                .prepare_cached(
                    "SELECT params FROM health WHERE connection = ?1 AND code = ?2
                     ORDER BY id DESC LIMIT 1",
                )?
                .query_row([connection.as_str(), code], |row| row.json("params"))
                .optional()?;
            if last.as_ref() == Some(params) {
                return Ok(false);
            }
            db.prepare_cached(
                "INSERT INTO health (connection, at, code, params) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![connection.as_str(), micros(now), code, text])?;
            Ok(true)
        })
    }

    /// What changed about a connection, newest first.
    pub fn health_history(&self, connection: &Slug, limit: u32) -> Result<Vec<HealthNote>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT at, code, params, (SELECT b.params FROM health b
                    WHERE b.connection = h.connection AND b.code = h.code AND b.id < h.id
                    ORDER BY b.id DESC LIMIT 1) AS before
                 FROM health h WHERE connection = ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let rows = statement.query_map(params![connection.as_str(), limit], |row| {
                Ok(HealthNote {
                    at: row.instant("at")?,
                    code: row.get("code")?,
                    params: row.json("params")?,
                    before: row.json_opt("before")?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
