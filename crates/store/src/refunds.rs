//! What stores paid back.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use tandem_domain::{Currency, OrderKey, Refund, Slug};

use crate::convert::{ReadColumn, deflate, micros, to_json};
use crate::cursors::Stream;
use crate::db::Store;
use crate::error::Result;
use crate::page::{Cached, Place, Saved, look_up};

/// What a store paid back in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundTotal {
    /// The currency.
    pub currency: Currency,
    /// How many refunds.
    pub count: u32,
    /// Their sum, positive.
    pub amount: Decimal,
}

impl Store {
    /// The refunds of an order, oldest first.
    pub fn refunds_of(&self, connection: &Slug, order: &OrderKey) -> Result<Vec<Refund>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT record FROM refunds
                 WHERE connection = ?1 AND order_key = ?2 AND gone_at IS NULL
                 ORDER BY refunded_at, id",
            )?;
            let rows = statement.query_map([connection.as_str(), order.as_str()], |row| {
                row.json("record")
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What a store paid back in all, by currency in the order of their codes.
    pub fn refund_totals(&self, connection: &Slug) -> Result<Vec<RefundTotal>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT amount, currency FROM refunds
                 WHERE connection = ?1 AND gone_at IS NULL",
            )?;
            let mut totals = BTreeMap::new();
            let mut rows = statement.query([connection.as_str()])?;
            while let Some(row) = rows.next()? {
                let currency: Currency = row.parsed("currency")?;
                let total = totals.entry(currency.code()).or_insert(RefundTotal {
                    currency,
                    count: 0,
                    amount: Decimal::ZERO,
                });
                total.count += 1;
                total.amount = total.amount.saturating_add(row.parsed("amount")?);
            }
            Ok(totals.into_values().collect())
        })
    }
}

impl Cached for Refund {
    const STREAM: Stream = Stream::Refunds;
    const TOUCH: &'static str =
        "UPDATE refunds SET seen_sweep = ?3 WHERE connection = ?1 AND key = ?2";

    fn external_id(&self) -> String {
        self.key.as_str().to_owned()
    }

    fn save(&self, db: &Transaction<'_>, place: &Place<'_>, raw: &str) -> Result<Saved> {
        let record = to_json("refund", self)?;
        let hash: [u8; 32] = Sha256::new_with_prefix(&record)
            .chain_update(raw)
            .finalize()
            .into();
        let known = look_up(
            db,
            "SELECT id, content_hash, gone_at FROM refunds WHERE connection = ?1 AND key = ?2",
            (place.connection, &self.key.as_str()),
            &hash,
        )?;
        if let Some(known) = known.as_ref().filter(|known| known.same) {
            db.prepare_cached("UPDATE refunds SET seen_sweep = ?2 WHERE id = ?1")?
                .execute([known.id, place.mark])?;
            return Ok(Saved::Unchanged);
        }
        db.prepare_cached(
            "INSERT INTO refunds (connection, key, order_key, amount, currency, refunded_at,
                record, raw, content_hash, seen_sweep)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (connection, key) DO UPDATE SET order_key = ?3, amount = ?4,
                currency = ?5, refunded_at = ?6, record = ?7, raw = ?8, content_hash = ?9,
                seen_sweep = ?10, gone_at = NULL",
        )?
        .execute(params![
            place.connection,
            self.key.as_str(),
            self.order.as_str(),
            self.amount.amount().to_string(),
            self.amount.currency().code(),
            micros(self.refunded_at),
            record,
            deflate(raw)?,
            hash,
            place.mark,
        ])?;
        Ok(if known.is_some() {
            Saved::Changed
        } else {
            Saved::New
        })
    }
}
