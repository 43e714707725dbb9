//! Whatever happens on both servers between and during fetches, once it is quiet the cache holds
//! what the servers hold, as soon as sweeps have run from their beginning to their end.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use rust_decimal::Decimal;
use tandem_contract::suite::read_all;
use tandem_contract::{Cursor, Page, Query, Source};
use tandem_domain::{Clock as _, Timestamp};
use tandem_sandbox::{Fault, Rule, ShopKind, World};
use tandem_store::Store;
use tandem_sync::{FetchDone, FetchStopped, Fetching, Progress, Streamed, fetch};
use tandem_tests::rig::{Rig, connect, erp_slug, shop_slug};

const CASES: u32 = 16;
const SEED: [u8; 32] = *b"a fixed seed gives equal cases: ";

/// One thing that happens on a server. Numbers choose which record.
#[derive(Debug, Clone)]
enum Change {
    /// Another name, with its date or without anybody saying so.
    Listing {
        which: usize,
        dated: bool,
    },
    NewListing {
        like: usize,
    },
    NoListing {
        which: usize,
    },
    Order {
        which: usize,
        dated: bool,
    },
    NoOrder {
        which: usize,
    },
    Variant {
        which: usize,
        dated: bool,
    },
    NewVariant {
        like: usize,
    },
    NoVariant {
        which: usize,
    },
    Stock {
        which: usize,
        pieces: u8,
    },
}

#[derive(Debug, Clone)]
enum Step {
    Happens(Change),
    Minutes(u16),
    Misbehaves {
        shop: bool,
        skip: u32,
        fault: Fault,
    },
    /// A fetch; after so many pages something happens, or the process is cancelled.
    Fetches {
        pages: u8,
        then: Option<Change>,
    },
}

fn change() -> impl Strategy<Value = Change> {
    let which = 0_usize..400;
    prop_oneof![
        (which.clone(), any::<bool>()).prop_map(|(which, dated)| Change::Listing { which, dated }),
        which.clone().prop_map(|like| Change::NewListing { like }),
        which.clone().prop_map(|which| Change::NoListing { which }),
        (which.clone(), any::<bool>()).prop_map(|(which, dated)| Change::Order { which, dated }),
        which.clone().prop_map(|which| Change::NoOrder { which }),
        (which.clone(), any::<bool>()).prop_map(|(which, dated)| Change::Variant { which, dated }),
        which.clone().prop_map(|like| Change::NewVariant { like }),
        which.clone().prop_map(|which| Change::NoVariant { which }),
        (which, any::<u8>()).prop_map(|(which, pieces)| Change::Stock { which, pieces }),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::TooMany {
            retry_after_s: Some(3)
        }),
        Just(Fault::TooMany {
            retry_after_s: None
        }),
        Just(Fault::Html { status: 502 }),
        Just(Fault::Html { status: 200 }),
        Just(Fault::AnswerLost),
        Just(Fault::Truncated),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => change().prop_map(Step::Happens),
        1 => prop_oneof![1_u16..120, 1_200_u16..1_600].prop_map(Step::Minutes),
        1 => (any::<bool>(), 0_u32..12, fault())
            .prop_map(|(shop, skip, fault)| Step::Misbehaves { shop, skip, fault }),
        3 => (1_u8..6, proptest::option::of(change()))
            .prop_map(|(pages, then)| Step::Fetches { pages, then }),
    ]
}

fn nth<K: Copy, V>(of: &BTreeMap<K, V>, which: usize) -> Option<K> {
    of.keys().nth(which % of.len().max(1)).copied()
}

fn happen(world: &mut World, change: &Change, now: Timestamp) {
    match *change {
        Change::Listing { .. } | Change::NewListing { .. } | Change::NoListing { .. } => {
            happen_to_listings(world, change, now);
        }
        Change::Order { which, dated } => {
            if let Some(key) = nth(&world.shop.orders, which)
                && let Some(order) = world.shop.orders.get_mut(&key)
            {
                order.customer_note.push('!');
                order.modified = if dated { now } else { order.modified };
            }
        }
        Change::NoOrder { which } => {
            let key = nth(&world.shop.orders, which);
            key.and_then(|key| world.shop.orders.remove(&key));
        }
        Change::Variant { .. }
        | Change::NewVariant { .. }
        | Change::NoVariant { .. }
        | Change::Stock { .. } => happen_to_variants(world, change, now),
    }
}

