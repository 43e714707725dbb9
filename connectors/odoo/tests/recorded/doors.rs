//! What was recorded at JSON-2, XML-RPC and the session: the stand-in's answers to the requests
//! as they were sent, and what the connector makes of the answers.

use http::{HeaderName, HeaderValue, Method};
use serde_json::{Value, json};
use tandem_contract::http::{InProcess, Request, Response, Transport as _};
use tandem_contract::{Cause, Error, Query};
use tandem_domain::Secret;
use tandem_sandbox::World;

use super::recorded;
use super::shape::differences;
use crate::common::{
    Canned, HEX_KEY, PASSWORD, Patched, connect, here, of_version, only, router, world,
};

const PAGE: &str = "product.product.search_read";
const XML: &[&str] = &["/xmlrpc", "/web/webclient"];
const WEB: &[&str] = &["/web"];
const JSON: &[&str] = &["/json/"];

/// The database that 19 was recorded on.
fn of_19() -> World {
    let mut world = of_version("19.0");
    "prod19".clone_into(&mut world.erp.database);
    world.erp.accounts[0].uid = 7;
    let first = world.erp.warehouses.get_mut(&1).expect("a warehouse");
    first.stock_location = 5;
    world
}

/// Sends a recorded request as it was.
async fn replay(world: World, exchange: &Value) -> Response {
    let asked = &exchange["request"];
    let text = |name: &str| asked[name].as_str().expect("text");
    let url = format!("https://odoo.example{}", text("path"));
    let method: Method = text("method").parse().expect("a method");
    let mut request = Request::new(method, url.parse().expect("an address"));
    for (name, value) in asked["headers"].as_object().expect("headers") {
        let name: HeaderName = name.parse().expect("a name");
        let value = HeaderValue::from_str(value.as_str().expect("text")).expect("a value");
        request.headers.insert(name, value);
    }
    request.body = match &asked["body"] {
        Value::Null => bytes::Bytes::new(),
        // The placeholder of a key, as XML would have it.
        Value::String(text) => text.replace("<API_KEY>", "&lt;API_KEY&gt;").into(),
        body => body.to_string().into(),
    };
    let stand = InProcess::new(router(world));
    stand.send(&request).await.expect("an answer")
}

#[tokio::test]
async fn json_2_has_the_recorded_statuses_and_shapes() {
    for exchange in [
        recorded!("002-v19-web-version"),
        recorded!("013-v19-bad-key"),
        recorded!("015-v19-unknown-model"),
        recorded!("016-v19-unknown-method"),
        recorded!("017-v19-private-method"),
        recorded!("018-v19-bad-domain-field"),
        recorded!("020-v19-read-missing"),
        recorded!("024-v19-malformed-json"),
        recorded!("032-v19-fields-get-product-product"),
        recorded!("041-v19-fields-get-res-company"),
        recorded!("120-v19-products-page-1"),
        recorded!("121-v19-products-page-2"),
        recorded!("122-v19-products-page-empty"),
        recorded!("124-v19-quants-page"),
        recorded!("131-v19-company"),
        recorded!("132-v19-currencies"),
        recorded!("133-v19-warehouses"),
        recorded!("135-v19-modules"),
        recorded!("136-v19-own-user"),
        recorded!("137-v19-price-digits"),
        recorded!("v19-05-json2-no-key"),
        recorded!("v19-11-json2-ids-on-model-method"),
        recorded!("v19-24-json2-context-get"),
    ] {
        let what = &exchange["what"];
        let ours = replay(of_19(), &exchange).await;
        let answer = &exchange["response"];
        assert_eq!(json!(ours.status), answer["status"], "{what}");
        let ours: Value = serde_json::from_slice(&ours.body).expect("JSON");
        let mut recorded = answer["body"].clone();
        // Of an exception's arguments the first is what it says; the status may follow.
        if let Some(Value::Array(arguments)) = recorded.get_mut("arguments") {
            arguments.truncate(1);
        }
        let mut found = Vec::new();
        differences("", &recorded, &ours, &mut found);
        assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
        assert_eq!(ours.get("name"), recorded.get("name"), "{what}");
    }
}

