//! Orders that went into Odoo, or are on their way, and what Odoo said of the others.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tandem_domain::{
    Blocker, Known, ListingKey, Order, OrderKey, Reference, SaleKey, Slug, Timestamp,
};

use crate::convert::{ReadColumn, micros, to_json, to_word};
use crate::db::Store;
use crate::error::Result;

/// How far an import is. Everything before is proved by reading back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "ImportStage", rename_all = "snake_case")]
pub enum Stage {
    /// It was there, and somebody deleted it in Odoo.
    Gone,
    /// It may or may not be there: its creation was announced.
    Sent,
    /// It is there, and its lines and total were not compared yet.
    Created,
    /// Its total is the store's.
    Verified,
    /// It is marked, and as far as it can go: not all of it can be invoiced yet.
    Uninvoiced,
    /// Every step that its status asks for is done; the store's mark is not set yet.
    Stepped,
    /// Nothing is left to do.
    Done,
}

/// One order in Odoo.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The store's order.
    pub order: OrderKey,
    /// By which Odoo knows it.
    pub reference: Reference,
    /// How far it is.
    pub stage: Stage,
    /// `sale.order`, once it was seen.
    pub sale: Option<SaleKey>,
    /// `S00042`.
    pub sale_name: Option<String>,
    /// Odoo's total minus the store's, as last read; `None` before that.
    pub difference: Option<Decimal>,
    /// The order as it went in; `None` where another machine imported it.
    pub record: Option<Order<ListingKey>>,
    /// When the store said that the order changed last, right after our mark was set.
    pub stamped_at: Option<Timestamp>,
    /// What stopped it last, in the caller's shape; `None` while nothing did.
    pub error: Option<Value>,
}

impl Store {
    /// One import.
    pub fn import(&self, store: &Slug, order: &OrderKey) -> Result<Option<Import>> {
        let mut found = self.imports_of(store, [order])?;
        Ok(found.remove(order))
    }

    /// All imports of a store, by order.
    pub fn imports(&self, store: &Slug) -> Result<HashMap<OrderKey, Import>> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT * FROM imports WHERE store = ?1")?;
            let rows = statement.query_map([store.as_str()], import_from)?;
            rows.map(|row| Ok(row.map(|import| (import.order.clone(), import))?))
                .collect()
        })
    }

    /// The imports of these orders.
    pub fn imports_of<'a>(
        &self,
        store: &Slug,
        orders: impl IntoIterator<Item = &'a OrderKey>,
    ) -> Result<HashMap<OrderKey, Import>> {
        let one = "SELECT * FROM imports WHERE store = ?1 AND order_key = ?2";
        self.of_each(one, (store, orders), import_from)
    }

    /// The imports of a store that are this far, in the order of Odoo's.
    pub fn imports_at(&self, store: &Slug, stage: Stage) -> Result<Vec<Import>> {
        let stage = to_word("stage of an import", &stage)?;
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT * FROM imports WHERE store = ?1 AND stage = ?2 ORDER BY sale",
            )?;
            let rows = statement.query_map([store.as_str(), &stage], import_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Saves an import over what was saved of it before.
    pub fn save_import(&self, store: &Slug, import: &Import, now: Timestamp) -> Result<()> {
        let record = import
            .record
            .as_ref()
            .map(|r| to_json("order", r))
            .transpose()?;
        let error = import
            .error
            .as_ref()
            .map(|e| to_json("error", e))
            .transpose()?;
        self.write(|db| {
            db.prepare_cached(
                "INSERT OR REPLACE INTO imports (store, order_key, reference, stage, sale,
                    sale_name, difference, record, stamped_at, error, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                store.as_str(),
                import.order.as_str(),
                import.reference.to_string(),
                to_word("stage of an import", &import.stage)?,
                import.sale.map(|sale| sale.0),
                import.sale_name,
                import.difference.map(|difference| difference.to_string()),
                record,
                import.stamped_at.map(micros),
                error,
                micros(now),
            ])?;
            Ok(())
        })
    }

    /// What holds back the orders of a store, one list for each that is held back.
    pub fn blockers(&self, store: &Slug) -> Result<Vec<Vec<Blocker>>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT blockers FROM orders
                 WHERE connection = ?1 AND gone_at IS NULL AND state = 'blocked'",
            )?;
            let rows = statement.query_map([store.as_str()], |row| row.json("blockers"))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What Odoo said of the orders of a store.
    pub fn known(&self, store: &Slug) -> Result<HashMap<OrderKey, Known>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT order_key, known FROM order_known WHERE store = ?1")?;
            let rows = statement.query_map([store.as_str()], |row| {
                Ok((
                    OrderKey::new(row.get::<_, String>("order_key")?),
                    row.json("known")?,
                ))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What Odoo said of these orders.
    pub fn known_of<'a>(
        &self,
        store: &Slug,
        orders: impl IntoIterator<Item = &'a OrderKey>,
    ) -> Result<HashMap<OrderKey, Known>> {
        let one = "SELECT known FROM order_known WHERE store = ?1 AND order_key = ?2";
        self.of_each(one, (store, orders), |row| row.json("known"))
    }

    /// What a statement that takes a store and an order finds for each of these.
    fn of_each<'a, T>(
        &self,
        one: &str,
        (store, orders): (&Slug, impl IntoIterator<Item = &'a OrderKey>),
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<HashMap<OrderKey, T>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(one)?;
            let mut found = HashMap::new();
            for order in orders {
                let row = statement.query_row([store.as_str(), order.as_str()], &read);
                found.extend(row.optional()?.map(|row| (order.clone(), row)));
            }
            Ok(found)
        })
    }

    /// Keeps what Odoo said of some orders, over what it said before.
    pub fn save_known(
        &self,
        store: &Slug,
        known: &[(OrderKey, Known)],
        now: Timestamp,
    ) -> Result<()> {
        self.write(|db| {
            let mut insert = db.prepare_cached(
                "INSERT OR REPLACE INTO order_known (store, order_key, known, read_at)
                 VALUES (?1, ?2, ?3, ?4)",
            )?;
            for (order, known) in known {
                insert.execute(params![
                    store.as_str(),
                    order.as_str(),
                    to_json("what is known of an order", known)?,
                    micros(now),
                ])?;
            }
            Ok(())
        })
    }
}

fn import_from(row: &Row<'_>) -> rusqlite::Result<Import> {
    Ok(Import {
        order: OrderKey::new(row.get::<_, String>("order_key")?),
        reference: row.parsed("reference")?,
        stage: row.word("stage")?,
        sale: row.get::<_, Option<i64>>("sale")?.map(SaleKey),
        sale_name: row.get("sale_name")?,
        difference: match row.get::<_, Option<String>>("difference")? {
            Some(_) => Some(row.parsed("difference")?),
            None => None,
        },
        record: row.json_opt("record")?,
        stamped_at: row.instant_opt("stamped_at")?,
        error: row.json_opt("error")?,
    })
}
