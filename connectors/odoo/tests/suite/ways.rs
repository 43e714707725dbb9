//! Every way in: the whole suite through each door of each version, how the door is found, and
//! what happens at a door that is closed.

use std::sync::Arc;

use serde_json::json;
use tandem_contract::http::{InProcess, Transport};
use tandem_contract::{Account, Cause, CheckReport, NoticeCode, Query, Way, suite};
use tandem_sandbox::{SharedWorld, serve};

use crate::common::{
    Canned, HEX_KEY, PASSWORD, Patched, TWO_FACTOR, account, connect, here, of_version, only,
    router, stripping, world,
};

const RPC: &[&str] = &["/jsonrpc", "/web/webclient"];
const XML: &[&str] = &["/xmlrpc", "/web/webclient"];
const XML_ALONE: &[&str] = &["/xmlrpc"];
const WEB: &[&str] = &["/web"];
const JSON: &[&str] = &["/json/"];

fn behind(version: &str, open: &'static [&'static str]) -> Arc<dyn Transport> {
    Arc::new(InProcess::new(only(router(of_version(version)), open)))
}

fn has(report: &CheckReport, code: NoticeCode) -> bool {
    report.notices.iter().any(|notice| notice.code == code)
}

fn fact<'a>(report: &'a CheckReport, name: &str) -> Option<&'a str> {
    let facts = &report.failure.as_ref()?.context;
    let found = facts.iter().find(|(fact, _)| fact == name);
    found.map(|(_, value)| value.as_str())
}

fn cause(report: &CheckReport) -> Option<Cause> {
    report.failure.as_ref().map(|failure| failure.cause)
}

#[tokio::test]
async fn the_suite_holds_through_every_door_of_every_version() {
    let mut tried = 0;
    for version in ["16.0", "17.0", "18.0", "19.0", "20.0"] {
        for (open, login, way) in [
            (RPC, HEX_KEY, "jsonrpc"),
            (RPC, PASSWORD, "jsonrpc"),
            (XML, HEX_KEY, "xmlrpc"),
            (XML_ALONE, PASSWORD, "xmlrpc"),
            (WEB, PASSWORD, "session"),
            (JSON, HEX_KEY, "json2"),
        ] {
            if way == "json2" && !["19.0", "20.0"].contains(&version) {
                continue;
            }
            let odoo = connect(here(login), behind(version, open));
            let what = format!("{version} by {way}");
            let report = odoo.check().await;
            assert!(report.passed(), "{what}: {:?}", report.failure);
            assert_eq!(report.found.way, Some(Way(way.to_owned())), "{what}");
            let old = ["xmlrpc", "session"].contains(&way);
            assert_eq!(has(&report, NoticeCode::OldWay), old, "{what}");
            let seen = suite::erp(odoo.as_ref()).await;
            let seen = seen.unwrap_or_else(|broken| panic!("{what}: {broken}"));
            assert_eq!(
                (seen.products, seen.stock_levels, seen.rejected),
                (10, 5, 0),
                "{what}"
            );
            tried += 1;
        }
    }
    assert_eq!(tried, 27);
}

#[tokio::test]
async fn every_door_reads_the_same() {
    let mut all = Vec::new();
    for (open, login) in [
        (RPC, HEX_KEY),
        (XML, HEX_KEY),
        (WEB, PASSWORD),
        (JSON, HEX_KEY),
    ] {
        let odoo = connect(here(login), behind("19.0", open));
        let source = odoo.variants().expect("a source");
        let variants = suite::read_all(source, &Query::all()).await.expect("pages");
        let source = odoo.stock().expect("a source");
        let levels = suite::read_all(source, &Query::all()).await.expect("pages");
        all.push((variants, levels));
    }
    for other in &all[1..] {
        assert_eq!(format!("{other:?}"), format!("{:?}", all[0]));
    }
}

#[tokio::test]
async fn a_key_on_19_comes_in_by_json_2_and_a_password_does_not() {
    for (version, login, way) in [
        ("19.0", HEX_KEY, "json2"),
        ("19.0", PASSWORD, "jsonrpc"),
        ("18.0", HEX_KEY, "jsonrpc"),
    ] {
        let transport = Patched::new(of_version(version), Vec::new());
        let report = connect(here(login), transport.clone()).check().await;
        assert_eq!(report.found.way, Some(Way(way.to_owned())));
        assert_eq!(report.found.database.as_deref(), Some("prod"));
        let logins = transport.count("common.authenticate");
        assert_eq!(logins, usize::from(way == "jsonrpc"), "{version} {way}");
    }
}

