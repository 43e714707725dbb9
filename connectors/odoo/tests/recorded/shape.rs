//! Each recorded request of a call that we make, sent to the stand-in as it was.

use http::Method;
use serde_json::{Value, json};
use tandem_contract::http::{InProcess, Request, Response, Transport as _};
use tandem_sandbox::World;

use super::recorded;
use crate::common::{router, world};

async fn send(world: World, path: &str, body: &Value) -> Response {
    let url = format!("https://odoo.example{path}")
        .parse()
        .expect("an address");
    let request = Request::new(Method::POST, url).json(body);
    let stand = InProcess::new(router(world));
    stand.send(&request).await.expect("an answer")
}

/// The stand-in's answer to a recorded request. Calls that were recorded over the session route
/// are put the way we make them.
async fn ask(world: World, exchange: &Value) -> Value {
    let request = &exchange["request"];
    let mut body = request["body"].clone();
    let mut path = request["path"].as_str().expect("a path");
    if path.starts_with("/web/dataset/call_kw") {
        path = "/jsonrpc";
        let call = body["params"].take();
        let args = json!([
            "prod",
            8,
            "<API_KEY>",
            call["model"],
            call["method"],
            call["args"],
            call["kwargs"]
        ]);
        body["params"] = json!({"service": "object", "method": "execute_kw", "args": args});
    }
    let response = send(world, path, &body).await;
    assert_eq!(response.status, 200, "{path}");
    assert!(response.is_json(), "{path}");
    serde_json::from_slice(&response.body).expect("JSON")
}

/// Where two values differ in shape: other keys, or other types. `false` is Odoo's empty value
/// of every type, and every item of a list has the shape of the recorded list's first.
pub(super) fn differences(at: &str, recorded: &Value, ours: &Value, found: &mut Vec<String>) {
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
            if recorded.is_empty() != ours.is_empty() {
                found.push(format!(
                    "{at}: {} items, ours {}",
                    recorded.len(),
                    ours.len()
                ));
            }
            for (place, item) in ours.iter().enumerate() {
                let model = recorded.get(place).or(recorded.first());
                differences(
                    &format!("{at}[{place}]"),
                    model.unwrap_or(item),
                    item,
                    found,
                );
            }
        }
        (Value::Number(recorded), Value::Number(ours)) if recorded.is_f64() != ours.is_f64() => {
            found.push(format!("{at}: recorded {recorded}, ours {ours}"));
        }
        (Value::Bool(false), _)
        | (_, Value::Bool(false))
        | (Value::Null, Value::Null)
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_)) => {}
        _ => found.push(format!("{at}: recorded {recorded}, ours {ours}")),
    }
}

#[tokio::test]
async fn every_call_has_the_recorded_shape() {
    for exchange in [
        recorded!("001-version-info"),
        recorded!("002-jsonrpc-common-version"),
        recorded!("004-v18-authenticate-key"),
        recorded!("027-jsonrpc-authenticate-bad"),
        recorded!("020-v18-read-missing"),
        recorded!("032-v18-fields-get-product-product"),
        recorded!("120-v18-products-page-1"),
        recorded!("122-v18-products-page-empty"),
        recorded!("124-v18-quants-page"),
        recorded!("131-v18-company"),
        recorded!("132-v18-currencies"),
        recorded!("133-v18-warehouses"),
        recorded!("135-v18-modules"),
        recorded!("136-v18-own-user"),
        recorded!("137-v18-price-digits"),
        recorded!("152-has-access"),
        recorded!("157-check-access-rights"),
        recorded!("166-products-count"),
        recorded!("192-ptav-read"),
    ] {
        let ours = ask(world(), &exchange).await;
        let mut found = Vec::new();
        differences("", &exchange["response"]["body"], &ours, &mut found);
        assert!(
            found.is_empty(),
            "{}:\n{}",
            exchange["what"],
            found.join("\n")
        );
    }
}

#[tokio::test]
async fn the_same_products_give_the_same_answer() {
    for exchange in [
        recorded!("120-v18-products-page-1"),
        recorded!("121-v18-products-page-2"),
        recorded!("122-v18-products-page-empty"),
        recorded!("004-v18-authenticate-key"),
        recorded!("027-jsonrpc-authenticate-bad"),
        recorded!("041-v18-fields-get-res-company"),
    ] {
        let mut recorded = exchange["response"]["body"].clone();
        let mut ours = ask(world(), &exchange).await;
        for answer in [&mut recorded, &mut ours] {
            // What only describes a column to a person is not ours to copy.
            for field in answer["result"].as_object_mut().into_iter().flatten() {
                for attribute in ["required", "store"] {
                    field
                        .1
                        .as_object_mut()
                        .and_then(|field| field.remove(attribute));
                }
            }
        }
        assert_eq!(ours, recorded, "{}", exchange["what"]);
    }
}

