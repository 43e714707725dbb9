//! The connection test: what it finds, and the diagnosis of what is wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use tandem_connector_woocommerce::{Hosting, fake};
use tandem_contract::http::InProcess;
use tandem_contract::{Cause, CheckReport, NoticeCode, StepName, StepOutcome};
use tandem_domain::Currency;
use tandem_sandbox::{Fault, SharedWorld, serve};
use tower::ServiceExt as _;

use crate::common::{
    CUSTOMER, CUSTOMER_KEY, KEY, PASSWORD, READ_KEY, WRITE_KEY, clock, connect, diagnosis, faulty,
    hosted, in_process, network, world,
};

#[tokio::test]
async fn a_key_pair_works_over_https_and_read_only_is_enough() {
    for key in [KEY, READ_KEY] {
        let report = in_process(world(), key).check().await;
        assert!(report.passed(), "{:?}", report.failure);
        assert_eq!(report.found.user, None, "a key does not say whose it is");
    }
}

#[tokio::test]
async fn the_test_finds_what_the_shop_is_set_to() {
    let report = in_process(world(), PASSWORD).check().await;
    let found = report.found;
    assert_eq!(found.product.as_deref(), Some("WooCommerce"));
    assert_eq!(found.version.as_deref(), Some("11.0.1"));
    assert_eq!(found.platform.as_deref(), Some("WordPress 7.1.4"));
    assert_eq!(found.title.as_deref(), Some("Lamps & More"), "decoded");
    assert_eq!(found.home_url.as_deref(), Some("https://shop.example"));
    assert_eq!(found.currency.map(Currency::code), Some("EUR"));
    assert_eq!(found.price_decimals, Some(2));
    assert_eq!(found.prices_include_tax, Some(true));
    assert_eq!(found.tax_rounding.as_deref(), Some("line"));
    assert_eq!(found.time_zone.as_deref(), Some("Europe/Rome"));
    assert_eq!(found.skew.map(|skew| skew.seconds), Some(0));
    assert_eq!(found.user.as_deref(), Some("owner"));
    assert_eq!(found.modules, ["woocommerce 11.0.1"]);
    assert_eq!(found.order_storage.as_deref(), Some("hpos"));
    assert_eq!(found.currency_decimals, Some(2));
    assert_eq!(
        found.permissions,
        [
            "products:read",
            "orders:read",
            "refunds:read",
            "settings:read",
            "system_status:read"
        ],
        "what was read, and nothing else"
    );
    assert_eq!(report.notices, [], "nothing to be known about a good shop");
    let passed = |outcome: &StepOutcome| matches!(outcome, StepOutcome::Passed { .. });
    assert!(report.steps.iter().all(|step| passed(&step.outcome)));
}