#[tokio::test]
async fn the_door_that_was_open_last_time_is_tried_first() {
    let transport = Patched::new(of_version("19.0"), Vec::new());
    let kept = Account {
        way: Some(Way("session".to_owned())),
        ..here(PASSWORD)
    };
    let odoo = connect(kept, transport.clone());
    let source = odoo.variants().expect("a source");
    assert!(source.page(&Query::all(), None).await.is_ok());
    assert_eq!(transport.count("web/session/authenticate"), 1);
    assert_eq!(transport.count("common.authenticate"), 0);
    // If it was closed meanwhile, another one is found.
    let kept = Account {
        way: Some(Way("jsonrpc".to_owned())),
        ..here(PASSWORD)
    };
    let report = connect(kept, behind("18.0", WEB)).check().await;
    assert_eq!(report.found.way, Some(Way("session".to_owned())));
}

#[tokio::test]
async fn a_refusal_at_one_door_is_the_end() {
    let wrong_key = ("connector", "ffffffffffffffffffffffffffffffffffffffff");
    for (version, open, login) in [
        ("19.0", None, wrong_key),
        ("19.0", None, ("connector", "nope")),
        ("18.0", None, ("connector", "nope")),
        ("18.0", Some(XML), ("connector", "nope")),
        ("18.0", Some(WEB), ("connector", "nope")),
    ] {
        let router = router(of_version(version));
        let router = match open {
            Some(open) => only(router, open),
            None => router,
        };
        let transport = Patched::over(router, Vec::new());
        let odoo = connect(here(login), transport.clone());
        let report = odoo.check().await;
        let what = format!("{version} {open:?}");
        assert_eq!(cause(&report), Some(Cause::CredentialsRefused), "{what}");
        let sent = transport.calls().len();
        let source = odoo.variants().expect("a source");
        let again = source.page(&Query::all(), None).await.expect_err("refused");
        assert_eq!(again.cause, Cause::CredentialsRefused, "{what}");
        assert_eq!(
            transport.calls().len(),
            sent,
            "nothing more is sent: {what}"
        );
    }
}

#[tokio::test]
async fn a_401_is_the_end_whoever_says_it() {
    for (call, login) in [
        ("common.authenticate", PASSWORD),
        ("res.users.context_get", HEX_KEY),
    ] {
        let page = Canned::html(401, "<html>Who are you?</html>");
        let transport = Patched::new(of_version("19.0"), vec![(call, page)]);
        let report = connect(here(login), transport.clone()).check().await;
        assert_eq!(cause(&report), Some(Cause::Firewall));
        assert_eq!(fact(&report, "status"), Some("401"));
        assert_eq!(transport.calls().last().map(String::as_str), Some(call));
    }
}

#[tokio::test]
async fn a_header_that_is_stripped_is_no_refusal() {
    let router = || stripping(router(of_version("19.0")));
    let transport = Patched::over(router(), Vec::new());
    let report = connect(here(HEX_KEY), transport.clone()).check().await;
    assert!(report.passed(), "{:?}", report.failure);
    assert_eq!(report.found.way, Some(Way("jsonrpc".to_owned())));
    assert!(has(&report, NoticeCode::HeaderStripped));
    assert_eq!(transport.count("res.users.context_get"), 1);

    // The notice stays for as long as the header is stripped, and then the better door is kept.
    let kept = || Account {
        way: Some(Way("jsonrpc".to_owned())),
        ..here(HEX_KEY)
    };
    let transport = Patched::over(router(), Vec::new());
    let report = connect(kept(), transport).check().await;
    assert_eq!(report.found.way, Some(Way("jsonrpc".to_owned())));
    assert!(has(&report, NoticeCode::HeaderStripped));
    let report = connect(kept(), behind("19.0", &["/"])).check().await;
    assert_eq!(report.found.way, Some(Way("json2".to_owned())));
    assert_eq!(report.notices, []);

    // Where no other door is open, it is told that the key did not arrive.
    let transport = Patched::over(only(router(), JSON), Vec::new());
    let report = connect(here(HEX_KEY), transport).check().await;
    assert_eq!(cause(&report), Some(Cause::CredentialsRefused));
    assert_eq!(fact(&report, "reason"), Some("bearer_stripped"));
}

#[tokio::test]
async fn json_2_that_was_kept_of_a_newer_version_is_a_closed_door() {
    let kept = |url: &str| Account {
        way: Some(Way("json2".to_owned())),
        ..account(url, HEX_KEY)
    };
    for version in ["17.0", "18.0"] {
        let served = serve(router(of_version(version)), None)
            .await
            .expect("a free port");
        let followed = connect(kept(&served.url()), crate::network());
        let unfollowed = connect(kept("https://odoo.example"), behind(version, &["/"]));
        for odoo in [followed, unfollowed] {
            let report = odoo.check().await;
            assert!(report.passed(), "{version}: {:?}", report.failure);
            assert_eq!(report.found.way, Some(Way("jsonrpc".to_owned())));
            assert!(!has(&report, NoticeCode::HeaderStripped));
        }
    }
}

