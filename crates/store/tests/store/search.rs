//! What is found by what is typed.

use tandem_domain::{Listing, ListingKind, Sku, Variant};
use tandem_store::Store;

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
    assert_eq!(found(&store, "احمر"), ["2"], "nobody types the hamza");
    assert_eq!(found(&store, "حم"), ["2"], "two letters are enough");
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
fn search_follows_changes() {
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

#[test]
fn a_row_that_comes_twice_in_a_page_is_found_as_it_came_last() {
    let store = connected();
    let one = |n: i64| listing(&n.to_string(), &format!("Candle {n}"));
    let mut page: Vec<Listing> = (1..=20).map(one).collect();
    // The shop moved a row from one page to the next while it was asked, and renamed it.
    page.push(listing("15", "Garland"));
    page.push(listing("16", "Candle 16"));
    fetch_listings(&store, page);
    assert_eq!(found(&store, "garland"), ["15"]);
    assert_eq!(found(&store, "candle 15"), [""; 0], "under its old name");
    assert_eq!(found(&store, "candle 16"), ["16"]);
    store.remove_connection(&shop()).unwrap();
    connect(&store);
    assert_eq!(found(&store, "garland"), [""; 0], "gone with its store");
}

#[test]
fn what_is_found_comes_in_the_order_in_which_it_was_first_seen_and_only_so_many() {
    let store = connected();
    let all = |names: &[(&str, &str)]| names.iter().map(|(key, name)| listing(key, name)).collect();
    fetch_listings(
        &store,
        all(&[("3", "Red cup"), ("1", "Blue cup"), ("2", "Green cup")]),
    );
    assert_eq!(found(&store, "cup"), ["3", "1", "2"]);
    fetch_listings(
        &store,
        all(&[("3", "Red cup"), ("1", "Cup, blue"), ("2", "Green cup")]),
    );
    assert_eq!(
        found(&store, "cup"),
        ["3", "1", "2"],
        "a changed one keeps its place"
    );
    let first = store.search_listings(&shop(), "cup", 2).unwrap();
    assert_eq!(first.len(), 2);
    assert_eq!(first[1].name, "Cup, blue");
}