fn happen_to_listings(world: &mut World, change: &Change, now: Timestamp) {
    let listings = &mut world.shop.listings;
    match *change {
        Change::Listing { which, dated } => {
            if let Some(key) = nth(listings, which)
                && let Some(listing) = listings.get_mut(&key)
            {
                listing.regular_price = listing.regular_price.map(|price| price + Decimal::ONE);
                listing.name.push('!');
                listing.modified = if dated { now } else { listing.modified };
            }
        }
        Change::NewListing { like } => {
            let last = listings.keys().next_back().copied().unwrap_or(0);
            let model = nth(listings, like).and_then(|key| listings.get(&key).cloned());
            if let Some(mut listing) = model.filter(|model| model.kind == ShopKind::Simple) {
                listing.sku = format!("NEW-{last}");
                (listing.created, listing.modified) = (now, now);
                listings.insert(last + 1, listing);
            }
        }
        Change::NoListing { which } => {
            if let Some(key) = nth(listings, which) {
                listings.remove(&key);
                listings.retain(|_, child| child.kind != ShopKind::VariationOf(key));
            }
        }
        _ => {}
    }
}

fn happen_to_variants(world: &mut World, change: &Change, now: Timestamp) {
    let variants = &mut world.erp.variants;
    match *change {
        Change::Variant { which, dated } => {
            if let Some(key) = nth(variants, which)
                && let Some(variant) = variants.get_mut(&key)
            {
                variant.sku.push('!');
                variant.modified = if dated { now } else { variant.modified };
            }
        }
        Change::NewVariant { like } => {
            let last = variants.keys().next_back().copied().unwrap_or(0);
            let templates = variants.values().map(|variant| variant.template).max();
            let model = nth(variants, like).and_then(|key| variants.get(&key).cloned());
            if let (Some(mut variant), Some(template)) = (model, templates) {
                variant.template = template + 1;
                variant.attributes.clear();
                variant.barcode.clear();
                variant.modified = now;
                variants.insert(last + 1, variant);
            }
        }
        Change::NoVariant { which } => {
            let key = nth(variants, which);
            key.and_then(|key| variants.remove(&key));
        }
        Change::Stock { which, pieces } => {
            if let Some(key) = nth(variants, which)
                && let Some(variant) = variants.get_mut(&key)
                && let Some(levels) = variant.levels.values_mut().next()
            {
                levels.on_hand = pieces.into();
            }
        }
        _ => {}
    }
}

/// Some pages bring records of the page before once more, as servers do that count in offsets.
struct Repeating<'a, T> {
    source: &'a dyn Source<T>,
    before: Mutex<Option<Page<T>>>,
}

#[async_trait]
impl<T: Streamed + Clone> Source<T> for Repeating<'_, T> {
    async fn page(
        &self,
        query: &Query,
        after: Option<&Cursor>,
    ) -> tandem_contract::Result<Page<T>> {
        let mut page = self.source.page(query, after).await?;
        let before = self.before.lock().expect("no holder panics").take();
        match before {
            Some(before) if after.is_some() => page.items.extend(before.items),
            _ => *self.before.lock().expect("no holder panics") = Some(page.clone()),
        }
        Ok(page)
    }

    fn ahead(&self, query: &Query, after: &Cursor) -> Option<Cursor> {
        self.source.ahead(query, after)
    }
}

/// What was in the cache and the times that it was read before do not count: only whether each
/// stream's sweep ended this time.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Swept {
    listings: bool,
    orders: bool,
    variants: bool,
}

struct Case {
    rig: Rig,
    store: Arc<Store>,
}

impl Case {
    fn new() -> Self {
        let store = Store::in_memory().expect("memory is enough");
        connect(&store);
        Self {
            rig: Rig::new(200, 24),
            store: Arc::new(store),
        }
    }