#[tokio::test]
async fn json_2_answers_what_is_no_call_with_pages() {
    for exchange in [
        recorded!("014-v19-wrong-db"),
        recorded!("v19-17-json2-wrong-content-type"),
    ] {
        let ours = replay(of_19(), &exchange).await;
        assert_eq!(json!(ours.status), exchange["response"]["status"]);
        assert!(!ours.is_json());
    }
    let exchange = recorded!("201-v18-json2-leads-to-login");
    let ours = replay(of_version("18.0"), &exchange).await;
    let recorded = &exchange["response"];
    assert_eq!(json!(ours.status), recorded["status"]);
    let to = &recorded["headers"]["Location"];
    assert_eq!(ours.header("location"), to.as_str());
}

#[tokio::test]
async fn databases_of_other_hosts_are_listed_as_recorded() {
    for exchange in [
        recorded!("200-db-list-of-one-host"),
        recorded!("200-web-database-list-of-one-host"),
    ] {
        let ours = replay(world(), &exchange).await;
        let ours: Value = serde_json::from_slice(&ours.body).expect("JSON");
        assert_eq!(ours, exchange["response"]["body"], "{}", exchange["what"]);
    }
}

#[tokio::test]
async fn a_key_is_refused_where_the_password_comes_by_the_wrong_way() {
    let exchange = recorded!("203-v19-run-check-without-context");
    let run_check = "res.users.identitycheck.run_check";
    let answers = vec![(run_check, Canned::recorded(&exchange))];
    let transport = Patched::new(of_version("19.0"), answers);
    let odoo = connect(here(PASSWORD), transport.clone());
    let made = odoo.keys().expect("it makes keys").make("Tandem").await;
    assert_eq!(made.expect_err("refused").cause, Cause::Invalid);
    // What was sent is what 19 wants; the stand-in makes the same difference.
    let sent = transport.bodies_of(run_check).remove(0);
    let context = &sent["params"]["kwargs"]["context"];
    assert_eq!(context["password"], PASSWORD.1);
}

#[tokio::test]
async fn xml_rpc_says_what_was_recorded() {
    for exchange in [
        recorded!("032-xmlrpc-authenticate-apikey"),
        recorded!("033-xmlrpc-authenticate-bad"),
        recorded!("035-xmlrpc-fault-access-denied"),
        recorded!("038-xmlrpc-fault-unknown-model"),
    ] {
        let what = &exchange["what"];
        let ours = replay(of_version("18.0"), &exchange).await;
        assert_eq!(ours.header("content-type"), Some("text/xml; charset=utf-8"));
        let read = |text: &str| match dxr::MethodResponse::from_xml(text) {
            Ok(answer) => Ok(answer.value),
            Err(_) => Err(dxr::FaultResponse::from_xml(text).expect("a fault").fault),
        };
        let recorded = exchange["response"]["body"].as_str().expect("XML");
        assert_eq!(read(&ours.text()), read(recorded), "{what}");
    }
}

#[tokio::test]
async fn the_session_answers_as_recorded() {
    for (version, exchange) in [
        ("17.0", recorded!("007-v17-session-login")),
        ("18.0", recorded!("007-v18-session-login")),
        ("19.0", recorded!("007-v19-session-login")),
        ("18.0", recorded!("008-v18-session-login-wrong-password")),
        ("18.0", recorded!("009-v18-session-login-wrong-db")),
        ("18.0", recorded!("010-session-expired")),
        ("18.0", recorded!("031-session-login-with-apikey-refused")),
        ("18.0", recorded!("043-login-2fa")),
    ] {
        let what = &exchange["what"];
        let mut world = of_version(version);
        let params = &exchange["request"]["body"]["params"];
        if let Some(database) = params["db"].as_str().filter(|name| *name != "nosuchdb") {
            database.clone_into(&mut world.erp.database);
        }
        // Whatever was sent is written down as one and the same password.
        let refused = exchange["response"]["body"].get("error").is_some();
        let own = if refused {
            "<ANOTHER_PASSWORD>"
        } else {
            "<PASSWORD>"
        };
        for account in &mut world.erp.accounts {
            own.clone_into(&mut account.password);
        }
        world.erp.accounts[1].two_factor = true;
        let ours = replay(world, &exchange).await;
        let has_cookie = ours.header("set-cookie").is_some();
        let mut found = Vec::new();
        let ours: Value = serde_json::from_slice(&ours.body).expect("JSON");
        let recorded = &exchange["response"]["body"];
        differences("", recorded, &ours, &mut found);
        assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
        for member in ["/error/code", "/error/data/name", "/error/data/message"] {
            assert_eq!(ours.pointer(member), recorded.pointer(member), "{what}");
        }
        let logged_in = recorded.pointer("/result/uid").is_some_and(Value::is_i64);
        assert_eq!(has_cookie, logged_in, "{what}");
    }
}

