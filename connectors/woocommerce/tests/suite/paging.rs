//! Paging: by cursor, ahead, and while the catalogue moves below the pages.

use std::collections::{HashMap, HashSet};

use tandem_connector_woocommerce::fake;
use tandem_contract::http::InProcess;
use tandem_contract::{Cursor, Query};
use tandem_domain::Listing;
use tandem_sandbox::{SharedWorld, ShopKind};

use crate::common::{PASSWORD, at, clock, connect, in_process, large, listing};

#[tokio::test]
async fn ids_that_come_on_two_pages_are_read_twice_alike_and_hide_no_other() {
    let world = SharedWorld::new(large());
    let all: Vec<u64> = world.lock().shop.listings.keys().copied().collect();
    let router = InProcess::new(fake(world.clone()));
    let shop = connect("https://shop.example", PASSWORD, router, clock());
    let source = shop.listings().expect("a source");
    let (mut read, mut after) = (Vec::new(), None);
    for page_number in 0..20 {
        let page = source.page(&Query::all(), after.as_ref()).await;
        let page = page.expect("a page");
        assert!(page.rejected.is_empty());
        read.extend(page.items.into_iter().map(|item| item.record));
        if page_number == 0 {
            // Taken out of the trash, they come before all others and push them on by ten.
            let restored = (1..=10).map(|id| {
                let sku = format!("BACK-{id}");
                (id, listing(ShopKind::Simple, "Back", &sku, Some("1")))
            });
            world.lock().shop.listings.extend(restored);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(after, None, "it ends");
    let mut once: HashMap<&str, &Listing> = HashMap::new();
    let mut twice = 0;
    for listing in &read {
        if let Some(before) = once.insert(listing.key.as_str(), listing) {
            assert_eq!(before, listing, "the same record");
            twice += 1;
        }
    }
    assert_eq!(twice, 10);
    let id = |key: &&str| key.rsplit('/').next().and_then(|id| id.parse::<u64>().ok());
    let ids: HashSet<u64> = once.keys().filter_map(id).collect();
    let world = world.lock();
    let shown = |id: &&u64| !world.shop.listings[id].trashed;
    let missed: Vec<&u64> = all
        .iter()
        .filter(shown)
        .filter(|id| !ids.contains(id))
        .collect();
    assert_eq!(missed, Vec::<&u64>::new());
}

#[tokio::test]
async fn progress_is_honest_and_a_run_resumes_anywhere() {
    let world = SharedWorld::new(large());
    let shop = || {
        let router = InProcess::new(fake(world.clone()));
        connect("https://shop.example", PASSWORD, router, clock())
    };
    let mut after: Option<Cursor> = None;
    let mut cursors = Vec::new();
    let mut count = 0;
    loop {
        // A new connector for each page: nothing but the cursor is carried over.
        let shop = shop();
        let source = shop.listings().expect("a source");
        let page = source
            .page(&Query::all(), after.as_ref())
            .await
            .expect("a page");
        assert_eq!(page.total, Some(375), "products and variations together");
        count += page.items.len();
        let Some(next) = page.next else { break };
        cursors.push(next.0.clone());
        after = Some(next);
    }
    assert_eq!(count, 375);
    assert_eq!(
        cursors,
        ["p:2:253:122", "p:3:253:122", "v:1:122:253", "v:2:122:253"]
    );
}

#[tokio::test]
async fn products_deleted_while_reading_hide_none_of_the_others() {
    let world = SharedWorld::new(large());
    let router = InProcess::new(fake(world.clone()));
    let shop = connect("https://shop.example", PASSWORD, router, clock());
    let source = shop.listings().expect("a source");
    let mut seen = HashSet::new();
    let mut after = None;
    for page_number in 0..20 {
        let page = source
            .page(&Query::all(), after.as_ref())
            .await
            .expect("a page");
        seen.extend(page.items.into_iter().map(|item| item.record.key));
        if page_number == 0 {
            let mut world = world.lock();
            for id in 10_000..10_005 {
                world.shop.listings.remove(&id);
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let world = world.lock();
    for id in world
        .shop
        .listings
        .range(10_000..20_000)
        .map(|(id, _)| id.to_string())
    {
        let read = seen.iter().any(|key| key.as_str() == id);
        assert!(
            read,
            "{id} moved over the edge of a page that was read already"
        );
    }
}

#[tokio::test]
async fn the_next_cursor_is_told_ahead_and_is_right() {
    let shop = in_process(large(), PASSWORD);
    let source = shop.listings().expect("a source");
    for query in [Query::all(), Query::since(at("2026-11-01T00:00:00Z"))] {
        let first = source.page(&query, None).await.expect("a page");
        let mut after = first.next;
        let mut told = 0;
        while let Some(cursor) = after {
            let ahead = source.ahead(&query, &cursor);
            let page = source.page(&query, Some(&cursor)).await.expect("a page");
            assert_eq!(ahead, page.next, "behind {cursor:?}");
            told += 1;
            after = page.next;
        }
        assert_eq!(told, 4, "every page but the first");
    }
}

#[tokio::test]
async fn a_cursor_that_cannot_be_read_starts_over() {
    let shop = in_process(large(), PASSWORD);
    let source = shop.listings().expect("a source");
    let first = source.page(&Query::all(), None).await.expect("a page");
    for text in ["", "p", "p:0:1:1", "r:2:1:-", "{\"page\":2}"] {
        let cursor = Cursor(text.to_owned());
        let page = source.page(&Query::all(), Some(&cursor)).await;
        let page = page.expect("a page");
        assert_eq!(page.next, first.next, "{text:?}");
        assert_eq!(page.items.len(), first.items.len(), "{text:?}");
    }
}
