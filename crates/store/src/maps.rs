//! Maps of a store, and what Odoo has to choose from.

use rusqlite::{OptionalExtension, Row, params};
use tandem_domain::{
    ListingKey, MapKind, MapRow, Order, SaleTerms, Service, Slug, Timestamp, VariantKey,
};

use crate::convert::{ReadColumn, micros, to_json, to_word};
use crate::db::Store;
use crate::error::Result;
use crate::orders::{SavedOrder, saved_from};

/// Orders that are looked at for some that use a row.
const LOOKED_AT: u32 = 1_000;

const WAITING_FOR: &str = "SELECT * FROM orders
    WHERE connection = ?1 AND state = 'blocked' AND gone_at IS NULL AND instr(blockers, ?2) > 0
    ORDER BY placed_at DESC, id DESC LIMIT ?3";

const NEWEST: &str = "SELECT * FROM orders
    WHERE connection = ?1 AND gone_at IS NULL AND ?2 <> ''
    ORDER BY placed_at DESC, id DESC LIMIT ?3";

impl Store {
    /// Every settled row of a store's maps.
    pub fn map_rows(&self, store: &Slug) -> Result<Vec<MapRow>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM maps WHERE store = ?1 ORDER BY kind, key")?;
            let rows = statement.query_map([store.as_str()], row_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Settles rows, over what was settled before; all or none.
    pub fn settle_maps(&self, store: &Slug, rows: &[MapRow], now: Timestamp) -> Result<()> {
        self.write(|db| {
            let mut insert = db.prepare_cached(
                "INSERT OR REPLACE INTO maps (store, kind, key, value, face, settled_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for row in rows {
                insert.execute(params![
                    store.as_str(),
                    to_word("kind of a map", &row.kind)?,
                    row.key,
                    to_json("row of a map", &row.value)?,
                    row.face,
                    micros(now),
                ])?;
            }
            Ok(())
        })
    }

    /// Takes a row back; returns whether there was one.
    pub fn clear_map(&self, store: &Slug, kind: MapKind, key: &str) -> Result<bool> {
        self.write(|db| {
            let cleared = db
                .prepare_cached("DELETE FROM maps WHERE store = ?1 AND kind = ?2 AND key = ?3")?
                .execute([store.as_str(), &to_word("kind of a map", &kind)?, key])?;
            Ok(cleared > 0)
        })
    }

    /// Some orders that `uses` says use a row: those that wait for it, then the newest. Not all are
    /// looked at.
    pub fn orders_to_try(
        &self,
        store: &Slug,
        (kind, key): (MapKind, &str),
        most: usize,
        uses: impl Fn(&Order<ListingKey>) -> bool,
    ) -> Result<Vec<SavedOrder>> {
        let waits = format!(
            "\"map\":{},\"key\":{}",
            to_json("kind of a map", &kind)?,
            to_json("key of a map", key)?
        );
        self.read(|db| {
            let mut found: Vec<SavedOrder> = Vec::new();
            for sql in [WAITING_FOR, NEWEST] {
                let mut statement = db.prepare_cached(sql)?;
                let mut rows = statement.query(params![store.as_str(), waits, LOOKED_AT])?;
                while found.len() < most
                    && let Some(row) = rows.next()?
                {
                    let saved = saved_from(row)?;
                    let known = found.iter().any(|other| other.order.key == saved.order.key);
                    if !known && uses(&saved.order) {
                        found.push(saved);
                    }
                }
            }
            Ok(found)
        })
    }

    /// What Odoo has for a store to choose from, as last read.
    pub fn sale_terms(&self, store: &Slug) -> Result<Option<SaleTerms>> {
        self.read(|db| {
            Ok(db
                .prepare_cached("SELECT terms FROM sale_terms WHERE store = ?1")?
                .query_row([store.as_str()], |row| row.json("terms"))
                .optional()?)
        })
    }

    /// Keeps what Odoo has to choose from.
    pub fn save_sale_terms(&self, store: &Slug, terms: &SaleTerms, now: Timestamp) -> Result<()> {
        let json = to_json("terms of sale", terms)?;
        self.write(|db| {
            db.prepare_cached(
                "INSERT OR REPLACE INTO sale_terms (store, terms, read_at) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![store.as_str(), json, micros(now)])?;
            Ok(())
        })
    }

    /// Keeps that a product for charges was made anew, in what Odoo has to choose from.
    pub fn note_service(&self, store: &Slug, service: Service, key: VariantKey) -> Result<()> {
        self.write(|db| {
            db.prepare_cached(
                "UPDATE sale_terms SET terms = json_set(terms, '$.services.' || ?2, ?3)
                 WHERE store = ?1",
            )?
            .execute(params![store.as_str(), service.key(), key.0])?;
            Ok(())
        })
    }

    /// Odoo products that a store's listings are linked to, but that are archived or deleted.
    /// Those that were never read are not among them.
    pub fn unusable_variants(&self, store: &Slug, odoo: &Slug) -> Result<Vec<VariantKey>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT DISTINCT v.key FROM links l
                 JOIN variants v ON v.connection = ?2 AND v.key = l.variant
                 WHERE l.store = ?1 AND (v.active = 0 OR v.gone_at IS NOT NULL)",
            )?;
            let rows = statement.query_map([store.as_str(), odoo.as_str()], |row| {
                Ok(VariantKey(row.get(0)?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Those of these Odoo products that are archived or deleted.
    pub fn unusable_among(
        &self,
        odoo: &Slug,
        variants: impl IntoIterator<Item = VariantKey>,
    ) -> Result<Vec<VariantKey>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT 1 FROM variants WHERE connection = ?1 AND key = ?2
                 AND (active = 0 OR gone_at IS NOT NULL)",
            )?;
            let mut found = Vec::new();
            for variant in variants {
                if statement.exists(params![odoo.as_str(), variant.0])? {
                    found.push(variant);
                }
            }
            Ok(found)
        })
    }
}

fn row_from(row: &Row<'_>) -> rusqlite::Result<MapRow> {
    Ok(MapRow {
        kind: row.word("kind")?,
        key: row.get("key")?,
        value: row.json("value")?,
        face: row.get("face")?,
    })
}
