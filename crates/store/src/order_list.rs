//! The list of orders: newest first, narrowed, with what holds each one back.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use rust_decimal::Decimal;
use tandem_domain::{OrderKey, Slug, StatusCode, Timestamp};

use crate::convert::{micros, to_word};
use crate::db::Store;
use crate::error::Result;
use crate::fold::{anywhere, terms};
use crate::orders::{OrderState, SavedOrder, saved_from, state_from};
use crate::search::{Condition, is_long, match_of};

/// What the list of orders is narrowed to; everything when all is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Any of these statuses.
    pub statuses: Vec<StatusCode>,
    /// Any of these states; orders that are not judged yet have none.
    pub states: Vec<OrderState>,
    /// What is to be cleared first, as blockers are spelled in the file.
    pub reason: Option<String>,
    /// Every word must occur in number, customer, e-mail, telephone or a line's SKU or name,
    /// whatever its case, accents and Arabic spelling. One of two letters must occur in number or
    /// name.
    pub text: String,
    /// Every word must occur in the customer's name, e-mail or telephone, or in the number, as for
    /// `text`.
    pub customer: String,
    /// Placed at or after this instant.
    pub placed_from: Option<Timestamp>,
    /// Placed before this instant.
    pub placed_before: Option<Timestamp>,
    /// Totals of at least this amount, whatever the currency.
    pub total_min: Option<Decimal>,
    /// Totals of at most this amount.
    pub total_max: Option<Decimal>,
}

/// A part of the list, and how long all of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPage {
    /// The orders, newest first.
    pub orders: Vec<SavedOrder>,
    /// How many orders the filter leaves.
    pub total: u32,
    /// The numbers beside the filters: those of the states under all filters but the states,
    /// those of the statuses under all but the statuses.
    pub counts: OrderCounts,
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
    /// In Odoo, with the store's total.
    pub imported: u32,
    /// In Odoo, and not what they are in the store.
    pub differs: u32,
    /// Stopped on their road.
    pub failed: u32,
    /// Go in later.
    pub not_yet: u32,
    /// Never go in.
    pub closed: u32,
    /// Not judged since they arrived or changed.
    pub unjudged: u32,
    /// By status, as the store spells them, the most frequent first.
    pub statuses: Vec<(StatusCode, u32)>,
}

