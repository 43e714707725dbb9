//! Orders: kept as received before anything is done with them, with what the judgement said.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tandem_domain::{Blocker, ListingKey, Order, OrderKey, Sku, Slug, Timestamp};

use crate::convert::{ReadColumn, deflate, micros, to_json, to_word};
use crate::cursors::Stream;
use crate::db::Store;
use crate::error::Result;
use crate::fold::folded;
use crate::page::{Cached, Place, Saved, look_up};

/// Where an order stands on its road to Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// It could go into Odoo as it is.
    Waiting,
    /// Its blockers hold it back.
    Blocked,
    /// It is in Odoo, with the store's total.
    Imported,
    /// It is in Odoo, and not what it is in the store.
    Differs,
    /// Something stopped it on its road; it goes on there.
    Failed,
    /// Its status says that it may go in later: not paid, not confirmed.
    NotYet,
    /// Its status says that it never will: done, cancelled or refunded in the store.
    Closed,
}

/// What was found about one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Which order.
    pub order: OrderKey,
    /// Where it stands.
    pub state: OrderState,
    /// What holds it back, in the order a person would clear it.
    pub blockers: Vec<Blocker>,
}

/// An order with what is known of it beside its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedOrder {
    /// The order.
    pub order: Order<ListingKey>,
    /// Where it stands; `None` until it is judged, and again once it changed.
    pub state: Option<OrderState>,
    /// What holds it back.
    pub blockers: Vec<Blocker>,
    /// Since when the store no longer lists it.
    pub gone_at: Option<Timestamp>,
    /// When it arrived as it stands; `None` where that was not noted yet.
    pub saved_at: Option<Timestamp>,
}

impl Store {
    /// One order, also when it is gone from the store since.
    pub fn order(&self, connection: &Slug, key: &OrderKey) -> Result<Option<SavedOrder>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM orders WHERE connection = ?1 AND key = ?2")?;
            let found = statement
                .query_row([connection.as_str(), key.as_str()], saved_from)
                .optional()?;
            Ok(found)
        })
    }

    /// The orders that a word may mean: the store's id of one, or the number that people read.
    pub fn orders_called(&self, connection: &Slug, word: &str) -> Result<Vec<OrderKey>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT key FROM orders WHERE connection = ?1 AND (key = ?2 OR number = ?2)",
            )?;
            let keys = statement.query_map([connection.as_str(), word], |row| {
                row.get::<_, String>(0).map(OrderKey::new)
            })?;
            Ok(keys.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The JSON of an order as last received.
    pub fn order_raw(&self, connection: &Slug, key: &OrderKey) -> Result<Option<String>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT r.raw FROM orders o JOIN order_raw r ON r.id = o.id
                 WHERE o.connection = ?1 AND o.key = ?2",
            )?;
            Ok(statement
                .query_row([connection.as_str(), key.as_str()], |row| {
                    row.inflated("raw")
                })
                .optional()?)
        })
    }

    /// Hands every order of a store to `visit`, oldest first, one at a time, so that a long
    /// history needs no memory. `visit` must not call the store: it holds its connection.
    pub fn each_order(
        &self,
        connection: &Slug,
        mut visit: impl FnMut(Order<ListingKey>),
    ) -> Result<()> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT record FROM orders WHERE connection = ?1 AND gone_at IS NULL
                 ORDER BY placed_at, id",
            )?;
            let mut rows = statement.query([connection.as_str()])?;
            while let Some(row) = rows.next()? {
                visit(row.json("record")?);
            }
            Ok(())
        })
    }

    /// The orders that hold a listing, oldest first: those to judge again after it was linked.
    pub fn orders_with(
        &self,
        connection: &Slug,
        listing: &ListingKey,
    ) -> Result<Vec<Order<ListingKey>>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT record FROM orders WHERE gone_at IS NULL AND id IN
                    (SELECT order_id FROM order_lines WHERE connection = ?1 AND listing = ?2)
                 ORDER BY placed_at, id",
            )?;
            let rows = statement.query_map([connection.as_str(), listing.as_str()], |row| {
                row.json("record")
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many orders hold a listing, and how many of those are held back.
    pub fn count_orders_with(&self, connection: &Slug, listing: &ListingKey) -> Result<(u32, u32)> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT count(*), count(*) FILTER (WHERE state = 'blocked') FROM orders
                 WHERE gone_at IS NULL AND id IN
                    (SELECT order_id FROM order_lines WHERE connection = ?1 AND listing = ?2)",
            )?;
            let counted = statement.query_row([connection.as_str(), listing.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            Ok(counted)
        })
    }

    /// Saves what was found about orders, over what was found before. Unknown orders are passed
    /// over: they were removed meanwhile.
    pub fn save_judgements(&self, connection: &Slug, judgements: &[Judgement]) -> Result<()> {
        self.write(|db| {
            let mut update = db.prepare_cached(
                "UPDATE orders SET state = ?3, blockers = ?4 WHERE connection = ?1 AND key = ?2",
            )?;
            for judgement in judgements {
                update.execute(params![
                    connection.as_str(),
                    judgement.order.as_str(),
                    to_word("state of an order", &judgement.state)?,
                    to_json("blockers", &judgement.blockers)?,
                ])?;
            }
            Ok(())
        })
    }
}

