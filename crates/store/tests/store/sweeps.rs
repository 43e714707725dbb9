//! Two sweeps of one stream at a time, the mark from which changes are asked for, and formats of
//! earlier versions.

use tandem_domain::{OrderKey, Timestamp};
use tandem_store::{
    PageToSave, Position, RejectedRecord, Store, StoreError, Stream, Sweep, SweepScope,
};

use crate::samples::{
    at, connected, fetch_listings, key, listing, odoo, open, order, page, received, shop,
};

const SLOW: SweepScope = SweepScope::Everything {
    from: None,
    at_once: false,
};

fn begin(store: &Store, scope: SweepScope, seconds: i64) -> Sweep {
    store
        .begin_sweep(&shop(), Stream::Listings, scope, at(seconds))
        .unwrap()
}

fn changes(store: &Store, seconds: i64) -> Sweep {
    begin(store, SweepScope::Changes { since: at(0) }, seconds)
}

fn save(store: &Store, sweep: &Sweep, names: &[&str], next: Option<&str>) {
    let records = names.iter().map(|name| listing(name, name)).collect();
    let items = received(records);
    let saved = PageToSave {
        next,
        ..page(sweep.id, &items)
    };
    store.save_listings_page(&shop(), &saved).unwrap();
}

fn finish(store: &Store, sweep: &Sweep, seconds: i64) -> usize {
    store
        .finish_sweep(&shop(), Stream::Listings, sweep, at(seconds))
        .unwrap()
}

fn present(store: &Store) -> Vec<String> {
    let listings = store.listings(&shop()).unwrap();
    listings.into_iter().map(|listing| listing.name).collect()
}

#[test]
fn changes_are_read_between_the_slices_of_a_slow_sweep() {
    let store = connected();
    fetch_listings(
        &store,
        vec![listing("a", "a"), listing("b", "b"), listing("c", "c")],
    );
    let slow = begin(&store, SLOW, 10);
    save(&store, &slow, &["a"], Some("page 2"));

    let quick = changes(&store, 20);
    save(&store, &quick, &["d"], None);
    assert_eq!(finish(&store, &quick, 21), 0, "no news is not a deletion");

    let slow = begin(&store, SLOW, 30);
    assert_eq!(slow.position, Position::At("page 2".to_owned()));
    save(&store, &slow, &["c"], None);
    assert_eq!(
        finish(&store, &slow, 31),
        0,
        "b may have moved between two slices"
    );
    assert_eq!(present(&store), ["a", "b", "c", "d"]);

    let slow = begin(&store, SLOW, 40);
    save(&store, &slow, &["a"], Some("page 2"));
    let slow = begin(&store, SLOW, 50);
    save(&store, &slow, &["d"], None);
    assert_eq!(finish(&store, &slow, 51), 1);
    assert_eq!(
        present(&store),
        ["a", "c", "d"],
        "b was in neither, c in one"
    );

    let in_one_go = begin(&store, SLOW, 60);
    save(&store, &in_one_go, &["a"], None);
    assert_eq!(finish(&store, &in_one_go, 61), 2);
    assert_eq!(present(&store), ["a"]);
}

#[test]
fn what_only_a_cut_off_sweep_over_changes_saw_is_not_taken_for_gone() {
    let store = connected();
    fetch_listings(&store, vec![listing("a", "a")]);
    let quick = changes(&store, 10);
    save(&store, &quick, &[], Some("page 2"));
    let slow = begin(&store, SLOW, 20);
    save(&store, &slow, &["a"], Some("page 2"));
    // A new record, behind the place that the slow sweep has passed.
    let quick = changes(&store, 30);
    assert!(quick.resumed);
    save(&store, &quick, &["new"], None);
    let slow = begin(&store, SLOW, 40);
    save(&store, &slow, &[], None);
    assert_eq!(finish(&store, &slow, 41), 0);
    assert_eq!(present(&store), ["a", "new"]);
}

#[test]
fn everything_at_once_does_not_continue_what_was_left_for_later() {
    let store = connected();
    let slow = begin(&store, SLOW, 1);
    save(&store, &slow, &["a"], Some("page 2"));
    assert!(begin(&store, SLOW, 2).resumed);
    let whole = begin(&store, SweepScope::WHOLE, 3);
    assert_eq!(whole.position, Position::Start);
    let late = store.save_listings_page(&shop(), &page(slow.id, &[]));
    assert!(
        matches!(late, Err(StoreError::SweepOver { .. })),
        "{late:?}"
    );
    let early = begin(&store, SweepScope::Changes { since: at(5) }, 10);
    let later = begin(&store, SweepScope::Changes { since: at(9) }, 11);
    assert_eq!(later.id, early.id, "an earlier start covers a later one");
    let earlier = begin(&store, SweepScope::Changes { since: at(2) }, 12);
    assert_ne!(earlier.id, early.id);
}