/// Above any ten-thousandths that a total can have.
const NO_LIMIT: i64 = i64::MAX;

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
        // Those do not change from page to page, and need a look at all orders.
        let groups = self.order_groups(connection, filter)?;
        self.read(|db| {
            // The rows are long, so only those of the page are looked at.
            let mut statement = db.prepare_cached(&format!(
                "SELECT p.* FROM orders p WHERE p.id IN (SELECT o.id FROM orders o WHERE {sql}
                    ORDER BY o.placed_at DESC, o.id DESC LIMIT ? OFFSET ?)
                 ORDER BY p.placed_at DESC, p.id DESC"
            ))?;
            let ends = [Value::Integer(limit.into()), Value::Integer(offset.into())];
            let rows =
                statement.query_map(params_from_iter(values.iter().chain(&ends)), saved_from)?;
            let fitting = groups
                .iter()
                .filter(|group| group.has_state(filter) && group.has_status(filter));
            Ok(OrderPage {
                orders: rows.collect::<rusqlite::Result<_>>()?,
                total: fitting.map(|group| group.orders).sum(),
                counts: counts(filter, &groups),
            })
        })
    }

    /// The keys of all orders that the filter leaves, newest first.
    pub fn order_keys(&self, connection: &Slug, filter: &OrderFilter) -> Result<Vec<OrderKey>> {
        let Condition { sql, values } = condition(connection, filter)?;
        self.read(|db| {
            let mut statement = db.prepare_cached(&format!(
                "SELECT o.key FROM orders o WHERE {sql} ORDER BY o.placed_at DESC, o.id DESC"
            ))?;
            let keys = statement.query_map(params_from_iter(values), |row| {
                Ok(OrderKey::new(row.get::<_, String>(0)?))
            })?;
            Ok(keys.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What all filters but state and status leave, counted once for each state of the database.
    fn order_groups(&self, connection: &Slug, filter: &OrderFilter) -> Result<Arc<Vec<Group>>> {
        let any = OrderFilter {
            states: Vec::new(),
            statuses: Vec::new(),
            ..filter.clone()
        };
        self.counted_orders((connection, any), groups)
    }

    /// The numbers beside the list's filters, without any filter.
    pub fn order_counts(&self, connection: &Slug) -> Result<OrderCounts> {
        let everything = OrderFilter::default();
        let groups = self.order_groups(connection, &everything)?;
        Ok(counts(&everything, &groups))
    }
}

/// Orders that only filters of state and status can tell apart.
#[derive(Debug)]
pub(crate) struct Group {
    state: Option<OrderState>,
    status: StatusCode,
    orders: u32,
}

impl Group {
    fn has_state(&self, filter: &OrderFilter) -> bool {
        filter.states.is_empty()
            || self
                .state
                .is_some_and(|state| filter.states.contains(&state))
    }

    fn has_status(&self, filter: &OrderFilter) -> bool {
        filter.statuses.is_empty() || filter.statuses.contains(&self.status)
    }
}

/// One pass over what a filter without states and statuses leaves.
fn groups(db: &Connection, connection: &Slug, filter: &OrderFilter) -> Result<Vec<Group>> {
    let Condition { sql, values } = condition(connection, filter)?;
    let mut statement = db.prepare_cached(&format!(
        "SELECT o.state, o.status, count(*) AS orders FROM orders o WHERE {sql}
         GROUP BY o.state, o.status"
    ))?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        Ok(Group {
            state: state_from(row)?,
            status: StatusCode::new(row.get::<_, String>("status")?),
            orders: row.get("orders")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn counts(filter: &OrderFilter, groups: &[Group]) -> OrderCounts {
    let mut counts = OrderCounts::default();
    let mut statuses: BTreeMap<&str, u32> = BTreeMap::new();
    for group in groups {
        if group.has_status(filter) {
            counts.all += group.orders;
            *counts.of(group.state) += group.orders;
        }
        if group.has_state(filter) {
            *statuses.entry(group.status.as_str()).or_default() += group.orders;
        }
    }
    counts.statuses = statuses
        .into_iter()
        .map(|(status, orders)| (StatusCode::new(status), orders))
        .collect();
    counts
        .statuses
        .sort_by_key(|(_, orders)| std::cmp::Reverse(*orders));
    counts
}

impl OrderCounts {
    fn of(&mut self, state: Option<OrderState>) -> &mut u32 {
        match state {
            Some(OrderState::Waiting) => &mut self.waiting,
            Some(OrderState::Blocked) => &mut self.blocked,
            Some(OrderState::Imported) => &mut self.imported,
            Some(OrderState::Differs) => &mut self.differs,
            Some(OrderState::Failed) => &mut self.failed,
            Some(OrderState::NotYet) => &mut self.not_yet,
            Some(OrderState::Closed) => &mut self.closed,
            None => &mut self.unjudged,
        }
    }
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
    let reason = filter.reason.iter().cloned().map(Value::Text);
    any_of(&mut condition, "o.reason", reason.collect());
    if let Some(from) = filter.placed_from {
        condition.and("o.placed_at >= ?", [Value::Integer(micros(from))]);
    }
    if let Some(before) = filter.placed_before {
        condition.and("o.placed_at < ?", [Value::Integer(micros(before))]);
    }
    if let Some(min) = filter.total_min {
        condition.and("o.total_e4 >= ?", [Value::Integer(least_e4(min))]);
    }
    if let Some(max) = filter.total_max {
        condition.and("o.total_e4 <= ?", [Value::Integer(most_e4(max))]);
    }
    typed(&mut condition, "", &filter.text);
    typed(&mut condition, "{who} : ", &filter.customer);
    Ok(condition)
}

/// Words of three characters and more go to the trigram index; shorter ones, which it cannot see,
/// to what the list's own index has: number and name.
fn typed(condition: &mut Condition, columns: &str, text: &str) {
    let terms = terms(text);
    if let Some(long) = match_of(&terms.join(" ")) {
        condition.and(
            "o.id IN (SELECT rowid FROM orders_fts WHERE orders_fts MATCH ?)",
            [Value::Text(format!("{columns}({long})"))],
        );
    }
    for term in terms.iter().filter(|term| !is_long(term)) {
        // That index has them as they were written, so each letter stands for all its spellings.
        let pattern = Value::Text(anywhere(term));
        condition.and(
            "(o.number GLOB ? OR o.customer_name GLOB ?)",
            [pattern.clone(), pattern],
        );
    }
}

fn least_e4(amount: Decimal) -> i64 {
    in_e4(amount, Decimal::ceil)
}

fn most_e4(amount: Decimal) -> i64 {
    in_e4(amount, Decimal::floor)
}

/// An amount in ten-thousandths. What is beyond all totals stays beyond them.
fn in_e4(amount: Decimal, whole: impl Fn(&Decimal) -> Decimal) -> i64 {
    let beyond = if amount.is_sign_negative() {
        -NO_LIMIT
    } else {
        NO_LIMIT
    };
    let scaled = amount.checked_mul(Decimal::from(10_000));
    scaled
        .and_then(|scaled| i64::try_from(whole(&scaled)).ok())
        .unwrap_or(beyond)
}

fn any_of(condition: &mut Condition, column: &str, values: Vec<Value>) {
    if !values.is_empty() {
        let marks = vec!["?"; values.len()].join(", ");
        condition.and(&format!("{column} IN ({marks})"), values);
    }
}
