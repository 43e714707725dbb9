//! How connections stand over time: what was learned is kept, what changed is told, and nothing is
//! asked again that a server refused.

use std::sync::atomic::{AtomicU32, Ordering};

use tandem_app::App;
use tandem_app::view::{
    ConnectionState, DecideAction, DecisionInput, HealthFact, HealthState, SecretText, Tab,
};

use crate::support::{StillDesk, draft};

const HOUR: i64 = 3_600;

#[tokio::test]
async fn the_way_in_is_kept_shown_and_forgotten_with_the_secret_it_was_found_with() {
    let desk = StillDesk::open().await;
    let (shop, odoo) = desk.join().await;
    for slug in [&shop, &odoo] {
        let view = desk.app.check_now(slug).await.expect("tested");
        assert!(view.way.is_some(), "{view:?}");
        let found = view.check.expect("a test").facts.way;
        assert_eq!(view.way, found, "what the test found is what is kept");
    }
    let mut changed = draft(&desk.sandbox, "woocommerce");
    changed.slug = Some(shop);
    let changed = desk.app.save_connection(changed).await.expect("saved");
    assert_eq!(changed.way, None, "another secret may go another way");
}

#[tokio::test]
async fn connections_are_looked_after_every_hour_and_what_changed_is_told() {
    let desk = StillDesk::open().await;
    let (shop, odoo) = desk.join().await;
    assert_eq!(
        checked(&desk.app).await,
        Vec::<String>::new(),
        "just tested"
    );
    desk.clock.advance_seconds(HOUR);
    let mut both = vec![odoo.clone(), shop.clone()];
    both.sort_unstable();
    assert_eq!(checked(&desk.app).await, both);
    assert_eq!(
        desk.app.health_history(&shop).await.expect("read").len(),
        1,
        "it was connected, and nothing changed since"
    );

    let healthy = view(&desk.app, &shop).await;
    desk.sandbox.world().lock().shop.maintenance = true;
    desk.clock.advance_seconds(HOUR);
    checked(&desk.app).await;
    let stopped = view(&desk.app, &shop).await;
    assert_eq!(stopped.health.state, HealthState::Stopped);
    assert_eq!(stopped.health.since, stopped.health.last_checked);
    let check = stopped.check.expect("a test");
    assert!(check.facts_are_earlier, "this test found nothing");
    assert!(check.facts.currency.is_some(), "what was known stays");
    let good = healthy.health.last_checked;
    assert_eq!(check.facts_at, good, "as the last good test found it");
    assert_eq!(
        view(&desk.app, &odoo).await.health.state,
        HealthState::Healthy
    );

    desk.sandbox.world().lock().shop.maintenance = false;
    desk.clock.advance_seconds(HOUR);
    assert!(checked(&desk.app).await.contains(&shop), "it may be over");
    let again = view(&desk.app, &shop).await.check.expect("a test");
    assert!(!again.facts_are_earlier);
    let history = desk.app.health_history(&shop).await.expect("read");
    let states: Vec<_> = history
        .iter()
        .filter(|change| change.fact == HealthFact::State)
        .map(|change| change.is.clone().unwrap_or_default())
        .collect();
    assert_eq!(states, ["healthy", "stopped", "healthy"]);
    let failure = history
        .iter()
        .find(|change| change.fact == HealthFact::Failure && change.is.is_some());
    assert_eq!(
        failure.and_then(|change| change.is.as_deref()),
        Some("connection.maintenance")
    );
}

#[tokio::test]
async fn a_refused_login_is_not_repeated_until_a_person_changes_something() {
    let desk = StillDesk::open().await;
    let (shop, _) = desk.join().await;
    let known = desk.sandbox.world().lock().shop.accounts.clone();
    desk.sandbox.world().lock().shop.accounts.clear();
    desk.clock.advance_seconds(HOUR);
    assert!(checked(&desk.app).await.contains(&shop), "nobody knew yet");
    assert_eq!(view(&desk.app, &shop).await.state, ConnectionState::Stopped);
    desk.clock.advance_seconds(24 * HOUR);
    assert!(
        !checked(&desk.app).await.contains(&shop),
        "servers lock accounts"
    );

    desk.sandbox.world().lock().shop.accounts = known;
    let mut typed = draft(&desk.sandbox, "woocommerce");
    typed.slug = Some(shop.clone());
    desk.app.save_connection(typed).await.expect("saved");
    let healed = desk.app.check_now(&shop).await.expect("tested");
    assert_eq!(healed.health.state, HealthState::Healthy);
}

