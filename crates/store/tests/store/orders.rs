//! Orders: kept as received, judged, found again.

use tandem_domain::{Blocker, Customer, ListingKey, Money, Order, OrderKey, StatusCode};
use tandem_store::{Judgement, OrderCounts, OrderFilter, OrderState, Store, Stream, SweepScope};

use crate::samples::{at, connect, connected, euro, fetch_orders, key, order, page, shop};

#[test]
fn an_order_comes_back_as_it_went_in() {
    let store = connected();
    let saved = order("1", "processing", 5, &["7", "8"]);
    fetch_orders(&store, vec![saved.clone()]);
    let found = store.order(&shop(), &saved.key).unwrap().unwrap();
    assert_eq!(
        (found.order, found.state, found.gone_at),
        (saved.clone(), None, None)
    );
    assert_eq!(
        store.order_raw(&shop(), &saved.key).unwrap().as_deref(),
        Some(r#"{"raw":true}"#)
    );
}

#[test]
fn a_changed_order_must_be_judged_again() {
    let store = connected();
    fetch_orders(&store, vec![order("1", "processing", 5, &["7"])]);
    let judged = Judgement {
        order: OrderKey::new("1"),
        state: OrderState::Blocked,
        blockers: vec![Blocker::NoLines],
    };
    let unknown = Judgement {
        order: OrderKey::new("404"),
        ..judged.clone()
    };
    store
        .save_judgements(&shop(), &[judged.clone(), unknown])
        .unwrap();
    let same = fetch_orders(&store, vec![order("1", "processing", 5, &["7"])]);
    assert_eq!(same.unchanged, 1);
    let kept = store.order(&shop(), &judged.order).unwrap().unwrap();
    assert_eq!(
        (kept.state, kept.blockers),
        (Some(OrderState::Blocked), judged.blockers)
    );

    fetch_orders(&store, vec![order("1", "completed", 5, &["7"])]);
    let changed = store.order(&shop(), &judged.order).unwrap().unwrap();
    assert_eq!((changed.state, changed.blockers), (None, Vec::new()));
}

#[test]
fn another_text_as_received_is_kept_even_if_the_record_is_the_same() {
    let store = connected();
    let one = order("1", "processing", 5, &["7"]);
    fetch_orders(&store, vec![one.clone()]);
    let sweep = store
        .begin_sweep(&shop(), Stream::Orders, SweepScope::WHOLE, at(1))
        .unwrap();
    let items = [(one.clone(), r#"{"raw":2}"#.to_owned())];
    let saved = store
        .save_orders_page(&shop(), &page(sweep.id, &items))
        .unwrap();
    assert_eq!(saved.changed, 1);
    assert_eq!(
        store.order_raw(&shop(), &one.key).unwrap().as_deref(),
        Some(r#"{"raw":2}"#)
    );
}

#[test]
fn a_word_names_orders_by_id_and_by_number() {
    let store = connected();
    let plain = order("1", "processing", 5, &["7"]);
    let mut renumbered = order("2", "processing", 5, &["7"]);
    renumbered.number = "1".to_owned();
    let mut alone = order("3", "processing", 5, &["7"]);
    alone.number = "A-30".to_owned();
    fetch_orders(&store, vec![plain, renumbered, alone]);
    let called = |word| {
        let mut keys = store.orders_called(&shop(), word).unwrap();
        keys.sort();
        keys.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(called("1"), ["1", "2"], "an id and a number");
    assert_eq!(called("A-30"), ["3"]);
    assert_eq!(called("3"), ["3"]);
    assert_eq!(called("404"), [""; 0]);
}

#[test]
fn which_orders_wait_for_a_listing() {
    let store = connected();
    fetch_orders(
        &store,
        vec![
            order("2", "processing", 9, &["7"]),
            order("1", "processing", 5, &["7", "8"]),
            order("3", "processing", 6, &["8"]),
        ],
    );
    let ids = |orders: Vec<Order<ListingKey>>| -> Vec<String> {
        orders
            .into_iter()
            .map(|order| order.key.to_string())
            .collect()
    };
    assert_eq!(
        ids(store.orders_with(&shop(), &key("7")).unwrap()),
        ["1", "2"]
    );
    fetch_orders(&store, vec![order("1", "processing", 5, &["8"])]);
    assert_eq!(ids(store.orders_with(&shop(), &key("7")).unwrap()), [""; 0]);
    let mut all = Vec::new();
    store.each_order(&shop(), |order| all.push(order)).unwrap();
    assert_eq!(ids(all), ["1"]);
}

/// Five orders, the newest first by number; the first two judged.
fn shelf() -> Store {
    let store = connected();
    let orders = (1..=5).map(|n| {
        let status = if n == 5 { "completed" } else { "processing" };
        order(&n.to_string(), status, 100 - n, &["7"])
    });
    fetch_orders(&store, orders.collect());
    let judged = |order: &str, state, blockers| Judgement {
        order: OrderKey::new(order),
        state,
        blockers,
    };
    let judgements = [
        judged("1", OrderState::Blocked, vec![Blocker::NoLines]),
        judged("2", OrderState::Waiting, Vec::new()),
    ];
    store.save_judgements(&shop(), &judgements).unwrap();
    store
}

fn shown(store: &Store, filter: &OrderFilter) -> Vec<String> {
    let page = store.orders_page(&shop(), filter, 0, 50).unwrap();
    assert_eq!(page.total as usize, page.orders.len());
    page.orders
        .into_iter()
        .map(|saved| saved.order.key.to_string())
        .collect()
}

#[test]
fn the_list_is_newest_first_and_paged() {
    let store = shelf();
    assert_eq!(
        shown(&store, &OrderFilter::default()),
        ["1", "2", "3", "4", "5"]
    );
    let page = store
        .orders_page(&shop(), &OrderFilter::default(), 1, 2)
        .unwrap();
    let numbers: Vec<&str> = page
        .orders
        .iter()
        .map(|saved| saved.order.number.as_str())
        .collect();
    assert_eq!((page.total, numbers), (5, vec!["102", "103"]));
    assert_eq!(page.orders[0].state, Some(OrderState::Waiting));
}

#[test]
fn the_list_can_be_narrowed() {
    let store = shelf();
    let status = OrderFilter {
        statuses: vec![StatusCode::new("completed")],
        ..Default::default()
    };
    assert_eq!(shown(&store, &status), ["5"]);
    let blocked = OrderFilter {
        states: vec![OrderState::Blocked],
        ..Default::default()
    };
    assert_eq!(shown(&store, &blocked), ["1"]);
    let page = store.orders_page(&shop(), &blocked, 0, 1).unwrap();
    assert_eq!(page.orders[0].blockers, [Blocker::NoLines]);
    let (all, statuses) = (page.counts.all, page.counts.statuses);
    assert_eq!(
        (all, statuses.len(), statuses[0].1),
        (5, 1, 1),
        "each under the other filters"
    );
    for (text, keys) in [
        ("103", vec!["3"]),
        ("BUYER4@", vec!["4"]),
        ("customer 2", vec!["2"]),
        ("sku-7 buyer5", vec!["5"]),
        ("100%", vec![]),
    ] {
        let typed = OrderFilter {
            text: text.to_owned(),
            ..Default::default()
        };
        assert_eq!(shown(&store, &typed), keys, "{text}");
    }
    let expected = OrderCounts {
        all: 5,
        waiting: 1,
        blocked: 1,
        unjudged: 3,
        statuses: vec![
            (StatusCode::new("processing"), 4),
            (StatusCode::new("completed"), 1),
        ],
        ..OrderCounts::default()
    };
    assert_eq!(store.order_counts(&shop()).unwrap(), expected);
}

/// Orders with totals and days of their own.
fn till() -> Store {
    let store = connected();
    let orders = [("1", "9.99", 10), ("2", "10.00", 20), ("3", "250.50", 30)];
    let orders = orders.map(|(id, total, seconds)| Order {
        total: Money::parse(total, euro()).unwrap(),
        ..order(id, "processing", seconds, &["7"])
    });
    fetch_orders(&store, orders.to_vec());
    store
}

#[test]
fn amounts_and_days_narrow_the_list_exactly_at_their_edges() {
    let store = till();
    let amounts = |min: &str, max: &str| OrderFilter {
        total_min: Some(min.parse().unwrap()),
        total_max: Some(max.parse().unwrap()),
        ..Default::default()
    };
    assert_eq!(shown(&store, &amounts("9.991", "10")), ["2"]);
    assert_eq!(shown(&store, &amounts("9.99", "9.99")), ["1"]);
    assert_eq!(
        shown(&store, &amounts("0", "99999999999999999999")),
        ["3", "2", "1"]
    );
    let days = OrderFilter {
        placed_from: Some(at(20)),
        placed_before: Some(at(30)),
        ..Default::default()
    };
    assert_eq!(shown(&store, &days), ["2"]);
    let counts = store.orders_page(&shop(), &days, 0, 0).unwrap().counts;
    assert_eq!((counts.all, counts.unjudged), (1, 1));
}

#[test]
fn the_customer_is_searched_apart_from_the_lines_and_a_changed_name_is_found() {
    let store = till();
    let by = |customer: &str| OrderFilter {
        customer: customer.to_owned(),
        ..Default::default()
    };
    assert_eq!(shown(&store, &by("SKU-7")), [""; 0]);
    assert_eq!(shown(&store, &by("customer 3")), ["3"]);
    let renamed = Order {
        customer: Customer {
            name: "Noura".to_owned(),
            phone: Some("+965 5551".to_owned()),
            ..Customer::default()
        },
        ..order("3", "processing", 30, &["7"])
    };
    fetch_orders(&store, vec![renamed]);
    assert_eq!(shown(&store, &by("noura")), ["3"]);
    assert_eq!(shown(&store, &by("customer 3")), [""; 0]);
    assert_eq!(shown(&store, &by("5551")), ["3"]);
    store.remove_connection(&shop()).unwrap();
    connect(&store);
    fetch_orders(&store, vec![order("9", "processing", 1, &["7"])]);
    assert_eq!(shown(&store, &by("noura")), [""; 0], "gone with its store");
}

#[test]
fn names_are_found_however_they_are_spelled() {
    let store = connected();
    let of = |id: &str, name: &str| Order {
        customer: Customer {
            name: name.to_owned(),
            ..Customer::default()
        },
        ..order(id, "processing", 10, &["7"])
    };
    let orders = ["أحمد الكندري", "فاطمة العنزي", "René Nuñez", "100% Ali_1"];
    let orders = (1..)
        .zip(orders)
        .map(|(id, name)| of(&id.to_string(), name));
    fetch_orders(&store, orders.collect());
    for (typed, key) in [
        ("احمد", "1"),
        ("اح", "1"),
        ("الكندرى", "1"),
        ("فاطمه", "2"),
        ("ـمة", "2"),
        ("rene", "3"),
        ("ñe", "3"),
        ("NU", "3"),
        ("ne", "3"),
        ("0%", "4"),
        ("i_", "4"),
    ] {
        let filter = OrderFilter {
            text: typed.to_owned(),
            ..Default::default()
        };
        assert_eq!(shown(&store, &filter), [key], "{typed}");
    }
}

#[test]
fn what_orders_are_worth_is_added_up_exactly_and_by_reason() {
    let store = till();
    let judged = |order: &str, blockers| Judgement {
        order: OrderKey::new(order),
        state: OrderState::Blocked,
        blockers,
    };
    store
        .save_judgements(
            &shop(),
            &[
                judged("1", vec![Blocker::NoLines]),
                judged("3", vec![Blocker::CurrencyNotInOdoo { currency: euro() }]),
            ],
        )
        .unwrap();
    let worth = store.order_worth(&shop(), OrderState::Blocked).unwrap();
    assert_eq!(
        (worth.len(), worth[0].orders, worth[0].amount.to_string()),
        (1, 2, "260.49".to_owned())
    );
    let reasons = store.order_reasons(&shop()).unwrap();
    assert_eq!(
        reasons,
        [
            ("currency_not_in_odoo".to_owned(), 1),
            ("no_lines".to_owned(), 1)
        ]
    );
    let because = OrderFilter {
        reason: Some("no_lines".to_owned()),
        ..Default::default()
    };
    assert_eq!(shown(&store, &because), ["1"]);
}