#[tokio::test]
async fn databases_are_hidden_as_recorded() {
    let mut hidden = of_19();
    hidden.erp.lists_databases = false;
    let exchange = recorded!("012-v19-db-list");
    let ours = replay(hidden, &exchange).await;
    let ours: Value = serde_json::from_slice(&ours.body).expect("JSON");
    let recorded = &exchange["response"]["body"];
    assert_eq!(
        ours["error"]["data"]["name"],
        recorded["error"]["data"]["name"]
    );
    assert_eq!(ours["error"]["code"], recorded["error"]["code"]);
}

/// The error of a page of variants when one call at a door is answered as recorded.
async fn error(
    version: &str,
    (open, login): (&'static [&'static str], (&str, &str)),
    call: &'static str,
    exchange: &Value,
) -> Error {
    let router = only(router(of_version(version)), open);
    let transport = Patched::over(router, vec![(call, Canned::recorded(exchange))]);
    let odoo = connect(here(login), transport);
    let source = odoo.variants().expect("a source");
    let outcome = source.page(&Query::all(), None).await;
    outcome.expect_err("the answer is not a page")
}

#[tokio::test]
async fn json_2_is_understood_by_status_and_name() {
    for (exchange, cause) in [
        (recorded!("013-v19-bad-key"), Cause::CredentialsRefused),
        (recorded!("014-v19-wrong-db"), Cause::DatabaseUnknown),
        (recorded!("015-v19-unknown-model"), Cause::NotFound),
        (recorded!("016-v19-unknown-method"), Cause::NotFound),
        (recorded!("017-v19-private-method"), Cause::UserLacksRight),
        (recorded!("018-v19-bad-domain-field"), Cause::Invalid),
        (recorded!("023-v19-access-error"), Cause::UserLacksRight),
        (recorded!("024-v19-malformed-json"), Cause::Invalid),
        (recorded!("025-v19-missing-argument"), Cause::Invalid),
        (
            recorded!("v19-11-json2-ids-on-model-method"),
            Cause::Invalid,
        ),
    ] {
        let error = error("19.0", (JSON, HEX_KEY), PAGE, &exchange).await;
        assert_eq!(error.cause, cause, "{}", exchange["what"]);
        if exchange["what"]
            .as_str()
            .is_some_and(|what| what.contains("no right"))
        {
            let groups = ("groups".to_owned(), "Products/Create".to_owned());
            assert!(error.context.contains(&groups), "{:?}", error.context);
        }
    }
}

#[tokio::test]
async fn faults_are_understood_by_their_code() {
    for (exchange, cause) in [
        (
            recorded!("035-xmlrpc-fault-access-denied"),
            Cause::CredentialsRefused,
        ),
        (
            recorded!("036-xmlrpc-fault-access-error"),
            Cause::UserLacksRight,
        ),
        (recorded!("037-xmlrpc-fault-missing"), Cause::Invalid),
        (recorded!("038-xmlrpc-fault-unknown-model"), Cause::Invalid),
        // Committed, and not to be told in XML: look, do not repeat.
        (recorded!("039-xmlrpc-unmarshallable"), Cause::AnswerLost),
    ] {
        let door = (XML, PASSWORD);
        let error = error("18.0", door, "xmlrpc/2/object", &exchange).await;
        assert_eq!(error.cause, cause, "{}", exchange["what"]);
    }
    let door = (XML, PASSWORD);
    let refused = recorded!("033-xmlrpc-authenticate-bad");
    let error = error("18.0", door, "xmlrpc/2/common", &refused).await;
    assert_eq!(error.cause, Cause::CredentialsRefused);
}

