//! API keys: made from a password, renewed from a key, spoken of before they end.

use std::sync::Arc;

use serde_json::Value;
use tandem_contract::http::{InProcess, Transport};
use tandem_contract::{Account, Cause, Erp, NewKey, NoticeCode, Query, Result};
use tandem_domain::{ManualClock, Secret};
use tandem_sandbox::{SharedWorld, World};

use crate::common::{HEX_KEY, PASSWORD, Patched, connect, here, of_version, only, router, world};

const DAY: i64 = 86_400;

/// One server for several connections, and the clock that it shares with them.
struct Site {
    transport: Arc<dyn Transport>,
    clock: Arc<ManualClock>,
}

impl Site {
    fn of(version: &str, change: impl FnOnce(&mut World)) -> Self {
        let clock = crate::common::clock();
        let mut world = of_version(version);
        world.clock = clock.clone();
        change(&mut world);
        let router = tandem_connector_odoo::fake(SharedWorld::new(world));
        Self {
            transport: Arc::new(InProcess::new(router)),
            clock,
        }
    }

    fn connect(&self, account: Account) -> Box<dyn Erp> {
        let wire = tandem_contract::Wire {
            transport: self.transport.clone(),
            clock: self.clock.clone(),
        };
        tandem_connector_odoo::erp(account, wire)
    }

    async fn make(&self, account: Account) -> Result<NewKey> {
        let odoo = self.connect(account);
        odoo.keys()
            .expect("it makes keys")
            .make("Tandem on a laptop")
            .await
    }
}

fn with(key: &NewKey) -> Account {
    Account {
        secret: Secret::new(key.secret.expose().to_owned()),
        key_ends: key.expires,
        ..here(HEX_KEY)
    }
}

#[tokio::test]
async fn a_password_makes_a_key_that_works_and_ends() {
    for (version, days) in [
        ("16.0", None),
        ("17.0", None),
        ("18.0", Some(90)),
        ("19.0", Some(90)),
    ] {
        let site = Site::of(version, |_| {});
        let key = site.make(here(PASSWORD)).await.expect("a key");
        let ends = days.map(|days| {
            let now = tandem_domain::Clock::now(site.clock.as_ref());
            (now.as_second() + days * DAY).to_string()
        });
        let told = key.expires.map(|end| end.as_second().to_string());
        assert_eq!(told, ends, "{version}");
        assert_eq!(key.secret.expose().len(), 40);
        let report = site.connect(with(&key)).check().await;
        assert!(report.passed(), "{version}: {:?}", report.failure);
        assert_eq!(report.found.key_expires, key.expires, "{version}");
    }
}

#[tokio::test]
async fn a_key_is_made_in_a_session_whatever_door_is_open_besides() {
    for version in ["17.0", "18.0", "19.0"] {
        for open in [&["/"][..], &["/web", "/jsonrpc"], &["/web", "/xmlrpc"]] {
            let transport = Patched::over(only(router(of_version(version)), open), Vec::new());
            let odoo = connect(here(PASSWORD), transport.clone());
            let keys = odoo.keys().expect("it makes keys");
            let key = keys.make("a laptop").await.expect("a key");
            let what = format!("{version} {open:?}");
            assert_eq!(key.secret.expose().len(), 40, "{what}");
            assert_eq!(transport.count("web/session/authenticate"), 1, "{what}");
            assert_eq!(transport.count("common.authenticate"), 0, "one login");
        }
    }
}

#[tokio::test]
async fn one_who_came_by_another_door_logs_in_for_a_key_once() {
    let transport = Patched::new(world(), Vec::new());
    let odoo = connect(here(PASSWORD), transport.clone());
    assert!(odoo.check().await.passed(), "by /jsonrpc");
    let keys = odoo.keys().expect("it makes keys");
    for name in ["here", "Tandem there"] {
        keys.make(name).await.expect("a key");
    }
    assert_eq!(transport.count("web/session/authenticate"), 1);
    assert_eq!(transport.count("common.authenticate"), 1);
    let create = "res.users.apikeys.description.create";
    let names: Vec<Value> = transport
        .bodies_of(create)
        .iter()
        .map(|body| body["params"]["args"][0]["name"].clone())
        .collect();
    assert_eq!(names, ["Tandem here", "Tandem there"], "known again by it");
}

