//! Orders: which wait, and what holds each back.

use std::sync::Arc;

use rust_decimal::Decimal;
use tandem_domain::{ListingKey, Order, Slug, StatusCode, Timestamp};
use tandem_store::{Judgement, OrderFilter, OrderState, SavedOrder};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::connections::parse_slug;
use crate::use_cases::imports::{About, kind_of};
use crate::view::{
    BlockerKind, OrderCounts, OrderRow, OrdersPage, OrdersQuery, StatusCount, count,
};
use crate::{App, Result};

/// Rows of one page at most.
pub(crate) const PAGE_MAX: u32 = 500;
/// Judgements saved in one transaction.
const JUDGED_AT_ONCE: usize = 500;
/// Orders after which it is told how far their judging is.
const TELL_EVERY: usize = 5_000;

impl App {
    /// Orders, newest first, and how many there are in each state.
    pub async fn orders_page(&self, store: &str, query: OrdersQuery) -> Result<OrdersPage> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            let filter = filter_of(&query)?;
            let limit = query.limit.min(PAGE_MAX);
            let page = inner
                .store
                .orders_page(&slug, &filter, query.offset, limit)?;
            Ok(OrdersPage {
                total: page.total,
                rows: page.orders.iter().map(order_row).collect(),
                counts: counts_view(&page.counts),
                statuses: page
                    .counts
                    .statuses
                    .into_iter()
                    .map(|(status, orders)| StatusCount {
                        status: status.to_string(),
                        orders,
                    })
                    .collect(),
            })
        })
        .await
    }

    /// The ids of the orders that a person named, by the number that the store shows or by id;
    /// `id:` in front says which of the two is meant.
    pub async fn order_keys(&self, store: &str, words: Vec<String>) -> Result<Vec<String>> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            let keys = words.iter().map(|word| inner.order_key(&slug, word));
            keys.collect()
        })
        .await
    }

    /// The store's ids of all orders that a query leaves, newest first, on whatever page.
    pub async fn orders_shown(&self, store: &str, query: OrdersQuery) -> Result<Vec<String>> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            let keys = inner.store.order_keys(&slug, &filter_of(&query)?)?;
            Ok(keys.iter().map(ToString::to_string).collect())
        })
        .await
    }
}

impl Inner {
    fn order_key(&self, store: &Slug, word: &str) -> Result<String> {
        if let Some(key) = word.strip_prefix("id:") {
            return Ok(key.to_owned());
        }
        let problem = |code| {
            AppError::new(code)
                .with("record", word)
                .with("store", store)
        };
        match self.store.orders_called(store, word)?.as_slice() {
            [key] => Ok(key.to_string()),
            [] => Err(problem(Code::RecordUnknown)),
            _ => Err(problem(Code::OrderAmbiguous)),
        }
    }

    /// Judges orders against the links of this moment and saves what was found.
    pub(crate) fn judge_orders(&self, store: &Slug, orders: &[Order<ListingKey>]) -> Result<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let _one_at_a_time = self.judging();
        let judging = self.judging_of(store, About::Orders(orders))?;
        let judged: Vec<Judgement> = orders.iter().map(|order| judging.judge(order)).collect();
        self.save_judgements(store, &judged)
    }

    /// Judges every order of a store, and tells now and then how many it has. Only the judgements
    /// are held, so a long history needs little memory.
    pub(crate) fn judge_all_orders(&self, store: &Slug, tell: impl Fn(u32)) -> Result<()> {
        let _one_at_a_time = self.judging();
        let judging = self.judging_of(store, About::All)?;
        let mut judged = Vec::new();
        self.store.each_order(store, |order| {
            judged.push(judging.judge(&order));
            if judged.len() % TELL_EVERY == 0 {
                tell(count(judged.len()));
            }
        })?;
        self.save_judgements(store, &judged)
    }

    /// Saves what was found, in transactions that hold nobody up.
    pub(crate) fn save_judgements(&self, store: &Slug, judged: &[Judgement]) -> Result<()> {
        for some in judged.chunks(JUDGED_AT_ONCE) {
            self.store.save_judgements(store, some)?;
        }
        Ok(())
    }

    /// How many orders of a store are held back.
    pub(crate) fn blocked_orders(&self, store: &Slug) -> Result<u32> {
        Ok(self.store.order_counts(store)?.blocked)
    }
}

/// What the query narrows the list to. Instants and amounts that cannot be read are refused:
/// to leave them out would show more than was asked for.
fn filter_of(query: &OrdersQuery) -> Result<OrderFilter> {
    let instant = |field: &str, text: &Option<String>| -> Result<Option<Timestamp>> {
        let parsed = text.as_ref().map(|text| {
            let bad = || AppError::bad_input(field, text);
            text.parse().map_err(|_| bad())
        });
        parsed.transpose()
    };
    let amount = |field: &str, text: &Option<String>| -> Result<Option<Decimal>> {
        let parsed = text.as_ref().map(|text| {
            let bad = || AppError::bad_input(field, text);
            Decimal::from_str_exact(text.trim()).map_err(|_| bad())
        });
        parsed.transpose()
    };
    Ok(OrderFilter {
        statuses: query.statuses.iter().map(StatusCode::new).collect(),
        states: query.states.clone(),
        reason: query.reason.map(reason_word),
        text: query.text.clone(),
        customer: query.customer.clone(),
        placed_from: instant("placedFrom", &query.placed_from)?,
        placed_before: instant("placedBefore", &query.placed_before)?,
        total_min: amount("totalMin", &query.total_min)?,
        total_max: amount("totalMax", &query.total_max)?,
    })
}

/// A kind of blocker as the cache spells it: the view spells it alike, but for the two that the
/// cache has as one.
fn reason_word(kind: BlockerKind) -> String {
    let kind = match kind {
        BlockerKind::MapMoved => BlockerKind::NotMapped,
        other => other,
    };
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn counts_view(counts: &tandem_store::OrderCounts) -> OrderCounts {
    OrderCounts {
        all: counts.all,
        waiting: counts.waiting,
        blocked: counts.blocked,
        imported: counts.imported,
        differs: counts.differs,
        failed: counts.failed,
        not_yet: counts.not_yet,
        closed: counts.closed,
    }
}

pub(crate) fn order_row(saved: &SavedOrder) -> OrderRow {
    let order = &saved.order;
    let pieces = tandem_domain::sum(order.lines.iter().map(|line| line.quantity));
    OrderRow {
        key: order.key.to_string(),
        number: order.number.clone(),
        customer: order.customer.name.clone(),
        total: order.total.amount().to_string(),
        currency: order.currency.code().to_owned(),
        state: saved.state.unwrap_or(OrderState::NotYet),
        status: order.status.to_string(),
        placed_at: order.placed_at.to_string(),
        pieces: pieces.normalize().to_string(),
        blockers: saved.blockers.iter().map(kind_of).collect(),
    }
}
