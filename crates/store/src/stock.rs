//! What lies where in Odoo.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use tandem_domain::{Slug, StockLevel, VariantKey, WarehouseKey};

use crate::convert::ReadColumn;
use crate::cursors::Stream;
use crate::db::Store;
use crate::error::Result;
use crate::page::{Cached, Place, Saved};

impl Store {
    /// Every level of an Odoo, by variant and warehouse. What is missing is zero.
    pub fn stock_levels(&self, connection: &Slug) -> Result<Vec<StockLevel<VariantKey>>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT * FROM stock_levels WHERE connection = ?1 ORDER BY variant, warehouse",
            )?;
            let rows = statement.query_map([connection.as_str()], level_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The levels of one variant, by warehouse.
    pub fn stock_of(
        &self,
        connection: &Slug,
        variant: VariantKey,
    ) -> Result<Vec<StockLevel<VariantKey>>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT * FROM stock_levels WHERE connection = ?1 AND variant = ?2
                 ORDER BY warehouse",
            )?;
            let rows = statement.query_map(params![connection.as_str(), variant.0], level_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

impl Cached for StockLevel<VariantKey> {
    const STREAM: Stream = Stream::Stock;
    // A level has no id of its own to be known by; see `bury_unseen` for what follows from that.
    const TOUCH: &'static str = "UPDATE stock_levels SET seen_sweep = ?3
        WHERE connection = ?1 AND variant || '@' || warehouse = ?2";

    fn external_id(&self) -> String {
        format!("{}@{}", self.key, self.warehouse)
    }

    fn save(&self, db: &Transaction<'_>, place: &Place<'_>, _raw: &str) -> Result<Saved> {
        let key = params![place.connection, self.key.0, self.warehouse.0];
        let known = db
            .prepare_cached(
                "SELECT * FROM stock_levels
                 WHERE connection = ?1 AND variant = ?2 AND warehouse = ?3",
            )?
            .query_row(key, level_from)
            .optional()?;
        db.prepare_cached(
            "INSERT INTO stock_levels (connection, variant, warehouse, on_hand, reserved, seen_sweep)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (connection, variant, warehouse)
             DO UPDATE SET on_hand = ?4, reserved = ?5, seen_sweep = ?6",
        )?
        .execute(params![
            place.connection,
            self.key.0,
            self.warehouse.0,
            self.on_hand.to_string(),
            self.reserved.to_string(),
            place.mark,
        ])?;
        Ok(match known {
            None => Saved::New,
            Some(level) if level == *self => Saved::Unchanged,
            Some(_) => Saved::Changed,
        })
    }
}

fn level_from(row: &Row<'_>) -> rusqlite::Result<StockLevel<VariantKey>> {
    Ok(StockLevel {
        key: VariantKey(row.get("variant")?),
        warehouse: WarehouseKey(row.get("warehouse")?),
        on_hand: row.parsed("on_hand")?,
        reserved: row.parsed("reserved")?,
    })
}
