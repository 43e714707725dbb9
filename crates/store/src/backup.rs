//! What no fetch brings back, as one file: connections without their keys, settings, links, maps,
//! decisions and word lists; and taking it over from such a file.

use std::path::Path;

use rusqlite::{Transaction, params};
use tandem_domain::Slug;

use crate::convert::slug;
use crate::db::{Store, open};
use crate::error::{Result, StoreError};
use crate::file;
use crate::schema;

/// Tables that a backup has.
const KEPT: [&str; 9] = [
    "connections",
    "settings",
    "words",
    "links",
    "decisions",
    "maps",
    "words_taken_back",
    "customer_ways",
    "customers_agreed",
];

/// What a backup has, or what was taken over from one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backup {
    /// Stores, by their names.
    pub stores: Vec<String>,
    /// The same, by their short names.
    pub slugs: Vec<Slug>,
    /// Stores that are not taken over: here they are at another address, or sell from another
    /// Odoo, so that their links would be wrong.
    pub left_out: Vec<String>,
    /// Links.
    pub links: u32,
    /// Decisions, those that were taken back included.
    pub decisions: u32,
    /// Rows of maps.
    pub maps: u32,
}

/// Stores of the backup that mean here what they mean there: unknown here, or the same. Their
/// Odoo is the same one too.
const SAME: &str = "SELECT b.slug FROM backup.connections b
    JOIN backup.connections bo ON bo.slug = b.bound_odoo
    LEFT JOIN main.connections m ON m.slug = b.slug
    LEFT JOIN main.connections mo ON mo.slug = b.bound_odoo
    WHERE (m.slug IS NULL OR (m.kind = b.kind AND m.url = b.url AND m.bound_odoo IS b.bound_odoo))
      AND (mo.slug IS NULL OR (mo.kind = bo.kind AND mo.url = bo.url))";

impl Store {
    /// Writes a backup into a file that is not there yet.
    pub fn back_up(&self, into: &Path) -> Result<Backup> {
        file::create_private(into)?;
        let mut empty = open(into)?;
        schema::migrate(&mut empty).map_err(|e| e.in_file(into))?;
        drop(empty);
        self.beside(into, |db| {
            for table in KEPT {
                let sql = format!("INSERT INTO backup.{table} SELECT * FROM main.{table}");
                db.execute(&sql, [])?;
            }
            counted(db)
        })
    }

    /// What would be taken over from a backup.
    pub fn look_at_backup(&self, from: &Path) -> Result<Backup> {
        self.with_copy(from, |copy| self.beside(copy, counted))
    }

    /// Takes over what a backup has: of the stores that it knows, links, maps and decisions are
    /// then those of the backup, and what else is here stays. The stores have to be matched anew.
    pub fn restore(&self, from: &Path) -> Result<Backup> {
        self.with_copy(from, |copy| {
            self.beside(copy, |db| {
                let taken = counted(db)?;
                take_over(db)?;
                Ok(taken)
            })
        })
    }

    /// Works on a copy in the format of this program: the backup itself stays as it is.
    fn with_copy<T>(&self, from: &Path, work: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        // Named as what cannot be read; the copy is of no interest to anybody.
        std::fs::File::open(from).map_err(|source| StoreError::File {
            doing: "read",
            file: from.to_owned(),
            source,
        })?;
        file::check(from)?;
        // In the folder of the profile, which nobody else may read.
        let beside = if self.file().exists() {
            self.file()
        } else {
            from
        };
        let copy = beside.with_extension("restoring");
        let copied = |source| StoreError::File {
            doing: "copy",
            file: copy.clone(),
            source,
        };
        std::fs::copy(from, &copy).map_err(copied)?;
        let outcome = open(&copy)
            .and_then(|mut connection| {
                if schema::version(&connection)? == 0 {
                    return Err(file::malformed("not a backup".to_owned()).into());
                }
                schema::migrate(&mut connection)
            })
            .map_err(|e| e.in_file(from))
            .and_then(|()| work(&copy));
        // It is of no use any more; what is left of it is in nobody's way.
        drop(std::fs::remove_file(&copy));
        outcome
    }
}

