//! Recorded answers, and some of what stands before shops, each with the cause it must come to.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use tandem_contract::Retry;
use url::Url;

use super::*;

fn request() -> Request {
    let url = Url::parse("https://shop.example/wp-json/wc/v3/products").expect("an address");
    Request::new(Method::GET, url)
}

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName = name.to_lowercase().parse().expect("a header name");
        map.insert(name, HeaderValue::from_str(value).expect("a header value"));
    }
    Response {
        status,
        headers: map,
        body: Bytes::from(body.to_owned()),
        url: request().url,
    }
}

fn recorded(text: &str) -> Response {
    let pair: Value = serde_json::from_str(text).expect("recorded JSON");
    let answer = &pair["response"];
    let headers: Vec<(&str, &str)> = answer["headers"]
        .as_object()
        .expect("headers")
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
        .collect();
    let body = match &answer["body"] {
        Value::String(text) => text.clone(),
        json => json.to_string(),
    };
    let status = answer["status"].as_u64().expect("a status");
    response(u16::try_from(status).expect("a status"), &headers, &body)
}

macro_rules! recorded {
    ($name:literal) => {
        recorded(include_str!(concat!("../tests/recorded/", $name, ".json")))
    };
}

const JSON: (&str, &str) = ("Content-Type", "application/json; charset=UTF-8");
const HTML: (&str, &str) = ("Content-Type", "text/html");

#[test]
fn every_recorded_refusal_has_its_cause() {
    let causes = [
        (
            recorded!("02-auth-basic-over-http-401"),
            Cause::CredentialsRefused,
        ),
        (recorded!("08-auth-bad-secret-401"), Cause::SecretWrong),
        (
            recorded!("11-auth-writeonly-key-read-401"),
            Cause::KeyMayNotRead,
        ),
        (
            recorded!("12-auth-key-of-customer-403"),
            Cause::UserLacksRight,
        ),
        (recorded!("13-no-route-404"), Cause::ApiMissing),
        (recorded!("14-wrong-url-html-404"), Cause::NotTheProduct),
        (recorded!("17-maintenance-503-json"), Cause::Maintenance),
        (recorded!("17b-maintenance-503-html"), Cause::Maintenance),
        (recorded!("37-per-page-over-100-400"), Cause::Invalid),
        (
            recorded!("92-media-upload-with-wc-key-401"),
            Cause::CredentialsRefused,
        ),
        (recorded!("97-proxy-429-html"), Cause::TooManyRequests),
        (recorded!("98-proxy-502-html"), Cause::ServerFailed),
        (recorded!("105-php-fatal-500"), Cause::ServerFailed),
    ];
    for (response, cause) in causes {
        let error = read(&request(), &response).expect_err("a refusal");
        assert_eq!(error.cause, cause, "{}", response.text());
        assert!(!error.detail.is_empty(), "the server's own words are kept");
    }
}

#[test]
fn pages_of_whatever_stands_before_the_shop_have_their_cause_too() {
    for (status, header, body, cause) in [
        (403, ("cf-ray", "8"), "error code: 1010", Cause::Firewall),
        (403, HTML, "<h1>Forbidden</h1>", Cause::Firewall),
        (406, HTML, "Not Acceptable! ModSecurity", Cause::Firewall),
        (455, HTML, "blocked", Cause::Firewall),
        (
            503,
            ("cf-mitigated", "challenge"),
            "Just a moment",
            Cause::Firewall,
        ),
        (
            401,
            HTML,
            "a password on the whole site",
            Cause::CredentialsRefused,
        ),
        (503, HTML, "Backend fetch failed", Cause::ServerFailed),
        (200, HTML, "<html>\n[]\n</html>", Cause::HtmlInstead),
        (301, HTML, "", Cause::HtmlInstead),
    ] {
        let error = read(&request(), &response(status, &[header], body)).expect_err("a page");
        assert_eq!(error.cause, cause, "{status} {body}");
    }
}

