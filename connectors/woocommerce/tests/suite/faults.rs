//! Misbehaving servers, redirects, and where credentials go.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::http::{StatusCode, header};
use tandem_connector_woocommerce::{fake, storefront};
use tandem_contract::http::{
    Fingerprint, InProcess, Redirects, Request, Response, Transport, TransportError,
};
use tandem_contract::{Cause, Query, Retry, StepName, Wire, suite};
use tandem_sandbox::{Fault, SharedWorld, serve};

use crate::common::{
    PASSWORD, Watched, account, clock, connect, diagnosis, faulty, large, network, world,
};

async fn first_error(fault: Fault) -> tandem_contract::Error {
    let served = serve(faulty(world(), fault), None)
        .await
        .expect("a free port");
    let shop = connect(&served.url(), PASSWORD, network(), clock());
    let source = shop.orders().expect("a source");
    source
        .page(&Query::all(), None)
        .await
        .expect_err("the fault shows")
}

#[tokio::test]
async fn faults_say_whether_trying_again_can_help() {
    let limited = first_error(Fault::TooMany {
        retry_after_s: Some(17),
    })
    .await;
    assert_eq!(
        (limited.cause, limited.retry),
        (Cause::TooManyRequests, Retry::Later(17))
    );
    let page = first_error(Fault::Html { status: 200 }).await;
    assert_eq!((page.cause, page.retry), (Cause::HtmlInstead, Retry::Never));
    let gateway = first_error(Fault::Html { status: 504 }).await;
    assert_eq!(
        (gateway.cause, gateway.retry),
        (Cause::ServerFailed, Retry::Later(0))
    );
    for fault in [Fault::AnswerLost, Fault::Truncated] {
        let lost = first_error(fault).await;
        assert_eq!(lost.cause, Cause::AnswerLost);
        assert_eq!(lost.retry, Retry::Later(0), "reading again is harmless");
    }
}

#[tokio::test]
async fn a_php_notice_before_the_json_changes_nothing() {
    let served = serve(faulty(large(), Fault::PhpNotice), None)
        .await
        .expect("a free port");
    let shop = connect(&served.url(), PASSWORD, network(), clock());
    let seen = suite::storefront(shop.as_ref())
        .await
        .expect("every promise holds");
    assert_eq!((seen.products, seen.orders), (375, 1));
}

/// Stands for a network on which the shop answers at another address after a redirect, and notes
/// what was sent where.
#[derive(Debug)]
struct Redirecting<T> {
    inner: T,
    from: &'static str,
    to: &'static str,
    sent: Arc<Mutex<Vec<(String, bool)>>>,
}

#[async_trait]
impl<T: Transport + 'static> Transport for Redirecting<T> {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let asked = request.url.as_str().to_owned();
        let signed = request.headers.contains_key(header::AUTHORIZATION);
        self.sent
            .lock()
            .expect("unpoisoned")
            .push((asked.clone(), signed));
        let mut request = request.clone();
        if let Some(rest) = asked.strip_prefix(self.from) {
            request.url = format!("{}{rest}", self.to).parse().expect("an address");
            // As every client does on the way to another origin.
            request.headers.remove(header::AUTHORIZATION);
        }
        self.inner.send(&request).await
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}

#[tokio::test]
async fn a_redirect_to_https_and_www_is_followed_with_the_password_only_there() {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let redirecting = |to| Redirecting {
        inner: InProcess::new(fake(SharedWorld::new(world()))),
        from: "http://shop.example/",
        to,
        sent: Arc::clone(&sent),
    };
    let shop = connect(
        "http://shop.example",
        PASSWORD,
        redirecting("https://www.shop.example/"),
        clock(),
    );
    // Even without the connection test before it.
    let source = shop.orders().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    assert_eq!(page.items.len(), 1);
    let report = shop.check().await;
    assert!(report.passed(), "{:?}", report.failure);
    let signed: Vec<String> = {
        let sent = sent.lock().expect("unpoisoned");
        sent.iter()
            .filter(|(_, signed)| *signed)
            .map(|(url, _)| url.clone())
            .collect()
    };
    assert!(!signed.is_empty());
    assert!(
        signed
            .iter()
            .all(|url| url.starts_with("https://www.shop.example/wp-json/")),
        "the first question was anonymous, and the shop's answer came from there: {signed:?}"
    );
    let elsewhere = connect(
        "http://shop.example",
        PASSWORD,
        redirecting("https://evil.example/"),
        clock(),
    );
    let (step, cause, context) = diagnosis(elsewhere).await;
    assert_eq!(
        (step, cause),
        (StepName::Address, Cause::RedirectedElsewhere),
        "no password for another host"
    );
    let to = (
        "redirected_to".to_owned(),
        "https://evil.example".to_owned(),
    );
    assert!(context.contains(&to), "{context:?}");
}

