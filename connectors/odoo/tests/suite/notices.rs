//! What the connection test says although everything works, and what it found on the way.

use std::sync::Arc;

use serde_json::json;
use tandem_contract::http::{InProcess, Transport};
use tandem_contract::{Account, Cause, CheckReport, Notice, NoticeCode};
use tandem_domain::ManualClock;
use tandem_sandbox::World;

use crate::common::{
    BARE, Canned, HEX_KEY, KEY, PASSWORD, Patched, account, at, connect, here, router, to, world,
};

fn notice(report: &CheckReport, code: NoticeCode) -> Option<&Notice> {
    report.notices.iter().find(|notice| notice.code == code)
}

fn fact<'a>(notice: &'a Notice, name: &str) -> &'a str {
    let found = notice.context.iter().find(|(fact, _)| fact == name);
    found.map_or("", |(_, value)| value)
}

async fn check(account: Account, world: World) -> CheckReport {
    connect(account, to(world)).check().await
}

#[tokio::test]
async fn a_healthy_server_has_nothing_to_be_said() {
    for login in [KEY, HEX_KEY, PASSWORD] {
        let report = check(here(login), world()).await;
        assert!(report.passed(), "{:?}", report.failure);
        assert_eq!(report.notices, []);
    }
}

#[tokio::test]
async fn clocks_may_differ_by_five_minutes() {
    for (server, said) in [
        ("2026-11-21T02:05:00Z", None),
        ("2026-11-21T02:05:01Z", Some("301")),
        ("2026-11-21T01:50:00Z", Some("-600")),
    ] {
        let mut world = world();
        world.clock = Arc::new(ManualClock::at(at(server)));
        let report = check(here(KEY), world).await;
        let seconds = notice(&report, NoticeCode::ClockSkew).map(|notice| fact(notice, "seconds"));
        assert_eq!(seconds, said, "{server}");
    }
}

#[tokio::test]
async fn a_currency_with_decimals_of_its_own_is_named() {
    let rows = json!({"jsonrpc": "2.0", "id": 1, "result": [
        {"id": 6, "name": "USD", "decimal_places": 2},
        {"id": 4, "name": "KWD", "decimal_places": 2},
        {"id": 7, "name": "JPY", "decimal_places": 0},
    ]});
    let answers = vec![("res.currency.search_read", Canned::json(&rows))];
    let report = connect(here(KEY), Patched::new(world(), answers))
        .check()
        .await;
    let said: Vec<[&str; 3]> = report
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::CurrencyDecimals)
        .map(|notice| ["currency", "found", "standard"].map(|name| fact(notice, name)))
        .collect();
    assert_eq!(said, [["KWD", "2", "3"]]);
    assert_eq!(report.found.currency_decimals, Some(2), "of the company's");
    let report = check(
        Account {
            company: Some(2),
            ..here(KEY)
        },
        world(),
    )
    .await;
    assert_eq!(report.found.currency_decimals, Some(3));
}

#[tokio::test]
async fn another_importer_is_named() {
    let mut world = world();
    world.erp.modules.push("sale_integration".to_owned());
    let report = check(here(KEY), world).await;
    let notice = notice(&report, NoticeCode::OtherImporter).expect("it imports the same orders");
    assert_eq!(fact(notice, "module"), "sale.integration");
}

#[tokio::test]
async fn facts_that_the_rights_hide_are_listed_and_fail_nothing() {
    let refused = json!({"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "x",
        "data": {"name": "odoo.exceptions.AccessError", "message": "You are not allowed"}}});
    let hidden = ["ir.module.module.search_read", "sale.order.line.fields_get"];
    let answers = hidden.map(|call| (call, Canned::json(&refused)));
    let transport = Patched::new(world(), answers.to_vec());
    let report = connect(here(KEY), transport).check().await;
    assert!(report.passed(), "{:?}", report.failure);
    let notice = notice(&report, NoticeCode::FactsHidden).expect("two facts are hidden");
    assert_eq!(fact(notice, "facts"), "price_decimals, modules");
    assert_eq!(
        report.found.price_decimals, None,
        "unknown, and not guessed"
    );
}

#[tokio::test]
async fn what_the_user_may_do_is_listed() {
    let report = check(here(KEY), world()).await;
    let permissions = &report.found.permissions;
    for allowed in [
        "product.product:read",
        "sale.order:create",
        "stock.quant:write",
    ] {
        assert!(permissions.iter().any(|name| name == allowed), "{allowed}");
    }
    for refused in ["product.product:create", "product.product:write"] {
        assert!(!permissions.iter().any(|name| name == refused), "{refused}");
    }
    let report = check(here(BARE), world()).await;
    assert_eq!(report.found.permissions, Vec::<String>::new());
}

#[tokio::test]
async fn what_bringing_orders_lacks_is_said_beforehand() {
    let all = check(here(KEY), world()).await;
    assert_eq!(notice(&all, NoticeCode::RightsMissing), None);
    let no = Canned::json(&json!({"jsonrpc": "2.0", "id": 1, "result": false}));
    let transport = Patched::new(world(), vec![("res.partner.check_access_rights", no)]);
    let report = connect(here(KEY), transport).check().await;
    assert!(report.passed(), "what is read may be read");
    let told = notice(&report, NoticeCode::RightsMissing).expect("no customer can be made");
    assert_eq!(fact(told, "facts"), "res.partner");
}

#[tokio::test]
async fn a_secret_is_not_sent_where_everybody_can_read_it() {
    let transport = Patched::new(world(), Vec::new());
    let open = account("http://odoo.example:8069", PASSWORD);
    let report = connect(open, transport.clone()).check().await;
    let failure = report.failure.expect("it would be given away");
    assert_eq!(failure.cause, Cause::TlsNotSpoken);
    let reason = ("reason".to_owned(), "plain_http".to_owned());
    assert!(failure.context.contains(&reason));
    for sent in transport.calls() {
        assert!(
            ["web/webclient/version_info", "web/database/list"].contains(&sent.as_str()),
            "{sent} carries the password"
        );
    }
    // Where only the same building can listen, it is said and done.
    let local: Arc<dyn Transport> = Arc::new(InProcess::new(router(world())));
    let report = connect(account("http://192.168.1.20:8069", PASSWORD), local)
        .check()
        .await;
    assert!(report.passed(), "{:?}", report.failure);
    assert!(notice(&report, NoticeCode::PlainHttp).is_some());
}
