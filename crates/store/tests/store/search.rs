//! What is found by what is typed.

use std::ops::RangeInclusive;

use rusqlite::Connection;
use tandem_domain::{Listing, ListingKind, Sku, Variant};
use tandem_store::{EngineLock, Store};

use crate::samples::{
    connect, connected, fetch_listings, fetch_variants, listing, odoo, shop, variant,
};

fn found(store: &Store, text: &str) -> Vec<String> {
    let hits = store.search_listings(&shop(), text, 50).unwrap();
    hits.into_iter()
        .map(|listing| listing.key.to_string())
        .collect()
}

fn shelf() -> Store {
    let store = connected();
    fetch_listings(
        &store,
        vec![
            Listing {
                sku: Sku::parse("KA-55"),
                ..listing("1", "Kärcher Hochdruckreiniger 11\"")
            },
            Listing {
                barcode: Some("4006381333931".to_owned()),
                ..listing("2", "بالون أحمر كبير")
            },
            Listing {
                sku: Sku::parse("100%_a"),
                ..listing("3", "Crème brûlée")
            },
            Listing {
                kind: ListingKind::Parent,
                ..listing("4", "Kärcher family")
            },
        ],
    );
    store
}

#[test]
fn case_accents_and_place_in_the_word_do_not_matter() {
    let store = shelf();
    assert_eq!(found(&store, "karcher"), ["1"], "and parents are no hits");
    assert_eq!(
        found(&store, "REINIGER kär"),
        ["1"],
        "every term must occur, in any order"
    );
    assert_eq!(found(&store, "brulee"), ["3"]);
    assert_eq!(found(&store, "kettle"), [""; 0]);
}

#[test]
fn arabic_is_found_by_any_part_of_a_word() {
    let store = shelf();
    assert_eq!(found(&store, "بالون"), ["2"]);
    assert_eq!(found(&store, "الون"), ["2"]);
    assert_eq!(found(&store, "حم"), ["2"], "two letters go through LIKE");
}

#[test]
fn keys_and_short_terms_are_found_as_typed() {
    let store = shelf();
    assert_eq!(found(&store, "ka-55"), ["1"]);
    assert_eq!(found(&store, "6381333"), ["2"]);
    assert_eq!(found(&store, "55"), ["1"]);
    assert_eq!(found(&store, "0%"), ["3"], "wildcards stand for themselves");
    assert_eq!(found(&store, "11\""), ["1"], "so do quotes");
    assert_eq!(found(&store, "cr me"), ["3"], "short terms join as well");
    assert_eq!(found(&store, " ").len(), 3, "nothing typed is no filter");
}

#[test]
fn the_index_follows_changes() {
    let store = shelf();
    fetch_listings(&store, vec![listing("1", "Vacuum cleaner")]);
    assert_eq!(found(&store, "karcher"), [""; 0]);
    assert_eq!(found(&store, "vacuum"), ["1"]);
    assert_eq!(
        found(&store, "brulee"),
        [""; 0],
        "what is gone is not found"
    );
}

#[test]
fn archived_variants_are_not_offered() {
    let store = connected();
    let archived = Variant {
        active: false,
        ..variant(2, "Desk, old")
    };
    fetch_variants(&store, vec![variant(1, "Desk"), archived]);
    let hits = store.search_variants(&odoo(), "desk", 9).unwrap();
    assert_eq!(hits, [variant(1, "Desk")]);
    assert_eq!(store.search_variants(&odoo(), "de", 9).unwrap().len(), 1);
}

fn numbered(name: &str, numbers: RangeInclusive<i64>) -> Vec<Listing> {
    let one = |n: i64| listing(&n.to_string(), &format!("{name} {n}"));
    numbers.map(one).collect()
}

#[test]
fn a_page_enters_the_index_as_one_part_and_nothing_is_left_out_or_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let lock = EngineLock::acquire(folder.path()).unwrap();
    let store = Store::open(folder.path(), &lock).unwrap().store;
    connect(&store);
    fetch_listings(&store, numbered("Balloon", 1..=200));
    fetch_variants(&store, (1..=200).map(|n| variant(n, "Balloon")).collect());
    let raw = Connection::open(store.file()).unwrap();
    for table in ["listings", "variants"] {
        let parts: i64 = raw
            .query_row(
                &format!("SELECT count(DISTINCT segid) FROM {table}_fts_idx"),
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(parts, 1, "a part for each row costs as much as a fetch");
    }

    let mut page = numbered("Candle", 190..=210);
    // The shop moved a row from one page to the next while it was asked, and renamed it.
    page.push(listing("205", "Garland"));
    page.push(listing("206", "Candle 206"));
    fetch_listings(&store, page);
    assert_eq!(found(&store, "garland"), ["205"]);
    assert_eq!(found(&store, "candle 205"), [""; 0], "under its old name");
    assert_eq!(found(&store, "candle 209"), ["209"]);
    store.remove_connection(&shop()).unwrap();
    for table in ["listings", "variants"] {
        let check =
            format!("INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('integrity-check', 1)");
        raw.execute(&check, []).expect("index and table agree");
    }
}
