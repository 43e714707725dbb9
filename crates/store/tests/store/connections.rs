//! Connections and settings.

use serde_json::json;
use tandem_domain::Slug;
use tandem_store::{LastCheck, SavedConnection, Store, StoreError};

use crate::samples::{
    at, connected, connection, fetch_listings, fetch_orders, fetch_variants, key, listing, odoo,
    order, shop, slug, variant,
};

#[test]
fn a_connection_comes_back_as_it_went_in() {
    let store = connected();
    let saved = SavedConnection {
        facts: Some(json!({ "version": "18.0" })),
        check: Some(LastCheck {
            at: at(9),
            result: json!({ "passed": true }),
        }),
        ..connection("odoo", "odoo")
    };
    store.save_connection(&saved).unwrap();
    assert_eq!(store.connection(&odoo()).unwrap(), saved);
    let slugs: Vec<Slug> = store
        .connections()
        .unwrap()
        .into_iter()
        .map(|c| c.slug)
        .collect();
    assert_eq!(slugs, [odoo(), shop()]);
}

#[test]
fn a_failed_check_keeps_the_facts_of_the_last_good_one() {
    let store = connected();
    let good = LastCheck {
        at: at(1),
        result: json!("passed"),
    };
    store
        .save_check(&shop(), &good, Some(&json!({ "currency": "KWD" })))
        .unwrap();
    let bad = LastCheck {
        at: at(2),
        result: json!("no answer"),
    };
    store.save_check(&shop(), &bad, None).unwrap();
    let shop = store.connection(&shop()).unwrap();
    assert_eq!(shop.facts, Some(json!({ "currency": "KWD" })));
    assert_eq!(shop.check, Some(bad));
}

#[test]
fn unknown_names_are_errors() {
    let store = connected();
    let nobody = slug("nobody");
    assert!(matches!(
        store.connection(&nobody),
        Err(StoreError::UnknownConnection(_))
    ));
    assert!(matches!(
        store.remove_connection(&nobody),
        Err(StoreError::UnknownConnection(_))
    ));
    let lost = SavedConnection {
        bound_odoo: Some(nobody),
        ..connection("shop", "woocommerce")
    };
    assert!(matches!(
        store.save_connection(&lost),
        Err(StoreError::UnknownConnection(_))
    ));
}

#[test]
fn removing_a_connection_removes_all_that_was_stored_for_it_and_nothing_else() {
    let store = connected();
    fetch_listings(&store, vec![listing("1", "Kettle")]);
    fetch_variants(&store, vec![variant(1, "Kettle")]);
    fetch_orders(&store, vec![order("1", "processing", 0, &["1"])]);
    let refused = store.remove_connection(&odoo());
    assert!(
        matches!(&refused, Err(StoreError::StillBound { stores, .. }) if *stores == [shop()]),
        "{refused:?}"
    );
    store.remove_connection(&shop()).unwrap();
    assert!(store.listings(&shop()).unwrap().is_empty());
    assert!(store.orders_with(&shop(), &key("1")).unwrap().is_empty());
    assert_eq!(store.variants(&odoo()).unwrap().len(), 1);

    store
        .save_connection(&connection("shop", "woocommerce"))
        .unwrap();
    let found = store.search_listings(&shop(), "kettle", 9).unwrap();
    assert!(found.is_empty(), "the search index forgot it too");
    store.remove_connection(&odoo()).unwrap();
}

#[test]
fn settings_are_typed_by_the_caller() {
    let store = Store::in_memory().unwrap();
    assert_eq!(store.setting::<u32>("theme").unwrap(), None);
    store.save_setting("theme", "dark").unwrap();
    store.save_setting("theme", "light").unwrap();
    assert_eq!(
        store.setting::<String>("theme").unwrap().as_deref(),
        Some("light")
    );
    assert!(
        store.setting::<u32>("theme").is_err(),
        "another shape is an error, not a default"
    );
}
