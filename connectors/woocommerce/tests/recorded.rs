//! The stand-in against recorded answers of a real shop: each recorded request of a call that the
//! connector makes is asked of the stand-in, and the answers must have the same shape.

macro_rules! recorded {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/recorded/",
            $name,
            ".json"
        )))
        .expect("recorded JSON")
    };
}

#[expect(dead_code, reason = "this binary needs the world only")]
mod common;
#[path = "recorded/ways.rs"]
mod ways;

use axum::http::{Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{KEY, PASSWORD, READ_KEY, WRITE_KEY, at, world};
use serde_json::Value;
use tandem_connector_woocommerce::fake;
use tandem_contract::http::{InProcess, Request, Response, Transport as _};
use tandem_sandbox::{SharedWorld, World};
use url::Url;

/// Asks the stand-in, over what it takes for HTTPS unless the address says otherwise.
async fn ask_at(base: &str, world: World, path: &str, login: Option<(&str, &str)>) -> Response {
    let url = format!("{base}{path}").parse().expect("an address");
    let router = InProcess::new(fake(SharedWorld::new(world)));
    router.send(&request(url, login)).await.expect("an answer")
}

fn request(url: Url, login: Option<(&str, &str)>) -> Request {
    let mut request = Request::new(Method::GET, url);
    if let Some((name, secret)) = login {
        let pair = STANDARD.encode(format!("{name}:{secret}"));
        let value = format!("Basic {pair}").parse().expect("a header value");
        request.headers.insert(header::AUTHORIZATION, value);
    }
    request
}

async fn ask(world: World, path: &str, login: Option<(&str, &str)>) -> Response {
    ask_at("https://shop.example", world, path, login).await
}

fn json(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

/// Where two values differ in shape: other keys, or other types. Null stands for any type, and
/// every item of a list has the shape of the recorded list's items.
fn differences(at: &str, recorded: &Value, ours: &Value, found: &mut Vec<String>) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for (name, value) in recorded {
                match ours.get(name) {
                    Some(ours) => differences(&format!("{at}.{name}"), value, ours, found),
                    None => found.push(format!("{at}.{name} is missing")),
                }
            }
            let extra = ours.keys().filter(|name| !recorded.contains_key(*name));
            found.extend(extra.map(|name| format!("{at}.{name} is not recorded")));
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            for (place, item) in ours.iter().enumerate() {
                if let Some(model) = recorded.first() {
                    differences(&format!("{at}[{place}]"), model, item, found);
                }
            }
        }
        (Value::Null, _)
        | (_, Value::Null)
        | (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        // True, false or, on a variation, this word (recorded when one was made).
        (Value::Bool(_), Value::String(word)) if at.ends_with("manage_stock") => {
            assert_eq!(word, "parent");
        }
        _ => found.push(format!("{at}: recorded {recorded}, ours {ours}")),
    }
}

