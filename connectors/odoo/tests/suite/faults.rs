//! Misbehaving servers, and secrets.

use tandem_contract::{Cause, Error, Query, Retry};
use tandem_sandbox::{Fault, Faults, Rule, serve};

use super::network;
use crate::common::{
    Canned, HEX_KEY, KEY, PASSWORD, Patched, account, connect, here, of_version, only, router,
    world,
};

/// The first page of variants from a server whose calls after the login fail this way.
async fn first_error(fault: Fault) -> Error {
    let rule = Rule {
        path: "/jsonrpc".to_owned(),
        skip: 1,
        times: None,
        fault,
    };
    let faulty = Faults::new(vec![rule]).wrap(router(world()));
    let served = serve(faulty, None).await.expect("a free port");
    let odoo = connect(account(&served.url(), KEY), network());
    let source = odoo.variants().expect("a source");
    let outcome = source.page(&Query::all(), None).await;
    outcome.expect_err("the fault shows")
}

#[tokio::test]
async fn faults_say_whether_trying_again_can_help() {
    let seconds = Some(17);
    for (fault, cause, retry) in [
        (
            Fault::TooMany {
                retry_after_s: seconds,
            },
            Cause::TooManyRequests,
            Retry::Later(17),
        ),
        (
            Fault::TooMany {
                retry_after_s: None,
            },
            Cause::TooManyRequests,
            Retry::Later(0),
        ),
        (
            Fault::Html { status: 200 },
            Cause::HtmlInstead,
            Retry::Never,
        ),
        (Fault::Html { status: 403 }, Cause::Firewall, Retry::Never),
        (
            Fault::Html { status: 502 },
            Cause::ServerFailed,
            Retry::Later(0),
        ),
        (
            Fault::Html { status: 503 },
            Cause::Maintenance,
            Retry::Later(0),
        ),
        (
            Fault::Html { status: 504 },
            Cause::ServerFailed,
            Retry::Later(0),
        ),
        // Reading again is harmless.
        (Fault::AnswerLost, Cause::AnswerLost, Retry::Later(0)),
        (Fault::Truncated, Cause::AnswerLost, Retry::Later(0)),
    ] {
        let error = first_error(fault.clone()).await;
        assert_eq!((error.cause, error.retry), (cause, retry), "{fault:?}");
    }
}

#[tokio::test]
async fn half_an_answer_is_not_an_empty_page() {
    for (body, cause) in [
        (
            r#"{"jsonrpc": "2.0", "id": 7, "result": [{"id": 1, "na"#,
            Cause::AnswerCut,
        ),
        ("", Cause::Unreadable),
        ("[]", Cause::Unreadable),
    ] {
        let half = Canned {
            status: 200,
            content_type: "application/json".to_owned(),
            body: body.to_owned(),
            location: None,
        };
        let transport = Patched::new(world(), vec![("product.product.search_read", half)]);
        let odoo = connect(here(KEY), transport);
        let source = odoo.variants().expect("a source");
        let error = source.page(&Query::all(), None).await.expect_err("no page");
        assert_eq!(error.cause, cause, "{body}");
        let again = matches!(error.retry, Retry::Later(_));
        assert_eq!(
            again,
            cause == Cause::AnswerCut,
            "reading again is harmless"
        );
    }
}

#[tokio::test]
async fn half_an_answer_is_one_at_the_other_doors_too() {
    let half = |kind: &str, body: &str| Canned {
        status: 200,
        content_type: kind.to_owned(),
        body: body.to_owned(),
        location: None,
    };
    let xml = half(
        "text/xml",
        "<?xml version='1.0'?><methodResponse><params><para",
    );
    let json = half("application/json", r#"[{"id": 1, "na"#);
    for (version, login, open, call, answer) in [
        ("18.0", KEY, "/xmlrpc", "xmlrpc/2/object", xml),
        (
            "19.0",
            HEX_KEY,
            "/json",
            "product.product.search_read",
            json,
        ),
    ] {
        let open: &'static [&'static str] = if open == "/json" {
            &["/json/"]
        } else {
            &["/xmlrpc"]
        };
        let router = only(router(of_version(version)), open);
        let transport = Patched::over(router, vec![(call, answer)]);
        let odoo = connect(here(login), transport);
        let source = odoo.variants().expect("a source");
        let error = source.page(&Query::all(), None).await.expect_err("no page");
        assert_eq!(
            (error.cause, error.retry),
            (Cause::AnswerCut, Retry::Later(0)),
            "{call}"
        );
    }
}

#[tokio::test]
async fn a_firewall_names_the_rule_that_has_to_be_changed() {
    let banned = Canned::html(403, "<html>Access denied. Error code: 1020</html>");
    let transport = Patched::new(world(), vec![("res.users.read", banned)]);
    let report = connect(here(KEY), transport).check().await;
    let failure = report.failure.expect("it is in the way");
    assert_eq!(failure.cause, Cause::Firewall);
    assert!(
        failure
            .context
            .contains(&("rule".to_owned(), "1020".to_owned()))
    );
}

#[tokio::test]
async fn a_lost_login_may_be_sent_again() {
    let rule = Rule {
        path: "/jsonrpc".to_owned(),
        skip: 0,
        times: Some(1),
        fault: Fault::AnswerLost,
    };
    let faulty = Faults::new(vec![rule]).wrap(router(world()));
    let served = serve(faulty, None).await.expect("a free port");
    let odoo = connect(account(&served.url(), KEY), network());
    let source = odoo.variants().expect("a source");
    let lost = source
        .page(&Query::all(), None)
        .await
        .expect_err("the fault shows");
    assert_eq!(lost.cause, Cause::AnswerLost);
    assert!(
        source.page(&Query::all(), None).await.is_ok(),
        "it was no refusal"
    );
}

#[tokio::test]
async fn a_firewall_before_odoo_is_told_from_odoo() {
    let challenge = Canned::html(403, "<html><title>Just a moment...</title></html>");
    let transport = Patched::new(world(), vec![("res.users.read", challenge)]);
    let report = connect(here(KEY), transport).check().await;
    let failure = report.failure.expect("it is in the way");
    assert_eq!(failure.cause, Cause::Firewall);
}

#[tokio::test]
async fn no_error_repeats_the_secret() {
    let leaky = |status| {
        let page = format!(
            "<html>you sent {} and {}</html>",
            PASSWORD.1,
            "x".repeat(380)
        );
        Canned::html(status, &page)
    };
    for status in [200, 400, 403, 404, 500, 503] {
        let transport = Patched::new(world(), vec![("res.users.read", leaky(status))]);
        let odoo = connect(here(PASSWORD), transport);
        let source = odoo.variants().expect("a source");
        let error = source.page(&Query::all(), None).await.expect_err("a page");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(PASSWORD.1), "{shown}");
        let report = odoo.check().await;
        let shown = format!("{report:?}");
        assert!(!shown.contains(PASSWORD.1), "{shown}");
    }
}