fn watermark(store: &Store) -> Option<i64> {
    let state = store.fetch_state(&shop(), Stream::Listings).unwrap();
    let mark = state.and_then(|state| state.watermark)?;
    Some(mark.as_second() - at(0).as_second())
}

fn at_server(store: &Store, sweep: &Sweep, seconds: i64, next: Option<&str>) {
    let told = PageToSave {
        next,
        server_time: Some(at(seconds)),
        ..page(sweep.id, &[])
    };
    store.save_listings_page(&shop(), &told).unwrap();
}

#[test]
fn the_mark_is_the_servers_clock_of_the_first_page() {
    let store = connected();
    let whole = begin(&store, SweepScope::WHOLE, 100);
    at_server(&store, &whole, 70, Some("page 2"));
    at_server(&store, &whole, 80, None);
    assert_eq!(watermark(&store), None, "not before the end");
    finish(&store, &whole, 110);
    assert_eq!(watermark(&store), Some(70));

    let slow = begin(&store, SLOW, 200);
    at_server(&store, &slow, 200, Some("page 2"));
    let quick = changes(&store, 300);
    at_server(&store, &quick, 300, None);
    finish(&store, &quick, 301);
    let slow = begin(&store, SLOW, 400);
    at_server(&store, &slow, 400, None);
    finish(&store, &slow, 401);
    assert_eq!(watermark(&store), Some(300), "the slow one began before");

    let quick = changes(&store, 250);
    at_server(&store, &quick, 250, None);
    finish(&store, &quick, 260);
    assert_eq!(watermark(&store), Some(250), "the clock was set right");
}

#[test]
fn a_cursor_that_nobody_knows_begins_the_sweep_again_once() {
    let store = connected();
    let slow = begin(&store, SLOW, 1);
    save(&store, &slow, &["a"], Some("page 2 of an older version"));
    let again = |store: &Store| {
        store
            .restart_sweep(&shop(), Stream::Listings, slow.id)
            .unwrap()
    };
    assert!(again(&store));
    let restarted = begin(&store, SLOW, 2);
    assert_eq!(
        (restarted.id, restarted.position, restarted.done),
        (slow.id, Position::Start, 0)
    );
    assert!(!again(&store), "the second time it is not the cursor");
}

#[test]
fn orders_that_the_store_deleted_are_gone_as_far_back_as_the_cache_reaches() {
    let store = connected();
    let fetch = |from: i64, orders: &[(&str, i64)]| {
        let scope = SweepScope::Everything {
            from: Some(at(from)),
            at_once: true,
        };
        let sweep = store
            .begin_sweep(&shop(), Stream::Orders, scope, at(900))
            .unwrap();
        let orders = orders.iter().map(|(id, seconds)| {
            let mut order = order(id, "processing", *seconds, &[]);
            order.modified_at = at(*seconds);
            order
        });
        let items = received(orders.collect());
        store
            .save_orders_page(&shop(), &page(sweep.id, &items))
            .unwrap();
        let gone = store
            .finish_sweep(&shop(), Stream::Orders, &sweep, at(901))
            .unwrap();
        (sweep.scope.since(), gone)
    };
    let all = [("1", 100), ("2", 200), ("3", 300)];
    assert_eq!(fetch(100, &all), (Some(at(100)), 0));
    assert_eq!(
        fetch(250, &[("1", 100), ("3", 300)]),
        (Some(at(100)), 1),
        "a later wish reaches back as far as the first one"
    );
    let gone = store.order(&shop(), &OrderKey::new("2")).unwrap();
    assert!(gone.unwrap().gone_at.is_some());
}