/// A fetch that is refused says as much about the connection as a test.
#[tokio::test]
async fn a_login_refused_in_a_fetch_stops_the_hourly_look_too() {
    let desk = StillDesk::open().await;
    let (shop, _) = desk.join().await;
    desk.sandbox.world().lock().shop.accounts.clear();
    let run = desk.app.fetch(&shop, false).await.expect("it begins");
    let view = view(&desk.app, &shop).await;
    let error = run.error.expect("refused");
    assert_eq!(
        error.params.get("connection"),
        Some(&view.name),
        "which of the two it was"
    );
    let logged = run.log.iter().find(|line| line.code == error.code.as_str());
    let logged = logged.and_then(|line| line.params.get("connection"));
    assert_eq!(logged, Some(&view.name));
    assert_eq!(view.health.state, HealthState::Stopped);
    assert_eq!(view.way, None, "how it got in proves nothing any more");
    desk.clock.advance_seconds(2 * HOUR);
    assert!(!checked(&desk.app).await.contains(&shop));
}

#[tokio::test]
async fn the_watch_asks_by_the_timer_that_it_was_given() {
    let desk = StillDesk::open().await;
    desk.join().await;
    let pauses = AtomicU32::new(0);
    let watch = desk.app.watch_health(|_| {
        let so_far = pauses.fetch_add(1, Ordering::Relaxed);
        desk.clock.advance_seconds(60);
        async move {
            if so_far >= 130 {
                std::future::pending::<()>().await;
            }
        }
    });
    let mut events = desk.app.listen();
    let limit = std::time::Duration::from_secs(20);
    let mut tests = 0;
    tokio::select! {
        () = watch => {}
        () = async {
            // Each test makes the connections stale: two sides, twice in 130 minutes.
            while tests < 4 {
                events.recv().await.expect("the application lives");
                tests += 1;
            }
        } => {}
        () = tokio::time::sleep(limit) => {}
    }
    assert_eq!(tests, 4);
}

#[tokio::test]
async fn another_shop_behind_the_address_is_not_given_the_decisions_of_the_first() {
    let desk = StillDesk::open().await;
    let (shop, _) = desk.join().await;
    desk.app.fetch(&shop, false).await.expect("fetched");
    let move_to = |home: &str| {
        desk.sandbox.world().lock().shop.home_url = home.to_owned();
    };
    move_to("https://staging.partycentre.example");
    let check = desk.app.test_saved(&shop).await.expect("tested");
    assert_eq!(check.failure, None, "nothing was decided yet");

    ignore_first(&desk.app, &shop).await;
    move_to("https://other.example");
    let check = desk.app.test_saved(&shop).await.expect("tested");
    let refused = check.failure.expect("another shop");
    assert_eq!(refused.code.as_str(), "connection.another_shop");
    assert!(refused.params["was"].contains("staging.partycentre.example"));
    assert!(refused.params["is"].contains("other.example"));
    let fetch = desk.app.fetch(&shop, false).await;
    assert_eq!(fetch.expect_err("refused").code, refused.code);
    assert_eq!(
        view(&desk.app, &shop).await.health.state,
        HealthState::Stopped
    );

    let kept = desk.app.accept_shop(&shop).await.expect("it only moved");
    assert_eq!(kept.health.state, HealthState::Healthy);
    desk.app.fetch(&shop, false).await.expect("fetched");
    let check = desk.app.test_saved(&shop).await.expect("tested");
    assert_eq!(check.failure, None);
}