#[tokio::test]
async fn session_logins_are_told_apart() {
    for (exchange, cause) in [
        (
            recorded!("008-v18-session-login-wrong-password"),
            Cause::CredentialsRefused,
        ),
        (
            recorded!("009-v18-session-login-wrong-db"),
            Cause::DatabaseUnknown,
        ),
        (recorded!("042-login-cooldown"), Cause::LockedOut),
        (recorded!("043-login-2fa"), Cause::TwoFactor),
    ] {
        let login = "web/session/authenticate";
        let error = error("18.0", (WEB, PASSWORD), login, &exchange).await;
        assert_eq!(error.cause, cause, "{}", exchange["what"]);
    }
}

#[tokio::test]
async fn an_expired_session_is_one_on_a_host_of_several_databases_too() {
    for exchange in [
        recorded!("010-session-expired"),
        recorded!("046-expired-cookie-multi-db"),
    ] {
        let router = only(router(of_version("18.0")), WEB);
        let transport = Patched::over(router, vec![(PAGE, Canned::recorded(&exchange))]);
        let odoo = connect(here(PASSWORD), transport.clone());
        let source = odoo.variants().expect("a source");
        let error = source.page(&Query::all(), None).await.expect_err("no page");
        assert_eq!(error.cause, Cause::CredentialsRefused);
        assert_eq!(
            (
                transport.count("web/session/authenticate"),
                transport.count(PAGE)
            ),
            (2, 2),
            "one new login, one more try: {}",
            exchange["what"]
        );
    }
}

#[tokio::test]
async fn a_key_is_read_from_the_recorded_screens() {
    let answers = vec![
        (
            "res.users.apikeys.description.make_key",
            Canned::recorded(&recorded!("024-apikey-make-needs-identity")),
        ),
        (
            "res.users.identitycheck.run_check",
            Canned::recorded(&recorded!("025-apikey-made")),
        ),
    ];
    let transport = Patched::over(router(of_version("18.0")), answers);
    let odoo = connect(here(PASSWORD), transport.clone());
    let key = odoo.keys().expect("it makes keys").make("Tandem").await;
    assert_eq!(key.expect("a key").secret.expose(), "<API_KEY>");
    assert_eq!(transport.count("res.users.identitycheck.write"), 1);
}

#[tokio::test]
async fn recorded_pages_of_17_and_19_become_records() {
    for (version, login, page) in [
        ("17.0", PASSWORD, recorded!("120-v17-products-page-1")),
        ("19.0", HEX_KEY, recorded!("120-v19-products-page-1")),
    ] {
        let answers = vec![(PAGE, Canned::recorded(&page))];
        let transport = Patched::new(of_version(version), answers);
        let odoo = connect(here(login), transport);
        let source = odoo.variants().expect("a source");
        let read = source.page(&Query::all(), None).await.expect("a page");
        let body = &page["response"]["body"];
        let rows = body.get("result").unwrap_or(body).as_array().expect("rows");
        assert_eq!(read.items.len() + read.rejected.len(), rows.len());
        for item in &read.items {
            let row = rows.iter().find(|row| row["id"] == item.record.key.0);
            let row = row.expect("the record's row");
            assert_eq!(json!(item.record.name), row["name"], "{version}");
            let sku = item.record.sku.as_ref().map(tandem_domain::Sku::as_str);
            assert_eq!(sku, row["default_code"].as_str(), "{version}");
        }
    }
    for (version, login, quants) in [
        ("17.0", PASSWORD, recorded!("124-v17-quants-page")),
        ("19.0", HEX_KEY, recorded!("124-v19-quants-page")),
    ] {
        let answers = vec![("stock.quant.search_read", Canned::recorded(&quants))];
        let transport = Patched::new(of_version(version), answers);
        let mut account = here(login);
        account.secret = Secret::new(login.1.to_owned());
        account.warehouses = vec![tandem_domain::WarehouseKey(1)];
        let odoo = connect(account, transport);
        let source = odoo.stock().expect("a source");
        let read = source.page(&Query::all(), None).await.expect("a page");
        let body = &quants["response"]["body"];
        let rows = body.get("result").unwrap_or(body).as_array().expect("rows");
        let total = |name: &str| -> f64 { rows.iter().filter_map(|row| row[name].as_f64()).sum() };
        let sum: rust_decimal::Decimal = read.items.iter().map(|item| item.record.on_hand).sum();
        assert!(read.rejected.is_empty(), "{version}");
        assert_eq!(
            sum.to_string().parse::<f64>().ok(),
            Some(total("quantity")),
            "{version}"
        );
    }
}
