//! Addresses as they are typed, and connections that are saved, changed and bound.

use std::sync::Arc;
use std::time::Duration;

use tandem_contract::{CheckReport, Found};
use tandem_domain::{Decision, ListingKey, Secret, Slug};
use tandem_secrets::{MemoryVault, Vault, VaultError};
use tandem_store::{Stream, SweepScope};
use tokio::task::JoinSet;

use super::parse_url;
use crate::runs::new_run;
use crate::view::{
    ConnectionDraft, ConnectionState, RunKind, SecretText, StoreBinding, VaultState,
};
use crate::{App, Code, Outside, Profile};

/// Takes its time to keep a secret, as a real keychain does.
#[derive(Debug, Default)]
struct SlowVault(MemoryVault);

impl Vault for SlowVault {
    fn put(&self, of: &Slug, field: &str, secret: Secret) -> Result<(), VaultError> {
        std::thread::sleep(Duration::from_millis(10));
        self.0.put(of, field, secret)
    }

    fn get(&self, of: &Slug, field: &str) -> Result<Option<Secret>, VaultError> {
        self.0.get(of, field)
    }

    fn remove(&self, of: &Slug, field: &str) -> Result<(), VaultError> {
        self.0.remove(of, field)
    }

    fn probe(&self) -> Result<(), VaultError> {
        self.0.probe()
    }
}

/// The wizard saves both sides at once, and both may be on one host: under one short name,
/// the store's secret would be sent to Odoo.
#[tokio::test(flavor = "multi_thread")]
async fn connections_saved_at_the_same_moment_get_short_names_of_their_own() {
    let app = desk();
    let mut saves = JoinSet::new();
    for port in 8_001..8_005 {
        let (app, draft) = (app.clone(), unnamed(port));
        saves.spawn(async move { app.save_connection(draft).await.expect("saved").slug });
    }
    let mut slugs = saves.join_all().await;
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 4, "one short name each: {slugs:?}");
}

fn desk() -> App {
    let outside = Outside::real(Arc::new(SlowVault::default()), VaultState::Memory);
    let profile = Profile {
        folder: None,
        sandbox: false,
    };
    App::open(profile, outside.expect("a TLS stack")).expect("opens in memory")
}

/// A shop's listings under an Odoo's name would be a mess that no fetch clears up.
#[tokio::test]
async fn a_connection_keeps_its_kind() {
    let app = desk();
    let saved = app.save_connection(unnamed(8_001)).await.expect("saved");
    let changed = ConnectionDraft {
        slug: Some(saved.slug),
        kind: "woocommerce".to_owned(),
        ..unnamed(8_001)
    };
    let refused = app
        .save_connection(changed)
        .await
        .expect_err("another kind");
    assert_eq!(refused.code, Code::BadInput);
}

#[tokio::test]
async fn another_address_is_untested_and_read_from_the_beginning() {
    let app = desk();
    let named = ConnectionDraft {
        name: "Shop in the square".to_owned(),
        ..unnamed(8_001)
    };
    let saved = app.save_connection(named).await.expect("saved");
    let slug: Slug = saved.slug.parse().expect("a short name");
    let (store, now) = (&app.inner.store, app.inner.clock.now());
    let report = CheckReport {
        steps: Vec::new(),
        found: Found::default(),
        notices: Vec::new(),
        failure: None,
    };
    let asked = store.connection(&slug).expect("saved");
    app.inner.keep_check(&asked, &report).expect("kept");
    let sweep = store.begin_sweep(&slug, Stream::Variants, SweepScope::WHOLE, now);
    let sweep = sweep.expect("begun");
    let finished = store.finish_sweep(&slug, Stream::Variants, &sweep, now);
    finished.expect("finished");
    let again = |port| ConnectionDraft {
        slug: Some(saved.slug.clone()),
        ..unnamed(port)
    };
    let watermark = || {
        let state = store.fetch_state(&slug, Stream::Variants).expect("read");
        state.and_then(|state| state.watermark)
    };

    let same = app.save_connection(again(8_001)).await.expect("saved");
    assert_eq!(same.state, ConnectionState::Healthy);
    assert_eq!(same.name, "Shop in the square", "no name is no new name");
    assert!(watermark().is_some());
    let moved = app.save_connection(again(8_002)).await.expect("saved");
    assert_eq!(moved.state, ConnectionState::Untested);
    assert_eq!(watermark(), None, "the next fetch reads everything");
}