fn assert_same_shape(recorded: &Value, ours: &Value, what: &str) {
    let mut found = Vec::new();
    differences("", recorded, ours, &mut found);
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn path_of(recorded: &Value) -> &str {
    recorded["request"]["path"].as_str().expect("a path")
}

#[tokio::test]
async fn a_customer_has_the_recorded_shape_where_we_look_at_it() {
    let recorded = recorded!("74-customer-create");
    let mut world = world();
    for order in world.shop.orders.values_mut() {
        order.customer.external_id = Some("4".to_owned());
    }
    let asked = "id,role,billing,shipping,meta_data";
    let path = format!("/wp-json/wc/v3/customers?include=4&role=all&_fields={asked}");
    let ours = json(&ask(world, &path, Some(PASSWORD)).await);
    let recorded = &recorded["response"]["body"];
    for field in asked.split(',') {
        assert_same_shape(&recorded[field], &ours[0][field], field);
    }
}

#[tokio::test]
async fn lists_and_settings_have_the_recorded_shape() {
    for recorded in [
        recorded!("20-discovery-index"),
        recorded!("21-system-status-fields"),
        recorded!("22-settings-general"),
        recorded!("23-settings-tax"),
        recorded!("33-products-modified-after"),
        recorded!("34-variations-global-listing"),
        recorded!("38-products-page"),
        recorded!("42-products-slim"),
        recorded!("43-variable-variations-list"),
        recorded!("44-variations-of-parent"),
        recorded!("62-orders-incremental-pull"),
        recorded!("71-refunds-global-listing"),
        recorded!("72-taxes"),
        recorded!("116-index-with-application-passwords"),
    ] {
        let path = path_of(&recorded);
        let response = ask(world(), path, Some(PASSWORD)).await;
        assert_eq!(
            Value::from(response.status),
            recorded["response"]["status"],
            "{path}"
        );
        assert!(response.is_json(), "{path}");
        assert_same_shape(&recorded["response"]["body"], &json(&response), path);
        let headers = recorded["response"]["headers"]
            .as_object()
            .expect("headers");
        for name in ["X-WP-Total", "X-WP-TotalPages", "Link", "Date"] {
            let both = (headers.contains_key(name), response.header(name).is_some());
            assert!(both.0 == both.1 || name == "Link", "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn whole_records_have_the_recorded_shape() {
    for (recorded, path) in [
        (
            recorded!("103-text-entities"),
            "/wp-json/wc/v3/products/3145",
        ),
        (recorded!("52-order-dp6"), "/wp-json/wc/v3/orders/7438?dp=6"),
        (
            recorded!("65-order-after-partial-refund"),
            "/wp-json/wc/v3/orders/7438",
        ),
        (
            recorded!("46-order-coupon-fee-note"),
            "/wp-json/wc/v3/orders/7438",
        ),
        (
            recorded!("88-product-image-by-src"),
            "/wp-json/wc/v3/products/3145",
        ),
    ] {
        let mut recorded = recorded["response"]["body"].clone();
        let response = ask(world(), path, Some(PASSWORD)).await;
        // Only the answer to a create shows these two.
        if let Value::Object(fields) = &mut recorded {
            fields.remove("permalink_template");
            fields.remove("generated_slug");
        }
        assert_same_shape(&recorded, &json(&response), path);
    }
}

#[tokio::test]
async fn money_of_the_recorded_order_comes_out_as_recorded() {
    let recorded = recorded!("52-order-dp6")["response"]["body"].clone();
    let ours = json(&ask(world(), "/wp-json/wc/v3/orders/7438?dp=6", Some(PASSWORD)).await);
    for field in [
        "total",
        "total_tax",
        "cart_tax",
        "discount_total",
        "discount_tax",
        "shipping_total",
        "shipping_tax",
        "date_created",
        "date_created_gmt",
        "tax_lines.0.tax_total",
        "tax_lines.0.shipping_tax_total",
        "tax_lines.0.rate_percent",
        "line_items.0.total",
        "line_items.0.total_tax",
        "line_items.0.taxes",
        "line_items.1.product_id",
        "line_items.1.variation_id",
        "line_items.1.subtotal_tax",
        "line_items.1.parent_name",
        "shipping_lines.0.taxes",
        "coupon_lines.0.discount",
        "billing",
        "shipping",
    ] {
        let pointer = format!("/{}", field.replace('.', "/"));
        assert_eq!(
            ours.pointer(&pointer),
            recorded.pointer(&pointer),
            "{field}"
        );
    }
}

#[tokio::test]
async fn refusals_come_out_as_recorded() {
    let known = |secret| ("ck_rw", secret);
    for (recorded, login) in [
        (recorded!("02-auth-basic-over-http-401"), KEY),
        (recorded!("02-auth-basic-over-http-401"), ("owner", "wrong")),
        (recorded!("08-auth-bad-secret-401"), known("cs_wrong")),
        (recorded!("11-auth-writeonly-key-read-401"), WRITE_KEY),
        (
            recorded!("12-auth-key-of-customer-403"),
            common::CUSTOMER_KEY,
        ),
        (recorded!("13-no-route-404"), READ_KEY),
        (recorded!("37-per-page-over-100-400"), PASSWORD),
    ] {
        let scheme = if login == KEY { "http" } else { "https" };
        let path = path_of(&recorded);
        let response = ask_at(
            &format!("{scheme}://shop.example"),
            world(),
            path,
            Some(login),
        )
        .await;
        assert_eq!(json(&response), recorded["response"]["body"], "{path}");
        assert_eq!(
            Value::from(response.status),
            recorded["response"]["status"],
            "{path}"
        );
    }
    let recorded = recorded!("92-media-upload-with-wc-key-401");
    let response = ask(world(), "/wp-json/", Some(KEY)).await;
    assert_eq!(
        json(&response),
        recorded["response"]["body"],
        "WordPress takes it for a user"
    );
    let mut closed = world();
    closed.shop.maintenance = true;
    let response = ask(closed, "/wp-json/wc/v3/products", None).await;
    let recorded = recorded!("17-maintenance-503-json");
    assert_eq!(json(&response), recorded["response"]["body"]);
    assert_eq!(response.retry_after(), Some(600));
}

#[tokio::test]
async fn refunds_come_out_as_recorded() {
    let path = "/wp-json/wc/v3/orders/7438/refunds";
    let ours = json(&ask(world(), path, Some(PASSWORD)).await);
    let recorded = recorded!("70-refund-full")["response"]["body"].clone();
    assert_same_shape(&recorded, &ours[0], path);
    let goodwill = recorded!("69-refund-amount-only")["response"]["body"].clone();
    assert_same_shape(&goodwill, &ours[0], path);
    for (pointer, value) in [
        ("/amount", "12.19"),
        ("/line_items/0/total", "-9.99"),
        ("/line_items/0/total_tax", "-2.20"),
        ("/line_items/0/meta_data/0/value", "33"),
        ("/tax_lines/0/tax_total", "-2.20"),
    ] {
        assert_eq!(ours[0].pointer(pointer), Some(&value.into()), "{pointer}");
    }
    assert_eq!(ours[0]["line_items"][0]["quantity"], -1);
    assert_eq!(
        ours[0]["line_items"][0]["price"], 9.99,
        "a piece costs what it did"
    );
}

#[tokio::test]
async fn caching_is_forbidden_as_recorded_once_the_caller_is_known() {
    for (login, forbidden) in [
        (PASSWORD, true),
        (WRITE_KEY, true),
        (common::CUSTOMER_KEY, true),
        (("ck_rw", "cs_wrong"), false),
        (("ck_unknown", "x"), false),
    ] {
        let response = ask(world(), "/wp-json/wc/v3/orders", Some(login)).await;
        assert_eq!(
            response.header("cache-control").is_some(),
            forbidden,
            "{login:?}"
        );
    }
}

#[tokio::test]
async fn pages_end_as_recorded() {
    let past = "/wp-json/wc/v3/products?per_page=100&page=9999&_fields=id";
    assert_eq!(path_of(&recorded!("39-page-out-of-range")), past);
    let response = ask(world(), past, Some(PASSWORD)).await;
    assert_eq!(
        (response.status, json(&response)),
        (200, Value::Array(Vec::new()))
    );
    assert_eq!(response.header("x-wp-total"), Some("3"));
    let link = response.header("link").unwrap_or_default();
    assert!(
        link.contains("page=1>; rel=\"prev\"") && !link.contains("next"),
        "{link}"
    );
}

/// `modified_after` in its four spellings, in a shop one hour east of UTC, for a product that
/// changed at 00:04:46 UTC: strictly greater, local without a zone, and the double shift.
#[tokio::test]
async fn time_filters_have_the_measured_quirks() {
    for (filter, found) in [
        (
            "modified_after=2026-11-21T00:04:45&dates_are_gmt=true",
            true,
        ),
        (
            "modified_after=2026-11-21T00:04:46&dates_are_gmt=true",
            false,
        ),
        ("modified_after=2026-11-21T01:04:45", true),
        ("modified_after=2026-11-21T01:04:46", false),
        ("modified_after=2026-11-21T00:04:45Z", true),
        ("modified_after=2026-11-21T00:04:46Z", false),
        (
            "modified_after=2026-11-21T00:04:45Z&dates_are_gmt=true",
            false,
        ),
        (
            "modified_after=2026-11-20T23:04:45Z&dates_are_gmt=true",
            true,
        ),
    ] {
        let mut world = world();
        world.shop.listings.retain(|id, _| *id == common::MUG);
        assert_eq!(
            world.shop.listings[&common::MUG].modified,
            at("2026-11-21T00:04:46Z")
        );
        let path = format!("/wp-json/wc/v3/products?{filter}");
        let rows = json(&ask(world, &path, Some(PASSWORD)).await);
        assert_eq!(
            rows.as_array().map(Vec::len),
            Some(usize::from(found)),
            "{filter}"
        );
    }
}

#[tokio::test]
async fn values_have_the_measured_quirks() {
    let ask = async |path: &str| json(&ask(world(), path, Some(PASSWORD)).await);
    let mug = ask("/wp-json/wc/v3/products/3145").await;
    assert_eq!(
        mug["name"], "Tom &amp; Jerry \"5€\" mug",
        "only the ampersand is encoded"
    );
    assert_eq!(
        mug["price"], "9.99",
        "money is text, and the sale price counts"
    );
    assert_eq!(
        mug["images"][0]["date_created"], "2026-11-20T12:00:00",
        "zone added twice"
    );
    let blue = ask("/wp-json/wc/v3/products/3101/variations?sku=FX-SHIRT-M-B&order=desc").await;
    assert_eq!(blue[0]["manage_stock"], "parent");
    assert_eq!(blue[0]["stock_quantity"], 100, "the parent's count shows");
    let all = ask("/wp-json/wc/v3/products?orderby=id&order=asc&_fields=id,status").await;
    let ids: Vec<u64> = all
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["id"].as_u64())
        .collect();
    assert_eq!(
        ids,
        [3_101, 3_145, 3_200],
        "drafts, but no variations and no trash"
    );
    let trashed = ask("/wp-json/wc/v3/products/3201").await;
    assert_eq!(
        trashed["status"], "publish",
        "by id the trash still answers"
    );
    let refunded = ask("/wp-json/wc/v3/orders/7438").await;
    assert_eq!(refunded["refunds"][0]["total"], "-12.19");
    assert_eq!(
        refunded["line_items"][0]["total"], "21.49",
        "two digits without dp"
    );
}