#[tokio::test]
async fn no_key_is_made_where_it_would_open_nothing() {
    for (version, open, cause) in [
        ("18.0", &["/web"][..], Cause::PasswordNeeded),
        ("19.0", &["/web"][..], Cause::PasswordNeeded),
        // And none can be made where Odoo's own pages are closed.
        ("18.0", &["/jsonrpc", "/web/webclient"], Cause::Firewall),
    ] {
        let transport = Patched::over(only(router(of_version(version)), open), Vec::new());
        let odoo = connect(here(PASSWORD), transport.clone());
        let made = odoo.keys().expect("it makes keys").make("Tandem").await;
        let error = made.expect_err("for nobody");
        assert_eq!(error.cause, cause, "{open:?}");
        let session_only = ("reason".to_owned(), "session_only".to_owned());
        let said = error.context.contains(&session_only);
        assert_eq!(said, cause == Cause::PasswordNeeded, "{open:?}");
        let create = transport.count("res.users.apikeys.description.create");
        assert_eq!(create, 0, "nothing stays in Odoo");
    }
    // JSON-2 alone is enough for a key.
    let open = &["/web", "/json/2"];
    let transport = Patched::over(only(router(of_version("19.0")), open), Vec::new());
    let odoo = connect(here(PASSWORD), transport);
    assert!(odoo.keys().expect("keys").make("Tandem").await.is_ok());
}

#[tokio::test]
async fn the_end_is_that_of_the_key_in_use_whatever_others_lie_beside_it() {
    let site = Site::of("19.0", |_| {});
    let older = site.make(here(PASSWORD)).await.expect("a key");
    site.clock.advance_seconds(30 * DAY);
    let newer = site.make(here(PASSWORD)).await.expect("a key");
    for made in [older, newer] {
        let report = site.connect(with(&made)).check().await;
        assert!(made.expires.is_some());
        assert_eq!(report.found.key_expires, made.expires);
    }
    let pasted = site.connect(here(HEX_KEY)).check().await;
    assert!(pasted.passed(), "{:?}", pasted.failure);
    assert_eq!(
        pasted.found.key_expires, None,
        "its own end is not that of ours"
    );
}

#[tokio::test]
async fn the_end_is_spoken_of_two_weeks_before_and_named_after() {
    let site = Site::of("19.0", |_| {});
    let key = site.make(here(PASSWORD)).await.expect("a key");
    let odoo = site.connect(with(&key));
    let said = async || {
        let report = odoo.check().await;
        let mut codes = report.notices.iter().map(|notice| notice.code);
        (
            report.failure,
            codes.any(|code| code == NoticeCode::KeyExpires),
        )
    };
    site.clock.advance_seconds(75 * DAY);
    assert!(!said().await.1, "fifteen days are left");
    site.clock.advance_seconds(DAY);
    assert!(said().await.1, "fourteen days are left");
    site.clock.advance_seconds(14 * DAY);
    let source = odoo.variants().expect("a source");
    let error = source
        .page(&Query::all(), None)
        .await
        .expect_err("it ended");
    assert_eq!(error.cause, Cause::KeyExpired, "and not just refused");
}

#[tokio::test]
async fn a_key_makes_the_next_one_where_the_server_allows_it() {
    let allowed = |world: &mut World| {
        let switch = "base.enable_programmatic_api_keys".to_owned();
        world.erp.modules.push(switch);
    };
    let site = Site::of("19.0", allowed);
    let next = site.make(here(HEX_KEY)).await.expect("a key");
    assert!(next.expires.is_some());
    assert!(site.connect(with(&next)).check().await.passed());
    assert!(
        site.connect(here(HEX_KEY)).check().await.passed(),
        "the one before stays good"
    );
    for (version, change) in [("18.0", true), ("19.0", false)] {
        let site = Site::of(version, |world| {
            if change {
                allowed(world);
            }
        });
        let error = site.make(here(HEX_KEY)).await.expect_err("not here");
        assert_eq!(error.cause, Cause::PasswordNeeded, "{version}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(HEX_KEY.1), "{shown}");
    }
}

#[tokio::test]
async fn a_wrong_password_makes_no_key() {
    let site = Site::of("18.0", |_| {});
    let error = site.make(here(("connector", "nope"))).await;
    assert_eq!(error.expect_err("refused").cause, Cause::CredentialsRefused);
}