#[tokio::test]
async fn a_consumer_key_is_sent_to_woocommerce_only_and_no_secret_comes_back() {
    let canary = "cs_canary_4711";
    let sent = Arc::new(Mutex::new(Vec::new()));
    let echo = Router::new()
        .route(
            "/wp-json/wc/v3/products",
            axum::routing::get(async move || {
                let body = format!(r#"{{"code":"x","message":"key {canary} is bad"}}"#);
                (
                    StatusCode::UNAUTHORIZED,
                    [(header::CONTENT_TYPE, "application/json")],
                    body,
                )
            }),
        )
        .fallback_service(fake(SharedWorld::new(world())));
    let transport = Redirecting {
        inner: InProcess::new(echo),
        from: "unused:",
        to: "unused:",
        sent: Arc::clone(&sent),
    };
    let shop = connect("https://shop.example", ("ck_x", canary), transport, clock());
    let report = shop.check().await;
    let shown = format!("{report:?}");
    assert!(!shown.contains(canary), "{shown}");
    assert!(
        shown.contains("is bad"),
        "the server's words are kept: {shown}"
    );
    for (url, signed) in sent.lock().expect("unpoisoned").iter() {
        assert!(!signed || url.contains("/wp-json/wc/"), "{url}");
    }
    let asked = sent
        .lock()
        .expect("unpoisoned")
        .iter()
        .filter(|(_, signed)| *signed)
        .count();
    assert_eq!(asked, 1, "a refused login is not tried again");
}

#[tokio::test]
async fn keys_in_the_address_are_not_led_to_another_host_and_not_told() {
    const CANARY: &str = "cs_canary_4711";
    // As a shop that moved does it: the whole address again, under the new name.
    let moved = |request: axum::extract::Request| async move {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let there = format!("https://elsewhere.example/wp-json/wc/v3/orders?{query}");
        let page = format!("<a href=\"{there}\">Moved to {there}</a>");
        (
            StatusCode::MOVED_PERMANENTLY,
            [(header::LOCATION, there)],
            page,
        )
    };
    let router = Router::new()
        .route("/wp-json/wc/v3/orders", axum::routing::get(moved))
        .fallback_service(fake(SharedWorld::new(world())));
    let transport = Watched::new(InProcess::new(router));
    let wire = Wire {
        transport: Arc::new(transport.clone()),
        clock: clock(),
    };
    let shop = storefront(
        account("https://shop.example", ("ck_x", CANARY), Some("query")),
        wire,
    );
    let source = shop.orders().expect("a source");
    let error = source
        .page(&Query::all(), None)
        .await
        .expect_err("not here");
    assert_eq!(error.cause, Cause::RedirectedElsewhere);
    let told = format!("{error:?}");
    assert!(told.contains("https://elsewhere.example"), "{told}");
    assert!(!told.contains(CANARY), "{told}");
    let has_keys = |request: &Request| request.url.as_str().contains(CANARY);
    let with_keys: Vec<Request> = transport.take().into_iter().filter(has_keys).collect();
    assert!(!with_keys.is_empty());
    for request in with_keys {
        assert_eq!(request.url.host_str(), Some("shop.example"));
        assert_eq!(
            request.redirects,
            Redirects::SameSite,
            "the network may not carry it on"
        );
    }
}
