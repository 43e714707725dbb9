//! A shelf of stock levels that is read by key, two a page, and changes while it is read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use tandem_contract::{Cause, Cursor, Error, Fetched, Page, Query, Result, Scope, Source};
use tandem_domain::{
    ConnectionKind, ManualClock, Slug, StockLevel, Timestamp, VariantKey, WarehouseKey,
};
use tandem_store::{SavedConnection, Store};
use tandem_sync::{Fetching, Pace};
use tokio_util::sync::CancellationToken;

pub(crate) type Level = StockLevel<VariantKey>;

pub(crate) const ROWS_A_PAGE: usize = 2;

pub(crate) fn slug() -> Slug {
    Slug::from_name("odoo")
}

/// The instant `minutes` after the tests' beginning of time.
pub(crate) fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-21T08:00:00Z".parse().expect("an instant");
    start + jiff::SignedDuration::from_mins(minutes)
}

pub(crate) fn received(key: i64, on_hand: i64) -> Fetched<Level> {
    Fetched {
        record: StockLevel {
            key: VariantKey(key),
            warehouse: WarehouseKey(1),
            on_hand: on_hand.into(),
            reserved: 0.into(),
        },
        raw: "{}".to_owned(),
    }
}

/// A fetch of everything at one page a time, into an empty cache.
pub(crate) fn fetching() -> Fetching {
    let now = at(0);
    let store = Store::in_memory().expect("memory is enough");
    let connection = SavedConnection {
        slug: slug(),
        name: "Odoo".to_owned(),
        kind: ConnectionKind::new("odoo"),
        url: "https://odoo.example".to_owned(),
        settings: serde_json::json!({}),
        bound_odoo: None,
        facts: None,
        check: None,
        created_at: now,
    };
    store.save_connection(&connection).expect("saved");
    let clock = Arc::new(ManualClock::at(now));
    Fetching {
        store: Arc::new(store),
        pace: Pace::new(1, Arc::clone(&clock) as _),
        clock,
        connection: slug(),
        full: true,
        sweep_pages: 0,
        earliest: None,
        server_now: now,
        cancel: CancellationToken::new(),
    }
}

/// The fetch with so many readers at most.
pub(crate) fn with_readers(readers_max: usize) -> Fetching {
    let fetching = fetching();
    Fetching {
        pace: Pace::new(readers_max, Arc::clone(&fetching.clock)),
        ..fetching
    }
}

pub(crate) fn saved(fetching: &Fetching) -> usize {
    levels(fetching).len()
}

/// Key and quantity of what the cache holds.
pub(crate) fn levels(fetching: &Fetching) -> Vec<(i64, i64)> {
    let levels = fetching.store.stock_levels(&slug()).expect("readable");
    let level = |level: Level| {
        let on_hand = level.on_hand.to_string().parse().expect("whole pieces");
        (level.key.0, on_hand)
    };
    levels.into_iter().map(level).collect()
}

/// What lies on the shelf: quantity and date of the last change, by key.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) rows: Mutex<BTreeMap<i64, (i64, Timestamp)>>,
    /// The server's clock.
    pub(crate) now: Mutex<Option<Timestamp>>,
    /// What was asked: cursor, and since when.
    pub(crate) asked: Mutex<Vec<(String, Option<Timestamp>)>>,
    /// Whether cursors can be foretold.
    pub(crate) foretells: bool,
    /// Cursors of an older version are spelled otherwise.
    pub(crate) prefix: &'static str,
    /// Later pages answer sooner.
    pub(crate) unordered: bool,
    pub(crate) under_way: Mutex<(usize, usize)>,
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().expect("no holder panics")
}

impl Shelf {
    /// Keys from 1 on, each with a quantity of ten.
    pub(crate) fn of(count: i64) -> Self {
        let rows = (1..=count).map(|key| (key, (10, at(-60)))).collect();
        Self {
            rows: Mutex::new(rows),
            ..Self::default()
        }
    }

    pub(crate) fn put(&self, key: i64, on_hand: i64, changed: Timestamp) {
        held(&self.rows).insert(key, (on_hand, changed));
    }

    pub(crate) fn remove(&self, key: i64) {
        held(&self.rows).remove(&key);
    }

    pub(crate) fn levels(&self) -> Vec<(i64, i64)> {
        let rows = held(&self.rows);
        rows.iter().map(|(key, row)| (*key, row.0)).collect()
    }

    /// The cursors asked for since the last time, with whether changes were asked for.
    pub(crate) fn take_asked(&self) -> Vec<(String, bool)> {
        let asked = std::mem::take(&mut *held(&self.asked));
        let shown = |(cursor, since): (String, Option<_>)| (cursor, since.is_some());
        asked.into_iter().map(shown).collect()
    }

    /// The most requests that were under way at a time.
    pub(crate) fn most_under_way(&self) -> usize {
        held(&self.under_way).1
    }

    fn key(&self, cursor: &Cursor) -> Option<i64> {
        cursor.0.strip_prefix(self.prefix)?.parse().ok()
    }

    fn cursor(&self, key: i64) -> Cursor {
        Cursor(format!("{}{key}", self.prefix))
    }

    fn enter(&self) {
        let mut under_way = held(&self.under_way);
        under_way.0 += 1;
        under_way.1 = under_way.1.max(under_way.0);
    }
}

#[async_trait]
impl Source<Level> for Shelf {
    async fn page(&self, query: &Query, after: Option<&Cursor>) -> Result<Page<Level>> {
        let since = match query.scope {
            Scope::All => None,
            Scope::Since(instant) => Some(instant),
        };
        let text = after.map_or(String::new(), |cursor| cursor.0.clone());
        held(&self.asked).push((text, since));
        let after = match after {
            None => 0,
            Some(cursor) => self
                .key(cursor)
                .ok_or_else(|| Error::new(Cause::Invalid, "cursor"))?,
        };
        self.enter();
        if self.unordered {
            let early = u64::try_from(100 - after).unwrap_or(0);
            tokio::time::sleep(Duration::from_millis(early)).await;
        }
        held(&self.under_way).0 -= 1;
        let rows = held(&self.rows);
        let wanted = |row: &(i64, Timestamp)| since.is_none_or(|since| row.1 >= since);
        let items: Vec<_> = rows
            .range(after + 1..)
            .filter(|(_, row)| wanted(row))
            .take(ROWS_A_PAGE)
            .map(|(key, row)| received(*key, row.0))
            .collect();
        let last = items.last().map(|item| item.record.key.0);
        let more = items.len() == ROWS_A_PAGE;
        Ok(Page {
            items,
            rejected: Vec::new(),
            next: last.filter(|_| more).map(|key| self.cursor(key)),
            total: None,
            server_time: *held(&self.now),
        })
    }

    fn ahead(&self, query: &Query, after: &Cursor) -> Option<Cursor> {
        let foretold = self.foretells && query.scope == Scope::All;
        let key = self.key(after).filter(|_| foretold)?;
        Some(self.cursor(key + 2))
    }
}