#[test]
fn problems_of_both_sides_are_listed_page_by_page() {
    let store = connected();
    let note = |connection, stream, ids: &[&str]| {
        let scope = SweepScope::WHOLE;
        let sweep = store
            .begin_sweep(&connection, stream, scope, at(1))
            .unwrap();
        let rejected: Vec<_> = ids
            .iter()
            .map(|id| RejectedRecord {
                external_id: (*id).to_owned(),
                reason: "price: not a number".to_owned(),
                raw: format!(r#"{{"id":"{id}"}}"#),
            })
            .collect();
        (sweep.id, rejected)
    };
    let (sweep, rejected) = note(shop(), Stream::Refunds, &["1", "2"]);
    let odd = PageToSave {
        rejected: &rejected,
        ..page(sweep, &[])
    };
    store.save_refunds_page(&shop(), &odd).unwrap();
    let (sweep, rejected) = note(odoo(), Stream::Variants, &["3"]);
    let odd = PageToSave {
        rejected: &rejected,
        ..page(sweep, &[])
    };
    store.save_variants_page(&odoo(), &odd).unwrap();

    let both = [shop(), odoo()];
    let listed = |from, limit| {
        let problems = store.fetch_problems(&both, from, limit).unwrap();
        let ids: Vec<String> = problems
            .rows
            .into_iter()
            .map(|row| row.external_id)
            .collect();
        (problems.total, ids)
    };
    assert_eq!(listed(0, 2), (3, vec!["3".to_owned(), "2".to_owned()]));
    assert_eq!(listed(2, 2), (3, vec!["1".to_owned()]));
    let ours = store.fetch_problems(&both[..1], 0, 9).unwrap();
    assert_eq!((ours.total, ours.rows[0].stream), (2, Stream::Refunds));
    assert_eq!(ours.rows[0].raw, r#"{"id":"2"}"#);
}

/// A file as the version before wrote it, in the middle of a fetch.
fn older(folder: &std::path::Path) {
    let file = rusqlite::Connection::open(folder.join("tandem.db")).unwrap();
    for script in [
        include_str!("../../src/migrations/0001_connections.sql"),
        include_str!("../../src/migrations/0002_catalogue.sql"),
        include_str!("../../src/migrations/0003_orders.sql"),
        include_str!("../../src/migrations/0004_matching.sql"),
        include_str!("../../src/migrations/0005_runs.sql"),
        "INSERT INTO connections (slug, name, kind, url, settings, created_at)
         VALUES ('shop', 'Shop', 'woocommerce', 'https://shop.example', '{}', 0);
         INSERT INTO cursors (connection, stream, sweep, state, since, cursor, started_at,
            watermark, full_at, updated_at)
         VALUES ('shop', 'listings', 7, 'running', NULL, 'page 3', 1700000005000000,
                1700000002000000, 1700000003000000, 1700000006000000),
            ('shop', 'orders', 4, 'complete', 1700000001000000, NULL, 1700000004000000,
                1700000004000000, NULL, 1700000004000000);
         INSERT INTO orders (connection, key, number, status, placed_at, modified_at, currency,
            total, customer_name, record, content_hash, seen_sweep)
         VALUES ('shop', '1', '1', 'processing', 0, 1700000000500000, 'EUR', '1', '', '{}', x'', 4);
         INSERT INTO fetch_problems (connection, stream, external_id, reason, raw, sweep, noted_at)
         VALUES ('shop', 'orders', '9', 'date: absurd', x'0300', 4, 1700000004000000);",
    ] {
        file.execute_batch(script).unwrap();
    }
    file.pragma_update(None, "user_version", 5).unwrap();
}

#[test]
fn a_fetch_that_the_version_before_began_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    older(folder.path());
    let store = open(folder.path()).unwrap().store;

    let state = store.fetch_state(&shop(), Stream::Listings).unwrap();
    let state = state.unwrap();
    assert_eq!(
        (state.watermark, state.full_at, state.unfinished),
        (Some(at(2)), Some(at(3)), true)
    );
    let sweep = begin(&store, SweepScope::WHOLE, 50);
    assert_eq!(
        (sweep.id, sweep.position.clone(), sweep.started_at),
        (7, Position::At("page 3".to_owned()), at(5))
    );
    save(&store, &sweep, &["a"], None);
    finish(&store, &sweep, 51);
    assert!(store.listing(&shop(), &key("a")).unwrap().is_some());

    let orders = store.fetch_state(&shop(), Stream::Orders).unwrap().unwrap();
    assert_eq!(orders.watermark, Some(at(4)));
    assert_eq!(
        orders.reaches.map(Timestamp::as_millisecond),
        Some(1_700_000_000_500),
        "as far back as there are orders"
    );
    let problems = store.fetch_problems(&[shop()], 0, 9).unwrap();
    assert_eq!(problems.rows[0].external_id, "9");
}