    async fn read<T: Streamed + Clone>(
        &self,
        source: &dyn Source<T>,
        fetching: &Fetching,
        hear: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<FetchDone, FetchStopped> {
        let repeating = Repeating {
            source,
            before: Mutex::default(),
        };
        fetch(&repeating, fetching, hear).await
    }

    /// Reads both sides as the application does, with new connectors.
    async fn fetch(
        &self,
        hear: &(dyn Fn(Progress, &Fetching) + Send + Sync),
    ) -> Result<Swept, FetchStopped> {
        let (shop, erp) = (self.rig.storefront(), self.rig.erp());
        let ours = self.rig.fetching(&self.store, shop_slug(), 2);
        let theirs = self.rig.fetching(&self.store, erp_slug(), 4);
        let orders = Fetching {
            earliest: Some(Rig::start() - SignedDuration::from_hours(90 * 24)),
            ..ours.clone()
        };
        let levels = Fetching {
            full: true,
            ..theirs.clone()
        };
        let listings = shop.listings().expect("sells");
        let listings = self
            .read(listings, &ours, &|seen| hear(seen, &ours))
            .await?;
        let source = shop.orders().expect("has orders");
        let orders = self
            .read(source, &orders, &|seen| hear(seen, &orders))
            .await?;
        let variants = erp.variants().expect("has variants");
        let variants = self
            .read(variants, &theirs, &|seen| hear(seen, &theirs))
            .await?;
        let source = erp.stock().expect("has stock");
        self.read(source, &levels, &|seen| hear(seen, &levels))
            .await?;
        Ok(Swept {
            listings: listings.swept,
            orders: orders.swept,
            variants: variants.swept,
        })
    }

    async fn take(&self, step: &Step) {
        match step {
            Step::Happens(change) => self.happen(change),
            Step::Minutes(minutes) => self.rig.clock.advance_seconds(i64::from(*minutes) * 60),
            Step::Misbehaves { shop, skip, fault } => {
                let rule = Rule {
                    path: String::new(),
                    skip: *skip,
                    times: Some(1),
                    fault: fault.clone(),
                };
                let faults = if *shop {
                    &self.rig.shop_faults
                } else {
                    &self.rig.erp_faults
                };
                faults.set(vec![rule]);
            }
            Step::Fetches { pages, then } => {
                let heard = Mutex::new(0_u8);
                let hear = |progress: Progress, fetching: &Fetching| {
                    let mut heard = heard.lock().expect("no holder panics");
                    *heard = heard.saturating_add(u8::from(progress.waiting_s.is_none()));
                    if *heard == *pages {
                        match then {
                            Some(change) => self.happen(change),
                            None => fetching.cancel.cancel(),
                        }
                    }
                };
                // One that failed or was cancelled is taken up by the next one.
                let _taken_up_later = self.fetch(&hear).await;
            }
        }
    }

    fn happen(&self, change: &Change) {
        happen(&mut self.rig.world.lock(), change, self.rig.clock.now());
    }

    /// Nothing happens any more: fetches until every stream was swept often enough.
    async fn settle(&self) {
        self.rig.shop_faults.set(Vec::new());
        self.rig.erp_faults.set(Vec::new());
        let mut ends = [0; 3];
        for _ in 0..60 {
            // A sweep begins a day after the last one, and takes a part of it with each fetch.
            self.rig.clock.advance_seconds(7 * 3_600);
            let swept = self.fetch(&|_, _| {}).await.expect("nothing fails");
            for (end, swept) in ends
                .iter_mut()
                .zip([swept.listings, swept.orders, swept.variants])
            {
                *end += u32::from(swept);
            }
            // The first end may be that of a sweep that began before it was quiet, and what is
            // read in slices has to be missed twice to be gone.
            if ends.iter().all(|ends| *ends >= 3) {
                return;
            }
        }
        panic!("the sweeps do not come to an end: {ends:?}");
    }

    async fn compare(&self) -> Result<(), TestCaseError> {
        let (shop, erp) = (self.rig.storefront(), self.rig.erp());
        let cached = self.store.listings(&shop_slug()).expect("readable");
        same(&cached, shop.listings().expect("sells"), |listing| {
            listing.key.to_string()
        })
        .await?;
        let mut cached = Vec::new();
        self.store
            .each_order(&shop_slug(), |order| cached.push(order))
            .expect("readable");
        same(&cached, shop.orders().expect("has orders"), |order| {
            order.key.to_string()
        })
        .await?;
        let cached = self.store.variants(&erp_slug()).expect("readable");
        same(&cached, erp.variants().expect("has some"), |variant| {
            variant.key.to_string()
        })
        .await?;
        let cached = self.store.stock_levels(&erp_slug()).expect("readable");
        let key =
            |level: &tandem_domain::StockLevel<_>| format!("{}@{}", level.key, level.warehouse);
        same(&cached, erp.stock().expect("has stock"), key).await
    }
}

async fn same<T: Send + Debug>(
    cached: &[T],
    source: &dyn Source<T>,
    key: impl Fn(&T) -> String,
) -> Result<(), TestCaseError> {
    let (there, _) = read_all(source, &Query::all()).await.expect("it answers");
    let shown = |records: &[T]| -> BTreeMap<String, String> {
        let line = |record: &T| (key(record), format!("{record:?}"));
        records.iter().map(line).collect()
    };
    let (here, there) = (shown(cached), shown(&there));
    for (key, record) in &there {
        prop_assert_eq!(here.get(key), Some(record), "missed or old");
    }
    for key in here.keys() {
        prop_assert!(there.contains_key(key), "{} is gone there", key);
    }
    Ok(())
}

fn converges(steps: &[Step]) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let case = Case::new();
        for step in steps {
            case.take(step).await;
        }
        case.settle().await;
        case.compare().await
    })
}

#[test]
fn whatever_happens_between_the_cache_ends_where_the_servers_are() {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let steps = proptest::collection::vec(step(), 4..28);
    TestRunner::new_with_rng(config, random)
        .run(&steps, |steps| converges(&steps))
        .unwrap_or_else(|failure| panic!("{failure}"));
}