#[test]
fn json_that_is_not_what_was_asked_for_has_its_cause() {
    for (status, body, cause) in [
        (
            403,
            r#"{"error_code":1020,"cloudflare_error":true}"#,
            Cause::Firewall,
        ),
        (404, r#"{"detail":"no such page"}"#, Cause::NotTheProduct),
        (200, r#"[{"id":1},{"id""#, Cause::AnswerCut),
        (200, "", Cause::Unreadable),
        (
            403,
            r#"{"code":"too_many_retries","message":""}"#,
            Cause::LockedOut,
        ),
        (
            401,
            r#"{"code":"incorrect_password","message":"x","data":{}}"#,
            Cause::SecretWrong,
        ),
        (
            500,
            r#"{"code":0,"message":"Invalid refund amount.","data":500}"#,
            Cause::ServerFailed,
        ),
    ] {
        let error = read(&request(), &response(status, &[JSON], body)).expect_err("a refusal");
        assert_eq!(error.cause, cause, "{status} {body}");
    }
}

#[test]
fn a_wrong_secret_is_told_from_a_missing_right_in_every_language() {
    let body = |message: &str| {
        format!(r#"{{"code":"woocommerce_rest_authentication_error","message":"{message}"}}"#)
    };
    let known = ("Cache-Control", "no-cache, no-store, private");
    let cause = |response: Response| parse_error(&request(), &response).cause;
    assert_eq!(
        cause(response(401, &[JSON], &body("Chiave segreta non valida"))),
        Cause::SecretWrong
    );
    assert_eq!(
        cause(response(401, &[JSON, known], &body("Nessun permesso"))),
        Cause::KeyMayNotRead
    );
    assert_eq!(
        cause(response(
            401,
            &[JSON, known],
            &body("Consumer secret is invalid.")
        )),
        Cause::SecretWrong,
        "a proxy forbids caching of everything"
    );
}

#[test]
fn the_server_says_how_long_to_wait() {
    let wait = ("Retry-After", "30");
    let retry = |response: Response| parse_error(&request(), &response).retry;
    assert_eq!(retry(response(429, &[HTML, wait], "")), Retry::Later(30));
    assert_eq!(retry(response(429, &[HTML], "")), Retry::Later(0));
    assert_eq!(
        retry(recorded!("17-maintenance-503-json")),
        Retry::Later(600)
    );
    assert_eq!(retry(response(403, &[HTML, wait], "")), Retry::Never);
}

#[test]
fn text_that_php_prints_around_the_json_is_tolerated() {
    let answer = read(&request(), &recorded!("18-php-warning-before-json")).expect("a list");
    assert_eq!(answer.json, "[]");
    for body in [
        "\u{feff}[{\"id\":1}]",
        "<br />\n<b>Warning</b>: x\n\n  [{\"id\":1}]",
        "[{\"id\":1}]<br />\n<b>Notice</b>: at shutdown",
    ] {
        let answer = read(&request(), &response(200, &[JSON], body)).expect("a list");
        assert_eq!(answer.json, "[{\"id\":1}]", "{body:?}");
    }
}

#[test]
fn half_a_list_is_never_taken_for_its_first_object() {
    let cut = "[\n{\"id\":1},\n{\"id\":2},\n{\"id\"";
    let error = read(&request(), &response(200, &[JSON], cut)).expect_err("half a list");
    assert_eq!(
        (error.cause, error.retry),
        (Cause::AnswerCut, Retry::Later(0)),
        "reading again is harmless"
    );
    let noisy = "[21-Nov-2026 00:02:13 UTC] PHP Notice: x\n[{\"id\":1}";
    let error = read(&request(), &response(200, &[JSON], noisy)).expect_err("half a list");
    assert_eq!(error.cause, Cause::AnswerCut);
}

#[test]
fn a_refusal_names_the_parameter_and_hides_the_markup() {
    let error = parse_error(&request(), &recorded!("37-per-page-over-100-400"));
    let said = (
        "per_page".to_owned(),
        "per_page must be between 1 (inclusive) and 100 (inclusive)".to_owned(),
    );
    assert!(error.context.contains(&said), "{:?}", error.context);
    let error = parse_error(&request(), &recorded!("105-php-fatal-500"));
    assert!(
        error.detail.starts_with("There has been a critical error"),
        "{}",
        error.detail
    );
    assert!(
        !error.detail.contains("/var/www"),
        "paths of the server stay there"
    );
}

#[test]
fn a_themed_404_tells_where_the_shop_is() {
    let error = parse_error(&request(), &recorded!("14-wrong-url-html-404"));
    let found = (
        "api_at".to_owned(),
        "https://shop.example/wp-json/".to_owned(),
    );
    assert!(error.context.contains(&found), "{:?}", error.context);
}