#[tokio::test]
async fn credentials_and_rights_are_told_apart() {
    for (login, step, cause) in [
        (
            ("ck_unknown", "cs_x"),
            StepName::Credentials,
            Cause::CredentialsRefused,
        ),
        (
            ("ck_rw", "cs_wrong"),
            StepName::Credentials,
            Cause::SecretWrong,
        ),
        (
            ("nobody", "x"),
            StepName::Credentials,
            Cause::CredentialsRefused,
        ),
        (
            ("owner", "wrong"),
            StepName::Credentials,
            Cause::SecretWrong,
        ),
        (WRITE_KEY, StepName::Rights, Cause::KeyMayNotRead),
        (CUSTOMER_KEY, StepName::Rights, Cause::UserLacksRight),
        (CUSTOMER, StepName::Rights, Cause::UserLacksRight),
    ] {
        let (failed, found, _) = diagnosis(in_process(world(), login)).await;
        assert_eq!((failed, found), (step, cause), "{login:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_sent_once() {
    let inner = fake(SharedWorld::new(world()));
    let signed = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&signed);
    let router = Router::new().fallback(async move |request: Request| {
        let is_signed = request.headers().contains_key(header::AUTHORIZATION);
        count.fetch_add(u32::from(is_signed), Ordering::Relaxed);
        inner.oneshot(request).await.into_response()
    });
    let router = InProcess::new(router);
    let shop = connect("https://shop.example", ("owner", "wrong"), router, clock());
    let (step, cause, _) = diagnosis(shop).await;
    assert_eq!((step, cause), (StepName::Credentials, Cause::SecretWrong));
    assert_eq!(
        signed.load(Ordering::Relaxed),
        1,
        "security plugins count failures and lock the address out"
    );
}

/// What was added to a refusal to narrow it down.
fn reason(context: &[(String, String)]) -> Option<&str> {
    let found = context.iter().find(|(name, _)| name == "reason");
    found.map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn a_refused_login_says_why_it_may_be() {
    let (_, cause, context) = diagnosis(in_process(world(), ("ck_unknown", "x"))).await;
    assert_eq!(cause, Cause::CredentialsRefused);
    assert_eq!(
        reason(&context),
        Some("key_unknown"),
        "told when it was signed with"
    );

    let closed = Hosting {
        strips_authorization: true,
        ..Hosting::default()
    };
    let (_, cause, context) = diagnosis(hosted(world(), closed, PASSWORD)).await;
    assert_eq!(cause, Cause::CredentialsRefused, "a good password");
    assert_eq!(reason(&context), Some("header_stripped"));

    let off = Hosting {
        no_application_passwords: true,
        ..Hosting::default()
    };
    let (step, cause, context) = diagnosis(hosted(world(), off, PASSWORD)).await;
    assert_eq!(
        (step, cause),
        (StepName::Credentials, Cause::CredentialsRefused)
    );
    assert_eq!(reason(&context), Some("application_passwords_off"));
    let report = hosted(world(), off, KEY).check().await;
    assert!(report.passed(), "a key pair needs none");

    let mut hidden = world();
    hidden.shop.home_url = "http://shop.example".to_owned();
    let behind = Hosting {
        hides_tls: true,
        ..Hosting::default()
    };
    let (_, _, context) = diagnosis(hosted(hidden, behind, PASSWORD)).await;
    assert_eq!(reason(&context), Some("https_hidden_from_shop"));
}

async fn diagnose(router: Router) -> (StepName, Cause) {
    let router = InProcess::new(router);
    let shop = connect("https://shop.example", PASSWORD, router, clock());
    let (step, cause, _) = diagnosis(shop).await;
    (step, cause)
}

/// A server that answers everything alike.
fn always(status: u16, kind: &'static str, body: &'static str) -> Router {
    let status = StatusCode::from_u16(status).expect("a status");
    Router::new().fallback(async move || (status, [(header::CONTENT_TYPE, kind)], body))
}

#[tokio::test]
async fn addresses_that_lead_elsewhere_are_told_apart() {
    let page = |status| always(status, "text/html", "<html>\n<p>Hello</p></html>");
    let index = |body| always(200, "application/json", body);
    let blog = r#"{"name":"Blog","home":"x","namespaces":["wp/v2"]}"#;
    let old = r#"{"name":"Shop","home":"x","namespaces":["wc/v1","wc/v2"]}"#;
    for (router, cause, why) in [
        (page(404), Cause::NotTheProduct, "some other site"),
        (page(200), Cause::HtmlInstead, "plain permalinks"),
        (
            index(r#"{"ok":true}"#),
            Cause::NotTheProduct,
            "another product",
        ),
        (index(blog), Cause::ApiMissing, "the plugin is not active"),
        (index(old), Cause::VersionUnsupported, "before REST v3"),
    ] {
        assert_eq!(diagnose(router).await, (StepName::Product, cause), "{why}");
    }
}

#[tokio::test]
async fn a_shop_that_lets_nobody_in_is_told_from_one_that_is_down() {
    let mut closed = world();
    closed.shop.maintenance = true;
    let limited = Fault::TooMany {
        retry_after_s: None,
    };
    for (router, cause) in [
        (
            always(403, "text/html", "<h1>Forbidden</h1>"),
            Cause::Firewall,
        ),
        (
            always(406, "text/html", "<h1>Not Acceptable</h1>"),
            Cause::Firewall,
        ),
        (
            faulty(world(), Fault::Html { status: 502 }),
            Cause::ServerFailed,
        ),
        (faulty(world(), limited), Cause::TooManyRequests),
        (fake(SharedWorld::new(closed)), Cause::Maintenance),
    ] {
        assert_eq!(diagnose(router).await, (StepName::Address, cause));
    }
}

#[tokio::test]
async fn a_wrong_folder_of_the_right_server_is_told_where_the_shop_is() {
    let router = InProcess::new(fake(SharedWorld::new(world())));
    let shop = connect("https://shop.example/blog", PASSWORD, router, clock());
    let (step, cause, context) = diagnosis(shop).await;
    assert_eq!((step, cause), (StepName::Product, Cause::NotTheProduct));
    let root = "https://shop.example/wp-json/".to_owned();
    assert!(
        context.contains(&("api_at".to_owned(), root)),
        "{context:?}"
    );
}

/// Security plugins close the index to strangers; the shop behind it works all the same.
#[tokio::test]
async fn a_closed_index_does_not_hide_the_shop() {
    let refused = r#"{"code":"rest_not_logged_in","message":"Log in","data":{"status":401}}"#;
    let inner = fake(SharedWorld::new(world()));
    let router = Router::new()
        .route(
            "/wp-json/",
            axum::routing::any(async move |request: Request| {
                if request.headers().contains_key(header::AUTHORIZATION) {
                    return inner.oneshot(request).await.into_response();
                }
                let json = [(header::CONTENT_TYPE, "application/json")];
                (StatusCode::UNAUTHORIZED, json, refused).into_response()
            }),
        )
        .fallback_service(fake(SharedWorld::new(world())));
    let router = InProcess::new(router);
    let shop = connect("https://shop.example", PASSWORD, router.clone(), clock());
    let report = shop.check().await;
    assert!(report.passed(), "{:?}", report.failure);
    assert_eq!(
        report.found.time_zone.as_deref(),
        Some("Europe/Rome"),
        "asked again, signed"
    );
    let shop = connect("https://shop.example", KEY, router, clock());
    let report = shop.check().await;
    assert!(report.passed(), "{:?}", report.failure);
    assert_eq!(
        report.found.time_zone, None,
        "a consumer key is not shown to WordPress"
    );
}

#[tokio::test]
async fn a_closed_port_is_no_wrong_address() {
    let served = serve(Router::new(), None).await.expect("a free port");
    let url = served.url();
    drop(served);
    tokio::task::yield_now().await;
    let (step, cause, _) = diagnosis(connect(&url, PASSWORD, network(), clock())).await;
    assert_eq!((step, cause), (StepName::Address, Cause::PortClosed));
}

/// The facts of a notice, by its code.
fn facts(report: &CheckReport, code: NoticeCode) -> Vec<(&str, &str)> {
    let notice = report.notices.iter().find(|notice| notice.code == code);
    let context = &notice.expect("the notice").context;
    context
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn a_shop_that_prints_warnings_is_read_and_told() {
    let router = InProcess::new(faulty(world(), Fault::PhpNotice));
    let shop = connect("https://shop.example", PASSWORD, router, clock());
    let report = shop.check().await;
    assert!(report.passed(), "{:?}", report.failure);
    let sample = facts(&report, NoticeCode::PhpWarnings);
    assert!(sample[0].1.contains("Undefined array key"), "{sample:?}");
    assert_eq!(sample[0].0, "sample");
}

#[tokio::test]
async fn decimals_that_are_not_the_currencys_are_told() {
    let odd = Hosting {
        price_decimals: Some(0),
        orders_in_posts: true,
        ..Hosting::default()
    };
    let report = hosted(world(), odd, PASSWORD).check().await;
    assert!(report.passed(), "{:?}", report.failure);
    assert_eq!(report.found.price_decimals, Some(0));
    assert_eq!(report.found.order_storage.as_deref(), Some("posts"));
    assert_eq!(
        facts(&report, NoticeCode::CurrencyDecimals),
        [("currency", "EUR"), ("found", "0"), ("standard", "2")]
    );
}

#[tokio::test]
async fn facts_that_these_rights_do_not_show_are_named_and_not_guessed() {
    let refused = r#"{"code":"woocommerce_rest_cannot_view","message":"no","data":{"status":403}}"#;
    let forbidden = async move || {
        let json = [(header::CONTENT_TYPE, "application/json")];
        (StatusCode::FORBIDDEN, json, refused)
    };
    let router = Router::new()
        .route(
            "/wp-json/wc/v3/system_status",
            axum::routing::get(forbidden),
        )
        .route("/wp-json/wc/v3/settings/tax", axum::routing::get(forbidden))
        .fallback_service(fake(SharedWorld::new(world())));
    let shop = connect("https://shop.example", KEY, InProcess::new(router), clock());
    let report = shop.check().await;
    assert!(report.passed(), "{:?}", report.failure);
    assert_eq!(
        facts(&report, NoticeCode::FactsHidden),
        [("facts", "settings/tax, system_status")]
    );
    let found = &report.found;
    assert_eq!(
        (found.version.clone(), found.prices_include_tax),
        (None, None)
    );
    assert_eq!(found.order_storage, None, "not known, so not `posts`");
    let status = "system_status:read".to_owned();
    assert!(!found.permissions.contains(&status));
}

#[tokio::test]
async fn an_older_shop_passes_without_a_list_of_refunds() {
    let older = Hosting {
        older: true,
        ..Hosting::default()
    };
    let report = hosted(world(), older, PASSWORD).check().await;
    assert!(report.passed(), "{:?}", report.failure);
    let refunds = "refunds:read".to_owned();
    assert!(!report.found.permissions.contains(&refunds), "not proved");
}

#[tokio::test]
async fn an_answer_out_of_a_cache_does_not_tell_the_time() {
    let cached = axum::middleware::map_response(async |mut response: axum::response::Response| {
        let headers = response.headers_mut();
        headers.insert(
            "date",
            "Fri, 20 Nov 2026 00:00:00 GMT".parse().expect("a date"),
        );
        headers.insert("age", "90000".parse().expect("an age"));
        response
    });
    let router = fake(SharedWorld::new(world())).layer(cached);
    let shop = connect(
        "https://shop.example",
        PASSWORD,
        InProcess::new(router),
        clock(),
    );
    let report = shop.check().await;
    assert!(report.passed(), "{:?}", report.failure);
    assert_eq!(report.found.skew, None);
    assert_eq!(report.notices, []);
}
