//! Which orders wait, which are held back, and what clears them.

use rust_decimal::Decimal;
use tandem_app::view::{
    BlockerKind, ChangeKind, DecideAction, DecisionInput, OrderState, OrdersQuery,
};
use tandem_domain::{OrderKey, Slug};
use tandem_store::{EngineLock, Stage, Store};
use tandem_tests::Desk;

#[tokio::test]
async fn orders_wait_or_are_held_back_with_a_reason_each() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let page = desk
        .orders(OrdersQuery {
            limit: 500,
            ..OrdersQuery::default()
        })
        .await;
    let counts = page.counts;
    assert_eq!(
        counts.all,
        counts.waiting + counts.blocked + counts.not_yet + counts.closed
    );
    assert!(
        counts.waiting >= 6 && counts.blocked >= 4,
        "the sandbox's story: {counts:?}"
    );
    for row in &page.rows {
        assert_eq!(
            row.blockers.is_empty(),
            row.state != OrderState::Blocked,
            "{row:?}"
        );
    }
    let kinds: Vec<_> = page
        .rows
        .iter()
        .flat_map(|row| row.blockers.clone())
        .collect();
    for kind in [
        BlockerKind::UnlinkedLine,
        BlockerKind::DeletedProduct,
        BlockerKind::TotalDoesNotAddUp,
        BlockerKind::CurrencyNotInOdoo,
    ] {
        assert!(
            kinds.contains(&kind),
            "the sandbox's story has {kind:?}: {kinds:?}"
        );
    }
}

#[tokio::test]
async fn linking_the_missing_product_frees_the_order_and_undoing_holds_it_again() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let mut freed = false;
    for row in desk.orders_that(&[OrderState::Blocked]).await {
        let detail = desk
            .app
            .order_detail(&desk.store, &row.key)
            .await
            .expect("the order");
        let [only] = detail.blockers.as_slice() else {
            continue;
        };
        let (Some(listing), Some(candidate)) = (&only.listing, &only.candidate) else {
            continue;
        };
        let decision = DecisionInput {
            listing: listing.clone(),
            action: DecideAction::Accept,
            variant: Some(candidate.key),
        };
        let done = desk
            .app
            .decide(&desk.store, decision)
            .await
            .expect("accepted");
        assert!(done.orders_cleared >= 1, "{done:?}");
        let after = desk
            .app
            .order_detail(&desk.store, &row.key)
            .await
            .expect("the order");
        assert_eq!(after.row.state, OrderState::Waiting);
        desk.app.undo(&desk.store).await.expect("undone");
        let again = desk
            .app
            .order_detail(&desk.store, &row.key)
            .await
            .expect("the order");
        assert_eq!(again.row.state, OrderState::Blocked);
        freed = true;
    }
    assert!(
        freed,
        "the sandbox's story has an order that one decision frees"
    );
}

#[tokio::test]
async fn a_ledger_adds_up_to_the_total_or_the_difference_is_shown() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let page = desk
        .orders(OrdersQuery {
            limit: 500,
            ..OrdersQuery::default()
        })
        .await;
    for row in page.rows {
        let order = desk
            .app
            .order_detail(&desk.store, &row.key)
            .await
            .expect("the order");
        let off = order
            .blockers
            .iter()
            .any(|b| b.kind == BlockerKind::TotalDoesNotAddUp);
        let sound = order.difference.chars().all(|c| matches!(c, '0' | '.'));
        if row.state == OrderState::Waiting || row.state == OrderState::Blocked {
            assert_eq!(sound, !off, "{}: {}", row.number, order.difference);
        }
        assert_eq!(added_up(&order), order.added_up, "{}", row.number);
        let decimals = order.row.total.split('.').nth(1).map_or(0, str::len);
        let expected = if row.currency == "KWD" { 3 } else { 2 };
        assert_eq!(decimals, expected, "{} {}", order.row.total, row.currency);
    }
}

/// What a person gets who adds up the ledger as it is shown.
fn added_up(order: &tandem_app::view::OrderDetail) -> String {
    let amount = |text: &String| text.parse::<Decimal>().expect("a decimal");
    let mut sum: Decimal = amount(&order.rounding);
    if order.prices_include_tax {
        sum += order
            .ledger
            .iter()
            .map(|line| amount(&line.gross))
            .sum::<Decimal>();
    } else {
        sum += order
            .ledger
            .iter()
            .map(|line| amount(&line.total))
            .sum::<Decimal>();
        sum += order
            .taxes
            .iter()
            .map(|tax| amount(&tax.amount))
            .sum::<Decimal>();
    }
    sum.to_string()
}

#[tokio::test]
async fn orders_are_found_by_number_customer_and_sku() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let all = desk
        .orders(OrdersQuery {
            limit: 5,
            ..OrdersQuery::default()
        })
        .await;
    let first = all.rows.first().expect("an order");
    let detail = desk
        .app
        .order_detail(&desk.store, &first.key)
        .await
        .expect("the order");
    let sku = detail.ledger.iter().find_map(|line| line.sku.clone());
    for text in [
        Some(first.number.clone()),
        Some(first.customer.clone()),
        sku,
    ]
    .into_iter()
    .flatten()
    {
        let found = desk
            .orders(OrdersQuery {
                text,
                limit: 500,
                ..OrdersQuery::default()
            })
            .await;
        assert!(found.rows.iter().any(|row| row.key == first.key));
        assert!(found.total < all.total, "and not every order");
    }
}

#[tokio::test]
async fn an_order_that_the_store_cancelled_on_its_road_does_not_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::open(300, Some(folder.path().to_owned())).await;
    desk.fetch().await;
    let rows = desk.orders_that(&[OrderState::Waiting]).await;
    let row = rows.iter().find(|row| row.status == "processing");
    let key = row.expect("one that waits").key.clone();
    let run = desk.app.import_orders(&desk.store, vec![key.clone()]).await;
    assert!(run.expect("it ends").run.error.is_none());
    let store = desk.store.parse::<Slug>().expect("its own");
    let sandbox = desk.crash();

    // As a crash right after the order was made leaves it: not read back, and no mark in the shop.
    let order = OrderKey::new(&key);
    {
        let lock = EngineLock::acquire(folder.path()).expect("nobody else works here");
        let cache = Store::open(folder.path(), &lock).expect("sound").store;
        let mut import = cache.import(&store, &order).expect("read").expect("there");
        import.stage = Stage::Created;
        import.difference = None;
        let world = &mut *sandbox.world().lock();
        let now = world.clock.now();
        cache.save_import(&store, &import, now).expect("saved");
        let number = key.parse().expect("a number");
        let there = world.shop.orders.get_mut(&number).expect("the order");
        "cancelled".clone_into(&mut there.status);
        there.meta.clear();
        there.modified = now;
    }
    let desk = Desk::join(sandbox, Some(folder.path().to_owned())).await;
    desk.fetch().await;

    let detail = desk.app.order_detail(&desk.store, &key).await;
    assert_eq!(detail.expect("the order").row.state, OrderState::Differs);
    let changes = desk.app.order_changes(&desk.store, &key).await;
    let kinds: Vec<_> = changes.expect("read").iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ChangeKind::Cancel]);
    let plan = desk.app.order_plan(&desk.store, vec![key]).await;
    assert!(plan.expect("a plan").orders.is_empty(), "nothing goes on");
}
