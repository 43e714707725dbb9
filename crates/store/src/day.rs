//! What happened lately: the numbers that a day begins with.

use rusqlite::{Row, params};
use rust_decimal::Decimal;
use tandem_domain::{Currency, Slug, Timestamp};

use crate::convert::{ReadColumn, micros, to_word};
use crate::db::Store;
use crate::error::Result;
use crate::orders::OrderState;

/// What orders of one state are worth in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderWorth {
    /// The currency.
    pub currency: Currency,
    /// How many orders.
    pub orders: u32,
    /// Their totals together, at the currency's scale.
    pub amount: Decimal,
}

/// Totals are added up in ten-thousandths.
const WORTH_SCALE: u32 = 4;

/// An order past this is no sale, and counts as this much: with more the database could not add.
const WORTH_MAX: i64 = 10_000_000_000_000_000;

impl Store {
    /// What the orders of a state are worth, by currency, the most frequent first.
    pub fn order_worth(&self, connection: &Slug, state: OrderState) -> Result<Vec<OrderWorth>> {
        let state = to_word("state of an order", &state)?;
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT currency, count(*) AS orders, sum(worth / 10000) AS whole,
                    sum(worth % 10000) AS rest
                 FROM (SELECT currency, max(-?3, min(?3, total_e4)) AS worth FROM orders
                    WHERE connection = ?1 AND state = ?2 AND gone_at IS NULL)
                 GROUP BY currency ORDER BY orders DESC, currency",
            )?;
            let key = params![connection.as_str(), state, WORTH_MAX];
            let rows = statement.query_map(key, worth_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What the orders placed since an instant are worth, by state and currency.
    pub fn worth_since(
        &self,
        connection: &Slug,
        since: Timestamp,
    ) -> Result<Vec<(OrderState, OrderWorth)>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT state, currency, count(*) AS orders, sum(worth / 10000) AS whole,
                    sum(worth % 10000) AS rest
                 FROM (SELECT state, currency, max(-?3, min(?3, total_e4)) AS worth FROM orders
                    WHERE connection = ?1 AND placed_at >= ?2 AND gone_at IS NULL
                        AND state IS NOT NULL)
                 GROUP BY state, currency",
            )?;
            let key = params![connection.as_str(), micros(since), WORTH_MAX];
            let rows =
                statement.query_map(key, |row| Ok((row.word("state")?, worth_from(row)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many blocked orders have which reason in front, the most frequent first.
    pub fn order_reasons(&self, connection: &Slug) -> Result<Vec<(String, u32)>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT reason, count(*) AS orders FROM orders
                 WHERE connection = ?1 AND state = 'blocked' AND gone_at IS NULL
                    AND reason IS NOT NULL
                 GROUP BY reason ORDER BY orders DESC, reason",
            )?;
            let rows = statement.query_map([connection.as_str()], |row| {
                Ok((row.get("reason")?, row.get("orders")?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// When each order since an instant was placed, latest first.
    pub fn orders_placed_since(
        &self,
        connection: &Slug,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT placed_at FROM orders
                 WHERE connection = ?1 AND placed_at >= ?2 AND gone_at IS NULL
                 ORDER BY placed_at DESC",
            )?;
            let rows = statement.query_map(params![connection.as_str(), micros(since)], |row| {
                row.instant("placed_at")
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// When runs on a connection failed since an instant, latest first.
    pub fn failures_since(&self, connection: &Slug, since: Timestamp) -> Result<Vec<Timestamp>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT ended_at FROM runs
                 WHERE connection = ?1 AND outcome = 'failed' AND ended_at >= ?2
                 ORDER BY ended_at DESC",
            )?;
            let rows = statement.query_map(params![connection.as_str(), micros(since)], |row| {
                row.instant("ended_at")
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn worth_from(row: &Row<'_>) -> rusqlite::Result<OrderWorth> {
    let currency: Currency = row.parsed("currency")?;
    let whole: i64 = row.get("whole")?;
    let amount = Decimal::from(whole) + Decimal::new(row.get("rest")?, WORTH_SCALE);
    Ok(OrderWorth {
        currency,
        orders: row.get("orders")?,
        amount: tandem_domain::Money::rounded(amount, currency).amount(),
    })
}
