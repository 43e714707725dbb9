//! A fetch that is throttled, cut, cancelled or killed ends where an undisturbed one ends.

use tandem_app::view::{RunState, Tab};
use tandem_app::{FaultRule, Sandbox};
use tandem_sandbox::Fault;
use tandem_tests::Desk;

fn once(path: &str, skip: u32, fault: Fault) -> FaultRule {
    FaultRule {
        path: path.to_owned(),
        skip,
        times: Some(1),
        fault,
    }
}

/// Everything that a fetch left behind that a person can see.
async fn picture(desk: &Desk) -> (Vec<String>, Vec<String>) {
    let mut pairs = Vec::new();
    for tab in [Tab::Mapped, Tab::ToReview, Tab::Unmatched] {
        for row in desk.rows(tab).await {
            let variant = row.variant.map(|variant| (variant.key, variant.name));
            pairs.push(format!(
                "{} {} {variant:?}",
                row.listing.key, row.listing.name
            ));
        }
    }
    pairs.sort();
    let query = tandem_app::view::OrdersQuery {
        limit: 500,
        ..Default::default()
    };
    let orders = desk.orders(query).await.rows;
    let orders = orders.into_iter().map(|row| format!("{row:?}")).collect();
    (pairs, orders)
}

#[tokio::test]
async fn a_rough_road_ends_where_a_smooth_one_does() {
    let smooth = Desk::open(400, None).await;
    smooth.fetch().await;
    let expected = picture(&smooth).await;

    let rough = Desk::join(smooth.crash(), None).await;
    rough.misbehave(
        "woocommerce",
        vec![
            once(
                "/products",
                1,
                Fault::TooMany {
                    retry_after_s: Some(1),
                },
            ),
            once("/variations", 0, Fault::AnswerLost),
            once("/orders", 0, Fault::PhpNotice),
        ],
    );
    rough.misbehave("odoo", vec![once("/jsonrpc", 6, Fault::AnswerLost)]);
    rough.fetch().await;
    assert_eq!(picture(&rough).await, expected);
}

#[tokio::test]
async fn a_fetch_that_fails_for_good_says_why_keeps_what_it_read_and_goes_on_later() {
    let smooth = Desk::open(400, None).await;
    smooth.fetch().await;
    let expected = picture(&smooth).await;

    let desk = Desk::join(smooth.crash(), None).await;
    let page = FaultRule {
        path: "/variations".to_owned(),
        skip: 0,
        times: None,
        fault: Fault::Html { status: 200 },
    };
    desk.misbehave("woocommerce", vec![page]);
    let run = desk
        .app
        .fetch(&desk.store, false)
        .await
        .expect("the run begins");
    assert_eq!(run.state, RunState::Failed);
    let error = run.error.expect("a reason");
    assert_eq!(error.code.as_str(), "connection.html_instead");

    desk.misbehave("woocommerce", Vec::new());
    desk.fetch().await;
    assert_eq!(picture(&desk).await, expected);
}

#[tokio::test]
async fn a_killed_fetch_goes_on_where_it_was_killed() {
    let smooth = Desk::open(600, None).await;
    smooth.fetch().await;
    let expected = picture(&smooth).await;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut sandbox: Sandbox = smooth.crash();
    for pages in 0..4 {
        let desk = Desk::join(sandbox, Some(folder.path().to_owned())).await;
        let gate = FaultRule {
            path: "/products".to_owned(),
            skip: pages,
            times: None,
            fault: Fault::Slow { delay_ms: 60_000 },
        };
        desk.misbehave("woocommerce", vec![gate]);
        let started = desk
            .app
            .start_fetch(&desk.store, false)
            .await
            .expect("the run begins");
        wait_until_read(&desk, started.id, 100 * pages).await;
        desk.app.cancel_all();
        wait_until_over(&desk, started.id).await;
        sandbox = desk.crash();
    }
    let desk = Desk::join(sandbox, Some(folder.path().to_owned())).await;
    desk.misbehave("woocommerce", Vec::new());
    desk.fetch().await;
    assert_eq!(picture(&desk).await, expected);
}

async fn wait_until_read(desk: &Desk, run: u32, records: u32) {
    let mut events = desk.app.listen();
    loop {
        let runs = desk.app.runs(&desk.store).await.expect("runs can be read");
        let done = runs
            .iter()
            .find(|found| found.id == run)
            .map_or(0, |run| run.steps[0].done);
        if done >= records.min(100) {
            return;
        }
        drop(events.recv().await);
    }
}

async fn wait_until_over(desk: &Desk, run: u32) {
    loop {
        let runs = desk.app.runs(&desk.store).await.expect("runs can be read");
        if runs
            .iter()
            .any(|found| found.id == run && found.state != RunState::Running)
        {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_the_store_deleted_is_gone_after_a_full_fetch() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let victim = {
        let mut world = desk.sandbox.world().lock();
        let simple = world
            .shop
            .listings
            .iter()
            .find(|(_, listing)| matches!(listing.kind, tandem_sandbox::ShopKind::Simple));
        let id = *simple.expect("a simple product").0;
        world.shop.listings.remove(&id);
        id.to_string()
    };
    let run = desk.app.fetch(&desk.store, true).await.expect("fetched");
    assert_eq!(run.state, RunState::Done, "{:?}", run.error);
    for tab in [Tab::Mapped, Tab::ToReview, Tab::Unmatched] {
        assert!(
            desk.rows(tab)
                .await
                .iter()
                .all(|row| row.listing.key != victim)
        );
    }
}

#[tokio::test]
async fn a_second_run_for_the_same_store_is_refused_while_one_works() {
    let desk = Desk::small().await;
    let slow = FaultRule {
        path: String::new(),
        skip: 0,
        times: None,
        fault: Fault::Slow { delay_ms: 300 },
    };
    desk.misbehave("woocommerce", vec![slow]);
    let first = desk
        .app
        .start_fetch(&desk.store, false)
        .await
        .expect("the first begins");
    let second = desk
        .app
        .start_fetch(&desk.store, false)
        .await
        .expect_err("the second may not");
    assert_eq!(second.code.as_str(), "engine.run_busy");
    desk.app.cancel_run(first.id);
    wait_until_over(&desk, first.id).await;
    let runs = desk.app.runs(&desk.store).await.expect("runs");
    assert_eq!(runs.first().map(|run| run.state), Some(RunState::Cancelled));
}
