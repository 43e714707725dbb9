//! Every way in: which are tried, in which order, what is learned, and what is never sent.

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use tandem_connector_woocommerce::{Hosting, fake, fake_on, storefront};
use tandem_contract::http::{InProcess, Request};
use tandem_contract::{Cause, CheckReport, NoticeCode, Query, StepName, Wire};
use tandem_domain::{Clock, ManualClock};
use tandem_sandbox::{SharedWorld, World, serve};

use crate::common::{
    KEY, PASSWORD, Watched, account, at, clock, connect, diagnosis, network, orders_of, world,
};

const USUAL: Hosting = Hosting {
    strips_authorization: false,
    hides_tls: false,
    plain_permalinks: false,
    older: false,
    orders_in_posts: false,
    no_application_passwords: false,
    price_decimals: None,
};
const CLOSED: Hosting = Hosting {
    strips_authorization: true,
    ..USUAL
};
const HIDDEN: Hosting = Hosting {
    hides_tls: true,
    ..USUAL
};
const PLAIN: Hosting = Hosting {
    plain_permalinks: true,
    ..USUAL
};

fn watched(world: World, hosting: Hosting) -> Watched {
    Watched::new(InProcess::new(fake_on(SharedWorld::new(world), hosting)))
}

fn home(url: &str) -> World {
    let mut world = world();
    url.clone_into(&mut world.shop.home_url);
    world
}

fn codes(report: &CheckReport) -> Vec<NoticeCode> {
    report.notices.iter().map(|notice| notice.code).collect()
}

/// Whether a request carries something of the account.
fn is_signed(request: &Request) -> bool {
    let query = request.url.query().unwrap_or_default();
    request.headers.contains_key(header::AUTHORIZATION)
        || query.contains("consumer_key")
        || query.contains("oauth_")
}

fn shows(request: &Request, secret: &str) -> bool {
    request.url.as_str().contains(secret)
        || request
            .headers
            .values()
            .any(|value| value.to_str().is_ok_and(|value| value.contains("Basic ")))
}

struct Case {
    login: (&'static str, &'static str),
    url: &'static str,
    home: &'static str,
    hosting: Hosting,
    way: &'static str,
    notices: &'static [NoticeCode],
    why: &'static str,
}

const HTTPS: &str = "https://shop.example";
const HTTP: &str = "http://shop.example";
const WWW: &str = "https://www.shop.example";
const LOCAL: &str = "http://127.0.0.1:8080";

const CASES: [Case; 11] = [
    Case {
        login: PASSWORD,
        url: HTTPS,
        home: HTTPS,
        hosting: USUAL,
        way: "application_password",
        notices: &[],
        why: "as it should be",
    },
    Case {
        login: PASSWORD,
        url: LOCAL,
        home: LOCAL,
        hosting: USUAL,
        way: "application_password",
        notices: &[],
        why: "on this machine",
    },
    Case {
        login: PASSWORD,
        url: HTTPS,
        home: HTTPS,
        hosting: PLAIN,
        way: "application_password_rest_route",
        notices: &[NoticeCode::PlainPermalinks],
        why: "recorded: 16",
    },
    Case {
        login: KEY,
        url: HTTPS,
        home: HTTPS,
        hosting: USUAL,
        way: "basic",
        notices: &[],
        why: "as it should be",
    },
    Case {
        login: KEY,
        url: HTTPS,
        home: HTTPS,
        hosting: PLAIN,
        way: "basic_rest_route",
        notices: &[NoticeCode::PlainPermalinks],
        why: "the address names the keys",
    },
    Case {
        login: KEY,
        url: HTTPS,
        home: HTTPS,
        hosting: CLOSED,
        way: "query",
        notices: &[NoticeCode::HeaderStripped],
        why: "recorded: 01",
    },
    Case {
        login: KEY,
        url: HTTPS,
        home: HTTP,
        hosting: HIDDEN,
        way: "oauth_http_base",
        notices: &[NoticeCode::TlsHidden],
        why: "recorded: 113",
    },
    Case {
        login: KEY,
        url: HTTPS,
        home: HTTPS,
        hosting: HIDDEN,
        way: "oauth_http_base",
        notices: &[NoticeCode::TlsHidden],
        why: "though the shop says https",
    },
    Case {
        login: KEY,
        url: HTTPS,
        home: WWW,
        hosting: HIDDEN,
        way: "oauth_http_base",
        notices: &[NoticeCode::TlsHidden],
        why: "signed for its own name",
    },
    Case {
        login: KEY,
        url: HTTP,
        home: HTTP,
        hosting: USUAL,
        way: "oauth_plain",
        notices: &[NoticeCode::PlainHttp],
        why: "recorded: 04",
    },
    Case {
        login: KEY,
        url: LOCAL,
        home: LOCAL,
        hosting: USUAL,
        way: "oauth_plain",
        notices: &[],
        why: "nobody else reads this machine",
    },
];

