//! Connections to storefronts and to Odoo. Their secrets are not here but in the keychain.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::Value;
use tandem_domain::{ConnectionKind, Slug, Timestamp};

use crate::convert::{ReadColumn, micros, slug, to_json};
use crate::db::Store;
use crate::error::{Result, StoreError};

/// A connection as the manager set it up, with what is known of the other side.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedConnection {
    /// Its short name.
    pub slug: Slug,
    /// Its name on the screen.
    pub name: String,
    /// What it speaks.
    pub kind: ConnectionKind,
    /// Where it is.
    pub url: String,
    /// Login, database, company, warehouses …, in the shape that its kind defines. No secrets.
    pub settings: Value,
    /// For a store: the Odoo that it belongs to.
    pub bound_odoo: Option<Slug>,
    /// What the connection test found out about the server.
    pub facts: Option<Value>,
    /// The last connection test.
    pub check: Option<LastCheck>,
    /// When it was set up, UTC.
    pub created_at: Timestamp,
}

/// How the last connection test ended.
#[derive(Debug, Clone, PartialEq)]
pub struct LastCheck {
    /// When, UTC.
    pub at: Timestamp,
    /// Its outcome, in the caller's shape.
    pub result: Value,
}

impl Store {
    /// All connections, oldest first.
    pub fn connections(&self) -> Result<Vec<SavedConnection>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM connections ORDER BY created_at, slug")?;
            let rows = statement.query_map([], from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One connection; fails with [`StoreError::UnknownConnection`].
    pub fn connection(&self, name: &Slug) -> Result<SavedConnection> {
        self.read(|db| {
            db.prepare_cached("SELECT * FROM connections WHERE slug = ?1")?
                .query_row([name.as_str()], from_row)
                .optional()?
                .ok_or_else(|| StoreError::UnknownConnection(name.clone()))
        })
    }

    /// Saves a connection, new or known by its short name.
    ///
    /// A store that leaves its Odoo for another, or for none, loses its links, proposals and
    /// decisions in the same transaction: they name products of the Odoo it left. Ask first.
    pub fn save_connection(&self, connection: &SavedConnection) -> Result<()> {
        self.write(|db| {
            if let Some(odoo) = &connection.bound_odoo {
                exists(db, odoo)?;
            }
            let left = bound_odoo(db, &connection.slug)?
                .is_some_and(|old| Some(&old) != connection.bound_odoo.as_ref());
            if left {
                forget_matching(db, &connection.slug)?;
            }
            upsert(db, connection)
        })
    }

    /// Remembers how a connection test ended, and what it found if it found anything.
    pub fn save_check(&self, name: &Slug, check: &LastCheck, facts: Option<&Value>) -> Result<()> {
        let result = to_json("connection test", &check.result)?;
        let facts = facts.map(|facts| to_json("facts", facts)).transpose()?;
        self.write(|db| {
            let changed = db
                .prepare_cached(
                    "UPDATE connections SET check_result = ?2, checked_at = ?3,
                        facts = coalesce(?4, facts)
                     WHERE slug = ?1",
                )?
                .execute(params![name.as_str(), result, micros(check.at), facts])?;
            known(changed, name)
        })
    }

    /// Removes a connection and everything that was stored for it, in one transaction.
    ///
    /// Fails with [`StoreError::StillBound`] for an Odoo that stores are bound to. The secret in
    /// the keychain is the caller's to remove.
    pub fn remove_connection(&self, name: &Slug) -> Result<()> {
        self.write(|db| {
            let stores = bound_to(db, name)?;
            if !stores.is_empty() {
                return Err(StoreError::StillBound {
                    odoo: name.clone(),
                    stores,
                });
            }
            let removed = db.execute("DELETE FROM connections WHERE slug = ?1", [name.as_str()])?;
            known(removed, name)
        })
    }
}

/// The Odoo that a store is bound to; `None` also for an unknown store.
pub(crate) fn bound_odoo(db: &Connection, store: &Slug) -> Result<Option<Slug>> {
    let found = db
        .prepare_cached(
            "SELECT bound_odoo FROM connections WHERE slug = ?1 AND bound_odoo IS NOT NULL",
        )?
        .query_row([store.as_str()], |row| slug(row, "bound_odoo"))
        .optional()?;
    Ok(found)
}

fn forget_matching(db: &Transaction<'_>, store: &Slug) -> Result<()> {
    for forget in [
        "DELETE FROM links WHERE store = ?1",
        "DELETE FROM decisions WHERE store = ?1",
        "DELETE FROM proposals WHERE listing_id IN (SELECT listing_id FROM review WHERE store = ?1)",
        "UPDATE review SET state = 'open', verdict = iif(verdict = 'parent', 'parent', 'none'),
            variant = NULL, score_bp = NULL, evidence = 0, guards = 0
         WHERE store = ?1",
    ] {
        db.execute(forget, [store.as_str()])?;
    }
    Ok(())
}

fn exists(db: &Transaction<'_>, name: &Slug) -> Result<()> {
    let found = db
        .prepare_cached("SELECT 1 FROM connections WHERE slug = ?1")?
        .exists([name.as_str()])?;
    known(usize::from(found), name)
}

fn known(rows: usize, name: &Slug) -> Result<()> {
    if rows == 0 {
        Err(StoreError::UnknownConnection(name.clone()))
    } else {
        Ok(())
    }
}

/// The stores that are bound to an Odoo.
pub(crate) fn bound_to(db: &Transaction<'_>, odoo: &Slug) -> Result<Vec<Slug>> {
    let mut statement = db.prepare_cached(
        "SELECT slug FROM connections WHERE bound_odoo = ?1 AND slug <> ?1 ORDER BY slug",
    )?;
    let rows = statement.query_map([odoo.as_str()], |row| slug(row, "slug"))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn upsert(db: &Transaction<'_>, connection: &SavedConnection) -> Result<()> {
    let check = connection.check.as_ref();
    db.prepare_cached(
        "INSERT INTO connections
            (slug, name, kind, url, settings, bound_odoo, facts, check_result, checked_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (slug) DO UPDATE SET name = ?2, kind = ?3, url = ?4, settings = ?5,
            bound_odoo = ?6, facts = ?7, check_result = ?8, checked_at = ?9",
    )?
    .execute(params![
        connection.slug.as_str(),
        connection.name,
        connection.kind.as_str(),
        connection.url,
        to_json("settings of a connection", &connection.settings)?,
        connection.bound_odoo.as_ref().map(Slug::as_str),
        connection.facts.as_ref().map(|facts| to_json("facts", facts)).transpose()?,
        check.map(|check| to_json("connection test", &check.result)).transpose()?,
        check.map(|check| micros(check.at)),
        micros(connection.created_at),
    ])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SavedConnection> {
    let check = match row.instant_opt("checked_at")? {
        Some(at) => row
            .json_opt("check_result")?
            .map(|result| LastCheck { at, result }),
        None => None,
    };
    Ok(SavedConnection {
        slug: slug(row, "slug")?,
        name: row.get("name")?,
        kind: ConnectionKind::new(row.get::<_, String>("kind")?),
        url: row.get("url")?,
        settings: row.json("settings")?,
        bound_odoo: match row.get::<_, Option<String>>("bound_odoo")? {
            Some(_) => Some(slug(row, "bound_odoo")?),
            None => None,
        },
        facts: row.json_opt("facts")?,
        check,
        created_at: row.instant("created_at")?,
    })
}
