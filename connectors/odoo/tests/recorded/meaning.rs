//! What the connector makes of each recorded answer.

use serde_json::{Value, json};
use tandem_contract::{Cause, Error, Query};

use super::recorded;
use crate::common::{Canned, KEY, Patched, connect, here, world};

const PAGE: &str = "product.product.search_read";

/// The error that a page of variants fails with when one call is answered as recorded.
async fn error(call: &'static str, exchange: &Value) -> Error {
    let transport = Patched::new(world(), vec![(call, Canned::recorded(exchange))]);
    let odoo = connect(here(KEY), transport);
    let source = odoo.variants().expect("a source");
    let outcome = source.page(&Query::all(), None).await;
    outcome.expect_err("the answer is not a page")
}

fn context<'a>(error: &'a Error, name: &str) -> Option<&'a str> {
    let mut facts = error.context.iter();
    facts
        .find(|(fact, _)| fact == name)
        .map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn recorded_versions_are_taken() {
    for (exchange, version) in [
        (recorded!("001-v17-version-info"), "17.0"),
        (recorded!("001-version-info"), "18.0-20241005"),
        (recorded!("001-v19-version-info"), "19.0"),
    ] {
        let answers = vec![("web/webclient/version_info", Canned::recorded(&exchange))];
        let report = connect(here(KEY), Patched::new(world(), answers))
            .check()
            .await;
        assert!(report.passed(), "{version}: {:?}", report.failure);
        assert_eq!(report.found.version.as_deref(), Some(version));
    }
}

#[tokio::test]
async fn errors_are_told_apart_by_their_name() {
    for (exchange, cause) in [
        (recorded!("005-login-wrong-db"), Cause::DatabaseUnknown),
        (recorded!("010-session-expired"), Cause::CredentialsRefused),
        (recorded!("013-unknown-model"), Cause::NotFound),
        (recorded!("015-v18-unknown-model"), Cause::Invalid),
        (recorded!("016-v18-unknown-method"), Cause::Invalid),
        (recorded!("018-missing-error"), Cause::NotFound),
        (recorded!("018-v18-bad-domain-field"), Cause::Invalid),
        (
            recorded!("019-sql-constraint-validation-error"),
            Cause::Invalid,
        ),
        (recorded!("022-access-error-acl"), Cause::UserLacksRight),
        (
            recorded!("029-jsonrpc-execute-kw-bad-password"),
            Cause::CredentialsRefused,
        ),
        (recorded!("042-login-cooldown"), Cause::LockedOut),
        (
            recorded!("045-call-kw-no-cookie-multi-db"),
            Cause::DatabaseNeeded,
        ),
        (recorded!("014-v19-wrong-db"), Cause::DatabaseNeeded),
        (recorded!("180-wrong-company"), Cause::UserLacksRight),
    ] {
        let error = error(PAGE, &exchange).await;
        assert_eq!(error.cause, cause, "{}", exchange["what"]);
        assert_eq!(error.operation, PAGE);
    }
}

#[tokio::test]
async fn a_missing_right_names_the_groups_that_have_it() {
    let error = error(PAGE, &recorded!("022-access-error-acl")).await;
    let groups = context(&error, "groups").expect("groups");
    assert!(
        groups.starts_with("Inventory/User, Invoicing/Invoicing, "),
        "{groups}"
    );
    assert!(
        groups.contains("Sales/User: Own Documents Only"),
        "{groups}"
    );
}

#[tokio::test]
async fn the_cool_down_says_how_long_it_lasts() {
    let error = error(PAGE, &recorded!("042-login-cooldown")).await;
    assert_eq!(context(&error, "wait_seconds"), Some("60"));
}

