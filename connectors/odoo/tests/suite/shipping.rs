//! What the stand-in does with goods that leave, and what the connector then says of an order.

use axum::Router;
use http::{HeaderName, HeaderValue, Method};
use serde_json::{Value, json};
use tandem_connector_odoo::fake;
use tandem_contract::http::{InProcess, Request, Transport as _};
use tandem_domain::Sale;

use super::sales::shop;
use crate::common::trade::{ordered, sales, seen};
use crate::common::{HEX_KEY, decimal};

/// A call as somebody in Odoo makes it.
async fn call(
    router: &Router,
    (model, method): (&str, &str),
    args: Value,
    context: Value,
) -> Value {
    let body = json!({"jsonrpc": "2.0", "method": "call", "id": 1, "params": {
        "service": "object",
        "method": "execute_kw",
        "args": ["prod", 8, HEX_KEY.1, model, method, args, {"context": context}],
    }});
    let url = "https://odoo.example/jsonrpc".parse().expect("an address");
    let mut request = Request::new(Method::POST, url);
    request.headers.insert(
        HeaderName::from_static("content-type"),
        HeaderValue::from_static("application/json"),
    );
    request.body = body.to_string().into();
    let answer = InProcess::new(router.clone()).send(&request).await;
    let answer = answer.expect("an answer");
    serde_json::from_slice(&answer.body).expect("JSON")
}

fn told(sale: &Sale) -> Vec<(&str, Option<&str>, bool)> {
    let told = |found: &'_ tandem_domain::Delivery| found.done_at.is_some();
    let deliveries = sale.deliveries.iter();
    deliveries
        .map(|found| (found.state.as_str(), found.tracking.as_deref(), told(found)))
        .collect()
}

#[tokio::test]
async fn a_part_leaves_with_its_number_and_the_rest_follows() {
    for version in ["17.0", "18.0", "19.0"] {
        let (world, odoo) = shop(version);
        let (router, desk) = (fake(world.clone()), sales(odoo.as_ref()));
        let order = ordered(desk, "1", true).await;
        let sale = seen(desk, order).await;
        assert_eq!(told(&sale), [("assigned", None, false)], "{version}");
        let first = sale.deliveries[0].key.0;
        let moves: Vec<i64> = {
            let world = world.lock();
            let moves = world.erp.sales.pickings[&first].moves.iter();
            moves.map(|made| made.id).collect()
        };
        let tracking = json!([[first], {"carrier_tracking_ref": "TRACK-1"}]);
        call(&router, ("stock.picking", "write"), tracking, json!({})).await;
        // Two of three mugs, and no shirt.
        let picked = json!([[moves[0]], {"quantity": 2, "picked": true}]);
        call(&router, ("stock.move", "write"), picked, json!({})).await;
        let validate = ("stock.picking", "button_validate");
        let quiet = json!({"skip_sms": true});
        let asked = call(&router, validate, json!([[first]]), quiet).await;
        assert_eq!(
            asked["result"]["res_model"], "stock.backorder.confirmation",
            "{version}: {asked}"
        );
        let none_left = seen(desk, order).await;
        assert_eq!(told(&none_left), [("assigned", Some("TRACK-1"), false)]);
        let quiet = json!({"skip_sms": true, "skip_backorder": true});
        call(&router, validate, json!([[first]]), quiet.clone()).await;
        let sale = seen(desk, order).await;
        assert_eq!(
            told(&sale),
            [("done", Some("TRACK-1"), true), ("assigned", None, false)],
            "{version}"
        );
        let delivered: Vec<_> = sale.lines.iter().map(|line| line.delivered).collect();
        assert_eq!(delivered, ["2", "0", "0"].map(decimal), "{version}");
        // The rest, all of it.
        let rest = sale.deliveries[1].key.0;
        call(&router, validate, json!([[rest]]), quiet.clone()).await;
        let sale = seen(desk, order).await;
        let delivered: Vec<_> = sale.lines.iter().map(|line| line.delivered).collect();
        assert_eq!(
            delivered,
            ["3", "2", "0"].map(decimal),
            "services never leave"
        );
        let again = call(&router, validate, json!([[rest]]), quiet).await;
        assert_eq!(again["error"].is_null(), version == "19.0", "{again}");
    }
}
