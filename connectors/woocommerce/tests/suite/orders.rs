//! Orders: by value, by status, by change, and while they change.

use std::collections::BTreeSet;

use tandem_connector_woocommerce::fake;
use tandem_contract::http::InProcess;
use tandem_contract::{Cause, Query, Scope, suite};
use tandem_domain::{ListingKey, StatusCode, Timestamp};
use tandem_sandbox::{SharedWorld, World};

use crate::common::{
    PASSWORD, Watched, at, clock, connect, decimal, in_process, order, orders_of, world,
};

/// Orders of which many share a second, the way a bulk edit leaves them.
fn with_orders(count: u64, per_second: u64) -> World {
    let mut world = world();
    world.shop.orders.clear();
    let start = at("2026-11-01T00:00:00Z").as_second();
    for id in 1..=count {
        let second = start + i64::try_from(id / per_second).expect("small");
        let modified = Timestamp::from_second(second).expect("an instant");
        let status = if id % 2 == 0 { "processing" } else { "wrapped" };
        let order = tandem_sandbox::ShopOrder {
            modified,
            status: status.to_owned(),
            refunds: Vec::new(),
            ..order("2026-11-21T00:00:00Z")
        };
        world.shop.orders.insert(id, order);
    }
    world
}

#[tokio::test]
async fn orders_come_once_each_however_many_share_a_second() {
    for per_second in [1, 7, 60, 100, 260, 1_000] {
        let shop = in_process(with_orders(433, per_second), PASSWORD);
        let mut keys: Vec<u64> = orders_of(shop.as_ref(), &Query::all())
            .await
            .iter()
            .map(|key| key.parse().expect("a number"))
            .collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            (1..=433).collect::<Vec<_>>(),
            "{per_second} in a second"
        );
    }
}

/// Two hundred and fifty orders of five customers and of guests: roles are asked for once.
#[tokio::test]
async fn orders_bear_the_roles_of_their_customers() {
    let mut world = with_orders(250, 3);
    for (id, order) in &mut world.shop.orders {
        let buyer = id % 6;
        order.customer.external_id = (buyer > 0).then(|| buyer.to_string());
    }
    world.shop.roles.insert(2, "wholesale".to_owned());
    let transport = Watched::new(InProcess::new(fake(SharedWorld::new(world))));
    let shop = connect("https://shop.example", PASSWORD, transport.clone(), clock());
    let source = shop.orders().expect("a source");
    let (orders, _) = suite::read_all(source, &Query::all()).await.expect("read");
    for order in &orders {
        let buyer = order.customer.external_id.as_deref();
        let role = order.customer.role.as_deref();
        assert_eq!(
            role,
            (buyer == Some("2")).then_some("wholesale"),
            "{buyer:?}"
        );
    }
    let sent = transport.take();
    let asks = sent
        .iter()
        .filter(|asked| asked.url.path().ends_with("/customers"));
    assert_eq!((orders.len(), asks.count()), (250, 1));
}

#[tokio::test]
async fn statuses_are_filtered_by_the_shop_custom_ones_included() {
    let shop = in_process(with_orders(250, 3), PASSWORD);
    let query = Query {
        scope: Scope::All,
        statuses: vec![StatusCode::new("wrapped")],
    };
    assert_eq!(orders_of(shop.as_ref(), &query).await.len(), 125);
    suite::storefront(shop.as_ref())
        .await
        .expect("every promise holds");
    let query = Query {
        scope: Scope::All,
        statuses: vec![StatusCode::new("gone-with-its-plugin")],
    };
    let source = shop.orders().expect("a source");
    let error = source
        .page(&query, None)
        .await
        .expect_err("the shop does not know it");
    assert_eq!(error.cause, Cause::Invalid);
    assert!(error.context.iter().any(|(name, _)| name == "status"));
}

#[tokio::test]
async fn an_order_that_changes_while_it_is_read_is_not_lost_and_shifts_nobody() {
    let world = SharedWorld::new(with_orders(250, 1));
    let router = InProcess::new(fake(world.clone()));
    let shop = connect("https://shop.example", PASSWORD, router, clock());
    let source = shop.orders().expect("a source");
    let mut seen = BTreeSet::new();
    let mut after = None;
    for number in 0..10 {
        let page = source
            .page(&Query::all(), after.as_ref())
            .await
            .expect("a page");
        assert_eq!(
            page.total,
            Some(250),
            "of the whole answer, not of what is left"
        );
        seen.extend(page.items.iter().map(|item| item.record.key.to_string()));
        if number == 0 {
            for id in [3, 50, 99] {
                let mut world = world.lock();
                let order = world.shop.orders.get_mut(&id).expect("an order");
                order.modified = at("2026-11-20T00:00:00Z");
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 250);
}

#[tokio::test]
async fn orders_are_read_by_value() {
    let shop = in_process(world(), PASSWORD);
    let source = shop.orders().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    let order = &page.items[0].record;
    assert_eq!(order.total.to_string(), "59.02 EUR");
    assert_eq!(order.total_tax.to_string(), "10.64 EUR");
    assert_eq!(order.discount_total.to_string(), "4.10 EUR");
    assert_eq!(order.refunded.to_string(), "12.19 EUR");
    assert_eq!(order.lines[0].total, decimal("21.491804"), "unrounded");
    assert_eq!(order.lines[0].name, "Tom & Jerry mug", "decoded");
    let sold = order.lines[1].product.as_ref().map(ListingKey::as_str);
    assert_eq!(sold, Some("3101/3117"), "the key that its listing has");
    assert_eq!(order.unexplained().amount(), decimal("0"));
    assert_eq!(page.server_time, Some(at("2026-11-21T01:00:00Z")));
    assert!(
        page.items[0].raw.contains("\"order_key\""),
        "as received, all of it"
    );
}