#[tokio::test]
async fn a_certificate_is_trusted_for_its_connection_and_its_host_alone() {
    let desk = StillDesk::open().await;
    let (shop, odoo) = desk.join().await;
    let print = format!("{}0F", "AB:".repeat(31));
    let trusted = desk.app.trust_certificate(&shop, &print).await;
    let trusted = trusted.expect("a fingerprint");
    assert_eq!(trusted.pinned.as_deref(), Some(print.as_str()));
    let codes: Vec<_> = trusted.notices.iter().map(|n| n.code.as_str()).collect();
    assert!(codes.contains(&"certificate_pinned"), "{codes:?}");
    assert_eq!(view(&desk.app, &odoo).await.pinned, None);
    let wrong = desk.app.trust_certificate(&shop, "AB:CD").await;
    assert_eq!(wrong.expect_err("too short").code.as_str(), "input.invalid");

    let mut moved = draft(&desk.sandbox, "woocommerce");
    moved.slug = Some(shop.clone());
    let same = desk
        .app
        .save_connection(moved.clone())
        .await
        .expect("saved");
    assert!(same.pinned.is_some(), "the host is the same");
    moved.url = "https://shop.example".to_owned();
    let other = desk.app.save_connection(moved).await.expect("saved");
    assert_eq!(other.pinned, None, "another host shows another certificate");
    desk.app
        .trust_certificate(&shop, &print)
        .await
        .expect("again");
    let forgotten = desk.app.forget_certificate(&shop).await.expect("forgotten");
    assert_eq!(forgotten.pinned, None);
}

#[tokio::test]
async fn a_key_is_made_from_a_password_that_is_not_kept_and_warned_of_before_it_ends() {
    let desk = StillDesk::open().await;
    let password = {
        let world = desk.sandbox.world().lock();
        world.erp.accounts[0].password.clone()
    };
    let mut typed = draft(&desk.sandbox, "odoo");
    typed.secret = Some(SecretText::new(password.clone()));
    let made = desk.app.make_key(typed).await.expect("a key");
    assert_eq!(made.health.state, HealthState::Healthy);
    let ends = made.key_expires_at.clone().expect("it ends one day");
    let keys = |desk: &StillDesk| desk.sandbox.world().lock().erp.accounts[0].api_keys.len();
    let before = keys(&desk);
    // The password is no longer good, and nobody notices: it was not kept.
    desk.sandbox.world().lock().erp.accounts[0].password = "another".to_owned();
    let still = desk.app.check_now(&made.slug).await.expect("tested");
    assert_eq!(still.health.state, HealthState::Healthy);

    desk.clock.advance_seconds(77 * 24 * HOUR);
    let warned = desk.app.check_now(&made.slug).await.expect("tested");
    assert_eq!(warned.health.state, HealthState::Warning, "{warned:?}");
    let notice = warned.notices.iter().find(|n| n.code == "key_expires");
    assert_eq!(notice.and_then(|n| n.params.get("date")), Some(&ends));

    let password = SecretText::new("another".to_owned());
    let renewed = desk.app.renew_key(&made.slug, Some(password)).await;
    let renewed = renewed.expect("a new key");
    assert_eq!(renewed.health.state, HealthState::Healthy);
    assert_ne!(renewed.key_expires_at, Some(ends));
    assert!(keys(&desk) > before, "the old one serves until its own end");
}

#[tokio::test]
async fn a_wrong_password_makes_no_key_and_saves_nothing() {
    let desk = StillDesk::open().await;
    let mut typed = draft(&desk.sandbox, "odoo");
    typed.secret = Some(SecretText::new("not the password".to_owned()));
    let refused = desk.app.make_key(typed).await.expect_err("refused");
    assert_eq!(refused.code.as_str(), "connection.credentials_refused");
    assert_eq!(desk.app.connections().await.expect("read"), []);
}

async fn checked(app: &App) -> Vec<String> {
    let mut tested = app.check_due().await.expect("looked after");
    tested.sort_unstable();
    tested
}

async fn view(app: &App, slug: &str) -> tandem_app::view::ConnectionView {
    let connections = app.connections().await.expect("read");
    let found = connections.into_iter().find(|known| known.slug == slug);
    found.expect("it is there")
}

async fn ignore_first(app: &App, store: &str) {
    let query = tandem_app::view::ReviewQuery {
        tab: Tab::ToReview,
        limit: 1,
        ..tandem_app::view::ReviewQuery::default()
    };
    let page = app.review_page(store, query).await.expect("read");
    let listing = page.rows.first().expect("something to review");
    let decision = DecisionInput {
        listing: listing.listing.key.clone(),
        action: DecideAction::Ignore,
        variant: None,
    };
    app.decide(store, decision).await.expect("decided");
}