#[tokio::test]
async fn a_host_of_one_database_asks_for_none() {
    let unnamed = || Account {
        database: None,
        ..here(PASSWORD)
    };
    let report = connect(unnamed(), behind("18.0", &["/"])).check().await;
    assert_eq!(report.found.database.as_deref(), Some("prod"));
    assert_eq!(report.found.databases, ["prod"]);
    // Where only the services can be asked, they list those of other hosts too.
    for open in [RPC, XML] {
        let report = connect(unnamed(), behind("18.0", open)).check().await;
        assert_eq!(cause(&report), Some(Cause::DatabaseNeeded));
        let all = ["prod", "prod-of-another-host"];
        assert_eq!(report.found.databases, all, "{open:?}");
    }
}

#[tokio::test]
async fn the_owner_of_a_key_is_named_where_another_login_was_given() {
    for (login, user) in [
        ("connector", "Connector"),
        ("nobody", "Connector (connector)"),
    ] {
        let odoo = connect(here((login, HEX_KEY.1)), behind("19.0", JSON));
        assert_eq!(odoo.check().await.found.user.as_deref(), Some(user));
    }
}

#[tokio::test]
async fn a_key_is_never_sent_to_the_session_login() {
    let transport = Patched::over(only(router(world()), WEB), Vec::new());
    let report = connect(here(HEX_KEY), transport.clone()).check().await;
    assert_eq!(cause(&report), Some(Cause::PasswordNeeded));
    assert_eq!(fact(&report, "reason"), Some("session_only"));
    assert_eq!(transport.count("web/session/authenticate"), 0);
}

#[tokio::test]
async fn a_two_factor_user_is_told_so_where_odoo_says_it() {
    let report = connect(here(TWO_FACTOR), behind("18.0", WEB)).check().await;
    assert_eq!(cause(&report), Some(Cause::TwoFactor));
    let report = connect(here(TWO_FACTOR), behind("18.0", RPC)).check().await;
    assert_eq!(cause(&report), Some(Cause::CredentialsRefused));
    assert_eq!(fact(&report, "two_factor"), Some("possible"));
}

#[tokio::test]
async fn the_cool_down_is_of_the_session_login_alone() {
    let locked = || {
        let mut world = world();
        world.erp.failed_logins = 10;
        world
    };
    let report = connect(here(PASSWORD), crate::common::to(locked()))
        .check()
        .await;
    assert!(report.passed(), "{:?}", report.failure);
    let web: Arc<dyn Transport> = Arc::new(InProcess::new(only(router(locked()), WEB)));
    let report = connect(here(PASSWORD), web).check().await;
    assert_eq!(cause(&report), Some(Cause::LockedOut));
    assert_eq!(fact(&report, "wait_seconds"), Some("60"));
}

#[tokio::test]
async fn a_session_that_ended_is_opened_again_once() {
    let shared = world();
    let clock = crate::common::clock();
    let shared = SharedWorld::new(tandem_sandbox::World {
        clock: clock.clone(),
        ..shared
    });
    let router = only(tandem_connector_odoo::fake(shared), WEB);
    let transport = Patched::over(router, Vec::new());
    let odoo = connect(here(PASSWORD), transport.clone());
    let source = odoo.variants().expect("a source");
    assert!(source.page(&Query::all(), None).await.is_ok());
    clock.advance_seconds(8 * 86_400);
    assert!(
        source.page(&Query::all(), None).await.is_ok(),
        "a week of rest is no reason to bother anybody"
    );
    assert_eq!(transport.count("web/session/authenticate"), 2);
    // A server that forgets each session at once is not asked for ever.
    let expired = json!({"jsonrpc": "2.0", "id": null, "error": {"code": 100, "message": "x",
        "data": {"name": "odoo.http.SessionExpiredException", "message": "Session expired"}}});
    let answers = vec![("product.product.search_read", Canned::json(&expired))];
    let transport = Patched::over(only(crate::common::router(world()), WEB), answers);
    let odoo = connect(here(PASSWORD), transport.clone());
    let source = odoo.variants().expect("a source");
    let error = source.page(&Query::all(), None).await.expect_err("ended");
    assert_eq!(error.cause, Cause::CredentialsRefused);
    assert_eq!(transport.count("web/session/authenticate"), 2);
}

#[tokio::test]
async fn a_hidden_list_of_databases_is_no_obstacle_for_a_bearer_key() {
    let mut hidden = of_version("19.0");
    hidden.erp.lists_databases = false;
    let unnamed = Account {
        database: None,
        ..here(HEX_KEY)
    };
    let report = connect(unnamed, crate::common::to(hidden)).check().await;
    assert!(report.passed(), "{:?}", report.failure);
    assert_eq!(report.found.database, None, "nobody told its name");
}

#[tokio::test]
async fn json_2_says_which_database_is_unknown() {
    let named = Account {
        database: Some("nosuchdb".to_owned()),
        ..here(HEX_KEY)
    };
    let report = connect(named, behind("19.0", JSON)).check().await;
    assert_eq!(cause(&report), Some(Cause::DatabaseUnknown));
    assert_eq!(fact(&report, "database"), Some("nosuchdb"));
}
