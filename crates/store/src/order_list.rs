//! The list of orders: newest first, narrowed, with what holds each one back.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use tandem_domain::{Slug, StatusCode};

use crate::convert::to_word;
use crate::db::Store;
use crate::error::Result;
use crate::orders::{OrderState, SavedOrder, saved_from, state_from};
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

/// A part of the list, and how long all of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPage {
    /// The orders, newest first.
    pub orders: Vec<SavedOrder>,
    /// How many orders the filter leaves.
    pub total: u32,
}

/// How many orders a store has, by what the list can be narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderCounts {
    /// All of them.
    pub all: u32,
    /// Could go in as they are.
    pub waiting: u32,
    /// Held back.
    pub blocked: u32,
    /// Go in later.
    pub not_yet: u32,
    /// Never go in.
    pub closed: u32,
    /// Not judged since they arrived or changed.
    pub unjudged: u32,
    /// By status, as the store spells them, the most frequent first.
    pub statuses: Vec<(StatusCode, u32)>,
}

impl Store {
    /// A part of the filtered list, newest first.
    pub fn orders_page(
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
                statement.query_map(params_from_iter(values.iter().chain(&ends)), saved_from)?;
            Ok(OrderPage {
                orders: rows.collect::<rusqlite::Result<_>>()?,
                total,
            })
        })
    }

    /// The numbers beside the list's filters.
    pub fn order_counts(&self, connection: &Slug) -> Result<OrderCounts> {
        self.read(|db| {
            let statuses = grouped(db, connection, "status", |row| {
                Ok(StatusCode::new(row.get::<_, String>("status")?))
            })?;
            let mut counts = OrderCounts {
                statuses,
                ..OrderCounts::default()
            };
            for (state, orders) in grouped(db, connection, "state", state_from)? {
                counts.all += orders;
                *counts.of(state) = orders;
            }
            Ok(counts)
        })
    }
}

impl OrderCounts {
    fn of(&mut self, state: Option<OrderState>) -> &mut u32 {
        match state {
            Some(OrderState::Waiting) => &mut self.waiting,
            Some(OrderState::Blocked) => &mut self.blocked,
            Some(OrderState::NotYet) => &mut self.not_yet,
            Some(OrderState::Closed) => &mut self.closed,
            None => &mut self.unjudged,
        }
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