#[tokio::test]
async fn refusals_are_worded_as_recorded() {
    let mut hidden = world();
    hidden.erp.lists_databases = false;
    let mut bare = world();
    bare.erp.accounts[0].rights = tandem_sandbox::ErpRights::Bare;
    for (world, exchange) in [
        (hidden, recorded!("007-jsonrpc-db-list-disabled")),
        (bare, recorded!("022-access-error-acl")),
        (world(), recorded!("029-jsonrpc-execute-kw-bad-password")),
        (world(), recorded!("030-jsonrpc-wrong-db")),
        (world(), recorded!("006-v18-authenticate-wrong-db")),
        (world(), recorded!("015-v18-unknown-model")),
        (world(), recorded!("016-v18-unknown-method")),
        (world(), recorded!("017-v18-private-method")),
        (world(), recorded!("018-v18-bad-domain-field")),
        (world(), recorded!("019-v18-unknown-read-field")),
        (world(), recorded!("180-wrong-company")),
        (world(), recorded!("202-v18-make-key-over-jsonrpc")),
    ] {
        let ours = ask(world, &exchange).await;
        let recorded = &exchange["response"]["body"];
        let mut found = Vec::new();
        differences("", recorded, &ours, &mut found);
        assert!(
            found.is_empty(),
            "{}:\n{}",
            exchange["what"],
            found.join("\n")
        );
        for member in [
            "/error/code",
            "/error/message",
            "/error/data/name",
            "/error/data/message",
        ] {
            let what = &exchange["what"];
            assert_eq!(
                ours.pointer(member),
                recorded.pointer(member),
                "{what}: {member}"
            );
        }
    }
}

#[tokio::test]
async fn older_and_newer_versions_differ_as_recorded() {
    let of = |version: &str| {
        let mut world = world();
        world.erp.version = version.to_owned();
        world.erp.database = "prod17".to_owned();
        world.erp.accounts[0].uid = 7;
        world
    };
    let newer = recorded!("006-v19-authenticate-wrong-db");
    let ours = ask(of("19.0"), &newer).await;
    assert_eq!(
        ours["error"]["code"],
        newer["response"]["body"]["error"]["code"]
    );
    for exchange in [
        recorded!("032-v17-fields-get-product-product"),
        recorded!("041-v17-fields-get-res-company"),
        recorded!("131-v17-company"),
        recorded!("137-v17-price-digits"),
    ] {
        let ours = ask(of("17.0"), &exchange).await;
        let mut found = Vec::new();
        differences("", &exchange["response"]["body"], &ours, &mut found);
        assert!(
            found.is_empty(),
            "{}:\n{}",
            exchange["what"],
            found.join("\n")
        );
    }
}

#[tokio::test]
async fn a_delta_compares_microseconds_and_shows_seconds() {
    let mut exchange = recorded!("123-v18-products-delta");
    let arguments = &mut exchange["request"]["body"]["params"]["args"];
    arguments[5][0] = json!([["write_date", ">", "2026-11-21 00:21:37"]]);
    let ours = ask(world(), &exchange).await;
    let ids = ours["result"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["id"]);
    // The tee changed at 00:21:37.9: it is shown at :37, and found by `>` all the same.
    assert_eq!(ids.clone().next(), Some(&json!(3)));
    assert_eq!(ours["result"][0]["write_date"], "2026-11-21 00:21:37");
    exchange["request"]["body"]["params"]["args"][5][0] =
        json!([["write_date", "=", "2026-11-21 00:21:37"]]);
    let ours = ask(world(), &exchange).await;
    assert_eq!(ours["result"], json!([]), "an equal date never matches");
}

#[tokio::test]
async fn malformed_requests_are_web_pages() {
    let recorded = recorded!("041-bad-json");
    let url = "https://odoo.example/jsonrpc".parse().expect("an address");
    let mut request = Request::new(Method::POST, url).json(&Value::Null);
    request.body = "{bad".into();
    let stand = InProcess::new(router(world()));
    let answer = stand.send(&request).await.expect("an answer");
    assert_eq!(json!(answer.status), recorded["response"]["status"]);
    assert_eq!(json!(answer.text()), recorded["response"]["body"]);
    let lost = send(world(), "/nothing/here", &json!({})).await;
    let recorded = recorded!("045-call-kw-no-cookie-multi-db");
    assert_eq!(json!(lost.status), recorded["response"]["status"]);
    assert_eq!(json!(lost.text()), recorded["response"]["body"]);
}
