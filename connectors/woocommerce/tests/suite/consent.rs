//! The consent page, clicked through from the address to a working connection.

use std::sync::Arc;

use axum::http::{Method, header};
use bytes::Bytes;
use tandem_connector_woocommerce::{
    Consent, Hosting, consent_answer, consent_offered, consent_url, fake, fake_on,
};
use tandem_contract::http::{InProcess, Request, Response, Transport as _};
use tandem_contract::{Cause, Wire};
use tandem_sandbox::SharedWorld;
use url::Url;

use crate::common::{clock, connect, world};

fn page(return_to: &str) -> Url {
    let url = |text: &str| Url::parse(text).expect("an address");
    let base = url("https://shop.example/");
    consent_url(
        &base,
        "Tandem <3",
        "4ad0e9a4-4a5e-4f0c-9f1b-0d9a3a3f9a11",
        &url(return_to),
    )
}

fn click(page: &Url, button: &str) -> Request {
    let mut request = Request::new(Method::POST, page.clone());
    let form = "application/x-www-form-urlencoded"
        .parse()
        .expect("a value");
    request.headers.insert(header::CONTENT_TYPE, form);
    request.body = Bytes::from(format!("{button}=1"));
    request
}

/// Where the browser is sent, and with what.
fn sent_back(response: &Response) -> Url {
    assert_eq!(response.status, 302);
    let location = response.header("location").expect("a location");
    Url::parse(location).expect("an address")
}

#[tokio::test]
async fn a_click_makes_a_password_that_works() {
    let server = InProcess::new(fake(SharedWorld::new(world())));
    let page = page("http://localhost:49152/back?state=7");
    let shown = server.send(&Request::new(Method::GET, page.clone())).await;
    let shown = shown.expect("a page");
    assert_eq!(shown.status, 200);
    assert!(shown.text().contains("Tandem &lt;3"), "it says who asks");

    let answer = server
        .send(&click(&page, "approve"))
        .await
        .expect("an answer");
    let back = sent_back(&answer);
    assert!(
        back.as_str()
            .starts_with("http://127.0.0.1:49152/back?state=7&")
    );
    let query = back.query().unwrap_or_default();
    let Consent::Granted { login, secret } = consent_answer(query) else {
        panic!("consent was given");
    };
    let shop = connect(
        "https://shop.example",
        (&login, secret.expose()),
        server,
        clock(),
    );
    let report = shop.check().await;
    assert!(report.passed(), "{:?}", report.failure);
    assert_eq!(report.found.user.as_deref(), Some("owner"));
}

#[tokio::test]
async fn a_no_is_a_no_and_not_every_return_address_is_taken() {
    let server = InProcess::new(fake(SharedWorld::new(world())));
    let page = page("http://127.0.0.1:49152/back");
    let answer = server
        .send(&click(&page, "reject"))
        .await
        .expect("an answer");
    let back = sent_back(&answer);
    assert_eq!(
        consent_answer(back.query().unwrap_or_default()),
        Consent::Denied
    );

    for refused in [
        "http://shop.example:80/back",
        "http://127.0.0.1/back",
        "javascript:x",
    ] {
        let mut page = page.clone();
        page.set_query(Some(&format!("app_name=x&success_url={refused}")));
        let answer = server
            .send(&click(&page, "approve"))
            .await
            .expect("an answer");
        assert_eq!(answer.status, 500, "{refused}");
    }
}

#[tokio::test]
async fn a_page_that_would_answer_nobody_is_not_offered() {
    let usual = Hosting::default();
    let off = Hosting {
        no_application_passwords: true,
        ..usual
    };
    let hidden = Hosting {
        hides_tls: true,
        ..usual
    };
    for (hosting, home, reason) in [
        (usual, "https://shop.example", None),
        (
            off,
            "https://shop.example",
            Some("application_passwords_off"),
        ),
        (
            hidden,
            "https://shop.example",
            Some("application_passwords_off"),
        ),
        (
            hidden,
            "http://shop.example",
            Some("https_hidden_from_shop"),
        ),
    ] {
        let mut world = world();
        home.clone_into(&mut world.shop.home_url);
        let server = Arc::new(InProcess::new(fake_on(SharedWorld::new(world), hosting)));
        let url = Url::parse("https://shop.example/").expect("an address");
        let clock = clock();
        let transport = server.clone();
        let offered = consent_offered(&url, Wire { transport, clock }).await;
        let said = offered.err().map(|error| {
            assert_eq!(error.cause, Cause::CredentialsRefused);
            error.context
        });
        let said = said.and_then(|facts| facts.into_iter().find(|(name, _)| name == "reason"));
        assert_eq!(said.map(|(_, reason)| reason).as_deref(), reason);
        // The page itself says the same.
        let page = page("http://127.0.0.1:49152/back");
        let shown = server.send(&Request::new(Method::GET, page)).await;
        let status = if reason.is_none() { 200 } else { 501 };
        assert_eq!(shown.expect("a page").status, status);
    }
}

#[tokio::test]
async fn a_shop_that_does_not_say_may_be_tried() {
    let url = Url::parse("https://shop.example/").expect("an address");
    let closed = axum::Router::new().fallback(async || axum::http::StatusCode::UNAUTHORIZED);
    let transport = Arc::new(InProcess::new(closed));
    let clock = clock();
    let offered = consent_offered(&url, Wire { transport, clock }).await;
    assert!(offered.is_ok());
}
