//! Sweeps: what a page saves, where a fetch goes on after a kill, and what is gone at its end.

use tandem_domain::{Attribute, Listing, ListingKind, Sku};
use tandem_store::{
    PageToSave, Position, RejectedRecord, Store, StoreError, Stream, Sweep, SweepScope,
};

use crate::samples::{
    at, connect, connected, fetch_listings, fetch_orders, fetch_variants, key, level, listing,
    odoo, open, order, page, received, shop, variant,
};

fn begin(store: &Store, scope: SweepScope, seconds: i64) -> Sweep {
    store
        .begin_sweep(&shop(), Stream::Listings, scope, at(seconds))
        .unwrap()
}

fn names(store: &Store) -> Vec<String> {
    store
        .listings(&shop())
        .unwrap()
        .into_iter()
        .map(|listing| listing.name)
        .collect()
}

fn problems(store: &Store) -> u32 {
    store.fetch_problems(&[shop()], 0, 9).unwrap().total
}

#[test]
fn a_record_comes_back_as_it_went_in() {
    let store = connected();
    let full = Listing {
        parent: Some(key("7")),
        kind: ListingKind::Variation,
        barcode: Some("4006381333931".to_owned()),
        attributes: vec![Attribute {
            name: "Größe".to_owned(),
            value: "كبير".to_owned(),
        }],
        image_url: Some("https://shop.example/a.jpg".to_owned()),
        ..listing("1", "Chair & <table>")
    };
    let bare = Listing {
        sku: None,
        price: None,
        modified_at: None,
        ..listing("2", "")
    };
    fetch_listings(&store, vec![full.clone(), bare.clone()]);
    assert_eq!(store.listings(&shop()).unwrap(), [full, bare]);
    assert_eq!(
        store.listing_raw(&shop(), &key("1")).unwrap().as_deref(),
        Some(r#"{"raw":true}"#)
    );

    fetch_variants(&store, vec![variant(4, "Desk")]);
    assert_eq!(store.variants(&odoo()).unwrap(), [variant(4, "Desk")]);
    assert_eq!(store.count_variants(&odoo()).unwrap(), 1);
}

#[test]
fn content_decides_what_changed() {
    let store = connected();
    let first = fetch_listings(&store, vec![listing("1", "Chair"), listing("2", "Desk")]);
    assert_eq!((first.new, first.changed, first.unchanged), (2, 0, 0));
    let second = fetch_listings(
        &store,
        vec![
            listing("1", "Chair"),
            listing("2", "Table"),
            listing("3", "Lamp"),
        ],
    );
    assert_eq!((second.new, second.changed, second.unchanged), (1, 1, 1));
    assert_eq!(names(&store), ["Chair", "Table", "Lamp"]);
}

#[test]
fn a_fetch_goes_on_where_it_was_cut_off() {
    let store = connected();
    let sweep = begin(&store, SweepScope::WHOLE, 1);
    assert_eq!(sweep.position, Position::Start);
    let items = received(vec![listing("1", "Chair")]);
    let first = PageToSave {
        next: Some("page 2"),
        ..page(sweep.id, &items)
    };
    store.save_listings_page(&shop(), &first).unwrap();

    let slice = SweepScope::Everything {
        from: None,
        at_once: false,
    };
    let resumed = begin(&store, slice, 50);
    assert_eq!(resumed.id, sweep.id);
    assert_eq!(
        resumed.scope,
        SweepScope::WHOLE,
        "what was begun covers what is asked"
    );
    assert_eq!(resumed.position, Position::At("page 2".to_owned()));
    assert!(resumed.resumed && !sweep.resumed);
    assert_eq!((resumed.done, resumed.started_at), (1, at(1)));

    let items = received(vec![listing("2", "Desk")]);
    store
        .save_listings_page(&shop(), &page(sweep.id, &items))
        .unwrap();
    let resumed = begin(&store, SweepScope::WHOLE, 60);
    assert_eq!(
        resumed.position,
        Position::End,
        "killed between the last page and the end"
    );
    store
        .finish_sweep(&shop(), Stream::Listings, &sweep, at(70))
        .unwrap();

    let state = store
        .fetch_state(&shop(), Stream::Listings)
        .unwrap()
        .unwrap();
    assert!(!state.unfinished);
    assert_eq!(
        state.watermark,
        Some(at(1)),
        "changes made during the fetch are asked for again"
    );
    assert_eq!(state.full_at, Some(at(70)));
    assert_eq!(
        begin(&store, SweepScope::Changes { since: at(1) }, 80).position,
        Position::Start
    );
}

#[test]
fn a_page_and_its_cursor_are_saved_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap().store;
    connect(&store);
    let other = rusqlite::Connection::open(store.file()).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON listings WHEN new.key = '2'
             BEGIN SELECT raise(ABORT, 'the disk is full'); END",
        )
        .unwrap();
    let sweep = begin(&store, SweepScope::WHOLE, 1);
    let items = received(vec![listing("1", "Chair"), listing("2", "Desk")]);
    let cut = PageToSave {
        next: Some("page 2"),
        ..page(sweep.id, &items)
    };
    let failed = store.save_listings_page(&shop(), &cut);
    assert!(
        matches!(failed, Err(StoreError::Database { .. })),
        "{failed:?}"
    );
    assert_eq!(names(&store), [""; 0], "not even the first record");
    assert_eq!(
        begin(&store, SweepScope::WHOLE, 3).position,
        Position::Start,
        "nor the cursor"
    );

    other.execute_batch("DROP TRIGGER full").unwrap();
    store.save_listings_page(&shop(), &cut).unwrap();
    assert_eq!(names(&store), ["Chair", "Desk"]);
    assert_eq!(
        begin(&store, SweepScope::WHOLE, 3).position,
        Position::At("page 2".to_owned())
    );
}

