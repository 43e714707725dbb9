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
        (
            recorded!("05-auth-oauth-nonce-replay-401"),
            Cause::CredentialsRefused,
        ),
        (recorded!("06-auth-oauth-timestamp-401"), Cause::ClockOff),
        (
            recorded!("07-auth-unknown-key-401"),
            Cause::CredentialsRefused,
        ),
        (recorded!("08-auth-bad-secret-401"), Cause::SecretWrong),
        (recorded!("09-auth-none-401"), Cause::CredentialsRefused),
        (
            recorded!("15-rest-route-with-wc-key-401"),
            Cause::CredentialsRefused,
        ),
        (
            recorded!("112-tls-offload-basic-401"),
            Cause::CredentialsRefused,
        ),
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
fn a_key_that_may_only_read_is_told_as_that_when_it_writes() {
    let mut write = request();
    write.method = http::Method::PUT;
    let response = recorded!("10-auth-readonly-key-write-401");
    let error = read(&write, &response).expect_err("a refusal");
    assert_eq!(error.cause, Cause::KeyMayNotWrite);
}

#[test]
fn a_marked_order_was_recorded() {
    let response = recorded!("59-order-stamp-meta");
    let answer = read(&request(), &response).expect("an order");
    let row = crate::row::Row::parse(&answer.json).expect("an object");
    // Another importer's field, and one of another program: none is our mark.
    assert!(row.has_list("meta_data"));
    assert_eq!(crate::stamps::stamp_in(&row), None);
}

#[test]
fn a_customer_was_recorded() {
    let mut response = recorded!("74-customer-create");
    // It was made then, and is read and changed by us: the same record under another status.
    response.status = 200;
    let answer = read(&request(), &response).expect("a customer");
    let row = crate::row::Row::parse(&answer.json).expect("an object");
    let customer = crate::customers::read(&row).expect("understood");
    let billing = tandem_domain::Place {
        street: vec!["Via Verdi 2".to_owned()],
        postcode: Some("20121".to_owned()),
        city: Some("Milano".to_owned()),
        state: Some("MI".to_owned()),
        country: Some("IT".to_owned()),
    };
    let nowhere = tandem_domain::Place::default();
    assert_eq!(customer.key.as_str(), "4");
    assert_eq!((customer.billing, customer.shipping), (billing, nowhere));
    assert_eq!(customer.mark, None, "somebody else's field");
}

#[test]
fn the_four_that_were_not_looked_at_are_told_from_those_that_were() {
    let error = |response: Response| parse_error(&request(), &response);
    for response in [
        recorded!("02-auth-basic-over-http-401"),
        recorded!("07-auth-unknown-key-401"),
        recorded!("09-auth-none-401"),
        recorded!("112-tls-offload-basic-401"),
    ] {
        assert!(was_not_looked_at(&error(response)));
    }
    for response in [
        recorded!("05-auth-oauth-nonce-replay-401"),
        recorded!("06-auth-oauth-timestamp-401"),
        recorded!("08-auth-bad-secret-401"),
        recorded!("15-rest-route-with-wc-key-401"),
        response(401, &[HTML], "a password on the whole site"),
    ] {
        assert!(!was_not_looked_at(&error(response)));
    }
}

/// A signed request of this second.
fn signed_at(seconds: i64) -> Request {
    let query = format!("oauth_consumer_key=ck&oauth_timestamp={seconds}");
    let mut request = request();
    request.url.set_query(Some(&query));
    request
}

