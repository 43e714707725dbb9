//! The list of orders: newest first, narrowed, with what holds each one back.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use rust_decimal::Decimal;
use tandem_domain::{Blocker, Currency, Money, OrderKey, Slug, StatusCode, Timestamp};

use crate::convert::{ReadColumn, to_word};
use crate::db::Store;
use crate::error::Result;
use crate::orders::{OrderState, state_from};
use crate::search::{Condition, escaped};

/// What the list of orders is narrowed to; everything when all is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Any of these statuses.
    pub statuses: Vec<StatusCode>,
    /// Any of these states; orders that are not judged yet have none.
    pub states: Vec<OrderState>,
    /// Every word must occur in number, customer, e-mail or a line's SKU or name.
    pub text: String,
}

/// An order in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// Its id in the store.
    pub key: OrderKey,
    /// What people call it.
    pub number: String,
    /// As the store spells it.
    pub status: StatusCode,
    /// When it was placed, UTC.
    pub placed_at: Timestamp,
    /// When the store says that it changed last, UTC.
    pub modified_at: Timestamp,
    /// What the customer owes.
    pub total: Money,
    /// Who ordered.
    pub customer_name: String,
    /// Their e-mail.
    pub customer_email: Option<String>,
    /// Where it stands; `None` until it is judged.
    pub state: Option<OrderState>,
    /// What holds it back.
    pub blockers: Vec<Blocker>,
}

/// A part of the list, and how long all of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPage {
    /// The orders, newest first.
    pub rows: Vec<OrderRow>,
    /// How many orders the filter leaves.
    pub total: u32,
}

/// How many orders a store has, by what the list can be narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderCounts {
    /// By state; `None` for those that are not judged yet.
    pub states: Vec<(Option<OrderState>, u32)>,
    /// By status, as the store spells them.
    pub statuses: Vec<(StatusCode, u32)>,
}

impl Store {
    /// A part of the filtered list, newest first.
    pub fn order_page(
        &self,
        connection: &Slug,
        filter: &OrderFilter,
        offset: u32,
        limit: u32,
    ) -> Result<OrderPage> {
        let Condition { sql, values } = condition(connection, filter)?;
        self.read(|db| {
            let total = db
                .prepare_cached(&format!("SELECT count(*) FROM orders o WHERE {sql}"))?
                .query_row(params_from_iter(&values), |row| row.get(0))?;
            let mut statement = db.prepare_cached(&format!(
                "SELECT o.* FROM orders o WHERE {sql}
                 ORDER BY o.placed_at DESC, o.id DESC LIMIT ? OFFSET ?"
            ))?;
            let ends = [Value::Integer(limit.into()), Value::Integer(offset.into())];
            let rows =
                statement.query_map(params_from_iter(values.iter().chain(&ends)), row_from)?;
            Ok(OrderPage {
                rows: rows.collect::<rusqlite::Result<_>>()?,
                total,
            })
        })
    }

    /// The numbers beside the list's filters.
    pub fn order_counts(&self, connection: &Slug) -> Result<OrderCounts> {
        self.read(|db| {
            Ok(OrderCounts {
                states: grouped(db, connection, "state", state_from)?,
                statuses: grouped(db, connection, "status", |row| {
                    Ok(StatusCode::new(row.get::<_, String>("status")?))
                })?,
            })
        })
    }
}

fn grouped<T>(
    db: &Connection,
    connection: &Slug,
    column: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<(T, u32)>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {column}, count(*) AS orders FROM orders
         WHERE connection = ?1 AND gone_at IS NULL GROUP BY {column} ORDER BY orders DESC, {column}"
    ))?;
    let rows = statement.query_map([connection.as_str()], |row| {
        Ok((read(row)?, row.get("orders")?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn condition(connection: &Slug, filter: &OrderFilter) -> Result<Condition> {
    let mut condition = Condition::default();
    condition.and(
        "o.connection = ? AND o.gone_at IS NULL",
        [Value::Text(connection.to_string())],
    );
    let statuses: Vec<Value> = filter
        .statuses
        .iter()
        .map(|s| Value::Text(s.as_str().to_owned()))
        .collect();
    any_of(&mut condition, "o.status", statuses);
    let states = filter
        .states
        .iter()
        .map(|s| to_word("state of an order", s).map(Value::Text));
    any_of(&mut condition, "o.state", states.collect::<Result<_>>()?);
    for word in filter.text.split_whitespace() {
        let pattern = Value::Text(format!("%{}%", escaped(word)));
        condition.and(
            "(o.number LIKE ? ESCAPE '\\' OR o.customer_name LIKE ? ESCAPE '\\'
              OR o.customer_email LIKE ? ESCAPE '\\' OR EXISTS (
                SELECT 1 FROM order_lines n WHERE n.order_id = o.id
                  AND (n.sku LIKE ? ESCAPE '\\' OR n.name LIKE ? ESCAPE '\\')))",
            std::iter::repeat_n(pattern, 5),
        );
    }
    Ok(condition)
}

fn any_of(condition: &mut Condition, column: &str, values: Vec<Value>) {
    if !values.is_empty() {
        let marks = vec!["?"; values.len()].join(", ");
        condition.and(&format!("{column} IN ({marks})"), values);
    }
}

fn row_from(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    let currency: Currency = row.parsed("currency")?;
    Ok(OrderRow {
        key: OrderKey::new(row.get::<_, String>("key")?),
        number: row.get("number")?,
        status: StatusCode::new(row.get::<_, String>("status")?),
        placed_at: row.instant("placed_at")?,
        modified_at: row.instant("modified_at")?,
        // Stored from a `Money`, so nothing is left to round.
        total: Money::rounded(row.parsed::<Decimal>("total")?, currency),
        customer_name: row.get("customer_name")?,
        customer_email: row.get("customer_email")?,
        state: state_from(row)?,
        blockers: row.json("blockers")?,
    })
}
