//! Files of earlier versions, opened by this one: what was counted is counted as before.

use rust_decimal::Decimal;
use tandem_domain::{Money, Order};
use tandem_store::{OrderFilter, OrderState, Store};

use crate::samples::{connect, euro, fetch_orders, open, order, shop};

/// Every script up to the thirteenth: orders whose total is counted, and no absurd ones.
const UNTIL_13: [&str; 13] = [
    include_str!("../../src/migrations/0001_connections.sql"),
    include_str!("../../src/migrations/0002_catalogue.sql"),
    include_str!("../../src/migrations/0003_orders.sql"),
    include_str!("../../src/migrations/0004_matching.sql"),
    include_str!("../../src/migrations/0005_runs.sql"),
    include_str!("../../src/migrations/0006_fetching.sql"),
    include_str!("../../src/migrations/0007_learning.sql"),
    include_str!("../../src/migrations/0008_matched.sql"),
    include_str!("../../src/migrations/0009_search_by_page.sql"),
    include_str!("../../src/migrations/0010_screens.sql"),
    include_str!("../../src/migrations/0011_who_decided.sql"),
    include_str!("../../src/migrations/0012_maps.sql"),
    include_str!("../../src/migrations/0013_imports.sql"),
];

const TOTALS: [(&str, &str); 4] = [
    ("1", "10.00"),
    ("2", "9.99"),
    ("3", "250.50"),
    ("4", "0.00"),
];

fn totalled(id: &str, total: &str) -> Order<tandem_domain::ListingKey> {
    Order {
        total: Money::parse(total, euro()).unwrap(),
        ..order(id, "processing", id.parse().unwrap(), &["7"])
    }
}

fn older(folder: &std::path::Path) {
    let file = rusqlite::Connection::open(folder.join("tandem.db")).unwrap();
    for script in UNTIL_13 {
        file.execute_batch(script).unwrap();
    }
    file.execute_batch(
        "INSERT INTO connections (slug, name, kind, url, settings, created_at)
         VALUES ('shop', 'Shop', 'woocommerce', 'https://shop.example', '{}', 0)",
    )
    .unwrap();
    for (id, total) in TOTALS {
        let record = serde_json::to_string(&totalled(id, total)).unwrap();
        file.execute(
            "INSERT INTO orders (connection, key, number, status, placed_at, modified_at, currency,
                total, customer_name, record, content_hash, seen_sweep, state)
             VALUES ('shop', ?1, ?1, 'processing', ?2, 0, 'EUR', ?3, 'فاطمة', ?4, x'', 1, 'waiting')",
            rusqlite::params![id, id.parse::<i64>().unwrap(), total, record],
        )
        .unwrap();
    }
    file.pragma_update(None, "user_version", 13).unwrap();
}

#[test]
fn orders_of_an_older_file_are_found_however_their_names_are_spelled() {
    let folder = tempfile::tempdir().unwrap();
    older(folder.path());
    let store = open(folder.path()).unwrap().store;
    let filter = OrderFilter {
        text: "فاطمه".to_owned(),
        ..OrderFilter::default()
    };
    let page = store.orders_page(&shop(), &filter, 0, 9).unwrap();
    assert_eq!(page.total, 4);
}

fn between(store: &Store, min: &str, max: &str) -> Vec<String> {
    let filter = OrderFilter {
        total_min: Some(min.parse().unwrap()),
        total_max: Some(max.parse().unwrap()),
        ..OrderFilter::default()
    };
    let page = store.orders_page(&shop(), &filter, 0, 9).unwrap();
    let keys = page.orders.iter().map(|saved| saved.order.key.to_string());
    keys.collect()
}

#[test]
fn totals_of_an_older_file_are_counted_as_before_and_an_absurd_one_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    older(folder.path());
    let store = open(folder.path()).unwrap().store;
    assert_eq!(between(&store, "9.991", "10"), ["1"]);
    assert_eq!(between(&store, "9.99", "9.99"), ["2"]);
    assert_eq!(between(&store, "0", "0"), ["4"]);
    let worth = store.order_worth(&shop(), OrderState::Waiting).unwrap();
    assert_eq!(
        (worth[0].orders, worth[0].amount.to_string()),
        (4, "270.49".to_owned())
    );

    // One such order refused the page that it came with.
    let absurd = Order {
        total: Money::rounded(Decimal::MAX.trunc(), euro()),
        ..totalled("9", "1.00")
    };
    connect(&store);
    let saved = fetch_orders(&store, vec![absurd.clone(), totalled("8", "12.00")]);
    assert_eq!(saved.new, 2);
    let found = store.order(&shop(), &absurd.key).unwrap().unwrap();
    assert_eq!(found.order, absurd);
    assert_eq!(between(&store, "12", "12"), ["8"]);
}
