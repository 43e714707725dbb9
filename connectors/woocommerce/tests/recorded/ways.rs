//! Ways in: looked at or not, refused or not, as the recorded shop did.

use std::sync::Arc;

use serde_json::Value;
use tandem_connector_woocommerce::{Hosting, fake, fake_on};
use tandem_contract::http::{InProcess, Request, Response, Transport as _};
use tandem_sandbox::SharedWorld;

use crate::common::{self, KEY, PASSWORD, world};
use crate::{assert_same_shape, json, path_of, request};

/// A recorded refusal, as the stand-in gives it.
fn assert_as_recorded(response: &Response, recorded: &Value) {
    let path = path_of(recorded);
    let answer = &recorded["response"];
    assert_eq!(Value::from(response.status), answer["status"], "{path}");
    assert_eq!(json(response), answer["body"], "{path}");
}

/// Asks a shop in other circumstances.
async fn ask_hosted(hosting: Hosting, url: &str, login: Option<(&str, &str)>) -> Response {
    let url = url.parse().expect("an address");
    let router = InProcess::new(fake_on(SharedWorld::new(world()), hosting));
    let request = request(url, login);
    router.send(&request).await.expect("an answer")
}

#[tokio::test]
async fn ways_in_are_looked_at_or_not_as_recorded() {
    let usual = Hosting::default();
    let hidden = Hosting {
        hides_tls: true,
        ..usual
    };
    let stripped = Hosting {
        strips_authorization: true,
        ..usual
    };
    let by_query = |scheme: &str, recorded: &Value| {
        let path = path_of(recorded)
            .replace("READWRITE_CK", KEY.0)
            .replace("READWRITE_CS", KEY.1);
        format!("{scheme}://shop.example{path}")
    };
    let recorded = recorded!("01-auth-query-string-https");
    let response = ask_hosted(stripped, &by_query("https", &recorded), None).await;
    assert_eq!((response.status, response.is_json()), (200, true));

    let recorded = recorded!("03-auth-query-over-http");
    let response = ask_hosted(usual, &by_query("http", &recorded), None).await;
    assert_as_recorded(&response, &recorded);

    for (recorded, hosting, login) in [
        (
            recorded!("07-auth-unknown-key-401"),
            usual,
            Some(("ck_x", "cs_x")),
        ),
        (recorded!("09-auth-none-401"), usual, None),
        (recorded!("09-auth-none-401"), stripped, Some(KEY)),
        (recorded!("112-tls-offload-basic-401"), hidden, Some(KEY)),
        (
            recorded!("112-tls-offload-basic-401"),
            hidden,
            Some(PASSWORD),
        ),
        (recorded!("15-rest-route-with-wc-key-401"), usual, Some(KEY)),
    ] {
        let url = format!("https://shop.example{}", path_of(&recorded));
        let response = ask_hosted(hosting, &url, login).await;
        assert_as_recorded(&response, &recorded);
    }
}

#[tokio::test]
async fn plain_permalinks_answer_as_recorded() {
    let plain = Hosting {
        plain_permalinks: true,
        ..Hosting::default()
    };
    let recorded = recorded!("18b-plain-permalinks-pretty-url");
    let url = format!("https://shop.example{}", path_of(&recorded));
    let response = ask_hosted(plain, &url, Some(KEY)).await;
    assert_eq!(response.status, 301);
    assert_eq!(
        response.header("location"),
        recorded["response"]["headers"]["Location"].as_str()
    );
    let slash = response.header("location").expect("a location").to_owned();
    let response = ask_hosted(plain, &slash, Some(KEY)).await;
    assert_eq!(
        (response.status, response.is_json()),
        (200, false),
        "the home page"
    );

    let recorded = recorded!("16-rest-route-with-application-password");
    for hosting in [plain, Hosting::default()] {
        let url = format!("https://shop.example{}", path_of(&recorded));
        let response = ask_hosted(hosting, &url, Some(PASSWORD)).await;
        let mut rows = json(&response);
        // What the recorded product has none of.
        for row in rows.as_array_mut().into_iter().flatten() {
            row["images"] = Value::Array(Vec::new());
        }
        assert_same_shape(&recorded["response"]["body"], &rows, "rest_route");
        let link = response.header("link").unwrap_or_default();
        let pretty =
            "<https://shop.example/wp-json/wc/v3/products?rest_route=%2Fwc%2Fv3%2Fproducts";
        assert!(link.starts_with(pretty), "{link}");
    }
}

/// A request as the connector signs it, sent again: with its nonce, and hours later.
#[tokio::test]
async fn signatures_are_refused_as_recorded() {
    let ticking = common::clock();
    let mut world = world();
    "http://shop.example".clone_into(&mut world.shop.home_url);
    world.clock = Arc::clone(&ticking) as Arc<dyn tandem_domain::Clock>;
    let transport = common::Watched::new(InProcess::new(fake(SharedWorld::new(world))));
    let shop = common::connect(
        "http://shop.example",
        KEY,
        transport.clone(),
        common::clock(),
    );
    assert!(shop.check().await.passed());
    let sent = transport.take();
    let is_signed = |request: &&Request| request.url.as_str().contains("oauth_signature=");
    let again = sent
        .iter()
        .find(is_signed)
        .expect("a signed request")
        .clone();
    let recorded = recorded!("05-auth-oauth-nonce-replay-401");
    assert_as_recorded(&transport.send(&again).await.expect("an answer"), &recorded);
    ticking.advance_seconds(3_600);
    let recorded = recorded!("06-auth-oauth-timestamp-401");
    assert_as_recorded(&transport.send(&again).await.expect("an answer"), &recorded);
}
