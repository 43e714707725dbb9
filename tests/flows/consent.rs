//! Joining a shop by saying yes on its own page. The browser is played by a client that follows
//! where it is sent.

use std::time::Duration;

use tandem_app::App;
use tandem_app::view::{AppEvent, ConsentEnded, HealthState};
use tandem_contract::http::{Network, Request, Response, Transport as _};
use tandem_sandbox::seed;

use crate::support::{StillDesk, draft};

/// What a browser does when the person presses a button of the page, or opens one.
async fn browse(url: &str, pressed: Option<&str>) -> Response {
    let browser = Network::new("test").expect("a TLS stack");
    let method = if pressed.is_some() { "POST" } else { "GET" };
    let mut request = Request::new(
        method.parse().expect("a method"),
        url.parse().expect("an address"),
    );
    request.timeout = Duration::from_secs(10);
    if let Some(pressed) = pressed {
        request.body = format!("{pressed}=1").into();
    }
    browser.send(&request).await.expect("an answer")
}

async fn ended(events: &mut tokio::sync::broadcast::Receiver<AppEvent>) -> ConsentEnded {
    loop {
        let event = tokio::time::timeout(Duration::from_secs(10), events.recv()).await;
        if let AppEvent::Consent(ended) = event.expect("in time").expect("it lives") {
            return ended;
        }
    }
}

async fn begun(desk: &StillDesk) -> String {
    let mut typed = draft(&desk.sandbox, "woocommerce");
    (typed.login, typed.secret) = (String::new(), None);
    let started = desk.app.begin_consent(typed).await.expect("a page");
    assert!(started.until.as_str() > "2026-11-21T08:09");
    started.url
}

async fn connections(app: &App) -> usize {
    app.connections().await.expect("read").len()
}

#[tokio::test]
async fn a_yes_saves_a_connection_whose_key_no_window_saw() {
    let desk = StillDesk::open().await;
    let mut events = desk.app.listen();
    let page = begun(&desk).await;
    assert!(
        browse(&page, None).await.text().contains("Tandem"),
        "it asks for us"
    );
    let goodbye = browse(&page, Some("approve")).await;
    assert!(goodbye.url.path().ends_with("/done"), "{}", goodbye.url);
    let address = goodbye.url.as_str();
    assert!(
        !address.contains("password"),
        "the address that stays has no key in it"
    );
    assert!(
        goodbye.text().contains("close this page"),
        "{}",
        goodbye.text()
    );

    let ended = ended(&mut events).await;
    assert_eq!(ended.error, None);
    let slug = ended.connection.expect("a connection");
    let view = desk.app.check_now(&slug).await.expect("tested");
    assert_eq!(view.health.state, HealthState::Healthy);
    assert_eq!(view.login, seed::SHOP_LOGIN);
    let seen = serde_json::to_string(&view).expect("serialises");
    assert!(!seen.contains("cons ente"), "the key is not shown");
}

#[tokio::test]
async fn a_no_saves_nothing_and_says_so() {
    let desk = StillDesk::open().await;
    let mut events = desk.app.listen();
    let page = begun(&desk).await;
    let goodbye = browse(&page, Some("reject")).await;
    assert!(goodbye.text().contains("not let in"), "{}", goodbye.text());
    let error = ended(&mut events).await.error.expect("a no");
    assert_eq!(error.code.as_str(), "consent.denied");
    assert_eq!(connections(&desk.app).await, 0);
}

#[tokio::test]
async fn a_question_that_is_asked_again_or_cancelled_takes_no_answer() {
    let desk = StillDesk::open().await;
    let mut events = desk.app.listen();
    begun(&desk).await;
    let second = begun(&desk).await;
    let first = ended(&mut events)
        .await
        .error
        .expect("another one was begun");
    assert_eq!(first.code.as_str(), "engine.cancelled");
    desk.app.cancel_consent();
    let cancelled = ended(&mut events).await.error.expect("nobody waits");
    assert_eq!(cancelled.code.as_str(), "engine.cancelled");
    drop(second);
    assert_eq!(connections(&desk.app).await, 0);
}

/// A site that takes no application passwords answers its page with an error, for ever.
#[tokio::test]
async fn where_there_is_no_such_page_nobody_is_sent_to_it() {
    let desk = StillDesk::open().await;
    let index = r#"{"name":"Shop","home":"https://shop.example","namespaces":["wc/v3"],
        "authentication":[]}"#;
    let json = [("content-type", "application/json")];
    let site = axum::Router::new().fallback(async move || (json, index));
    let site = tandem_sandbox::serve(site, None)
        .await
        .expect("a free port");
    let mut typed = draft(&desk.sandbox, "woocommerce");
    typed.url = site.url();
    let refused = desk.app.begin_consent(typed).await;
    let error = refused.expect_err("it would never answer");
    assert_eq!(error.code.as_str(), "connection.credentials_refused");
    let reason = error.params.get("reason").map(String::as_str);
    assert_eq!(reason, Some("application_passwords_off"));
}

/// Whoever else knocks on the door does not know its path.
#[tokio::test]
async fn another_path_is_no_answer() {
    let desk = StillDesk::open().await;
    let mut events = desk.app.listen();
    let page = begun(&desk).await;
    let page: url::Url = page.parse().expect("an address");
    let back = page
        .query_pairs()
        .find(|(name, _)| name == "success_url")
        .map(|(_, url)| url.into_owned())
        .expect("it says where it comes back");
    let mut wrong: url::Url = back.parse().expect("an address");
    wrong.set_path("/guess");
    wrong.set_query(Some("user_login=eve&password=evil"));
    assert_eq!(browse(wrong.as_str(), None).await.status, 404);
    let goodbye = browse(page.as_str(), Some("approve")).await;
    assert_eq!(goodbye.status, 200);
    assert_eq!(
        ended(&mut events).await.error,
        None,
        "the right one still counts"
    );
}

#[tokio::test(start_paused = true)]
async fn a_question_that_nobody_answers_is_closed() {
    let desk = StillDesk::open().await;
    let mut typed = draft(&desk.sandbox, "woocommerce");
    (typed.login, typed.secret) = (String::new(), None);
    let began = tokio::time::Instant::now();
    let waited = desk.app.consent(typed, |_| {}).await;
    assert_eq!(
        waited.expect_err("nobody said yes").code.as_str(),
        "consent.timed_out"
    );
    assert_eq!(began.elapsed().as_secs(), 600, "ten minutes");
}