#[tokio::test]
async fn every_way_in_is_found_told_and_kept() {
    for case in CASES {
        let transport = watched(home(case.home), case.hosting);
        let shop = connect(case.url, case.login, transport.clone(), clock());
        let report = shop.check().await;
        let why = format!("{} ({}), {:?}", case.way, case.why, report.failure);
        assert!(report.passed(), "{why}");
        let way = report.found.way.clone().expect("a way");
        assert_eq!(way.0, case.way, "{why}");
        assert_eq!(codes(&report), case.notices, "{why}");
        transport.take();

        // Kept with the connection, it costs the next program nothing.
        let wire = Wire {
            transport: Arc::new(transport.clone()),
            clock: clock(),
        };
        let kept = storefront(account(case.url, case.login, Some(&way.0)), wire);
        let read = orders_of(kept.as_ref(), &Query::all()).await;
        let requests = transport.take();
        if case.home == WWW {
            assert_eq!(requests.len(), 3, "{why}: the name has to be asked for");
        } else {
            assert_eq!(requests.len(), 1, "{why}");
        }
        assert_eq!(read, ["7438"], "{why}");
        assert!(kept.check().await.passed(), "{why}");

        // Not kept, it is found again by the first question.
        let unknown = connect(case.url, case.login, transport.clone(), clock());
        assert_eq!(
            orders_of(unknown.as_ref(), &Query::all()).await,
            ["7438"],
            "{why}"
        );
    }
}

#[tokio::test]
async fn a_way_that_was_kept_of_another_login_or_address_is_forgotten() {
    for (login, way) in [
        (PASSWORD, "oauth_http_base"),
        (KEY, "application_password_rest_route"),
        (KEY, "oauth_plain"),
        (KEY, "carrier_pigeon"),
    ] {
        let wire = Wire {
            transport: Arc::new(watched(world(), USUAL)),
            clock: clock(),
        };
        let shop = storefront(account(HTTPS, login, Some(way)), wire);
        let read = orders_of(shop.as_ref(), &Query::all()).await;
        assert_eq!(read, ["7438"], "{way}");
    }
}

#[tokio::test]
async fn over_a_real_network_redirects_and_ports_change_nothing() {
    for (login, hosting, way) in [
        (PASSWORD, PLAIN, "application_password_rest_route"),
        (KEY, USUAL, "oauth_plain"),
    ] {
        let world = SharedWorld::new(world());
        let router = fake_on(world.clone(), hosting);
        let served = serve(router, None).await.expect("a free port");
        served.url().clone_into(&mut world.lock().shop.home_url);
        let shop = connect(&served.url(), login, network(), clock());
        let report = shop.check().await;
        assert!(report.passed(), "{way}: {:?}", report.failure);
        let found = report.found.way.map(|way| way.0);
        assert_eq!(found.as_deref(), Some(way));
        assert_eq!(orders_of(shop.as_ref(), &Query::all()).await, ["7438"]);
    }
}

#[tokio::test]
async fn a_pair_that_was_looked_at_and_refused_is_sent_once() {
    for (login, step) in [
        (("ck_rw", "cs_wrong"), StepName::Credentials),
        (("owner", "wrong"), StepName::Credentials),
        (("ck_w", "cs_w"), StepName::Rights),
    ] {
        let transport = watched(world(), Hosting::default());
        let shop = connect(HTTPS, login, transport.clone(), clock());
        assert_eq!(diagnosis(shop).await.0, step);
        let signed = transport.take().into_iter().filter(is_signed).count();
        assert_eq!(signed, 1, "{login:?}: security plugins count failures");
    }
}

