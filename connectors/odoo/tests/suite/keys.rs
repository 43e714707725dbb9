//! API keys: made from a password, renewed from a key, spoken of before they end.

use std::sync::Arc;

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
async fn a_key_is_made_through_every_door_that_takes_a_password() {
    for open in [&["/jsonrpc", "/web/webclient"][..], &["/xmlrpc"], &["/web"]] {
        let transport = Patched::over(only(router(world()), open), Vec::new());
        let odoo = connect(here(PASSWORD), transport);
        let key = odoo.keys().expect("it makes keys").make("Tandem").await;
        assert_eq!(key.expect("a key").secret.expose().len(), 40, "{open:?}");
    }
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