#[test]
fn only_a_whole_sweep_says_what_is_gone() {
    let store = connected();
    fetch_listings(&store, vec![listing("1", "Chair"), listing("2", "Desk")]);

    let changes = begin(&store, SweepScope::Changes { since: at(1) }, 10);
    store
        .save_listings_page(&shop(), &page(changes.id, &[]))
        .unwrap();
    let gone = store
        .finish_sweep(&shop(), Stream::Listings, &changes, at(11))
        .unwrap();
    assert_eq!(
        (gone, names(&store).len()),
        (0, 2),
        "no news is not a deletion"
    );

    fetch_listings(&store, vec![listing("2", "Desk")]);
    assert_eq!(names(&store), ["Desk"]);
    assert!(
        store.listing(&shop(), &key("1")).unwrap().is_some(),
        "still known by its id"
    );

    let back = fetch_listings(&store, vec![listing("1", "Chair"), listing("2", "Desk")]);
    assert_eq!((back.changed, back.unchanged), (1, 1), "back is a change");
    assert_eq!(names(&store), ["Chair", "Desk"]);
}

#[test]
fn a_record_that_could_not_be_understood_is_kept_and_not_taken_for_gone() {
    let store = connected();
    fetch_listings(&store, vec![listing("1", "Chair"), listing("2", "Desk")]);
    let sweep = begin(&store, SweepScope::WHOLE, 10);
    let rejected = [RejectedRecord {
        external_id: "2".to_owned(),
        reason: "price: not a number".to_owned(),
        raw: r#"{"id":2,"price":"?"}"#.to_owned(),
    }];
    let items = received(vec![listing("1", "Chair")]);
    let odd = PageToSave {
        rejected: &rejected,
        ..page(sweep.id, &items)
    };
    store.save_listings_page(&shop(), &odd).unwrap();
    let gone = store
        .finish_sweep(&shop(), Stream::Listings, &sweep, at(11))
        .unwrap();
    assert_eq!(gone, 0);
    let listed = store.fetch_problems(&[shop()], 0, 9).unwrap();
    assert_eq!((listed.total, listed.rows.len()), (1, 1));
    assert_eq!(listed.rows[0].stream, Stream::Listings);
    assert_eq!(listed.rows[0].raw, rejected[0].raw);

    fetch_listings(&store, vec![listing("1", "Chair"), listing("2", "Desk")]);
    assert_eq!(problems(&store), 0, "understood now");
}

#[test]
fn a_record_without_a_readable_id_might_be_any_so_nothing_counts_as_gone() {
    let store = connected();
    fetch_listings(&store, vec![listing("1", "Chair"), listing("2", "Desk")]);
    let sweep = begin(&store, SweepScope::WHOLE, 10);
    let rejected = [RejectedRecord {
        external_id: String::new(),
        reason: "id: missing".to_owned(),
        raw: "{}".to_owned(),
    }];
    let odd = PageToSave {
        rejected: &rejected,
        ..page(sweep.id, &[])
    };
    store.save_listings_page(&shop(), &odd).unwrap();
    assert_eq!(
        store
            .finish_sweep(&shop(), Stream::Listings, &sweep, at(11))
            .unwrap(),
        0
    );
    fetch_listings(&store, vec![listing("1", "Chair")]);
    assert_eq!(problems(&store), 0);
    assert_eq!(names(&store), ["Chair"]);
}

#[test]
fn stock_that_is_no_longer_reported_is_no_stock() {
    let store = connected();
    let fetch = |levels| {
        let sweep = store
            .begin_sweep(&odoo(), Stream::Stock, SweepScope::WHOLE, at(1))
            .unwrap();
        let items = received(levels);
        let saved = store
            .save_stock_page(&odoo(), &page(sweep.id, &items))
            .unwrap();
        store
            .finish_sweep(&odoo(), Stream::Stock, &sweep, at(2))
            .unwrap();
        saved
    };
    fetch(vec![level(1, "5"), level(2, "-0.5")]);
    let again = fetch(vec![level(1, "4")]);
    assert_eq!((again.changed, again.unchanged), (1, 0));
    assert_eq!(store.stock_levels(&odoo()).unwrap(), [level(1, "4")]);
    assert_eq!(store.stock_of(&odoo(), level(1, "4").key).unwrap().len(), 1);
}

#[test]
fn streams_and_connections_do_not_mix() {
    let store = connected();
    fetch_variants(&store, vec![variant(1, "Desk")]);
    fetch_orders(&store, vec![order("1", "processing", 0, &["1"])]);
    fetch_listings(&store, Vec::new());
    assert_eq!(store.count_variants(&odoo()).unwrap(), 1);
    assert_eq!(store.fetch_state(&odoo(), Stream::Listings).unwrap(), None);
    let blank = Listing {
        sku: Sku::parse(" "),
        ..listing("9", "x")
    };
    fetch_listings(&store, vec![blank]);
    assert_eq!(store.count_listings(&shop()).unwrap(), 1);
}