#[tokio::test]
async fn a_wrong_secret_that_can_only_be_signed_with_is_still_told() {
    for (url, hosting) in [(HTTP, Hosting::default()), (HTTPS, HIDDEN)] {
        let transport = watched(home(HTTP), hosting);
        let shop = connect(url, ("ck_rw", "cs_wrong"), transport, clock());
        let (step, cause, _) = diagnosis(shop).await;
        assert_eq!(
            (step, cause),
            (StepName::Credentials, Cause::SecretWrong),
            "{url}"
        );
    }
}

#[tokio::test]
async fn nothing_secret_is_sent_where_others_can_read_it() {
    let transport = watched(home(HTTP), Hosting::default());
    let shop = connect(HTTP, PASSWORD, transport.clone(), clock());
    let (step, cause, context) = diagnosis(shop).await;
    assert_eq!(
        (step, cause),
        (StepName::Credentials, Cause::CredentialsRefused)
    );
    assert!(context.contains(&("reason".to_owned(), "plain_http".to_owned())));
    assert!(!transport.take().iter().any(is_signed), "not even once");

    let shop = connect(HTTP, KEY, transport.clone(), clock());
    assert!(shop.check().await.passed());
    let sent = transport.take();
    assert!(sent.iter().any(is_signed));
    assert!(
        !sent.iter().any(|request| shows(request, KEY.1)),
        "signed, not shown"
    );

    // A password that worked over TLS stays there, whatever was typed.
    let wire = Wire {
        transport: Arc::new(transport.clone()),
        clock: clock(),
    };
    let kept = account(HTTP, PASSWORD, Some("application_password"));
    let shop = storefront(kept, wire);
    assert_eq!(orders_of(shop.as_ref(), &Query::all()).await, ["7438"]);
    let sent = transport.take();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].url.scheme(), "https");
}

#[tokio::test]
async fn where_tls_is_known_to_be_hidden_the_secret_stays_at_home() {
    let transport = watched(home(HTTP), HIDDEN);
    let shop = connect(HTTPS, KEY, transport.clone(), clock());
    assert!(shop.check().await.passed());
    assert!(!transport.take().iter().any(|request| shows(request, KEY.1)));
}

/// A shop whose clock is not this machine's.
fn with_skew(hours: i64) -> (Watched, Arc<dyn Clock>) {
    let ours = at("2026-11-21T01:00:00Z");
    let theirs = ours + jiff::SignedDuration::from_hours(hours);
    let mut world = home(HTTP);
    world.clock = Arc::new(ManualClock::at(theirs));
    (
        watched(world, Hosting::default()),
        Arc::new(ManualClock::at(ours)),
    )
}

#[tokio::test]
async fn signatures_go_by_the_clock_of_the_shop() {
    for hours in [-30, 5] {
        let (transport, ours) = with_skew(hours);
        let report = connect(HTTP, KEY, transport.clone(), Arc::clone(&ours))
            .check()
            .await;
        assert!(report.passed(), "{:?}", report.failure);
        assert_eq!(
            codes(&report),
            [NoticeCode::PlainHttp, NoticeCode::ClockSkew]
        );
        let seconds = (hours * 3_600).to_string();
        assert_eq!(report.notices[1].context, [("seconds".to_owned(), seconds)]);
        transport.take();

        let wire = Wire {
            transport: Arc::new(transport.clone()),
            clock: ours,
        };
        let kept = storefront(account(HTTP, KEY, Some("oauth_plain")), wire);
        assert_eq!(orders_of(kept.as_ref(), &Query::all()).await, ["7438"]);
        assert_eq!(transport.take().len(), 2, "the refusal tells the time");
        assert_eq!(orders_of(kept.as_ref(), &Query::all()).await, ["7438"]);
        assert_eq!(transport.take().len(), 1, "which is remembered");
    }
}

