//! Our mark on an order: set, replaced, seen in a pull, and what it leaves alone.

use serde_json::{Value, json};
use tandem_connector_woocommerce::{Hosting, fake_on};
use tandem_contract::http::InProcess;
use tandem_contract::{Cause, Query, Storefront};
use tandem_domain::{ListingKey, Order, OrderKey, Stamp, Timestamp};
use tandem_sandbox::{SharedWorld, World};

use crate::common::{
    KEY, PASSWORD, READ_KEY, Watched, clock, connect, in_process, listings_of, world,
};

fn stamp(name: &str) -> Stamp {
    Stamp {
        reference: "tandem_abc.order_7".parse().expect("a reference"),
        database: "prod".to_owned(),
        name: name.to_owned(),
    }
}

fn only_order(world: &World) -> (OrderKey, Timestamp) {
    let (id, order) = world.shop.orders.iter().next().expect("an order");
    (OrderKey::new(id.to_string()), order.modified)
}

async fn pulled(shop: &dyn Storefront) -> Order<ListingKey> {
    let source = shop.orders().expect("it has orders");
    let page = source.page(&Query::all(), None).await.expect("a page");
    page.items.into_iter().next().expect("an order").record
}

#[tokio::test]
async fn a_mark_is_set_and_replaced_and_comes_back_with_the_date_that_it_left() {
    for posts in [false, true] {
        let shared = SharedWorld::new(world());
        let (key, before) = only_order(&shared.lock());
        let hosting = Hosting {
            orders_in_posts: posts,
            ..Hosting::default()
        };
        let stand = InProcess::new(fake_on(shared.clone(), hosting));
        let shop = connect("https://shop.example", KEY, stand, clock());
        let stamps = shop.stamps().expect("it takes marks");
        assert_eq!(stamps.stamped(&key).await.expect("an answer"), None);
        assert_eq!(pulled(shop.as_ref()).await.stamp, None);
        for name in ["S00001", "S00042"] {
            let modified = stamps.stamp(&key, &stamp(name)).await.expect("marked");
            // Orders that are kept as posts do not count meta data as a change.
            assert_eq!(modified == before, posts, "{modified}");
            let order = pulled(shop.as_ref()).await;
            assert_eq!(order.stamp, Some(stamp(name)), "our own echo");
            assert_eq!(order.modified_at, modified);
            assert_eq!(order.status.as_str(), "processing");
            let fresh = stamps.stamped(&key).await.expect("an answer");
            assert_eq!(fresh, Some(stamp(name)));
        }
        let fields = shared
            .lock()
            .shop
            .orders
            .values()
            .next()
            .map(|o| o.meta.len());
        assert_eq!(fields, Some(1), "one mark, not two");
    }
}

#[tokio::test]
async fn marks_of_others_and_marks_that_make_no_sense_are_not_ours() {
    let mut shop = world();
    let order = shop.shop.orders.values_mut().next().expect("an order");
    order.meta = vec![
        ("_odoo_order_id".to_owned(), "\"SO0042\"".to_owned()),
        ("_tandem".to_owned(), "{\"reference\":7}".to_owned()),
    ];
    let shop = in_process(shop, PASSWORD);
    let order = pulled(shop.as_ref()).await;
    assert_eq!(order.stamp, None);
    assert_eq!(listings_of(shop.as_ref(), &Query::all()).await.len(), 5);
}

#[tokio::test]
async fn nothing_but_the_mark_is_sent_and_only_to_who_may_write() {
    let here = world();
    let (key, _) = only_order(&here);
    let stand = InProcess::new(tandem_connector_woocommerce::fake(SharedWorld::new(here)));
    let spy = Watched::new(stand);
    let shop = connect("https://shop.example", PASSWORD, spy.clone(), clock());
    let stamps = shop.stamps().expect("it takes marks");
    stamps.stamp(&key, &stamp("S1")).await.expect("marked");
    let sent = spy.take();
    let put = sent.iter().find(|request| request.method == "PUT");
    let body: Value = serde_json::from_slice(&put.expect("it was sent").body).expect("JSON");
    assert_eq!(
        body,
        json!({"meta_data": [{"key": "_tandem", "value": {
            "reference": "tandem_abc.order_7", "database": "prod", "name": "S1",
        }}]})
    );
    let shop = in_process(world(), READ_KEY);
    let stamps = shop.stamps().expect("it takes marks");
    let refused = stamps
        .stamp(&key, &stamp("S1"))
        .await
        .expect_err("read only");
    assert_eq!(refused.cause, Cause::KeyMayNotWrite);
    let gone = in_process(world(), PASSWORD);
    let stamps = gone.stamps().expect("it takes marks");
    let missing = stamps.stamp(&OrderKey::new("1"), &stamp("S1")).await;
    assert_eq!(missing.expect_err("no such order").cause, Cause::NotFound);
}
