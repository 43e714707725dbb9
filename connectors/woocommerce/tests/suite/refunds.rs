//! Refunds: by value, by change, in new shops and old ones.

use tandem_connector_woocommerce::{Hosting, fake_on};
use tandem_contract::http::InProcess;
use tandem_contract::{Cursor, Query, Storefront, suite};
use tandem_domain::{OrderKey, Refund, RefundKey};
use tandem_sandbox::{SharedWorld, ShopRefund, World};

use crate::common::{PASSWORD, Watched, at, clock, connect, decimal, hosted, order, refund, world};

const OLDER: Hosting = Hosting {
    strips_authorization: false,
    hides_tls: false,
    plain_permalinks: false,
    older: true,
    orders_in_posts: false,
    no_application_passwords: false,
    price_decimals: None,
};

async fn refunds_of(shop: &dyn Storefront, query: &Query) -> Vec<Refund> {
    let source = shop.refunds().expect("a source");
    let (refunds, rejected) = suite::read_all(source, query).await.expect("readable");
    assert_eq!(rejected, 0);
    refunds
}

fn amount_only(id: u64, amount: &str, created: &str) -> ShopRefund {
    ShopRefund {
        id,
        reason: String::new(),
        amount: decimal(amount),
        created: at(created),
        lines: Vec::new(),
    }
}

/// 240 orders with a refund each, one of them with two, and orders without.
fn many() -> World {
    let mut world = world();
    world.shop.orders.clear();
    for number in 0..300 {
        let mut order = order("2026-11-21T00:10:00Z");
        order.refunds.clear();
        if number < 240 {
            let refund = amount_only(50_000 + number, "1.50", "2026-11-21T00:20:00Z");
            order.refunds.push(refund);
        }
        world.shop.orders.insert(1_000 + number, order);
    }
    let twice = world.shop.orders.get_mut(&1_000).expect("an order");
    twice
        .refunds
        .push(amount_only(60_000, "2", "2026-11-21T00:50:00Z"));
    twice.modified = at("2026-11-21T00:50:00Z");
    world
}

#[tokio::test]
async fn refunds_are_read_by_value() {
    for hosting in [Hosting::default(), OLDER] {
        let shop = hosted(world(), hosting, PASSWORD);
        let all = refunds_of(shop.as_ref(), &Query::all()).await;
        let [refund] = all.as_slice() else {
            panic!("one refund, not {}", all.len());
        };
        assert_eq!(refund.key, RefundKey::new("9001"));
        assert_eq!(refund.order, OrderKey::new("7438"));
        assert_eq!(refund.amount.to_string(), "12.19 EUR");
        assert_eq!(refund.reason.as_deref(), Some("Damaged"));
        assert_eq!(refund.refunded_at, at("2026-11-21T00:20:00Z"));
        let [line] = refund.lines.as_slice() else {
            panic!("one line, not {}", refund.lines.len());
        };
        assert_eq!(
            line.line.as_deref(),
            Some("33"),
            "the order's line, not the refund's"
        );
        assert_eq!(
            (line.quantity, line.total, line.taxes[0].amount),
            (decimal("1"), decimal("9.99"), decimal("2.20")),
            "positive, though the shop says otherwise"
        );
    }
}

#[tokio::test]
async fn refunds_are_all_read_in_new_shops_and_old_ones() {
    for hosting in [Hosting::default(), OLDER] {
        let shop = hosted(many(), hosting, PASSWORD);
        let mut read = refunds_of(shop.as_ref(), &Query::all()).await;
        assert_eq!(read.len(), 241);
        read.sort_by(|a, b| a.key.cmp(&b.key));
        read.dedup_by(|a, b| a.key == b.key);
        assert_eq!(read.len(), 241, "once each");
        assert!(read.iter().all(|refund| refund.lines.is_empty()));
        let since = Query::since(at("2026-11-21T00:45:00Z"));
        let recent = refunds_of(shop.as_ref(), &since).await;
        let new = RefundKey::new("60000");
        assert!(recent.iter().any(|refund| refund.key == new));
        assert!(recent.len() <= 2, "of changed orders at most");
    }
}

#[tokio::test]
async fn the_currency_is_that_of_the_order_whatever_list_it_is_in() {
    let mut foreign = world();
    let mut kuwaiti = order("2026-11-21T00:10:00Z");
    kuwaiti.currency = "KWD".parse().expect("a currency");
    kuwaiti.refunds = vec![amount_only(9_002, "1.005", "2026-11-21T00:21:00Z")];
    // In the trash: in no list, but there by its id.
    "trash".clone_into(&mut kuwaiti.status);
    foreign.shop.orders.insert(7_500, kuwaiti);
    let router = fake_on(SharedWorld::new(foreign), Hosting::default());
    let transport = Watched::new(InProcess::new(router));
    let shop = connect("https://shop.example", PASSWORD, transport.clone(), clock());
    let read = refunds_of(shop.as_ref(), &Query::all()).await;
    let amounts: Vec<String> = read.iter().map(|one| one.amount.to_string()).collect();
    assert_eq!(amounts, ["12.19 EUR", "1.005 KWD"]);
    assert_eq!(
        transport.take().len(),
        3,
        "refunds, their orders, and the one in the trash"
    );
}

#[tokio::test]
async fn a_refund_that_makes_no_sense_is_named() {
    let mut odd = world();
    let order = odd.shop.orders.get_mut(&7_438).expect("an order");
    order.refunds = vec![
        refund(),
        amount_only(9_003, "0.001", "2026-11-21T00:21:00Z"),
    ];
    let shop = hosted(odd, Hosting::default(), PASSWORD);
    let source = shop.refunds().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    assert_eq!((page.items.len(), page.rejected.len()), (1, 1));
    assert_eq!(page.rejected[0].external_id, "9003");
    assert_eq!(
        page.rejected[0].reason,
        "amount: `0.001` is finer than EUR can be paid"
    );
}

#[tokio::test]
async fn the_next_cursor_is_told_ahead_and_a_broken_one_starts_over() {
    for hosting in [Hosting::default(), OLDER] {
        let shop = hosted(many(), hosting, PASSWORD);
        let source = shop.refunds().expect("a source");
        let query = Query::all();
        let first = source.page(&query, None).await.expect("a page");
        let mut after = first.next.clone();
        let mut told = 0;
        while let Some(cursor) = after {
            let ahead = source.ahead(&query, &cursor);
            let page = source.page(&query, Some(&cursor)).await.expect("a page");
            assert_eq!(ahead, page.next);
            told += 1;
            after = page.next;
        }
        assert_eq!(told, 2);
        let broken = Cursor("p:2:1:1".to_owned());
        let again = source.page(&query, Some(&broken)).await.expect("a page");
        assert_eq!(again.next, first.next);
    }
}