/// What of an attached backup is about stores that mean the same here.
fn counted(db: &Transaction<'_>) -> Result<Backup> {
    let stores = "SELECT b.name, b.slug, b.slug IN (SELECT slug FROM same) AS same
        FROM backup.connections b WHERE b.bound_odoo IS NOT NULL ORDER BY b.name";
    let with = |sql: &str| format!("WITH same AS ({SAME}) {sql}");
    let mut found = Backup::default();
    let mut statement = db.prepare(&with(stores))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name = row.get("name")?;
        if row.get("same")? {
            found.slugs.push(slug(row, "slug")?);
            found.stores.push(name);
        } else {
            found.left_out.push(name);
        }
    }
    let count = |table: &str| -> Result<u32> {
        let sql = with(&format!(
            "SELECT count(*) FROM backup.{table} WHERE store IN (SELECT slug FROM same)"
        ));
        Ok(db.query_row(&sql, [], |row| row.get(0))?)
    };
    found.links = count("links")?;
    found.decisions = count("decisions")?;
    found.maps = count("maps")?;
    Ok(found)
}

fn take_over(db: &Transaction<'_>) -> Result<()> {
    let last: i64 = db.query_row(
        "SELECT coalesce(max(seq), 0) FROM main.sqlite_sequence WHERE name = 'decisions'",
        [],
        |row| row.get(0),
    )?;
    db.execute_batch(&format!("CREATE TEMP TABLE same AS {SAME}"))?;
    for sql in [
        "INSERT INTO main.connections SELECT * FROM backup.connections b
         WHERE b.bound_odoo IS NULL AND b.slug NOT IN (SELECT slug FROM main.connections)",
        "INSERT INTO main.connections SELECT * FROM backup.connections b
         WHERE b.slug IN (SELECT slug FROM same)
            AND b.slug NOT IN (SELECT slug FROM main.connections)",
        "INSERT OR REPLACE INTO main.settings SELECT * FROM backup.settings",
        "INSERT OR IGNORE INTO main.words SELECT * FROM backup.words",
        "DELETE FROM main.proposals WHERE listing_id IN
            (SELECT listing_id FROM main.review WHERE store IN (SELECT slug FROM same))",
        "UPDATE main.review SET state = 'open', verdict = iif(verdict = 'parent', 'parent', 'none'),
            variant = NULL, score_bp = NULL, matched_bp = NULL, evidence = 0, guards = 0
         WHERE store IN (SELECT slug FROM same)",
        "UPDATE main.models SET matched = NULL WHERE store IN (SELECT slug FROM same)",
    ] {
        db.execute(sql, [])?;
    }
    let of_stores = [
        "links",
        "maps",
        "words_taken_back",
        "customer_ways",
        "customers_agreed",
    ];
    for table in of_stores.into_iter().chain(["decisions"]) {
        let gone = format!("DELETE FROM main.{table} WHERE store IN (SELECT slug FROM same)");
        db.execute(&gone, [])?;
    }
    for table in of_stores {
        let taken = format!(
            "INSERT INTO main.{table}
             SELECT * FROM backup.{table} WHERE store IN (SELECT slug FROM same)"
        );
        db.execute(&taken, [])?;
    }
    // Numbers are given once for all stores, and those of the backup may be given here.
    db.execute(
        "INSERT INTO main.decisions (seq, batch, store, listing, action, variant, decided_at,
            undone_at, before, decided_by, undone_by, origin)
         SELECT seq + ?1, batch + ?1, store, listing, action, variant, decided_at,
            undone_at, before, decided_by, undone_by, origin
         FROM backup.decisions WHERE store IN (SELECT slug FROM same)",
        params![last],
    )?;
    db.execute_batch("DROP TABLE temp.same")?;
    Ok(())
}