#[tokio::test]
async fn a_database_that_is_not_there_differs_from_one_that_cannot_be_reached() {
    let wrong = recorded!("030-jsonrpc-wrong-db");
    // The recorded call named this database.
    let named = |exchange: &Value| {
        let transport = Patched::new(
            world(),
            vec![("common.authenticate", Canned::recorded(exchange))],
        );
        let mut account = here(KEY);
        account.database = Some("nosuchdb".to_owned());
        connect(account, transport)
    };
    let source = named(&wrong);
    let source = source.variants().expect("a source");
    let unknown = source
        .page(&Query::all(), None)
        .await
        .expect_err("no database");
    assert_eq!(unknown.cause, Cause::DatabaseUnknown);
    assert_eq!(context(&unknown, "database"), Some("nosuchdb"));

    // The same error name, when the database server itself is in trouble (words of
    // PostgreSQL; not recorded).
    let mut crowded = wrong.clone();
    let words = "connection to server at \"db.example\", port 5432 failed: FATAL:  sorry, too many clients already\n";
    crowded["response"]["body"]["error"]["data"]["message"] = json!(words);
    let source = named(&crowded);
    let source = source.variants().expect("a source");
    let down = source
        .page(&Query::all(), None)
        .await
        .expect_err("no database");
    assert_eq!(
        down.cause,
        Cause::ServerFailed,
        "asking again later can help"
    );
}

#[tokio::test]
async fn false_to_a_login_is_a_refusal_with_what_else_it_can_be() {
    for exchange in [
        recorded!("027-jsonrpc-authenticate-bad"),
        recorded!("044-jsonrpc-password-refused-2fa"),
    ] {
        let error = error("common.authenticate", &exchange).await;
        assert_eq!(error.cause, Cause::CredentialsRefused);
        assert_eq!(context(&error, "two_factor"), Some("possible"));
        assert_eq!(context(&error, "login"), Some("connector"));
    }
}

#[tokio::test]
async fn an_answer_without_a_result_is_nothing_and_no_failure() {
    // `071-quant-apply`: what a method that returns nothing is answered with.
    let error = error(PAGE, &recorded!("071-quant-apply")).await;
    assert_eq!(
        error.cause,
        Cause::Unreadable,
        "nothing is not a page, and not an empty one"
    );
}

#[tokio::test]
async fn recorded_rows_become_records() {
    let page = recorded!("120-v18-products-page-1");
    let transport = Patched::new(world(), vec![(PAGE, Canned::recorded(&page))]);
    let odoo = connect(here(KEY), transport);
    let source = odoo.variants().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    assert!(page.rejected.is_empty(), "{:?}", page.rejected);
    let skus: Vec<&str> = page
        .items
        .iter()
        .filter_map(|item| item.record.sku.as_ref())
        .map(tandem_domain::Sku::as_str)
        .collect();
    assert_eq!(skus, ["Delivery_007", "MUG-B", "TEE-S"]);
    let tee = &page.items[2];
    assert_eq!(tee.record.barcode.as_deref(), Some("111222333"));
    assert_eq!(page.items[0].record.barcode, None, "false is nothing");
    assert!(
        tee.raw.contains(r#""write_date":"2026-11-21 00:21:37""#),
        "{}",
        tee.raw
    );
}

#[tokio::test]
async fn recorded_quants_add_up() {
    let quants = recorded!("124-v18-quants-page");
    let transport = Patched::new(
        world(),
        vec![("stock.quant.search_read", Canned::recorded(&quants))],
    );
    let mut account = here(KEY);
    account.warehouses = vec![tandem_domain::WarehouseKey(1)];
    let odoo = connect(account, transport);
    let source = odoo.stock().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    let levels: Vec<(i64, String, String)> = page
        .items
        .iter()
        .map(|item| &item.record)
        .map(|level| {
            (
                level.key.0,
                level.on_hand.to_string(),
                level.reserved.to_string(),
            )
        })
        .collect();
    let expected = [
        (2, "-3", "0"),
        (3, "55", "9"),
        (4, "17", "0"),
        (100, "0", "1"),
    ];
    assert_eq!(
        levels,
        expected.map(|(id, on_hand, reserved)| (id, on_hand.to_owned(), reserved.to_owned()))
    );
    assert!(page.next.is_none());
}