#[tokio::test]
async fn a_shop_that_does_not_tell_its_time_is_diagnosed() {
    let refused = r#"{"code":"woocommerce_rest_authentication_error","message":"Invalid timestamp.","data":{"status":401}}"#;
    let index = r#"{"name":"x","home":"http://shop.example","namespaces":["wc/v3"]}"#;
    let json = || [(header::CONTENT_TYPE, "application/json")];
    let router = Router::new()
        .route(
            "/wp-json/",
            axum::routing::get(async move || (json(), index)),
        )
        .fallback(async move || (StatusCode::UNAUTHORIZED, json(), refused));
    let shop = connect(HTTP, KEY, InProcess::new(router), clock());
    let (step, cause, _) = diagnosis(shop).await;
    assert_eq!((step, cause), (StepName::Credentials, Cause::ClockOff));
}

#[tokio::test]
async fn no_nonce_is_used_twice() {
    let transport = watched(home(HTTP), Hosting::default());
    let shop = connect(HTTP, KEY, transport.clone(), clock());
    assert!(
        shop.check().await.passed(),
        "the stand-in refuses a nonce that it has seen"
    );
    let source = shop.orders().expect("a source");
    for _ in 0..20 {
        // The same question in the same moment, as nothing moves this clock.
        source.page(&Query::all(), None).await.expect("a page");
    }
}

/// A server that repeats what it was asked, in every text that may be shown.
fn echo() -> Router {
    Router::new()
        .route(
            "/wp-json/",
            axum::routing::get(async || {
                let index = r#"{"name":"x","home":"https://shop.example","namespaces":["wc/v3"]}"#;
                ([(header::CONTENT_TYPE, "application/json")], index)
            }),
        )
        .fallback(async |request: axum::extract::Request| {
            let asked = request.uri().to_string();
            let shown = request.headers().get(header::AUTHORIZATION);
            let shown = shown
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            let code = if asked.contains("oauth_") {
                "rest_x"
            } else {
                "rest_forbidden"
            };
            let json = serde_json::json!({
                "code": code,
                "message": format!("no: {asked} {shown}"),
                "data": { "params": { "asked": format!("{asked} {shown}") } },
            });
            (
                StatusCode::UNAUTHORIZED,
                [(header::CONTENT_TYPE, "application/json")],
                json.to_string(),
            )
        })
}

#[tokio::test]
async fn no_form_of_a_secret_comes_back_from_a_server_that_repeats_everything() {
    for (login, secret) in [("ck_x", "cs_canary/47+11 é"), ("owner", "cana ry47 11é/")] {
        let transport = Watched::new(InProcess::new(echo()));
        let shop = connect(HTTPS, (login, secret), transport.clone(), clock());
        let report = shop.check().await;
        let shown = format!("{report:?}");
        assert!(
            shown.contains("no: "),
            "the server's words are kept: {shown}"
        );
        let sent = transport.take();
        for request in &sent {
            let debug = format!("{request:?}");
            assert!(
                !debug.contains("canary") && !debug.contains("consumer_secret"),
                "{debug}"
            );
        }
        let queries = sent.iter().filter_map(|request| request.url.query());
        let in_query = queries
            .flat_map(|query| query.split('&'))
            .filter_map(|pair| pair.strip_prefix("consumer_secret="));
        for form in in_query.chain([secret, "cana"]) {
            assert!(!shown.contains(form), "{form} in {shown}");
        }
        let headers = sent
            .iter()
            .filter_map(|request| request.headers.get(header::AUTHORIZATION));
        for value in headers {
            let pair = value.to_str().expect("text").trim_start_matches("Basic ");
            assert!(!shown.contains(pair), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_key_is_sent_to_woocommerce_only() {
    let router = fake(SharedWorld::new(world()));
    let transport = Watched::new(InProcess::new(router));
    let shop = connect(HTTPS, KEY, transport.clone(), clock());
    assert!(shop.check().await.passed());
    for request in transport.take() {
        let url = request.url.as_str();
        assert!(
            !is_signed(&request) || url.contains("/wp-json/wc/"),
            "{url}"
        );
    }
}
