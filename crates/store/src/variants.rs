//! Odoo's variants: lean rows for lists and matching, the text as received apart.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use tandem_domain::{Sku, Slug, TemplateKey, Variant, VariantKey};

use crate::convert::{ReadColumn, content_hash, deflate, micros, to_json, to_word};
use crate::cursors::Stream;
use crate::db::Store;
use crate::error::Result;
use crate::page::{Cached, Place, Saved, look_up};
use crate::texts::Searched;

impl Store {
    /// Every variant that is still in Odoo, archived ones included, in the order in which they
    /// were first seen.
    pub fn variants(&self, connection: &Slug) -> Result<Vec<Variant>> {
        let mut all = Vec::new();
        self.each_variant(connection, |variant| all.push(variant))?;
        Ok(all)
    }

    /// Hands over every variant that is still in Odoo, one after the other.
    pub fn each_variant(&self, connection: &Slug, mut each: impl FnMut(Variant)) -> Result<()> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT * FROM variants WHERE connection = ?1 AND gone_at IS NULL ORDER BY id",
            )?;
            for variant in statement.query_map([connection.as_str()], variant_from)? {
                each(variant?);
            }
            Ok(())
        })
    }

    /// How many variants are still in Odoo and not archived.
    pub fn count_variants(&self, connection: &Slug) -> Result<u32> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT count(*) FROM variants
                 WHERE connection = ?1 AND gone_at IS NULL AND active = 1",
            )?;
            Ok(statement.query_row([connection.as_str()], |row| row.get(0))?)
        })
    }

    /// One variant, also when it is gone from Odoo since.
    pub fn variant(&self, connection: &Slug, key: VariantKey) -> Result<Option<Variant>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM variants WHERE connection = ?1 AND key = ?2")?;
            Ok(statement
                .query_row(params![connection.as_str(), key.0], variant_from)
                .optional()?)
        })
    }

    /// Variants in whose name, internal reference or barcode every typed term occurs; with
    /// nothing typed, the first ones. Archived ones are left out.
    pub fn search_variants(
        &self,
        connection: &Slug,
        text: &str,
        limit: u32,
    ) -> Result<Vec<Variant>> {
        let table = (Searched::Variants, connection);
        let only = "gone_at IS NULL AND active = 1";
        self.search(table, text, (only, limit), variant_from)
    }
}

impl Cached for Variant {
    const STREAM: Stream = Stream::Variants;
    // The id arrives as text here; the column's affinity turns it into a number.
    const TOUCH: &'static str =
        "UPDATE variants SET seen_sweep = ?3 WHERE connection = ?1 AND key = CAST(?2 AS INTEGER)";

    fn external_id(&self) -> String {
        self.key.to_string()
    }

    fn save(&self, db: &Transaction<'_>, place: &Place<'_>, raw: &str) -> Result<Saved> {
        let hash = content_hash(&to_json("variant", self)?);
        let known = look_up(
            db,
            "SELECT id, content_hash, gone_at FROM variants WHERE connection = ?1 AND key = ?2",
            (place.connection, &self.key.0),
            &hash,
        )?;
        match known {
            Some(known) if known.same => {
                db.prepare_cached("UPDATE variants SET seen_sweep = ?2 WHERE id = ?1")?
                    .execute([known.id, place.mark])?;
                Ok(Saved::Unchanged)
            }
            Some(known) => {
                write(db, UPDATE, place, (self, &hash))?;
                db.prepare_cached("UPDATE variant_raw SET raw = ?2 WHERE id = ?1")?
                    .execute(params![known.id, deflate(raw)?])?;
                Ok(Saved::Changed)
            }
            None => {
                write(db, INSERT, place, (self, &hash))?;
                db.prepare_cached("INSERT INTO variant_raw (id, raw) VALUES (?1, ?2)")?
                    .execute(params![db.last_insert_rowid(), deflate(raw)?])?;
                Ok(Saved::New)
            }
        }
    }
}

const INSERT: &str = "INSERT INTO variants (connection, key, template, kind, name, sku, barcode,
        attributes, active, sale_ok, price, currency, unit, modified_at, content_hash, seen_sweep)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
const UPDATE: &str = "UPDATE variants SET template = ?3, kind = ?4, name = ?5, sku = ?6,
        barcode = ?7, attributes = ?8, active = ?9, sale_ok = ?10, price = ?11, currency = ?12,
        unit = ?13, modified_at = ?14, content_hash = ?15, seen_sweep = ?16, gone_at = NULL
    WHERE connection = ?1 AND key = ?2";

/// All columns of a row, new or known. Apart, because an upsert that returns its id costs twice as
/// much.
fn write(
    db: &Transaction<'_>,
    sql: &str,
    place: &Place<'_>,
    (variant, hash): (&Variant, &[u8; 32]),
) -> Result<()> {
    db.prepare_cached(sql)?.execute(params![
        place.connection,
        variant.key.0,
        variant.template.0,
        to_word("kind of a variant", &variant.kind)?,
        variant.name,
        variant.sku.as_ref().map(Sku::as_str),
        variant.barcode,
        to_json("attributes", &variant.attributes)?,
        variant.active,
        variant.sale_ok,
        variant.price.map(|price| price.amount.to_string()),
        variant.price.map(|price| price.currency.code()),
        variant.unit,
        variant.modified_at.map(micros),
        hash,
        place.mark,
    ])?;
    Ok(())
}

/// Reads a variant from a row that has all columns of the table.
pub(crate) fn variant_from(row: &Row<'_>) -> rusqlite::Result<Variant> {
    Ok(Variant {
        key: VariantKey(row.get("key")?),
        template: TemplateKey(row.get("template")?),
        name: row.get("name")?,
        sku: row
            .get::<_, Option<String>>("sku")?
            .as_deref()
            .and_then(Sku::parse),
        barcode: row.get("barcode")?,
        attributes: row.json("attributes")?,
        kind: row.word("kind")?,
        active: row.get("active")?,
        sale_ok: row.get("sale_ok")?,
        price: row.price("price", "currency")?,
        unit: row.get("unit")?,
        modified_at: row.instant_opt("modified_at")?,
    })
}
