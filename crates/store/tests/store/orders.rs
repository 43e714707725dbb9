//! Orders: kept as received, judged, found again.

use tandem_domain::{Blocker, ListingKey, Order, OrderKey};
use tandem_store::{Judgement, OrderState, Stream, SweepScope};

use crate::samples::{at, connected, fetch_orders, key, order, page, shop};

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
        .begin_sweep(&shop(), Stream::Orders, SweepScope::All, at(1))
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