/// Read for one company, the variants of the other would be taken for deleted.
#[tokio::test]
async fn one_connection_to_odoo_serves_one_company() {
    let app = desk();
    let odoo = app.save_connection(unnamed(8_001)).await.expect("saved");
    let mut stores = Vec::new();
    for port in 8_002..8_004 {
        let shop = ConnectionDraft {
            kind: "woocommerce".to_owned(),
            ..unnamed(port)
        };
        stores.push(app.save_connection(shop).await.expect("saved").slug);
    }
    let company = |company| StoreBinding {
        odoo: odoo.slug.clone(),
        company,
        warehouses: Vec::new(),
    };
    app.bind_store(&stores[0], company(1)).await.expect("bound");
    let refused = app.bind_store(&stores[1], company(2)).await;
    assert_eq!(
        refused.expect_err("another company").code,
        Code::CompanyTaken
    );
    app.bind_store(&stores[1], company(1)).await.expect("bound");
}

#[tokio::test]
async fn a_connection_that_is_being_read_is_not_changed_under_the_run() {
    let app = desk();
    let saved = app.save_connection(unnamed(8_001)).await.expect("saved");
    let slug: Slug = saved.slug.parse().expect("a short name");
    let now = app.inner.clock.now();
    let run = new_run(1, RunKind::Fetch, "shop", &[], now);
    let shop = Slug::from_name("shop");
    let entered = app.inner.runs.enter(run.clone(), [&shop, &slug], now);
    entered.expect("nothing else runs");
    let other = new_run(2, RunKind::Fetch, "other", &[], now);
    let second = Slug::from_name("other");
    let refused = app.inner.runs.enter(other, [&second, &slug], now);
    assert_eq!(refused.expect_err("the same Odoo").code, Code::RunBusy);
    let draft = ConnectionDraft {
        slug: Some(saved.slug.clone()),
        ..unnamed(8_002)
    };
    let changed = app.save_connection(draft).await;
    assert_eq!(changed.expect_err("it is read").code, Code::RunBusy);
    let removed = app.remove_connection(&saved.slug).await;
    assert_eq!(removed.expect_err("it is read").code, Code::RunBusy);
}

#[tokio::test]
async fn a_store_with_decisions_does_not_leave_its_odoo_and_lose_them() {
    let app = desk();
    let shop = ConnectionDraft {
        kind: "woocommerce".to_owned(),
        ..unnamed(8_001)
    };
    let shop = app.save_connection(shop).await.expect("saved").slug;
    let mut bindings = Vec::new();
    for port in 8_002..8_005 {
        let odoo = app.save_connection(unnamed(port)).await.expect("saved");
        bindings.push(StoreBinding {
            odoo: odoo.slug,
            company: 1,
            warehouses: Vec::new(),
        });
    }
    for binding in &bindings[..2] {
        let bound = app.bind_store(&shop, binding.clone()).await;
        bound.expect("there is nothing to lose yet");
    }
    let slug: Slug = shop.parse().expect("a short name");
    let now = app.inner.clock.now();
    let decided = (app.inner.store).decide(&slug, &ListingKey::new("1"), &Decision::Ignore, now);
    decided.expect("decided");
    let refused = app.bind_store(&shop, bindings[2].clone()).await;
    assert_eq!(
        refused.expect_err("it would be lost").code,
        Code::DecisionsAtStake
    );
    let same = app.bind_store(&shop, bindings[1].clone()).await;
    same.expect("the same Odoo loses nothing");
}

fn unnamed(port: u16) -> ConnectionDraft {
    ConnectionDraft {
        slug: None,
        name: String::new(),
        kind: "odoo".to_owned(),
        url: format!("http://127.0.0.1:{port}"),
        login: "admin".to_owned(),
        secret: Some(SecretText::new("secret".to_owned())),
        database: None,
        certificate: None,
    }
}

#[test]
fn an_address_may_be_pasted_without_its_scheme_but_must_be_one() {
    assert_eq!(
        parse_url(" shop.example ").map(|url| url.to_string()),
        Ok("https://shop.example/".to_owned())
    );
    assert_eq!(
        parse_url("https://ann:pw@shop.example/fr").map(|url| url.to_string()),
        Ok("https://shop.example/fr".to_owned()),
        "it is saved and shown, so no password stays in it"
    );
    for bad in ["", "ftp://shop.example", "https://", "not an address"] {
        assert!(parse_url(bad).is_err(), "{bad:?}");
    }
}