/// Reads an order from a row that has all columns of the table.
pub(crate) fn saved_from(row: &Row<'_>) -> rusqlite::Result<SavedOrder> {
    Ok(SavedOrder {
        order: row.json("record")?,
        state: state_from(row)?,
        blockers: row.json("blockers")?,
        gone_at: row.instant_opt("gone_at")?,
        saved_at: row.instant_opt("saved_at")?,
    })
}

pub(crate) fn state_from(row: &Row<'_>) -> rusqlite::Result<Option<OrderState>> {
    match row.get::<_, Option<String>>("state")? {
        Some(_) => row.word("state").map(Some),
        None => Ok(None),
    }
}

impl Cached for Order<ListingKey> {
    const STREAM: Stream = Stream::Orders;
    const TOUCH: &'static str =
        "UPDATE orders SET seen_sweep = ?3 WHERE connection = ?1 AND key = ?2";

    fn external_id(&self) -> String {
        self.key.as_str().to_owned()
    }

    fn save(&self, db: &Transaction<'_>, place: &Place<'_>, raw: &str) -> Result<Saved> {
        let record = to_json("order", self)?;
        let hash = Sha256::new_with_prefix(&record)
            .chain_update(raw)
            .finalize()
            .into();
        let known = look_up(
            db,
            "SELECT id, content_hash, gone_at FROM orders WHERE connection = ?1 AND key = ?2",
            (place.connection, &self.key.as_str()),
            &hash,
        )?;
        match known {
            Some(known) if known.same => {
                db.prepare_cached("UPDATE orders SET seen_sweep = ?2 WHERE id = ?1")?
                    .execute([known.id, place.mark])?;
                Ok(Saved::Unchanged)
            }
            known => {
                let id = upsert(db, place, self, (&record, &hash))?;
                db.prepare_cached("INSERT OR REPLACE INTO order_raw (id, raw) VALUES (?1, ?2)")?
                    .execute(params![id, deflate(raw)?])?;
                save_lines(db, place, self, id)?;
                save_words(db, self, id)?;
                Ok(if known.is_some() {
                    Saved::Changed
                } else {
                    Saved::New
                })
            }
        }
    }
}

fn upsert(
    db: &Transaction<'_>,
    place: &Place<'_>,
    order: &Order<ListingKey>,
    (record, hash): (&str, &[u8; 32]),
) -> Result<i64> {
    let id = db
        .prepare_cached(
            "INSERT INTO orders (connection, key, number, status, placed_at, modified_at, currency,
                total, customer_name, customer_email, record, content_hash, seen_sweep, saved_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (connection, key) DO UPDATE SET number = ?3, status = ?4, placed_at = ?5,
                modified_at = ?6, currency = ?7, total = ?8, customer_name = ?9,
                customer_email = ?10, record = ?11, content_hash = ?12, seen_sweep = ?13,
                saved_at = ?14, gone_at = NULL, state = NULL, blockers = '[]'
             RETURNING id",
        )?
        .query_row(
            params![
                place.connection,
                order.key.as_str(),
                order.number,
                order.status.as_str(),
                micros(order.placed_at),
                micros(order.modified_at),
                order.currency.code(),
                order.total.amount().to_string(),
                order.customer.name,
                order.customer.email,
                record,
                hash,
                place.mark,
                micros(place.now),
            ],
            |row| row.get(0),
        )?;
    Ok(id)
}

fn save_lines(
    db: &Transaction<'_>,
    place: &Place<'_>,
    order: &Order<ListingKey>,
    id: i64,
) -> Result<()> {
    db.prepare_cached("DELETE FROM order_lines WHERE order_id = ?1")?
        .execute([id])?;
    let mut insert = db.prepare_cached(
        "INSERT INTO order_lines (order_id, position, connection, listing, name, sku)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (position, line) in (0_i64..).zip(&order.lines) {
        insert.execute(params![
            id,
            position,
            place.connection,
            line.product.as_ref().map(ListingKey::as_str),
            line.name,
            line.sku.as_ref().map(Sku::as_str),
        ])?;
    }
    Ok(())
}

/// Puts what people search an order by into the index, in place of what was there.
fn save_words(db: &Transaction<'_>, order: &Order<ListingKey>, id: i64) -> Result<()> {
    let customer = &order.customer;
    let who = [
        Some(order.number.as_str()),
        Some(customer.name.as_str()),
        customer.email.as_deref(),
        customer.phone.as_deref(),
    ];
    let lines = order.lines.iter();
    let what =
        lines.flat_map(|line| [line.sku.as_ref().map(Sku::as_str), Some(line.name.as_str())]);
    db.prepare_cached("DELETE FROM orders_fts WHERE rowid = ?1")?
        .execute([id])?;
    db.prepare_cached("INSERT INTO orders_fts (rowid, who, what) VALUES (?1, ?2, ?3)")?
        .execute(params![id, joined(who.into_iter()), joined(what)])?;
    Ok(())
}

/// One to a line, so that no hit runs from one into the next, as they are searched.
fn joined<'a>(words: impl Iterator<Item = Option<&'a str>>) -> String {
    folded(&words.flatten().collect::<Vec<_>>().join("\n"))
}