#[test]
fn what_is_wrong_with_a_signature_is_told_as_far_as_the_language_allows() {
    let say = |message: &str| {
        let body =
            format!(r#"{{"code":"woocommerce_rest_authentication_error","message":"{message}"}}"#);
        let date = ("Date", "Sat, 21 Nov 2026 00:02:06 GMT");
        response(401, &[JSON, date], &body)
    };
    let now = 1_795_219_326;
    let told = |message: &str, seconds: i64| {
        let error = parse_error(&signed_at(seconds), &say(message));
        let reason = error.context.iter().find(|(name, _)| name == "reason");
        (error.cause, reason.map(|(_, reason)| reason.clone()))
    };
    let because = |reason: &str| Some(reason.to_owned());
    for (message, at, expected) in [
        (
            "Consumer key is invalid.",
            now,
            (Cause::CredentialsRefused, because("key_unknown")),
        ),
        (
            "Invalid signature - provided signature does not match.",
            now,
            (Cause::SecretWrong, None),
        ),
        ("Invalid timestamp.", now, (Cause::ClockOff, None)),
        (
            "Marca temporale non valida",
            now - 1_000,
            (Cause::ClockOff, None),
        ),
        (
            "Firma non valida",
            now - 60,
            (Cause::CredentialsRefused, because("signature_refused")),
        ),
    ] {
        assert_eq!(told(message, at), expected, "{message}");
    }
    let error = parse_error(
        &signed_at(now - 1_000),
        &recorded!("06-auth-oauth-timestamp-401"),
    );
    let apart = ("seconds".to_owned(), "1000".to_owned());
    assert!(error.context.contains(&apart), "{:?}", error.context);
}

#[test]
fn a_firewall_is_named_with_its_code() {
    let cloudflare = ("CF-RAY", "8f0");
    for (status, header, body, name, code) in [
        (
            403,
            cloudflare,
            "error code: 1010",
            "Cloudflare",
            Some("1010"),
        ),
        (
            403,
            cloudflare,
            "<title>Access denied</title><h1>Error <span>1020</span></h1> Error code 1020",
            "Cloudflare",
            Some("1020"),
        ),
        (
            403,
            ("cf-mitigated", "challenge"),
            "Just a moment",
            "Cloudflare",
            None,
        ),
        (
            202,
            ("sg-captcha", "challenge"),
            "<html>",
            "SiteGround",
            None,
        ),
        (
            503,
            ("Retry-After", "60"),
            "Generated by Wordfence",
            "Wordfence",
            None,
        ),
        (403, HTML, "Sucuri WebSite Firewall", "Sucuri", None),
        (
            406,
            HTML,
            "An error was generated by Mod_Security",
            "ModSecurity",
            None,
        ),
    ] {
        let error = parse_error(&request(), &response(status, &[header], body));
        let fact = |name: &str| {
            let found = error.context.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(error.cause, Cause::Firewall, "{body}");
        assert_eq!(
            (fact("firewall"), fact("firewall_code")),
            (Some(name), code)
        );
    }
    let down = response(522, &[cloudflare], "Connection timed out: error code: 522");
    assert_eq!(parse_error(&request(), &down).cause, Cause::ServerFailed);
    let plugin = response(500, &[HTML], "Fatal error in plugins/wordfence: Wordfence");
    assert_eq!(
        parse_error(&request(), &plugin).cause,
        Cause::ServerFailed,
        "its name alone is no refusal"
    );
}

#[test]
fn a_page_is_read_without_its_scripts() {
    let page = "<html><head><style>p{color:red}</style><script>let token='x';</script></head>\
        <body><p>Bad&nbsp;gateway</p></body>";
    let error = parse_error(&request(), &response(502, &[HTML], page));
    assert_eq!(error.detail, "Bad gateway");
}

#[test]
fn plain_permalinks_are_a_page_instead_of_data() {
    let pretty = recorded!("18b-plain-permalinks-pretty-url");
    assert_eq!(parse_error(&request(), &pretty).cause, Cause::HtmlInstead);
    let mut routed = request();
    routed.url = Url::parse("https://shop.example/?rest_route=/wc/v3/products&consumer_secret=x")
        .expect("an address");
    let answer = recorded!("16-rest-route-with-application-password");
    assert_eq!(read(&routed, &answer).expect("a list").total, Some(244));
    assert_eq!(operation(&routed), "GET ?rest_route=/wc/v3/products");
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
    let noise = answer.noise.expect("what was printed");
    assert!(
        noise.starts_with("Warning: Undefined variable $foo in"),
        "{noise}"
    );
    for body in [
        "\u{feff}[{\"id\":1}]",
        "<br />\n<b>Warning</b>: x\n\n  [{\"id\":1}]",
        "[21-Nov-2026 00:02:13 UTC] PHP Notice: x\n[{\"id\":1}]",
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
