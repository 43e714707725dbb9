//! Refunds: store-wide where the shop lists them so, order by order where it does not.
//!
//! A refund names no currency, so that of its order is asked for, one question a page.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::value::RawValue;
use tandem_contract::{Cause, Cursor, Fetched, Page, Query, Rejected, Result, Source};
use tandem_domain::{Currency, Refund};

use crate::answer::Answer;
use crate::client::{Client, PER_PAGE};
use crate::listings::{Since, page_params, since_params};
use crate::place::{Place, Stage};
use crate::row::{Bad, Row};
use crate::{map, wire};

/// Stages of this source.
const STAGES: [Stage; 2] = [Stage::Refunds, Stage::Orders];
/// Pages read of one order's refunds.
const ORDER_PAGES_MAX: u64 = 10;

/// The shop's refunds.
#[derive(Debug)]
pub(crate) struct Refunds {
    client: Arc<Client>,
}

#[async_trait]
impl Source<Refund> for Refunds {
    async fn page(&self, query: &Query, after: Option<&Cursor>) -> Result<Page<Refund>> {
        let since = since_params(&query.scope)?;
        let place = after.and_then(|cursor| Place::parse(cursor, &STAGES));
        match place {
            Some(place) if place.stage == Stage::Orders => self.by_order(place, &since).await,
            Some(place) => self.store_wide(place, &since).await,
            None => {
                let page = self.store_wide(Place::start(Stage::Refunds), &since).await;
                match page {
                    // An older shop.
                    Err(error) if error.cause == Cause::ApiMissing => {
                        self.by_order(Place::start(Stage::Orders), &since).await
                    }
                    page => page,
                }
            }
        }
    }

    fn ahead(&self, query: &Query, after: &Cursor) -> Option<Cursor> {
        let place = Place::parse(after, &STAGES)?;
        place.ahead(query).map(Place::cursor)
    }
}

impl Refunds {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    async fn store_wide(&self, place: Place, since: &Since) -> Result<Page<Refund>> {
        let params = refund_params(since, place);
        let (answer, rows) = self.client.list("refunds", &params).await?;
        let currencies = self.currencies(&rows).await?;
        let mut page = empty_page(&answer);
        for raw in &rows {
            add(&mut page, raw, |row| {
                let order = row.id("parent_id")?;
                let currency = currencies.get(&order).ok_or_else(|| {
                    let id = order.to_string();
                    Bad::new("parent_id", &id, "is not among the shop's orders")
                })?;
                map::refund(&wire::Refund::read(row)?, order, *currency)
            });
        }
        let place = place.counted(answer.total);
        page.next = place.following(&answer, rows.len()).map(Place::cursor);
        page.total = place.total();
        Ok(page)
    }

    /// The way of older shops: a page of orders, then the refunds of each that has any. Making a
    /// refund changes its order, so the changed orders lead to all new refunds.
    async fn by_order(&self, place: Place, since: &Since) -> Result<Page<Refund>> {
        let params = page_params(since, place, "id,currency,refunds");
        let (answer, rows) = self.client.list("orders", &params).await?;
        let mut page = empty_page(&answer);
        for raw in &rows {
            match refunded_order(raw) {
                Ok(None) => {}
                Ok(Some((order, currency))) => {
                    for raw in self.of_order(order).await? {
                        add(&mut page, &raw, |row| {
                            map::refund(&wire::Refund::read(row)?, order, currency)
                        });
                    }
                }
                Err(bad) => page.rejected.push(rejected(raw, &bad)),
            }
        }
        let place = place.counted(answer.total);
        page.next = place.following(&answer, rows.len()).map(Place::cursor);
        Ok(page)
    }

    async fn of_order(&self, order: u64) -> Result<Vec<Box<RawValue>>> {
        let path = format!("orders/{order}/refunds");
        let mut all = Vec::new();
        for number in 1..=ORDER_PAGES_MAX {
            let place = Place::start(Stage::Refunds).at(number);
            let params = refund_params(&Vec::new(), place);
            let (answer, rows) = match self.client.list(&path, &params).await {
                Ok(answered) => answered,
                // Deleted since the page of orders was read.
                Err(error) if error.cause == Cause::NotFound => break,
                Err(error) => return Err(error),
            };
            let last = place.following(&answer, rows.len()).is_none();
            all.extend(rows);
            if last {
                break;
            }
        }
        Ok(all)
    }

    /// The currencies of the orders that a page of refunds names. Orders in the trash, or in a
    /// status whose plugin was removed, are in no list, but answer one by one.
    async fn currencies(&self, rows: &[Box<RawValue>]) -> Result<HashMap<u64, Currency>> {
        let orders: BTreeSet<u64> = rows
            .iter()
            .filter_map(|raw| Row::parse(raw.get()).ok()?.id("parent_id").ok())
            .collect();
        if orders.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<String> = orders.iter().map(u64::to_string).collect();
        let params = [
            ("include", ids.join(",")),
            ("per_page", PER_PAGE.to_string()),
            ("_fields", "id,currency".to_owned()),
        ];
        let (_, rows) = self.client.list("orders", &params).await?;
        let mut known: HashMap<u64, Currency> = rows
            .iter()
            .filter_map(|raw| currency_of(&Row::parse(raw.get()).ok()?))
            .collect();
        for id in orders {
            if known.contains_key(&id) {
                continue;
            }
            let path = format!("orders/{id}");
            match self.client.get(&path, &params[2..]).await {
                Ok(answer) => known.extend(
                    Row::parse(&answer.json)
                        .ok()
                        .and_then(|row| currency_of(&row)),
                ),
                Err(error) if error.cause == Cause::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(known)
    }
}

/// `dp=6` shows net amounts and taxes as the shop holds them, unrounded.
fn refund_params(since: &Since, place: Place) -> Since {
    let mut params = page_params(since, place, wire::Refund::FIELDS);
    params.push(("dp", "6".to_owned()));
    params
}

fn currency_of(row: &Row) -> Option<(u64, Currency)> {
    Some((row.id("id").ok()?, row.text("currency").ok()?.parse().ok()?))
}

/// An order with refunds, and its currency; `None` when it has none.
fn refunded_order(raw: &RawValue) -> std::result::Result<Option<(u64, Currency)>, Bad> {
    let row = Row::parse(raw.get())?;
    if row.rows("refunds")?.is_empty() {
        return Ok(None);
    }
    let code = row.text("currency")?;
    let currency = code
        .parse()
        .map_err(|_| Bad::new("currency", &code, "is not a code of ISO 4217"))?;
    Ok(Some((row.id("id")?, currency)))
}

fn empty_page(answer: &Answer) -> Page<Refund> {
    Page {
        items: Vec::new(),
        rejected: Vec::new(),
        next: None,
        total: None,
        server_time: answer.server_time,
    }
}

fn add(
    page: &mut Page<Refund>,
    raw: &RawValue,
    map: impl FnOnce(&Row) -> std::result::Result<Refund, Bad>,
) {
    match Row::parse(raw.get()).and_then(|row| map(&row)) {
        Ok(record) => page.items.push(Fetched {
            record,
            raw: raw.get().to_owned(),
        }),
        Err(bad) => page.rejected.push(rejected(raw, &bad)),
    }
}

fn rejected(raw: &RawValue, bad: &Bad) -> Rejected {
    let row = Row::parse(raw.get());
    Rejected {
        external_id: row.map(|row| row.any_id()).unwrap_or_default(),
        reason: bad.to_string(),
        raw: raw.get().to_owned(),
    }
}
